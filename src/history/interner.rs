//! Names to small numbers: each distinct byte string is kept once, in one arena.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Gives each distinct byte string a number, counted from 0 in the order of first meeting.
///
/// Costs one hash and a few cache misses a look-up; its bytes and about 20 more a name.
#[derive(Clone, Debug, Default)]
pub(super) struct Interner {
    arena: Vec<u8>,
    table: HashTable<Entry>,
    hasher: DefaultHashBuilder,
}

/// A known name: where it stands in the arena is kept beside its number, to save a look elsewhere.
#[derive(Clone, Copy, Debug)]
struct Entry {
    start: usize,
    length: u32,
    id: u32,
}

impl Entry {
    fn name(self, arena: &[u8]) -> &[u8] {
        &arena[self.start..self.start + self.length as usize]
    }
}

impl Interner {
    /// The number of `name`, and whether it is new.
    pub(super) fn intern(&mut self, name: &[u8]) -> (u32, bool) {
        let Self {
            arena,
            table,
            hasher,
        } = self;
        let hash = hasher.hash_one(name);
        if let Some(found) = table.find(hash, |entry| entry.name(arena) == name) {
            return (found.id, false);
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "no more names than events, none longer than a value may be"
        )]
        let entry = Entry {
            start: arena.len(),
            length: name.len() as u32,
            id: table.len() as u32,
        };
        arena.extend_from_slice(name);
        table.insert_unique(hash, entry, |entry| hasher.hash_one(entry.name(arena)));
        (entry.id, true)
    }

    /// How many distinct names there are.
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }
}
