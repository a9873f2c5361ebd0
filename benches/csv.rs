//! What opening a table as text costs: 1 million rows against a bare read of the same columns with
//! the csv crate, and how soon the first page is there, packed and not.

mod support;

use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use annals::event::{Position, Want};
use annals::history::History;
use annals::ingest::{open, open_publishing};
use annals::source::{OpenOptions, Progress, Source};
use support::{Figure, Numbers, TYPES, measured, percentile};

const ROUNDS: usize = 11;

fn events() -> u64 {
    std::env::var("ANNALS_BENCH_EVENTS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000)
}

/// A table of usual columns: 100,000 streams of very different length, payloads of about 240 bytes.
fn make_table(out: &mut impl std::io::Write, n_events: u64) -> csv::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
        "id",
        "stream_name",
        "version",
        "event_type",
        "data",
        "metadata",
        "time",
    ])?;
    let mut numbers = Numbers(1);
    let mut versions = vec![0_u64; 100_000];
    let mut micros = 1_700_000_000_000_000_u64;
    for position in 1..=n_events {
        let stream = usize::try_from(numbers.skewed(100_000)).unwrap_or(0);
        versions[stream] += 1;
        micros += numbers.below(2_000_000);
        let name = format!("{}-{stream}", ["order", "account", "sensor"][stream % 3]);
        let data = format!(
            "{{\"amount\":{}.{:02},\"status\":\"open\",\"note\":\"{:0>150}\",\"by\":\"user-{}\"}}",
            numbers.below(10_000),
            numbers.below(100),
            numbers.next(),
            numbers.below(500)
        );
        let metadata = format!("{{\"correlationId\":\"{:016x}\"}}", numbers.next());
        let time = annals::event::Timestamp(i64::try_from(micros * 1000).unwrap_or(0));
        writer.write_record([
            &position.to_string(),
            &name,
            &versions[stream].to_string(),
            TYPES[usize::try_from(numbers.below(12)).unwrap_or(0)],
            &data,
            &metadata,
            &format!("{}+00", time.date_time(' ', 6)),
        ])?;
    }
    writer.flush()?;
    Ok(())
}

/// The floor: the same columns through the csv crate, looked at and nothing more.
fn bare_read(path: &Path) -> csv::Result<u64> {
    let mut reader = csv::ReaderBuilder::new()
        .buffer_capacity(1 << 18)
        .from_path(path)?;
    let (mut record, mut n_rows) = (csv::ByteRecord::new(), 0);
    while reader.read_byte_record(&mut record)? {
        for column in [1, 2, 3, 6] {
            black_box(record.get(column));
        }
        n_rows += 1;
    }
    Ok(n_rows)
}

fn ours(path: &Path) -> Arc<History> {
    let source = Source::File(path.to_owned());
    open(&source, &OpenOptions::default(), &Arc::default()).expect("the table opens")
}

/// Milliseconds until the first page, payloads included, can be shown.
fn first_page(path: &Path) -> f64 {
    let progress = Arc::new(Progress::default());
    let stop = Arc::clone(&progress);
    let (start, mut took) = (Instant::now(), None);
    let mut publish = |history: Arc<History>| {
        if took.is_none() {
            let places: Vec<_> = (0..50).map(|at| history.log.place(Position(at))).collect();
            history.reader.read(&places, Want::Data, &mut |_, detail| {
                black_box(detail).is_ok()
            });
            took = Some(start.elapsed().as_secs_f64() * 1000.0);
            stop.cancel();
        }
    };
    let source = Source::File(path.to_owned());
    open_publishing(&source, &OpenOptions::default(), &progress, &mut publish).ok();
    took.unwrap_or(f64::NAN)
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, packed) = (folder.path().join("t.csv"), folder.path().join("t.csv.gz"));
    let n_events = events();
    let mut out = BufWriter::new(File::create(&path).expect("a file"));
    make_table(&mut out, n_events).expect("a table");
    out.flush().expect("a table");
    let level = flate2::Compression::fast();
    let gzip = File::create(&packed).expect("a file");
    let mut gzip = flate2::write::GzEncoder::new(gzip, level);
    let mut plain = File::open(&path).expect("the table");
    std::io::copy(&mut plain, &mut gzip).expect("a packed table");
    gzip.finish().expect("a packed table");
    let (mut rounds, mut pages, mut packed_pages) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (floor, n_rows) = measured(|| bare_read(&path).expect("a read"));
        assert_eq!(n_rows, n_events);
        let (opened, history) = measured(|| ours(&path));
        assert_eq!(history.log.len() as u64, n_events);
        rounds.push((opened, floor));
        pages.push(first_page(&path));
        packed_pages.push(first_page(&packed));
    }
    // Read and opening side by side, the round of the median ratio: a busy machine slows both.
    rounds.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    let (opened, floor) = rounds[ROUNDS / 2];
    let figures = [
        Figure {
            name: "open a table, CPU against a bare read",
            ours: opened,
            floor,
            unit: "s",
        },
        Figure {
            name: "first page of a table, wall against 50 ms",
            ours: percentile(&mut pages, 0.5),
            floor: 50.0,
            unit: "ms",
        },
        Figure {
            name: "first page of a packed table, wall against 50 ms",
            ours: percentile(&mut packed_pages, 0.5),
            floor: 50.0,
            unit: "ms",
        },
    ];
    support::write("csv", &figures);
}
