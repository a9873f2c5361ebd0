//! The audit's checks on small histories: each passes, each finds what it is for, causes are named once.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use annals::audit::{
    Audit, AuditOptions, CheckResult, MAX_KEPT, Status, Watch, audit_json, audit_table, grouped,
    run,
};
use annals::event::{Problems, Severity};

#[path = "support/records.rs"]
mod records;

use records::{Record, audit, audit_with, event, evidence, history, history_with};

#[track_caller]
fn check<'a>(audit: &'a Audit, id: &str) -> &'a CheckResult {
    audit.checks.iter().find(|check| check.id == id).unwrap()
}

fn messages(audit: &Audit, id: &str) -> Vec<String> {
    let of_check = audit.findings.iter().filter(|found| found.check == id);
    of_check.map(|found| found.message.clone()).collect()
}

fn statuses(audit: &Audit) -> Vec<(&str, Status)> {
    audit
        .checks
        .iter()
        .map(|check| (check.id, check.status))
        .collect()
}

/// The versions of one stream, in this order.
fn versions(versions: &[i64]) -> Vec<Record> {
    versions
        .iter()
        .map(|version| event("order-1", *version))
        .collect()
}

/// Two streams with everything a store knows; writers of both wrote at the same time.
fn undamaged() -> Vec<Record> {
    let times = ["08:00:02", "08:00:01", "08:00:03", "08:00:03"];
    let places = [
        ("order-1", 0),
        ("order-2", 0),
        ("order-2", 1),
        ("order-1", 1),
    ];
    let with = |(n, ((stream, version), time)): (usize, ((&str, i64), &str))| {
        event(stream, version)
            .named("OrderChanged")
            .at(&format!("2024-03-01T{time}Z"))
            .id(&format!("e{n}"))
            .stored_at(&(n * 10).to_string())
    };
    places
        .into_iter()
        .zip(times)
        .enumerate()
        .map(with)
        .collect()
}

/// What a plain store has nothing for.
const SKIPPED: [&str; 16] = [
    "file-integrity",
    "stream-head",
    "cause-latency",
    "snapshot-replay",
    "position-gap",
    "time-order",
    "implausible-time",
    "cause-cycle",
    "effect-before-cause",
    "missing-cause",
    "snapshot-ahead",
    "hash-chain",
    "signatures",
    "receipt",
    "other-copy",
    "invariants",
];

#[test]
fn an_undamaged_store_passes_every_check() {
    let audit = audit(&history(&undamaged()));
    assert!(
        audit.checks.iter().all(|check| match check.status {
            Status::Passed => true,
            // Nothing seals these events, and nothing was asked for.
            Status::Skipped => SKIPPED.contains(&check.id),
            _ => false,
        }),
        "{:?}",
        statuses(&audit)
    );
    assert!(audit.findings.is_empty() && !audit.has_errors());
    assert!(
        audit.checks.iter().all(|check| !check.why.is_empty()),
        "passed names what was covered"
    );
}

#[test]
fn what_a_source_does_not_have_is_skipped_with_a_reason() {
    let mut record = event("order-1", 0);
    record.version = None;
    let audit = audit(&history(&[record]));
    for id in [
        "version-gap",
        "late-start",
        "position-order",
        "duplicate-id",
        "time-in-stream",
        "future-time",
    ] {
        let result = check(&audit, id);
        assert_eq!(result.status, Status::Skipped, "{id}");
        assert!(!result.why.is_empty(), "{id}");
    }
    assert_eq!(check(&audit, "completeness").status, Status::Passed);
}

#[test]
fn a_gap_is_found_once_and_placed_at_the_event_after_it() {
    let mut records = versions(&[0, 1, 4, 5]);
    records[2] = event("order-1", 4).id("e4");
    let audit = audit(&history(&records));
    assert_eq!(
        messages(&audit, "version-gap"),
        ["Versions 2 and 3 are missing from order-1"]
    );
    let found = &audit.findings[0];
    assert_eq!(
        (found.position, found.version, found.count),
        (Some(2), Some(4), 2)
    );
    assert_eq!(found.event_id.as_deref(), Some("e4"));
    assert_eq!(found.place.as_deref(), Some("events.ndjson:3"));
    assert!(audit.has_errors());
}

#[test]
fn versions_that_only_stand_in_another_order_leave_no_gap() {
    let audit = audit(&history(&versions(&[0, 2, 1, 3])));
    assert_eq!(check(&audit, "version-gap").status, Status::Passed);
    assert_eq!(check(&audit, "duplicate-version").status, Status::Passed);
    assert_eq!(
        messages(&audit, "version-order"),
        ["Version 1 stands after version 2 in order-1"]
    );
}

