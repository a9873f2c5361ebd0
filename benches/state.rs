//! Time travel in a long stream: the state at a random version of 100,000, read from the store,
//! against a replay from the first event.

mod support;

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use annals::event::Version;
use annals::fold::{Folder, Merge, Reducer, Rules};
use rusqlite::{Connection, params};
use support::{Figure, Numbers, percentile, thread_cpu};

const EVENTS: i64 = 100_000;
const RULES: &str = r"
[category.order.on]
Changed = ['merge data', 'add data.step to steps', 'set last to data.step']
";

/// One stream of patches; its state comes to about 3 KB.
fn make_store(path: &Path) -> rusqlite::Result<()> {
    let mut connection = Connection::open(path)?;
    connection.execute_batch(
        "CREATE TABLE events (position INTEGER PRIMARY KEY, stream_id TEXT NOT NULL, version INTEGER NOT NULL,
           type TEXT NOT NULL, data TEXT NOT NULL, created_at INTEGER NOT NULL);",
    )?;
    let mut numbers = Numbers(5);
    let writing = connection.transaction()?;
    {
        let mut insert = writing.prepare("INSERT INTO events VALUES (?,?,?,?,?,?)")?;
        for version in 0..EVENTS {
            let data = format!(
                "{{\"field{}\":\"{:0>40}\",\"field{}\":{{\"a\":{},\"b\":[1,2,{}]}},\"amount\":{}.50,\"step\":{},\"note\":\"{:0>90}\"}}",
                numbers.below(40),
                numbers.next(),
                numbers.below(20),
                numbers.below(1000),
                numbers.below(9),
                numbers.below(100_000),
                version % 7,
                numbers.next()
            );
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
    writing.commit()
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.db");
    make_store(&path).expect("a store");
    let history = support::opening::opened(&path);
    let stream = history
        .log
        .find_stream("order-1", None)
        .expect("the stream");
    let rules = Rules::parse("bench.toml", RULES).expect("the rules");
    let mut figures = Vec::new();
    let reducers: [(Arc<dyn Reducer>, [&'static str; 2]); 2] = [
        (
            Arc::new(Merge),
            [
                "merge: median, against a replay",
                "merge: p99, against a replay",
            ],
        ),
        (
            Arc::new(rules),
            [
                "rules: median, against a replay",
                "rules: p99, against a replay",
            ],
        ),
    ];
    for (reducer, [median_name, p99_name]) in reducers {
        let folder = Folder::new(Arc::clone(&history), reducer);
        let start = thread_cpu();
        let state = folder.state_at_end(stream, &|| false).expect("a state");
        let replay = (thread_cpu() - start) * 1000.0;
        support::say_size(&state.value.to_string());
        let mut numbers = Numbers(9);
        let mut took = Vec::new();
        for _ in 0..2000 {
            let version = i64::try_from(numbers.below(100_000)).unwrap_or(0);
            let start = thread_cpu();
            black_box(
                folder
                    .state_at_version(stream, Version(version), &|| false)
                    .expect("a state"),
            );
            took.push((thread_cpu() - start) * 1000.0);
        }
        figures.push(Figure {
            name: median_name,
            ours: percentile(&mut took, 0.5),
            floor: replay,
            unit: "ms",
        });
        figures.push(Figure {
            name: p99_name,
            ours: percentile(&mut took, 0.99),
            floor: replay,
            unit: "ms",
        });
    }
    support::write("state", &figures);
}
