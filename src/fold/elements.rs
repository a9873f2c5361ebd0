//! What changed between two states for people: arrays are told apart by element, so that one taken
//! out of the middle is one removed element and not a shift of all that follow.

use std::collections::HashMap;

use super::diff::{Change, Pair, by_index, diff_with};
use crate::event::json::Json;

/// Up to so many comparisons of elements are made for one array; beyond that elements pair by index.
const MAX_COMPARISONS: usize = 40_000;

/// Members by which elements are known, where every element has one and no two have the same.
const KEYS: [&str; 8] = ["id", "key", "uuid", "sku", "code", "name", "number", "type"];

/// The changes that make `new` out of `old`, arrays by element.
///
/// As [`super::diff()`], but the elements of arrays are paired by an id-like member, else by their longest
/// common subsequence, else by index. The path of what was removed is its place in `old`, every other
/// path is one in `new`. Costs a walk over both and at most 40,000 comparisons for each array.
pub fn diff_by_element(old: &Json, new: &Json) -> Vec<Change> {
    diff_with(paired, old, new)
}

/// The elements of two arrays in pairs, in the order of both.
fn paired(old: &[Json], new: &[Json]) -> Vec<Pair> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - head;
    let ends = old.iter().rev().zip(new.iter().rev());
    let tail = ends.take(rest).take_while(|(a, b)| a == b).count();
    let (old_middle, new_middle) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let middle = by_key(old_middle, new_middle)
        .or_else(|| by_subsequence(old_middle, new_middle))
        .unwrap_or_else(|| by_index(old_middle.len(), new_middle.len()));
    let equal = |at: usize, other: usize| (Some(at), Some(other));
    let mut pairs: Vec<Pair> = (0..head).map(|at| equal(at, at)).collect();
    pairs.extend(
        middle
            .into_iter()
            .map(|(a, b)| (a.map(|a| a + head), b.map(|b| b + head))),
    );
    pairs.extend(
        (1..=tail)
            .rev()
            .map(|back| equal(old.len() - back, new.len() - back)),
    );
    pairs
}

/// Pairs by the first key that tells all elements apart.
fn by_key(old: &[Json], new: &[Json]) -> Option<Vec<Pair>> {
    if old.is_empty() || new.is_empty() {
        return None;
    }
    let (before, after) = KEYS
        .iter()
        .find_map(|key| Some((known_by(old, key)?, known_by(new, key)?)))?;
    let mut pairs = Vec::with_capacity(old.len().max(new.len()));
    let mut gone = gone_before(old, &before, &after);
    for (at, element) in after.order.iter().enumerate() {
        pairs.extend(
            gone.remove(&at)
                .into_iter()
                .flatten()
                .map(|at| (Some(at), None)),
        );
        pairs.push((before.places.get(element).copied(), Some(at)));
    }
    pairs.extend(
        gone.remove(&new.len())
            .into_iter()
            .flatten()
            .map(|at| (Some(at), None)),
    );
    Some(pairs)
}

/// For each place in the newer array the elements that went right before it.
fn gone_before(old: &[Json], before: &Known, after: &Known) -> HashMap<usize, Vec<usize>> {
    let mut gone: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut next = 0;
    for at in 0..old.len() {
        let Some(name) = before.order.get(at) else {
            continue;
        };
        match after.places.get(name) {
            Some(place) => next = place + 1,
            None => gone.entry(next).or_default().push(at),
        }
    }
    gone
}

/// The names of elements in order, and where each stands.
struct Known {
    order: Vec<String>,
    places: HashMap<String, usize>,
}

fn known_by(elements: &[Json], key: &str) -> Option<Known> {
    let mut known = Known {
        order: Vec::with_capacity(elements.len()),
        places: HashMap::new(),
    };
    for (at, element) in elements.iter().enumerate() {
        let name = element
            .as_object()?
            .get(key)
            .filter(|name| name.is_leaf())?;
        let name = name.to_string();
        if known.places.insert(name.clone(), at).is_some() {
            return None;
        }
        known.order.push(name);
    }
    Some(known)
}

