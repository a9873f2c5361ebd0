//! What an audit costs: 1 million events with the default checks against the bare read of their
//! payloads; file hashes, SQLite's own check and the receipt by themselves.

mod support;

use std::hint::black_box;
use std::path::Path;

use annals::audit::{AuditOptions, Evidence, Watch, run};
use annals::event::{Place, Position, Want};
use annals::history::History;
use annals::source::{Progress, hash_file};
use rusqlite::{Connection, params};
use support::opening::{events, opened};
use support::{Figure, Numbers, TYPES, measured};

const ROUNDS: usize = 5;

/// A store of usual columns: one stream for ten events, payloads of about 240 bytes.
fn make_store(path: &Path, n_events: u64) -> rusqlite::Result<()> {
    let mut connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
         CREATE TABLE events (global_position INTEGER PRIMARY KEY, stream_id TEXT NOT NULL, stream_version INTEGER NOT NULL,
           event_id TEXT NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL, created_at INTEGER NOT NULL);",
    )?;
    let mut numbers = Numbers(1);
    let n_streams = (n_events / 10).max(1);
    let mut versions = vec![0_i64; usize::try_from(n_streams).unwrap_or(1)];
    let mut time = 1_700_000_000_000_000_i64;
    let writing = connection.transaction()?;
    {
        let mut insert = writing.prepare("INSERT INTO events VALUES (?,?,?,?,?,?,?,?)")?;
        for position in 1..=n_events {
            let stream = usize::try_from(numbers.below(n_streams)).unwrap_or(0);
            versions[stream] += 1;
            time += i64::try_from(numbers.below(2_000_000)).unwrap_or(0);
            let name = format!("{}-{stream}", ["order", "account", "sensor"][stream % 3]);
            let id = format!("{:016x}-{:016x}", numbers.next(), numbers.next());
            let data = format!(
                "{{\"amount\":{}.{:02},\"status\":\"open\",\"note\":\"{:0>150}\",\"by\":\"user-{}\"}}",
                numbers.below(10_000),
                numbers.below(100),
                numbers.next(),
                numbers.below(500)
            );
            let metadata = format!(
                "{{\"correlationId\":\"{:016x}\",\"user\":\"u-{}\"}}",
                numbers.next(),
                numbers.below(900)
            );
            let event_type = TYPES[usize::try_from(numbers.below(12)).unwrap_or(0)];
            insert.execute(params![
                position.cast_signed(),
                name,
                versions[stream],
                id,
                event_type,
                data,
                metadata,
                time
            ])?;
        }
    }
    writing.commit()
}

/// The floor: every payload read once, in batches, and nothing done with it.
fn bare_read(history: &History) -> u64 {
    let end = u32::try_from(history.log.len()).unwrap_or(u32::MAX);
    let mut n_read = 0;
    for from in (0..end).step_by(4096) {
        let to = end.min(from + 4096);
        let places: Vec<Place> = (from..to)
            .map(|at| history.log.place(Position(at)))
            .collect();
        history
            .reader
            .read(&places, Want::Payloads, &mut |_, detail| {
                n_read += 1;
                black_box(detail).is_ok()
            });
    }
    n_read
}

fn audited(history: &History, with_tree: bool) -> usize {
    let options = AuditOptions {
        with_tree,
        ..AuditOptions::default()
    };
    let watch = Watch {
        cancel: &|| false,
        records_read: &|_| (),
    };
    let audit = run(history, Evidence::default(), &options, &watch);
    audit.map_or(0, |audit| audit.checks.len())
}

/// The CPU seconds of `ours` and of the floor, in the round of the median ratio.
fn against(ours: impl Fn() -> usize, floor: impl Fn() -> u64) -> (f64, f64) {
    let mut all = Vec::new();
    for _ in 0..ROUNDS {
        let (bare, _) = measured(&floor);
        let (took, n_checks) = measured(&ours);
        assert!(n_checks > 0);
        all.push((took, bare));
    }
    all.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    all[ROUNDS / 2]
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.db");
    make_store(&path, events()).expect("a store");
    let history = opened(&path);
    let bare = || bare_read(&history);
    let (checks, floor) = against(|| audited(&history, false), bare);
    let (with_tree, tree_floor) = against(|| audited(&history, true), bare);
    let (hashed, _) = measured(|| hash_file(&path, &Progress::default()));
    let (checked, _) = measured(|| history.reader.self_check(&|| false));
    let figures = [
        Figure {
            name: "default checks, CPU against the bare read of payloads",
            ours: checks,
            floor,
            unit: "s",
        },
        Figure {
            name: "the same with the receipt",
            ours: with_tree,
            floor: tree_floor,
            unit: "s",
        },
        Figure {
            name: "SHA-256 of the file, against the same read",
            ours: hashed,
            floor,
            unit: "s",
        },
        Figure {
            name: "SQLite's own check, against the same read",
            ours: checked,
            floor,
            unit: "s",
        },
    ];
    support::write("audit", &figures);
}
