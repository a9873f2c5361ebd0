//! What statistics count: lanes in all, in view and between the markers, and a few numbers of the whole.

use super::super::shared::day;
use super::lanes::{Lane, Plan};
use crate::event::{StreamId, Timestamp, Zone};
use crate::history::{Axis, Clock, EventLog, Grouping};
use crate::projection::Bucket;
use crate::ui::theme::format;
use crate::ui::widgets::columns::{Order, Sort};
use crate::workbench::Span;

/// Nanoseconds of a day.
const DAY: i64 = 86_400_000_000_000;
/// More days than this are not compared with one another.
const MOST_DAYS: usize = 40_000;

/// A row of the table.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) lane: Lane,
    pub(super) group: usize,
    pub(super) in_view: u64,
    pub(super) marked: Option<u64>,
    /// How many streams it has; `None` for types.
    pub(super) n_streams: Option<u64>,
}

/// A number with what it is.
pub(super) type Figure = (&'static str, String);

/// What is counted: the history, the axis with what of it is in view, the stretch between the markers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Key {
    pub(super) generation: u64,
    pub(super) grouping: Grouping,
    pub(super) axis: (Axis, Clock, Span),
    pub(super) marked: Option<(u32, u32)>,
}

/// The lanes with their counts, largest first.
pub(super) fn lines(log: &EventLog, plan: &Plan, key: &Key) -> Vec<Line> {
    let (axis, clock, span) = key.axis;
    let n_events = u32::try_from(log.len()).unwrap_or(u32::MAX);
    let timed = log.by(clock);
    let bounds = match axis {
        Axis::Time => timed.bounds([span.from, span.to.saturating_add(1)].map(Timestamp)),
        Axis::Sequence => [span.from, span.to.saturating_add(1)]
            .map(|at| u32::try_from(at.max(0)).unwrap_or(n_events).min(n_events))
            .to_vec(),
    };
    let in_view = timed.count_columns(axis, key.grouping, &bounds);
    let marked = key.marked.map(|(from, to)| {
        let bounds = [from, to.saturating_add(1).min(n_events)];
        log.count_columns(Axis::Sequence, key.grouping, &bounds)
    });
    let count = |counts: &[u32], group: usize| counts.get(group).copied().map_or(0, u64::from);
    let line = |(group, lane): (usize, &Lane)| Line {
        lane: lane.clone(),
        group,
        in_view: count(in_view.column(0), group),
        marked: marked.as_ref().map(|marked| count(marked.column(0), group)),
        n_streams: plan.n_streams(lane.of),
    };
    let lanes = plan.lanes(key.grouping).iter().enumerate();
    lanes.map(line).collect()
}

/// Sorts by the columns of the table.
pub(super) fn sort(lines: &mut [Line], order: &Order) {
    let sorts: Vec<Sort> = order.columns().collect();
    for sort in sorts.into_iter().rev() {
        // Twice backwards, so that equals keep their order either way.
        if sort.descending {
            lines.reverse();
        }
        match sort.column {
            0 => lines.sort_by(|a, b| a.lane.name.cmp(&b.lane.name)),
            4 => lines.sort_by_key(|line| line.in_view),
            5 => lines.sort_by_key(|line| line.marked),
            6 => lines.sort_by_key(|line| line.n_streams),
            7 => lines.sort_by_key(a_stream),
            // Share and rate go with the count.
            _ => lines.sort_by_key(|line| line.lane.count),
        }
        if sort.descending {
            lines.reverse();
        }
    }
}

/// Tenths of events a stream.
pub(super) fn a_stream(line: &Line) -> Option<u64> {
    let n_streams = line.n_streams.filter(|n| *n > 0)?;
    Some(rounded(
        u128::from(line.lane.count) * 10,
        u128::from(n_streams),
    ))
}

/// The numbers over the table. Costs a walk over the streams and one over the days.
pub(super) fn figures(log: &EventLog, zone: Zone) -> Vec<Figure> {
    let n_events = log.len() as u64;
    let n_streams = log.streams().len() as u64;
    let mut figures = vec![
        ("Events", format::count(n_events)),
        ("Streams", format::count(n_streams)),
        ("Types", format::count(log.type_names().len() as u64)),
        (
            "Events a stream",
            tenths(rounded(
                u128::from(n_events) * 10,
                u128::from(n_streams.max(1)),
            )),
        ),
    ];
    let longest = |stream: &StreamId| log.events_of(*stream).len();
    if let Some(stream) = log.streams().max_by_key(longest) {
        let name = format::visible(log.stream_name(stream));
        let said = format!("{name} {}", format::count(longest(&stream) as u64));
        figures.push(("Longest stream", said));
    }
    if let Some(rate) = a_day(log, n_events) {
        figures.push(("Events a day", rate));
    }
    if let Some((time, most)) = busiest_day(log, zone) {
        let said = format!("{} {}", day(time, zone), format::count(most));
        figures.push(("Busiest day", said));
    }
    figures
}

/// The day with the most events, where there are not too many days to look at.
fn busiest_day(log: &EventLog, zone: Zone) -> Option<(Timestamp, u64)> {
    let (first, last) = log.time_range()?;
    let n_days = last.0.saturating_sub(first.0) / DAY;
    if usize::try_from(n_days).ok()? >= MOST_DAYS - 2 {
        return None;
    }
    let edges = Bucket::Day.edges((first, last), zone, MOST_DAYS);
    let bounds = log.time_bounds(edges.iter().copied());
    let counts = bounds.windows(2).map(|pair| u64::from(pair[1] - pair[0]));
    let mut days = edges.iter().copied().zip(counts);
    let first = days.next()?;
    // The earliest of equals.
    Some(days.fold(
        first,
        |most, next| if next.1 > most.1 { next } else { most },
    ))
}

/// Events a day over the whole history; `None` where it has no time to speak of.
pub(super) fn a_day(log: &EventLog, count: u64) -> Option<String> {
    let (first, last) = log.time_range()?;
    let lasts = u128::try_from(i128::from(last.0) - i128::from(first.0)).ok()?;
    if lasts < DAY.unsigned_abs().into() {
        return None;
    }
    let of_days = u128::from(count) * 10 * u128::from(DAY.unsigned_abs());
    Some(match rounded(of_days, lasts) {
        0 if count > 0 => "< 0.1".to_owned(),
        number => tenths(number),
    })
}

/// A quotient, rounded to the nearest whole number.
pub(super) fn rounded(number: u128, by: u128) -> u64 {
    let by = by.max(1);
    u64::try_from((number + by / 2) / by).unwrap_or(u64::MAX)
}

/// A number of tenths as it is read: `7.9`.
pub(super) fn tenths(number: u64) -> String {
    format!("{}.{}", format::count(number / 10), number % 10)
}
