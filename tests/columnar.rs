//! Tables in Parquet and Arrow: what real tools wrote, every kind of column, and files that lie.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::sync::Arc;

use annals::event::{Payload, Place, Position, Want};
use annals::history::History;
use annals::ingest::open;
use annals::source::{Error, OpenOptions, Source, Threads};
use arrow_array::builder::{ListBuilder, MapBuilder, StringBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    Array as _, ArrayRef, Decimal128Array, DictionaryArray, FixedSizeBinaryArray, Int64Array,
    RecordBatch, StringArray, StructArray, TimestampMicrosecondArray, TimestampNanosecondArray,
};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use arrow_schema::{DataType, Field};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::WriterProperties;
use same::same;

#[path = "support/same.rs"]
mod same;

fn opened_by(bytes: &[u8], threads: Threads) -> Result<Arc<History>, Error> {
    let source = Source::Text {
        name: "events".to_owned(),
        bytes: bytes.into(),
    };
    let options = OpenOptions {
        threads,
        ..OpenOptions::default()
    };
    open(&source, &options, &Arc::default())
}

fn opened(bytes: &[u8]) -> Result<Arc<History>, Error> {
    opened_by(bytes, Threads::AsWorth)
}

fn read(bytes: &[u8]) -> Arc<History> {
    opened(bytes).unwrap()
}

fn refusal(bytes: &[u8]) -> String {
    opened(bytes).unwrap_err().to_string()
}

/// Events from row `first` on: streams with versions, a time, a payload as JSON.
fn rows(first: i64, n: i64) -> RecordBatch {
    let all = || first..first + n;
    let streams = all().map(|row| format!("order-{}", row % 100));
    let data = all().map(|row| format!("{{\"row\":{row}}}"));
    let columns: [(&str, ArrayRef); 5] = [
        (
            "stream_id",
            Arc::new(streams.map(Some).collect::<StringArray>()),
        ),
        (
            "version",
            Arc::new(all().map(|row| row / 100).collect::<Int64Array>()),
        ),
        (
            "type",
            Arc::new(
                all()
                    .map(|row| ["Placed", "Paid"][usize::try_from(row / 100 % 2).unwrap()])
                    .map(Some)
                    .collect::<StringArray>(),
            ),
        ),
        (
            "time",
            Arc::new(
                all()
                    .map(|row| 1_709_280_000_000_137 + row * 1000)
                    .map(Some)
                    .collect::<TimestampMicrosecondArray>()
                    .with_timezone("UTC"),
            ),
        ),
        ("data", Arc::new(data.map(Some).collect::<StringArray>())),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn parquet(batches: &[RecordBatch], rows_in_group: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(rows_in_group))
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .build();
    let schema = batches[0].schema();
    let mut writer = ArrowWriter::try_new(&mut out, schema, Some(properties)).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
    }
    writer.close().unwrap();
    out
}

fn arrow_file(batches: &[RecordBatch], packing: Option<CompressionType>) -> Vec<u8> {
    let options = IpcWriteOptions::default()
        .try_with_compression(packing)
        .unwrap();
    let schema = batches[0].schema();
    let mut writer = FileWriter::try_new_with_options(Vec::new(), &schema, options).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
    }
    writer.into_inner().unwrap()
}

fn arrow_stream(batches: &[RecordBatch]) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batches[0].schema()).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
    }
    writer.into_inner().unwrap()
}

fn kinds(history: &History) -> Vec<&str> {
    let items = history.problems.items();
    items.iter().map(|one| one.kind.as_ref()).collect()
}

