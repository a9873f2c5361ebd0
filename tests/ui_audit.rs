//! The Audit view, driven by label and role: schema drift, another copy, receipts.
//!
//! `PICTURES=dir cargo test --test ui_audit pictures` writes pictures to look at.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use std::path::{Path, PathBuf};

use annals::app::{App, Setup};
use annals::event::Timestamp;
use annals::job::Runner;
use annals::source::OpenOptions;
use annals::workbench::{Action, AuditEdit, ViewKind};
use egui::Theme;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

const LOG: &str = "assets/demo/events.jsonl";

fn noon() -> Timestamp {
    Timestamp::parse("2024-07-01T12:00:00Z").unwrap().time
}

fn window_at(size: [f32; 2], theme: Theme, opens: Action) -> Harness<'static, App> {
    window_of(size, theme, opens, true)
}

/// A window that shows how long things took, unless it is steady.
fn window_of(
    size: [f32; 2],
    theme: Theme,
    opens: Action,
    is_steady: bool,
) -> Harness<'static, App> {
    let app = App::new(Setup {
        runner: Runner::inline(),
        settings_path: None,
        wall_clock: noon,
        rules: None,
        options: OpenOptions::default(),
        is_steady,
    });
    let mut window = support::harness(size, theme, 1.0, app, |ui, app| {
        app.logic(ui.ctx());
        app.ui(ui);
    });
    window.state().send(opens);
    window.run_ok();
    send(&mut window, Action::ShowView(ViewKind::Audit));
    window
}

fn window(log: &Path) -> Harness<'static, App> {
    window_at(
        [1600.0, 1000.0],
        Theme::Dark,
        Action::OpenPath(log.to_owned()),
    )
}

fn send(window: &mut Harness<'_, App>, action: Action) {
    window.state().send(action);
    window.run_ok();
}

fn labels(window: &Harness<'_, App>, role: Role) -> Vec<String> {
    let nodes = window.query_all_by_role(role);
    nodes
        .filter_map(|node| {
            let node = node.accesskit_node();
            node.label().or_else(|| node.value())
        })
        .collect()
}

/// Whether a text begins so.
fn says(window: &Harness<'_, App>, words: &str) -> bool {
    let said = labels(window, Role::Label);
    said.iter().any(|said| said.starts_with(words))
}

#[track_caller]
fn click(window: &mut Harness<'_, App>, role: Role, label: &str) {
    let begins = |name: Option<String>| name.is_some_and(|name| name.starts_with(label));
    window
        .query_all_by_role(role)
        .find(|node| begins(node.accesskit_node().label()))
        .unwrap_or_else(|| panic!("{label} among {:?}", labels(window, role)))
        .click();
    window.run_ok();
}

/// A history in a folder that lives as long as the test, and a copy of it in which one event is gone
/// and one says something else.
fn original_and_copy(folder: &Path) -> (PathBuf, PathBuf) {
    let (original, copy) = (folder.join("original.jsonl"), folder.join("copy.jsonl"));
    let text = std::fs::read_to_string(LOG).unwrap();
    std::fs::write(&original, &text).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.remove(40);
    let changed = lines[100].replacen("\"data\":{", "\"data\":{\"added\":1,", 1);
    assert_ne!(changed, lines[100]);
    lines[100] = &changed;
    std::fs::write(&copy, lines.join("\n")).unwrap();
    (original, copy)
}

#[test]
fn the_differences_between_two_copies_are_listed_and_lead_to_their_events() {
    let folder = tempfile::tempdir().unwrap();
    let (original, copy) = original_and_copy(folder.path());
    let mut window = window(&original);
    send(
        &mut window,
        Action::Audit(Box::new(AuditEdit::CompareWith(copy))),
    );
    let said = labels(&window, Role::Label);
    for line in [
        "Same in both: 4,311",
        "Only in 1: 1",
        "Only in 2: 0",
        "Different content: 1",
    ] {
        assert!(said.contains(&line.to_owned()), "{line} among {said:?}");
    }
    click(&mut window, Role::Button, "Show 2 differences");
    let rows = labels(&window, Role::ListItem);
    let first = rows.iter().find(|row| row.contains("is only in 1"));
    let first = first.unwrap_or_else(|| panic!("{rows:?}")).clone();
    click(&mut window, Role::ListItem, &first);
    assert_eq!(window.state().workbench().look().playhead.0, 40);
    // The original itself is the same.
    let again = AuditEdit::CompareWith(original);
    send(&mut window, Action::Audit(Box::new(again)));
    let said = labels(&window, Role::Label);
    assert!(said.contains(&"Same in both: 4,313".to_owned()), "{said:?}");
    assert!(!labels(&window, Role::Button).contains(&"Show 2 differences".to_owned()));
}

