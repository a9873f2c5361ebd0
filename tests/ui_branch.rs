//! What if, in the whole window: leaving events out, changing them, and going back.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use std::path::{Path, PathBuf};

use annals::app::{App, Setup};
use annals::event::json::JsonPath;
use annals::event::{Position, Timestamp};
use annals::fold::Edit;
use annals::job::Runner;
use annals::source::OpenOptions;
use annals::workbench::{Action, Compare, InspectorTab, Look};
use egui::accesskit::Role;
use egui::{Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

fn window_of(
    settings: Option<PathBuf>,
    open: Action,
    (size, theme): ([f32; 2], Theme),
) -> Harness<'static, App> {
    let app = App::new(Setup {
        runner: Runner::inline(),
        settings_path: settings,
        wall_clock: noon,
        rules: None,
        options: OpenOptions::default(),
        is_steady: true,
    });
    app.send(open);
    let mut window = support::harness(size, theme, 1.0, app, |ui, app| {
        app.logic(ui.ctx());
        app.ui(ui);
    });
    window.run_ok();
    window
}

/// The window on the sample history, at the last event of a stream whose balance becomes negative.
fn window_at(size: [f32; 2], theme: Theme) -> Harness<'static, App> {
    let mut window = window_of(None, Action::OpenSample, (size, theme));
    send(&mut window, Action::GoTo("order-1220@7".to_owned()));
    window
}

fn window() -> Harness<'static, App> {
    window_at([1600.0, 1000.0], Theme::Dark)
}

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().send(action);
    window.run_ok();
    window.run_ok();
}

fn click(window: &mut Harness<'_, App>, label: &str) {
    window.get_by_role_and_label(Role::Button, label).click();
    window.run_ok();
    window.run_ok();
}

fn look<'a>(window: &'a Harness<'_, App>) -> &'a Look {
    window.state().workbench().look()
}

/// A field of the state shown, as JSON.
fn field(window: &Harness<'_, App>, path: &str) -> Option<String> {
    let bench = window.state().workbench();
    let answer = &bench.answers.state;
    let key = bench.state_key().unwrap();
    let state = &answer
        .for_key(&key)
        .fresh()
        .unwrap()
        .as_ref()
        .unwrap()
        .state;
    let found = JsonPath::parse(path)
        .unwrap()
        .get(&state.value)?
        .to_string();
    Some(found)
}

fn here(window: &Harness<'_, App>) -> Position {
    look(window).playhead
}

#[test]
fn an_event_left_out_changes_the_state_and_undo_takes_it_in_again() {
    let mut window = window();
    send(&mut window, Action::ShowInspector(InspectorTab::Event));
    let (at, balance) = (here(&window), field(&window, "balance"));
    click(&mut window, "Skip in branch");
    assert_eq!(window.state().workbench().edit_of(at), Some(&Edit::Skip));
    assert_ne!(field(&window, "balance"), balance);
    send(&mut window, Action::ShowInspector(InspectorTab::State));
    assert!(window.query_by_label("Branch what-if-1").is_some());
    assert!(window.query_by_label("1 skipped").is_some());
    assert!(window.query_by_label("First differs at").is_some());
    send(&mut window, Action::Undo);
    send(&mut window, Action::Undo);
    assert_eq!(look(&window).branch, None);
    assert_eq!(field(&window, "balance"), balance);
    send(&mut window, Action::Redo);
    assert_ne!(field(&window, "balance"), balance);
}

#[test]
fn the_base_is_shown_and_compared_with_and_a_branch_is_discarded() {
    let mut window = window();
    let balance = field(&window, "balance");
    send(&mut window, Action::SkipHere);
    send(&mut window, Action::StepInStream(1));
    send(&mut window, Action::ShowInspector(InspectorTab::State));
    let (edited, at) = (field(&window, "balance"), here(&window));
    click(&mut window, "Show base");
    assert_ne!(field(&window, "balance"), edited);
    assert!(window.query_by_label("As recorded").is_some());
    assert!(window.query_by_label("Base").is_none());
    click(&mut window, "Show branch");
    assert_eq!(field(&window, "balance"), edited);
    window.get_by_label("Base").click();
    window.run_ok();
    window.run_ok();
    assert_eq!(look(&window).compare, Compare::Base);
    assert_eq!(here(&window), at);
    window.get_by_role_and_label(Role::Link, "v7").click();
    window.run_ok();
    window.run_ok();
    assert_ne!(here(&window), at);
    click(&mut window, "Discard");
    assert_eq!(look(&window).branch, None);
    assert_eq!(look(&window).compare, Compare::Previous);
    assert_eq!(field(&window, "balance"), balance);
}

