//! What two threads read is what one reads: of every store and log that we have, and of large ones with
//! everything in them that makes halves differ.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use annals::event::{Place, Position, Want};
use annals::history::History;
use annals::ingest::open;
use annals::source::{Error, OpenOptions, Progress, Source, Threads};
use same::same;

#[path = "support/same.rs"]
mod same;

fn read(path: &Path, threads: Threads) -> Result<Arc<History>, Error> {
    let options = OpenOptions {
        threads,
        ..OpenOptions::default()
    };
    open(&Source::File(path.to_owned()), &options, &Arc::default())
}

/// The ordinals, versions and payloads of the first and last events, as they are read again.
fn details(history: &History) -> Vec<String> {
    let n_events = u32::try_from(history.log.len()).unwrap();
    let ends = (0..n_events.min(100)).chain(n_events.saturating_sub(100)..n_events);
    let places: Vec<Place> = ends.map(|at| history.log.place(Position(at))).collect();
    let mut told = Vec::new();
    history.reader.read(&places, Want::All, &mut |_, event| {
        told.push(format!("{event:?}"));
        true
    });
    told
}

/// Reads a file both ways; whether it could be read.
fn agree(path: &Path) -> bool {
    let what = path.display();
    match (read(path, Threads::One), read(path, Threads::Two)) {
        (Ok(one), Ok(two)) => {
            same(&two.log, &one.log);
            let problems = |history: &History| format!("{:?}", history.problems);
            assert_eq!(problems(&two), problems(&one), "{what}");
            assert_eq!(two.about, one.about, "{what}");
            assert_eq!(two.snapshots, one.snapshots, "{what}");
            assert_eq!(details(&two), details(&one), "{what}");
            true
        }
        (Err(one), Err(two)) => {
            assert_eq!(two.to_string(), one.to_string(), "{what}");
            false
        }
        (one, two) => panic!("{what}: {one:?}, and by two threads {two:?}"),
    }
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(folder);
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.is_file() && !path.to_string_lossy().contains("bomb"));
    paths.sort();
    paths
}

#[test]
fn every_file_gives_the_same_history_to_two_threads() {
    let folders = ["stores", "logs", "nasty", "exports"];
    let n_read = folders.iter().flat_map(|folder| files(folder));
    assert!(n_read.filter(|path| agree(path)).count() > 30);
}

/// A store with more rows in the later half than in the first one, by id; times that go back, types
/// that are met only later, names that are no text, versions that are none.
fn make_store(path: &Path, n_rows: i64) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).unwrap();
    let table =
        "CREATE TABLE events (position INTEGER PRIMARY KEY, stream_id TEXT, version, type TEXT,
        occurred_at TEXT, data TEXT); BEGIN;";
    connection.execute_batch(table).unwrap();
    {
        let sql = "INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, '{\"n\":1}')";
        let mut insert = connection.prepare(sql).unwrap();
        for n in 1..=n_rows {
            let id = if n > n_rows / 3 { n * 2 + 1000 } else { n };
            let stream = format!("order-{}", (n * 7919) % (n / 10 + 5));
            let version = match n % 97 {
                0 => rusqlite::types::Value::Text("none".to_owned()),
                1 => rusqlite::types::Value::Null,
                _ => rusqlite::types::Value::Integer(n),
            };
            let kind = format!("Type{}", n % (1 + n / 8));
            let second = if n % 1000 == 0 { 3 } else { n };
            let time = format!(
                "2024-01-01T{:02}:{:02}:{:02}Z",
                second / 3600 % 24,
                second / 60 % 60,
                second % 60
            );
            insert.execute((id, stream, version, kind, time)).unwrap();
        }
    }
    connection.execute_batch("COMMIT").unwrap();
    connection
}

#[test]
fn a_large_store_gives_the_same_history_to_two_threads_also_where_it_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    make_store(&path, 9000).close().unwrap();
    assert!(agree(&path));
    let history = read(&path, Threads::Two).unwrap();
    assert_eq!(history.log.len(), 9000);
    assert!(history.problems.total() > 90);
    let bytes = std::fs::read(&path).unwrap();
    for part in 1..20 {
        let mut damaged = bytes.clone();
        let at = bytes.len() * part / 20 / 4096 * 4096;
        damaged[at..at + 8].fill(0xa5);
        std::fs::write(&path, &damaged).unwrap();
        agree(&path);
        damaged.truncate(at.max(8192));
        std::fs::write(&path, &damaged).unwrap();
        agree(&path);
    }
}

