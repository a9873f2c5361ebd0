//! The events of one stream on both sides, paired.

use std::collections::{HashMap, VecDeque};

/// Two events that belong together, or one that stands alone; numbers are ranks in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pair {
    /// They are equal.
    Same(u32, u32),
    /// They carry the same version and differ.
    Different(u32, u32),
    /// They are equal and stand in another place.
    Moved(u32, u32),
    /// Only the first history has it.
    OnlyA(u32),
    /// Only the second history has it.
    OnlyB(u32),
}

/// One stream on one side: for each event its key, and what makes it equal to others.
pub(super) struct Side {
    /// Versions from the first of the store's streams, or ranks.
    pub(super) keys: Vec<i64>,
    /// Equal for events that would be equal, but for their times.
    pub(super) contents: Vec<u64>,
}

/// Pairs the events of a stream; `equal` holds two of them against each other by rank.
///
/// `by_rank` says that keys are only ranks, so that one event less moves all that follow.
pub(super) fn align(
    a: &Side,
    b: &Side,
    by_rank: bool,
    equal: &dyn Fn(u32, u32) -> bool,
) -> Vec<Pair> {
    let (n_a, n_b) = (len(a), len(b));
    let n_both = n_a.min(n_b);
    let key = |side: &Side, rank: u32| side.keys.get(rank as usize).copied();
    let fits = |x: u32, y: u32| (by_rank || key(a, x) == key(b, y)) && equal(x, y);
    let head = (0..n_both).take_while(|rank| fits(*rank, *rank)).count();
    let head = u32::try_from(head).unwrap_or(n_both);
    let tail = (1..=n_both - head)
        .take_while(|back| fits(n_a - back, n_b - back))
        .count();
    let tail = u32::try_from(tail).unwrap_or(0);
    let mut pairs: Vec<Pair> = (0..head).map(|rank| Pair::Same(rank, rank)).collect();
    let mut left = Left {
        a: (head..n_a - tail).collect(),
        b: (head..n_b - tail).collect(),
    };
    if !by_rank {
        let same = left.take_pairs(
            &|x, y| key(a, x) == key(b, y) && equal(x, y),
            &a.keys,
            &b.keys,
        );
        pairs.extend(same.into_iter().map(|(x, y)| Pair::Same(x, y)));
    }
    let found = left.take_pairs(equal, &a.contents, &b.contents);
    let in_order = if by_rank {
        longest_rising(&found)
    } else {
        vec![false; found.len()]
    };
    pairs.extend(found.iter().zip(in_order).map(|((x, y), in_order)| {
        if in_order {
            Pair::Same(*x, *y)
        } else {
            Pair::Moved(*x, *y)
        }
    }));
    let changed = left.take_pairs(&|_, _| true, &a.keys, &b.keys);
    pairs.extend(changed.into_iter().map(|(x, y)| Pair::Different(x, y)));
    pairs.extend(left.a.iter().map(|rank| Pair::OnlyA(*rank)));
    pairs.extend(left.b.iter().map(|rank| Pair::OnlyB(*rank)));
    pairs.extend(
        (1..=tail)
            .rev()
            .map(|back| Pair::Same(n_a - back, n_b - back)),
    );
    pairs
}

fn len(side: &Side) -> u32 {
    u32::try_from(side.keys.len()).unwrap_or(u32::MAX)
}

/// What is not paired yet, by rank.
struct Left {
    a: Vec<u32>,
    b: Vec<u32>,
}

/// How many events with the same key are tried before an event is left alone.
const TRIED: usize = 64;

