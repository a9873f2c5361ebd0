//! Pieces of time in which events are counted: from a second to a year, on a wall clock.

use crate::event::{Timestamp, Zone};

/// The length of the pieces into which time is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// So many seconds; those that divide an hour begin with it, longer ones with the day.
    Seconds(u32),
    /// A day of the wall clock.
    Day,
    /// Seven days from Monday.
    Week,
    /// A calendar month.
    Month,
    /// Three calendar months.
    Quarter,
    /// A calendar year.
    Year,
}

/// All lengths that are chosen from, rising: those of the ruler.
const CANDIDATES: [Bucket; 16] = [
    Bucket::Seconds(1),
    Bucket::Seconds(5),
    Bucket::Seconds(15),
    Bucket::Seconds(30),
    Bucket::Seconds(60),
    Bucket::Seconds(5 * 60),
    Bucket::Seconds(15 * 60),
    Bucket::Seconds(30 * 60),
    Bucket::Seconds(3600),
    Bucket::Seconds(3 * 3600),
    Bucket::Seconds(6 * 3600),
    Bucket::Seconds(12 * 3600),
    Bucket::Day,
    Bucket::Week,
    Bucket::Month,
    Bucket::Quarter,
];

const SECOND: i64 = 1_000_000_000;
const HOUR: i64 = 3600 * SECOND;
const DAY: i64 = 24 * HOUR;

/// The shortest length of which at most `max_columns` cover the range, its end included.
pub fn auto_bucket(range: (Timestamp, Timestamp), max_columns: usize) -> Bucket {
    let nanos = i128::from(range.1.0) - i128::from(range.0.0);
    let most = i128::try_from(max_columns.max(1)).unwrap_or(1);
    let fits = |bucket: &&Bucket| {
        // One column may begin before the range.
        let columns = nanos / i128::from(bucket.least_nanos()) + 2;
        columns <= most || nanos < i128::from(bucket.least_nanos()) && most == 1
    };
    CANDIDATES
        .iter()
        .find(fits)
        .copied()
        .unwrap_or(Bucket::Year)
}

impl Bucket {
    /// The length of the shortest piece.
    fn least_nanos(self) -> i64 {
        match self {
            Self::Seconds(secs) => i64::from(secs.max(1)) * SECOND,
            Self::Day => DAY,
            Self::Week => 7 * DAY,
            Self::Month => 28 * DAY,
            Self::Quarter => 90 * DAY,
            Self::Year => 365 * DAY,
        }
    }

    /// What one piece is called: `5 min`, `week`.
    pub fn label(self) -> String {
        match self {
            Self::Seconds(1) => "second".to_owned(),
            Self::Seconds(60) => "minute".to_owned(),
            Self::Seconds(3600) => "hour".to_owned(),
            Self::Seconds(secs) if secs % 3600 == 0 => format!("{} h", secs / 3600),
            Self::Seconds(secs) if secs % 60 == 0 => format!("{} min", secs / 60),
            Self::Seconds(secs) => format!("{secs} s"),
            Self::Day => "day".to_owned(),
            Self::Week => "week".to_owned(),
            Self::Month => "month".to_owned(),
            Self::Quarter => "quarter".to_owned(),
            Self::Year => "year".to_owned(),
        }
    }

    /// The bounds of the pieces that cover a range, its end included: strictly rising, at least two.
    ///
    /// Never more than `max_columns` pieces: what comes after falls into no piece.
    pub fn edges(
        self,
        range: (Timestamp, Timestamp),
        zone: Zone,
        max_columns: usize,
    ) -> Vec<Timestamp> {
        let mut start = self.start_of(self.wall(zone, range.0));
        let mut edges = vec![self.moment(zone, start).min(range.0)];
        while edges.len() <= max_columns.max(1) {
            let next = self.next(start);
            if next <= start {
                break;
            }
            start = next;
            let edge = self.moment(zone, start);
            if edge > *edges.last().unwrap_or(&Timestamp(i64::MIN)) {
                edges.push(edge);
            }
            if edge > range.1 {
                break;
            }
        }
        if edges.len() < 2 {
            edges.push(Timestamp(i64::MAX));
        }
        edges
    }

