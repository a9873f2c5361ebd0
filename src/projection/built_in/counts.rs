//! Events by type, by category, and all of them: exact counts.

use super::answer::{Answered, BuiltInAsk, Table, TableCell};
use super::walk::{Pieces, timeless};
use super::{BuiltIn, walk::whole};
use crate::event::{Decimal, Position};
use crate::history::{Axis, EventLog, Grouping};

/// The most lines; the smaller groups are one.
pub(super) const MAX_LINES: usize = 12;
/// Up to so many groups the log counts by itself.
const COUNTED_BY_LOG: usize = 12;

/// What events are grouped by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Type,
    Category,
    All,
}

impl Group {
    fn names(self, log: &EventLog) -> Vec<String> {
        let names = match self {
            Self::Type => log.type_names(),
            Self::Category => log.category_names(),
            Self::All => return vec!["events".to_owned()],
        };
        names.iter().map(|name| name.to_string()).collect()
    }
}

pub(super) fn answer(
    log: &EventLog,
    ask: &BuiltInAsk,
    cancel: &dyn Fn() -> bool,
) -> Option<Answered> {
    let group = match ask.what {
        BuiltIn::EventsByType => Group::Type,
        BuiltIn::EventsByCategory => Group::Category,
        _ => Group::All,
    };
    let names = group.names(log);
    let Some(pieces) = Pieces::new(log, ask) else {
        return Some(timeless());
    };
    let n_groups = names.len().max(1);
    if !pieces.has_room(n_groups) {
        return Some(pieces.too_many());
    }
    let counts = count(log, group, &pieces, n_groups, cancel)?;
    let table = table(group, &names, &counts);
    let lines = lines(&pieces, &names, &counts);
    Some(Answered {
        plotted: pieces.plotted(lines),
        table,
    })
}

/// Counts by bucket and group: rows of groups, one a bucket.
fn count(
    log: &EventLog,
    group: Group,
    pieces: &Pieces<'_>,
    n_groups: usize,
    cancel: &dyn Fn() -> bool,
) -> Option<Vec<u64>> {
    if pieces.is_plain() {
        if group == Group::All {
            let spans = pieces.bounds.windows(2);
            return Some(spans.map(|pair| u64::from(pair[1] - pair[0])).collect());
        }
        if n_groups <= COUNTED_BY_LOG {
            return Some(counted_by_log(log, group, pieces, n_groups));
        }
    }
    let mut counts = vec![0_u64; pieces.len() * n_groups];
    let of_category: Vec<u32> = match group {
        Group::Category => log
            .streams()
            .map(|stream| log.stream_info(stream).category.0)
            .collect(),
        Group::Type | Group::All => Vec::new(),
    };
    let group_of = |position: Position| match group {
        Group::Type => log.event_type(position).index(),
        Group::Category => of_category
            .get(log.stream(position).index())
            .map_or(0, |category| *category as usize),
        Group::All => 0,
    };
    pieces.walk(cancel, |bucket, position| {
        if let Some(count) = counts.get_mut(bucket * n_groups + group_of(position)) {
            *count += 1;
        }
    })?;
    Some(counts)
}

/// The prefix counts of the log, each group at the place of its name.
fn counted_by_log(log: &EventLog, group: Group, pieces: &Pieces<'_>, n_groups: usize) -> Vec<u64> {
    let grouping = match group {
        Group::Category => Grouping::Category,
        Group::Type | Group::All => Grouping::Type,
    };
    let groups = log.groups(grouping);
    let columns = log.count_columns(Axis::Time, grouping, &pieces.bounds);
    let mut counts = Vec::with_capacity(pieces.len() * n_groups);
    for column in 0..columns.n_columns() {
        let row = columns.column(column);
        let of = |id: usize| {
            let nth = groups.get(id).map_or(0, |nth| usize::from(*nth));
            row.get(nth).copied().map_or(0, u64::from)
        };
        counts.extend((0..n_groups).map(of));
    }
    counts
}

/// How many events a group has in all.
fn totals(n_groups: usize, counts: &[u64]) -> Vec<u64> {
    let mut totals = vec![0_u64; n_groups];
    for row in counts.chunks_exact(n_groups.max(1)) {
        for (total, count) in totals.iter_mut().zip(row) {
            *total += count;
        }
    }
    totals
}

/// Group numbers, largest first, those without events left out.
fn ranked(names: &[String], totals: &[u64]) -> Vec<usize> {
    let mut ids: Vec<usize> = (0..names.len()).filter(|id| totals[*id] > 0).collect();
    ids.sort_by(|a, b| (totals[*b], &names[*a]).cmp(&(totals[*a], &names[*b])));
    ids
}

fn lines(pieces: &Pieces<'_>, names: &[String], counts: &[u64]) -> Vec<super::super::lines::Line> {
    let n_groups = names.len().max(1);
    let ids = ranked(names, &totals(n_groups, counts));
    let own = if ids.len() > MAX_LINES {
        MAX_LINES - 1
    } else {
        ids.len()
    };
    let (shown, others) = ids.split_at(own);
    let of = |ids: &[usize], name: String| {
        let sums = counts
            .chunks_exact(n_groups)
            .map(|row| ids.iter().map(|id| row[*id]).sum());
        pieces.counted(name, sums)
    };
    let mut lines: Vec<_> = shown
        .iter()
        .map(|id| of(&[*id], names[*id].clone()))
        .collect();
    if !others.is_empty() {
        lines.push(of(others, "other".to_owned()));
    }
    lines
}

fn table(group: Group, names: &[String], counts: &[u64]) -> Table {
    let totals = totals(names.len().max(1), counts);
    let all: u64 = totals.iter().sum();
    if group == Group::All {
        let filled = counts.iter().filter(|count| **count > 0).count() as u64;
        let most = counts.iter().copied().max().unwrap_or(0);
        let mean = whole(all).and_then(|all| all.checked_divide(counts.len() as u64));
        let mean = mean.map_or(TableCell::Missing, |(mean, _)| {
            TableCell::Text(Decimal::to_string(&mean))
        });
        return Table {
            columns: vec!["Events", "Pieces", "With events", "Most", "Mean"],
            rows: vec![vec![
                TableCell::Count(all),
                TableCell::Count(counts.len() as u64),
                TableCell::Count(filled),
                TableCell::Count(most),
                mean,
            ]],
        };
    }
    let rows = ranked(names, &totals).into_iter().map(|id| {
        vec![
            TableCell::Text(names[id].clone()),
            TableCell::Count(totals[id]),
            TableCell::share(totals[id], all),
        ]
    });
    let first = match group {
        Group::Type => "Type",
        Group::Category | Group::All => "Category",
    };
    Table {
        columns: vec![first, "Events", "Share"],
        rows: rows.collect(),
    }
}
