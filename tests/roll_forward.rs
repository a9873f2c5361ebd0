//! Roll-forward: opening and movements add up to closing, and both are what the states say.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::process::Command;
use std::sync::Arc;

use annals::event::json::JsonPath;
use annals::event::{Decimal, Position};
use annals::fold::{Folder, Reducer, Rules};
use annals::history::History;
use annals::ingest::{SAMPLE_RULES, open_sample};
use annals::projection::{RollForward, RollForwardAsk, Rolled};
use serde_json::Value;

fn sample() -> (Arc<History>, Folder) {
    let history = open_sample(&Arc::default()).unwrap();
    let (name, text) = SAMPLE_RULES;
    let rules: Arc<dyn Reducer> = Arc::new(Rules::parse(name, text).unwrap());
    let folder = Folder::new(Arc::clone(&history), rules);
    (history, folder)
}

fn ask(from: Option<u32>, to: Option<u32>) -> RollForwardAsk {
    RollForwardAsk {
        path: JsonPath::parse("balance").unwrap(),
        from: from.map(Position),
        to: to.map(Position),
        category: None,
    }
}

fn rolled(folder: &Folder, ask: &RollForwardAsk) -> RollForward {
    RollForward::of(folder, ask, &|| false, &|_| {}).unwrap()
}

fn adds_up(row: &Rolled) -> bool {
    let opening = row.opening.unwrap_or(Decimal::ZERO);
    let mut moved = row.movements.values();
    let sum = moved.try_fold(opening, |sum, one| sum.checked_add(*one));
    sum == Some(row.closing.unwrap_or(Decimal::ZERO))
}

#[test]
fn opening_and_movements_add_up_to_closing_and_are_what_the_states_say() {
    let (history, folder) = sample();
    let last = history.log.last().unwrap().0;
    for (from, to) in [
        (None, None),
        (Some(last / 3), Some(last / 2)),
        (Some(7), Some(7)),
    ] {
        let found = rolled(&folder, &ask(from, to));
        assert!(!found.streams.is_empty());
        for row in &found.streams {
            assert!(adds_up(&row.rolled), "{:?}", row.rolled);
            let at = |at: Option<u32>| {
                let state = folder
                    .state_as_of(row.stream, Position(at?), &|| false)
                    .ok()?;
                JsonPath::parse("balance")?.get(&state.value)?.as_decimal()
            };
            assert_eq!(row.rolled.opening, at(from));
            assert_eq!(row.rolled.closing, at(to.or(Some(last))));
        }
        for group in found.categories.iter().chain(&found.total) {
            assert!(adds_up(group.rolled.as_ref().unwrap()));
        }
    }
}

#[test]
fn two_periods_one_after_the_other_are_the_whole() {
    let (history, folder) = sample();
    let middle = history.log.last().unwrap().0 / 2;
    let whole = rolled(&folder, &ask(None, None));
    let first = rolled(&folder, &ask(None, Some(middle)));
    let second = rolled(&folder, &ask(Some(middle), None));
    let total = |found: &RollForward| found.total.clone().unwrap().rolled.unwrap();
    assert_eq!(total(&first).closing, total(&second).opening);
    assert_eq!(total(&whole).closing, total(&second).closing);
    for (kind, moved) in &total(&whole).movements {
        let part = |found: &RollForward| {
            let movements = total(found).movements;
            movements.get(kind).copied().unwrap_or(Decimal::ZERO)
        };
        assert_eq!(part(&first).checked_add(part(&second)).unwrap(), *moved);
    }
}

fn annals(args: &[&str]) -> String {
    let ended = Command::new(env!("CARGO_BIN_EXE_annals"))
        .args(args)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{said}");
    String::from_utf8(ended.stdout).unwrap()
}

#[test]
fn the_command_line_says_the_same_as_json_and_as_a_table() {
    let args = [
        "rollforward",
        "--demo",
        "--field",
        "balance",
        "--to",
        "order-1220@7",
    ];
    let text = annals(&[&args[..], &["--json"]].concat());
    let answer: Value = serde_json::from_str(&text).unwrap();
    let streams = answer["streams"].as_array().unwrap();
    let order = streams
        .iter()
        .find(|row| row["stream"] == "order-1220")
        .unwrap();
    assert_eq!(order["opening"], Value::Null);
    // The digits are those of the payloads.
    assert!(text.contains("\"closing\":-50.00"), "{order}");
    let csv = annals(&[&args[..], &["--csv"]].concat());
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let heads = reader.headers().unwrap().clone();
    assert_eq!(&heads[0], "category");
    assert_eq!(reader.records().count(), streams.len());
}
