//! Plotted from results: what a plot shows of a field over time, exact.
//!
//! A [`SeriesAsk`] names field, partitions, measure and pieces of time; `moves` puts the changes of
//! all partitions in order and tells their lines, `cut` tells where they stand, `tally` takes one
//! line in. [`overlay()`] lays two periods over each other, [`Explained`] says which events made a step.

mod ask;
mod cut;
mod explain;
mod listing;
mod moves;
mod overlay;
mod series;
mod tally;

pub use ask::{Band, By, Line, Measure, Plotted, SeriesAsk, Whose};
pub(super) use cut::{Clock, Cut};
pub use explain::{Cause, Explained};
pub use listing::{Listed, ListingAsk};
pub use overlay::{Overlay, Pair, overlay, overlays};
