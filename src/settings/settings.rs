//! The settings: every field with its default; a file from an older version lacks fields and is fine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How many recent files are kept.
const KEPT: usize = 12;
/// How many mappings are kept.
const KEPT_MAPPINGS: usize = 200;

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

/// A mapping that the user made, for files with the same tables.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct KeptMapping {
    /// What tells files with these tables from others; empty, and of no use, in a file without it.
    pub fingerprint: String,
    /// The mapping, as `--mapping` reads it.
    pub toml: String,
    /// The file that it was made for, for people; empty in a file without it.
    pub made_for: String,
}

/// What is kept for the user.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct Settings {
    /// The theme; as the system has it by default.
    pub theme: ThemeChoice,
    /// The size of everything, in percent; 0 in a file without it, which means 100.
    pub text_percent: u16,
    /// Stronger borders and captions; no by default.
    pub more_contrast: bool,
    /// No motion at all; no by default.
    pub less_motion: bool,
    /// Figures of fold, frame and memory in the status bar; none by default.
    pub shows_figures: bool,
    /// How much memory the results of a projection over time may take, in megabytes; 0 in a file without
    /// it, which means 512.
    pub results_mb: u32,
    /// The zone in which times are shown: `UTC`, `local` or a name; empty, which means UTC, by default.
    pub zone: String,
    /// Keys of the user's own, by the names of actions; none by default.
    pub keys: BTreeMap<String, Vec<String>>,
    /// Files opened before, newest first; none by default.
    pub recent: Vec<RecentFile>,
    /// Mappings of the user's own, newest first; none by default.
    pub mappings: Vec<KeptMapping>,
}

impl Settings {
    /// The size of everything, in percent, from 50 to 300.
    pub fn text_percent(&self) -> u16 {
        match self.text_percent {
            0 => 100,
            percent => percent.clamp(50, 300),
        }
    }

    /// How much memory the results of a projection over time may take, in megabytes, from 64 to 65,536.
    pub fn results_mb(&self) -> u32 {
        match self.results_mb {
            0 => 512,
            megabytes => megabytes.clamp(64, 1 << 16),
        }
    }

    /// Puts a file at the head of the recent ones.
    pub fn remember(&mut self, file: RecentFile) {
        self.recent.retain(|known| known.path != file.path);
        self.recent.insert(0, file);
        self.recent.truncate(KEPT);
    }

    /// Keeps a mapping, in the place of one for the same tables.
    pub fn keep_mapping(&mut self, mapping: KeptMapping) {
        self.forget_mapping(&mapping.fingerprint.clone());
        self.mappings.insert(0, mapping);
        self.mappings.truncate(KEPT_MAPPINGS);
    }

    /// Forgets the mapping for files with these tables; returns whether there was one.
    pub fn forget_mapping(&mut self, fingerprint: &str) -> bool {
        let n_before = self.mappings.len();
        self.mappings.retain(|kept| kept.fingerprint != fingerprint);
        self.mappings.len() < n_before
    }

    /// Takes a file off the recent ones.
    pub fn forget(&mut self, path: &Path) {
        self.recent.retain(|known| known.path != path);
    }
}
