//! Streams start at the beginning (V4): the least version of a stream is the one most streams of its
//! table or file have.

use std::collections::{BTreeMap, BTreeSet};

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
        let scope = |stream| log.stream_info(stream).scope;
        let scopes: BTreeSet<u16> = starts.iter().map(|start| scope(start.0)).collect();
        let base_of_scope = |own: &u16| {
            let of = starts.iter().filter(|start| scope(start.0) == *own);
            (*own, base_of(of.map(|start| start.2)))
        };
        let bases: BTreeMap<u16, i64> = scopes.iter().map(base_of_scope).collect();
        let base_at = |stream| bases.get(&scope(stream)).copied().unwrap_or(1);
        for (stream, rank, version) in starts.iter().copied() {
            let base = base_at(stream);
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
                said(&bases)
            )
        });
        found.parameter("first version", said(&bases));
        found.covered(covered(log));
    }
}

/// The first versions in use, such as `1`, or `0 or 1`.
fn said(bases: &BTreeMap<u16, i64>) -> String {
    let bases: BTreeSet<i64> = bases.values().copied().collect();
    let texts: Vec<String> = bases.iter().map(i64::to_string).collect();
    texts.join(" or ")
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

/// 0 or 1, whichever more streams start with; 1 where none starts with either.
fn base_of(starts: impl Iterator<Item = i64>) -> i64 {
    let (mut zeros, mut ones) = (0_u64, 0_u64);
    for start in starts {
        zeros += u64::from(start == 0);
        ones += u64::from(start == 1);
    }
    i64::from(zeros < ones || zeros == 0)
}
