//! Time as a label: UTC nanoseconds, read from the many forms that stores use and printed exactly.
//!
//! Position orders events; a time only says when. The forms read here are those of RFC 3339 and
//! ISO 8601 with or without a zone, and SQLite's `CURRENT_TIMESTAMP`; numbers and ids that stand for
//! a time are read beside it, by [`TimeUnit`](super::TimeUnit).

use std::fmt::Write as _;

/// A moment: nanoseconds since 1970-01-01T00:00:00Z, from 1677-09-21 to 2262-04-11.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// A time as read, with what its text said about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadTime {
    /// The moment.
    pub time: Timestamp,
    /// How many fraction digits the source had, 0 to 9.
    pub digits: u8,
    /// Whether the source named a zone; without one UTC is assumed.
    pub zoned: bool,
}

impl ReadTime {
    /// ISO 8601 in UTC, with as many digits as it has, and a `Z` only where a zone was named.
    pub fn text(self) -> String {
        let mut text = self.time.date_time('T', self.digits);
        text.extend(self.zoned.then_some('Z'));
        text
    }
}

/// The zone in which times are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Zone {
    /// Coordinated Universal Time.
    #[default]
    Utc,
    /// The zone of the system.
    Local,
    /// A zone of the tz database, such as `Europe/Paris`.
    Named(chrono_tz::Tz),
}

const NANOS: i128 = 1_000_000_000;

impl Timestamp {
    /// Reads a text form; `None` where it is no time or lies outside the range.
    ///
    /// ```
    /// use annals::event::Timestamp;
    /// let read = Timestamp::parse("2024-03-01T09:00:00.5+01:00").unwrap();
    /// assert_eq!(read.time.rfc3339(read.digits), "2024-03-01T08:00:00.5Z");
    /// ```
    pub fn parse(text: &str) -> Option<ReadTime> {
        parse_iso(text.trim().as_bytes())
    }

    /// As [`Self::parse`], of bytes without white space around them: cheaper, for nothing but ASCII is
    /// a time.
    #[inline]
    pub fn parse_bytes(text: &[u8]) -> Option<ReadTime> {
        parse_iso(text)
    }

    /// RFC 3339 in UTC with `digits` fraction digits, as on the command line.
    pub fn rfc3339(self, digits: u8) -> String {
        let mut text = self.date_time('T', digits);
        text.push('Z');
        text
    }

    /// ISO date, `separator`, time of day in UTC with `digits` fraction digits.
    pub fn date_time(self, separator: char, digits: u8) -> String {
        let (year, month, day, nanos_of_day) = self.civil();
        let (secs, nanos) = (nanos_of_day / 1_000_000_000, nanos_of_day % 1_000_000_000);
        let mut text = String::with_capacity(36);
        if (0..10_000).contains(&year) {
            push_digits(&mut text, year, 4);
        } else {
            write!(text, "{year:04}").ok();
        }
        for (before, number) in [
            ('-', i64::from(month)),
            ('-', i64::from(day)),
            (separator, secs / 3600),
            (':', secs / 60 % 60),
            (':', secs % 60),
        ] {
            text.push(before);
            push_digits(&mut text, number, 2);
        }
        if digits > 0 {
            let shown = u32::from(digits.min(9));
            text.push('.');
            push_digits(&mut text, nanos / 10_i64.pow(9 - shown), shown);
        }
        text
    }

    /// Year, month, day (UTC) and nanoseconds since midnight.
    pub fn civil(self) -> (i64, u32, u32, i64) {
        const DAY: i64 = 86_400_000_000_000;
        let (year, month, day) = civil_from_days(self.0.div_euclid(DAY));
        (year, month, day, self.0.rem_euclid(DAY))
    }

    /// Midnight (UTC) of a day of the proleptic Gregorian calendar.
    pub fn from_civil(year: i64, month: u32, day: u32) -> Option<Self> {
        let days = days_from_civil(year, month, day);
        i64::try_from(i128::from(days) * 86_400 * NANOS)
            .ok()
            .map(Self)
    }
}

/// A number that is not negative, with so many digits: times are written by the million, and the
/// machinery of `write!` takes several times as long.
fn push_digits(text: &mut String, number: i64, digits: u32) {
    for place in (0..digits).rev() {
        let digit = u8::try_from(number / 10_i64.pow(place) % 10).unwrap_or(0);
        text.push(char::from(b'0' + digit));
    }
}

