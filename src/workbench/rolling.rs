//! The roll-forward that is shown: of which number, between which points.

use std::sync::Arc;

use super::workbench::Workbench;
use crate::event::json::JsonPath;
use crate::event::{CategoryId, Position};
use crate::projection::{RollForward, RollForwardAsk};

/// What is rolled forward.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RollKey {
    /// Of which history and branch: [`Workbench::states`].
    pub generation: u64,
    /// Which number, between which points.
    pub ask: RollForwardAsk,
}

/// The number rolled forward, or why there is none.
pub type RollAnswer = Result<Arc<RollForward>, String>;

impl Workbench {
    /// What is rolled forward for a number of a category: from marker A to marker B, or over the period
    /// that A is by itself; from the beginning and to the end where they are not set.
    pub fn roll_key(&self, category: CategoryId, path: JsonPath) -> RollKey {
        let look = self.look();
        let before = |position: Position| position.0.checked_sub(1).map(Position);
        let (from, to) = match (look.marker_a, look.marker_b) {
            (None, b) => (None, b.map(|b| b.to)),
            (Some(a), None) if a.is_moment() => (Some(a.from), None),
            (Some(a), None) => (before(a.from), Some(a.to)),
            (Some(a), Some(b)) if a.from <= b.to => (Some(a.from), Some(b.to)),
            (Some(a), Some(b)) => (Some(b.from), Some(a.to)),
        };
        RollKey {
            generation: self.states(),
            ask: RollForwardAsk {
                path,
                from,
                to,
                category: Some(category),
            },
        }
    }
}
