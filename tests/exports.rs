//! Exports of the stores that people run: files as their tools write them.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use annals::event::{Payload, Position, Want};
use annals::history::History;
use annals::ingest::open;
use annals::source::{OpenOptions, Source};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/exports")
        .join(name)
}

fn read(source: &Source) -> Arc<History> {
    open(source, &OpenOptions::default(), &Arc::default()).unwrap()
}

fn history(name: &str) -> Arc<History> {
    read(&Source::File(fixture(name)))
}

fn of_bytes(bytes: &[u8]) -> Arc<History> {
    read(&Source::Text {
        name: "input".to_owned(),
        bytes: bytes.into(),
    })
}

/// Each event as stream, version and type, in order.
fn events(history: &History) -> Vec<String> {
    let log = &history.log;
    let one = |at| {
        let version = log.version(at).map_or(-1, |version| version.0);
        let stream = log.stream_name(log.stream(at));
        format!("{stream}@{version} {}", log.type_name(log.event_type(at)))
    };
    (0..).map(Position).take(log.len()).map(one).collect()
}

/// The payloads in order, as text.
fn payloads(history: &History) -> Vec<String> {
    let log = &history.log;
    let places: Vec<_> = (0..)
        .map(Position)
        .take(log.len())
        .map(|at| log.place(at))
        .collect();
    let mut found = Vec::new();
    history.reader.read(&places, Want::All, &mut |_, event| {
        found.push(match event.unwrap().data {
            Payload::Json(text) | Payload::Text(text) => text.to_string(),
            other => format!("{other:?}"),
        });
        true
    });
    found
}

fn kinds(history: &History) -> Vec<&str> {
    history
        .problems
        .items()
        .iter()
        .map(|one| one.kind.as_ref())
        .collect()
}

/// Files that real stores and their tools wrote: what they are, how many events and streams they hold,
/// and the last event.
const EXPORTS: &[(&str, &str, usize, usize, &str)] = &[
    (
        "orders-0/00000000000000000000.log",
        "kafka/messages",
        55,
        13,
        "account-A113@5 MoneyWithdrawn",
    ),
    (
        "console_consumer.txt",
        "kafka/messages",
        55,
        13,
        "account-A113@5 MoneyWithdrawn",
    ),
    (
        "dump_log.txt",
        "kafka/messages",
        55,
        13,
        "account-A113@5 (none)",
    ),
    (
        "kcat_f.txt",
        "kafka/messages",
        55,
        13,
        "account-A113@5 MoneyWithdrawn",
    ),
    (
        "kcat_J.ndjson",
        "kafka/messages",
        55,
        13,
        "account-A113@5 MoneyWithdrawn",
    ),
    (
        "chunk-000000.000000",
        "eventstoredb/chunk",
        55,
        13,
        "account-A113@5 MoneyWithdrawn",
    ),
    (
        "atom_stream_embed_body.json",
        "eventstoredb/atom",
        6,
        1,
        "account-A113@5 MoneyWithdrawn",
    ),
    (
        "atom_category_links_embed_tryharder.json",
        "eventstoredb/atom",
        31,
        9,
        "order-1009@2 OrderCancelled",
    ),
    (
        "domainevents.bson",
        "axon/mongodb",
        55,
        13,
        "A113@5 com.example.shop.events.MoneyWithdrawn",
    ),
    (
        "emmett_streams_relaxed.json",
        "emmett/mongodb",
        55,
        13,
        "account:A113@6 MoneyWithdrawn",
    ),
    (
        "akka_messages_copy.csv",
        "akka/cassandra-csv",
        55,
        13,
        "Order|1009@3 com.example.shop.OrderCancelled",
    ),
    (
        "commanded_pg_dump.sql",
        "commanded/sqlite",
        55,
        13,
        "account-A113@6 Elixir.Shop.Events.MoneyWithdrawn",
    ),
    (
        "marten_pg_dump.sql",
        "marten/sqlite",
        55,
        13,
        "account-A113@6 money_withdrawn",
    ),
    (
        "log.xes",
        "xes/log",
        55,
        13,
        "account-D737@5 MoneyWithdrawn",
    ),
];

#[test]
fn every_export_gives_all_its_events() {
    for &(name, format, n_events, n_streams, last) in EXPORTS {
        let history = history(name);
        assert_eq!(history.about.format, format, "{name}");
        assert_eq!(history.log.len(), n_events, "{name}");
        assert_eq!(history.log.streams().len(), n_streams, "{name}");
        assert_eq!(
            events(&history).last().map(String::as_str),
            Some(last),
            "{name}"
        );
        assert_eq!(
            history.problems.records_lost(),
            0,
            "{name}: {:?}",
            kinds(&history)
        );
    }
}

