//! Takes down what states and results become while events are handled, in bounded memory.

use std::hash::BuildHasher as _;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use super::freeze::freeze;
use super::paths::{Paths, RESULT, STATE, StepRef};
use super::value::{Packed, Texts};
use super::{PartitionId, Results, Scarce, Thinned};
use crate::event::Position;
use crate::event::json::Json;

/// How much a recording may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// About so many bytes, at rest; while it goes on, up to half as much again.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 512 << 20 }
    }
}

/// Who computed the numbers that are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// They are exact, however many digits they have.
    Exact,
    /// JavaScript: only whole numbers of up to 53 bits are surely exact.
    Floating,
}

/// So many changes are looked at before memory is weighed again.
const WEIGHED_EVERY: u32 = 1024;
/// Thinned no further than to one event of so many: then recording ends.
const MOST_THINNED: u32 = 1 << 20;
/// Bytes of a partition and of a leaf, beside names.
const PARTITION_BYTES: usize = 120;
const LEAF_BYTES: usize = 64;
const CHANGE_BYTES: usize = 16;
/// How many leaves are looked at, for each event and beside that, before states are found too large.
const WORK_EACH: u64 = 128;
const WORK_AT_ONCE: u64 = 20 << 20;
/// After so many leaves memory and work are weighed, however few events they were.
const WORK_WEIGHED: u64 = 4 << 20;

/// From here on a leaf is this.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub(super) leaf: u32,
    pub(super) at: u32,
    pub(super) value: Packed,
}

#[derive(Clone, Debug)]
pub(super) struct Partition {
    pub(super) name: Box<str>,
    pub(super) n_events: u32,
    /// Whether events were handled after the state that was recorded last.
    is_behind: bool,
    last_at: u32,
    /// In the order in which they were first seen.
    leaves: Vec<u32>,
    n_live: usize,
}

/// A place in the state or the result of one partition.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) partition: u32,
    pub(super) path: u32,
    /// Whether a number was ever there that JavaScript may have rounded.
    pub(super) is_rounded: bool,
    value: Packed,
    /// Its last change; `u32::MAX` before the first.
    pub(super) last_change: u32,
    /// When it was last looked at.
    seen: u64,
    /// Which of its partition's leaves it is.
    nth: u32,
}

/// Takes down states and results, event by event; [`Self::finish`] or [`Self::snapshot`] give what it
/// knows.
///
/// Costs a walk over the state for each event; what did not change takes no room. Beyond its
/// [`Limits`], or where states have very many leaves, only every second, fourth, … event of each
/// partition is kept, and [`Results::notes`]
/// says so.
#[derive(Debug)]
pub struct Recorder {
    numbers: Numbers,
    limits: Limits,
    pub(super) texts: Texts,
    pub(super) paths: Paths,
    pub(super) partitions: Vec<Partition>,
    by_name: HashMap<Box<str>, u32>,
    pub(super) leaves: Vec<Leaf>,
    places: HashTable<u32>,
    hasher: DefaultHashBuilder,
    pub(super) changes: Vec<Change>,
    /// Partition and position of each handled event.
    pub(super) handled: Vec<(u32, u32)>,
    name_bytes: usize,
    pub(super) notes: Vec<String>,
    pub(super) transforms: bool,
    pub(super) every: u32,
    pub(super) thinned: Option<Thinned>,
    epoch: u64,
    /// Which leaf of the partition is likely next.
    cursor: usize,
    n_seen: usize,
    until_weighed: u32,
    /// How many leaves were looked at, and how many when that was weighed last.
    work: u64,
    work_weighed: u64,
    work_at_once: u64,
}

impl Recorder {
    /// A recording of nothing yet.
    pub fn new(numbers: Numbers, limits: Limits) -> Self {
        Self {
            numbers,
            limits,
            texts: Texts::default(),
            paths: Paths::default(),
            partitions: Vec::new(),
            by_name: HashMap::new(),
            leaves: Vec::new(),
            places: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            changes: Vec::new(),
            handled: Vec::new(),
            name_bytes: 0,
            notes: Vec::new(),
            transforms: false,
            every: 1,
            thinned: None,
            epoch: 0,
            cursor: 0,
            n_seen: 0,
            until_weighed: WEIGHED_EVERY,
            work: 0,
            work_weighed: 0,
            work_at_once: WORK_AT_ONCE,
        }
    }

