//! The time from one event of a stream to its next one.

use super::answer::{Answered, BuiltInAsk, Table, TableCell};
use super::walk::{Pieces, timeless};
use crate::event::{CategoryId, Decimal, Position, Timestamp};
use crate::history::EventLog;

/// Between so many streams `cancel` is looked at.
const CANCEL_EVERY: usize = 256;

/// The gaps that end in one bucket.
#[derive(Clone, Copy, Default)]
struct Sum {
    n: u64,
    nanos: i128,
    longest: i64,
}

pub(super) fn answer(
    log: &EventLog,
    ask: &BuiltInAsk,
    cancel: &dyn Fn() -> bool,
) -> Option<Answered> {
    let Some(pieces) = Pieces::new(log, ask) else {
        return Some(timeless());
    };
    let n_categories = log.category_names().len();
    let mut of_category: Vec<Vec<i64>> = vec![Vec::new(); n_categories];
    let mut sums = vec![Sum::default(); pieces.len()];
    for (nr, stream) in log.streams().enumerate() {
        if nr % CANCEL_EVERY == 0 && cancel() {
            return None;
        }
        let category = log.stream_info(stream).category;
        let mut before: Option<Timestamp> = None;
        for at in log.events_of(stream) {
            let position = Position(*at);
            let time = log.time(position).filter(|_| pieces.counts(position));
            let Some(time) = time else { continue };
            let gap = before.map(|before| time.0.saturating_sub(before.0));
            before = Some(time);
            let Some((gap, bucket)) = gap.zip(pieces.bucket_of(time)) else {
                continue;
            };
            let is_in_range = ask
                .range
                .is_none_or(|(from, to)| from <= time.0 && time.0 <= to);
            if !is_in_range {
                continue;
            }
            of_category[category.index()].push(gap);
            let sum = &mut sums[bucket];
            sum.longest = if sum.n == 0 {
                gap
            } else {
                sum.longest.max(gap)
            };
            sum.n += 1;
            sum.nanos += i128::from(gap);
        }
    }
    let mut is_exact = true;
    let means: Vec<Option<Decimal>> = sums
        .iter()
        .map(|sum| {
            let (mean, exact) = Decimal::new(sum.nanos, 9)?.checked_divide(sum.n)?;
            is_exact &= exact;
            Some(mean)
        })
        .collect();
    let mut mean = pieces.line("mean, seconds".to_owned(), means.into_iter());
    mean.exact = is_exact;
    let longest = sums.iter().map(|sum| {
        let longest = Decimal::new(i128::from(sum.longest), 9);
        longest.filter(|_| sum.n > 0)
    });
    let longest = pieces.line("longest, seconds".to_owned(), longest);
    Some(Answered {
        plotted: pieces.plotted(vec![mean, longest]),
        table: table(log, of_category),
    })
}

fn table(log: &EventLog, of_category: Vec<Vec<i64>>) -> Table {
    let mut rows: Vec<(usize, Vec<TableCell>)> = Vec::new();
    for (id, mut gaps) in (0..).map(CategoryId).zip(of_category) {
        if gaps.is_empty() {
            continue;
        }
        let nth = |gaps: &mut [i64], share: usize| {
            let at = (gaps.len() - 1) * share / 100;
            TableCell::Nanos(*gaps.select_nth_unstable(at).1)
        };
        let name = log.category_names().get(id.index());
        let row = vec![
            TableCell::Text(name.map_or_else(String::new, |name| name.to_string())),
            TableCell::Count(gaps.len() as u64),
            nth(&mut gaps, 0),
            nth(&mut gaps, 50),
            nth(&mut gaps, 95),
            nth(&mut gaps, 100),
        ];
        rows.push((gaps.len(), row));
    }
    rows.sort_by_key(|(n_gaps, _)| std::cmp::Reverse(*n_gaps));
    Table {
        columns: vec![
            "Category",
            "Gaps",
            "Shortest",
            "Median",
            "95 of 100",
            "Longest",
        ],
        rows: rows.into_iter().map(|(_, row)| row).collect(),
    }
}
