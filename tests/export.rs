//! Events that leave: every form reads back as what was exported, and nothing half-written is left.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

#[path = "support/opened.rs"]
mod opened;

use std::cell::Cell;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use annals::audit::{CompareOptions, Watch as AuditWatch, compare};
use annals::event::json::minify;
use annals::event::{EventDetail, Payload, Position, Zone};
use annals::export::{
    Error, EventsAsk, Form, PartitionBy, Watch, event_columns, export_events, write_events,
};
use annals::history::History;
use annals::ingest::open;
use annals::source::{OpenOptions, Source};
use opened::{event, kinds};

/// Histories in which there is something of everything that must come back.
const FIXTURES: [&str; 12] = [
    "stores/rust-sqlite-es-bank.db",
    "stores/py-eventsourcing-bank.db",
    "stores/rails-event-store-valid-at.db",
    "stores/emmett-shopping-cart.db.gz",
    "stores/diy-events-plain.db",
    "logs/events.ndjson",
    "nasty/json_big_numbers.ndjson",
    "nasty/json_duplicate_keys.ndjson",
    "nasty/json_times.ndjson",
    "nasty/json_prototype_keys.ndjson",
    "nasty/sqlite_invalid_utf8.db",
    "nasty/text_terminal_and_bidi.ndjson",
];

const GO_ON: Watch<'static> = Watch {
    cancel: &|| false,
    done: &|_| (),
};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

#[track_caller]
fn read(path: &Path) -> Arc<History> {
    let source = Source::named(path.to_owned());
    open(&source, &OpenOptions::default(), &Arc::default()).unwrap()
}

fn all(history: &History) -> Vec<u32> {
    (0..u32::try_from(history.log.len()).unwrap()).collect()
}

fn ask(positions: &[u32], form: Form) -> EventsAsk<'_> {
    EventsAsk {
        positions,
        form,
        zone: Zone::Utc,
        partition: None,
        mask: None,
        about: &[],
    }
}

