//! Two histories held against each other: the same one in several formats is equal, every change is found.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::Path;
use std::sync::Arc;

use annals::audit::{CompareOptions, Comparison, DifferenceKind, Watch, compare};
use annals::history::History;
use annals::ingest::open;
use annals::source::{OpenOptions, Source};

fn file(path: impl AsRef<Path>) -> Arc<History> {
    let source = Source::File(path.as_ref().to_owned());
    open(&source, &OpenOptions::default(), &Arc::default()).unwrap()
}

fn text(lines: &str) -> Arc<History> {
    let source = Source::Text {
        name: "events.ndjson".to_owned(),
        bytes: lines.as_bytes().into(),
    };
    open(&source, &OpenOptions::default(), &Arc::default()).unwrap()
}

fn log(name: &str) -> Arc<History> {
    file(Path::new("tests/fixtures/logs").join(name))
}

fn export(name: &str) -> Arc<History> {
    file(Path::new("tests/fixtures/exports").join(name))
}

fn compared(a: &History, b: &History, types: &[(&str, &str)]) -> Comparison {
    let watch = Watch {
        cancel: &|| false,
        records_read: &|_| (),
    };
    let types = types
        .iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect();
    compare(a, b, &CompareOptions { types }, &watch).unwrap()
}

#[test]
fn the_same_events_in_different_formats_compare_equal() {
    let names = [
        "events.ndjson",
        "events.json",
        "events.ndjson.gz",
        "emmett_emt_messages.csv",
        "ssms_results_with_headers.csv",
    ];
    let logs: Vec<(&str, Arc<History>)> = names.into_iter().map(|name| (name, log(name))).collect();
    for (name_a, a) in &logs {
        for (name_b, b) in &logs {
            let found = compared(a, b, &[]);
            assert!(
                found.is_same(),
                "{name_a} and {name_b}: {:?}",
                found.first_divergence
            );
            assert_eq!(found.same, 55, "{name_a} and {name_b}");
            assert!(
                found.compared.iter().any(|what| what == "id"),
                "{name_a} and {name_b}"
            );
        }
    }
}

/// The same history as it leaves other stores and tools, each held against the lines of JSON.
const EXPORTS: &[&str] = &[
    "chunk-000000.000000",
    "console_consumer.txt",
    "events.arrow",
    "events.parquet",
    "for_json_path.json",
    "kcat_J.ndjson",
    "kcat_f.txt",
    "orders-0/00000000000000000000.log",
];

#[test]
fn the_same_history_in_two_formats_compares_equal() {
    let plain = log("events.ndjson");
    for name in EXPORTS {
        let found = compared(&plain, &export(name), &[]);
        let first = &found.first_divergence;
        assert!(found.is_same(), "{name}: {first:?}");
        assert_eq!(found.same, 55, "{name}");
    }
}

#[test]
fn types_may_have_other_names() {
    let (a, b) = (
        log("events.ndjson"),
        std::fs::read_to_string("tests/fixtures/logs/events.ndjson").unwrap(),
    );
    let b = text(&b.replace("\"OrderPlaced\"", "\"order_placed\""));
    let found = compared(&a, &b, &[]);
    assert_eq!((found.same, found.different), (46, 9));
    assert_eq!(found.items[0].fields, ["type"]);
    assert!(compared(&a, &b, &[("OrderPlaced", "order_placed")]).is_same());
}

/// Two streams, each with versions from 0, and ids.
fn lines() -> Vec<String> {
    let line = |n: usize| {
        let (stream, version) = (n % 2, n / 2);
        format!(
            "{{\"stream\":\"order-{stream}\",\"version\":{version},\"type\":\"Changed\",\"id\":\"e{n}\",\"time\":\"2024-03-01T08:00:{n:02}Z\",\"data\":{{\"total\":{n},\"note\":\"n{n}\"}}}}"
        )
    };
    (0..12).map(line).collect()
}

fn against(changed: &[String]) -> Comparison {
    compared(&text(&lines().join("\n")), &text(&changed.join("\n")), &[])
}

#[test]
fn what_is_missing_is_only_on_one_side() {
    let mut changed = lines();
    changed.remove(5);
    let found = against(&changed);
    assert_eq!(
        (found.same, found.only_a, found.n_differences()),
        (11, 1, 1)
    );
    let first = found.first_divergence.unwrap();
    assert_eq!(
        (first.kind, first.position_a, first.event_id.as_deref()),
        (DifferenceKind::OnlyA, Some(5), Some("e5"))
    );
    assert_eq!(found.streams.len(), 1);
    assert_eq!(found.streams[0].stream, "order-1");
    let back = compared(&text(&changed.join("\n")), &text(&lines().join("\n")), &[]);
    assert_eq!((back.same, back.only_b, back.n_differences()), (11, 1, 1));
}

#[test]
fn a_stream_that_lost_its_first_event_is_not_all_different() {
    let mut changed = lines();
    changed.remove(0);
    let found = against(&changed);
    assert_eq!(
        (found.same, found.only_a, found.n_differences()),
        (11, 1, 1)
    );
}

#[test]
fn what_was_changed_is_named_by_field() {
    let mut changed = lines();
    changed[7] = changed[7].replace("\"total\":7", "\"total\":70");
    let found = against(&changed);
    assert_eq!(
        (found.same, found.different, found.n_differences()),
        (11, 1, 1)
    );
    assert_eq!(found.items[0].fields, ["/total"]);
    assert_eq!(found.items[0].sentence(), "order-1@3 differs in /total");
    let mut rewritten = lines();
    rewritten[7] = rewritten[7].replace("\"total\":7", "\"total\": 7.0");
    assert!(against(&rewritten).is_same());
}

#[test]
fn what_stands_elsewhere_is_reordered() {
    let mut across = lines();
    across.swap(4, 5);
    let found = against(&across);
    assert_eq!(
        (found.same, found.reordered, found.n_differences()),
        (11, 1, 1)
    );
    assert_eq!(found.order_differs_from, Some(4));
    assert_eq!(found.first_divergence.unwrap().position_a, Some(4));
    // Within a stream the versions tell: each of the two carries the other's content.
    let mut within = lines();
    let (a, b) = (within[4].clone(), within[6].clone());
    within[4] = b.replace("\"version\":3", "\"version\":2");
    within[6] = a.replace("\"version\":2", "\"version\":3");
    let found = against(&within);
    assert_eq!(
        (found.same, found.reordered, found.n_differences()),
        (10, 2, 2)
    );
}

#[test]
fn a_stream_that_only_one_side_has_counts_event_by_event() {
    let changed: Vec<String> = lines()
        .into_iter()
        .filter(|line| line.contains("order-0"))
        .collect();
    let found = against(&changed);
    assert_eq!((found.same, found.only_a, found.n_differences()), (6, 6, 6));
}

#[test]
fn without_versions_one_event_less_is_one_difference() {
    let plain: Vec<String> = lines()
        .into_iter()
        .map(|line| line.replace("\"version\"", "\"n\""))
        .collect();
    let mut changed = plain.clone();
    changed.remove(3);
    let found = compared(&text(&plain.join("\n")), &text(&changed.join("\n")), &[]);
    assert_eq!(
        (found.same, found.only_a, found.n_differences()),
        (11, 1, 1),
        "{:?}",
        found.items
    );
}
