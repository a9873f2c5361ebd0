//! Schema drift: when a number became text, which fields came and went, and what is kept of each.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::process::Command;

use annals::audit::{
    Drift, DriftChangeKind, FieldKind, MAX_PATHS_OF_TYPE, Status, TypeDrift, Watch, drift_of,
};
use annals::history::History;

#[path = "support/records.rs"]
mod records;

use records::{Record, audit, event, history};

fn drift(history: &History) -> Drift {
    let watch = Watch {
        cancel: &|| false,
        records_read: &|_| (),
    };
    drift_of(history, &watch).unwrap()
}

/// Events of one type, a day apart, that say what `data` makes of their number.
fn days(n: usize, data: impl Fn(usize) -> String) -> Vec<Record> {
    let time = |n: usize| format!("2024-{:02}-{:02}T12:00:00Z", 1 + n / 28, 1 + n % 28);
    (0..n)
        .map(|nr| {
            event("order-1", i64::try_from(nr).unwrap())
                .named("OrderPlaced")
                .at(&time(nr))
                .id(&format!("event-{nr}"))
                .stored_at(&nr.to_string())
                .says(&data(nr))
        })
        .collect()
}

fn paths(shape: &TypeDrift) -> Vec<&str> {
    shape
        .fields
        .iter()
        .map(|field| field.path.as_str())
        .collect()
}

#[test]
fn the_day_a_number_became_text_is_found_with_its_event() {
    let data = |nr: usize| match nr {
        0..120 => format!("{{\"total\":{nr}.50}}"),
        _ => format!("{{\"total\":\"{nr}.50\"}}"),
    };
    let history = history(&days(160, data));
    let found = drift(&history);
    let [change] = found.changes.as_slice() else {
        panic!("{:?}", found.changes);
    };
    assert_eq!(change.position.0, 120);
    assert_eq!(change.what, DriftChangeKind::Kind);
    assert_eq!(
        (change.old, change.new),
        (Some(FieldKind::Number), Some(FieldKind::Text))
    );
    assert_eq!(
        (change.n_before, change.n_after, change.is_final),
        (120, 40, true)
    );
    assert_eq!(change.sentence(), "OrderPlaced total: number to text");
    let field = &found.types[0].fields[0];
    assert_eq!(field.kinds[0].example, "0.50");
    assert_eq!(field.kinds[1].example, "\"120.50\"");
    assert_eq!(field.kinds[1].first_time, history.log.time(change.position));
    // Columns are weeks, and count every event once.
    assert_eq!(field.by_column.iter().sum::<u32>(), 160);
    assert_eq!(field.kinds[0].by_column.iter().sum::<u32>(), 120);
    assert_eq!(field.kind_in(0), Some(FieldKind::Number));
    assert_eq!(
        field.kind_in(found.columns.len() - 1),
        Some(FieldKind::Text)
    );
    let audit = audit(&history);
    let check = audit.checks.iter().find(|check| check.id == "schema-drift");
    assert_eq!(check.unwrap().status, Status::Warning);
    let finding = audit
        .findings
        .iter()
        .find(|found| found.check == "schema-drift");
    let finding = finding.unwrap();
    assert_eq!((finding.position, finding.count), (Some(120), 40));
    assert_eq!(audit.drift.as_deref(), Some(&found));
}

#[test]
fn fields_that_come_go_and_may_be_null_are_told_apart() {
    let data = |nr: usize| {
        let channel = if nr >= 30 { ",\"channel\":\"web\"" } else { "" };
        let fax = if nr < 50 { ",\"fax\":1" } else { "" };
        let note = if nr % 40 == 39 { "null" } else { "\"x\"" };
        let rare = if nr == 60 { ",\"rare\":true" } else { "" };
        format!("{{\"note\":{note}{channel}{fax}{rare},\"lines\":[{{\"p\":1}},{{\"p\":\"2\"}}]}}")
    };
    let found = drift(&history(&days(100, data)));
    let said: Vec<(&str, DriftChangeKind, u32)> = found
        .changes
        .iter()
        .map(|change| (change.path.as_str(), change.what, change.position.0))
        .collect();
    assert_eq!(
        said,
        [
            ("channel", DriftChangeKind::Appears, 30),
            ("note", DriftChangeKind::Nullable, 39),
            ("fax", DriftChangeKind::Vanishes, 49),
        ]
    );
    let shape = &found.types[0];
    assert_eq!(
        paths(shape),
        [
            "note",
            "fax",
            "lines",
            "lines[]",
            "lines[].p",
            "channel",
            "rare"
        ]
    );
    // Both kinds of one list are counted once an event, and mixed from the beginning is no change.
    let price = &shape.fields[4];
    assert_eq!(
        price.kinds.iter().map(|seen| seen.n).collect::<Vec<_>>(),
        [100, 100]
    );
    assert_eq!(price.n, 100);
}

#[test]
fn an_object_whose_keys_are_ids_is_one_field_and_many_fields_are_not_all_followed() {
    let data = |nr: usize| format!("{{\"rates\":{{\"id-{nr}\":{{\"v\":{nr}}}}},\"n\":1}}");
    let found = drift(&history(&days(200, data)));
    let shape = &found.types[0];
    assert_eq!(paths(shape), ["rates", "rates.{*}", "rates.{*}.v", "n"]);
    assert_eq!(shape.fields[1].n, 200);
    assert_eq!(shape.fields[2].kinds[0].first.0, 0);
    assert!(found.partial.is_empty());
    assert!(found.changes.is_empty(), "{:?}", found.changes);

    let letters = |mut nr: usize| {
        let mut text = String::new();
        for _ in 0..4 {
            text.push(char::from(b'a' + u8::try_from(nr % 26).unwrap()));
            nr /= 26;
        }
        text
    };
    let wide = |nr: usize| {
        let members: Vec<String> = (0..40)
            .map(|n| format!("\"{}\":1", letters(nr * 40 + n)))
            .collect();
        format!("{{{}}}", members.join(","))
    };
    let found = drift(&history(&days(100, wide)));
    assert_eq!(found.types[0].fields.len(), MAX_PATHS_OF_TYPE);
    assert_eq!(found.partial.len(), 1);
}

#[test]
fn the_command_line_says_types_that_no_rule_handles() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let lines = "{\"stream\":\"a-1\",\"version\":0,\"type\":\"Opened\",\"data\":{\"n\":1}}\n\
                 {\"stream\":\"a-1\",\"version\":1,\"type\":\"Forgotten\",\"data\":{\"n\":\"x\"}}\n";
    std::fs::write(path("events.ndjson"), lines).unwrap();
    std::fs::write(
        path("rules.js"),
        "fromAll().foreachStream().when({ Opened(s, e) { return { n: e.data.n }; } })",
    )
    .unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_annals"))
        .args([
            "drift",
            &path("events.ndjson"),
            "--rules",
            &path("rules.js"),
            "--json",
        ])
        .output()
        .unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["types"][0]["handled"], true);
    assert_eq!(answer["types"][1]["handled"], false);
    let kind = &answer["types"][1]["fields"][0]["kinds"][0];
    assert_eq!(kind["kind"], "text");
    assert_eq!(kind["example"], "\"x\"");
    assert_eq!(kind["first"]["position"], 1);
}
