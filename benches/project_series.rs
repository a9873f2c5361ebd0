//! What is known without code and over time: built-in projections against Node.js and `DuckDB` where they
//! are installed, and the table of 100,000 partitions at any moment.

mod support;

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use annals::event::json::{Json, JsonPath, Object};
use annals::event::{EventReader, Place, Position, Problems, ReadError, Want, Zone};
use annals::history::{EventLog, History, HistoryAbout};
use annals::projection::{
    Bucket, BuiltIn, BuiltInAsk, By, Column, Limits, Measure, Numbers, PartitionsQuestion,
    Recorder, Results, SeriesAsk,
};
use support::columns::log_of;
use support::log::{Layout, make_log};
use support::opening::{events, opened};
use support::{Figure, children_cpu, measured, percentile};

const ROUNDS: usize = 5;
/// Node.js takes long, and its times vary little.
const PEER_ROUNDS: usize = 1;
const N_PARTITIONS: u64 = 100_000;

/// Reads the log line by line and counts the events by type and day.
const NODE: &str = "
const counts = new Map();
const lines = require('readline').createInterface({ input: require('fs').createReadStream(process.argv[1]), crlfDelay: Infinity });
lines.on('line', line => {
  const event = JSON.parse(line), key = event.type + event.created_at.slice(0, 10);
  counts.set(key, (counts.get(key) || 0) + 1);
});
lines.on('close', () => console.log(counts.size));
";

/// CPU seconds of a script in Node.js; `None` where there is none.
fn node(script: &str, path: &Path) -> Option<f64> {
    let mut times = Vec::new();
    for _ in 0..PEER_ROUNDS {
        let before = children_cpu();
        let mut command = Command::new("node");
        command.args(["-e", script]).arg(path).stdout(Stdio::null());
        let done = command.status().ok()?;
        assert!(done.success(), "Node.js reads the log");
        times.push(children_cpu() - before);
    }
    Some(percentile(&mut times, 0.5))
}

/// CPU milliseconds of the count by type and day over a table of `DuckDB` in memory, types as an enum, on
/// one thread; `None` where it is not installed.
fn duckdb(n_events: u64) -> Option<f64> {
    let python = std::env::var("ANNALS_BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = format!(
        "import duckdb, time\n\
         c = duckdb.connect()\n\
         c.execute('set threads=1')\n\
         c.execute(\"create type kind as enum ({types})\")\n\
         c.execute(\"create table e as select (enum_range(null::kind))[1 + (hash(i) % 12)::int] as type, \
         make_timestamp(1600000000000000 + i * 10000) as at from range({n_events}) t(i)\")\n\
         took = []\n\
         for _ in range({ROUNDS}):\n    \
             s = time.process_time()\n    \
             c.execute(\"select type, date_trunc('day', at), count(*) from e group by all\").fetchall()\n    \
             took.append(time.process_time() - s)\n\
         print(sorted(took)[{ROUNDS} // 2] * 1000)",
        types = support::TYPES.map(|name| format!("'{name}'")).join(", ")
    );
    let done = Command::new(python)
        .args(["-c", &script])
        .stderr(Stdio::null())
        .output()
        .ok()?;
    String::from_utf8(done.stdout).ok()?.trim().parse().ok()
}

/// Payloads are not looked at.
struct NoPayloads;

impl EventReader for NoPayloads {
    fn read(
        &self,
        _places: &[Place],
        _want: Want,
        _each: &mut dyn FnMut(usize, Result<annals::event::EventDetail, ReadError>) -> bool,
    ) {
    }
}

fn history(log: EventLog) -> History {
    History {
        log,
        reader: Arc::new(NoPayloads),
        problems: Problems::default(),
        about: HistoryAbout::default(),
        n_snapshots: 0,
        consumers: Vec::new(),
        snapshots: Vec::new(),
        is_complete: true,
    }
}

fn by_day(what: BuiltIn) -> BuiltInAsk {
    BuiltInAsk {
        by: By::Bucket(Bucket::Day, Zone::Utc),
        ..BuiltInAsk::of(what)
    }
}

fn answer(history: &History, what: BuiltIn) {
    black_box(BuiltIn::answer(history, &by_day(what), &|| false, &|_| ()));
}

/// Median CPU seconds of some work.
fn median(mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..ROUNDS).map(|_| measured(&mut work).0).collect();
    percentile(&mut times, 0.5)
}

/// Built-in projections from the file and from the open history, against Node.js over the same lines.
fn against_node(figures: &mut Vec<Figure>) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.ndjson");
    make_log(&path, events(), Layout::Shared).expect("a log");
    let from_file = median(|| answer(&opened(&path), BuiltIn::EventsByType));
    let history = opened(&path);
    let open = median(|| answer(&history, BuiltIn::EventsByType));
    let bytes = median(|| answer(&history, BuiltIn::BytesByType));
    let (Some(whole), Some(empty)) = (node(NODE, &path), node("", &path)) else {
        return;
    };
    let floor = whole - empty;
    for (name, ours) in [
        (
            "by type and day, from the file, CPU against Node.js",
            from_file,
        ),
        ("by type and day, history open, CPU against Node.js", open),
        ("bytes by type, payloads read, CPU against Node.js", bytes),
    ] {
        figures.push(Figure {
            name,
            ours,
            floor,
            unit: "s",
        });
    }
}

