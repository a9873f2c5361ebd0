//! Versions have no gaps (V1): within a stream no version is missing between the least and greatest.

use super::super::check::{Check, Scene};
use super::super::gather::Gather;
use super::super::words::count;
use super::version_runs::{Run, covered, irregular, runs, skip_without_versions};
use crate::event::{Severity, StreamId};

/// Finds versions that no event of the stream carries, wherever in the stream one might stand.
pub(super) struct VersionGap;

impl Check for VersionGap {
    fn id(&self) -> &'static str {
        "version-gap"
    }

    fn title(&self) -> &'static str {
        "Versions have no gaps"
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        skip_without_versions(scene)
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let log = &scene.history.log;
        let mut n_streams = 0_u64;
        for stream in irregular(log) {
            let before = found.total();
            look_at(scene, stream, found);
            n_streams += u64::from(found.total() > before);
        }
        found.group_all(|n_gaps| match n_streams {
            1 => format!("{} gaps in one stream", count(n_gaps)),
            _ => format!(
                "Versions are missing from {} streams: events were removed or left out",
                count(n_streams)
            ),
        });
        found.covered(covered(log));
    }
}

fn look_at(scene: &Scene<'_>, stream: StreamId, found: &mut Gather) {
    let log = &scene.history.log;
    let mut runs: Vec<Run> = runs(log, stream);
    // What is below zero is no version that a gap could lead up from.
    runs.retain(|run| run.first >= 0);
    runs.sort_by_key(|run| (run.first, run.rank));
    let Some(mut next) = runs.first().map(|run| run.first) else {
        return;
    };
    for run in runs {
        let n_missing = run.first.saturating_sub(next);
        if n_missing > i64::from(run.unread_before) {
            found.add(Severity::Error, |finding| {
                let name = log.stream_name(stream);
                let at = run.position_of(log, stream, run.first);
                finding
                    .at(scene, at)
                    .says(missing(next, run.first - 1, name))
                    .counts(n_missing.unsigned_abs())
            });
        }
        next = next.max(run.end());
    }
}

fn missing(first: i64, last: i64, stream: &str) -> String {
    match last.saturating_sub(first) {
        0 => format!("Version {first} is missing from {stream}"),
        1 => format!("Versions {first} and {last} are missing from {stream}"),
        _ => format!("Versions {first} to {last} are missing from {stream}"),
    }
}
