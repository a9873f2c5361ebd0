//! Numbers of a state over a stream's events.

use super::diff::members;
use super::replay::Folder;
use super::state::FoldError;
use crate::event::json::{Json, JsonPath, Step};
use crate::event::{Decimal, Position, StreamId, Timestamp};

/// What a number became, and after which event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeriesPoint {
    /// The event after which it is so.
    pub position: Position,
    /// That event's index in the stream.
    pub rank: u32,
    /// That event's recorded time.
    pub time: Option<Timestamp>,
    /// The number; `None` from here on where there is none any more.
    pub value: Option<Decimal>,
}

/// The leaves of a state that are numbers, in order; texts that hold one are left out, as they may
/// be names, and so are numbers of over 38 digits.
pub fn numeric_leaves(state: &Json) -> Vec<(JsonPath, Decimal)> {
    let mut found = Vec::new();
    gather(state, &mut JsonPath::default(), &mut found);
    found
}

fn gather(value: &Json, path: &mut JsonPath, found: &mut Vec<(JsonPath, Decimal)>) {
    let mut within = |step, inner| {
        path.0.push(step);
        gather(inner, path, found);
        path.0.pop();
    };
    match value {
        Json::Number(_) => found.extend(value.as_decimal().map(|number| (path.clone(), number))),
        Json::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                within(Step::Index(index), element);
            }
        }
        Json::Object(object) => {
            for (key, member) in members(object) {
                within(Step::Key(key.into()), member);
            }
        }
        Json::Null | Json::Bool(_) | Json::Text(_) => {}
    }
}

/// How the number at `path` went over the events of a stream: only the events after which it was
/// another one. A text that holds a number is read as one. Costs one replay of the stream.
pub fn field_series(
    folder: &Folder,
    stream: StreamId,
    path: &JsonPath,
    cancel: &dyn Fn() -> bool,
) -> Result<Vec<SeriesPoint>, FoldError> {
    let log = &folder.history().log;
    let mut points: Vec<SeriesPoint> = Vec::new();
    let n_events = u32::try_from(log.events_of(stream).len()).unwrap_or(u32::MAX);
    let Some(last) = n_events.checked_sub(1) else {
        return Ok(points);
    };
    folder.walk(stream, 0, last, cancel, &mut |rank, position, state| {
        let value = path.get(state).and_then(Json::as_decimal);
        if points.last().and_then(|point| point.value) != value {
            points.push(SeriesPoint {
                position,
                rank,
                time: log.time(position),
                value,
            });
        }
        true
    })?;
    Ok(points)
}
