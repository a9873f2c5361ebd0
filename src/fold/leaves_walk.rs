//! Compares a state with the one before it and notes which leaves are other ones.
//!
//! What is equal costs a comparison and nothing else: no path is built and no node looked up.

use super::diff::members;
use super::leaves::LeafHistory;
use crate::event::json::{Json, Object};

/// The way from the state to what is compared; names are only borrowed.
#[derive(Clone, Copy)]
struct Way<'a> {
    outer: Option<&'a Self>,
    step: Name<'a>,
}

#[derive(Clone, Copy)]
enum Name<'a> {
    Key(&'a str),
    Index(usize),
}

impl LeafHistory {
    /// Notes what differs between two states and makes the older one equal to the newer.
    pub(super) fn compare(&mut self, old: &mut Json, new: &Json, rank: u32) {
        self.values(old, new, None, rank);
    }

    /// Lays the members of a payload over a state, as the payload merge does, and notes what differs.
    pub(super) fn lay_over(&mut self, state: &mut Object, payload: &Object, rank: u32) {
        if state.is_empty() && !payload.is_empty() && rank > 0 {
            // The empty state was a leaf itself.
            self.note(0, rank, false);
        }
        for (key, value) in members(payload) {
            self.member(state, (key, value), None, rank);
        }
    }

    fn values(&mut self, old: &mut Json, new: &Json, way: Option<&Way<'_>>, rank: u32) {
        if old.is_leaf() || new.is_leaf() {
            if old.is_leaf() != new.is_leaf() || old != new {
                let node = self.node(way);
                self.vanish(node, old, rank);
                self.appear(node, new, rank);
                *old = new.clone();
            }
            return;
        }
        match (&mut *old, new) {
            (Json::Object(old), Json::Object(new)) => self.objects(old, new, way, rank),
            (Json::Array(old), Json::Array(new)) => self.arrays(old, new, way, rank),
            (old, new) => {
                // An array became an object or the other way: their pointers may be the same ones.
                let (mut before, after) = (by_name(old), by_name(new));
                self.objects(&mut before, &after, way, rank);
                *old = new.clone();
            }
        }
    }

    fn objects(&mut self, old: &mut Object, new: &Object, way: Option<&Way<'_>>, rank: u32) {
        let mut n_members = 0;
        for (key, value) in members(new) {
            n_members += 1;
            self.member(old, (key, value), way, rank);
        }
        if old.len() <= n_members {
            return;
        }
        let gone: Vec<Box<str>> = old
            .iter()
            .filter(|(key, _)| new.get(key).is_none())
            .map(|(key, _)| key.into())
            .collect();
        for key in gone {
            if let Some(value) = old.remove(&key) {
                let node = self.node(way);
                let node = self.child(node, &key);
                self.vanish(node, &value, rank);
            }
        }
    }

    fn member(
        &mut self,
        old: &mut Object,
        (key, value): (&str, &Json),
        outer: Option<&Way<'_>>,
        rank: u32,
    ) {
        let way = Way {
            outer,
            step: Name::Key(key),
        };
        if let Some(before) = old.get_mut(key) {
            self.values(before, value, Some(&way), rank);
        } else {
            let node = self.node(Some(&way));
            self.appear(node, value, rank);
            old.push(key.into(), value.clone());
        }
    }

    fn arrays(&mut self, old: &mut Vec<Json>, new: &[Json], outer: Option<&Way<'_>>, rank: u32) {
        for (index, value) in new.iter().enumerate() {
            let way = Way {
                outer,
                step: Name::Index(index),
            };
            if let Some(before) = old.get_mut(index) {
                self.values(before, value, Some(&way), rank);
            } else {
                let node = self.node(Some(&way));
                self.appear(node, value, rank);
                old.push(value.clone());
            }
        }
        for (index, value) in old.iter().enumerate().skip(new.len()) {
            let way = Way {
                outer,
                step: Name::Index(index),
            };
            let node = self.node(Some(&way));
            self.vanish(node, value, rank);
        }
        old.truncate(new.len());
    }

    /// Notes that all leaves of `value` are new below a node.
    pub(super) fn appear(&mut self, node: u32, value: &Json, rank: u32) {
        self.each_leaf(node, value, rank, true);
    }

    fn vanish(&mut self, node: u32, value: &Json, rank: u32) {
        self.each_leaf(node, value, rank, false);
    }

    fn each_leaf(&mut self, node: u32, value: &Json, rank: u32, is_there: bool) {
        match value {
            Json::Object(object) if !object.is_empty() => {
                for (key, member) in members(object) {
                    let child = self.child(node, key);
                    self.each_leaf(child, member, rank, is_there);
                }
            }
            Json::Array(elements) if !elements.is_empty() => {
                for (index, element) in elements.iter().enumerate() {
                    let child = self.child(node, &index.to_string());
                    self.each_leaf(child, element, rank, is_there);
                }
            }
            _ => self.note(node, rank, is_there),
        }
    }

    fn node(&mut self, way: Option<&Way<'_>>) -> u32 {
        let Some(way) = way else { return 0 };
        let outer = self.node(way.outer);
        match way.step {
            Name::Key(key) => self.child(outer, key),
            Name::Index(index) => self.child(outer, &index.to_string()),
        }
    }
}

/// The members of a container under the names that a JSON Pointer gives them.
fn by_name(value: &Json) -> Object {
    let mut object = Object::default();
    match value {
        Json::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                object.push(index.to_string().into(), element.clone());
            }
        }
        Json::Object(members) => {
            for (key, member) in members.iter() {
                object.insert(key, member.clone());
            }
        }
        _ => {}
    }
    object
}
