//! Saved states held against a replay (N1): where a store's own snapshots are not what its events make.

use super::words::count;
use crate::event::{Position, StreamId, Version};
use crate::fold::{FoldError, Folder};

/// How many saved states are held against a replay; of more every so-manieth is.
const MOST: usize = 2_000;
/// How many that differ are kept.
const KEPT: usize = 1_000;

/// A saved state that the events do not make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotDiffers {
    /// Of which stream.
    pub stream: StreamId,
    /// After which version it was saved.
    pub version: Version,
    /// Where the event of that version stands.
    pub position: Position,
    /// The first field that differs; what is wrong with it where it cannot be read.
    pub at: Result<String, String>,
    /// How many fields differ.
    pub n_fields: u64,
}

/// What holding saved states against a replay has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SnapshotsHeld {
    /// What the replay was made by: `payload merge`, or the name of a file.
    pub rules: String,
    /// Whether these rules are said to be the application's own; a mere merge of payloads proves nothing.
    pub is_application_state: bool,
    /// How many were held against the replay.
    pub n_held: u64,
    /// How many the store keeps.
    pub n_all: u64,
    /// How many differ.
    pub n_differ: u64,
    /// Those that differ, by position; at most 1,000.
    pub differ: Vec<SnapshotDiffers>,
}

impl SnapshotsHeld {
    /// What was covered, in words.
    pub fn covered(&self) -> String {
        let held = format!("{} by {}", count(self.n_held), self.rules);
        if self.n_held < self.n_all {
            format!("partial: {held}, of {}", count(self.n_all))
        } else {
            held
        }
    }
}

/// Holds the states that the store saved against those that its events make. Replays the streams of at
/// most 2,000 of them; `progress` is told how many are done.
pub fn hold_snapshots(
    folder: &Folder,
    cancel: &dyn Fn() -> bool,
    progress: &dyn Fn(u64),
) -> Result<SnapshotsHeld, FoldError> {
    let history = folder.history();
    let log = &history.log;
    let mut held = SnapshotsHeld {
        rules: folder.reducer().label().to_owned(),
        is_application_state: folder.reducer().is_application_state(),
        n_all: history.n_snapshots,
        ..SnapshotsHeld::default()
    };
    let every = history.snapshots.len().div_ceil(MOST).max(1);
    for mark in history.snapshots.iter().step_by(every) {
        if cancel() {
            return Err(FoldError::Cancelled);
        }
        let Some(rank) = log.rank_of_version(mark.stream, mark.version) else {
            continue;
        };
        let state = folder.state_at(mark.stream, rank, cancel)?;
        let Some(saved) = folder.saved_state(&state, cancel)? else {
            continue;
        };
        held.n_held += 1;
        progress(held.n_held);
        let at = match (&saved.stored, saved.first_difference()) {
            (Err(why), _) => Err(why.clone()),
            (Ok(_), Some(path)) => Ok(path.to_string()),
            (Ok(_), None) => continue,
        };
        held.n_differ += 1;
        if held.differ.len() < KEPT {
            held.differ.push(SnapshotDiffers {
                stream: mark.stream,
                version: mark.version,
                position: state.position,
                at,
                n_fields: saved.changes.len() as u64,
            });
        }
    }
    held.differ.sort_by_key(|one| one.position);
    Ok(held)
}
