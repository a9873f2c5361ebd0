//! The graph of an undertaking: who caused whom, the longest chain, what is lost, and where it stands.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::sync::Arc;
use std::time::Instant;

use annals::event::{
    CausationNames, EventDetail, EventReader, Place, Position, Problems, ReadError, StreamId,
    Timestamp, Want,
};
use annals::history::{
    CauseGraph, CauseIndex, Causes, EdgeMark, GraphEvent, GraphLayout, GraphSpacing, History,
    HistoryAbout, Link, LogBuilder, NewEvent, PartRules,
};
use annals::ingest::open_sample;
use proptest::prelude::*;

const NAMES: CausationNames = CausationNames::EventOrCommand;

const SPACING: GraphSpacing = GraphSpacing {
    gap: 16.0,
    label: 60.0,
    step: 20.0,
    natural: 60.0,
    fold: 40.0,
    stretch: 120.0,
};

/// An event: stream, time in seconds, id, cause.
fn event(at: u32, stream: u32, secs: Option<i64>, id: &str, cause: Option<&str>) -> GraphEvent {
    GraphEvent {
        position: Position(at),
        stream: StreamId(stream),
        time: secs.map(|secs| Timestamp(secs * 1_000_000_000)),
        name: Some(id.to_owned()),
        cause: cause.map(str::to_owned),
    }
}

fn laid_out(graph: &CauseGraph, folds: bool) -> GraphLayout {
    GraphLayout::new(graph, SPACING, folds, &|node| f64::from(80 + node % 5 * 10))
}

/// `cause→effect` of every step, with what is to be said of it.
fn steps(graph: &CauseGraph) -> Vec<(u32, u32, EdgeMark)> {
    let steps = graph.edges.iter();
    steps
        .map(|step| (step.cause, step.effect, step.mark))
        .collect()
}

/// A history held in memory, whose reader knows ids, causes and undertakings.
struct Memory(Vec<(String, Option<String>, Option<String>)>);

impl EventReader for Memory {
    fn read(
        &self,
        places: &[Place],
        _want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        for (nr, place) in places.iter().enumerate() {
            let (id, cause, correlation) = &self.0[usize::try_from(place.at).unwrap()];
            let detail = EventDetail {
                id: Some(id.clone()),
                causation: cause.clone(),
                correlation: correlation.clone(),
                ..EventDetail::default()
            };
            if !each(nr, Ok(detail)) {
                return;
            }
        }
    }
}

fn history(events: &[GraphEvent], correlation: impl Fn(usize) -> Option<String>) -> History {
    let mut builder = LogBuilder::of(PartRules {
        without_versions: true,
        counts_missing: false,
        ..PartRules::default()
    });
    for (place, event) in (0..).zip(events) {
        let stream = format!("s-{}", event.stream.0);
        let new = NewEvent {
            stream: stream.as_bytes(),
            category: None,
            version: None,
            event_type: b"Changed",
            time: event.time,
            place: Place::at(place),
        };
        builder.push(&new).unwrap();
    }
    let known = events.iter().enumerate().map(|(at, event)| {
        let id = event.name.clone().unwrap();
        (id, event.cause.clone(), correlation(at))
    });
    History {
        log: builder.finish(),
        reader: Arc::new(Memory(known.collect())),
        problems: Problems::default(),
        about: HistoryAbout {
            causation: NAMES,
            ..HistoryAbout::default()
        },
        n_snapshots: 0,
        consumers: Vec::new(),
        snapshots: Vec::new(),
        is_complete: true,
    }
}

fn graph_at(history: &History, at: u32) -> CauseGraph {
    let index = CauseIndex::read(history, &mut |_| true).unwrap();
    Causes::new(history, &index, &|| false)
        .graph(Position(at))
        .unwrap()
}

#[test]
fn the_order_of_the_sample_has_31_events_in_7_streams_and_one_command_with_two_effects() {
    let history = open_sample(&Arc::default()).unwrap();
    let graph = graph_at(&history, 233);
    assert_eq!(
        graph.correlation.as_deref(),
        Some("5be2a940-3d07-4c1e-9b52-8f60a3e171cc")
    );
    assert_eq!((graph.n_members, graph.n_streams()), (31, 7));
    assert!(!graph.is_cut);
    let retried = Link::Command("cmd-apply-discount-1220".to_owned());
    let command = graph
        .outside()
        .find(|node| graph.nodes[*node as usize].link == retried);
    let effects = graph.effects(command.unwrap()).iter();
    let effects: Vec<_> = effects
        .map(|node| graph.nodes[*node as usize].position().unwrap().0)
        .collect();
    assert_eq!(effects, [213, 232]);
    let path = graph.path_to(graph.node_of(Position(233)).unwrap());
    let path: Vec<_> = path
        .iter()
        .map(|node| graph.nodes[*node as usize].position().map(|at| at.0))
        .collect();
    assert_eq!(path, [None, Some(232), Some(233)]);
    assert_eq!(graph.unsound().count(), 0);
}

