//! Fixture in, events and problems out: stores of real frameworks, exported logs, damaged files.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

#[path = "support/opened.rs"]
mod opened;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use annals::event::json::{Json, parse};
use annals::event::{Consumer, EventDetail, Position, Severity, Want};
use annals::history::History;
use annals::ingest::{Shown, open, open_publishing, open_sample, write_exchange};
use annals::source::{
    Error, MappingOverride, OpenOptions, Progress, Sample, Source, all_formats, files_of, hash_file,
};
use opened::{event, kinds};
use proptest::prelude::*;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

fn read_path(path: &Path) -> Result<Arc<History>, Error> {
    open(
        &Source::File(path.to_owned()),
        &OpenOptions::default(),
        &Arc::default(),
    )
}

#[track_caller]
fn read(name: &str) -> Arc<History> {
    let history = read_path(&fixture(name)).unwrap();
    assert_complete(&history);
    history
}

fn read_text(text: &[u8]) -> Result<Arc<History>, Error> {
    let source = Source::Text {
        name: "log.ndjson".to_owned(),
        bytes: text.into(),
    };
    open(&source, &OpenOptions::default(), &Arc::default())
}

#[track_caller]
fn refused(name: &str) -> String {
    read_path(&fixture(name)).unwrap_err().to_string()
}

#[track_caller]
fn assert_complete(history: &History) {
    let read = history.log.len() as u64 + history.problems.records_lost();
    assert_eq!(
        read,
        history.about.n_records,
        "{:?}",
        history.problems.items()
    );
}

fn data(history: &History, position: u32) -> String {
    event(history, position)
        .data
        .json()
        .unwrap_or("(no JSON)")
        .to_owned()
}

fn categories(history: &History) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for stream in history.log.streams() {
        *counts
            .entry(history.log.category_of(stream).to_owned())
            .or_default() += 1;
    }
    counts
}

fn lines(history: &History, shown: Shown) -> String {
    let mut out = String::new();
    for position in (0..u32::try_from(history.log.len()).unwrap()).map(Position) {
        let detail = history
            .reader
            .read_one(history.log.place(position), Want::All)
            .unwrap();
        write_exchange(&history.log, position, &detail, shown, &mut out);
        out.push('\n');
    }
    out
}

fn folder_with(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        let from = fixture(name);
        std::fs::copy(&from, folder.path().join(from.file_name().unwrap())).unwrap();
    }
    folder
}

fn digests(folder: &Path) -> BTreeMap<PathBuf, String> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            (
                path.clone(),
                hash_file(&path, &Progress::default()).unwrap(),
            )
        })
        .collect()
}

// Stores of real frameworks

