//! The built-in reducer: payloads merged one over the other.

use super::reducer::{Applied, FoldEvent, Reducer};
use crate::event::Payload;
use crate::event::json::{self, Json, Object};

/// Merges each event's payload object into the state at its top level.
///
/// Later keys win in the place of the earlier ones, null is a value, of duplicate keys the last
/// counts. A payload that is no object replaces nothing and is counted as not applied. That is no
/// application state, and everything made with it is labelled `payload merge`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merge;

impl Reducer for Merge {
    fn name(&self) -> &'static str {
        "merge"
    }

    fn label(&self) -> &'static str {
        "payload merge"
    }

    fn is_application_state(&self) -> bool {
        false
    }

    fn merges_at_top(&self) -> bool {
        true
    }

    fn applies_alone(&self) -> bool {
        true
    }

    fn apply(&self, state: &mut Json, event: &FoldEvent<'_>) -> Applied {
        match payload_value(event.data) {
            Err(reason) => Applied::NotApplied(format!("the payload {reason}")),
            Ok(Json::Object(members)) => {
                merge_into(state, members);
                Applied::Yes
            }
            Ok(other) => {
                Applied::NotApplied(format!("the payload is {} and no object", kind(&other)))
            }
        }
    }
}

fn merge_into(state: &mut Json, members: Object) {
    if !matches!(state, Json::Object(_)) {
        *state = Json::Object(Object::default());
    }
    if let Json::Object(object) = state {
        for (key, value) in members {
            object.insert(&key, value);
        }
    }
}

/// The value of a payload; where it has none, how a sentence about it ends.
pub(super) fn payload_value(payload: &Payload) -> Result<Json, String> {
    match payload {
        Payload::Json(text) => {
            json::parse(text.as_bytes()).map_err(|error| format!("cannot be held: {error}"))
        }
        Payload::Missing => Err("is missing".to_owned()),
        Payload::Text(_) => Err("is text and no JSON".to_owned()),
        Payload::Bytes(_) => Err("is binary and no JSON".to_owned()),
    }
}

/// What a value is, in words.
pub(super) fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::Text(_) => "a text",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}
