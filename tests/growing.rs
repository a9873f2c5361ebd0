//! A log that goes on says the same as one that is made at once, whatever comes and in whatever steps.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use annals::event::{Place, Position, Timestamp, Version};
use annals::history::{Axis, Clock, EventLog, Grouping, LogBuilder, NewEvent};
use proptest::prelude::*;

/// An event: stream, type, how its time goes on, when it occurred, and its version if it has one.
#[derive(Clone, Debug)]
struct Given {
    stream: u16,
    kind: u8,
    step: i64,
    is_timed: bool,
    occurred: Option<i64>,
    version: Option<i64>,
}

fn given() -> impl Strategy<Value = Given> {
    let step = prop_oneof![8 => 0..50_i64, 1 => -200..0_i64, 1 => -5000..5000_i64];
    let occurred = prop_oneof![9 => Just(None), 1 => (-1000..1000_i64).prop_map(Some)];
    let version = prop_oneof![8 => Just(None), 1 => (0..9_i64).prop_map(Some)];
    let kind = prop_oneof![6 => 0..6_u8, 1 => 0..90_u8];
    (
        0..40_u16,
        kind,
        step,
        prop::bool::weighted(0.97),
        occurred,
        version,
    )
        .prop_map(|(stream, kind, step, is_timed, occurred, version)| Given {
            stream,
            kind,
            step,
            is_timed,
            occurred,
            version,
        })
}

/// What is added, with what was before it.
struct Adding {
    versions: Vec<i64>,
    time: i64,
    n: usize,
}

impl Adding {
    fn new() -> Self {
        Self {
            versions: vec![0; 40],
            time: 1_000_000,
            n: 0,
        }
    }

    fn add(&mut self, builder: &mut LogBuilder, given: &Given) {
        let next = &mut self.versions[usize::from(given.stream)];
        *next = given.version.unwrap_or(*next + 1);
        self.time += given.step;
        let name = format!("order-{}", given.stream);
        let kind = format!("Type{}", given.kind);
        let category = format!("c{}", given.stream % 7);
        let event = NewEvent {
            stream: name.as_bytes(),
            category: given
                .stream
                .is_multiple_of(2)
                .then_some(category.as_bytes()),
            version: Some(Version(*next)),
            event_type: kind.as_bytes(),
            time: given.is_timed.then_some(Timestamp(self.time)),
            place: Place::at(i64::try_from(self.n * 3 + self.n % 5).unwrap()),
        };
        builder.push(&event).unwrap();
        if let Some(ago) = given.occurred {
            builder.note_occurred(Timestamp(self.time + ago));
        }
        self.n += 1;
    }
}

/// Counts by name, since groups are numbered in another order.
fn counts(log: &EventLog, clock: Clock, axis: Axis, by: Grouping) -> Vec<Vec<(u8, u32)>> {
    let n = u32::try_from(log.len()).unwrap();
    let bounds: Vec<u32> = (0..=9).map(|part| n * part / 9).collect();
    let counted = log.by(clock).count_columns(axis, by, &bounds);
    let groups = log.groups(by);
    let column = |column: usize| {
        let row = counted.column(column);
        let each = groups.iter().zip(0_u8..);
        let mut of: Vec<(u8, u32)> = each
            .map(|(group, id)| (id, row[usize::from(*group)]))
            .collect();
        if groups
            .iter()
            .any(|group| usize::from(*group) >= annals::history::OTHER_GROUP)
        {
            of.clear();
        }
        of.push((255, row.iter().sum()));
        of
    };
    (0..counted.n_columns()).map(column).collect()
}

