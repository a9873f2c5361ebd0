//! Causes and effects, undertakings and related streams; and fields over a stream.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::sync::Arc;

use annals::event::json::JsonPath;
use annals::event::{
    CausationNames, EventDetail, EventReader, Payload, Place, Position, Problems, ReadError, Want,
};
use annals::fold::{Folder, LaneValue, Merge, field_lanes};
use annals::history::{
    CauseIndex, Causes, Chain, History, HistoryAbout, IdFound, IdIndex, Link, LogBuilder, NewEvent,
    PartRules,
};
use proptest::prelude::*;

/// An event as these tests need it: stream, id, cause, undertaking, data.
type Event = (String, String, Option<String>, Option<String>, String);

struct Memory(Vec<Event>);

impl EventReader for Memory {
    fn read(
        &self,
        places: &[Place],
        _want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        for (nr, place) in places.iter().enumerate() {
            let (_, id, cause, correlation, data) = &self.0[usize::try_from(place.at).unwrap()];
            let detail = EventDetail {
                id: Some(id.clone()),
                causation: cause.clone(),
                correlation: correlation.clone(),
                data: Payload::Json(data.as_str().into()),
                ..EventDetail::default()
            };
            if !each(nr, Ok(detail)) {
                return;
            }
        }
    }
}

fn history(events: Vec<Event>, causation: CausationNames) -> History {
    let mut builder = LogBuilder::of(PartRules {
        without_versions: true,
        counts_missing: false,
        ..PartRules::default()
    });
    for (place, (stream, ..)) in (0..).zip(&events) {
        let event = NewEvent {
            stream: stream.as_bytes(),
            category: None,
            version: None,
            event_type: b"Changed",
            time: None,
            place: Place::at(place),
        };
        builder.push(&event).unwrap();
    }
    History {
        log: builder.finish(),
        reader: Arc::new(Memory(events)),
        problems: Problems::default(),
        about: HistoryAbout {
            causation,
            ..HistoryAbout::default()
        },
        n_snapshots: 0,
        consumers: Vec::new(),
        snapshots: Vec::new(),
        is_complete: true,
    }
}

fn event(stream: &str, id: &str, cause: Option<&str>) -> Event {
    let cause = cause.map(str::to_owned);
    let together = Some("together".to_owned());
    (
        stream.to_owned(),
        id.to_owned(),
        cause,
        together,
        "{}".to_owned(),
    )
}

fn index(history: &History) -> CauseIndex {
    CauseIndex::read(history, &mut |_| true).unwrap()
}

fn chain(history: &History, at: u32) -> Chain {
    let index = index(history);
    Causes::new(history, &index, &|| false)
        .chain(Position(at))
        .unwrap()
}

fn links(chain: &Chain) -> Vec<String> {
    let link = |step: &annals::history::ChainStep| match &step.link {
        Link::Event(position) => position.0.to_string(),
        Link::Command(id) => format!("command {id}"),
        Link::Missing(id) => format!("missing {id}"),
    };
    chain.steps.iter().map(link).collect()
}

#[test]
fn a_chain_runs_from_its_command_to_its_last_effect() {
    let events = vec![
        event("a-1", "one", Some("order it")),
        event("b-1", "two", Some("one")),
        event("b-1", "other", Some("one")),
        event("c-1", "three", Some("two")),
    ];
    let history = history(events, CausationNames::EventOrCommand);
    let chain = chain(&history, 1);
    assert_eq!(links(&chain), ["command order it", "0", "1", "3"]);
    assert_eq!((chain.at, chain.steps[1].others), (2, 1));
    assert_eq!(chain.cause(), Some(Position(0)));
    assert_eq!(chain.first_effect(), Some(Position(3)));
}

#[test]
fn causes_that_run_in_a_circle_end() {
    let events = vec![
        event("a-1", "one", Some("two")),
        event("a-1", "two", Some("one")),
        event("a-1", "self", Some("self")),
    ];
    let history = history(events, CausationNames::EventOrCommand);
    assert_eq!(links(&chain(&history, 0)), ["1", "0"]);
    assert_eq!(links(&chain(&history, 2)), ["2"]);
}

#[test]
fn where_ids_name_commands_no_event_is_a_cause() {
    let events = vec![event("a-1", "one", None), event("b-1", "two", Some("one"))];
    let history = history(events, CausationNames::Command);
    assert_eq!(links(&chain(&history, 1)), ["command one", "1"]);
    assert_eq!(links(&chain(&history, 0)), ["0"]);
}

#[test]
fn related_streams_come_in_the_order_of_their_first_event() {
    let events = vec![
        event("b-1", "x", None),
        event("a-1", "y", None),
        event("c-1", "z", None),
        event("b-1", "w", None),
    ];
    let history = history(events, CausationNames::EventOrCommand);
    let index = index(&history);
    let stream = history.log.find_stream("a-1", None).unwrap();
    let related = Causes::new(&history, &index, &|| false)
        .related(stream)
        .unwrap();
    let found: Vec<_> = related
        .iter()
        .map(|one| (history.log.stream_name(one.stream), one.events.as_slice()))
        .collect();
    assert_eq!(found, [("b-1", [0, 3].as_slice()), ("c-1", &[2])]);
}

#[test]
fn an_index_that_is_stopped_gives_nothing() {
    let history = history(vec![event("a-1", "x", None)], CausationNames::Command);
    assert!(CauseIndex::read(&history, &mut |_| false).is_err());
}

