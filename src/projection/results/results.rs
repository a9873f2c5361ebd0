//! What a finished run knows of its partitions at every position.

use std::ops::Range;

use super::paths::{Paths, RESULT, STATE};
use super::value::{Packed, Texts};
use super::{Of, PartitionId, PathInfo, Thinned};
use crate::event::Position;
use crate::event::json::{Json, JsonPath, Object, Step};

/// States and results of all partitions over time; made by a [`super::Recorder`].
///
/// Twelve bytes for each time that a leaf became another one, four for each event that a partition
/// handled. Questions about one partition at one position cost a binary search for each leaf.
#[derive(Debug)]
pub struct Results {
    pub(in crate::projection) texts: Texts,
    pub(in crate::projection) paths: Paths,
    pub(in crate::projection) names: Vec<Box<str>>,
    /// Partitions by name.
    pub(in crate::projection) by_name: Vec<u32>,
    /// For each partition where its events begin; one more at the end.
    pub(in crate::projection) event_starts: Vec<u32>,
    pub(in crate::projection) events: Vec<u32>,
    /// For each partition where its leaves begin; one more at the end.
    pub(in crate::projection) leaf_starts: Vec<u32>,
    pub(in crate::projection) leaves: Vec<LeafOf>,
    /// For each leaf where its changes begin; one more at the end.
    pub(in crate::projection) change_starts: Vec<u32>,
    pub(in crate::projection) ats: Vec<u32>,
    pub(in crate::projection) values: Vec<Packed>,
    /// Whether there are results beside states.
    pub(in crate::projection) transforms: bool,
    pub(in crate::projection) said: Vec<String>,
    pub(in crate::projection) thinned: Option<Thinned>,
}

/// A place in the state or the result of one partition.
#[derive(Clone, Copy, Debug)]
pub(in crate::projection) struct LeafOf {
    pub(in crate::projection) partition: u32,
    pub(in crate::projection) path: u32,
    pub(in crate::projection) is_rounded: bool,
}

/// The most paths that [`Results::paths`] lists.
const MAX_PATHS: usize = 1000;

impl Results {
    /// How many partitions there are.
    pub fn n_partitions(&self) -> usize {
        self.names.len()
    }

    /// How many events were handled.
    pub fn n_handled(&self) -> usize {
        self.events.len()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.texts.bytes()
            + self.paths.bytes()
            + self.names.iter().map(|name| name.len() + 20).sum::<usize>()
            + (self.events.len() + self.event_starts.len() + self.leaf_starts.len()) * 4
            + self.leaves.len() * (size_of::<LeafOf>() + 4)
            + self.ats.len() * 12
    }

    /// What was left out as memory is bounded; `None` where every change is known.
    pub fn thinned(&self) -> Option<Thinned> {
        self.thinned
    }

    /// What everybody who looks at these results is to know, in sentences: what was left out, and
    /// what the run skipped.
    pub fn notes(&self) -> Vec<String> {
        let thinned = self.thinned.map(|thinned| thinned.to_string());
        self.said.iter().cloned().chain(thinned).collect()
    }

    /// A partition's name; empty for the only one of a projection without partitions.
    pub fn partition_name(&self, partition: PartitionId) -> &str {
        self.names.get(partition.index()).map_or("", |name| name)
    }

    /// The partition of that name.
    pub fn find_partition(&self, name: &str) -> Option<PartitionId> {
        let name_of = |id: &u32| self.names.get(*id as usize).map_or("", |name| name);
        let found = self.by_name.binary_search_by(|id| name_of(id).cmp(name));
        Some(PartitionId(*self.by_name.get(found.ok()?)?))
    }

    /// All partitions, sorted by name.
    pub fn partitions(&self) -> impl ExactSizeIterator<Item = PartitionId> {
        self.by_name.iter().copied().map(PartitionId)
    }

    /// The positions of the events that a partition handled, rising.
    pub fn events_of(&self, partition: PartitionId) -> &[u32] {
        let range = range(&self.event_starts, partition.index());
        self.events.get(range).unwrap_or_default()
    }

    /// Whether results differ from states, so that they were recorded.
    pub fn has_results(&self) -> bool {
        self.transforms
    }

    pub(in crate::projection) fn root(&self, of: Of) -> u32 {
        match of {
            Of::Result if self.transforms => RESULT,
            Of::State | Of::Result => STATE,
        }
    }

    /// The whole state, or result, of a partition after the last event that it handled at or before
    /// `position`; `None` where it has none there. A result that is the state is the state.
    pub fn value_at(&self, of: Of, partition: PartitionId, position: Position) -> Option<Json> {
        let root = self.root(of);
        let mut whole = None;
        for leaf in range(&self.leaf_starts, partition.index()) {
            let path = self.leaves.get(leaf)?.path;
            let Some(value) = self.leaf_at(leaf, position).json(&self.texts) else {
                continue;
            };
            if self.paths.root_of(path) == root {
                let steps = self.paths.steps(path);
                place(whole.get_or_insert(Json::Null), &steps, value);
            }
        }
        whole
    }

