//! What a projection costs: three scripts over 1 million events of JSON Lines, against Node.js running
//! the same handlers over the same lines with `readline` and `JSON.parse`.
//!
//! `ANNALS_BENCH_EVENTS` sets the number of events. Without Node on the path nothing is compared.

mod support;

use std::path::Path;
use std::process::{Command, Stdio};

use annals::projection::{Ask, Ended, run};
use support::log::{Layout, make_log};
use support::opening::{events, opened};
use support::{Figure, children_cpu, measured, percentile, say_size, write};

/// From so many events on one run of each is long enough to be told apart from noise.
const MANY: u64 = 500_000;

/// How often we run, and how often Node does, which takes long and varies little.
fn rounds() -> (usize, usize) {
    if events() >= MANY { (1, 1) } else { (5, 3) }
}

/// A handler as it stands in both scripts, and what the figure is called.
const HANDLERS: [(&str, &str); 3] = [
    (
        "no payload is touched, against Node.js",
        "s[e.eventType] = (s[e.eventType] || 0) + 1;",
    ),
    (
        "a few fields of the payload, against Node.js",
        "if (e.data.total !== undefined) { s.n = (s.n || 0) + 1; s.sum = (s.sum || 0) + e.data.total; } \
         if (e.data.status === 'paid') s.paid = (s.paid || 0) + 1;",
    ),
    (
        "the whole payload is walked, against Node.js",
        "const walk = v => { if (v !== null && typeof v === 'object') { for (const k of Object.keys(v)) walk(v[k]); } \
         else s.leaves = (s.leaves || 0) + 1; }; walk(e.data);",
    ),
];

/// The handlers over the lines, as anybody would write them; the state is printed.
fn node_script(handler: &str) -> String {
    format!(
        "const s = {{}};\n\
         const lines = require('readline').createInterface({{ input: require('fs').createReadStream(process.argv[1]), crlfDelay: Infinity }});\n\
         lines.on('line', line => {{ const e = JSON.parse(line); e.eventType = e.type; {handler} }});\n\
         lines.on('close', () => console.log(JSON.stringify(s)));\n"
    )
}

/// The median CPU time of Node.js, and the state that it prints; `None` where it cannot be run.
fn node(handler: &str, path: &Path) -> Option<(f64, String)> {
    let script = node_script(handler);
    let mut times = Vec::new();
    let mut state = String::new();
    for _ in 0..rounds().1 {
        let before = children_cpu();
        let mut command = Command::new("node");
        command.args(["-e", &script]).arg(path).stdin(Stdio::null());
        let done = command.output().ok().filter(|done| done.status.success())?;
        times.push(children_cpu() - before);
        state = String::from_utf8_lossy(&done.stdout).trim().to_owned();
    }
    Some((percentile(&mut times, 0.5), state))
}

#[expect(clippy::print_stdout, reason = "a benchmark says what it left out")]
fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.ndjson");
    make_log(&path, events(), Layout::Shared).expect("a log");
    let history = opened(&path);
    let mut figures = Vec::new();
    for (name, handler) in HANDLERS {
        let script = format!("fromAll().when({{ $any: (s, e) => {{ {handler} }} }})");
        let ask = Ask::script("bench.js", &script);
        let mut times = Vec::new();
        let mut state = String::new();
        for _ in 0..rounds().0 {
            let (seconds, done) = measured(|| run(&ask, &history.log, &*history.reader, &mut ()));
            assert_eq!(done.ended, Ended::Done, "{:?}", done.fault);
            times.push(seconds);
            state = done.partitions[0].state.as_deref().unwrap_or("").to_owned();
        }
        say_size(&state);
        let ours = percentile(&mut times, 0.5);
        let Some((floor, theirs)) = node(handler, &path) else {
            println!("{name}: {ours:.3} s; Node.js cannot be run, so nothing is compared");
            continue;
        };
        assert_eq!(state, theirs, "both come to the same state");
        figures.push(Figure {
            name,
            ours,
            floor,
            unit: "s",
        });
    }
    write("project", &figures);
}
