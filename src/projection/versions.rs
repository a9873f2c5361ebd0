//! Two versions of a projection over the same events: where their results part ways.

use hashbrown::HashMap;

use super::lines::{By, Plotted, SeriesAsk};
use super::results::{Of, PartitionId, Results};
use crate::event::Position;
use crate::event::json::{Json, JsonPath};
use crate::history::{Axis, EventLog};

/// A partition in which two versions differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Differs {
    /// Its name.
    pub partition: String,
    /// The first event after which it differs.
    pub position: Position,
    /// A place at which it differs then; the first that the state has.
    pub path: JsonPath,
    /// What the first version has there; `None` where it has nothing.
    pub a: Option<Json>,
    /// What the second has.
    pub b: Option<Json>,
}

/// How two versions compare.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VersionsCompared {
    /// Every partition in which they ever differ, the one that differs first before all others.
    pub differing: Vec<Differs>,
    /// In how many they are the same from beginning to end.
    pub n_same: usize,
    /// What must be said of it, in sentences.
    pub notes: Vec<String>,
}

impl VersionsCompared {
    /// The first event at which the versions differ.
    pub fn first(&self) -> Option<&Differs> {
        self.differing.first()
    }
}

/// Compares what two versions of a projection made of the same events, at every position; `None` where
/// `cancel` said so. Numbers are equal by value. Costs a walk over all changes of both.
pub fn compare_versions(
    a: &Results,
    b: &Results,
    of: Of,
    cancel: &dyn Fn() -> bool,
) -> Option<VersionsCompared> {
    let mut found = VersionsCompared::default();
    let pair = Pair::new(a, b, of);
    let both = a.partitions().map(|one| {
        let name = a.partition_name(one);
        (name, Some(one), b.find_partition(name))
    });
    let only_b = b.partitions().filter_map(|one| {
        let name = b.partition_name(one);
        let is_new = a.find_partition(name).is_none();
        is_new.then_some((name, None, Some(one)))
    });
    for (nr, (name, in_a, in_b)) in both.chain(only_b).enumerate() {
        if nr % 256 == 0 && cancel() {
            return None;
        }
        match pair.first_difference(in_a, in_b) {
            None => found.n_same += 1,
            Some(difference) => found.differing.push(Differs {
                partition: name.to_owned(),
                ..difference
            }),
        }
    }
    found
        .differing
        .sort_by(|a, b| (a.position, &a.partition).cmp(&(b.position, &b.partition)));
    found.notes = a.notes();
    found.notes.extend(b.notes());
    found.notes.dedup();
    Some(found)
}

/// The same plot of both versions, over the same pieces of time; `None` where `cancel` said so.
pub fn both_versions(
    a: &Results,
    b: &Results,
    log: &EventLog,
    ask: &SeriesAsk,
    cancel: &dyn Fn() -> bool,
) -> Option<[Plotted; 2]> {
    let mut ask = ask.clone();
    if ask.by != By::Event || ask.axis == Axis::Time {
        let whole = log.time_range().map(|(from, to)| (from.0, to.0));
        ask.range = ask.range.or(whole);
    }
    Some([a.series(log, &ask, cancel)?, b.series(log, &ask, cancel)?])
}

/// Two results, and which paths of them are the same.
struct Pair<'a> {
    a: &'a Results,
    b: &'a Results,
    /// For the paths of each that are looked at: the number of the same path in the other.
    in_b: HashMap<u32, Option<u32>>,
    in_a: HashMap<u32, Option<u32>>,
}

impl<'a> Pair<'a> {
    fn new(a: &'a Results, b: &'a Results, of: Of) -> Self {
        let of = (a.root(of), b.root(of));
        Self {
            a,
            b,
            in_b: counterparts(a, b, of),
            in_a: counterparts(b, a, (of.1, of.0)),
        }
    }

    /// The first position at which a partition of both is not the same, at its first place.
    fn first_difference(
        &self,
        in_a: Option<PartitionId>,
        in_b: Option<PartitionId>,
    ) -> Option<Differs> {
        let mut first: Option<Differs> = None;
        let mut take = |found: Option<Differs>| {
            if let Some(found) = found
                && first
                    .as_ref()
                    .is_none_or(|known| found.position < known.position)
            {
                first = Some(found);
            }
        };
        for leaf in in_a.map_or(0..0, |one| self.a.leaves_of(one)) {
            let Some((path, other)) = looked_up(self.a, leaf, &self.in_b) else {
                continue;
            };
            let other = other
                .zip(in_b)
                .and_then(|(path, one)| self.b.leaf_of(one, path));
            take(self.leaf_difference(Some(leaf), other, || self.a.paths.path(path)));
        }
        for leaf in in_b.map_or(0..0, |one| self.b.leaves_of(one)) {
            let Some((path, other)) = looked_up(self.b, leaf, &self.in_a) else {
                continue;
            };
            let other = other
                .zip(in_a)
                .and_then(|(path, one)| self.a.leaf_of(one, path));
            if other.is_none() {
                take(self.leaf_difference(None, Some(leaf), || self.b.paths.path(path)));
            }
        }
        first
    }

    /// The first position at which a leaf of both is not the same.
    fn leaf_difference(
        &self,
        in_a: Option<usize>,
        in_b: Option<usize>,
        path: impl Fn() -> JsonPath,
    ) -> Option<Differs> {
        let positions = |results: &Results, leaf: Option<usize>| {
            let changes = leaf.map_or(0..0, |leaf| results.changes_of(leaf));
            results.ats.get(changes).unwrap_or_default().to_vec()
        };
        let mut all = positions(self.a, in_a);
        all.extend(positions(self.b, in_b));
        all.sort_unstable();
        all.dedup();
        let value = |results: &Results, leaf: Option<usize>, at: u32| {
            results.leaf_at(leaf?, Position(at)).json(&results.texts)
        };
        all.into_iter().find_map(|at| {
            let (a, b) = (value(self.a, in_a, at), value(self.b, in_b, at));
            (a != b).then(|| Differs {
                partition: String::new(),
                position: Position(at),
                path: path(),
                a,
                b,
            })
        })
    }
}

/// The path of a leaf that is compared, and its number in the other results.
fn looked_up(
    results: &Results,
    leaf: usize,
    paths: &HashMap<u32, Option<u32>>,
) -> Option<(u32, Option<u32>)> {
    let path = results.leaves.get(leaf)?.path;
    Some((path, *paths.get(&path)?))
}

/// For every path of `from` below its root the number that it has in `to`.
fn counterparts(from: &Results, to: &Results, roots: (u32, u32)) -> HashMap<u32, Option<u32>> {
    let mut found = HashMap::new();
    for leaf in &from.leaves {
        if found.contains_key(&leaf.path) || from.paths.root_of(leaf.path) != roots.0 {
            continue;
        }
        let path = from.paths.path(leaf.path);
        found.insert(leaf.path, to.paths.resolve(roots.1, &path));
    }
    found
}
