//! A point in the history as people write it: `#861204`, `order-1220@7`, a time, or words.
//!
//! A point includes its event. A time means the last position whose time is not after it; a date or
//! a day in words means its end. Words count from a given now, so that nothing here reads a clock.

use super::event_log::EventLog;
use crate::event::{Position, StreamId, Timestamp, Version, Zone};

/// A point as written, not yet looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Point {
    /// `#861204`
    Position(u32),
    /// `order-1220@7`
    Version(String, Version),
    /// `order-1220 @2023-02-02`
    StreamTime(String, Timestamp),
    /// A time: the last position not after it.
    Time(Timestamp),
    /// `recorded 2024-03-01, occurred 2024-02-28`: see [`Point::resolve_as_of`].
    Both {
        /// What was recorded by then; `None` for all.
        recorded: Option<Box<Self>>,
        /// Of it what had occurred by then.
        occurred: Timestamp,
    },
}

/// Why a point could not be read or is not in the history.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PointError {
    /// The text is no point.
    #[error(
        "\"{0}\" is no point: write #861204, order-1220@7, a time such as 2024-03-12T14:32Z, or \"last friday 17:00\""
    )]
    NotAPoint(String),
    /// The position lies beyond the last one.
    #[error("position #{asked} is beyond the end: the last one is #{last}")]
    BeyondEnd {
        /// The position asked for.
        asked: u32,
        /// The last one there is.
        last: u32,
    },
    /// The stream has no such version.
    #[error("{stream} has no version {version}: it ends at {last}")]
    NoVersion {
        /// The stream's name.
        stream: String,
        /// The version asked for.
        version: i64,
        /// Its last version.
        last: i64,
    },
    /// There is no stream of that name.
    #[error("no stream is named {0}")]
    NoStream(String),
    /// Several categories have a stream of that name.
    #[error("{name} is a stream of {}: say which with --category", .categories.join(" and of "))]
    Ambiguous {
        /// The name asked for.
        name: String,
        /// The categories that have it, sorted.
        categories: Vec<String>,
    },
    /// Several files have a stream of that name.
    #[error("{name} is a stream in {}: say which with --file", .files.join(" and in "))]
    AmbiguousFile {
        /// The name asked for.
        name: String,
        /// The files that have it, sorted.
        files: Vec<String>,
    },
    /// Something else than what was recorded by then was asked for.
    #[error("this looks at what was recorded by a point: leave out by when it occurred")]
    NamesOccurred,
    /// No event of the history says when it occurred.
    #[error("no event here says when it occurred beside when it was recorded: leave that out")]
    NoOccurred,
    /// Nothing had happened yet.
    #[error("no event had happened by {0}")]
    BeforeStart(String),
}

impl Point {
    /// Reads a point; words count from `now`, times without a zone hold in `zone`.
    pub fn parse(text: &str, now: Timestamp, zone: Zone) -> Result<Self, PointError> {
        let text = text.trim();
        let no_point = || PointError::NotAPoint(text.to_owned());
        if let Some(digits) = text.strip_prefix('#') {
            let digits = digits.replace([',', ' '], "");
            return digits
                .parse()
                .map(Self::Position)
                .map_err(|_not_a_number| no_point());
        }
        if let Some(both) = Self::parse_both(text, now, zone) {
            return both;
        }
        if let Some((stream, time)) = text.rsplit_once(" @") {
            let moment = parse_moment(time, now, zone).ok_or_else(no_point)?;
            return Ok(Self::StreamTime(stream.trim().to_owned(), moment));
        }
        if let Some((stream, version)) = text.rsplit_once('@')
            && let Ok(version) = version.parse()
        {
            return Ok(Self::Version(stream.to_owned(), Version(version)));
        }
        let text = text.strip_prefix('@').unwrap_or(text);
        parse_moment(text, now, zone)
            .map(Self::Time)
            .ok_or_else(no_point)
    }

    /// The position that this point means, where it says nothing of when events occurred; `which` tells streams of the same name apart.
    pub fn resolve<'w>(
        &self,
        log: &EventLog,
        which: impl Into<Which<'w>>,
    ) -> Result<Position, PointError> {
        let which = which.into();
        match self {
            Self::Position(position) => match log.last() {
                Some(last) if *position <= last.0 => Ok(Position(*position)),
                last => Err(PointError::BeyondEnd {
                    asked: *position,
                    last: last.map_or(0, |last| last.0),
                }),
            },
            Self::Time(time) => log.last_at_time(*time).ok_or_else(|| before_start(*time)),
            Self::StreamTime(name, time) => {
                let stream = find_stream(log, name, which)?;
                let position = log.last_at_time(*time).ok_or_else(|| before_start(*time))?;
                let rank = log
                    .rank_at(stream, position)
                    .ok_or_else(|| before_start(*time))?;
                Ok(Position(log.events_of(stream)[rank as usize]))
            }
            Self::Version(name, version) => {
                let stream = find_stream(log, name, which)?;
                position_of_version(log, stream, *version)
            }
            Self::Both { .. } => Err(PointError::NamesOccurred),
        }
    }

    /// The stream that the point names, where it names one.
    pub fn stream_name(&self) -> Option<&str> {
        match self {
            Self::Version(name, _) | Self::StreamTime(name, _) => Some(name),
            Self::Both { recorded, .. } => recorded.as_ref()?.stream_name(),
            Self::Position(_) | Self::Time(_) => None,
        }
    }
}

