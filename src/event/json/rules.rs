//! The rules of the grammar about neighbours, for all tokens of a block at once.

#![expect(
    clippy::inline_always,
    reason = "all of it has to become one loop, compiled for the processor that it runs on"
)]

use super::masks::{BLOCK, Masks};
use super::scalar::Scalars;

/// A bit that is reached where nesting is too deep for the stack of one word.
const DEEPEST: u64 = 1 << 62;

/// The tokens of a block, as bits.
pub(super) struct Tokens {
    /// From each opening quote to before the closing one.
    strings: u64,
    opening_quote: u64,
    pub(super) bracket: u64,
    comma: u64,
    pub(super) colon: u64,
    /// Bytes of numbers and words, and of what is neither.
    pub(super) other: u64,
    /// The first byte of each run of these.
    starts: u64,
    space: u64,
}

/// What the brackets of a block say.
pub(super) struct Nested {
    open: u64,
    close: u64,
    /// Where the innermost bracket is a square one.
    in_array: u64,
    /// Where only the outermost object is open.
    pub(super) outermost: u64,
    /// Up to the end of the object.
    pub(super) valid: u64,
    pub(super) end: Option<usize>,
}

/// What is carried from one block into the next.
pub(super) struct State {
    /// All ones inside a string.
    in_string: u64,
    /// Whether the first byte is escaped.
    is_escaped: u64,
    /// A bit for each open bracket below a first one, 1 for a square one, the innermost lowest.
    pub(super) open: u64,
    other: u64,
    key: u64,
    after_open: u64,
    after_comma: u64,
    after_colon: u64,
    after_key: u64,
    pub(super) scalars: Scalars,
}

impl Default for State {
    fn default() -> Self {
        Self {
            in_string: 0,
            is_escaped: 0,
            open: 1,
            other: 0,
            key: 0,
            after_open: 0,
            after_comma: 0,
            // The object itself may come where a value may.
            after_colon: 1,
            after_key: 0,
            scalars: Scalars::default(),
        }
    }
}

impl State {
    #[inline(always)]
    pub(super) fn tokens<const SPACES: bool>(
        &mut self,
        found: &Masks,
        text: &[u8],
        base: usize,
    ) -> Option<Tokens> {
        let mut quote = found.quote;
        if found.backslash | self.is_escaped != 0 {
            quote &= !self.escaped(found.backslash, text, base)?;
        }
        let strings = prefix_xor(quote) ^ self.in_string;
        self.in_string = if strings >> 63 == 1 { u64::MAX } else { 0 };
        if found.control & strings != 0 {
            return None;
        }
        let outside = !(strings | quote);
        let bracket = found.bracket & outside;
        let comma = found.comma & outside;
        let colon = found.colon & outside;
        let space = if SPACES { found.space & outside } else { 0 };
        let other = outside & !(bracket | comma | colon | space);
        let starts = other & !(other << 1 | self.other);
        self.other = other >> 63;
        Some(Tokens {
            strings,
            opening_quote: quote & strings,
            bracket,
            comma,
            colon,
            other,
            starts,
            space,
        })
    }

    /// The bytes after backslashes, each a valid escape.
    #[cold]
    #[inline(never)]
    fn escaped(&mut self, backslash: u64, text: &[u8], base: usize) -> Option<u64> {
        let mut escaped = self.is_escaped;
        self.is_escaped = 0;
        let mut left = backslash & !escaped;
        while left != 0 {
            let at = lowest(left);
            let escape = text.get(base + at + 1..)?;
            match *escape.first()? {
                b'u' if escape.get(1..5)?.iter().all(u8::is_ascii_hexdigit) => {}
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                _ => return None,
            }
            left &= left - 1;
            if at == BLOCK - 1 {
                self.is_escaped = 1;
            } else {
                escaped |= 2 << at;
                left &= !escaped;
            }
        }
        Some(escaped)
    }

