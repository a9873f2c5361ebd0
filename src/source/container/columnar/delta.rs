//! Whole numbers as Parquet packs them by their differences (`DELTA_BINARY_PACKED`): only the lengths of
//! texts, which have to be known before the library takes memory for them.

use crate::source::varint::{take, varint, zigzag};

/// The most numbers of a block; writers use 128.
const MAX_BLOCK: u64 = 1 << 16;

/// What stands before the blocks.
pub(super) struct Deltas<'a> {
    rest: &'a [u8],
    /// How many numbers a part of a block has, of one width.
    in_part: usize,
    parts: usize,
    count: usize,
    first: i64,
}

impl<'a> Deltas<'a> {
    /// Reads what stands before the blocks; `None` where it makes no sense, or there are more than
    /// `most` numbers.
    pub(super) fn begin(bytes: &'a [u8], most: u64) -> Option<Self> {
        let mut rest = bytes;
        let from = &mut rest;
        let (block, parts, count) = (varint(from)?, varint(from)?, varint(from)?);
        let first = zigzag(from)?;
        let is_sound = block > 0
            && block <= MAX_BLOCK
            && parts > 0
            && block.is_multiple_of(parts)
            && (block / parts).is_multiple_of(8)
            && count <= most;
        is_sound.then_some(Self {
            rest,
            in_part: usize::try_from(block / parts).ok()?,
            parts: usize::try_from(parts).ok()?,
            count: usize::try_from(count).ok()?,
            first,
        })
    }

    /// All numbers, and what follows them.
    pub(super) fn all(bytes: &'a [u8], most: u64) -> Option<(Vec<i32>, &'a [u8])> {
        let mut deltas = Self::begin(bytes, most)?;
        let mut numbers = Vec::new();
        numbers.try_reserve_exact(deltas.count).ok()?;
        // As the library has it, in 32 bits that overflow silently.
        let mut last = i32::try_from(deltas.first).ok()?;
        if deltas.count > 0 {
            numbers.push(last);
        }
        while numbers.len() < deltas.count {
            let least = i32::try_from(zigzag(&mut deltas.rest)?).ok()?;
            let widths = take(&mut deltas.rest, deltas.parts)?;
            for width in widths {
                if numbers.len() == deltas.count {
                    break;
                }
                deltas.part(*width, least, &mut last, &mut numbers)?;
            }
        }
        Some((numbers, deltas.rest))
    }

    /// Reads a part of a block, which is whole even where fewer numbers are left.
    fn part(&mut self, width: u8, least: i32, last: &mut i32, to: &mut Vec<i32>) -> Option<()> {
        let width = usize::from(width);
        if width > 32 {
            return None;
        }
        let packed = take(&mut self.rest, self.in_part * width / 8)?;
        let left = self.count - to.len();
        for at in 0..self.in_part.min(left) {
            let more = bits_at(packed, at * width, width).cast_signed();
            *last = last.wrapping_add(least).wrapping_add(more);
            to.push(*last);
        }
        Some(())
    }
}

/// The number of so many bits that begins at a bit.
fn bits_at(packed: &[u8], from: usize, width: usize) -> u32 {
    let mut eight = [0; 8];
    let rest = packed.get(from / 8..).unwrap_or_default();
    let n_bytes = rest.len().min(8);
    if let (Some(to), Some(bytes)) = (eight.get_mut(..n_bytes), rest.get(..n_bytes)) {
        to.copy_from_slice(bytes);
    }
    let mask = (1_u64 << width) - 1;
    #[expect(clippy::cast_possible_truncation, reason = "at most 32 bits are left")]
    let number = (u64::from_le_bytes(eight) >> (from % 8) & mask) as u32;
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 128 in a block of four parts, five numbers: 7, then each two more but the last, which is one less.
    const FIVE: [u8; 18] = [
        0x80,
        1,
        4,
        5,
        14, // the head
        1,
        2,
        0,
        0,
        0, // the least difference is -1, two bits of what is beyond it
        0b0011_1111,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
    ];

    #[test]
    fn lengths_are_read_and_what_follows_them_is_known() {
        let mut bytes = FIVE.to_vec();
        bytes.extend(b"rest");
        let (numbers, rest) = Deltas::all(&bytes, 5).unwrap();
        assert_eq!(
            (numbers.as_slice(), rest),
            (&[7, 9, 11, 13, 12][..], &b"rest"[..])
        );
        for cut in 0..FIVE.len() {
            assert!(Deltas::all(&FIVE[..cut], 5).is_none(), "cut at {cut}");
        }
    }

    #[test]
    fn more_numbers_than_the_page_has_are_none() {
        assert!(Deltas::all(&FIVE, 4).is_none());
        // 2^40 numbers in a few bytes.
        let many = [0x80, 1, 4, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0];
        assert!(Deltas::begin(&many, u64::from(u32::MAX)).is_none());
        let wide = [0x80, 0x80, 0x80, 0x80, 8, 1, 5, 0];
        assert!(Deltas::begin(&wide, 5).is_none());
    }

    #[test]
    fn one_number_and_none_have_no_blocks() {
        let none = (Vec::new(), &b"x"[..]);
        assert_eq!(Deltas::all(&[0x80, 1, 4, 0, 0, b'x'], 9), Some(none));
        let one = (vec![3], &b"x"[..]);
        assert_eq!(Deltas::all(&[0x80, 1, 4, 1, 6, b'x'], 9), Some(one));
    }
}