fn before_start(time: Timestamp) -> PointError {
    PointError::BeforeStart(time.rfc3339(0))
}

/// What tells streams of the same name apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Which<'a> {
    /// Only streams of this category.
    pub category: Option<&'a str>,
    /// Only streams of the file with this name.
    pub file: Option<&'a str>,
}

impl<'a> From<Option<&'a str>> for Which<'a> {
    fn from(category: Option<&'a str>) -> Self {
        Self {
            category,
            file: None,
        }
    }
}

impl Which<'_> {
    /// Whether a stream is one of those.
    pub fn fits(self, log: &EventLog, stream: StreamId) -> bool {
        self.category
            .is_none_or(|category| log.category_of(stream) == category)
            && self
                .file
                .is_none_or(|file| log.file_of(stream) == Some(file))
    }
}

/// The one stream of that name that fits.
pub(super) fn find_stream(
    log: &EventLog,
    name: &str,
    which: Which<'_>,
) -> Result<StreamId, PointError> {
    let named = log.streams_named(name);
    let fitting: Vec<StreamId> = named
        .into_iter()
        .filter(|stream| which.fits(log, *stream))
        .collect();
    match fitting.as_slice() {
        [] => Err(PointError::NoStream(name.to_owned())),
        [only] => Ok(*only),
        _ => Err(ambiguous(log, name, &fitting)),
    }
}

fn ambiguous(log: &EventLog, name: &str, streams: &[StreamId]) -> PointError {
    let sorted = |of: &dyn Fn(StreamId) -> String| {
        let mut names: Vec<String> = streams.iter().map(|stream| of(*stream)).collect();
        names.sort();
        names.dedup();
        names
    };
    let categories = sorted(&|stream| log.category_of(stream).to_owned());
    let name = name.to_owned();
    if categories.len() > 1 {
        return PointError::Ambiguous { name, categories };
    }
    let files = sorted(&|stream| log.file_of(stream).unwrap_or_default().to_owned());
    PointError::AmbiguousFile { name, files }
}

fn position_of_version(
    log: &EventLog,
    stream: StreamId,
    version: Version,
) -> Result<Position, PointError> {
    match log.rank_of_version(stream, version) {
        Some(rank) => Ok(Position(log.events_of(stream)[rank as usize])),
        None => Err(PointError::NoVersion {
            stream: log.stream_name(stream).to_owned(),
            version: version.0,
            last: log
                .stream_span(stream)
                .last_version
                .map_or(0, |last| last.0),
        }),
    }
}

impl EventLog {
    /// The stream of that name; `which` tells streams of the same name apart.
    pub fn find_stream<'w>(
        &self,
        name: &str,
        which: impl Into<Which<'w>>,
    ) -> Result<StreamId, PointError> {
        find_stream(self, name, which.into())
    }

    /// The position of the last event of a stream that carries `version`.
    pub fn position_of_version(
        &self,
        stream: StreamId,
        version: Version,
    ) -> Result<Position, PointError> {
        position_of_version(self, stream, version)
    }
}

const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400 * SECOND;

/// A time, a date or words, in `zone` where it names none.
pub(super) fn parse_moment(text: &str, now: Timestamp, zone: Zone) -> Option<Timestamp> {
    let text = text.trim();
    if let Some(read) = Timestamp::parse(text) {
        if text.len() == 10 {
            return Some(end_of_day(read.time, zone));
        }
        return Some(if read.zoned {
            read.time
        } else {
            zone.moment_at_wall(read.time)
        });
    }
    let lower = text.to_ascii_lowercase();
    if lower == "now" {
        return Some(now);
    }
    relative(&lower, now).or_else(|| day_in_words(&lower, now, zone))
}

fn end_of_day(wall: Timestamp, zone: Zone) -> Timestamp {
    let midnight = wall.0.div_euclid(DAY) * DAY;
    zone.moment_at_wall(Timestamp(midnight.saturating_add(DAY - 1)))
}

