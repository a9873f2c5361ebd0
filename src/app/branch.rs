//! What if: leaving events out and changing them in a branch beside the file, and keeping it.

use crate::event::json::{indent, minify};
use crate::event::{Payload, Position, Timestamp};
use crate::fold::{Branch, Edit};
use crate::settings::{KeptBranch, KeptEdit};
use crate::ui::shell::name::NameOf;
use crate::workbench::{Action, Compare, capital};

use super::app::App;

impl App {
    /// The actions on the branch.
    pub(super) fn apply_branch(&mut self, action: Action) {
        match action {
            Action::EditEvent(position, edit) => self.edit_event(position, edit),
            Action::SkipHere => self.skip_here(),
            Action::AskEdit => self.ask_edit(),
            Action::ToggleBase => self.toggle_base(),
            Action::DiscardBranch => self.discard_branch(),
            Action::AskNewBranch => self
                .window
                .ask_name(NameOf::NewBranch, self.workbench.free_name()),
            Action::AskBranchName => self.ask_branch_name(),
            Action::NewBranch(name) => self.new_branch(&name),
            Action::RenameBranch(name) => {
                let done = self.workbench.rename_branch(&name, self.now);
                done.unwrap_or_else(|why| self.complain(why));
            }
            Action::SwitchBranch(name) => self.workbench.switch_branch(&name, self.now),
            Action::NextBranch => self.next_branch(),
            other => tracing::error!(?other, "an action without an arm"),
        }
    }

    fn edit_event(&mut self, position: Position, edit: Option<Edit>) {
        let edit = match edit {
            Some(Edit::Data(text)) => Some(Edit::Data(minify(&text).into())),
            other => other,
        };
        if let Err(error) = self.workbench.edit_event(position, edit, self.now) {
            self.complain(capital(&error.to_string()));
        }
    }

    /// Leaves the event at the playhead out, or takes it in again.
    fn skip_here(&mut self) {
        let Some(key) = self.workbench.event_key() else {
            return;
        };
        let is_skipped = self.workbench.edit_of(key.position) == Some(&Edit::Skip);
        self.edit_event(key.position, (!is_skipped).then_some(Edit::Skip));
    }

    /// Opens the dialog in which the event at the playhead is changed.
    fn ask_edit(&mut self) {
        let Some(key) = self.workbench.event_key() else {
            return;
        };
        let text = match self.workbench.edit_of(key.position) {
            Some(Edit::Data(text)) => text.to_string(),
            Some(Edit::Skip) | None => match self.workbench.answers.event.for_key(&key).fresh() {
                None => return self.say("The event is still being read"),
                Some(Ok(detail)) => match &detail.data {
                    Payload::Json(text) => text.to_string(),
                    Payload::Missing | Payload::Text(_) | Payload::Bytes(_) => "{}".to_owned(),
                },
                Some(Err(_)) => "{}".to_owned(),
            },
        };
        self.window.ask_edit(key.position, indent(&text));
    }

    fn toggle_base(&mut self) {
        if self.workbench.look().branch.is_none() {
            return self.say("There is no branch: nothing is left out or edited");
        }
        self.workbench.change("base", self.now, |look| {
            look.shows_base = !look.shows_base;
        });
    }

    fn ask_branch_name(&mut self) {
        match &self.workbench.look().branch {
            Some(branch) => {
                let name = branch.name().to_owned();
                self.window.ask_name(NameOf::Branch, name);
            }
            None => self.say("There is no branch to rename"),
        }
    }

    fn new_branch(&mut self, name: &str) {
        let done = self.workbench.add_branch(Branch::new(name), self.now);
        done.unwrap_or_else(|why| self.complain(why));
    }

    /// To the next branch by name; round the end.
    fn next_branch(&mut self) {
        let here = self.workbench.look().branch.clone();
        let all = self.workbench.branches();
        let at = all.iter().position(|branch| Some(*branch) == here.as_ref());
        let next = at.map_or(0, |at| at + 1) % all.len().max(1);
        match all.get(next).map(|branch| branch.name().to_owned()) {
            Some(name) => self.workbench.switch_branch(&name, self.now),
            None => self.say("There is no branch: nothing is left out or edited"),
        }
    }

    fn discard_branch(&mut self) {
        if self.workbench.look().branch.is_none() {
            return self.say("There is no branch to discard");
        }
        self.workbench.change("discard", self.now, |look| {
            look.branch = None;
            look.shows_base = false;
            if look.compare == Compare::Base {
                look.compare = Compare::Previous;
            }
        });
    }
}

/// A branch as it is kept.
pub(super) fn to_keep(branch: &Branch) -> KeptBranch {
    let edits = branch.edits().map(|(position, edit)| KeptEdit {
        position: position.0,
        data: match edit {
            Edit::Skip => None,
            Edit::Data(text) => Some(text.to_string()),
        },
    });
    KeptBranch {
        name: branch.name().to_owned(),
        edits: edits.collect(),
        occurred_by: branch.occurred_by().map(|time| time.0),
    }
}

/// A branch as it was kept, over a history of so many events; what cannot be taken is left out.
pub(super) fn from_kept(kept: &KeptBranch, n_events: usize) -> Branch {
    let mut branch = Branch::new(kept.name.as_str());
    if let Some(time) = kept.occurred_by {
        branch = branch.known_by(Timestamp(time));
    }
    for edit in &kept.edits {
        let position = Position(edit.position);
        let change = match &edit.data {
            None => Edit::Skip,
            Some(text) => Edit::Data(text.as_str().into()),
        };
        if position.index() < n_events
            && let Err(error) = branch.put(position, Some(change))
        {
            tracing::warn!(%error, "a kept branch");
        }
    }
    branch
}
