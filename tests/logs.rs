//! Logs other than JSON Lines: tables as text, other encodings, packed files, standard input.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

#[path = "support/opened.rs"]
mod opened;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use annals::event::{EventDetail, Position, Severity};
use annals::history::History;
use annals::ingest::{open, open_publishing};
use annals::source::{Error, MappingOverride, OpenOptions, Progress, Source, hash_file};
use opened::{event, kinds};
use proptest::prelude::*;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

#[track_caller]
fn read(name: &str) -> Arc<History> {
    let path = fixture(name);
    let before = hash_file(&path, &Progress::default()).unwrap();
    let source = Source::File(path.clone());
    let history = open(&source, &OpenOptions::default(), &Arc::default()).unwrap();
    assert_complete(&history);
    assert_eq!(hash_file(&path, &Progress::default()).unwrap(), before);
    history
}

fn read_with(bytes: &[u8], options: &OpenOptions) -> Result<Arc<History>, Error> {
    let source = Source::Text {
        name: "log".to_owned(),
        bytes: bytes.into(),
    };
    open(&source, options, &Arc::default())
}

#[track_caller]
fn read_bytes(bytes: &[u8]) -> Arc<History> {
    let history = read_with(bytes, &OpenOptions::default()).unwrap();
    assert_complete(&history);
    history
}

#[track_caller]
fn refused(bytes: &[u8]) -> String {
    read_with(bytes, &OpenOptions::default())
        .unwrap_err()
        .to_string()
}

#[track_caller]
fn assert_complete(history: &History) {
    let read = history.log.len() as u64 + history.problems.records_lost();
    let problems = history.problems.items();
    assert_eq!(read, history.about.n_records, "{problems:?}");
}

/// All that is known of all events, but for where they stand in the file.
fn events(history: &History) -> Vec<(String, String, Option<i64>, EventDetail)> {
    let positions = (0..u32::try_from(history.log.len()).unwrap()).map(Position);
    let all = positions.map(|position| {
        let mut detail = event(history, position.0);
        detail.source = String::new();
        let log = &history.log;
        let stream = log.stream_name(log.stream(position)).to_owned();
        let kind = log.type_name(log.event_type(position)).to_owned();
        (
            stream,
            kind,
            log.version(position).map(|version| version.0),
            detail,
        )
    });
    all.collect()
}

fn types(history: &History) -> BTreeMap<&str, u64> {
    let names = history.log.type_names().iter().map(|name| &**name);
    names
        .zip(history.log.type_counts().iter().copied())
        .collect()
}

