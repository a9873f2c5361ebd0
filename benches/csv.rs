//! What opening a table as text costs: 1 million rows against a bare read of the same columns with
//! the csv crate, and how soon the first page is there, packed and not.

mod support;

use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use support::opening::{against, events, first_page};
use support::{Figure, Numbers, TYPES, percentile};

const ROUNDS: usize = 11;

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
    let bare = || bare_read(&path).expect("a read");
    let (opened, floor) = against(ROUNDS, &path, n_events, bare);
    let pages = |path: &Path| -> f64 {
        let mut pages: Vec<f64> = (0..ROUNDS).map(|_| first_page(path)).collect();
        percentile(&mut pages, 0.5)
    };
    let figures = [
        Figure {
            name: "open a table, CPU against a bare read",
            ours: opened,
            floor,
            unit: "s",
        },
        Figure {
            name: "first page of a table, wall against 50 ms",
            ours: pages(&path),
            floor: 50.0,
            unit: "ms",
        },
        Figure {
            name: "first page of a packed table, wall against 50 ms",
            ours: pages(&packed),
            floor: 50.0,
            unit: "ms",
        },
    ];
    support::write("csv", &figures);
}