#[test]
fn a_store_of_python_eventsourcing_gives_its_events_with_their_typed_values_unwrapped() {
    let history = read("stores/py-eventsourcing-bank.db");
    assert_eq!(history.about.format, "eventsourcing/sqlite");
    assert_eq!((history.log.len(), history.log.streams().len()), (200, 24));
    assert_eq!(
        categories(&history),
        BTreeMap::from([("BankAccount".to_owned(), 24)])
    );
    assert_eq!((history.n_snapshots, history.snapshots.len()), (13, 13));
    let stream = history
        .log
        .find_stream("87751d4ca8504e2c84dcda6a797d76de", None)
        .unwrap();
    let first = history.log.events_of(stream)[0];
    assert!(
        data(&history, first).starts_with(r#"{"timestamp":"2026-01-05T08:08:59.579005+00:00","#)
    );
    let (least, greatest) = history.log.time_range().unwrap();
    assert_eq!(least.rfc3339(6), "2026-01-05T08:08:59.579005Z");
    assert_eq!(greatest.rfc3339(6), "2026-01-18T06:07:36.412936Z");
}

#[test]
fn compressed_payloads_give_their_time_and_their_data() {
    let history = read("stores/py-eventsourcing-dogschool-zlib.db");
    assert_eq!(
        (
            history.log.len(),
            history.log.streams().len(),
            history.n_snapshots
        ),
        (1500, 124, 230)
    );
    assert_eq!(history.log.n_untimed(), 0);
    assert!(
        event(&history, 0)
            .raw_data
            .bytes
            .unwrap()
            .starts_with(b"\x78")
    );
    assert!(data(&history, 0).starts_with("{\"timestamp\":\"2025-11-03T10:26:46.667416+00:00\""));
}

#[test]
fn a_store_without_a_row_opens() {
    let history = read("stores/py-eventsourcing-empty.db");
    assert_eq!((history.log.len(), history.about.n_records), (0, 0));
}

#[test]
fn ids_that_two_categories_share_are_different_streams() {
    let history = read("stores/rust-sqlite-es-bank.db");
    assert_eq!(
        (
            history.log.len(),
            history.log.streams().len(),
            history.n_snapshots
        ),
        (2153, 120, 26)
    );
    assert_eq!(history.log.streams_named("1000-NL").len(), 2);
    let account = history.log.find_stream("1000-NL", Some("account")).unwrap();
    let opened = history.log.events_of(account)[0];
    assert_eq!(
        data(&history, opened),
        r#"{"account_id":"1000-NL","owner":"Alan Turing"}"#
    );
    assert_eq!(
        event(&history, opened).user.as_deref(),
        Some("Grace Hopper")
    );
    assert!(kinds(&history).contains(&("wal-missing", "-wal")));
}

#[test]
fn a_store_of_emmett_gives_positions_causes_and_schema_versions() {
    let folder = tempfile::tempdir().unwrap();
    let packed = std::fs::File::open(fixture("stores/emmett-shopping-cart.db.gz")).unwrap();
    let path = folder.path().join("emmett.db");
    let mut unpacked = std::fs::File::create(&path).unwrap();
    std::io::copy(&mut flate2::read::GzDecoder::new(packed), &mut unpacked).unwrap();
    let history = read_path(&path).unwrap();
    assert_complete(&history);
    assert_eq!(
        (history.log.len(), history.log.streams().len()),
        (2500, 408)
    );
    let detail = event(&history, 0);
    assert!(detail.correlation.is_some() && detail.causation.is_some() && detail.id.is_some());
    assert_eq!(detail.source, "emt_messages rowid 1");
    assert_eq!(detail.schema_version.as_deref(), Some("0"));
}

#[test]
fn a_home_made_table_is_guessed_with_reasons() {
    let history = read("stores/diy-events-plain.db");
    assert_eq!(history.about.format, "guessed/sqlite");
    assert_eq!((history.log.len(), history.log.streams().len()), (700, 29));
    assert_eq!(
        categories(&history),
        BTreeMap::from([("course".to_owned(), 29)])
    );
    assert!(!history.about.guess.as_ref().unwrap().is_empty());
    let detail = event(&history, 0);
    assert_eq!(detail.user.as_deref(), Some("bob"));
    assert_eq!(
        detail.correlation.as_deref(),
        Some("855c3c27-8649-43c0-b7e9-842bc46c5ada")
    );
}

#[test]
fn what_is_no_event_store_is_refused_with_the_best_guess() {
    for name in [
        "not-an-event-store-calendar.db",
        "not-an-event-store-applog.db",
    ] {
        let sentence = refused(&format!("stores/{name}"));
        assert!(sentence.contains("best guess"), "{sentence}");
    }
}

#[test]
fn a_mapping_by_hand_opens_what_is_not_recognized() {
    let mapping = MappingOverride::parse(
        "[roles]\ntype = \"type\\n2\"\nversion = \"select\"\nid = { column = \"\" }\ntime = \"=cmd\"",
    );
    let options = OpenOptions {
        mapping: Some(mapping.unwrap()),
        ..OpenOptions::default()
    };
    let source = Source::File(fixture("nasty/sqlite_hostile_names.db"));
    let history = open(&source, &options, &Arc::default()).unwrap();
    assert_eq!(
        (history.log.len(), history.log.type_names().len()),
        (55, 11)
    );
    assert!(event(&history, 0).id.is_some() && history.log.n_untimed() == 0);
}

#[test]
fn an_unknown_format_is_refused_with_the_known_ones() {
    let options = OpenOptions {
        format: Some("x/y".to_owned()),
        ..OpenOptions::default()
    };
    let source = Source::File(fixture("logs/events.ndjson"));
    let sentence = open(&source, &options, &Arc::default())
        .unwrap_err()
        .to_string();
    assert!(sentence.contains("annals/exchange"), "{sentence}");
}

#[test]
fn the_sample_history_is_a_store_like_any_other() {
    let history = open_sample(&Arc::default()).unwrap();
    assert_complete(&history);
    assert_eq!(
        (history.log.len(), history.log.streams().len()),
        (4313, 674)
    );
    assert_eq!((history.n_snapshots, history.snapshots.len()), (32, 32));
    assert_eq!(history.about.name(), "Sample history");
    let order = history.log.find_stream("order-1220", None).unwrap();
    let placed = history.log.events_of(order)[0];
    assert_eq!(
        event(&history, placed).time.unwrap().0.rfc3339(3),
        "2023-02-01T09:14:22.118Z"
    );
    assert!(event(&history, placed).causation.is_some());
}

// Logs

#[test]
fn the_same_log_in_lines_in_an_array_and_packed_gives_the_same_events() {
    let [lines_of_it, array, packed] = ["events.ndjson", "events.json", "events.ndjson.gz"]
        .map(|name| read(&format!("logs/{name}")));
    assert_eq!(
        (lines_of_it.log.len(), lines_of_it.log.streams().len()),
        (55, 13)
    );
    for other in [&array, &packed] {
        assert_eq!(other.log.len(), 55);
        for position in 0..55 {
            let (mut a, mut b) = (event(&lines_of_it, position), event(other, position));
            assert_eq!(
                parse(a.data.json().unwrap().as_bytes()),
                parse(b.data.json().unwrap().as_bytes())
            );
            for detail in [&mut a, &mut b] {
                let unset = EventDetail::default();
                (detail.data, detail.raw_data) = (unset.data, unset.raw_data);
                (detail.metadata, detail.raw_metadata) = (unset.metadata, unset.raw_metadata);
                detail.source = String::new();
            }
            assert_eq!(a, b);
        }
    }
    assert_eq!(event(&lines_of_it, 11).source, "events.ndjson:12");
    assert_eq!(event(&array, 0).source, "events.json:5");
    assert_eq!(lines_of_it.log.version_base().unwrap().0, 1);
}

#[test]
fn numbers_leave_exactly_as_they_were_written() {
    let history = read("nasty/json_big_numbers.ndjson");
    let text = std::fs::read_to_string(fixture("nasty/json_big_numbers.ndjson")).unwrap();
    for (position, line) in (0..).zip(text.lines()) {
        let written = line
            .split_once("\"data\":")
            .unwrap()
            .1
            .strip_suffix('}')
            .unwrap();
        assert_eq!(data(&history, position), written);
    }
}

#[test]
fn what_events_prints_reads_back_as_the_same_events() {
    for name in [
        "stores/rust-sqlite-es-bank.db",
        "nasty/json_times.ndjson",
        "nasty/sqlite_invalid_utf8.db",
    ] {
        let printed = lines(&read(name), Shown::Presented);
        let again = read_text(printed.as_bytes()).unwrap();
        assert_eq!(again.about.format, "annals/exchange");
        let without_source = |text: &str| -> Vec<String> {
            text.lines()
                .map(|line| line.rsplit_once(",\"source\"").unwrap().0.to_owned())
                .collect()
        };
        assert_eq!(
            without_source(&lines(&again, Shown::Presented)),
            without_source(&printed),
            "{name}"
        );
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_not_matter() {
    let text = b"\xef\xbb\xbf{\"stream\":\"a-1\",\"type\":\"T\"}\r\n\r\n{\"stream\":\"a-1\",\"type\":\"U\"}\r\n";
    let history = read_text(text).unwrap();
    assert_eq!((history.log.len(), history.problems.total()), (2, 0));
    assert!(!history.log.has_versions());
    assert_eq!(event(&history, 1).source, "log.ndjson:3");
}

#[test]
fn a_document_is_searched_for_its_largest_array_of_objects() {
    let text = br#"{"meta":[{"a":1}],"page":{"events":[{"stream":"s","type":"A","data":[{}]},
        {"stream":"s","type":"B"}, 7]}}"#;
    let history = read_text(text).unwrap();
    assert_complete(&history);
    assert_eq!(history.log.len(), 2);
    assert_eq!(kinds(&history), [("not-an-object", "element 3")]);
}

