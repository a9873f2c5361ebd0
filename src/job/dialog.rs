//! The system's dialogs for files. They block, so they have their thread; where the system has none,
//! they answer nothing and whoever asked goes on without.

use std::path::PathBuf;

use crate::workbench::{AuditFile, Export};

/// Asks for a file to open, or several; none where the dialog was closed.
pub(super) fn ask_open() -> Vec<PathBuf> {
    rfd::FileDialog::new()
        .set_title("Open a store or a log")
        .add_filter(
            "Stores and logs",
            &[
                "db", "sqlite", "sqlite3", "jsonl", "ndjson", "json", "csv", "annals",
            ],
        )
        .add_filter("All files", &["*"])
        .pick_files()
        .unwrap_or_default()
}

/// Asks for scripts.
pub(super) fn ask_script() -> Vec<PathBuf> {
    rfd::FileDialog::new()
        .set_title("Open a projection")
        .add_filter("JavaScript", &["js", "mjs", "cjs"])
        .add_filter("All files", &["*"])
        .pick_files()
        .unwrap_or_default()
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

/// Asks where an export goes; the ending chosen says in which form.
pub(super) fn ask_export(what: Export, name: &str) -> Option<PathBuf> {
    let mut dialog = rfd::FileDialog::new()
        .set_title(format!("Export the {}", what.word()))
        .set_file_name(name);
    for ending in what.endings() {
        let form = match *ending {
            "csv" => "Comma-separated values",
            "parquet" => "Parquet",
            "sqlite" => "SQLite",
            "jsonl" => "JSON Lines",
            "json" => "JSON",
            "png" => "PNG picture",
            "svg" => "SVG drawing",
            other => other,
        };
        dialog = dialog.add_filter(form, &[*ending]);
    }
    dialog.save_file()
}

/// Asks where a workspace goes.
pub(super) fn ask_workspace(name: &str) -> Option<PathBuf> {
    rfd::FileDialog::new()
        .set_title("Save the workspace")
        .set_file_name(name)
        .add_filter("Annals workspace", &["annals"])
        .save_file()
}

/// Asks for a file of the Audit view.
pub(super) fn ask_audit(file: &AuditFile) -> Option<PathBuf> {
    let dialog = rfd::FileDialog::new();
    match file {
        AuditFile::Copy => dialog
            .set_title("Choose another copy")
            .add_filter("All files", &["*"])
            .pick_file(),
        AuditFile::Receipt => dialog
            .set_title("Choose a receipt")
            .add_filter("Receipts", &["json"])
            .pick_file(),
        AuditFile::Table => dialog
            .set_title("Choose a table")
            .add_filter("Rows", &["csv", "tsv", "txt"])
            .add_filter("All files", &["*"])
            .pick_file(),
        AuditFile::Invariants => dialog
            .set_title("Choose rules")
            .add_filter("Rules", &["toml"])
            .pick_file(),
        AuditFile::NewPicture(name) => dialog
            .set_title("Save the graph")
            .set_file_name(name)
            .add_filter("SVG", &["svg"])
            .save_file(),
        AuditFile::NewReceipt(name) => dialog
            .set_title("Save a receipt")
            .set_file_name(name)
            .add_filter("Receipts", &["json"])
            .save_file(),
    }
}

/// Whether the system has something to ask with: a desktop portal or zenity.
///
/// Where it has not, the dialogs answer nothing at once, as if they had been closed.
pub fn has_dialogs() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let has_bus =
        std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|address| !address.is_empty());
    has_bus || on_path("zenity")
}

fn on_path(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}
