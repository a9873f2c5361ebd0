//! What tampering with a real store is found by: a table, and copies of the stores tampered with at random.
//!
//! | Operation | `eventsourcing` (SQLite) | `sqlite-es` (SQLite) | `EventSourcingDB` (lines) |
//! |---|---|---|---|
//! | delete an event inside a stream | `version-gap` | `version-gap` | `hash-chain` |
//! | delete the first event of a stream; of a chain not the first of all, which leaves it unanchored | `late-start` | `late-start` | `hash-chain` |
//! | delete the last event of a stream, but not of the file | receipt or original; `snapshot-ahead` where a state was saved after it | the same | `hash-chain` |
//! | alter a payload | receipt or original | receipt or original | `hash-chain` |
//! | store an event twice, but not the last of all, which a receipt takes for appended | `duplicate-version` | `duplicate-version` | `duplicate-id`, `hash-chain` |
//! | swap two events of a stream | `version-order` | `version-order` where their times are equal; else nothing has changed, as time orders the rows | `hash-chain` |
//! | swap the content of two events | receipt or original | receipt or original | `hash-chain` |
//! | insert an event of a stream of its own | receipt or original | receipt or original | `hash-chain` |
//! | cut off the end | receipt or original | receipt or original | receipt or original |
//!
//! Whatever the table says, a receipt and the original each find every one of these, and where it is.
//! `MUTATION_ROUNDS=200` runs each of them 200 times.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use annals::audit::{
    Audit, AuditOptions, CompareOptions, Evidence, Receipt, Status, Watch, compare, run,
};
use annals::history::History;
use annals::ingest::open;
use annals::source::{OpenOptions, Source};
use rusqlite::types::Value;

/// A small generator of our own, so that a round is the same everywhere.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % n as u64).unwrap()
    }
}

/// An event as its store keeps it.
#[derive(Clone, Debug)]
struct Row {
    stream: String,
    version: i64,
    /// All of it: the line, or the values of its columns.
    cells: Vec<Value>,
}

/// A real store that can be tampered with.
struct Store {
    name: &'static str,
    rows: Vec<Row>,
    /// The table and its columns; `None` for lines.
    table: Option<Table>,
}

struct Table {
    base: PathBuf,
    name: &'static str,
    stream: usize,
    version: usize,
    data: usize,
}

/// The store whose rows are ordered by time and not as they lie in the table.
const BY_TIME: &str = "sqlite-es";

/// How many events of a store are taken, so that a round is quick.
const TAKEN: usize = 150;

fn lines_store() -> Store {
    let text = std::fs::read_to_string("tests/fixtures/seals/backup.ndjson").unwrap();
    let rows = text.lines().enumerate().map(|(n, line)| {
        let start = line.find("\"subject\":\"").unwrap() + 11;
        let end = start + line[start..].find('"').unwrap();
        Row {
            stream: line[start..end].to_owned(),
            version: i64::try_from(n).unwrap(),
            cells: vec![line.to_owned().into()],
        }
    });
    Store {
        name: "eventsourcingdb",
        rows: rows.collect(),
        table: None,
    }
}

/// Leaves out the saved states of events that were not taken.
const SNAPSHOTS: [&str; 2] = [
    "DELETE FROM stored_snapshots WHERE originator_version > (SELECT max(originator_version) FROM stored_events e WHERE e.originator_id = stored_snapshots.originator_id)",
    "DELETE FROM snapshots WHERE last_sequence > (SELECT max(sequence) FROM events e WHERE e.aggregate_id = snapshots.aggregate_id)",
];

