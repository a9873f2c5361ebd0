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
        value(&mut input, &mut out, &mut lacking)?;
    }
}

/// Writes one value; an array or a map is opened, and lacks what belongs into it.
fn value(input: &mut Take<'_>, out: &mut JsonWriter, lacking: &mut Vec<u64>) -> Option<()> {
    let mut opened = |out: &mut JsonWriter, is_object: bool, count: u64| {
        lacking.push(if is_object { 2 * count } else { count });
        out.open(is_object)
    };
    let marker = input.byte()?;
    let low = u64::from(marker);
    match marker {
        0x00..=0x7f => out.whole(i128::from(marker))?,
        0xe0..=0xff => out.whole(i128::from(marker.cast_signed()))?,
        0x80..=0x8f => opened(out, true, low & 0x0f)?,
        0x90..=0x9f => opened(out, false, low & 0x0f)?,
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
            opened(out, false, n_elements)?;
        }
        0xde | 0xdf => {
            let n_members = input.number(2 << (marker - 0xde))?;
            opened(out, true, n_members)?;
        }
    }
    Some(())
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

#[cfg(test)]
mod tests {
    use rmpv::Value;

    use super::*;

    fn decoded(value: &Value) -> Option<String> {
        let mut bytes = Vec::new();
        rmpv::encode::write_value(&mut bytes, value).unwrap();
        for end in 0..bytes.len() {
            assert!(decode(&bytes[..end]).is_none(), "cut off at {end}");
        }
        decode(&bytes).map(|written| written.text)
    }

    #[track_caller]
    fn shows(value: impl Into<Value>, expected: &str) {
        assert_eq!(decoded(&value.into()).as_deref(), Some(expected));
    }

    #[test]
    fn whole_numbers_are_exact_at_every_width() {
        for number in [
            0,
            1,
            127,
            128,
            255,
            256,
            65_535,
            65_536,
            u64::from(u32::MAX),
            1 << 32,
            u64::MAX,
        ] {
            shows(number, &number.to_string());
        }
        for number in [
            -1,
            -32,
            -33,
            -128,
            -129,
            -32_768,
            -32_769,
            i64::from(i32::MIN),
            i64::MIN,
        ] {
            shows(number, &number.to_string());
        }
    }

    #[test]
    fn floats_are_the_shortest_text_of_their_width() {
        shows(0.1_f64, "0.1");
        shows(0.1_f32, "0.1");
        shows(3.0_f64, "3.0");
        shows(1e300_f64, "1e300");
        shows(f64::NAN, "\"NaN\"");
        shows(f32::NEG_INFINITY, "\"-Infinity\"");
    }

    #[test]
    fn members_keep_their_order_and_keys_become_texts() {
        let map = Value::Map(vec![
            ("z".into(), Value::Nil),
            (7.into(), "seven".into()),
            ("z".into(), Value::Array(vec![true.into(), false.into()])),
            (Value::Array(vec!["a".into()]), Value::Map(vec![])),
            (Value::Nil, Value::Array(vec![])),
        ]);
        let expected = r#"{"z":null,"7":"seven","z":[true,false],"[\"a\"]":{},"null":[]}"#;
        shows(map, expected);
    }

    #[test]
    fn bytes_and_extensions_say_what_they_are() {
        shows(Value::Binary(vec![1, 2, 255]), r#"{"$binary":"AQL/"}"#);
        shows(Value::Ext(5, vec![1]), r#"{"$ext":5,"$binary":"AQ=="}"#);
        shows(Value::Ext(-1, vec![1]), r#"{"$ext":-1,"$binary":"AQ=="}"#);
        let broken = decode(b"\xa2\xc3\x28").unwrap();
        assert_eq!(broken.text, r#"{"$binary":"wyg="}"#);
    }

    #[test]
    fn timestamps_are_texts() {
        let nanoseconds = (123_000_000_u64 << 34) + 1_767_225_600;
        let far = [&5_u32.to_be_bytes()[..], &(-1_i64).to_be_bytes()].concat();
        for (bytes, expected) in [
            (
                1_767_225_600_u32.to_be_bytes().to_vec(),
                "2026-01-01T00:00:00Z",
            ),
            (
                nanoseconds.to_be_bytes().to_vec(),
                "2026-01-01T00:00:00.123Z",
            ),
            (far, "1969-12-31T23:59:59.000000005Z"),
        ] {
            shows(Value::Ext(-1, bytes), &format!("\"{expected}\""));
        }
        let endless = [&[0; 4][..], &i64::MAX.to_be_bytes()].concat();
        shows(
            Value::Ext(-1, endless),
            r#"{"$ext":-1,"$binary":"AAAAAH//////////"}"#,
        );
    }

    #[test]
    fn what_is_not_exactly_one_value_is_refused() {
        for bytes in [
            &b"\xc1"[..],
            b"\x00\x00",
            b"\xdf\xff\xff\xff\xff",
            b"\xdb\xff\xff\xff\xffabc",
            b"",
            &vec![0x91; 100_000],
        ] {
            assert!(decode(bytes).is_none());
        }
    }
}