// Damaged, hostile and misleading files

#[test]
fn files_that_cannot_be_read_are_named_for_what_they_are() {
    for (name, word) in [
        ("sqlite_zero_bytes.db", "empty"),
        ("sqlite_header_only.db", "cut off"),
        ("sqlite_truncated.db", "cut off"),
        ("sqlite_encrypted_sqlcipher4.db", "encrypted"),
        ("sqlite_view_endless.db", "views"),
        ("sqlite_view_cycle.db", "views"),
        ("lying_name_png.db", "PNG"),
        ("json_depth_100000.json", "at byte 10001"),
    ] {
        let sentence = refused(&format!("nasty/{name}"));
        assert!(sentence.contains(word), "{name}: {sentence}");
    }
}

#[test]
fn a_table_with_hostile_names_is_guessed_by_what_it_holds() {
    let history = read("nasty/sqlite_hostile_names.db");
    assert_eq!(
        (history.log.len(), history.log.type_names().len()),
        (55, 11)
    );
}

#[test]
fn folders_and_devices_are_refused_without_being_read() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(read_path(folder.path()), Err(Error::Folder)));
    assert!(matches!(
        read_path(&folder.path().join("nothing.db")),
        Err(Error::NotFound)
    ));
    #[cfg(unix)]
    {
        let link = folder.path().join("zero.db");
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        assert!(matches!(read_path(&link), Err(Error::Special("a device"))));
        let pipe = folder.path().join("pipe.db");
        let made = std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap();
        assert!(made.success() && matches!(read_path(&pipe), Err(Error::Special("a named pipe"))));
    }
}

