//! As much of Thrift's compact protocol as it takes to see what a Parquet file claims before the
//! library believes it.

use crate::source::varint::{varint, zigzag};

/// The deepest nesting of values that are passed over.
const MAX_DEPTH: u8 = 32;

/// Reads values from front to back; `None` where they end before they should, or are none.
pub(super) struct Thrift<'a> {
    rest: &'a [u8],
}

/// What ends a struct.
const END: u8 = 0;

/// The kinds of values.
mod kind {
    pub(super) const TRUE: u8 = 1;
    pub(super) const FALSE: u8 = 2;
    pub(super) const I8: u8 = 3;
    pub(super) const I64: u8 = 6;
    pub(super) const DOUBLE: u8 = 7;
    pub(super) const BINARY: u8 = 8;
    pub(super) const LIST: u8 = 9;
    pub(super) const SET: u8 = 10;
    pub(super) const MAP: u8 = 11;
    pub(super) const STRUCT: u8 = 12;
}

impl<'a> Thrift<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn varint(&mut self) -> Option<u64> {
        varint(&mut self.rest)
    }

    /// A whole number.
    pub(super) fn number(&mut self) -> Option<i64> {
        zigzag(&mut self.rest)
    }

    /// The number and the kind of a struct's next field, after that of number `last`; of kind
    /// [`END`] at the struct's end.
    pub(super) fn field(&mut self, last: &mut i64) -> Option<(i64, u8)> {
        let head = self.byte()?;
        if head == END {
            return Some((0, END));
        }
        let step = i64::from(head >> 4);
        *last = if step == 0 {
            self.number()?
        } else {
            last.saturating_add(step)
        };
        Some((*last, head & 0xf))
    }

    /// Reads the fields of a struct to its end; `Some(false)` where they do not rise, or `each`, which
    /// reads a field's value, says so.
    fn rising(&mut self, each: &mut dyn FnMut(&mut Self, i64, u8) -> Option<bool>) -> Option<bool> {
        let mut last = 0;
        loop {
            let before = last;
            let (number, kind) = self.field(&mut last)?;
            if kind == END {
                return Some(true);
            }
            if number <= before || !each(self, number, kind)? {
                return Some(false);
            }
        }
    }

    /// How many elements the list has that begins here, and their kind.
    pub(super) fn list(&mut self) -> Option<(u64, u8)> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => self.varint()?,
            short => u64::from(short),
        };
        Some((count, head & 0xf))
    }

    fn pass(&mut self, count: u64) -> Option<()> {
        self.rest = self.rest.get(usize::try_from(count).ok()?..)?;
        Some(())
    }

    /// Passes over a value.
    pub(super) fn skip(&mut self, kind: u8) -> Option<()> {
        self.skip_in(kind, 0)
    }

    fn skip_in(&mut self, kind: u8, depth: u8) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        match kind {
            kind::TRUE | kind::FALSE => Some(()),
            kind::I8 => self.pass(1),
            4..=kind::I64 => self.varint().map(|_| ()),
            kind::DOUBLE => self.pass(8),
            kind::BINARY => {
                let count = self.varint()?;
                self.pass(count)
            }
            kind::LIST | kind::SET => {
                let (count, kind) = self.list()?;
                for _ in 0..count {
                    self.skip_element(kind, depth)?;
                }
                Some(())
            }
            kind::MAP => {
                let count = self.varint()?;
                let kinds = if count == 0 { 0 } else { self.byte()? };
                for _ in 0..count {
                    self.skip_element(kinds >> 4, depth)?;
                    self.skip_element(kinds & 0xf, depth)?;
                }
                Some(())
            }
            kind::STRUCT => {
                let mut last = 0;
                loop {
                    match self.field(&mut last)? {
                        (_, END) => return Some(()),
                        (_, kind) => self.skip_in(kind, depth + 1)?,
                    }
                }
            }
            _ => None,
        }
    }

    /// In lists truth values take a byte, so that each element takes one at least.
    fn skip_element(&mut self, kind: u8, depth: u8) -> Option<()> {
        match kind {
            kind::TRUE | kind::FALSE => self.pass(1),
            other => self.skip_in(other, depth + 1),
        }
    }
}

/// What the schema in a footer claims.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Claims {
    /// How many elements it has.
    pub(super) n_elements: u64,
    /// How deep they are nested.
    pub(super) depth: usize,
}

/// Looks at the schema in a footer.
pub(super) fn claims(footer: &[u8]) -> Option<Claims> {
    const SCHEMA: i64 = 2;
    let mut thrift = Thrift::new(footer);
    let mut last = 0;
    loop {
        let (number, kind) = thrift.field(&mut last)?;
        if kind == END {
            return None;
        }
        if number != SCHEMA || kind != kind::LIST {
            thrift.skip(kind)?;
            continue;
        }
        let (n_elements, _) = thrift.list()?;
        let mut claims = Claims {
            n_elements,
            depth: 0,
        };
        // How many children are still to come on each level.
        let mut open: Vec<u64> = Vec::new();
        for _ in 0..n_elements {
            let n_children = n_children(&mut thrift)?;
            while open.last() == Some(&0) {
                open.pop();
            }
            if let Some(left) = open.last_mut() {
                *left -= 1;
            }
            if n_children > 0 {
                open.push(n_children);
                claims.depth = claims.depth.max(open.len());
            }
        }
        return Some(claims);
    }
}

