//! What if: a branch folds as the history would that has its edits.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "support/history.rs"]
mod history;

use std::sync::Arc;

use annals::event::json::JsonPath;
use annals::event::{Position, StreamId, Timestamp, Zone};
use annals::fold::{
    Branch, BranchError, Edit, Folder, LastPayload, LeafHistory, Merge, MergePatch, Reducer, Rules,
    StateTable, TableQuestion, field_history,
};
use annals::query::{Context, Over, Question, Stretch, Watch, ask_when};
use history::{Record, history};
use proptest::collection::vec;
use proptest::prelude::*;

fn never() -> bool {
    false
}

fn record((event_type, data): (&str, &str), version: i64) -> Record {
    Record {
        event_type: event_type.to_owned(),
        data: data.to_owned(),
        version: Some(version),
        ..Record::default()
    }
}

fn records(events: &[(&str, &str)]) -> Vec<Record> {
    (0..)
        .zip(events)
        .map(|(version, event)| record(*event, version))
        .collect()
}

fn reducers() -> [Arc<dyn Reducer>; 4] {
    let text = r#"
[category.order.on]
A = ['merge data', 'add data.n to sum', 'append data.x to list']
B = ['set copy to state.a', 'delete b', 'set c to version']
"*" = ['merge data into deep']
"#;
    let rules = Rules::parse("rules.toml", text).unwrap();
    [
        Arc::new(Merge),
        Arc::new(MergePatch),
        Arc::new(LastPayload),
        Arc::new(rules),
    ]
}

fn base(records: &[Record], reducer: &Arc<dyn Reducer>) -> Arc<Folder> {
    Arc::new(Folder::new(history(records), Arc::clone(reducer)))
}

fn branched(base: &Arc<Folder>, edits: &[(u32, Edit)]) -> Folder {
    let mut branch = Branch::new("what-if-1");
    for (at, edit) in edits {
        branch.put(Position(*at), Some(edit.clone())).unwrap();
    }
    Folder::for_branch(base, Arc::new(branch))
}

fn data(text: &str) -> Edit {
    Edit::Data(text.into())
}

/// The states after all events of the only stream.
fn states(folder: &Folder) -> Vec<String> {
    let last = u32::try_from(folder.history().log.len()).unwrap() - 1;
    let mut states = Vec::new();
    folder
        .walk(StreamId(0), 0, last, &never, &mut |_, _, state| {
            states.push(state.to_string());
            true
        })
        .unwrap();
    states
}

fn any_event() -> impl Strategy<Value = (String, String)> {
    let payload = prop_oneof![
        4 => "\\{\"[abnx]\":[0-9]\\}",
        3 => "\\{\"[abnx]\":[0-9],\"[cdnx]\":\"[a-c]\"\\}",
        1 => "\\{\"a\":\\{\"[ab]\":(null|[0-9])\\}\\}",
        1 => Just("[1]".to_owned()),
        1 => Just("no json".to_owned()),
        1 => Just(String::new()),
    ];
    ("[ABC]", payload)
}

fn any_records() -> impl Strategy<Value = Vec<Record>> {
    vec(any_event(), 1..14).prop_map(|events| {
        let events: Vec<(&str, &str)> = events
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        records(&events)
    })
}

/// Everything that is asked of a folder, as text.
fn answers(folder: &Folder) -> Vec<String> {
    let log = &folder.history().log;
    let last = u32::try_from(log.len()).unwrap() - 1;
    let leaves = LeafHistory::of(folder, StreamId(0), last, &never).unwrap();
    let end = folder.state_at_end(StreamId(0), &never).unwrap();
    let mut answers = states(folder);
    for (path, _) in end.value.leaves() {
        let changes: Vec<_> = leaves.changes(&path).collect();
        answers.push(format!("{path} {changes:?}"));
        let steps = field_history(folder, StreamId(0), &path, &never).unwrap();
        answers.push(format!("{steps:?}"));
    }
    let question = TableQuestion {
        category: log.stream_info(StreamId(0)).category,
        columns: Some(
            ["a", "n", "sum"]
                .map(|path| JsonPath::parse(path).unwrap())
                .to_vec(),
        ),
        until: None,
    };
    let table = StateTable::of(folder, &question, &never, &|_| {}).unwrap();
    for position in (0..=last).map(Position) {
        answers.push(format!("{:?}", table.as_of(log, position)));
    }
    for text in ["n > 4", "a changes", "sum appears"] {
        answers.push(format!("{:?}", when(folder, text)));
    }
    answers
}

