//! Sixty-four bytes of text at once: which of them are quotes, brackets, commas and so on, as bits.
//!
//! This is the first stage of simdjson (Langdale and Lemire, "Parsing Gigabytes of JSON per Second",
//! VLDB Journal 28, 2019, section 3.1) without its table look-up: few enough bytes have a meaning to
//! be compared one by one. Where the processor has AVX2 that is thirty-two bytes at a time, elsewhere
//! eight in ordinary registers.

#![expect(
    clippy::inline_always,
    reason = "all of it has to become one loop, compiled for the processor that it runs on"
)]

/// How many bytes one block has.
pub(super) const BLOCK: usize = 64;

/// One bit a byte, the first byte lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Masks {
    pub(super) quote: u64,
    pub(super) backslash: u64,
    /// Curly and square brackets, and what looks alike to the comparison: `Y`, `_`, `y` and DEL.
    pub(super) bracket: u64,
    pub(super) comma: u64,
    pub(super) colon: u64,
    /// Only looked for where it is asked for.
    pub(super) space: u64,
    /// Bytes below 0x20.
    pub(super) control: u64,
    pub(super) digit: u64,
    pub(super) zero: u64,
    pub(super) point: u64,
    pub(super) minus: u64,
    /// Whether any byte is above 0x7f.
    pub(super) has_high: bool,
}

/// What may be set of a byte that, with these bits set, is `BRACKET`.
const FOLD: u8 = 0x26;
const BRACKET: u8 = 0x7f;

/// A way to find the bits of a block.
pub(super) trait Finder: Copy {
    /// The bits; those of spaces only where `SPACES`.
    fn masks<const SPACES: bool>(self, block: &[u8; BLOCK]) -> Masks;
}

/// Thirty-two bytes at a time.
#[cfg(target_arch = "x86_64")]
pub(super) mod wide {
    use std::arch::x86_64::__m256i;

    use fearless_simd::x86::Avx2;
    use fearless_simd::{Simd as _, SimdBase as _, SimdInt as _, u8x32};

    use super::{BLOCK, BRACKET, FOLD, Finder, Masks};

    type Lane = u8x32<Avx2>;

    /// The uppermost bits of thirty-two bytes.
    #[inline(always)]
    fn bits32(simd: Avx2, lane: impl Into<__m256i>) -> u32 {
        simd.avx2._mm256_movemask_epi8(lane.into()).cast_unsigned()
    }

    /// The uppermost bits of all bytes.
    #[inline(always)]
    fn bits(simd: Avx2, lanes: [impl Into<__m256i>; 2]) -> u64 {
        let [low, high] = lanes.map(|lane| bits32(simd, lane));
        u64::from(low) | (u64::from(high) << 32)
    }

    #[inline(always)]
    fn equal(simd: Avx2, lanes: [Lane; 2], byte: u8) -> u64 {
        let byte = Lane::splat(simd, byte);
        bits(simd, lanes.map(|lane| lane.simd_eq(byte)))
    }

    impl Finder for Avx2 {
        #[inline(always)]
        fn masks<const SPACES: bool>(self, block: &[u8; BLOCK]) -> Masks {
            let (halves, _) = block.as_chunks::<32>();
            let lanes = [0, 1].map(|at| self.load_array_ref_u8x32(&halves[at]));
            let fold = Lane::splat(self, FOLD);
            let limit = Lane::splat(self, 0x1f);
            let any = lanes[0] | lanes[1];
            let least = lanes[0].min(lanes[1]);
            // Only line ends mostly: whether there are any is cheaper to see than where.
            let control = if bits32(self, least.min(limit).simd_eq(least)) == 0 {
                0
            } else {
                bits(self, lanes.map(|lane| lane.min(limit).simd_eq(lane)))
            };
            let zero = Lane::splat(self, b'0');
            let nine = Lane::splat(self, 9);
            let digit = lanes.map(|lane| lane - zero);
            Masks {
                quote: equal(self, lanes, b'"'),
                backslash: equal(self, lanes, b'\\'),
                bracket: equal(self, lanes.map(|lane| lane | fold), BRACKET),
                comma: equal(self, lanes, b','),
                colon: equal(self, lanes, b':'),
                space: if SPACES { equal(self, lanes, b' ') } else { 0 },
                control,
                digit: bits(self, digit.map(|lane| lane.min(nine).simd_eq(lane))),
                zero: equal(self, lanes, b'0'),
                point: equal(self, lanes, b'.'),
                minus: equal(self, lanes, b'-'),
                has_high: bits32(self, any) != 0,
            }
        }
    }
}

