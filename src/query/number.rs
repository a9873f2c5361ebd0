//! Numbers of any size, compared exactly.

use std::cmp::Ordering;

/// A number as its digits and the place of the first of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    is_negative: bool,
    /// The power of ten of the first digit.
    magnitude: i64,
    /// From the first digit that is not 0 to the last one; empty for zero.
    digits: Box<[u8]>,
}

impl Number {
    /// Reads a JSON number; also with a `+` before it, and one that begins with the point. Costs one
    /// walk over the text.
    pub fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (is_negative, mantissa) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let has_digits = if mantissa.contains('.') {
            !decimals.is_empty()
        } else {
            !whole.is_empty()
        };
        let is_right =
            has_digits && (whole.bytes().chain(decimals.bytes())).all(|byte| byte.is_ascii_digit());
        if !is_right {
            return None;
        }
        let all: Vec<u8> = whole.bytes().chain(decimals.bytes()).collect();
        let leading = all.iter().take_while(|digit| **digit == b'0').count();
        let end = all.iter().rposition(|digit| *digit != b'0');
        let digits = end.map_or(&[][..], |end| &all[leading..=end]);
        let place = i64::try_from(whole.len()).ok()? - i64::try_from(leading).ok()? - 1;
        Some(Self {
            is_negative: is_negative && !digits.is_empty(),
            magnitude: if digits.is_empty() {
                0
            } else {
                place + i64::from(exponent)
            },
            digits: digits.into(),
        })
    }

    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.is_negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_size =
            || (self.magnitude.cmp(&other.magnitude)).then_with(|| self.digits.cmp(&other.digits));
        self.sign()
            .cmp(&other.sign())
            .then_with(|| match self.sign() {
                0 => Ordering::Equal,
                1 => by_size(),
                _ => by_size().reverse(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_value_whatever_their_length() {
        let number = |text: &str| Number::parse(text).unwrap();
        let rising = [
            "-1e400",
            "-12345678901234567890123456789012345678901",
            "-200",
            "-50.00",
            "-0.5",
            "0.00",
            "1e-400",
            "0.05",
            "0.5",
            "5",
            "9007199254740992",
            "9007199254740993",
            "1e400",
        ];
        for pair in rising.windows(2) {
            assert!(number(pair[0]) < number(pair[1]), "{pair:?}");
        }
        assert_eq!(number("1.10"), number("110e-2"));
        assert_eq!(number("-0"), number("0.000"));
        assert_eq!(number("1E+2"), number("100"));
        for text in ["", "-", "1.", "abc", "1e", "0x1", "١", "1 2", "."] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }
}
