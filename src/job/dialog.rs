//! The system's dialogs for files. They block, so they have their thread; where the system has none,
//! they answer nothing and whoever asked goes on without.

use std::path::PathBuf;

/// Asks for a file to open.
pub(super) fn ask_open() -> Option<PathBuf> {
    rfd::FileDialog::new()
        .set_title("Open a store or a log")
        .add_filter("Stores and logs", &["db", "sqlite", "sqlite3", "jsonl", "ndjson", "json", "csv"])
        .add_filter("All files", &["*"])
        .pick_file()
}

/// Asks where a report goes.
pub(super) fn ask_save(name: &str) -> Option<PathBuf> {
    rfd::FileDialog::new()
        .set_title("Save the report")
        .set_file_name(name)
        .add_filter("HTML report", &["html"])
        .add_filter("Markdown", &["md"])
        .add_filter("JSON", &["json"])
        .save_file()
}
