//! Columns of the calendar: at most two dozen of them over the times of a history, in UTC.

use crate::event::Timestamp;
use crate::history::EventLog;

/// The most columns.
const MOST: usize = 24;
const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400 * SECOND;
/// Lengths of columns below a month.
const LENGTHS: [i64; 12] = [
    SECOND / 1000,
    SECOND,
    10 * SECOND,
    60 * SECOND,
    10 * 60 * SECOND,
    3600 * SECOND,
    3 * 3600 * SECOND,
    6 * 3600 * SECOND,
    12 * 3600 * SECOND,
    DAY,
    2 * DAY,
    7 * DAY,
];
/// Lengths from a month on, in months.
const MONTHS: [i64; 7] = [1, 3, 6, 12, 60, 120, 1200];
/// 1970-01-05, a Monday: weeks begin there.
const MONDAY: i64 = 4 * DAY;

/// How long a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DriftUnit {
    /// So many nanoseconds.
    Nanos(i64),
    /// So many months.
    Months(i64),
}

/// Where columns begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriftColumns {
    /// The beginning of each, rising; none where no event has a time.
    pub starts: Vec<Timestamp>,
    /// How long they are.
    pub unit: DriftUnit,
}

impl Default for DriftColumns {
    fn default() -> Self {
        Self {
            starts: Vec::new(),
            unit: DriftUnit::Months(1),
        }
    }
}

impl DriftColumns {
    /// The shortest columns of which two dozen cover the times of a history.
    pub fn of(log: &EventLog) -> Self {
        let Some((first, last)) = log.time_range() else {
            return Self::default();
        };
        let lengths = LENGTHS.iter().map(|length| DriftUnit::Nanos(*length));
        let units = lengths.chain(MONTHS.iter().map(|months| DriftUnit::Months(*months)));
        for unit in units {
            let starts = starts(first, last, unit);
            if let Some(starts) = starts {
                return Self { starts, unit };
            }
        }
        Self::default()
    }

    /// In which column a time lies.
    pub fn of_time(&self, time: Timestamp) -> Option<usize> {
        self.starts
            .partition_point(|start| *start <= time)
            .checked_sub(1)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }
}

/// The beginnings, unless there would be too many of them.
fn starts(first: Timestamp, last: Timestamp, unit: DriftUnit) -> Option<Vec<Timestamp>> {
    let mut starts = Vec::new();
    let mut at = begin(first, unit)?;
    loop {
        starts.push(at);
        match next(at, unit) {
            Some(next) if next <= last => at = next,
            _ => break,
        }
        if starts.len() > MOST {
            return None;
        }
    }
    (starts.len() <= MOST).then_some(starts)
}

fn begin(time: Timestamp, unit: DriftUnit) -> Option<Timestamp> {
    match unit {
        DriftUnit::Nanos(length) => {
            let from = if length == 7 * DAY { MONDAY } else { 0 };
            let since = time.0.checked_sub(from)?;
            let whole = since.div_euclid(length).checked_mul(length)?;
            whole.checked_add(from).map(Timestamp)
        }
        DriftUnit::Months(months) => {
            let (year, month, ..) = time.civil();
            let all = year * 12 + i64::from(month) - 1;
            of_months(all.div_euclid(months) * months)
        }
    }
}

fn next(start: Timestamp, unit: DriftUnit) -> Option<Timestamp> {
    match unit {
        DriftUnit::Nanos(length) => start.0.checked_add(length).map(Timestamp),
        DriftUnit::Months(months) => {
            let (year, month, ..) = start.civil();
            of_months(year * 12 + i64::from(month) - 1 + months)
        }
    }
}

fn of_months(months: i64) -> Option<Timestamp> {
    let month = u32::try_from(months.rem_euclid(12) + 1).ok()?;
    Timestamp::from_civil(months.div_euclid(12), month, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(first: &str, last: &str) -> (usize, String, DriftUnit) {
        let time = |text: &str| Timestamp::parse(text).unwrap().time;
        let lengths = LENGTHS.iter().map(|length| DriftUnit::Nanos(*length));
        let mut units = lengths.chain(MONTHS.iter().map(|months| DriftUnit::Months(*months)));
        let found = units.find_map(|unit| Some((starts(time(first), time(last), unit)?, unit)));
        let (starts, unit) = found.unwrap();
        (starts.len(), starts[0].rfc3339(0), unit)
    }

    #[test]
    fn columns_begin_where_the_calendar_does() {
        assert_eq!(
            said("2023-01-02T10:00:00Z", "2024-06-30T00:00:00Z"),
            (18, "2023-01-01T00:00:00Z".to_owned(), DriftUnit::Months(1))
        );
        let week = DriftUnit::Nanos(7 * DAY);
        let (n, first, unit) = said("2024-03-06T10:00:00Z", "2024-06-10T00:00:00Z");
        assert_eq!(
            (n, first.as_str(), unit),
            (15, "2024-03-04T00:00:00Z", week)
        );
        let once = said("2024-03-06T10:00:00Z", "2024-03-06T10:00:00Z");
        assert_eq!(once.0, 1);
        assert_eq!(
            said("1700-01-01T00:00:00Z", "2200-01-01T00:00:00Z").2,
            DriftUnit::Months(1200)
        );
    }
}