fn n_children(thrift: &mut Thrift<'_>) -> Option<u64> {
    const N_CHILDREN: i64 = 5;
    let (mut last, mut found) = (0, 0);
    loop {
        match thrift.field(&mut last)? {
            (_, END) => return Some(found),
            (N_CHILDREN, _) => found = u64::try_from(thrift.number()?).ok()?,
            (_, kind) => thrift.skip(kind)?,
        }
    }
}

/// What the header of a page claims.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PageClaims {
    /// How many bytes it unpacks to.
    pub(super) n_bytes: u64,
    /// How many values it holds.
    pub(super) n_values: u64,
    /// Where the header ends, where a page that is not empty follows behind it.
    pub(super) head_end: Option<u64>,
}

/// Looks at a page's header, of which the beginning is at hand: `Ok(None)` where it goes on beyond that,
/// an error where it is none.
///
/// Fields must stand in the order of their numbers, each once, as all writers have them: the library
/// takes the last of two, and what was looked at would not be what is believed.
pub(super) fn page_claims(head: &[u8]) -> Result<Option<PageClaims>, NoHeader> {
    const UNPACKED: i64 = 2;
    const PACKED: i64 = 3;
    /// Of a data page, of a dictionary, of a data page of the second version.
    const HEADERS: [i64; 3] = [5, 7, 8];
    let mut thrift = Thrift::new(head);
    let (mut n_bytes, mut n_packed, mut n_values) = (None, None, None);
    let read = thrift.rising(&mut |thrift, number, kind| {
        if number == UNPACKED {
            n_bytes = Some(thrift.number()?);
        } else if number == PACKED {
            n_packed = Some(thrift.number()?);
        } else if HEADERS.contains(&number) && kind == kind::STRUCT {
            return thrift.rising(&mut |thrift, number, kind| {
                if number == 1 {
                    n_values = Some(thrift.number()?);
                    return Some(true);
                }
                thrift.skip(kind).map(|()| true)
            });
        } else {
            thrift.skip(kind)?;
        }
        Some(true)
    });
    match read {
        None => Ok(None),
        Some(false) => Err(NoHeader),
        Some(true) => {
            let count = |claim: Option<i64>| u64::try_from(claim?).ok();
            // Pages of indexes have no values.
            let head_end = (head.len() - thrift.rest.len()) as u64;
            let claims = count(n_bytes).map(|n_bytes| PageClaims {
                n_bytes,
                n_values: count(n_values).unwrap_or(0),
                head_end: n_packed.filter(|n| *n > 0).map(|_| head_end),
            });
            let is_negative = n_values.is_some_and(i64::is_negative);
            claims.filter(|_| !is_negative).map(Some).ok_or(NoHeader)
        }
    }
}

/// What stands there is no header of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoHeader;

#[cfg(test)]
mod tests {
    use super::*;

    /// A schema of groups, each inside the one before.
    fn nested(depth: usize) -> Vec<u8> {
        let mut footer = vec![0x15, 2, 0x19];
        assert!(depth < 128);
        footer.push(0xfc);
        footer.push(u8::try_from(depth + 1).unwrap());
        for level in 0..=depth {
            // Field 4 is the name, field 5 the number of children.
            footer.extend([0x48, 1, b'a']);
            footer.extend(if level < depth {
                &[0x15, 2, 0][..]
            } else {
                &[0][..]
            });
        }
        footer.push(0);
        footer
    }

    #[test]
    fn the_depth_of_a_schema_is_known_before_it_is_read() {
        for depth in [1, 2, 100] {
            let footer = nested(depth);
            let seen = claims(&footer).unwrap();
            assert_eq!((seen.n_elements, seen.depth), (depth as u64 + 1, depth));
            for cut in 0..footer.len() - 1 {
                assert_eq!(claims(&footer[..cut]), None, "cut at {cut}");
            }
        }
    }

    #[test]
    fn the_sizes_of_a_page_are_known_before_it_is_unpacked() {
        // Type 0, 300 bytes unpacked, 5 packed, a data page of 7 values.
        let head = [0x15, 0, 0x15, 0xd8, 0x04, 0x15, 10, 0x2c, 0x15, 14, 0, 0];
        let claims = PageClaims {
            n_bytes: 300,
            n_values: 7,
            head_end: Some(12),
        };
        assert_eq!(page_claims(&head), Ok(Some(claims)));
        for cut in 0..head.len() {
            assert_eq!(page_claims(&head[..cut]), Ok(None), "cut at {cut}");
        }
    }

    #[test]
    fn a_header_that_says_something_twice_or_in_another_order_is_none() {
        // The data page before the size, the size twice, the number of values twice, and no size.
        let headers: [&[u8]; 5] = [
            &[0x15, 0, 0x4c, 0x15, 14, 0, 0x05, 4, 0xd8, 4, 0],
            &[0x15, 0, 0x15, 2, 0x05, 4, 0xd8, 4, 0],
            &[0x15, 0, 0x15, 2, 0x3c, 0x15, 2, 0x05, 2, 0xd8, 4, 0, 0],
            &[0x15, 0, 0x4c, 0x15, 14, 0, 0],
            &[0x15, 0, 0x15, 1, 0x3c, 0x15, 2, 0, 0],
        ];
        for head in headers {
            assert_eq!(page_claims(head), Err(NoHeader), "{head:x?}");
        }
    }
}
