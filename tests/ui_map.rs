//! The mapping dialog, driven by label and role: an unknown store is opened with one action more.
//!
//! `PICTURES=dir cargo test --test ui_map pictures` writes the dialog in both themes and two sizes.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

#[path = "support/ledger.rs"]
mod ledger;

use std::path::{Path, PathBuf};

use annals::app::{App, Setup};
use annals::event::{Timestamp, Version};
use annals::job::Runner;
use annals::settings::load;
use annals::source::{MappingOverride, OpenOptions, Source};
use annals::workbench::{Action, EventField, MapEdit};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, OutputCommand, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use ledger::LEDGER;

/// A table in which nothing can be taken for a type: its kinds of events are numbers.
const OPAQUE: &str = "
    CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c INTEGER, d TEXT);
    INSERT INTO t(b, c, d) VALUES ('x-1', 7, '{\"n\":1}'), ('x-1', 8, '{\"n\":2}'),
        ('x-2', 7, '{\"n\":3}');";

fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

/// A store made of statements, in a folder that lives as long as the test.
struct Store {
    folder: tempfile::TempDir,
    path: PathBuf,
}

fn store(name: &str, sql: &str) -> Store {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute_batch(sql).unwrap();
    Store { folder, path }
}

impl Store {
    fn settings(&self) -> PathBuf {
        self.folder.path().join("settings/settings.json")
    }
}

fn app(settings: Option<PathBuf>) -> App {
    App::new(Setup {
        runner: Runner::inline(),
        settings_path: settings,
        wall_clock: noon,
        rules: None,
        options: OpenOptions::default(),
        is_steady: true,
    })
}

fn window_sized(size: [f32; 2], theme: Theme, app: App) -> Harness<'static, App> {
    let mut window = support::harness(size, theme, 1.0, app, |ui, app| {
        app.logic(ui.ctx());
        app.ui(ui);
    });
    window.run_ok();
    window
}

/// The window after this file has been asked for.
fn window_on(path: &Path, settings: Option<PathBuf>) -> Harness<'static, App> {
    let mut window = window_sized([1600.0, 1000.0], Theme::Dark, app(settings));
    send(&mut window, Action::OpenPath(path.to_owned()));
    window
}

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().send(action);
    settle(window);
}

/// Frames until nothing is asked for any more.
fn settle(window: &mut Harness<'_, App>) {
    for _ in 0..3 {
        window.run_ok();
    }
}

fn press(window: &mut Harness<'_, App>, key: Key) {
    window.key_press(key);
    settle(window);
}

fn choose(window: &mut Harness<'_, App>, field: EventField, text: &str) {
    let edit = MapEdit::Text(field, text.to_owned());
    send(window, Action::EditMapping(edit));
}

fn has(window: &Harness<'_, App>, label: &str) -> bool {
    window.query_all_by_label_contains(label).next().is_some()
}

fn is_mapping(window: &Harness<'_, App>) -> bool {
    window.state().workbench().mapping.is_some()
}

fn n_events(window: &Harness<'_, App>) -> Option<usize> {
    let history = window.state().workbench().history.as_ref()?;
    Some(history.log.len())
}

/// What stands in the field of a role.
fn text_of(window: &Harness<'_, App>, field: EventField) -> String {
    let mapping = window.state().workbench().mapping.as_ref().unwrap();
    mapping.draft.field(field).text.clone()
}

fn rows(window: &Harness<'_, App>) -> Vec<String> {
    // Those of the events table behind say `v1`.
    let is_row = |label: &str| label.starts_with("Row ") && label.contains(" version ");
    window
        .query_all_by_role(Role::Row)
        .filter_map(|node| node.accesskit_node().label())
        .filter(|label| is_row(label))
        .collect()
}

#[test]
fn a_refused_store_opens_the_dialog_and_two_choices_make_events_of_it() {
    let store = store("opaque.db", OPAQUE);
    let mut window = window_on(&store.path, None);
    assert!(has(&window, "Map the columns of opaque.db"));
    assert!(has(&window, "t, 3 rows"));
    assert!(has(
        &window,
        "Type, no column. No column fits. Without a type"
    ));
    assert!(
        has(&window, "Choose a column for the type"),
        "what is lacking is said"
    );
    let open = window.get_by_label("Open 3 events");
    assert!(open.accesskit_node().is_disabled());
    press(&mut window, Key::Enter);
    assert!(is_mapping(&window), "nothing can be opened yet");
    choose(&mut window, EventField::Stream, "b");
    choose(&mut window, EventField::Type, "c");
    choose(&mut window, EventField::Data, "d");
    assert_eq!(rows(&window).len(), 3);
    assert_eq!(rows(&window)[0], "Row 0, 7, x-1 version 0. {\"n\":1}");
    window.get_by_label("Open 3 events").click();
    settle(&mut window);
    assert!(!is_mapping(&window));
    assert_eq!(n_events(&window), Some(3));
}

