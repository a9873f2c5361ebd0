//! A number of a stream's state over time: a step line, exact, and thinned to what a screen shows.

use crate::event::{Decimal, Position, Timestamp, Zone};
use crate::fold::SeriesPoint;
use crate::history::Axis;

/// One step of a step line: from here on the number has this value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Nanoseconds, or the position, by the axis of the series.
    pub x: i64,
    /// The event after which it holds.
    pub position: Position,
    /// The number; `None` where the state has no such number.
    pub value: Option<Decimal>,
}

/// A step line, from left to right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// What runs from left to right.
    pub axis: Axis,
    /// The steps; `x` never falls. A time that goes back is drawn where the line already is.
    pub points: Vec<Step>,
    /// The step with the least value, the earliest of equals.
    pub least: Option<Step>,
    /// The step with the greatest value, the earliest of equals.
    pub greatest: Option<Step>,
}

impl Series {
    /// A series of steps in the order of the stream, with its extent.
    pub fn new(axis: Axis, points: Vec<Step>) -> Self {
        let valued = || points.iter().copied().filter(|step| step.value.is_some());
        let least = valued().min_by_key(|step| step.value);
        let greatest = valued().rev().max_by_key(|step| step.value);
        Self {
            axis,
            points,
            least,
            greatest,
        }
    }

    /// What the line shows in one sentence, for those who do not see it.
    pub fn summary(&self, zone: Zone) -> String {
        let n_points = self.points.len();
        let (Some(least), Some(greatest)) = (self.least, self.greatest) else {
            return format!("{n_points} points, no value");
        };
        let said = |step: Step| {
            let value = step.value.unwrap_or(Decimal::ZERO);
            format!("{value} {}", self.place_text(step, zone))
        };
        let points = if n_points == 1 { "point" } else { "points" };
        format!(
            "{n_points} {points}, lowest {}, highest {}",
            said(least),
            said(greatest)
        )
    }

    fn place_text(&self, step: Step, zone: Zone) -> String {
        match self.axis {
            Axis::Sequence => format!("at {}", step.position),
            Axis::Time => {
                let wall = zone.wall(Timestamp(step.x));
                format!("on {}", &wall.date_time(' ', 0)[..10])
            }
        }
    }
}

/// The series of a stream's number; on the time axis events before the first known time are left out.
pub fn series_of(axis: Axis, points: &[SeriesPoint]) -> Series {
    let mut steps: Vec<Step> = Vec::with_capacity(points.len());
    for point in points {
        let before = steps.last().map(|step| step.x);
        let x = match axis {
            Axis::Sequence => Some(i64::from(point.position.0)),
            Axis::Time => point.time.map(|time| time.0).max(before),
        };
        steps.extend(x.map(|x| Step {
            x,
            position: point.position,
            value: point.value,
        }));
    }
    Series::new(axis, steps)
}
