//! State at a point: events of a stream applied one after another, by a reducer.
//!
//! Read in this order: a [`Reducer`] says what one event does to a state; [`Merge`] is the built-in
//! one beside [`MergePatch`] and [`LastPayload`], [`Rules`] follows sentences from a file. A [`Folder`]
//! replays a stream to a [`State`], with checkpoints so that a seek is short. [`diff()`] tells two
//! states apart, a [`Branch`] says what if, [`field_series`] follows one number, [`LeafHistory`] says which event set each leaf,
//! [`StateQuestion`] is what `annals state` asks. No files, no clock, no threads.

mod advance;
mod answer;
mod beside;
mod blame;
mod branch;
mod checkpoint;
mod course;
mod diff;
mod elements;
mod explained;
mod field_history;
mod lanes;
mod leaves;
mod leaves_walk;
mod merge;
mod minimal;
mod narrate;
mod payloads;
mod reducer;
mod replay;
mod responsible;
pub mod rules;
mod saved;
mod series;
mod state;
mod stop;
mod table;
mod table_walk;
mod unknown;

pub use answer::{AgainstAnswer, At, StateAnswer, StateQuestion};
pub use beside::{Against, explain_beside};
pub use blame::{Blame, blame};
pub use branch::{Branch, BranchError, Divergence, Edit};
pub use diff::{Change, ChangeKind, apply_changes, diff, diff_from_nothing};
pub use elements::diff_by_element;
pub use explained::explain_by_element;
pub use field_history::{FieldStep, FieldValue, field_history};
pub use lanes::{FieldLane, LaneStep, LaneValue, changing_lanes, field_lanes};
pub use leaves::{Gap, LeafHistory};
pub use merge::Merge;
pub use narrate::narrate;
pub use payloads::{LastPayload, MergePatch};
pub use reducer::{Applied, FoldEvent, LiveState, Reducer, Upcast, Written};
pub use replay::Folder;
pub use responsible::ExplainedChange;
pub use rules::{Rules, RulesError};
pub use saved::SavedState;
pub use series::{SeriesPoint, field_series, numeric_leaves};
pub use state::{FoldError, State};
pub use table::{StateTable, TableQuestion, TableRow};
pub use unknown::{FieldsByType, Unknown};