#[test]
fn the_longest_chain_is_the_one_that_took_the_most_time_not_the_one_of_the_most_steps() {
    let events = [
        event(0, 1, Some(0), "root", None),
        event(1, 2, Some(1), "a", Some("root")),
        event(2, 2, Some(2), "b", Some("a")),
        event(3, 2, Some(3), "c", Some("b")),
        event(4, 3, Some(100), "late", Some("root")),
    ];
    let graph = CauseGraph::of(&events, NAMES);
    assert_eq!(graph.critical, [0, 4]);
    assert_eq!(graph.critical_lasts(), Some(100_000_000_000));
    assert_eq!(graph.waits(), [(4, 100_000_000_000)]);
    assert_eq!(graph.slowest().first().unwrap().effect, 4);
    let streams: Vec<_> = graph
        .lanes
        .iter()
        .map(|lane| lane.stream.unwrap().0)
        .collect();
    assert_eq!(streams, [1, 3, 2], "those of the longest chain come first");
}

#[test]
fn without_times_the_longest_chain_is_that_of_the_most_steps_and_lasts_nobody_knows_how_long() {
    let events = [
        event(0, 1, None, "root", None),
        event(1, 1, None, "a", Some("root")),
        event(2, 1, None, "b", Some("root")),
        event(3, 1, None, "c", Some("b")),
    ];
    let graph = CauseGraph::of(&events, NAMES);
    assert_eq!(graph.critical, [0, 2, 3]);
    assert_eq!((graph.critical_lasts(), graph.time_range()), (None, None));
    assert!(graph.edges.iter().all(|edge| edge.latency.is_none()));
}

#[test]
fn circles_effects_before_their_causes_and_clocks_that_go_back_are_marked() {
    let events = [
        event(0, 1, Some(5), "a", Some("b")),
        event(1, 1, Some(6), "b", Some("a")),
        event(2, 1, Some(7), "early", Some("later")),
        event(3, 1, Some(9), "later", None),
        event(4, 1, Some(8), "back", Some("later")),
        event(5, 1, Some(9), "self", Some("self")),
        event(6, 1, Some(9), "lost", Some("nobody")),
        event(7, 1, Some(9), "tail", Some("b")),
    ];
    let graph = CauseGraph::of(&events, NAMES);
    use EdgeMark::{Circle, ClockGoesBack, EffectFirst, Sound};
    assert_eq!(
        steps(&graph),
        [
            (1, 0, Circle),
            (0, 1, Circle),
            (3, 2, EffectFirst),
            (3, 4, ClockGoesBack),
            (8, 6, Sound),
            (1, 7, Sound),
        ]
    );
    assert_eq!(graph.nodes[8].link, Link::Command("nobody".to_owned()));
    assert_eq!(graph.path_to(7), [0, 1, 7], "a circle is walked round once");
    let by_number = CauseGraph::of(&events, CausationNames::Position);
    assert_eq!(by_number.nodes[8].link, Link::Missing("nobody".to_owned()));
    let commands = CauseGraph::of(&events, CausationNames::Command);
    assert!(
        commands
            .edges
            .iter()
            .all(|edge| edge.cause as usize >= commands.n_members)
    );
}

#[test]
fn of_several_events_with_one_id_the_last_before_the_effect_is_its_cause() {
    let events = [
        event(0, 1, None, "twice", None),
        event(1, 1, None, "twice", None),
        event(2, 1, None, "x", Some("twice")),
        event(3, 1, None, "twice", None),
    ];
    let graph = CauseGraph::of(&events, NAMES);
    assert_eq!(steps(&graph), [(1, 2, EdgeMark::Sound)]);
}

