//! From stored bytes to the payload as shown: decoded by the format's steps, unwrapped by its rules.
//!
//! Everything ends as raw text, so that every token that a store has written stands as it was
//! written: `step` takes the steps one by one, `unpack`, `jsonb`, `msgpack`, `cbor`, `xml` and `yaml` are
//! what they call, `sniff` finds out what bytes are, `shown` unwraps.

mod cbor;
mod jsonb;
mod msgpack;
mod number;
mod ruby;
mod shown;
mod sniff;
mod step;
mod take;
mod unpack;
mod writer;
mod xml;
mod yaml;

use std::borrow::Cow;

pub(super) use shown::{untag_key, without_keys};
pub(super) use step::{dashed, wire_bytes};
pub(super) use xml::resolved;

use self::step::Form;
use super::cell::Cell;
use super::format::{Decode, Presentation};
use crate::event::json::scan;
use crate::event::{Payload, RawPayload};

/// The payload as its format presents it.
pub(super) fn present(cell: Cell<'_>, steps: &[Decode], rules: &[Presentation]) -> Payload {
    match cell {
        Cell::Null | Cell::Json(b"null") => Payload::Missing,
        Cell::Int(number) => Payload::Json(number.to_string().into()),
        Cell::Real(number) if number.is_finite() => Payload::Json(format!("{number:?}").into()),
        Cell::Real(number) => Payload::Text(number.to_string().into()),
        Cell::Time(read) => Payload::Text(read.text().into()),
        Cell::Text(_) | Cell::Blob(_) | Cell::Json(_) => {
            let Some(decoded) = step::decode(cell, steps) else {
                return Payload::Missing;
            };
            let is_text = steps
                .iter()
                .any(|step| matches!(step, Decode::Text | Decode::Plain));
            let is_json = match decoded.form {
                Form::Json => !is_text,
                Form::Bytes | Form::Chars => !is_text && scan::is_json(&decoded.bytes),
                Form::Opaque => return Payload::Bytes(decoded.bytes.into()),
            };
            payload(decoded.bytes, is_json, rules)
        }
    }
}

fn payload(bytes: Cow<'_, [u8]>, is_json: bool, rules: &[Presentation]) -> Payload {
    match String::from_utf8(bytes.into_owned()) {
        Ok(text) if is_json => Payload::Json(shown::shown(text, rules).into()),
        Ok(text) => Payload::Text(text.into()),
        Err(error) => Payload::Bytes(error.into_bytes().into()),
    }
}

/// The bytes that the steps make of a cell; `None` where they leave it as it is.
///
/// With `is_inside`, a place inside the JSON of the cell is asked for: then JSON that stands as it
/// is costs no more than a look at its first byte.
pub(super) fn decoded(cell: Cell<'_>, steps: &[Decode], is_inside: bool) -> Option<Vec<u8>> {
    if steps.is_empty() || (is_inside && !step::may_decode(cell.bytes()?, steps)) {
        return None;
    }
    match step::decode(cell, steps)?.bytes {
        Cow::Owned(bytes) => Some(bytes),
        Cow::Borrowed(_) => None,
    }
}

/// The stored bytes, for hashes: text and blobs as they are, numbers as digits.
pub(super) fn stored(cell: Cell<'_>) -> RawPayload {
    let bytes = match cell {
        Cell::Null | Cell::Json(b"null") => None,
        Cell::Int(number) => Some(number.to_string().into_bytes().into()),
        Cell::Real(number) => Some(format!("{number:?}").into_bytes().into()),
        Cell::Time(read) => Some(read.text().into_bytes().into()),
        Cell::Text(bytes) | Cell::Blob(bytes) | Cell::Json(bytes) => Some(bytes.into()),
    };
    RawPayload { bytes }
}

#[cfg(test)]
mod tests;
