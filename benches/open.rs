//! What opening costs: 1 million events of a SQLite store against a bare rusqlite scan of the same
//! columns with the same flags and pragmas, and how soon the first page is there.

mod support;

use support::opening::{against, events, first_page, opened};
use support::store::{bare_scan, make_store};
use support::{Figure, percentile};

const ROUNDS: usize = 11;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.db");
    let n_events = events();
    make_store(&path, n_events).expect("a store");
    let bare = || bare_scan(&path).expect("a scan");
    let (took, floor) = against(ROUNDS, &path, n_events, bare);
    let mut pages: Vec<f64> = (0..ROUNDS).map(|_| first_page(&path)).collect();
    let memory = opened(&path).log.memory();
    let figures = [
        Figure {
            name: "open, CPU against a bare scan",
            ours: took,
            floor,
            unit: "s",
        },
        Figure {
            name: "first page, wall against 50 ms",
            ours: percentile(&mut pages, 0.5),
            floor: 50.0,
            unit: "ms",
        },
        Figure {
            name: "bytes an event beside names, against 24",
            ours: memory.0 as f64 / n_events as f64,
            floor: 24.0,
            unit: "B",
        },
    ];
    support::write("open", &figures);
}