/// Pairs by the longest common subsequence; between equal elements the others pair by index.
fn by_subsequence(old: &[Json], new: &[Json]) -> Option<Vec<Pair>> {
    if old.len().checked_mul(new.len())? > MAX_COMPARISONS {
        return None;
    }
    let width = new.len() + 1;
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    for (a, one) in old.iter().enumerate().rev() {
        for (b, other) in new.iter().enumerate().rev() {
            lengths[a * width + b] = if one == other {
                lengths[(a + 1) * width + b + 1] + 1
            } else {
                lengths[(a + 1) * width + b].max(lengths[a * width + b + 1])
            };
        }
    }
    let (mut a, mut b) = (0, 0);
    let (mut from_a, mut from_b) = (0, 0);
    let mut pairs = Vec::new();
    let between =
        |pairs: &mut Vec<Pair>, (from_a, a): (usize, usize), (from_b, b): (usize, usize)| {
            let inner = by_index(a - from_a, b - from_b).into_iter();
            pairs.extend(inner.map(|(x, y)| (x.map(|x| x + from_a), y.map(|y| y + from_b))));
        };
    while a < old.len() && b < new.len() {
        if old[a] == new[b] {
            between(&mut pairs, (from_a, a), (from_b, b));
            pairs.push((Some(a), Some(b)));
            (a, b) = (a + 1, b + 1);
            (from_a, from_b) = (a, b);
        } else if lengths[(a + 1) * width + b] >= lengths[a * width + b + 1] {
            a += 1;
        } else {
            b += 1;
        }
    }
    between(&mut pairs, (from_a, old.len()), (from_b, new.len()));
    Some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::json::parse;
    use crate::fold::diff;

    fn changes(old: &str, new: &str) -> Vec<String> {
        let read = |text: &str| parse(text.as_bytes()).unwrap();
        let show =
            |value: &Option<Json>| value.as_ref().map_or_else(String::new, ToString::to_string);
        diff_by_element(&read(old), &read(new))
            .iter()
            .map(|change| {
                let (old, new) = (show(&change.old), show(&change.new));
                format!("{} {} {old}>{new}", change.kind.name(), change.path)
            })
            .collect()
    }

    #[test]
    fn an_element_taken_out_of_the_middle_is_one_change() {
        assert_eq!(
            changes(r#"{"a":[1,2,3,4]}"#, r#"{"a":[1,3,4]}"#),
            ["removed a[1] 2>"]
        );
        assert_eq!(
            changes("[[1],[2],[3]]", "[[1],[9],[2],[3],[4]]"),
            ["added [1] >[9]", "added [4] >[4]"]
        );
    }

    #[test]
    fn elements_are_known_by_an_id_wherever_they_stand() {
        let old = r#"[{"sku":"A","qty":1},{"sku":"B","qty":1},{"sku":"C","qty":1}]"#;
        let new = r#"[{"sku":"B","qty":2},{"sku":"C","qty":1},{"sku":"D","qty":1}]"#;
        assert_eq!(
            changes(old, new),
            [
                r#"removed [0] {"sku":"A","qty":1}>"#,
                "changed [0].qty 1>2",
                r#"added [2] >{"sku":"D","qty":1}"#
            ]
        );
    }

    #[test]
    fn what_replaces_an_element_in_its_place_is_a_change() {
        assert_eq!(changes("[1,2,3]", "[1,5,3]"), ["changed [1] 2>5"]);
        assert_eq!(changes("[]", "[1]"), ["changed  []>[1]"]);
    }

    #[test]
    fn states_without_arrays_are_told_apart_as_ever() {
        let read = |text: &str| parse(text.as_bytes()).unwrap();
        let old = read(r#"{"a":{"b":1,"c":2}}"#);
        let new = read(r#"{"a":{"c":3},"d":{}}"#);
        assert_eq!(diff_by_element(&old, &new).len(), diff(&old, &new).len());
    }
}
