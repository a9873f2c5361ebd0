//! What a panel may see, and how it asks for something: read, and [`View::send`].

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use crate::history::{EventLog, History};
use crate::ui::shell::keymap::Keymap;
use crate::workbench::{Action, Look, PreviewKey, Workbench};

/// The keys of the table of actions.
static TABLE: Keymap = Keymap::TABLE;

/// How far a running piece of work is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Running {
    /// What it is, for people: "Reading shop-events.db".
    pub what: String,
    /// From 0 to 1; `None` where the total is not known.
    pub share: Option<f32>,
    /// What is done so far, for people: "312,000 events".
    pub done: String,
}

/// The workbench as a panel sees it during one frame.
pub struct View<'a> {
    /// What is open, where we look, the answers so far.
    pub workbench: &'a Workbench,
    /// The work that runs now.
    pub running: &'a [Running],
    /// Recently opened files, newest first.
    pub recent: &'a [crate::settings::RecentFile],
    /// The time since the program began; the only clock there is.
    pub now: Duration,
    /// How long the last frame took, in milliseconds.
    pub frame_ms: f32,
    /// The keys in force.
    pub keys: &'a Keymap,
    actions: &'a RefCell<Vec<Action>>,
    /// The rows of the events table that were drawn, so that their payloads are read.
    previews: &'a RefCell<Option<PreviewKey>>,
}

impl<'a> View<'a> {
    /// A view for one frame.
    pub fn new(
        workbench: &'a Workbench,
        running: &'a [Running],
        recent: &'a [crate::settings::RecentFile],
        clock: (Duration, f32),
        sinks: (&'a RefCell<Vec<Action>>, &'a RefCell<Option<PreviewKey>>),
    ) -> Self {
        let (now, frame_ms) = clock;
        let (actions, previews) = sinks;
        Self {
            workbench,
            running,
            recent,
            now,
            frame_ms,
            keys: &TABLE,
            actions,
            previews,
        }
    }

    /// The same with these keys in force.
    #[must_use]
    pub fn with_keys(self, keys: &'a Keymap) -> Self {
        Self { keys, ..self }
    }

    /// The key of an action as it is shown; empty where it has none.
    pub fn key_of(&self, action: &Action) -> &'a str {
        self.keys.key_of(action)
    }

    /// Asks for something; it is done after the frame.
    pub fn send(&self, action: Action) {
        self.actions.borrow_mut().push(action);
    }

    /// What is told by the last action asked for in this frame that tells something.
    pub(super) fn last_sent<T>(&self, tell: impl Fn(&Action) -> Option<T>) -> Option<T> {
        self.actions.borrow().iter().rev().find_map(tell)
    }

    /// Says which rows of the events table are on screen; their payloads are read off the frame.
    pub fn wants_previews(&self, key: PreviewKey) {
        *self.previews.borrow_mut() = Some(key);
    }

    /// The history that is open.
    pub fn history(&self) -> Option<&'a Arc<History>> {
        self.workbench.history.as_ref()
    }

    /// The log of the history that is open.
    pub fn log(&self) -> Option<&'a EventLog> {
        self.history().map(|history| &history.log)
    }

    /// Where we look.
    pub fn look(&self) -> &'a Look {
        self.workbench.look()
    }
}
