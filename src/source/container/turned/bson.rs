//! Documents as BSON, one after another, as `mongodump` writes a collection. A decoder of our own:
//! lengths are checked before anything is taken, and nesting is limited.

use std::io;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::shapes::mongo;
use super::{Lines, Turner};
use crate::event::json::{Json, Object};
use crate::event::{TimeUnit, Timestamp};
use crate::source::container::input::Input;

/// The longest document that MongoDB keeps, with what it allows itself on top.
const MAX_DOCUMENT: usize = (16 << 20) + (16 << 10);
/// How deep documents may be nested; MongoDB allows 100.
const MAX_DEPTH: usize = 200;

/// Documents on their way.
pub(super) struct Bson(Input);

impl Bson {
    pub(super) fn new(input: Input) -> Self {
        Self(input)
    }
}

/// Whether bytes begin with a document that could be BSON, `len` being all there are.
pub(in crate::source) fn is_bson(head: &[u8], len: u64) -> bool {
    let Some(first) = length(head).filter(|first| *first as u64 <= len) else {
        return false;
    };
    // An element's kind, or the end of an empty document.
    let kind_fits = |at: usize| matches!(head.get(at), Some(0x01..=0x13 | 0x7f | 0xff));
    let begins = kind_fits(4) && head.get(5).is_some_and(|byte| *byte >= b' ' || *byte == 0);
    if !begins {
        return false;
    }
    match head.get(first - 1) {
        Some(last) => {
            *last == 0
                && (first as u64 == len
                    || length(head.get(first..).unwrap_or_default()).is_some()
                    || head.len() < first + 4)
                && document(head.get(..first).unwrap_or_default(), 0).is_some()
        }
        // The first document goes beyond what is at hand: what there is of it must hold a name.
        None => head.get(5..70).is_some_and(|name| name.contains(&0)),
    }
}

/// The length of a document that begins here.
fn length(bytes: &[u8]) -> Option<usize> {
    let length = i32::from_le_bytes(bytes.get(..4)?.try_into().ok()?);
    let length = usize::try_from(length).ok()?;
    (5..=MAX_DOCUMENT).contains(&length).then_some(length)
}

impl Turner for Bson {
    fn turn(&mut self, lines: &mut Lines) -> io::Result<bool> {
        if !self.0.need(4)? {
            if !self.0.rest().is_empty() {
                lines.lost("cut-off-document", "the file ends inside a document");
            }
            return Ok(false);
        }
        let Some(length) = length(self.0.rest()) else {
            let message = format!(
                "there is no document at byte {}; what came before is read",
                self.0.offset()
            );
            lines.lost("not-a-document", message);
            return Ok(false);
        };
        if !self.0.need(length)? {
            lines.lost("cut-off-document", "the file ends inside a document");
            return Ok(false);
        }
        let bytes = self.0.rest().get(..length).unwrap_or_default();
        let written = if may_hold_events(bytes) {
            document(bytes, 0).map(|document| mongo::write(&document, lines))
        } else {
            write(bytes, 0, lines).map(|()| lines.end())
        };
        if written.is_none() {
            lines.undo();
            lines.lost(
                "not-a-document",
                "the lengths inside of this document do not fit, or it is nested too deep",
            );
        }
        self.0.skip(length);
        Ok(true)
    }
}

/// Whether a document may hold a list of events, each of which becomes a line.
fn may_hold_events(bytes: &[u8]) -> bool {
    static LISTS: LazyLock<[Finder<'static>; 2]> =
        LazyLock::new(|| [Finder::new(b"\x04messages\0"), Finder::new(b"\x04events\0")]);
    LISTS.iter().any(|list| list.find(bytes).is_some())
}

/// Writes a document as it is read, without keeping it.
fn write(bytes: &[u8], depth: usize, lines: &mut Lines) -> Option<()> {
    lines.raw(b"{");
    each_element(bytes, depth, &mut |name, kind, take| {
        lines.key(name);
        write_value(kind, take, depth, lines)
    })?;
    lines.raw(b"}");
    Some(())
}

fn write_value(kind: u8, take: &mut Take<'_>, depth: usize, lines: &mut Lines) -> Option<()> {
    match kind {
        0x02 => {
            let length = take.size()?;
            lines.quoted(take.bytes(length)?.strip_suffix(b"\0")?);
        }
        0x03 => write(take.inner()?, depth + 1, lines)?,
        0x04 => {
            lines.raw(b"[");
            let mut is_first = true;
            each_element(take.inner()?, depth + 1, &mut |_, kind, take| {
                if !std::mem::take(&mut is_first) {
                    lines.raw(b",");
                }
                write_value(kind, take, depth + 1, lines)
            })?;
            lines.raw(b"]");
        }
        other => {
            let value = value(other, take, depth)?;
            lines.raw(value.to_string().as_bytes());
        }
    }
    Some(())
}

/// What is left of a document.
struct Take<'a>(&'a [u8]);

