//! Exact decimal numbers, for sums that must come out to the cent.
//!
//! A value is an integer of at most 38 digits and a count of decimals. Where a result does not fit,
//! the operation says so by returning `None`; nothing is ever rounded.

use std::cmp::Ordering;
use std::fmt;

/// An exact decimal number: `mantissa / 10^scale`.
#[derive(Default, Clone, Copy, Debug)]
pub struct Decimal {
    mantissa: i128,
    scale: u32,
}

/// The most decimals kept: 10^38 is the largest power that an `i128` holds.
const MAX_SCALE: u32 = 38;

/// The most digits kept.
const MAX_DIGITS: u32 = 38;

impl Decimal {
    /// Zero without decimals.
    pub const ZERO: Self = Self {
        mantissa: 0,
        scale: 0,
    };

    /// Reads a JSON number, or a text that holds one; `None` where it is none or has over 38 digits.
    ///
    /// ```
    /// use annals::event::Decimal;
    /// let sum = Decimal::parse("200.00").unwrap().checked_sub(Decimal::parse("50").unwrap());
    /// assert_eq!(sum.unwrap().to_string(), "150.00");
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let (number, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match number.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, number),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() || (digits.contains('.') && decimals.is_empty()) {
            return None;
        }
        let mut mantissa: i128 = 0;
        for digit in whole.bytes().chain(decimals.bytes()) {
            let value = digit.is_ascii_digit().then(|| i128::from(digit - b'0'))?;
            mantissa = mantissa.checked_mul(10)?.checked_add(value)?;
        }
        let mantissa = if negative { -mantissa } else { mantissa };
        let scale = i64::try_from(decimals.len()).ok()? - i64::from(exponent);
        Self::scaled(mantissa, scale)
    }

    /// `mantissa / 10^scale`; `None` where that has over 38 digits or decimals.
    pub fn new(mantissa: i128, scale: u32) -> Option<Self> {
        Self::scaled(mantissa, i64::from(scale))
    }

    /// The whole number `number`.
    pub fn whole(number: i64) -> Self {
        Self {
            mantissa: i128::from(number),
            scale: 0,
        }
    }

    fn scaled(mantissa: i128, scale: i64) -> Option<Self> {
        if scale < 0 {
            let zeros = u32::try_from(-scale).ok().filter(|z| *z <= MAX_SCALE)?;
            let mantissa = mantissa.checked_mul(10_i128.checked_pow(zeros)?)?;
            return Self::held(mantissa, 0);
        }
        let scale = u32::try_from(scale).ok().filter(|s| *s <= MAX_SCALE)?;
        Self::held(mantissa, scale)
    }

    /// An `i128` holds some integers of 39 digits; they are refused like all others of 39.
    fn held(mantissa: i128, scale: u32) -> Option<Self> {
        let fits = mantissa.unsigned_abs() < 10_u128.pow(MAX_DIGITS);
        fits.then_some(Self { mantissa, scale })
    }

    /// The sum, with the larger number of decimals of the two.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let (a, b, scale) = self.aligned(other)?;
        Self::held(a.checked_add(b)?, scale)
    }

    /// The difference, with the larger number of decimals of the two.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let (a, b, scale) = self.aligned(other)?;
        Self::held(a.checked_sub(b)?, scale)
    }

    /// So many times the number.
    pub fn checked_times(self, factor: i64) -> Option<Self> {
        let mantissa = self.mantissa.checked_mul(i128::from(factor))?;
        Self::held(mantissa, self.scale)
    }

    /// The number divided by a positive one, and whether that is exact: where it has no end it is
    /// rounded half to even, six decimals after those that the number has. `None` where there is no
    /// room for these, and for a divisor of 0.
    ///
    /// ```
    /// use annals::event::Decimal;
    /// let (third, is_exact) = Decimal::parse("10").unwrap().checked_divide(3).unwrap();
    /// assert_eq!((third.to_string().as_str(), is_exact), ("3.333333", false));
    /// ```
    pub fn checked_divide(self, divisor: u64) -> Option<(Self, bool)> {
        const EXTRA: u32 = 6;
        let divisor = i128::from(divisor);
        let scaled = self.mantissa.checked_mul(10_i128.pow(EXTRA))?;
        let (whole, rest) = (scaled.checked_div(divisor)?, scaled.checked_rem(divisor)?);
        let twice = rest.checked_mul(2)?.abs();
        let is_up = twice > divisor || twice == divisor && whole % 2 != 0;
        let rounded = whole + i128::from(is_up) * scaled.signum();
        let mut found = Self::new(rounded, self.scale.checked_add(EXTRA)?)?;
        while found.scale > self.scale && found.mantissa % 10 == 0 {
            found.mantissa /= 10;
            found.scale -= 1;
        }
        Some((found, rest == 0))
    }

    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        Some((self.at_scale(scale)?, other.at_scale(scale)?, scale))
    }

    fn at_scale(self, scale: u32) -> Option<i128> {
        self.mantissa
            .checked_mul(10_i128.checked_pow(scale - self.scale)?)
    }

    /// How many decimals it has, zeros at its end included.
    pub fn decimals(self) -> u32 {
        self.scale
    }

    /// How many units of `1 / 10^decimals` it is; `None` where that is no whole number of at most 38
    /// digits.
    ///
    /// ```
    /// use annals::event::Decimal;
    /// let price = Decimal::parse("12.50").unwrap();
    /// assert_eq!((price.units(4), price.units(1), price.units(0)), (Some(125_000), Some(125), None));
    /// ```
    pub fn units(self, decimals: u32) -> Option<i128> {
        let (mantissa, scale) = self.trimmed();
        let zeros = 10_i128.checked_pow(decimals.checked_sub(scale)?)?;
        Self::held(mantissa.checked_mul(zeros)?, 0).map(|held| held.mantissa)
    }

    /// The nearest floating-point number: for plots only.
    pub fn to_f64(self) -> f64 {
        #[expect(clippy::cast_possible_wrap, reason = "at most 38")]
        let scale = self.scale as i32;
        self.mantissa as f64 / 10_f64.powi(scale)
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self {
            mantissa: self.mantissa.abs(),
            ..self
        }
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    fn trimmed(self) -> (i128, u32) {
        let (mut mantissa, mut scale) = (self.mantissa, self.scale);
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        (mantissa, scale)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.trimmed() == other.trimmed()
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match self.aligned(*other) {
            Some((a, b, _)) => a.cmp(&b),
            // Too far apart to be written with the same decimals: equality is exact all the same.
            None if self == other => Ordering::Equal,
            None => self.to_f64().total_cmp(&other.to_f64()),
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.mantissa.unsigned_abs().to_string();
        let scale = self.scale as usize;
        let sign = if self.mantissa < 0 { "-" } else { "" };
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, decimals) = padded.split_at(padded.len() - scale);
        write!(f, "{sign}{whole}.{decimals}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn sum(a: &str, b: &str, expected: &str) {
        let total = Decimal::parse(a)
            .unwrap()
            .checked_add(Decimal::parse(b).unwrap());
        assert_eq!(total.unwrap().to_string(), expected);
    }

    #[test]
    fn sums_are_exact_and_keep_their_decimals() {
        sum("0.1", "0.2", "0.3");
        sum("150.00", "-200", "-50.00");
        sum("9007199254740993", "1", "9007199254740994");
        sum("0.00", "-0.05", "-0.05");
        sum("1E+2", "1.5e-1", "100.15");
    }

    #[test]
    fn what_does_not_fit_is_refused_and_not_rounded() {
        assert!(Decimal::parse("1e999").is_none());
        assert!(Decimal::parse(&"9".repeat(39)).is_none());
        let most = Decimal::parse(&"9".repeat(38)).unwrap();
        assert!(most.checked_add(Decimal::parse("1").unwrap()).is_none());
        assert!(most.checked_sub(Decimal::parse("-1").unwrap()).is_none());
        assert!(
            Decimal::parse("abc").is_none()
                && Decimal::parse("1.").is_none()
                && Decimal::parse("-").is_none()
        );
    }

    #[test]
    fn a_division_says_whether_it_is_exact() {
        let divided = |text: &str, by| Decimal::parse(text).unwrap().checked_divide(by);
        let said = |text: &str, by| divided(text, by).map(|(n, exact)| (n.to_string(), exact));
        assert_eq!(said("10.00", 4), Some(("2.50".to_owned(), true)));
        assert_eq!(said("-2", 3), Some(("-0.666667".to_owned(), false)));
        assert_eq!(said("1", 0), None);
        assert_eq!(said(&"9".repeat(38), 7), None);
    }

    #[test]
    fn equality_is_by_value() {
        assert_eq!(Decimal::parse("1.10"), Decimal::parse("1.1"));
        assert_eq!(Decimal::parse("-0.0"), Decimal::parse("0"));
        assert!(Decimal::parse("2") > Decimal::parse("1.99"));
    }
}