fn when(folder: &Folder, text: &str) -> Vec<(u32, Option<u32>)> {
    let question = Question::parse(text).unwrap();
    let mut watch = Watch {
        cancel: &never,
        partly: &mut |_, _| {},
    };
    let context = Context::at(Timestamp(0), Zone::Utc);
    let found = ask_when(&question, folder, Over::Everything, &context, &mut watch);
    let stretches = found.unwrap().unwrap().stretches;
    let pair = |stretch: &Stretch| (stretch.from.0, stretch.to.map(|to| to.0));
    stretches.iter().map(pair).collect()
}

#[test]
fn a_branch_takes_json_only_and_says_what_it_is_called() {
    let reducer: Arc<dyn Reducer> = Arc::new(Merge);
    let base = base(
        &records(&[("A", "{\"a\":1}"), ("A", "{\"a\":2}")]),
        &reducer,
    );
    let mut branch = Branch::new("what-if-1");
    let wrong = branch.put(Position(0), Some(data("{a")));
    assert!(matches!(wrong, Err(BranchError::NoJson(_))), "{wrong:?}");
    let long = format!("\"{}\"", "x".repeat(1 << 20));
    let wrong = branch.put(Position(0), Some(data(&long)));
    assert_eq!(wrong, Err(BranchError::TooLong));
    assert!(branch.is_empty());
    branch.put(Position(1), Some(data("{\"a\":3}"))).unwrap();
    branch.put(Position(0), Some(Edit::Skip)).unwrap();
    assert_eq!(branch.counts(), (1, 1));
    let folder = Folder::for_branch(&base, Arc::new(branch));
    let end = folder.state_at_end(StreamId(0), &never).unwrap();
    assert_eq!(&*end.label, "payload merge, what-if-1");
    assert_eq!((end.events_applied, end.not_applied), (1, 1));
    assert_eq!(end.value.to_string(), "{\"a\":3}");
}

#[test]
fn a_payload_that_cannot_be_read_is_known_once_a_branch_says_it() {
    let mut records = records(&[("A", "{\"a\":1}"), ("A", "{\"a\":2}"), ("A", "{\"b\":2}")]);
    records[1].is_unreadable = true;
    // With the last payload alone the later event says everything again.
    for reducer in reducers().into_iter().take(2) {
        let base = base(&records, &reducer);
        let unknown = |folder: &Folder| {
            let end = folder.state_at_end(StreamId(0), &never).unwrap();
            folder.unknown(&end, &never).unwrap().len()
        };
        assert_ne!(unknown(&base), 0, "{}", reducer.label());
        for edit in [Edit::Skip, data("{\"a\":7}")] {
            assert_eq!(unknown(&branched(&base, &[(1, edit)])), 0);
        }
    }
}

