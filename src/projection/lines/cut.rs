//! Where changes stand on the axis, and into which bucket they fall.

use super::super::bucket::{Bucket, auto_bucket};
use super::ask::By;
use crate::event::{Position, Timestamp};
use crate::history::{Axis, EventLog};

/// The most buckets of a line.
const MAX_BUCKETS: usize = 100_000;

/// Tells for rising positions where they stand on the axis. Where times go back, a value holds from
/// the latest time up to its event; before the first known time there is no place.
pub(in crate::projection) struct Clock<'a> {
    log: &'a EventLog,
    axis: Axis,
    is_steady: bool,
    next: u32,
    latest: Option<i64>,
}

impl<'a> Clock<'a> {
    pub(in crate::projection) fn new(log: &'a EventLog, axis: Axis) -> Self {
        Self {
            log,
            axis,
            is_steady: !log.times_go_back() && log.n_untimed() == 0,
            next: 0,
            latest: None,
        }
    }

    /// The place of an event; positions do not fall from call to call.
    pub(in crate::projection) fn place(&mut self, position: Position) -> Option<i64> {
        if self.axis == Axis::Sequence {
            return Some(i64::from(position.0));
        }
        if self.is_steady {
            return self.log.time(position).map(|time| time.0);
        }
        let end = position.0.min(self.log.last().map_or(0, |last| last.0));
        while self.next <= end {
            let time = self.log.time(Position(self.next)).map(|time| time.0);
            self.latest = self.latest.max(time);
            self.next += 1;
        }
        self.latest
    }
}

/// The buckets of a plot.
#[derive(Clone, Debug, Default)]
pub(in crate::projection) struct Cut {
    /// Rising, one more than there are buckets; empty where each change is one.
    pub(in crate::projection) edges: Vec<i64>,
    pub(in crate::projection) bucket: Option<Bucket>,
    /// What is to be said of it.
    pub(in crate::projection) note: Option<String>,
}

impl Cut {
    /// Buckets that cover a range, both ends included.
    pub(in crate::projection) fn of(by: By, range: (i64, i64)) -> Self {
        let (bucket, zone, from_start) = match by {
            By::Event => return Self::default(),
            By::Bucket(bucket, zone) => (bucket, zone, false),
            By::FromStart(bucket, zone) => (bucket, zone, true),
        };
        let range = (Timestamp(range.0), Timestamp(range.1.max(range.0)));
        let edges = |bucket: Bucket| {
            if from_start {
                bucket.edges_from(range, zone, MAX_BUCKETS)
            } else {
                bucket.edges(range, zone, MAX_BUCKETS)
            }
        };
        let covers = |edges: &[Timestamp]| {
            let last = edges.last();
            last.is_some_and(|edge| *edge > range.1 || edge.0 == i64::MAX)
        };
        let found = edges(bucket);
        let (bucket, found, note) = if covers(&found) {
            (bucket, found, None)
        } else {
            let longer = auto_bucket(range, MAX_BUCKETS);
            let note = format!(
                "By {} there would be over 100,000 points: shown by {}",
                bucket.label(),
                longer.label()
            );
            (longer, edges(longer), Some(note))
        };
        Self {
            edges: found.into_iter().map(|edge| edge.0).collect(),
            bucket: Some(bucket),
            note,
        }
    }

    /// How many buckets there are.
    pub(in crate::projection) fn len(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    /// The bucket of a place.
    pub(in crate::projection) fn bucket_of(&self, x: i64) -> Option<usize> {
        let nth = self.edges.partition_point(|edge| *edge <= x);
        nth.checked_sub(1).filter(|nth| *nth < self.len())
    }
}
