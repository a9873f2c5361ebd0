//! Ten million events, from the file to each answer, in one run: `cargo bench --bench scale`.
//!
//! Makes a SQLite store and JSON Lines of about 5 GB each in `ANNALS_SCALE_DIR` (a folder in the
//! temporary one where that is not set, which is removed), `ANNALS_BENCH_EVENTS` events (ten million
//! where that is not set), and prints a table of what is measured beside what it may be. With
//! `ANNALS_SCALE_ONLY=sqlite` or `=json` only one of them.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod support;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use annals::app::{App, Setup};
use annals::audit::{AuditOptions, Evidence, Watch, run};
use annals::event::{Place, Position, Timestamp, Version, Zone};
use annals::fold::{Folder, Merge};
use annals::history::{
    Axis, CauseIndex, EventLog, Grouping, History, IdIndex, LogBuilder, NewEvent,
};
use annals::ingest::open;
use annals::job::Runner;
use annals::query::{Context, Filter, Search};
use annals::source::{OpenOptions, Source, Threads};
use annals::ui::theme;
use annals::workbench::Action;
use support::log::{Layout, make_log};
use support::opening::{events, first_page, opened};
use support::store::{bare_scan, make_store};
use support::{Numbers, TYPES, measured, percentile, thread_cpu};

/// What is measured, in rows.
struct Table(Vec<(String, f64, f64, &'static str)>);

impl Table {
    /// A row: what it is, how much it is and how much it may be (0 where nothing was agreed).
    fn row(&mut self, name: &str, is: f64, may: f64, unit: &'static str) {
        let (goal, ok) = match may {
            0.0 => (String::new(), ""),
            _ => (
                format!("{may:.2}"),
                if is <= may { "holds" } else { "FAILS" },
            ),
        };
        println!("{name:<58} {is:>12.2} {unit:<6} {goal:>10} {ok}");
        self.0.push((name.to_owned(), is, may, unit));
    }
}

/// Megabytes that this process holds now, and held at most.
fn resident() -> (f64, f64) {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        let kb = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
        kb.unwrap_or(f64::NAN) / 1024.0
    };
    (of("VmRSS:"), of("VmHWM:"))
}

fn wall<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let value = work();
    (start.elapsed().as_secs_f64(), value)
}

/// Milliseconds of this thread that each of some runs takes: median and 99th percentile.
fn millis(n_runs: usize, mut work: impl FnMut(&mut Numbers)) -> (f64, f64) {
    let mut numbers = Numbers(17);
    let one = |_| {
        let start = thread_cpu();
        work(&mut numbers);
        (thread_cpu() - start) * 1000.0
    };
    let mut took: Vec<f64> = (0..n_runs).map(one).collect();
    (percentile(&mut took, 0.5), percentile(&mut took, 0.99))
}

fn main() {
    let temporary = tempfile::tempdir().expect("a folder");
    let asked = std::env::var_os("ANNALS_SCALE_DIR").map(PathBuf::from);
    let folder = asked.unwrap_or_else(|| temporary.path().to_owned());
    let only = std::env::var("ANNALS_SCALE_ONLY").unwrap_or_default();
    let n_events = events().max(if std::env::var_os("ANNALS_BENCH_EVENTS").is_some() {
        0
    } else {
        10_000_000
    });
    println!("{n_events} events");
    println!("{:<58} {:>12} {:<6} {:>10}", "what", "is", "", "may be");
    let mut table = Table(Vec::new());
    if only != "json" {
        let path = folder.join(format!("scale-{n_events}.db"));
        if !path.exists() {
            make_store(&path, n_events).expect("a store");
        }
        sqlite(&mut table, &path, n_events);
    }
    if only != "sqlite" {
        let path = folder.join(format!("scale-{n_events}.jsonl"));
        if !path.exists() {
            make_log(&path, n_events, Layout::Shared).expect("a log");
        }
        lines(&mut table, &path);
    }
}

/// All of a store.
fn sqlite(table: &mut Table, path: &Path, n_events: u64) {
    // The first walk brings the file into memory as far as it fits.
    bare_scan(path).expect("a scan");
    let (bare_wall, (bare_cpu, n_rows)) = wall(|| measured(|| bare_scan(path).expect("a scan")));
    assert_eq!(n_rows, n_events);
    table.row("SQLite: bare scan, wall", bare_wall, 0.0, "s");
    table.row("SQLite: first page", first_page(path), 50.0, "ms");
    let (open_wall, (open_cpu, history)) = wall(|| measured(|| opened(path)));
    assert_eq!(history.log.len() as u64, n_events);
    table.row(
        "SQLite: open, wall against the bare scan",
        open_wall / bare_wall,
        1.0,
        "",
    );
    table.row(
        "SQLite: open, CPU against the bare scan",
        open_cpu / bare_cpu,
        1.7,
        "",
    );
    let (now, most) = resident();
    table.row("process after opening", now, 400.0, "MB");
    table.row("process at most so far", most, 400.0, "MB");
    drop(history);
    one_thread(table, path, open_wall);
    window(table, path);
    let history = opened(path);
    log(table, &history.log);
    questions(table, &history);
    growing(table, &history.log);
    indexes(table, &history);
    audited(table, &history);
}

