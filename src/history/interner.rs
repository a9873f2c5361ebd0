//! Names to small numbers: each distinct byte string is kept once, in one arena.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher as _;

/// Gives each distinct byte string a number, counted from 0 in the order of first meeting.
///
/// Costs one hash and about one cache miss a look-up, its bytes and 12 bytes a name.
#[derive(Clone, Debug, Default)]
pub(super) struct Interner {
    arena: Vec<u8>,
    ends: Vec<usize>,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Interner {
    /// The number of `name`, and whether it is new.
    pub(super) fn intern(&mut self, name: &[u8]) -> (u32, bool) {
        let Self {
            arena,
            ends,
            table,
            hasher,
        } = self;
        let hash = hasher.hash_one(name);
        if let Some(found) = table.find(hash, |id| name_at(arena, ends, *id) == name) {
            return (*found, false);
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "no more names than events, which are u32"
        )]
        let id = ends.len() as u32;
        arena.extend_from_slice(name);
        ends.push(arena.len());
        table.insert_unique(hash, id, |id| hasher.hash_one(name_at(arena, ends, *id)));
        (id, true)
    }

    /// How many distinct names there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

fn name_at<'a>(arena: &'a [u8], ends: &[usize], id: u32) -> &'a [u8] {
    let id = id as usize;
    let start = if id == 0 { 0 } else { ends[id - 1] };
    &arena[start..ends[id]]
}