fn times(history: &History) -> [String; 2] {
    let (first, last) = history.log.time_range().unwrap();
    [first.rfc3339(6), last.rfc3339(6)]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

fn utf16(text: &str, is_little: bool) -> Vec<u8> {
    let bytes = |unit: u16| {
        if is_little {
            unit.to_le_bytes()
        } else {
            unit.to_be_bytes()
        }
    };
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(bytes).collect()
}

// Tables as text

#[test]
fn a_table_that_psql_copied_out_gives_its_events() {
    let history = read("logs/export-table-hotel.csv");
    assert_eq!(
        (
            history.about.container.as_str(),
            history.about.format.as_str()
        ),
        ("csv", "guessed/csv")
    );
    assert_eq!((history.log.len(), history.log.streams().len()), (601, 43));
    assert_eq!(
        (types(&history)["PointsGranted"], types(&history).len()),
        (128, 12)
    );
    assert_eq!(
        times(&history),
        ["2026-06-01T06:13:07.296152Z", "2026-06-11T10:10:11.928784Z"]
    );
    assert_eq!(
        (
            history.problems.total(),
            history.log.version_base().unwrap().0
        ),
        (0, 1)
    );
    let first = event(&history, 0);
    assert_eq!(first.data.json(), Some(r#"{"number":"101","beds":4}"#));
    assert_eq!(first.store_position.as_deref(), Some("1"));
    assert_eq!(first.source, "export-table-hotel.csv:2");
    // An empty field without quotes is no text of no length.
    let second = event(&history, 1);
    assert_eq!(
        (second.raw_metadata.bytes, second.metadata.len()),
        (None, 0)
    );
    let third = event(&history, 2);
    assert!(third.data.json().unwrap().contains("Daria Ш."));
}

#[test]
fn a_log_of_cases_that_pandas_wrote_gives_its_events() {
    let history = read("logs/orders-log.csv");
    assert_eq!((history.log.len(), history.log.streams().len()), (650, 220));
    assert_eq!(
        types(&history),
        BTreeMap::from([
            ("place order", 220),
            ("confirm order", 219),
            ("pay order", 211)
        ])
    );
    assert_eq!(
        times(&history),
        ["2026-03-02T07:05:38.449102Z", "2026-03-20T10:26:19.712072Z"]
    );
    assert!(!history.log.has_versions());
}

#[test]
fn tables_that_other_databases_exported_open_too() {
    for name in ["ssms_results_with_headers.csv", "emmett_emt_messages.csv"] {
        let history = read(&format!("logs/{name}"));
        assert_eq!(
            (history.log.len(), history.log.streams().len()),
            (55, 13),
            "{name}"
        );
    }
    // The word NULL without quotes, as SQL Server writes it.
    let history = read("logs/ssms_results_with_headers.csv");
    assert_eq!(event(&history, 0).causation, None);
}

#[test]
fn a_quote_that_is_not_closed_costs_its_own_lines_and_no_others() {
    let history = read("nasty/csv_unclosed_quote.csv");
    assert_eq!(
        (history.log.len(), kinds(&history)),
        (10, vec![("unclosed-quote", "line 12")])
    );
    let text = "stream,type,data\na,T,{}\na,T,\"{\nb,T,{}\nc,T,{}\n";
    let history = read_bytes(text.as_bytes());
    assert_eq!(
        (history.log.len(), kinds(&history)),
        (1, vec![("unclosed-quote", "line 3")])
    );
    let message = &history.problems.items()[0].message;
    assert!(message.contains("lines 3 to 5"), "{message}");
}

#[test]
fn rows_that_do_not_fit_are_told_with_their_lines() {
    let history = read("nasty/csv_ragged_nul.csv");
    assert_eq!(
        kinds(&history),
        [
            ("ragged-row", "line 3"),
            ("ragged-row", "line 4"),
            ("ragged-row", "line 6"),
            ("nul-byte", "line 6"),
            ("unclosed-quote", "line 7"),
        ]
    );
    assert_eq!(history.log.len(), 4);
    let text = "stream,type,data\na,T,\"x\" y\nb,T,\"\"\nc,T,\nd,\n";
    let history = read_bytes(text.as_bytes());
    assert_eq!(
        kinds(&history),
        [
            ("stray-text", "line 2"),
            ("ragged-row", "line 5"),
            ("not-an-event", "line 5")
        ]
    );
    let raw = |position| event(&history, position).raw_data.bytes.map(Vec::from);
    assert_eq!(
        (raw(0), raw(1), raw(2)),
        (Some(b"x y".to_vec()), Some(Vec::new()), None)
    );
}

#[test]
fn names_that_are_missing_or_stand_twice_are_made_up_and_told() {
    let history = read_bytes(b"stream,type,data,data\na,T,1,2\n");
    assert_eq!(kinds(&history), [("duplicate-column", "column 4")]);
    let headless = b"o-1;Placed;2024-01-01T00:00:00Z\no-1;Paid;2024-01-02T00:00:00Z\n";
    let sentence = refused(headless);
    assert!(sentence.contains("c1 to c3"), "{sentence}");
    let map = |text| OpenOptions {
        mapping: Some(MappingOverride::parse(text).unwrap()),
        ..OpenOptions::default()
    };
    let named = map("[roles]\nstream = \"c1\"\ntype = \"c2\"\ntime = \"c3\"");
    let history = read_with(headless, &named).unwrap();
    assert_eq!(
        (history.log.len(), times(&history)[1].as_str()),
        (2, "2024-01-02T00:00:00.000000Z")
    );
    let wrong = read_with(headless, &map("[roles]\nstream = \"c9\"\ntype = \"c2\""));
    let sentence = wrong.unwrap_err().to_string();
    assert!(
        sentence.contains("no column \"c9\"") && sentence.contains("c1, c2, c3"),
        "{sentence}"
    );
}

#[test]
fn text_without_records_is_refused_in_a_sentence() {
    let log =
        "2024-01-01 INFO started\n2024-01-01 WARN low on memory, again\n2024-01-02 INFO done\n";
    assert!(refused(log.as_bytes()).contains("text without records"));
    let table = b"name,price\nApple,1.20\nPear,0.90\n";
    let sentence = refused(table);
    assert!(
        sentence.contains("no column names the stream and"),
        "{sentence}"
    );
    assert!(refused(b"a\tb\x00\x01\x02\x03\x04").contains("neither"));
}

#[test]
fn a_mapped_table_without_a_row_is_an_empty_history() {
    let history = read_bytes(b"stream,type,time\n");
    assert_eq!((history.log.len(), history.about.n_records), (0, 0));
}

// Encodings

#[test]
fn a_table_gives_the_same_events_in_every_encoding() {
    let plain = std::fs::read_to_string(fixture("logs/export-table-hotel.csv")).unwrap();
    let expected = events(&read_bytes(plain.as_bytes()));
    let marked = ["\u{feff}", &plain.replace('\n', "\r\n")].concat();
    assert_eq!(events(&read_bytes(marked.as_bytes())), expected);
    for is_little in [true, false] {
        let history = read_bytes(&utf16(&plain, is_little));
        assert_eq!(events(&history), expected);
        assert_eq!(kinds(&history), [("encoding", "the whole input")]);
        assert_eq!(history.problems.items()[0].severity, Severity::Info);
    }
}

#[test]
fn a_table_of_a_western_spreadsheet_is_turned_and_told() {
    let text = b"stream;type;data\r\ncaf\xe9-1;Ge\xf6ffnet;5 \x80\r\n";
    let history = read_bytes(text);
    let (stream, kind, _, _) = &events(&history)[0];
    assert_eq!((stream.as_str(), kind.as_str()), ("café-1", "Geöffnet"));
    let message = &history.problems.items()[0].message;
    assert!(message.contains("windows-1252"), "{message}");
    // A bad byte among letters of UTF-8 is no letter: it is kept and told.
    let history = read_bytes(b"stream,type,data\n\xc3\xa9-1,T,\n\xff-2,T,\n");
    assert!(
        kinds(&history).contains(&("invalid-utf8", "line 3")),
        "{:?}",
        kinds(&history)
    );
}

#[test]
fn json_in_utf_16_opens() {
    let history = read("nasty/json_utf16le_bom.json");
    assert_eq!(history.log.len(), 10);
    assert_eq!(kinds(&history), [("encoding", "the whole input")]);
    let packed = read_bytes(&zstd(
        &std::fs::read(fixture("nasty/json_utf16le_bom.json")).unwrap(),
    ));
    assert_eq!(
        (packed.log.len(), packed.about.container.as_str()),
        (10, "json-array+zstd")
    );
}

// Packed

#[test]
fn a_log_gives_the_same_events_however_it_is_packed() {
    for name in ["events.ndjson", "events.json", "export-table-hotel.csv"] {
        let bytes = std::fs::read(fixture(&format!("logs/{name}"))).unwrap();
        let expected = events(&read_bytes(&bytes));
        for (packed, word) in [(gzip(&bytes), "+gzip"), (zstd(&bytes), "+zstd")] {
            let history = read_bytes(&packed);
            assert_eq!(events(&history), expected);
            assert!(history.about.container.ends_with(word));
            assert_eq!(history.about.files[0].bytes, packed.len() as u64);
            let cut = &packed[..packed.len() * 2 / 3];
            match read_with(cut, &OpenOptions::default()) {
                Ok(history) => {
                    assert_complete(&history);
                    let kind = format!("cut-off{}", word.replace('+', "-"));
                    let place = (kind.as_str(), "end of the file");
                    assert!(kinds(&history).contains(&place), "{:?}", kinds(&history));
                }
                // A block of zstd is there as a whole or not at all.
                Err(error) => assert!(error.to_string().contains("cut off"), "{error}"),
            }
        }
    }
}

#[test]
fn what_is_packed_twice_or_unpacks_to_nothing_is_refused() {
    assert!(refused(&zstd(&gzip(b"{}"))).contains("packed by gzip and again by zstd"));
    assert!(refused(&gzip(b"")).contains("there is nothing"));
    assert!(refused(&gzip(b"\x89PNG\r\n")).contains("inside, this is a PNG picture"));
    let bomb = Source::File(fixture("nasty/bomb_1gib_blank_lines.ndjson.zst"));
    let sentence = open(&bomb, &OpenOptions::default(), &Arc::default()).unwrap_err();
    assert!(sentence.to_string().contains("white space"), "{sentence}");
}

#[test]
fn what_unpacks_beyond_reason_is_stopped_and_what_came_before_is_read() {
    let mut text = b"{\"stream\":\"a\",\"type\":\"T\"}\n".to_vec();
    text.resize(200 << 20, b'\n');
    let history = read_bytes(&zstd(&text));
    assert_eq!(
        (history.log.len(), kinds(&history)),
        (1, vec![("unpacking-stopped", "zstd")])
    );
}

#[test]
fn the_first_events_of_a_packed_log_are_there_before_it_is_unpacked() {
    let line = |n: usize| format!("a-{},T,{:0>200}\n", n % 7, n * 7919);
    let text: String = std::iter::once("stream,type,data\n".to_owned())
        .chain((0..40_000).map(line))
        .collect();
    let source = Source::Text {
        name: "log".to_owned(),
        bytes: gzip(text.as_bytes()).into(),
    };
    let progress = Arc::new(Progress::default());
    let mut first = None;
    let mut publish = |history: Arc<History>| {
        first.get_or_insert_with(|| {
            let len = event(&history, 9).data.len();
            (history.log.len(), progress.done(), len)
        });
    };
    let whole = open_publishing(&source, &OpenOptions::default(), &progress, &mut publish);
    let (n_events, done, len) = first.unwrap();
    assert_eq!(
        (whole.unwrap().log.len(), n_events, len),
        (40_000, 1024, 200)
    );
    assert!(done < 1 << 20, "{done}");
    assert_eq!(
        (progress.done(), progress.total()),
        (text.len() as u64, text.len() as u64)
    );
}

#[test]
fn a_packed_database_opens_from_a_private_copy() {
    let history = read("stores/emmett-shopping-cart.db.gz");
    assert_eq!(
        (history.log.len(), history.log.streams().len()),
        (2500, 408)
    );
    assert_eq!(history.about.container, "sqlite+gzip");
    let files: Vec<&str> = history
        .about
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!(files, ["emmett-shopping-cart.db.gz"]);
    assert_eq!(event(&history, 0).source, "emt_messages rowid 1");
    assert_eq!(history.reader.recount(), Some(2500));
}

// JSON that is not one object a line

#[test]
fn documents_one_after_another_are_read_one_by_one() {
    let text = "{\n  \"stream\": \"a-1\",\n  \"type\": \"Opened\",\n  \"data\": {\"n\": 1}\n}\n\
                {\n  \"stream\": \"a-1\",\n  \"type\": \"Closed\"\n}\nnonsense\n{\"stream\": \"a-2\", \"type\": \"Opened\"}\n{\"stream";
    let history = read_bytes(text.as_bytes());
    assert_eq!(
        (history.log.len(), history.about.container.as_str()),
        (3, "json-documents")
    );
    assert_eq!(
        kinds(&history),
        [("not-json", "element 3"), ("cut-off-line", "element 5")]
    );
    assert_eq!(event(&history, 0).data.json(), Some("{\"n\": 1}"));
    assert_eq!(event(&history, 1).source, "log:6");
}

#[test]
fn json_text_sequences_and_arrays_in_objects_are_read() {
    let sequence =
        b"\x1e{\"stream\":\"a\",\"type\":\"T\"}\n\x1e{\"stream\":\"a\",\"type\":\"U\"}\n";
    let history = read_bytes(sequence);
    assert_eq!((history.log.len(), history.problems.total()), (2, 0));
    let inside = br#"{"page": 1, "items": [{"stream":"a","type":"T"}, {"stream":"b","type":"T"}]}"#;
    assert_eq!(read_bytes(inside).log.len(), 2);
}

// Standard input

fn piped(args: &[&str], input: &[u8]) -> std::process::Output {
    let temporary = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_annals"))
        .args(args)
        .env("TMPDIR", temporary.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let left = std::fs::read_dir(temporary.path()).unwrap();
    assert_eq!(left.count(), 0, "temporary files were left");
    output
}

#[test]
fn a_dash_names_standard_input() {
    for name in [
        "logs/events.ndjson.gz",
        "logs/export-table-hotel.csv",
        "stores/diy-events-plain.db",
    ] {
        let bytes = std::fs::read(fixture(name)).unwrap();
        let output = piped(&["inspect", "-", "--json"], &bytes);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}: {error}");
        let piped: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let history = read(name);
        assert_eq!(
            piped["events"].as_u64(),
            Some(history.log.len() as u64),
            "{name}"
        );
        assert_eq!(piped["opened"]["bytes"].as_u64(), Some(bytes.len() as u64));
    }
    let output = piped(&["events", "-", "--limit", "1"], b"");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && error.contains("empty"),
        "{error}"
    );
}

#[test]
fn a_column_named_as_the_payload_is_never_half_of_a_streams_name() {
    let text = "\"stream\",\"type\",\"version\",\"data\"\n\"s-1\",\"T\",\"0\",\"\"\n\"s-1\",\"T\",\"1\",\"NULL\"\n\"s-1\",\"T\",\"2\",\"NULL\"\n\"s-1\",\"T\",\"3\",\"NULL\"\n\"s-1\",\"T\",\"4\",\"NULL\"\n";
    let history = read_with(text.as_bytes(), &OpenOptions::default()).unwrap();
    assert_eq!(history.log.streams().len(), 1);
    let stored = event(&history, 1).raw_data.bytes;
    assert_eq!(stored.as_deref(), Some(b"NULL".as_slice()));
}

// Laws

/// Texts of all that means something in a table.
fn any_field() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => "[a-c\",;\t|\n\r \\\\é]{0,12}",
        1 => Just(String::new()),
        1 => Just("NULL".to_owned()),
    ]
}

