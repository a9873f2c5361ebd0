//! Which marks the ruler carries: units of time and their labels, or round positions.
//!
//! Plain values; `paint_ruler` draws them. Time is divided on the wall clock of the chosen zone, so
//! that days begin at its midnight.

use super::scale::{Places, Scale};
use super::units::{APART, DAY, H, MAX_MARKS, Unit};
use crate::event::{Position, Timestamp, Zone};
use crate::history::{Axis, Clock, EventLog};
use crate::ui::theme::format;
use crate::workbench::Span;

/// A labelled mark.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mark {
    /// Where it stands.
    pub(super) x: f32,
    /// What it says.
    pub(super) label: String,
    /// The stretch of the axis that it names, from its beginning to the beginning of the next; `None` for
    /// a label that only says where it stands.
    pub(super) of: Option<Span>,
}

/// Everything the ruler shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Marks {
    /// The upper row: what the lower one leaves unsaid, or positions.
    pub(super) upper: Vec<Mark>,
    /// The lower row.
    pub(super) lower: Vec<Mark>,
    /// Marks without a label.
    pub(super) small: Vec<f32>,
    /// Whether labels are numbers to be compared, rather than dates.
    pub(super) is_data: bool,
}

/// The marks of a stretch of time, in a zone.
pub(super) fn time_marks(scale: &Scale, zone: Zone) -> Marks {
    let unit = Unit::choose(scale, APART);
    let [from, to] = walls(scale, zone);
    let x = |wall: i64| scale.x(zone.moment_at_wall(Timestamp(wall)).0);
    let of = |unit: Unit, wall: i64| {
        let [from, to] = [wall, unit.after(wall)].map(|at| zone.moment_at_wall(Timestamp(at)).0);
        Some(Span { from, to })
    };
    let lower = unit.marks(from, to).into_iter().map(|wall| Mark {
        x: x(wall),
        label: unit.label(wall),
        of: of(unit, wall),
    });
    let coarse = unit.coarse().map(|coarse| {
        coarse.marks(from, to).into_iter().map(move |wall| Mark {
            x: x(wall).max(scale.left),
            label: coarse.coarse_label(wall),
            of: of(coarse, wall),
        })
    });
    let small = unit.small(scale).map(|small| small.marks(from, to));
    Marks {
        upper: coarse.into_iter().flatten().collect(),
        lower: lower.collect(),
        small: small.into_iter().flatten().map(x).collect(),
        is_data: matches!(unit, Unit::Nanos(nanos) if nanos < DAY),
    }
}

/// One row of marks for the whole history: the year where one begins, else the smaller unit.
pub(super) fn overview_marks(scale: &Scale, zone: Zone) -> Vec<Mark> {
    let unit = Unit::choose(scale, 1.6 * APART);
    let [from, to] = walls(scale, zone);
    let coarse = unit.coarse().unwrap_or(unit);
    let years = coarse.marks(from, to);
    let label = |wall: i64| match coarse {
        // A year where one begins, and at the left edge, which may cut a unit.
        Unit::Months(_) if years.contains(&wall) || wall < from => coarse.coarse_label(wall),
        _ => unit.label(wall),
    };
    let mark = |wall: i64| Mark {
        x: scale.x(zone.moment_at_wall(Timestamp(wall)).0),
        label: label(wall),
        of: None,
    };
    unit.marks(from, to).into_iter().map(mark).collect()
}

fn walls(scale: &Scale, zone: Zone) -> [i64; 2] {
    [scale.span.from, scale.span.to].map(|at| zone.wall(Timestamp(at)).0)
}

/// The marks of a stretch of positions: round ones, and the time since the mark before.
pub(super) fn sequence_marks(log: &EventLog, scale: Scale) -> Marks {
    let places = Places {
        log,
        axis: Axis::Sequence,
        clock: Clock::Recorded,
        scale,
    };
    let step = round_step(&scale, APART + 12.0);
    let last = log.last().map_or(-1, |last| i64::from(last.0));
    let first = scale.span.from.max(0).div_euclid(step) * step;
    let mut marks = Marks {
        is_data: true,
        ..Marks::default()
    };
    let time = |at: i64| {
        let position = u32::try_from(at).ok().map(Position)?;
        log.time(position)
    };
    let mut at = first;
    while at <= scale.span.to.min(last) && marks.upper.len() < MAX_MARKS {
        let Ok(position) = u32::try_from(at).map(Position) else {
            break;
        };
        let x = places.x(position);
        marks.upper.push(Mark {
            x,
            label: format::count(u64::from(position.0)),
            of: Some(Span {
                from: at,
                to: at.saturating_add(1),
            }),
        });
        let since = time(at)
            .zip(time(at - step))
            .map(|(now, before)| now.0.saturating_sub(before.0));
        let label = since.map_or_else(String::new, since_label);
        // The time since the mark before is no period.
        marks.lower.push(Mark { x, label, of: None });
        at += step;
    }
    marks
}