/// `2 days ago`, `-2d`, `+1h30m`.
fn relative(text: &str, now: Timestamp) -> Option<Timestamp> {
    let (sign, mut rest) = match text.strip_suffix("ago") {
        Some(amount) => (-1, amount.trim()),
        None => match text.split_at_checked(1)? {
            ("-", amount) => (-1, amount.trim()),
            ("+", amount) => (1, amount.trim()),
            _ => return None,
        },
    };
    let mut total: i64 = 0;
    loop {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..digits].parse().ok()?;
        let after = rest[digits..].trim_start();
        let end = after.find(|c: char| !c.is_ascii_alphabetic());
        let (name, left) = after.split_at(end.unwrap_or(after.len()));
        total = total.checked_add(number.checked_mul(unit(name)?)?)?;
        rest = left.trim_start();
        if rest.is_empty() {
            return now.0.checked_add(sign * total).map(Timestamp);
        }
    }
}

/// How long a unit of time is.
fn unit(name: &str) -> Option<i64> {
    Some(match name {
        "ms" => SECOND / 1_000,
        "s" | "second" | "seconds" => SECOND,
        "m" | "min" | "minute" | "minutes" => 60 * SECOND,
        "h" | "hour" | "hours" => 3_600 * SECOND,
        "d" | "day" | "days" => DAY,
        "w" | "week" | "weeks" => 7 * DAY,
        _ => return None,
    })
}

/// `today`, `yesterday`, `friday`, `last friday`, each with a time of day behind it or not.
fn day_in_words(text: &str, now: Timestamp, zone: Zone) -> Option<Timestamp> {
    let (day_words, clock) = match text.rsplit_once(' ') {
        Some((words, clock)) if clock.contains(':') => (words, Some(clock)),
        _ => (text, None),
    };
    let today = zone.wall(now).0.div_euclid(DAY);
    // 1970-01-01 was a Thursday; Monday is 0.
    let weekday = (today + 3).rem_euclid(7);
    let day = match day_words.strip_prefix("last ").unwrap_or(day_words) {
        "today" => today,
        "yesterday" => today - 1,
        name => {
            const NAMES: [&str; 7] = [
                "monday",
                "tuesday",
                "wednesday",
                "thursday",
                "friday",
                "saturday",
                "sunday",
            ];
            let wanted = NAMES
                .iter()
                .position(|known| known == &name || known[..3] == *name)?;
            let back = (weekday - i64::try_from(wanted).ok()?).rem_euclid(7);
            today - if back == 0 { 7 } else { back }
        }
    };
    let midnight = Timestamp(day.checked_mul(DAY)?);
    match clock {
        None => Some(end_of_day(midnight, zone)),
        Some(clock) => {
            let text = format!("{} {clock}", &midnight.date_time(' ', 0)[..10]);
            Timestamp::parse(&text).map(|read| zone.moment_at_wall(read.time))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> String {
        let now = Timestamp::parse("2024-03-13T12:00:00Z").unwrap().time; // a Wednesday
        match Point::parse(text, now, Zone::Utc).unwrap() {
            Point::Time(time) => time.rfc3339(3),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn times_dates_and_words_are_points() {
        assert_eq!(
            moment("2024-03-12T14:32:07.418Z"),
            "2024-03-12T14:32:07.418Z"
        );
        assert_eq!(moment("2024-03-12 14:32"), "2024-03-12T14:32:00.000Z");
        assert_eq!(moment("2024-03-12"), "2024-03-12T23:59:59.999Z");
        assert_eq!(moment("last friday 17:00"), "2024-03-08T17:00:00.000Z");
        assert_eq!(moment("wednesday"), "2024-03-06T23:59:59.999Z");
        assert_eq!(moment("2 days ago"), "2024-03-11T12:00:00.000Z");
        assert_eq!(moment("-2h"), "2024-03-13T10:00:00.000Z");
        assert_eq!(moment("+1h30m"), "2024-03-13T13:30:00.000Z");
        assert_eq!(moment("-1d 12h"), "2024-03-12T00:00:00.000Z");
        assert_eq!(moment("yesterday"), "2024-03-12T23:59:59.999Z");
    }

    #[test]
    fn streams_and_positions_are_points() {
        let parse = |text: &str| Point::parse(text, Timestamp(0), Zone::Utc);
        assert_eq!(parse("#861,204"), Ok(Point::Position(861_204)));
        assert_eq!(
            parse("a@b@7"),
            Ok(Point::Version("a@b".to_owned(), Version(7)))
        );
        let midnight = Timestamp::parse("2023-02-02T23:59:59.999999999Z")
            .unwrap()
            .time;
        assert_eq!(
            parse("order-1220 @2023-02-02"),
            Ok(Point::StreamTime("order-1220".to_owned(), midnight))
        );
        for text in ["", "#x", "someday", "@"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
