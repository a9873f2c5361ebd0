//! Numbers and ids that stand for a time: Unix numbers in any unit, .NET ticks, Julian days, ULIDs and
//! UUIDs of version 7. What is exact in the source stays exact.

use super::timestamp::{ReadTime, Timestamp};

/// What a number that stands for a time counts, or which id carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeUnit {
    /// By magnitude: near our days seconds are 1e9, milliseconds 1e12, microseconds 1e15,
    /// nanoseconds 1e18, ticks 6.4e17; a number with a fraction near 2.46e6 is a Julian day.
    Auto,
    /// Seconds since 1970.
    S,
    /// Milliseconds since 1970.
    Ms,
    /// Microseconds since 1970.
    Us,
    /// Nanoseconds since 1970.
    Ns,
    /// Ticks of .NET: 100 nanoseconds since the year 1.
    Ticks,
    /// Days since noon of 4714-11-24 BC, with a fraction, as SQLite's `julianday` gives them; to the
    /// millisecond.
    Julian,
    /// No number but a ULID, whose first 48 bits are milliseconds since 1970.
    Ulid,
    /// No number but a UUID of version 7, whose first 48 bits are milliseconds since 1970.
    Uuid7,
    /// No number but a UUID of version 1, as Cassandra's `timeuuid`: tenths of microseconds since 1582,
    /// shown to the microsecond where the rest is zero.
    Uuid1,
}

/// Tenths of microseconds from 1582-10-15 to 1970.
const TENTHS_AT_1970: i64 = 0x01b2_1dd2_1381_4000;

/// Ticks at the beginning of 1970.
const TICKS_AT_1970: i64 = 621_355_968_000_000_000;
/// Ticks from the year 2000 to 2100; nanoseconds of that size would lie in 1990.
const LIKELY_TICKS: std::ops::Range<i64> = 630_822_816_000_000_000..662_380_416_000_000_000;
/// Julian days from 1970 to 2100; seconds of that size would lie in January 1970.
const LIKELY_DAYS: std::ops::Range<f64> = 2_440_588.0..2_488_070.0;
const DAY_AT_1970: f64 = 2_440_587.5;
const MS_OF_A_DAY: f64 = 86_400_000.0;

impl TimeUnit {
    /// Nanoseconds and fraction digits of one; `None` where it does not count from 1970.
    fn scale(self) -> Option<(i64, u8)> {
        match self {
            Self::S => Some((1_000_000_000, 0)),
            Self::Ms => Some((1_000_000, 3)),
            Self::Us => Some((1_000, 6)),
            Self::Ns => Some((1, 9)),
            Self::Auto | Self::Ticks | Self::Julian | Self::Ulid | Self::Uuid7 | Self::Uuid1 => {
                None
            }
        }
    }

    fn by_magnitude(number: i64) -> Self {
        if LIKELY_TICKS.contains(&number) {
            return Self::Ticks;
        }
        match number.unsigned_abs() {
            0..100_000_000_000 => Self::S,
            100_000_000_000..100_000_000_000_000 => Self::Ms,
            100_000_000_000_000..100_000_000_000_000_000 => Self::Us,
            _ => Self::Ns,
        }
    }
}

impl Timestamp {
    /// The moment that `number` stands for in `unit`; `None` where it lies outside the range.
    ///
    /// ```
    /// use annals::event::{TimeUnit, Timestamp};
    /// let read = Timestamp::from_number(638_400_000_000_000_001, TimeUnit::Ticks).unwrap();
    /// assert_eq!(read.time.rfc3339(read.digits), "2024-01-04T21:20:00.0000001Z");
    /// ```
    pub fn from_number(number: i64, unit: TimeUnit) -> Option<ReadTime> {
        let (nanos, digits) = match unit {
            TimeUnit::Auto => return Self::from_number(number, TimeUnit::by_magnitude(number)),
            TimeUnit::Ticks => (number.checked_sub(TICKS_AT_1970)?.checked_mul(100)?, 7),
            #[expect(clippy::cast_precision_loss, reason = "such days are out of range")]
            TimeUnit::Julian => return Self::from_julian(number as f64),
            TimeUnit::Ulid | TimeUnit::Uuid7 | TimeUnit::Uuid1 => return None,
            TimeUnit::S | TimeUnit::Ms | TimeUnit::Us | TimeUnit::Ns => {
                let (factor, digits) = unit.scale()?;
                (number.checked_mul(factor)?, digits)
            }
        };
        Some(read(nanos, digits))
    }

