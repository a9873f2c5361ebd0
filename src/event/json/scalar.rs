//! Numbers and words: most numbers of a block all at once by their bits, the rest one by one.

#![expect(
    clippy::inline_always,
    reason = "all of it has to become one loop, compiled for the processor that it runs on"
)]

use super::masks::Masks;

/// The bits of the block before, as far as the rules look back.
#[derive(Default)]
pub(super) struct Scalars {
    other: u64,
    digit: u64,
    point: u64,
    minus: u64,
    letter: u64,
    first_minus: u64,
    first_zero: u64,
    /// Whether digits after a point go on.
    fraction: bool,
    /// Where the last run of bytes began.
    start: usize,
}

impl Scalars {
    /// Whether the numbers and words of a block are what they should be, as far as it goes; `other` are
    /// the bytes of them.
    #[inline(always)]
    pub(super) fn check<const SPACES: bool>(
        &mut self,
        found: &Masks,
        other: u64,
        text: &[u8],
        base: usize,
    ) -> bool {
        let digit = found.digit & other;
        let point = found.point & other;
        let minus = found.minus & other;
        let letter = other & !(digit | point | minus);
        let goes_on = self.other >> 63 == 1;
        let start = other & !after(other, &mut self.other);
        let first_minus = minus & start;
        let first_digit = start | after(first_minus, &mut self.first_minus);
        let (after_digit, after_point) =
            (after(digit, &mut self.digit), after(point, &mut self.point));
        let after_letter = after(letter, &mut self.letter);
        // A minus begins a number, unless it is that of an exponent; digits follow it and a point.
        let mut bad = minus & !(start | after_letter);
        bad |= (after(minus, &mut self.minus) | after_point) & !digit;
        // A point follows a digit, and no other point: digits after one do not run into the next.
        bad |= point & !after_digit;
        let (sum, over) = digit.overflowing_add(after_point & digit);
        let (sum, over_again) = sum.overflowing_add(u64::from(self.fraction));
        self.fraction = over | over_again;
        bad |= sum & !digit & point;
        // No digits follow a zero that begins a number.
        bad |= after(found.zero & other & first_digit, &mut self.first_zero) & digit;
        // What is left are words, and numbers with an exponent.
        let mut letters = letter & !after_letter;
        while letters != 0 {
            let at = letters.trailing_zeros() as usize;
            let before = !other & ((1 << at) - 1);
            let start = match before {
                0 if goes_on => self.start,
                _ => base + 64 - before.leading_zeros() as usize,
            };
            if end_of::<SPACES>(text, start).is_none() {
                return false;
            }
            letters &= letters - 1;
        }
        if other >> 63 == 1 && other != u64::MAX {
            self.start = base + 64 - other.leading_ones() as usize;
        }
        bad == 0
    }
}

/// The places right after these bytes.
#[inline(always)]
fn after(bits: u64, before: &mut u64) -> u64 {
    let before = std::mem::replace(before, bits);
    bits << 1 | before >> 63
}

/// The end of the number or word at `at`, where a comma, a closing bracket or, where `SPACES`, a space
/// comes after it.
#[inline(always)]
fn end_of<const SPACES: bool>(text: &[u8], at: usize) -> Option<usize> {
    let word: &[u8; 6] = text.get(at..)?.first_chunk()?;
    match word {
        [b'n', b'u', b'l', b'l', next, _] | [b't', b'r', b'u', b'e', next, _] => {
            is_end::<SPACES>(*next).then_some(at + 4)
        }
        [b'f', b'a', b'l', b's', b'e', next] => is_end::<SPACES>(*next).then_some(at + 5),
        _ => number::<SPACES>(text, at),
    }
}

