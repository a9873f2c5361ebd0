//! The flows that must stay short, driven as somebody would do them, with their actions counted.
//!
//! A key with the text that follows and its Enter, a click, a choice in a list, a drag and a dropped
//! file are one action each. `PICTURES=dir cargo test --test ui_flows` writes where each of them ends.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

#[path = "support/desk.rs"]
mod desk;

#[path = "support/hand.rs"]
mod hand;

#[path = "support/payments.rs"]
mod payments;

use std::path::PathBuf;

use annals::event::Timestamp;
use annals::workbench::{Action, EventField, InspectorTab, MapEdit, ReportEdit, Setting, ViewKind};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use desk::Desk;
use hand::Hand;
use payments::paid_in;

const NONE: Modifiers = Modifiers::NONE;
const COMMAND: Modifiers = Modifiers::COMMAND;

/// A folder of a test with a log in it.
fn folder_with(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

/// Flow (a), by keyboard: four actions, six are allowed.
#[test]
fn why_is_this_balance_negative() {
    let mut hand = Hand::on_sample();
    hand.write(NONE, Key::G, "order-1220");
    assert!(hand.says(Role::Tab, "Timeline: order-1220"));
    hand.write(NONE, Key::W, "balance < 0");
    assert_eq!(hand.playhead(), 233, "v7");
    let balance = "balance, changed from 0.00 to minus 50.00";
    assert!(
        hand.says(Role::TreeItem, balance),
        "{:#?}",
        hand.labels(Role::TreeItem)
    );
    assert!(hand.says(Role::Link, "balance was set by v7 DiscountApplied"));
    hand.key(NONE, Key::C);
    let cause = "CouponRetried, customer-0311 version 3, 1 cause, 1 effect";
    assert!(hand.says(Role::TreeItem, cause));
    hand.write(NONE, Key::M, "");
    let bookmarks = &hand.look().bookmarks;
    assert!(bookmarks.iter().any(|it| it.position.0 == 233), "v7");
    hand.took(4, 6);
    hand.picture("flow-a");
}

/// Flow (a), by mouse: the stream, the field, what to ask about it, and what is asked.
#[test]
fn why_is_this_balance_negative_is_found_with_the_mouse_too() {
    let mut hand = Hand::on_sample();
    hand.type_into("Filter streams", "order-122");
    hand.click(Role::TreeItem, "order-1220, ");
    hand.click_secondary(Role::TreeItem, "balance");
    hand.click(Role::MenuItem, "When did this become");
    hand.enter("< 0");
    assert_eq!(hand.playhead(), 233, "v7");
    hand.window.get_by_label("CouponRetried, customer-0311 v3");
    hand.took(5, 6);
}

/// Flow (b): three actions, four are allowed.
#[test]
fn a_file_becomes_a_report() {
    let text = std::fs::read_to_string("tests/fixtures/logs/events.ndjson").unwrap();
    let (folder, file) = folder_with("events.ndjson", &text);
    let home = tempfile::tempdir().unwrap();
    let mut hand = Hand::new(Desk::default());
    let to = ReportEdit::Folder(home.path().to_owned());
    hand.given(Action::EditReport(Box::new(to)));

    hand.drop_file(&file);
    assert!(hand.bench().history.is_some());

    hand.key(COMMAND, Key::E);
    assert_eq!(hand.look().view, ViewKind::Report);
    let shown = hand.bench().report().unwrap();
    assert_eq!(shown.report.population.events, 55, "everything");
    hand.window.get_by_label("Report preview");
    assert!(hand.window.get_by_label("Name of the report").is_focused());

    hand.key(NONE, Key::Enter);
    let report = home.path().join("annals-report-events.html");
    let page = std::fs::read_to_string(&report).unwrap();
    assert!(page.contains("Prepared on 2024-07-01"));
    assert!(report.with_extension("html.sha256").exists());
    hand.window.get_by_label_contains("The report is saved as");
    hand.window.get_by_label("Open");
    hand.took(3, 4);
    let beside = std::fs::read_dir(folder.path()).unwrap();
    assert_eq!(beside.count(), 1, "nothing was written beside the file");
    hand.picture("flow-b");

    // Another Enter replaces nothing.
    hand.given(Action::WriteReport);
    assert!(home.path().join("annals-report-events-2.html").exists());
}

/// Flow (b) on a store of a schema that nobody has seen: at most one action more.
#[test]
fn a_store_of_an_unknown_schema_becomes_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.db");
    let store = rusqlite::Connection::open(&file).unwrap();
    store
        .execute_batch(
            "CREATE TABLE t (a INTEGER PRIMARY KEY, agg_id TEXT, agg_ver INTEGER, evt TEXT, body TEXT);
             WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 300)
             INSERT INTO t SELECT i + 1, 'account-' || (i % 7), 1 + i / 7,
                CASE WHEN i % 3 = 0 THEN 'MoneyWithdrawn' ELSE 'MoneyDeposited' END,
                '{\"amount\":' || i || '}' FROM n;",
        )
        .unwrap();
    drop(store);
    let home = tempfile::tempdir().unwrap();
    let mut hand = Hand::new(Desk::default());
    let to = ReportEdit::Folder(home.path().to_owned());
    hand.given(Action::EditReport(Box::new(to)));
    hand.drop_file(&file);
    if hand.bench().mapping.is_some() {
        hand.key(NONE, Key::Enter);
    }
    assert_eq!(hand.bench().history.as_ref().unwrap().log.len(), 300);
    hand.key(COMMAND, Key::E);
    hand.key(NONE, Key::Enter);
    assert!(home.path().join("annals-report-ledger.html").exists());
    hand.took(3, 4);
}