    /// The same, which looks at every state until it has looked at so many leaves, and at 128 more for
    /// each event; otherwise at 20 million.
    #[must_use]
    pub fn sparing_after(mut self, leaves: u64) -> Self {
        self.work_at_once = leaves;
        self
    }

    /// The partition of that name, made where it is new.
    pub fn partition(&mut self, name: &str) -> PartitionId {
        if let Some(known) = self.by_name.get(name) {
            return PartitionId(*known);
        }
        let id = u32::try_from(self.partitions.len()).unwrap_or(u32::MAX);
        self.name_bytes += 2 * name.len();
        self.by_name.insert(name.into(), id);
        self.partitions.push(Partition {
            name: name.into(),
            n_events: 0,
            is_behind: false,
            last_at: 0,
            leaves: Vec::new(),
            n_live: 0,
        });
        PartitionId(id)
    }

    /// Whether the state after the partition's next event is to be given to [`Self::record`]; if not,
    /// [`Self::pass`] is told of the event. Always, until memory gets scarce.
    pub fn wants(&self, partition: PartitionId) -> bool {
        let n_events = self.partitions.get(partition.index());
        let is_next = |n: u32| n.is_multiple_of(self.every.max(1));
        self.every > 0 && n_events.is_some_and(|partition| is_next(partition.n_events))
    }

    /// The partition's state and result after it handled the event at `position`; `None` where there
    /// is none. A result that is the state is left out.
    ///
    /// Positions of one partition do not fall; those of several may come in any order.
    pub fn record(
        &mut self,
        partition: PartitionId,
        position: Position,
        state: Option<&Json>,
        result: Option<&Json>,
    ) {
        self.pass(partition, position);
        self.note(partition, state, result);
    }

    /// The partition handled the event at `position`, and nobody looked at its state.
    pub fn pass(&mut self, partition: PartitionId, position: Position) {
        let Some(found) = self.partitions.get_mut(partition.index()) else {
            return;
        };
        found.n_events += 1;
        found.is_behind = true;
        found.last_at = position.0;
        self.handled.push((partition.0, position.0));
    }

    /// The partitions whose last events were only passed: at the end [`Self::settle`] takes their
    /// states.
    pub fn behind(&self) -> Vec<PartitionId> {
        let ids = 0..u32::try_from(self.partitions.len()).unwrap_or(u32::MAX);
        let is_behind = |id: &u32| {
            let found = self.partitions.get(*id as usize);
            found.is_some_and(|partition| partition.is_behind)
        };
        ids.filter(is_behind).map(PartitionId).collect()
    }

    /// State and result of a partition after its last event.
    pub fn settle(&mut self, partition: PartitionId, state: Option<&Json>, result: Option<&Json>) {
        self.note(partition, state, result);
    }

    /// A partition's name.
    pub fn name(&self, partition: PartitionId) -> &str {
        let found = self.partitions.get(partition.index());
        found.map_or("", |partition| &partition.name)
    }

    /// Whether results are recorded beside states.
    pub fn has_results(&self) -> bool {
        self.transforms
    }

    /// Results are recorded beside states, even where the first ones are missing. The first result
    /// that [`Self::record`] is given says so too.
    pub fn keep_results(&mut self) {
        self.transforms = true;
    }

    /// A sentence that everybody who looks at the results is to know: [`Results::notes`].
    pub fn note_down(&mut self, sentence: String) {
        self.notes.push(sentence);
    }

    /// What is known so far. Costs a copy of it.
    pub fn snapshot(&self) -> Arc<Results> {
        Arc::new(freeze(self))
    }

    /// What is known at the end.
    pub fn finish(self) -> Arc<Results> {
        self.snapshot()
    }

