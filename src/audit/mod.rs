//! Checks and what they find: notable facts in the history itself, each with its place.
//!
//! [`run()`] holds all [`checks()`] against a history and gives an [`Audit`]: evidence, one
//! [`CheckResult`] a check, and [`Finding`]s. It knows neither files nor clocks: hashes and times
//! come in as [`Evidence`]. What could not be read at all is a problem of the input; here it only
//! appears as a detail of `completeness`.

mod bases;
mod check;
mod checks;
mod compare;
mod drift;
mod evidence;
mod finding;
mod gaps;
mod gather;
mod groups;
pub mod integrity;
pub mod invariants;
mod json;
mod reconcile;
mod run;
mod screening;
mod section;
mod snapshots;
mod table;
mod times;
mod words;

pub use check::{Check, Scene};
pub use checks::checks;
pub use compare::{
    CompareOptions, Comparison, Difference, DifferenceKind, StreamDifferences, compare,
    comparison_json, comparison_table,
};
pub use drift::{
    Drift, DriftChange, DriftChangeKind, DriftColumns, DriftUnit, Drifting, FieldDrift, FieldKind,
    KindSeen, MAX_DEPTH, MAX_PATHS, MAX_PATHS_OF_TYPE, SchemaVersionSeen, TypeDrift, drift_json,
    drift_of, drift_table, unhandled_types,
};
pub use evidence::{Evidence, EvidenceFile, Population, SelfCheck};
pub use finding::{CheckResult, Finding, Status};
pub use gaps::{Gaps, Silence};
pub use gather::{Gather, MAX_KEPT};
pub use groups::{FindingGroup, grouped};
pub use integrity::{Receipt, VerifyKey};
pub use json::{audit_json, audit_json_with};
pub use reconcile::{
    ColumnCount, ColumnDifference, MatchKind, Outside, ReconcileError, ReconcileItem,
    ReconcileQuestion, Reconciliation, reconcile, reconciliation_json, reconciliation_table,
};
pub use run::{Audit, AuditOptions, Watch, run, run_timed};
pub use screening::{Sample, Sampled, ScreeningOptions, sample, sample_json, screening_checks};
pub use section::Section;
pub use snapshots::{SnapshotDiffers, SnapshotsHeld, hold_snapshots};
pub use table::audit_table;
pub use times::CheckTime;
pub use words::{count, counted};