/// Flow (c): five actions, six are allowed.
#[test]
fn revenue_by_week_is_plotted_and_two_months_are_compared() {
    let mut hand = Hand::on_sample();
    hand.write(COMMAND, Key::K, "plot paid");
    assert_eq!(hand.look().view, ViewKind::Projections);
    hand.window.get_by_label("Value: paid");
    hand.window.get_by_label("Show: Sum of changes");
    hand.choose("By: Day", "Week");
    hand.click(Role::Button, "February 2024");
    hand.click_with(COMMAND, Role::Button, "March 2024");
    hand.key(NONE, Key::D);
    hand.window
        .get_by_label_contains("paid by week, Feb 2024 over Mar 2024, ");
    let weeks = hand.window.query_all_by_label_contains("Week 1, A ");
    assert_eq!(weeks.count(), 1);
    assert!(hand.window.query_by_label_contains("Week 6, ").is_none());
    // The sums are those of the payments in the file.
    let (a, b) = (paid_in("2024-02"), paid_in("2024-03"));
    hand.window
        .get_by_label_contains(&format!("Sum, A {a}, B {b}"));
    hand.took(5, 6);
    hand.picture("flow-c");
}

/// Flow (d): what an order looked like on a given day, in one action.
#[test]
fn what_an_order_looked_like_on_a_day() {
    let mut hand = Hand::on_sample();
    hand.write(NONE, Key::G, "order-1220 @2023-02-02");
    assert!(hand.says(Role::Tab, "Timeline: order-1220"));
    assert_eq!(hand.playhead(), 230, "v6, the last of that day");
    assert!(hand.says(Role::TreeItem, "status"));
    hand.window.get_by_label_contains("State @ v6");
    hand.took(1, 1);
    hand.picture("flow-d-day");
}

/// Flow (d): who set a field is seen without doing anything, and one click goes there.
#[test]
fn who_set_a_field() {
    let mut hand = Hand::on_sample();
    hand.given(Action::GoTo("order-1220@7".to_owned()));
    hand.given(Action::ShowInspector(InspectorTab::State));
    let set_by = "status was set by v6 Shipped";
    assert!(hand.says(Role::Link, set_by));
    hand.took(0, 0);
    hand.click(Role::Link, set_by);
    assert_eq!(hand.playhead(), 230);
    hand.took(1, 1);
}

/// Flow (d): what happened during an outage: a drag across it, and a filter.
#[test]
fn what_happened_during_the_outage() {
    let mut hand = Hand::on_sample();
    let span = hand.look().time_span;
    let ruler = hand.found(Role::Slider, "Playhead").rect();
    let at = |text: &str| {
        let time = Timestamp::parse(text).unwrap().time.0;
        let share = (time - span.from) as f64 / (span.to - span.from) as f64;
        let x = f64::from(ruler.left()) + share * f64::from(ruler.width());
        egui::pos2(format!("{x:.1}").parse().unwrap(), ruler.bottom() + 60.0)
    };
    hand.drag(at("2023-08-13T00:00:00Z"), at("2023-08-24T00:00:00Z"));
    let [a, b] = [hand.look().marker_a, hand.look().marker_b].map(|mark| mark.unwrap().from.0);
    assert!(a < 1538 && 1538 < b, "{a} to {b}");
    hand.type_into("Filter events", "at:A..B");
    assert_eq!(
        hand.bench().rows_shown().unwrap().len(),
        (b - a + 1) as usize
    );
    hand.took(2, 2);
    hand.picture("flow-d-outage");
}

