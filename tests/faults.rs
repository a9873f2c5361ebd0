//! The power fails, the disk is full, the clock goes back: nothing of the user's is lost or half written,
//! and the evidence is as it was.
//!
//! A few rounds each by default; `ANNALS_KILL_ROUNDS=1000 ANNALS_FULL_ROUNDS=200` for all.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use annals::audit::Receipt;
use annals::event::Timestamp;
use annals::ingest::open;
use annals::job::{AuditTask, Job, Runner};
use annals::settings::{
    KeptNote, RecentFile, Settings, Workspace, load, read_workspace, save, write_workspace,
};
use annals::source::{OpenOptions, Source};

const PROGRAM: &str = env!("CARGO_BIN_EXE_annals");
const STORE: &str = "tests/fixtures/stores/py-eventsourcing-bank.db";

fn rounds(name: &str) -> u64 {
    std::env::var(name).map_or(4, |text| text.parse().unwrap())
}

/// A number that differs from round to round in a way that can be repeated.
fn mixed(round: u64) -> u64 {
    let mut z = round.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z ^ (z >> 31)
}

/// A copy of a store, with its bytes.
fn store(folder: &Path) -> (PathBuf, Vec<u8>) {
    let path = folder.join("bank.db");
    fs::copy(STORE, &path).unwrap();
    let bytes = fs::read(&path).unwrap();
    (path, bytes)
}

fn annals(args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// What is written: the arguments, the name, and how a whole one ends.
const WRITES: [(&[&str], &str, &str); 4] = [
    (&["report", "--output"], "report.html", "</html>"),
    (&["report", "--output"], "report.json", "}"),
    (&["audit", "--write-receipt"], "receipt.json", "}"),
    (
        &["export", "--to", "jsonl", "--output"],
        "events.jsonl",
        "}",
    ),
];

/// What stands in a file that may be an old or a new one, and whole.
fn is_whole(path: &Path, old: &str, end: &str) {
    let text = fs::read_to_string(path).unwrap();
    let is_new = text.trim_end().ends_with(end) && text.len() > old.len();
    assert!(
        text == old || is_new,
        "{}: {} bytes",
        path.display(),
        text.len()
    );
    if is_new && path.extension().is_some_and(|ending| ending == "json") {
        serde_json::from_str::<serde_json::Value>(&text).unwrap();
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn killed_while_it_writes_it_leaves_the_old_file_or_the_new_one_and_the_store_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (store, bytes) = store(folder.path());
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    // How long it takes as a whole, to be killed at any time of it.
    let whole = {
        let start = Instant::now();
        let place = out.join("first.html");
        let (store, place) = (store.to_str().unwrap(), place.to_str().unwrap());
        annals(&["report", store, "--output", place])
            .output()
            .unwrap();
        start.elapsed()
    };
    for round in 0..rounds("ANNALS_KILL_ROUNDS") {
        let (args, name, end) = WRITES[usize::try_from(round).unwrap() % WRITES.len()];
        let place = out.join(name);
        fs::write(&place, "the old one").unwrap();
        let mut child = annals(&args[..1])
            .arg(&store)
            .args(&args[1..])
            .arg(&place)
            .spawn()
            .unwrap();
        let share = u32::try_from(mixed(round) % 1100).unwrap();
        std::thread::sleep(whole * share / 1000);
        child.kill().unwrap();
        child.wait().unwrap();
        is_whole(&place, "the old one", end);
        assert_eq!(fs::read(&store).unwrap(), bytes);
    }
    assert_eq!(names_in(folder.path()), ["bank.db", "out"]);
}

#[test]
fn where_the_disk_is_full_it_says_so_and_the_old_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (store, bytes) = store(folder.path());
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    for round in 0..rounds("ANNALS_FULL_ROUNDS") {
        let (args, name, end) = WRITES[usize::try_from(round).unwrap() % WRITES.len()];
        let place = out.join(name);
        fs::write(&place, "the old one").unwrap();
        // No file may grow beyond so many KiB; the signal that says so is left aside, as on a full disk.
        let limit = mixed(round) % 12;
        let script = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$@\"");
        let output = Command::new("bash")
            .args(["-c", &script, "bash", PROGRAM, args[0]])
            .arg(&store)
            .args(&args[1..])
            .arg(&place)
            .output()
            .unwrap();
        is_whole(&place, "the old one", end);
        let said = String::from_utf8_lossy(&output.stderr);
        let is_old = fs::read_to_string(&place).unwrap() == "the old one";
        let code = output.status.code();
        assert!(
            !is_old || code == Some(2) && said.starts_with("annals: "),
            "{code:?} {said}"
        );
        assert!(is_old || code != Some(2), "{said}");
        assert_eq!(fs::read(&store).unwrap(), bytes);
        assert_eq!(
            names_in(&out)
                .iter()
                .filter(|name| name.starts_with(".tmp"))
                .count(),
            0
        );
    }
}

