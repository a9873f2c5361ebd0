//! The whole window, driven by label and role, without a display: jobs run between the frames.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use std::path::PathBuf;
use std::sync::Arc;

use annals::app::{App, Setup};
use annals::event::Timestamp;
use annals::job::Runner;
use annals::settings::{ThemeChoice, load};
use annals::source::OpenOptions;
use annals::workbench::{Action, ViewKind};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// A fixed moment, so that no test reads a clock.
fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

fn app_with(settings_path: Option<PathBuf>) -> App {
    App::new(Setup {
        runner: Runner::inline(),
        settings_path,
        wall_clock: noon,
        rules: None,
        options: OpenOptions::default(),
        is_steady: true,
    })
}

/// The window on its start screen.
fn window() -> Harness<'static, App> {
    window_of(app_with(None))
}

fn window_of(app: App) -> Harness<'static, App> {
    let mut window = support::harness([1600.0, 1000.0], Theme::Dark, 1.0, app, |ui, app| {
        app.logic(ui.ctx());
        app.ui(ui);
    });
    window.run_ok();
    window
}

/// The window with the sample history open.
fn window_on_sample() -> Harness<'static, App> {
    let mut window = window();
    window.get_by_label("Open sample store").click();
    window.run_ok();
    window
}

fn type_text(window: &mut Harness<'_, App>, text: &str) {
    window.event(Event::Text(text.to_owned()));
    window.run_ok();
}

fn press(window: &mut Harness<'_, App>, key: Key) {
    window.key_press(key);
    window.run_ok();
}

fn press_with(window: &mut Harness<'_, App>, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    window.run_ok();
}

/// `G`, the text, Enter.
fn go_to(window: &mut Harness<'_, App>, text: &str) {
    press(window, Key::G);
    type_text(window, text);
    press(window, Key::Enter);
}

fn playhead(window: &Harness<'_, App>) -> u32 {
    window.state().workbench().look().playhead.0
}

fn stream_shown(window: &Harness<'_, App>) -> String {
    let bench = window.state().workbench();
    let log = &bench.history.as_ref().unwrap().log;
    log.stream_name(bench.stream_shown().unwrap()).to_owned()
}

#[test]
fn the_sample_opens_from_the_start_screen_with_the_playhead_at_its_end() {
    let window = window_on_sample();
    assert!(window.query_by_label("Streams tile").is_some());
    assert!(window.query_by_label("Timeline tile").is_some());
    assert!(window.query_by_label("Events tile").is_some());
    assert_eq!(playhead(&window), 4312);
    assert!(window.query_by_label("#4,312 of 4,313").is_some());
}

#[test]
fn going_to_a_stream_shows_its_state_and_brackets_step_through_it() {
    let mut window = window_on_sample();
    go_to(&mut window, "order-1220");
    assert_eq!(stream_shown(&window), "order-1220");
    assert_eq!(playhead(&window), 325);
    type_text(&mut window, "[");
    type_text(&mut window, "[");
    type_text(&mut window, "[");
    assert_eq!(playhead(&window), 233, "v7, the second discount");
    let balance = window.get_by(|node| {
        node.role() == Role::TreeItem
            && node
                .label()
                .is_some_and(|label| label.starts_with("balance"))
    });
    assert!(balance.accesskit_node().label().unwrap().contains("50.00"));
    type_text(&mut window, "]");
    assert_eq!(playhead(&window), 244);
}

#[test]
fn undo_brings_the_place_back_and_redo_makes_the_move_again() {
    let mut window = window_on_sample();
    go_to(&mut window, "#233");
    assert_eq!(playhead(&window), 233);
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(playhead(&window), 4312);
    press_with(&mut window, Modifiers::COMMAND, Key::Y);
    assert_eq!(playhead(&window), 233);
}

#[test]
fn alt_and_the_arrows_walk_through_the_places_visited() {
    let mut window = window_on_sample();
    go_to(&mut window, "order-1220");
    go_to(&mut window, "account-0007");
    press_with(&mut window, Modifiers::ALT, Key::ArrowLeft);
    assert_eq!(stream_shown(&window), "order-1220");
    press_with(&mut window, Modifiers::ALT, Key::ArrowRight);
    assert_eq!(stream_shown(&window), "account-0007");
}