#[test]
fn the_same_messages_are_the_same_events_whichever_tool_wrote_them() {
    let segment = history("orders-0/00000000000000000000.log");
    for name in ["console_consumer.txt", "kcat_f.txt", "kcat_J.ndjson"] {
        let other = history(name);
        assert_eq!(events(&segment), events(&other), "{name}");
        assert_eq!(payloads(&segment), payloads(&other), "{name}");
    }
    assert_eq!(payloads(&segment), payloads(&history("dump_log.txt")));
}

#[test]
fn a_damaged_batch_costs_its_records_and_no_others() {
    let mut bytes = std::fs::read(fixture("orders-0/00000000000000000000.log")).unwrap();
    // The first batch goes on until the second begins; a byte of its records changes.
    bytes[200] ^= 1;
    let damaged = of_bytes(&bytes);
    assert_eq!(kinds(&damaged), ["damaged-batch"]);
    assert_eq!(
        damaged.log.len() as u64 + damaged.problems.records_lost(),
        55
    );
    assert_eq!(damaged.problems.records_lost(), 8);
    // Zeros behind the last batch are written in advance.
    let mut longer = std::fs::read(fixture("orders-0/00000000000000000000.log")).unwrap();
    longer.resize(longer.len() + 5000, 0);
    assert_eq!(
        (of_bytes(&longer).log.len(), kinds(&of_bytes(&longer)).len()),
        (55, 0)
    );
}

#[test]
fn a_count_that_the_bytes_cannot_hold_takes_no_memory() {
    let mut bytes = std::fs::read(fixture("orders-0/00000000000000000000.log")).unwrap();
    bytes[57..61].copy_from_slice(&i32::MAX.to_be_bytes());
    let history = of_bytes(&bytes);
    assert_eq!(history.log.len(), 47);
    assert!(history.problems.records_lost() > 0);
}

/// A dump by `pg_dump --column-inserts`, of a table in parts.
const INSERTS: &str = r#"--
-- PostgreSQL database dump
--
\restrict abc
SET standard_conforming_strings = on;
CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS $_$
BEGIN INSERT INTO public.messages VALUES ('no; row'); END;
$_$;
CREATE TABLE public.messages (
    global_position bigint NOT NULL,
    "position" bigint NOT NULL,
    "time" timestamp without time zone DEFAULT (now() AT TIME ZONE 'utc'::text) NOT NULL,
    stream_name text NOT NULL,
    type text NOT NULL,
    data jsonb,
    metadata jsonb,
    id uuid NOT NULL,
    CONSTRAINT c CHECK ((global_position > 0))
)
PARTITION BY LIST (stream_name);
CREATE TABLE public.messages_a (global_position bigint, "position" bigint, "time" timestamp, stream_name text, type text, data jsonb, metadata jsonb, id uuid);
ALTER TABLE ONLY public.messages ATTACH PARTITION public.messages_a FOR VALUES IN ('a');
INSERT INTO public.messages_a (global_position, "position", "time", stream_name, type, data, metadata, id) VALUES (2, 1, '2026-02-02 09:03:29', 'booking-7', 'It''s; done', '{"a": "x\ny"}', NULL, 'b2');
INSERT INTO public.messages_a (global_position, "position", "time", stream_name, type, data, metadata, id) VALUES (1, 0, '2026-02-02 09:03:28.123456', 'booking-7', E'Tab\there', '{"n": 1.10}'::jsonb, '{}', 'b1');
INSERT INTO public.messages_a (global_position, "position", "time", stream_name, type, data, metadata, id) VALUES (3, 2, now(), 'booking-7', 'X', NULL, NULL, 'b3');
\unrestrict abc
"#;

#[test]
fn rows_of_inserts_and_of_parts_of_a_table_are_events_in_the_order_of_their_positions() {
    let history = of_bytes(INSERTS.as_bytes());
    assert_eq!(history.about.format, "message-db/sqlite");
    assert_eq!(
        events(&history),
        ["booking-7@0 Tab\there", "booking-7@1 It's; done"]
    );
    assert_eq!(payloads(&history), ["{\"n\": 1.10}", "{\"a\": \"x\\ny\"}"]);
    assert_eq!(kinds(&history), ["not-a-row"]);
}