    /// As [`Self::edges`], with pieces counted from the beginning of the range: its first seven days,
    /// its next seven, …; a month that begins on a 31st ends with the next one. The last piece ends
    /// with the range.
    pub fn edges_from(
        self,
        range: (Timestamp, Timestamp),
        zone: Zone,
        max_columns: usize,
    ) -> Vec<Timestamp> {
        let start = self.wall(zone, range.0);
        let end = Timestamp(range.1.0.saturating_add(1));
        let mut edges = vec![range.0];
        let mut nth = 1;
        while edges.len() <= max_columns.max(1) {
            let edge = self.moment(zone, self.ahead(start, nth)).min(end);
            if edge > *edges.last().unwrap_or(&Timestamp(i64::MIN)) {
                edges.push(edge);
            }
            if edge >= end {
                break;
            }
            nth += 1;
        }
        if edges.len() < 2 {
            edges.push(Timestamp(i64::MAX));
        }
        edges
    }

    /// So many pieces after `start`, on the wall clock; `i64::MAX` at the end of time.
    fn ahead(self, start: Timestamp, nth: u32) -> Timestamp {
        let months = match self {
            Self::Seconds(_) | Self::Day | Self::Week => {
                let length = self.least_nanos().checked_mul(i64::from(nth));
                let ahead = length.and_then(|length| start.0.checked_add(length));
                return Timestamp(ahead.unwrap_or(i64::MAX));
            }
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        };
        let (year, month, day, nanos) = start.civil();
        let zero_based = i64::from(month) - 1 + i64::from(nth) * months;
        let month = |ahead: i64| {
            let zero_based = zero_based + ahead;
            let of_year = u32::try_from(zero_based.rem_euclid(12)).unwrap_or(0);
            Timestamp::from_civil(year + zero_based.div_euclid(12), of_year + 1, 1)
        };
        let same_day = month(0).and_then(|first| {
            let into = i64::from(day - 1).checked_mul(DAY)?.checked_add(nanos)?;
            first.0.checked_add(into)
        });
        let ahead = match (same_day, month(1)) {
            (Some(same_day), Some(next)) => same_day.min(next.0),
            _ => i64::MAX,
        };
        Timestamp(ahead)
    }

    /// Whether the pieces follow the wall clock through changes of the clocks; shorter ones do not,
    /// so that an hour that the clocks repeat is two pieces.
    fn follows_wall(self) -> bool {
        self.least_nanos() > HOUR
    }

    fn wall(self, zone: Zone, time: Timestamp) -> Timestamp {
        if self.follows_wall() {
            zone.wall(time)
        } else {
            time
        }
    }

    fn moment(self, zone: Zone, wall: Timestamp) -> Timestamp {
        if self.follows_wall() {
            zone.moment_at_wall(wall)
        } else {
            wall
        }
    }

    /// The beginning of the piece that holds `time`, both on the wall clock.
    fn start_of(self, time: Timestamp) -> Timestamp {
        let (year, month, _, _) = time.civil();
        let first_of = |month| Timestamp::from_civil(year, month, 1);
        let start = match self {
            Self::Seconds(_) | Self::Day => floor(time.0, self.least_nanos(), 0),
            // 1970-01-01 was a Thursday: Mondays lie four days after the weeks counted from it.
            Self::Week => floor(time.0, 7 * DAY, 4 * DAY),
            Self::Month => first_of(month),
            Self::Quarter => first_of((month - 1) / 3 * 3 + 1),
            Self::Year => first_of(1),
        };
        start.unwrap_or(Timestamp(i64::MIN))
    }

