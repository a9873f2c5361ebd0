//! Names to small numbers: each distinct byte string is kept once.
//!
//! For types and categories, of which there are few; streams have a table of their own.

use std::collections::HashMap;

/// Gives each distinct byte string a number, counted from 0 in the order of first meeting.
#[derive(Clone, Debug)]
pub(super) struct Interner {
    ids: HashMap<Box<[u8]>, u32>,
    names: Vec<Box<[u8]>>,
    /// For each cheap key the number last found by it, so that a few names cost no hash.
    recent: [u32; RECENT],
}

/// How many cheap keys there are.
const RECENT: usize = 64;

impl Default for Interner {
    fn default() -> Self {
        Self {
            ids: HashMap::new(),
            names: Vec::new(),
            recent: [0; RECENT],
        }
    }
}

impl Interner {
    /// All names by their numbers.
    pub(super) fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.names.iter().map(|name| &**name)
    }

    /// The number of `name`, and whether it is new.
    pub(super) fn intern(&mut self, name: &[u8]) -> (u32, bool) {
        let slot = cheap_key(name);
        let recent = self.recent[slot];
        if self
            .names
            .get(recent as usize)
            .is_some_and(|known| **known == *name)
        {
            return (recent, false);
        }
        if let Some(id) = self.ids.get(name) {
            self.recent[slot] = *id;
            return (*id, false);
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "no more names than events, which are u32"
        )]
        let id = self.names.len() as u32;
        self.ids.insert(name.into(), id);
        self.names.push(name.into());
        self.recent[slot] = id;
        (id, true)
    }
}

/// Tells most names of a small set apart by their length and three of their bytes.
fn cheap_key(name: &[u8]) -> usize {
    let byte = |at: usize| name.get(at).map_or(0, |byte| usize::from(*byte));
    let length = name.len();
    let mixed = length * 7 + byte(0) + byte(length / 2) * 3 + byte(length.wrapping_sub(1)) * 5;
    mixed % RECENT
}
