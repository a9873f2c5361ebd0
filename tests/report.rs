//! Reports: harmless whatever the file says, the same bytes each time, and all of it on one page.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::sync::Arc;

use annals::event::json::JsonPath;
use annals::event::{Position, Problems, Timestamp, Zone};
use annals::fold::{Folder, Merge};
use annals::history::{Axis, History};
use annals::projection::{Slicing, StackedAsk, events_by_type, suggest_field};
use annals::report::{Plots, Report, ReportAsk, html, json, markdown};

#[path = "support/records.rs"]
mod records;

use records::{Record, audit, event, history, history_with};

fn ask() -> ReportAsk {
    ReportAsk {
        title: String::new(),
        zone: Zone::Utc,
        as_of: None,
        command: "annals report events.ndjson -o report.html".to_owned(),
        program: "Annals 0.1.0".to_owned(),
        made_at: Timestamp::parse("2025-01-02T03:04:05Z").unwrap().time,
        made_by: None,
    }
}

fn report_of(history: History, ask: ReportAsk) -> Report {
    let history = Arc::new(history);
    let folder = Folder::new(Arc::clone(&history), Arc::new(Merge));
    let plots = Plots::make(&folder, ask.as_of, None, ask.zone, &|| false);
    Report::new(&history, audit(&history), plots, ask)
}

