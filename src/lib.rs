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

// From files to events
pub mod ingest;
pub mod source;

// Answers without a window
pub mod cli;

// The window
pub mod ui;