/// Any number, digit by digit.
#[inline(never)]
fn number<const SPACES: bool>(text: &[u8], at: usize) -> Option<usize> {
    let digits_from = at + usize::from(text.get(at) == Some(&b'-'));
    let after = skip_digits(text, digits_from)?;
    if text.get(digits_from) == Some(&b'0') && after > digits_from + 1 {
        return None;
    }
    let mut at = after;
    if text.get(at) == Some(&b'.') {
        at = skip_digits(text, at + 1)?;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let signed = matches!(text.get(at + 1), Some(b'+' | b'-'));
        at = skip_digits(text, at + 1 + usize::from(signed))?;
    }
    is_end::<SPACES>(*text.get(at)?).then_some(at)
}

fn skip_digits(text: &[u8], at: usize) -> Option<usize> {
    let n_digits = text.get(at..)?.iter().take_while(|c| c.is_ascii_digit());
    let n_digits = n_digits.count();
    (n_digits > 0).then_some(at + n_digits)
}

#[inline(always)]
fn is_end<const SPACES: bool>(byte: u8) -> bool {
    matches!(byte, b',' | b'}' | b']') || (SPACES && byte == b' ')
}

/// Where the string that begins at `at` ends, its closing quote counted, if there is nothing in it but
/// ASCII as it stands.
#[inline]
pub fn plain_string_end(text: &[u8], at: usize) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    if text.get(at) != Some(&b'"') {
        return None;
    }
    let mut at = at + 1;
    loop {
        let word = word_at(text, at)?;
        // The lowest bit is that of the first such byte; borrows only reach bytes after one.
        let zero = |word: u64| word.wrapping_sub(ONES) & !word;
        let below = word.wrapping_sub(ONES * 0x20) & !word;
        let quote = zero(word ^ (ONES * u64::from(b'"')));
        let slash = zero(word ^ (ONES * u64::from(b'\\')));
        let stops = (quote | slash | below | word) & HIGH;
        if stops != 0 {
            at += stops.trailing_zeros() as usize / 8;
            return (text.get(at) == Some(&b'"')).then_some(at + 1);
        }
        at += 8;
    }
}

/// Where the whole number of at most fifteen digits that begins at `at` ends.
#[inline]
pub fn plain_number_end(text: &[u8], at: usize) -> Option<usize> {
    let mut n_digits = leading_digits(word_at(text, at)?);
    if n_digits == 8 {
        n_digits += leading_digits(word_at(text, at + 8)?);
    }
    let has_zero_in_front = n_digits > 1 && text.get(at) == Some(&b'0');
    (n_digits > 0 && n_digits < 16 && !has_zero_in_front).then_some(at + n_digits)
}

#[inline(always)]
fn word_at(text: &[u8], at: usize) -> Option<u64> {
    let eight = text.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*eight))
}

/// How many of the eight bytes, from the lowest on, are digits before the first that is none.
#[inline(always)]
fn leading_digits(word: u64) -> usize {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let flipped = word ^ 0x3030_3030_3030_3030;
    // A digit is now 0 to 9: adding 0x76 leaves the high bit alone. Carries out of a byte only
    // reach bytes after one that is no digit.
    let none = (flipped.wrapping_add(0x7676_7676_7676_7676) | flipped) & HIGH;
    none.trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_strings_and_numbers_end_where_they_end() {
        let padded = |text: &str| format!("{text}        ,                  ");
        for (text, end) in [
            ("\"\"", Some(2)),
            ("\"1234567\"", Some(9)),
            ("\"12345678 and more\"", Some(19)),
            ("\"a\\\"b\"", None),
            ("\"\u{e9}\"", None),
            ("\"\t\"", None),
            ("\"\u{7f}!#[]\"", Some(7)),
            ("x", None),
        ] {
            assert_eq!(plain_string_end(padded(text).as_bytes(), 0), end, "{text}");
        }
        assert_eq!(plain_string_end(b"\"never ended, and so on", 0), None);
        for (text, end) in [
            ("0", Some(1)),
            ("7,", Some(1)),
            ("12345678", Some(8)),
            ("123456789012345", Some(15)),
            ("1234567890123456", None),
            ("01", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(plain_number_end(padded(text).as_bytes(), 0), end, "{text}");
        }
    }
}
