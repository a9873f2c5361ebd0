//! A point in both times: what was recorded by one moment of what had occurred by another.

use super::event_log::EventLog;
use super::point::{Point, PointError, Which, parse_moment};
use crate::event::{Position, Timestamp, Zone};

/// A point that was looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AsOf {
    /// What was recorded later does not count.
    pub position: Position,
    /// Nor does what occurred later; `None` where nothing is said of that.
    pub occurred: Option<Timestamp>,
}

impl Point {
    /// `recorded 2024-03-01, occurred 2024-02-28`, in either order, with `and` for the comma and `by`
    /// behind either word; `occurred 2024-02-28` alone is of all that was ever recorded. `None` where the
    /// text says nothing of when something occurred.
    pub(super) fn parse_both(
        text: &str,
        now: Timestamp,
        zone: Zone,
    ) -> Option<Result<Self, PointError>> {
        let (recorded, occurred) = split(text)?;
        let wrong = || PointError::NotAPoint(text.to_owned());
        let Some(occurred) = parse_moment(occurred, now, zone) else {
            return Some(Err(wrong()));
        };
        let recorded = match recorded.map(|text| Self::parse(text, now, zone)) {
            None => None,
            Some(Ok(Self::Both { .. }) | Err(_)) => return Some(Err(wrong())),
            Some(Ok(point)) => Some(Box::new(point)),
        };
        Some(Ok(Self::Both { recorded, occurred }))
    }

    /// As [`Self::resolve`], of a point that may say by when things occurred too.
    pub fn resolve_as_of<'w>(
        &self,
        log: &EventLog,
        which: impl Into<Which<'w>>,
    ) -> Result<AsOf, PointError> {
        let Self::Both { recorded, occurred } = self else {
            let position = self.resolve(log, which)?;
            return Ok(AsOf {
                position,
                occurred: None,
            });
        };
        if !log.has_occurred() {
            return Err(PointError::NoOccurred);
        }
        let position = match recorded {
            Some(point) => point.resolve(log, which)?,
            None => log.last().unwrap_or_default(),
        };
        Ok(AsOf {
            position,
            occurred: Some(*occurred),
        })
    }
}

/// What stands behind `recorded`, or alone, and what stands behind `occurred`.
fn split(text: &str) -> Option<(Option<&str>, &str)> {
    let halves = [",", " and "]
        .into_iter()
        .find_map(|between| text.split_once(between));
    let Some((first, second)) = halves else {
        return Some((None, after("occurred", text)?));
    };
    let recorded = |text| -> &str { after("recorded", text).unwrap_or_else(|| str::trim(text)) };
    match (after("occurred", first), after("occurred", second)) {
        (None, Some(occurred)) => Some((Some(recorded(first)), occurred)),
        (Some(occurred), None) => Some((Some(recorded(second)), occurred)),
        _ => None,
    }
}

/// What follows a word, and `by` behind it.
fn after<'t>(word: &str, text: &'t str) -> Option<&'t str> {
    let strip = |text: &'t str, word: &str| {
        let head = text.get(..word.len())?;
        let rest = text.get(word.len()..)?;
        (head.eq_ignore_ascii_case(word) && rest.starts_with(' ')).then(|| rest.trim_start())
    };
    let rest = strip(text.trim(), word)?;
    Some(strip(rest, "by").unwrap_or(rest).trim_end())
}

/// A moment as the name of what had occurred by then: its date where it is a day's end, else its time.
pub fn moment_in_words(time: Timestamp) -> String {
    let next = Timestamp(time.0.saturating_add(1)).rfc3339(0);
    if next.ends_with("T00:00:00Z") {
        return time.rfc3339(0).chars().take(10).collect();
    }
    let digits = if time.0 % 1_000_000_000 == 0 { 0 } else { 3 };
    time.rfc3339(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Point, PointError> {
        let now = Timestamp::parse("2024-03-13T12:00:00Z").unwrap().time;
        Point::parse(text, now, Zone::Utc)
    }

    #[test]
    fn a_point_may_name_both_times_in_either_order() {
        let point = parse("recorded 2024-03-01, occurred 2024-02-28").unwrap();
        for same in [
            "occurred 2024-02-28, recorded 2024-03-01",
            "Recorded by 2024-03-01 and occurred by 2024-02-28",
            "2024-03-01, occurred 2024-02-28",
        ] {
            assert_eq!(parse(same).as_ref(), Ok(&point), "{same}");
        }
        let Point::Both { recorded, occurred } = point else {
            panic!("{point:?}")
        };
        assert!(matches!(recorded.as_deref(), Some(Point::Time(_))));
        assert_eq!(moment_in_words(occurred), "2024-02-28");
        let version = parse("recorded order-1@7, occurred yesterday 08:30").unwrap();
        assert!(matches!(version, Point::Both { occurred, .. }
            if moment_in_words(occurred) == "2024-03-12T08:30:00Z"));
        assert!(matches!(
            parse("occurred 2024-02-28"),
            Ok(Point::Both { recorded: None, .. })
        ));
        for wrong in [
            "occurred",
            "occurred someday",
            "recorded x, occurred 2024-02-28",
            "occurred 2024-02-28, occurred 2024-02-29",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