fn sqlite_store(
    folder: &Path,
    name: &'static str,
    file: &str,
    table: &'static str,
    (named_by, at): (&[usize], [usize; 3]),
    snapshots: &str,
) -> Store {
    let base = folder.join(format!("{name}.db"));
    std::fs::copy(Path::new("tests/fixtures/stores").join(file), &base).unwrap();
    let connection = rusqlite::Connection::open(&base).unwrap();
    // Without the constraints that an attacker would drop too.
    let sql = format!(
        "CREATE TABLE bare AS SELECT * FROM {table} ORDER BY rowid LIMIT {TAKEN}; DROP TABLE {table}; ALTER TABLE bare RENAME TO {table};"
    );
    connection.execute_batch(&sql).unwrap();
    connection.execute_batch(snapshots).unwrap();
    let [stream, version, data] = at;
    let mut statement = connection
        .prepare(&format!("SELECT * FROM {table} ORDER BY rowid"))
        .unwrap();
    let n_columns = statement.column_count();
    let rows = statement
        .query_map([], |row| {
            let cells: Result<Vec<Value>, _> = (0..n_columns).map(|at| row.get(at)).collect();
            let cells = cells?;
            let names: Result<Vec<String>, _> = named_by.iter().map(|at| row.get(*at)).collect();
            Ok(Row {
                stream: names?.join(" "),
                version: row.get(version)?,
                cells,
            })
        })
        .unwrap()
        .collect::<Result<Vec<Row>, _>>()
        .unwrap();
    drop(statement);
    let table = Table {
        base,
        name: table,
        stream,
        version,
        data,
    };
    Store {
        name,
        rows,
        table: Some(table),
    }
}

impl Store {
    /// Writes a copy that holds these rows.
    fn write(&self, rows: &[Row], path: &Path) {
        let Some(table) = &self.table else {
            let line = |row: &Row| match &row.cells[0] {
                Value::Text(line) => format!("{line}\n"),
                other => panic!("{other:?} is no line"),
            };
            std::fs::write(path, rows.iter().map(line).collect::<String>()).unwrap();
            return;
        };
        std::fs::copy(&table.base, path).unwrap();
        let mut connection = rusqlite::Connection::open(path).unwrap();
        let changes = connection.transaction().unwrap();
        changes
            .execute(&format!("DELETE FROM {}", table.name), [])
            .unwrap();
        let marks = vec!["?"; rows.first().map_or(1, |row| row.cells.len())].join(",");
        let mut insert = changes
            .prepare(&format!("INSERT INTO {} VALUES ({marks})", table.name))
            .unwrap();
        for row in rows {
            insert
                .execute(rusqlite::params_from_iter(&row.cells))
                .unwrap();
        }
        drop(insert);
        changes.commit().unwrap();
    }

    /// The place of the payload in the cells.
    fn data(&self) -> usize {
        self.table.as_ref().map_or(0, |table| table.data)
    }

    /// The ranks of the events of a stream with at least `least` of them, picked by chance.
    fn a_stream(&self, chance: &mut Chance, least: usize) -> Vec<usize> {
        loop {
            let name = &self.rows[chance.below(self.rows.len())].stream;
            let of_stream = (0..self.rows.len()).filter(|at| self.rows[*at].stream == *name);
            let of_stream: Vec<usize> = of_stream.collect();
            if of_stream.len() >= least {
                return of_stream;
            }
        }
    }
}

