//! Events over time by type: exact counts for a stacked plot, without a walk over the events.

use super::bucket::{Bucket, auto_bucket};
use crate::event::{Position, Timestamp, TypeId, Zone};
use crate::history::{Axis, EventLog, Grouping};

/// How the axis is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slicing {
    /// At most so many columns: the shortest bucket that allows it, or equal slices of positions.
    Columns(usize),
    /// Pieces of that length; on the sequence axis as for 60 columns.
    Bucket(Bucket),
}

/// What a stacked plot is asked for; also the key of its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StackedAsk {
    /// What runs from left to right.
    pub axis: Axis,
    /// First and last moment in nanoseconds, or first and last position; both included.
    pub range: (i64, i64),
    /// How the range is cut.
    pub slicing: Slicing,
    /// On whose wall clock days begin.
    pub zone: Zone,
}

/// One colour of a stacked plot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackedGroup {
    /// The type's name, or `other`.
    pub name: String,
    /// The type; `None` where it stands for all the smaller ones.
    pub event_type: Option<TypeId>,
}

/// Counts by column and type, types largest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stacked {
    /// What was asked.
    pub ask: StackedAsk,
    /// The length of a column; `None` on the sequence axis.
    pub bucket: Option<Bucket>,
    /// Where columns begin, in the unit of the range; one more at the end. Strictly rising.
    pub edges: Vec<i64>,
    /// The types, largest in the whole history first, so that they keep their colours.
    pub groups: Vec<StackedGroup>,
    /// Rows of one count a group, one row a column.
    pub counts: Vec<u32>,
}

/// How many types get their own colour.
const OWN_GROUPS: usize = 11;

/// The most columns of any plot, whatever bucket was asked for.
const MAX_COLUMNS: usize = 4096;

/// Counts the events of each type in each column. Costs a few hundred steps a column.
pub fn events_by_type(log: &EventLog, ask: &StackedAsk) -> Stacked {
    let (bucket, edges, bounds) = match ask.axis {
        Axis::Time => {
            let (bucket, edges) = time_edges(ask);
            let moments = edges.iter().map(|edge| Timestamp(*edge));
            let mut bounds = log.time_bounds(moments);
            // Events without a time stand first by time: they are in no column.
            for rank in &mut bounds {
                *rank = (*rank).max(log.n_untimed());
            }
            (Some(bucket), edges, bounds)
        }
        Axis::Sequence => {
            let (edges, bounds) = position_edges(log, ask);
            (None, edges, bounds)
        }
    };
    let groups = groups_of(log);
    let all = log.count_columns(ask.axis, Grouping::Type, &bounds);
    let mut counts = vec![0; (edges.len() - 1) * groups.len()];
    for (column, row) in counts.chunks_exact_mut(groups.len().max(1)).enumerate() {
        for (group, count) in all.column(column).iter().enumerate() {
            row[group.min(groups.len() - 1)] += count;
        }
    }
    Stacked {
        ask: *ask,
        bucket,
        edges,
        groups,
        counts,
    }
}

fn time_edges(ask: &StackedAsk) -> (Bucket, Vec<i64>) {
    let range = (
        Timestamp(ask.range.0),
        Timestamp(ask.range.1.max(ask.range.0)),
    );
    let bucket = match ask.slicing {
        Slicing::Columns(most) => auto_bucket(range, most.min(MAX_COLUMNS)),
        Slicing::Bucket(bucket) => bucket,
    };
    let edges = bucket.edges(range, ask.zone, MAX_COLUMNS);
    (bucket, edges.into_iter().map(|edge| edge.0).collect())
}

