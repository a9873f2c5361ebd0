//! What opening an export costs: Parquet and Arrow against a bare read of the same columns by the
//! library, segments of Kafka and documents of MongoDB against 200 MB a second; and the memory it takes.

mod support;

use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use support::opening::{against, events, opened};
use support::{Figure, Numbers, TYPES, measured, percentile};

const ROUNDS: usize = 7;
/// The columns that a log is made of: all but the payload.
const READ: [usize; 4] = [0, 1, 2, 3];
/// What is to be read in a second.
const GOAL_BYTES: f64 = 200e6;

/// An event: its stream, version, type, time in microseconds, and payload.
struct Event {
    stream: String,
    version: i64,
    kind: &'static str,
    micros: i64,
    data: String,
}

/// Events of 100,000 streams of very different length, payloads of about 240 bytes.
struct Events {
    numbers: Numbers,
    versions: Vec<i64>,
    micros: i64,
}

impl Events {
    fn new() -> Self {
        Self {
            numbers: Numbers(1),
            versions: vec![-1; 100_000],
            micros: 1_700_000_000_000_000,
        }
    }

    fn next(&mut self) -> Event {
        let numbers = &mut self.numbers;
        let stream = usize::try_from(numbers.skewed(100_000)).unwrap_or(0);
        self.versions[stream] += 1;
        self.micros += i64::try_from(numbers.below(2_000_000)).unwrap_or(0);
        let data = format!(
            "{{\"amount\":{}.{:02},\"status\":\"open\",\"note\":\"{:0>150}\",\"by\":\"user-{}\"}}",
            numbers.below(10_000),
            numbers.below(100),
            numbers.next(),
            numbers.below(500)
        );
        Event {
            stream: format!("{}-{stream}", ["order", "account", "sensor"][stream % 3]),
            version: self.versions[stream],
            kind: TYPES[usize::try_from(numbers.below(12)).unwrap_or(0)],
            micros: self.micros,
            data,
        }
    }
}

fn batch(events: &mut Events, n_rows: u64) -> RecordBatch {
    let rows: Vec<Event> = (0..n_rows).map(|_| events.next()).collect();
    let text = |of: &dyn Fn(&Event) -> String| -> ArrayRef {
        Arc::new(
            rows.iter()
                .map(|row| Some(of(row)))
                .collect::<StringArray>(),
        )
    };
    let times = rows.iter().map(|row| Some(row.micros));
    let times: TimestampMicrosecondArray = times.collect();
    let versions: Int64Array = rows.iter().map(|row| row.version).collect();
    RecordBatch::try_from_iter([
        ("stream_name", text(&|row| row.stream.clone())),
        ("version", Arc::new(versions) as ArrayRef),
        ("event_type", text(&|row| row.kind.to_owned())),
        ("time", Arc::new(times.with_timezone("UTC")) as ArrayRef),
        ("data", text(&|row| row.data.clone())),
    ])
    .expect("a batch")
}

/// Hands over all events in batches.
fn batches(n_events: u64, mut each: impl FnMut(&RecordBatch)) {
    const ROWS: u64 = 50_000;
    let mut events = Events::new();
    let mut left = n_events;
    while left > 0 {
        let n_rows = left.min(ROWS);
        each(&batch(&mut events, n_rows));
        left -= n_rows;
    }
}

fn make_parquet(path: &Path, n_events: u64) {
    let schema = batch(&mut Events::new(), 1).schema();
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .build();
    let file = File::create(path).expect("a file");
    let mut writer = ArrowWriter::try_new(file, schema, Some(properties)).expect("a writer");
    batches(n_events, |batch| {
        writer.write(batch).expect("a batch written");
    });
    writer.close().expect("a table");
}

fn make_arrow(path: &Path, n_events: u64) {
    let schema = batch(&mut Events::new(), 1).schema();
    let file = BufWriter::new(File::create(path).expect("a file"));
    let mut writer = arrow_ipc::writer::FileWriter::try_new(file, &schema).expect("a writer");
    batches(n_events, |batch| {
        writer.write(batch).expect("a batch written");
    });
    writer.finish().expect("a table");
}