#[test]
fn hostile_schemas_give_all_their_events_and_run_nothing() {
    for (name, n_events) in [
        ("sqlite_view_giant_values.db", 55),
        ("sqlite_schema_with_side_effects.db", 55),
        ("sqlite_unknown_virtual_table.db", 55),
        ("sqlite_unknown_collation.db", 55),
        ("sqlite_utf16.db", 55),
        ("sqlite_wal_flag_no_wal.db", 30),
        ("lying_name_sqlite.json", 20),
        ("sqlite_invalid_utf8.db", 5),
        ("sqlite_mixed_types.db", 9),
    ] {
        let history = read(&format!("nasty/{name}"));
        assert_eq!(history.log.len(), n_events, "{name}");
        assert_eq!(
            lines(&history, Shown::Stored).lines().count(),
            n_events,
            "{name}"
        );
    }
}

#[test]
fn a_damaged_table_is_read_from_both_ends_and_the_rest_is_named() {
    let history = read("nasty/sqlite_corrupt_leaf.db");
    assert_eq!(history.about.n_records, 440);
    assert!(history.log.len() >= 425 && history.log.len() < 440);
    let problem = &history.problems.items()[0];
    assert_eq!(
        (problem.kind.as_str(), problem.severity),
        ("damaged-store", Severity::Error)
    );
    assert!(problem.place.starts_with("rowid 24"), "{}", problem.place);
}

#[test]
fn bad_bytes_in_names_keep_streams_apart_and_are_shown() {
    let history = read("nasty/sqlite_invalid_utf8.db");
    assert!(history.log.find_stream("order-\u{0}\\xff", None).is_ok());
    assert_eq!(
        history
            .log
            .events_of(history.log.find_stream("order-1", None).unwrap())
            .len(),
        4
    );
    assert_eq!(
        event(&history, 4).raw_data.bytes.unwrap().as_ref(),
        b"\x00\x01\x02\x03\xff\xfe"
    );
}

#[test]
fn every_line_that_is_no_event_is_told_with_its_number() {
    let history = read("nasty/json_garbage_between.ndjson");
    assert_eq!(history.log.len(), 4);
    assert_eq!(
        kinds(&history),
        [
            ("not-json", "line 4"),
            ("not-an-event", "line 6"),
            ("not-an-object", "line 7"),
            ("not-an-object", "line 8"),
            ("not-json", "line 9"),
            ("not-json", "line 11"),
        ]
    );
    let cut = read("nasty/json_cut_off.ndjson");
    assert_eq!(
        (cut.log.len(), kinds(&cut)),
        (54, vec![("cut-off-line", "line 55")])
    );
    let not_json = read("nasty/json_nan_infinity.ndjson");
    assert_eq!(
        kinds(&not_json),
        [
            ("not-json", "line 1"),
            ("not-json", "line 2"),
            ("not-json", "line 3")
        ]
    );
}

