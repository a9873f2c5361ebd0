//! What a plot of results is asked for, and what it gets.

use super::super::bucket::Bucket;

use super::super::extremes::{Extremes, thin};
use super::super::results::Of;
use super::super::series::Step;
use crate::event::json::JsonPath;
use crate::event::{Position, Zone};
use crate::history::Axis;

/// Whose values make a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Whose {
    /// Those of the partition of this name.
    One(String),
    /// All of them together, as one sum. Texts are counted: a line for each.
    #[default]
    Summed,
    /// A line for each partition, the so many with the greatest values (without their sign) at the
    /// end; of texts those with most changes.
    Each(usize),
}

/// What is made of the values of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Measure {
    /// The value that holds: in a bucket the last one, or the one from before where none changed it.
    #[default]
    Value,
    /// By how much it changed, all changes added up; a value that appears counts in full, one that
    /// goes is taken off.
    SumOfChanges,
    /// How often it became another one.
    Count,
    /// The least value that it became.
    Min,
    /// The greatest value that it became.
    Max,
    /// The mean of the values that it became.
    Mean,
    /// The mean over time: each value counts as long as it held.
    MeanOverTime,
    /// The sum of the values that it became.
    Sum,
}

/// Where a line has points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum By {
    /// At each change: each is a bucket of its own.
    #[default]
    Event,
    /// One a piece of time, on the zone's wall clock.
    Bucket(Bucket, Zone),
    /// One a piece of time, counted from the beginning of the range: the first seven days, the next
    /// seven, … So two months have weeks 1 to 5.
    FromStart(Bucket, Zone),
}

/// A plot of results; also the key of its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SeriesAsk {
    /// Of states or results.
    pub of: Of,
    /// Which field: a number, or a text or boolean, which gives bands.
    pub path: JsonPath,
    /// Whose.
    pub whose: Whose,
    /// What is made of it.
    pub measure: Measure,
    /// At which points.
    pub by: By,
    /// A line for each value that this field has in the same partition after the event, the largest
    /// eleven and the others together. Not with [`Whose::Each`].
    pub split: Option<JsonPath>,
    /// What runs from left to right; pieces of time are always by time.
    pub axis: Axis,
    /// First and last moment in nanoseconds, or first and last position; both included.
    pub range: Option<(i64, i64)>,
    /// Only what was so by then.
    pub until: Option<Position>,
}

/// A stretch in which a field had one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// The value: a text without quotes, all else as JSON.
    pub value: String,
    /// Where it begins, in the unit of the axis.
    pub from: i64,
    /// Where it ends; `None` where it still holds.
    pub to: Option<i64>,
    /// The event after which it holds.
    pub position: Position,
}

/// One line of a plot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What it is called: the partition, the value it is split by, or the field.
    pub name: String,
    /// Its points, `x` never falling; of buckets one each, at its beginning.
    pub points: Vec<Step>,
    /// The stretches of a field that is no number; then there are no points.
    pub bands: Vec<Band>,
    /// Whether all numbers are exact: none was computed in floating point or rounded.
    pub exact: bool,
}

/// The lines of a plot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plotted {
    /// The lines, largest first.
    pub lines: Vec<Line>,
    /// The bounds of the buckets, rising, one more than there are buckets; empty without buckets.
    pub edges: Vec<i64>,
    /// The length of the buckets: a longer one than asked for where there would be too many.
    pub bucket: Option<Bucket>,
    /// What must be said beside the plot, in sentences.
    pub notes: Vec<String>,
    /// The extremes of each line, for those who draw it; none before [`Self::find_extremes`].
    pub extremes: Vec<Extremes>,
}

impl Plotted {
    /// Finds the extremes of the lines, so that drawing them costs no walk. Costs a walk over all points.
    pub fn find_extremes(&mut self) {
        let lines = self.lines.iter();
        self.extremes = lines.map(|line| Extremes::of(&line.points)).collect();
    }

    /// At most a few steps of a line for each column, as [`crate::projection::thin`].
    pub fn thinned(&self, line: usize, range: (i64, i64), columns: usize) -> Vec<Step> {
        let points = self.lines.get(line).map_or(&[][..], |line| &line.points);
        match self.extremes.get(line) {
            Some(extremes) => extremes.thin(points, range.0, range.1, columns),
            None => thin(points, range.0, range.1, columns),
        }
    }
}
