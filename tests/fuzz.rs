//! Damaged inputs: real files are mutated by a seeded hand and read, whatever they have become.
//!
//! Nothing may panic, hang or lose a record silently. `ANNALS_FUZZ_SECONDS` says how long each reader
//! is tried (half a second where it is not set), `ANNALS_FUZZ_SEED` with which numbers; a failing input is kept in the folder of the build
//! and named in the message, to become a file of `tests/fixtures/fuzz`.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use annals::audit::Receipt;
use annals::audit::invariants::Invariants;
use annals::event::{Position, Timestamp, Want, Zone};
use annals::fold::{Folder, Merge, Rules};
use annals::history::{History, Point};
use annals::ingest::open;
use annals::query::{Context, Filter, Question, Search};
use annals::settings::parse_workspace;
use annals::source::{
    Error, Field, MappingOverride, OpenOptions, Progress, Source, Threads, all_formats,
};

use arrow_array::types::Int64Type;
use arrow_array::{ArrayRef, Int64Array, ListArray, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::Encoding;
use parquet::file::properties::{WriterProperties, WriterVersion};

/// Longer than any input of this size may take, on a busy machine.
const TOO_LONG: Duration = Duration::from_secs(30);
/// What is larger says no more and takes longer.
const MAX_SEED_BYTES: usize = 64 << 10;

/// A small generator of numbers, the same everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap()
    }
}

/// Bytes that parsers stumble over.
const HARD: &[&[u8]] = &[
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xef\xbb\xbf",
    b"\\u",
    b"\\ud800",
    b"e999",
    b"-",
    b"9223372036854775808",
    b"null",
    b"NaN",
    b"''",
    b"\x1e",
    b"\x1f\x8b",
    b"\x28\xb5\x2f\xfd",
    b"\x78\x9c",
    b"'",
    b"||",
    b"@",
    b"#",
    b"--- ",
    b"&a *a",
];

/// Changes some bytes: flipped, set, put in, cut out, doubled, cut off.
fn mutated(seed: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len());
        let until = (at + 1 + dice.below(40)).min(bytes.len());
        match dice.below(9) {
            _ if bytes.is_empty() => bytes.extend_from_slice(HARD[dice.below(HARD.len())]),
            0 => bytes[at] ^= 1 << dice.below(8),
            1 => bytes[at] = [0, 0xff, 0x7f, b'9'][dice.below(4)],
            2 => drop(bytes.splice(at..at, HARD[dice.below(HARD.len())].iter().copied())),
            3 => drop(bytes.drain(at..until)),
            4 => {
                let again = bytes[at..until].to_vec();
                drop(bytes.splice(at..at, again));
            }
            5 => bytes.truncate(at),
            6 => {
                let from = dice.below(other.len());
                let to = (from + dice.below(60)).min(other.len());
                drop(bytes.splice(at..at, other[from..to].iter().copied()));
            }
            7 => bytes[at] = bytes[at].wrapping_add(1),
            _ => bytes[at..until].reverse(),
        }
    }
    bytes
}

/// Tries inputs made of the seeds until the time is up.
fn fuzz(name: &str, seeds: &[Vec<u8>], target: impl Fn(&[u8])) {
    assert!(!seeds.is_empty(), "{name} has no seeds");
    let seconds = std::env::var("ANNALS_FUZZ_SECONDS").ok();
    let seconds: f64 = seconds.and_then(|text| text.parse().ok()).unwrap_or(0.5);
    let first = std::env::var("ANNALS_FUZZ_SEED").ok();
    let first: u64 = first.and_then(|text| text.parse().ok()).unwrap_or(1);
    let (start, mut dice, mut round) = (Instant::now(), Dice(0x5eed_0000_0000 + first), 0);
    while start.elapsed().as_secs_f64() < seconds {
        let seed = &seeds[dice.below(seeds.len())];
        let other = &seeds[dice.below(seeds.len())];
        let input = if round < seeds.len() {
            seeds[round].clone()
        } else {
            mutated(seed, other, &mut dice)
        };
        round += 1;
        let began = Instant::now();
        let held = catch_unwind(AssertUnwindSafe(|| target(&input)));
        if held.is_err() || began.elapsed() > TOO_LONG {
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}"));
            std::fs::write(&path, &input).unwrap();
            panic!("{name}, input {round}: kept in {}", path.display());
        }
    }
}

