//! The workspace of one history: what the user did with it, and where they were, as plain values.
//!
//! It is one JSON document, whether it is kept by itself with the user's data or saved as a `.annals`
//! file. Every field has a default, so that an older program's file lacks fields and is fine; fields
//! that this program does not know are kept and written again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::{Map, Value};

/// The version of the document that this program writes.
pub const WORKSPACE_VERSION: u32 = 1;

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

/// A note on an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct KeptNote {
    /// The event's position; the first event in a file without it.
    pub position: u32,
    /// What the user wrote; empty in a file without it.
    pub text: String,
    /// The SHA-256 of the event as receipts see it, in hexadecimal digits: with another event in its
    /// place the note is not shown. Not checked where it is empty.
    pub event: String,
}

/// A finding that somebody has looked into and accepts.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct KeptAccepted {
    /// The id of the check that found it.
    pub check: String,
    /// The stream that it is about; none in a file without it.
    pub stream: Option<String>,
    /// The position that it is about; none in a file without it.
    pub position: Option<u32>,
    /// What it says.
    pub finding: String,
    /// Why it is accepted.
    pub reason: String,
    /// Who accepted it.
    pub by: String,
    /// When, in seconds since 1970.
    pub at_secs: i64,
    /// The SHA-256 of the event that it is about, as in [`KeptNote::event`].
    pub event: String,
}

/// A sample of events that was drawn and gone through.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct KeptSample {
    /// How many events were drawn.
    pub n: u32,
    /// From which number chance was made.
    pub seed: u64,
    /// The positions of those that were looked at.
    pub looked_at: BTreeSet<u32>,
    /// What was said of them, by position.
    pub remarks: BTreeMap<u32, String>,
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

/// What makes the states of a store, as the user chose or wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct KeptReducer {
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

/// Which history a workspace is of.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct KeptStore {
    /// What people call it; empty in a file without it.
    pub name: String,
    /// The files that were opened; none for the sample history.
    pub inputs: Vec<PathBuf>,
    /// How many events it had; 0 in a file without it.
    pub events: u64,
    /// How its columns were read where the user said so, as TOML.
    pub mapping: Option<String>,
}

/// What is kept of one history.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct Workspace {
    /// The version of the document.
    #[serde(rename = "annals_workspace")]
    pub version: u32,
    /// Of which history.
    pub store: KeptStore,
    /// Where the user was: written and read by the window alone.
    pub look: Value,
    /// The layout of the views: written and read by the window alone.
    pub layout: Value,
    /// Bookmarks.
    pub bookmarks: Vec<KeptBookmark>,
    /// Pinned fields in their dotted form, by category.
    pub pinned: BTreeMap<String, Vec<String>>,
    /// Notes on events.
    pub notes: Vec<KeptNote>,
    /// Findings that are accepted.
    pub accepted: Vec<KeptAccepted>,
    /// The sample that was drawn last; none in a file without it.
    pub sample: Option<KeptSample>,
    /// What was tried out beside the store; nothing in a file without it.
    pub branch: Option<KeptBranch>,
    /// The branches beside that one.
    pub other_branches: Vec<KeptBranch>,
    /// What makes states, where the user chose or wrote it.
    pub reducer: Option<KeptReducer>,
    /// Projections.
    pub projections: Vec<KeptScript>,
    /// What this program does not know.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Default for Workspace {
    fn default() -> Self {
        Self {
            version: WORKSPACE_VERSION,
            store: KeptStore::default(),
            look: Value::Null,
            layout: Value::Null,
            bookmarks: Vec::new(),
            pinned: BTreeMap::new(),
            notes: Vec::new(),
            accepted: Vec::new(),
            sample: None,
            branch: None,
            other_branches: Vec::new(),
            reducer: None,
            projections: Vec::new(),
            rest: Map::new(),
        }
    }
}