#[test]
fn a_copy_that_cannot_be_opened_says_why_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (original, _) = original_and_copy(folder.path());
    let mut window = window(&original);
    let gone = AuditEdit::CompareWith(folder.path().join("gone.db"));
    send(&mut window, Action::Audit(Box::new(gone)));
    assert!(says(&window, "gone.db could not be compared"));
    assert!(window.state().workbench().history.is_some());
}

#[test]
fn a_receipt_is_written_and_says_later_what_was_appended() {
    let folder = tempfile::tempdir().unwrap();
    let (original, _) = original_and_copy(folder.path());
    let receipt = folder.path().join("receipt.json");
    let mut before = window(&original);
    let write = AuditEdit::WriteReceipt(receipt.clone());
    send(&mut before, Action::Audit(Box::new(write)));
    // What is audited is never overwritten.
    let over = AuditEdit::WriteReceipt(original.clone());
    send(&mut before, Action::Audit(Box::new(over)));
    let mut text = std::fs::read_to_string(&original).unwrap();
    assert_eq!(text.lines().count(), 4313);
    let last = text.lines().last().unwrap().to_owned();
    text.push_str(&last.replacen("\"version\":", "\"version\":9", 1));
    text.push('\n');
    std::fs::write(&original, text).unwrap();
    let mut after = window(&original);
    let check = AuditEdit::CheckReceipt(receipt);
    send(&mut after, Action::Audit(Box::new(check)));
    click(&mut after, Role::Tab, "Receipt");
    let said = labels(&after, Role::Label);
    assert!(
        said.iter().any(|words| words.starts_with("Appended 1")),
        "{said:?}"
    );
}

#[test]
fn a_field_leads_to_the_event_at_which_it_became_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("events.jsonl");
    let line = |nr: usize| {
        let total = if nr < 30 {
            format!("{nr}")
        } else {
            format!("\"{nr}\"")
        };
        format!(
            "{{\"stream\":\"a-1\",\"version\":{nr},\"type\":\"Placed\",\"time\":\"2024-01-{:02}T00:00:00Z\",\"data\":{{\"total\":{total}}}}}\n",
            1 + nr % 28
        )
    };
    std::fs::write(&log, (0..60).map(line).collect::<String>()).unwrap();
    let mut window = window(&log);
    let row = "Placed total, number and text, in 60 of 60 events, number to text at #30";
    click(&mut window, Role::ListItem, row);
    click(&mut window, Role::Link, "number to text at #30");
    let look = window.state().workbench().look();
    assert_eq!((look.playhead.0, look.view), (30, ViewKind::Explore));
}

#[test]
fn screening_and_a_sample_come_when_they_are_asked_for() {
    let mut window = window(Path::new(LOG));
    click(&mut window, Role::Tab, "Screening");
    assert!(says(&window, "Screening is off"));
    click(&mut window, Role::Button, "Screen");
    let screened = &window.state().workbench().auditing.screened;
    assert!(screened.latest().unwrap().is_ok());
    click(&mut window, Role::Tab, "Sample");
    click(&mut window, Role::Button, "Draw");
    let auditing = &window.state().workbench().auditing;
    assert_eq!(auditing.sample.latest().unwrap().events.len(), 25);
    click(&mut window, Role::Button, "Looked at");
    assert_eq!(window.state().workbench().auditing.ticks.len(), 1);
}

#[test]
fn states_are_reconciled_with_a_file_of_rows_by_one_click() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let line = |nr: usize| {
        format!(
            "{{\"stream\":\"a-{nr}\",\"version\":0,\"type\":\"Opened\",\"data\":{{\"balance\":{nr}.50}}}}\n"
        )
    };
    std::fs::write(path("events.jsonl"), (0..4).map(line).collect::<String>()).unwrap();
    std::fs::write(
        path("model.csv"),
        "nr,id,balance\n1,0,0.5\n2,1,1.50\n3,2,9\n4,7,7\n",
    )
    .unwrap();
    let mut window = window(&path("events.jsonl"));
    click(&mut window, Role::Tab, "Reconcile");
    let take = AuditEdit::TakeTable(path("model.csv"));
    send(&mut window, Action::Audit(Box::new(take)));
    // The column that is called id is proposed.
    assert!(labels(&window, Role::Button).contains(&"Key: id".to_owned()));
    click(&mut window, Role::Button, "Reconcile");
    let said = labels(&window, Role::Label);
    for words in [
        "2 equal",
        "1 different",
        "1 only in the history",
        "1 only in the table",
    ] {
        assert!(said.contains(&words.to_owned()), "{words} among {said:?}");
    }
    let rows = labels(&window, Role::ListItem);
    assert!(
        rows.contains(&"2: balance 2.50 against 9".to_owned()),
        "{rows:?}"
    );
}

/// The history of the sample with a version taken out, a payload that is none, and a field that became
/// another one.
fn damaged(folder: &Path) -> PathBuf {
    let path = folder.join("damaged.jsonl");
    let text = std::fs::read_to_string(LOG).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[300] = lines[300].replacen("\"data\":{", "\"data\":[{", 1);
    lines.remove(900);
    std::fs::write(&path, lines.join("\n")).unwrap();
    path
}

