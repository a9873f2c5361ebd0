//! Rules in JavaScript: how fast they fold, and the state at a random version of 100,000 read from the
//! store, against a replay from the first event; with small states and with large ones.

mod support;

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use annals::event::{StreamId, Version};
use annals::fold::Folder;
use annals::history::History;
use annals::script::ScriptRules;
use rusqlite::{Connection, params};
use support::{Figure, Numbers, percentile, thread_cpu};

const EVENTS: i64 = 100_000;

/// A state of about 3 KB.
const SMALL: &str = "
fromAll().foreachStream().when({
  $init: () => ({ fields: {}, total: 0, n: 0 }),
  Changed: (s, e) => {
    s.fields['field' + e.data.key % 60] = e.data.text;
    s.total += e.data.amount;
    s.n++;
  },
})";

/// A state of about 100 KB.
const LARGE: &str = "
fromAll().foreachStream().when({
  $init: () => ({ fields: {}, total: 0, n: 0 }),
  Changed: (s, e) => {
    s.fields['field' + e.data.key] = { text: e.data.text, amount: e.data.amount };
    s.total += e.data.amount;
    s.n++;
  },
})";

fn make_store(path: &Path) -> rusqlite::Result<u64> {
    let mut connection = Connection::open(path)?;
    connection.execute_batch(
        "CREATE TABLE events (position INTEGER PRIMARY KEY, stream_id TEXT NOT NULL, version INTEGER NOT NULL,
           type TEXT NOT NULL, data TEXT NOT NULL, created_at INTEGER NOT NULL);",
    )?;
    let (mut numbers, mut bytes) = (Numbers(5), 0);
    let writing = connection.transaction()?;
    {
        let mut insert = writing.prepare("INSERT INTO events VALUES (?,?,?,?,?,?)")?;
        for version in 0..EVENTS {
            let data = format!(
                "{{\"key\":{},\"text\":\"{:0>40}\",\"amount\":{}.50,\"note\":\"{:0>130}\"}}",
                numbers.below(1200),
                numbers.next(),
                numbers.below(100_000),
                numbers.next()
            );
            bytes += data.len() as u64;
            insert.execute(params![
                version + 1,
                "order-1",
                version,
                "Changed",
                data,
                1_700_000_000_000_000_i64 + version * 1_000_000
            ])?;
        }
    }
    writing.commit()?;
    Ok(bytes)
}

/// Names of the figures of one script.
struct Names {
    rate: &'static str,
    p99: &'static str,
    memory: &'static str,
}

fn measure(
    history: &Arc<History>,
    stream: StreamId,
    (script, names): (&str, Names),
    payload: f64,
    figures: &mut Vec<Figure>,
) {
    let rules = ScriptRules::parse("bench.js", script).expect("the rules");
    let folder = Folder::new(Arc::clone(history), Arc::new(rules));
    let start = thread_cpu();
    let state = folder.state_at_end(stream, &|| false).expect("a state");
    let replay = thread_cpu() - start;
    support::say_size(&state.value.to_string());
    let mut numbers = Numbers(9);
    let mut took = Vec::new();
    for _ in 0..1000 {
        let version = i64::try_from(numbers.below(100_000)).unwrap_or(0);
        let start = thread_cpu();
        let state = folder.state_at_version(stream, Version(version), &|| false);
        black_box(state.expect("a state"));
        took.push((thread_cpu() - start) * 1000.0);
    }
    figures.push(Figure {
        name: names.rate,
        ours: replay * 1e6 / EVENTS as f64,
        floor: 1.0,
        unit: "µs",
    });
    figures.push(Figure {
        name: names.p99,
        ours: percentile(&mut took, 0.99),
        floor: 16.0,
        unit: "ms",
    });
    figures.push(Figure {
        name: names.memory,
        ours: folder.checkpoint_bytes() as f64 / payload * 100.0,
        floor: 100.0,
        unit: "%",
    });
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.db");
    let payload = make_store(&path).expect("a store") as f64;
    let history = support::opening::opened(&path);
    let stream = history
        .log
        .find_stream("order-1", None)
        .expect("the stream");
    let small = Names {
        rate: "3 KB: time an event, against 1 µs",
        p99: "3 KB: p99 of a random version, against 16 ms",
        memory: "3 KB: checkpoints, share of the payload",
    };
    let large = Names {
        rate: "100 KB: time an event, against 1 µs",
        p99: "100 KB: p99 of a random version, against 16 ms",
        memory: "100 KB: checkpoints, share of the payload",
    };
    let mut figures = Vec::new();
    for script in [(SMALL, small), (LARGE, large)] {
        measure(&history, stream, script, payload, &mut figures);
    }
    support::write("reducers", &figures);
}
