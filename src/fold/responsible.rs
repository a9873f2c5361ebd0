//! Which events are responsible for what changed between two states.

use super::diff::{Change, diff, diff_from_nothing};
use super::minimal::minimize;
use super::replay::Folder;
use super::state::{FoldError, State};
use crate::event::json::Json;
use crate::event::{Position, StreamId};

/// A change with the events that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainedChange {
    /// The change.
    pub change: Change,
    /// The events responsible, rising; not empty between two points of one stream.
    pub by: Vec<Position>,
    /// The event that set the older value, where that is of another stream or of what was known at
    /// another point.
    pub old_by: Vec<Position>,
}

/// A change while the events between the two points are walked.
struct Tracked {
    change: Change,
    /// The value at the path after the last event that was walked.
    value: Option<Json>,
    by: Vec<Position>,
}

impl Folder {
    /// The changes from `old` to `new`, two states of one stream in either order, with the events
    /// responsible. `old` is `None` for the time before the stream's first event, when it had no state.
    ///
    /// Responsible is the last event between the two points after which the value at the path was
    /// another one than before it. Where that event built on what was there, as a sum does
    /// ([`super::Reducer::builds_on`]), the event before it that changed the value is responsible
    /// too, and so on back to one that did not, or to the earlier point. An event that wrote an equal
    /// value changed nothing. What a value was copied from elsewhere in the state is not followed.
    /// Where `old` is the later one, these are the events that are taken back. Forwards, and with a
    /// reducer whose events can be left out, the list is then made minimal by trying: with these events
    /// the older state gives the newer value, with any one of them left out it does not.
    /// Costs a walk over the events between.
    pub fn explain(
        &self,
        old: Option<&State>,
        new: &State,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Vec<ExplainedChange>, FoldError> {
        let changes = match old {
            Some(old) => diff(&old.value, &new.value),
            None => diff_from_nothing(&new.value),
        };
        let (earlier, later) = match old {
            Some(old) if old.rank > new.rank => (Some(new), old),
            _ => (old, new),
        };
        let mut tracked = track(changes, earlier.map(|state| &state.value));
        let mut look = |_: u32, position: Position, state: &Json| {
            for one in &mut tracked {
                self.follow(one, new.stream, position, state);
            }
            true
        };
        match earlier {
            Some(earlier) => self.walk_on(earlier, later.rank, cancel, &mut look)?,
            None => self.walk(new.stream, 0, later.rank, cancel, &mut look)?,
        }
        let mut explained: Vec<_> = tracked.into_iter().map(Tracked::explained).collect();
        match old {
            None => {
                let base = self
                    .reducer()
                    .start(self.history().log.category_of(new.stream));
                minimize(self, new.stream, &base, (0, new.rank), &mut explained);
            }
            Some(old) if old.rank < new.rank => {
                let ranks = (old.rank + 1, new.rank);
                minimize(self, new.stream, &old.value, ranks, &mut explained);
            }
            Some(_) => {}
        }
        Ok(explained)
    }

    fn follow(&self, one: &mut Tracked, stream: StreamId, position: Position, state: &Json) {
        let value = one.change.path.get(state);
        if value == one.value.as_ref() {
            return;
        }
        one.value = value.cloned();
        let log = &self.history().log;
        let event_type = log.type_name(log.event_type(position));
        let category = log.category_of(stream);
        if !self
            .reducer()
            .builds_on(category, event_type, &one.change.path)
        {
            one.by.clear();
        }
        one.by.push(position);
    }
}

fn track(changes: Vec<Change>, before: Option<&Json>) -> Vec<Tracked> {
    let tracked = |change: Change| Tracked {
        value: before.and_then(|state| change.path.get(state)).cloned(),
        change,
        by: Vec::new(),
    };
    changes.into_iter().map(tracked).collect()
}

impl Tracked {
    fn explained(self) -> ExplainedChange {
        ExplainedChange {
            change: self.change,
            by: self.by,
            old_by: Vec::new(),
        }
    }
}