/// All that look at columns only, over ten million events.
fn over_columns(figures: &mut Vec<Figure>) {
    let n_events = events() * 10;
    let history = history(log_of(u32::try_from(n_events).expect("fewer events")));
    let counted = median(|| answer(&history, BuiltIn::EventsByType)) * 1000.0;
    if let Some(floor) = duckdb(n_events) {
        figures.push(Figure {
            name: "by type and day over ten times as many, against DuckDB",
            ours: counted,
            floor,
            unit: "ms",
        });
    }
    for (name, what) in [
        ("throughput, against 100 ms", BuiltIn::Throughput),
        ("active streams, against 100 ms", BuiltIn::ActiveStreams),
        ("stream length, against 100 ms", BuiltIn::StreamLength),
        (
            "time between events, against 1 s",
            BuiltIn::TimeBetweenEvents,
        ),
        ("funnel of types, against 1 s", BuiltIn::FunnelOfTypes),
    ] {
        let is_light = !matches!(what, BuiltIn::TimeBetweenEvents | BuiltIn::FunnelOfTypes);
        figures.push(Figure {
            name,
            ours: median(|| answer(&history, what)) * 1000.0,
            floor: if is_light { 100.0 } else { 1000.0 },
            unit: "ms",
        });
    }
}

/// Results of a million events in 100,000 partitions, states of four fields.
fn recorded(n_events: u64) -> (f64, Arc<Results>) {
    let mut numbers = support::Numbers(5);
    let mut recorder = Recorder::new(Numbers::Floating, Limits::default());
    let mut totals = vec![0_u64; usize::try_from(N_PARTITIONS).expect("a count")];
    let number = |n: u64| Json::Number(n.to_string().into());
    let (took, ()) = measured(|| {
        for position in 0..n_events {
            let nth = numbers.skewed(N_PARTITIONS);
            let total = &mut totals[usize::try_from(nth).expect("an index")];
            *total += numbers.below(100);
            let mut state = Object::default();
            state.push("total".into(), number(*total));
            state.push("count".into(), number(position / 7));
            state.push(
                "status".into(),
                Json::Text(["open", "paid"][usize::from(*total % 2 == 0)].into()),
            );
            state.push("ok".into(), Json::Bool(*total > 50));
            let partition = recorder.partition(&format!("order-{nth}"));
            let position = Position(u32::try_from(position).expect("a position"));
            recorder.record(partition, position, Some(&Json::Object(state)), None);
        }
    });
    (took, recorder.finish())
}

/// Milliseconds of wall time at moments all over the history.
fn at_moments(n_events: u64, ask: impl Fn(Position)) -> f64 {
    let mut times: Vec<f64> = (1..=20)
        .map(|part| {
            let position = Position(u32::try_from(n_events / 20 * part - 1).expect("a position"));
            let start = Instant::now();
            ask(position);
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    percentile(&mut times, 0.95)
}

fn as_of(figures: &mut Vec<Figure>) {
    let n_events = events();
    let (took, results) = recorded(n_events);
    let table = |sort: Column, position| {
        let question = PartitionsQuestion {
            position,
            sort,
            ..PartitionsQuestion::default()
        };
        black_box(results.partitions_at(&question, None, &|| false));
    };
    let total = JsonPath::parse("total").expect("a path");
    let log = log_of(u32::try_from(n_events).expect("fewer events"));
    let ask = SeriesAsk {
        path: total.clone(),
        measure: Measure::SumOfChanges,
        by: By::Bucket(Bucket::Day, Zone::Utc),
        ..SeriesAsk::default()
    };
    let series = median(|| {
        black_box(results.series(&log, &ask, &|| false));
    });
    let all = |position| {
        for partition in results.partitions() {
            black_box(results.state_at(partition, position));
        }
    };
    for (name, ours, floor, unit) in [
        (
            "recording, CPU against 2 µs an event",
            took,
            n_events as f64 * 2e-6,
            "s",
        ),
        (
            "100,000 partitions as of a moment, wall against 50 ms",
            at_moments(n_events, |at| table(Column::Name, at)),
            50.0,
            "ms",
        ),
        (
            "… sorted by a field, wall against 150 ms",
            at_moments(n_events, |at| table(Column::Field(total.clone()), at)),
            150.0,
            "ms",
        ),
        (
            "… every state in full, wall against 300 ms",
            at_moments(n_events, all),
            300.0,
            "ms",
        ),
        (
            "a sum over all partitions by day, CPU against 1 s",
            series,
            1.0,
            "s",
        ),
        (
            "bytes of results for each event, against 100",
            results.bytes() as f64 / n_events as f64,
            100.0,
            "B",
        ),
    ] {
        figures.push(Figure {
            name,
            ours,
            floor,
            unit,
        });
    }
}

fn main() {
    let mut figures = Vec::new();
    as_of(&mut figures);
    over_columns(&mut figures);
    against_node(&mut figures);
    support::write("project_series", &figures);
}