/// The history of a file, read by one thread.
fn opened_by_one(path: &Path) -> Arc<History> {
    let options = OpenOptions {
        threads: Threads::One,
        ..OpenOptions::default()
    };
    let source = Source::File(path.to_owned());
    open(&source, &options, &Arc::default()).expect("the file opens")
}

/// What two threads save.
fn one_thread(table: &mut Table, path: &Path, by_two: f64) {
    let (by_one, (cpu, history)) = wall(|| measured(|| opened_by_one(path)));
    assert!(!history.log.is_empty());
    table.row("one thread: open, wall", by_one, 0.0, "s");
    table.row("one thread: open, CPU", cpu, 0.0, "s");
    // 1.7 times as fast.
    table.row(
        "two threads: wall against one",
        by_two / by_one,
        1.0 / 1.7,
        "",
    );
}

/// Frames of the window, sixty a second, while a file is being read.
fn window(table: &mut Table, path: &Path) {
    let mut app = App::new(Setup {
        runner: Runner::with_threads(Arc::new(|| ())),
        settings_path: None,
        wall_clock: || Timestamp(1_700_000_000_000_000_000),
        rules: None,
        options: OpenOptions::default(),
        is_steady: false,
    });
    let ctx = egui::Context::default();
    theme::install(&ctx);
    app.send(Action::OpenPath(path.to_owned()));
    let (start, mut frames, mut walls) = (Instant::now(), Vec::new(), Vec::new());
    let is_open = |app: &App| {
        let history = app.workbench().history.as_ref();
        history.is_some_and(|history| history.is_complete)
    };
    while !is_open(&app) && start.elapsed().as_secs() < 600 {
        let size = egui::Vec2::new(1600.0, 1000.0);
        let mut input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, size)),
            time: Some(start.elapsed().as_secs_f64()),
            ..egui::RawInput::default()
        };
        input.viewports.entry(egui::ViewportId::ROOT).or_default();
        let (began, cpu) = (Instant::now(), thread_cpu());
        let mut output = ctx.run_ui(input, |ui| {
            app.logic(&ctx.clone());
            app.ui(ui);
        });
        black_box(ctx.tessellate(output.shapes, output.pixels_per_point));
        // Nobody draws.
        output.textures_delta.clear();
        frames.push((thread_cpu() - cpu) * 1000.0);
        walls.push(began.elapsed().as_secs_f64() * 1000.0);
        let left = Duration::from_millis(16).saturating_sub(began.elapsed());
        std::thread::sleep(left);
    }
    table.row(
        "window: open, wall",
        start.elapsed().as_secs_f64(),
        0.0,
        "s",
    );
    let p99 = percentile(&mut frames, 0.99);
    table.row("a frame while it is read: CPU, p99", p99, 16.0, "ms");
    let p99 = percentile(&mut walls, 0.99);
    table.row("a frame while it is read: wall, p99", p99, 16.0, "ms");
    let most = percentile(&mut walls, 1.0);
    table.row("a frame while it is read: wall, at most", most, 0.0, "ms");
}

/// JSON Lines: opening.
fn lines(table: &mut Table, path: &Path) {
    let bytes = std::fs::metadata(path).map_or(0, |about| about.len());
    table.row("JSON Lines: first page", first_page(path), 50.0, "ms");
    let (took, (cpu, history)) = wall(|| measured(|| opened(path)));
    let mega = bytes as f64 / 1e6;
    table.row("JSON Lines: open, wall", took, 0.0, "s");
    table.row("JSON Lines: open, CPU", cpu, 0.0, "s");
    table.row("JSON Lines: open, MB a second", mega / took, 0.0, "MB/s");
    let per_event = history.log.memory().0 as f64 / history.log.len() as f64;
    table.row("JSON Lines: bytes an event", per_event, 20.0, "B");
    table.row("process with JSON Lines open", resident().0, 0.0, "MB");
    drop(history);
    one_thread(table, path, took);
}

