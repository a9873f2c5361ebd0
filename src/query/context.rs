//! What a filter counts from: now, the playhead, the markers, the zone; and times as they are written.

use crate::event::{Position, Timestamp, Zone};

/// What the words of a filter count from. A filter without such words needs none of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// `today` is the day of this moment.
    pub now: Timestamp,
    /// `-2h` counts from this moment: the playhead's, or without a window from now.
    pub from: Timestamp,
    /// The zone of times that name none.
    pub zone: Zone,
    /// The places that a filter can name.
    pub marks: Marks,
}

/// The places that a filter can name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// The playhead; the last event where there is none.
    pub playhead: Option<Position>,
    /// Marker A: its first and its last event.
    pub a: Option<(Position, Position)>,
    /// Marker B: its first and its last event.
    pub b: Option<(Position, Position)>,
    /// The events with a bookmark, in any order.
    pub bookmarks: Vec<Position>,
    /// The events with a finding, in any order.
    pub findings: Vec<Position>,
}

impl Default for Context {
    fn default() -> Self {
        Self::at(Timestamp(0), Zone::Utc)
    }
}

const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400 * SECOND;

impl Context {
    /// Counts everything from one moment.
    pub fn at(now: Timestamp, zone: Zone) -> Self {
        Self {
            now,
            from: now,
            zone,
            marks: Marks::default(),
        }
    }

    /// The first and the last nanosecond that a time means, as exactly as it is written.
    pub(super) fn stretch(&self, text: &str) -> Option<(i64, i64)> {
        let text = text.trim();
        if let Some(read) = Timestamp::parse(text) {
            let length = precision(text, read.digits);
            // A date is a day of the zone's calendar, however long that day is.
            let moment = |wall: i64| {
                if read.zoned {
                    wall
                } else {
                    self.zone.moment_at_wall(Timestamp(wall)).0
                }
            };
            let end = moment(read.time.0.saturating_add(length));
            return Some((moment(read.time.0), end.saturating_sub(1)));
        }
        let today = self.zone.wall(self.now).0.div_euclid(DAY);
        let day = |day: i64| {
            let at = |day: i64| {
                self.zone
                    .moment_at_wall(Timestamp(day.saturating_mul(DAY)))
                    .0
            };
            (at(day), at(day + 1).saturating_sub(1))
        };
        match text.to_ascii_lowercase().as_str() {
            "today" => return Some(day(today)),
            "yesterday" => return Some(day(today - 1)),
            _ => {}
        }
        let (sign, rest) = match (text.strip_prefix('-'), text.strip_prefix('+')) {
            (Some(rest), _) => (-1, rest),
            (_, Some(rest)) => (1, rest),
            _ => return None,
        };
        let moment = self.from.0.checked_add(sign * duration(rest)?)?;
        Some((moment, moment))
    }
}

/// How long the stretch is that a written time stands for.
fn precision(text: &str, digits: u8) -> i64 {
    if text.len() == 10 {
        return DAY;
    }
    // Hours and minutes alone mean the whole minute.
    let clock = text.get(11..).unwrap_or("");
    let clock = &clock[..clock.find(['Z', 'z', '+', '-']).unwrap_or(clock.len())];
    if clock.matches(':').count() == 1 {
        return 60 * SECOND;
    }
    10_i64.pow(9 - u32::from(digits.min(9)))
}

/// `90m`, `1h30m`, in nanoseconds.
fn duration(text: &str) -> Option<i64> {
    const UNITS: [(&str, i64); 6] = [
        ("ms", SECOND / 1000),
        ("s", SECOND),
        ("m", 60 * SECOND),
        ("h", 3600 * SECOND),
        ("d", DAY),
        ("w", 7 * DAY),
    ];
    let (mut rest, mut sum) = (text, 0_i64);
    while !rest.is_empty() || text.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let (unit, length) = UNITS.iter().find(|(unit, _)| rest.starts_with(unit))?;
        rest = &rest[unit.len()..];
        sum = sum.checked_add(number.checked_mul(*length)?)?;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_means_as_much_as_it_says() {
        let now = Timestamp::parse("2024-03-13T12:00:00Z").unwrap().time;
        let context = Context::at(now, Zone::Utc);
        let said = |text: &str| {
            let (from, to) = context.stretch(text).unwrap();
            (
                Timestamp(from).rfc3339(0),
                Timestamp(to.saturating_add(1)).rfc3339(0),
            )
        };
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(
            said("2024-03-12"),
            pair("2024-03-12T00:00:00Z", "2024-03-13T00:00:00Z")
        );
        assert_eq!(
            said("2024-03-12 14:32"),
            pair("2024-03-12T14:32:00Z", "2024-03-12T14:33:00Z")
        );
        assert_eq!(
            said("2024-03-12T14:32:07Z"),
            pair("2024-03-12T14:32:07Z", "2024-03-12T14:32:08Z")
        );
        assert_eq!(
            said("yesterday"),
            pair("2024-03-12T00:00:00Z", "2024-03-13T00:00:00Z")
        );
        assert_eq!(context.stretch("-1h30m").unwrap().0, now.0 - 5400 * SECOND);
        for text in ["", "-", "-2", "-h", "2h", "soon"] {
            assert!(context.stretch(text).is_none(), "{text}");
        }
    }
}
