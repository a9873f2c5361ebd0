//! How long it takes from causes to their effects, by the types of both; runs when it is asked for.

use std::collections::BTreeMap;

use super::super::check::{Check, Scene};
use super::super::gather::Gather;
use super::super::words::{count, counted, duration};
use super::causes::{Shared, skip_commands};
use crate::event::{EventDetail, Position, Severity, TypeId, Want};

/// How many pairs of types are told apart.
const MAX_PAIRS: usize = 10_000;
/// How many of them are listed, the slowest first.
const LISTED: usize = 100;
/// How many columns there are for each power of two, from a nanosecond on.
const COLUMNS: usize = 64;

/// Steps from causes to effects come at a usual pace.
pub(super) struct CauseLatency(pub(super) Shared);

/// The steps between two types.
struct Steps {
    n: u64,
    /// How many take as many nanoseconds as 2 to the power of the column.
    by_power: [u32; COLUMNS],
    slowest: (i64, Position),
}

impl Steps {
    fn new(position: Position) -> Self {
        Self {
            n: 0,
            by_power: [0; COLUMNS],
            slowest: (i64::MIN, position),
        }
    }

    fn note(&mut self, nanos: i64, position: Position) {
        self.n += 1;
        let power = nanos.max(1).ilog2() as usize;
        if let Some(n) = self.by_power.get_mut(power) {
            *n = n.saturating_add(1);
        }
        if nanos > self.slowest.0 {
            self.slowest = (nanos, position);
        }
    }

    /// Within which time so many of a hundred are done, to a power of two.
    fn within(&self, of_hundred: u64) -> i64 {
        let mut n = 0;
        let found = self.by_power.iter().position(|of_power| {
            n += u64::from(*of_power);
            n * 100 >= self.n * of_hundred
        });
        let power = u32::try_from(found.unwrap_or(0)).unwrap_or(0);
        2_i64
            .checked_pow(power + 1)
            .unwrap_or(i64::MAX)
            .min(self.slowest.0)
    }
}

impl Check for CauseLatency {
    fn id(&self) -> &'static str {
        "cause-latency"
    }

    fn title(&self) -> &'static str {
        "Effects follow their causes at a usual pace"
    }

    fn is_default(&self) -> bool {
        false
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        skip_commands(scene)
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::Presented)
    }

    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        self.0.borrow_mut().see(scene, position, detail);
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let mut gathered = self.0.borrow_mut();
        if gathered.skip(found) {
            return;
        }
        gathered.sort();
        let log = &scene.history.log;
        let (mut pairs, mut n_steps) = (BTreeMap::<(TypeId, TypeId), Steps>::new(), 0);
        for (print, position) in gathered.causes() {
            let Some(cause) = gathered.find(print) else {
                continue;
            };
            let (Some(from), Some(to)) = (log.time(cause), log.time(position)) else {
                continue;
            };
            n_steps += 1;
            let pair = (log.event_type(cause), log.event_type(position));
            if pairs.len() < MAX_PAIRS || pairs.contains_key(&pair) {
                let steps = pairs.entry(pair).or_insert_with(|| Steps::new(position));
                steps.note(to.0.saturating_sub(from.0), position);
            }
        }
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_by_key(|(pair, steps)| (std::cmp::Reverse(steps.slowest.0), *pair));
        let n_pairs = pairs.len() as u64;
        for ((cause, effect), steps) in pairs.iter().take(LISTED) {
            found.add(Severity::Info, |finding| {
                let said = format!(
                    "{} to {}: {}, half within {}, 99 of 100 within {}, at most {}",
                    log.type_name(*cause),
                    log.type_name(*effect),
                    match steps.n {
                        1 => "once".to_owned(),
                        n => format!("{} times", count(n)),
                    },
                    duration(steps.within(50)),
                    duration(steps.within(99)),
                    duration(steps.slowest.0.max(0))
                );
                let finding = finding.at(scene, steps.slowest.1).says(said);
                finding.counts(steps.n)
            });
        }
        found.add_uncounted(Severity::Info, n_pairs.saturating_sub(LISTED as u64));
        found.group_all(|n| format!("{} of types by their slowest", counted(n, "pair")));
        found.covered(counted(n_steps, "step"));
    }
}
