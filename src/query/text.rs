//! Free text: whether it stands anywhere in a name or a payload, without regard to case.

use regex::bytes::{Regex, RegexBuilder};

use super::error::QueryError;
use super::syntax::Literal;
use crate::event::Payload;
use crate::event::json::{self, Json};

/// Finds one text.
#[derive(Clone, Debug)]
pub(super) struct Finder {
    regex: Regex,
}

impl Finder {
    /// Finds what a literal says; `*` and `?` stand for anything and for one character outside quotes.
    pub(super) fn new(literal: &Literal) -> Result<Self, QueryError> {
        let mut pattern = String::new();
        for c in literal.text.chars() {
            match c {
                '*' if !literal.quoted => pattern.push_str(".*"),
                '?' if !literal.quoted => pattern.push('.'),
                c => {
                    let mut buffer = [0; 4];
                    pattern.push_str(&regex::escape(c.encode_utf8(&mut buffer)));
                }
            }
        }
        let regex = RegexBuilder::new(&pattern)
            .case_insensitive(true)
            .dot_matches_new_line(true)
            .size_limit(1 << 22)
            .build()
            .map_err(|_too_large| {
                QueryError::new(
                    literal.span.clone(),
                    "This text is too long to be searched for",
                )
            })?;
        Ok(Self { regex })
    }

    /// Whether it stands in a name.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.regex.is_match(text.as_bytes())
    }

    /// Whether an event with these stored bytes may hold it: they do, or something in them is escaped.
    pub(super) fn may_be_in(&self, stored: &[u8]) -> bool {
        !stored.is_empty()
            && (self.regex.is_match(stored) || memchr::memchr(b'\\', stored).is_some())
    }

    /// Whether it stands in a payload as it is written, or in a text of it that is written with
    /// escapes.
    pub(super) fn is_in_payload(&self, payload: &Payload) -> bool {
        match payload {
            Payload::Missing | Payload::Bytes(_) => false,
            Payload::Text(text) => self.is_in(text),
            Payload::Json(text) => {
                self.is_in(text)
                    || (memchr::memchr(b'\\', text.as_bytes()).is_some()
                        && json::parse(text.as_bytes()).is_ok_and(|value| self.is_in_value(&value)))
            }
        }
    }

    pub(super) fn is_in_value(&self, value: &Json) -> bool {
        match value {
            Json::Null | Json::Bool(_) => false,
            Json::Number(text) | Json::Text(text) => self.is_in(text),
            Json::Array(elements) => elements.iter().any(|element| self.is_in_value(element)),
            Json::Object(object) => object
                .iter()
                .any(|(key, member)| self.is_in(key) || self.is_in_value(member)),
        }
    }
}

/// Whether a member of this name can stand at the top of a JSON text: a quick look that says no for
/// most texts without it.
pub(super) fn may_hold(text: &str, name: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), name.as_bytes()).is_some()
        || memchr::memchr(b'\\', text.as_bytes()).is_some()
}

/// The value of a top-level member, read by itself.
pub(super) fn member(text: &str, name: &str) -> Option<Json> {
    if !may_hold(text, name) {
        return None;
    }
    let raw = json::scan::find(text.as_bytes(), &[name])?;
    json::parse(raw).ok()
}
