//! The fields of one type as a tree, counted while events go by.

use hashbrown::HashMap;

use super::model::FieldKind;
use super::walk::Visit;
use crate::event::Position;

/// How many fields of one type are followed.
pub const MAX_PATHS_OF_TYPE: usize = 2_000;
/// How many fields are followed in all; each takes about 400 bytes.
pub const MAX_PATHS: usize = 50_000;
/// From how many keys on, most of them with digits, an object is taken for a map by ids.
const MAP_FROM: usize = 64;
/// From how many keys on they are found by hash.
const INDEXED_FROM: usize = 24;
/// How many characters an example has.
const EXAMPLE: usize = 40;
/// The key of the elements of a list, and of the values of a map; no key can hold these bytes.
pub(super) const ELEMENT: &[u8] = b"\0[]";
pub(super) const ANY: &[u8] = b"\0*";

/// Where an event stands: in the history, among those of its type, and in which column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Here {
    pub(super) position: Position,
    pub(super) nr: u64,
    pub(super) column: Option<usize>,
    pub(super) n_columns: usize,
}

/// A kind of value in a field.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) kind: FieldKind,
    pub(super) n: u64,
    pub(super) first: Position,
    pub(super) last: Position,
    pub(super) first_nr: u64,
    pub(super) last_nr: u64,
    pub(super) n_other_before: u64,
    pub(super) example: Box<str>,
    pub(super) by_column: Box<[u32]>,
}

/// A field.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) key: Box<[u8]>,
    pub(super) children: Vec<u32>,
    index: Option<HashMap<Box<[u8]>, u32>>,
    /// Where the next key is looked for first: events of a type are written alike.
    next: usize,
    is_map: bool,
    pub(super) seen: Vec<Seen>,
    /// In how many events it stands.
    pub(super) n: u64,
    pub(super) by_column: Box<[u32]>,
    /// One more than the number of the last event that has it, and the kinds met in that.
    touched: u64,
    mask: u8,
}

/// The fields of a type; the first node is the payload itself.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    /// How many times a field was met that is not followed.
    pub(super) n_beyond: u64,
}

impl Default for Tree {
    fn default() -> Self {
        Self {
            nodes: vec![Node::default()],
            n_beyond: 0,
        }
    }
}

/// One event's walk through the tree of its type.
pub(super) struct Walk<'t> {
    tree: &'t mut Tree,
    here: Here,
    /// How many more fields may be followed.
    room: &'t mut usize,
    /// The open lists and objects; `None` where one is not followed.
    open: Vec<(Option<u32>, bool)>,
    /// What the next value belongs to.
    at: Option<u32>,
}

impl<'t> Walk<'t> {
    pub(super) fn new(tree: &'t mut Tree, here: Here, room: &'t mut usize) -> Self {
        Self {
            tree,
            here,
            room,
            open: Vec::new(),
            at: Some(0),
        }
    }
}

impl Visit for Walk<'_> {
    fn key(&mut self, key: &[u8]) {
        let parent = self.open.last().and_then(|(node, _)| *node);
        self.at = parent.and_then(|parent| self.tree.child(parent, key, self.room));
    }

    fn value(&mut self, kind: FieldKind, text: &[u8]) {
        if let Some((parent, true)) = self.open.last() {
            self.at = parent.and_then(|parent| self.tree.child(parent, ELEMENT, self.room));
        }
        if let Some(node) = self.at {
            self.tree.note(node, kind, text, self.here);
        }
    }

    fn enter(&mut self, is_list: bool) {
        self.open.push((self.at, is_list));
    }

    fn leave(&mut self) {
        self.open.pop();
    }
}

impl Tree {
    /// The field of that key; a new one where there is room for it.
    fn child(&mut self, parent: u32, key: &[u8], room: &mut usize) -> Option<u32> {
        if let Some(found) = self.find(parent, key) {
            return Some(found);
        }
        let n_children = self.nodes.get(parent as usize)?.children.len();
        let is_map = n_children >= MAP_FROM && self.has_ids(parent);
        if is_map {
            self.make_map(parent);
            return self.find(parent, key);
        }
        if *room == 0 || self.nodes.len() > MAX_PATHS_OF_TYPE {
            self.n_beyond += 1;
            return None;
        }
        *room -= 1;
        Some(self.add(parent, key))
    }

    fn find(&mut self, parent: u32, key: &[u8]) -> Option<u32> {
        let node = self.nodes.get(parent as usize)?;
        if node.is_map {
            return node.children.first().copied();
        }
        let has_key = |child: &u32| {
            let child = self.nodes.get(*child as usize);
            child.is_some_and(|child| *child.key == *key)
        };
        let at = match &node.index {
            _ if node.children.get(node.next).is_some_and(has_key) => node.next,
            Some(index) => *index.get(key)? as usize,
            None => node.children.iter().position(has_key)?,
        };
        let found = node.children.get(at).copied();
        if let Some(node) = self.nodes.get_mut(parent as usize) {
            node.next = at + 1;
        }
        found
    }

    fn add(&mut self, parent: u32, key: &[u8]) -> u32 {
        let number = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.push(Node {
            key: key.into(),
            ..Node::default()
        });
        if let Some(node) = self.nodes.get_mut(parent as usize) {
            node.children.push(number);
            node.next = node.children.len();
        }
        self.reindex(parent);
        number
    }

