//! Files that another program goes on writing: nothing of them is missed, the writer is not disturbed,
//! and nothing is left beside them.
//!
//! The writer is this very test program, started again: locks of files are a process's own, so that a
//! writer in the same one would show nothing.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop, and says what it measured"
)]

use std::fs::{self, File, OpenOptions as Opening};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use annals::event::{Payload, Position, Want};
use annals::history::History;
use annals::ingest::{Follower, open};
use annals::source::{Error, OpenOptions, Progress, Source};

/// How many events the writer adds a second, and in how many transactions.
const EVENTS_A_SECOND: u32 = 2000;

fn opened(path: &Path) -> Arc<History> {
    let source = Source::File(path.to_owned());
    open(&source, &OpenOptions::default(), &Arc::default()).unwrap()
}

fn following(path: &Path, history: &Arc<History>) -> Result<Follower, Error> {
    let source = Source::File(path.to_owned());
    Follower::new(history, &source, &OpenOptions::default(), &Arc::default())
}

fn look(follower: &mut Follower) -> Result<usize, Error> {
    follower.look(&Arc::<Progress>::default())
}

/// A store with some events, written with this journal.
fn store(folder: &Path, journal: &str) -> PathBuf {
    let path = folder.join("orders.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .pragma_update(None, "journal_mode", journal)
        .unwrap();
    connection
        .execute_batch(
            "CREATE TABLE events (global_position INTEGER PRIMARY KEY, stream_id TEXT NOT NULL, \
             stream_version INTEGER NOT NULL, event_id TEXT NOT NULL, event_type TEXT NOT NULL, \
             data TEXT NOT NULL, created_at TEXT NOT NULL, UNIQUE (stream_id, stream_version));",
        )
        .unwrap();
    add(&connection, 0, 500);
    connection.close().unwrap();
    path
}

fn add(connection: &rusqlite::Connection, from: u32, n_events: u32) -> bool {
    let Ok(transaction) = connection.unchecked_transaction() else {
        return false;
    };
    for n in from..from + n_events {
        let (stream, version) = (format!("order-{}", n % 97), n / 97);
        let kind = ["OrderPlaced", "OrderPaid", "OrderShipped"][n as usize % 3];
        let data = format!(
            "{{\"n\":{n},\"note\":\"{}\"}}",
            "x".repeat(n as usize % 300)
        );
        let id = format!(
            "{:08x}-0000-4000-8000-{n:012x}",
            n.wrapping_mul(2_654_435_761)
        );
        let time = format!(
            "2026-01-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            n / 86_400_000 + 1,
            n / 3_600_000 % 24,
            n / 60_000 % 60,
            n / 1000 % 60,
            n % 1000
        );
        let row = (n + 1, stream, version, id, kind, data, time);
        let added = transaction
            .prepare_cached("INSERT INTO events VALUES (?,?,?,?,?,?,?)")
            .and_then(|mut insert| insert.execute(row));
        if added.is_err() {
            return false;
        }
    }
    transaction.commit().is_ok()
}

/// What the writer does where it is started as one; says how many events it wrote and how often it was
/// refused.
#[test]
#[ignore = "started by the tests below"]
fn writer() {
    let Ok(path) = std::env::var("ANNALS_WRITER_FILE") else {
        return;
    };
    let number = |name: &str| std::env::var(name).unwrap().parse::<u32>().unwrap();
    let (millis, at_once) = (
        number("ANNALS_WRITER_MILLIS"),
        number("ANNALS_WRITER_AT_ONCE"),
    );
    let is_paced = number("ANNALS_WRITER_PACED") == 1;
    let journal = std::env::var("ANNALS_WRITER_JOURNAL").unwrap();
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.busy_timeout(Duration::ZERO).unwrap();
    connection
        .pragma_update(None, "journal_mode", journal)
        .unwrap();
    // Single events would wait for the disk; what is looked at here is what waits for nothing.
    let synchronous = if at_once == 1 { "OFF" } else { "NORMAL" };
    connection
        .pragma_update(None, "synchronous", synchronous)
        .unwrap();
    let (start, mut n_written, mut n_refused) = (Instant::now(), 0, 0);
    let mut longest = 0;
    while start.elapsed() < Duration::from_millis(millis.into()) {
        let due = start.elapsed().as_secs_f64() * f64::from(EVENTS_A_SECOND);
        if is_paced && f64::from(n_written) > due {
            std::thread::sleep(Duration::from_micros(200));
            continue;
        }
        if add(&connection, 500 + n_written, at_once) {
            n_written += at_once;
        } else {
            n_refused += 1;
        }
        let wal = fs::metadata(format!("{path}-wal")).map_or(0, |about| about.len());
        longest = longest.max(wal);
    }
    connection.close().unwrap();
    println!("written {n_written} refused {n_refused} wal {longest}");
}

fn start_writer(path: &Path, journal: &str, millis: u32, at_once: u32, is_paced: bool) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "writer", "--ignored", "--nocapture"])
        .env("ANNALS_WRITER_FILE", path)
        .env("ANNALS_WRITER_JOURNAL", journal)
        .env("ANNALS_WRITER_MILLIS", millis.to_string())
        .env("ANNALS_WRITER_AT_ONCE", at_once.to_string())
        .env("ANNALS_WRITER_PACED", u32::from(is_paced).to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Events written, refusals, and the longest write-ahead log.
fn said(writer: Child) -> (usize, usize, usize) {
    let output = writer.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let at = text.find("written ").unwrap_or_else(|| panic!("{text}"));
    let words: Vec<&str> = text[at..].split_whitespace().take(6).collect();
    let number = |at: usize| words[at].parse().unwrap();
    (number(1), number(3), number(5))
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Follows while the writer writes, and holds what was read against what was written.
fn follows(journal: &str, at_once: u32) {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path(), journal);
    let mut history = opened(&path);
    assert_eq!(history.log.len(), 500);
    let mut follower = following(&path, &history).unwrap();
    let mut writer = start_writer(&path, journal, 3000, at_once, true);
    let mut n_grown = 0;
    while writer.try_wait().unwrap().is_none() {
        match look(&mut follower) {
            Ok(0) | Err(Error::Busy(_)) => {}
            Ok(_) => {
                history = follower.history();
                n_grown += 1;
                let last = history.log.last().unwrap();
                holds(&history, last, last.0);
            }
            Err(error) => panic!("{error}"),
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let (n_written, n_refused, _) = said(writer);
    // What the writer left alone is as it leaves it alone.
    let left: &[&str] = match journal {
        // The writer leaves it, with and without us.
        "PERSIST" => &["orders.db", "orders.db-journal"],
        _ => &["orders.db"],
    };
    assert_eq!(names_in(folder.path()), left);
    let since = Instant::now();
    while follower.history().log.len() < 500 + n_written {
        look(&mut follower).unwrap();
        assert!(since.elapsed() < Duration::from_secs(1), "within a second");
    }
    history = follower.history();
    assert_eq!(history.log.len(), 500 + n_written);
    assert_eq!(history.about.n_records, 500 + n_written as u64);
    assert_eq!(history.problems.records_lost(), 0);
    assert!(
        n_grown > 5,
        "it was followed and not read at the end: {n_grown}"
    );
    assert!(n_written > 500, "{n_written}");
    assert_eq!(n_refused, 0, "the writer was never refused");
    let n_events = u32::try_from(history.log.len()).unwrap();
    for at in (0..n_events).step_by(97).chain([n_events - 1]) {
        holds(&history, Position(at), at);
    }
    assert_eq!(names_in(folder.path()), left);
    is_as_opened(&history, &path);
}

fn holds(history: &History, at: Position, n: u32) {
    let event = history.reader.read_one(history.log.place(at), Want::All);
    let Payload::Json(text) = event.unwrap().data else {
        panic!("a payload");
    };
    assert!(text.starts_with(&format!("{{\"n\":{n},")), "{text}");
    let log = &history.log;
    assert_eq!(log.stream_name(log.stream(at)), format!("order-{}", n % 97));
    assert_eq!(log.version(at).unwrap().0, i64::from(n / 97));
}

#[test]
fn a_store_with_a_rollback_journal_is_followed_and_its_writer_is_never_refused() {
    follows("DELETE", 20);
}

#[test]
fn a_store_whose_journal_stays_is_followed_one_event_a_transaction() {
    follows("PERSIST", 1);
}

#[test]
fn a_store_with_a_write_ahead_log_is_followed_and_nothing_is_left_beside_it() {
    follows("WAL", 20);
}

#[test]
fn a_store_with_a_write_ahead_log_is_followed_one_event_a_transaction() {
    follows("WAL", 1);
}

/// For a whole minute: `ANNALS_LIVE_SECONDS=60 cargo test --release --test follow -- --ignored measures`.
#[test]
#[ignore = "takes minutes"]
fn measures_what_following_costs_the_writer() {
    let seconds = std::env::var("ANNALS_LIVE_SECONDS").map_or(10, |text| text.parse().unwrap());
    println!("journal  paced  alone/s  followed/s  loss  refused  wal alone  wal followed");
    for (journal, is_paced) in [
        ("DELETE", true),
        ("DELETE", false),
        ("WAL", true),
        ("WAL", false),
    ] {
        let mut figures = Vec::new();
        for is_followed in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let path = store(folder.path(), journal);
            let history = opened(&path);
            let mut follower = following(&path, &history).unwrap();
            let mut writer = start_writer(&path, journal, seconds * 1000, 20, is_paced);
            while writer.try_wait().unwrap().is_none() {
                if is_followed && look(&mut follower).is_ok_and(|n_new| n_new > 0) {
                    follower.history();
                }
                std::thread::sleep(Duration::from_millis(250));
            }
            figures.push(said(writer));
            assert_eq!(names_in(folder.path()), ["orders.db"]);
        }
        let [alone, followed] = figures[..] else {
            panic!("two runs");
        };
        let rate = |n: usize| n as f64 / f64::from(seconds);
        let loss = 100.0 - 100.0 * followed.0 as f64 / alone.0 as f64;
        println!(
            "{journal:7}  {is_paced:5}  {:7.0}  {:10.0}  {loss:3.1}%  {:7}  {:9}  {:12}",
            rate(alone.0),
            rate(followed.0),
            followed.1,
            alone.2,
            followed.2
        );
    }
}

/// What was followed is what is there when the file is opened.
fn is_as_opened(history: &History, path: &Path) {
    let whole = opened(path);
    let (log, other) = (&history.log, &whole.log);
    assert_eq!(
        (log.len(), log.streams().len()),
        (other.len(), other.streams().len())
    );
    assert_eq!(log.category_names(), other.category_names());
    assert_eq!(log.type_names(), other.type_names());
    for stream in other.streams() {
        assert_eq!(log.stream_info(stream), other.stream_info(stream));
        assert_eq!(log.stream_span(stream), other.stream_span(stream));
        assert_eq!(log.events_of(stream), other.events_of(stream));
    }
    assert_eq!(history.problems.kinds(), whole.problems.kinds());
}

/// What following says in the end.
fn ending(follower: &mut Follower) -> String {
    match look(follower) {
        Err(error) => error.to_string(),
        Ok(n_new) => panic!("{n_new} events instead of an end"),
    }
}

#[test]
fn a_store_that_is_replaced_cut_or_removed_is_not_followed_any_longer_and_what_was_read_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path(), "DELETE");
    let history = opened(&path);
    let begun = || {
        let mut follower = following(&path, &history).unwrap();
        assert_eq!(look(&mut follower).unwrap(), 0);
        follower
    };
    let whole = fs::read(&path).unwrap();

    let mut follower = begun();
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute("DELETE FROM events WHERE global_position > 490", [])
        .unwrap();
    drop(connection);
    let why = ending(&mut follower);
    assert!(
        why.contains("rowid 500 was read before and is gone"),
        "{why}"
    );

    fs::write(&path, &whole).unwrap();
    let mut follower = begun();
    let connection = rusqlite::Connection::open(&path).unwrap();
    let change = "UPDATE events SET event_type = 'Other' WHERE global_position = 500";
    connection.execute(change, []).unwrap();
    drop(connection);
    assert!(ending(&mut follower).contains("says something else now"));

    fs::write(&path, &whole).unwrap();
    let mut follower = begun();
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(4096)
        .unwrap();
    assert!(!ending(&mut follower).is_empty());

    fs::write(&path, &whole).unwrap();
    let mut follower = begun();
    fs::write(&path, "no store at all, but text that is long enough to be read as a header, and then some more of it to be sure").unwrap();
    assert!(ending(&mut follower).contains("not the SQLite database any more"));

    fs::write(&path, &whole).unwrap();
    let mut follower = begun();
    fs::remove_file(&path).unwrap();
    assert!(ending(&mut follower).contains("no such file"));

    // What was read is still there, as far as the log holds it.
    assert_eq!(follower.history().log.len(), 500);
}

