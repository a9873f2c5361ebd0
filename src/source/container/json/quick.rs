//! Lines with keys that have been met before: most lines of most logs.
//!
//! [`QuickObject`] checks a line and says where its colons are. Keys are known by their bytes and
//! mostly come in the same order, so the key before a colon is compared with the one that followed
//! last time; only where it differs are the others tried. Nothing rests on the order: it only
//! saves time.

use std::ops::ControlFlow;

use super::record::outline;
use super::start::{Start, same};
use super::{Item, MAX_RECORD, Sink};
use crate::event::Place;
use crate::event::json::{QuickObject, scan};
use crate::source::bound::{Bound, LOG_ROLES};
use crate::source::cell::Cell;
use crate::source::container::Outline;

/// How many different keys are kept in mind.
const MAX_KEYS: usize = 64;

/// How many places keys are found at by a few of their bytes.
const RECENT: usize = 64;

/// A key of the outermost object.
pub(super) struct Key {
    /// As it is written, quotes included.
    pub(super) written: Box<[u8]>,
    /// The first of the columns that it stands for.
    pub(super) column: Option<usize>,
    /// The key that followed it last.
    next: usize,
}

/// Reads lines, and learns their keys.
pub(super) struct QuickLines<'c> {
    object: QuickObject,
    bound: &'c Bound,
    /// For each of the log's roles the column that alone gives it, where all of them are so simple.
    plain: Option<[Option<usize>; LOG_ROLES.len()]>,
    keys: Vec<Key>,
    /// The key last found by a few of its bytes.
    recent: [usize; RECENT],
    first: usize,
    start: Start,
    /// Where backslashes may stand in the line.
    escapes: std::ops::Range<usize>,
    /// Where the values of the columns lie in the line; empty where there is none.
    values: Vec<(usize, usize)>,
}

impl<'c> QuickLines<'c> {
    pub(super) fn new(bound: &'c Bound) -> Self {
        let plain = LOG_ROLES.map(|role| bound.plain_column(role));
        let is_simple = |(role, column): (_, &Option<usize>)| column.is_some() || !bound.has(role);
        let all_simple = LOG_ROLES.into_iter().zip(&plain).all(is_simple);
        Self {
            object: QuickObject::default(),
            bound,
            plain: all_simple.then_some(plain),
            keys: Vec::new(),
            recent: [0; RECENT],
            first: 0,
            start: Start::default(),
            escapes: 0..0,
            values: vec![(0, 0); bound.columns.len()],
        }
    }

    /// Reads the line that `text` begins with: its length, line end included, or `None` where it has
    /// to be read the long way.
    ///
    /// Such a line holds one object and nothing else, in valid UTF-8, with no column twice.
    #[inline]
    pub(super) fn read(&mut self, text: &[u8]) -> Option<usize> {
        self.values.fill((0, 0));
        if let Some((key, value)) = self.start.read(text, &mut self.values) {
            let end = self.object.read_on(text, value)?;
            self.escapes = value..self.object.escapes_end;
            let len = self.line_len(text, end)?;
            self.find_values(text.get(..end)?, Some((key, value)))?;
            return Some(len);
        }
        self.values.fill((0, 0));
        let end = self.object.read(text)?;
        self.escapes = 0..self.object.escapes_end;
        let len = self.line_len(text, end)?;
        let record = text.get(..end)?;
        self.find_values(record, None)?;
        if self.start.is_to_be_learned() {
            self.start.learn(record, self.object.colons(), &self.keys);
        }
        Some(len)
    }

    /// The length of the line whose object ends here, where nothing but the line end follows.
    #[inline]
    fn line_len(&self, text: &[u8], end: usize) -> Option<usize> {
        let len = match text.get(end..)? {
            [b'\n', ..] => end + 1,
            [b'\r', b'\n', ..] => end + 2,
            _ => return None,
        };
        let is_utf8 = || {
            text.get(..end)
                .is_some_and(|record| std::str::from_utf8(record).is_ok())
        };
        let is_fine = !self.object.may_hold_other_than_ascii || is_utf8();
        (is_fine && len as u64 <= MAX_RECORD).then_some(len)
    }

    /// Hands over the record in the line that was read last, which `text` begins with.
    #[inline]
    pub(super) fn hand_over(
        &self,
        text: &[u8],
        ordinal: i64,
        place: Place,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let Some(plain) = self.plain else {
            return outline(
                text,
                |at| self.value(text, at),
                self.bound,
                ordinal,
                place,
                sink,
            );
        };
        let [stream, category, version, event_type, time, occurred] =
            plain.map(|column| column.map_or(Cell::Null, |at| self.plain_value(text, at)));
        sink(Item::Record(Outline {
            ordinal,
            place,
            stream,
            category,
            version,
            event_type,
            time,
            occurred,
            text,
        }))
    }

