//! Annals, a desktop inspector of event history.
//!
//! file → `source` (records) → `ingest` (events and problems) → `history` (log and index)
//! → `fold`, `projection`, `audit` (answers, each with its key) → `workbench` → `ui`
//! → `Action` → `app` → `workbench` → … what is stale is asked for again by `job`.
//!
//! The folders are declared in that order; `tests/architecture.rs` holds who may import whom.

// The words, and the log that is made of them
pub mod event;
pub mod history;

// Answers
pub mod fold;
pub mod projection;

// Findings, and all of it on paper
pub mod audit;
pub mod report;

// The window
pub mod ui;
