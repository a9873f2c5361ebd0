//! CBOR, RFC 8949, to JSON text.
//!
//! As for MessagePack: whole numbers stay, also those beyond 64 bits (tags 2 and 3), floats are the
//! shortest text of their width, bytes are `{"$binary":"base64"}`. A decimal fraction (tag 4) is the
//! number that it stands for, a UUID (tag 37) its text; of other tags only what is tagged is shown.

use std::borrow::Cow;

use super::number;
use super::step::dashed;
use super::take::Take;
use super::writer::{JsonWriter, Written};

/// The first byte of an item and its argument; none where the length is not said.
#[derive(Clone, Copy)]
struct Head {
    major: u8,
    info: u8,
    argument: Option<u64>,
}

impl Head {
    fn is_break(self) -> bool {
        self.major == 7 && self.argument.is_none()
    }
}

/// The JSON of a whole payload; `None` where the bytes are not exactly one well-formed item.
pub(super) fn decode(bytes: &[u8]) -> Option<Written> {
    let mut input = Take::new(bytes);
    let mut out = JsonWriter::default();
    // How many items the open arrays and maps still lack; none where a break ends them.
    let mut lacking: Vec<Option<u64>> = Vec::new();
    loop {
        while lacking.last() == Some(&Some(0)) {
            lacking.pop();
            out.close()?;
        }
        if out.is_done() {
            return input.is_done().then(|| out.finish()).flatten();
        }
        let (tag, head) = tagged(&mut input)?;
        match lacking.last_mut() {
            Some(None) if head.is_break() && tag.is_none() => {
                lacking.pop();
                out.close()?;
                continue;
            }
            Some(Some(count)) => *count -= 1,
            _ => {}
        }
        if !matches!(head.major, 4 | 5) {
            scalar(tag, head, &mut input, &mut out)?;
        } else if let Some(decimal) = decimal(tag, head, &mut input) {
            out.number(&decimal)?;
        } else {
            let each = u64::from(head.major) - 3;
            out.open(head.major == 5)?;
            lacking.push(match head.argument {
                Some(count) => Some(count.checked_mul(each)?),
                None => None,
            });
        }
    }
}

fn head(input: &mut Take<'_>) -> Option<Head> {
    let byte = input.byte()?;
    let (major, info) = (byte >> 5, byte & 0x1f);
    let argument = match info {
        0..=23 => Some(u64::from(info)),
        24..=27 => Some(input.number(1 << (info - 24))?),
        31 if matches!(major, 2..=5 | 7) => None,
        _ => return None,
    };
    Some(Head {
        major,
        info,
        argument,
    })
}

/// An item's head, and the innermost of the tags before it.
fn tagged(input: &mut Take<'_>) -> Option<(Option<u64>, Head)> {
    let mut tag = None;
    loop {
        let head = head(input)?;
        if head.major != 6 {
            return Some((tag, head));
        }
        tag = head.argument;
    }
}

fn scalar(tag: Option<u64>, head: Head, input: &mut Take<'_>, out: &mut JsonWriter) -> Option<()> {
    match (head.major, head.argument) {
        (0, Some(number)) => out.whole(i128::from(number)),
        (1, Some(number)) => out.whole(-1 - i128::from(number)),
        (2, _) => {
            let bytes = string(head, input)?;
            match (tag, bytes.as_ref().try_into()) {
                (Some(2), _) => out.token(&number::digits_of(&bytes)?),
                (Some(3), _) => out.token(&number::digits_below_zero(&bytes)?),
                (Some(37), Ok(uuid)) => out.text(&dashed(uuid)),
                _ => out.binary(&bytes),
            }
        }
        (3, _) => out.text(std::str::from_utf8(&string(head, input)?).ok()?),
        (7, Some(number)) => simple(head.info, number, out),
        _ => None,
    }
}

/// The bytes of a byte or text string; one of a length not said comes in pieces.
fn string<'a>(whole: Head, input: &mut Take<'a>) -> Option<Cow<'a, [u8]>> {
    if let Some(length) = whole.argument {
        return input.bytes(length).map(Cow::Borrowed);
    }
    let mut bytes = Vec::new();
    loop {
        let piece = head(input)?;
        if piece.is_break() {
            return Some(Cow::Owned(bytes));
        }
        let same_kind = piece.major == whole.major;
        let length = piece.argument.filter(|_| same_kind)?;
        bytes.extend_from_slice(input.bytes(length)?);
    }
}

fn simple(info: u8, number: u64, out: &mut JsonWriter) -> Option<()> {
    match info {
        20 => out.token("false"),
        21 => out.token("true"),
        // Null, and undefined.
        22 | 23 => out.token("null"),
        25 => out.short_float(half(u16::try_from(number).ok()?)),
        26 => out.short_float(f32::from_bits(u32::try_from(number).ok()?)),
        27 => out.float(f64::from_bits(number)),
        _ => None,
    }
}

/// A floating-point number of 16 bits.
fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let fraction = f32::from(bits & 0x03ff);
    let magnitude = match bits >> 10 & 0x1f {
        0 => fraction * 2_f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        exponent => (1024.0 + fraction) * 2_f32.powi(i32::from(exponent) - 25),
    };
    sign * magnitude
}

/// A decimal fraction, `[exponent, mantissa]` under tag 4, as a number; nothing is taken otherwise.
fn decimal(tag: Option<u64>, head: Head, input: &mut Take<'_>) -> Option<String> {
    if (tag, head.major, head.argument) != (Some(4), 4, Some(2)) {
        return None;
    }
    let mut ahead = *input;
    let exponent = whole(&mut ahead)?.parse::<i64>().ok()?;
    let number = number::scaled(&whole(&mut ahead)?, exponent)?;
    *input = ahead;
    Some(number)
}

/// The digits of an item that is a whole number.
fn whole(input: &mut Take<'_>) -> Option<String> {
    let (tag, head) = tagged(input)?;
    match (tag, head.major, head.argument) {
        (None, 0, Some(number)) => Some(number.to_string()),
        (None, 1, Some(number)) => Some((-1 - i128::from(number)).to_string()),
        (Some(2), 2, _) => number::digits_of(&string(head, input)?),
        (Some(3), 2, _) => number::digits_below_zero(&string(head, input)?),
        _ => None,
    }
}
