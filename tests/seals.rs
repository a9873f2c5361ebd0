//! Hash chains and signatures of real lines: verified, broken at, unanchored, unsigned, unknown.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::Path;
use std::sync::Arc;

use annals::audit::{Audit, AuditOptions, CheckResult, Evidence, Status, VerifyKey, Watch, run};
use annals::history::History;
use annals::ingest::open;
use annals::source::{OpenOptions, Source};

fn fixture(name: &str) -> String {
    let path = Path::new("tests/fixtures/seals").join(name);
    std::fs::read_to_string(path).unwrap()
}

fn history(text: &str) -> Arc<History> {
    let source = Source::Text {
        name: "events.ndjson".to_owned(),
        bytes: text.as_bytes().into(),
    };
    open(&source, &OpenOptions::default(), &Arc::default()).unwrap()
}

fn key() -> VerifyKey {
    VerifyKey::from_pem(&fixture("verification-key.pem")).unwrap()
}

fn audit(text: &str, key: Option<VerifyKey>) -> Audit {
    let watch = Watch {
        cancel: &|| false,
        records_read: &|_| (),
    };
    let options = AuditOptions {
        key,
        ..AuditOptions::default()
    };
    run(&history(text), Evidence::default(), &options, &watch).unwrap()
}

#[track_caller]
fn check<'a>(audit: &'a Audit, id: &str) -> &'a CheckResult {
    audit.checks.iter().find(|check| check.id == id).unwrap()
}

/// The ids of the events that a check names, with what it says of each.
fn named<'a>(audit: &'a Audit, check: &str) -> Vec<(&'a str, &'a str)> {
    let of_check = audit.findings.iter().filter(|found| found.check == check);
    of_check
        .map(|found| {
            (
                found.event_id.as_deref().unwrap_or("-"),
                found.message.as_str(),
            )
        })
        .collect()
}

#[test]
fn an_unaltered_backup_is_verified_event_by_event() {
    for name in ["backup.ndjson", "read_events.ndjson"] {
        let audit = audit(&fixture(name), Some(key()));
        let chain = check(&audit, "hash-chain");
        assert_eq!(
            (chain.status, chain.findings),
            (Status::Passed, 0),
            "{name}"
        );
        assert_eq!(
            chain.why,
            "55 of 55 hashes fit their content, 54 links followed"
        );
        let signatures = check(&audit, "signatures");
        assert_eq!(signatures.status, Status::Passed, "{name}");
        assert!(
            signatures.why.starts_with("55 of 55 signatures verified"),
            "{}",
            signatures.why
        );
        assert!(!audit.has_errors());
    }
}

#[test]
fn each_alteration_of_a_backup_is_found_and_placed() {
    let audit = audit(&fixture("backup_tampered.ndjson"), Some(key()));
    assert_eq!(
        named(&audit, "hash-chain"),
        [
            (
                "17",
                "Event 17 does not fit its hash: its content was changed"
            ),
            (
                "31",
                "Event 31 does not follow event 29: 1 event is missing between them"
            ),
            (
                "42",
                "Event 42 does not follow event 41: it names another hash before it"
            ),
        ]
    );
    let signatures = named(&audit, "signatures");
    assert_eq!(
        signatures.iter().map(|found| found.0).collect::<Vec<_>>(),
        ["41"]
    );
    assert!(audit.has_errors());
}

#[test]
fn without_a_key_signatures_are_counted_and_not_judged() {
    let audit = audit(&fixture("backup_tampered.ndjson"), None);
    let signatures = check(&audit, "signatures");
    assert_eq!(signatures.status, Status::Skipped);
    assert!(
        signatures.why.contains("54 of 54 events are signed"),
        "{}",
        signatures.why
    );
    assert_eq!(check(&audit, "hash-chain").status, Status::Failed);
}

#[test]
fn an_export_from_the_middle_is_unanchored_and_not_broken() {
    let text = fixture("backup.ndjson");
    let later: Vec<&str> = text.lines().skip(20).collect();
    let later = audit(&later.join("\n"), None);
    let chain = check(&later, "hash-chain");
    assert_eq!((chain.status, chain.findings), (Status::Info, 1));
    assert!(
        named(&later, "hash-chain")[0]
            .1
            .starts_with("Unanchored: event 20 ")
    );
    let some: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("/account/"))
        .collect();
    let some = audit(&some.join("\n"), None);
    assert_eq!(
        check(&some, "hash-chain").status,
        Status::Warning,
        "{:?}",
        named(&some, "hash-chain")
    );
    assert!(!some.has_errors());
}

#[test]
fn a_backup_listed_from_its_end_holds_too() {
    let text = fixture("read_events.ndjson");
    let lines: Vec<&str> = text.lines().rev().collect();
    let audit = audit(&lines.join("\n"), Some(key()));
    let chain = check(&audit, "hash-chain");
    assert_eq!(
        (chain.status, chain.findings),
        (Status::Passed, 0),
        "{:?}",
        named(&audit, "hash-chain")
    );
}

#[test]
fn unsigned_events_and_unknown_versions_are_told_apart() {
    let text = fixture("read_events.ndjson");
    let start = text.find("\"signature\":\"").unwrap();
    let end = start + text[start..].find("\",").unwrap() + 1;
    let one = format!("{}\"signature\":null{}", &text[..start], &text[end..]);
    let one = audit(&one, Some(key()));
    let signatures = check(&one, "signatures");
    assert_eq!(
        (signatures.status, signatures.findings),
        (Status::Warning, 1)
    );
    assert_eq!(
        named(&one, "signatures"),
        [("0", "1 event is not signed, others are")]
    );
    let newer = text.replacen("\"hash\":\"", "\"hash\":\"esdb:hash:v7:", 1);
    let newer = audit(&newer, Some(key()));
    let said = named(&newer, "hash-chain");
    assert_eq!(
        said[0],
        (
            "0",
            "The hash of event 0 cannot be verified: esdb:hash:v7 is not known"
        )
    );
    let unsigned = text.replace("\"signature\":\"", "\"unsigned\":\"");
    let unsigned = audit(&unsigned, Some(key()));
    assert_eq!(check(&unsigned, "signatures").status, Status::Skipped);
    assert!(
        check(&unsigned, "signatures")
            .why
            .starts_with("unsigned: none of 55 events")
    );
}

#[test]
fn a_changed_byte_anywhere_in_the_content_breaks_its_hash() {
    let text = fixture("backup.ndjson");
    for (old, new) in [
        ("\"total\":415.68", "\"total\":415.680"),
        ("\\u003c", "<"),
        ("order-placed", "order-placee"),
        ("08:00:00.000137000Z", "08:00:00.000137001Z"),
    ] {
        let changed = text.replacen(old, new, 1);
        assert_ne!(changed, text);
        let audit = audit(&changed, None);
        let said = named(&audit, "hash-chain");
        assert_eq!(said.len(), 1, "{old}: {said:?}");
        assert!(
            said[0].1.contains("does not fit its hash"),
            "{old}: {said:?}"
        );
    }
}