    /// Brings the index of an object's keys up to date, from two dozen of them on.
    fn reindex(&mut self, parent: u32) {
        let Some(node) = self.nodes.get(parent as usize) else {
            return;
        };
        let at_last = node.children.len().checked_sub(1);
        let Some(last) = at_last.filter(|last| *last >= INDEXED_FROM) else {
            return;
        };
        let from = node.index.as_ref().map_or(0, |_| last);
        let new: Vec<(Box<[u8]>, u32)> = (from..=last)
            .filter_map(|at| {
                let child = node.children.get(at)?;
                let key = self.nodes.get(*child as usize)?.key.clone();
                Some((key, u32::try_from(at).ok()?))
            })
            .collect();
        if let Some(node) = self.nodes.get_mut(parent as usize) {
            node.index.get_or_insert_default().extend(new);
        }
    }

    /// Whether most keys of an object hold a digit.
    fn has_ids(&self, parent: u32) -> bool {
        let Some(node) = self.nodes.get(parent as usize) else {
            return false;
        };
        let keys = node.children.iter();
        let keys = keys.filter_map(|child| self.nodes.get(*child as usize));
        let n = keys.filter(|child| child.key.iter().any(u8::is_ascii_digit));
        n.count() * 4 >= node.children.len() * 3
    }

    /// Makes one field of all fields of an object: its keys are ids.
    fn make_map(&mut self, parent: u32) {
        let Some(node) = self.nodes.get_mut(parent as usize) else {
            return;
        };
        let children = std::mem::take(&mut node.children);
        node.index = None;
        let any = self.add(parent, ANY);
        if let Some(node) = self.nodes.get_mut(parent as usize) {
            node.is_map = true;
        }
        let mut to_merge: Vec<(u32, u32)> = children.iter().map(|child| (*child, any)).collect();
        while let Some((from, into)) = to_merge.pop() {
            let Some(node) = self.nodes.get_mut(from as usize) else {
                continue;
            };
            let from = std::mem::take(node);
            if let Some(node) = self.nodes.get_mut(into as usize) {
                node.take_in(from.n, from.by_column, from.seen);
            }
            for child in from.children {
                let key = self
                    .nodes
                    .get(child as usize)
                    .map(|child| child.key.clone());
                let known = key.and_then(|key| self.find(into, &key));
                if let Some(known) = known {
                    to_merge.push((child, known));
                    continue;
                }
                if let Some(node) = self.nodes.get_mut(into as usize) {
                    node.children.push(child);
                }
                self.reindex(into);
            }
        }
    }

    /// Notes that an event has a value of a kind there.
    fn note(&mut self, node: u32, kind: FieldKind, text: &[u8], here: Here) {
        let Some(node) = self.nodes.get_mut(node as usize) else {
            return;
        };
        node.next = 0;
        if node.touched != here.nr + 1 {
            node.touched = here.nr + 1;
            node.mask = 0;
            node.n += 1;
            count(&mut node.by_column, here);
        }
        let bit = 1 << kind as u8;
        if node.mask & bit != 0 {
            return;
        }
        node.mask |= bit;
        let known = node.seen.iter_mut().find(|seen| seen.kind == kind);
        if let Some(seen) = known {
            seen.n += 1;
            seen.last = here.position;
            seen.last_nr = here.nr;
            count(&mut seen.by_column, here);
            return;
        }
        let others = node.seen.iter().filter(|seen| seen.kind != FieldKind::Null);
        let mut seen = Seen {
            kind,
            n: 1,
            first: here.position,
            last: here.position,
            first_nr: here.nr,
            last_nr: here.nr,
            n_other_before: others.map(|seen| seen.n).sum(),
            example: example(text),
            by_column: Box::default(),
        };
        count(&mut seen.by_column, here);
        node.seen.push(seen);
    }
}

impl Node {
    /// Takes in what was counted for another field that turned out to be the same.
    fn take_in(&mut self, n: u64, by_column: Box<[u32]>, seen: Vec<Seen>) {
        self.n += n;
        add_up(&mut self.by_column, by_column);
        for other in seen {
            let known = self.seen.iter_mut().find(|seen| seen.kind == other.kind);
            let Some(seen) = known else {
                self.seen.push(other);
                continue;
            };
            seen.n += other.n;
            if other.first_nr < seen.first_nr {
                (seen.first, seen.first_nr) = (other.first, other.first_nr);
                seen.example = other.example;
            }
            if other.last_nr > seen.last_nr {
                (seen.last, seen.last_nr) = (other.last, other.last_nr);
            }
            seen.n_other_before = seen.n_other_before.min(other.n_other_before);
            add_up(&mut seen.by_column, other.by_column);
        }
    }
}

fn add_up(into: &mut Box<[u32]>, other: Box<[u32]>) {
    if into.is_empty() {
        *into = other;
        return;
    }
    for (sum, more) in into.iter_mut().zip(other) {
        *sum = sum.saturating_add(more);
    }
}

/// Counts an event in its column.
pub(super) fn count(by_column: &mut Box<[u32]>, here: Here) {
    let Some(column) = here.column else { return };
    if by_column.is_empty() {
        *by_column = vec![0; here.n_columns].into();
    }
    if let Some(n) = by_column.get_mut(column) {
        *n = n.saturating_add(1);
    }
}

/// The beginning of a value as written.
fn example(text: &[u8]) -> Box<str> {
    let start = text.get(..text.len().min(4 * EXAMPLE)).unwrap_or(text);
    let start = String::from_utf8_lossy(start);
    let mut shown: String = start.chars().take(EXAMPLE).collect();
    if shown.len() < text.len() {
        shown.pop();
        shown.push('…');
    }
    shown.into()
}
