//! What opening JSON Lines costs: 1 million events in three layouts against a bare pass over the line
//! ends of the same file, and against lnav and `DuckDB` where they are installed.

mod support;

use std::hint::black_box;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

use support::log::{Layout, make_log};
use support::opening::{against, events};
use support::{Figure, children_cpu};

const ROUNDS: usize = 7;
/// The peers take long, and their times vary little.
const PEER_ROUNDS: usize = 3;

/// The floor: every byte read, every line end found, nothing else.
fn bare_pass(path: &Path) -> u64 {
    let mut file = std::fs::File::open(path).expect("the log");
    let mut chunk = vec![0; 1 << 18];
    let mut n_lines = 0;
    loop {
        let count = file.read(&mut chunk).expect("a chunk");
        if count == 0 {
            return n_lines;
        }
        let ends = memchr::memchr_iter(b'\n', &chunk[..count]);
        n_lines += ends.map(black_box).count() as u64;
    }
}

/// The median CPU time of a command and all it starts; `None` where it cannot be run.
fn peer(mut command: impl FnMut() -> Command) -> Option<f64> {
    let mut times = Vec::new();
    for _ in 0..PEER_ROUNDS {
        let before = children_cpu();
        let ran = command()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !ran.is_ok_and(|status| status.success()) {
            return None;
        }
        times.push(children_cpu() - before);
    }
    Some(support::percentile(&mut times, 0.5))
}

const LNAV_FORMAT: &str = r#"{"event_log": {"title": "events", "json": true, "hide-extra": true,
  "file-pattern": "\\.ndjson$", "timestamp-field": "created_at", "body-field": "type",
  "line-format": [{"field": "__timestamp__"}, " ", {"field": "type"}],
  "value": {"global_position": {"kind": "integer"}, "stream_id": {"kind": "string", "identifier": true},
    "stream_version": {"kind": "integer"}, "event_id": {"kind": "string"},
    "type": {"kind": "string", "identifier": true}, "data": {"kind": "json"}, "metadata": {"kind": "json"}}}}"#;

/// lnav with a format of its own for this log: it indexes all lines and counts them.
fn lnav(folder: &Path, path: &Path) -> Option<f64> {
    let formats = folder.join(".lnav/formats/installed");
    std::fs::create_dir_all(&formats).ok()?;
    std::fs::write(formats.join("event_log.json"), LNAV_FORMAT).ok()?;
    peer(|| {
        let mut command = Command::new("lnav");
        command.env("HOME", folder).env_remove("XDG_CONFIG_HOME");
        command.args(["-n", "-c", ";select count(*) from event_log"]);
        command.arg(path);
        command
    })
}

/// `DuckDB` on one thread: five columns of the envelope are read, each value read.
fn duckdb(path: &Path) -> Option<f64> {
    let python = std::env::var("ANNALS_BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = format!(
        "import duckdb\nc = duckdb.connect()\nc.execute('set threads=1')\n\
         c.execute(\"\"\"select count(global_position), count(stream_id), count(stream_version), count(type), count(created_at) \
         from read_json('{}', format='newline_delimited', columns={{global_position: 'BIGINT', stream_id: 'VARCHAR', \
         stream_version: 'BIGINT', type: 'VARCHAR', created_at: 'TIMESTAMP'}})\"\"\").fetchall()",
        path.display()
    );
    let run = |script: &str| {
        peer(|| {
            let mut command = Command::new(&python);
            command.args(["-c", script]);
            command
        })
    };
    // What starting Python costs is not DuckDB's.
    Some(run(&script)? - run("import duckdb\nduckdb.connect()")?)
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let n_events = events();
    let mut figures = Vec::new();
    for (layout, names) in [
        (
            Layout::Shared,
            [
                "shared key order, against the line ends",
                "shared key order, against lnav",
                "shared key order, against DuckDB",
            ],
        ),
        (
            Layout::Shuffled,
            [
                "shuffled keys, against the line ends",
                "shuffled keys, against lnav",
                "shuffled keys, against DuckDB",
            ],
        ),
        (
            Layout::Spaced,
            [
                "spaced, against the line ends",
                "spaced, against lnav",
                "spaced, against DuckDB",
            ],
        ),
    ] {
        let path = folder.path().join("log.ndjson");
        make_log(&path, n_events, layout).expect("a log");
        let (ours, floor) = against(ROUNDS, &path, n_events, || bare_pass(&path));
        let peers = [Some(floor), lnav(folder.path(), &path), duckdb(&path)];
        for (name, peer) in names.into_iter().zip(peers) {
            let Some(floor) = peer else { continue };
            figures.push(Figure {
                name,
                ours,
                floor,
                unit: "s",
            });
        }
    }
    support::write("json", &figures);
}