    fn note(&mut self, partition: PartitionId, state: Option<&Json>, result: Option<&Json>) {
        if self.every == 0 {
            return;
        }
        let Some(at) = self.partitions.get_mut(partition.index()).map(|found| {
            found.is_behind = false;
            found.last_at
        }) else {
            return;
        };
        self.epoch += 1;
        (self.cursor, self.n_seen) = (0, 0);
        self.transforms |= result.is_some();
        for (root, value) in [(STATE, state), (RESULT, result)] {
            if let Some(value) = value {
                self.walk((partition.0, at), root, value);
            }
        }
        self.drop_unseen(partition.0, at);
        self.work += self.n_seen as u64 + 1;
        self.until_weighed -= 1;
        if self.until_weighed == 0
            || self.work > self.work_weighed + WORK_WEIGHED.min(self.work_at_once)
        {
            self.until_weighed = WEIGHED_EVERY;
            self.work_weighed = self.work;
            self.weigh(at);
            self.spare(at);
        }
    }

    fn walk(&mut self, of: (u32, u32), path: u32, value: &Json) {
        match value {
            Json::Object(object) if !object.is_empty() => {
                for (key, member) in object.iter() {
                    let path = self.child(of.0, path, StepRef::Key(key));
                    self.walk(of, path, member);
                }
            }
            Json::Array(elements) if !elements.is_empty() => {
                for (index, element) in elements.iter().enumerate() {
                    let path = self.child(of.0, path, StepRef::Index(index));
                    self.walk(of, path, element);
                }
            }
            leaf => {
                let value = Packed::of(leaf, &mut self.texts);
                let leaf = self.leaf(of.0, path);
                self.see(leaf);
                self.put(leaf, of.1, value);
            }
        }
    }

    /// The leaf that stood next in the last state, by its number.
    fn likely(&self, partition: u32) -> Option<u32> {
        let leaves = &self.partitions.get(partition as usize)?.leaves;
        leaves.get(self.cursor).copied()
    }

    /// A step on; mostly it is the one that the last state had in this place.
    fn child(&mut self, partition: u32, parent: u32, step: StepRef<'_>) -> u32 {
        let likely = self.likely(partition);
        let likely = likely.and_then(|leaf| self.leaves.get(leaf as usize));
        match likely.map(|leaf| leaf.path) {
            Some(path) if self.paths.is_child(path, parent, step) => path,
            _ => self.paths.child(parent, step),
        }
    }

    fn leaf(&mut self, partition: u32, path: u32) -> u32 {
        if let Some(id) = self.likely(partition)
            && self.leaves.get(id as usize).map(|leaf| leaf.path) == Some(path)
        {
            self.cursor += 1;
            return id;
        }
        let hash = self.hasher.hash_one((partition, path));
        let leaves = &self.leaves;
        let is_it = |id: &u32| {
            let leaf = leaves.get(*id as usize);
            leaf.is_some_and(|leaf| leaf.partition == partition && leaf.path == path)
        };
        let id = match self.places.find(hash, is_it) {
            Some(known) => *known,
            None => self.new_leaf(partition, path, hash),
        };
        let nth = self.leaves.get(id as usize).map_or(0, |leaf| leaf.nth);
        self.cursor = nth as usize + 1;
        id
    }

    fn new_leaf(&mut self, partition: u32, path: u32, hash: u64) -> u32 {
        let id = u32::try_from(self.leaves.len()).unwrap_or(u32::MAX);
        let Some(of) = self.partitions.get_mut(partition as usize) else {
            return id;
        };
        let nth = u32::try_from(of.leaves.len()).unwrap_or(u32::MAX);
        of.leaves.push(id);
        self.leaves.push(Leaf {
            partition,
            path,
            is_rounded: false,
            value: Packed::ABSENT,
            last_change: u32::MAX,
            seen: 0,
            nth,
        });
        let (leaves, hasher) = (&self.leaves, &self.hasher);
        self.places.insert_unique(hash, id, |id| {
            let leaf = &leaves[*id as usize];
            hasher.hash_one((leaf.partition, leaf.path))
        });
        id
    }

