//! Tables of unknown stores: which open without a question, which are refused, and why.
#![expect(clippy::unwrap_used, reason = "a test may stop")]
#![expect(clippy::too_many_lines, reason = "lists of tables, one after another")]

#[path = "guess/story.rs"]
mod story;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use annals::event::{Position, TimeUnit, Want};
use annals::source::{
    Error, Field, MappingOverride, OpenOptions, ReadAs, Role, Source, TableKind, TableRole, Tried,
    judge, survey,
};
use story::{
    Told, assert_guessed, assert_opens, field, guessed, maybe, refused, store, story, surveyed,
    table, text,
};

fn fixture(name: &str) -> Source {
    let stores = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/stores");
    Source::File(stores.join(name))
}

fn number(number: i64) -> String {
    number.to_string()
}

// Without names

/// Six columns of meaningless names in an order; what each holds is known by its letter.
fn nameless(order: &str, values: impl Fn(&Told, char) -> String) -> String {
    let names: Vec<String> = order.chars().map(|c| format!("x{c}")).collect();
    let ddl = format!("CREATE TABLE t({})", names.join(","));
    table(&ddl, "t", |told| {
        order.chars().map(|c| values(told, c)).collect()
    })
}

/// a stream, b counter, c type, d time, e JSON, f position, g user, h id, i cause, j undertaking.
fn plain(told: &Told, column: char) -> String {
    match column {
        'a' => text(told.stream_id()),
        'b' => number(told.version),
        'c' => text(told.event_type),
        'd' => text(told.time()),
        'e' => text(&told.data),
        'f' => number(told.n),
        'g' => text(told.user),
        'h' => text(told.id()),
        'i' => maybe(told.causation()),
        _ => text(told.correlation()),
    }
}

#[track_caller]
fn assert_by_values(sql: &str, wanted: &[(Role, &str)]) {
    let found = surveyed(sql);
    for (role, expected) in wanted {
        let place = field(&found, *role);
        assert_eq!(
            place.as_deref(),
            Some(*expected),
            "{role:?} {:#?}",
            found.tables
        );
    }
}

const BY_VALUES: &[(Role, &str)] = &[
    (Role::Stream, "xa"),
    (Role::Version, "xb"),
    (Role::Type, "xc"),
    (Role::Time, "xd"),
    (Role::Data, "xe"),
];

#[test]
fn names_that_say_nothing_are_made_up_for_by_values_whatever_their_order() {
    for order in ["abcdef", "fedcba", "cafebd", "ebdfac", "bacfed"] {
        assert_by_values(&nameless(order, plain), BY_VALUES);
        assert_opens(&nameless(order, plain), 11);
    }
}

#[test]
fn streams_may_be_numbers_and_versions_begin_at_zero() {
    let sql = nameless("febadc", |told, column| match column {
        'a' => number(told.stream * 17),
        'b' => number(told.version - 1),
        'd' => number(told.millis),
        _ => plain(told, column),
    });
    assert_by_values(&sql, BY_VALUES);
}

#[test]
fn times_may_be_counted_in_any_unit() {
    let julian = |millis: i64| format!("{}", 2_440_587.5 + millis as f64 / 86_400_000.0);
    let ticks = |millis: i64| number(621_355_968_000_000_000 + millis * 10_000);
    let micros = |millis: i64| number(millis * 1000 + 17);
    let seconds = |millis: i64| format!("{}.25", millis / 1000);
    let units: [(&dyn Fn(i64) -> String, TimeUnit); 4] = [
        (&julian, TimeUnit::Julian),
        (&ticks, TimeUnit::Ticks),
        (&micros, TimeUnit::Us),
        (&seconds, TimeUnit::S),
    ];
    for (write, unit) in units {
        let sql = nameless("feabdc", |told, column| match column {
            'd' => write(told.millis),
            _ => plain(told, column),
        });
        assert_by_values(&sql, BY_VALUES);
        let found = surveyed(&sql);
        let time = found.chosen_table().unwrap().guess(Role::Time).unwrap();
        assert_eq!(time.read_as, ReadAs::Time(unit));
        let opened = annals::ingest::open(&store(&sql), &OpenOptions::default(), &Arc::default());
        let first = opened.unwrap().log.time(Position(0)).unwrap();
        assert_eq!(first.date_time(' ', 0), story()[0].time());
    }
}

#[test]
fn ids_causes_and_undertakings_are_found_by_how_they_go_together() {
    let sql = nameless("jihgabcde", plain);
    assert_by_values(&sql, BY_VALUES);
    assert_by_values(
        &sql,
        &[
            (Role::Id, "xh"),
            (Role::Causation, "xi"),
            (Role::Correlation, "xj"),
        ],
    );
}

