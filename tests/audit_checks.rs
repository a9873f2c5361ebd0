//! The checks of payloads, causes, deletions and saved states: each finds what it is for and no more.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use annals::audit::{Audit, AuditOptions, Status};
use annals::event::{EventDetail, EventReader, Place, ReadError, Version, Want};
use annals::history::{History, SnapshotMark};
use std::sync::Arc;

#[path = "support/records.rs"]
mod records;

use records::{Record, audit, audit_with, event, history};

#[track_caller]
fn status(audit: &Audit, id: &str) -> (Status, u64) {
    let check = audit.checks.iter().find(|check| check.id == id).unwrap();
    (check.status, check.findings)
}

fn said<'a>(audit: &'a Audit, id: &str) -> Vec<(Option<u32>, &'a str)> {
    let found = audit.findings.iter().filter(|found| found.check == id);
    found
        .map(|found| (found.position, found.message.as_str()))
        .collect()
}

/// Thirty events of one type that say something, but for those named.
fn thirty(others: &[(usize, &str)]) -> Vec<Record> {
    let data = |n: usize| {
        let other = others.iter().find(|other| other.0 == n);
        other.map_or_else(|| format!("{{\"n\":{n}}}"), |other| other.1.to_owned())
    };
    (0..30)
        .map(|n| event("order-1", i64::try_from(n).unwrap()).says(&data(n)))
        .collect()
}

#[test]
fn a_payload_of_another_form_than_its_type_is_found() {
    let odd = audit(&history(&thirty(&[(7, "[1]")])));
    assert_eq!(status(&odd, "payload-form"), (Status::Warning, 1));
    assert_eq!(said(&odd, "payload-form")[0].0, Some(7));
    let many: Vec<(usize, &str)> = (0..10).map(|n| (n, "[1]")).collect();
    let many = audit(&history(&thirty(&many)));
    assert_eq!(status(&many, "payload-form"), (Status::Passed, 0));
}

#[test]
fn an_emptied_payload_is_found_where_others_say_something() {
    let emptied = audit(&history(&thirty(&[(3, "{}")])));
    assert_eq!(status(&emptied, "redaction"), (Status::Warning, 1));
    assert_eq!(said(&emptied, "redaction")[0].0, Some(3));
    let all: Vec<(usize, &str)> = (0..30).map(|n| (n, "{}")).collect();
    let all = audit(&history(&thirty(&all)));
    assert_eq!(status(&all, "redaction"), (Status::Passed, 0));
}

#[test]
fn harmed_texts_are_found_and_foreign_ones_are_not() {
    let harmed = audit(&history(&thirty(&[
        (2, "{\"name\":\"caf\u{c3}\u{a9}\"}"),
        (5, "{\"name\":\"x\\ufffd\"}"),
    ])));
    assert_eq!(status(&harmed, "encoding"), (Status::Warning, 2));
    let sound = audit(&history(&thirty(&[(2, "{\"name\":\"Zoë 王小明\"}")])));
    assert_eq!(status(&sound, "encoding"), (Status::Passed, 0));
}

/// Adds causes to the events of a history.
struct Caused {
    inner: Arc<dyn EventReader>,
    causes: Vec<Option<&'static str>>,
}

impl EventReader for Caused {
    fn read(
        &self,
        places: &[Place],
        want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        self.inner.read(places, want, &mut |index, detail| {
            let cause = self.causes[usize::try_from(places[index].at).unwrap()];
            let with_cause = |detail: EventDetail| EventDetail {
                causation: cause.map(str::to_owned),
                ..detail
            };
            each(index, detail.map(with_cause))
        });
    }
}

