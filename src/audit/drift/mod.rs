//! Schema drift (S1): for each type of event and each field of its data, what stood there and when.
//!
//! One pass over the payloads ([`Drifting::see`]), or [`drift_of`] for a pass of its own; what comes of
//! it is a [`Drift`]: a table of fields by calendar columns, and the [`DriftChange`]s, each with the
//! event at which a field became another one. Memory is bounded: at most [`MAX_PATHS_OF_TYPE`] fields
//! of a type and [`MAX_PATHS`] in all are followed, to a depth of [`MAX_DEPTH`]; what is beyond is
//! counted, and [`Drift::partial`] says so.

mod answer;
mod changes;
mod columns;
mod model;
mod seeing;
mod tree;
mod unhandled;
mod walk;

pub use answer::{drift_json, drift_table};
pub use columns::{DriftColumns, DriftUnit};
pub use model::{
    Drift, DriftChange, DriftChangeKind, FieldDrift, FieldKind, KindSeen, SchemaVersionSeen,
    TypeDrift,
};
pub use seeing::{Drifting, drift_of};
pub use tree::{MAX_PATHS, MAX_PATHS_OF_TYPE};
pub use unhandled::unhandled_types;
pub use walk::MAX_DEPTH;
pub(super) use walk::{Visit, walk};