    fn see(&mut self, leaf: u32) {
        if let Some(leaf) = self.leaves.get_mut(leaf as usize)
            && leaf.seen != self.epoch
        {
            leaf.seen = self.epoch;
            self.n_seen += 1;
        }
    }

    fn put(&mut self, id: u32, at: u32, value: Packed) {
        let Some(leaf) = self.leaves.get_mut(id as usize) else {
            return;
        };
        if leaf.value == value {
            return;
        }
        let was_live = !leaf.value.is_absent();
        leaf.value = value;
        leaf.is_rounded |= self.numbers == Numbers::Floating && value.may_be_rounded();
        if let Some(partition) = self.partitions.get_mut(leaf.partition as usize) {
            partition.n_live =
                partition.n_live + usize::from(!value.is_absent()) - usize::from(was_live);
        }
        match self.changes.get_mut(leaf.last_change as usize) {
            Some(last) if last.at == at && last.leaf == id => last.value = value,
            _ => {
                leaf.last_change = u32::try_from(self.changes.len()).unwrap_or(u32::MAX);
                self.changes.push(Change {
                    leaf: id,
                    at,
                    value,
                });
            }
        }
    }

    /// What the last state had and this one has not is gone.
    fn drop_unseen(&mut self, partition: u32, at: u32) {
        let Some(of) = self.partitions.get_mut(partition as usize) else {
            return;
        };
        if of.n_live == self.n_seen {
            return;
        }
        let leaves = std::mem::take(&mut of.leaves);
        for id in &leaves {
            let is_gone = self
                .leaves
                .get(*id as usize)
                .is_some_and(|leaf| leaf.seen != self.epoch && !leaf.value.is_absent());
            if is_gone {
                self.put(*id, at, Packed::ABSENT);
            }
        }
        if let Some(of) = self.partitions.get_mut(partition as usize) {
            of.leaves = leaves;
        }
    }

    /// Bytes held for what cannot be thinned, and in all.
    fn bytes(&self) -> (usize, usize) {
        let fixed = self.texts.bytes()
            + self.paths.bytes()
            + self.name_bytes
            + self.partitions.len() * PARTITION_BYTES
            + self.leaves.len() * LEAF_BYTES
            + self.handled.len() * size_of::<(u32, u32)>();
        (fixed, fixed + self.changes.len() * CHANGE_BYTES)
    }

    /// Looks at fewer states where they are so large that looking at all would take too long.
    fn spare(&mut self, at: u32) {
        let allowed = self.work_at_once + WORK_EACH * self.handled.len() as u64;
        if self.work <= allowed || self.every == 0 || self.every >= MOST_THINNED {
            return;
        }
        self.every *= 2;
        let thinned = Thinned {
            every: self.every,
            since: Position(at),
            ended: None,
            why: Scarce::Time,
        };
        let known = self.thinned.get_or_insert(thinned);
        known.every = self.every;
    }

    /// Thins what was recorded until there is room again; where there can be none, recording ends.
    fn weigh(&mut self, at: u32) {
        let (fixed, all) = self.bytes();
        if all <= self.limits.bytes {
            return;
        }
        let room = self.limits.bytes.saturating_sub(fixed) / CHANGE_BYTES;
        while self.changes.len() > room / 2 && self.every < MOST_THINNED {
            let before = self.changes.len();
            self.every = self.every.saturating_mul(2);
            self.thin();
            if self.changes.len() == before && self.every > 64 {
                break;
            }
        }
        let is_over = self.changes.len() > room;
        if is_over {
            self.every = 0;
        }
        let thinned = Thinned {
            every: self.every,
            since: Position(at),
            ended: None,
            why: Scarce::Memory(self.limits.bytes),
        };
        let known = self.thinned.get_or_insert(thinned);
        known.every = self.every;
        if is_over {
            known.ended = Some(Position(at));
            known.why = Scarce::Memory(self.limits.bytes);
        }
    }
}
