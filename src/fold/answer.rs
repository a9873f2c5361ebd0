//! The question of `annals state`, and its answer as JSON.

use super::replay::Folder;
use super::responsible::ExplainedChange;
use super::state::{FoldError, State};
use crate::event::json::Json;
use crate::event::{Position, StreamId, Timestamp, Version};

/// Where in a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum At {
    /// After its last event.
    #[default]
    End,
    /// After the last event that carries this version.
    Version(Version),
    /// After its last event at or before a position of the whole history.
    AsOf(Position),
}

/// What `annals state` asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateQuestion {
    /// Of which stream.
    pub stream: StreamId,
    /// Where in it.
    pub at: At,
    /// The point whose state is to be compared with it. A position before the stream's first event is
    /// compared with nothing.
    pub diff: Option<At>,
}

/// What `annals state` answers.
#[derive(Clone, Debug, PartialEq)]
pub struct StateAnswer {
    /// The stream's name.
    pub stream: String,
    /// The reducer's name.
    pub rules: String,
    /// The state.
    pub state: State,
    /// The time of its last event with exactly the fraction digits of the source.
    pub time: Option<(Timestamp, u8)>,
    /// The changes since the point that was asked about.
    pub diff: Option<Vec<ExplainedChange>>,
}

impl StateQuestion {
    /// Answers it; reads events, so never while drawing a frame.
    pub fn ask(
        &self,
        folder: &Folder,
        cancel: &dyn Fn() -> bool,
    ) -> Result<StateAnswer, FoldError> {
        let _ = (folder, cancel);
        todo!()
    }
}

impl StateAnswer {
    /// The document that `annals state --json` prints.
    pub fn to_json(&self) -> Json {
        todo!()
    }
}
