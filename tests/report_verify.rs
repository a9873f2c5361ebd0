//! `annals report` as scripts call it: a report holds against its files, and names what no longer does.

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
fn written(args: &[&str]) {
    let output = annals(args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The exit code and the names of what no longer holds.
fn verified(report: &Path, file: &Path) -> (i32, Vec<String>, Value) {
    let output = annals(&["report", "--verify", text(report), text(file), "--json"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let answer: Value = serde_json::from_slice(&output.stdout).expect(&said);
    let broken = answer["broken"].as_array().unwrap().iter();
    let ids = broken.map(|one| one["id"].as_str().unwrap().to_owned());
    (output.status.code().unwrap(), ids.collect(), answer)
}

const STORE: &str = "tests/fixtures/stores/py-eventsourcing-bank.db";
const LOG: &str = "tests/fixtures/logs/events.ndjson";

#[test]
fn a_report_holds_and_after_one_byte_of_a_payload_it_says_what_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for ending in ["html", "md", "json"] {
        let (file, report) = (at("events.ndjson"), at(&format!("report.{ending}")));
        std::fs::copy(LOG, &file).unwrap();
        written(&[
            "report",
            text(&file),
            "-o",
            text(&report),
            "--author",
            "M. Ito",
        ]);
        let (code, broken, answer) = verified(&report, &file);
        assert_eq!((code, broken), (0, vec![]), "{ending}: {answer}");
        assert_eq!(answer["sha256"], true);

        let other = at("copy.ndjson");
        let changed = std::fs::read_to_string(LOG)
            .unwrap()
            .replacen("569.7", "569.8", 1);
        std::fs::write(&other, changed).unwrap();
        let (code, broken, _) = verified(&report, &other);
        assert_eq!(code, 1, "{ending}");
        for id in ["file.1.sha256", "evidence.log_root"] {
            assert!(
                broken.iter().any(|known| known == id),
                "{id} not in {broken:?}"
            );
        }
        assert!(
            broken.iter().all(|id| !id.starts_with("population.")),
            "{broken:?}"
        );
        // The same bytes under another name hold.
        std::fs::copy(LOG, &other).unwrap();
        let (code, broken, answer) = verified(&report, &other);
        assert_eq!((code, broken), (0, vec![]), "{ending}: {answer}");
    }
}

#[test]
fn a_report_of_a_store_holds_with_all_that_can_be_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.html");
    let list = annals(&["streams", STORE, "--json"]);
    let streams: Value = serde_json::from_slice(&list.stdout).unwrap();
    let name = streams[0]["stream"].as_str().unwrap();
    let category = streams[0]["category"].as_str().unwrap();
    let script = folder.path().join("count.js");
    let code = "fromAll().when({ $init: () => ({ n: 0 }), $any: s => { s.n += 1; return s } })";
    std::fs::write(&script, code).unwrap();
    written(&[
        "report",
        STORE,
        "-o",
        text(&report),
        "--title",
        "Bank",
        "--case",
        "2024-17",
        "--from",
        "#1",
        "--to",
        "#3",
        "--mask",
        "*name*",
        "--explain",
        name,
        "--table",
        category,
        "--projection",
        text(&script),
        "--tz",
        "Europe/Paris",
    ]);
    let page = std::fs::read_to_string(&report).unwrap();
    for part in [
        "case 2024-17",
        "Explained differences",
        "count.js",
        "Europe/Paris",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let (code, broken, answer) = verified(&report, Path::new(STORE));
    assert_eq!((code, broken), (0, vec![]), "{answer}");

    // Settings can be taken over, and give the same contents.
    let again = folder.path().join("again.json");
    written(&[
        "report",
        STORE,
        "-o",
        text(&again),
        "--like",
        text(&report),
        "--tz",
        "Europe/Paris",
    ]);
    let answer: Value = serde_json::from_str(&std::fs::read_to_string(&again).unwrap()).unwrap();
    assert_eq!(answer["case"], "2024-17");
    assert_eq!(answer["period"], serde_json::json!([1, 3]));
}

#[test]
fn a_changed_word_of_a_report_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.html");
    written(&["report", LOG, "-o", text(&report)]);
    let page = std::fs::read_to_string(&report).unwrap();
    std::fs::write(
        &report,
        page.replacen("All times are UTC", "All times are CET", 1),
    )
    .unwrap();
    let (code, broken, answer) = verified(&report, Path::new(LOG));
    assert_eq!((code, broken), (1, vec![]));
    assert!(answer["text"][1].as_str().unwrap().contains("CET"));
    assert_eq!(answer["sha256"], false);
}

#[test]
fn markup_in_a_file_stays_text() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.html");
    let file = "tests/fixtures/nasty/text_html_xss.ndjson";
    written(&["report", file, "-o", text(&report)]);
    let page = std::fs::read_to_string(&report).unwrap();
    assert_eq!(page.matches("<script").count(), 1);
    assert!(page.contains("T&lt;/script&gt;&lt;script&gt;alert(2)&lt;/script&gt;"));
    for markup in [
        "<img",
        "<iframe",
        "<svg/onload",
        "<textarea",
        "</textarea",
        "<!--",
    ] {
        assert!(!page.contains(markup), "{markup}");
    }
    assert_eq!(page.matches("</style>").count(), 1);
}

#[test]
fn a_report_never_replaces_what_it_is_about() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.json");
    std::fs::copy("tests/fixtures/logs/events.json", &file).unwrap();
    let before = std::fs::read(&file).unwrap();
    let output = annals(&["report", text(&file), "-o", text(&file)]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("overwrite"));
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn a_report_rolls_numbers_forward_and_the_sum_is_that_of_the_states() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    let path = path.to_str().unwrap();
    let ended = std::process::Command::new(env!("CARGO_BIN_EXE_annals"))
        .args(["report", "--demo", "-o", path, "--from", "#1000"])
        .args(["--rollforward", "account:balance"])
        .output()
        .unwrap();
    assert!(ended.status.success(), "{ended:?}");
    let text = std::fs::read_to_string(path).unwrap();
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let table = &report["roll_forward"][0];
    let number = |value: &serde_json::Value| {
        let text = value.as_str().unwrap_or("0");
        annals::event::Decimal::parse(text).unwrap()
    };
    let total = &table["total"];
    let moved = total["moved"].as_array().unwrap().iter();
    let sum = moved.fold(number(&total["opening"]), |sum, one| {
        sum.checked_add(number(one)).unwrap()
    });
    assert_eq!(sum, number(&total["closing"]), "{total}");
    assert!(!table["rows"].as_array().unwrap().is_empty());
}

#[test]
fn a_report_shows_the_sample_drawn_and_its_digests_can_be_verified() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.html");
    let path = path.to_str().unwrap();
    let annals = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_annals"));
        command.args(args).output().unwrap()
    };
    let ended = annals(&[
        "report", "--demo", "-o", path, "--sample", "12", "--seed", "7",
    ]);
    assert!(ended.status.success(), "{ended:?}");
    let html = std::fs::read_to_string(path).unwrap();
    assert!(
        html.contains("12 events drawn from 4,313 with seed 7"),
        "no sample"
    );
    let verified = annals(&["report", "--verify", path, "--demo"]);
    assert!(verified.status.success(), "{verified:?}");
}
