//! Reports: harmless whatever the file says, the same bytes each time, and all of it on one page.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::sync::Arc;

use annals::event::json::JsonPath;
use annals::event::{Problems, Timestamp, Zone};
use annals::fold::{Folder, Merge};
use annals::history::{Axis, History};
use annals::projection::{Slicing, StackedAsk, events_by_type, suggest_field};
use annals::report::{
    Form, Manifest, Noted, Opening, Report, ReportAsk, ReportSection, ReportSettings, StreamNamed,
    TableWanted, html, json, markdown, verify,
};

#[path = "support/records.rs"]
mod records;

use records::{Record, audit, event, history, history_with};

fn ask() -> ReportAsk {
    ReportAsk {
        settings: ReportSettings::default(),
        zone: Zone::Utc,
        command: "annals report events.ndjson -o report.html\nannals report --verify report.html events.ndjson".to_owned(),
        program: "Annals 0.1.0".to_owned(),
        made_at: Timestamp::parse("2025-01-02T03:04:05Z").unwrap().time,
        made_by: None,
        opening: Opening::default(),
    }
}

/// What is asked for with these settings.
fn with(change: impl FnOnce(&mut ReportSettings)) -> ReportAsk {
    let mut asked = ask();
    change(&mut asked.settings);
    asked
}

fn report_of(history: History, ask: &ReportAsk) -> Report {
    let history = Arc::new(history);
    let folder = Folder::new(Arc::clone(&history), Arc::new(Merge));
    Report::gather(&folder, audit(&history), ask, &|| false).unwrap()
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
    let mut asked = with(|settings| {
        settings.title = HOSTILE.to_owned();
        settings.case = HOSTILE.to_owned();
        settings.note = HOSTILE.to_owned();
        settings.bookmarks = vec![Noted {
            position: 1,
            name: HOSTILE.to_owned(),
            note: HOSTILE.to_owned(),
        }];
        settings.explained = vec![stream(HOSTILE)];
        settings.tables = vec![TableWanted {
            category: HOSTILE.to_owned(),
            columns: Vec::new(),
        }];
    });
    asked.command = HOSTILE.to_owned();
    asked.made_by = Some(HOSTILE.to_owned());
    let page = html(&report_of(hostile(), &asked));
    assert_eq!(page.matches("<script").count(), 1, "the manifest alone");
    assert!(!page.contains("javascript:x\""));
    assert!(!page.contains(['\u{202e}', '\u{7}']));
    assert!(page.contains(r"&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\u202e\u0007"));
    assert!(
        page.contains("State over time"),
        "the hostile field is plotted too"
    );
}