/// A payload with one digit changed; `None` where it has none.
fn with_another_digit(store: &Store, cell: &Value, chance: &mut Chance) -> Option<Value> {
    let mut bytes = match cell {
        Value::Text(text) => text.clone().into_bytes(),
        Value::Blob(bytes) => bytes.clone(),
        other => panic!("{other:?} is no payload"),
    };
    let inside = if store.table.is_none() {
        let line = std::str::from_utf8(&bytes).unwrap();
        line.find("\"data\":").unwrap()..line.find("\"predecessorhash\"").unwrap()
    } else {
        0..bytes.len()
    };
    let digits: Vec<usize> = inside.filter(|at| bytes[*at].is_ascii_digit()).collect();
    let at = *digits.get(chance.below(digits.len().max(1)))?;
    // Never to a zero, so that no number begins with another one than before.
    bytes[at] = if bytes[at] == b'5' { b'6' } else { b'5' };
    Some(match cell {
        Value::Text(_) => Value::Text(String::from_utf8(bytes).unwrap()),
        _ => Value::Blob(bytes),
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    DeleteInside,
    DeleteFirst,
    DeleteLast,
    Alter,
    Duplicate,
    Swap,
    SwapContent,
    Insert,
    Truncate,
}

use Operation::{
    Alter, DeleteFirst, DeleteInside, DeleteLast, Duplicate, Insert, Swap, SwapContent, Truncate,
};

const OPERATIONS: [Operation; 9] = [
    DeleteInside,
    DeleteFirst,
    DeleteLast,
    Alter,
    Duplicate,
    Swap,
    SwapContent,
    Insert,
    Truncate,
];

/// The table above: the check that must find it; nothing for "receipt or original".
fn expected(store: &Store, operation: Operation) -> Option<&'static str> {
    let has_chain = store.table.is_none();
    match operation {
        Truncate => None,
        _ if has_chain => Some("hash-chain"),
        DeleteInside => Some("version-gap"),
        DeleteFirst => Some("late-start"),
        Duplicate => Some("duplicate-version"),
        Swap if store.name == BY_TIME => None,
        Swap => Some("version-order"),
        DeleteLast | Alter | SwapContent | Insert => None,
    }
}

/// Tampers with the rows; the rank of the first that is not what it was.
fn tamper(store: &Store, operation: Operation, chance: &mut Chance) -> (Vec<Row>, usize) {
    let mut rows = store.rows.clone();
    let data = store.data();
    match operation {
        DeleteInside | DeleteFirst | DeleteLast => {
            let mut events = store.a_stream(chance, 3);
            // The last of all is cut off by `Truncate`.
            // Without the first of all a chain has no anchor, which is said and is no fault.
            let has_chain = store.table.is_none();
            let is_end = |events: &[usize]| {
                events.last() == Some(&(rows.len() - 1)) || has_chain && events[0] == 0
            };
            while is_end(&events) {
                events = store.a_stream(chance, 3);
            }
            let at = match operation {
                DeleteFirst => events[0],
                DeleteLast => events[events.len() - 1],
                _ => events[1 + chance.below(events.len() - 2)],
            };
            rows.remove(at);
            (rows, at)
        }
        Alter => loop {
            let at = chance.below(rows.len());
            if let Some(altered) = with_another_digit(store, &rows[at].cells[data], chance) {
                rows[at].cells[data] = altered;
                return (rows, at);
            }
        },
        Duplicate => {
            // After the last of all, a receipt takes it for one that was appended.
            let at = chance.below(rows.len() - 1);
            rows.insert(at + 1, rows[at].clone());
            (rows, at + 1)
        }
        Swap => {
            let events = store.a_stream(chance, 2);
            let at = chance.below(events.len() - 1);
            rows.swap(events[at], events[at + 1]);
            (rows, events[at])
        }
        SwapContent => loop {
            let events = store.a_stream(chance, 2);
            let at = chance.below(events.len() - 1);
            let (a, b) = (events[at], events[at + 1]);
            if store.table.is_none() {
                rows.swap(a, b);
                return (rows, a);
            }
            let (one, other) = (rows[a].cells[data].clone(), rows[b].cells[data].clone());
            if one != other {
                rows[a].cells[data] = other;
                rows[b].cells[data] = one;
                return (rows, a);
            }
        },
        Insert => {
            let at = chance.below(rows.len());
            rows.insert(at, forged(store, &rows[at]));
            (rows, at)
        }
        Truncate => {
            let at = rows.len() - 1 - chance.below(rows.len() / 2);
            rows.truncate(at);
            (rows, at)
        }
    }
}

/// An event that nobody wrote, alone in a stream.
fn forged(store: &Store, like: &Row) -> Row {
    let mut row = like.clone();
    match &store.table {
        None => {
            let Value::Text(line) = &row.cells[0] else {
                panic!("no line");
            };
            let line = line.replace(
                &format!("\"subject\":\"{}\"", like.stream),
                "\"subject\":\"/forged/1\"",
            );
            row.cells[0] = line.into();
        }
        Some(table) => {
            let first = store.rows.iter().map(|row| row.version).min().unwrap();
            row.cells[table.stream] = "f0f0f0f0-0000-4000-8000-000000000001".to_owned().into();
            row.cells[table.version] = first.into();
        }
    }
    row
}

fn opened(path: &Path) -> Arc<History> {
    let source = Source::File(path.to_owned());
    open(&source, &OpenOptions::default(), &Arc::default()).unwrap()
}

fn watch() -> Watch<'static> {
    Watch {
        cancel: &|| false,
        records_read: &|_| (),
    }
}

fn audited(history: &History, receipt: Option<Receipt>) -> Audit {
    let options = AuditOptions {
        receipt,
        ..AuditOptions::default()
    };
    run(history, Evidence::default(), &options, &watch()).unwrap()
}