#[test]
fn the_palette_finds_a_stream_and_goes_there() {
    let mut window = window_on_sample();
    press_with(&mut window, Modifiers::COMMAND, Key::K);
    type_text(&mut window, "order-1220");
    assert!(
        window
            .query_by_label_contains("order-1220, order, 11 events")
            .is_some()
    );
    press(&mut window, Key::Enter);
    assert_eq!(stream_shown(&window), "order-1220");
    assert!(
        window
            .query_by_label_contains("order-1220, order, 11 events")
            .is_none(),
        "it is closed"
    );
}

#[test]
fn the_palette_runs_a_command() {
    let mut window = window_on_sample();
    press_with(&mut window, Modifiers::COMMAND, Key::K);
    type_text(&mut window, ">projections");
    press(&mut window, Key::Enter);
    assert_eq!(
        window.state().workbench().look().view,
        ViewKind::Projections
    );
}

#[test]
fn letters_typed_into_a_field_are_no_commands() {
    let mut window = window_on_sample();
    press_with(&mut window, Modifiers::COMMAND, Key::K);
    press(&mut window, Key::G);
    type_text(&mut window, "g");
    press(&mut window, Key::Escape);
    press(&mut window, Key::ArrowLeft);
    assert_eq!(playhead(&window), 4311, "the keys are back with the window");
}

#[test]
fn an_unknown_place_is_told_while_it_is_typed() {
    let mut window = window_on_sample();
    press(&mut window, Key::G);
    type_text(&mut window, "#99999");
    assert!(window.query_by_label_contains("beyond the end").is_some());
    press(&mut window, Key::Enter);
    assert_eq!(playhead(&window), 4312);
}

#[test]
fn the_list_of_keys_opens_with_a_question_mark_and_closes_with_escape() {
    let mut window = window_on_sample();
    type_text(&mut window, "?");
    assert!(
        window
            .query_by_label_contains("Next in stream, To the next event of the selected stream")
            .is_some()
    );
    press(&mut window, Key::Escape);
    assert!(
        window
            .query_by_label_contains("Next in stream, To the next event of the selected stream")
            .is_none()
    );
}

#[test]
fn opening_can_be_cancelled_and_leaves_the_start_screen() {
    let mut window = window();
    window
        .state_mut()
        .apply(Action::OpenSample, &egui::Context::default());
    assert!(window.state().workbench().opening.is_some());
    window
        .state_mut()
        .apply(Action::CancelOpening, &egui::Context::default());
    window.run_ok();
    assert!(window.state().workbench().history.is_none());
    assert!(window.query_by_label("Drop a file here").is_some());
    assert!(
        window
            .query_by_label("Opening sample history was stopped")
            .is_some()
    );
}

#[test]
fn a_file_that_is_no_store_gives_its_sentence_and_keeps_what_was_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picture.png");
    std::fs::write(&path, b"\x89PNG\r\n\x1a\nno events here").unwrap();
    let mut window = window_on_sample();
    window.state().send(Action::OpenPath(path));
    window.run_ok();
    assert!(
        window
            .query_by_label_contains("picture.png cannot be opened")
            .is_some()
    );
    assert!(window.state().workbench().history.is_some());
    window
        .state()
        .send(Action::OpenPath(folder.path().join("nowhere.db")));
    window.run_ok();
    assert!(
        window
            .query_by_label_contains("nowhere.db is not there")
            .is_some()
    );
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

#[test]
fn a_dropped_file_opens_and_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log.jsonl");
    std::fs::copy("assets/demo/events.jsonl", &log).unwrap();
    let settings = folder.path().join("settings.json");
    let mut window = window_of(app_with(Some(settings.clone())));
    window
        .input_mut()
        .dropped_files
        .push(Arc::new(Dropped(log.clone())));
    window.run_ok();
    assert_eq!(
        window
            .state()
            .workbench()
            .history
            .as_ref()
            .unwrap()
            .log
            .len(),
        4313
    );
    let kept = load(&settings).unwrap();
    assert_eq!(kept.recent[0].path, log);
    assert_eq!(kept.recent[0].events, 4313);
    assert_eq!(kept.recent[0].shape.iter().sum::<u32>(), 4313);
}

