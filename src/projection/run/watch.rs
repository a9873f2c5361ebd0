//! Who looks on while a run goes on, and what is shown of each step.

use crate::event::{Position, Timestamp};

/// Looks on while a run goes on.
pub trait Watch {
    /// An event was handled. Each position comes up at most once for each time that it arrives.
    fn handled(&mut self, step: &mut Step<'_>);

    /// So many positions of so many are done. Comes up every few thousand events.
    fn progress(&mut self, done: usize, total: usize) {
        let _ = (done, total);
    }

    /// Whether the run is to be stopped.
    fn is_cancelled(&self) -> bool {
        false
    }

    /// Whether [`Step::state`] or [`Step::result`] will be asked for; then a state that is no JSON is
    /// found at once.
    fn looks_at_states(&self) -> bool {
        false
    }
}

/// Nobody looks on.
impl Watch for () {
    fn handled(&mut self, _step: &mut Step<'_>) {}
}

/// An event that was handled.
pub struct Step<'a> {
    /// Where it stands, or the link through which it came.
    pub position: Position,
    /// Its time, or that of the link.
    pub time: Option<Timestamp>,
    /// The partition, counted in the order in which they come up.
    pub partition: u32,
    /// Its name.
    pub name: &'a str,
    pub(super) state: StateNow<'a>,
    pub(super) result: ResultNow<'a>,
}

/// The state after a step.
pub(super) enum StateNow<'a> {
    Written(Option<&'a str>),
    /// It is under way; this writes it.
    Live(&'a dyn Fn() -> Option<String>),
    /// It was under way, and is written.
    Made(Option<String>),
}

/// The result after a step.
#[derive(Clone, Copy)]
pub(super) enum ResultNow<'a> {
    /// The state itself.
    State,
    /// What the transforms made of it.
    Made(Option<&'a str>),
}

impl Step<'_> {
    /// The state of the partition as a text of JSON; `None` where it has none. Written when it is
    /// first asked for.
    pub fn state(&mut self) -> Option<&str> {
        if let StateNow::Live(write) = self.state {
            self.state = StateNow::Made(write());
        }
        match &self.state {
            StateNow::Written(text) => *text,
            StateNow::Made(text) => text.as_deref(),
            StateNow::Live(_) => None,
        }
    }

    /// Whether transforms made the result, so that it is more than the state.
    pub fn has_own_result(&self) -> bool {
        matches!(self.result, ResultNow::Made(_))
    }

    /// The result of the partition as a text of JSON.
    pub fn result(&mut self) -> Option<&str> {
        match self.result {
            ResultNow::Made(result) => result,
            ResultNow::State => self.state(),
        }
    }
}

impl std::fmt::Debug for Step<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Step")
            .field("position", &self.position)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
