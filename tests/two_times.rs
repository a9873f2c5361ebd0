//! When events were recorded and when they occurred: on a store of Rails Event Store that has both.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use annals::event::json::{Json, Object, parse};
use annals::event::{CategoryId, Position, StreamId, Timestamp, Want, Zone};
use annals::fold::{
    Against, At, Branch, FoldError, Folder, LeafHistory, Merge, StateQuestion, StateTable,
    TableQuestion,
};
use annals::history::{Axis, Clock, EventLog, Grouping, History, Point, PointError};
use annals::ingest::open;
use annals::query::{Context, Over, Question, Watch, ask_when};
use annals::source::{OpenOptions, Progress, Source};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/stores")
        .join(name)
}

fn opened(name: &str) -> Arc<History> {
    let progress = Arc::new(Progress::default());
    let source = Source::named(path(name));
    open(&source, &OpenOptions::default(), &progress).unwrap()
}

fn store() -> Arc<History> {
    opened("rails-event-store-valid-at.db")
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap().time
}

fn never() -> bool {
    false
}

/// The moments at which something was recorded or occurred, and one before all of them.
fn moments(log: &EventLog) -> Vec<Timestamp> {
    let mut moments = vec![time("2020-01-01T00:00:00Z")];
    for position in (0..u32::try_from(log.len()).unwrap()).map(Position) {
        for clock in [Clock::Recorded, Clock::Occurred] {
            moments.extend(log.by(clock).time(position));
        }
    }
    moments.sort_unstable();
    moments.dedup();
    moments
}

fn payload(history: &History, position: Position) -> Object {
    let place = history.log.place(position);
    let detail = history.reader.read_one(place, Want::Data).unwrap();
    match parse(detail.data.json().unwrap().as_bytes()).unwrap() {
        Json::Object(object) => object,
        other => panic!("{other}"),
    }
}

/// The merged payloads of the events of a stream recorded by a position that had occurred by a moment,
/// and the last of them.
fn naive(
    history: &History,
    stream: StreamId,
    by: Position,
    occurred: Timestamp,
) -> Option<(Json, Position)> {
    let log = &history.log;
    let clock = log.by(Clock::Occurred);
    let events = log.events_of(stream).iter().copied().map(Position);
    let known = events.filter(|at| *at <= by && clock.time(*at).unwrap() <= occurred);
    let known: Vec<Position> = known.collect();
    let mut state = Object::default();
    for position in &known {
        for (key, value) in payload(history, *position).iter() {
            state.insert(key, value.clone());
        }
    }
    Some((Json::Object(state), *known.last()?))
}

#[test]
fn events_know_both_times_and_come_in_the_order_of_either() {
    let history = store();
    let log = &history.log;
    assert!(log.has_occurred());
    let occurred = log.by(Clock::Occurred);
    assert_eq!(
        occurred.time(Position(5)),
        Some(time("2026-01-07T09:30:00Z"))
    );
    assert_eq!(occurred.time(Position(6)), log.time(Position(6)));
    let detail = |at| history.reader.read_one(log.place(Position(at)), Want::All);
    for at in 0..u32::try_from(log.len()).unwrap() {
        let own = detail(at).unwrap().occurred.map(|(time, _)| time);
        let said = own.or_else(|| log.time(Position(at)));
        assert_eq!(occurred.time(Position(at)), said);
    }
    let ranked = |rank| occurred.time(occurred.position(rank).unwrap());
    let last = u32::try_from(log.len()).unwrap() - 1;
    assert!((0..last).all(|rank| ranked(rank) <= ranked(rank + 1)));
    assert_eq!(
        occurred.position(0),
        Some(Position(25)),
        "it occurred the day before"
    );
    let noon = occurred.rank_before(time("2026-01-07T12:00:00Z"));
    let bounds = [0, noon, last + 1];
    let counts = occurred.count_columns(Axis::Time, Grouping::Category, &bounds);
    assert_eq!(counts.counts, [noon, last + 1 - noon]);
    assert!(!opened("py-eventsourcing-bank.db").log.has_occurred());
}

#[test]
fn a_state_in_both_times_is_that_of_the_events_that_had_occurred_in_order_of_position() {
    let history = store();
    let base = Arc::new(Folder::new(Arc::clone(&history), Arc::new(Merge)));
    let (mut n_states, mut n_none) = (0, 0);
    for occurred in moments(&history.log).into_iter().step_by(3) {
        let folder = Folder::for_branch(&base, Arc::new(Branch::known_of(occurred)));
        for by in (0..45).step_by(4).map(Position) {
            for stream in history.log.streams() {
                let state = folder.state_as_of(stream, by, &never);
                match naive(&history, stream, by, occurred) {
                    None => {
                        n_none += 1;
                        assert!(matches!(state, Err(FoldError::NotBegun { .. })));
                    }
                    Some((value, last)) => {
                        n_states += 1;
                        let state = state.unwrap();
                        assert_eq!((state.value, state.position), (value, last));
                    }
                }
            }
        }
    }
    assert!(n_states > 500 && n_none > 500, "{n_states} and {n_none}");
}

