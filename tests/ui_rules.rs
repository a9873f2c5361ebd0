//! Rules and scripts written in the window, driven by label and role.
//!
//! `PICTURES=dir cargo test --test ui_rules` writes pictures to look at.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use annals::app::{App, Setup};
use annals::event::Timestamp;
use annals::event::json::JsonPath;
use annals::fold::Rules;
use annals::job::Runner;
use annals::source::OpenOptions;
use annals::workbench::{Action, InspectorTab, ReducerEdit, ReducerKind};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

const EVENTS: &str = r#"{"stream":"cart-1","version":0,"type":"ItemAdded","time":"2024-01-01T10:00:00Z","data":{"sku":"a","price":12.50}}
{"stream":"cart-1","version":1,"type":"ItemAdded","time":"2024-01-01T10:01:00Z","data":{"sku":"b","price":0.10}}
{"stream":"cart-1","version":2,"type":"CartClosed","time":"2024-01-01T10:02:00Z","data":{"by":"anna"}}
"#;

fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

fn window_with(
    settings: Option<PathBuf>,
    open: Action,
    size: [f32; 2],
    theme: Theme,
) -> Harness<'static, App> {
    window_of(setup(settings), open, size, theme)
}

fn setup(settings: Option<PathBuf>) -> Setup {
    Setup {
        runner: Runner::inline(),
        settings_path: settings,
        wall_clock: noon,
        rules: None,
        options: OpenOptions::default(),
        is_steady: true,
    }
}

fn window_of(setup: Setup, open: Action, size: [f32; 2], theme: Theme) -> Harness<'static, App> {
    let app = App::new(setup);
    app.send(open);
    let mut window = support::harness(size, theme, 1.0, app, |ui, app| {
        app.logic(ui.ctx());
        app.ui(ui);
    });
    window.run_ok();
    window
}

/// A small file, and where its settings are kept.
fn cart(folder: &Path) -> (PathBuf, PathBuf) {
    let file = folder.join("carts.jsonl");
    std::fs::write(&file, EVENTS).unwrap();
    (file, folder.join("settings.json"))
}

/// The window on the small file, at the end of its only stream.
fn window(folder: &Path) -> Harness<'static, App> {
    let (file, settings) = cart(folder);
    let mut window = window_with(
        Some(settings),
        Action::OpenPath(file),
        [1600.0, 1000.0],
        Theme::Dark,
    );
    send(&mut window, Action::GoTo("cart-1@2".to_owned()));
    send(&mut window, Action::ShowReducer(true));
    window
}

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().send(action);
    window.run_ok();
    window.run_ok();
}

/// Lets the keys rest until what was typed is in force.
fn rest(window: &mut Harness<'_, App>) {
    for _ in 0..40 {
        window.step();
    }
    window.run_ok();
}

fn choose(window: &mut Harness<'_, App>, kind: ReducerKind) {
    let edit = Box::new(ReducerEdit::Choose(kind));
    send(window, Action::EditReducer(edit));
}

fn state(window: &Harness<'_, App>) -> String {
    let answer = window.state().workbench().answers.state.latest().unwrap();
    answer.as_ref().unwrap().state.value.to_string()
}

fn label(window: &Harness<'_, App>) -> String {
    window.state().workbench().reducer.label().to_owned()
}

/// Chooses a row of a menu.
fn pick(window: &mut Harness<'_, App>, button: &str, row: &str) {
    window.get_by_label(button).click();
    window.run_ok();
    window.get_by_label(row).click();
    window.run_ok();
    rest(window);
}

/// Puts another text into a field.
fn write(window: &mut Harness<'_, App>, field: &str, text: &str) {
    window.get_by_role_and_label(Role::TextInput, field).focus();
    window.run_ok();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.run_ok();
    window.event(Event::Text(text.to_owned()));
    window.run_ok();
    rest(window);
}

#[test]
fn the_label_of_a_state_leads_to_what_makes_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window(folder.path());
    send(&mut window, Action::ShowReducer(false));
    assert!(window.query_by_label_contains("Reducer:").is_none());
    window
        .get_by_role_and_label(Role::Button, "payload merge")
        .click();
    window.run_ok();
    window.run_ok();
    assert!(window.query_by_label("Reducer: Payload merge").is_some());
}

