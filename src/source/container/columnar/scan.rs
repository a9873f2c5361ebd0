//! The walk over the rows of a table that makes the log: of all of them, or of the later half.

use std::ops::ControlFlow;
use std::sync::Arc;

use arrow_array::RecordBatch;

use super::Table;
use super::row::Row;
use crate::event::Place;
use crate::source::bound::{Bound, LOG_ROLES};
use crate::source::cell::Cell;
use crate::source::container::{Item, Outline, Sink, Walked, come_by_later};
use crate::source::error::Error;
use crate::source::format::{Role, StoreFormat};
use crate::source::progress::Progress;

/// Between how many rows progress is told.
const ROWS_BETWEEN: u64 = 1 << 14;
/// No fewer rows are read in two halves.
const LEAST_HALVED: u64 = 64;

/// What is known of a table when it is walked.
#[derive(Clone)]
pub(super) struct What {
    /// The names of its columns.
    pub(super) names: Arc<[String]>,
    pub(super) format: StoreFormat,
    /// How many bytes the file has, for progress.
    pub(super) n_bytes: u64,
}

/// The row with which the later half begins; `None` where there are few.
pub(super) fn middle(runs: &[u64]) -> Option<u64> {
    let n_rows: u64 = runs.iter().sum();
    (n_rows >= LEAST_HALVED).then_some(n_rows / 2)
}

/// Hands over all rows, how many there are; those from the row `later` on may be somebody else's.
pub(super) fn scan(
    table: &dyn Table,
    what: &What,
    later: Option<u64>,
    progress: &Progress,
    sink: &mut Sink<'_>,
) -> Result<u64, Error> {
    let bound = Bound::new(&what.format, &LOG_ROLES);
    let mut walk = Walk {
        later,
        ..Walk::new(table, what, &bound, progress)
    };
    let mut first = 0;
    for (run, n_rows) in table.runs().iter().enumerate() {
        if progress.is_cancelled() {
            return Err(Error::Cancelled);
        }
        match walk.rows(run, first, 0, sink) {
            End::Whole => {}
            End::Taken(n_taken) => return Ok(walk.next + n_taken),
            End::Over => return Ok(first + n_rows),
            End::Cancelled => return Err(Error::Cancelled),
            End::Lost(why) => {
                let lost = Item::LostMany {
                    n_records: (first + n_rows).saturating_sub(walk.next),
                    kind: "damaged-rows",
                    place: format!("rows {} to {}", walk.next + 1, first + n_rows),
                    message: format!("a part of the table cannot be read: {why}"),
                };
                if sink(lost).is_break() {
                    return Ok(first + n_rows);
                }
            }
        }
        first += n_rows;
    }
    Ok(first)
}

/// Hands over the rows from one on; `None` where any of them cannot be read.
pub(super) fn walk_later(
    table: &dyn Table,
    what: &What,
    middle: u64,
    progress: &Progress,
    sink: &mut Sink<'_>,
) -> Option<Walked> {
    let bound = Bound::new(&what.format, &LOG_ROLES);
    let mut walk = Walk {
        begin: middle,
        ..Walk::new(table, what, &bound, progress)
    };
    let mut first = 0;
    for (run, n_rows) in table.runs().iter().enumerate() {
        let from = middle.saturating_sub(first);
        if from < *n_rows {
            let End::Whole = walk.rows(run, first + from, from, sink) else {
                return None;
            };
        }
        first += n_rows;
    }
    Some(Walked {
        first: i64::try_from(middle).ok()?,
        n_records: first.checked_sub(middle)?,
    })
}

/// How a walk over rows ended.
enum End {
    Whole,
    /// Somebody else has so many rows that follow, and they are all.
    Taken(u64),
    /// Nobody wants more.
    Over,
    Cancelled,
    /// The rest cannot be read, and why.
    Lost(String),
}

/// A walk over rows, run by run.
struct Walk<'a> {
    table: &'a dyn Table,
    what: &'a What,
    reading: Reading<'a>,
    progress: &'a Progress,
    /// The row with which it began.
    begin: u64,
    /// The row that comes next.
    next: u64,
    /// When progress is told next.
    told: u64,
    /// The row from which on somebody else may have them.
    later: Option<u64>,
}

impl<'a> Walk<'a> {
    fn new(table: &'a dyn Table, what: &'a What, bound: &'a Bound, progress: &'a Progress) -> Self {
        Self {
            table,
            what,
            reading: Reading::new(bound, &what.names),
            progress,
            begin: 0,
            next: 0,
            told: 0,
            later: None,
        }
    }