/// Equal slices of positions, the last one up to the end; none of them empty.
fn position_edges(log: &EventLog, ask: &StackedAsk) -> (Vec<i64>, Vec<u32>) {
    let n_events = u32::try_from(log.len()).unwrap_or(u32::MAX);
    let bound = |at: i64| u32::try_from(at.max(0)).unwrap_or(u32::MAX).min(n_events);
    let (from, to) = (bound(ask.range.0), bound(ask.range.1.saturating_add(1)));
    let to = to.max(from);
    let columns = match ask.slicing {
        Slicing::Columns(most) => most.clamp(1, MAX_COLUMNS),
        Slicing::Bucket(_) => 60,
    };
    let columns = u32::try_from(columns).unwrap_or(1).min((to - from).max(1));
    let cut = |nth: u32| {
        let into = u64::from(to - from) * u64::from(nth) / u64::from(columns);
        from + u32::try_from(into).unwrap_or(0)
    };
    let bounds: Vec<u32> = (0..=columns).map(cut).collect();
    (bounds.iter().map(|at| i64::from(*at)).collect(), bounds)
}

/// The largest types by name, then the others together.
fn groups_of(log: &EventLog) -> Vec<StackedGroup> {
    let by_type = log.groups(Grouping::Type);
    let names = log.type_names();
    let own = if names.len() <= OWN_GROUPS + 1 {
        names.len()
    } else {
        OWN_GROUPS
    };
    let mut groups: Vec<StackedGroup> = Vec::with_capacity(own + 1);
    let mut ids: Vec<usize> = (0..names.len())
        .filter(|id| usize::from(by_type[*id]) < own)
        .collect();
    ids.sort_by_key(|id| by_type[*id]);
    groups.extend(ids.into_iter().map(|id| StackedGroup {
        name: names[id].to_string(),
        event_type: u32::try_from(id).ok().map(TypeId),
    }));
    if own < names.len() || groups.is_empty() {
        groups.push(StackedGroup {
            name: "other".to_owned(),
            event_type: None,
        });
    }
    groups
}

impl Stacked {
    /// The counts of one column, by group.
    pub fn column(&self, column: usize) -> &[u32] {
        &self.counts[column * self.groups.len()..(column + 1) * self.groups.len()]
    }

    /// How many columns there are.
    pub fn n_columns(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    /// How many events a column has.
    pub fn column_total(&self, column: usize) -> u64 {
        self.column(column)
            .iter()
            .map(|count| u64::from(*count))
            .sum()
    }

    /// How many events a group has in all columns.
    pub fn group_total(&self, group: usize) -> u64 {
        (0..self.n_columns())
            .map(|column| u64::from(self.column(column)[group]))
            .sum()
    }

    /// The fullest column and its number of events; `None` where all are empty.
    pub fn highest(&self) -> Option<(usize, u64)> {
        let totals = (0..self.n_columns()).map(|column| (column, self.column_total(column)));
        let best = totals.rev().max_by_key(|(_, total)| *total)?;
        (best.1 > 0).then_some(best)
    }

    /// What the plot shows in one sentence, for those who do not see it.
    pub fn summary(&self) -> String {
        let total: u64 = self.counts.iter().map(|count| u64::from(*count)).sum();
        let seen = |group: &usize| self.group_total(*group) > 0;
        let (named, others): (Vec<usize>, Vec<usize>) = (0..self.groups.len())
            .filter(seen)
            .partition(|group| self.groups[*group].event_type.is_some());
        let kinds = format!(
            "{} types{}",
            named.len(),
            if others.is_empty() { "" } else { " and others" }
        );
        let unit = self
            .bucket
            .map_or_else(|| "slice".to_owned(), Bucket::label);
        let most = self.highest().map_or_else(String::new, |(column, count)| {
            format!(
                ", most in the {unit} from {}: {count}",
                self.edge_text(column)
            )
        });
        format!("{total} events of {kinds} by {unit}{most}")
    }

    /// Where a column begins, as text: a position, or date and time on the zone's wall clock.
    pub fn edge_text(&self, column: usize) -> String {
        let edge = self.edges[column];
        if self.ask.axis == Axis::Sequence {
            return Position(u32::try_from(edge).unwrap_or(u32::MAX)).to_string();
        }
        let text = self.ask.zone.wall(Timestamp(edge)).date_time(' ', 0);
        match self.bucket {
            Some(Bucket::Seconds(_)) | None => text,
            Some(_) => text[..10].to_owned(),
        }
    }
}