#[test]
fn a_cause_in_another_undertaking_is_named_and_one_without_an_undertaking_is_followed() {
    let events = [
        event(0, 1, Some(1), "other", None),
        event(1, 2, Some(2), "mine", Some("other")),
        event(2, 3, Some(3), "free", Some("mine")),
    ];
    let of = |at: usize| [Some("first"), Some("second"), None][at].map(str::to_owned);
    let history = history(&events, of);
    let graph = graph_at(&history, 1);
    assert_eq!(graph.n_members, 1);
    assert_eq!(graph.nodes[1].link, Link::Event(Position(0)));
    assert!(!graph.nodes[1].is_member);
    assert_eq!(graph.edges[0].latency, Some(1_000_000_000));
    let tied = graph_at(&history, 2);
    assert_eq!((tied.correlation.as_deref(), tied.n_members), (None, 3));
    assert_eq!(tied.critical, [0, 1, 2]);
}

#[test]
fn a_quiet_time_is_folded_and_says_how_long_it_was() {
    let events: Vec<_> = [0, 1, 2, 3, 400_000, 400_001, 400_002]
        .into_iter()
        .zip(0..)
        .map(|(secs, at)| event(at, at, Some(secs), &at.to_string(), None))
        .collect();
    let graph = CauseGraph::of(&events, NAMES);
    let layout = laid_out(&graph, true);
    let quiet: Vec<_> = layout
        .stretches
        .iter()
        .map(|one| (one.nodes, one.quiet))
        .collect();
    assert_eq!(quiet, [([0, 3], None), ([4, 6], Some(399_997_000_000_000))]);
    assert!(layout.length < laid_out(&graph, false).length + 100.0);
    assert_eq!(laid_out(&graph, false).stretches.len(), 1);
    let now = layout.now(4, graph.n_members);
    assert!(layout.x[3] <= now && now <= layout.x[4]);
    assert!(layout.now(0, graph.n_members) < layout.x[0]);
}

/// Chains of ten steps that begin one after the other, with a lost cause here and there.
fn many(n_events: u32) -> Vec<GraphEvent> {
    let one = |at: u32| {
        let cause = match at % 10 {
            0 if at.is_multiple_of(100) => Some(format!("lost {at}")),
            0 => None,
            _ => Some((at - 1).to_string()),
        };
        let secs = i64::from(at) + if at > n_events / 2 { 90_000 } else { 0 };
        let id = at.to_string();
        event(at, at % 40, Some(secs), &id, cause.as_deref())
    };
    (0..n_events).map(one).collect()
}

#[test]
fn twenty_thousand_events_are_laid_out_at_once_and_more_are_cut_around_the_event() {
    let events = many(20_000);
    let began = Instant::now();
    let graph = CauseGraph::of(&events, NAMES);
    let made = began.elapsed();
    let layout = laid_out(&graph, true);
    let took = began.elapsed();
    // Twenty times what it takes, so that a busy machine does not fail.
    assert!(
        took.as_millis() < 2_000,
        "{made:?} to make, {took:?} in all"
    );
    assert_eq!((graph.n_members, layout.stretches.len()), (20_000, 2));
    let history = history(&many(25_000), |_| Some("one".to_owned()));
    let around = graph_at(&history, 24_990);
    assert!(around.is_cut);
    assert_eq!(around.n_members, 20_000);
    assert!(around.node_of(Position(24_990)).is_some());
}

fn some_events() -> impl Strategy<Value = Vec<GraphEvent>> {
    let id = (0_u32..14).prop_map(|n| format!("id {n}"));
    let cause = proptest::option::of((0_u32..18).prop_map(|n| format!("id {n}")));
    let secs = proptest::option::weighted(0.9, 0_i64..30);
    proptest::collection::vec((0_u32..4, secs, id, cause), 1..40).prop_map(|events| {
        let mut latest = 0;
        let one =
            |(at, (stream, secs, id, cause)): (u32, (u32, Option<i64>, String, Option<String>))| {
                // Mostly rising, sometimes back.
                let secs = secs.map(|secs| {
                    latest += secs * secs;
                    if secs == 7 { latest - 20 } else { latest }
                });
                event(at, stream, secs, &id, cause.as_deref())
            };
        (0..).zip(events).map(one).collect()
    })
}

