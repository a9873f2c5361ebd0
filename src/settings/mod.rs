//! What outlives the run: the theme, the zone, the files opened last, mappings of the
//! user's own.
//!
//! `Settings` is plain values; `file` reads and writes them safely.

mod file;
#[expect(
    clippy::module_inception,
    reason = "one file for the folder's main noun"
)]
mod settings;

pub use file::{Error, load, save};
pub use settings::{
    KeptBookmark, KeptBranch, KeptEdit, KeptMapping, KeptNotes, KeptReducer, KeptScript,
    KeptScripts, RecentFile, Settings, ThemeChoice,
};