#[test]
fn the_page_allows_no_scripts_and_loads_nothing() {
    let page = html(&report_of(history(&small()), &ask()));
    assert!(
        page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    );
    let data = "<script type=\"application/json\" id=\"manifest\">";
    assert_eq!(page.matches("<script").count(), page.matches(data).count());
    for loading in [
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
        well_formed(&html(&report_of(history, &ask())));
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
    let first = html(&report_of(history(&small()), &ask()));
    assert_eq!(first, html(&report_of(history(&small()), &ask())));
    let mut later = ask();
    later.made_at = Timestamp(later.made_at.0 + 86_400_000_000_000);
    later.made_by = Some("M. Ito".to_owned());
    let second = html(&report_of(history(&small()), &later));
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
    let page = html(&report_of(history(&small()), &ask()));
    for part in [
        "9f2c61ab04d7e3b8 1c5590d2ae77b640 f3a18c02e9d64b57 7d10c4aa5e92f03b",
        "9f2c61ab04d7e3b81c5590d2ae77b640f3a18c02e9d64b577d10c4aa5e92f03b",
        "checks failed",
        "Version 1 is missing from order-1",
        "order-1 v2 \u{b7} id o2 \u{b7} events.ndjson:6",
        "6 + 0 = 6",
        "Payload merge",
        "no state of the application. 4 changes",
        "<code class=\"bad\" data-figure=\"state.least\">-20.50</code>",
        "<a href=\"#e2\" title=\"events.ndjson#2\">#2</a>",
        "<div id=\"e2\">",
        "{&quot;balance&quot;:-20.50,&quot;seen_at&quot;:2}",
        "type=BalanceMoved",
        "the source gives events no numbers of its own",
        "<code>payload</code>",
        "annals report events.ndjson -o report.html",
        "annals report --verify report.html events.ndjson",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

fn stream(name: &str) -> StreamNamed {
    StreamNamed {
        name: name.to_owned(),
        category: None,
    }
}

#[test]
fn a_report_holds_against_itself_in_every_form() {
    for (form, ending, _) in Form::ALL {
        let text = form.write(&report_of(history(&small()), &ask()));
        let manifest = Manifest::find(&text).unwrap();
        let mut later = ask();
        later.made_at = Timestamp(0);
        later.made_by = Some("somebody else".to_owned());
        let found = verify(&text, &manifest, &report_of(history(&small()), &later));
        assert!(found.holds(), "{ending}: {found:?}");
        assert!(found.held > 60, "{ending}: {}", found.held);
    }
}

#[test]
fn what_another_history_says_is_named_and_a_changed_text_too() {
    let text = html(&report_of(history(&small()), &ask()));
    let manifest = Manifest::find(&text).unwrap();
    let mut records = small();
    records[2] = records[2].clone().says(r#"{"balance":-20.51,"seen_at":2}"#);
    let found = verify(&text, &manifest, &report_of(history(&records), &ask()));
    let ids: Vec<&str> = found.broken.iter().map(|one| one.id.as_str()).collect();
    for id in [
        "evidence.log_root",
        "state.least",
        "plot.state",
        "record.2.data",
    ] {
        assert!(ids.contains(&id), "{id} is not in {ids:?}");
    }
    assert!(!ids.contains(&"population.events") && !ids.contains(&"check.version-gap"));

    let changed = text
        .replacen("1 gap", "no gap", 1)
        .replacen("6 + 0 = 6", "5 + 0 = 5", 1);
    let found = verify(&changed, &manifest, &report_of(history(&small()), &ask()));
    assert!(found.broken.is_empty() && found.text.is_some(), "{found:?}");
}

#[test]
fn sections_can_be_left_out_and_a_period_is_what_numbers_are_of() {
    let asked = with(|settings| {
        let out = [
            ReportSection::Activity,
            ReportSection::Records,
            ReportSection::Evidence,
        ];
        settings.without.extend(out);
        (settings.from, settings.until) = (Some(1), Some(3));
    });
    let report = report_of(history(&small()), &asked);
    let page = html(&report);
    assert!(!page.contains("id=\"activity\"") && !page.contains("class=\"record\""));
    assert!(page.contains("id=\"evidence\""), "cannot be left out");
    assert!(page.contains("Period: #1 to #3, 3 events"));
    assert_eq!(
        (report.population.events, report.population.streams),
        (3, 1)
    );
    assert!(
        page.contains("1 outside the period"),
        "the gap lies behind it"
    );
}

#[test]
fn differences_name_the_events_and_tell_them_in_sentences() {
    let asked = with(|settings| {
        (settings.from, settings.until) = (Some(2), Some(3));
        settings.explained = vec![stream("account-1"), stream("nobody")];
        settings.tables = vec![TableWanted {
            category: "account".to_owned(),
            columns: vec!["balance".to_owned()],
        }];
        settings.bookmarks = vec![Noted {
            position: 2,
            name: "below zero".to_owned(),
            note: "asked the bank".to_owned(),
        }];
    });
    let page = html(&report_of(history(&small()), &asked));
    for part in [
        "account-1 from v1 to v3",
        "BalanceMoved v3 raised balance from \u{2212}20.50 to 80",
        "<code data-figure=\"as-of.account.account-1.balance\">80</code>",
        "asked the bank",
        "It cannot be explained",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn what_is_masked_is_nowhere_in_any_form() {
    let mut records = small();
    let text = r#"{"holder":{"name":"Jeanne Moreau","iban":"FR7612345"},"balance":5.10}"#;
    records.push(event("account-1", 5).named("Opened").says(text));
    let text = r#"{"said_by":"Jeanne Moreau","email":"j@moreau.example"}"#;
    records.push(event("account-1", 9).named("Opened").says(text));
    let asked = with(|settings| {
        settings.mask = vec!["holder.*".to_owned(), "*mail".to_owned()];
        settings.note = "Jeanne Moreau called".to_owned();
        settings.tables = vec![TableWanted {
            category: "account".to_owned(),
            columns: Vec::new(),
        }];
    });
    let report = report_of(history(&records), &asked);
    for (form, ending, _) in Form::ALL {
        let text = form.write(&report);
        for secret in ["Moreau", "FR7612345", "moreau.example"] {
            assert!(!text.contains(secret), "{secret} in {ending}");
        }
        assert!(
            text.contains("name 1") && text.contains("email 1"),
            "{ending}"
        );
        let manifest = Manifest::find(&text).unwrap();
        assert!(verify(&text, &manifest, &report).holds(), "{ending}");
    }
    assert_eq!(report.masked[0].values, 2);
}

#[test]
fn an_empty_history_has_a_report_too() {
    let page = html(&report_of(history(&[]), &ask()));
    assert!(page.contains("No check that ran has a finding") && !page.contains("class=\"plot\""));
}

#[test]
fn the_table_of_categories_stands_at_the_point_asked_for() {
    let asked = with(|settings| settings.until = Some(4));
    let report = report_of(history(&small()), &asked);
    let rows: Vec<(&str, u64, u64)> = report
        .categories
        .iter()
        .map(|row| (row.name.as_str(), row.streams, row.events))
        .collect();
    assert_eq!(rows, [("account", 1, 4), ("order", 1, 1)]);
    assert!(html(&report).contains("Categories as of #4"));
}

#[test]
fn a_small_report_as_markdown() {
    insta::assert_snapshot!(markdown(&report_of(history(&small()), &ask())));
}

#[test]
fn a_small_report_as_a_page() {
    insta::assert_snapshot!(html(&report_of(history(&small()), &ask())));
}

#[test]
fn markdown_holds_no_markup_of_the_file() {
    let text = markdown(&report_of(hostile(), &ask()));
    // Indented lines and the manifest are text as it is.
    let marked = text.split("\n## Manifest").next().unwrap().lines();
    let marked: Vec<&str> = marked.filter(|line| !line.starts_with("    ")).collect();
    let marked = marked.join("\n");
    assert!(
        !marked.contains("<script") && !marked.contains("]("),
        "{marked}"
    );
    assert!(!text.contains('\u{202e}') && text.matches("```").count() == 2);
}

#[test]
fn the_json_reads_back_with_all_findings() {
    let report = report_of(history(&small()), &ask());
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
