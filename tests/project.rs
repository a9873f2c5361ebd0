//! Projections over a history: small cases as data, laws, and what stops a script.
//!
//! A case is a log, a projection and what must come out; `tests/fixtures/projections/README.md` says how
//! it is written. `PROJECTION_CASES=FOLDER` runs the cases of another folder, too.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "support/history.rs"]
mod history;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use annals::cli::{self, Outcome};
use annals::event::Position;
use annals::projection::{Ask, Ended, OnError, Run, RunStep, Watch, run};
use history::{Record, history};
use proptest::prelude::*;
use serde_json::{Value, json};

// --- cases as data

fn log_of(case: &Value) -> String {
    let mut numbers = std::collections::HashMap::new();
    let mut out = String::new();
    for (position, event) in case["events"].as_array().unwrap().iter().enumerate() {
        let stream = event["stream"].as_str().unwrap();
        let next = numbers.get(stream).map_or(0, |last| last + 1);
        let number = event["number"].as_i64().unwrap_or(next);
        numbers.insert(stream.to_owned(), number);
        let (minute, second) = (position / 60, position % 60);
        let created = format!("2024-01-01T00:{minute:02}:{second:02}Z");
        let id = format!("00000000-0000-0000-0000-{:012}", position + 1);
        let is_json = event["type"] != "$>";
        let or = |key: &str, other: Value| event.get(key).cloned().unwrap_or(other);
        let mut line = json!({
            "position": position, "stream": stream, "version": number, "type": event["type"],
            "id": or("id", json!(id)), "time": or("created", json!(created)),
            "json": or("json", json!(is_json)),
        });
        for field in ["data", "metadata"] {
            if let Some(text) = event.get(format!("{field}_raw")) {
                line[format!("{field}_text")] = text.clone();
            } else if let Some(value) = event.get(field) {
                line[field] = value.clone();
            }
        }
        writeln!(out, "{line}").unwrap();
    }
    out
}

fn arguments(case: &Value, folder: &Path) -> Vec<String> {
    let log = folder.join("log.jsonl");
    std::fs::write(&log, log_of(case)).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut args = vec!["annals".into(), "project".into(), log.display().to_string()];
    if let Some(system) = case.get("system_projection") {
        args.extend(["--system".into(), text(&system["type"])]);
        if let Some(config) = system.get("config") {
            args.extend(["--system-config".into(), text(config)]);
        }
    } else {
        let script = folder.join("projection.js");
        std::fs::write(&script, text(&case["projection"])).unwrap();
        args.push(script.display().to_string());
    }
    let name = case
        .get("projection_name")
        .map_or_else(|| "projection".into(), text);
    args.extend(["--json".into(), "--name".into(), name]);
    let config = &case["config"];
    if config["emit_enabled"] == false {
        args.push("--no-emit".into());
    }
    if let Some(limit) = config["execution_timeout_ms"].as_i64() {
        args.extend(["--call-timeout-ms".into(), limit.to_string()]);
    }
    if let Some(limit) = config["compilation_timeout_ms"].as_i64() {
        args.extend(["--compile-timeout-ms".into(), limit.to_string()]);
    }
    if config["content_type_validation"] == false {
        args.push("--no-content-type-validation".into());
    }
    args
}

/// The exit code and the document of a run of the program.
fn program(args: &[String]) -> (u8, Value) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let Outcome::Exit(code) = cli::run(args.iter().map(Into::into), &mut out, &mut err) else {
        panic!("it wants to open a window");
    };
    let document = serde_json::from_slice(&out);
    (
        code,
        document.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&err))),
    )
}

/// Equality of JSON; numbers compare as doubles.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

