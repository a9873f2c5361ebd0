//! MessagePack, <https://github.com/msgpack/msgpack/blob/master/spec.md>, to JSON text.
//!
//! Whole numbers and the order of members stay, floats are the shortest text of their width, bytes
//! are `{"$binary":"base64"}`, timestamps texts, other extensions `{"$ext":5,"$binary":"base64"}`.
//! A key that is no text becomes one. Written straight to text: a tree of values would take some
//! forty times the bytes that a hostile payload is made of.

use chrono::SecondsFormat;

use super::take::Take;
use super::writer::{JsonWriter, Written};

/// The JSON of a whole payload; `None` where the bytes are not exactly one value.
pub(super) fn decode(bytes: &[u8]) -> Option<Written> {
    let mut input = Take::new(bytes);
    let mut out = JsonWriter::default();
    // How many values the open arrays and maps still lack.
    let mut lacking: Vec<u64> = Vec::new();
    loop {
        while lacking.last() == Some(&0) {
            lacking.pop();
            out.close()?;
        }
        if out.is_done() {
            return input.is_done().then(|| out.finish()).flatten();
        }
        if let Some(lacking) = lacking.last_mut() {
            *lacking -= 1;
        }
        if let Some(n_values) = value(&mut input, &mut out)? {
            lacking.push(n_values);
        }
    }
}

/// Writes one value; gives the number of those that belong into it where it is an array or a map.
fn value(input: &mut Take<'_>, out: &mut JsonWriter) -> Option<Option<u64>> {
    let marker = input.byte()?;
    let low = u64::from(marker);
    match marker {
        0x00..=0x7f => out.whole(i128::from(marker))?,
        0xe0..=0xff => out.whole(i128::from(marker.cast_signed()))?,
        0x80..=0x8f => return opened(out, true, low & 0x0f),
        0x90..=0x9f => return opened(out, false, low & 0x0f),
        0xa0..=0xbf => text(input, low & 0x1f, out)?,
        0xc0 => out.token("null")?,
        0xc1 => return None,
        0xc2 => out.token("false")?,
        0xc3 => out.token("true")?,
        0xc4..=0xc6 => {
            let length = input.number(1 << (marker - 0xc4))?;
            out.binary(input.bytes(length)?)?;
        }
        0xc7..=0xc9 => {
            let length = input.number(1 << (marker - 0xc7))?;
            extension(input, length, out)?;
        }
        0xca => out.short_float(f32::from_be_bytes(input.array()?))?,
        0xcb => out.float(f64::from_be_bytes(input.array()?))?,
        0xcc..=0xcf => out.whole(i128::from(input.number(1 << (marker - 0xcc))?))?,
        0xd0..=0xd3 => out.whole(negative(input, 1 << (marker - 0xd0))?)?,
        0xd4..=0xd8 => extension(input, 1 << (marker - 0xd4), out)?,
        0xd9..=0xdb => {
            let length = input.number(1 << (marker - 0xd9))?;
            text(input, length, out)?;
        }
        0xdc | 0xdd => {
            let n_elements = input.number(2 << (marker - 0xdc))?;
            return opened(out, false, n_elements);
        }
        0xde | 0xdf => {
            let n_members = input.number(2 << (marker - 0xde))?;
            return opened(out, true, n_members);
        }
    }
    Some(None)
}

fn opened(out: &mut JsonWriter, is_object: bool, count: u64) -> Option<Option<u64>> {
    out.open(is_object)?;
    Some(Some(if is_object { 2 * count } else { count }))
}

/// A whole number with a sign, of 1, 2, 4 or 8 bytes.
fn negative(input: &mut Take<'_>, width: u64) -> Option<i128> {
    let number = i128::from(input.number(width)?);
    let half = 1_i128 << (8 * width - 1);
    Some(if number >= half {
        number - 2 * half
    } else {
        number
    })
}

fn text(input: &mut Take<'_>, length: u64, out: &mut JsonWriter) -> Option<()> {
    let bytes = input.bytes(length)?;
    match std::str::from_utf8(bytes) {
        Ok(text) => out.text(text),
        Err(_) => out.broken_text(bytes),
    }
}

fn extension(input: &mut Take<'_>, length: u64, out: &mut JsonWriter) -> Option<()> {
    let kind = input.byte()?.cast_signed();
    let bytes = input.bytes(length)?;
    match (kind == -1).then(|| timestamp(bytes)).flatten() {
        Some(time) => out.text(&time),
        None => out.extension(kind, bytes),
    }
}

/// The extension -1: seconds since 1970, with nanoseconds where there are any, as RFC 3339 writes it.
fn timestamp(bytes: &[u8]) -> Option<String> {
    let mut input = Take::new(bytes);
    let (seconds, nanoseconds) = match bytes.len() {
        4 => (i64::try_from(input.number(4)?).ok()?, 0),
        8 => {
            let both = input.number(8)?;
            (i64::try_from(both & 0x3_ffff_ffff).ok()?, both >> 34)
        }
        12 => {
            let nanoseconds = input.number(4)?;
            (i64::from_be_bytes(input.array()?), nanoseconds)
        }
        _ => return None,
    };
    let nanoseconds = u32::try_from(nanoseconds)
        .ok()
        .filter(|n| *n < 1_000_000_000)?;
    let time = chrono::DateTime::from_timestamp(seconds, nanoseconds)?;
    Some(time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}
