//! The beginning that the lines of a log share: keys in one order, with short plain values.
//!
//! It is compared byte by byte, which is cheaper than to find its tokens; where it differs, the line
//! is read as any other.

use super::quick::Key;
use crate::event::json::{plain_number_end, plain_string_end};

/// How much is put on a beginning that was just learned: so many lines may differ before it is given up.
const TRUST: i32 = 8;
/// How many lines are read without one before another is learned.
const PAUSE: i32 = 4096;

/// A value that is so simple that its end is found without looking at its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plain {
    Text,
    Number,
}

/// A member with a plain value.
struct Member {
    /// All that comes before the value: `{"key":` or `,"key":`.
    before: Box<[u8]>,
    column: Option<usize>,
    value: Plain,
}

/// A beginning, once it is learned.
#[derive(Default)]
pub(super) struct Start {
    members: Vec<Member>,
    /// What comes before the first value that may be anything, and the number of its key.
    last: Option<(Box<[u8]>, usize)>,
    /// Rises with each line that begins so and falls with each other; below 0 while nothing is tried.
    trust: i32,
}

impl Start {
    /// Reads the beginning of a line: the key where it ends, and where the value of that key begins.
    /// Values of columns are noted.
    #[inline]
    pub(super) fn read(
        &mut self,
        text: &[u8],
        values: &mut [(usize, usize)],
    ) -> Option<(usize, usize)> {
        if self.trust <= 0 {
            return None;
        }
        let found = self.walk(text, values);
        self.trust = match found {
            Some(_) => (self.trust + 1).min(TRUST * 8),
            None if self.trust > 4 => self.trust - 4,
            None => -PAUSE,
        };
        found
    }

    #[inline]
    fn walk(&self, text: &[u8], values: &mut [(usize, usize)]) -> Option<(usize, usize)> {
        let mut at = 0;
        for member in &self.members {
            let start = after(text, at, &member.before)?;
            at = match member.value {
                Plain::Text => plain_string_end(text, start)?,
                Plain::Number => plain_number_end(text, start)?,
            };
            if let Some(column) = member.column {
                *values.get_mut(column)? = (start, at);
            }
        }
        let (before, key) = self.last.as_ref()?;
        Some((*key, after(text, at, before)?))
    }

    /// Whether the line that was just read should be learned from.
    #[inline]
    pub(super) fn is_to_be_learned(&mut self) -> bool {
        if self.trust < 0 {
            self.trust += 1;
        }
        self.trust == 0
    }

    /// Learns the beginning of a valid object with colons at these places.
    #[cold]
    pub(super) fn learn(&mut self, record: &[u8], colons: &[u32], keys: &[Key]) {
        let n_values = colons.len();
        let (mut at, mut members) = (0, Vec::new());
        for (n, colon) in colons.iter().enumerate() {
            let value = *colon as usize + 1;
            let Some(before) = record.get(at..value) else {
                break;
            };
            let is_before = |key: &Key| before.get(1..before.len() - 1) == Some(&*key.written);
            let Some(key) = keys.iter().position(is_before) else {
                break;
            };
            let text = plain_string_end(record, value).map(|end| (end, Plain::Text));
            let plain =
                text.or_else(|| plain_number_end(record, value).map(|end| (end, Plain::Number)));
            let goes_on =
                |end: &(usize, Plain)| n + 1 < n_values && record.get(end.0) == Some(&b',');
            let Some((end, value)) = plain.filter(goes_on) else {
                self.last = Some((before.into(), key));
                break;
            };
            let column = keys.get(key).and_then(|key| key.column);
            members.push(Member {
                before: before.into(),
                column,
                value,
            });
            at = end;
        }
        self.members = members;
        self.trust = if self.last.is_some() { TRUST } else { -PAUSE };
    }
}

/// Where `text` goes on after `expected`, if that stands at `at`.
#[inline]
fn after(text: &[u8], at: usize, expected: &[u8]) -> Option<usize> {
    let there = text.get(at..at + expected.len())?;
    same(there, expected).then_some(at + expected.len())
}

/// Whether two short texts of the same length are equal, without a call where they have 8 bytes or
/// more and 32 at most: their first and last words and those between are compared.
#[inline]
pub(super) fn same(a: &[u8], b: &[u8]) -> bool {
    let len = a.len();
    if len < 8 || len > 32 || len != b.len() {
        return a == b;
    }
    let differs = |at: usize| match (a.get(at..at + 8), b.get(at..at + 8)) {
        (Some(a), Some(b)) => a != b,
        _ => true,
    };
    if differs(0) || differs(len - 8) {
        return false;
    }
    len <= 16 || !(differs(8) || (len > 24 && differs(16)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_the_same_only_where_each_byte_is() {
        for len in 0..50 {
            let text: Vec<u8> = (0..len).collect();
            assert!(same(&text, &text.clone()));
            for at in 0..text.len() {
                let mut other = text.clone();
                other[at] ^= 0x40;
                assert!(!same(&text, &other), "{len}, {at}");
            }
        }
    }
}
