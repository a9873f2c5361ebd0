//! Laws: what holds for all events, states and rules, tried on many.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "support/history.rs"]
mod history;

use std::sync::Arc;

use annals::event::json::{Json, JsonPath, Object, Step, parse};
use annals::event::{Position, StreamId, Timestamp, Version};
use annals::fold::rules::Sentence;
use annals::fold::{
    ChangeKind, Folder, LastPayload, Merge, MergePatch, Reducer, Rules, apply_changes, diff,
    diff_from_nothing,
};
use annals::history::{Axis, EventLog, Grouping};
use history::{Record, history};
use proptest::collection::vec;
use proptest::prelude::*;

fn never() -> bool {
    false
}

/// So many cases, and no file of failed ones beside the tests.
fn cases(n_cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(n_cases)
    }
}

/// Any JSON value, with few keys so that they meet, and numbers that are equal but differ in digits.
fn any_json() -> impl Strategy<Value = Json> {
    let number = prop_oneof![
        "-?(0|[1-9][0-9]{0,4})(\\.[0-9]{1,3})?",
        Just("1.10".to_owned()),
        Just("1.1".to_owned()),
        Just("9007199254740993".to_owned()),
        Just("1E+2".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        number.prop_map(|digits| Json::Number(digits.into())),
        "\\PC{0,6}|[\"\\\\\n\u{1}']{0,3}".prop_map(|text| Json::Text(text.into())),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::Array),
            members(inner).prop_map(Json::Object),
        ]
    })
}

fn members(value: impl Strategy<Value = Json>) -> impl Strategy<Value = Object> {
    vec((any_key(), value), 0..5).prop_map(|members| {
        let mut object = Object::default();
        for (key, value) in members {
            object.push(key.into(), value);
        }
        object
    })
}

fn any_key() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[abcd]", 1 => "\\PC{0,3}", 1 => Just("a.b \"c\"[0]\\".to_owned())]
}

fn any_path() -> impl Strategy<Value = JsonPath> {
    let step = prop_oneof![
        4 => any_key().prop_map(|key| Step::Key(key.into())),
        1 => (0_usize..3).prop_map(Step::Index),
    ];
    vec(step, 1..4).prop_map(JsonPath)
}

fn any_rooted() -> impl Strategy<Value = String> {
    ("data|metadata|state", any_path()).prop_map(|(root, path)| {
        let mut steps = vec![Step::Key(root.into())];
        steps.extend(path.0);
        JsonPath(steps).to_string()
    })
}

/// A path into the state whose steps may depend on the event, as text.
fn any_target() -> impl Strategy<Value = String> {
    let source = prop_oneof![
        Just("data.a"),
        Just("state.b"),
        Just("stream"),
        Just("data.c[0]"),
        Just("data.\"]=\""),
    ];
    let constant = prop_oneof![Just("\"] =\""), Just("5"), Just("true"), Just("-1.10")];
    let bracket = prop_oneof![
        ("a|a\\.b|\"=\"", source.clone()).prop_map(|(key, source)| format!("[{key}={source}]")),
        ("a|b", constant).prop_map(|(key, source)| format!("[{key}={source}]")),
        source.prop_map(|source| format!("[{source}]")),
    ];
    let rest = prop_oneof![Just(""), Just(".b"), Just("[1]"), Just("[version].c")];
    prop_oneof![
        3 => any_path().prop_map(|path| path.to_string()),
        2 => (any_path(), bracket, rest).prop_map(|(path, bracket, rest)| format!("{path}{bracket}{rest}")),
    ]
}

fn any_condition() -> impl Strategy<Value = String> {
    let right = any_json().prop_map(|value| value.to_string());
    let test = prop_oneof![
        1 => Just("exists".to_owned()),
        1 => Just("is missing".to_owned()),
        4 => ("=|!=|<|<=|>|>=", right).prop_map(|(sign, right)| format!("{sign} {right}")),
    ];
    (any_rooted(), test).prop_map(|(left, test)| format!("{left} {test}"))
}

/// Any sentence, as text.
fn any_sentence() -> impl Strategy<Value = String> {
    let source = prop_oneof![
        3 => any_rooted(),
        1 => "data|state|stream|type|version|time|position",
        2 => any_json().prop_map(|value| value.to_string()),
    ];
    let plain = (0_usize..9, source, any_target()).prop_map(|(verb, source, path)| match verb {
        0 => format!("set {path} to {source}"),
        1 => format!("merge {source}"),
        2 => format!("merge {source} into {path}"),
        3 => format!("add {source} to {path}"),
        4 => format!("subtract {source} from {path}"),
        5 => format!("append {source} to {path}"),
        6 => format!("remove {source} from {path}"),
        7 => format!("count {source} into {path}"),
        _ => format!("delete {path}"),
    });
    (vec(any_condition(), 0..3), plain).prop_map(|(conditions, plain)| {
        if conditions.is_empty() {
            return plain;
        }
        format!("when {} then {plain}", conditions.join(" and "))
    })
}

