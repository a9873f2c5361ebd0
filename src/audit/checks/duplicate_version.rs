//! No version is used twice (V2): within a stream each version belongs to one event.

use super::super::check::{Check, Scene};
use super::super::gather::Gather;
use super::super::words::count;
use super::version_runs::{Run, covered, irregular, runs, skip_without_versions};
use crate::event::{Severity, StreamId};

/// Finds versions that several events of one stream carry; the later one is named.
pub(super) struct DuplicateVersion;

impl Check for DuplicateVersion {
    fn id(&self) -> &'static str {
        "duplicate-version"
    }

    fn title(&self) -> &'static str {
        "No version is used twice"
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
        found.group_all(|_| match n_streams {
            1 => "Several versions of one stream are used twice".to_owned(),
            _ => format!(
                "Versions are used twice in {} streams: events seem to be stored or copied twice",
                count(n_streams)
            ),
        });
        found.covered(covered(log));
    }
}

fn look_at(scene: &Scene<'_>, stream: StreamId, found: &mut Gather) {
    let log = &scene.history.log;
    let mut runs: Vec<Run> = runs(log, stream);
    runs.sort_by_key(|run| (run.first, run.rank));
    let Some(mut reaching) = runs.first().copied() else {
        return;
    };
    for run in runs.into_iter().skip(1) {
        let last = run.end().min(reaching.end()) - 1;
        if last >= run.first {
            found.add(Severity::Error, |finding| {
                let places = [run, reaching].map(|one| one.position_of(log, stream, run.first));
                let later = places[0].max(places[1]);
                finding
                    .at(scene, later)
                    .says(repeated(run.first, last, log.stream_name(stream)))
                    .counts((last - run.first + 1).unsigned_abs())
            });
        }
        if run.end() > reaching.end() {
            reaching = run;
        }
    }
}

fn repeated(first: i64, last: i64, stream: &str) -> String {
    if first == last {
        return format!("Version {first} is used twice in {stream}");
    }
    format!("Versions {first} to {last} are used twice in {stream}")
}