fn fixtures(folder: &str, accepts: impl Fn(&str) -> bool) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(folder);
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let fits = |path: &PathBuf| path.is_file() && accepts(&path.to_string_lossy());
    paths
        .into_iter()
        .filter(fits)
        .map(|path| {
            let mut bytes = std::fs::read(path).unwrap();
            bytes.truncate(MAX_SEED_BYTES);
            bytes
        })
        .collect()
}

fn ends_in(name: &str, endings: &[&str]) -> bool {
    let extension = Path::new(name)
        .extension()
        .and_then(|ending| ending.to_str());
    extension.is_some_and(|own| endings.contains(&own))
}

/// Opens bytes and reads every event; all that was there is an event or lost.
fn open_and_read(source: &Source, options: &OpenOptions) {
    let history = match open(source, options, &Arc::new(Progress::default())) {
        Ok(history) => history,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let is_told = history
        .problems
        .items()
        .iter()
        .any(|one| one.kind == "incomplete");
    let accounted = history.log.len() as u64 + history.problems.records_lost();
    assert!(
        is_told || accounted == history.about.n_records,
        "records lost silently"
    );
    read_all(&history);
}

fn read_all(history: &History) {
    let places: Vec<_> = (0..)
        .map(Position)
        .take(history.log.len().min(2000))
        .map(|position| history.log.place(position))
        .collect();
    let mut n_read = 0;
    history.reader.read(&places, Want::All, &mut |_, event| {
        n_read += 1;
        if let Err(error) = event {
            assert!(!error.to_string().is_empty());
        }
        true
    });
    assert_eq!(n_read, places.len(), "a place gave no answer");
}

fn text(bytes: &[u8]) -> Source {
    Source::Text {
        name: "input".to_owned(),
        bytes: bytes.into(),
    }
}

#[test]
fn logs_of_json_and_tables_as_text_are_read_however_they_are_damaged() {
    let is_log = |name: &str| ends_in(name, &["json", "ndjson", "jsonl", "csv", "tsv"]);
    let mut seeds = fixtures("logs", is_log);
    seeds.extend(fixtures("nasty", is_log));
    seeds.extend(fixtures("fuzz", is_log));
    fuzz("logs", &seeds, |input| {
        open_and_read(&text(input), &OpenOptions::default());
    });
}

#[test]
fn packed_logs_are_read_however_they_are_damaged() {
    let is_packed = |name: &str| ends_in(name, &["gz", "zst"]) && !name.contains("bomb");
    let mut seeds = fixtures("logs", is_packed);
    seeds.extend(fixtures("fuzz", is_packed));
    fuzz("packed", &seeds, |input| {
        open_and_read(&text(input), &OpenOptions::default());
    });
}

#[test]
fn exports_are_read_however_they_are_damaged() {
    for (name, ending) in [
        ("segments", ".log"),
        ("chunks", ".000000"),
        ("bson", ".bson"),
        ("dumps", ".sql"),
        ("xes", ".xes"),
        ("kafka-text", ".txt"),
        ("json-exports", "json"),
        ("parquet", ".parquet"),
        ("arrow", ".arrow"),
    ] {
        let mut seeds = fixtures("exports", |file| file.ends_with(ending));
        seeds.extend(fixtures("exports/orders-0", |file| file.ends_with(ending)));
        fuzz(name, &seeds, |input| {
            open_and_read(&text(input), &OpenOptions::default());
        });
    }
}

/// A table in Parquet whose columns are written in one encoding where that can be.
fn parquet(encoding: Encoding, version: WriterVersion) -> Vec<u8> {
    let all = || 0..40_i64;
    let texts = |begin: &'static str| -> ArrayRef {
        Arc::new(
            all()
                .map(|n| Some(format!("{begin}{}", n % 7)))
                .collect::<StringArray>(),
        )
    };
    let lists = all().map(|n| Some((0..n % 4).map(Some).collect::<Vec<_>>()));
    let columns: [(&str, ArrayRef); 5] = [
        ("stream_id", texts("order-")),
        ("version", Arc::new(all().collect::<Int64Array>())),
        ("event_type", texts("Placed")),
        (
            "data",
            texts("{\"note\":\"the same words again and again\"} "),
        ),
        (
            "tags",
            Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(lists)),
        ),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let of_numbers = match encoding {
        Encoding::DELTA_BYTE_ARRAY | Encoding::DELTA_LENGTH_BYTE_ARRAY => {
            Encoding::DELTA_BINARY_PACKED
        }
        other => other,
    };
    let properties = WriterProperties::builder()
        .set_writer_version(version)
        .set_dictionary_enabled(encoding == Encoding::PLAIN)
        .set_encoding(encoding)
        .set_column_encoding("version".into(), of_numbers)
        .set_column_encoding(
            vec!["tags".to_owned(), "list".to_owned(), "item".to_owned()].into(),
            of_numbers,
        )
        .build();
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    out
}

