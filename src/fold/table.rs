//! The states of all streams of a category at a point, as a table of chosen columns.
//!
//! It is computed once for all points: what each column became, stream by stream, and after which
//! event. `table_walk` gathers it.

use std::borrow::Cow;
use std::sync::Arc;

use hashbrown::HashMap;

use super::branch::Branch;
use super::replay::Folder;
use super::state::FoldError;
use crate::event::json::{Json, JsonPath, Step};
use crate::event::{CategoryId, Position, StreamId, Version};
use crate::history::EventLog;

/// The most bytes that the values of one table take.
const MAX_BYTES: usize = 1 << 30;

/// Which table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableQuestion {
    /// Of the streams of this category.
    pub category: CategoryId,
    /// These paths of their states; `None` for all members at the top, in the order in which they
    /// first appear.
    pub columns: Option<Vec<JsonPath>>,
    /// Up to and with this event; `None` for all points, so that every one is answered at once.
    pub until: Option<Position>,
}

/// What the columns of a category's streams became, at every point up to the one asked for.
///
/// Some 40 bytes and the value for each time that a column became another one; a point is answered by
/// binary search, stream by stream.
#[derive(Debug)]
pub struct StateTable {
    columns: Vec<JsonPath>,
    /// Sorted by name.
    streams: Vec<StreamId>,
    /// For each stream where its entries begin; one more at the end.
    starts: Vec<usize>,
    entries: Vec<Entry>,
    branch: Option<Arc<Branch>>,
}

/// What a column of a stream became.
#[derive(Debug)]
struct Entry {
    row: u32,
    column: u32,
    position: u32,
    /// The value as JSON text; `None` where there is none from here on.
    value: Option<Box<str>>,
}

/// A stream in the table at a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow<'a> {
    /// The stream.
    pub stream: StreamId,
    /// The version of its last event by then.
    pub version: Option<Version>,
    /// Where that event stands.
    pub position: Position,
    /// The value of each column as JSON text; `None` where its state lacks it.
    pub cells: Vec<Option<&'a str>>,
}

impl StateTable {
    /// Gathers it. With the payload merge that is one pass over the events in file order, else a
    /// replay of each stream. `progress` is told how many events have been taken in.
    pub fn of(
        folder: &Folder,
        question: &TableQuestion,
        cancel: &dyn Fn() -> bool,
        progress: &dyn Fn(u64),
    ) -> Result<Self, FoldError> {
        let mut gather = Gather::new(folder, question);
        if folder.reducer().merges_at_top() {
            gather.pass_over_payloads(folder, question, cancel, progress)?;
        } else {
            gather.replay_streams(folder, question, cancel, progress)?;
        }
        Ok(Self {
            branch: folder.branch().cloned(),
            ..gather.finish()
        })
    }

    /// The columns in order.
    pub fn columns(&self) -> &[JsonPath] {
        &self.columns
    }

    /// The rows of all streams with an event by then, sorted by name. Costs a binary search for each
    /// stream and column, and a walk over some of the log.
    pub fn as_of(&self, log: &EventLog, position: Position) -> Vec<TableRow<'_>> {
        let counts = log.counts_by(position);
        let rows = self.streams.iter().enumerate();
        rows.filter_map(|(row, stream)| {
            let last = counts.get(stream.index())?.checked_sub(1)?;
            let rank = self.last_known(log, *stream, last)?;
            let events = log.events_of(*stream);
            Some(TableRow {
                stream: *stream,
                version: log.version_at_rank(*stream, rank),
                position: Position(events.get(rank as usize).copied()?),
                cells: self.cells(row, position),
            })
        })
        .collect()
    }

    /// What a column became in each stream, the streams sorted by name: after which event, and the value
    /// as JSON text, `None` where there is none from there on.
    pub fn changes(
        &self,
        column: usize,
    ) -> impl Iterator<Item = (StreamId, Vec<(Position, Option<&str>)>)> {
        let bounds = self.starts.iter().zip(self.starts.iter().skip(1));
        let rows = self.streams.iter().zip(bounds);
        rows.map(move |(stream, (from, to))| {
            let entries = self.entries.get(*from..*to).unwrap_or_default().iter();
            let own = entries.filter(|entry| entry.column as usize == column);
            let changes = own.map(|entry| (Position(entry.position), entry.value.as_deref()));
            (*stream, changes.collect())
        })
    }

    /// The last event of a stream up to `rank` that counts: in what had occurred by a moment, one that
    /// had.
    fn last_known(&self, log: &EventLog, stream: StreamId, rank: u32) -> Option<u32> {
        match &self.branch {
            Some(branch) => branch.last_known(log, stream, rank),
            None => Some(rank),
        }
    }

    fn cells(&self, row: usize, position: Position) -> Vec<Option<&str>> {
        let mut cells = vec![None; self.columns.len()];
        let from = self.starts.get(row).copied().unwrap_or(0);
        let to = self.starts.get(row + 1).copied().unwrap_or(from);
        let mut rest = self.entries.get(from..to).unwrap_or_default();
        while let Some(first) = rest.first() {
            let n_of_column = rest.partition_point(|entry| entry.column == first.column);
            let (of_column, after) = rest.split_at(n_of_column);
            let n_by_then = of_column.partition_point(|entry| entry.position <= position.0);
            if let (Some(last), Some(cell)) = (
                n_by_then.checked_sub(1).and_then(|at| of_column.get(at)),
                cells.get_mut(first.column as usize),
            ) {
                *cell = last.value.as_deref();
            }
            rest = after;
        }
        cells
    }
}

