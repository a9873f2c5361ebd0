//! What a payload means, in 16 bytes: the same for the same values however they are written.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::event::Payload;
use crate::event::json::{Json, parse};

/// The first half of a SHA-256 over the meaning of a payload.
pub(super) type Meaning = [u8; 16];

/// The meaning of a payload: keys in any order, of duplicate keys the last, numbers by value.
///
/// Nothing, JSON's `null` and an empty text mean the same: formats have different words for nothing.
/// JSON too deep to be read as a tree means its bytes.
pub(super) fn meaning_of(payload: &Payload, text: &mut String) -> Meaning {
    text.clear();
    match payload {
        Payload::Missing => {}
        Payload::Json(raw) => match parse(raw.as_bytes()) {
            Ok(Json::Null) => {}
            Ok(json) => write_value(&json, text),
            Err(_) => text.push_str(raw),
        },
        Payload::Text(raw) => write_text(raw, text),
        Payload::Bytes(bytes) => return half(&Sha256::digest(bytes)),
    }
    half(&Sha256::digest(text.as_bytes()))
}

fn half(digest: &[u8]) -> Meaning {
    let mut meaning = Meaning::default();
    let first = digest.get(..16).unwrap_or_default();
    meaning
        .iter_mut()
        .zip(first)
        .for_each(|(to, from)| *to = *from);
    meaning
}

/// Trees are nested at most 512 deep, so this does not run out of stack.
fn write_value(value: &Json, out: &mut String) {
    match value {
        Json::Null => out.push('n'),
        Json::Bool(true) => out.push('t'),
        Json::Bool(false) => out.push('f'),
        Json::Number(digits) => write_number(digits, out),
        Json::Text(text) => write_text(text, out),
        Json::Array(elements) => {
            out.push('[');
            for element in elements {
                write_value(element, out);
            }
            out.push(']');
        }
        Json::Object(object) => {
            let mut members: Vec<(&str, &Json)> = object.iter().collect();
            // Stable, so that of duplicates the last stays the last.
            members.sort_by_key(|member| member.0);
            out.push('{');
            for pair in 0..members.len() {
                let Some((key, value)) = members.get(pair) else {
                    continue;
                };
                if members.get(pair + 1).is_some_and(|next| next.0 == *key) {
                    continue;
                }
                write_text(key, out);
                write_value(value, out);
            }
            out.push('}');
        }
    }
}

/// The length before it, so that no text looks like what follows it.
fn write_text(text: &str, out: &mut String) {
    if !text.is_empty() {
        write!(out, "{}\"{text}", text.len()).ok();
    }
    out.push(';');
}

/// A number by its value, of any length: its digits without zeros at either end, and the power of ten.
fn write_number(text: &str, out: &mut String) {
    let (number, exponent) = match text.find(['e', 'E']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let exponent = exponent.trim_start_matches(['e', 'E', '+']);
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{}{decimals}", whole.trim_start_matches('-'));
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        out.push_str("#0;");
        return;
    }
    let n_zeros = digits.len() - digits.trim_end_matches('0').len();
    let shift = i128::try_from(n_zeros).unwrap_or(0) - i128::try_from(decimals.len()).unwrap_or(0);
    let sign = if whole.starts_with('-') { "-" } else { "" };
    match exponent.parse::<i64>() {
        Ok(power) => write!(out, "#{sign}{significant}e{};", i128::from(power) + shift),
        Err(_) if exponent.is_empty() => write!(out, "#{sign}{significant}e{shift};"),
        // A power that no machine counts to means itself.
        Err(_) => write!(out, "#{text};"),
    }
    .ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(json: &str) -> Meaning {
        meaning_of(&Payload::Json(json.into()), &mut String::new())
    }

    #[test]
    fn what_is_written_differently_means_the_same() {
        for (a, b) in [
            ("1.10", "1.1"),
            ("100", "1e2"),
            ("-0", "0.00"),
            (
                "12345678901234567890123456789012345678901234567890.0",
                "12345678901234567890123456789012345678901234567890",
            ),
            (r#"{"a":1,"b":[2]}"#, r#"{ "b" : [ 2.0 ], "a" : 1 }"#),
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
            (r#""\u00e9""#, r#""é""#),
        ] {
            assert_eq!(meaning(a), meaning(b), "{a} and {b}");
        }
        let nothing = meaning_of(&Payload::Missing, &mut String::new());
        assert_eq!(meaning("null"), nothing);
    }

    #[test]
    fn what_means_something_else_is_told_apart() {
        let values = [
            "1",
            "-1",
            "10",
            "0.1",
            "12",
            "\"1\"",
            "[1]",
            "[1,2]",
            "[12]",
            "[[1],2]",
            "[[1,2]]",
            "{}",
            "[]",
            "true",
            "false",
            r#"{"a":1}"#,
            r#"{"a":null}"#,
            r#"{"a":"b"}"#,
            r#"{"ab":""}"#,
            "\"a\"",
            "\"a;\"",
            "12345678901234567890123456789012345678901234567890",
            "12345678901234567890123456789012345678901234567891",
        ];
        let mut meanings: Vec<Meaning> = values.iter().map(|value| meaning(value)).collect();
        meanings.sort_unstable();
        meanings.dedup();
        assert_eq!(meanings.len(), values.len());
    }
}