#[test]
fn the_guesses_are_filled_in_and_enter_opens_the_history() {
    let store = store("ledger-2019.sqlite", LEDGER);
    let mut window = window_on(&store.path, None);
    if !is_mapping(&window) {
        send(&mut window, Action::ReadDifferently);
    }
    assert_eq!(text_of(&window, EventField::Position), "seq");
    assert_eq!(text_of(&window, EventField::Version), "agg_ver");
    for (field, text) in [(EventField::Stream, "agg_id"), (EventField::Type, "evt")] {
        if text_of(&window, field).is_empty() {
            choose(&mut window, field, text);
        }
    }
    assert!(has(&window, "ledger_log, 300 rows"));
    assert!(has(&window, "v_balances, view"));
    assert!(has(&window, "The file is open read-only"));
    press(&mut window, Key::Enter);
    assert!(!is_mapping(&window));
    assert_eq!(n_events(&window), Some(300));
}

#[test]
fn what_cannot_be_read_is_counted_and_can_be_looked_at() {
    let store = store("ledger-2019.sqlite", LEDGER);
    let mut window = mapped_ledger(&store, None);
    assert!(has(
        &window,
        "3 rows have a payload that cannot be read. They will open as events"
    ));
    assert!(has(
        &window,
        "Versions start at 1. State @ v1 is the state after the first event."
    ));
    window.get_by_label("Rows with problems 3").click();
    settle(&mut window);
    let shown = rows(&window);
    assert_eq!(shown.len(), 3);
    assert!(shown[0].starts_with("Row 3, "), "{shown:?}");
    assert!(shown[0].contains("starts with 00 FF 10 FE"), "{shown:?}");
    window.get_by_label("Random rows").click();
    settle(&mut window);
    assert!(!rows(&window)[0].starts_with("Row 0, "));
}

/// The dialog over the ledger, with stream, type, time and data chosen.
fn mapped_ledger(store: &Store, settings: Option<PathBuf>) -> Harness<'static, App> {
    let mut window = window_on(&store.path, settings);
    if !is_mapping(&window) {
        send(&mut window, Action::ReadDifferently);
    }
    choose_the_ledger(&mut window);
    window
}

fn choose_the_ledger(window: &mut Harness<'static, App>) {
    for (field, text) in [
        (EventField::Stream, "agg_id"),
        (EventField::Version, "agg_ver"),
        (EventField::Type, "evt"),
        (EventField::Time, "ts"),
        (EventField::Data, "body"),
        (EventField::Correlation, "trace"),
    ] {
        choose(window, field, text);
    }
}

#[test]
fn another_column_changes_the_preview_and_its_reason() {
    let store = store("ledger-2019.sqlite", LEDGER);
    let mut window = mapped_ledger(&store, None);
    let before = rows(&window);
    assert!(before[0].contains(", 1001 version 1"), "{before:?}");
    choose(&mut window, EventField::Stream, "trace");
    let after = rows(&window);
    assert!(after[0].contains(", trace-0 version 1"), "{after:?}");
    choose(&mut window, EventField::Stream, "trail");
    assert!(has(&window, "There is no column \"trail\"."));
    assert!(
        window
            .get_by_label("Open 300 events")
            .accesskit_node()
            .is_disabled()
    );
}

#[test]
fn a_column_is_chosen_from_the_list_with_the_keyboard() {
    let store = store("opaque.db", OPAQUE);
    let mut window = window_on(&store.path, None);
    let field = window.get_by_label("Column for Type");
    assert!(field.is_focused(), "the first field that needs an answer");
    press(&mut window, Key::ArrowDown);
    let options: Vec<String> = window
        .query_all_by_role(Role::ListBoxOption)
        .filter_map(|node| node.accesskit_node().label())
        .collect();
    assert!(options.contains(&"No column".to_owned()), "{options:?}");
    for _ in 0..3 {
        press(&mut window, Key::ArrowDown);
    }
    press(&mut window, Key::Enter);
    assert_eq!(text_of(&window, EventField::Type), "c");
    assert!(is_mapping(&window), "Enter belonged to the list");
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::Escape);
    assert!(is_mapping(&window), "Esc belonged to the list");
}

