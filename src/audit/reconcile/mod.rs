//! Reconciling: the states of a category at a point held against a table from elsewhere, by key.
//!
//! A row of the table belongs to the stream whose name, or whose id behind its category, is the row's
//! key. Values are equal in meaning: decimals by value, times as moments, `1` is `true`.

mod answer;
mod equal;
mod hold;

pub use answer::{reconciliation_json, reconciliation_table};
pub use hold::{
    ColumnCount, ColumnDifference, MatchKind, Outside, ReconcileError, ReconcileItem,
    ReconcileQuestion, Reconciliation, reconcile,
};