fn caused(causes: &[Option<&'static str>]) -> History {
    let records: Vec<Record> = (0..causes.len())
        .map(|n| event("order-1", i64::try_from(n).unwrap()).id(&format!("e{n}")))
        .collect();
    let history = history(&records);
    let inner = Arc::clone(&history.reader);
    let causes = causes.to_vec();
    History {
        reader: Arc::new(Caused { inner, causes }),
        ..history
    }
}

#[test]
fn circles_of_causes_are_found() {
    let plain = caused(&[None, Some("e0"), Some("e1"), Some("gone")]);
    assert_eq!(status(&audit(&plain), "cause-cycle"), (Status::Passed, 0));
    let own = caused(&[None, Some("e1")]);
    assert_eq!(
        said(&audit(&own), "cause-cycle"),
        [(Some(1), "The event names itself as its cause")]
    );
    let circle = caused(&[Some("e2"), Some("e0"), Some("e1"), Some("e2")]);
    let audit = audit(&circle);
    assert_eq!(
        said(&audit, "cause-cycle"),
        [(
            Some(0),
            "3 events name each other as their causes, in a circle"
        )]
    );
    assert!(audit.has_errors());
}

#[test]
fn missing_causes_and_early_effects_are_found_when_asked_for() {
    let history = caused(&[Some("e1"), None, Some("gone"), Some("e0")]);
    let options = AuditOptions {
        also: vec!["missing-cause".to_owned(), "effect-before-cause".to_owned()],
        ..AuditOptions::default()
    };
    let audit = audit_with(&history, &options);
    assert_eq!(
        said(&audit, "effect-before-cause"),
        [(Some(0), "The event stands before #1, which caused it")]
    );
    assert_eq!(said(&audit, "missing-cause")[0].0, Some(2));
    assert_eq!(status(&audit, "cause-cycle"), (Status::Passed, 0));
}

#[test]
fn numbers_that_the_store_left_out_are_listed_when_asked_for() {
    let numbered =
        |(n, at): (usize, &str)| event("order-1", i64::try_from(n).unwrap()).stored_at(at);
    let records: Vec<Record> = ["1", "2", "5", "6", "8"]
        .into_iter()
        .enumerate()
        .map(numbered)
        .collect();
    let options = AuditOptions {
        also: vec!["position-gap".to_owned()],
        ..AuditOptions::default()
    };
    let audit = audit_with(&history(&records), &options);
    assert_eq!(
        said(&audit, "position-gap"),
        [
            (Some(2), "Store positions 3 to 4 are not there"),
            (Some(4), "Store position 7 is not there")
        ]
    );
    assert_eq!(status(&audit, "position-gap"), (Status::Info, 2));
}

#[test]
fn a_stream_that_goes_on_after_its_end_is_an_error() {
    let records = [
        event("order-1", 0),
        event("order-1", 1).named("$streamDeleted"),
        event("order-2", 0),
        event("order-1", 2),
    ];
    let audit = audit(&history(&records));
    assert_eq!(
        said(&audit, "removals"),
        [
            (Some(1), "order-1 was deleted"),
            (Some(3), "order-1 goes on after it was deleted")
        ]
    );
    assert!(audit.has_errors());
}

#[test]
fn a_saved_state_ahead_of_its_stream_shows_that_events_are_gone() {
    let mut history = history(&[event("order-1", 0), event("order-1", 1)]);
    let stream = history.log.streams().next().unwrap();
    let mark = |version| SnapshotMark {
        stream,
        version: Version(version),
    };
    history.snapshots = vec![mark(1)];
    assert_eq!(
        status(&audit(&history), "snapshot-ahead"),
        (Status::Passed, 0)
    );
    history.snapshots.push(mark(4));
    assert_eq!(
        status(&audit(&history), "snapshot-ahead"),
        (Status::Failed, 1)
    );
}

#[test]
fn a_file_that_lists_the_newest_first_is_told_once() {
    let records: Vec<Record> = (0..6)
        .rev()
        .map(|n| event("order-1", n).at(&format!("2024-03-01T08:00:0{n}Z")))
        .collect();
    let audit = audit(&history(&records));
    assert_eq!(status(&audit, "version-order"), (Status::Warning, 1));
    assert_eq!(status(&audit, "time-in-stream").0, Status::Skipped);
    assert!(!audit.has_errors());
}

#[test]
fn a_receipt_tells_what_became_of_a_history() {
    let records: Vec<Record> = (0..12)
        .map(|n| event("order-1", n).id(&format!("e{n}")))
        .collect();
    let receipt = audit(&history(&records)).receipt.unwrap();
    let held = |records: &[Record]| {
        let options = AuditOptions {
            receipt: Some(receipt.clone()),
            ..AuditOptions::default()
        };
        let audit = audit_with(&history(records), &options);
        let check = audit
            .checks
            .iter()
            .find(|check| check.id == "receipt")
            .unwrap();
        let why = check.why.split(';').next().unwrap().to_owned();
        (
            check.status,
            why,
            audit
                .findings
                .iter()
                .find(|found| found.check == "receipt")
                .and_then(|found| found.position),
        )
    };
    assert_eq!(
        held(&records),
        (Status::Passed, "unchanged".to_owned(), None)
    );
    let more = [records.clone(), vec![event("order-2", 0)]].concat();
    assert_eq!(held(&more), (Status::Passed, "appended 1".to_owned(), None));
    assert_eq!(
        held(&records[..9]),
        (Status::Failed, "truncated after #8".to_owned(), Some(8))
    );
    let mut changed = records.clone();
    changed[4] = event("order-1", 4).id("e4").says("{\"n\":1}");
    assert_eq!(
        held(&changed),
        (Status::Failed, "rewritten from #4".to_owned(), Some(4))
    );
    let mut removed = records.clone();
    removed.remove(0);
    assert_eq!(
        held(&removed),
        (Status::Failed, "rewritten from #0".to_owned(), Some(0))
    );
    assert_eq!(receipt.n_events(), 12);
}

#[test]
fn what_cannot_be_read_again_leaves_no_receipt() {
    struct Broken(Arc<dyn EventReader>);
    impl EventReader for Broken {
        fn read(
            &self,
            places: &[Place],
            want: Want,
            each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
        ) {
            self.0.read(places, want, &mut |index, detail| {
                let is_broken = places[index].at == 1;
                each(
                    index,
                    if is_broken {
                        Err(ReadError("gone".to_owned()))
                    } else {
                        detail
                    },
                )
            });
        }
    }
    let history = history(&[event("order-1", 0), event("order-1", 1)]);
    let reader = Arc::new(Broken(Arc::clone(&history.reader)));
    let audit = audit(&History { reader, ..history });
    assert!(audit.receipt.is_none() && audit.evidence.log_root.is_none());
}