#[test]
fn a_column_more_changes_nothing_about_the_others() {
    let before = surveyed(&nameless("abcdef", plain));
    let more = |extra: fn(&Told) -> String| {
        nameless("abczdef", move |told, column| match column {
            'z' => extra(told),
            _ => plain(told, column),
        })
    };
    for sql in [
        more(|told| text(told.user)),
        more(|_| "0".to_owned()),
        more(|told| number(told.n % 7)),
        more(|_| "NULL".to_owned()),
        more(|told| {
            text(format!(
                "a sentence about {} and more words, of event {}.",
                told.user, told.n
            ))
        }),
    ] {
        let after = surveyed(&sql);
        for (role, _) in BY_VALUES {
            assert_eq!(field(&before, *role), field(&after, *role));
        }
        assert_eq!(field(&after, Role::Position).as_deref(), Some("xf"));
    }
}

#[test]
fn streams_that_only_category_and_id_together_tell_apart_are_the_pair() {
    let versions = |told: &Told| {
        let same =
            |other: &Told| other.kind() == told.kind() && other.stream % 4 == told.stream % 4;
        let earlier = story()
            .into_iter()
            .filter(|other| other.n <= told.n && same(other));
        i64::try_from(earlier.count()).unwrap()
    };
    let sql = table(
        "CREATE TABLE t(kind TEXT, nr INTEGER, v INTEGER, what TEXT, at TEXT, body TEXT)",
        "t",
        |told| {
            vec![
                text(told.kind()),
                number(told.stream % 4),
                number(versions(told)),
                text(told.event_type),
                text(told.time()),
                text(&told.data),
            ]
        },
    );
    assert_guessed(
        &sql,
        "stream=nr category=kind version=v type=what time=at data=body",
    );
    let opened = annals::ingest::open(&store(&sql), &OpenOptions::default(), &Arc::default());
    assert!(opened.unwrap().log.streams().len() > 4);
}

// Home-made tables with usual names

#[test]
fn home_made_tables_with_usual_names_open_without_a_question() {
    for (ddl, into, row) in usual() {
        assert_opens(&table(ddl, into, row), 11);
    }
}

type Row = fn(&Told) -> Vec<String>;

/// Ten schemas with usual names, and how a row of the story stands in each.
fn usual() -> Vec<(&'static str, &'static str, Row)> {
    vec![
        (
            "CREATE TABLE event_log(seq INTEGER PRIMARY KEY, entity TEXT, rev INTEGER, event TEXT, body TEXT, ts INTEGER)",
            "event_log",
            |t| {
                vec![
                    number(t.n),
                    text(format!("account/{}", t.stream)),
                    number(t.version),
                    text(t.event_type),
                    text(&t.data),
                    number(t.millis / 1000),
                ]
            },
        ),
        (
            "CREATE TABLE account_events(id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, event_type TEXT, payload TEXT, created_at TEXT)",
            "account_events",
            |t| {
                vec![
                    number(t.n),
                    number(t.stream),
                    text(t.event_type),
                    text(&t.data),
                    text(t.time()),
                ]
            },
        ),
        (
            "CREATE TABLE domain_events(event_id TEXT PRIMARY KEY, aggregate_type TEXT, aggregate_id TEXT, aggregate_version INTEGER, event_name TEXT, event_body BLOB, occurred_at TEXT, user_id TEXT)",
            "domain_events",
            |t| {
                vec![
                    text(t.id()),
                    text(t.kind()),
                    text(t.stream_id()),
                    number(t.version),
                    text(t.event_type),
                    format!("CAST({} AS BLOB)", text(&t.data)),
                    text(t.time()),
                    text(t.user),
                ]
            },
        ),
        (
            "CREATE TABLE journal(no INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT, pos INTEGER, type TEXT, json TEXT, meta TEXT, at REAL)",
            "journal",
            |t| {
                vec![
                    number(t.n),
                    text(format!("acc-{}", t.stream)),
                    number(t.version - 1),
                    text(t.event_type),
                    text(&t.data),
                    text(t.meta()),
                    format!("{}.5", t.millis / 1000),
                ]
            },
        ),
        (
            "CREATE TABLE Events(Id TEXT, StreamId TEXT, Version INTEGER, Type TEXT, Data TEXT, Metadata TEXT, Created TEXT, PRIMARY KEY(StreamId, Version)) WITHOUT ROWID",
            "Events",
            |t| {
                vec![
                    text(t.id()),
                    text(t.stream_id()),
                    number(t.version),
                    text(t.event_type),
                    text(&t.data),
                    text(t.meta()),
                    text(t.time()),
                ]
            },
        ),
        (
            "CREATE TABLE facts(tx INTEGER, subject TEXT, predicate TEXT, value TEXT, at INTEGER)",
            "facts",
            |t| {
                vec![
                    number(t.version),
                    text(t.stream_id()),
                    text(t.event_type),
                    text(&t.data),
                    number(t.millis),
                ]
            },
        ),
        (
            "CREATE TABLE ledger_entries(entry_no INTEGER PRIMARY KEY, wallet TEXT, seq_no INTEGER, entry_type TEXT, details TEXT, booked_at TEXT)",
            "ledger_entries",
            |t| {
                vec![
                    number(t.n),
                    text(format!("w{}", t.stream)),
                    number(t.version),
                    text(t.event_type),
                    text(&t.data),
                    text(t.time()),
                ]
            },
        ),
        (
            "CREATE TABLE messages(global_pos INTEGER PRIMARY KEY, stream_name TEXT, stream_pos INTEGER, msg_type TEXT, msg_data TEXT, msg_meta TEXT, recorded TEXT)",
            "messages",
            |t| {
                vec![
                    number(t.n),
                    text(format!("account-{}", t.stream)),
                    number(t.version),
                    text(t.event_type),
                    text(&t.data),
                    text(t.meta()),
                    text(t.time()),
                ]
            },
        ),
        (
            "CREATE TABLE changes(change_id TEXT, document_id TEXT, document_version INTEGER, change_type TEXT, change TEXT, author TEXT, timestamp INTEGER)",
            "changes",
            |t| {
                vec![
                    text(t.id()),
                    text(t.stream_id()),
                    number(t.version),
                    text(t.event_type),
                    text(&t.data),
                    text(t.user),
                    number(t.millis * 1000),
                ]
            },
        ),
        (
            "CREATE TABLE event_store(position INTEGER PRIMARY KEY, event TEXT NOT NULL)",
            "event_store",
            |t| {
                vec![
                    number(t.n),
                    text(format!(
                        r#"{{"eventId":"{}","type":"{}","aggregateId":"{}","version":{},"timestamp":"{}","data":{}}}"#,
                        t.id(),
                        t.event_type,
                        t.stream_id(),
                        t.version,
                        t.time(),
                        t.data
                    )),
                ]
            },
        ),
    ]
}

