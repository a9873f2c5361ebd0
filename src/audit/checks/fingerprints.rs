//! Which of many texts occur more than once, in 8 bytes each.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// The fingerprint of a text: equal for equal texts, of others by a chance of one in 2^64.
pub(in crate::audit) fn print_of(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// 64-bit fingerprints of texts, in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub(super) struct Fingerprints {
    prints: Vec<u64>,
}

impl Fingerprints {
    /// Makes room for so many texts, no more and no less.
    pub(super) fn reserve(&mut self, n_texts: usize) {
        self.prints.reserve_exact(n_texts);
    }

    /// Adds a text.
    pub(super) fn add(&mut self, text: &str) {
        self.prints.push(print_of(text));
    }

    /// How many texts were added.
    pub(super) fn len(&self) -> usize {
        self.prints.len()
    }

    /// For fingerprints that occur more than once the indices at which they do, rising, until these are
    /// `most` in all; and how many repetitions there are beyond.
    ///
    /// Two bitmaps of 8 bits a text leave only few candidates to sort.
    pub(super) fn repeated(&self, most: usize) -> (Vec<Vec<u32>>, u64) {
        let n_bits = (self.prints.len() * 8).next_power_of_two().max(64);
        let (mut seen, mut again) = (Bits::new(n_bits), Bits::new(n_bits));
        for print in &self.prints {
            if seen.set(*print) {
                again.set(*print);
            }
        }
        let mut candidates: Vec<(u64, u32)> = (0_u32..)
            .zip(&self.prints)
            .filter(|(_, print)| again.has(**print))
            .map(|(index, print)| (*print, index))
            .collect();
        candidates.sort_unstable();
        // Where all are repeated, lists of their own would take many times as much.
        let mut groups: Vec<(u32, u32, u32)> = Vec::new();
        let mut from = 0_u32;
        for group in candidates.chunk_by(|a, b| a.0 == b.0) {
            let len = u32::try_from(group.len()).unwrap_or(u32::MAX);
            if let [(_, first), _, ..] = group {
                groups.push((*first, from, len));
            }
            from += len;
        }
        groups.sort_unstable();
        let (mut repeated, mut n_kept, mut n_beyond) = (Vec::new(), 0, 0);
        for (_, from, len) in groups {
            if n_kept >= most {
                n_beyond += u64::from(len - 1);
                continue;
            }
            let from = from as usize;
            let group = candidates.get(from..from + len as usize);
            n_kept += len as usize;
            let indices = group.unwrap_or_default().iter().map(|(_, index)| *index);
            repeated.push(indices.collect());
        }
        (repeated, n_beyond)
    }
}

/// A bitmap addressed by the low bits of a fingerprint.
struct Bits {
    words: Vec<u64>,
    mask: u64,
}

impl Bits {
    /// `n_bits` is a power of two.
    fn new(n_bits: usize) -> Self {
        Self {
            words: vec![0; n_bits / 64],
            mask: n_bits as u64 - 1,
        }
    }

    fn place(&self, print: u64) -> (usize, u64) {
        let bit = print & self.mask;
        let word = usize::try_from(bit / 64).unwrap_or(0);
        (word, 1 << (bit % 64))
    }

    /// Sets the bit; whether it was set before.
    fn set(&mut self, print: u64) -> bool {
        let (word, bit) = self.place(print);
        let was = self.words[word] & bit != 0;
        self.words[word] |= bit;
        was
    }

    fn has(&self, print: u64) -> bool {
        let (word, bit) = self.place(print);
        self.words[word] & bit != 0
    }
}
