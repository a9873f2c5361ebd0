//! From stored bytes to the payload as shown: decoded by the format's steps, unwrapped by its rules.
//!
//! Works on raw text, so that every token that is shown stands as it was written. What is nested too
//! deep to be unwrapped is shown as it is.

use std::borrow::Cow;
use std::io::Read as _;

use base64::Engine as _;

use super::cell::Cell;
use super::format::{Decode, Presentation};
use crate::event::json::{minify, scan};
use crate::event::{Payload, RawPayload};

/// The most bytes that one payload may inflate to.
const MAX_INFLATED: u64 = 64 << 20;
/// How deep typed values are looked for.
const MAX_UNWRAP_DEPTH: usize = 128;

/// The payload as its format presents it.
pub(super) fn present(cell: Cell<'_>, decode: &[Decode], rules: &[Presentation]) -> Payload {
    let stored = match cell {
        Cell::Null | Cell::Json(b"null") => return Payload::Missing,
        Cell::Int(number) => return Payload::Json(number.to_string().into()),
        Cell::Real(number) if number.is_finite() => {
            return Payload::Json(format!("{number:?}").into());
        }
        Cell::Real(number) => return Payload::Text(number.to_string().into()),
        Cell::Text(bytes) | Cell::Blob(bytes) | Cell::Json(bytes) => bytes,
    };
    let mut bytes = Cow::Borrowed(stored);
    let mut is_text = false;
    for step in decode {
        is_text |= *step == Decode::Text;
        if let Some(decoded) = apply(*step, &bytes) {
            bytes = Cow::Owned(decoded);
        }
    }
    if is_text || !scan::is_json(&bytes) {
        return text_or_bytes(bytes);
    }
    match String::from_utf8(bytes.into_owned()) {
        Ok(text) => Payload::Json(shown(text, rules).into()),
        Err(error) => Payload::Bytes(error.into_bytes().into()),
    }
}

fn text_or_bytes(bytes: Cow<'_, [u8]>) -> Payload {
    match String::from_utf8(bytes.into_owned()) {
        Ok(text) => Payload::Text(text.into()),
        Err(error) => Payload::Bytes(error.into_bytes().into()),
    }
}

/// The stored bytes, for hashes: text and blobs as they are, numbers as digits.
pub(super) fn stored(cell: Cell<'_>) -> RawPayload {
    let bytes = match cell {
        Cell::Null | Cell::Json(b"null") => None,
        Cell::Int(number) => Some(number.to_string().into_bytes().into()),
        Cell::Real(number) => Some(format!("{number:?}").into_bytes().into()),
        Cell::Text(bytes) | Cell::Blob(bytes) | Cell::Json(bytes) => Some(bytes.into()),
    };
    RawPayload { bytes }
}

/// The bytes that all steps together make of a stored value; `None` where none of them fits.
pub(super) fn unpacked(cell: Cell<'_>, decode: &[Decode]) -> Option<Vec<u8>> {
    let stored = cell.bytes()?;
    let mut made: Option<Vec<u8>> = None;
    for step in decode {
        if let Some(bytes) = apply(*step, made.as_deref().unwrap_or(stored)) {
            made = Some(bytes);
        }
    }
    made
}

/// The object without these members at its top level; anything else as it is.
pub(super) fn without_keys(text: &str, keys: &[String]) -> String {
    let mut out = String::from("{");
    let walked = scan::members(text.as_bytes(), |key, value| {
        let (Ok(key), Ok(value)) = (std::str::from_utf8(key), std::str::from_utf8(value)) else {
            return;
        };
        if !keys.iter().any(|gone| scan::same_key(key.as_bytes(), gone)) {
            if out.len() > 1 {
                out.push(',');
            }
            out.push('"');
            out.push_str(key);
            out.push_str("\":");
            out.push_str(value);
        }
    });
    out.push('}');
    if walked.is_ok() { out } else { text.to_owned() }
}

/// One step of decoding; `None` where it does not fit the bytes, or is not needed.
fn apply(step: Decode, bytes: &[u8]) -> Option<Vec<u8>> {
    match step {
        Decode::Zlib => inflate(bytes),
        Decode::Text => scan::string_text(bytes).map(|text| text.into_owned().into_bytes()),
        Decode::JsonText => {
            let text = scan::string_text(bytes)?;
            scan::is_json(text.as_bytes()).then(|| text.into_owned().into_bytes())
        }
        Decode::Base64 => {
            let text = scan::string_text(bytes)?;
            base64::engine::general_purpose::STANDARD
                .decode(text.as_bytes())
                .ok()
        }
    }
}

/// Whether bytes begin as a zlib stream does.
pub(super) fn looks_deflated(bytes: &[u8]) -> bool {
    matches!(bytes, [0x78, second, ..] if (0x7800 + u32::from(*second)).is_multiple_of(31))
}

/// The inflated bytes; `None` where they are no zlib stream, or too many.
pub(super) fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    if !looks_deflated(bytes) {
        return None;
    }
    let mut out = Vec::new();
    let mut limited = flate2::read::ZlibDecoder::new(bytes).take(MAX_INFLATED + 1);
    limited.read_to_end(&mut out).ok()?;
    (out.len() as u64 <= MAX_INFLATED).then_some(out)
}

fn shown(text: String, rules: &[Presentation]) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shows(stored: &str, rule: Presentation, expected: &str) {
        let payload = present(Cell::Text(stored.as_bytes()), &[], &[rule]);
        assert_eq!(payload, Payload::Json(expected.into()));
    }

    #[test]
    fn typed_values_are_unwrapped_at_any_depth_and_other_tokens_stay() {
        shows(
            r#"{"a": {"_type_":"decimal_str","_data_":"1.10"}, "b": [1E+2, {"_data_":{"x":{"_type_":"t","_data_":[]}},"_type_":"o"}]}"#,
            Presentation::TypedValues,
            r#"{"a":"1.10","b":[1E+2,{"x":[]}]}"#,
        );
        shows(
            r#"{"_type_": 1}"#,
            Presentation::TypedValues,
            r#"{"_type_":1}"#,
        );
    }

    #[test]
    fn a_tagged_payload_is_its_inner_value() {
        shows(
            r#"{"Opened": {"a": 1.10}}"#,
            Presentation::Tagged,
            r#"{"a": 1.10}"#,
        );
        shows(r#""Frozen""#, Presentation::Tagged, "{}");
        shows(r#"{"a":1,"b":2}"#, Presentation::Tagged, r#"{"a":1,"b":2}"#);
    }

    #[test]
    fn what_is_not_json_is_text_or_bytes() {
        let shown = |bytes: &'static [u8]| present(Cell::Blob(bytes), &[], &[]);
        assert_eq!(shown(b"{\"a\":"), Payload::Text("{\"a\":".into()));
        assert_eq!(shown(b"\xff\xfe"), Payload::Bytes(b"\xff\xfe"[..].into()));
        assert_eq!(shown(b"{\"a\":NaN}"), Payload::Text("{\"a\":NaN}".into()));
    }
}