    #[inline]
    fn value<'a>(&self, text: &'a [u8], column: usize) -> Cell<'a> {
        let (start, end) = self.values.get(column).copied().unwrap_or_default();
        match text.get(start..end) {
            Some(raw @ [_, ..]) => Cell::Json(raw),
            _ => Cell::Null,
        }
    }

    /// As [`Self::value`], but strings without escapes as the text that they are.
    #[inline]
    fn plain_value<'a>(&self, text: &'a [u8], column: usize) -> Cell<'a> {
        let (start, end) = self.values.get(column).copied().unwrap_or_default();
        match text.get(start..end) {
            Some([b'"', inner @ .., b'"'])
                if !(self.escapes.contains(&start) && inner.contains(&b'\\')) =>
            {
                Cell::Text(inner)
            }
            Some(raw @ [_, ..]) => Cell::Json(raw),
            _ => Cell::Null,
        }
    }

    /// Finds the values after the colons that were found; `open` is a member that was begun before.
    #[inline]
    fn find_values(&mut self, record: &[u8], begun: Option<(usize, usize)>) -> Option<()> {
        let mut expected = self.first;
        let mut before = begun.map(|(key, _)| key);
        let mut open = None;
        if let Some((key, value)) = begun {
            let known = self.keys.get(key)?;
            open = known.column.map(|column| (column, value));
            expected = known.next;
        }
        for at in 0..self.object.colons().len() {
            let colon = *self.object.colons().get(at)? as usize;
            let (key, start) = match key_before(record, colon, self.keys.get(expected)) {
                Some(start) => (expected, start),
                None => self.other_key(record, colon)?,
            };
            if key != expected {
                match before.and_then(|before: usize| self.keys.get_mut(before)) {
                    Some(before) => before.next = key,
                    None => self.first = key,
                }
            }
            if let Some((column, value)) = open.take() {
                self.set(record, column, value, start.checked_sub(1)?, b',')?;
            }
            let known = self.keys.get(key)?;
            open = known.column.map(|column| (column, colon + 1));
            (expected, before) = (known.next, Some(key));
        }
        if let Some((column, value)) = open {
            self.set(record, column, value, record.len() - 1, b'}')?;
        }
        Some(())
    }

    /// Notes the value between a colon and what ends it, a comma or a bracket, spaces left out;
    /// `None` where the column has one already.
    #[inline]
    fn set(
        &mut self,
        record: &[u8],
        column: usize,
        mut start: usize,
        mut end: usize,
        closing: u8,
    ) -> Option<()> {
        let value = self.values.get_mut(column)?;
        if value.0 != value.1 {
            return None;
        }
        while *record.get(end)? != closing {
            end = end.checked_sub(1)?;
        }
        while *record.get(end.checked_sub(1)?)? == b' ' {
            end -= 1;
        }
        while *record.get(start)? == b' ' {
            start += 1;
        }
        *value = (start, end);
        Some(())
    }

    /// The key before a colon where it is not the expected one, learned where it is new.
    fn other_key(&mut self, record: &[u8], colon: usize) -> Option<(usize, usize)> {
        let slot = slot_of(record, colon);
        let recent = self.recent.get(slot).copied()?;
        if let Some(start) = key_before(record, colon, self.keys.get(recent)) {
            return Some((recent, start));
        }
        for (at, key) in self.keys.iter().enumerate() {
            if let Some(start) = key_before(record, colon, Some(key)) {
                *self.recent.get_mut(slot)? = at;
                return Some((at, start));
            }
        }
        if self.keys.len() >= MAX_KEYS {
            self.keys.clear();
            self.start = Start::default();
            return None;
        }
        // Back to the opening quote, the only one within that no backslash escapes.
        let inside = record.get(..colon)?.strip_suffix(b"\"")?;
        let mut rest = inside;
        let start = loop {
            let quote = memchr::memrchr(b'"', rest)?;
            rest = rest.get(..quote)?;
            if rest.last() != Some(&b'\\') {
                break quote;
            }
        };
        let name = inside.get(start + 1..)?;
        let mut columns = self.bound.columns.iter();
        let column = columns.position(|column| scan::same_key(name, column));
        self.keys.push(Key {
            written: record.get(start..colon)?.into(),
            column,
            next: self.keys.len() + 1,
        });
        Some((self.keys.len() - 1, start))
    }
}

/// Tells most keys apart by the six bytes before their colon.
#[inline]
fn slot_of(record: &[u8], colon: usize) -> usize {
    let last = record.get(..colon).and_then(|before| before.last_chunk());
    let word = last.map_or(0, |last| u64::from_le_bytes(*last)) >> 16;
    // Six bits are left.
    (word.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58) as usize
}

/// Where the key before a colon begins, if it is this one.
///
/// The byte before it is looked at as well: a quote after a backslash would lie inside a longer key.
#[inline]
fn key_before(record: &[u8], colon: usize, key: Option<&Key>) -> Option<usize> {
    let written = &key?.written;
    let start = colon.checked_sub(written.len())?;
    let is_it = same(record.get(start..colon)?, written);
    (is_it && *record.get(start.checked_sub(1)?)? != b'\\').then_some(start)
}