#[test]
fn a_dump_that_is_cut_off_gives_what_came_before() {
    let bytes = std::fs::read(fixture("marten_pg_dump.sql")).unwrap();
    let at = bytes.len() / 2;
    let history = of_bytes(&bytes[..at]);
    assert!(history.log.len() > 10 && history.log.len() < 55);
    assert!(
        kinds(&history).contains(&"cut-off-dump"),
        "{:?}",
        kinds(&history)
    );
}

#[test]
fn tombstones_are_events_and_a_chunk_that_is_still_written_ends_with_its_last_record() {
    let bytes = std::fs::read(fixture("chunk-000000.000000")).unwrap();
    // Without its footer the chunk is one that is still being written.
    let mut ongoing = bytes[..bytes.len() - 128].to_vec();
    ongoing.resize(bytes.len() + 8192, 0);
    let history = of_bytes(&ongoing);
    assert_eq!(
        (history.log.len(), kinds(&history)),
        (55, vec!["system-events"])
    );
}

#[test]
fn a_record_of_a_chunk_whose_lengths_differ_ends_it_and_is_told() {
    let mut bytes = std::fs::read(fixture("chunk-000000.000000")).unwrap();
    // The first record's length after it.
    let length = i32::from_le_bytes(bytes[128..132].try_into().unwrap());
    let at = 132 + usize::try_from(length).unwrap();
    // The second record is found by the first one's length.
    let second = i32::from_le_bytes(bytes[at + 4..at + 8].try_into().unwrap());
    let after = at + 8 + usize::try_from(second).unwrap();
    let third = after + 4;
    let third_length = i32::from_le_bytes(bytes[third..third + 4].try_into().unwrap());
    bytes[third..third + 4].copy_from_slice(&(third_length + 1).to_le_bytes());
    let source = Source::Text {
        name: "x".to_owned(),
        bytes: bytes.into(),
    };
    match open(&source, &OpenOptions::default(), &Arc::default()) {
        Ok(history) => assert!(kinds(&history).contains(&"not-a-record")),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

#[test]
fn an_xml_document_with_a_document_type_is_refused() {
    let text = "<?xml version=\"1.0\"?><!DOCTYPE log [<!ENTITY a \"b\">]><log><trace/></log>";
    let source = Source::Text {
        name: "x".to_owned(),
        bytes: text.as_bytes().into(),
    };
    let refused = open(&source, &OpenOptions::default(), &Arc::default());
    assert!(refused.unwrap_err().to_string().contains("document type"));
}

#[test]
fn the_segments_of_a_topic_in_a_folder_are_one_history() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = std::fs::read(fixture("orders-0/00000000000000000000.log")).unwrap();
    // The first batch alone, then the others, and an empty segment that is to be written next.
    let length = i32::from_be_bytes(bytes[8..12].try_into().unwrap());
    let (first, rest) = bytes.split_at(usize::try_from(length).unwrap() + 12);
    let partition = folder.path().join("orders-0");
    std::fs::create_dir(&partition).unwrap();
    for (name, part) in [
        ("00000000000000000000.log", first),
        ("00000000000000000000.index", &[][..]),
        ("00000000000000000008.log", rest),
        ("00000000000000000055.log", &[]),
    ] {
        std::fs::write(partition.join(name), part).unwrap();
    }
    let all = read(&Source::File(folder.path().to_owned()));
    let one = history("orders-0/00000000000000000000.log");
    assert_eq!(events(&all), events(&one));
    assert_eq!(payloads(&all), payloads(&one));
}

#[test]
fn an_export_is_held_against_its_list_of_files() {
    let folder = tempfile::tempdir().unwrap();
    let item = |n: u32| {
        format!(
            "{{\"Item\":{{\"PK\":{{\"S\":\"STREAM#a\"}},\"SK\":{{\"S\":\"V#{n}\"}},\"eventType\":{{\"S\":\"T\"}},\"version\":{{\"N\":\"{n}\"}},\"data\":{{\"M\":{{}}}}}}}}\n"
        )
    };
    std::fs::create_dir(folder.path().join("data")).unwrap();
    for n in 0..2 {
        std::fs::write(folder.path().join(format!("data/{n}.json")), item(n)).unwrap();
    }
    let list = |count: u32| {
        let line =
            |n: u32| format!("{{\"itemCount\":{count},\"dataFileS3Key\":\"x/data/{n}.json\"}}\n");
        std::fs::write(
            folder.path().join("manifest-files.json"),
            format!("{}{}", line(0), line(1)),
        )
        .unwrap();
        read(&Source::File(folder.path().to_owned()))
    };
    assert_eq!(events(&list(1)), ["a@0 T", "a@1 T"]);
    assert!(kinds(&list(1)).is_empty());
    assert_eq!(kinds(&list(2)), ["list-differs"]);
}

/// The tables of a dump, each as the text that PostgreSQL's client copies to CSV.
fn copied(dump: &str, folder: &Path) {
    let mut lines = dump.lines();
    while let Some(line) = lines.next() {
        let Some(rest) = line.strip_prefix("COPY public.") else {
            continue;
        };
        let (table, rest) = rest.split_once(" (").unwrap();
        let columns = rest.split_once(')').unwrap().0.replace(", ", ",");
        let mut csv = format!("{columns}\n");
        for row in lines.by_ref().take_while(|line| *line != "\\.") {
            let field = |field: &str| match field {
                "\\N" => String::new(),
                text => format!("\"{}\"", text.replace("\\\\", "\\").replace('"', "\"\"")),
            };
            let fields: Vec<String> = row.split('\t').map(field).collect();
            csv.push_str(&fields.join(","));
            csv.push('\n');
        }
        std::fs::write(folder.join(format!("{table}.csv")), csv).unwrap();
    }
}

#[test]
fn a_folder_of_tables_is_put_together_as_the_store_was() {
    let folder = tempfile::tempdir().unwrap();
    let dump = std::fs::read_to_string(fixture("commanded_pg_dump.sql")).unwrap();
    copied(&dump, folder.path());
    assert!(folder.path().join("stream_events.csv").exists());
    let tables = read(&Source::File(folder.path().to_owned()));
    let whole = history("commanded_pg_dump.sql");
    assert_eq!(tables.about.format, "commanded/sqlite");
    assert_eq!(tables.about.container, "csv-tables");
    assert_eq!(events(&tables), events(&whole));
    assert_eq!(payloads(&tables), payloads(&whole));
    // A table without rows is no table as text.
    let is_passed_over = |kind: &&str| *kind == "file-passed-over";
    assert!(
        kinds(&tables).iter().all(is_passed_over),
        "{:?}",
        kinds(&tables)
    );
}

#[test]
fn a_file_that_differs_from_its_checksum_is_told() {
    use base64::Engine as _;
    let folder = tempfile::tempdir().unwrap();
    let item = "{\"Item\":{\"PK\":{\"S\":\"STREAM#a\"},\"eventType\":{\"S\":\"T\"},\"version\":{\"N\":\"0\"},\"data\":{\"M\":{}}}}\n";
    std::fs::write(folder.path().join("0.json"), item).unwrap();
    let open_with = |sum: &[u8]| {
        let sum = base64::engine::general_purpose::STANDARD.encode(sum);
        let list = format!(
            "{{\"itemCount\":1,\"md5Checksum\":\"{sum}\",\"dataFileS3Key\":\"x/0.json\"}}\n"
        );
        std::fs::write(folder.path().join("manifest-files.json"), list).unwrap();
        read(&Source::File(folder.path().to_owned()))
    };
    assert_eq!(kinds(&open_with(&[0; 16])), ["checksum-differs"]);
}

#[test]
fn archives_and_first_versions_that_are_not_read_are_named() {
    let refusal = |bytes: &[u8]| {
        let source = Source::Text {
            name: "x".to_owned(),
            bytes: bytes.into(),
        };
        let refused = open(&source, &OpenOptions::default(), &Arc::default());
        refused.unwrap_err().to_string()
    };
    assert!(refusal(b"\x6d\xe2\x99\x81rest").contains("mongodump archive"));
    let first = "<?xml version=\"1.0\"?><log><global scope=\"object\"><string key=\"ocel-version\" value=\"1.0\"/></global></log>";
    assert!(refusal(first.as_bytes()).contains("OCEL 1.0"));
}

#[test]
fn what_sql_server_prints_and_copies_is_read() {
    let printed = "stream_id|version|event_type|created|data\r\n---------|-------|----------|-------|----\r\norder-1|0|Placed|2024-03-01 08:00:00.000137|{\"total\":1.10}\r\norder-1|1|Paid|2024-03-01 08:00:06|{\"total\":1.10}\r\norder-2|0|Placed|2024-03-01 08:01:00|{}\r\n\r\n(3 rows affected)\r\n";
    let history = of_bytes(printed.as_bytes());
    assert_eq!(
        events(&history),
        ["order-1@0 Placed", "order-1@1 Paid", "order-2@0 Placed"]
    );
    assert_eq!(history.problems.records_lost(), 0, "{:?}", kinds(&history));
    // bcp in wide characters: no mark, no names, an empty text as one NUL.
    let mut text = String::new();
    for n in 0..40 {
        let kind = ["Placed", "Paid", "Shipped", "Returned"][n / 10];
        let line = format!(
            "{}\torder-{}\t{}\t{kind}\t2024-03-01 08:00:{n:02}.000\t{{\"n\":{n}}}\t\0\r\n",
            n + 1,
            n % 10,
            n / 10
        );
        text.push_str(&line);
    }
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let history = of_bytes(&wide);
    assert_eq!(history.log.len(), 40, "{:?}", kinds(&history));
    assert_eq!(events(&history)[11], "order-1@1 Paid");
    assert!(
        !kinds(&history).contains(&"nul-byte"),
        "{:?}",
        kinds(&history)
    );
}

#[test]
fn what_bcp_wrote_as_characters_is_read_in_the_code_page_of_its_machine() {
    let row = |n: usize| {
        let metadata = match n % 3 {
            0 => "",
            1 => "\0",
            _ => "{\"user\":\"svc\"}",
        };
        let kind = ["OrderPlaced", "OrderPaid"][n % 2];
        let id = format!("{n:08X}-1A69-16C7-4DA4-F9FC3C6DA5D7");
        let time = format!("2024-03-01 08:{n:02}:00.0001370");
        let data = format!("{{\"total\": {n}.50, \"city\": \"K\u{f6}ln, \\\"S\u{fc}d\\\"\"}}");
        let fields = [
            n.to_string(),
            format!("order-{}", n % 5),
            (n / 5).to_string(),
            id,
            kind.to_owned(),
            time,
            data,
            metadata.to_owned(),
        ];
        format!("{}\r\n", fields.join("\t"))
    };
    let text: String = (0..40).map(row).collect();
    // Each letter of it is one byte in that code page, with the same number.
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
    let history = of_bytes(&bytes);
    assert_eq!(history.log.len(), 40);
    assert_eq!(events(&history)[13], "order-3@2 OrderPaid");
    let expected = "{\"total\": 13.50, \"city\": \"K\u{f6}ln, \\\"S\u{fc}d\\\"\"}";
    assert_eq!(payloads(&history)[13], expected);
}

#[test]
fn tables_of_a_stream_store_in_a_folder_are_joined_whichever_database_they_come_from() {
    let forms = [
        (
            "sqlstreamstore/sqlserver",
            "Id,IdOriginal,IdInternal,Version,Position",
            "StreamIdInternal,StreamVersion,Position,Id,Created,Type,JsonData,JsonMetadata",
            ["Streams.csv", "Messages.csv"],
        ),
        (
            "sqlstreamstore/postgres",
            "id,id_original,id_internal,version,position",
            "stream_id_internal,stream_version,position,message_id,created_utc,type,json_data,json_metadata",
            ["streams.csv", "public.messages.csv"],
        ),
    ];
    for (format, streams, messages, names) in forms {
        let folder = tempfile::tempdir().unwrap();
        let all: String = (1..5)
            .map(|n| format!("5873DB3{n},guest-{n},{n},7,30\n"))
            .collect::<Vec<_>>()
            .concat();
        let [first, second] = names.map(|name| folder.path().join(name));
        std::fs::write(first, format!("{streams}\n{all}")).unwrap();
        let row = |n: usize| {
            let id = format!("{n:08x}-1a69-16c7-4da4-f9fc3c6da5d7");
            let meta = "\"{\"\"$correlationId\"\":\"\"c1\"\"}\"";
            format!(
                "{},{},{n},{id},2025-11-11T11:{n:02}:00,Granted,\"{{\"\"n\"\":{n}}}\",{meta}\n",
                n % 4 + 1,
                n / 4
            )
        };
        let all: String = (0..32).map(row).collect();
        std::fs::write(second, format!("{messages}\n{all}")).unwrap();
        let history = read(&Source::File(folder.path().to_owned()));
        assert_eq!(history.about.format, format);
        assert_eq!(history.log.len(), 32);
        assert_eq!(events(&history)[11], "guest-4@2 Granted");
        assert_eq!(payloads(&history)[11], "{\"n\":11}");
    }
}