#[test]
fn a_path_into_a_column_can_be_typed() {
    let store = store("opaque.db", OPAQUE);
    let mut window = window_on(&store.path, None);
    window.event(Event::Text("c".to_owned()));
    settle(&mut window);
    assert_eq!(text_of(&window, EventField::Type), "c");
    choose(&mut window, EventField::Stream, "b");
    choose(&mut window, EventField::Data, "");
    window.get_by_label("Column for Version").focus();
    settle(&mut window);
    window.event(Event::Text("d/n".to_owned()));
    settle(&mut window);
    assert_eq!(rows(&window)[2], "Row 2, 7, x-2 version 3. no data");
}

#[test]
fn an_expression_puts_columns_together_and_a_wrong_one_says_what_is_wrong() {
    let store = store("ledger-2019.sqlite", LEDGER);
    let mut window = mapped_ledger(&store, None);
    choose(&mut window, EventField::Stream, "agg_type || '-' || agg_id");
    assert!(rows(&window)[0].contains(", account-1001 version 1"));
    choose(&mut window, EventField::Stream, "agg_type || '-");
    assert!(has(&window, "is not closed"));
    press(&mut window, Key::Enter);
    assert!(is_mapping(&window), "it cannot be opened so");
}

#[test]
fn another_way_to_read_a_field_changes_the_preview() {
    let store = store("ledger-2019.sqlite", LEDGER);
    let mut window = mapped_ledger(&store, None);
    let first_time = |window: &Harness<'_, App>| {
        let mapping = window.state().workbench().mapping.as_ref().unwrap();
        let preview = mapping.preview.latest().unwrap().as_ref().unwrap();
        let (time, _) = preview.first[0].time.clone().unwrap().unwrap();
        time.rfc3339(3)
    };
    assert_eq!(first_time(&window), "2019-01-02T08:00:00.412Z");
    window.get_by_label("Time read as: Unix time, ms").focus();
    settle(&mut window);
    press(&mut window, Key::ArrowDown);
    assert!(has(&window, "Time read as: Unix time, µs"));
    assert_eq!(first_time(&window), "1970-01-18T21:33:36.000Z");
}

#[test]
fn escape_leaves_the_text_first_and_then_the_dialog_and_nothing_is_changed() {
    let store = store("opaque.db", OPAQUE);
    let bytes = std::fs::read(&store.path).unwrap();
    let mut window = window_on(&store.path, Some(store.settings()));
    press(&mut window, Key::Escape);
    assert!(is_mapping(&window), "the text was left");
    press(&mut window, Key::Escape);
    assert!(!is_mapping(&window));
    assert_eq!(n_events(&window), None);
    assert_eq!(std::fs::read(&store.path).unwrap(), bytes);
    assert_eq!(window.state().settings().mappings, []);
}

#[test]
fn a_field_without_a_column_says_what_it_costs() {
    let store = store("ledger-2019.sqlite", LEDGER);
    let window = mapped_ledger(&store, None);
    assert!(has(
        &window,
        "Causation, no column. No column fits. The causation chain and graph stay empty."
    ));
    assert!(has(
        &window,
        "Metadata, no column. No column fits. User and headers are not shown."
    ));
    for field in EventField::ALL {
        assert!(has(&window, &format!("Column for {}", field.label())));
    }
    assert!(window.query_by_label_contains("fields found").is_some());
}

