//! What a store says beside its events: where its streams end, which states it saved.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::sync::Arc;

use annals::audit::{Audit, AuditOptions, Evidence, Status, Watch, hold_snapshots, run};
use annals::event::Severity;
use annals::fold::{Folder, Merge};
use annals::history::History;
use annals::ingest::open;
use annals::source::{OpenOptions, Source, all_formats};

fn opened(sql: &str) -> Arc<History> {
    let source = Source::Script {
        name: "store.db".to_owned(),
        sql: sql.to_owned(),
    };
    open(&source, &OpenOptions::default(), &Arc::default()).unwrap()
}

fn audited(history: &History, options: &AuditOptions) -> Audit {
    let watch = Watch {
        cancel: &|| false,
        records_read: &|_| (),
    };
    run(history, Evidence::default(), options, &watch).unwrap()
}

fn status(audit: &Audit, id: &str) -> Status {
    audit
        .checks
        .iter()
        .find(|check| check.id == id)
        .unwrap()
        .status
}

fn said(audit: &Audit, id: &str) -> Vec<String> {
    let found = audit.findings.iter().filter(|found| found.check == id);
    found.map(|found| found.message.clone()).collect()
}

/// The store that a format's file shows.
fn sample(id: &str) -> String {
    let format = all_formats().iter().find(|format| format.id == id).unwrap();
    format.sample[0].sql.clone()
}

#[test]
fn no_sample_of_any_format_ends_elsewhere_than_it_says() {
    let (mut n_held, mut wrong) = (0, Vec::new());
    for format in all_formats() {
        for sample in format.sample.iter().filter(|sample| !sample.sql.is_empty()) {
            let source = Source::Script {
                name: "store.db".to_owned(),
                sql: sample.sql.clone(),
            };
            let options = OpenOptions {
                format: Some(format.id.clone()),
                ..OpenOptions::default()
            };
            let Ok(history) = open(&source, &options, &Arc::default()) else {
                continue;
            };
            let audit = audited(&history, &AuditOptions::default());
            let found = said(&audit, "stream-head");
            if !found.is_empty() {
                wrong.push(format!("{}: {found:?}", format.id));
            }
            n_held += usize::from(status(&audit, "stream-head") == Status::Passed);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(n_held >= 3, "{n_held}");
}

#[test]
fn events_missing_at_the_end_of_a_stream_are_found_by_the_stores_own_word() {
    let sql = sample("eventuous/sqlite");
    let whole = audited(&opened(&sql), &AuditOptions::default());
    assert_eq!(status(&whole, "stream-head"), Status::Passed);
    let cut = format!("{sql} DELETE FROM eventuous_messages WHERE stream_position = 1;");
    let cut = audited(&opened(&cut), &AuditOptions::default());
    assert_eq!(status(&cut, "stream-head"), Status::Failed);
    assert_eq!(
        said(&cut, "stream-head"),
        [
            "Booking-7 ends at version 0, and eventuous_streams notes 1: 1 event is of its end missing"
        ]
    );
    let finding = cut
        .findings
        .iter()
        .find(|found| found.check == "stream-head");
    assert!(
        finding
            .unwrap()
            .key()
            .starts_with("stream-head/Booking-7@0/")
    );
    assert_eq!(finding.unwrap().severity, Severity::Error);
}

#[test]
fn saved_states_are_held_against_a_replay() {
    let mut n_held = 0;
    for format in all_formats() {
        for sample in format.sample.iter().filter(|sample| sample.snapshots > 0) {
            if sample.sql.is_empty() {
                continue;
            }
            let history = opened(&sample.sql);
            let folder = Folder::new(Arc::clone(&history), Arc::new(Merge));
            let held = hold_snapshots(&folder, &|| false, &|_| ()).unwrap();
            n_held += held.n_held;
            let options = AuditOptions {
                snapshots: Some(held),
                ..AuditOptions::default()
            };
            let audit = audited(&history, &options);
            // A merge of payloads is no proof: nothing of it is a fault.
            assert!(
                [Status::Passed, Status::Info, Status::Skipped]
                    .contains(&status(&audit, "snapshot-replay")),
                "{}",
                format.id
            );
        }
    }
    assert!(n_held > 0);
}
