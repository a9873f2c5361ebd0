//! Data by a schema, written as JSON: numbers with their digits, times as text, a union as what it holds.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Schema;
use super::schema::{Kind, Meaning, TypeId};
use crate::event::json::quote;
use crate::event::{TimeUnit, Timestamp};
use crate::source::payload::dashed;

/// How deep data may be nested.
const MAX_DEPTH: usize = 128;
/// The longest text that is written.
const MAX_JSON: usize = 64 << 20;
/// How many values one datum may hold; those of no bytes would be endless otherwise.
const MAX_VALUES: usize = 16 << 20;

/// Reads data from front to back; `None` where they do not fit the schema.
pub(in crate::source) struct Data<'a> {
    rest: &'a [u8],
    n_values: usize,
}

impl Schema {
    /// Data of exactly these bytes, as JSON.
    pub(in crate::source) fn read_whole(&self, bytes: &[u8]) -> Option<String> {
        let mut out = String::new();
        let rest = self.read(bytes, &mut out)?;
        rest.is_empty().then_some(out)
    }

    /// The first datum of these bytes, written as JSON; what follows it.
    pub(in crate::source) fn read<'a>(
        &self,
        bytes: &'a [u8],
        out: &mut String,
    ) -> Option<&'a [u8]> {
        let mut data = Data {
            rest: bytes,
            n_values: 0,
        };
        data.value(self, self.root, 0, out)?;
        Some(data.rest)
    }
}

impl<'a> Data<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn long(&mut self) -> Option<i64> {
        let mut raw = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.take(1)?.first()?;
            raw |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some((raw >> 1).cast_signed() ^ -(raw & 1).cast_signed());
            }
        }
        None
    }

    fn sized(&mut self) -> Option<&'a [u8]> {
        let count = usize::try_from(self.long()?).ok()?;
        self.take(count)
    }

    fn value(&mut self, schema: &Schema, id: TypeId, depth: usize, out: &mut String) -> Option<()> {
        self.n_values += 1;
        if depth > MAX_DEPTH || out.len() > MAX_JSON || self.n_values > MAX_VALUES {
            return None;
        }
        let of = schema.types.get(id)?;
        match &of.kind {
            Kind::Null => out.push_str("null"),
            Kind::Boolean => match self.take(1)? {
                [0] => out.push_str("false"),
                [1] => out.push_str("true"),
                _ => return None,
            },
            Kind::Int | Kind::Long => {
                let number = self.long()?;
                write_number(number, of.meaning, out);
            }
            Kind::Float => {
                let number = f32::from_le_bytes(*self.take(4)?.first_chunk()?);
                write_real(&format!("{number:?}"), number.is_finite(), out);
            }
            Kind::Double => {
                let number = f64::from_le_bytes(*self.take(8)?.first_chunk()?);
                write_real(&format!("{number:?}"), number.is_finite(), out);
            }
            Kind::Bytes => write_bytes(self.sized()?, of.meaning, out),
            Kind::Fixed(size) => write_bytes(self.take(*size)?, of.meaning, out),
            Kind::Text => quote(std::str::from_utf8(self.sized()?).ok()?, out),
            Kind::Enum(symbols) => {
                let at = usize::try_from(self.long()?).ok()?;
                quote(symbols.get(at)?, out);
            }
            Kind::Union(choices) => {
                let at = usize::try_from(self.long()?).ok()?;
                self.value(schema, *choices.get(at)?, depth + 1, out)?;
            }
            Kind::Record(fields) => {
                out.push('{');
                for (n, (name, id)) in fields.iter().enumerate() {
                    if n > 0 {
                        out.push(',');
                    }
                    quote(name, out);
                    out.push(':');
                    self.value(schema, *id, depth + 1, out)?;
                }
                out.push('}');
            }
            Kind::Array(item) => {
                out.push('[');
                self.blocks(out, |data, out| data.value(schema, *item, depth + 1, out))?;
                out.push(']');
            }
            Kind::Map(item) => {
                out.push('{');
                self.blocks(out, |data, out| {
                    quote(std::str::from_utf8(data.sized()?).ok()?, out);
                    out.push(':');
                    data.value(schema, *item, depth + 1, out)
                })?;
                out.push('}');
            }
        }
        Some(())
    }

    /// Items in blocks, each with how many there are, up to an empty block.
    fn blocks(
        &mut self,
        out: &mut String,
        mut each: impl FnMut(&mut Self, &mut String) -> Option<()>,
    ) -> Option<()> {
        let mut is_first = true;
        loop {
            let count = self.long()?;
            if count == 0 {
                return Some(());
            }
            if count < 0 {
                // How many bytes the block has, for those who pass it over.
                self.long()?;
            }
            for _ in 0..count.unsigned_abs() {
                if !std::mem::take(&mut is_first) {
                    out.push(',');
                }
                each(self, out)?;
            }
        }
    }
}

