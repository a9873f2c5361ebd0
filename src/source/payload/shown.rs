//! What a payload's rules leave of its JSON: wrappers off, members out, every other token as written.
//!
//! What is nested too deep to be unwrapped is shown as it is.

use crate::event::json::{minify, scan};
use crate::source::format::Presentation;

/// How deep typed values are looked for.
const MAX_UNWRAP_DEPTH: usize = 128;

/// The JSON as the rules show it.
pub(super) fn shown(text: String, rules: &[Presentation]) -> String {
    rules.iter().fold(text, |text, rule| match rule {
        Presentation::Tagged => untagged(text),
        Presentation::TypedValues if text.contains("\"_type_\"") => {
            let mut out = String::with_capacity(text.len());
            match unwrap_typed(&text, &mut out, 0) {
                Some(()) => out,
                None => text,
            }
        }
        Presentation::TypedValues => text,
    })
}

/// The inner value of `{"Type": value}`, `{}` for a bare `"Type"`, anything else as it is.
fn untagged(text: String) -> String {
    if text.trim_start().starts_with('"') {
        return "{}".to_owned();
    }
    let (mut inner, mut n_members) = (None, 0);
    let walked = scan::members(text.as_bytes(), |_, value| {
        n_members += 1;
        inner = std::str::from_utf8(value).ok().map(str::to_owned);
    });
    match (walked, n_members, inner) {
        (Ok(_), 1, Some(inner)) => inner,
        _ => text,
    }
}

/// Writes a raw value with all typed values in it unwrapped.
fn unwrap_typed(raw: &str, out: &mut String, depth: usize) -> Option<()> {
    let raw = raw.trim();
    if depth > MAX_UNWRAP_DEPTH {
        return None;
    }
    if !raw.contains("\"_type_\"") {
        out.push_str(&minify(raw));
        return Some(());
    }
    if raw.starts_with('[') {
        return unwrap_elements(raw, out, depth);
    }
    let mut members = Vec::new();
    scan::members(raw.as_bytes(), |key, value| members.push((key, value))).ok()?;
    if let [(b"_type_", _), (b"_data_", inner)] | [(b"_data_", inner), (b"_type_", _)] =
        members.as_slice()
    {
        return unwrap_typed(std::str::from_utf8(inner).ok()?, out, depth + 1);
    }
    out.push('{');
    for (n, (key, value)) in members.into_iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        out.push('"');
        out.push_str(std::str::from_utf8(key).ok()?);
        out.push_str("\":");
        unwrap_typed(std::str::from_utf8(value).ok()?, out, depth + 1)?;
    }
    out.push('}');
    Some(())
}

fn unwrap_elements(raw: &str, out: &mut String, depth: usize) -> Option<()> {
    out.push('[');
    let mut rest = raw.strip_prefix('[')?;
    loop {
        let end = scan::value_end(rest.as_bytes(), 0).ok()?;
        unwrap_typed(rest.get(..end)?, out, depth + 1)?;
        rest = rest.get(end..)?.trim_start();
        match rest.strip_prefix(',') {
            Some(after) => {
                out.push(',');
                rest = after;
            }
            None => break,
        }
    }
    out.push(']');
    rest.starts_with(']').then_some(())
}

/// The object without the members of these names, the rest as it was written; what is no object, or
/// has none of them, as it is.
///
/// The same name twice goes twice; names further in stay. Costs one pass over the text.
pub(in crate::source) fn without_keys(text: String, keys: &[String]) -> String {
    let is_named = |key: &[u8]| keys.iter().any(|name| scan::same_key(key, name));
    let (mut kept, mut n_dropped) = (Vec::new(), 0);
    let walked = scan::members(text.as_bytes(), |key, value| {
        if is_named(key) {
            n_dropped += 1;
        } else {
            kept.push((key, value));
        }
    });
    if walked.is_err() || n_dropped == 0 {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    out.push('{');
    for (n, (key, value)) in kept.into_iter().enumerate() {
        let (Ok(key), Ok(value)) = (std::str::from_utf8(key), std::str::from_utf8(value)) else {
            return text;
        };
        out.push_str(if n == 0 { "\"" } else { ",\"" });
        out.push_str(key);
        out.push_str("\":");
        out.push_str(value);
    }
    out.push('}');
    out
}

/// The type in an externally tagged payload: the only key of `{"Type": …}`, or a bare `"Type"`;
/// `None` for any other JSON. As written between its quotes, escapes and all.
pub(in crate::source) fn untag_key(raw: &str) -> Option<&str> {
    let raw = raw.trim();
    if let Some(bare) = raw.strip_prefix('"') {
        scan::string_text(raw.as_bytes())?;
        return bare.strip_suffix('"');
    }
    let (mut key, mut n_members) = (None, 0);
    scan::members(raw.as_bytes(), |written, _| {
        key = std::str::from_utf8(written).ok();
        n_members += 1;
    })
    .ok()?;
    key.filter(|_| n_members == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_left_out_and_every_other_token_stays() {
        let without = |text: &str, keys: &[&str]| {
            let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
            without_keys(text.to_owned(), &keys)
        };
        let text = r#"{"type": "Paid", "amount": 1.10, "n": 1E+2, "in": {"type": 1}, "type": 2}"#;
        assert_eq!(
            without(text, &["type", "__persisted"]),
            r#"{"amount":1.10,"n":1E+2,"in":{"type": 1}}"#
        );
        assert_eq!(without(r#"{"type":1}"#, &["type"]), "{}");
        assert_eq!(without(r#"{"t\u0079pe":1,"a":2}"#, &["type"]), r#"{"a":2}"#);
        for unchanged in [r#"{ "a": 1 }"#, "[ 1 ]", "\"type\"", "3"] {
            assert_eq!(without(unchanged, &["type"]), unchanged);
        }
    }

    #[test]
    fn the_type_of_a_tagged_payload_is_its_only_key() {
        assert_eq!(untag_key(r#" {"Opened": {"a": 1}} "#), Some("Opened"));
        assert_eq!(untag_key(r#""Frozen""#), Some("Frozen"));
        for none in [
            r#"{"a":1,"b":2}"#,
            r#"{"a":1,"a":2}"#,
            "{}",
            "[\"a\"]",
            "1",
            "null",
            "\"",
            "",
            "{\"a\":",
        ] {
            assert_eq!(untag_key(none), None, "{none}");
        }
    }
}