    /// The moment that a floating-point number stands for; seconds to the microsecond, for more is
    /// not in such a number.
    pub fn from_real(number: f64, unit: TimeUnit) -> Option<ReadTime> {
        match (unit, whole(number)) {
            (TimeUnit::Auto, _) if LIKELY_DAYS.contains(&number) => Self::from_julian(number),
            (TimeUnit::Julian, _) => Self::from_julian(number),
            (TimeUnit::Auto, _) if number.abs() < 1e11 => Self::from_seconds(number),
            (TimeUnit::S, _) => Self::from_seconds(number),
            (_, Some(number)) => Self::from_number(number, unit),
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a finite number in range, checked before"
            )]
            (_, None) => (number.abs() < 9.2e18)
                .then(|| Self::from_number(number as i64, unit))
                .flatten(),
        }
    }

    /// The moment that a text of digits, with or without a minus and a fraction, stands for: exact
    /// to the nanosecond, with as many fraction digits as the text has.
    ///
    /// ```
    /// use annals::event::{TimeUnit, Timestamp};
    /// let read = Timestamp::from_digits("1700000000.123", TimeUnit::S).unwrap();
    /// assert_eq!(read.time.rfc3339(read.digits), "2023-11-14T22:13:20.123Z");
    /// ```
    pub fn from_digits(text: &str, unit: TimeUnit) -> Option<ReadTime> {
        let (is_negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (number, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all_digits = |part: &str| part.bytes().all(|c| c.is_ascii_digit());
        if number.is_empty() || !all_digits(number) || !all_digits(fraction) {
            return None;
        }
        let number: i64 = number.parse().ok()?;
        let number = if is_negative { -number } else { number };
        if fraction.is_empty() {
            return Self::from_number(number, unit);
        }
        let unit = match unit {
            TimeUnit::Auto if text.parse().is_ok_and(|days| LIKELY_DAYS.contains(&days)) => {
                TimeUnit::Julian
            }
            TimeUnit::Auto => TimeUnit::by_magnitude(number),
            other => other,
        };
        let Some((factor, digits)) = unit.scale() else {
            return Self::from_real(text.parse().ok()?, unit);
        };
        let kept = fraction.get(..fraction.len().min(18))?;
        let n_kept = u32::try_from(kept.len()).ok()?;
        let part = i128::from(kept.parse::<i64>().ok()?) * i128::from(factor);
        let part = i64::try_from(part / 10_i128.checked_pow(n_kept)?).ok()?;
        let part = if is_negative { -part } else { part };
        let nanos = number.checked_mul(factor)?.checked_add(part)?;
        let digits = usize::from(digits).saturating_add(fraction.len()).min(9);
        Some(read(nanos, u8::try_from(digits).ok()?))
    }

    /// The moment that an id carries, as text or as its sixteen bytes; `None` where it is none.
    ///
    /// ```
    /// use annals::event::{TimeUnit, Timestamp};
    /// let read = Timestamp::from_id(b"01HF7YAT00DS3XQ5J2S4W8X0V1", TimeUnit::Ulid).unwrap();
    /// assert_eq!(read.time.rfc3339(read.digits), "2023-11-14T22:13:20.000Z");
    /// ```
    pub fn from_id(id: &[u8], unit: TimeUnit) -> Option<ReadTime> {
        let ms = match unit {
            TimeUnit::Ulid if id.len() == 16 => first_48_bits(id)?,
            TimeUnit::Uuid7 if id.len() == 16 => {
                let version = id.get(6)? >> 4;
                first_48_bits(id).filter(|_| version == 7)?
            }
            TimeUnit::Ulid => ulid_ms(id)?,
            TimeUnit::Uuid7 => uuid7_ms(id)?,
            TimeUnit::Uuid1 => return uuid1_time(id),
            _ => return None,
        };
        Self::from_number(ms, TimeUnit::Ms)
    }

    fn from_seconds(seconds: f64) -> Option<ReadTime> {
        let micros = (seconds * 1e6).round();
        #[expect(clippy::cast_possible_truncation, reason = "bounded before")]
        (micros.abs() < 9.2e15).then(|| read(micros as i64 * 1000, 6))
    }

    fn from_julian(days: f64) -> Option<ReadTime> {
        let ms = ((days - DAY_AT_1970) * MS_OF_A_DAY).round();
        #[expect(clippy::cast_possible_truncation, reason = "bounded before")]
        (ms.abs() < 9.2e12).then(|| read(ms as i64 * 1_000_000, 3))
    }
}

fn read(nanos: i64, digits: u8) -> ReadTime {
    ReadTime {
        time: Timestamp(nanos),
        digits,
        zoned: true,
    }
}

/// The number where it is whole, and small enough that every whole number is exact.
fn whole(number: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "bounded before")]
    (number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0).then_some(number as i64)
}

