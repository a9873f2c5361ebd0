//! Runs a filter over all events: columns first, then what must be read, then states.

use std::sync::Arc;

use super::columns::{BLOCK, bound};
use super::context::Context;
use super::error::QueryError;
use super::facts::{EventTest, Ids};
use super::path::At;
use super::plan::{Leaf, Plan, StateTest};
use super::syntax::Filter;
use crate::event::json::Json;
use crate::event::{CausationNames, EventDetail, Place, Position, ReadError, StreamId, Want};
use crate::fold::{FoldError, Folder};
use crate::history::History;

/// How many events are read at once; between two batches `cancel` is looked at.
const BATCH: usize = 1024;

/// A filter made ready for one history.
pub struct Search {
    folder: Arc<Folder>,
    plan: Plan,
}

/// Why a search did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// The one who asked no longer wants to know.
    #[error("stopped before the end")]
    Cancelled,
    /// A state could not be made.
    #[error(transparent)]
    Fold(FoldError),
}

impl From<FoldError> for SearchError {
    fn from(error: FoldError) -> Self {
        match error {
            FoldError::Cancelled => Self::Cancelled,
            other => Self::Fold(other),
        }
    }
}

/// Who takes the events found: some positions, and how many events have been looked at; `false` ends
/// the search.
pub type Matches<'a> = &'a mut dyn FnMut(&[u32], u32) -> bool;

/// An event for which states must be asked, with the answers of the tests on the event itself.
#[derive(Clone, Copy, Debug)]
struct Open {
    stream: StreamId,
    at: u32,
    tests: u64,
}

impl Search {
    /// Makes a filter ready for the folder's history. Costs a look at all names; filters on versions
    /// and on clocks that go back walk once over all events.
    pub fn new(
        filter: &Filter,
        folder: &Arc<Folder>,
        context: &Context,
    ) -> Result<Self, QueryError> {
        Ok(Self {
            folder: Arc::clone(folder),
            plan: Plan::new(filter, folder.history(), context)?,
        })
    }

    fn history(&self) -> &History {
        self.folder.history()
    }

    /// All events that pass, rising. For callers that can wait.
    pub fn positions(&self, cancel: &dyn Fn() -> bool) -> Result<Vec<u32>, SearchError> {
        let mut found = Vec::new();
        self.run(cancel, &mut |more, _| {
            found.extend_from_slice(more);
            true
        })?;
        // What needs states is found stream by stream.
        if !self.plan.states.is_empty() {
            found.sort_unstable();
        }
        Ok(found)
    }

    /// Whether events are handed over in their order: they are unless states must be asked.
    pub fn is_in_order(&self) -> bool {
        self.plan.states.is_empty()
    }

    /// Hands over the events that pass as they are found, each once.
    ///
    /// Costs a few nanoseconds an event where the columns tell; else each event that may pass is read,
    /// in order, and where states are asked their streams are replayed.
    pub fn run(&self, cancel: &dyn Fn() -> bool, each: Matches<'_>) -> Result<(), SearchError> {
        let ids = self.ids(cancel)?;
        let mut open: Vec<Open> = Vec::new();
        let mut batch: Vec<u32> = Vec::new();
        let log = &self.history().log;
        let n_events = u32::try_from(log.len()).unwrap_or(u32::MAX);
        for first in (0..n_events).step_by(BLOCK as usize) {
            if cancel() {
                return Err(SearchError::Cancelled);
            }
            let may = bound(&self.plan.node, log, first, true);
            let end = first.saturating_add(BLOCK).min(n_events);
            push_marked(&may, first, end, &mut batch);
            if self.plan.is_of_columns() {
                if (!batch.is_empty() || end == n_events) && !each(&batch, end) {
                    return Ok(());
                }
                batch.clear();
            } else if batch.len() >= BATCH || end == n_events {
                for some in batch.chunks(BATCH) {
                    if cancel() {
                        return Err(SearchError::Cancelled);
                    }
                    let found = self.read(some, &ids, &mut open);
                    let searched = if open.is_empty() { end } else { 0 };
                    if !each(&found, searched.min(some.last().map_or(end, |at| at + 1))) {
                        return Ok(());
                    }
                }
                batch.clear();
            }
        }
        self.ask_states(open, cancel, each)
    }