fn some_events() -> impl Strategy<Value = Vec<Event>> {
    let id = (0_u32..12).prop_map(|n| format!("id {n}"));
    let cause = proptest::option::of((0_u32..16).prop_map(|n| format!("id {n}")));
    let together = proptest::option::of((0_u32..3).prop_map(|n| format!("together {n}")));
    let stream = (0_u32..4).prop_map(|n| format!("s-{n}"));
    let data = (0_u32..4).prop_map(|n| match n {
        0 => r#"{"a":1.50}"#.to_owned(),
        1 => r#"{"a":-2,"b":"x"}"#.to_owned(),
        2 => r#"{"b":null,"c":[1,2]}"#.to_owned(),
        _ => r#"{"a":"1.5","c":{}}"#.to_owned(),
    });
    let one = (stream, id, cause, together, data);
    proptest::collection::vec(one, 1..40)
}

proptest! {
    #[test]
    fn what_the_index_finds_is_what_a_walk_over_all_events_finds(events in some_events()) {
        let history = history(events.clone(), CausationNames::EventOrCommand);
        let index = index(&history);
        for text in (0..16).map(|n| format!("id {n}")) {
            let walked = |is_it: &dyn Fn(&Event) -> bool| -> Vec<Position> {
                let found = events.iter().zip(0_u32..).filter(|(event, _)| is_it(event));
                found.map(|(_, at)| Position(at)).collect()
            };
            let with_id = walked(&|event| event.1 == text);
            prop_assert_eq!(index.with_id(&text).collect::<Vec<_>>(), with_id);
            let caused = walked(&|event| event.2.as_ref() == Some(&text));
            prop_assert_eq!(index.caused_by(&text).collect::<Vec<_>>(), caused);
        }
        for at in 0..u32::try_from(events.len()).unwrap() {
            let chain = Causes::new(&history, &index, &|| false).chain(Position(at)).unwrap();
            prop_assert_eq!(&chain.steps[chain.at].link, &Link::Event(Position(at)));
            // Every step names the one before it as its cause, and none stands twice.
            for pair in chain.steps.windows(2) {
                let Link::Event(later) = pair[1].link else {
                    prop_assert!(false, "only the first step may be no event");
                    continue;
                };
                let cause = events[later.index()].2.clone().unwrap();
                match &pair[0].link {
                    Link::Event(before) => prop_assert_eq!(&events[before.index()].1, &cause),
                    Link::Command(id) | Link::Missing(id) => prop_assert_eq!(id, &cause),
                }
            }
        }
        for together in (0..3).map(|n| format!("together {n}")) {
            let found = Causes::new(&history, &index, &|| false).undertaking(&together).unwrap();
            let walked: Vec<_> = events.iter().zip(0_u32..)
                .filter(|(event, _)| event.3.as_ref() == Some(&together))
                .map(|(_, at)| Position(at))
                .collect();
            prop_assert_eq!(found.events, walked);
        }
    }

    #[test]
    fn a_lane_holds_the_value_of_the_state_after_every_event(events in some_events()) {
        let history = Arc::new(history(events, CausationNames::EventOrCommand));
        let folder = Folder::new(Arc::clone(&history), Arc::new(Merge));
        let paths: Vec<_> = ["a", "b", "c", "d"].map(|path| JsonPath::parse(path).unwrap()).into();
        for stream in history.log.streams() {
            let lanes = field_lanes(&folder, stream, &paths, &|| false).unwrap();
            let n_events = u32::try_from(history.log.events_of(stream).len()).unwrap();
            for (rank, lane) in (0..n_events).flat_map(|rank| lanes.iter().map(move |lane| (rank, lane))) {
                let state = folder.state_at(stream, rank, &|| false).unwrap();
                let expected = lane.path.get(&state.value).cloned();
                match (lane.at(rank).map(|step| &step.value), expected) {
                    (None | Some(LaneValue::Absent), None) => {}
                    (Some(LaneValue::Number(_, number)), Some(value)) => {
                        prop_assert_eq!(Some(*number), value.as_decimal());
                    }
                    (Some(LaneValue::Text(text)), Some(value)) => {
                        let text = text.to_string();
                        let said = value.as_text().map_or_else(|| value.to_string(), str::to_owned);
                        prop_assert_eq!(text, said);
                    }
                    (Some(LaneValue::Container(_, n)), Some(value)) => {
                        prop_assert_eq!(*n == 0, value.is_leaf());
                    }
                    other => prop_assert!(false, "{:?}", other),
                }
            }
        }
    }
}

#[test]
fn an_id_and_its_beginning_are_found_whether_many_begin_alike_or_not() {
    let scattered = |n: u64| format!("{:016x}-A{n}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let alike = |n: u64| format!("event-00000-{n}");
    let forms: [(&dyn Fn(u64) -> String, usize); 2] = [(&scattered, 8), (&alike, 16)];
    for (id, n_bytes) in forms {
        let event = |n| (format!("a-{n}"), id(n), None, None, "{}".to_owned());
        let history = history((0..200).map(event).collect(), CausationNames::default());
        let index = IdIndex::read(&history, &mut |_| true).unwrap();
        assert_eq!(index.bytes(), n_bytes * 200);
        let find = |text: &str| index.find(&history, text, &|| false).unwrap();
        for n in [0, 7, 199] {
            let at = IdFound::One(Position(u32::try_from(n).unwrap()));
            assert_eq!(find(&id(n)), at);
        }
        assert_eq!(find("nothing at all"), IdFound::None);
        assert_eq!(find("short"), IdFound::None);
    }
    let event = |n| (format!("a-{n}"), scattered(n), None, None, "{}".to_owned());
    let history = history((0..200).map(event).collect(), CausationNames::default());
    let index = IdIndex::read(&history, &mut |_| true).unwrap();
    let start = scattered(9)[..10].to_ascii_uppercase();
    let found = index.find(&history, &start, &|| false).unwrap();
    assert_eq!(found, IdFound::One(Position(9)));
}
