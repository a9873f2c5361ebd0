//! What if: the branches that stand beside the history, and whether the states of one are shown.

use std::sync::Arc;
use std::time::Duration;

use super::workbench::Workbench;
use crate::event::{Position, Timestamp};
use crate::fold::{Branch, BranchError, Change, Divergence, Edit, Folder};

/// How a branch that was not given a name begins; its number follows.
const NAME: &str = "what-if-";
/// The most branches of one store.
const MAX_BRANCHES: usize = 32;

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
        let log = &self.history.as_ref()?.log;
        self.look().branch.as_ref()?.edit(log, position)
    }

    /// The name of the branch, or of the one that the next change begins.
    pub fn branch_name(&self) -> String {
        let branch = self.look().branch.as_ref();
        branch.map_or_else(|| self.free_name(), |branch| branch.name().to_owned())
    }

    /// All branches of the store, by name.
    pub fn branches(&self) -> Vec<&Arc<Branch>> {
        let look = self.look();
        let mut all: Vec<_> = look.branch.iter().chain(&look.other_branches).collect();
        all.sort_by(|a, b| a.name().cmp(b.name()));
        all
    }

    /// A name that no branch has.
    pub fn free_name(&self) -> String {
        let taken = self.branches();
        let name = |nr: usize| format!("{NAME}{nr}");
        let is_free = |name: &String| taken.iter().all(|branch| branch.name() != name);
        // One more than there are branches, so that one of them is free.
        (1..=taken.len() + 1)
            .map(name)
            .find(is_free)
            .unwrap_or_else(|| NAME.to_owned())
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
        let mut branch = known.unwrap_or_else(|| Branch::new(self.free_name()));
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

    /// Begins another branch under a name, and shows it; the one there was is kept. Why not, where that
    /// cannot be.
    pub fn add_branch(&mut self, branch: Branch, now: Duration) -> Result<(), String> {
        let n_branches = self.branches().len();
        let known = self.branches().into_iter();
        if known.filter(|known| known.name() == branch.name()).count() > 0 {
            return Err(format!("There is a branch {} already", branch.name()));
        }
        if n_branches >= MAX_BRANCHES {
            return Err(format!("{MAX_BRANCHES} branches are enough: discard one"));
        }
        self.change("branch", now, |look| {
            look.set_aside();
            look.branch = Some(Arc::new(branch));
            look.shows_base = false;
        });
        Ok(())
    }

    /// Shows what is known of the time up to a moment, as a branch.
    pub fn show_known_of(&mut self, time: Timestamp, now: Duration) {
        let branch = Branch::known_of(time);
        let name = branch.name().to_owned();
        if self.add_branch(branch, now).is_err() {
            self.switch_branch(&name, now);
        }
    }

    /// Shows the branch of a name.
    pub fn switch_branch(&mut self, name: &str, now: Duration) {
        self.change("branch", now, |look| {
            let others = &mut look.other_branches;
            if let Some(at) = others.iter().position(|branch| branch.name() == name) {
                let chosen = others.remove(at);
                look.set_aside();
                look.branch = Some(chosen);
            }
            look.shows_base = false;
        });
    }

    /// Gives the branch another name; why not, where another one has it.
    pub fn rename_branch(&mut self, name: &str, now: Duration) -> Result<(), String> {
        let Some(branch) = self.look().branch.clone() else {
            return Err("There is no branch".to_owned());
        };
        if branch.name() == name {
            return Ok(());
        }
        if self.branches().iter().any(|known| known.name() == name) {
            return Err(format!("There is a branch {name} already"));
        }
        let renamed = Branch::clone(&branch).named(name);
        self.change("rename", now, |look| look.branch = Some(Arc::new(renamed)));
        Ok(())
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

impl super::Look {
    /// Keeps the branch beside the others; one that changes nothing is gone.
    fn set_aside(&mut self) {
        let branch = self.branch.take().filter(|branch| !branch.is_empty());
        self.other_branches.extend(branch);
    }
}