#[test]
fn each_of_them_is_guessed_right() {
    let expected = [
        "stream=entity version=rev type=event time=ts data=body position=seq",
        "stream=account_id type=event_type time=created_at data=payload position=id",
        "stream=aggregate_id category=aggregate_type version=aggregate_version type=event_name id=event_id time=occurred_at data=event_body user=user_id",
        "stream=stream version=pos type=type time=at data=json metadata=meta position=no",
        "stream=StreamId version=Version type=Type id=Id time=Created data=Data metadata=Metadata",
        "stream=subject version=tx type=predicate time=at data=value",
        "stream=wallet version=seq_no type=entry_type time=booked_at data=details position=entry_no",
        "stream=stream_name version=stream_pos type=msg_type time=recorded data=msg_data metadata=msg_meta position=global_pos",
        "stream=document_id version=document_version type=change_type id=change_id time=timestamp data=change user=author",
        "stream=event/aggregateId version=event/version type=event/type id=event/eventId time=event/timestamp data=event/data position=position",
    ];
    for ((ddl, into, row), expected) in usual().into_iter().zip(expected) {
        assert_guessed(&table(ddl, into, row), expected);
    }
}

#[test]
fn tables_of_one_shape_are_one_history_with_categories_by_their_names() {
    let one = |subject: &str, kinds: i64| {
        let name = format!("{subject}Events");
        let ddl = format!(
            "CREATE TABLE {name}(\"eventNo\" INTEGER PRIMARY KEY AUTOINCREMENT, \"{subject}Id\" TEXT NOT NULL, \"seqNo\" INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, \"by\" TEXT, at INTEGER NOT NULL)"
        );
        table(&ddl, &name, |told| {
            let millis = told.millis + kinds;
            vec![
                number(told.n),
                text(told.stream_id()),
                number(told.version),
                text(told.event_type),
                text(&told.data),
                text(told.user),
                number(millis),
            ]
        })
    };
    let sql = format!(
        "{} {} CREATE TABLE rooms(\"roomId\" TEXT PRIMARY KEY, number TEXT, guest TEXT, \"lastSeq\" INTEGER);",
        one("room", 0),
        one("guest", 500)
    );
    assert_guessed(
        &sql,
        "stream=guestId version=seqNo type=kind time=at data=body position=eventNo user=by",
    );
    let history =
        annals::ingest::open(&store(&sql), &OpenOptions::default(), &Arc::default()).unwrap();
    assert_eq!((history.log.len(), history.log.streams().len()), (180, 22));
    let place = history.log.place(Position(0));
    let first = history.reader.read_one(place, Want::All).unwrap();
    let by = format!("{{\"by\":\"{}\"}}", story()[0].user);
    assert_eq!(first.metadata.json(), Some(by.as_str()));
    let categories: std::collections::BTreeSet<&str> = history
        .log
        .streams()
        .map(|stream| history.log.category_of(stream))
        .collect();
    assert_eq!(
        categories.into_iter().collect::<Vec<_>>(),
        ["guest", "room"]
    );
}