/// How the record of a problem begins, as it is kept with it.
fn excerpt<'a>(history: &'a History, place: &str) -> Option<&'a str> {
    let mut items = history.problems.items().iter();
    items
        .find(|problem| problem.place == place)?
        .excerpt
        .as_deref()
}

#[test]
fn a_problem_shows_how_the_record_in_question_begins() {
    let good = b"{\"stream\":\"a-1\",\"type\":\"T\",\"data\":{},\"version\":1}\n".repeat(9);
    let damaged = b"{\"stream\":\"a-1\",\"type\":\"T\",\"data\":{},\"version\":\"x\\u0007y\"}\n  {\"note\":\"\x1b[2J\"}\n{\"a\":1}\nnot \xff\tjson\n{\"cut";
    let lines = [&good[..], damaged].concat();
    let history = read_text(&lines).unwrap();
    assert_complete(&history);
    assert_eq!(
        excerpt(&history, "line 10"),
        Some("x\\u0007y"),
        "the version"
    );
    assert_eq!(
        excerpt(&history, "line 11"),
        Some("{\"note\":\"\\u001b[2J\"}")
    );
    assert_eq!(excerpt(&history, "line 12"), Some("{\"a\":1}"));
    assert_eq!(excerpt(&history, "line 13"), Some("not \\xff\\u0009json"));
    assert_eq!(excerpt(&history, "line 14"), Some("{\"cut"));
    let array =
        read_text(b"[{\"stream\":\"a-1\",\"type\":\"T\",\"data\":{}},17,{\"b\":nan}]").unwrap();
    assert_eq!(excerpt(&array, "element 2"), Some("17"));
    assert_eq!(excerpt(&array, "element 3"), Some("{\"b\":nan}"));
}

#[test]
fn a_problem_of_a_row_shows_the_value_in_question() {
    let history = read("nasty/sqlite_mixed_types.db");
    let items = history.problems.items().iter();
    let excerpts = items.filter_map(|problem| Some((&*problem.kind, problem.excerpt.as_deref()?)));
    let excerpts: Vec<_> = excerpts
        .map(|(kind, text)| format!("{kind} {text:.20}"))
        .collect();
    assert_eq!(
        excerpts,
        [
            "unreadable-time 01/03/2024 08:00",
            "unreadable-time -62135596800",
            "unreadable-time inf",
            "unreadable-version 10000000000000000000",
            "unreadable-version x",
        ]
    );
}

#[test]
fn what_cannot_be_read_as_time_or_version_is_kept_as_text() {
    let times = read("nasty/json_times.ndjson");
    assert_eq!(times.log.len(), 14);
    assert_eq!(
        event(&times, 6).time_text.as_deref(),
        Some("2024-02-30T00:00:00Z")
    );
    assert!(kinds(&times).contains(&("time-without-zone", "the whole input")));
    let versions = read("nasty/json_versions.ndjson");
    assert_eq!(versions.log.len(), 10);
    assert_eq!(event(&versions, 7).version_text.as_deref(), Some("007"));
    assert!(kinds(&versions).contains(&("unreadable-version", "line 5")));
}

