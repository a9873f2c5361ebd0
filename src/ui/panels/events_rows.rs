//! Which event stands in which row of the events table.

use crate::event::Position;
use crate::history::EventLog;

/// The rows of the events table: all events, or those that a filter lets through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows<'a> {
    n_events: usize,
    shown: Option<&'a [u32]>,
}

impl<'a> Rows<'a> {
    /// All events of a log, or those shown, rising.
    pub(super) fn new(log: &EventLog, shown: Option<&'a std::sync::Arc<[u32]>>) -> Self {
        Self {
            n_events: log.len(),
            shown: shown.map(AsRef::as_ref),
        }
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> u64 {
        self.shown.map_or(self.n_events, <[u32]>::len) as u64
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The event of a row; the last one beyond the end.
    pub(super) fn position(&self, row: u64) -> Position {
        let row = usize::try_from(row.min(self.len().saturating_sub(1))).unwrap_or_default();
        let at = match self.shown {
            Some(shown) => shown.get(row).copied(),
            None => u32::try_from(row).ok(),
        };
        Position(at.unwrap_or_default())
    }

    /// The row of an event, where it is shown.
    pub(super) fn row_of(&self, position: Position) -> Option<u64> {
        match self.shown {
            None => Some(u64::from(position.0)),
            Some(shown) => shown.binary_search(&position.0).ok().map(|row| row as u64),
        }
    }

    /// The row of an event, or that of the last one shown before it.
    pub(super) fn row_near(&self, position: Position) -> u64 {
        match self.shown {
            None => u64::from(position.0),
            Some(shown) => {
                let after = shown.partition_point(|at| *at <= position.0);
                after.saturating_sub(1) as u64
            }
        }
    }
}