#[test]
fn files_dropped_together_open_as_one_history() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window();
    for name in ["a.jsonl", "b.jsonl"] {
        let log = folder.path().join(name);
        std::fs::copy("assets/demo/events.jsonl", &log).unwrap();
        let dropped = Arc::new(Dropped(log));
        window.input_mut().dropped_files.push(dropped);
    }
    window.run_ok();
    let bench = window.state().workbench();
    let log = &bench.history.as_ref().unwrap().log;
    assert_eq!(log.len(), 2 * 4313);
    assert!(log.has_several_files());
}

#[test]
fn a_recent_file_that_is_gone_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.json");
    std::fs::write(
        &settings,
        r#"{"recent": [{"path": "/nowhere/backup.db", "events": 12}]}"#,
    )
    .unwrap();
    let window = window_of(app_with(Some(settings)));
    assert!(
        window
            .query_by_label_contains("backup.db, Not found")
            .is_some()
    );
}

#[test]
fn a_recent_file_is_audited_and_reported_with_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.json");
    let log = folder.path().join("log.jsonl");
    std::fs::copy("assets/demo/events.jsonl", &log).unwrap();
    let recent = format!(
        r#"{{"recent": [{{"path": "/nowhere/backup.db", "events": 12}}, {{"path": {log:?}, "events": 9}}]}}"#
    );
    std::fs::write(&settings, recent).unwrap();
    let mut window = window_of(app_with(Some(settings)));
    press(&mut window, Key::ArrowDown);
    press_with(&mut window, Modifiers::COMMAND, Key::E);
    window.run_ok();
    let bench = window.state().workbench();
    let opened = bench.history.as_ref().unwrap();
    assert_eq!(opened.log.len(), 4313);
    assert_eq!(bench.look().view, ViewKind::Report);
    assert!(bench.answers.audit.latest().is_some());
    assert!(window.query_by_label("Report preview").is_some());
}

#[test]
fn bad_settings_are_told_and_never_stop_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.json");
    std::fs::write(&settings, "{").unwrap();
    let window = window_of(app_with(Some(settings)));
    assert!(
        window
            .query_by_label_contains("back to their defaults")
            .is_some()
    );
}

#[test]
fn the_theme_button_turns_dark_into_light_and_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.json");
    let mut window = window_of(app_with(Some(settings.clone())));
    window.get_by_label("Theme, as the system").click();
    window.run_ok();
    assert_eq!(window.state().settings().theme, ThemeChoice::Light);
    assert_eq!(load(&settings).unwrap().theme, ThemeChoice::Light);
    window.get_by_label("Theme, light").click();
    window.run_ok();
    assert_eq!(window.state().settings().theme, ThemeChoice::Dark);
}

#[test]
fn playing_goes_on_by_itself_and_stops_at_the_end() {
    let mut window = window_on_sample();
    go_to(&mut window, "#4300");
    press(&mut window, Key::Space);
    assert!(window.state().workbench().is_playing || playhead(&window) == 4312);
    window.run_steps(20);
    assert_eq!(playhead(&window), 4312);
    assert!(!window.state().workbench().is_playing);
}

#[test]
fn f6_gives_the_keyboard_from_tile_to_tile() {
    let mut window = window_on_sample();
    press(&mut window, Key::F6);
    assert!(window.get_by_label("Top bar").is_focused());
    press(&mut window, Key::F6);
    assert!(window.get_by_label("Streams tile").is_focused());
    press_with(&mut window, Modifiers::SHIFT, Key::F6);
    assert!(window.get_by_label("Top bar").is_focused());
}

#[test]
fn closing_goes_back_to_the_start_screen() {
    let mut window = window_on_sample();
    press_with(&mut window, Modifiers::COMMAND, Key::W);
    assert!(window.query_by_label("Drop a file here").is_some());
}

#[test]
fn a_saved_report_stands_where_it_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.html");
    let mut window = window_on_sample();
    window.state().send(Action::SaveReportAs(path.clone()));
    window.run_ok();
    assert!(
        window
            .query_by_label_contains("The report is saved as")
            .is_some()
    );
    assert!(std::fs::read_to_string(&path).unwrap().contains("<html"));
}
