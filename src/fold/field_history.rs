//! What one field of a state was after each event that made it another one.

use super::replay::Folder;
use super::state::FoldError;
use crate::event::json::{Json, JsonPath};
use crate::event::{Position, StreamId};

/// The most steps that are kept; the first ones are dropped.
const MAX_STEPS: usize = 200_000;
/// Larger containers are kept only by their size.
const MAX_VALUE: usize = 4096;

/// What a field became.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldStep {
    /// The event after which it is so, as its index in the stream.
    pub rank: u32,
    /// Where that event stands.
    pub position: Position,
    /// The value; `None` where there is no such field from then on.
    pub value: Option<FieldValue>,
}

/// A value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    /// The value itself.
    Whole(Json),
    /// A container that is too large to be kept here, by what it is and how many members it has.
    Large(&'static str, usize),
}

impl FieldValue {
    /// The value, where it is kept.
    pub fn json(&self) -> Option<&Json> {
        match self {
            Self::Whole(value) => Some(value),
            Self::Large(..) => None,
        }
    }
}

/// All values that the field at `path` had in the states of a stream, with the events after which it
/// was another one; before the first of them there was none. Costs one replay of the stream.
pub fn field_history(
    folder: &Folder,
    stream: StreamId,
    path: &JsonPath,
    cancel: &dyn Fn() -> bool,
) -> Result<Vec<FieldStep>, FoldError> {
    let n_events = folder.history().log.events_of(stream).len();
    let Some(last) = n_events.checked_sub(1) else {
        return Ok(Vec::new());
    };
    let last = u32::try_from(last).unwrap_or(u32::MAX);
    let mut steps: Vec<FieldStep> = Vec::new();
    let mut known: Option<Json> = None;
    folder.walk(stream, 0, last, cancel, &mut |rank, position, state| {
        let value = path.get(state);
        if value != known.as_ref() {
            known = value.cloned();
            if steps.len() == MAX_STEPS {
                steps.drain(..MAX_STEPS / 2);
            }
            steps.push(FieldStep {
                rank,
                position,
                value: value.map(kept),
            });
        }
        true
    })?;
    Ok(steps)
}

fn kept(value: &Json) -> FieldValue {
    let is_small = match value {
        Json::Array(_) | Json::Object(_) => value.to_string().len() <= MAX_VALUE,
        _ => true,
    };
    match value {
        _ if is_small => FieldValue::Whole(value.clone()),
        Json::Array(elements) => FieldValue::Large("list", elements.len()),
        Json::Object(object) => FieldValue::Large("object", object.len()),
        other => FieldValue::Whole(other.clone()),
    }
}
