//! Versions in little memory: a stream's versions count up by one except where they do not.

use crate::event::Version;

/// Where a stream's versions begin to count anew: rank in the stream and the version there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionBreak {
    /// How many events of the stream stand before it.
    pub rank: u32,
    /// The version of the event at that rank; `None` where the record had none that could be read.
    pub version: Option<Version>,
}

/// The versions of all streams: for each stream its breaks, the first of them at rank 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Versions {
    /// For each stream where its breaks begin; one more at the end.
    starts: Vec<u32>,
    breaks: Vec<VersionBreak>,
}

impl Versions {
    /// Groups the breaks gathered while building by stream.
    pub(super) fn group(n_streams: usize, gathered: &[(u32, VersionBreak)]) -> Self {
        let mut starts = vec![0_u32; n_streams + 1];
        for (stream, _) in gathered {
            starts[*stream as usize + 1] += 1;
        }
        for stream in 0..n_streams {
            starts[stream + 1] += starts[stream];
        }
        let mut next = starts.clone();
        let mut breaks = vec![
            VersionBreak {
                rank: 0,
                version: None
            };
            gathered.len()
        ];
        for (stream, found) in gathered {
            let slot = &mut next[*stream as usize];
            breaks[*slot as usize] = *found;
            *slot += 1;
        }
        Self { starts, breaks }
    }

    /// The breaks of a stream by rank; an undamaged stream has one.
    pub(super) fn breaks(&self, stream: usize) -> &[VersionBreak] {
        &self.breaks[self.starts[stream] as usize..self.starts[stream + 1] as usize]
    }

    /// Bytes held; all of it grows with streams and irregularities, not with events.
    pub(super) fn bytes(&self) -> usize {
        self.starts.len() * 4 + self.breaks.len() * size_of::<VersionBreak>()
    }
}

/// The version of the event at `rank` of a stream with these breaks.
pub(super) fn version_at(breaks: &[VersionBreak], rank: u32) -> Option<Version> {
    let before = breaks
        .partition_point(|found| found.rank <= rank)
        .checked_sub(1)?;
    let found = breaks.get(before)?;
    let ahead = i64::from(rank - found.rank);
    found
        .version
        .map(|Version(first)| Version(first.saturating_add(ahead)))
}

/// The last rank of a stream of `n_events` with these breaks that carries `version`.
pub(super) fn last_rank_of(
    breaks: &[VersionBreak],
    n_events: u32,
    version: Version,
) -> Option<u32> {
    let mut end = n_events;
    for found in breaks.iter().rev() {
        if let Some(Version(first)) = found.version {
            let ahead = version
                .0
                .checked_sub(first)
                .and_then(|d| u32::try_from(d).ok());
            if let Some(ahead) = ahead.filter(|ahead| *ahead < end - found.rank) {
                return Some(found.rank + ahead);
            }
        }
        end = found.rank;
    }
    None
}
