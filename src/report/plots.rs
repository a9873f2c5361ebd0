//! The plots of a report: which there are, and making them with bounded work.

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
    /// Makes both plots up to a position, the whole history where none is given; the field is the
    /// one asked for, else [`suggest_field`]'s.
    ///
    /// Where `cancel` says so, what is not made yet is left out.
    pub fn make(
        folder: &Folder,
        until: Option<Position>,
        field: Option<(StreamId, JsonPath)>,
        zone: Zone,
        cancel: &dyn Fn() -> bool,
    ) -> Self {
        let log = &folder.history().log;
        let suggested = || suggest_field(folder, cancel).map(|found| (found.stream, found.path));
        let field = field.or_else(suggested);
        Self {
            by_type: stacked(log, until, zone),
            field: field.and_then(|(stream, path)| line(folder, stream, &path, until, cancel)),
        }
    }
}

/// Over time; over positions where no event has a time.
fn stacked(log: &EventLog, until: Option<Position>, zone: Zone) -> Option<Stacked> {
    let last = until.or_else(|| log.last())?.min(log.last()?);
    let by_time = log.time_range().map(|(first, end)| {
        let end = until.and_then(|at| log.time(at)).unwrap_or(end);
        (Axis::Time, (first.0, end.0.max(first.0)))
    });
    let by_position = (Axis::Sequence, (0, i64::from(last.0)));
    let (axis, range) = by_time.unwrap_or(by_position);
    let slicing = Slicing::Columns(COLUMNS);
    let ask = StackedAsk {
        axis,
        range,
        slicing,
        zone,
    };
    Some(events_by_type(log, &ask))
}

fn line(
    folder: &Folder,
    stream: StreamId,
    path: &JsonPath,
    until: Option<Position>,
    cancel: &dyn Fn() -> bool,
) -> Option<FieldPlot> {
    let log = &folder.history().log;
    let mut points = field_series(folder, stream, path, cancel).ok()?;
    points.retain(|point| until.is_none_or(|until| point.position <= until));
    let has_times = points.iter().all(|point| point.time.is_some());
    let axis = if has_times {
        Axis::Time
    } else {
        Axis::Sequence
    };
    let whole = series_of(axis, &points);
    let (from, to) = (whole.points.first()?.x, whole.points.last()?.x);
    let kept: Vec<Step> = thin(&whole.points, from, to, LINE_COLUMNS);
    Some(FieldPlot {
        stream: log.stream_name(stream).to_owned(),
        path: path.to_string(),
        label: folder.reducer().label().to_owned(),
        is_application_state: folder.reducer().is_application_state(),
        n_changes: points.len(),
        range: (from, drawn_until(log, axis, from, to, until)),
        series: Series {
            points: kept,
            ..whole
        },
    })
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