#[test]
fn a_version_used_twice_is_a_duplicate_and_no_disorder() {
    let audit = audit(&history(&versions(&[0, 1, 2, 1, 2, 3])));
    assert_eq!(
        messages(&audit, "duplicate-version"),
        ["Versions 1 to 2 are used twice in order-1"]
    );
    assert_eq!(audit.findings[0].position, Some(3));
    assert_eq!(check(&audit, "version-order").status, Status::Passed);
    assert_eq!(check(&audit, "version-gap").status, Status::Passed);
}

#[test]
fn an_event_without_a_readable_version_explains_the_gap_it_leaves() {
    let mut records = versions(&[0, 1, 2, 3]);
    records[2].version = None;
    assert_eq!(
        check(&audit(&history(&records)), "version-gap").status,
        Status::Passed
    );
    let mut records = versions(&[0, 1, 2, 4]);
    records[2].version = None;
    assert_eq!(check(&audit(&history(&records)), "version-gap").findings, 1);
}

#[test]
fn streams_that_start_late_are_one_cause() {
    let mut records: Vec<Record> = (0..40).map(|n| event(&format!("order-{n}"), 1)).collect();
    records.extend((0..31).map(|n| event(&format!("late-{n}"), 4)));
    let audit = audit(&history(&records));
    assert_eq!(check(&audit, "late-start").status, Status::Warning);
    assert_eq!(check(&audit, "late-start").findings, 31);
    let groups = grouped(&audit.findings);
    assert_eq!(groups.len(), 1);
    assert_eq!(
        groups[0].message,
        "31 streams start above version 1: the export seems to begin later"
    );
    assert!(!audit.has_errors());
}

#[test]
fn store_positions_must_rise_and_not_repeat() {
    let numbers = ["1", "5", "5", "4", "9"];
    let records: Vec<Record> = (0..)
        .zip(numbers)
        .map(|(version, at)| event("a-1", version).stored_at(at))
        .collect();
    let audit = audit(&history(&records));
    assert_eq!(
        messages(&audit, "position-order"),
        [
            "Store position 5 is used twice",
            "Store position 4 stands after 5"
        ]
    );
    assert_eq!(check(&audit, "position-order").status, Status::Failed);
}