fn since_label(nanos: i64) -> String {
    let text = format::duration_short(nanos);
    if nanos < 0 { text } else { format!("+{text}") }
}

/// Marks for the whole history by position.
pub(super) fn overview_positions(scale: &Scale) -> Vec<Mark> {
    let step = round_step(scale, 2.0 * APART);
    let first = scale.span.from.max(0).div_euclid(step);
    let positions = (first..).map(|nr| nr * step);
    positions
        .take_while(|at| *at < scale.span.to)
        .filter_map(|at| {
            Some(Mark {
                x: scale.x(at),
                label: format::count(u64::try_from(at).ok()?),
                of: None,
            })
        })
        .collect()
}

/// The smallest of 1, 2, 5, 10, 20, … whose marks stand `apart` points apart.
fn round_step(scale: &Scale, apart: f64) -> i64 {
    let mut decade = 1;
    while decade < i64::MAX / 10 {
        for step in [decade, 2 * decade, 5 * decade] {
            if step as f64 / scale.per_point() >= apart {
                return step;
            }
        }
        decade *= 10;
    }
    decade
}

/// The length of what is shown, for people: `10 weeks`, `3 d 4 h`.
pub(super) fn length(nanos: i64) -> String {
    let rounded = |unit: i64| (nanos + unit / 2) / unit;
    match nanos {
        _ if nanos < 14 * DAY => format::duration(nanos),
        _ if nanos < 100 * DAY => format!("{} weeks", rounded(7 * DAY)),
        _ if nanos < 3 * 365 * DAY => format!("{} months", rounded(30 * DAY + 10 * H)),
        _ => format!("{} years", rounded(365 * DAY + 6 * H)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> i64 {
        Timestamp::parse(text).unwrap().time.0
    }

    fn scale(from: &str, to: &str, width: f32) -> Scale {
        Scale {
            span: Span {
                from: time(from),
                to: time(to),
            },
            left: 0.0,
            width,
        }
    }

    #[test]
    fn ten_weeks_are_divided_by_mondays_under_their_year() {
        let scale = scale("2024-02-04T12:00:00Z", "2024-04-14T12:00:00Z", 800.0);
        let marks = time_marks(&scale, Zone::Utc);
        let labels: Vec<_> = marks.lower.iter().map(|mark| mark.label.as_str()).collect();
        assert_eq!(labels[1..4], ["Feb 5", "Feb 12", "Feb 19"]);
        assert_eq!(marks.upper[0].label, "2024");
        assert_eq!(marks.upper[0].x, 0.0);
        let week = marks.lower[1].of.unwrap();
        assert_eq!(week.from, time("2024-02-05T00:00:00Z"));
        assert_eq!(week.to, time("2024-02-12T00:00:00Z"));
        assert!(!marks.small.is_empty());
    }

    #[test]
    fn days_begin_at_midnight_of_the_zone_also_when_clocks_change() {
        let scale = scale("2024-03-28T00:00:00Z", "2024-04-02T00:00:00Z", 700.0);
        let paris = Zone::parse("Europe/Paris").unwrap();
        let marks = time_marks(&scale, paris);
        let midnight = scale.x(time("2024-03-30T23:00:00Z"));
        assert!(marks.lower.iter().any(|mark| mark.x == midnight));
        let after = scale.x(time("2024-03-31T22:00:00Z"));
        assert!(
            marks
                .lower
                .iter()
                .any(|mark| mark.x == after && mark.label == "00:00")
        );
    }

    #[test]
    fn labels_stand_apart_at_every_zoom() {
        let mut len = 1_000_i64;
        while len < i64::MAX / 4 {
            let from = time("2024-02-28T23:59:59.9Z") - len / 2;
            let scale = Scale {
                span: Span {
                    from,
                    to: from + len,
                },
                left: 0.0,
                width: 680.0,
            };
            let marks = time_marks(&scale, Zone::Utc);
            for pair in marks.lower.windows(2) {
                assert!(pair[1].x - pair[0].x >= 55.9, "{len} {pair:?}");
            }
            assert!(marks.lower.len() >= 2, "{len} {:?}", marks.lower);
            len = len / 2 * 3;
        }
    }

    #[test]
    fn lengths_are_words() {
        assert_eq!(length(70 * DAY), "10 weeks");
        assert_eq!(length(545 * DAY), "18 months");
        assert_eq!(length(76 * H), "3 d 4 h");
    }
}