fn check_partitions(expected: &Value, seen: &Value, is_complete: bool) {
    for (name, want) in expected.as_object().unwrap() {
        for part in ["state", "result"] {
            let want = if want.is_null() {
                Some(&Value::Null)
            } else {
                want.get(part)
            };
            let got = &seen[name][part];
            assert!(
                want.is_none_or(|want| same(got, want)),
                "{part} of {name:?} is {got}"
            );
        }
    }
    for (name, got) in seen.as_object().unwrap().iter().filter(|_| is_complete) {
        let is_empty = got["state"].is_null() && got["result"].is_null();
        assert!(
            is_empty || expected.get(name).is_some(),
            "there is a partition {name:?}: {got}"
        );
    }
}

fn check_written(expected: &Value, seen: &Value) {
    let (expected, seen) = (expected.as_array().unwrap(), seen.as_array().unwrap());
    assert_eq!(seen.len(), expected.len(), "{seen:?}");
    for (want, got) in expected.iter().zip(seen) {
        for (key, want) in want.as_object().unwrap() {
            if key == "metadata" {
                for (name, want) in want.as_object().unwrap() {
                    assert!(same(&got["metadata"][name], want), "{name} in {got}");
                }
            } else if key == "no_metadata" {
                for name in want.as_array().unwrap() {
                    assert!(
                        got["metadata"].get(name.as_str().unwrap()).is_none(),
                        "{got}"
                    );
                }
            } else {
                assert!(same(&got[key], want), "{key} in {got}");
            }
        }
    }
}

fn check_case(case: &Value) {
    let folder = tempfile::tempdir().unwrap();
    let args = arguments(case, folder.path());
    let (code, seen) = program(&args);
    let expect = &case["expect"];
    let default = if expect.get("error").is_some() {
        "faulted"
    } else {
        "ok"
    };
    let status = expect["status"].as_str().unwrap_or(default);
    assert_eq!(seen["status"], status, "{}", seen["error"]);
    assert_eq!(code == 2, status == "faulted");
    if let Some(error) = expect.get("error") {
        assert_eq!(seen["error"]["phase"], error["phase"], "{}", seen["error"]);
        assert!(
            error
                .get("event")
                .is_none_or(|at| *at == seen["error"]["event"]),
            "{}",
            seen["error"]
        );
        let message = seen["error"]["message"].as_str().unwrap();
        let wanted = error["message_contains"].as_str().unwrap_or("");
        assert!(message.contains(wanted), "{message}");
    }
    for (key, want) in expect["definition"].as_object().into_iter().flatten() {
        assert!(
            same(&seen["definition"][key], want),
            "{key}: {}",
            seen["definition"]
        );
    }
    if let Some(partitions) = expect.get("partitions") {
        check_partitions(partitions, &seen["partitions"], true);
    }
    for key in ["processed", "log"] {
        assert!(
            expect.get(key).is_none_or(|want| *want == seen[key]),
            "{key}: {}",
            seen[key]
        );
    }
    for key in ["emitted", "results"] {
        if let Some(expected) = expect.get(key) {
            check_written(expected, &seen[key]);
        }
    }
    for step in expect["steps"].as_array().into_iter().flatten() {
        let mut args = args.clone();
        args.extend(["--as-of".into(), format!("#{}", step["after"])]);
        check_partitions(&step["partitions"], &program(&args).1["partitions"], false);
    }
}

#[test]
fn every_case_comes_out_as_it_says() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/projections");
    let others = std::env::var_os("PROJECTION_CASES").map(PathBuf::from);
    for folder in [own].into_iter().chain(others) {
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.retain(|file| file.extension().is_some_and(|end| end == "json"));
        files.sort();
        assert!(!files.is_empty());
        for file in files {
            let cases: Value =
                serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
            let one = [cases.clone()];
            for case in cases.as_array().map_or(&one[..], Vec::as_slice) {
                if case["profile"] == "v25" {
                    continue;
                }
                let caught = std::panic::catch_unwind(|| check_case(case));
                assert!(
                    caught.is_ok(),
                    "the case {} of {}",
                    case["name"],
                    file.display()
                );
            }
        }
    }
}

// --- laws

