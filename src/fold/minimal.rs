//! The least events that make a change: found by replaying some of them and looking.
//!
//! For reducers whose events can be left out one by one. What is found is minimal in this sense: the
//! older state with these events gives the newer value, and with any one of them left out it does not.

use super::replay::Folder;
use super::responsible::ExplainedChange;
use crate::event::json::{Json, JsonPath};
use crate::event::{EventDetail, Place, Position, StreamId};

/// More events between two points are not tried out.
const MOST_EVENTS: usize = 512;
/// So much replaying is done for all changes together, in leaves copied and events applied: some tens
/// of milliseconds.
const WORK: usize = 400_000;

/// The events between two points, read once.
struct Trial<'a> {
    folder: &'a Folder,
    stream: StreamId,
    base: Json,
    /// What copying the base costs.
    weight: usize,
    first_rank: u32,
    events: Vec<(Position, EventDetail)>,
    left: usize,
}

/// Makes the events named for each change minimal, as far as the work that is allowed goes; where it
/// ends, the others stay as they are. `base` is the older state, `ranks` the first and last event after
/// it.
pub(super) fn minimize(
    folder: &Folder,
    stream: StreamId,
    base: &Json,
    ranks: (u32, u32),
    changes: &mut [ExplainedChange],
) {
    let n_events = (ranks.1 + 1).saturating_sub(ranks.0) as usize;
    if !folder.reducer().applies_alone() || n_events == 0 || n_events > MOST_EVENTS {
        return;
    }
    let Some(events) = read(folder, stream, ranks) else {
        return;
    };
    let mut trial = Trial {
        folder,
        stream,
        weight: base.leaves().len() + 1,
        base: base.clone(),
        first_rank: ranks.0,
        events,
        left: WORK,
    };
    for one in changes {
        let named = trial.indices(&one.by);
        let target = one.change.new.as_ref();
        if let Some(found) = trial.least(named, &one.change.path, target) {
            let position = |at: &usize| trial.events.get(*at).map(|(position, _)| *position);
            one.by = found.iter().filter_map(position).collect();
        }
    }
}

/// The events with their details; `None` where a reader leaves some out.
fn read(
    folder: &Folder,
    stream: StreamId,
    (first, last): (u32, u32),
) -> Option<Vec<(Position, EventDetail)>> {
    let history = folder.history();
    let events = history.log.events_of(stream);
    let between = events.get(first as usize..=last as usize)?;
    let places: Vec<Place> = between
        .iter()
        .map(|at| history.log.place(Position(*at)))
        .collect();
    let mut found = Vec::with_capacity(between.len());
    let want = folder.reducer().wants();
    history.reader.read(&places, want, &mut |nr, read| {
        if let Some(at) = between.get(nr) {
            // What cannot be read changes nothing.
            found.push((Position(*at), read.unwrap_or_default()));
        }
        true
    });
    (found.len() == between.len()).then_some(found)
}

impl Trial<'_> {
    fn indices(&self, positions: &[Position]) -> Vec<usize> {
        let find = |at: &Position| self.events.binary_search_by_key(at, |(known, _)| *known);
        positions.iter().filter_map(|at| find(at).ok()).collect()
    }

    /// The least events that give `target` at `path`: from those named, else from all.
    fn least(
        &mut self,
        named: Vec<usize>,
        path: &JsonPath,
        target: Option<&Json>,
    ) -> Option<Vec<usize>> {
        let all: Vec<usize> = (0..self.events.len()).collect();
        let mut kept = if self.gives(&named, path, target)? {
            named
        } else if self.gives(&all, path, target)? {
            all
        } else {
            return None;
        };
        // Halves first, so that most of many events go at once.
        let mut size = kept.len().div_ceil(2).max(1);
        loop {
            let has_shrunk = self.drop_chunks(&mut kept, size, path, target)?;
            if size > 1 {
                size = size.div_ceil(2);
            } else if !has_shrunk {
                return Some(kept);
            }
        }
    }

    /// Leaves out chunk after chunk where the rest still gives the value; whether any went.
    fn drop_chunks(
        &mut self,
        kept: &mut Vec<usize>,
        size: usize,
        path: &JsonPath,
        target: Option<&Json>,
    ) -> Option<bool> {
        let (mut at, mut has_shrunk) = (0, false);
        while at < kept.len() && kept.len() > 1 {
            let end = (at + size).min(kept.len());
            let rest = [&kept[..at], &kept[end..]].concat();
            if !rest.is_empty() && self.gives(&rest, path, target)? {
                *kept = rest;
                has_shrunk = true;
            } else {
                at = end;
            }
        }
        Some(has_shrunk)
    }

    /// Whether these events give the value; `None` where there is no work left to be done.
    fn gives(&mut self, subset: &[usize], path: &JsonPath, target: Option<&Json>) -> Option<bool> {
        let cost = self.weight + subset.len() * 8;
        self.left = self.left.checked_sub(cost)?;
        let mut state = self.base.clone();
        for at in subset {
            self.apply(&mut state, *at);
        }
        Some(path.get(&state) == target)
    }

    fn apply(&self, state: &mut Json, at: usize) {
        let Some((position, detail)) = self.events.get(at) else {
            return;
        };
        let rank = self.first_rank + u32::try_from(at).unwrap_or(0);
        let event = self.folder.event(self.stream, rank, *position, detail);
        self.folder
            .in_shape(&event, |event| self.folder.reducer().apply(state, event));
    }
}