/// What the last frame put on the clipboard.
fn copied(window: &Harness<'_, App>) -> Option<String> {
    let commands = &window.output().platform_output.commands;
    commands.iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

#[test]
fn the_mapping_is_copied_as_toml_that_opens_the_same_events() {
    let store = store("ledger-2019.sqlite", LEDGER);
    let mut window = mapped_ledger(&store, None);
    window.get_by_label("Copy mapping as TOML").click();
    let mut toml = None;
    for _ in 0..4 {
        window.step();
        toml = toml.or_else(|| copied(&window));
    }
    let toml = toml.unwrap();
    let mapping = MappingOverride::parse(&toml).unwrap();
    assert_eq!(mapping.to_toml(), toml);
    assert!(toml.contains("stream = \"agg_id\""), "{toml}");
    let options = OpenOptions {
        mapping: Some(mapping),
        ..OpenOptions::default()
    };
    let source = Source::File(store.path.clone());
    let history = annals::ingest::open(&source, &options, &std::sync::Arc::default()).unwrap();
    assert_eq!(history.log.len(), 300);
    assert_eq!(history.log.streams().len(), 7);
    assert_eq!(history.log.version_base(), Some(Version(1)));

    let file = store.folder.path().join("ledger.toml");
    std::fs::write(&file, &toml).unwrap();
    let inspected = inspect(&store.path, &file);
    assert_eq!(inspected["events"], 300);
    assert_eq!(inspected["mapping"]["correlation"], "trace");
    assert_eq!(inspected["mapping"].get("causation"), None);
}

/// What `annals inspect FILE --mapping FILE.toml` says.
fn inspect(store: &Path, mapping: &Path) -> serde_json::Value {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = ["annals", "inspect", "--json", "--mapping"].map(Into::into);
    let files = [mapping, store].map(|path| path.as_os_str().to_owned());
    let done = annals::cli::run(args.into_iter().chain(files), &mut out, &mut err);
    assert!(matches!(done, annals::cli::Outcome::Exit(0)), "{err:?}");
    serde_json::from_slice(&out).unwrap()
}

#[test]
fn a_mapping_is_kept_for_files_with_the_same_tables_and_not_beside_the_file() {
    let first = store("monday.db", OPAQUE);
    let mut window = window_on(&first.path, Some(first.settings()));
    choose(&mut window, EventField::Stream, "b");
    choose(&mut window, EventField::Type, "c");
    choose(&mut window, EventField::Data, "d");
    press(&mut window, Key::Enter);
    assert_eq!(n_events(&window), Some(3));
    let about = &window.state().workbench().history.as_ref().unwrap().about;
    assert!(about.is_mapped);
    assert!(has(&window, "Mapped by you · SQLite"));
    assert_eq!(window.state().settings().recent[0].format, "Mapped by you");
    let beside: Vec<_> = std::fs::read_dir(first.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(beside.len(), 2, "the store and the settings: {beside:?}");
    assert_eq!(load(&first.settings()).unwrap().mappings.len(), 1);

    let more = format!("{OPAQUE} INSERT INTO t(b, c, d) VALUES ('x-9', 7, '{{}}');");
    let second = store("tuesday.db", &more);
    let mut window = window_on(&second.path, Some(first.settings()));
    assert!(!is_mapping(&window), "nothing is asked");
    assert_eq!(n_events(&window), Some(4));
    assert!(has(&window, "Mapped by you · SQLite"));

    send(&mut window, Action::ReadDifferently);
    assert_eq!(
        text_of(&window, EventField::Stream),
        "b",
        "as it is read now"
    );
    window
        .get_by_label("Use this mapping for files with the same tables")
        .click();
    settle(&mut window);
    press(&mut window, Key::Enter);
    assert_eq!(load(&first.settings()).unwrap().mappings, []);
}

#[test]
fn another_table_brings_its_own_guesses_and_a_view_says_why_it_is_not_read() {
    let store = store("ledger-2019.sqlite", LEDGER);
    let mut window = mapped_ledger(&store, None);
    window.get_by_label("accounts, 0 rows").click();
    settle(&mut window);
    assert_ne!(text_of(&window, EventField::Stream), "agg_id");
    window.get_by_label("v_balances, view").click();
    settle(&mut window);
    assert!(has(&window, "Views are not read, for they may be endless"));
}

#[test]
fn a_log_in_which_nothing_looks_like_events_is_mapped_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd.jsonl");
    std::fs::write(
        &path,
        "{\"q\":\"a\",\"w\":\"X\",\"e\":1}\n{\"q\":\"a\",\"w\":\"Y\",\"e\":2}\n",
    )
    .unwrap();
    let mut window = window_on(&path, None);
    assert!(is_mapping(&window));
    choose(&mut window, EventField::Stream, "q");
    choose(&mut window, EventField::Type, "w");
    choose(&mut window, EventField::Version, "e");
    assert_eq!(rows(&window).len(), 2);
    window.get_by_label("Open 2 events").click();
    settle(&mut window);
    assert_eq!(n_events(&window), Some(2));
}

#[test]
fn the_palette_and_the_tag_of_a_guess_lead_to_the_mapping() {
    let store = store(
        "guessed.db",
        "CREATE TABLE happenings (id INTEGER PRIMARY KEY, stream_id TEXT, version INTEGER, event_type TEXT, payload TEXT, created_at TEXT);
         INSERT INTO happenings VALUES (1,'a-1',1,'Opened','{}','2024-01-01T00:00:00Z'),(2,'a-1',2,'Done','{}','2024-01-01T00:00:00Z');",
    );
    let mut window = window_on(&store.path, None);
    assert_eq!(n_events(&window), Some(2));
    window.get_by_label("Guessed, change the mapping").click();
    settle(&mut window);
    assert!(is_mapping(&window));
    press(&mut window, Key::Escape);
    assert!(!is_mapping(&window));
    assert_eq!(n_events(&window), Some(2), "what was open stays");
    window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    settle(&mut window);
    window.event(Event::Text(">differently".to_owned()));
    settle(&mut window);
    press(&mut window, Key::Enter);
    assert!(is_mapping(&window));
}

#[test]
fn a_known_schema_is_the_start_and_only_what_differs_from_it_is_mapped() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/stores/py-eventsourcing-bank.db");
    let mut window = window_on(&path, None);
    let n_before = n_events(&window);
    send(&mut window, Action::ReadDifferently);
    assert!(has(&window, "Map the columns of py-eventsourcing-bank.db"));
    assert!(has(&window, "Python eventsourcing, fits"));
    assert!(!rows(&window).is_empty());
    assert_eq!(made(&window).roles.len(), 0, "nothing differs yet");
    choose(&mut window, EventField::Category, "originator_id");
    let mapping = made(&window);
    assert_eq!(mapping.roles.len(), 1);
    press(&mut window, Key::Enter);
    assert_eq!(n_events(&window), n_before);
    let log = &window.state().workbench().history.as_ref().unwrap().log;
    assert_eq!(log.category_names().len(), log.streams().len());
}