#[test]
fn a_table_in_both_times_holds_the_streams_that_had_begun_with_their_states() {
    let history = store();
    let log = &history.log;
    let base = Arc::new(Folder::new(Arc::clone(&history), Arc::new(Merge)));
    let category = log.stream_info(StreamId(0)).category;
    assert_eq!(category, CategoryId(0));
    for occurred in moments(log).into_iter().step_by(7) {
        let folder = Folder::for_branch(&base, Arc::new(Branch::known_of(occurred)));
        let question = TableQuestion {
            category,
            columns: None,
            until: None,
        };
        let table = StateTable::of(&folder, &question, &never, &|_| {}).unwrap();
        for by in [3, 17, 44].map(Position) {
            let rows = table.as_of(log, by);
            let mut n_rows = 0;
            for stream in log.streams() {
                let row = rows.iter().find(|row| row.stream == stream);
                let expected = naive(&history, stream, by, occurred);
                assert_eq!(
                    row.map(|row| row.position),
                    expected.as_ref().map(|(_, last)| *last)
                );
                let Some((row, (state, _))) = row.zip(expected) else {
                    continue;
                };
                n_rows += 1;
                for (column, cell) in table.columns().iter().zip(&row.cells) {
                    let value = column.get(&state).map(ToString::to_string);
                    assert_eq!(cell.map(str::to_owned), value);
                }
            }
            assert_eq!(rows.len(), n_rows);
        }
    }
}

#[test]
fn who_set_what_and_when_something_was_so_count_only_what_had_occurred() {
    let history = store();
    let log = &history.log;
    let base = Arc::new(Folder::new(Arc::clone(&history), Arc::new(Merge)));
    let by = Arc::new(Branch::known_of(time("2026-01-07T12:30:00Z")));
    let folder = Folder::for_branch(&base, Arc::clone(&by));
    // The item was removed at 12:11 and added again, recorded at 12:37 as of 11:00.
    let stream = log.stream(Position(8));
    let leaves = LeafHistory::of(&folder, stream, 4, &never).unwrap();
    let sku = annals::event::json::JsonPath::parse("product_id").unwrap();
    assert!(leaves.changes(&sku).all(|(rank, _)| rank <= 2));
    let question = Question::parse("product_id appears").unwrap();
    let mut watch = Watch {
        cancel: &never,
        partly: &mut |_, _| {},
    };
    let context = Context::at(time("2026-02-01T00:00:00Z"), Zone::Utc);
    let found = ask_when(&question, &folder, Over::Everything, &context, &mut watch);
    let found = found.unwrap().unwrap();
    assert!(!found.stretches.is_empty());
    for stretch in &found.stretches {
        assert!(!by.leaves_out(log, stretch.from));
    }
}

#[test]
fn what_was_known_at_two_points_is_told_apart_and_each_side_names_its_setter() {
    let history = store();
    let log = &history.log;
    let stream = log.stream(Position(3));
    let base = Arc::new(Folder::new(Arc::clone(&history), Arc::new(Merge)));
    let by = Branch::known_of(time("2026-01-07T23:59:59Z"));
    let known = Folder::for_branch(&base, Arc::new(by));
    let question = StateQuestion {
        stream,
        at: At::End,
        diff: None,
        blame: false,
    };
    let against = Against {
        folder: &known,
        stream,
        at: At::End,
    };
    let answer = question.ask_against(&base, against, &never).unwrap();
    let text = answer.to_json().to_string();
    assert!(
        text.contains(r#""branch":"occurred by 2026-01-07T23:59:59Z""#),
        "{text}"
    );
    let old = answer.against.unwrap();
    // The payment was recorded, but is of the day after.
    assert_eq!(
        (old.state.position, answer.state.position),
        (Position(2), Position(3))
    );
}

#[test]
fn a_point_in_both_times_is_looked_up_and_refused_where_there_is_only_one() {
    let now = time("2026-01-09T00:00:00Z");
    let parse = |text: &str| Point::parse(text, now, Zone::Utc).unwrap();
    let point = parse("recorded 2026-01-07 12:00, occurred 2026-01-07 10:00");
    let both = store();
    let found = point.resolve_as_of(&both.log, None).unwrap();
    assert_eq!(found.position, Position(6));
    assert_eq!(found.occurred, Some(time("2026-01-07T10:00:00Z")));
    assert_eq!(
        point.resolve(&both.log, None),
        Err(PointError::NamesOccurred)
    );
    let one = opened("py-eventsourcing-bank.db");
    assert_eq!(
        point.resolve_as_of(&one.log, None),
        Err(PointError::NoOccurred)
    );
}

fn annals(args: &[&str]) -> (i32, String) {
    let store = path("rails-event-store-valid-at.db");
    let output = Command::new(env!("CARGO_BIN_EXE_annals"))
        .args(args)
        .arg(store)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).unwrap();
    (output.status.code().unwrap(), text)
}

#[test]
fn the_command_line_takes_both_times() {
    let as_of = "recorded #44, occurred 2026-01-07";
    let stream = "Ordering::Order$cf61dd98-a47c-4f13-b2a3-1e0af3bc6714";
    let (code, text) = annals(&["state", "--stream", stream, "--as-of", as_of, "--json"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains(r#""version":1,"position":2,"#), "{text}");
    assert!(
        text.contains(r#""branch":"occurred by 2026-01-07""#),
        "{text}"
    );
    let (code, text) = annals(&["events", "--as-of", as_of, "--json"]);
    assert_eq!((code, text.lines().count()), (0, 40), "{text}");
    let (code, text) = annals(&["state", "--stream", stream, "--diff", as_of, "--json"]);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains(r#""against":{"stream":"Ordering::Order$cf61"#),
        "{text}"
    );
    let (code, text) = annals(&["streams", "--as-of", as_of]);
    assert_eq!(code, 2);
    assert!(text.contains("leave out by when it occurred"), "{text}");
}
