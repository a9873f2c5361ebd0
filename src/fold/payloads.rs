//! Reducers that know nothing of the application but how its payloads follow one another.

use super::merge::payload_value;
use super::reducer::{Applied, FoldEvent, Reducer};
use crate::event::json::{Json, Object};

/// Each payload is a JSON Merge Patch (RFC 7396) for the state.
///
/// Objects are merged at every depth, null takes a member out, anything else replaces what was there:
/// a payload that is no object becomes the state. That is no application state, and everything made
/// with it is labelled `payload merge patch`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MergePatch;

impl Reducer for MergePatch {
    fn name(&self) -> &'static str {
        "merge-patch"
    }

    fn label(&self) -> &'static str {
        "payload merge patch"
    }

    fn is_application_state(&self) -> bool {
        false
    }

    fn applies_alone(&self) -> bool {
        true
    }

    fn apply(&self, state: &mut Json, event: &FoldEvent<'_>) -> Applied {
        match payload_value(event.data) {
            Err(reason) => Applied::NotApplied(format!("the payload {reason}")),
            Ok(patch) => {
                apply_patch(state, patch);
                Applied::Yes
            }
        }
    }
}

/// `MergePatch(Target, Patch)` of RFC 7396. Both are nested at most as deep as what is read, so this
/// may recurse.
fn apply_patch(target: &mut Json, patch: Json) {
    let Json::Object(members) = patch else {
        *target = patch;
        return;
    };
    if !matches!(target, Json::Object(_)) {
        *target = Json::Object(Object::default());
    }
    let Json::Object(object) = target else {
        return;
    };
    for (key, value) in members {
        if matches!(value, Json::Null) {
            object.remove(&key);
        } else if let Some(old) = object.get_mut(&key) {
            apply_patch(old, value);
        } else {
            let mut new = Json::Null;
            apply_patch(&mut new, value);
            object.push(key, new);
        }
    }
}

/// The state is the last payload, whole.
///
/// For streams whose events carry the state as it is afterwards. A payload that is no JSON leaves the
/// state as it was and is counted as not applied. Labelled `last payload`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastPayload;

impl Reducer for LastPayload {
    fn name(&self) -> &'static str {
        "last-payload"
    }

    fn label(&self) -> &'static str {
        "last payload"
    }

    fn is_application_state(&self) -> bool {
        false
    }

    fn applies_alone(&self) -> bool {
        true
    }

    fn apply(&self, state: &mut Json, event: &FoldEvent<'_>) -> Applied {
        match payload_value(event.data) {
            Err(reason) => Applied::NotApplied(format!("the payload {reason}")),
            Ok(payload) => {
                *state = payload;
                Applied::Yes
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::json::parse;

    #[test]
    fn patches_do_what_the_examples_of_rfc_7396_say() {
        // Appendix A: original, patch, result.
        let examples = [
            (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"a":null}"#, "{}"),
            (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
            (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
            (
                r#"{"a":{"b":"c"}}"#,
                r#"{"a":{"b":"d","c":null}}"#,
                r#"{"a":{"b":"d"}}"#,
            ),
            (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
            (r#"["a","b"]"#, r#"["c","d"]"#, r#"["c","d"]"#),
            (r#"{"a":"b"}"#, r#"["c"]"#, r#"["c"]"#),
            (r#"{"a":"foo"}"#, "null", "null"),
            (r#"{"a":"foo"}"#, r#""bar""#, r#""bar""#),
            (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"e":null,"a":1}"#),
            ("[1,2]", r#"{"a":"b","c":null}"#, r#"{"a":"b"}"#),
            ("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
        ];
        for (original, patch, result) in examples {
            let mut state = parse(original.as_bytes()).unwrap();
            apply_patch(&mut state, parse(patch.as_bytes()).unwrap());
            assert_eq!(state.to_string(), result, "{original} and {patch}");
        }
    }

    #[test]
    fn the_document_of_rfc_7396_is_patched_as_it_says() {
        // Section 3.
        let document = r#"{"title":"Goodbye!","author":{"givenName":"John","familyName":"Doe"},"tags":["example","sample"],"content":"This will be unchanged"}"#;
        let patch = r#"{"title":"Hello!","phoneNumber":"+01-123-456-7890","author":{"familyName":null},"tags":["example"]}"#;
        let result = r#"{"title":"Hello!","author":{"givenName":"John"},"tags":["example"],"content":"This will be unchanged","phoneNumber":"+01-123-456-7890"}"#;
        let mut state = parse(document.as_bytes()).unwrap();
        apply_patch(&mut state, parse(patch.as_bytes()).unwrap());
        assert_eq!(state, parse(result.as_bytes()).unwrap());
    }
}
