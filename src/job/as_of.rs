//! The table of a category's states at a point: gathered once, then sorted and filtered.

use std::cmp::Ordering;
use std::sync::Arc;

use super::outcome::Outcome;
use super::progress::Progress;
use crate::event::Decimal;
use crate::event::json::{Json, parse};
use crate::fold::{FoldError, Folder, StateTable, TableQuestion};
use crate::history::EventLog;
use crate::projection::RollForward;
use crate::workbench::{RollKey, TableAnswer, TableAsk, TableLine, TableSort};

/// Answers a question about a table; `gathered` is the table where it is known.
pub(super) fn table(
    ask: &TableAsk,
    folder: &Folder,
    gathered: Option<&Arc<StateTable>>,
    progress: &Progress,
) -> Outcome {
    let log = &folder.history().log;
    let table = match gathered.map_or_else(|| gather(ask, folder, progress), |t| Ok(Arc::clone(t)))
    {
        Ok(table) => table,
        Err(FoldError::Cancelled) => return Outcome::Stopped,
        Err(error) => return Outcome::Table(Box::new(ask.clone()), Err(error.to_string())),
    };
    let answer = rows(&table, log, ask);
    Outcome::Table(Box::new(ask.clone()), Ok((table, answer)))
}

/// Rolls a number forward.
pub(super) fn roll_forward(key: &RollKey, folder: &Folder, progress: &Progress) -> Outcome {
    progress.expect_records(folder.history().log.len() as u64);
    let cancel = || progress.is_cancelled();
    let rolled = RollForward::of(folder, &key.ask, &cancel, &|n| progress.note_records(n));
    let answer = match rolled {
        Ok(rolled) => Ok(Arc::new(rolled)),
        Err(FoldError::Cancelled) => return Outcome::Stopped,
        Err(error) => Err(error.to_string()),
    };
    Outcome::RolledForward(Box::new(key.clone()), answer)
}

fn gather(
    ask: &TableAsk,
    folder: &Folder,
    progress: &Progress,
) -> Result<Arc<StateTable>, FoldError> {
    progress.expect_records(folder.history().log.len() as u64);
    let question = TableQuestion {
        category: ask.key.category,
        columns: Some(ask.key.columns.clone()),
        until: None,
    };
    let cancel = || progress.is_cancelled();
    let table = StateTable::of(folder, &question, &cancel, &|n| progress.note_records(n))?;
    Ok(Arc::new(table))
}

fn rows(table: &StateTable, log: &EventLog, ask: &TableAsk) -> TableAnswer {
    let found = table.as_of(log, ask.position);
    let n_streams = found.len();
    let wanted = ask.filter.to_lowercase();
    let own = |row: crate::fold::TableRow<'_>| TableLine {
        stream: row.stream,
        version: row.version,
        position: row.position,
        cells: row.cells.iter().map(|cell| cell.map(Into::into)).collect(),
    };
    let mut lines: Vec<TableLine> = found
        .into_iter()
        .map(own)
        .filter(|line| wanted.is_empty() || holds(log, line, &wanted))
        .collect();
    // Each keeps the order of equals: the first decides in the end.
    for by in ask.sort.iter().rev() {
        sort(log, &mut lines, *by);
    }
    let totals = (0..table.columns().len())
        .map(|column| total(&lines, column))
        .collect();
    TableAnswer {
        lines,
        n_streams,
        totals,
    }
}

fn holds(log: &EventLog, line: &TableLine, wanted: &str) -> bool {
    log.stream_name(line.stream).to_lowercase().contains(wanted)
        || line
            .cells
            .iter()
            .flatten()
            .any(|cell| cell.to_lowercase().contains(wanted))
}

/// The rows come sorted by name, which stays the order of equals.
fn sort(log: &EventLog, lines: &mut [TableLine], by: TableSort) {
    if by.descending {
        lines.reverse();
    }
    match by.column {
        0 => lines.sort_by(|a, b| {
            log.stream_name(a.stream)
                .cmp(log.stream_name(b.stream))
                .then(a.stream.cmp(&b.stream))
        }),
        1 => lines.sort_by_key(|line| line.version),
        column => {
            let cell = |line: &TableLine| line.cells.get(column - 2).cloned().flatten();
            lines.sort_by_cached_key(|line| Value::of(cell(line).as_deref()));
        }
    }
    if by.descending {
        lines.reverse();
    }
}

/// A value as it is sorted: nothing first, then numbers, then texts, then all else.
#[derive(PartialEq, Eq)]
enum Value {
    Nothing,
    Number(Decimal),
    Text(String),
    Other(String),
}

impl Value {
    fn of(cell: Option<&str>) -> Self {
        let Some(cell) = cell else {
            return Self::Nothing;
        };
        match parse(cell.as_bytes()) {
            Ok(Json::Number(digits)) => match Decimal::parse(&digits) {
                Some(number) => Self::Number(number),
                None => Self::Other(digits.into()),
            },
            Ok(Json::Text(text)) => Self::Text(text.into()),
            _ => Self::Other(cell.to_owned()),
        }
    }

    fn place(&self) -> u8 {
        match self {
            Self::Nothing => 0,
            Self::Number(_) => 1,
            Self::Text(_) => 2,
            Self::Other(_) => 3,
        }
    }
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) | (Self::Other(a), Self::Other(b)) => a.cmp(b),
            _ => self.place().cmp(&other.place()),
        }
    }
}

/// The exact sum of a column whose values are all numbers.
fn total(lines: &[TableLine], column: usize) -> Option<Decimal> {
    let mut values = lines
        .iter()
        .filter_map(|line| line.cells.get(column)?.as_deref())
        .peekable();
    values.peek()?;
    values.try_fold(Decimal::ZERO, |sum, value| {
        let is_number = value.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        sum.checked_add(Decimal::parse(value).filter(|_| is_number)?)
    })
}