fn names(folder: &Path) -> Vec<String> {
    let inside = folder.read_dir().unwrap();
    let mut names: Vec<String> = inside
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn shortest(payload: Payload) -> Payload {
    match payload {
        // In JSON Lines nothing and null are written alike.
        Payload::Json(text) if &*text == "null" => Payload::Missing,
        Payload::Json(text) => Payload::Json(minify(&text).into()),
        other => other,
    }
}

/// What must come back of an event: all but where it stands.
fn comparable(history: &History, position: u32, form: Form) -> EventDetail {
    let mut detail = event(history, position);
    if form == Form::JsonLines {
        detail.data = shortest(detail.data);
        detail.metadata = shortest(detail.metadata);
    }
    if form == Form::Parquet {
        // A column of nanoseconds does not say how many digits there were.
        detail.time = detail.time.map(|(time, _)| (time, 9));
        detail.occurred = detail.occurred.map(|(time, _)| (time, 9));
    }
    EventDetail {
        source: String::new(),
        raw_data: annals::event::RawPayload::default(),
        raw_metadata: annals::event::RawPayload::default(),
        seal: None,
        version_text: None,
        ..detail
    }
}

#[test]
fn what_is_exported_reads_back_equal() {
    let folder = tempfile::tempdir().unwrap();
    for name in FIXTURES {
        let history = read(&fixture(name));
        let positions = all(&history);
        for form in Form::ALL {
            let path = folder.path().join(format!("out.{}", form.name()));
            let n = export_events(&history, &ask(&positions, form), &path, GO_ON).unwrap();
            assert_eq!(n, positions.len() as u64, "{name} as {form:?}");
            let again = read(&path);
            assert_eq!(again.about.guess, None, "{name} as {form:?}");
            assert_eq!(again.log.len(), history.log.len(), "{name} as {form:?}");
            if kinds(&history).is_empty() {
                assert!(kinds(&again).is_empty(), "{name} as {form:?}");
            }
            for at in &positions {
                let here = Position(*at);
                let known = |history: &History| {
                    let log = &history.log;
                    let stream = log.stream(here);
                    (
                        log.stream_name(stream).to_owned(),
                        log.category_of(stream).to_owned(),
                        log.version(here),
                        log.type_name(log.event_type(here)).to_owned(),
                        log.time(here),
                    )
                };
                assert_eq!(known(&again), known(&history), "{name} {at} as {form:?}");
                assert_eq!(
                    comparable(&again, *at, form),
                    comparable(&history, *at, form),
                    "{name} {at} as {form:?}"
                );
            }
            let watch = AuditWatch {
                cancel: &|| false,
                records_read: &|_| (),
            };
            let same = compare(&history, &again, &CompareOptions::default(), &watch).unwrap();
            assert!(same.is_same(), "{name} as {form:?}");
        }
    }
}

#[test]
fn parquet_holds_typed_columns_with_the_values_of_the_events() {
    use arrow_array::cast::AsArray as _;
    use arrow_array::types::{Int32Type, Int64Type, TimestampNanosecondType};
    use arrow_array::{Array as _, RecordBatch};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    let folder = tempfile::tempdir().unwrap();
    for name in FIXTURES {
        let history = read(&fixture(name));
        let positions = all(&history);
        let path = folder.path().join("out.parquet");
        export_events(&history, &ask(&positions, Form::Parquet), &path, GO_ON).unwrap();
        let file = std::fs::File::open(&path).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        assert_eq!(reader.schema().fields().len(), event_columns().len());
        let mut at = 0;
        for batch in reader.build().unwrap() {
            let batch: RecordBatch = batch.unwrap();
            let column = |name: &str| batch.column_by_name(name).unwrap().clone();
            let (data, streams) = (column("data"), column("stream"));
            let (times, stored) = (column("time"), column("position"));
            for row in 0..batch.num_rows() {
                let detail = event(&history, at);
                let text = (!data.is_null(row)).then(|| data.as_string::<i32>().value(row));
                assert_eq!(text, detail.data.json(), "{name} {at}");
                let time = (!times.is_null(row)).then(|| {
                    let times = times.as_primitive::<TimestampNanosecondType>();
                    times.value(row)
                });
                assert_eq!(time, detail.time.map(|(time, _)| time.0), "{name} {at}");
                let dictionary = streams.as_dictionary::<Int32Type>();
                let key = usize::try_from(dictionary.keys().value(row)).unwrap();
                let stream = dictionary.values().as_string::<i32>().value(key);
                let log = &history.log;
                assert_eq!(stream, log.stream_name(log.stream(Position(at))));
                assert_eq!(stored.as_primitive::<Int64Type>().value(row), i64::from(at));
                at += 1;
            }
        }
        assert_eq!(at as usize, positions.len(), "{name}");
    }
}

#[test]
fn parts_are_folders_that_hold_all_events_once() {
    let folder = tempfile::tempdir().unwrap();
    let history = read(&fixture("logs/events.ndjson"));
    let positions = all(&history);
    for (by, expected) in [
        (PartitionBy::Month, "month=2024-03"),
        (PartitionBy::Category, "category=order"),
    ] {
        let out = folder.path().join(format!("{by:?}"));
        let parts = EventsAsk {
            partition: Some(by),
            ..ask(&positions, Form::Csv)
        };
        export_events(&history, &parts, &out, GO_ON).unwrap();
        assert!(
            names(&out).contains(&expected.to_owned()),
            "{by:?}: {:?}",
            names(&out)
        );
        let mut seen: Vec<u32> = Vec::new();
        for part in names(&out) {
            let text = std::fs::read_to_string(out.join(part).join("events.csv")).unwrap();
            let mut rows = csv::Reader::from_reader(text.as_bytes());
            seen.extend(
                rows.records()
                    .map(|row| row.unwrap()[0].parse::<u32>().unwrap()),
            );
        }
        seen.sort_unstable();
        assert_eq!(seen, positions);
        let again = export_events(&history, &parts, &out, GO_ON);
        assert!(matches!(again, Err(Error::Exists)));
    }
    assert_eq!(names(folder.path()).len(), 2, "nothing is left beside them");
}

/// Takes so many bytes and is full then.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.0);
        if taken == 0 && !bytes.is_empty() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0 -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_disk_that_is_full_after_any_number_of_bytes_is_told_as_that() {
    let history = read(&fixture("logs/events.ndjson"));
    let positions = all(&history);
    for form in [Form::JsonLines, Form::Csv, Form::Parquet] {
        let mut whole = Vec::new();
        write_events(&history, &ask(&positions, form), &mut whole, GO_ON).unwrap();
        let end = whole.len();
        let some = [
            0,
            1,
            3,
            4,
            100,
            1000,
            end / 3,
            end / 2,
            end - 9,
            end - 8,
            end - 1,
        ];
        for n in some.into_iter().chain((0..end).step_by(end / 37)) {
            let ended = write_events(&history, &ask(&positions, form), Full(n), GO_ON);
            assert!(matches!(ended, Err(Error::Full)), "{form:?} {n}: {ended:?}");
        }
        write_events(&history, &ask(&positions, form), Full(end), GO_ON).unwrap();
    }
}

#[test]
fn an_export_that_is_stopped_leaves_the_old_file_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let history = read(&fixture("logs/events.ndjson"));
    let positions = all(&history);
    for form in Form::ALL {
        for after in [0, 1, 30] {
            let path = folder.path().join("out");
            std::fs::write(&path, "old").unwrap();
            let asked = Cell::new(0);
            let watch = Watch {
                cancel: &|| {
                    asked.set(asked.get() + 1);
                    asked.get() > after
                },
                done: &|_| (),
            };
            let ended = export_events(&history, &ask(&positions, form), &path, watch);
            assert!(matches!(ended, Err(Error::Stopped)), "{form:?}: {ended:?}");
            assert_eq!(std::fs::read(&path).unwrap(), b"old");
            assert_eq!(names(folder.path()), ["out"]);
        }
    }
}

// The program

fn annals() -> Command {
    Command::new(env!("CARGO_BIN_EXE_annals"))
}