/// A text as TOML.
fn toml(text: &impl ToString) -> String {
    let quoted = Json::Text(text.to_string().into()).to_string();
    quoted.replace('\u{7f}', "\\u007f")
}

fn any_upcast() -> impl Strategy<Value = String> {
    (any_path(), any_path(), any_json(), any::<bool>()).prop_map(|(from, to, value, is_old)| {
        let head = if is_old { "below = 3" } else { "type = \"B\"" };
        let (from, to, value) = (toml(&from), toml(&to), toml(&value));
        format!(
            "[[upcast.A]]\n{head}\nrename = {{ {from} = {to} }}\ndefault = {{ {to} = {value} }}\n"
        )
    })
}

fn any_rules() -> impl Strategy<Value = Rules> {
    let list = || vec(any_sentence(), 0..5);
    let upcasts = vec(any_upcast(), 0..2);
    (list(), list(), members(any_json()), upcasts).prop_map(|(a, star, start, upcasts)| {
        let quoted = |list: Vec<String>| {
            let quoted = list.into_iter().map(|text| Json::Text(text.into()));
            Json::Array(quoted.collect())
                .to_string()
                .replace('\u{7f}', "\\u007f")
        };
        let start = Json::Text(Json::Object(start).to_string().into()).to_string();
        let text = format!(
            "[category.order]\nstart = {}\n[category.order.on]\nA = {}\n\"*\" = {}\n{}",
            start.replace('\u{7f}', "\\u007f"),
            quoted(a),
            quoted(star),
            upcasts.concat()
        );
        Rules::parse("any.toml", &text).unwrap()
    })
}

/// Events of up to three streams of two categories, with damaged versions and times that go back.
fn any_records(most: usize) -> impl Strategy<Value = Vec<Record>> {
    let payload = prop_oneof![
        8 => members(any_json()).prop_map(|object| Json::Object(object).to_string()),
        1 => any_json().prop_map(|value| value.to_string()),
        1 => Just(String::new()),
        1 => Just("no json".to_owned()),
    ];
    let record = (
        payload,
        0_i64..4,
        "order-[12]|cart-1",
        "[AB]",
        0_i64..50,
        any::<u8>(),
    );
    vec(record, 1..most).prop_map(|events| {
        let mut versions = std::collections::BTreeMap::new();
        let to_record = |(data, jump, stream, event_type, at, chance): (
            String,
            i64,
            String,
            String,
            i64,
            u8,
        )| {
            let version = versions.entry(stream.clone()).or_insert(-1_i64);
            *version += if chance < 16 { jump } else { 1 };
            let has_time = chance % 8 > 0;
            let time = Timestamp(at * 1_000_000_000).rfc3339(3);
            Record {
                metadata: data.clone(),
                data,
                stream,
                event_type,
                time: if has_time { time } else { String::new() },
                version: (chance % 32 > 0).then_some(*version),
                is_unreadable: chance == 255,
            }
        };
        events.into_iter().map(to_record).collect()
    })
}

fn states(folder: &Folder, stream: StreamId) -> Vec<String> {
    let last = u32::try_from(folder.history().log.events_of(stream).len()).unwrap() - 1;
    let mut states = Vec::new();
    folder
        .walk(stream, 0, last, &never, &mut |_, _, state| {
            states.push(state.to_string());
            true
        })
        .unwrap();
    states
}

fn reducers(rules: Rules) -> [Arc<dyn Reducer>; 4] {
    [
        Arc::new(Merge),
        Arc::new(MergePatch),
        Arc::new(LastPayload),
        Arc::new(rules),
    ]
}