/// Every value of a batch, looked at; how many rows there are.
fn looked_at(batch: &RecordBatch) -> u64 {
    for column in batch.columns() {
        if let Some(texts) = column.as_any().downcast_ref::<StringArray>() {
            texts.iter().for_each(|text| {
                black_box(text);
            });
        } else if let Some(numbers) = column.as_any().downcast_ref::<Int64Array>() {
            numbers.iter().for_each(|number| {
                black_box(number);
            });
        } else if let Some(times) = column.as_any().downcast_ref::<TimestampMicrosecondArray>() {
            times.iter().for_each(|time| {
                black_box(time);
            });
        }
    }
    batch.num_rows() as u64
}

/// The floors: the same columns through the library, looked at and nothing more.
fn bare_parquet(path: &Path) -> u64 {
    let file = File::open(path).expect("the file");
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("a table");
    let mask = ProjectionMask::roots(builder.parquet_schema(), READ);
    let reader = builder.with_projection(mask).build().expect("a reader");
    reader
        .map(|batch| looked_at(&batch.expect("a batch")))
        .sum()
}

fn bare_arrow(path: &Path) -> u64 {
    let file = File::open(path).expect("the file");
    let reader = arrow_ipc::reader::FileReader::try_new_buffered(file, Some(READ.to_vec()));
    let batches = reader.expect("a table");
    batches
        .map(|batch| looked_at(&batch.expect("a batch")))
        .sum()
}

/// CRC-32C, byte by byte.
fn crc32c(bytes: &[u8]) -> u32 {
    let table: Vec<u32> = (0..256_u32)
        .map(|byte| {
            (0..8).fold(byte, |crc, _| {
                if crc & 1 == 1 {
                    crc >> 1 ^ 0x82f6_3b78
                } else {
                    crc >> 1
                }
            })
        })
        .collect();
    !bytes.iter().fold(!0, |crc, byte| {
        crc >> 8 ^ table[usize::from(u8::try_from(crc & 0xff).unwrap_or(0) ^ byte)]
    })
}

fn varint(out: &mut Vec<u8>, number: i64) {
    let mut raw = (number << 1 ^ number >> 63).cast_unsigned();
    while raw >= 0x80 {
        out.push(u8::try_from(raw & 0x7f).unwrap_or(0) | 0x80);
        raw >>= 7;
    }
    out.push(u8::try_from(raw).unwrap_or(0));
}

fn sized(out: &mut Vec<u8>, bytes: &[u8]) {
    varint(out, i64::try_from(bytes.len()).unwrap_or(0));
    out.extend_from_slice(bytes);
}

/// A segment: batches of 500 messages, not packed.
fn make_segment(path: &Path, n_events: u64) {
    let mut out = BufWriter::new(File::create(path).expect("a file"));
    let mut events = Events::new();
    let mut offset = 0_i64;
    while offset.unsigned_abs() < n_events {
        let n = (n_events - offset.unsigned_abs()).min(500);
        let (mut records, mut first) = (Vec::new(), None);
        for delta in 0..i64::try_from(n).unwrap_or(0) {
            let event = events.next();
            let base = *first.get_or_insert(event.micros / 1000);
            let mut record = vec![0];
            varint(&mut record, event.micros / 1000 - base);
            varint(&mut record, delta);
            sized(&mut record, event.stream.as_bytes());
            sized(&mut record, event.data.as_bytes());
            varint(&mut record, 1);
            sized(&mut record, b"event-type");
            sized(&mut record, event.kind.as_bytes());
            sized(&mut records, &record);
        }
        let first = first.unwrap_or(0);
        let count = i32::try_from(n).unwrap_or(0);
        let mut tail = Vec::new();
        tail.extend(0_i16.to_be_bytes());
        tail.extend((count - 1).to_be_bytes());
        tail.extend(first.to_be_bytes());
        tail.extend(first.to_be_bytes());
        tail.extend((-1_i64).to_be_bytes());
        tail.extend((-1_i16).to_be_bytes());
        tail.extend((-1_i32).to_be_bytes());
        tail.extend(count.to_be_bytes());
        tail.extend(records);
        let length = i32::try_from(tail.len() + 9).unwrap_or(0);
        out.write_all(&offset.to_be_bytes()).expect("written");
        out.write_all(&length.to_be_bytes()).expect("written");
        out.write_all(&0_i32.to_be_bytes()).expect("written");
        out.write_all(&[2]).expect("written");
        out.write_all(&crc32c(&tail).to_be_bytes())
            .expect("written");
        out.write_all(&tail).expect("written");
        offset += i64::from(count);
    }
    out.flush().expect("a segment");
}

