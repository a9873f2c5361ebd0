//! One value of a record as it stands in its container, and what it means as a name, a version or a
//! time. Nothing is copied until somebody needs a text of their own.

use super::field::TAG;
use super::payload::untag_key;
use crate::event::json::scan;
use crate::event::{ReadTime, TimeUnit, Timestamp, Version, readable};

/// A borrowed value of a record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// NULL, or no such key.
    Null,
    /// An integer.
    Int(i64),
    /// A floating-point number.
    Real(f64),
    /// Text; it may be invalid UTF-8.
    Text(&'a [u8]),
    /// Bytes.
    Blob(&'a [u8]),
    /// A JSON value as raw text.
    Json(&'a [u8]),
    /// A moment, from a column that holds nothing else.
    Time(ReadTime),
}

/// A value that stands where a version or a time should, and is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

impl<'a> Cell<'a> {
    /// Whether there is nothing: NULL, an absent key or JSON's `null`.
    #[inline]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null | Self::Json(b"null"))
    }

    /// The bytes, where it is made of bytes.
    pub fn bytes(&self) -> Option<&'a [u8]> {
        match self {
            Self::Text(bytes) | Self::Blob(bytes) | Self::Json(bytes) => Some(bytes),
            Self::Null | Self::Int(_) | Self::Real(_) | Self::Time(_) => None,
        }
    }

    /// The value at a path inside it, where it holds JSON; the whole where the path is empty.
    pub fn at(self, path: &[String]) -> Self {
        if path.is_empty() {
            return self;
        }
        let Some(mut inner) = self.bytes() else {
            return Self::Null;
        };
        for name in path {
            if name == TAG {
                let tag = std::str::from_utf8(inner).ok().and_then(untag_key);
                return tag.map_or(Self::Null, |tag| Self::Text(tag.as_bytes()));
            }
            match scan::find(inner, &[name]) {
                Some(found) => inner = found,
                None => return Self::Null,
            }
        }
        Self::Json(inner)
    }

    /// The value as the bytes of a name; numbers as digits, binary bytes as hex; `None` for nothing.
    #[inline]
    pub fn name<'s>(self, scratch: &'s mut Vec<u8>) -> Option<&'s [u8]>
    where
        'a: 's,
    {
        use std::io::Write as _;
        scratch.clear();
        match self {
            Self::Null | Self::Json(b"null") => return None,
            Self::Text(text) => return Some(text),
            Self::Int(number) => write!(scratch, "{number}").ok(),
            Self::Real(number) => write!(scratch, "{number}").ok(),
            Self::Time(read) => write!(scratch, "{}", read.text()).ok(),
            Self::Blob(bytes) if bytes.len() != 16 && std::str::from_utf8(bytes).is_ok() => {
                return Some(bytes);
            }
            Self::Blob(bytes) => bytes
                .iter()
                .try_for_each(|byte| write!(scratch, "{byte:02x}"))
                .ok(),
            Self::Json(raw) => match json_string(raw) {
                Some(Ok(plain)) => return Some(plain),
                Some(Err(text)) => {
                    scratch.extend_from_slice(text.as_bytes());
                    Some(())
                }
                None => return Some(raw),
            },
        };
        Some(scratch)
    }

    /// As [`Self::name`], as text of its own; bad bytes as `\xff`.
    pub fn text(self) -> Option<String> {
        let mut scratch = Vec::new();
        self.name(&mut scratch).map(readable)
    }

    /// The version that it stands for; only whole numbers are versions.
    #[inline]
    pub fn version(self) -> Result<Option<Version>, Unreadable> {
        match self {
            Self::Null | Self::Json(b"null") => Ok(None),
            Self::Int(number) => Ok(Some(Version(number))),
            Self::Real(number) => whole(number).map(|n| Some(Version(n))).ok_or(Unreadable),
            Self::Time(_) => Err(Unreadable),
            Self::Text(text) | Self::Blob(text) => {
                digits(text).map(|n| Some(Version(n))).ok_or(Unreadable)
            }
            Self::Json(raw) => match json_string(raw) {
                Some(Ok(text)) => digits(text).map(|n| Some(Version(n))).ok_or(Unreadable),
                Some(Err(_)) => Err(Unreadable),
                None => digits(raw).map(|n| Some(Version(n))).ok_or(Unreadable),
            },
        }
    }

    /// The moment that it stands for, numbers counting `unit`.
    #[inline]
    pub fn time(self, unit: TimeUnit) -> Result<Option<ReadTime>, Unreadable> {
        let read = match self {
            Self::Null | Self::Json(b"null") => return Ok(None),
            Self::Time(read) => return Ok(Some(read)),
            Self::Int(number) => Timestamp::from_number(number, unit),
            Self::Real(number) => Timestamp::from_real(number, unit),
            Self::Text(text) | Self::Blob(text) => time_of_bytes(text, unit),
            Self::Json(raw) => match json_string(raw) {
                Some(Ok(text)) => time_of_bytes(text, unit),
                Some(Err(text)) => time_of_bytes(text.as_bytes(), unit),
                None => time_of_bytes(raw, unit),
            },
        };
        read.map(Some).ok_or(Unreadable)
    }
}