// Tables of public repositories

#[test]
fn home_made_tables_of_public_repositories_are_guessed_right() {
    for (ddl, into, row, expected) in public() {
        let sql = table(ddl, into, row);
        assert_guessed(&sql, expected);
        assert_opens(&sql, 11);
    }
}

type Public = (&'static str, &'static str, Row, &'static str);

fn public() -> Vec<Public> {
    vec![
        (
            "CREATE TABLE events(id TEXT PRIMARY KEY, aggregate_id TEXT, generation INTEGER, created_at TEXT, type TEXT, data TEXT)",
            "events",
            |t| {
                vec![
                    text(t.id()),
                    text(t.stream_id()),
                    number(t.version),
                    text(t.time()),
                    text(t.event_type),
                    text(&t.data),
                ]
            },
            "stream=aggregate_id version=generation type=type id=id time=created_at data=data",
        ),
        (
            "CREATE TABLE events(id text PRIMARY KEY, createdAt text DEFAULT CURRENT_TIMESTAMP, name text, stream text, version integer, payload text)",
            "events",
            |t| {
                vec![
                    text(t.id()),
                    text(t.time()),
                    text(t.event_type),
                    text(format!("acc_{}", t.stream)),
                    number(t.version),
                    text(&t.data),
                ]
            },
            "stream=stream version=version type=name id=id time=createdAt data=payload",
        ),
        (
            "CREATE TABLE events(id INTEGER PRIMARY KEY AUTOINCREMENT, correlation_id TEXT, causation_id TEXT, event TEXT, metadata TEXT, created_at TEXT, stream TEXT)",
            "events",
            |t| {
                vec![
                    number(t.n),
                    text(t.correlation()),
                    maybe(t.causation()),
                    text(t.event_type),
                    text(&t.data),
                    text(t.time()),
                    text(format!("acc-{}", t.stream)),
                ]
            },
            "stream=stream type=event time=created_at metadata=metadata position=id correlation=correlation_id causation=causation_id",
        ),
        (
            "CREATE TABLE event(id TEXT PRIMARY KEY, name TEXT, aggregate TEXT, version INTEGER, data BLOB, metadata BLOB, topic TEXT, tenant TEXT, timestamp INTEGER DEFAULT (strftime('%s','now')))",
            "event",
            |t| {
                vec![
                    text(t.id()),
                    text(t.event_type),
                    text(format!("account/{}", t.stream)),
                    number(t.version),
                    format!("x'0a{:02x}ff00{:02x}'", t.n, t.version),
                    format!("x'00ff{:02x}'", t.n),
                    text("bank"),
                    text("eu"),
                    number(t.millis / 1000),
                ]
            },
            "stream=aggregate version=version type=name id=id time=timestamp data=data metadata=metadata",
        ),
        (
            "CREATE TABLE events(id TEXT PRIMARY KEY, aggregate_id TEXT, event_type TEXT, payload TEXT, version INTEGER, timestamp REAL); CREATE TABLE snapshots(aggregate_id TEXT PRIMARY KEY, state TEXT, version INTEGER, timestamp REAL)",
            "events",
            |t| {
                vec![
                    text(t.id()),
                    text(t.stream_id()),
                    text(t.event_type),
                    text(&t.data),
                    number(t.version),
                    format!("{}.25", t.millis / 1000),
                ]
            },
            "stream=aggregate_id version=version type=event_type id=id time=timestamp data=payload",
        ),
        (
            "CREATE TABLE events(sequence_number INTEGER PRIMARY KEY AUTOINCREMENT, workflow_id TEXT, event_id TEXT UNIQUE, event_type TEXT, timestamp TEXT, data JSON); CREATE TABLE snapshots(workflow_id TEXT PRIMARY KEY, sequence_number INTEGER, state TEXT, created_at TEXT)",
            "events",
            |t| {
                vec![
                    number(t.n),
                    text(t.stream_id()),
                    text(t.id()),
                    text(t.event_type),
                    text(t.time()),
                    text(&t.data),
                ]
            },
            "stream=workflow_id type=event_type id=event_id time=timestamp data=data position=sequence_number",
        ),
        (
            "CREATE TABLE events(sequence_num INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, data TEXT)",
            "events",
            |t| {
                vec![
                    number(t.n),
                    text(t.id()),
                    text(format!(
                        r#"{{"event/type":"{}","todo/id":"{}","event/at":"{}","todo/text":"x"}}"#,
                        t.event_type,
                        t.stream_id(),
                        t.time()
                    )),
                ]
            },
            "stream=data/\"todo/id\" type=data/\"event/type\" id=id time=data/\"event/at\" data=data position=sequence_num",
        ),
        (
            "CREATE TABLE domain_event(eventIdentifier TEXT, aggregateIdentifier TEXT, eventSequenceNumber INTEGER, payload TEXT, payload_type TEXT, time_stamp TEXT)",
            "domain_event",
            |t| {
                vec![
                    text(t.id()),
                    text(t.stream_id()),
                    number(t.version - 1),
                    text(&t.data),
                    text(format!("bank.{}", t.event_type)),
                    text(t.time()),
                ]
            },
            "stream=aggregateIdentifier version=eventSequenceNumber type=payload_type id=eventIdentifier time=time_stamp data=payload",
        ),
        (
            "CREATE TABLE aggregate_events(id INTEGER PRIMARY KEY, aggregate_id BLOB, aggregate_type TEXT, aggregate_version INTEGER, event_type TEXT, event_data BLOB, occurred_at DATE, created_at TEXT)",
            "aggregate_events",
            |t| {
                vec![
                    number(t.n),
                    format!("x'{:032x}'", t.stream * 1_000_003),
                    text(t.kind()),
                    number(t.version),
                    text(t.event_type),
                    format!("CAST({} AS BLOB)", text(&t.data)),
                    text(t.time()),
                    text(t.time()),
                ]
            },
            "stream=aggregate_id category=aggregate_type version=aggregate_version type=event_type time=created_at occurred=occurred_at data=event_data position=id",
        ),
        (
            "CREATE TABLE events(seq INTEGER, id BLOB NOT NULL, stream_id BLOB NOT NULL, version INTEGER NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY(seq), UNIQUE(id), UNIQUE(stream_id, version)) STRICT",
            "events",
            |t| {
                vec![
                    number(t.n),
                    format!("x'{:032x}'", t.n * 7_919),
                    format!("x'{:032x}'", t.stream * 1_000_003),
                    number(t.version),
                    text(t.event_type),
                    text(&t.data),
                ]
            },
            "stream=stream_id version=version type=type id=id data=data position=seq",
        ),
        (
            "CREATE TABLE events(sequence_id INTEGER PRIMARY KEY, event_id TEXT, aggregate_type TEXT, aggregate_id TEXT, aggregate_version INTEGER, type TEXT, payload BLOB CHECK (json_valid(payload)), occurred_at TEXT, stream_id TEXT GENERATED ALWAYS AS (aggregate_type || ':' || aggregate_id) STORED)",
            "events(sequence_id, event_id, aggregate_type, aggregate_id, aggregate_version, type, payload, occurred_at)",
            |t| {
                vec![
                    number(t.n),
                    text(t.id()),
                    text(t.kind()),
                    text(t.stream_id()),
                    number(t.version),
                    text(t.event_type),
                    text(&t.data),
                    text(t.time()),
                ]
            },
            "stream=aggregate_id category=aggregate_type version=aggregate_version type=type id=event_id time=occurred_at data=payload position=sequence_id",
        ),
        (
            "CREATE TABLE events(sequence_id INTEGER PRIMARY KEY, event_id TEXT, aggregate TEXT, aggregate_version INTEGER, type TEXT, payload JSON, occurred_at TEXT)",
            "events",
            |t| {
                vec![
                    number(t.n),
                    text(t.id()),
                    text(format!("item:{}", t.stream)),
                    number(t.version),
                    text(t.event_type),
                    text(&t.data),
                    text(t.time()),
                ]
            },
            "stream=aggregate version=aggregate_version type=type id=event_id time=occurred_at data=payload position=sequence_id",
        ),
        (
            "CREATE TABLE event_store(aggregate_id TEXT, version_id INTEGER, data TEXT, created_at TEXT, event_name TEXT, sequential_id INTEGER)",
            "event_store",
            |t| {
                vec![
                    text(t.stream_id()),
                    number(t.version),
                    text(&t.data),
                    text(t.time()),
                    text(t.event_type),
                    number(t.n),
                ]
            },
            "stream=aggregate_id version=version_id type=event_name time=created_at data=data position=sequential_id",
        ),
        (
            "CREATE TABLE domain_events(EventId TEXT, AggregateId TEXT, Version INTEGER, OccurredAt TEXT, EventType TEXT, PayloadJson TEXT)",
            "domain_events",
            |t| {
                vec![
                    text(t.id()),
                    text(t.stream_id()),
                    number(t.version),
                    text(t.time()),
                    text(t.event_type),
                    text(&t.data),
                ]
            },
            "stream=AggregateId version=Version type=EventType id=EventId time=OccurredAt data=PayloadJson",
        ),
        (
            "CREATE TABLE events(id INTEGER PRIMARY KEY, create_time_millis INTEGER, value BLOB)",
            "events",
            |t| {
                vec![
                    number(t.n),
                    number(t.millis),
                    text(format!(
                        r#"{{"type":"{}","accountId":"{}","body":{}}}"#,
                        t.event_type,
                        t.stream_id(),
                        t.data
                    )),
                ]
            },
            "stream=value/accountId type=value/type time=create_time_millis data=value/body position=id",
        ),
    ]
}

// What is none

#[test]
fn tables_that_only_resemble_events_are_refused() {
    let same = |ddl: &str, into: &str, row: Row| table(ddl, into, row);
    for sql in [
        // An audit table of rows and actions.
        same(
            "CREATE TABLE audit_log(id INTEGER PRIMARY KEY, table_name TEXT, row_id INTEGER, action TEXT, old_values TEXT, new_values TEXT, user_id INTEGER, changed_at TEXT)",
            "audit_log",
            |t| {
                vec![
                    number(t.n),
                    text(t.kind()),
                    number(t.stream),
                    text(["insert", "update", "delete"][usize::try_from(t.n % 3).unwrap()]),
                    text("{\"a\":1}"),
                    text("{\"a\":2}"),
                    number(t.n % 4),
                    text(t.time()),
                ]
            },
        ),
        same(
            "CREATE TABLE versions(id INTEGER PRIMARY KEY, item_type TEXT, item_id INTEGER, event TEXT, whodunnit TEXT, object TEXT, created_at TEXT)",
            "versions",
            |t| {
                vec![
                    number(t.n),
                    text(t.kind()),
                    number(t.stream),
                    text(["create", "update", "destroy"][usize::try_from(t.n % 3).unwrap()]),
                    text(t.user),
                    text("{\"a\":2}"),
                    text(t.time()),
                ]
            },
        ),
        // A log of an application.
        same(
            "CREATE TABLE logs(id INTEGER PRIMARY KEY, timestamp TEXT, level TEXT, logger TEXT, message TEXT, context TEXT)",
            "logs",
            |t| {
                vec![
                    number(t.n),
                    text(t.time()),
                    text(["INFO", "WARN", "ERROR"][usize::try_from(t.n % 3).unwrap()]),
                    text("web.http"),
                    text(format!("request {} done", t.n)),
                    text("{\"ms\":3}"),
                ]
            },
        ),
        // A chat.
        same(
            "CREATE TABLE messages(id INTEGER PRIMARY KEY, conversation_id INTEGER, sender_id INTEGER, type TEXT, body TEXT, created_at TEXT)",
            "messages",
            |t| {
                vec![
                    number(t.n),
                    number(t.stream),
                    number(t.n % 5),
                    text(["text", "image"][usize::try_from(t.n % 2).unwrap()]),
                    text(format!("hello {}, how are you?", t.user)),
                    text(t.time()),
                ]
            },
        ),
        // Products with a version of their row.
        same(
            "CREATE TABLE products(id INTEGER PRIMARY KEY, sku TEXT, name TEXT, category TEXT, version INTEGER, data TEXT, updated_at TEXT)",
            "products",
            |t| {
                vec![
                    number(t.n),
                    text(format!("S{}", t.n)),
                    text(format!("Product {}", t.n)),
                    text(t.kind()),
                    number(t.n % 9),
                    text("{\"color\":\"red\"}"),
                    text(t.time()),
                ]
            },
        ),
        // A calendar.
        same(
            "CREATE TABLE events(id INTEGER PRIMARY KEY, calendar_id INTEGER, title TEXT, location TEXT, starts_at TEXT, ends_at TEXT, status TEXT, created_at TEXT)",
            "events",
            |t| {
                vec![
                    number(t.n),
                    number(t.stream),
                    text(
                        ["Concert", "Standup", "Dinner with Ana"]
                            [usize::try_from(t.n % 3).unwrap()],
                    ),
                    text("Online"),
                    text(t.time()),
                    text(t.time()),
                    text(["confirmed", "cancelled"][usize::try_from(t.n % 2).unwrap()]),
                    text(t.time()),
                ]
            },
        ),
        // Migrations, orders, notifications, jobs.
        same(
            "CREATE TABLE migrations(id INTEGER PRIMARY KEY, version TEXT, name TEXT, applied_at TEXT)",
            "migrations",
            |t| {
                vec![
                    number(t.n),
                    text(format!("2024{:04}", t.n)),
                    text(format!("add_column_{}", t.n)),
                    text(t.time()),
                ]
            },
        ),
        same(
            "CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER, status TEXT, total REAL, created_at TEXT)",
            "orders",
            |t| {
                vec![
                    number(t.n),
                    number(t.stream),
                    text(["placed", "paid", "shipped"][usize::try_from(t.n % 3).unwrap()]),
                    "12.5".to_owned(),
                    text(t.time()),
                ]
            },
        ),
        same(
            "CREATE TABLE notifications(id TEXT PRIMARY KEY, type TEXT, notifiable_type TEXT, notifiable_id INTEGER, data TEXT, read_at TEXT, created_at TEXT)",
            "notifications",
            |t| {
                vec![
                    text(t.id()),
                    text(
                        ["App\\InvoicePaid", "App\\NewComment"][usize::try_from(t.n % 2).unwrap()],
                    ),
                    text("App\\User"),
                    number(t.stream),
                    text("{\"x\":1}"),
                    "NULL".to_owned(),
                    text(t.time()),
                ]
            },
        ),
        same(
            "CREATE TABLE jobs(id INTEGER PRIMARY KEY, queue TEXT, payload TEXT, attempts INTEGER, available_at INTEGER, created_at INTEGER)",
            "jobs",
            |t| {
                vec![
                    number(t.n),
                    text("default"),
                    text(&t.data),
                    number(t.n % 3),
                    number(t.millis / 1000),
                    number(t.millis / 1000),
                ]
            },
        ),
        "CREATE TABLE android_metadata(locale TEXT); INSERT INTO android_metadata VALUES ('en')"
            .to_owned(),
    ] {
        let error = refused(&sql);
        assert!(matches!(error, Error::Unrecognized { .. }), "{error}");
    }
}

#[test]
fn a_refusal_gives_a_mapping_to_start_from_that_can_be_read() {
    let path = fixture("not-an-event-store-applog.db");
    let Err(Error::Unrecognized { why, start }) =
        annals::ingest::open(&path, &OpenOptions::default(), &Arc::default())
    else {
        panic!("taken for events");
    };
    assert!(why.contains("best guess") && !why.contains('\n'), "{why}");
    let mapping = MappingOverride::parse(&start).unwrap();
    assert!(
        mapping.table.is_some() && !mapping.roles.is_empty(),
        "{start}"
    );
    assert!(start.contains("# stream = \"…\""), "{start}");
}

#[test]
fn the_program_says_the_sentence_first_and_the_mapping_last() {
    let Source::File(path) = fixture("not-an-event-store-applog.db") else {
        panic!("no file");
    };
    let args = ["annals".into(), "inspect".into(), path.into_os_string()];
    let (mut out, mut err) = (Vec::new(), Vec::new());
    annals::cli::run(args, &mut out, &mut err);
    let said = String::from_utf8(err).unwrap();
    assert!(
        said.starts_with("annals: no table looks like stored events"),
        "{said}"
    );
    let blocks: Vec<&str> = said.splitn(2, "\n\n").collect();
    assert!(blocks[0].contains("\nFile: "), "{said}");
    assert!(MappingOverride::parse(blocks[1]).is_ok(), "{said}");
}

// The survey

#[test]
fn a_survey_names_tables_what_they_hold_and_why() {
    let sql = format!(
        "{} CREATE VIEW v AS SELECT * FROM events; CREATE TABLE snapshots(aggregate_id TEXT, version INTEGER, state TEXT);",
        table(
            "CREATE TABLE events(seq INTEGER PRIMARY KEY, aggregate_id TEXT, version INTEGER, type TEXT, at TEXT, data TEXT)",
            "events",
            |t| vec![
                number(t.n),
                text(t.stream_id()),
                number(t.version),
                text(t.event_type),
                text(t.time()),
                text(&t.data)
            ]
        )
    );
    let found = surveyed(&sql);
    let kinds: Vec<(&str, TableKind, TableRole, Option<u64>)> = found
        .tables
        .iter()
        .map(|table| (table.name.as_str(), table.kind, table.role, table.n_rows))
        .collect();
    assert_eq!(
        kinds,
        [
            ("events", TableKind::Table, TableRole::Events, Some(90)),
            ("snapshots", TableKind::Table, TableRole::Snapshots, Some(0)),
            ("v", TableKind::View, TableRole::Other, None),
        ]
    );
    let events = found.chosen_table().unwrap();
    let why = |role| events.guess(role).unwrap().why.as_str();
    assert_eq!(why(Role::Stream), "11 values, every one has version 1");
    assert_eq!(why(Role::Version), "Counts up by 1 within each stream");
    assert_eq!(why(Role::Type), "4 values such as AccountOpened");
    assert_eq!(why(Role::Time), "2024-03-01 to 2024-03-09, rises with seq");
    assert_eq!(
        why(Role::Position),
        "Unique, always rising, a key of the table"
    );
    assert_eq!(why(Role::Data), "Every row holds JSON");
    assert_eq!(events.columns[3].declared, "TEXT");
    assert!(
        events
            .guesses
            .iter()
            .all(|guess| (0.5..=1.0).contains(&guess.confidence))
    );
    assert!(
        found
            .tried
            .iter()
            .any(|tried| matches!(tried.verdict, Tried::NoTable(_)))
    );
}

#[test]
fn a_recognized_store_is_surveyed_with_the_places_of_its_format() {
    let found = survey(
        &fixture("py-eventsourcing-bank.db"),
        &OpenOptions::default(),
        &Arc::default(),
    )
    .unwrap();
    assert_eq!(found.recognized.as_deref(), Some("eventsourcing/sqlite"));
    assert_eq!(found.tried[0].verdict, Tried::Fits);
    let table = found.chosen_table().unwrap();
    assert_eq!(
        (table.name.as_str(), table.role),
        ("stored_events", TableRole::Events)
    );
    assert!(
        guessed(table).contains("time=state/timestamp/_data_"),
        "{}",
        guessed(table)
    );
}

#[test]
fn an_envelope_that_calls_everything_an_event_hides_the_type_inside() {
    let lines: Vec<String> = story()
        .iter()
        .map(|t| format!(r#"{{"type":"event","payload":{{"source":"bank","subject":"/accounts/{}","type":"{}","time":"{}","data":{}}}}}"#, t.stream, t.event_type, t.time(), t.data))
        .collect();
    let source = Source::Text {
        name: "log.jsonl".to_owned(),
        bytes: lines.join("\n").into_bytes().into(),
    };
    let found = survey(&source, &OpenOptions::default(), &Arc::default()).unwrap();
    assert_eq!(
        guessed(found.chosen_table().unwrap()),
        "stream=payload/subject type=payload/type time=payload/time data=payload/data"
    );
}

#[test]
fn a_log_is_surveyed_as_one_table() {
    let lines: Vec<String> = story()
        .iter()
        .map(|t| {
            format!(
                r#"{{"s":"{}","n":{},"kind":"{}","when":{},"body":{}}}"#,
                t.stream_id(),
                t.version,
                t.event_type,
                t.millis,
                t.data
            )
        })
        .collect();
    let source = Source::Text {
        name: "log.jsonl".to_owned(),
        bytes: lines.join("\n").into_bytes().into(),
    };
    let found = survey(&source, &OpenOptions::default(), &Arc::default()).unwrap();
    let log = found.chosen_table().unwrap();
    assert_eq!((log.kind, log.role), (TableKind::Log, TableRole::Events));
    assert_eq!(
        guessed(log),
        "stream=s version=n type=kind time=when data=body"
    );
}

#[test]
fn a_chosen_field_is_judged_as_a_guess_would_be() {
    let sql = nameless("abcdef", plain);
    let found = surveyed(&sql);
    let others: BTreeMap<Role, Field> = BTreeMap::from([
        (Role::Stream, Field::column("xa")),
        (Role::Version, Field::column("xb")),
    ]);
    let judged = |role, name: &str| {
        let field = Field::column(name);
        judge(&store(&sql), "t", role, &field, &others, &Arc::default()).unwrap()
    };
    for (role, name) in BY_VALUES {
        let guess = found.chosen_table().unwrap().guess(*role).unwrap();
        let mut same = judged(*role, name).unwrap();
        // Which column orders the rows is not given here.
        same.why = same.why.replace("row by row", "with xf");
        assert_eq!(&same, guess);
    }
    let wrong = judged(Role::Time, "xc").unwrap();
    assert_eq!(wrong.why, "No value can be read as a time");
    assert!(wrong.confidence < 0.1);
    assert!(judged(Role::Version, "xf").unwrap().confidence < 0.2);
    assert_eq!(judged(Role::Time, "nothing"), None);
}

#[test]
fn payloads_that_are_packed_are_read_as_such() {
    let found = survey(
        &fixture("py-eventsourcing-dogschool-zlib.db"),
        &OpenOptions::default(),
        &Arc::default(),
    )
    .unwrap();
    assert_eq!(
        found
            .chosen_table()
            .unwrap()
            .guess(Role::Data)
            .unwrap()
            .read_as,
        ReadAs::Zlib
    );
}