    /// The beginning of the piece after the one that begins at `start`; `i64::MAX` at the end of time.
    fn next(self, start: Timestamp) -> Timestamp {
        let (year, month, _, _) = start.civil();
        let after = |months: u32| {
            let zero_based = month - 1 + months;
            let year = year + i64::from(zero_based / 12);
            Timestamp::from_civil(year, zero_based % 12 + 1, 1)
        };
        let next = match self {
            Self::Seconds(_) | Self::Day | Self::Week => {
                start.0.checked_add(self.least_nanos()).map(Timestamp)
            }
            Self::Month => after(1),
            Self::Quarter => after(3),
            Self::Year => after(12),
        };
        next.unwrap_or(Timestamp(i64::MAX))
    }
}

fn floor(time: i64, step: i64, offset: i64) -> Option<Timestamp> {
    let into = time.checked_sub(offset)?.rem_euclid(step);
    time.checked_sub(into).map(Timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap().time
    }

    #[test]
    fn the_shortest_bucket_that_fits_is_chosen() {
        let day = (at("2024-03-01"), at("2024-03-02"));
        assert_eq!(auto_bucket(day, 30), Bucket::Seconds(3600));
        assert_eq!(auto_bucket((day.0, day.0), 30), Bucket::Seconds(1));
        let years = (at("2020-01-01"), at("2024-06-30"));
        assert_eq!(auto_bucket(years, 60), Bucket::Month);
        assert_eq!(auto_bucket(years, 40), Bucket::Quarter);
        assert_eq!(
            auto_bucket((Timestamp(i64::MIN + 1), Timestamp(i64::MAX)), 60),
            Bucket::Year
        );
    }

    #[test]
    fn calendar_buckets_begin_where_the_calendar_of_the_zone_says() {
        let range = (at("2024-02-15T12:00:00Z"), at("2024-04-02T00:00:00Z"));
        let dates = |bucket: Bucket, zone| {
            let edges = bucket.edges(range, zone, 100);
            edges.iter().map(|edge| edge.rfc3339(0)).collect::<Vec<_>>()
        };
        assert_eq!(
            dates(Bucket::Month, Zone::Utc),
            [
                "2024-02-01T00:00:00Z",
                "2024-03-01T00:00:00Z",
                "2024-04-01T00:00:00Z",
                "2024-05-01T00:00:00Z"
            ]
        );
        let paris = Zone::parse("Europe/Paris").unwrap();
        assert_eq!(
            dates(Bucket::Month, paris)[1..3],
            ["2024-02-29T23:00:00Z", "2024-03-31T22:00:00Z"]
        );
        assert_eq!(dates(Bucket::Week, Zone::Utc)[0], "2024-02-12T00:00:00Z");
    }

    #[test]
    fn pieces_from_the_start_are_as_many_in_each_month() {
        let weeks = |from: &str, to: &str| {
            let edges =
                Bucket::Week.edges_from((at(from), Timestamp(at(to).0 - 1)), Zone::Utc, 100);
            let days = edges.windows(2).map(|pair| (pair[1].0 - pair[0].0) / DAY);
            days.collect::<Vec<_>>()
        };
        assert_eq!(weeks("2024-02-01", "2024-03-01"), [7, 7, 7, 7, 1]);
        assert_eq!(weeks("2024-03-01", "2024-04-01"), [7, 7, 7, 7, 3]);
        let edges = Bucket::Month.edges_from((at("2024-01-31"), at("2024-04-15")), Zone::Utc, 100);
        let dates: Vec<String> = edges
            .iter()
            .map(|edge| edge.rfc3339(0)[..10].to_owned())
            .collect();
        assert_eq!(
            dates,
            ["2024-01-31", "2024-03-01", "2024-03-31", "2024-04-15"]
        );
    }

    #[test]
    fn edges_rise_and_cover_the_range_even_at_the_ends_of_time() {
        for bucket in [Bucket::Seconds(1), Bucket::Week, Bucket::Year] {
            for range in [
                (i64::MIN + 1, i64::MIN + 2),
                (i64::MAX - 1, i64::MAX),
                (0, 0),
            ] {
                let edges = bucket.edges((Timestamp(range.0), Timestamp(range.1)), Zone::Utc, 10);
                assert!(edges.len() >= 2 && edges.windows(2).all(|pair| pair[0] < pair[1]));
                assert!(edges[0].0 <= range.0);
            }
        }
    }
}