/// The inside of a raw JSON string, borrowed where it has no escapes; `None` where it is no string.
fn json_string(raw: &[u8]) -> Option<Result<&[u8], String>> {
    let inner = raw.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if inner.contains(&b'\\') {
        return scan::string_text(raw).map(|text| Err(text.into_owned()));
    }
    Some(Ok(inner))
}

/// A whole number without sign, zeros in front or a fraction, other than a minus.
fn digits(text: &[u8]) -> Option<i64> {
    let unsigned = text.strip_prefix(b"-").unwrap_or(text);
    let plain = matches!(unsigned, [b'0'] | [b'1'..=b'9', ..]);
    if !plain {
        return None;
    }
    if text.len() > 18 {
        return std::str::from_utf8(text).ok()?.parse().ok();
    }
    // Eighteen digits do not overflow.
    let number = unsigned.iter().try_fold(0_i64, |sum, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then_some(sum * 10 + i64::from(digit))
    })?;
    Some(if unsigned.len() < text.len() {
        -number
    } else {
        number
    })
}

fn whole(number: f64) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "bounded to where every whole number is exact"
    )]
    (number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0).then_some(number as i64)
}

/// A time as text: one of the written forms, a number of at least nine digits, or an id that carries
/// one.
fn time_of_bytes(bytes: &[u8], unit: TimeUnit) -> Option<ReadTime> {
    if matches!(unit, TimeUnit::Ulid | TimeUnit::Uuid7 | TimeUnit::Uuid1) {
        return Timestamp::from_id(bytes, unit);
    }
    if let Some(read) = Timestamp::parse_bytes(bytes) {
        return Some(read);
    }
    let text = std::str::from_utf8(bytes).ok()?;
    if let Some(read) = Timestamp::parse(text) {
        return Some(read);
    }
    let text = text.trim();
    if unit == TimeUnit::Auto && text.len() < 9 {
        return None;
    }
    Timestamp::from_digits(text, unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_are_versions() {
        assert_eq!(Cell::Json(b"7").version(), Ok(Some(Version(7))));
        assert_eq!(Cell::Json(b"\"-5\"").version(), Ok(Some(Version(-5))));
        assert_eq!(Cell::Json(b"null").version(), Ok(None));
        for bad in [
            "2.0",
            "1e3",
            "\"007\"",
            "18446744073709551615",
            "\"x\"",
            "{}",
        ] {
            assert_eq!(
                Cell::Json(bad.as_bytes()).version(),
                Err(Unreadable),
                "{bad}"
            );
        }
        assert_eq!(Cell::Real(1e300).version(), Err(Unreadable));
    }

    #[test]
    fn numbers_in_texts_are_times() {
        for text in [
            "1709280000",
            "1709280000000",
            "2024-03-01T08:00:00Z",
            "1709280000.5",
        ] {
            assert!(
                Cell::Text(text.as_bytes()).time(TimeUnit::Auto).is_ok(),
                "{text}"
            );
        }
        assert_eq!(Cell::Text(b"").time(TimeUnit::Auto), Err(Unreadable));
        assert_eq!(
            Cell::Real(f64::INFINITY).time(TimeUnit::Auto),
            Err(Unreadable)
        );
    }
}
