//! What if: the branch that stands beside the history, and whether its states are shown.

use std::sync::Arc;
use std::time::Duration;

use super::workbench::Workbench;
use crate::event::Position;
use crate::fold::{Branch, BranchError, Change, Divergence, Edit, Folder};

/// What a branch that was not given a name is called.
const NAME: &str = "what-if-1";

/// A state of a branch beside that of the history as recorded.
#[derive(Clone, Debug)]
pub struct BesideBase {
    /// What the branch makes different at this event; arrays by element.
    pub changes: Vec<Change>,
    /// Where the stream's states part.
    pub first: Option<Divergence>,
}

impl Workbench {
    /// The branch whose states are shown; `None` where those of the history as recorded are.
    pub fn branch_shown(&self) -> Option<&Arc<Branch>> {
        let look = self.look();
        look.branch.as_ref().filter(|_| !look.shows_base)
    }

    /// What the branch makes of an event, be it shown or not.
    pub fn edit_of(&self, position: Position) -> Option<&Edit> {
        self.look().branch.as_ref()?.edit(position)
    }

    /// The name of the branch, or of the one that the next change begins.
    pub fn branch_name(&self) -> &str {
        self.look().branch.as_ref().map_or(NAME, |one| one.name())
    }

    /// Makes states of the history as recorded, whatever branch is shown.
    pub fn base_folder(&self) -> Option<&Arc<Folder>> {
        let folder = self.folder.as_ref()?;
        Some(folder.base().unwrap_or(folder))
    }

    /// Changes an event in the branch, which is begun where there is none, or takes its change back;
    /// the branch is shown then. One that changes nothing any more is gone.
    pub fn edit_event(
        &mut self,
        position: Position,
        edit: Option<Edit>,
        now: Duration,
    ) -> Result<(), BranchError> {
        let known = self.look().branch.as_deref().cloned();
        let mut branch = known.unwrap_or_else(|| Branch::new(NAME));
        let about = match edit {
            Some(Edit::Skip) => "skip",
            Some(Edit::Data(_)) => "edit",
            None => "as recorded",
        };
        branch.put(position, edit)?;
        self.change(about, now, |look| {
            look.branch = (!branch.is_empty()).then(|| Arc::new(branch));
            look.shows_base = false;
        });
        Ok(())
    }

    /// Brings a branch of another day back: no step that undo takes back. What has been changed since
    /// the file was opened stays.
    pub fn restore_branch(&mut self, branch: Arc<Branch>) {
        if branch.is_empty() || self.look().branch.is_some() {
            return;
        }
        self.change_unnoticed(|look| look.branch = Some(branch));
        self.follow_branch();
    }

    /// Lets states be made of what is shown: the branch, or the history as recorded.
    pub(super) fn follow_branch(&mut self) {
        let Some(folder) = self.folder.clone() else {
            return;
        };
        let wanted = self.branch_shown().cloned();
        if folder.branch() == wanted.as_ref() {
            return;
        }
        let base = folder.base().cloned().unwrap_or(folder);
        match wanted {
            None => {
                self.states = self.generation;
                self.folder = Some(base);
            }
            Some(branch) => {
                self.states = self.next_number();
                self.folder = Some(Arc::new(Folder::for_branch(&base, branch)));
            }
        }
    }
}
