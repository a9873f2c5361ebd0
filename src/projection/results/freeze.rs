//! What was recorded, put in order: each leaf's changes together; and the thinning of them.

use super::Results;
use super::recorder::{Change, Recorder};
use super::results::LeafOf;
use super::value::Packed;

/// Items of groups, group by group: where each begins (and one more at the end), and the items.
fn grouped<T: Copy>(
    n_groups: usize,
    items: impl ExactSizeIterator<Item = (u32, T)> + Clone,
    empty: T,
) -> (Vec<u32>, Vec<T>) {
    let mut starts = vec![0_u32; n_groups + 1];
    for (group, _) in items.clone() {
        if let Some(start) = starts.get_mut(group as usize + 1) {
            *start += 1;
        }
    }
    for group in 1..starts.len() {
        starts[group] += starts[group - 1];
    }
    let mut next = starts.clone();
    let mut sorted = vec![empty; items.len()];
    for (group, item) in items {
        if let Some(at) = next.get_mut(group as usize) {
            if let Some(slot) = sorted.get_mut(*at as usize) {
                *slot = item;
            }
            *at += 1;
        }
    }
    (starts, sorted)
}

/// The positions that each partition handled.
fn events(recorder: &Recorder) -> (Vec<u32>, Vec<u32>) {
    let handled = recorder.handled.iter().copied();
    grouped(recorder.partitions.len(), handled, 0)
}

pub(super) fn freeze(recorder: &Recorder) -> Results {
    let (event_starts, events) = events(recorder);
    // Leaves by partition, in the order in which they appeared there.
    let ids = recorder.leaves.iter().enumerate();
    let ids = ids.map(|(id, leaf)| (leaf.partition, u32::try_from(id).unwrap_or(u32::MAX)));
    let (leaf_starts, order) = grouped(recorder.partitions.len(), ids, 0);
    let mut place = vec![0; recorder.leaves.len()];
    for (nr, id) in (0_u32..).zip(&order) {
        if let Some(place) = place.get_mut(*id as usize) {
            *place = nr;
        }
    }
    let changes = recorder.changes.iter();
    let changes = changes.map(|change| {
        let leaf = place.get(change.leaf as usize).copied().unwrap_or(0);
        (leaf, (change.at, change.value))
    });
    let (change_starts, sorted) = grouped(recorder.leaves.len(), changes, (0, Packed::ABSENT));
    let leaves = order.iter().filter_map(|id| {
        let leaf = recorder.leaves.get(*id as usize)?;
        Some(LeafOf {
            partition: leaf.partition,
            path: leaf.path,
            is_rounded: leaf.is_rounded,
        })
    });
    let names: Vec<Box<str>> = recorder
        .partitions
        .iter()
        .map(|partition| partition.name.clone())
        .collect();
    let mut by_name: Vec<u32> = (0..u32::try_from(names.len()).unwrap_or(u32::MAX)).collect();
    by_name.sort_unstable_by(|a, b| names[*a as usize].cmp(&names[*b as usize]));
    Results {
        texts: recorder.texts.clone(),
        paths: recorder.paths.clone(),
        names,
        by_name,
        event_starts,
        events,
        leaf_starts,
        leaves: leaves.collect(),
        transforms: recorder.transforms,
        said: recorder.notes.clone(),
        change_starts,
        ats: sorted.iter().map(|(at, _)| *at).collect(),
        values: sorted.iter().map(|(_, value)| *value).collect(),
        thinned: recorder.thinned,
    }
}

impl Recorder {
    /// Keeps, of each partition, only what is known after every so many of its events: what changed
    /// in between moves on to there. What happened since the last of these stays.
    pub(super) fn thin(&mut self) {
        let (starts, events) = events(self);
        let changes = self.changes.iter().map(|change| (change.leaf, *change));
        let empty = Change {
            leaf: 0,
            at: 0,
            value: Packed::ABSENT,
        };
        let (_, sorted) = grouped(self.leaves.len(), changes, empty);
        let mut kept: Vec<Change> = Vec::with_capacity(sorted.len() / 2);
        for change in sorted {
            let Some(leaf) = self.leaves.get_mut(change.leaf as usize) else {
                continue;
            };
            let of = |nr: usize| starts.get(nr).copied().unwrap_or(0) as usize;
            let partition = leaf.partition as usize;
            let handled = events.get(of(partition)..of(partition + 1));
            let at = moved(handled.unwrap_or_default(), change.at, self.every);
            let change = Change { at, ..change };
            let n_kept = kept.len();
            match kept.last_mut().filter(|last| last.leaf == change.leaf) {
                Some(last) if last.at == at => *last = change,
                _ => {
                    kept.push(change);
                    leaf.last_change = u32::try_from(n_kept).unwrap_or(u32::MAX);
                }
            }
        }
        self.changes = kept;
    }
}

/// The position of the first of `events` from `at` on that is kept; `at` itself behind the last one.
fn moved(events: &[u32], at: u32, every: u32) -> u32 {
    let nth = events.partition_point(|event| *event < at);
    let kept = nth.div_ceil(every.max(1) as usize) * every.max(1) as usize;
    events.get(kept).copied().unwrap_or(at)
}
