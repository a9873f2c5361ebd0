//! State at a point: events of a stream applied one after another, by a reducer.
//!
//! Read in this order: a [`Reducer`] says what one event does to a state; [`Merge`] is the built-in
//! one, [`Rules`] follows sentences from a file. A [`Folder`] replays a stream to a [`State`], with
//! checkpoints so that a seek is short. [`diff()`] tells two states apart, [`field_series`] follows one
//! number, [`StateQuestion`] is what `annals state` asks. No files, no clock, no threads.

mod advance;
mod answer;
mod checkpoint;
mod diff;
mod lanes;
mod merge;
mod reducer;
mod replay;
mod responsible;
pub mod rules;
mod series;
mod state;
mod stop;

pub use answer::{At, StateAnswer, StateQuestion};
pub use diff::{Change, ChangeKind, apply_changes, diff, diff_from_nothing};
pub use lanes::{FieldLane, LaneStep, LaneValue, field_lanes};
pub use merge::Merge;
pub use reducer::{Applied, FoldEvent, LiveState, Reducer};
pub use replay::Folder;
pub use responsible::ExplainedChange;
pub use rules::{Rules, RulesError};
pub use series::{SeriesPoint, field_series, numeric_leaves};
pub use state::{FoldError, State};
