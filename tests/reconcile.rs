//! States held against tables: by key, by meaning, from a file of rows and from the store itself.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

struct Folder(tempfile::TempDir);

impl Folder {
    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

fn folder() -> Folder {
    Folder(tempfile::tempdir().unwrap())
}

const EVENTS: &str = r#"{"stream":"account-1","version":0,"type":"Opened","data":{"owner":"Anna","balance":10.50,"isOpen":true}}
{"stream":"account-2","version":0,"type":"Opened","data":{"owner":"Ben","balance":"20.00","isOpen":true}}
{"stream":"account-3","version":0,"type":"Opened","data":{"owner":"Cleo","balance":0,"isOpen":false}}
{"stream":"account-1","version":1,"type":"Paid","data":{"balance":12.50}}
{"stream":"account-4","version":0,"type":"Opened","data":{"owner":null,"balance":12345678901234567890.10}}
"#;

fn run(args: &[&str]) -> (Option<i32>, Value, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_annals"))
        .arg("reconcile")
        .args(args)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let answer = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code(), answer, said)
}

#[test]
fn a_table_that_says_the_same_in_other_words_is_equal() {
    let folder = folder();
    let events = folder.file("events.ndjson", EVENTS);
    let table = folder.file(
        "accounts.csv",
        "id,Owner,balance,is_open,extra\r\n1,Anna,12.5,1,x\r\n2,Ben,20,true,x\r\n3,Cleo,0.00,0,x\r\n\
         4,,12345678901234567890.1,,x\r\n",
    );
    let (code, answer, said) = run(&[&events, "--against", &table, "--key", "id", "--json"]);
    assert_eq!(code, Some(0), "{said} {answer}");
    assert_eq!(answer["equal"], 4);
    assert_eq!(answer["by_whole_names"], false);
    let columns = answer["columns"].as_array().unwrap();
    let names: Vec<&str> = columns
        .iter()
        .map(|one| one["column"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Owner", "balance", "is_open"]);
}

#[test]
fn what_is_different_missing_or_there_twice_is_told_with_its_place() {
    let folder = folder();
    let events = folder.file("events.ndjson", EVENTS);
    let table = folder.file(
        "accounts.csv",
        "stream;saldo\naccount-1;10.50\naccount-2;20.00\naccount-2;20.00\naccount-9;1\naccount-4;12345678901234567890.11\n",
    );
    let args = [
        &events,
        "--against",
        &table,
        "--key",
        "stream",
        "--columns",
        "balance=saldo",
        "--json",
    ];
    let (code, answer, said) = run(&args);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(answer["by_whole_names"], true);
    let n = |key: &str| answer[key].as_u64().unwrap();
    assert_eq!(
        (
            n("equal"),
            n("different"),
            n("only_history"),
            n("only_table"),
            n("several")
        ),
        (1, 2, 1, 1, 1)
    );
    let items = answer["items"].as_array().unwrap();
    let first = &items[0];
    assert_eq!(first["kind"], "different");
    assert_eq!(first["key"], "account-1");
    assert_eq!(
        (&first["version"], &first["position"]),
        (&1.into(), &3.into())
    );
    assert_eq!(first["columns"][0]["history"], "12.50");
    assert_eq!(first["columns"][0]["table"], "10.50");
    // Before the payment both said the same.
    let args = [&args[..], &["--as-of", "#2"]].concat();
    assert_eq!(run(&args).1["different"], 0);
    let args = [&events, "--against", &table, "--key", "nr", "--json"];
    let (code, _, said) = run(&args);
    assert_eq!(code, Some(2));
    assert!(said.contains("stream, saldo"), "{said}");
}

#[test]
fn a_read_model_in_the_store_itself_is_held_against_its_events() {
    let folder = folder();
    let store = folder.path("store.db");
    let own = Path::new("tests/fixtures/stores/rust-sqlite-es-bank.db");
    std::fs::copy(own, &store).unwrap();
    let connection = rusqlite::Connection::open(&store).unwrap();
    connection
        .execute_batch("CREATE TABLE model (account TEXT, balance REAL)")
        .unwrap();
    drop(connection);
    let store = store.to_str().unwrap();
    let inspect = Command::new(env!("CARGO_BIN_EXE_annals"))
        .args(["inspect", store, "--json"])
        .output()
        .unwrap();
    let inspect: Value = serde_json::from_slice(&inspect.stdout).unwrap();
    let categories = inspect["categories"].as_object().unwrap();
    let category = categories.keys().next().unwrap();
    let args = [
        store,
        "--category",
        category,
        "--against",
        "model",
        "--key",
        "account",
        "--columns",
        "balance",
        "--json",
    ];
    let (code, answer, said) = run(&args);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(answer["only_history"], categories[category]);
    let (code, _, said) = run(&[
        store,
        "--category",
        category,
        "--against",
        "nothing",
        "--key",
        "x",
    ]);
    assert_eq!(code, Some(2));
    assert!(said.contains("model"), "{said}");
}
