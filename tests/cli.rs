//! The real program: what it prints and how it ends.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn annals(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_annals"))
        .args(args)
        .output()
        .unwrap()
}

#[track_caller]
fn json(args: &[&str]) -> Value {
    let output = annals(args);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    path.to_str().unwrap().to_owned()
}

/// The balance of the sample's order 1220 as printed, digits and all.
#[track_caller]
fn balance(version: &str) -> String {
    let output = annals(&[
        "state",
        "--demo",
        "--stream",
        "order-1220",
        "--version",
        version,
        "--json",
    ]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("\"rules\":\"rules.toml\""), "{text}");
    let after = text.split("\"balance\":").nth(1).unwrap();
    after.split([',', '}']).next().unwrap().to_owned()
}

#[test]
fn the_order_of_the_sample_is_in_debt_from_v7_until_the_refund() {
    for (version, expected) in [
        ("0", "200.00"),
        ("6", "0.00"),
        ("7", "-50.00"),
        ("8", "-50.00"),
        ("9", "0.00"),
    ] {
        assert_eq!(balance(version), expected, "v{version}");
    }
}

#[test]
fn a_state_without_rules_says_that_it_is_a_merge() {
    let bank = fixture("stores/py-eventsourcing-bank.db");
    let stream = "87751d4ca8504e2c84dcda6a797d76de";
    assert_eq!(
        json(&["state", &bank, "--stream", stream, "--json"])["rules"],
        "merge"
    );
    let text = annals(&["state", &bank, "--stream", stream]).stdout;
    assert!(String::from_utf8(text).unwrap().contains("payload merge"));
}

#[test]
fn rules_are_a_file_of_either_kind_or_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("shop.js");
    let text = "fromCategory('order').foreachStream().when({\n  $any: (s, e) => { s.n = (s.n || 0) + 1; },\n  OrderClosed: undefined,\n})";
    std::fs::write(&script, text).unwrap();
    let state = |rules: &str| {
        let args = [
            "state",
            "--demo",
            "--stream",
            "order-1220",
            "--json",
            "--rules",
        ];
        json(&[&args[..], &[rules]].concat())
    };
    let counted = state(script.to_str().unwrap());
    assert_eq!(
        (&counted["rules"], &counted["state"]["n"]),
        (&"shop.js".into(), &11.into())
    );
    assert_eq!(state("merge-patch")["rules"], "merge-patch");
    assert_eq!(state("last-payload")["state"], serde_json::json!({}));
    std::fs::write(&script, text.replace("s.n = ", "s.n = s.n.m || ")).unwrap();
    let stopped = state(script.to_str().unwrap());
    assert_eq!(stopped["events_applied"], 0);
    let reason = stopped["failures"][0]["reason"].as_str().unwrap();
    assert!(reason.ends_with("(line 2)"), "{reason}");
    std::fs::write(&script, "fromAll(").unwrap();
    let failed = annals(&[
        "state",
        "--demo",
        "--stream",
        "order-1220",
        "--rules",
        script.to_str().unwrap(),
    ]);
    let said = String::from_utf8(failed.stderr).unwrap();
    assert_eq!(failed.status.code(), Some(2));
    assert!(
        said.starts_with("annals: shop.js, line 1: SyntaxError"),
        "{said}"
    );
}

#[test]
fn a_diff_names_the_events_responsible() {
    let args = [
        "state",
        "--demo",
        "--stream",
        "order-1220",
        "--version",
        "7",
        "--diff",
        "order-1220@6",
        "--json",
    ];
    let answer = json(&args);
    let changes = answer["diff"].as_array().unwrap();
    let balance = changes
        .iter()
        .find(|change| change["path"] == "/balance")
        .unwrap();
    assert_eq!(
        (balance["change"].as_str(), balance["by"][0].as_u64()),
        (Some("changed"), Some(233))
    );
}

#[test]
fn what_could_not_be_done_is_one_sentence_and_exit_2() {
    let png = fixture("nasty/lying_name_png.db");
    let bank = fixture("stores/py-eventsourcing-bank.db");
    for args in [
        vec!["inspect", "no-such-file.db"],
        vec!["inspect", &png],
        vec![
            "state",
            "--demo",
            "--stream",
            "order-1220",
            "--version",
            "99",
        ],
        vec!["state", "--demo", "--stream", "order-9999999"],
        vec!["state", &bank],
        vec!["events", "--demo", "--no-such-option"],
        vec!["--screenshot", "out.png", "--view", "reports", "--demo"],
    ] {
        let output = annals(&args);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(
            message.starts_with("annals: ") && !message.contains("panicked"),
            "{args:?}: {message}"
        );
    }
}

#[test]
fn an_audit_of_an_undamaged_store_ends_with_0_and_of_a_gap_with_1() {
    let whole = annals(&[
        "audit",
        &fixture("stores/py-eventsourcing-bank.db"),
        "--json",
    ]);
    assert_eq!(whole.status.code(), Some(0));
    let answer: Value = serde_json::from_slice(&whole.stdout).unwrap();
    assert_eq!(answer["evidence"]["unchanged"], true);
    assert_eq!(
        answer["evidence"]["files"][0]["sha256"]
            .as_str()
            .unwrap()
            .len(),
        64
    );
    let damaged = annals(&["audit", &fixture("nasty/json_versions.ndjson"), "--json"]);
    assert_eq!(
        damaged.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&damaged.stderr)
    );
}

