//! Annals, a desktop inspector of event history.
//!
//! file → `source` (records) → `ingest` (events and problems) → `history` (log and index)
//! → `fold`, `query`, `projection`, `audit` (answers, each with its key) → `workbench` → `ui`
//! → `Action` → `app` → `workbench` → … what is stale is asked for again by `job`.
//!
//! The folders are declared in that order; `tests/architecture.rs` holds who may import whom.

// The words, and the log that is made of them
pub mod event;
pub mod history;

// Files in
pub mod ingest;
pub mod source;

// Answers
pub mod audit;
pub mod fold;
pub mod projection;
pub mod query;
pub mod report;
pub mod script;

// Values out
pub mod export;

// What is kept, what is open, and work off the frame
pub mod job;
pub mod settings;
pub mod workbench;

// The window, the loop, and the run without a window
pub mod app;
pub mod cli;
pub mod ui;