/// A table while it is gathered.
pub(super) struct Gather {
    pub(super) columns: Vec<JsonPath>,
    /// Whether the columns are those that appear.
    pub(super) takes_all: bool,
    by_key: HashMap<Box<str>, u32>,
    pub(super) streams: Vec<StreamId>,
    /// The row of each stream of the log; `u32::MAX` for streams of other categories.
    rows: Vec<u32>,
    entries: Vec<Entry>,
    /// The last entry of each row and column.
    last: HashMap<(u32, u32), usize>,
    keeps_all: bool,
    bytes: usize,
}

impl Gather {
    fn new(folder: &Folder, question: &TableQuestion) -> Self {
        let log = &folder.history().log;
        let mut streams: Vec<StreamId> = log
            .streams()
            .filter(|stream| log.stream_info(*stream).category == question.category)
            .collect();
        streams.sort_by_key(|stream| (log.stream_name(*stream), log.stream_info(*stream).scope));
        let mut rows = vec![u32::MAX; log.streams().len()];
        for (row, stream) in (0..).zip(&streams) {
            rows[stream.index()] = row;
        }
        Self {
            columns: question.columns.clone().unwrap_or_default(),
            takes_all: question.columns.is_none(),
            by_key: HashMap::new(),
            streams,
            rows,
            entries: Vec::new(),
            last: HashMap::new(),
            keeps_all: question.until.is_none(),
            bytes: 0,
        }
    }

    /// The row of a stream, where it is of the category.
    pub(super) fn row_of(&self, stream: StreamId) -> Option<u32> {
        let row = self.rows.get(stream.index()).copied()?;
        (row != u32::MAX).then_some(row)
    }

    /// The column of a member at the top, made where all are taken.
    pub(super) fn column_of(&mut self, key: &str) -> u32 {
        if let Some(column) = self.by_key.get(key) {
            return *column;
        }
        let column = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
        self.columns.push(JsonPath(vec![Step::Key(key.into())]));
        self.by_key.insert(key.into(), column);
        column
    }

    /// Notes what a column of a row is after an event. Fails where there is no room for more.
    pub(super) fn put(
        &mut self,
        (row, column): (u32, u32),
        position: Position,
        value: Option<&Json>,
    ) -> Result<(), FoldError> {
        let text = value.map(|value| Cow::Owned(value.to_string()));
        self.put_text((row, column), position, text)
    }

    /// As [`Self::put`], of a value as JSON text.
    pub(super) fn put_text(
        &mut self,
        (row, column): (u32, u32),
        position: Position,
        text: Option<Cow<'_, str>>,
    ) -> Result<(), FoldError> {
        let last = self.last.get(&(row, column)).copied();
        match last.and_then(|at| self.entries.get(at)) {
            Some(last) if last.value.as_deref() == text.as_deref() => return Ok(()),
            None if text.is_none() => return Ok(()),
            _ => {}
        }
        let text = text.map(|text| Box::<str>::from(text.into_owned()));
        let replaced = last.filter(|_| !self.keeps_all);
        if let Some(last) = replaced.and_then(|at| self.entries.get_mut(at)) {
            let size = |value: &Option<Box<str>>| value.as_ref().map_or(0, |text| text.len());
            self.bytes = self.bytes + size(&text) - size(&last.value).min(self.bytes);
            last.value = text;
            last.position = position.0;
            return self.check();
        }
        self.bytes += text.as_ref().map_or(0, |text| text.len()) + 64;
        self.last.insert((row, column), self.entries.len());
        self.entries.push(Entry {
            row,
            column,
            position: position.0,
            value: text,
        });
        self.check()
    }

    fn check(&self) -> Result<(), FoldError> {
        if self.bytes > MAX_BYTES {
            return Err(FoldError::TableTooLarge);
        }
        Ok(())
    }

    fn finish(mut self) -> StateTable {
        let by_place = |entry: &Entry| (entry.row, entry.column, entry.position);
        self.entries.sort_unstable_by_key(by_place);
        let starts = (0..=self.streams.len())
            .map(|row| {
                self.entries
                    .partition_point(|entry| (entry.row as usize) < row)
            })
            .collect();
        StateTable {
            columns: self.columns,
            streams: self.streams,
            starts,
            entries: self.entries,
            branch: None,
        }
    }
}
