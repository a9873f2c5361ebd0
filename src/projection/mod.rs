//! Derived tables and series: what the plots show, on screen and on paper alike.
//!
//! [`Bucket`] cuts time, [`events_by_type`] counts events in such pieces, [`Series`] follows one
//! number of a stream's state, [`thin`] makes it as long as the screen is wide, and
//! [`suggest_field`] chooses a number worth looking at.
//!
//! [`run`](fn@run) runs a projection, above all a script.
//! A [`Recorder`] takes down what states and results of many partitions become; its [`Results`] tell
//! them at any position, as a table ([`PartitionsAt`]) or as [`Plotted`] over time ([`SeriesAsk`]).
//! [`BuiltIn`] lists projections that need no code; [`RollForward`] says what moved a number between two
//! points. Nothing here knows a screen or a clock.

mod bucket;
mod built_in;
mod by_type;
mod extremes;
mod lines;
mod of_run;
mod of_states;
mod results;
mod roll_forward;
mod run;
mod series;
mod suggest;
mod versions;

pub use bucket::{Bucket, auto_bucket};
pub use built_in::{
    Answered, BuiltIn, BuiltInAsk, FieldAsk, Needs, Table, TableCell, time_in_state,
};
pub use by_type::{Slicing, Stacked, StackedAsk, StackedGroup, events_by_type};
pub use extremes::{Extremes, thin};
pub use lines::{
    Band, By, Cause, Explained, Line, Listed, ListingAsk, Measure, Overlay, Pair, Plotted,
    SeriesAsk, Whose, overlay, overlays,
};
pub use of_run::run_over_time;
pub use of_states::{StatesOf, states_over_time};
pub use results::{
    Column, Limits, Numbers, Of, PartitionId, PartitionRow, PartitionsAt, PartitionsQuestion,
    PathInfo, Recorder, Results, Scarce, Thinned,
};
pub use roll_forward::{RollForward, RollForwardAsk, Rolled, RolledGroup, RolledStream};
pub use run::{
    Ask, Emitted, Ended, OnError, Partition, Released, Run, RunFault, Skipped, Step as RunStep,
    Watch, What, check, run,
};
pub use series::{Series, Step, series_of};
pub use suggest::{FieldChoice, suggest_field};
pub use versions::{Differs, VersionsCompared, both_versions, compare_versions};