fn line(n: u32) -> String {
    format!(
        "{{\"stream\":\"order-{}\",\"version\":{},\"type\":\"OrderPlaced\",\"time\":\"2026-01-01T00:00:{:02}Z\",\"data\":{{\"n\":{n}}}}}\n",
        n % 7,
        n / 7,
        n % 60
    )
}

fn lines(path: &Path, range: std::ops::Range<u32>) {
    let mut file = Opening::new().append(true).create(true).open(path).unwrap();
    let text: String = range.map(line).collect();
    file.write_all(text.as_bytes()).unwrap();
}

#[test]
fn json_lines_are_followed_and_a_line_counts_once_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.jsonl");
    lines(&path, 0..100);
    let half = line(100);
    let (begun, rest) = half.split_at(30);
    Opening::new()
        .append(true)
        .open(&path)
        .unwrap()
        .write_all(begun.as_bytes())
        .unwrap();
    let history = opened(&path);
    assert_eq!(
        (history.log.len(), history.problems.records_lost()),
        (100, 1)
    );

    let mut follower = following(&path, &history).unwrap();
    assert_eq!(look(&mut follower).unwrap(), 0);
    Opening::new()
        .append(true)
        .open(&path)
        .unwrap()
        .write_all(rest.as_bytes())
        .unwrap();
    assert_eq!(look(&mut follower).unwrap(), 1);
    lines(&path, 101..300);
    Opening::new()
        .append(true)
        .open(&path)
        .unwrap()
        .write_all(b"{\"no\": ")
        .unwrap();
    assert_eq!(look(&mut follower).unwrap(), 200);
    Opening::new()
        .append(true)
        .open(&path)
        .unwrap()
        .write_all(b"end\n\n")
        .unwrap();
    lines(&path, 300..40_000);
    while follower.n_waiting() < 39_900 {
        assert!(look(&mut follower).unwrap() > 200);
    }
    let history = follower.history();
    assert_eq!(history.log.len(), 40_000);
    assert_eq!(history.problems.records_lost(), 1);
    assert_eq!(history.problems.items().last().unwrap().place, "line 301");
    assert_eq!(history.about.n_records, 40_001);
    for n in [0, 99, 100, 101, 299, 300, 25_000, 39_999] {
        let at = Position(n);
        let event = history
            .reader
            .read_one(history.log.place(at), Want::All)
            .unwrap();
        let number = if n < 300 { n + 1 } else { n + 3 };
        assert_eq!(event.source, format!("orders.jsonl:{number}"));
        assert_eq!(event.data, Payload::Json(format!("{{\"n\":{n}}}").into()));
    }
    is_as_opened(&history, &path);
}

