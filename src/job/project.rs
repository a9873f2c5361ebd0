//! Runs a projection: progress and partial results while it goes on, problems at the end.

use std::path::{Path, PathBuf};

use super::job::{Outcome, ProjectTask};
use super::progress::Progress;
use crate::workbench::{RunAnswer, RunState};

/// The most bytes of a script.
const MAX_SCRIPT: u64 = 1 << 20;

/// Runs a projection.
pub(super) fn run(
    task: &ProjectTask,
    _progress: &Progress,
    _partly: &mut dyn FnMut(Outcome) -> bool,
) -> Outcome {
    let answer = RunAnswer {
        state: RunState::Failed,
        ..RunAnswer::default()
    };
    Outcome::Projected(Box::new(task.key.clone()), Box::new(answer))
}

/// Reads scripts.
pub(super) fn read(paths: &[PathBuf]) -> Vec<(PathBuf, Result<String, String>)> {
    let each = paths.iter().map(|path| (path.clone(), read_one(path)));
    each.collect()
}

fn read_one(path: &Path) -> Result<String, String> {
    let length = std::fs::metadata(path)
        .map_err(|error| error.to_string())?
        .len();
    if length > MAX_SCRIPT {
        return Err("it is longer than 1 MiB".to_owned());
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
    Ok(text
        .strip_prefix('\u{feff}')
        .unwrap_or(&text)
        .replace("\r\n", "\n"))
}
