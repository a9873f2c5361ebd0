//! How many events each stream has by a position, for all streams at once: a question of every step of
//! a scrub over states as of a point.

use super::event_log::EventLog;
use crate::event::Position;

/// Between two kept counts lie at least so many events.
const LEAST_STEP: usize = 1 << 18;
/// And so many for each stream, so that what is kept is at most a byte an event.
const STEP_A_STREAM: usize = 4;

/// The counts of all streams before every so many events.
#[derive(Clone, Debug)]
pub(super) struct CountsBy {
    step: usize,
    n_streams: usize,
    /// The counts before event 0, those before event `step`, and so on.
    kept: Vec<u32>,
}

impl CountsBy {
    fn of(log: &EventLog, least_step: usize) -> Self {
        let (n_events, n_streams) = (log.len(), log.streams().len());
        let step = least_step.max(n_streams * STEP_A_STREAM).max(1);
        let mut counts = vec![0; n_streams];
        let mut kept = Vec::with_capacity((n_events / step + 1) * n_streams);
        for from in (0..=n_events).step_by(step) {
            kept.extend_from_slice(&counts);
            let (shared, new) = log.parts.streams.slices(from..n_events.min(from + step));
            for stream in shared.iter().chain(new) {
                counts[*stream as usize] += 1;
            }
        }
        Self {
            step,
            n_streams,
            kept,
        }
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.kept.len() * size_of::<u32>()
    }

    /// The counts before the event at `end`: the nearest ones that are kept, and a walk from there.
    fn before(&self, log: &EventLog, end: usize) -> Vec<u32> {
        let n_kept = self.kept.len() / self.n_streams.max(1);
        let nearest = (end + self.step / 2) / self.step;
        let nearest = nearest.min(n_kept.saturating_sub(1));
        let start = nearest * self.n_streams;
        let kept = self.kept.get(start..start + self.n_streams);
        let mut counts = kept.unwrap_or_default().to_vec();
        let from = nearest * self.step;
        let streams = &log.parts.streams;
        if from <= end {
            let (shared, new) = streams.slices(from..end);
            for stream in shared.iter().chain(new) {
                counts[*stream as usize] += 1;
            }
        } else {
            let (shared, new) = streams.slices(end..from);
            for stream in shared.iter().chain(new) {
                counts[*stream as usize] -= 1;
            }
        }
        counts
    }
}

impl EventLog {
    /// How many events each stream has by `position`, the event there included, by the streams' numbers.
    ///
    /// Costs a walk over some 100,000 events, or over two for each stream where there are more; the
    /// first time, over all.
    pub fn counts_by(&self, position: Position) -> Vec<u32> {
        let counts = self
            .counts_by
            .get_or_init(|| CountsBy::of(self, LEAST_STEP));
        counts.before(
            self,
            (position.0 as usize).saturating_add(1).min(self.len()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::{LogBuilder, NewEvent};
    use super::*;
    use crate::event::{Place, StreamId};
    use proptest::collection::vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn all_streams_at_once_have_as_many_events_as_each_has_alone(
            streams in vec(0_u8..6, 0..300), least_step in 1_usize..40,
        ) {
            let mut builder = LogBuilder::default();
            for (at, stream) in (0..).zip(&streams) {
                builder.push(&NewEvent {
                    stream: &[b'a' + *stream],
                    category: None,
                    version: None,
                    event_type: b"Happened",
                    time: None,
                    place: Place::at(at),
                }).unwrap();
            }
            let log = builder.finish();
            let counts = CountsBy::of(&log, least_step);
            for at in 0..log.len() {
                let position = Position(u32::try_from(at).unwrap());
                let alone = |stream: StreamId| log.rank_at(stream, position).map_or(0, |rank| rank + 1);
                let alone: Vec<u32> = log.streams().map(alone).collect();
                prop_assert_eq!(counts.before(&log, at + 1), alone.clone());
                prop_assert_eq!(log.counts_by(position), alone);
            }
        }
    }
}