fn settings(n_files: usize) -> Settings {
    let mut settings = Settings::default();
    for n in 0..n_files {
        settings.remember(RecentFile {
            path: format!("/data/orders-{n}.db").into(),
            events: n as u64,
            ..RecentFile::default()
        });
    }
    settings
}

/// Writes settings again and again, until it is killed.
#[test]
#[ignore = "started by the test below"]
fn settings_writer() {
    let Ok(path) = std::env::var("ANNALS_SETTINGS_FILE") else {
        return;
    };
    for n in (1..9).cycle() {
        save(Path::new(&path), &settings(n)).unwrap();
    }
}

fn start(test: &str, name: &str, path: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored"])
        .env(name, path)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn killed_while_settings_are_written_they_are_the_old_or_the_new_ones() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    save(&path, &settings(1)).unwrap();
    for round in 0..rounds("ANNALS_KILL_ROUNDS") {
        let mut child = start("settings_writer", "ANNALS_SETTINGS_FILE", &path);
        std::thread::sleep(Duration::from_millis(15 + mixed(round) % 40));
        child.kill().unwrap();
        child.wait().unwrap();
        let kept = load(&path).unwrap();
        assert!((1..9).any(|n| kept == settings(n)), "whole settings");
    }
    // What was killed may leave the file that it had begun; the next one that is kept clears it away.
    for name in names_in(folder.path()) {
        let begun = fs::File::open(folder.path().join(name)).unwrap();
        let long_ago = std::time::SystemTime::now() - Duration::from_hours(1);
        begun.set_modified(long_ago).unwrap();
    }
    save(&path, &settings(2)).unwrap();
    assert_eq!(names_in(folder.path()), ["settings.json"]);
}

#[test]
fn settings_that_are_damaged_are_kept_beside_the_new_ones() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    save(&path, &settings(3)).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, &text[..text.len() / 2]).unwrap();
    let why = load(&path).unwrap_err().to_string();
    assert!(why.contains("settings.damaged.json"), "{why}");
    save(&path, &Settings::default()).unwrap();
    let kept = fs::read_to_string(folder.path().join("settings.damaged.json")).unwrap();
    assert_eq!(kept, text[..text.len() / 2]);
}

/// A workspace of so many notes.
fn workspace(n_notes: u32) -> Workspace {
    let note = |position| KeptNote {
        position,
        text: format!("what was seen at {position}: {}", "x".repeat(700)),
        event: String::new(),
    };
    Workspace {
        notes: (0..n_notes).map(note).collect(),
        ..Workspace::default()
    }
}

/// Writes a workspace again and again, until it is killed.
#[test]
#[ignore = "started by the test below"]
fn workspace_writer() {
    let Ok(path) = std::env::var("ANNALS_WORKSPACE_FILE") else {
        return;
    };
    for n in (1..20).cycle() {
        write_workspace(Path::new(&path), &workspace(n)).unwrap();
    }
}

#[test]
fn killed_while_a_workspace_is_written_it_is_the_old_or_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("workspace.json");
    write_workspace(&path, &workspace(1)).unwrap();
    for round in 0..rounds("ANNALS_KILL_ROUNDS") {
        let mut child = start("workspace_writer", "ANNALS_WORKSPACE_FILE", &path);
        std::thread::sleep(Duration::from_millis(15 + mixed(round) % 40));
        child.kill().unwrap();
        child.wait().unwrap();
        let kept = read_workspace(&path).unwrap();
        let n_notes = u32::try_from(kept.notes.len()).unwrap();
        assert_eq!(kept, workspace(n_notes), "a whole workspace");
    }
}

/// Audits a store and keeps its receipt, again and again, until it is killed.
#[test]
#[ignore = "started by the test below"]
fn receipt_keeper() {
    let Ok(folder) = std::env::var("ANNALS_RECEIPT_FOLDER") else {
        return;
    };
    let source = Source::File(PathBuf::from(STORE));
    let history = open(&source, &OpenOptions::default(), &Arc::default()).unwrap();
    loop {
        let mut runner = Runner::inline();
        let task = AuditTask {
            generation: 1,
            history: Arc::clone(&history),
            folder: None,
            receipts: Some(PathBuf::from(&folder)),
            now: Timestamp(0),
        };
        runner.request(Job::Audit(task), "a test");
        assert!(!runner.take_outcomes().is_empty());
    }
}

