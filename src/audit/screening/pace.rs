//! Events come at a usual pace (T6): no bursts, no silences.

use super::super::check::{Check, Scene};
use super::super::gaps::Gaps;
use super::super::gather::Gather;
use super::super::words::{count, counted, duration};
use crate::event::{Position, Severity};

/// Looks at times alone.
pub(super) struct Pace;

/// How many equal parts the whole time is cut into.
const PARTS: u32 = 4096;
/// A part is a burst with so many times the events of a usual one, and at least so many.
const TIMES: u64 = 20;
const LEAST: u64 = 50;
/// How many bursts are listed.
const LISTED: usize = 20;

impl Check for Pace {
    fn id(&self) -> &'static str {
        "screening-pace"
    }

    fn title(&self) -> &'static str {
        "Screening: events come at a usual pace"
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        let without = scene.history.log.time_range().is_none();
        without.then(|| "no event has a time".to_owned())
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let log = &scene.history.log;
        if let Some(gaps) = Gaps::of(log, scene.watch) {
            for silence in gaps.unusual_ones() {
                found.add(Severity::Info, |finding| {
                    let said = format!("No event for {} before this one", duration(silence.nanos));
                    finding
                        .at(scene, silence.to)
                        .says(said)
                        .counts(0)
                        .grouped("Silences ten times as long as all but 1 of 1,000")
                });
            }
        }
        let bursts = bursts(scene);
        let n_bursts = bursts.1.len() as u64;
        for (n, first, length) in bursts.1.into_iter().take(LISTED) {
            found.add(Severity::Info, |finding| {
                let said = format!(
                    "{} within {} from this one on",
                    counted(n, "event"),
                    duration(length)
                );
                let group = format!("Bursts of {TIMES} times the usual {}", count(bursts.0));
                finding.at(scene, first).says(said).counts(n).grouped(group)
            });
        }
        found.add_uncounted(Severity::Info, n_bursts.saturating_sub(LISTED as u64));
        found.parameter(
            "a burst",
            format!("{TIMES} times the usual, at least {LEAST}"),
        );
        found.covered(counted(
            log.len() as u64 - u64::from(log.n_untimed()),
            "time",
        ));
    }
}

/// How many events a usual part has, and the parts with many times as many: how many, the first of
/// them, and how long a part is.
fn bursts(scene: &Scene<'_>) -> (u64, Vec<(u64, Position, i64)>) {
    let log = &scene.history.log;
    let Some((first, last)) = log.time_range() else {
        return (0, Vec::new());
    };
    let whole = last.0.saturating_sub(first.0);
    let length = whole / i64::from(PARTS) + 1;
    let starts = (0..=PARTS).map(|part| {
        crate::event::Timestamp(first.0.saturating_add(length.saturating_mul(part.into())))
    });
    let ranks: Vec<u32> = starts.map(|start| rank_of(log, start)).collect();
    let mut sizes: Vec<u64> = Vec::new();
    for pair in ranks.windows(2) {
        if let [from, to] = pair {
            sizes.push(u64::from(to.saturating_sub(*from)));
        }
    }
    let mut used: Vec<u64> = sizes.iter().copied().filter(|n| *n > 0).collect();
    used.sort_unstable();
    let usual = used.get(used.len() / 2).copied().unwrap_or_default();
    let least = usual.saturating_mul(TIMES).max(LEAST);
    let is_burst = |n: &u64| *n >= least;
    let bursts = sizes.iter().zip(&ranks).filter(|(n, _)| is_burst(n));
    let mut bursts: Vec<(u64, Position, i64)> = bursts
        .filter_map(|(n, rank)| Some((*n, log.position_by_time(*rank)?, length)))
        .collect();
    bursts.sort_by_key(|burst| std::cmp::Reverse(burst.0));
    (usual, bursts)
}

/// How many events lie before a moment.
fn rank_of(log: &crate::history::EventLog, moment: crate::event::Timestamp) -> u32 {
    let (mut low, mut high) = (
        log.n_untimed(),
        u32::try_from(log.len()).unwrap_or(u32::MAX),
    );
    while low < high {
        let middle = low.midpoint(high);
        let time = log.position_by_time(middle).and_then(|at| log.time(at));
        if time.is_some_and(|time| time < moment) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
