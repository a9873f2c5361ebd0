//! How many streams of a category have an event of each type, types in the order in which they come.

use super::answer::{Answered, BuiltInAsk, Table, TableCell};
use super::counts::MAX_LINES;
use super::walk::{Pieces, timeless};
use crate::event::{CategoryId, Position, StreamId};
use crate::history::EventLog;

/// Between so many streams `cancel` is looked at.
const CANCEL_EVERY: usize = 256;

/// What is known of one type.
#[derive(Clone, Default)]
struct Stage {
    n_streams: u64,
    /// The ranks at which it came first, added up.
    ranks: u64,
    /// From a stream's first event to its first of this type.
    nanos: Vec<i64>,
    /// By bucket of that first event.
    reached: Vec<u64>,
}

pub(super) fn answer(
    log: &EventLog,
    ask: &BuiltInAsk,
    cancel: &dyn Fn() -> bool,
) -> Option<Answered> {
    let category = ask.category.or_else(|| largest(log));
    let (Some(pieces), Some(category)) = (Pieces::new(log, ask), category) else {
        return Some(timeless());
    };
    if !pieces.has_room(log.type_names().len()) {
        return Some(pieces.too_many());
    }
    let mut stages = vec![Stage::default(); log.type_names().len()];
    // The stream in which a type was seen last, counted from 1.
    let mut seen = vec![0_usize; stages.len()];
    let mut n_streams = 0;
    for (nr, stream) in log.streams().enumerate() {
        if nr % CANCEL_EVERY == 0 && cancel() {
            return None;
        }
        if log.stream_info(stream).category == category {
            n_streams += u64::from(take(log, ask, &pieces, stream, (&mut stages, &mut seen)));
        }
    }
    let mut order: Vec<usize> = (0..stages.len())
        .filter(|id| stages[*id].n_streams > 0)
        .collect();
    // By the mean rank at which it comes first: fractions compared without dividing.
    order.sort_by(|a, b| {
        let (a, b) = (&stages[*a], &stages[*b]);
        let crossed = |a: &Stage, b: &Stage| u128::from(a.ranks) * u128::from(b.n_streams);
        (crossed(a, b), b.n_streams).cmp(&(crossed(b, a), a.n_streams))
    });
    let name = |id: usize| log.type_names()[id].to_string();
    let lines = order.iter().take(MAX_LINES).map(|id| {
        let mut sum = 0;
        let reached = stages[*id].reached.iter().map(|n| {
            sum += n;
            sum
        });
        pieces.counted(name(*id), reached)
    });
    let lines = lines.collect();
    let rows = order.iter().map(|id| {
        let stage = &mut stages[*id];
        let middle = stage.nanos.len().saturating_sub(1) / 2;
        let median = match stage.nanos.len() {
            0 => TableCell::Missing,
            _ => TableCell::Nanos(*stage.nanos.select_nth_unstable(middle).1),
        };
        vec![
            TableCell::Text(name(*id)),
            TableCell::Count(stage.n_streams),
            TableCell::share(stage.n_streams, n_streams),
            median,
        ]
    });
    let table = Table {
        columns: vec!["Type", "Streams", "Share", "Median time to it"],
        rows: rows.collect(),
    };
    let mut plotted = pieces.plotted(lines);
    if order.len() > MAX_LINES {
        let more = order.len() - MAX_LINES;
        plotted
            .notes
            .push(format!("{more} later types stand in the table only"));
    }
    Some(Answered { plotted, table })
}

/// Takes a stream in; whether any of its events counts.
fn take(
    log: &EventLog,
    ask: &BuiltInAsk,
    pieces: &Pieces<'_>,
    stream: StreamId,
    (stages, seen): (&mut [Stage], &mut [usize]),
) -> bool {
    let events = log.events_of(stream);
    let in_range = |position: Position| {
        let time = log.time(position);
        ask.range
            .is_none_or(|(from, to)| time.is_some_and(|time| from <= time.0 && time.0 <= to))
    };
    let counted = events
        .iter()
        .map(|at| Position(*at))
        .filter(|at| in_range(*at) && ask.until.is_none_or(|until| *at <= until));
    let mut begun = None;
    let mut is_empty = true;
    for (rank, position) in (0_u64..).zip(counted) {
        is_empty = false;
        let time = log.time(position);
        begun = begun.or(time);
        let id = log.event_type(position).index();
        let (Some(stage), Some(seen)) = (stages.get_mut(id), seen.get_mut(id)) else {
            continue;
        };
        if *seen == stream.index() + 1 {
            continue;
        }
        *seen = stream.index() + 1;
        stage.n_streams += 1;
        stage.ranks += rank;
        stage.nanos.extend(
            time.zip(begun)
                .map(|(time, begun)| time.0.saturating_sub(begun.0)),
        );
        stage.reached.resize(pieces.len(), 0);
        let bucket = time.and_then(|time| pieces.bucket_of(time));
        if let Some(reached) = bucket.and_then(|nth| stage.reached.get_mut(nth)) {
            *reached += 1;
        }
    }
    !is_empty
}

/// The category with most streams.
fn largest(log: &EventLog) -> Option<CategoryId> {
    let mut n_streams = vec![0_usize; log.category_names().len()];
    for stream in log.streams() {
        n_streams[log.stream_info(stream).category.index()] += 1;
    }
    let most = n_streams
        .iter()
        .enumerate()
        .rev()
        .max_by_key(|(_, n)| **n)?;
    u32::try_from(most.0).ok().map(CategoryId)
}