/// The payload of a position, as text.
fn payload(history: &History, position: u32) -> String {
    let place = history.log.place(Position(position));
    match history.reader.read_one(place, Want::All).unwrap().data {
        Payload::Json(text) | Payload::Text(text) => text.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn rows_are_read_again_by_their_place_in_any_order() {
    let batches: Vec<RecordBatch> = (0..8).map(|n| rows(n * 5000, 5000)).collect();
    let inputs = [
        ("parquet", parquet(&batches, 18_000)),
        ("arrow", arrow_file(&batches, None)),
        (
            "arrow",
            arrow_file(&batches, Some(CompressionType::LZ4_FRAME)),
        ),
        ("arrow", arrow_file(&batches, Some(CompressionType::ZSTD))),
        ("arrow-stream", arrow_stream(&batches)),
    ];
    for (container, bytes) in inputs {
        let history = read(&bytes);
        assert_eq!(history.about.container, container);
        let log = &history.log;
        assert_eq!((log.len(), log.streams().len()), (40_000, 100));
        assert_eq!(kinds(&history), <Vec<&str>>::new(), "{container}");
        for position in [39_999, 0, 17_999, 18_000, 16_384, 35_000, 1] {
            let expected = format!("{{\"row\":{position}}}");
            assert_eq!(payload(&history, position), expected, "{container}");
        }
        let last = history
            .reader
            .read_one(log.place(Position(39_999)), Want::All)
            .unwrap();
        assert_eq!(last.source, "events row 40000");
        let (time, digits) = last.time.unwrap();
        assert_eq!(time.rfc3339(digits), "2024-03-01T08:00:39.999137Z");
        assert!(
            history
                .reader
                .read_one(Place::at(40_000), Want::All)
                .is_err()
        );
    }
}

/// One event of columns of every kind.
fn nested() -> RecordBatch {
    let mut lines = ListBuilder::new(StringBuilder::new());
    lines.append_value([Some("a"), None]);
    let mut tags = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    tags.keys().append_value("k");
    tags.values().append_value("v");
    tags.append(true).unwrap();
    let (lines, tags) = (lines.finish(), tags.finish());
    let total = Decimal128Array::from(vec![-41_568_i128])
        .with_precision_and_scale(30, 2)
        .unwrap();
    let fields = vec![
        Field::new("total", total.data_type().clone(), true),
        Field::new("gone", DataType::Utf8, true),
        Field::new("lines", lines.data_type().clone(), true),
        Field::new("tags", tags.data_type().clone(), true),
    ];
    let members: Vec<ArrayRef> = vec![
        Arc::new(total),
        Arc::new(StringArray::from(vec![None::<&str>])),
        Arc::new(lines),
        Arc::new(tags),
    ];
    let kinds: DictionaryArray<Int32Type> = ["Placed"].into_iter().collect();
    let id = FixedSizeBinaryArray::try_from_iter([[0xb3_u8; 16]].iter()).unwrap();
    let time = TimestampNanosecondArray::from(vec![1_709_280_000_000_137_001]);
    let columns: [(&str, ArrayRef); 6] = [
        ("event_id", Arc::new(id)),
        ("stream_id", Arc::new(StringArray::from(vec!["order-1"]))),
        ("version", Arc::new(Int64Array::from(vec![0]))),
        ("type", Arc::new(kinds)),
        ("created_at", Arc::new(time)),
        (
            "data",
            Arc::new(StructArray::new(fields.into(), members, None)),
        ),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

#[test]
fn nested_columns_become_json_again_and_keep_every_digit() {
    let batch = [nested()];
    for bytes in [
        parquet(&batch, 10),
        arrow_file(&batch, None),
        arrow_stream(&batch),
    ] {
        let history = read(&bytes);
        assert_eq!(history.log.len(), 1);
        assert_eq!(
            payload(&history, 0),
            r#"{"total":-415.68,"lines":["a",null],"tags":{"k":"v"}}"#
        );
        let place = history.log.place(Position(0));
        let event = history.reader.read_one(place, Want::All).unwrap();
        assert_eq!(
            event.id.as_deref(),
            Some("b3b3b3b3-b3b3-b3b3-b3b3-b3b3b3b3b3b3")
        );
        let (time, digits) = event.time.unwrap();
        assert_eq!(time.rfc3339(digits), "2024-03-01T08:00:00.000137001Z");
        assert_eq!(kinds(&history), ["null-members", "time-without-zone"]);
    }
}

#[test]
fn what_is_cut_off_or_damaged_is_counted_and_the_rest_is_read() {
    let batches = [rows(0, 300), rows(300, 300)];
    let whole = arrow_file(&batches, None);
    let cut = read(&whole[..whole.len() * 2 / 3]);
    assert_eq!(cut.log.len(), 300);
    assert_eq!(kinds(&cut), ["cut-off"]);
    let stream = arrow_stream(&batches);
    let cut = read(&stream[..stream.len() - 100]);
    assert_eq!((cut.log.len(), kinds(&cut)), (300, vec!["cut-off"]));

    let mut damaged = parquet(&batches, 300);
    // The first page of the second group: its second half is gone over.
    let middle = damaged.len() / 2;
    damaged[middle..middle + 400].fill(0x5a);
    let history = read(&damaged);
    assert_eq!(
        history.log.len() as u64 + history.problems.records_lost(),
        600
    );
    assert_eq!(kinds(&history), ["damaged-rows"]);
    assert!(refusal(&parquet(&batches, 300)[..2000]).contains("footer is missing"));
}

#[test]
fn two_threads_read_a_table_as_one_does_also_where_it_is_damaged() {
    let batches: Vec<RecordBatch> = (0..8).map(|n| rows(n * 5000, 5000)).collect();
    let inputs = [
        parquet(&batches, 18_000),
        parquet(&batches, 100_000),
        arrow_file(&batches, None),
        arrow_stream(&batches),
    ];
    for whole in inputs {
        let mut damaged = vec![whole.clone()];
        for part in [1, 2, 3, 4] {
            let mut bytes = whole.clone();
            let at = bytes.len() * part / 5;
            bytes[at..at + 300].fill(0x5a);
            damaged.push(bytes);
        }
        let mut n_lost = 0;
        for bytes in damaged {
            match (
                opened_by(&bytes, Threads::One),
                opened_by(&bytes, Threads::Two),
            ) {
                (Ok(one), Ok(two)) => {
                    same(&two.log, &one.log);
                    let problems = |history: &History| format!("{:?}", history.problems);
                    assert_eq!(problems(&two), problems(&one));
                    let last = |history: &History| {
                        let place = history.log.place(history.log.last().unwrap());
                        format!("{:?}", history.reader.read_one(place, Want::All))
                    };
                    assert_eq!(last(&two), last(&one));
                    n_lost += one.problems.records_lost();
                }
                (one, two) => {
                    assert_eq!(one.unwrap_err().to_string(), two.unwrap_err().to_string());
                }
            }
        }
        assert!(n_lost > 0);
    }
}

#[test]
fn files_that_claim_too_much_are_refused_in_a_sentence() {
    let good = parquet(&[rows(0, 300)], 300);
    let with_tail = |len: u32, mark: &[u8]| {
        let mut bytes = good.clone();
        bytes.truncate(bytes.len() - 8);
        bytes.extend(len.to_le_bytes());
        bytes.extend(mark);
        bytes
    };
    assert!(refusal(&with_tail(u32::MAX, b"PAR1")).contains("4294967295 bytes"));
    assert!(refusal(&with_tail(100, b"PARE")).contains("encrypted"));
    let encrypted = [b"PARE", &good[4..]].concat();
    assert!(refusal(&encrypted).contains("encrypted"));
    // Groups inside groups, thousands deep: version 1, a schema of 3000 elements, no rows, no groups.
    let mut footer = vec![0x15, 2, 0x19, 0xfc, 0xb8, 0x17];
    for _ in 0..2999 {
        footer.extend([0x48, 1, b'a', 0x15, 2, 0]);
    }
    footer.extend([0x15, 2, 0x25, 0, 0x18, 1, b'z', 0]);
    footer.extend([0x16, 0, 0x19, 0x0c, 0]);
    let len = u32::try_from(footer.len()).unwrap().to_le_bytes();
    let deep = [b"PAR1", footer.as_slice(), &len, b"PAR1"].concat();
    assert!(refusal(&deep).contains("deep"), "{}", refusal(&deep));
}

/// A table whose payloads are written by what each shares with the one before.
fn alike(n_rows: usize, n_bytes: usize, encoding: Encoding) -> Vec<u8> {
    let batch = rows(0, i64::try_from(n_rows).unwrap());
    let begin = format!("{{\"note\":\"{}", "x".repeat(n_bytes));
    let data = (0..n_rows).map(|row| Some(format!("{begin}{row}\"}}")));
    let mut columns = batch.columns().to_vec();
    columns[4] = Arc::new(data.collect::<StringArray>());
    let batch = RecordBatch::try_new(batch.schema(), columns).unwrap();
    let properties = WriterProperties::builder()
        .set_column_encoding("data".into(), encoding)
        .set_column_dictionary_enabled("data".into(), false)
        .build();
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    out
}

#[test]
fn texts_that_begin_alike_are_read_where_they_fit_and_refused_before_they_fill_the_memory() {
    for encoding in [
        Encoding::DELTA_BYTE_ARRAY,
        Encoding::DELTA_LENGTH_BYTE_ARRAY,
    ] {
        let history = read(&alike(700, 1000, encoding));
        assert_eq!((history.log.len(), kinds(&history)), (700, Vec::new()));
        for row in [0, 300, 699] {
            let expected = format!("{{\"note\":\"{}{row}\"}}", "x".repeat(1000));
            assert_eq!(payload(&history, row), expected);
        }
    }
    // A file of some kilobytes, a hundred rows of which take almost a gigabyte.
    let bytes = alike(120, 7 << 20, Encoding::DELTA_BYTE_ARRAY);
    assert!(bytes.len() < 16 << 20, "{}", bytes.len());
    let history = read(&bytes);
    let place = history.log.place(Position(3));
    let why = history.reader.read_one(place, Want::All).unwrap_err();
    assert!(why.to_string().contains("too much"), "{why}");
}

#[test]
fn a_page_that_says_to_hold_more_lengths_than_rows_is_refused() {
    let good = alike(300, 10, Encoding::DELTA_LENGTH_BYTE_ARRAY);
    // 128 in a block of four parts, 300 lengths in all.
    let head = [0x80, 1, 4, 0xac, 2];
    let at = good.windows(5).position(|bytes| bytes == head).unwrap();
    let mut forged = good;
    forged[at + 3..at + 5].copy_from_slice(&[0xff, 0x7f]);
    let history = read(&forged);
    assert_eq!(history.log.len(), 300);
    let place = history.log.place(Position(3));
    let why = history.reader.read_one(place, Want::All).unwrap_err();
    assert!(why.to_string().contains("make no sense"), "{why}");
}
