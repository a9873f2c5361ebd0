//! After which events each leaf of a stream's state became different: who set it, and who before.
//!
//! A leaf is a scalar or an empty container; it is named by its JSON Pointer. A leaf that appears is
//! different, and so is one that goes; writing an equal value again does not count. `leaves_walk`
//! compares a state with the one before it.

use std::collections::{BTreeMap, BTreeSet};

use super::replay::Folder;
use super::state::FoldError;
use crate::event::json::{Json, JsonPath, Object, Step};
use crate::event::{EventDetail, Place, Position, ReadError, StreamId, Want};

/// The most changes that are kept: 64 MiB.
const MAX_CHANGES: usize = 16 << 20;
/// The most places that are told apart: some 300 MiB in the worst case.
const MAX_NODES: usize = 2 << 20;
/// How many events are read at once; between two batches `cancel` is looked at.
const BATCH: usize = 256;

/// An event whose payload could not be taken in, so that what it set is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The event's index in its stream.
    pub rank: u32,
    /// Why, as the end of a sentence about the payload: `is missing`.
    pub reason: String,
}

/// For every leaf that a stream's state ever had, the events after which it was another one.
///
/// Made by one walk over the stream, then every question costs microseconds. With the payload merge
/// only the members that a payload names are compared; with other reducers two states are, event by
/// event, without copying more than what changed. Memory is bounded: where there are more than 16
/// million changes, only the last one of each leaf is kept and [`Self::known_from`] says since when.
#[derive(Clone, Debug, Default)]
pub struct LeafHistory {
    nodes: Vec<Node>,
    n_changes: usize,
    known_from: u32,
    n_events: u32,
    gaps: Vec<Gap>,
}

/// A place in a state.
#[derive(Clone, Debug, Default)]
struct Node {
    children: BTreeMap<Box<str>, u32>,
    /// Rising: twice the rank, one more where there is a leaf from then on.
    changes: Vec<u32>,
}

