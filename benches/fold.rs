//! What folding costs: the payloads of 1 million events of JSON Lines merged over all streams, against
//! the same in Node.js where it is installed; and the table of all states at any moment.

mod support;

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use annals::event::{CategoryId, Position};
use annals::fold::{Folder, Merge, StateTable, TableQuestion};
use annals::history::History;
use support::log::{Layout, make_log};
use support::opening::{events, opened};
use support::{Figure, children_cpu, measured, percentile};

const ROUNDS: usize = 3;

/// Reads the log, merges each payload into the state of its stream, and counts the streams.
const NODE: &str = "
const fs = require('fs'), states = new Map();
const file = fs.openSync(process.argv[1]), chunk = Buffer.alloc(1 << 22);
let rest = '';
const decoder = new (require('string_decoder').StringDecoder)('utf8');
for (let n; (n = fs.readSync(file, chunk)) > 0;) {
  const lines = (rest + decoder.write(chunk.subarray(0, n))).split('\\n');
  rest = lines.pop();
  for (const line of lines) {
    const event = JSON.parse(line), state = states.get(event.stream_id);
    if (state) Object.assign(state, event.data); else states.set(event.stream_id, { ...event.data });
  }
}
console.log(states.size);
";

/// CPU seconds of a script in Node.js; `None` where there is none.
fn node(script: &str, path: &Path) -> Option<f64> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let before = children_cpu();
        let mut command = Command::new("node");
        command.args(["-e", script]).arg(path).stdout(Stdio::null());
        let done = command.status().ok()?;
        assert!(done.success(), "Node.js reads the log");
        times.push(children_cpu() - before);
    }
    Some(percentile(&mut times, 0.5))
}

/// The states of all streams of each category, up to a position or at all of them.
fn tables(history: &Arc<History>, until: Option<Position>) -> Vec<StateTable> {
    let folder = Folder::new(Arc::clone(history), Arc::new(Merge));
    let categories =
        (0..history.log.category_names().len()).filter_map(|at| u32::try_from(at).ok());
    let table = |category| {
        let question = TableQuestion {
            category: CategoryId(category),
            columns: None,
            until,
        };
        StateTable::of(&folder, &question, &|| false, &|_| {}).expect("a table")
    };
    categories.map(table).collect()
}

/// Milliseconds until the rows of all tables at a moment are there, at moments all over the history.
fn rows_at(history: &History, tables: &[StateTable]) -> f64 {
    let n_events = u32::try_from(history.log.len()).expect("fewer events");
    let mut times: Vec<f64> = (1..=20)
        .map(|part| {
            let position = Position(n_events / 20 * part - 1);
            let start = Instant::now();
            let rows = tables
                .iter()
                .map(|table| table.as_of(&history.log, position).len());
            std::hint::black_box(rows.sum::<usize>());
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    percentile(&mut times, 0.5)
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.ndjson");
    make_log(&path, events(), Layout::Shared).expect("a log");
    let history = opened(&path);
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| measured(|| tables(&history, history.log.last())).0)
        .collect();
    let merged = percentile(&mut times, 0.5);
    let mut figures = Vec::new();
    if let (Some(whole), Some(empty)) = (node(NODE, &path), node("", &path)) {
        figures.push(Figure {
            name: "payload merge over all streams, CPU against Node.js",
            ours: merged,
            floor: whole - empty,
            unit: "s",
        });
    }
    let (took, all) = measured(|| tables(&history, None));
    figures.push(Figure {
        name: "tables for all moments, CPU against the merge",
        ours: took,
        floor: merged,
        unit: "s",
    });
    figures.push(Figure {
        name: "rows of all streams at a moment, wall against 300 ms",
        ours: rows_at(&history, &all),
        floor: 300.0,
        unit: "ms",
    });
    support::write("fold", &figures);
}
