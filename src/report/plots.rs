//! The plots of a report: which there are, and making them with bounded work.

use super::differences::find;
use super::period::Period;
use super::settings::{ReportSection, ReportSettings};
use crate::event::json::JsonPath;
use crate::event::{Position, StreamId, Zone};
use crate::fold::{Folder, field_series};
use crate::history::{Axis, EventLog};
use crate::projection::{
    Series, Slicing, Stacked, StackedAsk, Step, events_by_type, series_of, suggest_field, thin,
};

/// What a report draws.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plots {
    /// Events over time by type; `None` in an empty history.
    pub by_type: Option<Stacked>,
    /// A number of a stream's state; `None` where no state has one.
    pub field: Option<FieldPlot>,
}

/// A number of a stream's state over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPlot {
    /// The stream's name.
    pub stream: String,
    /// Where the number stands in the state, such as `balance`.
    pub path: String,
    /// What made the state: `payload merge`, or the name of the rules.
    pub label: String,
    /// Whether the state is one that the application would know, and no mere merge.
    pub is_application_state: bool,
    /// The line, with as many points as a page shows.
    pub series: Series,
    /// How many times the number changed.
    pub n_changes: usize,
    /// From where to where the line is drawn: from its first point to where the last value held, as
    /// far as it is known and worth the room.
    pub range: (i64, i64),
}

/// How many columns a plot of a report has at most.
const COLUMNS: usize = 80;
/// In how many columns a step line is thinned.
const LINE_COLUMNS: usize = 460;

impl Plots {
    /// Makes both plots of a period; the field is the one asked for, else [`suggest_field`]'s.
    ///
    /// Where `cancel` says so, what is not made yet is left out.
    pub(super) fn make(
        folder: &Folder,
        period: Option<Period>,
        settings: &ReportSettings,
        zone: Zone,
        cancel: &dyn Fn() -> bool,
    ) -> Self {
        let Some(period) = period else {
            return Self::default();
        };
        let log = &folder.history().log;
        let has = |section| settings.has(section);
        let wanted = settings.field.as_ref().and_then(|field| {
            let stream = find(log, &field.stream).ok()?;
            Some((stream, JsonPath::parse(&field.path)?))
        });
        let suggested = || suggest_field(folder, cancel).map(|found| (found.stream, found.path));
        let field = has(ReportSection::State)
            .then(|| wanted.or_else(suggested))
            .flatten();
        let shows_activity = has(ReportSection::Activity);
        Self {
            by_type: shows_activity.then(|| stacked(log, period, zone)),
            field: field.and_then(|(stream, path)| line(folder, stream, &path, period, cancel)),
        }
    }
}

/// Over time; over positions where no event has a time.
fn stacked(log: &EventLog, period: Period, zone: Zone) -> Stacked {
    let by_position = (
        Axis::Sequence,
        (i64::from(period.from.0), i64::from(period.until.0)),
    );
    let (axis, range) = times(log, period).map_or(by_position, |range| (Axis::Time, range));
    let ask = StackedAsk {
        axis,
        range,
        slicing: Slicing::Columns(COLUMNS),
        zone,
    };
    let mut plot = events_by_type(log, &ask);
    if axis == Axis::Time && !period.is_whole {
        count_only(log, period, &mut plot);
    }
    plot
}

/// Counts nothing but the events of the period: its first and last column may hold others, and so may
/// all where times go back.
fn count_only(log: &EventLog, period: Period, plot: &mut Stacked) {
    let n_groups = plot.groups.len();
    let other = n_groups.saturating_sub(1);
    let group_of = |event_type| {
        let mut groups = plot.groups.iter();
        let own = groups.position(|group| group.event_type == Some(event_type));
        own.unwrap_or(other)
    };
    let mut counts = vec![0; plot.counts.len()];
    for at in period.from.0..=period.until.0 {
        let position = Position(at);
        let Some(time) = log.time(position) else {
            continue;
        };
        let column = plot.edges.partition_point(|edge| *edge <= time.0);
        let place = column
            .checked_sub(1)
            .map(|column| column * n_groups + group_of(log.event_type(position)));
        if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
            *count += 1;
        }
    }
    plot.counts = counts;
}

/// The least and the greatest time of a period.
fn times(log: &EventLog, period: Period) -> Option<(i64, i64)> {
    if period.is_whole {
        return log.time_range().map(|(first, last)| (first.0, last.0));
    }
    let times = (period.from.0..=period.until.0).filter_map(|at| log.time(Position(at)));
    times.fold(None, |range, time| {
        Some(range.map_or((time.0, time.0), |(a, b): (i64, i64)| {
            (a.min(time.0), b.max(time.0))
        }))
    })
}

fn line(
    folder: &Folder,
    stream: StreamId,
    path: &JsonPath,
    period: Period,
    cancel: &dyn Fn() -> bool,
) -> Option<FieldPlot> {
    let log = &folder.history().log;
    let mut points = field_series(folder, stream, path, cancel).ok()?;
    points.retain(|point| period.contains(point.position.0));
    let has_times = points.iter().all(|point| point.time.is_some());
    let axis = if has_times {
        Axis::Time
    } else {
        Axis::Sequence
    };
    let (series, range, n_changes) = line_of(
        log,
        axis,
        series_of(axis, &points).points,
        Some(period.until),
    )?;
    Some(FieldPlot {
        stream: log.stream_name(stream).to_owned(),
        path: path.to_string(),
        label: folder.reducer().label().to_owned(),
        is_application_state: folder.reducer().is_application_state(),
        n_changes,
        range,
        series,
    })
}

/// A line with as many points as a page shows, from where to where it is drawn, and how many changes it
/// has; `None` of a line without points.
pub(super) fn line_of(
    log: &EventLog,
    axis: Axis,
    points: Vec<Step>,
    until: Option<Position>,
) -> Option<(Series, (i64, i64), usize)> {
    let whole = Series::new(axis, points);
    let (from, to) = (whole.points.first()?.x, whole.points.last()?.x);
    let n_changes = whole.points.len();
    let kept: Vec<Step> = thin(&whole.points, from, to, LINE_COLUMNS);
    let end = drawn_until(log, axis, from, to, until);
    let series = Series {
        points: kept,
        ..whole
    };
    Some((series, (from, end), n_changes))
}

/// A little beyond the last change, and never beyond the end of the history.
fn drawn_until(log: &EventLog, axis: Axis, from: i64, to: i64, until: Option<Position>) -> i64 {
    let last = until.or_else(|| log.last());
    let end = match axis {
        Axis::Sequence => last.map(|last| i64::from(last.0)),
        Axis::Time => log.time_range().map(|(_, end)| end.0),
    };
    let beyond = to.saturating_add(to.saturating_sub(from) / 12);
    end.map_or(to, |end| end.min(beyond).max(to))
}
