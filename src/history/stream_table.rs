//! Finds the stream of each event while a log is built, and counts its versions: the hot part of
//! opening a file.
//!
//! A file of a hundred thousand streams visits them in no order, so what costs is memory that is not
//! at hand. All that is needed of a stream lies in one record of one cache line, its name included,
//! and the table that leads there has eight bytes a slot: two misses an event instead of five.

use std::hash::BuildHasher as _;

use hashbrown::DefaultHashBuilder;

/// How long a name may be to lie in its record.
const INLINE: usize = 40;
/// Stands for an empty slot.
const EMPTY: u32 = u32::MAX;
/// Stands for "no version yet".
pub(super) const NO_VERSION: i64 = i64::MIN;

/// What is known of a stream while its events come in: 64 bytes, one cache line.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct StreamRecord {
    /// The version of its last event.
    pub(super) last_version: i64,
    /// How many events it has so far.
    pub(super) n_events: u32,
    length: u32,
    /// The key itself, or where it begins among the long ones.
    name: [u8; INLINE],
}

/// Where a stream's record stands, and the part of its hash that the slot was not chosen by.
#[derive(Clone, Copy, Debug)]
struct Slot {
    hash: u32,
    id: u32,
}

/// The streams of a log that is being built, by their key.
#[derive(Clone, Debug, Default)]
pub(super) struct StreamTable {
    slots: Vec<Slot>,
    records: Vec<StreamRecord>,
    long_names: Vec<u8>,
    hasher: DefaultHashBuilder,
}

impl StreamTable {
    /// The hash of a key, to be given to [`Self::find`].
    pub(super) fn hash(&self, key: &[u8]) -> u64 {
        self.hasher.hash_one(key)
    }

    /// Brings what [`Self::find`] will look at near: all at once, so that the waits overlap.
    pub(super) fn warm(&self, hashes: &[u64]) {
        let Some(mask) = self.slots.len().checked_sub(1) else {
            return;
        };
        let mut seen = 0;
        for hash in hashes {
            let slot = self.slots[split(*hash, mask).0];
            // Slots that are taken lead to a record; the sum keeps the looks from being left out.
            seen += self
                .records
                .get(slot.id as usize)
                .map_or(0, |record| record.length);
        }
        std::hint::black_box(seen);
    }

    /// The number of the stream with this key, counted from 0 in the order of first meeting, and
    /// whether it is new.
    pub(super) fn find(&mut self, hash: u64, key: &[u8]) -> (u32, bool) {
        if self.records.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let (mut at, tag) = split(hash, mask);
        loop {
            let slot = self.slots[at];
            if slot.id == EMPTY {
                break;
            }
            if slot.hash == tag && self.is_key(slot.id, key) {
                return (slot.id, false);
            }
            at = (at + 1) & mask;
        }
        let id = self.add(key);
        self.slots[at] = Slot { hash: tag, id };
        (id, true)
    }

    /// What is known of a stream.
    pub(super) fn record_mut(&mut self, id: u32) -> &mut StreamRecord {
        &mut self.records[id as usize]
    }

    /// A copy of what is known of a stream.
    pub(super) fn record(&self, id: u32) -> StreamRecord {
        self.records[id as usize]
    }

    /// How many events each stream has, by number.
    pub(super) fn counts(&self) -> Vec<u32> {
        self.records.iter().map(|record| record.n_events).collect()
    }

    /// The key by which a stream was found first.
    pub(super) fn key_of(&self, id: u32) -> &[u8] {
        let record = &self.records[id as usize];
        let length = record.length as usize;
        if length <= INLINE {
            return &record.name[..length];
        }
        let mut start = [0; 8];
        start.copy_from_slice(&record.name[..8]);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "an offset that was a usize"
        )]
        let start = u64::from_le_bytes(start) as usize;
        &self.long_names[start..start + length]
    }

    fn is_key(&self, id: u32, key: &[u8]) -> bool {
        self.key_of(id) == key
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "no more streams than events, no name over 4 GiB"
    )]
    fn add(&mut self, key: &[u8]) -> u32 {
        let mut name = [0; INLINE];
        if key.len() <= INLINE {
            name[..key.len()].copy_from_slice(key);
        } else {
            name[..8].copy_from_slice(&(self.long_names.len() as u64).to_le_bytes());
            self.long_names.extend_from_slice(key);
        }
        let record = StreamRecord {
            last_version: NO_VERSION,
            n_events: 0,
            length: key.len() as u32,
            name,
        };
        self.records.push(record);
        self.records.len() as u32 - 1
    }

    /// Doubles the slots, so that at most half of them are taken.
    fn grow(&mut self) {
        let n_slots = (self.slots.len() * 2).max(1024);
        let mask = n_slots - 1;
        let mut slots = vec![Slot { hash: 0, id: EMPTY }; n_slots];
        for id in 0..u32::try_from(self.records.len()).unwrap_or(EMPTY) {
            let (mut at, tag) = split(self.hasher.hash_one(self.key_of(id)), mask);
            while slots[at].id != EMPTY {
                at = (at + 1) & mask;
            }
            slots[at] = Slot { hash: tag, id };
        }
        self.slots = slots;
    }
}

/// The slot to begin with, by the lower half of a hash, and the upper half to compare by.
#[expect(clippy::cast_possible_truncation, reason = "halves of a hash")]
fn split(hash: u64, mask: usize) -> (usize, u32) {
    (hash as usize & mask, (hash >> 32) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_short_and_long_are_told_apart_and_keep_their_numbers() {
        let mut table = StreamTable::default();
        let key = |n: usize| {
            format!(
                "{}-{n}",
                if n.is_multiple_of(2) {
                    "o".repeat(60)
                } else {
                    "order".to_owned()
                }
            )
        };
        for n in 0..5000 {
            let hash = table.hash(key(n).as_bytes());
            assert_eq!(
                table.find(hash, key(n).as_bytes()),
                (u32::try_from(n).unwrap(), true)
            );
        }
        for n in 0..5000 {
            let hash = table.hash(key(n).as_bytes());
            assert_eq!(
                table.find(hash, key(n).as_bytes()),
                (u32::try_from(n).unwrap(), false)
            );
        }
        assert_eq!(size_of::<StreamRecord>(), 64);
    }
}
