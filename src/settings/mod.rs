//! What outlives the run: the theme, the zone, the files opened last, mappings of the
//! user's own; and by history what was done with it.
//!
//! `Settings` and `Workspace` are plain values; `file` and `workspace_file` read and write them safely;
//! `session` knows what was open when a window did not end well.

mod file;
mod session;
#[expect(
    clippy::module_inception,
    reason = "one file for the folder's main noun"
)]
mod settings;
mod workspace;
mod workspace_file;

pub use file::{Error, load, save};
pub use session::{LeftOpen, Session, left_open};
pub use settings::{KeptMapping, RecentFile, Settings, ThemeChoice};
pub use workspace::{
    KeptAccepted, KeptBookmark, KeptBranch, KeptEdit, KeptNote, KeptReducer, KeptSample,
    KeptScript, KeptStore, Workspace,
};
pub use workspace_file::{
    WorkspaceError, parse_workspace, read_workspace, set_aside, write_workspace,
};