    /// The state of a partition at a position: [`Self::value_at`].
    pub fn state_at(&self, partition: PartitionId, position: Position) -> Option<Json> {
        self.value_at(Of::State, partition, position)
    }

    /// The result of a partition at a position: [`Self::value_at`].
    pub fn result_at(&self, partition: PartitionId, position: Position) -> Option<Json> {
        self.value_at(Of::Result, partition, position)
    }

    /// The value at `path`, be it a leaf or not.
    pub fn field_at(
        &self,
        of: Of,
        path: &JsonPath,
        partition: PartitionId,
        position: Position,
    ) -> Option<Json> {
        let id = self.paths.resolve(self.root(of), path)?;
        match self
            .leaf_of(partition, id)
            .map(|leaf| self.leaf_at(leaf, position))
        {
            Some(value) if !value.is_absent() => value.json(&self.texts),
            _ => path.get(&self.value_at(of, partition, position)?).cloned(),
        }
    }

    /// What can be plotted: the paths at which leaves are or were, those that most partitions have
    /// first, then in the order of their appearance. At most 1,000.
    pub fn paths(&self, of: Of) -> Vec<PathInfo> {
        let root = self.root(of);
        let mut found: Vec<Option<PathInfo>> = vec![None; self.paths.len()];
        for (nr, leaf) in self.leaves.iter().enumerate() {
            let Some(slot) = found.get_mut(leaf.path as usize) else {
                continue;
            };
            let info = slot.get_or_insert_with(|| PathInfo {
                path: JsonPath::default(),
                partitions: 0,
                changes: 0,
                is_number: false,
            });
            info.partitions += 1;
            let changes = self.changes_of(nr);
            info.changes += changes.len();
            info.is_number = info.is_number || self.is_number(changes);
        }
        let ids = 0..u32::try_from(found.len()).unwrap_or(u32::MAX);
        let known = ids.zip(found).filter_map(|(id, info)| Some((id, info?)));
        let mut known: Vec<(u32, PathInfo)> = known
            .filter(|(id, _)| self.paths.root_of(*id) == root)
            .collect();
        known.sort_by_key(|(id, info)| (std::cmp::Reverse(info.partitions), *id));
        known.truncate(MAX_PATHS);
        let named = known.into_iter().map(|(id, info)| PathInfo {
            path: self.paths.path(id),
            ..info
        });
        named.collect()
    }

    /// Whether the first changes of a leaf say that it is a number.
    pub(in crate::projection) fn is_number(&self, changes: Range<usize>) -> bool {
        let values = self.values.get(changes).unwrap_or_default();
        let mut decimals = values.iter().take(4);
        decimals.any(|value| value.decimal(&self.texts).is_some())
    }

    /// The leaves of a partition.
    pub(in crate::projection) fn leaves_of(&self, partition: PartitionId) -> Range<usize> {
        range(&self.leaf_starts, partition.index())
    }

    /// The leaf of a partition at a path.
    pub(in crate::projection) fn leaf_of(
        &self,
        partition: PartitionId,
        path: u32,
    ) -> Option<usize> {
        let mut leaves = range(&self.leaf_starts, partition.index());
        leaves.find(|leaf| self.leaves.get(*leaf).is_some_and(|leaf| leaf.path == path))
    }

    /// The changes of a leaf.
    pub(in crate::projection) fn changes_of(&self, leaf: usize) -> Range<usize> {
        range(&self.change_starts, leaf)
    }

    /// What a leaf is at a position.
    pub(in crate::projection) fn leaf_at(&self, leaf: usize, position: Position) -> Packed {
        let changes = self.changes_of(leaf);
        let ats = self.ats.get(changes.clone()).unwrap_or_default();
        let by_then = ats.partition_point(|at| *at <= position.0);
        let last = by_then.checked_sub(1).map(|nth| changes.start + nth);
        last.and_then(|last| self.values.get(last))
            .copied()
            .unwrap_or(Packed::ABSENT)
    }
}

/// What `starts` says of one group.
pub(super) fn range(starts: &[u32], group: usize) -> Range<usize> {
    match (starts.get(group), starts.get(group + 1)) {
        (Some(from), Some(to)) => *from as usize..*to as usize,
        _ => 0..0,
    }
}

/// Puts a leaf where it belongs; what is on the way is made.
fn place(whole: &mut Json, steps: &[&Step], leaf: Json) {
    let Some((step, rest)) = steps.split_first() else {
        *whole = leaf;
        return;
    };
    match step {
        Step::Key(key) => {
            if !matches!(whole, Json::Object(_)) {
                *whole = Json::Object(Object::default());
            }
            let Json::Object(object) = whole else { return };
            if let Some(member) = object.get_mut(key) {
                return place(member, rest, leaf);
            }
            let mut member = Json::Null;
            place(&mut member, rest, leaf);
            object.push(key.clone(), member);
        }
        Step::Index(index) => {
            if !matches!(whole, Json::Array(_)) {
                *whole = Json::Array(Vec::new());
            }
            let Json::Array(elements) = whole else { return };
            if elements.len() <= *index {
                elements.resize(*index + 1, Json::Null);
            }
            if let Some(element) = elements.get_mut(*index) {
                place(element, rest, leaf);
            }
        }
    }
}
