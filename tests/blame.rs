//! Who set what: blame, tables of states and what is not known, against naive definitions.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "support/history.rs"]
mod history;

use std::collections::BTreeMap;
use std::sync::Arc;

use annals::event::json::{Json, JsonPath, parse};
use annals::event::{CategoryId, Position, StreamId, Want};
use annals::fold::{
    At, FoldEvent, Folder, LeafHistory, Merge, Reducer, Rules, StateQuestion, StateTable,
    TableQuestion,
};
use history::{Record, history};
use proptest::prelude::*;

fn never() -> bool {
    false
}

fn record(stream: &str, event_type: &str, data: &str) -> Record {
    Record {
        stream: stream.to_owned(),
        event_type: event_type.to_owned(),
        data: data.to_owned(),
        ..Record::default()
    }
}

fn one_stream(payloads: &[&str]) -> Vec<Record> {
    payloads
        .iter()
        .map(|data| record("order-1", "Changed", data))
        .collect()
}

fn rules() -> Rules {
    let text = r#"
[category.order.on]
A = ['merge data', 'add data.n to sum', 'append data.x to list']
B = ['set copy to state.a', 'delete b', 'set c to data']
"*" = ['merge data into deep']
"#;
    Rules::parse("rules.toml", text).unwrap()
}

fn reducers() -> [Arc<dyn Reducer>; 2] {
    [Arc::new(Merge), Arc::new(rules())]
}

/// The leaves that a path leads to: of duplicate keys the last.
fn leaves_of(state: &Json) -> Vec<(JsonPath, &Json)> {
    let mut leaves = state.leaves();
    leaves.retain(|(path, value)| {
        path.get(state)
            .is_some_and(|found| std::ptr::eq(found, *value))
    });
    leaves
}

/// The setter of each leaf after each event, as the definition says it.
fn naive(folder: &Folder, stream: StreamId) -> Vec<BTreeMap<String, u32>> {
    let last = u32::try_from(folder.history().log.events_of(stream).len()).unwrap() - 1;
    let mut before: BTreeMap<String, Json> = BTreeMap::new();
    let mut setters: BTreeMap<String, u32> = BTreeMap::new();
    let mut all = Vec::new();
    folder
        .walk(stream, 0, last, &never, &mut |rank, _, state| {
            let leaves = leaves_of(state).into_iter();
            let now: BTreeMap<String, Json> = leaves
                .map(|(path, value)| (path.pointer(), value.clone()))
                .collect();
            for (pointer, value) in &now {
                if before.get(pointer) != Some(value) {
                    setters.insert(pointer.clone(), rank);
                }
            }
            let shown = setters
                .iter()
                .filter(|(pointer, _)| now.contains_key(*pointer));
            all.push(
                shown
                    .map(|(pointer, rank)| (pointer.clone(), *rank))
                    .collect(),
            );
            before = now;
            true
        })
        .unwrap();
    all
}

fn setters(
    folder: &Folder,
    stream: StreamId,
    leaves: &LeafHistory,
    rank: u32,
) -> BTreeMap<String, u32> {
    let state = folder.state_at(stream, rank, &never).unwrap();
    let found = leaves_of(&state.value).into_iter();
    found
        .map(|(path, _)| (path.pointer(), leaves.setter(&path, rank).unwrap()))
        .collect()
}

/// An older state with only these events applied.
fn replayed(folder: &Folder, old: &Json, events: &[Position]) -> Json {
    let log = &folder.history().log;
    let mut state = old.clone();
    for at in events {
        let detail = folder
            .history()
            .reader
            .read_one(log.place(*at), Want::Presented);
        let detail = detail.unwrap_or_default();
        let stream = log.stream(*at);
        let event = FoldEvent {
            stream: log.stream_name(stream),
            category: log.category_of(stream),
            event_type: log.type_name(log.event_type(*at)),
            version: log.version(*at),
            rank: log.rank_at(stream, *at).unwrap(),
            time: detail.time,
            position: *at,
            data: &detail.data,
            metadata: &detail.metadata,
            id: None,
            schema_version: None,
        };
        folder.reducer().apply(&mut state, &event);
    }
    state
}

