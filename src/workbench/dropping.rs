//! What becomes of files that are dropped on the window: said while they hover, done when they are let go.

use std::path::{Path, PathBuf};

use super::action::{Action, ViewKind};
use super::auditing::AuditEdit;
use super::projecting::ProjectEdit;
use super::workbench::Workbench;

/// What files that are dropped are taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// They are opened.
    Open,
    /// They are opened in a window of their own.
    Beside,
    /// A workspace is opened, with its store.
    Workspace,
    /// Projections.
    Scripts,
    /// Rules that the history must keep.
    Invariants,
    /// Another copy of the history.
    Copy,
}

impl Workbench {
    /// What files are taken for that are dropped here; with Shift, where something is open, another
    /// window opens.
    pub fn dropped(&self, paths: &[PathBuf], with_shift: bool) -> Dropped {
        let (is_open, view) = (self.history.is_some(), self.look().view);
        let all =
            |endings: &[&str]| !paths.is_empty() && paths.iter().all(|path| ends_in(path, endings));
        let is_audit = is_open && view == ViewKind::Audit && paths.len() < 2;
        match () {
            () if is_open && with_shift => Dropped::Beside,
            () if is_open && all(&["js", "mjs", "cjs"]) => Dropped::Scripts,
            () if all(&["annals"]) => Dropped::Workspace,
            () if is_audit && all(&["toml"]) => Dropped::Invariants,
            () if is_audit => Dropped::Copy,
            () => Dropped::Open,
        }
    }

    /// The sentence that says what will happen to so many files.
    pub fn drop_words(&self, dropped: Dropped, n_files: usize) -> String {
        let name = self.history.as_ref().map(|history| history.about.name());
        match dropped {
            Dropped::Open if n_files > 1 => {
                format!("Open these {n_files} files as one history, read-only")
            }
            Dropped::Open => "Open this file, read-only".to_owned(),
            Dropped::Beside => "Open in a second window, read-only".to_owned(),
            Dropped::Workspace => "Open this workspace with its store".to_owned(),
            Dropped::Scripts if n_files > 1 => format!("Add {n_files} projections"),
            Dropped::Scripts => "Add as a projection".to_owned(),
            Dropped::Invariants => "Hold the history against these rules".to_owned(),
            Dropped::Copy => format!("Compare with {}", name.unwrap_or("the open history")),
        }
    }
}

impl Dropped {
    /// What is asked for; nothing where there is no file.
    pub fn action(self, mut paths: Vec<PathBuf>) -> Option<Action> {
        let audit = |edit| Action::Audit(Box::new(edit));
        if paths.is_empty() {
            return None;
        }
        Some(match self {
            Self::Open | Self::Workspace => Action::OpenPaths(paths),
            Self::Beside => Action::OpenBeside(paths),
            Self::Scripts => Action::Project(Box::new(ProjectEdit::Read(paths))),
            Self::Invariants => audit(AuditEdit::TakeInvariants(paths.pop()?)),
            Self::Copy => audit(AuditEdit::CompareWith(paths.pop()?)),
        })
    }
}

fn ends_in(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| {
        endings
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    })
}
