//! How many streams are active, and how long they are.

use super::answer::{Answered, BuiltInAsk, Table, TableCell};
use super::walk::{Pieces, timeless, whole};
use crate::event::{Decimal, StreamId};
use crate::history::EventLog;

/// Streams that have an event in a bucket, and streams that have their first one there.
pub(super) fn active(
    log: &EventLog,
    ask: &BuiltInAsk,
    cancel: &dyn Fn() -> bool,
) -> Option<Answered> {
    let Some(pieces) = Pieces::new(log, ask) else {
        return Some(timeless());
    };
    let (mut active, mut begun) = (vec![0_u64; pieces.len()], vec![0_u64; pieces.len()]);
    // The bucket in which a stream was seen last, counted from 1.
    let mut seen = vec![0_usize; log.streams().len()];
    pieces.walk(cancel, |bucket, position| {
        let stream = log.stream(position);
        let Some(seen) = seen.get_mut(stream.index()) else {
            return;
        };
        if *seen == bucket + 1 {
            return;
        }
        let is_first = *seen == 0 && log.events_of(stream).first() == Some(&position.0);
        begun[bucket] += u64::from(is_first);
        active[bucket] += 1;
        *seen = bucket + 1;
    })?;
    let n_seen = seen.iter().filter(|seen| **seen > 0).count() as u64;
    let most = active.iter().copied().max().unwrap_or(0);
    let table = Table {
        columns: vec!["Streams", "Begun", "Most at once"],
        rows: vec![vec![
            TableCell::Count(n_seen),
            TableCell::Count(begun.iter().sum()),
            TableCell::Count(most),
        ]],
    };
    let lines = vec![
        pieces.counted("active".to_owned(), active.into_iter()),
        pieces.counted("begun".to_owned(), begun.into_iter()),
    ];
    Some(Answered {
        plotted: pieces.plotted(lines),
        table,
    })
}

/// Events for each stream: the mean and the longest at the end of each bucket, and how many streams
/// are how long.
pub(super) fn length(
    log: &EventLog,
    ask: &BuiltInAsk,
    cancel: &dyn Fn() -> bool,
) -> Option<Answered> {
    let Some(pieces) = Pieces::new(log, ask) else {
        return Some(timeless());
    };
    let mut lengths = vec![0_u64; log.streams().len()];
    let (mut n_events, mut n_streams, mut longest) = (0_u64, 0_u64, 0_u64);
    let mut at_end: Vec<Option<(u64, u64, u64)>> = vec![None; pieces.len()];
    pieces.walk(cancel, |bucket, position| {
        let Some(length) = lengths.get_mut(log.stream(position).index()) else {
            return;
        };
        n_streams += u64::from(*length == 0);
        *length += 1;
        n_events += 1;
        longest = longest.max(*length);
        at_end[bucket] = Some((n_events, n_streams, longest));
    })?;
    let mut last = None;
    let held: Vec<Option<(u64, u64, u64)>> = at_end
        .into_iter()
        .map(|now| {
            last = now.or(last);
            last
        })
        .collect();
    let mut is_exact = true;
    let mut mean = |(events, streams, _): (u64, u64, u64)| {
        let (mean, exact) = whole(events)?.checked_divide(streams)?;
        is_exact &= exact;
        Some(mean)
    };
    let means: Vec<Option<Decimal>> = held.iter().map(|now| now.and_then(&mut mean)).collect();
    let mut mean_line = pieces.line("mean".to_owned(), means.into_iter());
    mean_line.exact = is_exact;
    let most = held.iter().map(|now| whole(now.as_ref()?.2));
    let longest_line = pieces.line("longest".to_owned(), most);
    Some(Answered {
        plotted: pieces.plotted(vec![mean_line, longest_line]),
        table: histogram(log, &lengths),
    })
}

/// The streams of one row.
#[derive(Clone, Copy, Default)]
struct Class {
    streams: u64,
    events: u64,
    longest: Option<(u64, StreamId)>,
}

/// How many streams have 1, 2, 3 to 4, 5 to 8, … events.
fn histogram(log: &EventLog, lengths: &[u64]) -> Table {
    let mut classes: Vec<Class> = Vec::new();
    for (stream, length) in log
        .streams()
        .zip(lengths)
        .filter(|(_, length)| **length > 0)
    {
        let class = (length.next_power_of_two().trailing_zeros()) as usize;
        if classes.len() <= class {
            classes.resize(class + 1, Class::default());
        }
        let class = &mut classes[class];
        class.streams += 1;
        class.events += length;
        if class.longest.is_none_or(|known| known.0 < *length) {
            class.longest = Some((*length, stream));
        }
    }
    let all: u64 = classes.iter().map(|class| class.streams).sum();
    let rows = classes.iter().enumerate();
    let rows = rows
        .filter(|(_, class)| class.streams > 0)
        .map(|(nr, class)| {
            let to = 1_u64 << nr;
            let from = to / 2 + 1;
            let span = if from >= to {
                to.to_string()
            } else {
                format!("{from} to {to}")
            };
            let longest = class.longest.map_or(TableCell::Missing, |(_, stream)| {
                TableCell::Text(log.stream_name(stream).to_owned())
            });
            vec![
                TableCell::Text(span),
                TableCell::Count(class.streams),
                TableCell::share(class.streams, all),
                TableCell::Count(class.events),
                longest,
            ]
        });
    Table {
        columns: vec!["Length", "Streams", "Share", "Events", "Longest"],
        rows: rows.collect(),
    }
}
