//! The table of a category's states at the playhead: question and answer.

use std::sync::Arc;

use super::workbench::Workbench;
use crate::event::json::JsonPath;
use crate::event::{CategoryId, Decimal, Position, StreamId, Version};
use crate::fold::StateTable;

/// Which states are gathered, for every point at once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableKey {
    /// Of which history and branch: [`super::Workbench::states`].
    pub generation: u64,
    /// Of the streams of this category.
    pub category: CategoryId,
    /// These fields of them.
    pub columns: Vec<JsonPath>,
}

/// By what the rows are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TableSort {
    /// 0 for the stream's name, 1 for its version, then the columns.
    pub column: usize,
    /// Largest first.
    pub descending: bool,
}

/// Which rows are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableAsk {
    /// Of which states.
    pub key: TableKey,
    /// After this event.
    pub position: Position,
    /// In which order: by the first of these, equals by the next; by name where there are none.
    pub sort: Vec<TableSort>,
    /// Only rows that hold this text anywhere; empty for all.
    pub filter: String,
}

/// One stream of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableLine {
    /// The stream.
    pub stream: StreamId,
    /// The version of its last event by then.
    pub version: Option<Version>,
    /// Where that event stands.
    pub position: Position,
    /// The value of each column as JSON text; `None` where its state lacks it.
    pub cells: Vec<Option<Box<str>>>,
}

/// The rows, sorted and filtered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableAnswer {
    /// The rows.
    pub lines: Vec<TableLine>,
    /// How many streams there are without the filter.
    pub n_streams: usize,
    /// The exact sum of each column over the rows shown; `None` where not all are numbers.
    pub totals: Vec<Option<Decimal>>,
}

/// The states that are gathered, so that another point is answered at once.
pub type GatheredTable = Option<(TableKey, Arc<StateTable>)>;

impl Workbench {
    /// The states that were gathered for this table, where it is the last one.
    pub fn gathered(&self, key: &TableKey) -> Option<Arc<StateTable>> {
        let (known, table) = self.table.as_ref()?;
        (known == key).then(|| Arc::clone(table))
    }
}