#[test]
fn json_lines_that_are_rotated_or_cut_are_not_followed_any_longer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.jsonl");
    lines(&path, 0..100);
    let history = opened(&path);
    let mut follower = following(&path, &history).unwrap();
    // What was written before it was moved away is still read.
    lines(&path, 100..110);
    fs::rename(&path, folder.path().join("orders.jsonl.1")).unwrap();
    lines(&path, 0..5);
    assert_eq!(look(&mut follower).unwrap(), 10);
    assert!(ending(&mut follower).contains("another file stands in its place"));
    let grown = follower.history();
    let event = grown
        .reader
        .read_one(grown.log.place(Position(105)), Want::Presented);
    assert_eq!(event.unwrap().data, Payload::Json("{\"n\":105}".into()));

    let history = opened(&path);
    let mut follower = following(&path, &history).unwrap();
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(10)
        .unwrap();
    assert!(ending(&mut follower).contains("was cut"));
    let mut follower = {
        fs::write(&path, "").unwrap();
        lines(&path, 0..50);
        following(&path, &opened(&path)).unwrap()
    };
    // Cut and written anew, longer than before, between two looks.
    fs::write(&path, "").unwrap();
    lines(&path, 1000..1100);
    assert!(ending(&mut follower).contains("was cut"));
    let mut follower = following(&path, &opened(&path)).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(ending(&mut follower).contains("moved or removed"));
}

#[test]
fn what_cannot_be_followed_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.json");
    let all: Vec<String> = (0..10).map(|n| line(n).trim_end().to_owned()).collect();
    fs::write(&path, format!("[{}]", all.join(",\n"))).unwrap();
    let why = following(&path, &opened(&path)).err().unwrap().to_string();
    assert!(why.contains("one document"), "{why}");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_any_more_says_so() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path(), "DELETE");
    let history = opened(&path);
    let mut follower = following(&path, &history).unwrap();
    assert_eq!(look(&mut follower).unwrap(), 0);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(&path).is_ok() {
        return; // The user of the test may read everything.
    }
    assert!(ending(&mut follower).contains("no permission"));
}