fn any_value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("1".to_owned()),
        Just("1.0".to_owned()),
        Just("2".to_owned()),
        Just("\"x\"".to_owned()),
        Just("null".to_owned()),
        Just("{}".to_owned()),
        Just("[]".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3)
                .prop_map(|list| format!("[{}]", list.join(","))),
            prop::collection::vec(("[ab01]", inner), 0..3).prop_map(|list| {
                let members: Vec<String> = list
                    .iter()
                    .map(|(key, v)| format!("\"{key}\":{v}"))
                    .collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

fn any_records() -> impl Strategy<Value = Vec<Record>> {
    let payload = prop_oneof![
        8 => prop::collection::vec(("[abcnx]", any_value()), 0..3).prop_map(|list| {
            let members: Vec<String> = list.iter().map(|(key, v)| format!("\"{key}\":{v}")).collect();
            format!("{{{}}}", members.join(","))
        }),
        1 => any_value(),
        1 => Just(String::new()),
        1 => Just("sealed".to_owned()),
    ];
    let one = (payload, "order-[12]|cart-1", "[ABC]", any::<u8>());
    prop::collection::vec(one, 1..14).prop_map(|events| {
        let to_record = |(data, stream, event_type, chance): (String, String, String, u8)| Record {
            is_unreadable: chance > 250,
            ..record(&stream, &event_type, &data)
        };
        events.into_iter().map(to_record).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn blame_equals_its_naive_definition_at_every_event(records in any_records()) {
        let history = history(&records);
        for reducer in reducers() {
            let folder = Folder::new(Arc::clone(&history), reducer);
            for stream in history.log.streams() {
                let wanted = naive(&folder, stream);
                let last = u32::try_from(wanted.len()).unwrap() - 1;
                let leaves = LeafHistory::of(&folder, stream, last, &never).unwrap();
                for (rank, wanted) in (0..).zip(&wanted) {
                    prop_assert_eq!(&setters(&folder, stream, &leaves, rank), wanted);
                }
            }
        }
    }

    #[test]
    fn the_events_blamed_suffice_and_none_of_them_can_be_left_out(
        records in any_records(), a in 0_u32..14, b in 0_u32..14,
    ) {
        let history = history(&records);
        for reducer in reducers() {
            let folder = Folder::new(Arc::clone(&history), reducer);
            for stream in history.log.streams() {
                let n_events = u32::try_from(history.log.events_of(stream).len()).unwrap();
                let (a, b) = ((a % n_events).min(b % n_events), (a % n_events).max(b % n_events));
                let old = folder.state_at(stream, a, &never).unwrap();
                let new = folder.state_at(stream, b, &never).unwrap();
                for one in folder.explain(Some(&old), &new, &never).unwrap() {
                    let wanted = one.change.new.as_ref();
                    let whole = replayed(&folder, &old.value, &one.by);
                    prop_assert_eq!(one.change.path.get(&whole), wanted, "{:?}", one);
                    for left_out in &one.by {
                        let others: Vec<Position> = one.by.iter().copied().filter(|at| at != left_out).collect();
                        let less = replayed(&folder, &old.value, &others);
                        prop_assert_ne!(one.change.path.get(&less), wanted, "{:?} without {}", one, left_out);
                    }
                }
            }
        }
    }

    #[test]
    fn a_table_holds_each_state_at_every_point(records in any_records()) {
        let history = history(&records);
        let log = &history.log;
        let columns = ["a", "b.a", "c[0]", "n"].map(|path| JsonPath::parse(path).unwrap()).to_vec();
        for reducer in reducers() {
            let folder = Folder::new(Arc::clone(&history), reducer);
            let question = TableQuestion { category: CategoryId(0), columns: Some(columns.clone()), until: None };
            let table = StateTable::of(&folder, &question, &never, &|_| {}).unwrap();
            for position in (0..u32::try_from(log.len()).unwrap()).map(Position) {
                let at_once = TableQuestion { until: Some(position), ..question.clone() };
                let once = StateTable::of(&folder, &at_once, &never, &|_| {}).unwrap();
                let rows = table.as_of(log, position);
                prop_assert_eq!(&rows, &once.as_of(log, position));
                for row in rows {
                    let state = folder.state_as_of(row.stream, position, &never).unwrap();
                    prop_assert_eq!((row.version, row.position), (state.version, state.position));
                    for (path, cell) in columns.iter().zip(&row.cells) {
                        let cell = cell.map(|text| parse(text.as_bytes()).unwrap());
                        prop_assert_eq!(cell.as_ref(), path.get(&state.value));
                    }
                }
            }
        }
    }
}

#[test]
fn an_equal_value_written_again_sets_nothing_and_one_that_comes_back_does() {
    let records = one_stream(&[
        r#"{"a":1,"b":{"x":1}}"#,
        r#"{"a":1.0,"b":{"x":1,"y":2}}"#,
        r#"{"b":5}"#,
        r#"{"b":{"x":1}}"#,
    ]);
    let folder = Folder::new(history(&records), Arc::new(Merge));
    let leaves = LeafHistory::of(&folder, StreamId(0), 3, &never).unwrap();
    let setter = |path: &str, rank| leaves.setter(&JsonPath::parse(path).unwrap(), rank);
    assert_eq!(setter("a", 3), Some(0));
    assert_eq!((setter("b.x", 1), setter("b.y", 1)), (Some(0), Some(1)));
    assert_eq!((setter("b.x", 2), setter("b", 2)), (None, Some(2)));
    assert_eq!(setter("b.x", 3), Some(3));
    let path = JsonPath::parse("b.x").unwrap();
    assert_eq!(
        leaves.setter_before(&path, 3),
        Some(2),
        "there it was taken away"
    );
    assert_eq!(
        leaves.changes(&path).collect::<Vec<_>>(),
        [(0, true), (2, false), (3, true)]
    );
    let b = JsonPath::parse("b").unwrap();
    assert_eq!(leaves.last_change_within(&b, 1), Some(1));
    assert_eq!(leaves.last_change_within(&b, 3), Some(3));
}

#[test]
fn blame_is_printed_by_pointer_with_position_version_type_and_time() {
    let records = [
        Record {
            time: "2024-03-01T08:00:00.5Z".to_owned(),
            version: Some(3),
            ..record("order-1", "Placed", r#"{"a/b":[],"c":{"d":1}}"#)
        },
        Record {
            version: Some(4),
            ..record("order-1", "Paid", r#"{"c":{"d":1,"e":2}}"#)
        },
    ];
    let folder = Folder::new(history(&records), Arc::new(Merge));
    let question = StateQuestion {
        stream: StreamId(0),
        at: At::End,
        diff: None,
        blame: true,
    };
    let answer = question.ask(&folder, &never).unwrap().to_json();
    let blame = answer
        .as_object()
        .unwrap()
        .get("blame")
        .unwrap()
        .to_string();
    assert_eq!(
        blame,
        r#"{"/a~1b":{"position":0,"version":3,"type":"Placed","time":"2024-03-01T08:00:00.5Z"},"/c/d":{"position":0,"version":3,"type":"Placed","time":"2024-03-01T08:00:00.5Z"},"/c/e":{"position":1,"version":4,"type":"Paid","time":null}}"#
    );
}

fn unknown_of(records: &[Record], reducer: impl Reducer + 'static) -> Vec<(String, u32, String)> {
    let folder = Folder::new(history(records), Arc::new(reducer));
    let state = folder.state_at_end(StreamId(0), &never).unwrap();
    let unknown = folder.unknown(&state, &never).unwrap();
    unknown
        .into_iter()
        .map(|one| (one.path.pointer(), one.since.0, one.reason))
        .collect()
}

#[test]
fn what_a_sealed_event_may_have_set_is_unknown_until_it_is_set_again() {
    let records = [
        record("order-1", "Placed", r#"{"total":10,"status":"Placed"}"#),
        record("order-1", "Discounted", "sealed"),
        record("order-2", "Discounted", r#"{"total":5,"code":"A"}"#),
        record("order-1", "Paid", r#"{"status":"Paid"}"#),
    ];
    let sealed = "its payload is text and no JSON".to_owned();
    assert_eq!(
        unknown_of(&records, Merge),
        [
            ("/code".to_owned(), 1, sealed.clone()),
            ("/total".to_owned(), 1, sealed)
        ]
    );
    let mut again = records.to_vec();
    again.push(record(
        "order-1",
        "Corrected",
        r#"{"total":10,"code":null}"#,
    ));
    assert_eq!(unknown_of(&again, Merge), []);
}

#[test]
fn where_no_event_of_a_type_could_be_read_all_that_was_set_is_unknown() {
    let records = [
        record("order-1", "Placed", r#"{"total":10}"#),
        Record {
            is_unreadable: true,
            ..record("order-1", "Secret", "")
        },
        record("order-1", "Paid", r#"{"paid":true}"#),
    ];
    let unknown = unknown_of(&records, Merge);
    assert_eq!(unknown.len(), 1, "{unknown:?}");
    assert_eq!((unknown[0].0.as_str(), unknown[0].1), ("/total", 1));
}

#[test]
fn a_type_that_never_carries_anything_leaves_nothing_unknown() {
    let records = [
        record("order-1", "Placed", r#"{"total":10}"#),
        record("order-1", "Closed", ""),
    ];
    assert_eq!(unknown_of(&records, Merge), []);
}

#[test]
fn with_rules_a_sum_over_a_sealed_amount_is_unknown_and_stays_so() {
    let rules = || {
        let on = "In = ['add data.n to sum']\nNamed = ['set name to data.name']\nZero = ['set sum to 0']";
        Rules::parse("r.toml", &format!("[category.order.on]\n{on}")).unwrap()
    };
    let mut records = vec![
        record("order-1", "In", r#"{"n":1}"#),
        record("order-1", "Named", r#"{"name":"A"}"#),
        record("order-1", "In", "sealed"),
        record("order-1", "In", r#"{"n":2}"#),
    ];
    let unknown = unknown_of(&records, rules());
    assert_eq!(unknown.len(), 1, "{unknown:?}");
    assert_eq!((unknown[0].0.as_str(), unknown[0].1), ("/sum", 2));
    records.push(record("order-1", "Zero", "{}"));
    assert_eq!(unknown_of(&records, rules()), []);
}

#[test]
fn what_is_unknown_is_printed_and_never_as_a_value() {
    let records = [
        record("order-1", "Placed", r#"{"total":10}"#),
        record("order-1", "Placed", "sealed"),
    ];
    let folder = Folder::new(history(&records), Arc::new(Merge));
    let question = StateQuestion {
        stream: StreamId(0),
        at: At::End,
        diff: None,
        blame: false,
    };
    let answer = question.ask(&folder, &never).unwrap().to_json();
    let unknown = answer
        .as_object()
        .unwrap()
        .get("unknown")
        .unwrap()
        .to_string();
    assert_eq!(
        unknown,
        r#"{"/total":{"position":1,"reason":"its payload is text and no JSON"}}"#
    );
}
