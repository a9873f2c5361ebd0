//! Streams start at the beginning (V4): the least version of a stream is the one most streams of its
//! table or file have.

use super::super::bases::Bases;
use super::super::check::{Check, Scene};
use super::super::gather::Gather;
use super::super::words::counted;
use super::version_runs::{covered, position_at, runs, skip_without_versions};
use crate::event::{Severity, StreamId};
use crate::history::EventLog;

/// Finds streams whose first events are not there, as in an export that begins later.
pub(super) struct LateStart;

impl Check for LateStart {
    fn id(&self) -> &'static str {
        "late-start"
    }

    fn title(&self) -> &'static str {
        "Streams start at their first version"
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        skip_without_versions(scene)
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let log = &scene.history.log;
        let starts: Vec<(StreamId, u32, i64)> = log
            .streams()
            .filter_map(|stream| least(log, stream).map(|(rank, version)| (stream, rank, version)))
            .collect();
        let bases = Bases::of(log);
        for (stream, rank, version) in starts.iter().copied() {
            let base = bases.of_stream(log, stream);
            if version <= base {
                continue;
            }
            found.add(Severity::Warning, |finding| {
                let name = log.stream_name(stream);
                finding
                    .at(scene, position_at(log, stream, rank))
                    .says(format!(
                        "{name} starts at version {version}, others at {base}"
                    ))
                    .counts((version - base).unsigned_abs())
            });
        }
        found.group_all(|n_streams| {
            format!(
                "{} start above version {}: the export seems to begin later",
                counted(n_streams, "stream"),
                bases.said()
            )
        });
        found.parameter("first version", bases.said());
        found.covered(covered(log));
    }
}

/// The least version of a stream, and the rank of its event.
fn least(log: &EventLog, stream: StreamId) -> Option<(u32, i64)> {
    let mut breaks = log.version_breaks(stream);
    if breaks.len() == 1 {
        let (rank, version) = breaks.next()?;
        return Some((rank, version?.0));
    }
    let runs = runs(log, stream);
    let readable = runs.iter().filter(|run| run.first >= 0);
    readable
        .min_by_key(|run| run.first)
        .map(|run| (run.rank, run.first))
}