fn first_48_bits(bytes: &[u8]) -> Option<i64> {
    let head = bytes.get(..6)?;
    Some(head.iter().fold(0, |sum, byte| sum << 8 | i64::from(*byte)))
}

/// The first ten of 26 characters in Crockford's base 32.
fn ulid_ms(id: &[u8]) -> Option<i64> {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let value = |c: &u8| {
        let c = c.to_ascii_uppercase();
        let at = ALPHABET.iter().position(|known| *known == c)?;
        i64::try_from(at).ok()
    };
    let fits = id.len() == 26 && id.iter().all(|c| value(c).is_some()) && id.first() <= Some(&b'7');
    let head = id.get(..10).filter(|_| fits)?;
    head.iter()
        .try_fold(0_i64, |ms, c| Some(ms << 5 | value(c)?))
}

/// The first twelve of 32 hexadecimal digits, with or without dashes; the next must be a 7.
fn uuid7_ms(id: &[u8]) -> Option<i64> {
    let digits: Vec<u8> = id.iter().copied().filter(|c| *c != b'-').collect();
    let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
    if digits.len() != 32 || !is_hex || digits.get(12) != Some(&b'7') {
        return None;
    }
    let head = std::str::from_utf8(digits.get(..12)?).ok()?;
    i64::from_str_radix(head, 16).ok()
}

