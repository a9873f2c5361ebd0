//! SQLite's binary JSON, <https://sqlite.org/jsonb.html>, to JSON text.
//!
//! A value is a header, the kind in its low half byte and the payload's size in the high one or in
//! the bytes after it, and its payload: numbers and texts as they were written, or further values.

use super::number;
use super::take::Take;
use super::writer::{JsonWriter, Written};

const ARRAY: u8 = 11;
const OBJECT: u8 = 12;

/// The JSON of a whole blob; `None` where any of it is not as SQLite would accept it.
pub(super) fn decode(bytes: &[u8]) -> Option<Written> {
    let mut input = Take::new(bytes);
    let mut out = JsonWriter::default();
    // Where the arrays and objects end that are open.
    let mut ends: Vec<usize> = Vec::new();
    loop {
        while ends.last() == Some(&input.at()) {
            ends.pop();
            out.close()?;
        }
        if out.is_done() {
            return input.is_done().then(|| out.finish()).flatten();
        }
        let (kind, size) = header(&mut input)?;
        let end = input.at().checked_add(usize::try_from(size).ok()?)?;
        if end > ends.last().copied().unwrap_or(bytes.len()) {
            return None;
        }
        if out.wants_key() && !matches!(kind, 7..=10) {
            return None;
        }
        if matches!(kind, ARRAY | OBJECT) {
            out.open(kind == OBJECT)?;
            ends.push(end);
        } else {
            scalar(
                kind,
                std::str::from_utf8(input.bytes(size)?).ok()?,
                &mut out,
            )?;
        }
    }
}

fn header(input: &mut Take<'_>) -> Option<(u8, u64)> {
    let byte = input.byte()?;
    let size = match byte >> 4 {
        12 => input.number(1)?,
        13 => input.number(2)?,
        14 => input.number(4)?,
        15 => input.number(8)?,
        small => u64::from(small),
    };
    Some((byte & 0x0f, size))
}

fn scalar(kind: u8, text: &str, out: &mut JsonWriter) -> Option<()> {
    match (kind, text) {
        (0, "") => out.token("null"),
        (1, "") => out.token("true"),
        (2, "") => out.token("false"),
        (3, _) if text.contains(['.', 'e', 'E']) => None,
        (3 | 5, _) => out.number(text),
        (4, _) => out.token(&int5(text)?),
        (6, _) => out.number(&float5(text)),
        (7, _) if text.contains('\\') => None,
        (7 | 8, _) => out.escaped(text),
        (9, _) => out.escaped(&text5(text)?),
        (10, _) => out.text(text),
        _ => None,
    }
}

/// A hexadecimal whole number of JSON5, in digits.
fn int5(text: &str) -> Option<String> {
    let (sign, number) = signed(text);
    let hex = number
        .strip_prefix("0x")
        .or_else(|| number.strip_prefix("0X"))?;
    Some(format!("{sign}{}", number::digits_of_hex(hex)?))
}

/// A number of JSON5 with the digits beside its point that JSON asks for.
fn float5(text: &str) -> String {
    let (sign, number) = signed(text);
    let zero = if number.starts_with('.') { "0" } else { "" };
    match number.split_once('.') {
        Some((whole, rest)) if !rest.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("{sign}{zero}{whole}.0{rest}")
        }
        _ => format!("{sign}{zero}{number}"),
    }
}

fn signed(text: &str) -> (&'static str, &str) {
    match text.strip_prefix('-') {
        Some(number) => ("-", number),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    }
}

/// A text with the escapes of JSON5, with those of JSON.
fn text5(text: &str) -> Option<String> {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(next) = rest.next() {
        match next {
            '"' => out.push_str("\\\""),
            '\\' => match rest.next()? {
                '\'' => out.push('\''),
                'v' => out.push_str("\\u000b"),
                '0' => out.push_str("\\u0000"),
                'x' => {
                    let digits = rest.as_str().get(..2)?;
                    out.push_str("\\u00");
                    out.push_str(digits);
                    rest = rest.as_str().get(2..)?.chars();
                }
                // An escaped line end continues the line.
                '\r' => rest = rest.as_str().trim_start_matches('\n').chars(),
                '\n' | '\u{2028}' | '\u{2029}' => {}
                other => {
                    out.push('\\');
                    out.push(other);
                }
            },
            control if control < ' ' => write!(out, "\\u{:04x}", u32::from(control)).ok()?,
            plain => out.push(plain),
        }
    }
    Some(out)
}