#[test]
fn tables_in_parquet_of_every_encoding_are_read_however_they_are_damaged() {
    let encodings = [
        Encoding::PLAIN,
        Encoding::DELTA_LENGTH_BYTE_ARRAY,
        Encoding::DELTA_BYTE_ARRAY,
    ];
    let versions = [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0];
    let seeds: Vec<Vec<u8>> = encodings
        .into_iter()
        .flat_map(|encoding| versions.map(|version| parquet(encoding, version)))
        .collect();
    for seed in &seeds {
        let history = open(&text(seed), &OpenOptions::default(), &Arc::default()).unwrap();
        assert_eq!(
            (history.log.len(), history.problems.records_lost()),
            (40, 0)
        );
    }
    fuzz("parquet-encodings", &seeds, |input| {
        open_and_read(&text(input), &OpenOptions::default());
    });
}

/// A file of Avro, written by another library.
fn avro() -> Vec<u8> {
    use apache_avro::types::Value;
    let schema = apache_avro::Schema::parse_str(
        r#"{"type":"record","name":"E","fields":[{"name":"stream_id","type":"string"},{"name":"version","type":"long"},
        {"name":"event_type","type":"string"},{"name":"data","type":{"type":"map","values":["null","double"]}}]}"#,
    )
    .unwrap();
    let mut writer = apache_avro::Writer::new(&schema, Vec::new());
    for n in 0..20 {
        let data = Value::Union(1, Box::new(Value::Double(0.5)));
        let data = Value::Map([("total".to_owned(), data)].into());
        let fields = [
            ("stream_id", Value::String(format!("order-{}", n % 3))),
            ("version", Value::Long(n / 3)),
            ("event_type", Value::String("Placed".to_owned())),
            ("data", data),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value));
        writer.append(Value::Record(fields.into())).unwrap();
        if n % 7 == 0 {
            writer.flush().unwrap();
        }
    }
    writer.into_inner().unwrap()
}

#[test]
fn files_of_avro_are_read_however_they_are_damaged() {
    fuzz("avro", &[avro()], |input| {
        open_and_read(&text(input), &OpenOptions::default());
    });
}

#[test]
fn samples_of_every_format_are_read_however_they_are_damaged() {
    let samples = all_formats().iter().flat_map(|format| &format.sample);
    let seeds: Vec<Vec<u8>> = samples
        .map(|sample| sample.text.trim_start().as_bytes().to_vec())
        .filter(|text| !text.is_empty())
        .collect();
    fuzz("samples", &seeds, |input| {
        open_and_read(&text(input), &OpenOptions::default());
    });
}

#[test]
fn databases_are_read_however_they_are_damaged_and_stay_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let mut seeds = fixtures("stores", |name| name.ends_with("py-eventsourcing-empty.db"));
    seeds.extend(fixtures("nasty", |name| ends_in(name, &["db"])));
    fuzz("databases", &seeds, |input| {
        std::fs::write(&path, input).unwrap();
        let options = |threads| OpenOptions {
            threads,
            ..OpenOptions::default()
        };
        let source = Source::File(path.clone());
        open_and_read(&source, &options(Threads::One));
        let read = |threads| open(&source, &options(threads), &Arc::default()).ok();
        let (one, two) = (read(Threads::One), read(Threads::Two));
        let said = |history: &Arc<History>| (history.log.len(), format!("{:?}", history.problems));
        assert_eq!(one.as_ref().map(said), two.as_ref().map(said));
        assert_eq!(std::fs::read(&path).unwrap(), input, "the file was changed");
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            1,
            "something was left behind"
        );
    });
}

