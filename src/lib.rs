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

// Files in
pub mod source;
pub mod ingest;

// Answers
pub mod fold;
pub mod projection;
pub mod audit;
pub mod report;

// What is kept, what is open, and work off the frame
pub mod settings;
pub mod workbench;
pub mod job;

// The window, the loop, and the run without a window
pub mod ui;
pub mod app;
pub mod cli;
