//! Two histories held against each other, event by event.
//!
//! Events are paired by their stream's name and their version, counted from the first version of the
//! store's streams; where one of the two has no versions, by their place in the stream. Equal are type,
//! time at the coarser precision, id where both have one, and data by meaning: keys in any order,
//! numbers by value. Metadata counts where both are of one format; so does the order across streams.
//!
//! Kept are 24 bytes for each event of either side; payloads are read once, and again for what differs.

mod align;
mod answer;
mod columns;
mod describe;
mod differences;
mod meaning;
mod streams;

pub use answer::{comparison_json, comparison_table};
pub use differences::{Comparison, Difference, DifferenceKind, StreamDifferences};
pub use streams::{CompareOptions, compare};