impl Left {
    /// Takes out pairs of equal keys that `fits`, each event once, in the order of the first side.
    fn take_pairs<K: std::hash::Hash + Eq + Copy>(
        &mut self,
        fits: &dyn Fn(u32, u32) -> bool,
        keys_a: &[K],
        keys_b: &[K],
    ) -> Vec<(u32, u32)> {
        let mut waiting: HashMap<K, VecDeque<u32>> = HashMap::new();
        for rank in &self.b {
            if let Some(key) = keys_b.get(*rank as usize) {
                waiting.entry(*key).or_default().push_back(*rank);
            }
        }
        let mut pairs = Vec::new();
        self.a.retain(|x| {
            let queue = keys_a.get(*x as usize).and_then(|key| waiting.get_mut(key));
            let found = queue.and_then(|queue| {
                let at = queue.iter().take(TRIED).position(|y| fits(*x, *y))?;
                queue.remove(at)
            });
            pairs.extend(found.map(|y| (*x, y)));
            found.is_none()
        });
        let mut taken: Vec<u32> = pairs.iter().map(|pair| pair.1).collect();
        taken.sort_unstable();
        self.b.retain(|rank| taken.binary_search(rank).is_err());
        pairs
    }
}

/// Which of the pairs, whose first ranks rise, belong to the longest run whose second ranks rise too.
fn longest_rising(pairs: &[(u32, u32)]) -> Vec<bool> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let second = |at: &usize| pairs.get(*at).map_or(0, |pair| pair.1);
    for (at, pair) in pairs.iter().enumerate() {
        let place = ends.partition_point(|end| second(end) < pair.1);
        before.push(
            place
                .checked_sub(1)
                .and_then(|place| ends.get(place).copied()),
        );
        match ends.get_mut(place) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut rising = vec![false; pairs.len()];
    let mut at = ends.last().copied();
    while let Some(one) = at {
        if let Some(mark) = rising.get_mut(one) {
            *mark = true;
        }
        at = before.get(one).copied().flatten();
    }
    rising
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs streams whose events are letters; with versions where they are given.
    fn pairs(a: &str, b: &str, versions: Option<(&[i64], &[i64])>) -> Vec<Pair> {
        let side = |text: &str, versions: Option<&[i64]>| Side {
            keys: versions.map_or_else(|| (0..).take(text.len()).collect(), <[i64]>::to_vec),
            contents: text.bytes().map(u64::from).collect(),
        };
        let (left, right) = (
            side(a, versions.map(|both| both.0)),
            side(b, versions.map(|both| both.1)),
        );
        let equal = |x: u32, y: u32| a.as_bytes()[x as usize] == b.as_bytes()[y as usize];
        let pairs = align(&left, &right, versions.is_none(), &equal);
        pairs
            .into_iter()
            .filter(|pair| !matches!(pair, Pair::Same(..)))
            .collect()
    }

    #[test]
    fn one_event_less_is_one_difference() {
        assert_eq!(pairs("abcdef", "abdef", None), [Pair::OnlyA(2)]);
        assert_eq!(pairs("abdef", "abcdef", None), [Pair::OnlyB(2)]);
        assert_eq!(pairs("abcdef", "abcde", None), [Pair::OnlyA(5)]);
        assert_eq!(pairs("abc", "axc", None), [Pair::Different(1, 1)]);
        assert_eq!(
            pairs("abcdef", "xbcdez", None),
            [Pair::Different(0, 0), Pair::Different(5, 5)]
        );
    }

    #[test]
    fn what_stands_elsewhere_is_moved_and_not_changed() {
        assert_eq!(pairs("abcd", "acbd", None).len(), 1);
        assert!(matches!(pairs("abcd", "acbd", None)[0], Pair::Moved(..)));
        let swapped = pairs("abcd", "acbd", Some((&[0, 1, 2, 3], &[0, 1, 2, 3])));
        assert_eq!(swapped, [Pair::Moved(1, 2), Pair::Moved(2, 1)]);
    }

    #[test]
    fn with_versions_a_gap_moves_nothing() {
        assert_eq!(
            pairs("abcd", "abd", Some((&[0, 1, 2, 3], &[0, 1, 3]))),
            [Pair::OnlyA(2)]
        );
        assert_eq!(
            pairs("abcd", "abbcd", Some((&[0, 1, 2, 3], &[0, 1, 1, 2, 3]))),
            [Pair::OnlyB(2)]
        );
        assert_eq!(
            pairs("abcd", "abxd", Some((&[0, 1, 2, 3], &[0, 1, 2, 3]))),
            [Pair::Different(2, 2)]
        );
    }
}