fn same(grown: &EventLog, whole: &EventLog) {
    assert_eq!(grown.len(), whole.len());
    assert_eq!(grown.type_names(), whole.type_names());
    assert_eq!(grown.type_counts(), whole.type_counts());
    assert_eq!(grown.category_names(), whole.category_names());
    assert_eq!(grown.category_counts(), whole.category_counts());
    assert_eq!(grown.times_go_back(), whole.times_go_back());
    for at in (0..).take(whole.len()).map(Position) {
        assert_eq!(grown.time(at), whole.time(at));
        assert_eq!(grown.stream(at), whole.stream(at));
        assert_eq!(grown.event_type(at), whole.event_type(at));
        assert_eq!(grown.place(at), whole.place(at));
        assert_eq!(grown.version(at), whole.version(at));
    }
    for stream in whole.streams() {
        assert_eq!(grown.stream_info(stream), whole.stream_info(stream));
        assert_eq!(grown.events_of(stream), whole.events_of(stream));
        assert_eq!(grown.stream_span(stream), whole.stream_span(stream));
        let breaks = |log: &EventLog| log.version_breaks(stream).collect::<Vec<_>>();
        assert_eq!(breaks(grown), breaks(whole));
    }
    assert_eq!(grown.has_occurred(), whole.has_occurred());
    for clock in [Clock::Recorded, Clock::Occurred] {
        let (grown_by, whole_by) = (grown.by(clock), whole.by(clock));
        for rank in 0..u32::try_from(whole.len()).unwrap() {
            assert_eq!(
                grown_by.position(rank),
                whole_by.position(rank),
                "{clock:?} {rank}"
            );
            let at = Position(rank);
            assert_eq!(grown_by.time(at), whole_by.time(at));
        }
        assert_eq!(grown_by.n_untimed(), whole_by.n_untimed());
        assert_eq!(grown_by.range(), whole_by.range());
        for axis in [Axis::Time, Axis::Sequence] {
            for by in [Grouping::Category, Grouping::Type] {
                assert_eq!(
                    counts(grown, clock, axis, by),
                    counts(whole, clock, axis, by)
                );
            }
        }
    }
    for moment in (990_000..1_030_000).step_by(997).map(Timestamp) {
        assert_eq!(grown.last_at_time(moment), whole.last_at_time(moment));
        assert_eq!(
            grown.rank_before_time(moment),
            whole.rank_before_time(moment)
        );
    }
    let wanted: Vec<bool> = (0..whole.type_names().len())
        .map(|id| id % 3 == 1)
        .collect();
    let streams: Vec<bool> = whole.streams().map(|id| id.index() % 3 == 1).collect();
    for first in [0, 1, whole.len() / 2] {
        let marks = |log: &EventLog| {
            let mut words = vec![0; (log.len() - first).div_ceil(64)];
            log.mark_types(Position(u32::try_from(first).unwrap()), &wanted, &mut words);
            let mut others = vec![0; log.len().div_ceil(64)];
            log.mark_streams(&streams, &mut others);
            (words, others)
        };
        assert_eq!(marks(grown), marks(whole));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_log_that_goes_on_says_what_one_made_at_once_says(
        events in prop::collection::vec(given(), 0..700),
        cuts in prop::collection::vec(0..700_usize, 0..5),
    ) {
        let mut adding = Adding::new();
        let mut whole = LogBuilder::default();
        for event in &events {
            adding.add(&mut whole, event);
        }
        let whole = whole.finish();

        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(events.len())).collect();
        cuts.sort_unstable();
        let first = cuts.first().copied().unwrap_or(0);
        let mut adding = Adding::new();
        let mut builder = LogBuilder::default();
        for event in &events[..first] {
            adding.add(&mut builder, event);
        }
        let mut log = builder.finish();
        let mut further = LogBuilder::going_on(&log, false).unwrap();
        let mut from = first;
        for to in cuts.into_iter().skip(1).chain([events.len()]) {
            let before = log.len();
            for event in &events[from..to] {
                adding.add(&mut further, event);
            }
            let grown = further.grow(&log);
            prop_assert_eq!(log.len(), before, "the one before stays as it was");
            log = grown;
            from = to;
        }
        same(&log, &whole);
    }
}

#[test]
fn what_is_put_together_anew_says_the_same() {
    let events: Vec<Given> = (0..700_u16)
        .map(|n| Given {
            stream: n % 40,
            kind: u8::try_from(n % 6).unwrap(),
            step: i64::from(n % 11) - 2,
            is_timed: true,
            occurred: None,
            version: None,
        })
        .collect();
    let mut adding = Adding::new();
    let mut builder = LogBuilder::default();
    let n_events = 300_000;
    let all = || events.iter().cycle().take(n_events);
    for event in all() {
        adding.add(&mut builder, event);
    }
    let whole = builder.finish();
    let mut adding = Adding::new();
    let mut builder = LogBuilder::default();
    all()
        .take(1000)
        .for_each(|event| adding.add(&mut builder, event));
    let mut log = builder.finish();
    let mut further = LogBuilder::going_on(&log, false).unwrap();
    for (n, event) in all().skip(1000).enumerate() {
        adding.add(&mut further, event);
        if n % 50_000 == 49_999 {
            log = further.grow(&log);
        }
    }
    log = further.grow(&log);
    assert_eq!(log.len(), whole.len());
    for rank in (0..300_000).step_by(37) {
        let at = Position(rank);
        assert_eq!(log.position_by_time(rank), whole.position_by_time(rank));
        assert_eq!(log.version(at), whole.version(at));
    }
    for by in [Grouping::Category, Grouping::Type] {
        let of = |log| counts(log, Clock::Recorded, Axis::Time, by);
        assert_eq!(of(&log), of(&whole));
    }
}