fn status(audit: &Audit, id: &str) -> Status {
    audit
        .checks
        .iter()
        .find(|check| check.id == id)
        .unwrap()
        .status
}

fn found(status: Status) -> bool {
    matches!(status, Status::Warning | Status::Failed)
}

/// One round: what is wrong with how it was found.
fn round(
    store: &Store,
    original: &History,
    receipt: &Receipt,
    operation: Operation,
    copy: &Path,
    chance: &mut Chance,
) -> Result<(), String> {
    let (rows, at) = tamper(store, operation, chance);
    store.write(&rows, copy);
    let tampered = opened(copy);
    let audit = audited(&tampered, Some(receipt.clone()));
    if let Some(check) = expected(store, operation)
        && !found(status(&audit, check))
    {
        return Err(format!("{check} is {:?}", status(&audit, check)));
    }
    let by_time = store.name == BY_TIME;
    let compared = compare(original, &tampered, &CompareOptions::default(), &watch()).unwrap();
    if by_time && operation == Swap && status(&audit, "receipt") == Status::Passed {
        // Nothing has changed, and nobody says so.
        return if compared.is_same() {
            Ok(())
        } else {
            Err("the original differs".to_owned())
        };
    }
    let place = audit
        .findings
        .iter()
        .find(|found| found.check == "receipt")
        .and_then(|found| found.position);
    let expected_place = if operation == Truncate {
        at.checked_sub(1)
    } else {
        Some(at)
    };
    let expected_place = expected_place.map(|at| u32::try_from(at).unwrap());
    let at_end = place.map(|at| at + 1) == expected_place && operation == DeleteLast;
    if status(&audit, "receipt") != Status::Failed
        || (place != expected_place && !at_end && !by_time)
    {
        return Err(format!(
            "the receipt is {:?}, at {place:?} instead of {expected_place:?}",
            status(&audit, "receipt")
        ));
    }
    let Some(first) = compared.first_divergence else {
        return Err("the original is said to be the same".to_owned());
    };
    let seen = first
        .position_a
        .min(first.position_b)
        .or(first.position_a)
        .or(first.position_b);
    let distance = seen.map(|seen| seen.abs_diff(u32::try_from(at).unwrap()));
    if distance.is_none_or(|distance| distance > 1)
        && !by_time
        && !matches!(operation, Duplicate | Swap | SwapContent)
    {
        return Err(format!(
            "the original differs from {seen:?} on instead of {at}: {first:?}"
        ));
    }
    Ok(())
}

#[test]
fn tampering_is_found_as_the_table_says_and_always_by_receipt_and_original() {
    let rounds: usize = std::env::var("MUTATION_ROUNDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(4);
    let folder = tempfile::tempdir().unwrap();
    let stores = [
        lines_store(),
        sqlite_store(
            folder.path(),
            "eventsourcing",
            "py-eventsourcing-bank.db",
            "stored_events",
            (&[0], [0, 1, 3]),
            SNAPSHOTS[0],
        ),
        sqlite_store(
            folder.path(),
            "sqlite-es",
            "rust-sqlite-es-bank.db",
            "events",
            (&[0, 1], [1, 2, 5]),
            SNAPSHOTS[1],
        ),
    ];
    let mut wrong = Vec::new();
    for store in &stores {
        let base = folder.path().join("original");
        store.write(&store.rows, &base);
        let original = opened(&base);
        assert_eq!(original.log.len(), store.rows.len(), "{}", store.name);
        let before = audited(&original, None);
        assert!(!before.has_errors(), "{}", store.name);
        let receipt = before.receipt.clone().unwrap();
        for operation in OPERATIONS {
            // What the table says has to be found must not be there before.
            if let Some(check) = expected(store, operation) {
                assert!(!found(status(&before, check)), "{} {check}", store.name);
            }
            for number in 0..rounds {
                let mut chance = Chance(number as u64 * 7919 + operation as u64 * 31 + 1);
                let copy = folder.path().join("copy");
                if let Err(why) = round(store, &original, &receipt, operation, &copy, &mut chance) {
                    wrong.push(format!(
                        "{} {operation:?} round {number}: {why}",
                        store.name
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