/// An account whose balance moves, an order beside it, and a gap.
fn small() -> Vec<Record> {
    let balances = ["100.00", "50.00", "-20.50", "80"];
    let mut records: Vec<Record> = (0..)
        .zip(balances)
        .map(|(version, balance)| {
            event("account-1", version)
                .named("BalanceMoved")
                .at(&format!("2024-03-0{}T08:00:00Z", version + 1))
                .says(&format!(r#"{{"balance":{balance},"seen_at":{version}}}"#))
        })
        .collect();
    records.push(
        event("order-1", 0)
            .named("OrderPlaced")
            .at("2024-03-05T09:00:00Z")
            .id("o0"),
    );
    records.push(
        event("order-1", 2)
            .named("OrderShipped")
            .at("2024-03-06T09:00:00Z")
            .id("o2"),
    );
    records
}

const HOSTILE: &str = "<script>alert(1)</script>\"'&\u{202e}\u{7}-]](javascript:x)|`";

fn hostile() -> History {
    let mut problems = Problems::default();
    problems.lose(HOSTILE, HOSTILE, HOSTILE);
    let record = |version| {
        let data = format!("{{{}: {version}}}", serde_json::to_string(HOSTILE).unwrap());
        event(HOSTILE, version)
            .named(HOSTILE)
            .id(HOSTILE)
            .stored_at(HOSTILE)
            .at("2024-03-01T08:00:00Z")
            .says(&data)
    };
    let mut history = history_with(&[record(0), record(2), record(3)], problems);
    history.about.format_name = HOSTILE.to_owned();
    history.about.opened = HOSTILE.to_owned();
    history.about.mapping = vec![(HOSTILE.to_owned(), HOSTILE.to_owned())];
    history
}

#[test]
fn hostile_names_stay_text_in_every_part_of_the_page() {
    let mut asked = ask();
    asked.title = HOSTILE.to_owned();
    asked.command = HOSTILE.to_owned();
    let page = html(&report_of(hostile(), asked));
    assert!(!page.contains("<script") && !page.contains("javascript:x\""));
    assert!(!page.contains(['\u{202e}', '\u{7}']));
    assert!(page.contains(r"&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\u202e\u0007"));
    assert!(
        page.contains("State over time"),
        "the hostile field is plotted too"
    );
}

#[test]
fn the_page_allows_no_scripts_and_loads_nothing() {
    let page = html(&report_of(history(&small()), ask()));
    assert!(
        page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"")
    );
    for loading in [
        "<script",
        "src=",
        "url(",
        "@import",
        "<link",
        "<iframe",
        "href=\"http",
        "onload",
    ] {
        assert!(!page.contains(loading), "{loading}");
    }
}

#[test]
fn every_element_of_the_page_is_closed() {
    for history in [hostile(), history(&small()), history(&[])] {
        well_formed(&html(&report_of(history, ask())));
    }
}

/// Reads the page as XML would: tags nest, attributes are quoted; `meta` and `!doctype` stand alone.
#[track_caller]
fn well_formed(page: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let end = at + rest[at..].find('>').expect("a tag ends");
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        assert!(
            !tag.contains('<') && tag.matches('"').count().is_multiple_of(2),
            "{tag}"
        );
        let name = tag
            .trim_start_matches('/')
            .split([' ', '/'])
            .next()
            .unwrap();
        if let Some(closing) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closing), "{tag}");
        } else if !tag.ends_with('/') && !matches!(name, "meta" | "!doctype") {
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

#[test]
fn the_same_input_gives_the_same_bytes_but_for_the_time_of_the_run() {
    let first = html(&report_of(history(&small()), ask()));
    assert_eq!(first, html(&report_of(history(&small()), ask())));
    let mut later = ask();
    later.made_at = Timestamp(later.made_at.0 + 86_400_000_000_000);
    let second = html(&report_of(history(&small()), later));
    let differing: Vec<&str> = first
        .lines()
        .zip(second.lines())
        .filter(|(a, b)| a != b)
        .map(|(a, _)| a)
        .collect();
    assert_eq!(
        differing,
        ["<p id=\"run\">Prepared on 2025-01-02 03:04:05 with Annals 0.1.0</p>"]
    );
}

#[test]
fn the_page_holds_what_an_auditor_asks_for() {
    let page = html(&report_of(history(&small()), ask()));
    for part in [
        "9f2c61ab04d7e3b81c5590d2ae77b640f3a18c02e9d64b577d10c4aa5e92f03b",
        "1 of 12 checks failed",
        "Version 1 is missing from order-1",
        "order-1 v2 \u{b7} id o2 \u{b7} events.ndjson:6",
        "6 + 0 = 6",
        "Payload merge",
        "4 changes, UTC. 4 points, lowest -20.50 on 2024-03-03, highest 100.00 on 2024-03-01",
        "the source gives events no numbers of its own",
        "<code>payload</code>",
        "annals report events.ndjson -o report.html",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn an_empty_history_has_a_report_too() {
    let page = html(&report_of(history(&[]), ask()));
    assert!(page.contains("No check that ran has a finding") && !page.contains("<svg"));
}

#[test]
fn the_table_of_categories_stands_at_the_point_asked_for() {
    let mut asked = ask();
    asked.as_of = Some(Position(4));
    let report = report_of(history(&small()), asked);
    let rows: Vec<(&str, u64, u64)> = report
        .categories
        .iter()
        .map(|row| (row.category.as_str(), row.streams, row.events))
        .collect();
    assert_eq!(rows, [("account", 1, 4), ("order", 1, 1)]);
    assert!(html(&report).contains("Categories as of #4"));
}

#[test]
fn a_small_report_as_markdown() {
    insta::assert_snapshot!(markdown(&report_of(history(&small()), ask())));
}

#[test]
fn a_small_report_as_a_page() {
    insta::assert_snapshot!(html(&report_of(history(&small()), ask())));
}

#[test]
fn markdown_holds_no_markup_of_the_file() {
    let text = markdown(&report_of(hostile(), ask()));
    assert!(!text.contains("<script") && !text.contains("](") && !text.contains('\u{202e}'));
}

#[test]
fn the_json_reads_back_with_all_findings() {
    let report = report_of(history(&small()), ask());
    let value: serde_json::Value = serde_json::from_str(&json(&report)).unwrap();
    assert_eq!(
        value["findings"].as_array().unwrap().len(),
        report.audit.findings.len()
    );
    assert_eq!(value["plots"]["field"]["points"][2][1], "-20.50");
    assert_eq!(value["checks"][2]["title"], "Versions have no gaps");
}

#[test]
fn the_suggested_field_is_the_amount_that_moves() {
    let history = Arc::new(history(&small()));
    let folder = Folder::new(history, Arc::new(Merge));
    let choice = suggest_field(&folder, &|| false).unwrap();
    assert_eq!(
        (choice.path, choice.changes),
        (JsonPath::parse("balance").unwrap(), 3)
    );
}

#[test]
fn stacked_counts_are_all_events_with_the_small_types_together() {
    let records: Vec<Record> = (0..200)
        .map(|n| {
            event("a-1", n)
                .named(&format!("T{}", n % 20))
                .at(&format!("2024-03-{:02}T08:00:00Z", n / 10 + 1))
        })
        .collect();
    let log = history(&records).log;
    let range = log.time_range().unwrap();
    for (axis, range) in [
        (Axis::Time, (range.0.0, range.1.0)),
        (Axis::Sequence, (0, 199)),
    ] {
        let ask = StackedAsk {
            axis,
            range,
            slicing: Slicing::Columns(30),
            zone: Zone::Utc,
        };
        let stacked = events_by_type(&log, &ask);
        assert_eq!(stacked.counts.iter().sum::<u32>(), 200);
        assert_eq!((stacked.groups.len(), stacked.group_total(11)), (12, 90));
        assert_eq!(stacked.groups[11].event_type, None);
        assert!(stacked.n_columns() <= 30);
    }
}
