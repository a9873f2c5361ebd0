//! The places in states and results, each once.

use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::event::json::{JsonPath, Step};

/// The root of states.
pub(in crate::projection) const STATE: u32 = 0;
/// The root of results.
pub(in crate::projection) const RESULT: u32 = 1;

/// A step into a container, its name only borrowed.
#[derive(Clone, Copy)]
pub(super) enum StepRef<'a> {
    Key(&'a str),
    Index(usize),
}

impl StepRef<'_> {
    fn is(self, step: &Step) -> bool {
        match (self, step) {
            (Self::Key(key), Step::Key(known)) => **known == *key,
            (Self::Index(index), Step::Index(known)) => *known == index,
            _ => false,
        }
    }

    fn hash(self, parent: u32, hasher: &DefaultHashBuilder) -> u64 {
        let mut hasher = hasher.build_hasher();
        parent.hash(&mut hasher);
        match self {
            Self::Key(key) => key.hash(&mut hasher),
            Self::Index(index) => index.hash(&mut hasher),
        }
        hasher.finish()
    }
}

impl<'a> From<&'a Step> for StepRef<'a> {
    fn from(step: &'a Step) -> Self {
        match step {
            Step::Key(key) => Self::Key(key),
            Step::Index(index) => Self::Index(*index),
        }
    }
}

#[derive(Clone, Debug)]
struct Node {
    parent: u32,
    step: Step,
}

/// A tree of paths below two roots; a path is a number.
#[derive(Clone, Debug)]
pub(in crate::projection) struct Paths {
    nodes: Vec<Node>,
    children: HashTable<u32>,
    hasher: DefaultHashBuilder,
    bytes: usize,
}

impl Default for Paths {
    fn default() -> Self {
        let root = || Node {
            parent: u32::MAX,
            step: Step::Index(0),
        };
        Self {
            nodes: vec![root(), root()],
            children: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            bytes: 0,
        }
    }
}

impl Paths {
    /// The path one step on, made where it is new.
    pub(super) fn child(&mut self, parent: u32, step: StepRef<'_>) -> u32 {
        let hash = step.hash(parent, &self.hasher);
        if let Some(known) = self.find(parent, step, hash) {
            return known;
        }
        let id = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let step = match step {
            StepRef::Key(key) => Step::Key(key.into()),
            StepRef::Index(index) => Step::Index(index),
        };
        self.bytes += 64 + key_of(&step).map_or(0, str::len);
        self.nodes.push(Node { parent, step });
        let (nodes, hasher) = (&self.nodes, &self.hasher);
        self.children.insert_unique(hash, id, |id| {
            let node = &nodes[*id as usize];
            StepRef::from(&node.step).hash(node.parent, hasher)
        });
        id
    }

    fn find(&self, parent: u32, step: StepRef<'_>, hash: u64) -> Option<u32> {
        let is_it = |id: &u32| self.is_child(*id, parent, step);
        self.children.find(hash, is_it).copied()
    }

    /// Whether a path is that step of its parent.
    pub(super) fn is_child(&self, id: u32, parent: u32, step: StepRef<'_>) -> bool {
        self.nodes
            .get(id as usize)
            .is_some_and(|node| node.parent == parent && step.is(&node.step))
    }

    /// The number of a path below a root, where any state has it.
    pub(in crate::projection) fn resolve(&self, root: u32, path: &JsonPath) -> Option<u32> {
        path.0.iter().try_fold(root, |at, step| {
            let step = StepRef::from(step);
            self.find(at, step, step.hash(at, &self.hasher))
        })
    }

    /// The root of a path.
    pub(in crate::projection) fn root_of(&self, id: u32) -> u32 {
        let mut at = id;
        while let Some(node) = self.nodes.get(at as usize) {
            if node.parent == u32::MAX {
                break;
            }
            at = node.parent;
        }
        at
    }

    /// The steps from a path's root.
    pub(in crate::projection) fn path(&self, id: u32) -> JsonPath {
        JsonPath(self.steps(id).into_iter().cloned().collect())
    }

    /// As [`Self::path`], without copies.
    pub(super) fn steps(&self, id: u32) -> Vec<&Step> {
        let mut steps = Vec::new();
        let mut at = id;
        while let Some(node) = self.nodes.get(at as usize) {
            if node.parent == u32::MAX {
                break;
            }
            steps.push(&node.step);
            at = node.parent;
        }
        steps.reverse();
        steps
    }

    /// How many paths there are, those that only lead to others included.
    pub(in crate::projection) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

fn key_of(step: &Step) -> Option<&str> {
    match step {
        Step::Key(key) => Some(key),
        Step::Index(_) => None,
    }
}