/// A log of so many events.
fn long_log(folder: &Path, n_events: usize) -> PathBuf {
    let path = folder.join("long.ndjson");
    let mut out = io::BufWriter::new(std::fs::File::create(&path).unwrap());
    for n in 0..n_events {
        writeln!(
            out,
            "{{\"stream\":\"order-{}\",\"type\":\"Noted\",\"time\":\"2024-03-01T08:00:00Z\",\"data\":{{\"n\":{n}}}}}",
            n % 97
        )
        .unwrap();
    }
    out.flush().unwrap();
    path
}

#[test]
fn what_is_read_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let log = long_log(folder.path(), 3);
    let before = std::fs::read(&log).unwrap();
    for out in [log.clone(), folder.path().join("./long.ndjson")] {
        let mut command = annals();
        command.arg("export").arg(&log).args(["--to", "csv", "-o"]);
        let ended = command.arg(&out).output().unwrap();
        assert_eq!(ended.status.code(), Some(2));
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(said.contains("would overwrite"), "{said}");
    }
    assert_eq!(std::fs::read(&log).unwrap(), before);
    assert_eq!(names(folder.path()), ["long.ndjson"]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_an_export_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let log = long_log(folder.path(), 60_000);
    let out = tempfile::tempdir().unwrap();
    for form in Form::ALL {
        let path = out.path().join("out");
        std::fs::write(&path, "old").unwrap();
        let mut child = annals()
            .arg("export")
            .arg(&log)
            .args(["--to", form.name(), "-o"])
            .arg(&path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // It is stopped as soon as it writes.
        let begun = Instant::now();
        while names(out.path()).len() < 2 && begun.elapsed() < Duration::from_mins(1) {
            std::thread::sleep(Duration::from_millis(2));
        }
        let pid = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
        let ended = child.wait().unwrap();
        assert_eq!(ended.code(), Some(130), "{form:?}");
        assert_eq!(std::fs::read(&path).unwrap(), b"old", "{form:?}");
        assert_eq!(names(out.path()), ["out"], "{form:?}");
    }
}

/// How often the program is killed; `KILL_ROUNDS=200` for a long run.
fn n_rounds() -> u64 {
    let asked = std::env::var("KILL_ROUNDS").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(8)
}

#[test]
fn a_kill_while_writing_leaves_the_old_file_or_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let log = long_log(folder.path(), 4000);
    let run = |form: Form, path: &Path| {
        let mut command = annals();
        command
            .arg("export")
            .arg(&log)
            .args(["--to", form.name(), "-o"])
            .arg(path);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    for form in [Form::Csv, Form::Sqlite] {
        let whole = folder.path().join(format!("whole.{}", form.name()));
        let begun = Instant::now();
        assert!(run(form, &whole).status().unwrap().success());
        let took = begun.elapsed();
        let new = std::fs::read(&whole).unwrap();
        let (mut n_old, mut n_new) = (0, 0);
        for round in 0..n_rounds() {
            let out = tempfile::tempdir().unwrap();
            let path = out.path().join("out");
            std::fs::write(&path, "old").unwrap();
            let mut child = run(form, &path).spawn().unwrap();
            // Moments over the whole time that it takes, and a little beyond.
            let share = (round * 7919 % n_rounds()) as f64 / n_rounds() as f64;
            std::thread::sleep(took.mul_f64(0.3 + share));
            child.kill().unwrap();
            child.wait().unwrap();
            let found = std::fs::read(&path).unwrap();
            assert!(found == b"old" || found == new, "{form:?}, round {round}");
            n_old += u64::from(found == b"old");
            n_new += u64::from(found == new);
        }
        writeln!(
            io::stderr(),
            "{form:?}: killed {} times, {n_old} times the old file, {n_new} the new",
            n_rounds()
        )
        .unwrap();
    }
}

/// The Python that has pyarrow: `ANNALS_PYTHON`, or the system's. With `ANNALS_PYTHON` set it must.
#[test]
fn python_reads_csv_and_parquet_as_they_were_written() {
    let asked = std::env::var("ANNALS_PYTHON").ok();
    let python = asked.clone().unwrap_or_else(|| "python3".to_owned());
    let has = Command::new(&python)
        .args(["-c", "import pyarrow"])
        .output();
    let has = has.is_ok_and(|ended| ended.status.success());
    assert!(has || asked.is_none(), "{python} has no pyarrow");
    if !has {
        writeln!(
            io::stderr(),
            "LEFT OUT: no Python with pyarrow here; .ci/run brings one"
        )
        .unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for name in FIXTURES {
        let history = read(&fixture(name));
        let positions = all(&history);
        let written = [Form::JsonLines, Form::Csv, Form::Parquet].map(|form| {
            let path = folder.path().join(format!("out.{}", form.name()));
            export_events(&history, &ask(&positions, form), &path, GO_ON).unwrap();
            path
        });
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/read_export.py");
        let ended = Command::new(&python)
            .arg(script)
            .args(&written)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{name}: {said}");
    }
}