#[test]
fn a_report_is_one_page_that_runs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let page: PathBuf = folder.path().join("report.html");
    let output = annals(&[
        "report",
        "--demo",
        "-o",
        page.to_str().unwrap(),
        "--now",
        "2026-01-01T00:00:00Z",
    ]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let html = std::fs::read_to_string(&page).unwrap();
    assert!(html.contains("Content-Security-Policy"));
    let data = "<script type=\"application/json\"";
    assert_eq!(html.matches("<script").count(), html.matches(data).count());
    assert!(html.contains("<svg") && html.contains("4,313"));
    // The report, and its digest as sha256sum reads it.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    let digest = std::fs::read_to_string(folder.path().join("report.html.sha256")).unwrap();
    assert!(digest.ends_with("  report.html\n") && digest.len() == 64 + 14);
}

#[test]
fn what_events_prints_reads_back_equal() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.jsonl");
    let events = annals(&["events", &fixture("logs/events.ndjson"), "--json"]).stdout;
    std::fs::write(&copy, &events).unwrap();
    let again = annals(&["events", copy.to_str().unwrap(), "--json"]).stdout;
    let without_source = |bytes: &[u8]| {
        let lines = std::str::from_utf8(bytes).unwrap().lines().map(|line| {
            let mut event: Value = serde_json::from_str(line).unwrap();
            event.as_object_mut().unwrap().remove("source");
            event
        });
        lines.collect::<Vec<_>>()
    };
    assert_eq!(without_source(&events), without_source(&again));
}

#[test]
fn a_picture_of_the_window_needs_no_display() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("window.png");
    let args = [
        "--screenshot",
        picture.to_str().unwrap(),
        "--size",
        "1024x640",
        "--theme",
        "light",
        "--demo",
    ];
    let output = annals(&args);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(std::fs::read(&picture).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn a_condition_is_answered_with_all_stretches_in_which_it_held() {
    let args = [
        "when",
        "--demo",
        "--stream",
        "order-1220",
        "--json",
        "--that",
    ];
    let ask = |that: &str| annals(&[&args[..], &[that]].concat());
    let line = String::from_utf8(ask("balance < 0").stdout).unwrap();
    assert_eq!(
        line.trim_end(),
        "{\"stream\":\"order-1220\",\
         \"from\":{\"version\":7,\"position\":233,\"time\":\"2023-02-03T10:22:09.376Z\"},\
         \"to\":{\"version\":9,\"position\":261,\"time\":\"2023-02-07T09:30:12.744Z\"}}"
    );
    let still: Value = serde_json::from_slice(&ask("shipment appears").stdout).unwrap();
    assert_eq!(
        (&still["from"]["version"], &still["to"]),
        (&6.into(), &Value::Null)
    );
    let wrong = ask("balance chnges");
    assert_eq!(wrong.status.code(), Some(2));
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert!(
        said.starts_with("annals: No such word: chnges. Did you mean changes?\n"),
        "{said}"
    );
    assert!(said.trim_end().ends_with("^^^^^^"), "{said}");
}

#[test]
fn events_are_filtered_and_exported_and_read_back_the_same() {
    let lines = |args: &[&str]| -> Vec<Value> {
        let text = String::from_utf8(annals(args).stdout).unwrap();
        let without_source = |line| {
            let mut event: Value = serde_json::from_str(line).unwrap();
            event.as_object_mut().unwrap().remove("source");
            event
        };
        text.lines().map(without_source).collect()
    };
    let filter = "type:Discount* data.amount>=50";
    let bank = fixture("stores/py-eventsourcing-bank.db");
    assert_eq!(
        lines(&["events", "--demo", "--json", "--where", filter]).len(),
        24
    );
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("again.jsonl");
    let out = out.to_str().unwrap();
    assert!(
        annals(&["export", &bank, "--to", "jsonl", "-o", out])
            .status
            .success()
    );
    assert_eq!(
        lines(&["events", out, "--json"]),
        lines(&["events", &bank, "--json"])
    );
    let over_itself = annals(&["export", out, "--to", "jsonl", "-o", out]);
    assert_eq!(over_itself.status.code(), Some(2));
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing is left beside it"
    );
}

#[test]
fn a_state_is_told_as_it_would_be_without_an_event_or_with_another_payload() {
    let state = |more: &[&str]| {
        let mut args = vec!["state", "--demo", "--as-of", "order-1220@7", "--json"];
        args.extend(more);
        json(&args)
    };
    assert!(state(&[]).get("branch").is_none());
    let skipped = state(&["--skip", "order-1220@7"]);
    assert_eq!(skipped["branch"], "what-if");
    assert_eq!(skipped["not_applied"], 1);
    assert_eq!(skipped["state"]["discountTotal"].to_string(), "50.0");
    let edited = state(&["--edit", "order-1220@7={\"code\":\"A\",\"amount\":0.10}"]);
    assert_eq!(edited["state"]["discountTotal"].to_string(), "50.1");
    let wrong = annals(&[
        "state",
        "--demo",
        "--as-of",
        "order-1220@7",
        "--edit",
        "#1={",
    ]);
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(
        !wrong.status.success() && said.contains("that is no JSON"),
        "{said}"
    );
}
