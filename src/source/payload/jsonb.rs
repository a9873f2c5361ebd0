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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rusqlite::Connection;

    use super::*;
    use crate::event::json::minify;

    fn by_sqlite(json: &str) -> Vec<u8> {
        let connection = Connection::open_in_memory().unwrap();
        let select = connection.query_row("select jsonb(?1)", [json], |row| row.get(0));
        select.unwrap()
    }

    fn decoded(bytes: &[u8]) -> Option<String> {
        decode(bytes).map(|written| written.text)
    }

    fn any_json() -> impl Strategy<Value = String> {
        let text = prop_oneof![
            "[ -~]{0,20}",
            "\\PC{0,5}",
            Just("\n\u{1}\\\"é\u{2028}".to_owned())
        ];
        let text = text.prop_map(|text| serde_json::to_string(&text).unwrap());
        let leaf = prop_oneof![
            Just("null".to_owned()),
            Just("true".to_owned()),
            Just("false".to_owned()),
            "-?(0|[1-9][0-9]{0,25})",
            "-?(0|[1-9][0-9]{0,5})\\.[0-9]{1,20}",
            "-?[1-9](\\.[0-9]{1,4})?[eE][+-]?[0-9]{1,3}",
            text.clone(),
        ];
        leaf.prop_recursive(6, 60, 6, move |inner| {
            let member =
                (text.clone(), inner.clone()).prop_map(|(key, value)| format!("{key}:{value}"));
            prop_oneof![
                proptest::collection::vec(inner, 0..6)
                    .prop_map(|elements| format!("[{}]", elements.join(","))),
                proptest::collection::vec(member, 0..6)
                    .prop_map(|members| format!("{{{}}}", members.join(","))),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_sqlite_writes_is_read_token_by_token(json in any_json()) {
            let bytes = by_sqlite(&json);
            prop_assert_eq!(decoded(&bytes), Some(json));
            for end in 0..bytes.len() {
                prop_assert!(decoded(&bytes[..end]).is_none(), "cut off at {}", end);
            }
            let longer = [bytes.as_slice(), &[0]].concat();
            prop_assert!(decoded(&longer).is_none());
        }

        #[test]
        fn changed_bytes_are_valid_json_or_nothing(json in any_json(), at: usize, to: u8) {
            let mut bytes = by_sqlite(&json);
            let at = at % bytes.len();
            bytes[at] = to;
            if let Some(text) = decoded(&bytes) {
                prop_assert!(crate::event::json::scan::is_json(text.as_bytes()), "{}", text);
            }
        }
    }

    #[test]
    fn the_wider_forms_of_json5_become_json() {
        for json5 in [
            "{a:1, 'b':.5, c:5., d:+.25, e:0x1F, f:-0xff}",
            r"['it\'s', 'a\x41\v\0', 'one\
line', '\u00e9\n']",
            "[Infinity, -Infinity, NaN, 0xffffffffffffffff]",
            "[1.e5, -.5E-3]",
        ] {
            let connection = Connection::open_in_memory().unwrap();
            let expected: String = connection
                .query_row("select json(?1)", [json5], |row| row.get(0))
                .unwrap();
            assert_eq!(
                decoded(&by_sqlite(json5)),
                Some(minify(&expected)),
                "{json5}"
            );
        }
        assert_eq!(
            decoded(b"\xc4\x12+0x10000000000000000").as_deref(),
            None,
            "the size is wrong"
        );
        assert_eq!(
            decoded(b"\xc4\x14+0x10000000000000000").as_deref(),
            Some("18446744073709551616")
        );
    }

    #[test]
    fn texts_that_sqlite_has_not_parsed_are_quoted() {
        assert_eq!(decoded(b"\x4aa\"\n\\").as_deref(), Some(r#""a\"\n\\""#));
    }

    #[test]
    fn nesting_ends_where_that_of_sqlite_does() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(decoded(&by_sqlite(&nested(1000))), Some(nested(1000)));
        // A thousand and one arrays, each with eight bytes that say its size.
        let mut bytes = Vec::new();
        for depth in (0..1001_u64).rev() {
            bytes.push(0xfb);
            bytes.extend_from_slice(&(depth * 9).to_be_bytes());
        }
        assert_eq!(decoded(&bytes), None);
    }

    #[test]
    fn sizes_that_lie_are_refused() {
        for bytes in [
            &b"\xfc\xff\xff\xff\xff\xff\xff\xff\xff"[..],
            b"\x1c\x00",
            b"\x2c\x00\x00",
            b"\x2b\x27a",
            b"\x10",
            b"\x0d",
            b"\x17\"",
            b"\x23-0x",
            b"",
        ] {
            assert_eq!(decoded(bytes), None, "{bytes:02x?}");
        }
    }
}