#[test]
fn an_event_delivered_twice_is_a_warning_and_an_id_used_again_an_error() {
    let twice = [
        event("a-1", 0).id("x"),
        event("a-1", 0).id("x"),
        event("a-1", 1).id("y"),
    ];
    let audit_of_twice = audit(&history(&twice));
    assert_eq!(
        check(&audit_of_twice, "duplicate-id").status,
        Status::Warning
    );
    assert_eq!(
        messages(&audit_of_twice, "duplicate-id"),
        ["Event x is delivered twice, #0 is the same"]
    );
    let again = [
        event("a-1", 0).id("x"),
        event("a-1", 1).id("x").says(r#"{"n":2}"#),
    ];
    let audit = audit(&history(&again));
    assert_eq!(check(&audit, "duplicate-id").status, Status::Failed);
    assert_eq!(audit.findings[0].event_id.as_deref(), Some("x"));
}

#[test]
fn duplicate_ids_are_found_among_many_with_events_without_ids_between() {
    let id_of = |n: i64| if n == 4_999 { 18 } else { n };
    let records: Vec<Record> = (0..5_000)
        .map(|n| {
            if n % 7 == 3 {
                event("a-1", n)
            } else {
                event("a-1", n).id(&format!("id{}", id_of(n)))
            }
        })
        .collect();
    let audit = audit(&history(&records));
    assert_eq!(check(&audit, "duplicate-id").findings, 1);
    assert_eq!(audit.findings[0].position, Some(4_999));
}

#[test]
fn a_bounded_comparison_of_ids_says_that_it_is_partial() {
    let records: Vec<Record> = (0..10)
        .map(|n| event("a-1", n).id(&format!("e{n}")))
        .collect();
    let options = AuditOptions {
        max_fingerprints: 4,
        ..AuditOptions::default()
    };
    let audit = audit_with(&history(&records), &options);
    assert_eq!(
        check(&audit, "duplicate-id").why,
        "partial: the first 4 ids, 6 not compared"
    );
}

#[test]
fn time_that_goes_back_is_found_within_a_stream_only() {
    let records = [
        event("a-1", 0).at("2024-01-01T00:00:10Z"),
        event("b-1", 0).at("2024-01-01T00:00:01Z"),
        event("a-1", 1).at("2024-01-01T00:00:09.158Z"),
    ];
    let audit = audit(&history(&records));
    assert_eq!(
        messages(&audit, "time-in-stream"),
        ["Time goes back by 842 ms in a-1"]
    );
    assert_eq!(check(&audit, "time-in-stream").status, Status::Warning);
}

#[test]
fn a_time_after_the_last_write_lies_in_the_future() {
    let records = [
        event("a-1", 0).at("2024-12-31T23:59:59Z"),
        event("a-1", 1).at("2025-01-01T01:00:00Z"),
    ];
    let history = history(&records);
    let audit = audit(&history);
    assert_eq!(
        messages(&audit, "future-time"),
        ["The event's time is 1 h 00 m after the file's last write"]
    );
    assert_eq!(audit.findings[0].position, Some(1));
}

#[test]
fn lost_records_are_told_with_their_reasons_and_must_add_up() {
    let mut problems = Problems::default();
    problems.lose("cut-off-line", "line 2", "The line ends in the middle");
    let mut history = history_with(&versions(&[0]), problems);
    let told = audit(&history);
    assert_eq!(
        check(&told, "completeness").why,
        "1 event and 1 skipped of 2 records"
    );
    assert_eq!(
        messages(&told, "completeness"),
        ["line 2: The line ends in the middle"]
    );
    assert_eq!(check(&told, "completeness").status, Status::Warning);
    history.about.n_records = 5;
    assert_eq!(
        check(&audit(&history), "completeness").status,
        Status::Failed
    );
}

#[test]
fn findings_beyond_the_cap_are_counted_exactly() {
    let n_streams = MAX_KEPT + 7;
    let records: Vec<Record> = (0..n_streams)
        .flat_map(|n| [0, 2].map(|version| event(&format!("s-{n}"), version)))
        .collect();
    let audit = audit(&history(&records));
    assert_eq!(check(&audit, "version-gap").findings, n_streams as u64);
    assert_eq!(audit.findings.len(), MAX_KEPT);
    assert!(
        audit
            .findings
            .iter()
            .all(|found| found.severity == Severity::Error)
    );
}

#[test]
fn a_check_that_is_not_wanted_is_listed_as_skipped() {
    let options = AuditOptions {
        without: vec!["version-gap".to_owned()],
        ..AuditOptions::default()
    };
    let audit = audit_with(&history(&versions(&[0, 5])), &options);
    assert_eq!(check(&audit, "version-gap").status, Status::Skipped);
    assert!(audit.findings.is_empty());
}

#[test]
fn a_cancelled_audit_gives_nothing() {
    let history = history(&undamaged());
    let watch = Watch {
        cancel: &|| true,
        records_read: &|_| (),
    };
    assert_eq!(
        run(
            &history,
            evidence(&history),
            &AuditOptions::default(),
            &watch
        ),
        None
    );
}

#[test]
fn progress_ends_at_the_number_of_events() {
    let history = history(&undamaged());
    let last = std::cell::Cell::new(0);
    let watch = Watch {
        cancel: &|| false,
        records_read: &|n| last.set(n),
    };
    run(
        &history,
        evidence(&history),
        &AuditOptions::default(),
        &watch,
    )
    .unwrap();
    assert_eq!(last.get(), 4);
}

#[test]
fn the_json_is_that_of_the_contract() {
    let audit = audit(&history(&[
        event("order-1", 0),
        event("order-1", 2).id("e2"),
    ]));
    let json: serde_json::Value = serde_json::from_str(&audit_json(&audit)).unwrap();
    let keys = |value: &serde_json::Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&json), ["evidence", "checks", "findings"]);
    assert_eq!(
        keys(&json["evidence"]),
        [
            "files",
            "log_root",
            "events",
            "opened",
            "unchanged",
            "population",
            "format",
            "container",
            "mapping",
            "self_check"
        ]
    );
    assert_eq!(
        keys(&json["evidence"]["files"][0]),
        ["name", "bytes", "sha256", "modified"]
    );
    assert_eq!(
        json["evidence"]["files"][0]["modified"],
        "2024-12-31T23:59:59Z"
    );
    assert_eq!(
        keys(&json["checks"][0]),
        ["id", "status", "findings", "why"]
    );
    let digest = json["findings"][0]["digest"].as_str().unwrap();
    assert_eq!(digest.len(), 64);
    let expected = r#"{"check":"version-gap","severity":"error","message":"Version 1 is missing from order-1","stream":"order-1","version":2,"position":1,"event_id":"e2","count":1,"group":null"#;
    assert_eq!(
        json["findings"][0].to_string(),
        format!("{expected},\"digest\":\"{digest}\"}}")
    );
}

#[test]
fn the_table_shows_what_would_steer_a_terminal() {
    let audit = audit(&history(&[
        event("a\u{1b}[2J-\u{202e}1", 0),
        event("a\u{1b}[2J-\u{202e}1", 2),
    ]));
    let table = audit_table(&audit);
    assert!(
        table.contains(r"Version 1 is missing from a\u001b[2J-\u202e1"),
        "{table}"
    );
    assert!(!table.contains(['\u{1b}', '\u{202e}']));
}