/// Payloads in each encoding, as they are made by those who write them.
fn payloads() -> Vec<Vec<u8>> {
    use std::io::Write as _;
    let json = br#"{"a":[1,2.50,null,true,"x\u00e9"],"b":{"c":-9007199254740993}}"#;
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    zlib.write_all(json).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(json).unwrap();
    let jsonb = rusqlite::Connection::open_in_memory()
        .unwrap()
        .query_row(
            "SELECT jsonb(?1)",
            [std::str::from_utf8(json).unwrap()],
            |row| row.get(0),
        )
        .unwrap();
    let yaml = "---\n:order_id: &a 7\n:total: !ruby/object:BigDecimal 54:0.3469e2\n:again: *a\n:list:\n- :one\n- 2.5\n";
    vec![
        json.to_vec(),
        zlib.finish().unwrap(),
        gzip.finish().unwrap(),
        zstd::encode_all(&json[..], 1).unwrap(),
        jsonb,
        b"\x82\xa1a\x93\x01\xcb\x3f\xf8\0\0\0\0\0\0\xc0\xa1b\xc7\x0c\xff\0\0\0\0\0\0\0\0\0\0\0\0"
            .to_vec(),
        b"\xa2\x61a\x83\x01\xf9\x3e\0\xf6\x61b\xc2\x49\x01\0\0\0\0\0\0\0\0".to_vec(),
        yaml.as_bytes().to_vec(),
        b"eyJhIjoxfQ==".to_vec(),
        b"<?xml version='1.0'?><e a='1'><id>o-1</id><!-- x --><l q=\"2\">A&amp;1</l><l><![CDATA[<b>]]></l><m><entry><k>a</k><null/></entry></m></e>".to_vec(),
    ]
}

#[test]
fn payloads_in_every_encoding_are_read_however_they_are_damaged() {
    const STEPS: &[&str] = &[
        "auto", "zlib", "gzip", "zstd", "jsonb", "msgpack", "cbor", "yaml", "xml", "base64",
        "uuid", "guid",
    ];
    fuzz("payloads", &payloads(), |input| {
        let hex = input.iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        });
        for step in STEPS {
            let sql = format!(
                "CREATE TABLE e(stream TEXT, version INTEGER, type TEXT, data BLOB);
                 INSERT INTO e VALUES ('a-1', 1, 'X', x'{hex}'), ('a-1', 2, 'X', CAST(x'{hex}' AS TEXT));"
            );
            let mapping = format!(
                "table = \"e\"\n[roles]\nstream = \"stream\"\nversion = \"version\"\ntype = \"type\"\n\
                 data = \"data\"\ntime = \"data/at\"\n[decode]\ndata = [\"{step}\"]\n"
            );
            let options = OpenOptions {
                mapping: Some(MappingOverride::parse(&mapping).unwrap()),
                ..OpenOptions::default()
            };
            let name = "store".to_owned();
            open_and_read(&Source::Script { name, sql }, &options);
        }
    });
}