/// The names of all zones that can be named: `UTC`, `local`, then those of the tz database by name.
pub fn zone_names() -> Vec<&'static str> {
    let named = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let named = named.filter(|name| *name != "UTC");
    ["UTC", "local"].into_iter().chain(named).collect()
}

impl Zone {
    /// Reads `UTC`, `local` or a name of the tz database.
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "utc" | "z" => Some(Self::Utc),
            "local" => Some(Self::Local),
            _ => text.parse().ok().map(Self::Named),
        }
    }

    /// The name by which [`Self::parse`] knows it.
    pub fn name(self) -> String {
        match self {
            Self::Utc => "UTC".to_owned(),
            Self::Local => "local".to_owned(),
            Self::Named(zone) => zone.name().to_owned(),
        }
    }

    /// How far the zone's clock is ahead of UTC at `time`, in seconds.
    pub fn offset_secs(self, time: Timestamp) -> i32 {
        use chrono::{Offset as _, TimeZone as _};
        let utc = chrono::DateTime::from_timestamp_nanos(time.0).naive_utc();
        match self {
            Self::Utc => 0,
            Self::Local => chrono::Local
                .offset_from_utc_datetime(&utc)
                .fix()
                .local_minus_utc(),
            Self::Named(zone) => zone.offset_from_utc_datetime(&utc).fix().local_minus_utc(),
        }
    }

    /// The zone's name as shown: `UTC`, or its offset at `time` such as `+02:00`.
    pub fn label(self, time: Timestamp) -> String {
        if self == Self::Utc {
            return "UTC".to_owned();
        }
        let secs = self.offset_secs(time);
        let sign = if secs < 0 { '-' } else { '+' };
        format!("{sign}{:02}:{:02}", secs.abs() / 3600, secs.abs() / 60 % 60)
    }

    /// `time` moved so that its UTC fields are the zone's wall clock.
    pub fn wall(self, time: Timestamp) -> Timestamp {
        Timestamp(
            time.0
                .saturating_add(i64::from(self.offset_secs(time)) * 1_000_000_000),
        )
    }

    /// The moment at which the zone's wall clock shows `wall`; the earlier one where there are two.
    pub fn moment_at_wall(self, wall: Timestamp) -> Timestamp {
        use chrono::TimeZone as _;
        let naive = chrono::DateTime::from_timestamp_nanos(wall.0).naive_utc();
        let moment = match self {
            Self::Utc => return wall,
            Self::Local => chrono::Local
                .from_local_datetime(&naive)
                .earliest()
                .and_then(|t| t.timestamp_nanos_opt()),
            Self::Named(zone) => zone
                .from_local_datetime(&naive)
                .earliest()
                .and_then(|t| t.timestamp_nanos_opt()),
        };
        // A wall clock that was skipped by a change of the clocks: take the offset around it.
        let skipped = || {
            wall.0
                .saturating_sub(i64::from(self.offset_secs(wall)) * 1_000_000_000)
        };
        Timestamp(moment.unwrap_or_else(skipped))
    }
}

fn parse_iso(b: &[u8]) -> Option<ReadTime> {
    let ([y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2], rest) = b.split_first_chunk()? else {
        return None;
    };
    let year = pair(*y1, *y2)? * 100 + pair(*y3, *y4)?;
    let (month, day) = (pair(*m1, *m2)?, pair(*d1, *d2)?);
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    let days = days_from_civil(i64::from(year), month, day);
    let (secs_of_day, nanos, digits, offset, zoned) = if rest.is_empty() {
        (0, 0, 0, 0, false)
    } else {
        parse_time_of_day(rest)?
    };
    let secs = days * 86_400 + i64::from(secs_of_day) - i64::from(offset);
    let time = nanos_of(secs, nanos)?;
    Some(ReadTime {
        time: Timestamp(time),
        digits,
        zoned,
    })
}

/// Nanoseconds since 1970, where they fit: also those of the first second, which lies partly outside.
fn nanos_of(secs: i64, nanos: u32) -> Option<i64> {
    let whole = secs.checked_mul(1_000_000_000);
    if let Some(whole) = whole {
        return whole.checked_add(i64::from(nanos));
    }
    i64::try_from(i128::from(secs) * NANOS + i128::from(nanos)).ok()
}

/// The number that two digits stand for.
#[inline]
fn pair(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| u32::from(tens) * 10 + u32::from(ones))
}

/// Seconds of the day, nanoseconds, fraction digits, offset in seconds, whether a zone was named.
type TimeOfDay = (u32, u32, u8, i32, bool);