/// The mapping as it is chosen now.
fn made(window: &Harness<'_, App>) -> MappingOverride {
    let mapping = window.state().workbench().mapping.as_ref().unwrap();
    annals::job::mapping_of(&mapping.draft, mapping.found().unwrap()).unwrap()
}

#[test]
fn another_table_of_a_known_schema_can_be_read_as_events() {
    let store = store(
        "mixed.db",
        "CREATE TABLE stored_events (notification_id INTEGER PRIMARY KEY, originator_id TEXT, originator_version INTEGER, topic TEXT, state BLOB);
         INSERT INTO stored_events VALUES (1,'a-1',1,'m:A.Opened','{}');
         CREATE TABLE mine (n INTEGER PRIMARY KEY, subject TEXT, kind TEXT, body TEXT);
         INSERT INTO mine VALUES (5,'s-1','Began','{}'), (3,'s-1','Ended','{}'), (4,'s-2','Began','{}');",
    );
    let mut window = window_on(&store.path, None);
    if !is_mapping(&window) {
        send(&mut window, Action::ReadDifferently);
    }
    window.get_by_label_contains("mine, 3 rows").click();
    settle(&mut window);
    for (field, text) in [
        (EventField::Stream, "subject"),
        (EventField::Type, "kind"),
        (EventField::Data, "body"),
    ] {
        choose(&mut window, field, text);
    }
    press(&mut window, Key::Enter);
    assert_eq!(n_events(&window), Some(3));
}

/// Pictures to be looked at, where somebody asks for them.
#[test]
fn pictures() {
    let Some(folder) = std::env::var_os("PICTURES") else {
        return;
    };
    let folder = PathBuf::from(folder);
    let ledger = store("ledger-2019.sqlite", LEDGER);
    for (theme, word) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        for [width, height] in [[1600.0, 1000.0], [1280.0, 800.0], [1024.0, 640.0]] {
            let mut window = window_sized([width, height], theme, app(None));
            send(&mut window, Action::OpenPath(ledger.path.clone()));
            if !is_mapping(&window) {
                send(&mut window, Action::ReadDifferently);
            }
            choose_the_ledger(&mut window);
            let name = format!("map-{word}-{width}.png");
            window.render().unwrap().save(folder.join(name)).unwrap();
        }
    }
    let opaque = store("opaque.db", OPAQUE);
    let mut window = window_on(&opaque.path, None);
    press(&mut window, Key::ArrowDown);
    window
        .render()
        .unwrap()
        .save(folder.join("map-list.png"))
        .unwrap();
}