#[test]
fn an_event_is_changed_in_a_dialog_that_checks_it() {
    let mut window = window();
    send(&mut window, Action::ShowInspector(InspectorTab::Event));
    let at = here(&window);
    click(&mut window, "Edit in branch");
    let text = |window: &Harness<'_, App>| {
        let node = window.get_by_role_and_label(Role::MultilineTextInput, "Data of the event");
        node.accesskit_node().value().unwrap()
    };
    assert!(text(&window).contains("\n  \""), "{}", text(&window));
    let type_over = |window: &mut Harness<'_, App>, words: &str| {
        window.key_press_modifiers(Modifiers::COMMAND, Key::A);
        window.run_ok();
        window
            .get_by_role_and_label(Role::MultilineTextInput, "Data of the event")
            .type_text(words);
        window.run_ok();
    };
    type_over(&mut window, "{\"amount\": 12345678901234567890.10, ");
    window.key_press_modifiers(Modifiers::CTRL, Key::Enter);
    window.run_ok();
    assert_eq!(look(&window).branch, None, "that is no JSON");
    assert!(
        window
            .query_by_label_contains("This is no JSON yet")
            .is_some()
    );
    type_over(&mut window, "{\"amount\": 12345678901234567890.10}");
    click(&mut window, "Keep");
    let kept = Edit::Data("{\"amount\":12345678901234567890.10}".into());
    assert_eq!(window.state().workbench().edit_of(at), Some(&kept));
    window.get_by_role_and_label(Role::Link, "Restore").click();
    window.run_ok();
    window.run_ok();
    assert_eq!(look(&window).branch, None);
}

#[test]
fn a_branch_comes_back_with_its_store_and_the_file_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.toml");
    let file = folder.path().join("events.ndjson");
    let lines = [
        r#"{"stream":"order-1","version":0,"type":"Placed","data":{"total":5}}"#,
        r#"{"stream":"order-1","version":1,"type":"Changed","data":{"total":7}}"#,
    ];
    std::fs::write(&file, lines.join("\n")).unwrap();
    let before = std::fs::read(&file).unwrap();
    let open = |path: &Path| {
        let size = ([1280.0, 800.0], Theme::Dark);
        window_of(
            Some(settings.clone()),
            Action::OpenPath(path.to_owned()),
            size,
        )
    };
    let mut window = open(&file);
    send(&mut window, Action::SkipHere);
    let edit = Edit::Data("{\"total\": 6.10}".into());
    send(&mut window, Action::EditEvent(Position(0), Some(edit)));
    assert_eq!(field(&window, "total").unwrap(), "6.10");
    drop(window);
    let window = open(&file);
    assert_eq!(look(&window).branch.as_ref().unwrap().counts(), (1, 1));
    assert_eq!(field(&window, "total").unwrap(), "6.10");
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn going_back_to_a_place_takes_no_change_back() {
    let mut window = window();
    send(&mut window, Action::GoTo("order-1220@3".to_owned()));
    send(&mut window, Action::SkipHere);
    send(&mut window, Action::Back);
    assert!(look(&window).branch.is_some());
}

/// Writes pictures for people to look at: `PICTURES=folder cargo test --test ui_branch pictures`.
#[test]
fn pictures_of_a_branch() {
    let Ok(folder) = std::env::var("PICTURES") else {
        return;
    };
    for (name, theme) in [("dark", Theme::Dark), ("light", Theme::Light)] {
        for size in [[1280.0, 800.0], [1600.0, 1000.0]] {
            let mut window = window_at(size, theme);
            let stream = window.state().workbench().stream_shown().unwrap();
            send(&mut window, Action::OpenStream(stream));
            send(&mut window, Action::SkipHere);
            send(&mut window, Action::StepInStream(-2));
            let edit = Edit::Data("{\"total\": 6.10}".into());
            let at = here(&window);
            send(&mut window, Action::EditEvent(at, Some(edit)));
            send(&mut window, Action::StepInStream(3));
            send(&mut window, Action::SetCompare(Compare::Base));
            let save = |window: &mut Harness<'_, App>, what: &str| {
                let picture = window.render().unwrap();
                let file = format!("branch-{what}-{name}-{}.png", size[0]);
                picture.save(Path::new(&folder).join(file)).unwrap();
            };
            send(&mut window, Action::ShowInspector(InspectorTab::State));
            save(&mut window, "state");
            send(&mut window, Action::StepInStream(-1));
            send(&mut window, Action::ShowInspector(InspectorTab::Event));
            save(&mut window, "event");
            send(&mut window, Action::AskEdit);
            save(&mut window, "edit");
        }
    }
}
