//! Versions rise (V3): no event of a stream carries a smaller version than one before it.
//!
//! A version that the stream has had before is a duplicate (V2) and not counted here again.

use std::collections::BTreeMap;

use super::super::check::{Check, Scene};
use super::super::gather::Gather;
use super::super::words::counted;
use super::version_runs::{
    Run, covered, irregular, lists_newest_first, position_at, runs, skip_without_versions,
};
use crate::event::{Position, Severity, StreamId};

/// Finds where a stream's versions fall back to one that it has not had.
pub(super) struct VersionOrder;

impl Check for VersionOrder {
    fn id(&self) -> &'static str {
        "version-order"
    }

    fn title(&self) -> &'static str {
        "Versions rise"
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        skip_without_versions(scene)
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let log = &scene.history.log;
        found.covered(covered(log));
        if lists_newest_first(log) {
            found.add(Severity::Warning, |finding| {
                let said = "The file lists the newest event first: versions fall all along";
                finding
                    .at(scene, Position(0))
                    .says(said)
                    .counts(log.len() as u64)
            });
            return;
        }
        let mut n_streams = 0_u64;
        for stream in irregular(log) {
            let before = found.total();
            look_at(scene, stream, found);
            n_streams += u64::from(found.total() > before);
        }
        found.group_all(|n_steps| {
            format!("Versions fall {n_steps} times in {}: the order of the file may not be that of the store", counted(n_streams, "stream"))
        });
    }
}

fn look_at(scene: &Scene<'_>, stream: StreamId, found: &mut Gather) {
    let log = &scene.history.log;
    let mut seen = Seen::default();
    let mut greatest: Option<i64> = None;
    for run in runs(log, stream) {
        let fallen = greatest.filter(|greatest| run.first < *greatest);
        if let Some(greatest) = fallen
            && !seen.holds(run.first)
        {
            found.add(Severity::Error, |finding| {
                let name = log.stream_name(stream);
                finding
                    .at(scene, position_at(log, stream, run.rank))
                    .says(format!(
                        "Version {} stands after version {greatest} in {name}",
                        run.first
                    ))
                    .counts(falling(run, greatest))
            });
        }
        seen.add(run);
        greatest = greatest.max(Some(run.end() - 1));
    }
}

/// How many events of the run carry less than the greatest version before it.
fn falling(run: Run, greatest: i64) -> u64 {
    run.end()
        .min(greatest)
        .saturating_sub(run.first)
        .unsigned_abs()
}

/// The versions met so far, as ranges that do not touch: begin to end, the end not included.
#[derive(Default)]
struct Seen(BTreeMap<i64, i64>);

impl Seen {
    fn holds(&self, version: i64) -> bool {
        let range = self.0.range(..=version).next_back();
        range.is_some_and(|(_, end)| version < *end)
    }

    fn add(&mut self, run: Run) {
        let (mut from, mut to) = (run.first, run.end());
        while let Some((start, end)) = self.0.range(..=to).next_back().map(|(a, b)| (*a, *b)) {
            if end < from {
                break;
            }
            self.0.remove(&start);
            (from, to) = (from.min(start), to.max(end));
        }
        self.0.insert(from, to);
    }
}
