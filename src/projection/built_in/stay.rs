//! How long partitions stay in each value of a field.

use hashbrown::HashMap;

use super::super::lines::{By, Clock, Measure, SeriesAsk, Whose};
use super::super::results::{Packed, Results};
use super::answer::{Answered, Table, TableCell};
use crate::event::Position;
use crate::history::{Axis, EventLog};

/// The stays in one value.
#[derive(Default)]
struct Stays {
    n: u64,
    n_still: u64,
    total: i128,
    /// The lengths of those that have ended.
    nanos: Vec<i64>,
}

/// How long the partitions of results stay in each value of a field: lines of how many are in it, and
/// a table of how long they stay; `None` where `cancel` said so.
///
/// `ask` names field, pieces of time and range of the lines; the table is over all that was so by
/// [`SeriesAsk::until`]. Stays that go on still count up to there. Costs a walk over the changes of
/// the field.
pub fn time_in_state(
    results: &Results,
    log: &EventLog,
    ask: &SeriesAsk,
    cancel: &dyn Fn() -> bool,
) -> Option<Answered> {
    let mut ask = ask.clone();
    ask.whose = Whose::Summed;
    ask.measure = Measure::Value;
    if ask.by == By::Event {
        ask.axis = Axis::Time;
    }
    let plotted = results.series(log, &ask, cancel)?;
    let Some(path) = results.paths.resolve(results.root(ask.of), &ask.path) else {
        return Some(Answered {
            plotted,
            ..Answered::default()
        });
    };
    let mut changes: Vec<(u32, usize, Packed)> = Vec::new();
    for leaf in results.leaves_at(path, &Whose::Summed) {
        for entry in results.changes_of(leaf) {
            let at = results.ats.get(entry).copied().unwrap_or(u32::MAX);
            let value = results.values.get(entry).copied();
            if ask.until.is_none_or(|until| at <= until.0) {
                changes.extend(value.map(|value| (at, leaf, value)));
            }
        }
    }
    changes.sort_by_key(|(at, leaf, _)| (*at, *leaf));
    let stays = stays(log, &changes, ask.until, cancel)?;
    Some(Answered {
        plotted,
        table: table(results, stays),
    })
}

fn stays(
    log: &EventLog,
    changes: &[(u32, usize, Packed)],
    until: Option<Position>,
    cancel: &dyn Fn() -> bool,
) -> Option<HashMap<Packed, Stays>> {
    let mut clock = Clock::new(log, Axis::Time);
    let mut stays: HashMap<Packed, Stays> = HashMap::new();
    // Since when each leaf has what it has.
    let mut since: HashMap<usize, (Packed, i64)> = HashMap::new();
    for (nr, (at, leaf, value)) in changes.iter().enumerate() {
        if nr % 4096 == 0 && cancel() {
            return None;
        }
        let Some(x) = clock.place(Position(*at)) else {
            continue;
        };
        if let Some((before, from)) = since.insert(*leaf, (*value, x)) {
            let stay = stays.entry(before).or_default();
            let nanos = x.saturating_sub(from);
            stay.n += 1;
            stay.total += i128::from(nanos);
            stay.nanos.push(nanos);
        }
    }
    let end = until
        .or_else(|| log.last())
        .and_then(|end| clock.place(end));
    let mut open: Vec<(usize, (Packed, i64))> = since.into_iter().collect();
    open.sort_by_key(|(leaf, _)| *leaf);
    for (_, (value, from)) in open {
        let stay = stays.entry(value).or_default();
        stay.n += 1;
        stay.n_still += 1;
        stay.total += end.map_or(0, |end| i128::from(end.saturating_sub(from)));
    }
    stays.remove(&Packed::ABSENT);
    Some(stays)
}

fn table(results: &Results, stays: HashMap<Packed, Stays>) -> Table {
    let mut found: Vec<(String, Stays)> = stays
        .into_iter()
        .filter_map(|(value, stays)| Some((value.shown(&results.texts)?, stays)))
        .collect();
    found.sort_by(|(a, of_a), (b, of_b)| (of_b.n, a).cmp(&(of_a.n, b)));
    let nanos = |nanos: i128| i64::try_from(nanos).map_or(TableCell::Missing, TableCell::Nanos);
    let rows = found.into_iter().map(|(value, mut stays)| {
        let median = match stays.nanos.len() {
            0 => TableCell::Missing,
            n => TableCell::Nanos(*stays.nanos.select_nth_unstable((n - 1) / 2).1),
        };
        let longest = stays.nanos.iter().copied().max();
        vec![
            TableCell::Text(value),
            TableCell::Count(stays.n),
            TableCell::Count(stays.n_still),
            median,
            longest.map_or(TableCell::Missing, TableCell::Nanos),
            nanos(stays.total),
        ]
    });
    Table {
        columns: vec!["Value", "Stays", "Still", "Median", "Longest", "In all"],
        rows: rows.collect(),
    }
}
