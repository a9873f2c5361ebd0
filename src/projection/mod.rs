//! Derived tables and series: what the plots show, on screen and on paper alike.
//!
//! [`Bucket`] cuts time, [`events_by_type`] counts events in such pieces, [`Series`] follows one
//! number of a stream's state, [`thin`] makes it as long as the screen is wide, and
//! [`suggest_field`] chooses a number worth looking at. Nothing here knows a screen or a clock.

mod bucket;
mod by_type;
mod series;
mod suggest;

pub use bucket::{Bucket, auto_bucket};
pub use by_type::{Slicing, Stacked, StackedAsk, StackedGroup, events_by_type};
pub use series::{Series, Step, series_of, thin};
pub use suggest::{FieldChoice, suggest_field};
