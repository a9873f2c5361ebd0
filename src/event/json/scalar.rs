//! Numbers and words as most files write them, looked at eight bytes at a time.

/// The end of the number or word at `at`, where it is a common one that ends with a comma, a closing
/// bracket or a space; `None` where it has to be looked at more closely.
#[inline(always)]
pub(super) fn plain_end(text: &[u8], at: usize) -> Option<usize> {
    let word = word_at(text, at)?;
    let n_digits = leading_digits(word);
    #[expect(clippy::cast_possible_truncation, reason = "a byte is meant")]
    let byte = |at: usize| (word >> (at * 8)) as u8;
    if n_digits > 0 && n_digits < 8 {
        if byte(0) == b'0' && n_digits > 1 {
            return None;
        }
        let end = at + n_digits;
        return match byte(n_digits) {
            next if is_end(next) => Some(end),
            b'.' => plain_fraction(text, end + 1),
            _ => fraction(text, end),
        };
    }
    match &word.to_le_bytes() {
        [b'n', b'u', b'l', b'l', next, ..] | [b't', b'r', b'u', b'e', next, ..] => {
            is_end(*next).then_some(at + 4)
        }
        [b'f', b'a', b'l', b's', b'e', next, ..] => is_end(*next).then_some(at + 5),
        _ => number(text, at),
    }
}

/// The end of a few digits after a point.
#[inline(always)]
fn plain_fraction(text: &[u8], at: usize) -> Option<usize> {
    let word = word_at(text, at)?;
    let n_digits = leading_digits(word);
    #[expect(clippy::cast_possible_truncation, reason = "a byte is meant")]
    let ends = n_digits > 0 && n_digits < 8 && is_end((word >> (n_digits * 8)) as u8);
    if ends {
        Some(at + n_digits)
    } else {
        fraction(text, at - 1)
    }
}

/// Any number, digit by digit.
#[inline(never)]
fn number(text: &[u8], at: usize) -> Option<usize> {
    let digits_from = at + usize::from(text.get(at) == Some(&b'-'));
    let after = skip_digits(text, digits_from)?;
    if text.get(digits_from) == Some(&b'0') && after > digits_from + 1 {
        return None;
    }
    fraction(text, after)
}

/// What may follow the whole part of a number.
#[inline(never)]
fn fraction(text: &[u8], mut at: usize) -> Option<usize> {
    if text.get(at) == Some(&b'.') {
        at = skip_digits(text, at + 1)?;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let signed = matches!(text.get(at + 1), Some(b'+' | b'-'));
        at = skip_digits(text, at + 1 + usize::from(signed))?;
    }
    is_end(*text.get(at)?).then_some(at)
}

fn skip_digits(text: &[u8], at: usize) -> Option<usize> {
    let n_digits = text.get(at..)?.iter().take_while(|c| c.is_ascii_digit());
    let n_digits = n_digits.count();
    (n_digits > 0).then_some(at + n_digits)
}

#[inline(always)]
fn is_end(byte: u8) -> bool {
    matches!(byte, b',' | b'}' | b']' | b' ')
}

#[inline(always)]
fn word_at(text: &[u8], at: usize) -> Option<u64> {
    text.get(at..)?.first_chunk().map(|eight| u64::from_le_bytes(*eight))
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