/// What the columns answer.
fn log(table: &mut Table, log: &EventLog) {
    let n_events = log.len() as f64;
    let (held, names) = log.memory();
    table.row(
        "log, streams, counts: bytes an event",
        held as f64 / n_events,
        20.0,
        "B",
    );
    let n_streams = log.streams().len() as f64;
    table.row(
        "names and versions: bytes a stream",
        names as f64 / n_streams,
        0.0,
        "B",
    );
    let last = log.last().expect("events").0;
    let (_, worst) = millis(300, |numbers| {
        let at = Position(u32::try_from(numbers.below(u64::from(last))).unwrap_or(0));
        let counts = log.counts_by(at);
        for (stream, count) in log.streams().zip(&counts) {
            let rank = count.checked_sub(1);
            black_box(rank.and_then(|rank| log.version_at_rank(stream, rank)));
        }
        black_box(log.count_columns(Axis::Sequence, Grouping::Type, &[0, at.0]));
    });
    table.row(
        "scrub: versions of all streams and counts, p99",
        worst,
        3.0,
        "ms",
    );
    let (first, end) = log.time_range().expect("times");
    for zoom in [1, 10, 100, 1000, 100_000] {
        let length = (end.0 - first.0) / zoom;
        let (median, worst) = millis(200, |numbers| {
            let room = u64::try_from(end.0 - first.0 - length).unwrap_or(0).max(1);
            let from = first.0 + i64::try_from(numbers.below(room)).unwrap_or(0);
            let edges = (0..=2000).map(|n| Timestamp(from + length / 2000 * n));
            let bounds = log.time_bounds(edges);
            black_box(log.count_columns(Axis::Time, Grouping::Type, &bounds));
        });
        table.row(
            &format!("zoom 1/{zoom}: 2,000 columns, median"),
            median,
            2.0,
            "ms",
        );
        table.row(
            &format!("zoom 1/{zoom}: 2,000 columns, p99"),
            worst,
            5.0,
            "ms",
        );
    }
}

/// New filters over all events.
fn questions(table: &mut Table, history: &Arc<History>) {
    let folder = Arc::new(Folder::new(Arc::clone(history), Arc::new(Merge)));
    let context = Context::at(Timestamp(1_700_000_000_000_000_000), Zone::Utc);
    for text in [
        "type:OrderPaid",
        "stream:order-12",
        "category:order -type:OrderPaid",
    ] {
        let (_, worst) = millis(30, |_| {
            let filter = Filter::parse(text).expect("a filter");
            let search = Search::new(&filter, &folder, &context).expect("a search");
            black_box(search.positions(&|| false).expect("an answer").len());
        });
        table.row(&format!("new filter {text}, p99"), worst, 30.0, "ms");
    }
}

/// What a further history costs while the file is followed.
fn growing(table: &mut Table, log: &EventLog) {
    let (took, mut builder) = wall(|| LogBuilder::going_on(log, false).expect("streams"));
    table.row("live: beginning to follow", took * 1000.0, 0.0, "ms");
    let mut n_added = 0;
    let mut newest: Option<EventLog> = None;
    let (median, worst) = millis(100, |numbers| {
        for _ in 0..500 {
            n_added += 1;
            let name = format!("order-{}", numbers.skewed(100_000) / 3 * 3);
            let kind = TYPES[usize::try_from(numbers.below(12)).unwrap_or(0)];
            let event = NewEvent {
                stream: name.as_bytes(),
                category: None,
                version: Some(Version(n_added)),
                event_type: kind.as_bytes(),
                time: Some(Timestamp(2_000_000_000_000_000_000 + n_added * 1000)),
                place: Place::at(i64::try_from(log.len()).unwrap_or(0) + n_added),
            };
            builder.push(&event).expect("room");
        }
        let grown = builder.grow(newest.as_ref().unwrap_or(log));
        newest = Some(grown);
    });
    table.row(
        "live: 500 events more, a history of them, median",
        median,
        0.0,
        "ms",
    );
    table.row(
        "live: 500 events more, a history of them, p99",
        worst,
        0.0,
        "ms",
    );
}

/// What is made when first asked for.
fn indexes(table: &mut Table, history: &Arc<History>) {
    let n_events = history.log.len() as f64;
    let (took, ids) = wall(|| IdIndex::read(history, &mut |_| true).ok());
    table.row("index of ids: made in", took, 0.0, "s");
    let bytes = ids.map_or(0, |ids| ids.bytes());
    table.row(
        "index of ids: bytes an event",
        bytes as f64 / n_events,
        8.0,
        "B",
    );
    let (took, causes) = wall(|| CauseIndex::read(history, &mut |_| true).ok());
    table.row(
        "indexes of ids, causes, correlations: made in",
        took,
        0.0,
        "s",
    );
    let bytes = causes.map_or(0, |causes| causes.bytes());
    table.row(
        "indexes of ids, causes, correlations: bytes",
        bytes as f64 / n_events,
        24.0,
        "B",
    );
}

fn audited(table: &mut Table, history: &Arc<History>) {
    let before = resident().0;
    let options = AuditOptions::default();
    let (took, audit) = wall(|| {
        let watch = Watch {
            cancel: &|| false,
            records_read: &|_| (),
        };
        run(history, Evidence::default(), &options, &watch)
    });
    table.row("audit, default checks", took, 0.0, "s");
    table.row(
        "audit: findings",
        audit.map_or(0.0, |audit| audit.findings.len() as f64),
        0.0,
        "",
    );
    let (now, most) = resident();
    table.row("process with the audit", now, 0.0, "MB");
    table.row(
        "process at most, beyond what it held before",
        most - before,
        0.0,
        "MB",
    );
}