#[test]
fn killed_while_a_receipt_is_kept_it_is_the_old_or_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut n_kept = 0;
    for round in 0..rounds("ANNALS_KILL_ROUNDS") {
        let mut child = start("receipt_keeper", "ANNALS_RECEIPT_FOLDER", folder.path());
        std::thread::sleep(Duration::from_millis(40 + mixed(round) % 120));
        child.kill().unwrap();
        child.wait().unwrap();
        let names = names_in(folder.path());
        let whole: Vec<&String> = names
            .iter()
            .filter(|name| {
                Path::new(name)
                    .extension()
                    .is_some_and(|ending| ending == "json")
            })
            .collect();
        assert!(whole.len() <= 1, "{names:?}");
        if let [name] = whole.as_slice() {
            let text = fs::read_to_string(folder.path().join(name)).unwrap();
            assert!(Receipt::parse(&text).is_ok(), "{text}");
            n_kept += 1;
        } else {
            assert_eq!(n_kept, 0, "what was kept is gone: {names:?}");
        }
    }
}

/// Writes settings and a workspace once; the end says whether both could be written.
#[test]
#[ignore = "started by the test below"]
fn small_writer() {
    let Ok(folder) = std::env::var("ANNALS_SMALL_FOLDER") else {
        return;
    };
    let folder = PathBuf::from(folder);
    let settings = save(&folder.join("settings.json"), &settings(8));
    let workspace = write_workspace(&folder.join("workspace.json"), &workspace(9));
    assert!(settings.is_ok() && workspace.is_ok(), "refused");
}

#[test]
fn where_the_disk_is_full_settings_and_workspaces_stay_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (
        folder.path().join("settings.json"),
        folder.path().join("workspace.json"),
    );
    for round in 0..rounds("ANNALS_FULL_ROUNDS") {
        save(&first, &settings(1)).unwrap();
        write_workspace(&second, &workspace(1)).unwrap();
        let limit = mixed(round) % 12;
        let script = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$@\"");
        let output = Command::new("bash")
            .args(["-c", &script, "bash"])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", "small_writer", "--ignored"])
            .env("ANNALS_SMALL_FOLDER", folder.path())
            .output()
            .unwrap();
        let (kept, notes) = (load(&first).unwrap(), read_workspace(&second).unwrap());
        let is_new = [kept == settings(8), notes == workspace(9)];
        assert!(is_new[0] || kept == settings(1), "{limit}");
        assert!(is_new[1] || notes == workspace(1), "{limit}");
        assert_eq!(output.status.success(), is_new == [true, true], "{limit}");
        assert_eq!(names_in(folder.path()), ["settings.json", "workspace.json"]);
    }
}

/// Writes events to a store until its time is over.
#[test]
#[ignore = "started by the test below"]
fn events_writer() {
    let Ok(path) = std::env::var("ANNALS_EVENTS_FILE") else {
        return;
    };
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.busy_timeout(Duration::ZERO).unwrap();
    let start = Instant::now();
    let mut version = 0;
    while start.elapsed() < Duration::from_secs(1) {
        version += 1;
        let insert = "INSERT INTO events (stream_id, version, type, data) VALUES ('order-1', ?, 'OrderPaid', '{\"n\":1}')";
        // A refusal ends the test.
        connection.execute(insert, [version]).unwrap();
        std::thread::sleep(Duration::from_millis(1));
    }
    connection.close().unwrap();
}

#[test]
fn killed_while_it_follows_it_leaves_nothing_and_the_writer_never_notices() {
    for round in 0..rounds("ANNALS_KILL_ROUNDS").div_ceil(2) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orders.db");
        let connection = rusqlite::Connection::open(&path).unwrap();
        let journal = if round.is_multiple_of(2) {
            "WAL"
        } else {
            "DELETE"
        };
        connection
            .pragma_update(None, "journal_mode", journal)
            .unwrap();
        let table = "CREATE TABLE events (position INTEGER PRIMARY KEY, stream_id TEXT NOT NULL, version INTEGER NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL);
            INSERT INTO events (stream_id, version, type, data) VALUES ('order-1', 0, 'OrderPlaced', '{\"n\":0}'), ('order-2', 0, 'OrderPlaced', '{\"n\":0}');";
        connection.execute_batch(table).unwrap();
        connection.close().unwrap();
        let mut writer = start("events_writer", "ANNALS_EVENTS_FILE", &path);
        let mut n_killed = 0;
        while writer.try_wait().unwrap().is_none() {
            let mut follower = annals(&["events", path.to_str().unwrap(), "--json", "--follow"])
                .spawn()
                .unwrap();
            std::thread::sleep(Duration::from_millis(
                20 + mixed(round * 100 + n_killed) % 150,
            ));
            follower.kill().unwrap();
            follower.wait().unwrap();
            n_killed += 1;
        }
        assert!(writer.wait().unwrap().success(), "the writer was refused");
        assert!(n_killed > 2);
        assert_eq!(names_in(folder.path()), ["orders.db"]);
        let connection = rusqlite::Connection::open(&path).unwrap();
        let sound: String = connection
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(sound, "ok");
    }
}