/// The time in a UUID of version 1, as 32 hexadecimal digits with or without dashes, or 16 bytes.
fn uuid1_time(id: &[u8]) -> Option<ReadTime> {
    let number = if id.len() == 16 {
        u128::from_be_bytes(id.try_into().ok()?)
    } else {
        let digits: Vec<u8> = id.iter().copied().filter(|c| *c != b'-').collect();
        let is_hex = digits.len() == 32 && digits.iter().all(u8::is_ascii_hexdigit);
        let text = std::str::from_utf8(&digits).ok().filter(|_| is_hex)?;
        u128::from_str_radix(text, 16).ok()?
    };
    let part = |shift: u32, mask: u128| i64::try_from(number >> shift & mask).ok();
    if part(76, 0xf)? != 1 {
        return None;
    }
    let tenths = part(64, 0x0fff)? << 48 | part(80, 0xffff)? << 32 | part(96, 0xffff_ffff)?;
    let since_1970 = tenths.checked_sub(TENTHS_AT_1970)?;
    let digits = if since_1970 % 10 == 0 { 6 } else { 7 };
    Some(read(since_1970.checked_mul(100)?, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeuuid_tells_its_time_to_the_tenth_of_a_microsecond() {
        let id = |text: &str| Timestamp::from_id(text.as_bytes(), TimeUnit::Uuid1);
        shows(
            id("4d8f4b80-d7a8-11ee-801d-0a0b0c0d0e0f"),
            "2024-03-01T08:47:15.077824Z",
        );
        assert_eq!(id("018bcfe5-6800-7abc-8def-0123456789ab"), None);
    }

    #[track_caller]
    fn shows(read: Option<ReadTime>, expected: &str) {
        let read = read.unwrap();
        assert_eq!(read.time.rfc3339(read.digits), expected);
    }

    #[test]
    fn numbers_are_read_by_magnitude() {
        for (number, expected) in [
            (1_700_000_000, "2023-11-14T22:13:20Z"),
            (1_700_000_000_000, "2023-11-14T22:13:20.000Z"),
            (1_700_000_000_000_000, "2023-11-14T22:13:20.000000Z"),
            (1_700_000_000_000_000_001, "2023-11-14T22:13:20.000000001Z"),
            (638_355_968_000_000_000, "2023-11-14T22:13:20.0000000Z"),
        ] {
            shows(Timestamp::from_number(number, TimeUnit::Auto), expected);
        }
        shows(
            Timestamp::from_real(2_460_263.425_925_926, TimeUnit::Auto),
            "2023-11-14T22:13:20.000Z",
        );
        shows(
            Timestamp::from_number(600_000_000_000_000_000, TimeUnit::Auto),
            "1989-01-05T10:40:00.000000000Z",
        );
    }

    #[test]
    fn units_that_are_named_are_kept_to() {
        let from = Timestamp::from_number;
        shows(
            from(621_355_968_000_000_000, TimeUnit::Ticks),
            "1970-01-01T00:00:00.0000000Z",
        );
        shows(
            from(2_440_588, TimeUnit::Julian),
            "1970-01-01T12:00:00.000Z",
        );
        assert_eq!(from(0, TimeUnit::Ticks), None);
        assert_eq!(from(5, TimeUnit::Ulid), None);
        assert_eq!(Timestamp::from_real(f64::NAN, TimeUnit::Julian), None);
    }

    #[test]
    fn digits_with_a_fraction_are_exact() {
        for (text, unit, expected) in [
            ("1700000000.123", TimeUnit::S, "2023-11-14T22:13:20.123Z"),
            (
                "1700000000.123456789",
                TimeUnit::Auto,
                "2023-11-14T22:13:20.123456789Z",
            ),
            ("1700000000.5", TimeUnit::Auto, "2023-11-14T22:13:20.5Z"),
            ("-1.25", TimeUnit::S, "1969-12-31T23:59:58.75Z"),
            (
                "1700000000123.25",
                TimeUnit::Auto,
                "2023-11-14T22:13:20.12325Z",
            ),
            ("2460263.5", TimeUnit::Auto, "2023-11-15T00:00:00.000Z"),
            (
                "1700000000.1234567890123456789012",
                TimeUnit::S,
                "2023-11-14T22:13:20.123456789Z",
            ),
        ] {
            shows(Timestamp::from_digits(text, unit), expected);
        }
        for text in ["", ".5", "-", "1.2.3", "1-2", "99999999999999999999.5"] {
            assert_eq!(Timestamp::from_digits(text, TimeUnit::S), None, "{text}");
        }
    }

    #[test]
    fn ids_that_carry_a_time_give_it() {
        let moment = "2023-11-14T22:13:20.000Z";
        let id = Timestamp::from_id;
        shows(
            id(b"018bcfe5-6800-7abc-8def-0123456789ab", TimeUnit::Uuid7),
            moment,
        );
        shows(
            id(b"018BCFE568007abc8def0123456789ab", TimeUnit::Uuid7),
            moment,
        );
        shows(
            id(
                b"\x01\x8b\xcf\xe5\x68\x00\x7a\xbc\x8d\xef\x01\x23\x45\x67\x89\xab",
                TimeUnit::Uuid7,
            ),
            moment,
        );
        shows(id(b"01hf7yat00ds3xq5j2s4w8x0v1", TimeUnit::Ulid), moment);
        for no in [
            "018bcfe5-6800-4abc-8def-0123456789ab",
            "018bcfe5-6800-7abc-8def-0123456789a",
            "",
        ] {
            assert_eq!(id(no.as_bytes(), TimeUnit::Uuid7), None, "{no}");
        }
        for no in [
            "81HF7YAT00DS3XQ5J2S4W8X0V1",
            "01HF7YAT00DS3XQ5J2S4W8X0VU",
            "01HF",
        ] {
            assert_eq!(id(no.as_bytes(), TimeUnit::Ulid), None, "{no}");
        }
    }
}