#[test]
fn a_branch_changes_at_most_a_thousand_events() {
    let mut branch = Branch::new("what-if-1");
    for at in 0..1_000 {
        branch.put(Position(at), Some(Edit::Skip)).unwrap();
    }
    let full = branch.put(Position(1_000), Some(Edit::Skip));
    assert_eq!(full, Err(BranchError::Full));
    branch.put(Position(7), Some(data("{}"))).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn a_branch_with_no_change_equals_the_base(records in any_records()) {
        for reducer in reducers() {
            let base = base(&records, &reducer);
            let same = branched(&base, &[]);
            prop_assert_eq!(answers(&base), answers(&same));
            let end = |folder: &Folder| folder.state_at_end(StreamId(0), &never).unwrap();
            prop_assert_eq!(end(&base), end(&same));
            prop_assert_eq!(same.first_divergence(StreamId(0), &never).unwrap(), None);
        }
    }

    #[test]
    fn leaving_an_event_out_equals_folding_the_others(records in any_records(), at in any::<prop::sample::Index>()) {
        let skipped = at.index(records.len());
        let mut others = records.clone();
        others.remove(skipped);
        prop_assume!(!others.is_empty());
        for reducer in reducers() {
            let base = base(&records, &reducer);
            let folder = branched(&base, &[(u32::try_from(skipped).unwrap(), Edit::Skip)]);
            let mut expected = states(&self::base(&others, &reducer));
            let mut found = states(&folder);
            let at_skipped = found.remove(skipped);
            prop_assert_eq!(&found, &expected);
            if skipped > 0 {
                prop_assert_eq!(at_skipped, expected.swap_remove(skipped - 1));
            }
        }
    }

    #[test]
    fn changing_an_event_equals_folding_it_so(records in any_records(), at in any::<prop::sample::Index>(), n in 0_u8..10) {
        let changed = at.index(records.len());
        let text = format!("{{\"n\":{n},\"a\":{{\"b\":1.10}}}}");
        let mut others = records.clone();
        others[changed].data.clone_from(&text);
        for reducer in reducers() {
            let base = base(&records, &reducer);
            let folder = branched(&base, &[(u32::try_from(changed).unwrap(), data(&text))]);
            prop_assert_eq!(answers(&folder), answers(&self::base(&others, &reducer)));
        }
    }

    #[test]
    fn changing_an_event_back_equals_the_base(records in any_records(), at in any::<prop::sample::Index>()) {
        let changed = at.index(records.len());
        let position = u32::try_from(changed).unwrap();
        let text = records[changed].data.clone();
        prop_assume!(annals::event::json::parse(text.as_bytes()).is_ok());
        for reducer in reducers() {
            let base = base(&records, &reducer);
            let same = branched(&base, &[(position, data(&text))]);
            prop_assert_eq!(answers(&base), answers(&same));
            let mut branch = Branch::new("what-if-1");
            branch.put(Position(position), Some(Edit::Skip)).unwrap();
            branch.put(Position(position), None).unwrap();
            let same = Folder::for_branch(&base, Arc::new(branch));
            prop_assert_eq!(answers(&base), answers(&same));
        }
    }

    #[test]
    fn the_first_divergence_is_the_first_state_that_differs(
        records in any_records(), edits in vec((any::<prop::sample::Index>(), prop::option::of(0_u8..3)), 1..4),
    ) {
        let edits: Vec<(u32, Edit)> = edits.iter().map(|(at, n)| {
            let edit = n.map_or(Edit::Skip, |n| data(&format!("{{\"n\":{n}}}")));
            (u32::try_from(at.index(records.len())).unwrap(), edit)
        }).collect();
        for reducer in reducers() {
            let base = base(&records, &reducer);
            let folder = branched(&base, &edits);
            let (old, new) = (states(&base), states(&folder));
            let differs = old.iter().zip(&new).position(|(old, new)| old != new);
            let found = folder.first_divergence(StreamId(0), &never).unwrap();
            prop_assert_eq!(found.as_ref().map(|found| found.rank as usize), differs);
            if let Some(found) = found {
                prop_assert_eq!(found.version.unwrap().0, i64::from(found.rank));
                let at = |folder: &Folder| folder.state_at(StreamId(0), found.rank, &never).unwrap().value;
                let (old, new) = (at(&base), at(&folder));
                prop_assert_ne!(found.path.get(&old), found.path.get(&new));
            }
        }
    }
}
