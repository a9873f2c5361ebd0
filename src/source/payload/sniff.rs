//! What bytes are, by their content alone: the step `auto`.
//!
//! A wrong guess would be worse than none, so bytes are taken for JSON only where all of them read
//! as it and it says something to people; what a number, a key, a serialised object or an encrypted
//! text happens to look like stays bytes.

use super::step::Form;
use super::writer::{Written, is_printable};
use super::{cbor, jsonb, msgpack, unpack, yaml};
use crate::event::json::scan;

/// How often bytes are unpacked from bytes.
const MAX_LAYERS: usize = 3;
/// Up to this length a printable text may happen to be JSONB; beyond it, the sizes inside rule that
/// out.
const MAX_AMBIGUOUS: usize = 12;
/// How Java begins a serialised object, and Python a pickled one.
const FOREIGN: [&[u8]; 3] = [&[0xac, 0xed, 0, 5], &[0x80, 4, 0x95], &[0x80, 5, 0x95]];

/// What bytes were found to be.
#[derive(Debug)]
pub(super) struct Found {
    /// What had to be made of them; none where they stay.
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) form: Form,
}

/// Looks at bytes of which nothing is known but `form`. JSON costs one pass and no copy.
pub(super) fn sniff(bytes: &[u8], form: Form) -> Found {
    let mut inner: Option<Vec<u8>> = None;
    let mut form = form;
    for _ in 0..MAX_LAYERS {
        let Some(unpacked) = unpack::any(inner.as_deref().unwrap_or(bytes)) else {
            break;
        };
        inner = Some(unpacked);
        form = Form::Bytes;
    }
    let (decoded, form) = look(inner.as_deref().unwrap_or(bytes), form);
    Found {
        bytes: decoded.or(inner),
        form,
    }
}

fn look(bytes: &[u8], form: Form) -> (Option<Vec<u8>>, Form) {
    if scan::is_json(bytes) {
        return (None, Form::Json);
    }
    let text = std::str::from_utf8(bytes).ok();
    if let Some(json) = binary(bytes, text, form).or_else(|| document(text?)) {
        return (Some(json.into_bytes()), Form::Json);
    }
    match text {
        Some(text) if form == Form::Chars || is_printable(text) => (None, Form::Chars),
        _ => (None, Form::Opaque),
    }
}

fn binary(bytes: &[u8], text: Option<&str>, form: Form) -> Option<String> {
    if form != Form::Bytes || FOREIGN.iter().any(|magic| bytes.starts_with(magic)) {
        return None;
    }
    let is_short_text = bytes.len() <= MAX_AMBIGUOUS && text.is_some_and(is_printable);
    if !is_short_text && let Some(json) = plausible(jsonb::decode(bytes)) {
        return Some(json);
    }
    if text.is_some() {
        return None;
    }
    plausible(msgpack::decode(bytes)).or_else(|| plausible(cbor::decode(bytes)))
}

/// A YAML document that says that it is one.
fn document(text: &str) -> Option<String> {
    let rest = text.strip_prefix("---")?;
    let begins = rest.starts_with(['\n', '\r', ' ', '\t']);
    plausible(begins.then(|| yaml::decode(text)).flatten())
}

fn plausible(written: Option<Written>) -> Option<String> {
    let written = written?;
    written.is_plausible.then_some(written.text)
}