    /// The ids of all events, where a test asks for them.
    fn ids(&self, cancel: &dyn Fn() -> bool) -> Result<Ids, SearchError> {
        let mut ids = Ids::default();
        let needs_ids = |test: &EventTest| matches!(test, EventTest::Orphan);
        if !self.plan.events.iter().any(needs_ids) {
            return Ok(ids);
        }
        let history = self.history();
        let names = history.about.causation;
        if names == CausationNames::Command {
            return Ok(ids);
        }
        let all: Vec<u32> = (0..u32::try_from(history.log.len()).unwrap_or(u32::MAX)).collect();
        for page in all.chunks(BATCH) {
            if cancel() {
                return Err(SearchError::Cancelled);
            }
            read_page(history, page, Want::Presented, &mut |_, event| {
                let own = event.ok().and_then(|event| match names {
                    CausationNames::Position => event.store_position,
                    CausationNames::EventOrCommand | CausationNames::Command => event.id,
                });
                if let Some(own) = own {
                    ids.push(&own);
                }
            });
        }
        Ok(ids.finish())
    }

    /// Reads events that may pass: those that pass are returned, those that depend on a state are
    /// noted.
    fn read(&self, page: &[u32], ids: &Ids, open: &mut Vec<Open>) -> Vec<u32> {
        let (plan, history) = (&self.plan, self.history());
        let log = &history.log;
        let mut found = Vec::new();
        let mut decide = |at: u32, event: Option<&Result<EventDetail, ReadError>>| {
            let (mut tests, mut known) = (0_u64, 0_u64);
            let holds = plan.node.holds(&mut |leaf| match leaf {
                Leaf::Column(column) => Some(column.holds(log, Position(at))),
                Leaf::State(_) => None,
                Leaf::Event(test) => {
                    let bit = 1 << (test % 64);
                    if known & bit == 0 {
                        known |= bit;
                        let holds = event
                            .zip(plan.events.get(*test))
                            .is_some_and(|(event, test)| test.holds(event, ids));
                        tests |= if holds { bit } else { 0 };
                    }
                    Some(tests & bit != 0)
                }
            });
            match holds {
                Some(true) => found.push(at),
                Some(false) => {}
                None => {
                    // What was not needed so far may be needed once the states are known.
                    for (n, test) in plan.events.iter().enumerate() {
                        let bit = 1 << (n % 64);
                        if known & bit == 0 && event.is_some_and(|event| test.holds(event, ids)) {
                            tests |= bit;
                        }
                    }
                    let stream = log.stream(Position(at));
                    open.push(Open { stream, at, tests });
                }
            }
        };
        if plan.events.is_empty() {
            for at in page {
                decide(*at, None);
            }
        } else {
            let wants = plan.events.iter().map(EventTest::want);
            let want = wants.max().unwrap_or(Want::Data);
            let maybe = self.glance(page);
            read_page(
                history,
                maybe.as_deref().unwrap_or(page),
                want,
                &mut |at, event| {
                    decide(at, Some(&event));
                },
            );
            if let Some(maybe) = maybe {
                // Of these no text holds anything that is searched for, so nothing need be read.
                let nothing = Ok(EventDetail::default());
                for at in page.iter().filter(|at| maybe.binary_search(at).is_err()) {
                    decide(*at, Some(&nothing));
                }
                found.sort_unstable();
            }
        }
        found
    }

    /// Of some events those that may hold a text that is searched for, by a look at their stored bytes;
    /// `None` where something else is asked of events too, or their reader cannot look.
    fn glance(&self, page: &[u32]) -> Option<Vec<u32>> {
        let tests = &self.plan.events;
        if !tests.iter().all(|test| matches!(test, EventTest::Text(_))) {
            return None;
        }
        let history = self.history();
        let place = |at: &u32| history.log.place(Position(*at));
        let places: Vec<Place> = page.iter().map(place).collect();
        let mut maybe = Vec::new();
        let is_done = history.reader.glance(&places, &mut |n, stored| {
            if let Some(at) = page.get(n)
                && tests.iter().any(|test| test.may_hold(&stored))
            {
                maybe.push(*at);
            }
        });
        is_done.then_some(maybe)
    }