/// Documents as Axon writes them, back to back.
fn make_bson(path: &Path, n_events: u64) {
    let mut out = BufWriter::new(File::create(path).expect("a file"));
    let mut events = Events::new();
    let text = |document: &mut Vec<u8>, key: &str, value: &str| {
        document.push(2);
        document.extend_from_slice(key.as_bytes());
        document.push(0);
        let len = i32::try_from(value.len() + 1).unwrap_or(0);
        document.extend(len.to_le_bytes());
        document.extend_from_slice(value.as_bytes());
        document.push(0);
    };
    for _ in 0..n_events {
        let event = events.next();
        let time = annals::event::Timestamp(event.micros * 1000).rfc3339(6);
        let mut document = vec![0; 4];
        text(&mut document, "aggregateIdentifier", &event.stream);
        text(&mut document, "type", "Order");
        document.extend_from_slice(b"\x12sequenceNumber\0");
        document.extend(event.version.to_le_bytes());
        text(&mut document, "serializedPayload", &event.data);
        text(&mut document, "timestamp", &time);
        text(&mut document, "payloadType", event.kind);
        text(&mut document, "payloadRevision", "1");
        text(&mut document, "serializedMetaData", "{}");
        text(
            &mut document,
            "eventIdentifier",
            &format!("{:032x}", event.micros),
        );
        document.push(0);
        let len = i32::try_from(document.len()).unwrap_or(0).to_le_bytes();
        document[..4].copy_from_slice(&len);
        out.write_all(&document).expect("written");
    }
    out.flush().expect("a collection");
}

/// CPU seconds of opening, the median, and those that 200 MB a second would take.
fn at_speed(path: &Path, n_events: u64) -> (f64, f64) {
    let mut all: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let (took, history) = measured(|| opened(path));
            assert_eq!(history.log.len() as u64, n_events);
            took
        })
        .collect();
    let bytes = std::fs::metadata(path).expect("the file").len();
    (percentile(&mut all, 0.5), bytes as f64 / GOAL_BYTES)
}

/// The memory of this process, in MB: most of all so far, and now.
fn memory() -> (f64, f64) {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
        number.unwrap_or(f64::NAN) / 1024.0
    };
    (of("VmHWM:"), of("VmRSS:"))
}

/// How much memory opening took beyond what the history keeps, in MB; in a process that did nothing else.
fn beyond(path: &Path) -> f64 {
    // What was most is counted anew.
    std::fs::write("/proc/self/clear_refs", "5").ok();
    let history = opened(path);
    let (most, now) = memory();
    black_box(history.log.len());
    most - now
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let n_events = events();
    let path = |name: &str| -> PathBuf { folder.path().join(name) };
    let (table, arrow) = (path("t.parquet"), path("t.arrow"));
    let (segment, bson) = (path("00000000000000000000.log"), path("t.bson"));
    make_parquet(&table, n_events);
    make_arrow(&arrow, n_events);
    make_segment(&segment, n_events);
    make_bson(&bson, n_events);
    let memory = [
        (
            "open Parquet: memory beyond the history, against 64 MB",
            &table,
        ),
        (
            "open Arrow: memory beyond the history, against 64 MB",
            &arrow,
        ),
        (
            "open a segment: memory beyond the history, against 64 MB",
            &segment,
        ),
        ("open BSON: memory beyond the history, against 64 MB", &bson),
    ];
    let figure = |name, (ours, floor), unit| Figure {
        name,
        ours,
        floor,
        unit,
    };
    let mut figures: Vec<Figure> = memory
        .map(|(name, path)| figure(name, (beyond(path), 64.0), "MB"))
        .into();
    let bare = || bare_parquet(&table);
    let took = against(ROUNDS, &table, n_events, bare);
    figures.push(figure("open Parquet, CPU against a bare read", took, "s"));
    let took = against(ROUNDS, &arrow, n_events, || bare_arrow(&arrow));
    figures.push(figure("open Arrow, CPU against a bare read", took, "s"));
    let took = at_speed(&segment, n_events);
    figures.push(figure(
        "open a segment of Kafka, CPU against 200 MB/s",
        took,
        "s",
    ));
    let took = at_speed(&bson, n_events);
    figures.push(figure("open BSON, CPU against 200 MB/s", took, "s"));
    support::write("exports", &figures);
}