impl LeafHistory {
    /// Walks a stream up to the event at `to_rank`, included.
    pub fn of(
        folder: &Folder,
        stream: StreamId,
        to_rank: u32,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Self, FoldError> {
        let mut leaves = Self {
            nodes: vec![Node::default()],
            ..Self::default()
        };
        if folder.reducer().merges_at_top() {
            leaves.walk_payloads(folder, stream, to_rank, cancel)?;
        } else {
            leaves.walk_states(folder, stream, to_rank, cancel)?;
        }
        Ok(leaves)
    }

    /// How many events of the stream have been walked.
    pub fn n_events(&self) -> u32 {
        self.n_events
    }

    /// The first rank at which every answer is whole; 0 but for streams with very many changes.
    pub fn known_from(&self) -> u32 {
        self.known_from
    }

    /// The events whose payloads could not be taken in, rising.
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// The rank of the event that set the leaf at `path` last, in the state after `rank`; `None` where
    /// there is no such leaf.
    pub fn setter(&self, path: &JsonPath, rank: u32) -> Option<u32> {
        let last = self.changes_until(path, rank).last()?;
        (last & 1 == 1).then_some(last >> 1)
    }

    /// The event after which the leaf was another one before the last such event up to `rank`.
    pub fn setter_before(&self, path: &JsonPath, rank: u32) -> Option<u32> {
        let changes = self.changes_until(path, rank);
        changes.iter().nth_back(1).map(|change| change >> 1)
    }

    /// The last event up to `rank` after which anything at or below `path` was another one; what was
    /// taken out counts.
    pub fn last_change_within(&self, path: &JsonPath, rank: u32) -> Option<u32> {
        let mut last = None;
        let mut open = vec![self.find(path)?];
        while let Some(node) = open.pop().and_then(|at| self.nodes.get(at as usize)) {
            last = last.max(until(&node.changes, rank).last().map(|change| change >> 1));
            open.extend(node.children.values().copied());
        }
        last
    }

    /// The ranks of all events after which the leaf at `path` was another one, rising, with whether
    /// there was a leaf afterwards.
    pub fn changes(&self, path: &JsonPath) -> impl Iterator<Item = (u32, bool)> {
        let node = self.find(path).and_then(|at| self.nodes.get(at as usize));
        let changes = node.map_or(&[][..], |node| &node.changes);
        changes.iter().map(|change| (change >> 1, change & 1 == 1))
    }

    /// All leaves that one of these events made another one; every step is a key. Costs a look at
    /// every change.
    pub fn changed_at(&self, ranks: &BTreeSet<u32>) -> Vec<JsonPath> {
        let mut found = Vec::new();
        let mut open = vec![(0_u32, JsonPath::default())];
        while let Some((at, path)) = open.pop() {
            let Some(node) = self.nodes.get(at as usize) else {
                continue;
            };
            if node
                .changes
                .iter()
                .any(|change| ranks.contains(&(change >> 1)))
            {
                found.push(path.clone());
            }
            for (key, child) in &node.children {
                open.push((*child, path.child(Step::Key(key.clone()))));
            }
        }
        found
    }

    /// The leaves outside of arrays that became another one at least `least` times, most often first,
    /// and at most `most` of them.
    pub fn most_changed(&self, least: usize, most: usize) -> Vec<JsonPath> {
        let mut found = Vec::new();
        let mut open = vec![(0_u32, JsonPath::default())];
        while let Some((at, path)) = open.pop() {
            let Some(node) = self.nodes.get(at as usize) else {
                continue;
            };
            if node.changes.len() >= least && !path.0.is_empty() {
                found.push((node.changes.len(), path.clone()));
            }
            for (key, child) in &node.children {
                if !key.bytes().all(|byte| byte.is_ascii_digit()) {
                    open.push((*child, path.child(Step::Key(key.clone()))));
                }
            }
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        found.truncate(most);
        found.into_iter().map(|(_, path)| path).collect()
    }

    fn changes_until(&self, path: &JsonPath, rank: u32) -> &[u32] {
        let node = self.find(path).and_then(|at| self.nodes.get(at as usize));
        node.map_or(&[], |node| until(&node.changes, rank))
    }

    fn find(&self, path: &JsonPath) -> Option<u32> {
        path.0.iter().try_fold(0, |at, step| {
            let children = &self.nodes.get(at as usize)?.children;
            match step {
                Step::Key(key) => children.get(key).copied(),
                Step::Index(index) => children.get(index.to_string().as_str()).copied(),
            }
        })
    }

    /// Compares state after state.
    fn walk_states(
        &mut self,
        folder: &Folder,
        stream: StreamId,
        to_rank: u32,
        cancel: &dyn Fn() -> bool,
    ) -> Result<(), FoldError> {
        let mut shadow = Json::Null;
        let mut is_full = false;
        folder.walk(stream, 0, to_rank, cancel, &mut |rank, _, state| {
            if rank == 0 {
                self.appear(0, state, rank);
                shadow = state.clone();
            } else {
                self.compare(&mut shadow, state, rank);
            }
            self.n_events = rank + 1;
            is_full = !self.has_room(rank);
            !is_full
        })?;
        if is_full {
            return Err(FoldError::TooManyFields);
        }
        if folder.state_at(stream, to_rank, cancel)?.not_applied > 0 {
            self.find_gaps(folder, stream, to_rank, cancel)?;
        }
        Ok(())
    }

    /// Lays payload over payload, and compares only the members that a payload names.
    fn walk_payloads(
        &mut self,
        folder: &Folder,
        stream: StreamId,
        to_rank: u32,
        cancel: &dyn Fn() -> bool,
    ) -> Result<(), FoldError> {
        let mut shadow = Object::default();
        // Before the first member the state is an empty object, which is a leaf itself.
        read_events(folder, stream, to_rank, cancel, &mut |rank, read| {
            match readable(read) {
                Err(reason) => self.gaps.push(Gap { rank, reason }),
                Ok(None) => {}
                Ok(Some(members)) => self.lay_over(&mut shadow, &members, rank),
            }
            if rank == 0 && shadow.is_empty() {
                self.note(0, 0, true);
            }
            self.n_events = rank + 1;
            self.has_room(rank)
        })
    }

    fn find_gaps(
        &mut self,
        folder: &Folder,
        stream: StreamId,
        to_rank: u32,
        cancel: &dyn Fn() -> bool,
    ) -> Result<(), FoldError> {
        read_events(folder, stream, to_rank, cancel, &mut |rank, read| {
            if let Err(reason) = readable(read) {
                self.gaps.push(Gap { rank, reason });
            }
            true
        })
    }

    /// Whether there is room for more; drops all but the last change of each leaf where it gets scarce.
    fn has_room(&mut self, rank: u32) -> bool {
        if self.nodes.len() > MAX_NODES {
            return false;
        }
        if self.n_changes > MAX_CHANGES {
            self.n_changes = 0;
            for node in &mut self.nodes {
                let kept = node.changes.len().saturating_sub(1);
                node.changes.drain(..kept);
                node.changes.shrink_to_fit();
                self.n_changes += node.changes.len();
            }
            self.known_from = rank;
        }
        true
    }

    /// Notes that from `rank` on there is another leaf at a node, or none.
    pub(super) fn note(&mut self, node: u32, rank: u32, is_there: bool) {
        let Some(found) = self.nodes.get_mut(node as usize) else {
            return;
        };
        let change = rank << 1 | u32::from(is_there);
        match found.changes.last_mut() {
            Some(last) if *last >> 1 == rank => *last = change,
            _ => {
                found.changes.push(change);
                self.n_changes += 1;
            }
        }
    }

    /// The node of a member or an element, made where it is new.
    pub(super) fn child(&mut self, node: u32, key: &str) -> u32 {
        let n_nodes = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let Some(found) = self.nodes.get_mut(node as usize) else {
            return node;
        };
        if let Some(child) = found.children.get(key) {
            return *child;
        }
        found.children.insert(key.into(), n_nodes);
        self.nodes.push(Node::default());
        n_nodes
    }
}

fn until(changes: &[u32], rank: u32) -> &[u32] {
    let end = changes.partition_point(|change| change >> 1 <= rank);
    changes.get(..end).unwrap_or_default()
}

/// The members of a payload; `None` where it is JSON and no object, an error where it is no JSON.
pub(super) fn readable(read: &Result<EventDetail, ReadError>) -> Result<Option<Object>, String> {
    let detail = read
        .as_ref()
        .map_err(|error| format!("cannot be read: {error}"))?;
    match super::merge::payload_value(&detail.data)? {
        Json::Object(members) => Ok(Some(members)),
        _ => Ok(None),
    }
}

/// Reads the data of a stream's events up to a rank and hands them over in order; ends early with
/// [`FoldError::TooManyFields`] where `each` returns `false`.
pub(super) fn read_events(
    folder: &Folder,
    stream: StreamId,
    to_rank: u32,
    cancel: &dyn Fn() -> bool,
    each: &mut dyn FnMut(u32, &Result<EventDetail, ReadError>) -> bool,
) -> Result<(), FoldError> {
    let history = folder.history();
    let events = history.log.events_of(stream);
    let events = events.get(..=to_rank as usize).unwrap_or(events);
    let mut rank = 0;
    for batch in events.chunks(BATCH) {
        if cancel() {
            return Err(FoldError::Cancelled);
        }
        let places: Vec<Place> = batch
            .iter()
            .map(|at| history.log.place(Position(*at)))
            .collect();
        let (from, mut goes_on) = (rank, true);
        folder.reader().read(&places, Want::Data, &mut |_, read| {
            goes_on = each(rank, &read);
            rank += 1;
            goes_on
        });
        if !goes_on {
            return Err(FoldError::TooManyFields);
        }
        // A reader that keeps its promise leaves nothing out; one that does not loses no event.
        let end = from + u32::try_from(batch.len()).unwrap_or(0);
        while rank < end {
            each(rank, &Err(ReadError("the record is gone".to_owned())));
            rank += 1;
        }
    }
    Ok(())
}