/// Flow (d): the same query on a new backup of a store that was mapped by hand.
#[test]
fn the_same_query_on_a_new_backup() {
    const STORE: &str = "
        CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c INTEGER, d TEXT);
        INSERT INTO t(b, c, d) VALUES ('x-1', 7, '{\"n\":1}'), ('x-1', 8, '{\"n\":2}'),
            ('x-2', 7, '{\"n\":3}');";
    let folder = tempfile::tempdir().unwrap();
    let store = |name: &str, sql: &str| {
        let path = folder.path().join(name);
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection.execute_batch(sql).unwrap();
        path
    };
    let monday = store("monday.db", STORE);
    let more = "INSERT INTO t(b, c, d) VALUES ('x-9', 7, '{\"n\":4}');";
    let tuesday = store("tuesday.db", &format!("{STORE}{more}"));
    let desk = || Desk {
        settings: Some(folder.path().join("settings/settings.json")),
        ..Desk::default()
    };
    let mut hand = Hand::new(desk());
    hand.given(Action::OpenPath(monday));
    for (field, column) in [
        (EventField::Stream, "b"),
        (EventField::Type, "c"),
        (EventField::Data, "d"),
    ] {
        let edit = MapEdit::Text(field, column.to_owned());
        hand.given(Action::EditMapping(edit));
    }
    hand.given(Action::EditMapping(MapEdit::Open));
    hand.given(Action::SetFilter("data.n>2".to_owned()));
    assert_eq!(hand.bench().rows_shown().unwrap().len(), 1);
    drop(hand);
    let mut hand = Hand::new(desk());
    hand.drop_file(&tuesday);
    let history = hand.bench().history.as_ref().unwrap();
    assert_eq!(history.log.len(), 4, "read by the mapping that was kept");
    assert_eq!(hand.look().filter, "data.n>2");
    assert_eq!(hand.bench().rows_shown().unwrap().len(), 2);
    hand.took(1, 2);
}

/// Flow (d): a place is sent to a colleague, who has the same file.
#[test]
fn a_place_is_sent_to_a_colleague() {
    let text = std::fs::read_to_string("tests/fixtures/logs/events.ndjson").unwrap();
    let (_folder, file) = folder_with("events.ndjson", &text);
    let mut hand = Hand::new(Desk::default());
    hand.given(Action::OpenPath(file.clone()));
    hand.given(Action::GoTo("#17".to_owned()));
    hand.key(COMMAND | Modifiers::SHIFT, Key::C);
    let said = &hand.bench().messages.last().unwrap().text;
    let reference = said
        .strip_suffix(" is on the clipboard")
        .unwrap()
        .to_owned();
    assert_eq!(reference, "events.ndjson#17");
    hand.took(1, 1);
    let mut colleague = Hand::new(Desk::default());
    colleague.given(Action::OpenPath(file));
    colleague.write(NONE, Key::G, &reference);
    assert_eq!(colleague.playhead(), 17);
    colleague.took(1, 1);
}

/// Flow (d): whether a copy is the same as the original, in one action.
#[test]
fn whether_a_copy_is_the_same_as_the_original() {
    let text = std::fs::read_to_string("assets/demo/events.jsonl").unwrap();
    let (folder, original) = folder_with("original.jsonl", &text);
    let copy = folder.path().join("copy.jsonl");
    let mut lines: Vec<&str> = text.lines().collect();
    lines.remove(40);
    std::fs::write(&copy, lines.join("\n")).unwrap();
    let mut hand = Hand::new(Desk::default());
    hand.given(Action::OpenPath(original));
    hand.given(Action::ShowView(ViewKind::Audit));
    assert!(hand.says(Role::Label, "No other copy"));
    hand.drop_file(&copy);
    assert_eq!(hand.look().view, ViewKind::Audit);
    let about = &hand.bench().history.as_ref().unwrap().about;
    assert_eq!(about.name(), "original.jsonl", "what is open stays open");
    for line in [
        "Same in both: 4,312",
        "Only in 1: 1",
        "Only in 2: 0",
        "Different content: 0",
    ] {
        assert!(
            hand.says(Role::Label, line),
            "{line} among {:#?}",
            hand.labels(Role::Label)
        );
    }
    hand.took(1, 1);
    hand.picture("flow-d-copy");
}

/// With everything twice as large, which leaves the smallest window, and more contrast, the flows
/// take no action more, and nothing that can be acted on lies beyond the window.
#[test]
fn flows_are_as_short_at_twice_the_size_and_with_more_contrast() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk {
        size: [2048.0, 1280.0],
        ..Desk::default()
    };
    let mut hand = Hand::new(desk);
    let to = ReportEdit::Folder(home.path().to_owned());
    hand.given(Action::EditReport(Box::new(to)));
    hand.given(Action::Set(Setting::TextSize(200)));
    hand.given(Action::Set(Setting::MoreContrast(true)));
    hand.given(Action::OpenSample);
    hand.write(NONE, Key::G, "order-1220");
    hand.write(NONE, Key::W, "balance < 0");
    assert_eq!(hand.playhead(), 233, "v7");
    assert!(hand.says(Role::Status, "1 result, true v7"));
    hand.picture("large-question");
    hand.all_within(&[]);
    hand.key(NONE, Key::C);
    let cause = "CouponRetried, customer-0311 version 3, 1 cause, 1 effect";
    assert!(hand.says(Role::TreeItem, cause));
    hand.picture("large-graph");
    hand.all_within(&[]);
    hand.key(COMMAND, Key::E);
    hand.picture("large-report");
    hand.all_within(&["Add roll-forward"]);
    hand.key(NONE, Key::Enter);
    assert!(
        home.path()
            .join("annals-report-Sample-history.html")
            .exists()
    );
    hand.took(5, 5);
}