#[test]
fn deep_payloads_duplicate_keys_and_odd_names_are_plain_data() {
    assert_eq!(read("nasty/json_depth_in_payload.ndjson").log.len(), 3);
    let twice = read("nasty/json_duplicate_keys.ndjson");
    assert!(kinds(&twice).contains(&("duplicate-key", "line 2")));
    assert_eq!(data(&twice, 1), r#"{"x":{"k":1,"k":2}}"#);
    let odd = read("nasty/json_prototype_keys.ndjson");
    assert!(odd.log.find_stream("__proto__", None).is_ok());
}

#[test]
fn bad_bytes_in_a_log_are_kept_and_told() {
    let history = read("nasty/json_invalid_utf8.ndjson");
    assert_eq!(history.log.len(), 6);
    assert_eq!(
        event(&history, 1).raw_data.bytes.unwrap().as_ref(),
        b"{\"v\":\"\xff\xfe\x80\"}"
    );
    assert!(kinds(&history).contains(&("invalid-utf8", "line 2")));
}

#[test]
fn an_array_that_is_cut_off_gives_its_complete_elements() {
    let history = read("nasty/json_array_cut_off.json");
    assert_eq!(history.log.len(), 52);
    assert_eq!(
        kinds(&history),
        [
            ("cut-off-line", "element 53"),
            ("cut-off-array", "element 53")
        ]
    );
}

#[test]
fn a_line_beyond_reason_is_left_out_while_unpacking() {
    let history = read("nasty/bomb_one_line_512mib.ndjson.gz");
    assert_eq!(history.log.len(), 2);
    assert_eq!(kinds(&history), [("line-too-long", "line 2")]);
}

// Evidence

#[test]
fn nothing_changes_and_nothing_is_left_beside_what_was_opened() {
    for (names, n_events, kind) in [
        (&["stores/rust-sqlite-es-bank.db"][..], 2153, "wal-missing"),
        (&["nasty/sqlite_wal_flag_no_wal.db"], 30, "wal-missing"),
        (
            &[
                "nasty/sqlite_wal_beside/shop.db",
                "nasty/sqlite_wal_beside/shop.db-wal",
            ],
            55,
            "wal-used",
        ),
        (
            &[
                "nasty/sqlite_hot_journal/shop.db",
                "nasty/sqlite_hot_journal/shop.db-journal",
            ],
            440,
            "hot-journal",
        ),
    ] {
        let folder = folder_with(names);
        let before = digests(folder.path());
        let set_readonly = |is_readonly| {
            let mut permissions = std::fs::metadata(folder.path()).unwrap().permissions();
            permissions.set_readonly(is_readonly);
            std::fs::set_permissions(folder.path(), permissions).unwrap();
        };
        set_readonly(true);
        let path = folder.path().join(Path::new(names[0]).file_name().unwrap());
        let history = read_path(&path).unwrap();
        assert_complete(&history);
        assert_eq!(lines(&history, Shown::Stored).lines().count(), n_events);
        assert!(
            kinds(&history).iter().any(|(found, _)| *found == kind),
            "{:?}",
            kinds(&history)
        );
        assert!(
            history
                .log
                .type_names()
                .iter()
                .all(|name| &**name != "HALF")
        );
        drop(history);
        set_readonly(false);
        assert_eq!(digests(folder.path()), before);
    }
}

#[test]
fn a_log_of_another_database_beside_the_file_is_ignored_and_told() {
    let folder = folder_with(&["stores/diy-events-plain.db"]);
    let wal = folder.path().join("diy-events-plain.db-wal");
    std::fs::copy(fixture("nasty/sqlite_wal_beside/shop.db-wal"), wal).unwrap();
    let before = digests(folder.path());
    let history = read_path(&folder.path().join("diy-events-plain.db")).unwrap();
    assert_eq!(
        (history.log.len(), kinds(&history)),
        (700, vec![("stray-wal", "-wal")])
    );
    assert_eq!(history.about.files.len(), 2);
    assert_eq!(digests(folder.path()), before);
}

#[test]
fn files_and_their_digests_are_listed_as_evidence() {
    let files = files_of(&fixture("nasty/sqlite_wal_beside/shop.db")).unwrap();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["shop.db", "shop.db-wal"]);
    let digest = hash_file(&fixture("logs/events.ndjson"), &Progress::default()).unwrap();
    assert_eq!(
        digest,
        "a9525d1fedf7fa70c14e0b021cbb06b3dc04c442af1761272ab15af5efd12171"
    );
    let stopped = Progress::default();
    stopped.cancel();
    assert!(matches!(
        hash_file(&fixture("logs/events.json"), &stopped),
        Err(Error::Cancelled)
    ));
}

#[test]
fn a_name_that_is_hard_to_write_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("50% of?all #1 ü.db");
    std::fs::copy(fixture("stores/diy-events-plain.db"), &path).unwrap();
    assert_eq!(read_path(&path).unwrap().log.len(), 700);
    let deep = (0..4).fold(folder.path().to_owned(), |path, _| {
        path.join("d".repeat(200))
    });
    std::fs::create_dir_all(&deep).unwrap();
    std::fs::copy(fixture("stores/diy-events-plain.db"), deep.join("s.db")).unwrap();
    assert_eq!(read_path(&deep.join("s.db")).unwrap().log.len(), 700);
}

// The loop