fn any_style() -> impl Strategy<Value = (u8, csv::QuoteStyle, bool)> {
    let delimiter = prop_oneof![Just(b','), Just(b';'), Just(b'\t'), Just(b'|')];
    let quotes = prop_oneof![
        Just(csv::QuoteStyle::Always),
        Just(csv::QuoteStyle::Necessary),
        Just(csv::QuoteStyle::NonNumeric)
    ];
    (delimiter, quotes, any::<bool>())
}

proptest! {
    #[test]
    fn a_table_is_read_back_as_it_was_written(
        fields in proptest::collection::vec(any_field(), 1..30),
        (delimiter, quotes, is_windows) in any_style(),
    ) {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .quote_style(quotes)
            .terminator(if is_windows { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
            .from_writer(Vec::new());
        writer.write_record(["stream", "type", "version", "data"]).unwrap();
        for (n, field) in fields.iter().enumerate() {
            writer.write_record(["s-1", "T", n.to_string().as_str(), field]).unwrap();
        }
        let text = writer.into_inner().unwrap();
        let history = read_with(&text, &OpenOptions::default()).unwrap();
        prop_assert_eq!(history.log.len(), fields.len(), "{:?}", String::from_utf8_lossy(&text));
        for (position, field) in (0..).zip(&fields) {
            let raw = event(&history, position).raw_data.bytes;
            let is_bare = !matches!(quotes, csv::QuoteStyle::Always | csv::QuoteStyle::NonNumeric);
            // Nothing, and the word for it, are NULL where no quotes say otherwise.
            if raw.is_none() && is_bare && (field.is_empty() || field == "NULL" || field == "\\N") {
                continue;
            }
            prop_assert_eq!(raw.as_deref(), Some(field.as_bytes()), "{:?}", String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn no_table_makes_it_stop(bytes in proptest::collection::vec(prop_oneof![
        any::<u8>(), Just(b'"'), Just(b','), Just(b'\n'), Just(b'a')], 0..300)) {
        let text = [b"stream,type,data\n".as_slice(), &bytes].concat();
        if let Ok(history) = read_with(&text, &OpenOptions::default()) {
            assert_complete(&history);
            for position in 0..u32::try_from(history.log.len()).unwrap() {
                event(&history, position);
            }
        }
    }
}