/// Keeps each event's own number, so that replaying from anywhere else shows.
fn numbered(n: u32) -> Record {
    Record {
        data: format!(r#"{{"n{}":{n}.0,"last":{n}}}"#, n % 7),
        is_unreadable: n % 97 == 5,
        ..Record::default()
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn json_is_printed_as_it_is_read(value in any_json()) {
        let text = value.to_string();
        let read = parse(text.as_bytes()).unwrap();
        prop_assert_eq!(read.to_string(), text);
        prop_assert_eq!(read, value);
    }

    #[test]
    fn a_path_reads_back(path in any_path()) {
        prop_assert_eq!(JsonPath::parse(&path.to_string()), Some(path));
    }

    #[test]
    fn a_sentence_reads_back(text in any_sentence()) {
        let sentence = Sentence::parse(&text).unwrap();
        prop_assert_eq!(Sentence::parse(&sentence.to_string()), Ok(sentence.clone()));
        prop_assert_eq!(sentence.to_string(), text);
    }

    #[test]
    fn no_text_makes_the_sentence_reader_fail_badly(text in "(set|add|merge|delete)? ?\\PC{0,20}") {
        if let Ok(sentence) = Sentence::parse(&text) {
            prop_assert_eq!(Sentence::parse(&sentence.to_string()), Ok(sentence));
        }
    }

    #[test]
    fn rules_read_back(rules in any_rules()) {
        let printed = rules.to_string();
        prop_assert_eq!(Rules::parse("any.toml", &printed).unwrap(), rules, "{}", printed);
    }

    #[test]
    fn folding_on_from_a_state_equals_folding_all(records in any_records(20), rules in any_rules()) {
        let history = history(&records);
        for reducer in reducers(rules) {
            let folder = Folder::new(Arc::clone(&history), reducer);
            for stream in history.log.streams() {
                let n_events = u32::try_from(history.log.events_of(stream).len()).unwrap();
                let mut state = folder.state_at(stream, 0, &never).unwrap();
                for rank in 0..n_events {
                    let whole = folder.state_at(stream, rank, &never).unwrap();
                    prop_assert_eq!(whole.value.to_string(), state.value.to_string());
                    prop_assert_eq!(&whole, &state);
                    prop_assert_eq!(whole.events_applied + whole.not_applied, rank + 1);
                    if let Some(next) = folder.step(&state) {
                        state = next;
                    }
                }
            }
        }
    }

    #[test]
    fn an_event_is_applied_as_a_whole_or_not_at_all(records in any_records(20), rules in any_rules()) {
        let history = history(&records);
        let folder = Folder::new(Arc::clone(&history), Arc::new(rules));
        for stream in history.log.streams() {
            let mut before = folder.state_at(stream, 0, &never).unwrap();
            while let Some(after) = folder.step(&before) {
                if after.not_applied > before.not_applied {
                    prop_assert_eq!(before.value.to_string(), after.value.to_string());
                }
                before = after;
            }
        }
    }

    #[test]
    fn a_difference_makes_the_newer_out_of_the_older(old in any_json(), new in any_json()) {
        let changes = diff(&old, &new);
        prop_assert_eq!(apply_changes(&old, &changes), new.clone());
        prop_assert_eq!(changes.is_empty(), old == new);
        for change in &changes {
            prop_assert_eq!(change.path.get(&old), change.old.as_ref());
            prop_assert_eq!(change.path.get(&new), change.new.as_ref());
            prop_assert_ne!(&change.old, &change.new);
        }
        let nothing = Json::Object(Object::default());
        prop_assert_eq!(apply_changes(&nothing, &diff_from_nothing(&new)), new);
    }

    #[test]
    fn the_events_responsible_lie_between_the_points(
        records in any_records(16), rules in any_rules(), a in 0_u32..16, b in 0_u32..16,
    ) {
        let history = history(&records);
        for reducer in reducers(rules) {
            let folder = Folder::new(Arc::clone(&history), reducer);
            let stream = StreamId(0);
            let events = history.log.events_of(stream);
            let n_events = u32::try_from(events.len()).unwrap();
            let (a, b) = (a % n_events, b % n_events);
            let old = folder.state_at(stream, a, &never).unwrap();
            let new = folder.state_at(stream, b, &never).unwrap();
            let between = &events[(a.min(b) + 1) as usize..=a.max(b) as usize];
            for one in folder.explain(Some(&old), &new, &never).unwrap() {
                prop_assert!(!one.by.is_empty() && one.by.is_sorted());
                prop_assert!(one.by.iter().all(|at| between.contains(&at.0)));
            }
            for one in folder.explain(None, &new, &never).unwrap() {
                prop_assert!(one.change.kind == ChangeKind::Added && !one.by.is_empty());
            }
        }
    }

    #[test]
    fn the_log_answers_as_a_scan_does(records in any_records(40), bounds in vec(0_u32..60, 2..6)) {
        let history = history(&records);
        let log = &history.log;
        for stream in log.streams() {
            scan_of_stream(log, &records, stream)?;
        }
        let is_versioned = records.iter().any(|record| record.version.is_some());
        if is_versioned {
            for (n, record) in (0..).zip(&records) {
                prop_assert_eq!(log.version(Position(n)), record.version.map(Version));
            }
        }
        scan_of_times(log, &records)?;
        scan_of_columns(log, bounds)?;
    }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn checkpoints_never_change_an_answer(
        n_events in 600_u32..1500, budget in prop_oneof![Just(1 << 20), 200_usize..2_000], seeks in vec(any::<u32>(), 1..8),
    ) {
        let records: Vec<Record> = (0..n_events).map(numbered).collect();
        let history = history(&records);
        let text = "[category.order.on]\n\"*\" = ['merge data', 'add 0.10 to sum', 'set rank to version']";
        for reducer in reducers(Rules::parse("sum.toml", text).unwrap()) {
            let kept = Folder::new(Arc::clone(&history), Arc::clone(&reducer)).with_checkpoint_budget(budget);
            let bare = Folder::new(Arc::clone(&history), reducer).with_checkpoint_budget(0);
            let stream = StreamId(0);
            kept.state_at_end(stream, &never).unwrap();
            for seek in &seeks {
                let rank = seek % n_events;
                let (a, b) = (kept.state_at(stream, rank, &never), bare.state_at(stream, rank, &never));
                prop_assert_eq!(a.as_ref().map(|s| s.value.to_string()), b.as_ref().map(|s| s.value.to_string()));
                prop_assert_eq!(a, b);
            }
            prop_assert_eq!(states(&kept, stream), states(&bare, stream));
            prop_assert!(kept.checkpoint_bytes() <= budget);
            prop_assert_eq!(bare.checkpoint_bytes(), 0);
        }
    }
}

fn scan_of_stream(
    log: &EventLog,
    records: &[Record],
    stream: StreamId,
) -> Result<(), TestCaseError> {
    let name = log.stream_name(stream);
    let of_stream = (0_u32..)
        .zip(records)
        .filter(|(_, record)| record.stream == name);
    let (positions, of_stream): (Vec<u32>, Vec<&Record>) = of_stream.unzip();
    prop_assert_eq!(log.events_of(stream), &positions);
    prop_assert_eq!(log.category_of(stream), name.split('-').next().unwrap());
    for (rank, record) in (0..).zip(&of_stream) {
        if let Some(version) = record.version {
            prop_assert_eq!(log.version_at_rank(stream, rank), Some(Version(version)));
            let last = of_stream
                .iter()
                .rposition(|other| other.version == Some(version));
            let found = log.rank_of_version(stream, Version(version));
            prop_assert_eq!(found.map(|rank| rank as usize), last);
        }
    }
    for position in 0..u32::try_from(records.len()).unwrap() {
        let before = positions.iter().filter(|at| **at <= position).count();
        let rank = log.rank_at(stream, Position(position));
        prop_assert_eq!(rank.map_or(0, |rank| rank as usize + 1), before);
    }
    Ok(())
}

fn time_of(record: &Record) -> Option<Timestamp> {
    Timestamp::parse(&record.time).map(|read| read.time)
}

fn scan_of_times(log: &EventLog, records: &[Record]) -> Result<(), TestCaseError> {
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by_key(|at| time_of(&records[*at]));
    for (rank, at) in (0..).zip(&order) {
        prop_assert_eq!(log.position_by_time(rank).map(Position::index), Some(*at));
    }
    for second in -1..52 {
        let moment = Timestamp(second * 1_000_000_000);
        let before = records
            .iter()
            .filter(|record| time_of(record) < Some(moment))
            .count();
        prop_assert_eq!(log.rank_before_time(moment) as usize, before);
        let by_then = |record: &Record| time_of(record).is_some_and(|time| time <= moment);
        let last = records.iter().rposition(by_then);
        prop_assert_eq!(log.last_at_time(moment).map(Position::index), last);
    }
    Ok(())
}

fn scan_of_columns(log: &EventLog, bounds: Vec<u32>) -> Result<(), TestCaseError> {
    let end = u32::try_from(log.len()).unwrap();
    let mut bounds: Vec<u32> = bounds.into_iter().map(|bound| bound.min(end)).collect();
    bounds.sort_unstable();
    for axis in [Axis::Time, Axis::Sequence] {
        for grouping in [Grouping::Category, Grouping::Type] {
            let counted = log.count_columns(axis, grouping, &bounds);
            let groups = log.groups(grouping);
            for (column, pair) in bounds.windows(2).enumerate() {
                let mut expected = vec![0; counted.n_groups];
                for rank in pair[0]..pair[1] {
                    let position = match axis {
                        Axis::Time => log.position_by_time(rank).unwrap(),
                        Axis::Sequence => Position(rank),
                    };
                    let id = match grouping {
                        Grouping::Category => {
                            log.stream_info(log.stream(position)).category.index()
                        }
                        Grouping::Type => log.event_type(position).index(),
                    };
                    expected[usize::from(groups[id])] += 1;
                }
                prop_assert_eq!(counted.column(column), &expected);
            }
        }
    }
    Ok(())
}