#[test]
fn reading_can_be_stopped_and_says_how_far_it_came() {
    let progress = Arc::new(Progress::default());
    progress.cancel();
    let source = Source::File(fixture("stores/rust-sqlite-es-bank.db"));
    assert!(matches!(
        open(&source, &OpenOptions::default(), &progress),
        Err(Error::Cancelled)
    ));
    let progress = Arc::new(Progress::default());
    let source = Source::File(fixture("logs/events.ndjson"));
    open(&source, &OpenOptions::default(), &progress).unwrap();
    assert_eq!(
        (progress.done(), progress.total(), progress.events()),
        (23_832, 23_832, 55)
    );
}

#[test]
fn what_has_been_read_so_far_can_be_looked_at() {
    let mut pages = Vec::new();
    let source = Source::File(fixture("stores/rust-sqlite-es-bank.db"));
    let mut publish = |history: Arc<History>| {
        let last = history.log.last().unwrap();
        assert!(
            history
                .reader
                .read_one(history.log.place(last), Want::Data)
                .is_ok()
        );
        pages.push((history.log.len(), history.is_complete));
    };
    let whole = open_publishing(
        &source,
        &OpenOptions::default(),
        &Arc::default(),
        &mut publish,
    )
    .unwrap();
    assert_eq!(pages.first(), Some(&(1024, false)));
    assert!(whole.is_complete);
}

#[test]
fn rows_of_a_table_without_row_ids_are_found_again() {
    let mut sql = "CREATE TABLE events (stream_id TEXT, version INTEGER, type TEXT, data TEXT, \
                   PRIMARY KEY (stream_id, version)) WITHOUT ROWID;"
        .to_owned();
    for n in 0..300 {
        write!(
            sql,
            "INSERT INTO events VALUES ('s-{}', {}, 'T', '{{\"n\":{n}}}');",
            n % 7,
            n / 7
        )
        .unwrap();
    }
    let source = Source::Script {
        name: "made".to_owned(),
        sql,
    };
    let history = open(&source, &OpenOptions::default(), &Arc::default()).unwrap();
    assert_complete(&history);
    for position in [0, 63, 64, 65, 299, 128].map(Position) {
        let detail = history
            .reader
            .read_one(history.log.place(position), Want::All)
            .unwrap();
        let number = history
            .log
            .stream_name(history.log.stream(position))
            .strip_prefix("s-")
            .unwrap();
        let version = history.log.version(position).unwrap().0;
        let n = version * 7 + number.parse::<i64>().unwrap();
        assert_eq!(detail.data.json(), Some(format!("{{\"n\":{n}}}").as_str()));
    }
}