fn parse_time_of_day(b: &[u8]) -> Option<TimeOfDay> {
    let ([b'T' | b't' | b' ', h1, h2, b':', m1, m2], mut rest) = b.split_first_chunk()? else {
        return None;
    };
    let (hour, minute) = (pair(*h1, *h2)?, pair(*m1, *m2)?);
    let (mut second, mut nanos, mut digits) = (0, 0, 0);
    if let Some((b':', after)) = rest.split_first() {
        let ([s1, s2], after) = after.split_first_chunk()?;
        second = pair(*s1, *s2)?;
        rest = after;
        if let Some((b'.' | b',', after)) = rest.split_first() {
            let len = after.iter().take_while(|c| c.is_ascii_digit()).count();
            if len == 0 {
                return None;
            }
            (nanos, digits) = fraction(&after[..len]);
            rest = &after[len..];
        }
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (offset, zoned) = match rest {
        b"Z" => (0, true),
        _ => parse_zone(rest)?,
    };
    Some((
        hour * 3600 + minute * 60 + second,
        nanos,
        digits,
        offset,
        zoned,
    ))
}

/// Nanoseconds and shown digits of a fraction; what is finer than a nanosecond is cut.
fn fraction(digits: &[u8]) -> (u32, u8) {
    let kept = &digits[..digits.len().min(9)];
    let value = kept.iter().fold(0, |sum, d| sum * 10 + u32::from(d - b'0'));
    const SCALE: [u32; 10] = [
        1_000_000_000,
        100_000_000,
        10_000_000,
        1_000_000,
        100_000,
        10_000,
        1_000,
        100,
        10,
        1,
    ];
    #[expect(clippy::cast_possible_truncation, reason = "at most 9")]
    (value * SCALE[kept.len()], kept.len() as u8)
}

fn parse_zone(b: &[u8]) -> Option<(i32, bool)> {
    let b = b.trim_ascii();
    match b {
        b"" => return Some((0, false)),
        b"Z" | b"z" | b"UTC" => return Some((0, true)),
        _ => {}
    }
    let sign = match b[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = match b.len() {
        3 => (number(&b[1..3])?, 0),
        5 => (number(&b[1..3])?, number(&b[3..5])?),
        6 if b[3] == b':' => (number(&b[1..3])?, number(&b[4..6])?),
        _ => return None,
    };
    let secs = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    (hours <= 23 && minutes <= 59).then_some((sign * secs, true))
}

fn number(b: &[u8]) -> Option<u32> {
    b.iter().try_fold(0_u32, |sum, c| {
        c.is_ascii_digit().then(|| sum * 10 + u32::from(c - b'0'))
    })
}

fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01; Howard Hinnant's `days_from_civil`.
fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let mp = i64::from((month + 9) % 12);
    let doy = (153 * mp + 2) / 5 + i64::from(day) - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    era * 146_097 + doe - 719_468
}

/// Year, month and day; Howard Hinnant's `civil_from_days`.
fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "1..=31 and 1..=12"
    )]
    let (day, month) = (
        (doy - (153 * mp + 2) / 5 + 1) as u32,
        (if mp < 10 { mp + 3 } else { mp - 9 }) as u32,
    );
    (yoe + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, expected: &str) {
        let read = Timestamp::parse(text).unwrap();
        assert_eq!(read.time.rfc3339(read.digits), expected, "{text}");
    }

    #[test]
    fn the_forms_that_stores_use_are_read() {
        reads(
            "2026-01-05T08:08:59.579005+00:00",
            "2026-01-05T08:08:59.579005Z",
        );
        reads("2026-02-02 09:03:28", "2026-02-02T09:03:28Z");
        reads("2024-02-29", "2024-02-29T00:00:00Z");
        reads(
            "2024-03-01T09:00:00.1234567+0100",
            "2024-03-01T08:00:00.1234567Z",
        );
        reads(
            "1969-12-31T23:59:59.999999999Z",
            "1969-12-31T23:59:59.999999999Z",
        );
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2024-02-30",
            "2023-02-29T00:00:00Z",
            "20240101",
            "2024-01-01T25:00",
            "9999-01-01",
            "x".repeat(40).as_str(),
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_wall_clock_goes_to_the_moment_and_back() {
        let zone = Zone::parse("Europe/Paris").unwrap();
        let moment = Timestamp::parse("2024-07-01T10:00:00Z").unwrap().time;
        assert_eq!(zone.wall(moment).rfc3339(0), "2024-07-01T12:00:00Z");
        assert_eq!(zone.moment_at_wall(zone.wall(moment)), moment);
        assert_eq!(zone.label(moment), "+02:00");
    }
}
