//! Checks one object against the whole grammar, sixty-four bytes at a time.
//!
//! After [`masks()`] the text is a row of tokens: strings, brackets, commas, colons and runs of other
//! bytes. In a row of tokens the grammar is only about neighbours: what may follow a comma, a
//! colon, the end of a key. Such rules hold for all tokens of a block at once, in a few operations
//! on their bits; only brackets, numbers, words and escapes are looked at one by one.
//!
//! Whatever is accepted here is valid; what is not may still be, and is looked at again by the
//! general walk of [`scan`](super::scan), which also says what is wrong with it.

use super::masks::words::Words;
use super::masks::{BLOCK, Finder, Masks};
use super::scalar::Scalars;
#[cfg(target_arch = "x86_64")]
use fearless_simd::Simd as _;

/// How many keys of the outermost object are kept; an object with more is left to the general walk.
const MAX_KEYS: usize = 128;
/// A bit that is reached where nesting is too deep for the stack of one word.
const DEEPEST: u64 = 1 << 62;

/// What was found in an object that was read.
#[derive(Debug)]
pub struct QuickObject {
    colons: [u32; MAX_KEYS],
    n_colons: usize,
    /// Whether the object may hold bytes that are not ASCII: those have not been checked.
    pub may_hold_other_than_ascii: bool,
    /// No backslash stands in the object from here on.
    pub escapes_end: usize,
    /// Whether there were spaces around tokens lately: then they are expected.
    expects_spaces: bool,
    #[cfg(target_arch = "x86_64")]
    level: fearless_simd::Level,
}

impl Default for QuickObject {
    fn default() -> Self {
        Self {
            colons: [0; MAX_KEYS],
            n_colons: 0,
            may_hold_other_than_ascii: false,
            escapes_end: 0,
            expects_spaces: false,
            #[cfg(target_arch = "x86_64")]
            level: fearless_simd::Level::new(),
        }
    }
}

impl QuickObject {
    /// Reads the object that begins at the first byte of `text`: where it ends, or `None` where it has
    /// to be looked at more closely. Costs about a third of a nanosecond a byte.
    ///
    /// The text may go on after the object; it is looked at up to sixty-four bytes beyond its end.
    /// UTF-8 is not checked, but [`Self::may_hold_other_than_ascii`] tells where it has to be.
    #[inline]
    pub fn read(&mut self, text: &[u8]) -> Option<usize> {
        if text.first() != Some(&b'{') {
            return None;
        }
        self.read_from(text, 0)
    }

    /// As [`Self::read`], where the object is known to be valid up to `at`, right after a colon of its
    /// outermost level; only what comes from there on is read, and only its colons are kept.
    #[inline]
    pub fn read_on(&mut self, text: &[u8], at: usize) -> Option<usize> {
        self.read_from(text, at)
    }

