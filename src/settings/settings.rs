//! The settings: every field with its default; a file from an older version lacks fields and is fine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How many recent files are kept.
const KEPT: usize = 12;
/// How many mappings are kept.
const KEPT_MAPPINGS: usize = 200;
/// On how many stores notes are kept.
const KEPT_NOTES: usize = 100;

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

/// A place that is kept under a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct KeptBookmark {
    /// Its position; the first event in a file without it.
    pub position: u32,
    /// The stream that was looked at, with its category; none in a file without it.
    pub stream: Option<(String, String)>,
    /// What it is called; empty in a file without it.
    pub name: String,
}

/// An event that a branch changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct KeptEdit {
    /// Its position; the first event in a file without it.
    pub position: u32,
    /// What it says instead, as JSON; it is left out in a file without it.
    pub data: Option<String>,
}

/// Events that are left out and changed beside a store.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct KeptBranch {
    /// What the branch is called; empty in a file without it.
    pub name: String,
    /// The events that it changes; none in a file without them.
    pub edits: Vec<KeptEdit>,
    /// The moment after which nothing that it counts occurred, in nanoseconds since 1970; none in a
    /// file without it.
    pub occurred_by: Option<i64>,
}

/// What the user noted on one store.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct KeptNotes {
    /// Where the store lies; nowhere, and of no use, in a file without it.
    pub path: PathBuf,
    /// How many events it had: with another number the places are not certain to be the same, and the
    /// notes are left alone; 0 in a file without it.
    pub events: u64,
    /// Bookmarks; none in a file without them.
    pub bookmarks: Vec<KeptBookmark>,
    /// Pinned fields in their dotted form, by category; none in a file without them.
    pub pinned: BTreeMap<String, Vec<String>>,
    /// What was tried out beside the store; nothing in a file without it.
    pub branch: Option<KeptBranch>,
    /// The branches beside that one; none in a file without them.
    pub other_branches: Vec<KeptBranch>,
}

/// What makes the states of a store, as the user chose or wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct KeptReducer {
    /// Where the store lies; nowhere, and of no use, in a file without it.
    pub path: PathBuf,
    /// Which reducer: `merge`, `merge-patch`, `last-payload`, `rules` or `script`.
    pub kind: String,
    /// Rules without code, as TOML; empty where there are none.
    pub rules: String,
    /// A script; empty where there is none.
    pub script: String,
}

/// A projection that was written for a store.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct KeptScript {
    /// What it is called; empty in a file without it.
    pub name: String,
    /// The script; empty in a file without it.
    pub text: String,
    /// Whether events that cannot be handled are skipped; the run ends in a file without it.
    pub skips: bool,
    /// Whether it had a tab; it had none in a file without it.
    pub has_tab: bool,
}

/// The projections of a store.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct KeptScripts {
    /// Where the store lies; nowhere, and of no use, in a file without it.
    pub path: PathBuf,
    /// The projections; none in a file without them.
    pub scripts: Vec<KeptScript>,
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
    /// Mappings of the user's own, newest first; none by default.
    pub mappings: Vec<KeptMapping>,
    /// Bookmarks, pinned fields and branches by store, newest first; none by default.
    pub notes: Vec<KeptNotes>,
    /// What makes the states of stores, newest first; none by default.
    pub reducers: Vec<KeptReducer>,
    /// Projections by store, newest first; none by default.
    pub projections: Vec<KeptScripts>,
}

impl Settings {
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

    /// Keeps what was noted on a store, in the place of what was noted before.
    pub fn keep_notes(&mut self, notes: KeptNotes) {
        self.notes.retain(|kept| kept.path != notes.path);
        let has_notes = !notes.bookmarks.is_empty() || !notes.pinned.is_empty();
        if has_notes || notes.branch.is_some() || !notes.other_branches.is_empty() {
            self.notes.insert(0, notes);
        }
        self.notes.truncate(KEPT_NOTES);
    }

    /// What was noted on a store of so many events.
    pub fn notes_of(&self, path: &Path, events: u64) -> Option<&KeptNotes> {
        let mut notes = self.notes.iter();
        notes.find(|kept| kept.path == path && kept.events == events)
    }

    /// Keeps what makes the states of a store, in the place of what did before.
    pub fn keep_reducer(&mut self, reducer: KeptReducer) {
        self.forget_reducer(&reducer.path.clone());
        self.reducers.insert(0, reducer);
        self.reducers.truncate(KEPT_NOTES);
    }

    /// Forgets it; returns whether there was one.
    pub fn forget_reducer(&mut self, path: &Path) -> bool {
        let n_before = self.reducers.len();
        self.reducers.retain(|kept| kept.path != path);
        self.reducers.len() < n_before
    }

    /// What the user chose or wrote for a store.
    pub fn reducer_of(&self, path: &Path) -> Option<&KeptReducer> {
        self.reducers.iter().find(|kept| kept.path == path)
    }

    /// Keeps the projections of a store, in the place of those before.
    pub fn keep_scripts(&mut self, scripts: KeptScripts) {
        self.projections.retain(|kept| kept.path != scripts.path);
        if !scripts.scripts.is_empty() {
            self.projections.insert(0, scripts);
        }
        self.projections.truncate(KEPT_NOTES);
    }

    /// The projections that were written for a store.
    pub fn scripts_of(&self, path: &Path) -> Option<&KeptScripts> {
        self.projections.iter().find(|kept| kept.path == path)
    }

    /// Takes a file off the recent ones.
    pub fn forget(&mut self, path: &Path) {
        self.recent.retain(|known| known.path != path);
    }
}
