//! The Merkle tree of RFC 6962 over a list that only grows: its head, and the heads of its subtrees.
//!
//! A leaf is SHA-256 of `00` and its bytes, a node SHA-256 of `01` and its two children; a list is
//! split at the largest power of two below its length. Only the heads of the complete subtrees are
//! kept while a list is read, at most 64 of them.

use sha2::{Digest as _, Sha256};

/// A SHA-256 digest.
pub type Digest = [u8; 32];

/// The hash of a leaf.
pub fn leaf_hash(bytes: &[u8]) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(bytes);
    hasher.finalize().into()
}

/// The hash of a node over its two children.
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update([1]);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize().into()
}

/// The head of a complete subtree of 2^`level` leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peak {
    /// Its height.
    pub level: u8,
    /// Its head.
    pub head: Digest,
}

/// The complete subtrees of a list as far as it has been read, the largest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Peaks {
    peaks: Vec<Peak>,
    n_leaves: u64,
}

impl Peaks {
    /// Adds a subtree of the same size as the last one or smaller; `completed` is shown every subtree
    /// that is whole now, itself first.
    ///
    /// `false`, with nothing added, where a larger subtree would follow a smaller one.
    pub fn push(&mut self, added: Peak, completed: &mut dyn FnMut(Peak)) -> bool {
        let is_smaller = self
            .peaks
            .last()
            .is_none_or(|last| added.level <= last.level);
        let Some(n_added) = 1_u64
            .checked_shl(u32::from(added.level))
            .filter(|_| is_smaller)
        else {
            return false;
        };
        let Some(n_leaves) = self.n_leaves.checked_add(n_added) else {
            return false;
        };
        self.n_leaves = n_leaves;
        let mut peak = added;
        completed(peak);
        while let Some(left) = self.peaks.pop_if(|last| last.level == peak.level) {
            peak = Peak {
                level: peak.level + 1,
                head: node_hash(&left.head, &peak.head),
            };
            completed(peak);
        }
        self.peaks.push(peak);
        true
    }

    /// How many leaves there are.
    pub fn n_leaves(&self) -> u64 {
        self.n_leaves
    }

    /// The heads of the complete subtrees, the largest first: one for each bit of the length.
    pub fn peaks(&self) -> &[Peak] {
        &self.peaks
    }

    /// The head of the whole tree; that of an empty list is the SHA-256 of nothing.
    pub fn root(&self) -> Digest {
        let mut from_the_right = self.peaks.iter().rev();
        let Some(last) = from_the_right.next() else {
            return Sha256::digest([]).into();
        };
        from_the_right.fold(last.head, |right, left| node_hash(&left.head, &right))
    }
}

#[cfg(test)]
mod tests {
    use super::super::hex::hex;
    use super::*;
    use proptest::prelude::*;

    /// The tree as RFC 6962 defines it, by splitting.
    fn by_definition(leaves: &[Vec<u8>]) -> Digest {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => leaf_hash(one),
            leaves => {
                let split = leaves.len().next_power_of_two() / 2;
                let (left, right) = leaves.split_at(split);
                node_hash(&by_definition(left), &by_definition(right))
            }
        }
    }

    fn grown(leaves: &[Vec<u8>]) -> Peaks {
        let mut peaks = Peaks::default();
        for leaf in leaves {
            let head = leaf_hash(leaf);
            assert!(peaks.push(Peak { level: 0, head }, &mut |_| ()));
        }
        peaks
    }

    #[test]
    fn heads_are_those_of_the_known_test_vectors() {
        // The test vectors of Certificate Transparency.
        let leaves: Vec<Vec<u8>> = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ]
        .iter()
        .map(|text| super::super::hex::from_hex(text).unwrap())
        .collect();
        for (n, expected) in [
            (
                1,
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            ),
            (
                2,
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            ),
            (
                3,
                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            ),
            (
                8,
                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
            ),
        ] {
            assert_eq!(hex(&grown(&leaves[..n]).root()), expected, "{n}");
        }
    }

    proptest! {
        #[test]
        fn a_grown_tree_is_the_tree_by_definition(leaves in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..4), 0..40)) {
            let peaks = grown(&leaves);
            prop_assert_eq!(peaks.root(), by_definition(&leaves));
            prop_assert_eq!(peaks.peaks().len(), leaves.len().count_ones() as usize);
        }
    }
}
