//! The settings: every field with its default; a file from an older version lacks fields and is fine.

use std::path::{Path, PathBuf};

/// How many recent files are kept.
const KEPT: usize = 12;

/// Which theme is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    /// As the system has it.
    #[default]
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

/// A file that was opened before.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct RecentFile {
    /// Where it lies.
    pub path: PathBuf,
    /// The format that it was read as, for people; empty in a file without it.
    pub format: String,
    /// How many events it had; 0 in a file without it.
    pub events: u64,
    /// When it was opened, in seconds since 1970; 0 in a file without it.
    pub opened_secs: i64,
    /// Its events over time in 16 parts, for the small picture; empty in a file without it.
    pub shape: Vec<u32>,
}

/// What is kept for the user.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct Settings {
    /// The theme; as the system has it by default.
    pub theme: ThemeChoice,
    /// Whether times are shown in local time; UTC by default.
    pub local_time: bool,
    /// Files opened before, newest first; none by default.
    pub recent: Vec<RecentFile>,
}

impl Settings {
    /// Puts a file at the head of the recent ones.
    pub fn remember(&mut self, file: RecentFile) {
        self.recent.retain(|known| known.path != file.path);
        self.recent.insert(0, file);
        self.recent.truncate(KEPT);
    }

    /// Takes a file off the recent ones.
    pub fn forget(&mut self, path: &Path) {
        self.recent.retain(|known| known.path != path);
    }
}
