//! Stores as real frameworks lay them out, with rows that no framework would write and with bytes that
//! no database would: never a panic, never a silent loss, always an end.
//!
//! `ANNALS_HOSTILE_ROUNDS` says how often each layout is tried, once where it is not set.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::Path;
use std::time::{Duration, Instant};

use annals::event::{Place, Position, Want};
use annals::history::History;
use annals::ingest::open;
use annals::source::{OpenOptions, Source, StoreFormat, Threads, all_formats};
use rusqlite::Connection;
use rusqlite::types::Value;
use same::same;

#[path = "support/same.rs"]
mod same;

/// Longer than any store of this size may take, on a busy machine.
const TOO_LONG: Duration = Duration::from_secs(30);

/// A small generator of numbers, the same everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap()
    }

    fn value(&mut self) -> Value {
        let texts = [
            "",
            "order-1",
            "2024-03-01T08:00:00Z",
            "-1",
            "9999999999999999999999",
            "{}",
            "[1,2",
            "{\"a\":{\"b\":[1,2,{\"c\":null}]}}",
            "\u{202e}x\0y",
            "NaN",
            "1e999",
            "null",
        ];
        match self.below(8) {
            0 => Value::Null,
            1 => Value::Integer(i64::MIN),
            2 => Value::Integer(self.next().cast_signed()),
            3 => Value::Integer(i64::try_from(self.below(50)).unwrap()),
            4 => Value::Real([f64::INFINITY, -0.0, 1e300, 17.5][self.below(4)]),
            5 => Value::Blob(
                (0..self.below(40))
                    .map(|n| u8::try_from(n * 7 % 256).unwrap())
                    .collect(),
            ),
            _ => Value::Text(texts[self.below(texts.len())].to_owned()),
        }
    }
}

/// Adds rows of any values to all tables; those that a table refuses are left out.
fn add_rows(connection: &Connection, dice: &mut Dice) {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let mut tables = connection.prepare(sql).unwrap();
    let tables: Vec<String> = tables
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for table in tables {
        let sql = format!("SELECT * FROM \"{}\" LIMIT 1", table.replace('"', "\"\""));
        let Ok(n_columns) = connection.prepare(&sql).map(|found| found.column_count()) else {
            continue;
        };
        for _ in 0..dice.below(30) {
            let marks = vec!["?"; n_columns].join(",");
            let sql = format!(
                "INSERT OR IGNORE INTO \"{}\" VALUES ({marks})",
                table.replace('"', "\"\"")
            );
            let values: Vec<Value> = (0..n_columns).map(|_| dice.value()).collect();
            connection
                .execute(&sql, rusqlite::params_from_iter(values))
                .ok();
        }
    }
}

/// Changes some bytes of a file, the first hundred less often.
fn damage(path: &Path, dice: &mut Dice) {
    let mut bytes = std::fs::read(path).unwrap();
    for _ in 0..dice.below(6) {
        let from = if dice.below(20) == 0 { 0 } else { 100 };
        let at = from + dice.below(bytes.len() - from);
        bytes[at] ^= 1 << dice.below(8);
    }
    if dice.below(5) == 0 {
        let left = dice.below(bytes.len());
        bytes.truncate(left.max(1));
    }
    std::fs::write(path, bytes).unwrap();
}

/// What is known of a history adds up, and each of its events can be asked for.
fn adds_up(history: &History, what: &str) {
    let accounted = history.log.len() as u64 + history.problems.records_lost();
    let is_told = history
        .problems
        .kinds()
        .iter()
        .any(|(kind, _)| kind == "incomplete");
    assert!(
        accounted == history.about.n_records || is_told,
        "{what}: {accounted} of {}",
        history.about.n_records
    );
    let n_events = u32::try_from(history.log.len()).unwrap();
    let places: Vec<Place> = (0..n_events)
        .map(|at| history.log.place(Position(at)))
        .collect();
    let mut n_read = 0;
    history.reader.read(&places, Want::All, &mut |_, _| {
        n_read += 1;
        true
    });
    assert_eq!(n_read, places.len(), "{what}");
}

fn try_one(format: &StoreFormat, sql: &str, round: u64) {
    let mut dice = Dice(
        round.wrapping_mul(977)
            ^ format
                .id
                .bytes()
                .fold(7, |sum, byte| sum * 31 % 1_000_003 + u64::from(byte)),
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
        .unwrap();
    connection.execute_batch(sql).unwrap();
    add_rows(&connection, &mut dice);
    drop(connection);
    let is_damaged = !round.is_multiple_of(2);
    if is_damaged {
        damage(&path, &mut dice);
    }
    let before = std::fs::read(&path).unwrap();
    let what = format!("{} in round {round}", format.id);
    let start = Instant::now();
    let source = Source::File(path.clone());
    let read = |threads| {
        let options = OpenOptions {
            threads,
            ..OpenOptions::default()
        };
        open(&source, &options, &std::sync::Arc::default())
    };
    match (read(Threads::One), read(Threads::Two)) {
        (Ok(history), Ok(other)) => {
            adds_up(&history, &what);
            same(&other.log, &history.log);
            let told = |history: &History| format!("{:?}", history.problems);
            assert_eq!(told(&other), told(&history), "{what}");
            assert_eq!(other.about.n_records, history.about.n_records, "{what}");
        }
        (Err(why), Err(other)) => {
            assert!(is_damaged && !why.to_string().is_empty(), "{what}: {why}");
            assert_eq!(other.to_string(), why.to_string(), "{what}");
        }
        (one, two) => panic!("{what}: {one:?}, and by two threads {two:?}"),
    }
    assert!(start.elapsed() < TOO_LONG, "{what}");
    assert_eq!(std::fs::read(&path).unwrap(), before, "{what}");
    let n_files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(n_files, 1, "{what}: something was left beside it");
}

#[test]
fn stores_of_every_layout_are_read_whatever_stands_in_them_and_however_they_are_damaged() {
    let rounds = std::env::var("ANNALS_HOSTILE_ROUNDS").map_or(1, |text| text.parse().unwrap());
    let mut n_tried = 0;
    for format in all_formats() {
        for sample in format.sample.iter().filter(|sample| !sample.sql.is_empty()) {
            for round in 0..2 * rounds {
                try_one(format, &sample.sql, round);
                n_tried += 1;
            }
        }
    }
    assert!(n_tried > 60, "{n_tried}");
}
