//! Two states that do not follow from one another: of two streams, or of one as it was known at two
//! points. Each side names its own setters.

use super::answer::At;
use super::diff::{Change, ChangeKind};
use super::leaves::LeafHistory;
use super::replay::Folder;
use super::responsible::ExplainedChange;
use super::state::{FoldError, State};
use crate::event::json::{JsonPath, Step};
use crate::event::{Position, StreamId};

/// The older side of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Against<'f> {
    /// Makes its states.
    pub folder: &'f Folder,
    /// Of which stream.
    pub stream: StreamId,
    /// Where in it.
    pub at: At,
}

/// One side: a state and who set its leaves.
struct Side<'a> {
    folder: &'a Folder,
    state: &'a State,
    leaves: LeafHistory,
}

impl<'a> Side<'a> {
    fn of(
        folder: &'a Folder,
        state: &'a State,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Self, FoldError> {
        let leaves = match LeafHistory::of(folder, state.stream, state.rank, cancel) {
            // Who set what is not told then; what differs is.
            Err(FoldError::TooManyFields) => LeafHistory::default(),
            leaves => leaves?,
        };
        Ok(Self {
            folder,
            state,
            leaves,
        })
    }

    /// The event that set what stands at a path, or took it away; that made the list another one, for
    /// what lies in one whose elements cannot be told apart by their places.
    fn setter(&self, path: &JsonPath, is_own_path: bool) -> Vec<Position> {
        let is_element = |step: &Step| matches!(step, Step::Index(_));
        let around = path.0.iter().position(is_element).filter(|_| !is_own_path);
        let path = around.map_or_else(|| path.clone(), |at| JsonPath(path.0[..at].to_vec()));
        let rank = self.state.rank;
        let leaf = self.leaves.setter(&path, rank);
        let found = leaf.or_else(|| self.leaves.last_change_within(&path, rank));
        let position = |rank| self.folder.position_at(self.state.stream, rank);
        found.map(position).into_iter().collect()
    }
}

/// Names for each change between two states the events that set both values.
///
/// The states may be of whatever streams and points: each side names an event of its own stream, or
/// none where none set it. Costs a walk over both streams.
pub fn explain_beside(
    (old_folder, old): (&Folder, &State),
    (new_folder, new): (&Folder, &State),
    changes: Vec<Change>,
    cancel: &dyn Fn() -> bool,
) -> Result<Vec<ExplainedChange>, FoldError> {
    let before = Side::of(old_folder, old, cancel)?;
    let after = Side::of(new_folder, new, cancel)?;
    let explained = changes.into_iter().map(|change| {
        let is_gone = change.kind == ChangeKind::Removed;
        ExplainedChange {
            by: after.setter(&change.path, !is_gone),
            old_by: before.setter(&change.path, is_gone),
            change,
        }
    });
    Ok(explained.collect())
}