proptest! {
    #[test]
    fn every_event_stands_in_the_graph_once_and_every_step_is_as_the_events_say(events in some_events()) {
        let graph = CauseGraph::of(&events, NAMES);
        prop_assert_eq!(&graph, &CauseGraph::of(&events, NAMES), "the same for the same events");
        let positions: Vec<_> = graph.nodes.iter().take(graph.n_members)
            .map(|node| node.position().unwrap()).collect();
        prop_assert_eq!(positions, events.iter().map(|event| event.position).collect::<Vec<_>>());
        let mut in_lanes: Vec<_> = graph.lanes.iter().flat_map(|lane| lane.nodes.clone()).collect();
        in_lanes.sort_unstable();
        prop_assert_eq!(in_lanes, (0..u32::try_from(graph.nodes.len()).unwrap()).collect::<Vec<_>>());
        let order = graph.reading_order();
        let mut places = order.clone();
        places.sort_unstable();
        prop_assert!(places.iter().zip(0..).all(|(place, nr)| *place == nr), "each place once");
        for (nr, event) in (0_u32..).zip(&events) {
            let edge = graph.edge_into(nr);
            let Some(named) = &event.cause else {
                prop_assert!(edge.is_none());
                continue;
            };
            let others = events.iter().filter(|other| other.position != event.position);
            let is_known = others.clone().any(|other| other.name.as_ref() == Some(named));
            let is_own = event.name.as_ref() == Some(named);
            match edge {
                None => prop_assert!(is_own && !is_known),
                Some(edge) if (edge.cause as usize) < graph.n_members => {
                    let cause = &events[edge.cause as usize];
                    prop_assert_eq!(cause.name.as_ref(), Some(named));
                    prop_assert!(graph.effects(edge.cause).contains(&nr));
                    if edge.mark == EdgeMark::Sound {
                        prop_assert!(cause.position < event.position);
                        prop_assert!(edge.latency.is_none_or(|latency| latency >= 0));
                    }
                }
                Some(_) => prop_assert!(!is_known),
            }
            let path = graph.path_to(nr);
            prop_assert_eq!(path.last(), Some(&nr));
            let is_rooted = path.first().is_some_and(|first| graph.cause(*first).is_none());
            let in_order = path.windows(2).all(|pair| order[pair[0] as usize] < order[pair[1] as usize]);
            prop_assert!(!is_rooted || in_order, "causes are read first");
            for pair in path.windows(2) {
                prop_assert_eq!(graph.cause(pair[1]), Some(pair[0]));
            }
        }
    }

    #[test]
    fn no_chain_of_sound_steps_takes_longer_than_the_longest(events in some_events()) {
        let graph = CauseGraph::of(&events, NAMES);
        let sound = |node: u32| graph.edge_into(node)
            .filter(|edge| edge.mark == EdgeMark::Sound && (edge.cause as usize) < graph.n_members)
            .map(|edge| edge.cause);
        for pair in graph.critical.windows(2) {
            prop_assert_eq!(sound(pair[1]), Some(pair[0]));
        }
        let time = |node: u32| graph.nodes[node as usize].time.map(|time| time.0);
        for end in 0..u32::try_from(graph.n_members).unwrap() {
            let mut start = Some(end);
            while let Some(node) = start {
                if let (Some(from), Some(to), Some(longest)) = (time(node), time(end), graph.critical_lasts()) {
                    prop_assert!(to - from <= longest, "{} to {}", node, end);
                }
                start = sound(node);
            }
        }
        let waited: i64 = graph.waits().iter().map(|(_, wait)| wait).sum();
        prop_assert_eq!(waited, graph.critical_lasts().unwrap_or(0));
    }

    #[test]
    fn events_stand_in_their_order_and_no_two_of_a_lane_on_top_of_each_other(
        events in some_events(),
        folds in any::<bool>(),
    ) {
        let graph = CauseGraph::of(&events, NAMES);
        let layout = laid_out(&graph, folds);
        prop_assert_eq!(&layout, &laid_out(&graph, folds));
        let members = &layout.x[..graph.n_members];
        prop_assert!(members.windows(2).all(|pair| pair[0] <= pair[1]));
        for lane in &graph.lanes {
            for pair in lane.nodes.windows(2) {
                let [before, after] = [pair[0] as usize, pair[1] as usize];
                prop_assert!(layout.x[before] + layout.lengths[before] < layout.x[after]);
            }
        }
        for edge in graph.edges.iter().filter(|edge| edge.mark == EdgeMark::Sound) {
            prop_assert!(layout.x[edge.cause as usize] < layout.x[edge.effect as usize]);
        }
        for (nr, x) in layout.x.iter().enumerate() {
            let within = layout.stretches.iter().filter(|one| one.x[0] <= *x && x + layout.lengths[nr] <= one.x[1]);
            prop_assert_eq!(within.count(), 1);
        }
        let past = layout.now(graph.n_members / 2, graph.n_members);
        prop_assert!(members[..graph.n_members / 2].iter().all(|x| *x <= past));
        prop_assert!(members[graph.n_members / 2..].iter().all(|x| past <= *x));
    }
}