fn write_real(text: &str, is_finite: bool, out: &mut String) {
    if is_finite {
        out.push_str(text);
    } else {
        quote(text, out);
    }
}

fn write_number(number: i64, meaning: Meaning, out: &mut String) {
    let unit = |digits| match digits {
        3 => TimeUnit::Ms,
        6 => TimeUnit::Us,
        _ => TimeUnit::Ns,
    };
    let written = match meaning {
        Meaning::Date => {
            let secs = number.checked_mul(86_400);
            let read = secs.and_then(|secs| Timestamp::from_number(secs, TimeUnit::S));
            read.map(|read| {
                read.time
                    .rfc3339(0)
                    .split('T')
                    .next()
                    .unwrap_or("")
                    .to_owned()
            })
        }
        Meaning::Moment { digits, is_utc } => {
            Timestamp::from_number(number, unit(digits)).map(|read| {
                let text = read.time.rfc3339(digits);
                if is_utc {
                    text
                } else {
                    text.trim_end_matches('Z').to_owned()
                }
            })
        }
        Meaning::Clock(digits) => {
            let of_second = 10_i64.pow(u32::from(digits));
            let (secs, rest) = (number.div_euclid(of_second), number.rem_euclid(of_second));
            let (hours, minutes, secs) = (secs / 3600, secs / 60 % 60, secs % 60);
            let width = usize::from(digits);
            Some(format!("{hours:02}:{minutes:02}:{secs:02}.{rest:0width$}"))
        }
        _ => None,
    };
    match written {
        Some(text) => quote(&text, out),
        None => out.push_str(&number.to_string()),
    }
}

fn write_bytes(bytes: &[u8], meaning: Meaning, out: &mut String) {
    match (meaning, bytes) {
        (Meaning::Decimal { scale }, bytes) if bytes.len() <= 64 => decimal(bytes, scale, out),
        (Meaning::Duration, bytes) if bytes.len() == 12 => {
            let numbers = bytes.as_chunks::<4>().0.iter();
            let names = ["months", "days", "ms"].into_iter();
            let parts: Vec<String> = names
                .zip(numbers.map(|bytes| u32::from_le_bytes(*bytes)))
                .map(|(name, number)| format!("\"{name}\":{number}"))
                .collect();
            out.push('{');
            out.push_str(&parts.join(","));
            out.push('}');
        }
        _ => match (std::str::from_utf8(bytes), <[u8; 16]>::try_from(bytes)) {
            (Ok(text), _) => quote(text, out),
            (Err(_), Ok(id)) => quote(&dashed(id), out),
            (Err(_), Err(_)) => {
                out.push_str("{\"$binary\":\"");
                STANDARD.encode_string(bytes, out);
                out.push_str("\"}");
            }
        },
    }
}

