//! What the window says about its files: problems while reading, file information, several files.
//!
//! `PICTURES=dir cargo test --test ui_files` writes pictures to look at.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use annals::app::{App, PictureAsk, Setup, screenshot};
use annals::event::Timestamp;
use annals::job::Runner;
use annals::source::OpenOptions;
use annals::workbench::{Action, InspectorTab};
use egui::{Event, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

/// A fixed moment, so that no test reads a clock.
fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

/// The window on these files.
fn window_on(files: &[PathBuf], theme: Theme) -> Harness<'static, App> {
    let app = App::new(Setup {
        runner: Runner::inline(),
        settings_path: None,
        wall_clock: noon,
        rules: None,
        options: OpenOptions::default(),
        is_steady: true,
    });
    let mut window = support::harness([1600.0, 1000.0], theme, 1.0, app, |ui, app| {
        app.logic(ui.ctx());
        app.ui(ui);
    });
    window.run_ok();
    send(&mut window, Action::OpenPaths(files.to_vec()));
    window
}

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().send(action);
    window.run_ok();
}

fn press(window: &mut Harness<'_, App>, key: Key) {
    window.key_press(key);
    window.run_ok();
}

fn click(window: &mut Harness<'_, App>, label: &str) {
    window.get_by_label(label).click();
    window.run_ok();
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// What was put on the clipboard by the last frames.
fn copied(window: &Harness<'_, App>) -> Option<String> {
    let commands = &window.output().platform_output.commands;
    commands.iter().find_map(|command| match command {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

fn picture(window: &mut Harness<'_, App>, name: &str) {
    let Some(folder) = std::env::var_os("PICTURES").map(PathBuf::from) else {
        return;
    };
    std::fs::create_dir_all(&folder).unwrap();
    let picture = window.render().unwrap();
    picture.save(folder.join(format!("{name}.png"))).unwrap();
}

/// A log with 150 lines that are no JSON, two that are no event, and one whose version is a word.
fn damaged() -> String {
    let mut text = String::new();
    for nr in 0..40 {
        writeln!(text, r#"{{"stream":"order-{nr}","type":"OrderPlaced","version":1,"time":"2024-03-01T08:{nr:02}:00Z","data":{{"n":{nr}}}}}"#).unwrap();
    }
    for nr in 0..150 {
        writeln!(
            text,
            "Mar  1 08:00:{nr:03} shop[17]: reconnected to the broker"
        )
        .unwrap();
    }
    text.push_str("{\"note\":\"\u{202e}gnihton\"}\n{\"a\":1}\n");
    text.push_str(r#"{"stream":"order-1","type":"OrderPaid","version":"second","time":"2024-03-01T09:00:00Z","data":{}}"#);
    text.push('\n');
    text
}

const SHOP: &str = r#"{"stream":"order-1","version":1,"type":"Placed","time":"2024-03-01T08:00:00Z","data":{"total":3},"metadata":{"correlationId":"c1","causationId":"cmd-81"}}
{"stream":"order-1","version":2,"type":"Paid","time":"2024-03-01T10:00:00Z","data":{"by":"card"}}
"#;
const BANK: &str = r#"{"stream":"order-1","version":1,"type":"Asked","time":"2024-03-01T09:00:00Z","data":{}}
{"stream":"account-7","version":5,"type":"Debited","time":"2024-03-01T08:30:00Z","data":{"amount":3}}
not a line of it
"#;

fn on_damaged(theme: Theme) -> (tempfile::TempDir, Harness<'static, App>) {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "shop.jsonl", &damaged());
    let window = window_on(&[file], theme);
    (folder, window)
}

fn on_two(theme: Theme) -> (tempfile::TempDir, Harness<'static, App>) {
    let folder = tempfile::tempdir().unwrap();
    let files = [("shop.jsonl", SHOP), ("bank.jsonl", BANK)];
    let files = files.map(|(name, text)| write(folder.path(), name, text));
    let window = window_on(&files, theme);
    (folder, window)
}

#[test]
fn the_status_bar_leads_to_every_problem_that_is_kept() {
    let (_folder, mut window) = on_damaged(Theme::Dark);
    click(&mut window, "153 problems while reading");
    window.get_by_label("Problems while reading");
    window.get_by_label("All kinds, 153 problems");
    window.get_by_label("not-json, 150 problems, 100 kept");
    window.get_by_label("103 of 153 shown, 152 records gave no event");
    window.get_by_label_contains("Warning, not-json, line 41, ");
    window.get_by_label_contains("begins with Mar  1 08:00:000 shop[17]: reconnected");
    press(&mut window, Key::Escape);
    assert!(window.query_by_label("Problems while reading").is_none());
}

#[test]
fn a_kind_that_is_chosen_leaves_only_its_problems() {
    let (_folder, mut window) = on_damaged(Theme::Dark);
    send(&mut window, Action::ShowProblems);
    click(&mut window, "not-json, 150 problems, 100 kept");
    window.get_by_label("100 of 150 shown of this kind, 152 records gave no event");
    click(&mut window, "not-an-event, 2 problems, 2 kept");
    window.get_by_label("All 2 shown of this kind, 152 records gave no event");
    assert!(
        window
            .query_by_label_contains("Warning, not-json")
            .is_none()
    );
    window.get_by_label_contains(r#"line 191, this names no stream, so it is no event, begins with {"note":"\u202egnihton"}"#);
    click(&mut window, "All kinds, 153 problems");
    window.get_by_label_contains("Warning, not-json, line 41, ");
}

#[test]
fn keys_walk_the_problems_and_the_one_looked_at_is_shown_whole() {
    let (_folder, mut window) = on_damaged(Theme::Dark);
    send(&mut window, Action::ShowProblems);
    window.get_by_label("Warning at line 41");
    press(&mut window, Key::J);
    window.get_by_label("Warning at line 42");
    press(&mut window, Key::End);
    window.get_by_label("Warning at line 193");
    press(&mut window, Key::K);
    window.get_by_label("Warning at line 192");
}

#[test]
fn all_problems_are_copied_as_text_with_how_many_are_left_out() {
    let (_folder, mut window) = on_damaged(Theme::Dark);
    send(&mut window, Action::ShowProblems);
    window.get_by_label("Copy all problems as text").click();
    window.step();
    let mut text = copied(&window);
    for _ in 0..6 {
        window.step();
        text = text.or_else(|| copied(&window));
    }
    let text = text.unwrap();
    assert!(text.starts_with("153 problems while reading shop.jsonl, 152 records gave no event\n"));
    assert!(
        text.contains("\nnot-json: 150, the first 100 listed\n"),
        "{text}"
    );
    assert!(
        text.contains("\nWarning\tunreadable-version\tline 193\t"),
        "{text}"
    );
    assert_eq!(text.lines().filter(|line| line.contains('\t')).count(), 104);
}

#[test]
fn a_file_without_problems_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "shop.jsonl", SHOP);
    let mut window = window_on(&[file], Theme::Dark);
    assert!(
        window
            .query_by_label_contains("problems while reading")
            .is_none()
    );
    window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.run_ok();
    window.event(Event::Text(">problems".to_owned()));
    window.run_ok();
    press(&mut window, Key::Enter);
    window.get_by_label("No problems while reading. Every record of the file became an event.");
}

#[test]
fn several_files_are_one_history_and_each_row_names_its_file() {
    let (_folder, window) = on_two(Theme::Dark);
    window.get_by_label_contains("Row 0, Placed, order-1 v1, 2024-03-01 08:00:00, in shop.jsonl");
    window.get_by_label_contains("Row 1, Asked, order-1 v1, 2024-03-01 09:00:00, in bank.jsonl");
    window.get_by_label("File");
    window.get_by_label_contains("shop.jsonl and 1 more, ");
}

#[test]
fn streams_of_several_files_name_theirs() {
    let (_folder, mut window) = on_two(Theme::Dark);
    click(&mut window, "order, 3 events, 2 streams");
    window.get_by_label("order-1, 2 events, in shop.jsonl");
    window.get_by_label("order-1, 1 event, in bank.jsonl");
}

#[test]
fn one_file_alone_is_not_named_in_rows() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "shop.jsonl", SHOP);
    let window = window_on(&[file], Theme::Dark);
    assert!(window.query_by_label_contains(", in shop.jsonl").is_none());
    assert!(window.query_by_label("File").is_none());
}

#[test]
fn an_event_shows_its_file_and_what_may_be_a_command() {
    let (_folder, mut window) = on_two(Theme::Dark);
    send(&mut window, Action::ShowInspector(InspectorTab::Event));
    send(&mut window, Action::First);
    window.get_by_label("Caused by: cmd-81, command or event");
    window.get_by_label("File: shop.jsonl");
    send(&mut window, Action::StepEvents(1));
    window.get_by_label("File: bank.jsonl");
}

#[test]
fn file_information_lists_all_files_and_leads_to_the_problems() {
    let (_folder, mut window) = on_two(Theme::Dark);
    window
        .get_by_label_contains("shop.jsonl and 1 more, ")
        .click();
    window.run_ok();
    click(&mut window, "File information");
    window.get_by_label_contains(&format!("shop.jsonl, {} B, written ", SHOP.len()));
    window.get_by_label_contains(&format!("bank.jsonl, {} B, written ", BANK.len()));
    window.get_by_label("Nobody, as far as this file notes it");
    click(&mut window, "List problems");
    window.get_by_label_contains("Warning, not-json, line 3 of bank.jsonl, ");
}

#[test]
fn files_that_are_no_history_together_say_which_of_them_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let files = [("shop.jsonl", SHOP), ("empty.jsonl", "")];
    let files = files.map(|(name, text)| write(folder.path(), name, text));
    let window = window_on(&files, Theme::Dark);
    assert!(window.state().workbench().history.is_none());
    window.get_by_label_contains("These files cannot be opened together: empty.jsonl: ");
}

#[test]
fn a_picture_of_several_files_is_drawn_without_a_display() {
    let folder = tempfile::tempdir().unwrap();
    let files = [("shop.jsonl", SHOP), ("bank.jsonl", BANK)];
    let files = files.map(|(name, text)| write(folder.path(), name, text));
    let ask = PictureAsk {
        size: [1024.0, 640.0],
        files: files.to_vec(),
        as_of: Some("account-7@5".to_owned()),
        ..PictureAsk::default()
    };
    assert_eq!(screenshot(&ask).unwrap().dimensions(), (1024, 640));
    // The point lies in the second file.
    let alone = PictureAsk {
        files: ask.files[..1].to_vec(),
        ..ask
    };
    assert!(screenshot(&alone).is_err());
}

#[test]
fn pictures() {
    if std::env::var_os("PICTURES").is_none() {
        return;
    }
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let (_folder, mut window) = on_damaged(theme);
        send(&mut window, Action::ShowProblems);
        picture(&mut window, &format!("problems-{name}"));
        let (_folder, mut window) = on_two(theme);
        send(&mut window, Action::ShowInspector(InspectorTab::Event));
        send(&mut window, Action::First);
        click(&mut window, "order, 3 events, 2 streams");
        picture(&mut window, &format!("several-{name}"));
        send(&mut window, Action::ShowFileInfo);
        picture(&mut window, &format!("file-info-{name}"));
    }
}