    /// Hands over the rows of a run from the one with the number `first`, which is its row `from`.
    fn rows(&mut self, run: usize, first: u64, from: u64, sink: &mut Sink<'_>) -> End {
        let n_rows = self.table.runs().get(run).copied().unwrap_or(0);
        let end = first - from + n_rows;
        let (table, columns) = (self.table, self.reading.columns.clone());
        self.next = first;
        let mut ended = End::Whole;
        let read = table.scan(run, from, &columns, &mut |batch| {
            let mut row = self.reading.row(batch);
            for at in 0..batch.num_rows() {
                if self.later == Some(self.next) {
                    let place = i64::try_from(self.next).unwrap_or(i64::MAX);
                    if let Some(n_taken) = come_by_later(place, sink) {
                        ended = End::Taken(n_taken);
                        return ControlFlow::Break(());
                    }
                }
                row.go_to(at);
                let number = self.next;
                self.next += 1;
                if self.reading.hand_over(&row, number, sink).is_break() {
                    ended = End::Over;
                    return ControlFlow::Break(());
                }
            }
            if self.tell() {
                ended = End::Cancelled;
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        match (ended, read) {
            (End::Whole, Ok(())) if self.next >= end => End::Whole,
            (End::Whole, Ok(())) => End::Lost("it has fewer rows than it says".to_owned()),
            (End::Whole, Err(why)) => End::Lost(why),
            (ended, _) => ended,
        }
    }

    /// Tells how far it has come; whether it is to end.
    fn tell(&mut self) -> bool {
        if self.next < self.told {
            return false;
        }
        self.told = self.next + ROWS_BETWEEN;
        let all: u64 = self.table.runs().iter().sum();
        let done = u128::from(self.what.n_bytes) * u128::from(self.next - self.begin);
        let done = done / u128::from(all.max(1));
        self.progress
            .set_done(u64::try_from(done).unwrap_or(u64::MAX));
        self.progress.is_cancelled()
    }
}

/// What is read of each row when the log is made.
struct Reading<'a> {
    bound: &'a Bound,
    /// The columns that are read, by their number in the table, counting up.
    columns: Vec<usize>,
    /// For each column that the roles bind its number among those.
    slots: Vec<Option<usize>>,
    /// Which of the columns are nothing but a time.
    times: Vec<bool>,
    /// Room for what is made of each role.
    made: [Vec<u8>; LOG_ROLES.len()],
}

impl<'a> Reading<'a> {
    fn new(bound: &'a Bound, names: &[String]) -> Self {
        let place = |name: &String| names.iter().position(|known| known == name);
        let places: Vec<Option<usize>> = bound.columns.iter().map(place).collect();
        let mut columns: Vec<usize> = places.iter().copied().flatten().collect();
        columns.sort_unstable();
        columns.dedup();
        let slot = |place: &Option<usize>| columns.binary_search(&(*place)?).ok();
        let slots: Vec<Option<usize>> = places.iter().map(slot).collect();
        let mut times = vec![false; columns.len()];
        for role in [Role::Time, Role::Occurred] {
            let slot = bound
                .plain_column(role)
                .and_then(|column| *slots.get(column)?);
            if let Some(is_time) = slot.and_then(|slot| times.get_mut(slot)) {
                *is_time = true;
            }
        }
        Self {
            bound,
            columns,
            slots,
            times,
            made: Default::default(),
        }
    }

    /// A row of a batch with these columns.
    fn row<'b>(&self, batch: &'b RecordBatch) -> Row<'b> {
        Row::with_times(batch, &self.times)
    }

    fn hand_over(&mut self, row: &Row<'_>, number: u64, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let ordinal = i64::try_from(number).unwrap_or(i64::MAX);
        if row.is_too_long() {
            let message = "a value is longer than 64 MiB; the row was left out";
            return sink(Item::lost("record-too-long", ordinal + 1, message));
        }
        let get = |column: usize| {
            let slot = self.slots.get(column).copied().flatten();
            slot.map_or(Cell::Null, |slot| row.get(slot))
        };
        let [stream, category, version, event_type, time, occurred] = &mut self.made;
        let bound = self.bound;
        sink(Item::Record(Outline {
            ordinal: ordinal + 1,
            place: Place::at(ordinal),
            stream: bound.read(Role::Stream, get, stream),
            category: bound.read(Role::Category, get, category),
            version: bound.read(Role::Version, get, version),
            event_type: bound.read(Role::Type, get, event_type),
            time: bound.read(Role::Time, get, time),
            occurred: bound.read(Role::Occurred, get, occurred),
            text: b"",
        }))
    }
}