#[test]
fn rules_begin_as_a_payload_merge_and_a_sentence_makes_the_state_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window(folder.path());
    let merged = state(&window);
    choose(&mut window, ReducerKind::Rules);
    assert_eq!(state(&window), merged);
    assert_eq!(label(&window), "own rules");
    pick(
        &mut window,
        "Add a rule for ItemAdded",
        "add data.price to price",
    );
    assert_eq!(state(&window), r#"{"price":12.60,"by":"anna"}"#);
    write(
        &mut window,
        "Sentence 1 of ItemAdded",
        "append data.sku to skus",
    );
    assert_eq!(state(&window), r#"{"skus":["a","b"],"by":"anna"}"#);
    window
        .get_by_label("Remove sentence 1 of itemadded")
        .click();
    window.run_ok();
    rest(&mut window);
    assert_eq!(state(&window), merged);
}

#[test]
fn a_broken_sentence_says_why_and_the_last_rules_that_were_right_stay() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window(folder.path());
    choose(&mut window, ReducerKind::Rules);
    pick(
        &mut window,
        "Add a rule for CartClosed",
        "set by to data.by",
    );
    write(
        &mut window,
        "Sentence 1 of CartClosed",
        "set closed to true",
    );
    let before = state(&window);
    assert!(before.contains(r#""closed":true"#), "{before}");
    write(&mut window, "Sentence 1 of CartClosed", "set closed");
    assert_eq!(state(&window), before);
    let why = annals::fold::rules::Sentence::parse("set closed").unwrap_err();
    assert!(window.query_by_label(&why).is_some(), "{why}");
    assert!(
        window
            .state()
            .workbench()
            .reducing
            .text
            .rules
            .contains("closed to true")
    );
}

#[test]
fn rules_that_were_written_are_there_when_the_store_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = window(folder.path());
    choose(&mut first, ReducerKind::Rules);
    pick(
        &mut first,
        "Add a rule for ItemAdded",
        "add data.price to price",
    );
    let before = state(&first);
    drop(first);
    let mut second = window(folder.path());
    assert_eq!(state(&second), before);
    assert!(
        second
            .query_by_role_and_label(Role::TextInput, "Sentence 1 of ItemAdded")
            .is_some()
    );
    second.get_by_label("Reset").click();
    second.run_ok();
    second.run_ok();
    assert_eq!(label(&second), "payload merge");
    drop(second);
    assert_eq!(label(&window(folder.path())), "payload merge");
}

#[test]
fn rules_named_when_the_program_begins_stand_above_those_that_were_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = window(folder.path());
    choose(&mut first, ReducerKind::Rules);
    drop(first);
    let (file, settings) = cart(folder.path());
    let open = Action::OpenPath(file);
    let named = Rules::parse(
        "cart.toml",
        "[category.cart.on]\nCartClosed = ['merge data']",
    );
    let mut setup = setup(Some(settings));
    setup.rules = Some(Arc::new(named.unwrap()));
    let mut second = window_of(setup, open, [1600.0, 1000.0], Theme::Dark);
    send(&mut second, Action::GoTo("cart-1@2".to_owned()));
    assert_eq!(label(&second), "cart.toml");
    assert_eq!(state(&second), r#"{"by":"anna"}"#);
}

#[test]
fn fields_are_offered_while_a_sentence_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window(folder.path());
    choose(&mut window, ReducerKind::Rules);
    pick(&mut window, "Add a rule for ItemAdded", "An empty line");
    write(&mut window, "Sentence 1 of ItemAdded", "add data.pr");
    window
        .get_by_role_and_label(Role::ListItem, "data.price")
        .click();
    window.run_ok();
    window.event(Event::Text(" to sum".to_owned()));
    window.run_ok();
    rest(&mut window);
    let text = &window.state().workbench().reducing.text.rules;
    assert!(
        state(&window).contains(r#""sum":12.60"#),
        "{} {text}",
        state(&window)
    );
}

#[test]
fn a_script_is_read_while_it_is_written_and_says_in_which_line_it_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window(folder.path());
    choose(&mut window, ReducerKind::Script);
    assert_eq!(label(&window), "own script");
    let script = "fromAll().foreachStream().when({\n  $init: () => ({ n: 0 }),\n  ItemAdded: s => { s.n++ },\n})";
    let edit = |text: &str| Action::EditReducer(Box::new(ReducerEdit::Script(text.to_owned())));
    send(&mut window, edit(script));
    rest(&mut window);
    assert_eq!(state(&window), r#"{"n":2}"#);
    send(&mut window, edit("fromAll()\n  .foreach("));
    rest(&mut window);
    assert_eq!(state(&window), r#"{"n":2}"#);
    assert!(window.query_by_label_contains("Line ").is_some());
}

#[test]
fn the_sample_has_rules_of_its_own_that_can_be_changed_and_brought_back() {
    let mut window = window_with(None, Action::OpenSample, [1600.0, 1000.0], Theme::Dark);
    send(&mut window, Action::GoTo("order-1220@7".to_owned()));
    send(&mut window, Action::ShowReducer(true));
    let before = state(&window);
    assert!(window.query_by_label("Reducer: Rules").is_some());
    choose(&mut window, ReducerKind::LastPayload);
    assert_ne!(state(&window), before);
    choose(&mut window, ReducerKind::Rules);
    assert_eq!(state(&window), before);
    send(
        &mut window,
        Action::EditReducer(Box::new(ReducerEdit::Reset)),
    );
    assert_eq!(
        (state(&window), label(&window)),
        (before, "rules.toml".to_owned())
    );
}

#[test]
fn pictures_are_written_on_request() {
    let Some(folder) = std::env::var_os("PICTURES") else {
        return;
    };
    let folder = Path::new(&folder);
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        for size in [[1600.0, 1000.0], [1280.0, 800.0]] {
            let mut window = window_with(None, Action::OpenSample, size, theme);
            send(&mut window, Action::GoTo("order-1220@7".to_owned()));
            send(&mut window, Action::ShowInspector(InspectorTab::State));
            let field = JsonPath::parse("balance").unwrap();
            send(&mut window, Action::SelectField(Some(field)));
            send(&mut window, Action::ShowReducer(true));
            let save = |window: &mut Harness<'_, App>, what: &str| {
                let file = format!("{what}-{}-{name}.png", size[0]);
                window.render().unwrap().save(folder.join(file)).unwrap();
            };
            save(&mut window, "rules");
            let first = "Sentence 1 of OrderPlaced";
            write(&mut window, first, "set id streamed");
            write(&mut window, "Sentence 2 of OrderPlaced", "set status to d");
            save(&mut window, "broken");
            choose(&mut window, ReducerKind::Script);
            save(&mut window, "script");
        }
    }
}