const COUNT: &str = "fromAll().foreachStream().when({
  $init: () => ({ n: 0, sum: 0 }),
  Paid: (s, e) => { s.n++; s.sum += e.data.amount; },
  Closed: () => null,
  Failed: (s, e) => { s.n = -1; if (e.data.amount > 90) throw new Error('over 90'); s.failed = true; }
})";

fn paid(stream: u8, event_type: &str, amount: u8) -> Record {
    Record {
        stream: format!("order-{stream}"),
        event_type: event_type.to_owned(),
        data: format!("{{\"amount\":{amount}}}"),
        time: "2024-05-06T07:08:09Z".to_owned(),
        metadata: r#"{"$correlationId":"c"}"#.to_owned(),
        ..Record::default()
    }
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    let kind = prop_oneof![5 => Just("Paid"), 1 => Just("Closed"), 2 => Just("Failed"), 1 => Just("Noted")];
    let one = (0..4_u8, kind, 0..100_u8);
    prop::collection::vec(one, 0..40).prop_map(|all| {
        let record = |(stream, kind, amount)| paid(stream, kind, amount);
        all.into_iter().map(record).collect()
    })
}

fn runs(script: &str, records: &[Record], change: impl FnOnce(&mut Ask)) -> Run {
    let history = history(records);
    let mut ask = Ask::script("test.js", script);
    change(&mut ask);
    run(&ask, &history.log, &*history.reader, &mut ())
}

fn states(run: &Run) -> Vec<(String, Option<String>)> {
    let mut all: Vec<_> = run
        .partitions
        .iter()
        .map(|one| {
            (
                one.name.to_string(),
                one.state.as_deref().map(str::to_owned),
            )
        })
        .filter(|(_, state)| state.is_some())
        .collect();
    all.sort();
    all
}

/// The states after each step, as they are shown.
#[derive(Default)]
struct Shown(Vec<(Position, String, Option<String>)>);

