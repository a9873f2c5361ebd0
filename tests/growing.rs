//! A log that goes on says the same as one that is made at once, whatever comes and in whatever steps;
//! so does one of two halves that were made side by side.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use annals::event::{Place, Position, Timestamp, Version};
use annals::history::{Axis, Clock, Grouping, LogBuilder, NewEvent, PartRules};
use proptest::prelude::*;
use same::{counts, same};

#[path = "support/same.rs"]
mod same;

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
    /// So many types for each that was given.
    n_types: u16,
}

impl Adding {
    fn new() -> Self {
        Self {
            versions: vec![0; 40],
            time: 1_000_000,
            n: 0,
            n_types: 1,
        }
    }

    fn add(&mut self, builder: &mut LogBuilder, given: &Given) {
        let next = &mut self.versions[usize::from(given.stream)];
        *next = given.version.unwrap_or(*next + 1);
        self.time += given.step;
        let name = format!("order-{}", given.stream);
        let further = self.n % usize::from(self.n_types);
        let kind = format!("Type{}{}", given.kind, "x".repeat(further));
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_log_of_two_halves_made_side_by_side_says_what_one_made_at_once_says(
        events in prop::collection::vec(given(), 0..700),
        cut in 0..700_usize,
        rules in (any::<bool>(), any::<bool>()),
        n_types in prop_oneof![Just(1_u16), Just(40_u16)],
    ) {
        let rules = PartRules {
            keyed_by_category: rules.0,
            without_versions: rules.1,
            ..PartRules::default()
        };
        let cut = cut.min(events.len());
        let mut adding = Adding::new();
        adding.n_types = n_types;
        let mut whole = LogBuilder::of(rules);
        for event in &events {
            adding.add(&mut whole, event);
        }
        let mut adding = Adding::new();
        adding.n_types = n_types;
        let mut first = LogBuilder::of(rules);
        for event in &events[..cut] {
            adding.add(&mut first, event);
        }
        let mut later = LogBuilder::of(rules);
        for event in &events[cut..] {
            adding.add(&mut later, event);
        }
        prop_assert!(first.append(later));
        same(&first.finish(), &whole.finish());
    }
}

#[test]
fn versions_that_are_counted_on_are_not_counted_in_two_halves() {
    let rules = PartRules {
        counts_missing: true,
        ..PartRules::default()
    };
    let mut first = LogBuilder::of(rules);
    assert!(!first.append(LogBuilder::of(rules)));
    assert!(!LogBuilder::default().append(LogBuilder::of(PartRules {
        scope: 1,
        ..PartRules::default()
    })));
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
