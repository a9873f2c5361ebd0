//! What a YAML scalar means, as Ruby's Psych writes and reads them (`psych/scalar_scanner.rb`).
//!
//! Symbols are texts without their colon, times and dates the texts that they are. Numbers keep
//! their digits. A number with colons, as YAML 1.1 counts minutes, stays a text: Ruby quotes a text
//! that looks like one, but others who write YAML do not.

use std::borrow::Cow;

use saphyr_parser::{ScalarStyle, Tag};

use super::number;
use super::writer::is_number;

/// What a scalar means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scalar<'a> {
    /// A number, `true`, `false` or `null` as JSON writes it.
    Token(Cow<'a, str>),
    /// A text.
    Text(Cow<'a, str>),
    /// Bytes as base64.
    Binary(String),
}

/// What a scalar means, by its tag, its style and what it looks like.
pub(super) fn scalar<'a>(text: &'a str, style: ScalarStyle, tag: Option<&Tag>) -> Scalar<'a> {
    let is_core = tag.is_some_and(Tag::is_yaml_core_schema);
    match tag.map(|tag| tag.suffix.as_str()) {
        Some("binary") => return Scalar::Binary(text.split_ascii_whitespace().collect()),
        Some("ruby/object:BigDecimal") => return Scalar::Text(big_decimal(text)),
        Some("int" | "float" | "bool" | "null") if is_core => {}
        Some(_) => return Scalar::Text(Cow::Borrowed(text)),
        None if style != ScalarStyle::Plain => return Scalar::Text(Cow::Borrowed(text)),
        None => {}
    }
    plain(text)
}

fn plain(text: &str) -> Scalar<'_> {
    let is_one_of = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if text.is_empty() || text == "~" || is_one_of(&["null"]) {
        return Scalar::Token("null".into());
    }
    if is_one_of(&["true", "yes", "on"]) {
        return Scalar::Token("true".into());
    }
    if is_one_of(&["false", "no", "off"]) {
        return Scalar::Token("false".into());
    }
    if let Some(symbol) = text.strip_prefix(':').filter(|symbol| !symbol.is_empty()) {
        return Scalar::Text(Cow::Borrowed(unquoted(symbol)));
    }
    if is_one_of(&[".nan"]) {
        return Scalar::Text("NaN".into());
    }
    if is_one_of(&[".inf", "+.inf"]) {
        return Scalar::Text("Infinity".into());
    }
    if is_one_of(&["-.inf"]) {
        return Scalar::Text("-Infinity".into());
    }
    number(text).map_or(Scalar::Text(Cow::Borrowed(text)), Scalar::Token)
}

/// A symbol that had to be quoted, without its quotes.
fn unquoted(symbol: &str) -> &str {
    let within = |quote| symbol.strip_prefix(quote)?.strip_suffix(quote);
    within('"').or_else(|| within('\'')).unwrap_or(symbol)
}

/// A number as JSON writes it, its digits as they are; `None` where Ruby would read a text.
fn number(text: &str) -> Option<Cow<'_, str>> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let has_exponent_only = !unsigned.contains('.') && unsigned.contains(['e', 'E']);
    if is_number(text) && !has_exponent_only {
        return Some(Cow::Borrowed(text));
    }
    if !unsigned.starts_with(|c: char| c == '.' || c.is_ascii_digit()) {
        return None;
    }
    let digits = unsigned.replace('_', "");
    let whole = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => number::digits_of_hex(digits.get(2..)?)?,
        [b'0', b'b' | b'B', ..] => in_base(digits.get(2..)?, 2)?,
        [b'0', b'0'..=b'9', ..] if !digits.contains('.') => in_base(&digits, 8)?,
        _ => match digits.split_once('.') {
            Some(("" | "0", "")) => return None,
            Some((whole, rest)) => {
                let whole = if whole.is_empty() { "0" } else { whole };
                let lacks = !rest.starts_with(|c: char| c.is_ascii_digit());
                format!("{whole}.{}{rest}", if lacks { "0" } else { "" })
            }
            None if has_exponent_only => return None,
            None => digits,
        },
    };
    let number = format!("{sign}{whole}");
    is_number(&number).then_some(Cow::Owned(number))
}

fn in_base(digits: &str, base: u32) -> Option<String> {
    let is_unsigned = digits.starts_with(|c: char| c.is_ascii_digit());
    let number = u128::from_str_radix(digits, base).ok()?;
    is_unsigned.then(|| number.to_string())
}

/// A `BigDecimal` as Ruby dumps it, `54:0.3469e2`: the most digits that it may have, and the number.
fn big_decimal(text: &str) -> Cow<'_, str> {
    let number = match text.split_once(':') {
        Some((precision, number)) if precision.bytes().all(|c| c.is_ascii_digit()) => number,
        _ => text,
    };
    number::without_exponent(number).map_or(Cow::Borrowed(number), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn means(text: &str, expected: &str) {
        let shown = match plain(text) {
            Scalar::Token(token) => token.into_owned(),
            Scalar::Text(text) => format!("'{text}'"),
            Scalar::Binary(base64) => format!("<{base64}>"),
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn plain_scalars_mean_what_ruby_reads() {
        for (text, expected) in [
            ("", "null"),
            ("~", "null"),
            ("Null", "null"),
            ("yes", "true"),
            ("OFF", "false"),
            ("y", "'y'"),
            ("n", "'n'"),
            (":paid", "'paid'"),
            (":\"two words\"", "'two words'"),
            (":", "':'"),
            ("::A", "':A'"),
            ("12345678901234567890123", "12345678901234567890123"),
            ("-7", "-7"),
            ("+7", "7"),
            ("1_000", "1000"),
            ("1,000", "'1,000'"),
            ("0x1F", "31"),
            ("-0b101", "-5"),
            ("017", "15"),
            ("09", "'09'"),
            ("1.10", "1.10"),
            ("1.0e+20", "1.0e+20"),
            ("1e5", "'1e5'"),
            (".5", "0.5"),
            ("-.5", "-0.5"),
            ("1.", "1.0"),
            (".", "'.'"),
            ("1.2.3", "'1.2.3'"),
            ("10.1.1.70", "'10.1.1.70'"),
            ("12:30", "'12:30'"),
            ("2026-01-07", "'2026-01-07'"),
            ("2026/0002", "'2026/0002'"),
            (
                "2026-01-07 10:00:00.000000000 Z",
                "'2026-01-07 10:00:00.000000000 Z'",
            ),
            (".NaN", "'NaN'"),
            ("-.inf", "'-Infinity'"),
            ("dd283153", "'dd283153'"),
            ("_1", "'_1'"),
            ("1__0.5_0", "10.50"),
            ("0x", "'0x'"),
            ("0b+1", "'0b+1'"),
            ("-", "'-'"),
            ("+", "'+'"),
            ("--1", "'--1'"),
        ] {
            means(text, expected);
        }
    }

    #[test]
    fn big_decimals_are_written_out_exactly() {
        assert_eq!(big_decimal("54:0.3469e2"), "34.69");
        assert_eq!(big_decimal("18:0.1e1"), "1");
        assert_eq!(
            big_decimal("27:-0.123456789012345678901e-3"),
            "-0.000123456789012345678901"
        );
        assert_eq!(big_decimal("9:NaN"), "NaN");
        assert_eq!(big_decimal("9:0.1e99999999"), "0.1e99999999");
    }
}
