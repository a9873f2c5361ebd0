//! The table of all partitions at a position: sorted, filtered, its cells read where somebody looks.

use std::cmp::Ordering;

use super::{Of, PartitionId, Results};
use crate::event::json::{Json, JsonPath};
use crate::event::{Decimal, Position, category_of_name};
use crate::query::RowFilter;

/// What a table of partitions is sorted by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Column {
    /// The partition's name.
    #[default]
    Name,
    /// How many events it has handled.
    Events,
    /// Where the last of them stands.
    Last,
    /// A field of its state or result.
    Field(JsonPath),
}

/// Which table; also the key of its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PartitionsQuestion {
    /// Whether fields are those of states or of results.
    pub of: Of,
    /// At which position.
    pub position: Position,
    /// By what it is sorted; equal ones by name.
    pub sort: Column,
    /// Whether the greatest stand first. Partitions that lack the field stand last all the same.
    pub is_descending: bool,
}

/// One partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionRow {
    /// Which.
    pub partition: PartitionId,
    /// How many events it has handled by then; at least one.
    pub events: u32,
    /// Where the last of them stands.
    pub last: Position,
}

/// All partitions that had handled an event by a position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionsAt {
    /// What was asked.
    pub question: PartitionsQuestion,
    /// Those that the filter lets through, in order.
    pub rows: Vec<PartitionRow>,
    /// How many there are without a filter.
    pub n_all: usize,
}

/// By what a field is sorted: numbers by value before texts.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Number(Decimal),
    Text(String),
}

impl Results {
    /// The table of partitions at a position; `None` where `cancel` said so.
    ///
    /// Costs a binary search for each partition, two where it is sorted by a field; with a filter
    /// all states are made. Cells are read with [`Results::field_at`].
    pub fn partitions_at(
        &self,
        question: &PartitionsQuestion,
        filter: Option<&RowFilter>,
        cancel: &dyn Fn() -> bool,
    ) -> Option<PartitionsAt> {
        let mut rows: Vec<PartitionRow> = self
            .partitions()
            .filter_map(|partition| self.row(partition, question.position))
            .collect();
        let n_all = rows.len();
        if let Some(filter) = filter {
            rows = self.filtered(&rows, question, filter, cancel)?;
        }
        if cancel() {
            return None;
        }
        self.sort(&mut rows, question);
        Some(PartitionsAt {
            question: question.clone(),
            rows,
            n_all,
        })
    }

    fn row(&self, partition: PartitionId, position: Position) -> Option<PartitionRow> {
        let events = self.events_of(partition);
        let n_events = events.partition_point(|at| *at <= position.0);
        let last = events.get(n_events.checked_sub(1)?)?;
        Some(PartitionRow {
            partition,
            events: u32::try_from(n_events).unwrap_or(u32::MAX),
            last: Position(*last),
        })
    }

    fn filtered(
        &self,
        rows: &[PartitionRow],
        question: &PartitionsQuestion,
        filter: &RowFilter,
        cancel: &dyn Fn() -> bool,
    ) -> Option<Vec<PartitionRow>> {
        let mut kept = Vec::new();
        for (nr, row) in rows.iter().enumerate() {
            if nr % 256 == 0 && cancel() {
                return None;
            }
            let name = self.partition_name(row.partition);
            let value = self.value_at(question.of, row.partition, question.position);
            let value = value.unwrap_or(Json::Null);
            if filter.holds(name, category_of_name(name), &value) {
                kept.push(*row);
            }
        }
        Some(kept)
    }

    fn sort(&self, rows: &mut Vec<PartitionRow>, question: &PartitionsQuestion) {
        let directed = |order: Ordering| {
            if question.is_descending {
                order.reverse()
            } else {
                order
            }
        };
        match &question.sort {
            Column::Name if question.is_descending => rows.reverse(),
            Column::Name => {}
            Column::Events => rows.sort_by(|a, b| directed(a.events.cmp(&b.events))),
            Column::Last => rows.sort_by(|a, b| directed(a.last.cmp(&b.last))),
            Column::Field(path) => {
                let key = |row: &PartitionRow| self.sort_key(question, path, row.partition);
                let mut keyed: Vec<(Option<SortKey>, PartitionRow)> =
                    rows.iter().map(|row| (key(row), *row)).collect();
                keyed.sort_by(|(a, _), (b, _)| match (a, b) {
                    (Some(a), Some(b)) => directed(a.cmp(b)),
                    (a, b) => b.is_some().cmp(&a.is_some()),
                });
                *rows = keyed.into_iter().map(|(_, row)| row).collect();
            }
        }
    }

    fn sort_key(
        &self,
        question: &PartitionsQuestion,
        path: &JsonPath,
        partition: PartitionId,
    ) -> Option<SortKey> {
        let id = self.paths.resolve(self.root(question.of), path)?;
        let leaf = self.leaf_of(partition, id)?;
        let value = self.leaf_at(leaf, question.position);
        match value.decimal(&self.texts) {
            Some(number) => Some(SortKey::Number(number)),
            None => value.shown(&self.texts).map(SortKey::Text),
        }
    }
}
