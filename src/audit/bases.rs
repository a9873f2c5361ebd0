//! With which version streams begin: 0 or 1, learned from most streams of each table or file.

use std::collections::{BTreeMap, BTreeSet};

use crate::event::StreamId;
use crate::history::EventLog;

/// The first version of streams, for each scope of the log.
#[derive(Clone, Debug, Default)]
pub(super) struct Bases(BTreeMap<u16, i64>);

impl Bases {
    /// Learns them from all streams.
    pub(super) fn of(log: &EventLog) -> Self {
        let mut counts: BTreeMap<u16, (u64, u64)> = BTreeMap::new();
        for stream in log.streams() {
            let (zeros, ones) = counts.entry(log.stream_info(stream).scope).or_default();
            match least_version(log, stream) {
                Some(0) => *zeros += 1,
                Some(1) => *ones += 1,
                _ => {}
            }
        }
        let base = |(zeros, ones): (u64, u64)| i64::from(zeros < ones || zeros == 0);
        Self(
            counts
                .into_iter()
                .map(|(scope, counts)| (scope, base(counts)))
                .collect(),
        )
    }

    /// The version with which a stream should begin: 0 or 1, whichever more streams beside it have; 1
    /// where none has either.
    pub(super) fn of_stream(&self, log: &EventLog, stream: StreamId) -> i64 {
        let scope = log.stream_info(stream).scope;
        self.0.get(&scope).copied().unwrap_or(1)
    }

    /// The first versions in use, such as `1`, or `0 or 1`.
    pub(super) fn said(&self) -> String {
        let bases: BTreeSet<i64> = self.0.values().copied().collect();
        let texts: Vec<String> = bases.iter().map(i64::to_string).collect();
        texts.join(" or ")
    }
}

/// The least version of a stream that is not below 0.
fn least_version(log: &EventLog, stream: StreamId) -> Option<i64> {
    let versions = log
        .version_breaks(stream)
        .filter_map(|(_, version)| version);
    versions
        .map(|version| version.0)
        .filter(|version| *version >= 0)
        .min()
}
