//! The streams nearest to the playhead.

use std::collections::BTreeSet;

use crate::event::{CategoryId, Position, StreamId};
use crate::history::EventLog;

/// Up to how many streams are compared one by one to find the nearest.
const FEW_STREAMS: usize = 256;
/// How far from the playhead events are looked at to find streams.
const REACH: u32 = 4_096;

/// The `most` streams of a category, or of all, nearest to the playhead, in the order of their first event.
///
/// `also` is among them. Looks at every stream where there are few, else at the events around.
pub(super) fn nearest(
    log: &EventLog,
    (all, category): (&[StreamId], Option<CategoryId>),
    playhead: Position,
    (also, most): (Option<StreamId>, usize),
) -> Vec<StreamId> {
    let mut found = BTreeSet::from_iter(also);
    if all.len() <= FEW_STREAMS {
        let mut by_distance: Vec<_> = all
            .iter()
            .map(|stream| (distance(log, *stream, playhead), *stream))
            .collect();
        by_distance.sort_unstable();
        let streams = by_distance.into_iter().map(|(_, stream)| stream);
        take(&mut found, streams, most);
    } else {
        let last = log.last().unwrap_or_default().0;
        let around = (0..REACH).flat_map(|step| {
            let after = playhead.0.checked_add(step + 1).filter(|at| *at <= last);
            [playhead.0.checked_sub(step), after]
        });
        let streams = around
            .flatten()
            .map(|at| log.stream(Position(at)))
            .filter(|stream| category.is_none_or(|of| log.stream_info(*stream).category == of));
        take(&mut found, streams, most);
        let begun = all.partition_point(|stream| log.events_of(*stream)[0] <= playhead.0);
        take(&mut found, all[..begun].iter().rev().copied(), most);
        take(&mut found, all[begun..].iter().copied(), most);
    }
    found.into_iter().collect()
}

/// Takes streams until there are enough.
fn take(found: &mut BTreeSet<StreamId>, streams: impl Iterator<Item = StreamId>, most: usize) {
    for stream in streams {
        if found.len() >= most {
            break;
        }
        found.insert(stream);
    }
}

/// How many events lie between the playhead and a stream's nearest event.
fn distance(log: &EventLog, stream: StreamId, playhead: Position) -> u32 {
    let events = log.events_of(stream);
    let after = events.partition_point(|at| *at <= playhead.0);
    let before = after.checked_sub(1).map(|rank| playhead.0 - events[rank]);
    let next = events.get(after).map(|at| at - playhead.0);
    before.into_iter().chain(next).min().unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Place;
    use crate::history::{LogBuilder, NewEvent};

    const STREAMS: usize = 4;

    fn log(n_streams: u32, n_events: u32) -> EventLog {
        let mut builder = LogBuilder::default();
        for nr in 0..n_events {
            let stream = format!("order-{}", nr * n_streams / n_events);
            builder
                .push(&NewEvent {
                    stream: stream.as_bytes(),
                    category: None,
                    version: None,
                    event_type: b"Placed",
                    time: None,
                    place: Place::at(0),
                })
                .unwrap();
        }
        builder.finish()
    }

    #[test]
    fn the_nearest_streams_are_found_among_few_and_among_many() {
        for n_streams in [20, 1_000] {
            let log = log(n_streams, n_streams * 3);
            let all: Vec<_> = log.streams().collect();
            let near = nearest(&log, (&all, None), Position(31), (None, STREAMS));
            let expected: Vec<_> = [9, 10, 11, 12].map(StreamId).to_vec();
            assert!(near.contains(&StreamId(10)) && near.len() == 4, "{near:?}");
            assert!(
                near.iter()
                    .all(|id| expected.contains(id) || *id == StreamId(8))
            );
            let among = (all.as_slice(), Some(log.stream_info(all[0]).category));
            let with = nearest(&log, among, Position(31), (Some(StreamId(0)), STREAMS));
            assert!(with.contains(&StreamId(0)) && with.len() == 4);
        }
    }
}
