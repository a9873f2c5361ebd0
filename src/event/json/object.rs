//! Checks one object against the whole grammar, sixty-four bytes at a time.
//!
//! After `masks` the text is a row of tokens: strings, brackets, commas, colons and runs of other
//! bytes. In a row of tokens the grammar is only about neighbours: what may follow a comma, a
//! colon, the end of a key. Such rules hold for all tokens of a block at once, in a few operations
//! on their bits; only brackets, numbers, words and escapes are looked at one by one.
//!
//! Whatever is accepted here is valid; what is not may still be, and is looked at again by the
//! general walk of [`scan`](super::scan), which also says what is wrong with it.

#![expect(
    clippy::inline_always,
    reason = "all of it has to become one loop, compiled for the processor that it runs on"
)]

use super::masks::words::Words;
use super::masks::{BLOCK, Finder};
use super::rules::{State, lowest};
#[cfg(target_arch = "x86_64")]
use fearless_simd::Simd as _;

/// How many keys of the outermost object are kept; an object with more is left to the general walk.
const MAX_KEYS: usize = 128;

/// The object is not valid, or not plain enough to be sure.
struct Amiss;

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
    fn walk_either(&mut self, finder: impl Finder, text: &[u8], from: usize) -> Option<usize> {
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
            if let Some(end) = self
                .block::<SPACES>(finder, &mut state, block, text, base)
                .ok()?
            {
                return Some(end);
            }
            base += BLOCK;
        }
        let mut last = [0; BLOCK];
        last.get_mut(..rest.len())?.copy_from_slice(rest);
        self.block::<SPACES>(finder, &mut state, &last, text, base)
            .ok()?
    }

    /// Reads one block: the end of the object if it lies there; an error where something is amiss.
    #[inline(always)]
    fn block<const SPACES: bool>(
        &mut self,
        finder: impl Finder,
        state: &mut State,
        block: &[u8; BLOCK],
        text: &[u8],
        base: usize,
    ) -> Result<Option<usize>, Amiss> {
        let found = finder.masks::<SPACES>(block);
        self.may_hold_other_than_ascii |= found.has_high;
        if found.backslash != 0 {
            self.escapes_end = base + BLOCK;
        }
        let tokens = state.tokens::<SPACES>(&found, text, base).ok_or(Amiss)?;
        let nested = state.nest(tokens.bracket, block).ok_or(Amiss)?;
        let valid = nested.valid;
        if state.breaks_a_rule::<SPACES>(&tokens, &nested) {
            return Err(Amiss);
        }
        let other = tokens.other & valid;
        if !state.scalars.check::<SPACES>(&found, other, text, base) {
            return Err(Amiss);
        }
        let mut colons = tokens.colon & nested.outermost & valid;
        while colons != 0 {
            #[expect(clippy::cast_possible_truncation, reason = "the text is no longer")]
            let at = (base + lowest(colons)) as u32;
            *self.colons.get_mut(self.n_colons).ok_or(Amiss)? = at;
            self.n_colons += 1;
            colons &= colons - 1;
        }
        Ok(nested.end.map(|end| base + end + 1))
    }
}

#[cfg(test)]
#[path = "object_tests.rs"]
mod tests;