/// A whole number of any size, its highest byte first, with so many digits behind the point.
fn decimal(bytes: &[u8], scale: usize, out: &mut String) {
    let is_negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
    // What is negative is turned round: all bits, and one more.
    let mut carry = is_negative;
    let mut magnitude: Vec<u8> = bytes.to_vec();
    if is_negative {
        for byte in magnitude.iter_mut().rev() {
            let (turned, over) = (!*byte).overflowing_add(u8::from(carry));
            *byte = turned;
            carry = over;
        }
    }
    let mut digits = Vec::new();
    while magnitude.iter().any(|byte| *byte != 0) {
        let mut rest = 0_u16;
        for byte in &mut magnitude {
            let value = rest << 8 | u16::from(*byte);
            *byte = u8::try_from(value / 10).unwrap_or(0);
            rest = value % 10;
        }
        digits.push(char::from(b'0' + u8::try_from(rest).unwrap_or(0)));
    }
    while digits.len() <= scale {
        digits.push('0');
    }
    if is_negative {
        out.push('-');
    }
    for (n, digit) in digits.iter().enumerate().rev() {
        out.push(*digit);
        if n == scale && scale > 0 {
            out.push('.');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_of_any_size_keep_their_digits() {
        for (bytes, scale, expected) in [
            (&[0x00][..], 0, "0"),
            (&[0x04, 0xd2], 2, "12.34"),
            (&[0xfb, 0x2e], 2, "-12.34"),
            (&[0xff], 3, "-0.001"),
            (&[0x80], 0, "-128"),
            (
                &[0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
                5,
                "3402823669209384634633746074317682.11456",
            ),
        ] {
            let mut out = String::new();
            decimal(bytes, scale, &mut out);
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn data_are_read_by_their_schema_and_nothing_else_is() {
        let schema = Schema::parse(
            br#"{"type":"record","name":"Placed","namespace":"shop","fields":[
              {"name":"id","type":"string"},{"name":"total","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
              {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
              {"name":"kind","type":{"type":"enum","name":"Kind","symbols":["A","B"]}},
              {"name":"tags","type":{"type":"map","values":["null","long"]}},
              {"name":"next","type":["null","Placed"]}]}"#,
        )
        .unwrap();
        assert_eq!(schema.name(), Some("shop.Placed"));
        let mut data = vec![4, b'o', b'1', 4, 0x04, 0xd2];
        data.extend([0x80, 0xe0, 0xb7, 0x90, 0xbf, 0x63]);
        data.extend([2, 2, 2, b'x', 2, 14, 0, 0]);
        let expected = r#"{"id":"o1","total":12.34,"at":"2024-03-01T08:00:00.000Z","kind":"B","tags":{"x":7},"next":null}"#;
        assert_eq!(schema.read_whole(&data).as_deref(), Some(expected));
        for cut in 0..data.len() {
            assert_eq!(schema.read_whole(&data[..cut]), None);
        }
        data.push(0);
        assert_eq!(schema.read_whole(&data), None);
    }

    #[test]
    fn what_holds_itself_without_end_or_holds_nothing_without_end_is_refused() {
        let list = Schema::parse(
            br#"{"type":"record","name":"L","fields":[{"name":"n","type":["null","L"]}]}"#,
        )
        .unwrap();
        assert_eq!(
            list.read_whole(&[2, 2, 0]).as_deref(),
            Some(r#"{"n":{"n":{"n":null}}}"#)
        );
        assert_eq!(list.read_whole(&vec![2; 1 << 20]), None);
        let nulls = Schema::parse(br#"{"type":"array","items":"null"}"#).unwrap();
        assert_eq!(
            nulls.read_whole(&[0xfe, 0xff, 0xff, 0xff, 0xff, 0x7f, 0]),
            None
        );
        for bad in [
            "7",
            "{}",
            "\"Unknown\"",
            "{\"type\":\"record\",\"name\":\"R\"}",
            "[",
        ] {
            assert!(Schema::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
