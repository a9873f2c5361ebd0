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

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes_of(hex: &str) -> Vec<u8> {
        number::bytes_of_hex(hex).unwrap()
    }

    #[track_caller]
    fn shows(hex: &str, expected: &str) {
        let bytes = bytes_of(hex);
        let written = decode(&bytes).map(|written| written.text);
        assert_eq!(written.as_deref(), Some(expected), "{hex}");
        for end in 0..bytes.len() {
            assert!(decode(&bytes[..end]).is_none(), "{hex} cut off at {end}");
        }
    }

    /// From appendix A of RFC 8949.
    #[test]
    fn the_examples_of_the_standard_are_read() {
        for (hex, expected) in [
            ("00", "0"),
            ("17", "23"),
            ("1903e8", "1000"),
            ("1bffffffffffffffff", "18446744073709551615"),
            ("c249010000000000000000", "18446744073709551616"),
            ("3bffffffffffffffff", "-18446744073709551616"),
            ("c349010000000000000000", "-18446744073709551617"),
            ("3903e7", "-1000"),
            ("f90000", "0.0"),
            ("f98000", "-0.0"),
            ("f93c00", "1.0"),
            ("fb3ff199999999999a", "1.1"),
            ("f97bff", "65504.0"),
            ("fa47c35000", "100000.0"),
            ("fa3dcccccd", "0.1"),
            ("f90400", "6.1035156e-5"),
            ("f90001", "5.9604645e-8"),
            ("f97c00", "\"Infinity\""),
            ("f97e00", "\"NaN\""),
            ("f6", "null"),
            ("f7", "null"),
            (
                "c074323031332d30332d32315432303a30343a30305a",
                "\"2013-03-21T20:04:00Z\"",
            ),
            ("c11a514b67b0", "1363896240"),
            ("4401020304", "{\"$binary\":\"AQIDBA==\"}"),
            ("62c3bc", "\"ü\""),
            ("a26161016162820203", r#"{"a":1,"b":[2,3]}"#),
            ("a201020304", r#"{"1":2,"3":4}"#),
            ("5f42010243030405ff", "{\"$binary\":\"AQIDBAU=\"}"),
            ("7f657374726561646d696e67ff", "\"streaming\""),
            ("9fff", "[]"),
            ("9f018202039f0405ffff", "[1,[2,3],[4,5]]"),
            ("bf61610161629f0203ffff", r#"{"a":1,"b":[2,3]}"#),
            ("bf6346756ef563416d7421ff", r#"{"Fun":true,"Amt":-2}"#),
        ] {
            shows(hex, expected);
        }
    }

    #[test]
    fn tagged_decimals_and_uuids_are_what_they_stand_for() {
        shows("c48221196ab3", "273.15");
        shows("c4820219012c", "30000");
        shows("c48221c249010000000000000000", "184467440737095516.16");
        shows("c48220c340", "-0.1");
        shows("c482616101", r#"["a",1]"#);
        shows(
            "d8255000112233445566778899aabbccddeeff",
            "\"00112233-4455-6677-8899-aabbccddeeff\"",
        );
    }

    #[test]
    fn what_another_program_writes_is_read() {
        use ciborium::Value;
        let order = Value::Map(vec![
            ("id".into(), "o-1".into()),
            ("total".into(), 12.5.into()),
            ("n".into(), u64::MAX.into()),
            ("raw".into(), Value::Bytes(vec![0])),
        ]);
        let mut bytes = Vec::new();
        ciborium::into_writer(&order, &mut bytes).unwrap();
        assert_eq!(
            decode(&bytes).unwrap().text,
            r#"{"id":"o-1","total":12.5,"n":18446744073709551615,"raw":{"$binary":"AA=="}}"#
        );
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for hex in [
            "",
            "1c",
            "ff",
            "0000",
            "a161",
            "bf6161ff",
            "81ff",
            "f818",
            "7f4161ff",
            "61ff",
            "c2",
            "9bffffffffffffffff",
            "bbffffffffffffffff",
            "5bffffffffffffffff",
            "d7",
            "9fc1ff",
        ] {
            assert!(decode(&bytes_of(hex)).is_none(), "{hex}");
        }
        assert!(decode(&vec![0x81; 100_000]).is_none());
        assert!(decode(&vec![0xc1; 100_000]).is_none());
    }
}
