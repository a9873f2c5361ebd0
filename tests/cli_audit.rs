//! `annals audit` and `annals compare` as scripts call them: receipts, keys, rules, copies, exit codes.

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

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[track_caller]
fn check(answer: &Value, id: &str) -> (String, String) {
    let checks = answer["checks"].as_array().unwrap();
    let found = checks.iter().find(|check| check["id"] == id).unwrap();
    let text = |key: &str| found[key].as_str().unwrap().to_owned();
    (text("status"), text("why"))
}

const LOG: &str = "tests/fixtures/logs/events.ndjson";

#[test]
fn a_receipt_is_written_and_held_against_the_file_later() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (file, receipt) = (path("events.ndjson"), path("receipt.json"));
    std::fs::copy(LOG, &file).unwrap();
    let written = annals(&["audit", &file, "--write-receipt", &receipt, "--json"]);
    assert_eq!(written.status.code(), Some(0));
    let held = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let output = annals(&["audit", &file, "--receipt", &receipt, "--json"]);
        let (status, why) = check(&json(&output), "receipt");
        (
            output.status.code().unwrap(),
            status,
            why.split(';').next().unwrap().to_owned(),
        )
    };
    let text = std::fs::read_to_string(LOG).unwrap();
    let passed = "passed".to_owned();
    let failed = "failed".to_owned();
    assert_eq!(held(&text), (0, passed.clone(), "unchanged".to_owned()));
    let shorter: String = text.split_inclusive('\n').take(50).collect();
    assert_eq!(
        held(&shorter),
        (1, failed.clone(), "truncated after #49".to_owned())
    );
    let changed = text.replacen("569.7", "569.8", 1);
    assert_eq!(held(&changed), (1, failed, "rewritten from #1".to_owned()));
    // The receipt of the shorter file covers what the longer one begins with.
    std::fs::write(&file, &shorter).unwrap();
    assert_eq!(
        annals(&["audit", &file, "--write-receipt", &receipt])
            .status
            .code(),
        Some(0)
    );
    assert_eq!(held(&text), (0, passed, "appended 5".to_owned()));
    // Nothing but the receipt was written beside the file.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    let over = annals(&["audit", &file, "--write-receipt", &file]);
    assert_eq!(over.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn two_copies_are_compared_whatever_their_formats() {
    let same = annals(&[
        "compare",
        LOG,
        "tests/fixtures/logs/emmett_emt_messages.csv",
        "--json",
    ]);
    assert_eq!(same.status.code(), Some(0));
    let answer = json(&same);
    for (key, expected) in [("same", 55), ("only_a", 0), ("only_b", 0), ("different", 0)] {
        assert_eq!(answer[key], expected, "{key}");
    }
    assert!(answer["first_divergence"].is_null() && answer["items"].as_array().unwrap().is_empty());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("changed.ndjson");
    let text = std::fs::read_to_string(LOG).unwrap();
    std::fs::write(&file, text.replacen("569.7", "569.8", 1)).unwrap();
    let file = file.to_str().unwrap();
    let differs = annals(&["compare", LOG, file, "--json"]);
    assert_eq!(differs.status.code(), Some(1));
    let answer = json(&differs);
    assert_eq!(answer["different"], 1);
    assert_eq!(answer["first_divergence"]["position_a"], 1);
    assert_eq!(answer["items"][0]["fields"], serde_json::json!(["/total"]));
    let audited = annals(&["audit", LOG, "--against", file, "--json"]);
    assert_eq!(audited.status.code(), Some(1));
    assert_eq!(check(&json(&audited), "other-copy").0, "failed");
    let for_people = annals(&["compare", LOG, file]);
    let shown = String::from_utf8(for_people.stdout).unwrap();
    assert!(shown.contains("order-1001@1 differs in /total"), "{shown}");
}

#[test]
fn rules_of_ones_own_decide_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("ours.toml");
    let run = |text: &str| {
        std::fs::write(&rules, text).unwrap();
        annals(&[
            "audit",
            LOG,
            "--invariants",
            rules.to_str().unwrap(),
            "--json",
        ])
    };
    let kept = run("[[state]]\nname = \"totals\"\ncategory = \"order\"\nthat = \"total >= 0\"");
    assert_eq!(kept.status.code(), Some(0));
    assert_eq!(check(&json(&kept), "invariants").0, "passed");
    let broken = run(
        "[[sequence]]\nname = \"no returns\"\nafter = \"OrderPlaced\"\nnever = [\"OrderReturned\"]",
    );
    assert_eq!(broken.status.code(), Some(1));
    let found = json(&broken)["findings"][0].clone();
    assert_eq!(
        (&found["check"], &found["group"]),
        (&Value::from("invariants"), &Value::from("no returns"))
    );
    assert!(found["event_id"].is_string());
    let mild = run(
        "[[sequence]]\nname = \"no returns\"\nafter = \"OrderPlaced\"\nnever = [\"OrderReturned\"]\nseverity = \"info\"",
    );
    assert_eq!(mild.status.code(), Some(0));
    assert_eq!(
        run("[[state]]\nname = \"x\"\nthat = \"(\"").status.code(),
        Some(2)
    );
}

#[test]
fn what_cannot_be_used_is_refused_in_a_sentence() {
    for args in [
        &["audit", LOG, "--key", LOG][..],
        &["audit", LOG, "--receipt", LOG],
        &["audit", LOG, "--receipt", "no-such-file"],
        &["audit", LOG, "--also", "no-such-check"],
        &["compare", LOG],
        &["compare", LOG, "no-such-file"],
        &["compare", LOG, LOG, "--types", "A"],
    ] {
        let output = annals(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(
            !output.stderr.is_empty() && output.stdout.is_empty(),
            "{args:?}"
        );
    }
}

#[test]
fn a_signed_backup_is_verified_with_its_key() {
    let (folder, key) = (
        Path::new("tests/fixtures/seals"),
        "tests/fixtures/seals/verification-key.pem",
    );
    for (name, code) in [
        ("backup.ndjson", 0),
        ("read_events.ndjson", 0),
        ("backup_tampered.ndjson", 1),
    ] {
        let file = folder.join(name);
        let output = annals(&["audit", file.to_str().unwrap(), "--key", key, "--json"]);
        assert_eq!(output.status.code(), Some(code), "{name}");
    }
}
