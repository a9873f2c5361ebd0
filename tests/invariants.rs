//! A user's own rules: over states with their stretches, over the order of events, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::sync::Arc;

use annals::audit::invariants::{Broken, Invariants, InvariantsHeld, hold_invariants};
use annals::audit::{AuditOptions, Evidence, Status, Watch, run};
use annals::event::{Position, Severity};
use annals::history::History;
use annals::ingest::open;
use annals::source::{OpenOptions, Source};

const LINES: [(&str, &str, &str); 9] = [
    ("account-1", "Opened", r#"{"owner":"ada"}"#),
    ("account-1", "Changed", r#"{"balance":10}"#),
    ("order-1", "Requested", r#"{"by":"ada","balance":-1}"#),
    ("account-1", "Changed", r#"{"balance":-5}"#),
    ("account-1", "Changed", r#"{"balance":-7}"#),
    ("account-1", "Changed", r#"{"balance":3}"#),
    ("order-1", "Approved", r#"{"by":"ada"}"#),
    ("order-1", "Closed", "{}"),
    ("order-1", "Shipped", "{}"),
];

fn history() -> Arc<History> {
    let line = |(n, (stream, event_type, data)): (usize, &(&str, &str, &str))| {
        format!(
            "{{\"stream\":\"{stream}\",\"type\":\"{event_type}\",\"id\":\"e{n}\",\"data\":{data}}}\n"
        )
    };
    let lines: String = LINES.iter().enumerate().map(line).collect();
    let source = Source::Text {
        name: "events.ndjson".to_owned(),
        bytes: lines.as_bytes().into(),
    };
    open(&source, &OpenOptions::default(), &Arc::default()).unwrap()
}

fn watch() -> Watch<'static> {
    Watch {
        cancel: &|| false,
        records_read: &|_| (),
    }
}

fn held(rules: &str) -> InvariantsHeld {
    let invariants = Invariants::parse(rules).unwrap();
    let none = |name: &str| Err(format!("{name} is not there"));
    hold_invariants(&history(), &invariants, &none, &watch())
        .unwrap()
        .unwrap()
}

fn places(held: &InvariantsHeld) -> Vec<(u32, Option<u32>)> {
    let place = |one: &Broken| (one.position.0, one.until.map(|until| until.0));
    held.broken.iter().map(place).collect()
}

#[test]
fn a_rule_over_states_is_broken_for_a_stretch() {
    let held = held(
        r#"[[state]]
        name = "No account is overdrawn"
        category = "account"
        that = "balance >= 0"
        severity = "warning""#,
    );
    // Before the balance is known nothing is broken; the other category is not looked at.
    assert_eq!(places(&held), [(3, Some(5))]);
    let one = &held.broken[0];
    assert_eq!((one.n_events, one.severity), (2, Severity::Warning));
    assert_eq!(
        one.said,
        "balance >= 0 does not hold in account-1 from @2 until @4"
    );
}

#[test]
fn without_a_category_a_rule_holds_for_all_streams() {
    let held = held("[[state]]\nname = \"n\"\nthat = \"balance >= 0\"");
    assert_eq!(places(&held), [(3, Some(5)), (2, None)]);
    assert!(
        held.broken[1].said.ends_with("from @0, and still"),
        "{}",
        held.broken[1].said
    );
}

#[test]
fn nothing_may_follow_and_nothing_may_come_too_early() {
    let after = held("[[sequence]]\nname = \"closed\"\nafter = \"Closed\"");
    assert_eq!(places(&after), [(8, None)]);
    assert_eq!(after.broken[0].said, "Shipped follows Closed in order-1");
    let never = held("[[sequence]]\nname = \"closed\"\nafter = \"Closed\"\nnever = [\"Chang*\"]");
    assert_eq!(places(&never), []);
    let only = held("[[sequence]]\nname = \"paid\"\ntype = \"Shipped\"\nonly_after = \"Paid\"");
    assert_eq!(places(&only), [(8, None)]);
    let fine =
        held("[[sequence]]\nname = \"asked\"\ntype = \"Approved\"\nonly_after = \"Requested\"");
    assert_eq!(places(&fine), []);
}

#[test]
fn nobody_approves_what_they_asked_for() {
    let held = held(
        r#"[[sequence]]
        name = "Four eyes"
        type = "Approved"
        field = "data.by"
        differs_from = { type = "Requested", field = "data.by" }"#,
    );
    assert_eq!(places(&held), [(6, None)]);
    assert_eq!(
        held.broken[0].said,
        "Approved in order-1 has the data.by of Requested at #2"
    );
}

#[test]
fn broken_rules_are_findings_and_the_answer_is_no() {
    let options = AuditOptions {
        invariants: Some(held(
            "[[state]]\nname = \"No debts\"\nthat = \"balance >= 0\"",
        )),
        ..AuditOptions::default()
    };
    let history = history();
    let audit = run(&history, Evidence::default(), &options, &watch()).unwrap();
    let check = audit
        .checks
        .iter()
        .find(|check| check.id == "invariants")
        .unwrap();
    assert_eq!((check.status, check.findings), (Status::Failed, 2));
    let found = audit
        .findings
        .iter()
        .find(|found| found.check == "invariants")
        .unwrap();
    assert_eq!(found.group.as_deref(), Some("No debts"));
    assert_eq!(found.event_id.as_deref(), Some("e2"));
    assert_eq!(history.log.stream(Position(2)), found.stream_id.unwrap());
    assert!(audit.has_errors());
}

#[test]
fn rules_that_cannot_be_meant_are_refused_by_name() {
    for (rules, expected) in [
        ("", "no [[state]]"),
        ("[[state]]\nname = \"n\"", "missing field"),
        (
            "[[state]]\nname = \"broken\"\nthat = \"balance >=\"",
            "\"broken\": ",
        ),
        (
            "[[sequence]]\nname = \"both\"\nafter = \"A\"\ntype = \"B\"",
            "\"both\": a sequence says one of",
        ),
        ("[[sequence]]\nname = \"half\"\ntype = \"B\"", "\"half\": "),
        (
            "[[state]]\nname = \"n\"\nthat = \"a > 1\"\nwhen = 1",
            "unknown field",
        ),
    ] {
        let why = Invariants::parse(rules).unwrap_err();
        assert!(why.contains(expected), "{rules}: {why}");
    }
}
