//! Rules without code: how a state follows from events, in sentences of a TOML file.

use super::reducer::{Applied, FoldEvent, Reducer};
use crate::event::Want;
use crate::event::json::Json;

/// Rules without code, compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    name: String,
}

/// What is wrong with a file of rules: one sentence, and the line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}, line {line}: {message}")]
pub struct RulesError {
    /// The file's name.
    pub name: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

impl Rules {
    /// Reads the text of a file of rules; `name` is the file's name.
    pub fn parse(name: &str, text: &str) -> Result<Self, RulesError> {
        let _ = (name, text);
        todo!()
    }
}

impl Reducer for Rules {
    fn name(&self) -> &str {
        &self.name
    }

    fn is_application_state(&self) -> bool {
        true
    }

    fn wants(&self) -> Want {
        todo!()
    }

    fn start(&self, category: &str) -> Json {
        let _ = category;
        todo!()
    }

    fn apply(&self, state: &mut Json, event: &FoldEvent<'_>) -> Applied {
        let _ = (state, event);
        todo!()
    }
}
