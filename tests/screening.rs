//! Screening: off until it is asked for, and then each check finds what it is for.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use annals::audit::{Audit, AuditOptions, ScreeningOptions, Status, sample};
use annals::event::{Decimal, Severity};

#[path = "support/records.rs"]
mod records;

use records::{Record, audit, audit_with, event, history};

fn screened(records: &[Record], options: ScreeningOptions) -> Audit {
    let options = AuditOptions {
        screening: Some(options),
        ..AuditOptions::default()
    };
    audit_with(&history(records), &options)
}

fn said<'a>(audit: &'a Audit, id: &str) -> Vec<&'a str> {
    let found = audit.findings.iter().filter(|found| found.check == id);
    found.map(|found| found.message.as_str()).collect()
}

fn status(audit: &Audit, id: &str) -> Status {
    audit
        .checks
        .iter()
        .find(|check| check.id == id)
        .unwrap()
        .status
}

/// Payments, one an hour from a Monday midnight on.
fn payments(n: usize, data: impl Fn(usize) -> String) -> Vec<Record> {
    (0..n)
        .map(|nr| {
            let time = format!("2024-03-{:02}T{:02}:00:00Z", 4 + nr / 24, nr % 24);
            event("payment-1", i64::try_from(nr).unwrap())
                .named("PaymentReceived")
                .at(&time)
                .id(&format!("event-{nr}"))
                .stored_at(&nr.to_string())
                .says(&data(nr))
        })
        .collect()
}

#[test]
fn nothing_is_screened_that_was_not_asked_for() {
    let records = payments(3, |_| "{\"email\":\"anna@example.org\"}".to_owned());
    let usual = audit(&history(&records));
    assert!(
        usual
            .checks
            .iter()
            .all(|check| !check.id.starts_with("screening-"))
    );
    let asked = screened(&records, ScreeningOptions::default());
    let ids = asked
        .checks
        .iter()
        .filter(|check| check.id.starts_with("screening-"));
    assert_eq!(ids.count(), 7);
}

#[test]
fn personal_data_are_found_and_never_shown() {
    let data = |nr: usize| match nr {
        0 => "{\"email\":\"anna@example.org\",\"card\":\"4111 1111 1111 1111\"}".to_owned(),
        1 => "{\"login\":{\"password\":\"hunter22\"}}".to_owned(),
        _ => "{\"status\":\"Paid\"}".to_owned(),
    };
    let found = screened(&payments(5, data), ScreeningOptions::default());
    let said = said(&found, "screening-personal-data");
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(
        said.iter()
            .any(|words| words.contains("login.password look like secrets"))
    );
    for secret in ["anna@", "1111 1111", "hunter"] {
        assert!(said.iter().all(|words| !words.contains(secret)), "{said:?}");
    }
    let secret = found
        .findings
        .iter()
        .find(|one| one.message.contains("secrets"));
    assert_eq!(secret.unwrap().severity, Severity::Warning);
}

#[test]
fn hours_amounts_and_duplicates_are_judged_by_their_parameters() {
    let data = |nr: usize| {
        let amount = if nr < 90 { 500 } else { 9_990 };
        format!("{{\"amount\":{amount},\"customer\":\"c-{}\"}}", nr / 2)
    };
    let options = ScreeningOptions {
        limit: Decimal::parse("10000"),
        ..ScreeningOptions::default()
    };
    let found = screened(&payments(120, data), options);
    // From Monday midnight on for five days: 12 hours of each are business hours.
    let hours = said(&found, "screening-hours");
    assert_eq!(hours, ["Nobody in particular: 60 of 120 events"]);
    let round = said(&found, "screening-round-amounts");
    assert_eq!(
        round,
        ["90 of 120 amounts in PaymentReceived amount are multiples of 100"]
    );
    assert_eq!(said(&found, "screening-under-limit").len(), 30);
    assert_eq!(said(&found, "screening-duplicates").len(), 60);
    assert_eq!(status(&found, "screening-benford"), Status::Skipped);
}

#[test]
fn first_digits_that_no_law_would_give_are_noted() {
    let lawful = |nr: usize| {
        // Powers of 1.03 follow the law.
        let amount = 1.03_f64.powi(i32::try_from(nr).unwrap());
        format!("{{\"amount\":{amount:.2}}}")
    };
    let found = screened(&payments(600, lawful), ScreeningOptions::default());
    assert_eq!(status(&found, "screening-benford"), Status::Passed);
    let made_up = |nr: usize| format!("{{\"amount\":{}}}", [7, 75, 750, 7_500][nr % 4]);
    let found = screened(&payments(600, made_up), ScreeningOptions::default());
    assert_eq!(said(&found, "screening-benford").len(), 1);
}

#[test]
fn a_sample_can_be_drawn_again() {
    let history = history(&payments(200, |nr| format!("{{\"n\":{nr}}}")));
    let drawn = sample(&history, 10, 42);
    assert_eq!(drawn.events.len(), 10);
    assert_eq!(drawn, sample(&history, 10, 42));
    assert!(drawn.events.iter().all(|event| event.digest.is_some()));
    assert_eq!(sample(&history, 1_000, 1).events.len(), 200);
}
