//! What changed between two states, leaf by leaf, as paths.
//!
//! It does not say which events did it; see [`super::ExplainedChange`].

use std::collections::HashMap;

use crate::event::json::{Json, JsonPath, Object, Step};

/// How a place in a state changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// There was nothing.
    Added,
    /// There is nothing any more.
    Removed,
    /// There is something else.
    Changed,
}

impl ChangeKind {
    /// `added`, `removed` or `changed`, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// One difference between an older and a newer state.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Where.
    pub path: JsonPath,
    /// How.
    pub kind: ChangeKind,
    /// What was there; `None` for what was added.
    pub old: Option<Json>,
    /// What is there; `None` for what was removed.
    pub new: Option<Json>,
}

/// The changes that make `new` out of `old`, in the order of `new`; what was removed stands where it
/// stood.
///
/// Objects and arrays with something in them are walked, arrays by index. An added or removed
/// container is one change, and so is one that was or became empty: an empty container is a leaf.
/// Values are equal by meaning: `1.10` is `1.1`. Costs a walk over both.
pub fn diff(old: &Json, new: &Json) -> Vec<Change> {
    diff_with(|old, new| by_index(old.len(), new.len()), old, new)
}

/// An element before and the one that it became; one of both is missing for what came or went.
pub(super) type Pair = (Option<usize>, Option<usize>);

/// How the elements of two arrays are paired.
type Pairing = fn(&[Json], &[Json]) -> Vec<Pair>;

/// As [`diff()`], with the elements of arrays paired so.
pub(super) fn diff_with(pairing: Pairing, old: &Json, new: &Json) -> Vec<Change> {
    let mut walk = Walk::new(pairing);
    walk.values(old, new);
    walk.changes
}

/// Elements paired by their place.
pub(super) fn by_index(n_old: usize, n_new: usize) -> Vec<Pair> {
    (0..n_old.max(n_new))
        .map(|at| ((at < n_old).then_some(at), (at < n_new).then_some(at)))
        .collect()
}

/// The changes that a stream's first event makes, before which there was no state: each member added.
pub fn diff_from_nothing(new: &Json) -> Vec<Change> {
    let mut walk = Walk::new(|old, new| by_index(old.len(), new.len()));
    match new {
        Json::Object(object) if !object.is_empty() => walk.objects(&Object::default(), object),
        _ => walk.note(None, Some(new)),
    }
    walk.changes
}

struct Walk {
    pairing: Pairing,
    path: JsonPath,
    changes: Vec<Change>,
}

impl Walk {
    fn new(pairing: Pairing) -> Self {
        Self {
            pairing,
            path: JsonPath::default(),
            changes: Vec::new(),
        }
    }

    fn values(&mut self, old: &Json, new: &Json) {
        match (old, new) {
            (Json::Object(old), Json::Object(new)) if !old.is_empty() && !new.is_empty() => {
                self.objects(old, new);
            }
            (Json::Array(old), Json::Array(new)) if !old.is_empty() && !new.is_empty() => {
                self.arrays(old, new);
            }
            _ if old == new => {}
            _ => self.note(Some(old), Some(new)),
        }
    }

    fn objects(&mut self, old: &Object, new: &Object) {
        let (mut removed_after, mut anchor) = (HashMap::<Option<&str>, Vec<&str>>::new(), None);
        for (key, _) in members(old) {
            if new.get(key).is_some() {
                anchor = Some(key);
            } else {
                removed_after.entry(anchor).or_default().push(key);
            }
        }
        let first = std::iter::once(None);
        for key in first.chain(members(new).map(|(key, _)| Some(key))) {
            if let Some(key) = key {
                self.at(Step::Key(key.into()), old.get(key), new.get(key));
            }
            for key in removed_after.get(&key).into_iter().flatten() {
                self.at(Step::Key((*key).into()), old.get(key), None);
            }
        }
    }

    fn arrays(&mut self, old: &[Json], new: &[Json]) {
        for (before, after) in (self.pairing)(old, new) {
            let step = after.or(before).unwrap_or_default();
            let old = before.and_then(|at| old.get(at));
            let new = after.and_then(|at| new.get(at));
            self.at(Step::Index(step), old, new);
        }
    }

    fn at(&mut self, step: Step, old: Option<&Json>, new: Option<&Json>) {
        self.path.0.push(step);
        match (old, new) {
            (Some(old), Some(new)) => self.values(old, new),
            _ => self.note(old, new),
        }
        self.path.0.pop();
    }

    fn note(&mut self, old: Option<&Json>, new: Option<&Json>) {
        let kind = match (old, new) {
            (None, _) => ChangeKind::Added,
            (_, None) => ChangeKind::Removed,
            _ => ChangeKind::Changed,
        };
        self.changes.push(Change {
            path: self.path.clone(),
            kind,
            old: old.cloned(),
            new: new.cloned(),
        });
    }
}

/// The members of an object, of duplicates only the last.
pub(super) fn members(object: &Object) -> impl Iterator<Item = (&str, &Json)> {
    object.iter().filter(|(key, value)| {
        object
            .get(key)
            .is_some_and(|last| std::ptr::eq(last, *value))
    })
}

/// Makes the newer state out of the older one and their [`diff()`].
///
/// The result is equal to the newer state; members that were added stand at the end.
pub fn apply_changes(old: &Json, changes: &[Change]) -> Json {
    let mut state = old.clone();
    for change in changes {
        if let Some(new) = &change.new {
            put(&mut state, &change.path, new);
        }
    }
    // Backwards, so that no element of an array moves before it is taken out.
    for change in changes.iter().rev().filter(|change| change.new.is_none()) {
        change.path.remove(&mut state);
    }
    state
}

fn put(state: &mut Json, path: &JsonPath, value: &Json) {
    let Some((last, parents)) = path.0.split_last() else {
        *state = value.clone();
        return;
    };
    match (last, JsonPath(parents.to_vec()).get_or_make(state)) {
        (Step::Key(key), Some(Json::Object(object))) => object.insert(key, value.clone()),
        (Step::Index(index), Some(Json::Array(elements))) => match elements.get_mut(*index) {
            Some(element) => *element = value.clone(),
            None => elements.push(value.clone()),
        },
        _ => debug_assert!(false, "a change fits the state that it was made from"),
    }
}
