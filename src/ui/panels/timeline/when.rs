//! Points in time as the timeline writes them, in the zone that the person chose.

use crate::event::{Timestamp, Zone};

/// The months, short as on the ruler.
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The months in full, for reading out.
const MONTHS_IN_FULL: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A wall clock taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) year: i64,
    pub(super) month: u32,
    pub(super) day: u32,
    nanos: i64,
}

impl Clock {
    /// The fields of a moment that has been moved to the zone's wall clock.
    pub(super) fn of_wall(wall: i64) -> Self {
        let (year, month, day, nanos) = Timestamp(wall).civil();
        Self {
            year,
            month,
            day,
            nanos,
        }
    }

    fn of(time: Timestamp, zone: Zone) -> Self {
        Self::of_wall(zone.wall(time).0)
    }

    /// `Mar`
    pub(super) fn month_name(self) -> &'static str {
        name(&MONTHS, self.month)
    }

    /// `Mar 12`
    pub(super) fn day_name(self) -> String {
        format!("{} {}", self.month_name(), self.day)
    }

    /// `14:32`
    pub(super) fn minutes(self) -> String {
        let minutes = self.nanos / 60_000_000_000;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }

    /// `14:32:07`
    pub(super) fn seconds(self) -> String {
        format!("{}:{:02}", self.minutes(), self.nanos / 1_000_000_000 % 60)
    }

    /// `.418`, with as many digits as asked for; nothing for none.
    pub(super) fn fraction(self, digits: usize) -> String {
        if digits == 0 {
            return String::new();
        }
        let nanos = format!("{:09}", self.nanos % 1_000_000_000);
        format!(".{}", &nanos[..digits.min(9)])
    }
}

/// `2024-03-12 14:32:07.418`
pub(in crate::ui::panels) fn full(time: Timestamp, zone: Zone, digits: u8) -> String {
    zone.wall(time).date_time(' ', digits)
}

/// `Mar 12 14:32:07`, with a fraction where digits are asked for.
pub(super) fn short(time: Timestamp, zone: Zone, digits: usize) -> String {
    let clock = Clock::of(time, zone);
    format!(
        "{} {}{}",
        clock.day_name(),
        clock.seconds(),
        clock.fraction(digits)
    )
}

/// `12 March 2024`
pub(super) fn spoken_day(time: Timestamp, zone: Zone) -> String {
    let clock = Clock::of(time, zone);
    let month = name(&MONTHS_IN_FULL, clock.month);
    format!("{} {month} {}", clock.day, clock.year)
}

/// `12 March 2024 14:32:07 UTC`
pub(super) fn spoken(time: Timestamp, zone: Zone) -> String {
    let day = spoken_day(time, zone);
    format!(
        "{day} {} {}",
        Clock::of(time, zone).seconds(),
        zone.label(time)
    )
}

fn name(names: &[&'static str; 12], month: u32) -> &'static str {
    names
        .get(month.saturating_sub(1) as usize)
        .copied()
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_their_zone() {
        let time = Timestamp::parse("2024-03-12T23:32:07.418Z").unwrap().time;
        let paris = Zone::parse("Europe/Paris").unwrap();
        assert_eq!(short(time, Zone::Utc, 0), "Mar 12 23:32:07");
        assert_eq!(short(time, paris, 3), "Mar 13 00:32:07.418");
        assert_eq!(spoken(time, Zone::Utc), "12 March 2024 23:32:07 UTC");
        assert_eq!(full(time, Zone::Utc, 3), "2024-03-12 23:32:07.418");
    }
}