    /// Replays the streams of the events that depend on states.
    fn ask_states(
        &self,
        mut open: Vec<Open>,
        cancel: &dyn Fn() -> bool,
        each: Matches<'_>,
    ) -> Result<(), SearchError> {
        open.sort_unstable_by_key(|event| (event.stream, event.at));
        let n_events = self.history().log.len();
        let (n_open, mut n_done) = (open.len().max(1), 0);
        for of_stream in open.chunk_by(|a, b| a.stream == b.stream) {
            let found = self.ask_stream(of_stream, cancel)?;
            n_done += of_stream.len();
            let searched = n_events as u128 * n_done as u128 / n_open as u128;
            if !each(&found, u32::try_from(searched).unwrap_or(u32::MAX)) {
                return Ok(());
            }
        }
        Ok(())
    }

    fn ask_stream(
        &self,
        open: &[Open],
        cancel: &dyn Fn() -> bool,
    ) -> Result<Vec<u32>, SearchError> {
        let (Some(first), Some(last)) = (open.first(), open.last()) else {
            return Ok(Vec::new());
        };
        let log = &self.history().log;
        let rank = |event: &Open| log.rank_at(event.stream, Position(event.at)).unwrap_or(0);
        let mut found = Vec::new();
        let mut waiting = open.iter().peekable();
        let mut before: Vec<bool> = vec![false; self.plan.states.len()];
        let from = rank(first).saturating_sub(1);
        self.folder.walk(
            first.stream,
            from,
            rank(last),
            cancel,
            &mut |_, at, state| {
                if let Some(event) = waiting.next_if(|event| event.at == at.0)
                    && self.holds_with(event, state, &before)
                {
                    found.push(event.at);
                }
                for (held, test) in before.iter_mut().zip(&self.plan.states) {
                    *held = test.is_before && test.holds(state);
                }
                waiting.peek().is_some()
            },
        )?;
        Ok(found)
    }

    fn holds_with(&self, event: &Open, state: &Json, before: &[bool]) -> bool {
        let holds = self.plan.node.holds(&mut |leaf| match leaf {
            Leaf::Column(column) => Some(column.holds(&self.history().log, Position(event.at))),
            Leaf::Event(test) => Some(event.tests >> (test % 64) & 1 == 1),
            Leaf::State(n) => {
                let test = self.plan.states.get(*n)?;
                Some(if test.is_before {
                    before.get(*n).copied().unwrap_or(false)
                } else {
                    test.holds(state)
                })
            }
        });
        holds == Some(true)
    }
}

impl std::fmt::Debug for Search {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Search")
            .field("plan", &self.plan)
            .finish_non_exhaustive()
    }
}

impl StateTest {
    fn holds(&self, state: &Json) -> bool {
        let mut test = |at: At<'_>| {
            self.operand
                .as_ref()
                .is_none_or(|operand| operand.holds(&at))
        };
        self.path.any(state, &mut test)
    }
}

/// Reads some events and hands each over with its position; one that a reader leaves out as gone.
fn read_page(
    history: &History,
    page: &[u32],
    want: Want,
    each: &mut dyn FnMut(u32, Result<EventDetail, ReadError>),
) {
    let places: Vec<Place> = page
        .iter()
        .map(|at| history.log.place(Position(*at)))
        .collect();
    let mut n_read = 0;
    history.reader.read(&places, want, &mut |_, event| {
        if let Some(at) = page.get(n_read) {
            each(*at, event);
        }
        n_read += 1;
        true
    });
    for at in page.iter().skip(n_read) {
        each(*at, Err(ReadError("the record is gone".to_owned())));
    }
}

/// The positions marked in a block, up to `end`.
fn push_marked(words: &[u64], first: u32, end: u32, positions: &mut Vec<u32>) {
    for (base, word) in (first..end).step_by(64).zip(words) {
        let mut rest = *word;
        while rest != 0 {
            let at = base + rest.trailing_zeros();
            if at >= end {
                return;
            }
            positions.push(at);
            rest &= rest - 1;
        }
    }
}