    #[inline(always)]
    fn read_from(&mut self, text: &[u8], from: usize) -> Option<usize> {
        if u32::try_from(text.len()).is_err() {
            return None;
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = self.level.as_avx2() {
            return simd.vectorize(
                #[inline(always)]
                || self.walk_either(simd, text, from),
            );
        }
        self.walk_either(Words, text, from)
    }

    #[inline(always)]
    fn walk_either(
        &mut self,
        finder: impl Finder,
        text: &[u8],
        from: usize,
    ) -> Option<usize> {
        if self.expects_spaces {
            return self.walk::<true>(finder, text, from);
        }
        if let Some(end) = self.walk::<false>(finder, text, from) {
            return Some(end);
        }
        let end = self.walk::<true>(finder, text, from)?;
        self.expects_spaces = true;
        Some(end)
    }

    /// Where the colons of the outermost object stand, in order.
    pub fn colons(&self) -> &[u32] {
        &self.colons[..self.n_colons]
    }

    #[inline(always)]
    fn walk<const SPACES: bool>(
        &mut self,
        finder: impl Finder,
        text: &[u8],
        from: usize,
    ) -> Option<usize> {
        let mut state = State::default();
        if from > 0 {
            // In the outermost object, before a value.
            state.open = 0b10;
        }
        self.n_colons = 0;
        self.may_hold_other_than_ascii = false;
        self.escapes_end = from;
        let mut base = from;
        let (blocks, rest) = text.get(from..)?.as_chunks::<BLOCK>();
        for block in blocks {
            if let Some(end) = self.block::<SPACES>(finder, &mut state, block, text, base)? {
                return Some(end);
            }
            base += BLOCK;
        }
        let mut last = [0; BLOCK];
        last.get_mut(..rest.len())?.copy_from_slice(rest);
        self.block::<SPACES>(finder, &mut state, &last, text, base)?
    }

    /// Reads one block: the end of the object if it lies there; `None` where something is amiss.
    #[inline(always)]
    fn block<const SPACES: bool>(
        &mut self,
        finder: impl Finder,
        state: &mut State,
        block: &[u8; BLOCK],
        text: &[u8],
        base: usize,
    ) -> Option<Option<usize>> {
        let found = finder.masks::<SPACES>(block);
        self.may_hold_other_than_ascii |= found.has_high;
        if found.backslash != 0 {
            self.escapes_end = base + BLOCK;
        }
        let tokens = state.tokens::<SPACES>(&found, text, base)?;
        let nested = state.nest(tokens.bracket, block)?;
        let valid = nested.valid;
        if state.breaks_a_rule::<SPACES>(&tokens, &nested) {
            return None;
        }
        let other = tokens.other & valid;
        if !state.scalars.check::<SPACES>(&found, other, text, base) {
            return None;
        }
        let mut colons = tokens.colon & nested.outermost & valid;
        let room = self.colons.get_mut(self.n_colons..)?;
        let (first, further) = room.split_first_chunk_mut::<4>()?;
        let n_colons = colons.count_ones() as usize;
        self.n_colons += n_colons;
        // Most blocks have no more than four; which of the four are real is told by the count.
        for slot in first {
            *slot = position(base, colons);
            colons &= colons.wrapping_sub(1);
        }
        for slot in further.get_mut(..n_colons.saturating_sub(4))? {
            *slot = position(base, colons);
            colons &= colons - 1;
        }
        Some(nested.end.map(|end| base + end + 1))
    }
}

/// The tokens of a block, as bits.
struct Tokens {
    /// From each opening quote to before the closing one.
    strings: u64,
    opening_quote: u64,
    bracket: u64,
    comma: u64,
    colon: u64,
    /// Bytes of numbers and words, and of what is neither.
    other: u64,
    /// The first byte of each run of these.
    starts: u64,
    space: u64,
}

/// What the brackets of a block say.
struct Nested {
    open: u64,
    close: u64,
    /// Where the innermost bracket is a square one.
    in_array: u64,
    /// Where only the outermost object is open.
    outermost: u64,
    /// Up to the end of the object.
    valid: u64,
    end: Option<usize>,
}

/// What is carried from one block into the next.
struct State {
    /// All ones inside a string.
    in_string: u64,
    /// Whether the first byte is escaped.
    is_escaped: u64,
    /// A bit for each open bracket below a first one, 1 for a square one, the innermost lowest.
    open: u64,
    other: u64,
    key: u64,
    after_open: u64,
    after_comma: u64,
    after_colon: u64,
    after_key: u64,
    scalars: Scalars,
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
    fn tokens<const SPACES: bool>(
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
    fn nest(&mut self, brackets: u64, block: &[u8; BLOCK]) -> Option<Nested> {
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
            open = if opens { open << 1 | is_square } else { open >> 1 };
            nested.open |= if opens { bit } else { 0 };
            // Of eight bytes that look like a bracket, four are none.
            if !matches | (opens == closes) | (open >= DEEPEST) {
                return None;
            }
            nested.in_array ^= above & 0_u64.wrapping_sub((open ^ before) & 1);
            nested.outermost ^= above & 0_u64.wrapping_sub(u64::from((open == 0b10) != (before == 0b10)));
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
    fn breaks_a_rule<const SPACES: bool>(&mut self, tokens: &Tokens, nested: &Nested) -> bool {
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
        let (sum, over) = tokens.strings.overflowing_add(in_object & tokens.opening_quote);
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

/// Where the lowest bit stands in the text; its length was seen to fit.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the text is no longer")]
fn position(base: usize, bits: u64) -> u32 {
    (base + lowest(bits)) as u32
}

#[inline(always)]
fn lowest(bits: u64) -> usize {
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

#[cfg(test)]
#[path = "object_tests.rs"]
mod tests;
