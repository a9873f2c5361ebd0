//! Which events made a step.

use std::cmp::Reverse;

use super::super::results::{PartitionId, Results};
use super::ask::{By, SeriesAsk};
use super::moves::{Plan, is_at_own_time};
use crate::event::{Decimal, Position};
use crate::history::{Axis, EventLog};

/// An event that changed a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The event.
    pub position: Position,
    /// In which partition.
    pub partition: PartitionId,
    /// The partition's number before; `None` where it had none.
    pub before: Option<Decimal>,
    /// The partition's number afterwards.
    pub after: Option<Decimal>,
    /// By how much the line changed through it.
    pub by: Decimal,
}

/// The events that changed a line between two places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explained {
    /// Those that changed it most, in either direction, first; of equals the earlier.
    pub causes: Vec<Cause>,
    /// How many others there are.
    pub n_more: usize,
    /// By how much all of them together changed it; `None` where that has over 38 digits.
    pub sum: Option<Decimal>,
}

impl Results {
    /// The events that changed the line of that name from `from` up to before `to`, at most `most`;
    /// `None` where `cancel` said so. Costs as much as [`Results::series`].
    pub fn explain(
        &self,
        log: &EventLog,
        ask: &SeriesAsk,
        line: &str,
        (from, to): (i64, i64),
        most: usize,
        cancel: &dyn Fn() -> bool,
    ) -> Option<Explained> {
        let mut ask = ask.clone();
        if ask.by != By::Event {
            ask.axis = Axis::Time;
        }
        let Some(plan) = Plan::new(self, log, &ask) else {
            return Some(Explained::default());
        };
        let wanted = plan.lines.iter().position(|(name, _)| name == line);
        let by_own = ask.by != By::Event && is_at_own_time(ask.measure);
        let mut causes: Vec<Cause> = Vec::new();
        let mut sum = Some(Decimal::ZERO);
        plan.walk(cancel, &mut |change| {
            let x = if by_own { change.own_x } else { change.x };
            let is_transfer = is_at_own_time(ask.measure) && change.is_transfer;
            if Some(change.line) != wanted || x < from || x >= to || is_transfer {
                return;
            }
            let new = change.new.unwrap_or(Decimal::ZERO);
            let by = new.checked_sub(change.old.unwrap_or(Decimal::ZERO));
            sum = sum.zip(by).and_then(|(sum, by)| sum.checked_add(by));
            causes.extend(by.map(|by| Cause {
                position: change.position,
                partition: change.partition,
                before: change.old,
                after: change.new,
                by,
            }));
        })?;
        causes.sort_by_key(|cause| (Reverse(cause.by.abs()), cause.position));
        let n_more = causes.len().saturating_sub(most);
        causes.truncate(most);
        Some(Explained {
            causes,
            n_more,
            sum,
        })
    }
}
