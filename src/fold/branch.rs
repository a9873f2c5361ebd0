//! What if: events left out or changed, beside the history and never in it.
//!
//! A branch folds as the history would that has its edits: positions, versions and ranks keep their
//! numbers, and an event that is left out is one that the reducer passes by.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::diff::diff;
use super::reducer::{Applied, FoldEvent, LiveState, Reducer, Upcast};
use super::replay::Folder;
use super::state::{FoldError, State};
use crate::event::json::{self, Json, JsonPath};
use crate::event::{
    EventDetail, EventReader, Glance, Payload, Place, Position, ReadError, SavedAt, StreamHeads,
    StreamId, Timestamp, Version, Want,
};
use crate::history::{Clock, EventLog, History, moment_in_words};

/// The most events that a branch changes.
const MAX_EDITS: usize = 1_000;
/// The longest payload that an event is given, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// What becomes of an event in a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// It is left out.
    Skip,
    /// It says this instead: JSON text.
    Data(Box<str>),
}

/// Some events of a history as they might have been. At most 1,000, each with up to 1 MiB.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Branch {
    name: Box<str>,
    edits: BTreeMap<Position, Edit>,
    occurred_by: Option<Timestamp>,
}

/// Why an event cannot be changed so, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BranchError {
    /// What it is to say is no JSON.
    #[error("that is no JSON: {0}")]
    NoJson(String),
    /// What it is to say is too long.
    #[error("that is longer than 1 MiB")]
    TooLong,
    /// The branch is full.
    #[error("a branch changes at most 1,000 events")]
    Full,
}

impl Branch {
    /// A branch of this name that changes nothing.
    pub fn new(name: impl Into<Box<str>>) -> Self {
        Self {
            name: name.into(),
            edits: BTreeMap::new(),
            occurred_by: None,
        }
    }

    /// What is known of the time up to a moment: events that occurred later are left out, whenever
    /// they were recorded.
    pub fn known_of(time: Timestamp) -> Self {
        Self::new(format!("occurred by {}", moment_in_words(time))).known_by(time)
    }

    /// The same without the events that occurred after a moment.
    #[must_use]
    pub fn known_by(mut self, time: Timestamp) -> Self {
        self.occurred_by = Some(time);
        self
    }

    /// The same under another name.
    #[must_use]
    pub fn named(mut self, name: impl Into<Box<str>>) -> Self {
        self.name = name.into();
        self
    }

    /// The moment after which nothing it counts occurred.
    pub fn occurred_by(&self) -> Option<Timestamp> {
        self.occurred_by
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The events that it changes, rising.
    pub fn edits(&self) -> impl Iterator<Item = (Position, &Edit)> {
        self.edits.iter().map(|(position, edit)| (*position, edit))
    }

    /// What becomes of an event of a log; `None` where it is as recorded.
    pub fn edit(&self, log: &EventLog, position: Position) -> Option<&Edit> {
        if self.leaves_out_late(log, position) {
            return Some(&Edit::Skip);
        }
        self.edits.get(&position)
    }

    /// Whether an event is left out because it occurred too late.
    fn leaves_out_late(&self, log: &EventLog, position: Position) -> bool {
        let time = || log.by(Clock::Occurred).time(position);
        self.occurred_by
            .is_some_and(|by| time().is_some_and(|time| time > by))
    }

    /// The last event of a stream up to `rank` that did not occur too late.
    pub(super) fn last_known(&self, log: &EventLog, stream: StreamId, rank: u32) -> Option<u32> {
        if self.occurred_by.is_none() {
            return Some(rank);
        }
        let events = log.events_of(stream).get(..=rank as usize)?;
        let is_known = |at: &u32| !self.leaves_out_late(log, Position(*at));
        u32::try_from(events.iter().rposition(is_known)?).ok()
    }

    /// Whether an event of a log is left out.
    pub fn leaves_out(&self, log: &EventLog, position: Position) -> bool {
        matches!(self.edit(log, position), Some(Edit::Skip))
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.occurred_by.is_none()
    }

    /// How many single events it leaves out, and how many say something else.
    pub fn counts(&self) -> (usize, usize) {
        let skips = self.edits.values().filter(|edit| **edit == Edit::Skip);
        let n_skipped = skips.count();
        (n_skipped, self.edits.len() - n_skipped)
    }

    /// Changes an event, or with `None` takes its change back. An error leaves the branch as it was.
    pub fn put(&mut self, position: Position, edit: Option<Edit>) -> Result<(), BranchError> {
        let Some(edit) = edit else {
            self.edits.remove(&position);
            return Ok(());
        };
        if let Edit::Data(text) = &edit {
            if text.len() > MAX_BYTES {
                return Err(BranchError::TooLong);
            }
            json::parse(text.as_bytes()).map_err(|error| BranchError::NoJson(error.to_string()))?;
        }
        if self.edits.len() >= MAX_EDITS && !self.edits.contains_key(&position) {
            return Err(BranchError::Full);
        }
        self.edits.insert(position, edit);
        Ok(())
    }
}

/// Where the states of a branch and of the history it stands beside part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// After how many events of the stream, less one.
    pub rank: u32,
    /// The event after which they differ first.
    pub position: Position,
    /// Its version.
    pub version: Option<Version>,
    /// The first path that differs.
    pub path: JsonPath,
}

