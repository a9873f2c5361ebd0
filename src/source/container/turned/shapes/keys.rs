//! The keys of the first objects of a text, with those above them: `events[].eventType`.

use std::collections::BTreeSet;

/// How deep keys are looked at.
const MAX_DEPTH: usize = 5;
/// How many different keys are kept.
const MAX_KEYS: usize = 4096;
/// The longest key that is kept.
const MAX_KEY: usize = 120;
/// The keys by which MongoDB wraps values in Extended JSON.
const WRAPPERS: [&str; 8] = [
    "$oid",
    "$date",
    "$numberLong",
    "$numberInt",
    "$numberDouble",
    "$numberDecimal",
    "$binary",
    "$uuid",
];

/// The keys at the beginning of a text.
pub(super) struct Keys(BTreeSet<String>);

/// What is known while walking.
#[derive(Default)]
struct Walk {
    /// Each open bracket, with how long the path before it is.
    open: Vec<(u8, usize)>,
    path: String,
    string: Vec<u8>,
    key: Vec<u8>,
    found: BTreeSet<String>,
}

impl Keys {
    /// The keys of a text's beginning, which may end anywhere.
    pub(super) fn of(head: &[u8]) -> Self {
        let mut walk = Walk::default();
        let (mut in_string, mut is_escaped) = (false, false);
        for byte in head {
            if in_string {
                in_string = is_escaped || *byte != b'"';
                is_escaped = !is_escaped && *byte == b'\\';
                if in_string && walk.string.len() < MAX_KEY {
                    walk.string.push(*byte);
                }
                continue;
            }
            match byte {
                b'"' => {
                    in_string = true;
                    walk.string.clear();
                }
                b':' => walk.key(),
                b'{' | b'[' => walk.open(*byte),
                b'}' | b']' => walk.close(),
                b',' => walk.key.clear(),
                _ => {}
            }
            if walk.found.len() >= MAX_KEYS {
                break;
            }
        }
        Self(walk.found)
    }

    /// Whether there is such a key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.0.contains(key)
    }

    /// Whether values stand with their types as DynamoDB writes them.
    pub(super) fn are_dynamo(&self) -> bool {
        let is_typed = |key: &String| {
            let mut steps = key.split('.');
            let image = matches!(
                steps.next(),
                Some("Item" | "Keys" | "NewImage" | "OldImage")
            );
            image
                && steps.next().is_some()
                && matches!(steps.next(), Some("S" | "N" | "B"))
                && steps.next().is_none()
        };
        self.0.iter().any(is_typed)
    }

    /// Whether values are wrapped as in MongoDB's Extended JSON.
    pub(super) fn are_extended(&self) -> bool {
        let is_wrapper = |key: &String| {
            key.rsplit('.')
                .next()
                .is_some_and(|last| WRAPPERS.contains(&last))
        };
        self.0.iter().any(is_wrapper)
    }
}

impl Walk {
    /// The last string was a key.
    fn key(&mut self) {
        self.key = std::mem::take(&mut self.string);
        if self.open.len() > MAX_DEPTH || self.open.last().is_none_or(|(kind, _)| *kind != b'{') {
            return;
        }
        let key = String::from_utf8_lossy(&self.key);
        self.found.insert(format!("{}{key}", self.path));
    }

    fn open(&mut self, kind: u8) {
        let before = self.path.len();
        if self.open.len() < MAX_DEPTH {
            if !self.key.is_empty() {
                self.path.push_str(&String::from_utf8_lossy(&self.key));
                self.path.push_str(if kind == b'[' { "[]." } else { "." });
            }
            self.key.clear();
        }
        // Deeper brackets are only counted.
        self.open.push((kind, before));
    }

    fn close(&mut self) {
        if let Some((_, before)) = self.open.pop() {
            self.path.truncate(before);
        }
        self.key.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_with_those_above_them() {
        let keys = Keys::of(br#"[{"a":{"b":[{"c":"d:e"},{"f":1}]},"g":["h"]}] {"i":{"#);
        let found: Vec<&str> = keys.0.iter().map(String::as_str).collect();
        assert_eq!(found, ["a", "a.b", "a.b[].c", "a.b[].f", "g", "i"]);
        assert!(Keys::of(br#"{"Item":{"PK":{"S":"x"}}}"#).are_dynamo());
        assert!(Keys::of(br#"{"_id":{"$oid":"x"}}"#).are_extended());
    }
}
