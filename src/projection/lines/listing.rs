//! Fields of results as a list of changes, or of buckets in which they changed: for files and pipelines.

use super::super::bucket::Bucket;
use super::super::results::{Of, PartitionId, Results};
use super::ask::{By, Measure, SeriesAsk, Whose};
use super::cut::{Clock, Cut};
use crate::event::json::{Json, JsonPath};
use crate::event::{Position, Zone};
use crate::history::{Axis, EventLog};

/// Which changes are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingAsk {
    /// Of states or results.
    pub of: Of,
    /// Which field.
    pub path: JsonPath,
    /// Of these partitions only; `None` for all.
    pub partition: Option<PartitionId>,
    /// What is said of a change, or of all in a bucket.
    pub measure: Measure,
    /// By pieces of time; `None` for each change.
    pub bucket: Option<(Bucket, Zone)>,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The event: the last one that counts, of a bucket.
    pub position: Position,
    /// Where the bucket begins, in nanoseconds; `None` for the event's own time.
    pub begin: Option<i64>,
    /// In which partition.
    pub partition: PartitionId,
    /// The value; `null` where there is none any more.
    pub value: Json,
}

impl Results {
    /// All times that a leaf became another one, with what it became; `None` where it is gone.
    pub fn changes(
        &self,
        of: Of,
        path: &JsonPath,
        partition: PartitionId,
    ) -> Vec<(Position, Option<Json>)> {
        let leaf = self
            .paths
            .resolve(self.root(of), path)
            .and_then(|path| self.leaf_of(partition, path));
        let mut found: Vec<(Position, Option<Json>)> = Vec::new();
        for entry in leaf.map_or(0..0, |leaf| self.changes_of(leaf)) {
            let (Some(at), Some(value)) = (self.ats.get(entry), self.values.get(entry)) else {
                continue;
            };
            let value = value.json(&self.texts);
            let before = found.last().map_or(&None, |(_, before)| before);
            if *before != value {
                found.push((Position(*at), value));
            }
        }
        found
    }

    /// Whether any partition has or had a leaf at a path.
    pub fn has_field(&self, of: Of, path: &JsonPath) -> bool {
        let id = self.paths.resolve(self.root(of), path);
        id.is_some_and(|id| self.leaves.iter().any(|leaf| leaf.path == id))
    }

    /// What a field became, change by change or bucket by bucket, partitions by name and then in
    /// order; only buckets in which it changed. Costs a walk over the field's changes.
    pub fn listing(&self, log: &EventLog, ask: &ListingAsk) -> Vec<Listed> {
        let mut found = Vec::new();
        for partition in self.partitions() {
            if ask.partition.is_some_and(|wanted| wanted != partition) {
                continue;
            }
            match (ask.measure, ask.bucket) {
                (Measure::Value, None) => {
                    let changes = self.changes(ask.of, &ask.path, partition);
                    found.extend(changes.into_iter().map(|(position, value)| Listed {
                        position,
                        begin: None,
                        partition,
                        value: value.unwrap_or(Json::Null),
                    }));
                }
                (Measure::Value, Some(cut)) => self.last_ones(log, ask, partition, cut, &mut found),
                _ => self.measured(log, ask, partition, &mut found),
            }
        }
        found
    }

    /// The last change of each bucket.
    fn last_ones(
        &self,
        log: &EventLog,
        ask: &ListingAsk,
        partition: PartitionId,
        (bucket, zone): (Bucket, Zone),
        found: &mut Vec<Listed>,
    ) {
        let mut clock = Clock::new(log, Axis::Time);
        let changes = self.changes(ask.of, &ask.path, partition).into_iter();
        let placed: Vec<(i64, Position, Json)> = changes
            .filter_map(|(position, value)| {
                Some((
                    clock.place(position)?,
                    position,
                    value.unwrap_or(Json::Null),
                ))
            })
            .collect();
        let (Some(first), Some(last)) = (placed.first(), placed.last()) else {
            return;
        };
        let cut = Cut::of(By::Bucket(bucket, zone), (first.0, last.0));
        let from = found.len();
        for (x, position, value) in placed {
            let begin = cut.bucket_of(x).and_then(|nth| cut.edges.get(nth)).copied();
            let listed = Listed {
                position,
                begin,
                partition,
                value,
            };
            match found.get_mut(from..).and_then(<[Listed]>::last_mut) {
                Some(last) if last.begin == begin => *last = listed,
                _ => found.push(listed),
            }
        }
    }

    /// A measure over each bucket, or of each change by itself.
    fn measured(
        &self,
        log: &EventLog,
        ask: &ListingAsk,
        partition: PartitionId,
        found: &mut Vec<Listed>,
    ) {
        let series = |measure| {
            let by = ask
                .bucket
                .map_or(By::Event, |(bucket, zone)| By::Bucket(bucket, zone));
            let ask = SeriesAsk {
                of: ask.of,
                path: ask.path.clone(),
                whose: Whose::One(self.partition_name(partition).to_owned()),
                measure,
                by,
                axis: ask.bucket.map_or(Axis::Sequence, |_| Axis::Time),
                ..SeriesAsk::default()
            };
            let plotted = self.series(log, &ask, &|| false).unwrap_or_default();
            let line = plotted.lines.into_iter().next();
            line.map_or_else(Vec::new, |line| line.points)
        };
        let counts = series(Measure::Count);
        let values = series(ask.measure);
        for (count, step) in counts.iter().zip(values) {
            let Some(value) = step.value else { continue };
            if count
                .value
                .is_none_or(|count| count == crate::event::Decimal::ZERO)
            {
                continue;
            }
            found.push(Listed {
                position: step.position,
                begin: ask.bucket.map(|_| step.x),
                partition,
                value: Json::Number(value.to_string().into()),
            });
        }
    }
}
