//! What is set for the whole program: theme, size, contrast, zone, keys; and the palette's memory.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use std::path::PathBuf;

use annals::app::{App, Setup};
use annals::event::{Position, Timestamp, Zone};
use annals::job::Runner;
use annals::settings::{ThemeChoice, load};
use annals::source::OpenOptions;
use annals::workbench::{Action, Setting};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

/// A fixed moment, so that no test reads a clock.
fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

fn window(settings_path: Option<PathBuf>) -> Harness<'static, App> {
    let app = App::new(Setup {
        runner: Runner::inline(),
        settings_path,
        wall_clock: noon,
        rules: None,
        options: OpenOptions::default(),
        is_steady: true,
    });
    app.send(Action::OpenSample);
    let mut window = support::harness([1600.0, 1000.0], Theme::Dark, 1.0, app, |ui, app| {
        app.logic(ui.ctx());
        app.ui(ui);
    });
    settle(&mut window);
    window
}

fn settle(window: &mut Harness<'_, App>) {
    for _ in 0..3 {
        window.run_ok();
    }
}

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().send(action);
    settle(window);
}

fn press_with(window: &mut Harness<'_, App>, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    settle(window);
}

fn type_text(window: &mut Harness<'_, App>, text: &str) {
    window.event(Event::Text(text.to_owned()));
    settle(window);
}

fn click(window: &mut Harness<'_, App>, label: &str) {
    window.get_by_label(label).click();
    settle(window);
}

fn playhead(window: &Harness<'_, App>) -> Position {
    window.state().workbench().look().playhead
}

#[test]
fn what_is_set_is_in_force_at_once_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let mut window = window(Some(path.clone()));
    press_with(&mut window, Modifiers::COMMAND, Key::Comma);
    click(&mut window, "More contrast");
    click(&mut window, "Light");
    assert!(!window.ctx.global_style().visuals.dark_mode);
    send(&mut window, Action::Set(Setting::TextSize(125)));
    assert_eq!(window.ctx.zoom_factor(), 1.25);
    press_with(&mut window, Modifiers::COMMAND, Key::Num0);
    assert_eq!(window.ctx.zoom_factor(), 1.0);
    let kept = load(&path).unwrap();
    assert!(kept.more_contrast);
    assert_eq!(kept.theme, ThemeChoice::Light);
    assert_eq!(kept.text_percent(), 100);
}

#[test]
fn figures_stand_in_the_status_bar_only_where_they_are_wanted() {
    let mut window = window(None);
    assert!(window.query_by_label("Memory").is_none());
    send(&mut window, Action::Set(Setting::Figures(true)));
    window.get_by_label("Memory");
}

#[test]
fn any_zone_can_be_named_and_stands_beside_utc_and_local() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let mut shown = window(Some(path.clone()));
    let paris = Zone::parse("Europe/Paris").unwrap();
    send(&mut shown, Action::Set(Setting::Zone(paris)));
    assert_eq!(shown.state().workbench().look().zone, paris);
    click(&mut shown, "UTC");
    assert_eq!(shown.state().workbench().look().zone, Zone::Utc);
    click(&mut shown, "Paris");
    assert_eq!(shown.state().workbench().look().zone, paris);
    drop(shown);
    assert_eq!(window(Some(path)).state().workbench().look().zone, paris);
}

#[test]
fn a_key_is_changed_and_one_that_is_taken_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let mut shown = window(Some(path.clone()));
    send(&mut shown, Action::ToggleSettings);
    shown.get_by_label("Find a command").focus();
    type_text(&mut shown, "first event");
    click(&mut shown, "Change the key of First event");
    press_with(&mut shown, Modifiers::NONE, Key::End);
    shown.get_by_label("End is Last event already");
    click(&mut shown, "Use it for First event");
    shown.get_by_label("First event, End");
    press_with(&mut shown, Modifiers::NONE, Key::Escape);
    press_with(&mut shown, Modifiers::NONE, Key::Home);
    assert_eq!(
        playhead(&shown),
        Position(4312),
        "Home does nothing any more"
    );
    press_with(&mut shown, Modifiers::NONE, Key::End);
    assert_eq!(playhead(&shown), Position(0));
    drop(shown);
    let mut again = window(Some(path));
    press_with(&mut again, Modifiers::NONE, Key::End);
    assert_eq!(playhead(&again), Position(0));
    send(&mut again, Action::Set(Setting::ResetKeys));
    press_with(&mut again, Modifiers::NONE, Key::End);
    assert_eq!(playhead(&again), Position(4312));
}

#[test]
fn about_says_the_version_and_every_crate() {
    let mut window = window(None);
    send(&mut window, Action::ShowAbout);
    window.get_by_label(concat!("Annals ", env!("CARGO_PKG_VERSION")));
    window.get_by_role_and_label(Role::List, "Crates and licences");
    window.get_by_label_contains("adler2, ");
}

#[test]
fn the_sample_has_bookmarks_that_tell_its_story_and_the_palette_finds_them() {
    let mut window = window(None);
    let n_bookmarks = window.state().workbench().look().bookmarks.len();
    assert_eq!(n_bookmarks, 8);
    press_with(&mut window, Modifiers::COMMAND, Key::K);
    type_text(&mut window, "second time");
    press_with(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(playhead(&window), Position(233));
}

#[test]
fn what_was_chosen_before_comes_first_in_an_empty_palette() {
    let mut window = window(None);
    press_with(&mut window, Modifiers::COMMAND, Key::K);
    type_text(&mut window, ">first event");
    press_with(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(playhead(&window), Position(0));
    send(&mut window, Action::Last);
    press_with(&mut window, Modifiers::COMMAND, Key::K);
    window.get_by_label("Chosen before");
    press_with(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(playhead(&window), Position(0));
}

#[test]
fn nothing_is_drawn_again_while_nothing_changes() {
    let mut window = window(None);
    for _ in 0..20 {
        window.step();
    }
    let output = window.output();
    let delays = output.viewport_output.values();
    let soonest = delays.map(|viewport| viewport.repaint_delay).min();
    assert!(
        soonest.unwrap() > std::time::Duration::from_mins(1),
        "{soonest:?}"
    );
}
