//! Numbers of a state over a stream's events.

use super::replay::Folder;
use super::state::FoldError;
use crate::event::json::{Json, JsonPath};
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
/// be names.
pub fn numeric_leaves(state: &Json) -> Vec<(JsonPath, Decimal)> {
    let _ = state;
    todo!()
}

/// How the number at `path` went over the events of a stream: only the events after which it was
/// another one. A text that holds a number is read as one.
pub fn field_series(
    folder: &Folder,
    stream: StreamId,
    path: &JsonPath,
    cancel: &dyn Fn() -> bool,
) -> Result<Vec<SeriesPoint>, FoldError> {
    let _ = (folder, stream, path, cancel);
    todo!()
}