#[test]
fn every_format_reads_its_own_samples() {
    let mut wrong = Vec::new();
    for format in all_formats() {
        assert!(!format.sample.is_empty(), "{} has no sample", format.id);
        for (number, sample) in format.sample.iter().enumerate() {
            let place = format!("{} sample {number}", format.id);
            if let Err(why) = sample_reads(&format.id, sample) {
                wrong.push(format!("{place}: {why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_of_formats_is_in_the_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/formats");
    let n_files = std::fs::read_dir(folder).unwrap().count();
    assert_eq!(all_formats().len(), n_files);
    let ids = all_formats().iter().map(|format| format.id.as_str());
    let ids: std::collections::BTreeSet<&str> = ids.collect();
    assert_eq!(ids.len(), n_files, "two formats have the same id");
}

/// The saved states of a format's first sample: stream and version.
fn marks_of(id: &str) -> Vec<(String, i64)> {
    let format = all_formats().iter().find(|format| format.id == id).unwrap();
    let history = open_sample_of(&format.sample[0]).unwrap();
    let marks = history.snapshots.iter().map(|mark| {
        let stream = history.log.stream_name(mark.stream).to_owned();
        (stream, mark.version.0)
    });
    marks.collect()
}

#[test]
fn a_saved_state_stands_after_the_last_event_in_it() {
    // Sequent numbers it as the event that follows.
    assert_eq!(marks_of("sequent/sqlite"), [("b".to_owned(), 2)]);
    assert_eq!(marks_of("fossic/sqlite"), [("rooms/12@try".to_owned(), 1)]);
}

#[test]
fn a_saved_state_finds_its_stream_in_a_joined_table() {
    let marks = marks_of("event-sourcery/sqlite");
    let unnamed = "11111111111111111111111111111111".to_owned();
    assert_eq!(marks, [("shelf@eu".to_owned(), 1), (unnamed, 2)]);
}

fn open_sample_of(sample: &Sample) -> Result<Arc<History>, Error> {
    let name = "sample".to_owned();
    let source = if sample.sql.is_empty() {
        let bytes = sample.text.as_bytes().into();
        Source::Text { name, bytes }
    } else {
        let sql = sample.sql.clone();
        Source::Script { name, sql }
    };
    open(&source, &OpenOptions::default(), &Arc::default())
}

/// Whether a sample opens as its format and gives what it says; the error says what differs.
fn sample_reads(format: &str, sample: &Sample) -> Result<(), String> {
    let history = open_sample_of(sample).map_err(|error| error.to_string())?;
    assert_complete(&history);
    if history.about.format != format {
        return Err(format!("opens as {}", history.about.format));
    }
    if history.n_snapshots != sample.snapshots {
        return Err(format!("{} snapshots", history.n_snapshots));
    }
    let consumers: Vec<String> = history.consumers.iter().map(consumer_line).collect();
    if !sample.consumers.is_empty() && consumers != sample.consumers {
        return Err(format!("consumers {consumers:?}"));
    }
    let found = lines(&history, Shown::Presented);
    let expected = sample.events.lines().filter(|line| !line.is_empty());
    if found.lines().count() != expected.clone().count() {
        return Err(format!("{} events", found.lines().count()));
    }
    let mut pairs = found.lines().zip(expected);
    pairs.try_for_each(|(found, expected)| holds(found, expected))
}

fn consumer_line(consumer: &Consumer) -> String {
    let mut line = format!("{} at {}", consumer.name, consumer.position);
    if let Some(behind) = consumer.behind {
        write!(line, ", {behind} behind").unwrap();
    }
    line
}

/// Whether a line has all that is expected of it.
fn holds(found: &str, expected: &str) -> Result<(), String> {
    let read = |text: &str| match parse(text.as_bytes()) {
        Ok(Json::Object(object)) => Ok(object),
        _ => Err(format!("{text} is no object")),
    };
    let (found, expected) = (read(found)?, read(expected)?);
    for (key, value) in expected.iter() {
        if found.get(key) != Some(value) {
            let found = found.get(key);
            return Err(format!("{key} is {found:?} instead of {value:?}"));
        }
    }
    Ok(())
}

/// A line of a log: an event, something else, or nothing.
fn any_line() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => ("[a-c]-[0-9]", 0..9_i64, "[A-C]").prop_map(|(stream, version, kind)| {
            format!(r#"{{"stream":"{stream}","version":{version},"type":"{kind}","data":{{"v":{version}}}}}"#)
        }),
        1 => "[ -~]{0,12}",
        1 => Just(r#"{"level":"info"}"#.to_owned()),
        1 => Just(r#"{"stream":null,"type":"A"}"#.to_owned()),
        1 => Just(r#"{"stream":"a","type":"A","data":{"v":"#.to_owned()),
        1 => Just(String::new()),
    ]
}

proptest! {
    #[test]
    fn no_line_is_lost_between_records_and_events_and_problems(lines in proptest::collection::vec(any_line(), 1..60)) {
        let n_lines = lines.iter().filter(|line| !line.trim().is_empty()).count() as u64;
        if let Ok(history) = read_text(lines.join("\n").as_bytes()) {
            prop_assert_eq!(history.log.len() as u64 + history.problems.records_lost(), history.about.n_records);
            if history.about.container == "ndjson" {
                prop_assert_eq!(history.about.n_records, n_lines);
            }
            for position in 0..u32::try_from(history.log.len()).unwrap() {
                prop_assert!(history.reader.read_one(history.log.place(Position(position)), Want::All).is_ok());
            }
        }
    }

    #[test]
    fn no_bytes_make_it_stop(bytes in proptest::collection::vec(any::<u8>(), 0..400), start in 0..3_usize) {
        let starts: [&[u8]; 3] = [b"", b"[{\"stream\":\"a\",\"type\":\"b\"},", b"\x1f\x8b\x08\x00\x00\x00\x00\x00"];
        let text = [starts[start], bytes.as_slice()].concat();
        read_text(&text).ok();
    }
}