#[test]
fn a_store_with_a_log_beside_it_gives_the_same_history_to_two_threads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let connection = make_store(&path, 2000);
    connection
        .pragma_update(None, "journal_mode", "WAL")
        .unwrap();
    let more = "UPDATE events SET type = 'Changed' WHERE position % 5 = 0;
        INSERT INTO events SELECT position + 100000, stream_id, version, type, occurred_at, data FROM events";
    connection.execute_batch(more).unwrap();
    assert!(agree(&path));
    assert_eq!(read(&path, Threads::Two).unwrap().log.len(), 4000);
    connection.close().unwrap();
}

fn lines(n_lines: i64, end: &str) -> String {
    let mut text = "\u{feff}".to_owned();
    for n in 0..n_lines {
        match n % 50 {
            7 => writeln!(text, "{{\"stream\":\"a-1\",\"type\":\"cut").unwrap(),
            8 => writeln!(text).unwrap(),
            9 => write!(text, "{{\"type\":\"T{n}\",\"stream\":\"a-{n}\",\"version\":1}}\r\n").unwrap(),
            _ => writeln!(
                text,
                "{{\"stream\":\"a-{}\",\"version\":{n},\"type\":\"T{}\",\"data\":{{\"x\":\"{}\"}},\"time\":\"2024-01-01T00:00:{:02}\"}}",
                n % 31, n % 7, "é".repeat(usize::try_from(n % 90).unwrap()), n % 60
            )
            .unwrap(),
        }
    }
    text.push_str(end);
    text
}

#[test]
fn a_large_log_gives_the_same_history_to_two_threads_however_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.jsonl");
    let whole = "{\"stream\":\"a-1\",\"version\":9,\"type\":\"Last\"}";
    for end in ["", whole, "\n\n", "{\"stream\":\"a", "\r\n \t"] {
        for n_lines in [1, 2, 3, 40, 9001] {
            std::fs::write(&path, lines(n_lines, end)).unwrap();
            agree(&path);
        }
    }
    let history = read(&path, Threads::Two).unwrap();
    assert!(history.log.len() > 8500);
}

#[test]
fn what_both_threads_have_read_stays_done_when_their_halves_are_joined() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.jsonl");
    std::fs::write(&path, lines(9001, "")).unwrap();
    let progress = Arc::new(Progress::default());
    let options = OpenOptions {
        threads: Threads::Two,
        ..OpenOptions::default()
    };
    let history = open(&Source::File(path), &options, &progress).unwrap();
    assert_eq!(progress.done(), progress.total());
    assert_eq!(progress.events(), history.log.len() as u64);
}

#[test]
fn a_cancel_ends_both_halves() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.jsonl");
    std::fs::write(&path, lines(20_000, "")).unwrap();
    let progress = Arc::new(Progress::default());
    progress.cancel();
    let options = OpenOptions {
        threads: Threads::Two,
        ..OpenOptions::default()
    };
    let opened = open(&Source::File(path), &options, &progress);
    assert!(matches!(opened, Err(Error::Cancelled)));
}

#[test]
fn large_inputs_whose_records_lie_in_their_order_are_split() {
    let folder = tempfile::tempdir().unwrap();
    let [store, log, sorted] =
        ["a.db", "a.jsonl", "sorted.db"].map(|name| folder.path().join(name));
    make_store(&store, 100).close().unwrap();
    std::fs::write(&log, lines(100, "")).unwrap();
    // Positions that are no row ids are sorted first.
    let connection = rusqlite::Connection::open(&sorted).unwrap();
    let made =
        "CREATE TABLE events (stream_id TEXT, version INTEGER, type TEXT, global_position INTEGER UNIQUE);
        WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100)
        INSERT INTO events SELECT 'order-' || n, 1, 'Placed', n * 10 FROM n;";
    connection.execute_batch(made).unwrap();
    connection.close().unwrap();
    for (path, is_split) in [(&store, true), (&log, true), (&sorted, false)] {
        let source = Source::File(path.clone());
        let mut opened =
            annals::source::open(&source, &OpenOptions::default(), &Arc::default()).unwrap();
        assert!(opened.later(u64::MAX).is_none(), "{}", path.display());
        assert_eq!(opened.later(0).is_some(), is_split, "{}", path.display());
        assert!(agree(path));
    }
}