#[test]
fn what_people_write_is_read_however_it_is_damaged() {
    let lines = |texts: &[&str]| -> Vec<Vec<u8>> {
        texts.iter().map(|text| text.as_bytes().to_vec()).collect()
    };
    let written = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let points = [
        "#861204",
        "order-1220@7",
        "order-1220 @2023-02-02",
        "last friday 17:00",
        "2 days ago",
        "2024-03-01T08:00:00.123456789+14:00",
    ];
    fuzz("points", &lines(&points), |input| {
        Point::parse(
            &written(input),
            Timestamp(1_700_000_000_000_000_000),
            Zone::Utc,
        )
        .ok();
    });
    let fields = [
        "agg_type || '-' || agg_id",
        "metadata/correlation_id",
        "pad3(ms)",
        "\"a\"\"b\"/c",
    ];
    fuzz("fields", &lines(&fields), |input| {
        if let Ok(field) = Field::parse(&written(input)) {
            assert_eq!(Field::parse(&field.to_string()), Ok(field));
        }
    });
    let mapping = "table = \"e\"\n[roles]\nstream = [\"a\", \"b/c\"]\ntype = \"t\"\n[decode]\nd = [\"zlib\"]\n";
    fuzz("mappings", &lines(&[mapping]), |input| {
        MappingOverride::parse(&written(input)).ok();
    });
    let rules = include_str!("../assets/demo/rules.toml");
    fuzz("rules", &lines(&[rules]), |input| {
        Rules::parse("rules.toml", &written(input)).ok();
    });
    let invariants = [
        "[[state]]\nname = \"n\"\ncategory = \"account\"\nthat = \"balance >= 0 and lines[0].qty < 9\"\nseverity = \"warning\"\n",
        "[[sequence]]\nname = \"s\"\nafter = \"Closed\"\nnever = [\"Chang*\"]\n[[sequence]]\nname = \"p\"\ntype = \"Shipped\"\nonly_after = \"Paid\"\n",
    ];
    assert!(
        invariants
            .iter()
            .all(|text| Invariants::parse(text).is_ok())
    );
    fuzz("invariants", &lines(&invariants), |input| {
        Invariants::parse(&written(input)).ok();
    });
    let workspace = r#"{"annals_workspace":1,"store":{"name":"a","inputs":["/a.db"],"events":3,"mapping":null},"look":{"playhead":7},"bookmarks":[{"position":1,"name":"x"}],"notes":[{"position":3,"text":"seen","event":"00ff"}],"accepted":[{"check":"gaps","stream":"a-1","finding":"x","reason":"y","by":"z","at_secs":1,"event":""}],"branch":{"name":"b","edits":[{"position":2}]},"projections":[{"name":"p","text":"fromAll()"}],"unknown":[1]}"#;
    assert!(parse_workspace(workspace.as_bytes()).is_ok());
    fuzz("workspaces", &lines(&[workspace]), |input| {
        if let Ok(workspace) = parse_workspace(input) {
            let again = serde_json::to_vec(&workspace).unwrap();
            assert_eq!(parse_workspace(&again).unwrap(), workspace);
        }
    });
    let filters = [
        "type:Order* -stream=order-12 data.total>100 after:2024-03-01",
        "is:future corr:8c41 at:#3..#900 \"two words\" (category:order or version<7)",
        "meta.user=\"J. Moreau\" state.lines[0].qty>=2.50 not data.note:x",
    ];
    let sample = annals::ingest::open_sample(&Arc::default()).unwrap();
    let folder = Arc::new(Folder::new(sample, Arc::new(Merge)));
    let context = Context::at(Timestamp(1_700_000_000_000_000_000), Zone::Utc);
    fuzz("filters", &lines(&filters), |input| {
        if let Ok(filter) = Filter::parse(&written(input)) {
            Search::new(&filter, &folder, &context).ok();
        }
    });
    let questions = [
        "state.total > 100 and status = 'paid'",
        "lines[0].qty becomes 3 since yesterday",
    ];
    fuzz("questions", &lines(&questions), |input| {
        Question::parse(&written(input)).ok();
    });
    let receipt = r#"{"annals_receipt":1,"name":"a","made":"","events":3,"last":null,"root":"00","heads":["00","01"],"events_in_part":1,"parts":["00","01","02"]}"#;
    fuzz("receipts", &lines(&[receipt]), |input| {
        Receipt::parse(&written(input)).ok();
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let settings = r#"{"theme":"dark","local_time":true,"recent":[{"path":"/a.db","format":"x","events":3,"opened_secs":9,"shape":[1,2]}],"notes":[{"path":"/a.db","events":3,"bookmarks":[{"position":1,"stream":["a","b"],"name":"x"}]}]}"#;
    fuzz("settings", &lines(&[settings]), |input| {
        std::fs::write(&path, input).unwrap();
        annals::settings::load(&path).ok();
    });
}

#[test]
fn a_cancel_ends_the_opening() {
    let progress = Arc::new(Progress::default());
    progress.cancel();
    let log = "{\"stream\":\"a-1\",\"type\":\"X\"}\n".repeat(5000);
    let opened = open(&text(log.as_bytes()), &OpenOptions::default(), &progress);
    assert!(matches!(opened, Err(Error::Cancelled)));
}
