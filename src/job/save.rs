//! Writes a report: to a temporary file beside, then renamed, so that a crash leaves no half of one.

use std::path::Path;

use super::job::SaveTask;
use crate::export::{Error, write_whole};
use crate::report::{Plots, Report, ReportAsk, html, json, markdown};

/// Makes the report and writes it; the ending of the name says in which form.
pub fn save_report(task: &SaveTask, cancel: &dyn Fn() -> bool) -> Result<(), String> {
    let field = task
        .field
        .as_ref()
        .map(|key| (key.stream, key.path.clone()));
    let plots = Plots::make(&task.folder, task.as_of, field, task.zone, cancel);
    if cancel() {
        return Err("it was stopped".to_owned());
    }
    let ask = ReportAsk {
        title: task.title.clone(),
        zone: task.zone,
        as_of: task.as_of,
        command: command(task),
        program: format!("Annals {}", env!("CARGO_PKG_VERSION")),
        made_at: task.made_at,
        made_by: None,
    };
    let report = Report::new(&task.history, (*task.audit).clone(), plots, ask);
    let ending = task
        .path
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or("html");
    let text = match ending {
        "md" => markdown(&report),
        "json" => json(&report),
        _ => html(&report),
    };
    write_beside(&task.path, text.as_bytes()).map_err(|error| Error::from(error).to_string())
}

/// The command that makes the same report without the window.
fn command(task: &SaveTask) -> String {
    let history = &task.history;
    let inputs: Vec<String> = history
        .about
        .inputs
        .iter()
        .map(|path| quoted(path))
        .collect();
    let mut input = inputs.join(" ");
    if inputs.is_empty() {
        input.push_str("--demo");
    }
    if history.log.joins_files() {
        input.push_str(" --join-streams");
    }
    format!("annals report {input} -o {}", quoted(&task.path))
}

fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = text
        .chars()
        .all(|c| c.is_alphanumeric() || "/._-~".contains(c));
    if is_plain {
        text
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// Writes a file: to a temporary one beside, then renamed, so that a crash leaves no half of one.
pub fn write_beside(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    write_whole(path, bytes)
}
