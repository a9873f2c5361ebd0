//! Exact counts for the timeline: how many events of each lane lie in each pixel column.

use super::column::Ranks;
use super::event_log::EventLog;
use super::groups::{GroupCounts, MAX_GROUPS};
use crate::event::Timestamp;

/// What runs from left to right.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize,
)]
pub enum Axis {
    /// Recorded time.
    #[default]
    Time,
    /// Position.
    Sequence,
}

/// What makes a lane.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize,
)]
pub enum Grouping {
    /// The stream's category.
    #[default]
    Category,
    /// The event's type.
    Type,
}

/// The group in which the smallest categories or types are counted together, where there are more
/// than 64.
pub const OTHER_GROUP: usize = MAX_GROUPS - 1;

/// Counts by column and group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnCounts {
    /// How many groups a row has.
    pub n_groups: usize,
    /// Rows of `n_groups` counts, one row a column.
    pub counts: Vec<u32>,
}

impl ColumnCounts {
    /// The counts of one column, by group.
    pub fn column(&self, column: usize) -> &[u32] {
        &self.counts[column * self.n_groups..(column + 1) * self.n_groups]
    }

    /// How many columns there are.
    pub fn n_columns(&self) -> usize {
        self.counts.len().checked_div(self.n_groups).unwrap_or(0)
    }
}

impl EventLog {
    /// The group of each category or type, by its id: largest first; what came while a log went on has
    /// the ones behind.
    pub fn groups(&self, grouping: Grouping) -> &[u8] {
        match grouping {
            Grouping::Category => &self.lanes.category_group,
            Grouping::Type => &self.lanes.type_group,
        }
    }

    /// For rising moments, how many events stand before each: bounds for [`Self::count_columns`] on
    /// [`Axis::Time`].
    pub fn time_bounds(&self, moments: impl IntoIterator<Item = Timestamp>) -> Vec<u32> {
        let (mut last, mut stride) = (0, 0);
        let bound = |moment| {
            // Columns are of equal length: the next bound mostly lies as far on as the last one did.
            let found = self.rank_before_time_near(moment, last, stride);
            stride = found - last;
            last = found;
            found
        };
        moments.into_iter().map(bound).collect()
    }

    /// Counts the events of each group between neighbouring `bounds`.
    ///
    /// Bounds rise and end at [`Self::len`] at most; they are ranks by time on [`Axis::Time`] and
    /// positions on [`Axis::Sequence`]. Costs a few hundred steps a column, whatever it spans.
    pub fn count_columns(&self, axis: Axis, grouping: Grouping, bounds: &[u32]) -> ColumnCounts {
        let (lanes, order) = match (axis, &self.lanes.by_time) {
            (Axis::Time, Some(by_time)) => (by_time, self.time_order().map(Ranks::Column)),
            _ => (&self.lanes.by_position, None),
        };
        self.count_lanes_by(lanes, order, grouping, bounds)
    }

    /// Counts by prefix counts that were made in an order; `order` tells positions by rank.
    pub(super) fn count_lanes_by(
        &self,
        lanes: &[GroupCounts; 2],
        order: Option<Ranks<'_>>,
        grouping: Grouping,
        bounds: &[u32],
    ) -> ColumnCounts {
        let lanes = &lanes[usize::from(grouping == Grouping::Type)];
        let counts = lanes.columns(bounds, |range, row| {
            self.count_range(grouping, order, range, row);
        });
        ColumnCounts {
            n_groups: lanes.n_groups(),
            counts,
        }
    }
}