#[test]
fn findings_are_filtered_by_words_and_severity_and_those_accepted_stand_apart() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window(&damaged(folder.path()));
    let found = |window: &Harness<'_, App>| -> Vec<String> {
        let rows = labels(window, Role::Row).into_iter();
        let is_finding = |row: &String| {
            ["Error, ", "Warning, ", "Note, "]
                .iter()
                .any(|severity| row.starts_with(severity))
        };
        rows.filter(is_finding).collect()
    };
    let all = found(&window);
    let missing = all.iter().filter(|row| row.contains(" is missing from "));
    let missing = missing.cloned().collect::<Vec<_>>();
    assert!(all.len() > 1 && missing.len() == 1, "{all:?}");
    // A slash gives the keyboard to the filter; every word must be said.
    window.event(egui::Event::Text("/".to_owned()));
    window.run_ok();
    window.event(egui::Event::Text("MISSING version".to_owned()));
    window.run_ok();
    assert_eq!(found(&window), missing);
    window.event(egui::Event::Text(" nowhere".to_owned()));
    window.run_ok();
    assert_eq!(found(&window), Vec::<String>::new());
    click(&mut window, Role::Button, "Show all");
    assert_eq!(found(&window), all);
    // A severity says what it counts.
    let errors = all.iter().filter(|row| row.starts_with("Error, ")).count();
    click(&mut window, Role::RadioButton, &format!("{errors} errors"));
    assert_eq!(found(&window).len(), errors);
    click(&mut window, Role::RadioButton, "All");
    // Those accepted have a tab.
    assert!(
        !labels(&window, Role::Tab)
            .iter()
            .any(|tab| tab.starts_with("Accepted"))
    );
    send(&mut window, Action::GoToFinding(0));
    send(&mut window, Action::AcceptFinding(0, "known".to_owned()));
    click(&mut window, Role::Tab, "Accepted 1");
    assert_eq!(found(&window).len(), 1);
    click(&mut window, Role::Tab, "Findings");
    assert_eq!(found(&window).len(), all.len());
    // Beside the finding stand its event and the state after it.
    send(&mut window, Action::GoToFinding(0));
    click(&mut window, Role::Tab, "Event");
    let at = window.state().workbench().look().playhead;
    let log = &window.state().workbench().history.as_ref().unwrap().log;
    let name = log.type_name(log.event_type(at)).to_owned();
    let heading = labels(&window, Role::Heading);
    assert!(
        heading.iter().any(|said| said.contains(&name)),
        "{heading:?}"
    );
    click(&mut window, Role::Tab, "State");
    send(&mut window, Action::GoToFinding(1));
    assert!(
        labels(&window, Role::Button)
            .iter()
            .any(|said| said.starts_with("Accept"))
    );
    // The gaps say from which length on a silence is unusual.
    let pictures = labels(&window, Role::Image);
    let gaps = pictures
        .iter()
        .find(|said| said.starts_with("Times between"));
    assert!(gaps.unwrap().contains(", unusual from "), "{gaps:?}");
}

#[test]
fn each_check_says_how_long_it_took_where_clocks_may_be_shown() {
    let opens = || Action::OpenPath(Path::new(LOG).to_owned());
    let size = [1600.0, 1000.0];
    let took = |window: &Harness<'_, App>| {
        let rows = labels(window, Role::ListItem);
        rows.iter().filter(|row| row.contains(", took ")).count()
    };
    let steady = window_of(size, Theme::Dark, opens(), true);
    assert_eq!(took(&steady), 0);
    let mut window = window_of(size, Theme::Dark, opens(), false);
    assert!(took(&window) > 10, "{:?}", labels(&window, Role::ListItem));
    if let Some(folder) = std::env::var_os("PICTURES") {
        let picture = window.render().unwrap();
        picture
            .save(Path::new(&folder).join("audit-took.png"))
            .unwrap();
    }
}

#[test]
fn pictures() {
    let Some(folder) = std::env::var_os("PICTURES") else {
        return;
    };
    let folder = Path::new(&folder);
    let scratch = tempfile::tempdir().unwrap();
    let (original, copy) = original_and_copy(scratch.path());
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        for size in [[1600.0, 1000.0], [1280.0, 800.0]] {
            let mut window = window_at(size, theme, Action::OpenPath(original.clone()));
            let compare = AuditEdit::CompareWith(copy.clone());
            send(&mut window, Action::Audit(Box::new(compare)));
            let picture = window.render().unwrap();
            let file = format!("audit-{name}-{}.png", size[0]);
            picture.save(folder.join(file)).unwrap();
            click(&mut window, Role::Tab, "Receipt");
            let picture = window.render().unwrap();
            let file = format!("audit-receipt-{name}-{}.png", size[0]);
            picture.save(folder.join(file)).unwrap();
        }
    }
}