impl<'a> Take<'a> {
    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    fn size(&mut self) -> Option<usize> {
        usize::try_from(i32::from_le_bytes(self.array()?)).ok()
    }

    /// The bytes of a text that a zero ends.
    fn raw_name(&mut self) -> Option<&'a [u8]> {
        let end = memchr::memchr(0, self.0)?;
        let name = self.bytes(end)?;
        self.bytes(1)?;
        Some(name)
    }

    /// A text that a zero ends.
    fn name(&mut self) -> Option<String> {
        let name = self.raw_name()?;
        Some(String::from_utf8_lossy(name).into_owned())
    }

    /// A text with its length; it may hold zeros.
    fn text(&mut self) -> Option<Json> {
        let length = self.size()?;
        let bytes = self.bytes(length)?.strip_suffix(b"\0")?;
        Some(Json::Text(String::from_utf8_lossy(bytes).into()))
    }

    /// A document or array inside.
    fn inner(&mut self) -> Option<&'a [u8]> {
        let length = length(self.0)?;
        self.bytes(length)
    }
}

/// A document, exactly as long as the bytes; `None` where something in it does not fit.
fn document(bytes: &[u8], depth: usize) -> Option<Object> {
    let mut object = Object::default();
    elements(bytes, depth, &mut |name, value| {
        object.push(name.into(), value);
    })?;
    Some(object)
}

fn elements(bytes: &[u8], depth: usize, each: &mut dyn FnMut(String, Json)) -> Option<()> {
    each_element(bytes, depth, &mut |name, kind, take| {
        let name = String::from_utf8_lossy(name).into_owned();
        each(name, value(kind, take, depth)?);
        Some(())
    })
}

/// Takes an element by its name and kind; its value is to be taken.
type Element<'e, 'a> = dyn FnMut(&'a [u8], u8, &mut Take<'a>) -> Option<()> + 'e;

/// Hands over the elements of a document, which is exactly as long as the bytes.
fn each_element<'a>(bytes: &'a [u8], depth: usize, each: &mut Element<'_, 'a>) -> Option<()> {
    if depth > MAX_DEPTH || length(bytes)? != bytes.len() {
        return None;
    }
    let mut take = Take(bytes.get(4..)?);
    loop {
        let [kind] = take.array()?;
        if kind == 0 {
            return take.0.is_empty().then_some(());
        }
        let name = take.raw_name()?;
        each(name, kind, &mut take)?;
    }
}

fn value(kind: u8, take: &mut Take<'_>, depth: usize) -> Option<Json> {
    Some(match kind {
        0x01 => real(f64::from_le_bytes(take.array()?)),
        0x02 | 0x0d | 0x0e => take.text()?,
        0x03 => Json::Object(document(take.inner()?, depth + 1)?),
        0x04 => {
            let mut list = Vec::new();
            elements(take.inner()?, depth + 1, &mut |_, value| list.push(value))?;
            Json::Array(list)
        }
        0x05 => {
            let length = take.size()?;
            let [kind] = take.array()?;
            mongo::bytes(take.bytes(length)?, kind)
        }
        0x06 | 0x0a => Json::Null,
        0x07 => hex(take.bytes(12)?),
        0x08 => Json::Bool(take.array::<1>()? != [0]),
        0x09 => date(i64::from_le_bytes(take.array()?)),
        0x0b => {
            let mut object = Object::default();
            object.push("$regex".into(), Json::Text(take.name()?.into()));
            object.push("$options".into(), Json::Text(take.name()?.into()));
            Json::Object(object)
        }
        0x0c => {
            take.text()?;
            hex(take.bytes(12)?)
        }
        0x0f => {
            take.size()?;
            let code = take.text()?;
            document(take.inner()?, depth + 1)?;
            code
        }
        0x10 => Json::Number(i32::from_le_bytes(take.array()?).to_string().into()),
        0x11 => {
            let (i, t) = (
                u32::from_le_bytes(take.array()?),
                u32::from_le_bytes(take.array()?),
            );
            let mut object = Object::default();
            object.push("t".into(), Json::Number(t.to_string().into()));
            object.push("i".into(), Json::Number(i.to_string().into()));
            Json::Object(object)
        }
        0x12 => Json::Number(i64::from_le_bytes(take.array()?).to_string().into()),
        0x13 => decimal(u128::from_le_bytes(take.array()?)),
        0x7f => Json::Text("$maxKey".into()),
        0xff => Json::Text("$minKey".into()),
        _ => return None,
    })
}