impl Folder {
    /// The same over the events as they are in a branch, with checkpoints of its own. Everything that
    /// is asked of it is answered for the branch; `base` stays at hand as [`Self::base`].
    pub fn for_branch(base: &Arc<Self>, branch: Arc<Branch>) -> Self {
        let log = &base.history().log;
        let reader = BranchReader::of(Arc::clone(base.reader()), &branch, log);
        let reducer: Arc<dyn Reducer> = if branch.is_empty() {
            Arc::clone(base.reducer())
        } else {
            Arc::new(InBranch::of(
                Arc::clone(base.reducer()),
                Arc::clone(&branch),
                Arc::clone(base.history()),
            ))
        };
        let mut folder = Self::new(Arc::clone(base.history()), reducer);
        folder.reader = Arc::new(reader);
        folder.beside = Some((Arc::clone(base), branch));
        folder
    }

    /// The branch that it folds; `None` where it folds the history as recorded.
    pub fn branch(&self) -> Option<&Arc<Branch>> {
        self.beside.as_ref().map(|(_, branch)| branch)
    }

    /// What folds the history as recorded, where this folds a branch of it.
    pub fn base(&self) -> Option<&Arc<Self>> {
        self.beside.as_ref().map(|(base, _)| base)
    }

    /// The first event of a stream after which its state in the branch is another one than in the
    /// history as recorded; `None` where there is none. Costs two states for each changed event up to
    /// there, for where states are the same they stay the same up to the next change.
    pub fn first_divergence(
        &self,
        stream: StreamId,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Option<Divergence>, FoldError> {
        let Some((base, branch)) = &self.beside else {
            return Ok(None);
        };
        let log = &self.history().log;
        let events = log.events_of(stream).iter().copied().map(Position);
        for position in events.filter(|position| branch.edit(log, *position).is_some()) {
            let Some(rank) = log.rank_at(stream, position) else {
                continue;
            };
            let old = base.state_at(stream, rank, cancel)?;
            let new = self.state_at(stream, rank, cancel)?;
            if let Some(change) = diff(&old.value, &new.value).into_iter().next() {
                return Ok(Some(self.divergence(stream, rank, change.path)));
            }
            let (stopped, running) = match (old.stopped_at, new.stopped_at) {
                (Some(_), None) => (old, self),
                (None, Some(_)) => (new, base.as_ref()),
                _ => continue,
            };
            // One of them stays as it is from here on.
            let parts = running.leaves_from(&stopped, rank, cancel)?;
            return Ok(parts.map(|(rank, path)| self.divergence(stream, rank, path)));
        }
        Ok(None)
    }

    /// The first event after `rank` after which the state is not this one, and the first path.
    fn leaves_from(
        &self,
        stays: &State,
        rank: u32,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Option<(u32, JsonPath)>, FoldError> {
        let n_events = self.history().log.events_of(stays.stream).len();
        let last = u32::try_from(n_events.saturating_sub(1)).unwrap_or(u32::MAX);
        let mut found = None;
        if rank < last {
            self.walk(stays.stream, rank + 1, last, cancel, &mut |at, _, value| {
                let first = diff(&stays.value, value).into_iter().next();
                found = first.map(|change| (at, change.path));
                found.is_none()
            })?;
        }
        Ok(found)
    }

    fn divergence(&self, stream: StreamId, rank: u32, path: JsonPath) -> Divergence {
        Divergence {
            rank,
            position: self.position_at(stream, rank),
            version: self.history().log.version_at_rank(stream, rank),
            path,
        }
    }
}

impl Folder {
    /// The last event of a stream up to `rank` that counts: in what had occurred by a moment, one that
    /// had.
    pub(super) fn last_known(&self, stream: StreamId, rank: u32) -> Option<u32> {
        match self.branch() {
            Some(branch) => branch.last_known(&self.history().log, stream, rank),
            None => Some(rank),
        }
    }
}

/// Reads events as they are in a branch. One that is left out reads as an empty object, which sets
/// nothing for those who lay payloads over one another.
struct BranchReader {
    base: Arc<dyn EventReader>,
    edits: HashMap<Place, Payload>,
    /// Those that occurred too late.
    late: HashSet<Place>,
}

impl BranchReader {
    fn of(base: Arc<dyn EventReader>, branch: &Branch, log: &EventLog) -> Self {
        let known = branch.edits.iter().filter(|(at, _)| at.index() < log.len());
        let edits = known.map(|(position, edit)| {
            let text = match edit {
                Edit::Skip => "{}",
                Edit::Data(text) => text,
            };
            (log.place(*position), Payload::Json(text.into()))
        });
        let all = (0..u32::try_from(log.len()).unwrap_or(u32::MAX)).map(Position);
        let late = all.filter(|position| branch.leaves_out_late(log, *position));
        let late = match branch.occurred_by {
            Some(_) => late.map(|position| log.place(position)).collect(),
            None => HashSet::new(),
        };
        Self {
            base,
            edits: edits.collect(),
            late,
        }
    }
}

impl EventReader for BranchReader {
    fn read(
        &self,
        places: &[Place],
        want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        self.base.read(places, want, &mut |index, read| {
            let place = places.get(index);
            let edited = match place {
                Some(place) if self.late.contains(place) => Some(Payload::Json("{}".into())),
                place => place.and_then(|place| self.edits.get(place)).cloned(),
            };
            let read = match edited {
                None => read,
                Some(data) => Ok(EventDetail {
                    data,
                    ..read.unwrap_or_default()
                }),
            };
            each(index, read)
        });
    }

    fn marks_json(&self) -> bool {
        self.base.marks_json()
    }

    fn glance(&self, places: &[Place], each: &mut dyn FnMut(usize, Glance<'_>)) -> bool {
        // What is stored of an event that the branch changes is not what it says.
        self.edits.is_empty() && self.late.is_empty() && self.base.glance(places, each)
    }

    fn recount(&self) -> Option<u64> {
        self.base.recount()
    }

    fn self_check(&self, cancel: &dyn Fn() -> bool) -> Option<(String, Vec<String>)> {
        self.base.self_check(cancel)
    }

    fn stream_heads(&self, cancel: &dyn Fn() -> bool) -> Option<StreamHeads> {
        self.base.stream_heads(cancel)
    }

    fn saved_state(&self, saved: &SavedAt<'_>) -> Option<Result<Payload, ReadError>> {
        self.base.saved_state(saved)
    }
}

/// A reducer that passes by the events that a branch leaves out.
struct InBranch {
    inner: Arc<dyn Reducer>,
    branch: Arc<Branch>,
    history: Arc<History>,
    label: Box<str>,
}

impl InBranch {
    fn of(inner: Arc<dyn Reducer>, branch: Arc<Branch>, history: Arc<History>) -> Self {
        let label = format!("{}, {}", inner.label(), branch.name()).into();
        Self {
            inner,
            branch,
            history,
            label,
        }
    }
}

impl Reducer for InBranch {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn label(&self) -> &str {
        &self.label
    }

    fn is_application_state(&self) -> bool {
        self.inner.is_application_state()
    }

    fn wants(&self) -> Want {
        self.inner.wants()
    }

    fn upcast(&self, event: &FoldEvent<'_>) -> Result<Option<Upcast>, Applied> {
        match self.branch.edit(&self.history.log, event.position) {
            Some(Edit::Skip) => Err(Applied::NoRule),
            Some(Edit::Data(_)) | None => self.inner.upcast(event),
        }
    }

    fn start(&self, category: &str) -> Json {
        self.inner.start(category)
    }

    fn apply(&self, state: &mut Json, event: &FoldEvent<'_>) -> Applied {
        self.inner.apply(state, event)
    }

    fn live<'a>(&'a self, state: Json, has_begun: bool) -> Box<dyn LiveState + 'a> {
        self.inner.live(state, has_begun)
    }

    fn live_from_text<'a>(
        &'a self,
        text: &str,
        has_begun: bool,
    ) -> Option<Box<dyn LiveState + 'a>> {
        self.inner.live_from_text(text, has_begun)
    }

    fn builds_on(&self, category: &str, event_type: &str, path: &JsonPath) -> bool {
        self.inner.builds_on(category, event_type, path)
    }

    fn applies_alone(&self) -> bool {
        self.inner.applies_alone()
    }

    fn merges_at_top(&self) -> bool {
        self.inner.merges_at_top()
    }
}