    /// Follows the brackets.
    #[inline(always)]
    pub(super) fn nest(&mut self, brackets: u64, block: &[u8; BLOCK]) -> Option<Nested> {
        let mut open = self.open;
        let mut nested = Nested {
            open: 0,
            close: 0,
            in_array: 0_u64.wrapping_sub(open & 1),
            outermost: 0_u64.wrapping_sub(u64::from(open == 0b10)),
            valid: u64::MAX,
            end: None,
        };
        let mut left = brackets;
        while left != 0 {
            let at = lowest(left);
            let bit = left & left.wrapping_neg();
            left ^= bit;
            let byte = block[at];
            let above = !(bit | (bit - 1));
            let before = open;
            let is_square = u64::from(byte & 0x20 == 0);
            // Opening and closing follow each other as they like: no branch would be foreseen.
            let (opens, closes) = (byte & 0x02 != 0, byte & 0x04 != 0);
            let matches = opens || is_square == open & 1;
            open = if opens {
                open << 1 | is_square
            } else {
                open >> 1
            };
            nested.open |= if opens { bit } else { 0 };
            // Of eight bytes that look like a bracket, four are none.
            if !matches || opens == closes || open >= DEEPEST {
                return None;
            }
            nested.in_array ^= above & 0_u64.wrapping_sub((open ^ before) & 1);
            nested.outermost ^=
                above & 0_u64.wrapping_sub(u64::from((open == 0b10) != (before == 0b10)));
            if open == 1 {
                nested.valid = !above;
                nested.end = Some(at);
                break;
            }
        }
        self.open = open;
        nested.close = brackets & !nested.open;
        Some(nested)
    }

    /// Whether some token is not followed by what may follow it.
    #[inline(always)]
    pub(super) fn breaks_a_rule<const SPACES: bool>(
        &mut self,
        tokens: &Tokens,
        nested: &Nested,
    ) -> bool {
        let (space, valid) = (tokens.space, nested.valid);
        let after_open = next::<SPACES>(nested.open, &mut self.after_open, space);
        let after_comma = next::<SPACES>(tokens.comma & valid, &mut self.after_comma, space);
        let after_colon = next::<SPACES>(tokens.colon & valid, &mut self.after_colon, space);
        let member = after_open | after_comma;
        // A value or key begins after these and nowhere else; but a bracket may close at once.
        let value = tokens.opening_quote | nested.open | tokens.starts;
        let mut bad = ((member | after_colon) ^ value) & !(after_open & nested.close);
        // In an object a member begins with a string, the key.
        let in_object = member & !nested.in_array;
        bad |= in_object & !(tokens.opening_quote | nested.close);
        // Adding the bit of an opening quote to the bits of its string carries to the closing one.
        let (sum, over) = tokens
            .strings
            .overflowing_add(in_object & tokens.opening_quote);
        let (sum, over_again) = sum.overflowing_add(self.key);
        self.key = u64::from(over | over_again);
        let after_key = next::<SPACES>(sum & !tokens.strings, &mut self.after_key, space);
        bad |= after_key ^ tokens.colon;
        bad & valid != 0
    }
}

/// The places right after these tokens, spaces left out.
#[inline(always)]
fn next<const SPACES: bool>(tokens: u64, carry: &mut u64, space: u64) -> u64 {
    let next = tokens << 1 | *carry;
    *carry = tokens >> 63;
    if !SPACES {
        return next;
    }
    // Adding the first bit of a run of spaces carries to the place after the run.
    let (sum, over) = space.overflowing_add(next & space);
    *carry |= u64::from(over);
    (next | sum) & !space
}

#[inline(always)]
pub(super) fn lowest(bits: u64) -> usize {
    bits.trailing_zeros() as usize
}

/// Each bit becomes the parity of itself and all lower ones.
#[inline(always)]
fn prefix_xor(bits: u64) -> u64 {
    let mut bits = bits;
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}