fn real(number: f64) -> Json {
    if number.is_finite() {
        Json::Number(format!("{number:?}").into())
    } else {
        Json::Text(number.to_string().into())
    }
}

fn hex(bytes: &[u8]) -> Json {
    Json::Text(mongo::hex(bytes).into())
}

fn date(ms: i64) -> Json {
    match Timestamp::from_number(ms, TimeUnit::Ms) {
        Some(read) => Json::Text(read.time.rfc3339(3).into()),
        None => Json::Number(ms.to_string().into()),
    }
}

/// A decimal number of 34 digits, with all of them.
fn decimal(bits: u128) -> Json {
    const MOST: u128 = 10_u128.pow(34) - 1;
    let is_negative = bits >> 127 == 1;
    let special = bits >> 122 & 0x1f;
    if special == 0b11110 || special == 0b11111 {
        let text = match (special, is_negative) {
            (0b11110, true) => "-Infinity",
            (0b11110, false) => "Infinity",
            _ => "NaN",
        };
        return Json::Text(text.into());
    }
    let (exponent, digits) = if bits >> 125 & 3 == 3 {
        // Such numbers have more than 34 digits, which means zero.
        (bits >> 111 & 0x3fff, 0)
    } else {
        (bits >> 113 & 0x3fff, bits & ((1 << 113) - 1))
    };
    let digits = if digits > MOST { 0 } else { digits };
    let exponent = i32::try_from(exponent).unwrap_or_default() - 6176;
    let mut text = digits.to_string();
    if exponent > 0 {
        text = format!("{text}E+{exponent}");
    } else if exponent < 0 {
        let places = usize::try_from(-exponent).unwrap_or_default();
        if places > 40 {
            text = format!("{text}E{exponent}");
        } else {
            while text.len() <= places {
                text.insert(0, '0');
            }
            text.insert(text.len() - places, '.');
        }
    }
    if is_negative {
        text.insert(0, '-');
    }
    Json::Number(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_all_their_digits() {
        for (bits, expected) in [
            (0x3040_0000_0000_0000_0000_0000_0000_0001_u128, "1"),
            (0x303c_0000_0000_0000_0000_0000_0000_006e, "1.10"),
            (0xb03c_0000_0000_0000_0000_0000_0000_0005, "-0.05"),
            (0x3044_0000_0000_0000_0000_0000_0000_0007, "7E+2"),
            (0x7800_0000_0000_0000_0000_0000_0000_0000, "\"Infinity\""),
        ] {
            assert_eq!(decimal(bits).to_string(), expected);
        }
    }

    #[test]
    fn lengths_that_do_not_fit_are_refused() {
        // {"a": "b"}
        let good = b"\x0e\0\0\0\x02a\0\x02\0\0\0b\0\0";
        assert!(is_bson(good, good.len() as u64));
        assert_eq!(
            Json::Object(document(good, 0).unwrap()).to_string(),
            r#"{"a":"b"}"#
        );
        for at in 0..good.len() {
            let mut bad = good.to_vec();
            bad[at] = 0xff;
            document(&bad, 0);
        }
        let mut endless = good.to_vec();
        endless[7..11].copy_from_slice(&i32::MAX.to_le_bytes());
        assert!(document(&endless, 0).is_none());
    }

    #[test]
    fn documents_are_written_as_they_are_read() {
        // {"a": "b\"", "c": {"d": [1, null]}}
        let text = b"\x02a\0\x03\0\0\0b\"\0";
        let list = b"\x0e\0\0\0\x10\x30\0\x01\0\0\0\x0a\x31\0\0";
        let list = [
            &(u32::try_from(list.len()).unwrap()).to_le_bytes()[..],
            &list[4..],
        ]
        .concat();
        let inner = [&b"\x04d\0"[..], &list, b"\0"].concat();
        let whole = |body: &[u8]| {
            let len = u32::try_from(body.len() + 4).unwrap();
            [&len.to_le_bytes()[..], body].concat()
        };
        let all = whole(&[&text[..], b"\x03c\0", &whole(&inner), b"\0"].concat());
        let mut lines = Lines::default();
        write(&all, 0, &mut lines).unwrap();
        lines.end();
        let expected = r#"{"a":"b\"","c":{"d":[1,null]}}"#;
        assert_eq!(lines.told().0.trim_end(), expected);
        assert_eq!(
            Json::Object(document(&all, 0).unwrap()).to_string(),
            expected
        );
        assert!(!may_hold_events(&all));
    }
}