impl Watch for Shown {
    fn handled(&mut self, step: &mut RunStep<'_>) {
        let state = step.state().map(str::to_owned);
        self.0.push((step.position, step.name.to_owned(), state));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_run_up_to_a_position_shows_what_the_whole_run_showed_there(records in records(), at in 0..40_u32) {
        let history = history(&records);
        let mut ask = Ask::script("test.js", COUNT);
        ask.on_error = OnError::Skip;
        let mut shown = Shown::default();
        let whole = run(&ask, &history.log, &*history.reader, &mut shown);
        prop_assert_eq!(whole.ended, Ended::Done);
        let mut expected = std::collections::BTreeMap::new();
        for (position, name, state) in &shown.0 {
            if position.0 <= at {
                expected.insert(name.clone(), state.clone());
            }
        }
        expected.retain(|_, state| state.is_some());
        ask.until = Some(Position(at));
        let part = run(&ask, &history.log, &*history.reader, &mut ());
        prop_assert_eq!(states(&part), expected.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn skipping_errors_changes_nothing_where_there_are_none(records in records()) {
        let stop = runs(COUNT, &records, |_| {});
        let skip = runs(COUNT, &records, |ask| ask.on_error = OnError::Skip);
        prop_assert_eq!(stop.fault.is_some(), skip.n_skipped > 0);
        if stop.fault.is_none() {
            prop_assert_eq!(states(&stop), states(&skip));
        }
    }

    #[test]
    fn a_skipped_event_is_as_if_it_had_not_been(records in records()) {
        let skip = runs(COUNT, &records, |ask| ask.on_error = OnError::Skip);
        let skipped: Vec<u32> = skip.skipped.iter().map(|one| one.position.0).collect();
        // The versions of the others would change: the script does not look at them.
        let rest: Vec<Record> = (0..).zip(&records)
            .filter(|(at, _)| !skipped.contains(at))
            .map(|(_, record)| record.clone())
            .collect();
        prop_assert_eq!(states(&skip), states(&runs(COUNT, &rest, |_| {})));
    }

    #[test]
    fn a_faulted_run_holds_what_was_before_the_fault(records in records()) {
        let stop = runs(COUNT, &records, |_| {});
        if let Some(fault) = &stop.fault {
            let at = fault.position.unwrap().0;
            let before = runs(COUNT, &records[..at as usize], |_| {});
            prop_assert_eq!(states(&stop), states(&before));
            prop_assert_eq!(stop.processed, before.processed);
        }
    }
}

// --- single sentences

#[test]
fn a_step_is_shown_once_even_where_the_run_began_anew() {
    let records = [
        paid(1, "Paid", 1),
        paid(1, "Paid", 2),
        paid(1, "Failed", 99),
        paid(1, "Paid", 3),
    ];
    let history = history(&records);
    let mut ask = Ask::script("test.js", COUNT);
    ask.on_error = OnError::Skip;
    let mut shown = Shown::default();
    let done = run(&ask, &history.log, &*history.reader, &mut shown);
    assert_eq!(done.n_skipped, 1);
    assert_eq!(done.skipped[0].position, Position(2));
    assert_eq!(done.skipped[0].message, "over 90");
    assert_eq!(done.skipped[0].line, Some(5));
    let positions: Vec<u32> = shown.0.iter().map(|(at, ..)| at.0).collect();
    assert_eq!(positions, [0, 1, 3]);
    assert_eq!(shown.0[2].2.as_deref(), Some(r#"{"n":3,"sum":6}"#));
}

#[test]
fn only_the_range_that_is_asked_for_is_handled() {
    let records: Vec<Record> = (1..=4).map(|amount| paid(1, "Paid", amount)).collect();
    let done = runs(COUNT, &records, |ask| {
        ask.from = Position(1);
        ask.until = Some(Position(2));
    });
    assert_eq!(
        states(&done),
        [("order-1".to_owned(), Some(r#"{"n":2,"sum":5}"#.to_owned()))]
    );
    assert_eq!(done.reached, Some(Position(2)));
}

#[test]
fn calls_are_counted_with_the_line_of_each_handler() {
    let records = [paid(1, "Paid", 1), paid(2, "Paid", 1), paid(1, "Noted", 1)];
    let done = runs(COUNT, &records, |_| {});
    let calls: Vec<_> = done
        .calls
        .iter()
        .map(|call| (&*call.name, call.count, call.line))
        .collect();
    assert_eq!(
        calls,
        [
            ("$init", 2, Some(2)),
            ("Paid", 2, Some(3)),
            ("Closed", 0, Some(4)),
            ("Failed", 0, Some(5)),
        ]
    );
    assert_eq!(done.unhandled, [("Noted".into(), 1)]);
}

#[test]
fn what_cannot_be_repeated_is_said() {
    let script = "let total = 0; fromAll().when({ Paid: (s, e) => { total += e.data.amount; \
        s.at = Date.now(); s.dice = Math.random(); s.total = total; } })";
    let records = [paid(1, "Paid", 1), paid(2, "Paid", 2)];
    let done = runs(script, &records, |_| {});
    assert_eq!(done.unrepeatable.len(), 3, "{:?}", done.unrepeatable);
    assert!(done.unrepeatable[2].ends_with("total"));
    assert_eq!(done, runs(script, &records, |_| {}));
    assert!(runs(COUNT, &records, |_| {}).unrepeatable.is_empty());
}

struct StopAt(u32, u32);

impl Watch for StopAt {
    fn handled(&mut self, _step: &mut RunStep<'_>) {
        self.1 += 1;
    }

    fn is_cancelled(&self) -> bool {
        self.1 >= self.0
    }
}

#[test]
fn a_run_that_is_stopped_says_how_far_it_came() {
    let records: Vec<Record> = (0..5000).map(|_| paid(1, "Paid", 1)).collect();
    let history = history(&records);
    let ask = Ask::script("test.js", COUNT);
    let mut watch = StopAt(1, 0);
    let done = run(&ask, &history.log, &*history.reader, &mut watch);
    assert_eq!(done.ended, Ended::Cancelled);
    assert!(done.processed < 5000 && done.reached.is_some());
}
