//! Capsules: a stream with all that it depends on leads to the same state, read from its own store.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn annals(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_annals"))
        .args(args)
        .output()
        .unwrap()
}

#[track_caller]
fn said(args: &[&str]) -> String {
    let ended = annals(args);
    let error = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{error}");
    String::from_utf8(ended.stdout).unwrap()
}

fn rules() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/rules.toml");
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_capsule_read_back_and_folded_gives_the_state_that_it_was_made_for() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("capsule.db");
    let (out, rules) = (out.to_str().unwrap(), rules());
    let point = "order-1220@7";
    let answer = said(&[
        "capsule",
        "--demo",
        "--stream",
        "order-1220",
        "--as-of",
        point,
        "-o",
        out,
        "--json",
    ]);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert!(answer["events"].as_u64().unwrap() >= 8, "{answer}");
    let state = |args: &[&str]| {
        let text = said(args);
        let from = text.find("\"state\":").unwrap();
        let to = text.find(",\"events_applied\"").unwrap();
        text[from..to].to_owned()
    };
    let original = state(&[
        "state",
        "--demo",
        "--stream",
        "order-1220",
        "--as-of",
        point,
        "--json",
    ]);
    let again = state(&[
        "state",
        out,
        "--stream",
        "order-1220",
        "--rules",
        &rules,
        "--json",
    ]);
    assert_eq!(again, original, "digits and order of members included");
    let checked = said(&["capsule", "--check", out, "--rules", &rules]);
    assert!(checked.contains("as expected"), "{checked}");
    let merged = annals(&["capsule", "--check", out]);
    assert_eq!(
        merged.status.code(),
        Some(1),
        "under other rules it is another state"
    );
}

#[test]
fn a_capsule_holds_causes_and_what_came_before_them() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log.ndjson");
    let lines = [
        r#"{"stream":"cart-1","type":"Opened","id":"a","data":{}}"#,
        r#"{"stream":"noise-1","type":"Noted","id":"n","data":{}}"#,
        r#"{"stream":"cart-1","type":"Filled","id":"b","data":{"n":12345678901234567890.10}}"#,
        r#"{"stream":"order-1","type":"Placed","id":"c","causation":"b","data":{"total":1.50}}"#,
        r#"{"stream":"cart-1","type":"Closed","id":"d","causation":"c","data":{}}"#,
        r#"{"stream":"order-1","type":"Paid","id":"e","data":{"paid":true}}"#,
    ];
    std::fs::write(&log, lines.join("\n")).unwrap();
    let out = folder.path().join("capsule.db");
    let (log, out) = (log.to_str().unwrap(), out.to_str().unwrap());
    said(&[
        "capsule", log, "--stream", "order-1", "--as-of", "#3", "-o", out,
    ]);
    let events = said(&["events", out, "--json"]);
    let ids: Vec<String> = events
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["id"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(ids, ["a", "b", "c"], "no noise, nothing later");
    assert!(events.contains("12345678901234567890.10"));
}

#[test]
fn masked_values_stand_nowhere_in_a_capsule_and_its_state_is_that_of_the_masked_events() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("capsule.db");
    let (path, rules) = (out.to_str().unwrap(), rules());
    let plain = said(&["state", "--demo", "--stream", "order-1220", "--json"]);
    assert!(plain.contains("support.anna"), "the sample names a person");
    let written = [
        "capsule",
        "--demo",
        "--stream",
        "order-1220",
        "-o",
        path,
        "--json",
        "--mask",
        "by",
        "--mask",
        "user",
    ];
    let answer = said(&written);
    assert!(!answer.contains("support.anna"), "{answer}");
    assert!(answer.contains("\"by\":\"["), "{answer}");
    let bytes = std::fs::read(&out).unwrap();
    let person = b"support.anna";
    assert!(!bytes.windows(person.len()).any(|piece| piece == person));
    let checked = said(&["capsule", "--check", path, "--rules", &rules]);
    assert!(checked.contains("as expected"), "{checked}");
    let lines = folder.path().join("events.jsonl");
    let lines = lines.to_str().unwrap();
    said(&[
        "export", "--demo", "-o", lines, "--mask", "by", "--mask", "user",
    ]);
    let text = std::fs::read_to_string(lines).unwrap();
    assert!(!text.contains("\"by\":\"support"), "masked in exports, too");
    assert!(text.contains("order-1220"));
}