/// With ordinary registers, eight bytes at a time.
pub(super) mod words {
    use super::{BLOCK, BRACKET, FOLD, Finder, Masks};

    /// Finds bits on any processor.
    #[derive(Clone, Copy, Debug)]
    pub(in super::super) struct Words;

    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;

    /// The uppermost bit of each byte that is zero; exact, for no carry leaves a byte.
    fn zeros(word: u64) -> u64 {
        !(((word & !HIGH) + !HIGH) | word) & HIGH
    }

    /// The uppermost bits of the eight bytes as the lowest bits of a word.
    fn gather(high: u64) -> u64 {
        (high >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
    }

    impl Finder for Words {
        #[inline(always)]
        fn masks<const SPACES: bool>(self, block: &[u8; BLOCK]) -> Masks {
            let mut masks = Masks::default();
            for (at, eight) in block.chunks_exact(8).enumerate() {
                let mut bytes = [0; 8];
                bytes.copy_from_slice(eight);
                let word = u64::from_le_bytes(bytes);
                let bits = |zeroed: u64| gather(zeros(zeroed)) << (at * 8);
                let equal = |byte: u8| bits(word ^ (ONES * u64::from(byte)));
                masks.quote |= equal(b'"');
                masks.backslash |= equal(b'\\');
                masks.bracket |=
                    bits((word | (ONES * u64::from(FOLD))) ^ (ONES * u64::from(BRACKET)));
                masks.comma |= equal(b',');
                masks.colon |= equal(b':');
                if SPACES {
                    masks.space |= equal(b' ');
                }
                masks.zero |= equal(b'0');
                masks.point |= equal(b'.');
                masks.minus |= equal(b'-');
                // Digits are 0x30 to 0x39: the upper half is 3, and still is when 6 is added.
                let three = |word: u64| bits((word & (ONES * 0xf0)) ^ (ONES * 0x30));
                masks.digit |= three(word) & three((word & !HIGH) + ONES * 6);
                masks.control |= bits(word & (ONES * 0xe0));
                masks.has_high |= word & HIGH != 0;
            }
            masks
        }
    }
}

#[cfg(test)]
mod tests {
    use super::words::Words;
    use super::*;

    #[track_caller]
    fn says(block: [u8; BLOCK]) {
        let bits = |is: fn(u8) -> bool| {
            let set = block.iter().enumerate().filter(|(_, byte)| is(**byte));
            set.fold(0_u64, |bits, (at, _)| bits | 1 << at)
        };
        let expected = Masks {
            quote: bits(|c| c == b'"'),
            backslash: bits(|c| c == b'\\'),
            bracket: bits(|c| b"{}[]Y_y\x7f".contains(&c)),
            comma: bits(|c| c == b','),
            colon: bits(|c| c == b':'),
            space: bits(|c| c == b' '),
            control: bits(|c| c < 0x20),
            digit: bits(|c| c.is_ascii_digit()),
            zero: bits(|c| c == b'0'),
            point: bits(|c| c == b'.'),
            minus: bits(|c| c == b'-'),
            has_high: bits(|c| c > 0x7f) != 0,
        };
        let without = Masks {
            space: 0,
            ..expected
        };
        assert_eq!(Words.masks::<true>(&block), expected);
        assert_eq!(Words.masks::<false>(&block), without);
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = fearless_simd::Level::new().as_avx2() {
            assert_eq!(simd.masks::<true>(&block), expected);
            assert_eq!(simd.masks::<false>(&block), without);
        }
    }

    #[test]
    fn each_byte_at_each_place_is_told_with_every_neighbour() {
        for byte in 0..=255 {
            for at in 0..BLOCK {
                let mut block = [byte ^ 0x80; BLOCK];
                block[at] = byte;
                says(block);
                let mut block = [b'"'; BLOCK];
                block[at] = byte;
                says(block);
            }
        }
    }
}
