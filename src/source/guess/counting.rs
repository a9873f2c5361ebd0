//! The strongest sign that there is: numbers that count up by one within each value of another column.

use hashbrown::HashMap;

use super::facts::Facts;

/// How numbers go within the rows of each key.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Counting {
    /// How many keys there are.
    pub(super) n_keys: usize,
    /// Steps from a row of a key to its next row.
    pub(super) n_steps: usize,
    /// Those that go up by one.
    pub(super) n_by_one: usize,
    /// Those that stay or go back, as they do where two streams share a key.
    pub(super) n_back: usize,
    /// Keys whose first number is 0 or 1.
    pub(super) n_from_start: usize,
    /// Rows with a key and a whole number.
    pub(super) n_rows: usize,
    /// The number with which all keys begin, where it is one and the same.
    pub(super) base: Option<i64>,
    /// Whether all numbers are one and the same.
    pub(super) is_constant: bool,
}

impl Counting {
    /// Follows the numbers within each key, row by row; rows without either are left out.
    pub(super) fn of(keys: &[u32], numbers: &[Option<i64>]) -> Self {
        let mut counting = Self {
            is_constant: true,
            ..Self::default()
        };
        let n_keys = keys.iter().max().map_or(0, |most| *most as usize);
        let mut last: Vec<Option<i64>> = vec![None; n_keys + 1];
        let mut first = None;
        for (key, number) in keys.iter().zip(numbers) {
            let (Some(number), Some(last)) = (*number, last.get_mut(*key as usize)) else {
                continue;
            };
            if *key == 0 {
                continue;
            }
            counting.n_rows += 1;
            counting.is_constant &= *first.get_or_insert(number) == number;
            match *last {
                None => {
                    counting.base = match counting.n_keys {
                        0 => Some(number),
                        _ => counting.base.filter(|base| *base == number),
                    };
                    counting.n_keys += 1;
                    counting.n_from_start += usize::from(matches!(number, 0 | 1));
                }
                Some(before) => {
                    counting.n_steps += 1;
                    counting.n_by_one += usize::from(before.checked_add(1) == Some(number));
                    counting.n_back += usize::from(number <= before);
                }
            }
            *last = Some(number);
        }
        counting
    }

    /// The part of the steps that go up by one.
    pub(super) fn part(&self) -> f64 {
        self.n_by_one as f64 / self.n_steps.max(1) as f64
    }

    /// How strongly it says that the numbers are versions within the keys, from 0 to 1.
    ///
    /// A few steps say less than many, counts that begin anywhere less than those that begin at 0 or
    /// 1, and a single key says little: any row number counts up within it.
    pub(super) fn strength(&self) -> f64 {
        let part = self.part();
        if self.n_steps < 2 || part < 0.6 || self.is_constant {
            return 0.0;
        }
        let steps = self.n_steps as f64;
        let starts = self.n_from_start as f64 / self.n_keys.max(1) as f64;
        let begun = 0.3 + 0.7 * starts;
        let alone = if self.n_keys == 1 { 0.5 } else { 1.0 };
        part * part * (steps / (steps + 1.0)) * begun * alone
    }
}

/// The keys of rows that are known by two columns together; 0 where either is empty.
pub(super) fn paired(a: &Facts, b: &Facts) -> Vec<u32> {
    let mut known: HashMap<(u32, u32), u32> = HashMap::new();
    let pairs = a.symbols.iter().zip(&b.symbols);
    pairs
        .map(|(a, b)| {
            if *a == 0 || *b == 0 {
                return 0;
            }
            let next = u32::try_from(known.len() + 1).unwrap_or(u32::MAX);
            *known.entry((*a, *b)).or_insert(next)
        })
        .collect()
}

/// Whether a value of `key` always comes with one and the same value of `other`, and the number of
/// rows that could have shown otherwise.
pub(super) fn determines(key: &Facts, other: &Facts) -> (bool, usize) {
    let mut of: HashMap<u32, u32> = HashMap::new();
    let mut n_tried = 0;
    for (key, other) in key.symbols.iter().zip(&other.symbols) {
        if *key == 0 || *other == 0 {
            continue;
        }
        match of.get(key) {
            Some(known) if known != other => return (false, n_tried + 1),
            Some(_) => n_tried += 1,
            None => {
                of.insert(*key, *other);
            }
        }
    }
    (true, n_tried)
}

/// How much better the keys of JSON objects are told by a column than without it, from 0 to 1:
/// what an event's type does.
pub(super) fn tells_shape(column: &Facts, json: &Facts) -> f64 {
    let rows: Vec<(u32, u32)> = column
        .symbols
        .iter()
        .zip(&json.shapes)
        .filter(|(value, shape)| **value != 0 && **shape != 0)
        .map(|(value, shape)| (*value, *shape))
        .collect();
    if rows.len() < 6 {
        return 0.0;
    }
    let mut overall: HashMap<u32, usize> = HashMap::new();
    let mut within: HashMap<u32, HashMap<u32, usize>> = HashMap::new();
    for (value, shape) in &rows {
        *overall.entry(*shape).or_default() += 1;
        *within.entry(*value).or_default().entry(*shape).or_default() += 1;
    }
    let most = overall.values().max().copied().unwrap_or(0) as f64 / rows.len() as f64;
    if most > 0.97 {
        return 0.0;
    }
    // A value that stands once tells nothing; of the others one row is left out, or chance would count.
    let (mut told, mut n_told) = (0.0, 0.0);
    for shapes in within.values() {
        let n_rows: usize = shapes.values().sum();
        if n_rows > 1 {
            let most = shapes.values().max().copied().unwrap_or(1);
            told += (most - 1) as f64 / (n_rows - 1) as f64 * n_rows as f64;
            n_told += n_rows as f64;
        }
    }
    if n_told < 0.5 * rows.len() as f64 {
        return 0.0;
    }
    ((told / n_told - most) / (1.0 - most)).clamp(0.0, 1.0)
}

/// The part of the first rows of keys whose value hardly stands in later rows: how streams begin.
pub(super) fn tells_start(column: &Facts, keys: &[u32]) -> f64 {
    let mut seen: Vec<bool> = Vec::new();
    let mut counts: HashMap<u32, (usize, usize)> = HashMap::new();
    let mut n_firsts = 0;
    for (value, key) in column.symbols.iter().zip(keys) {
        if *value == 0 || *key == 0 {
            continue;
        }
        let at = *key as usize;
        if seen.len() <= at {
            seen.resize(at + 1, false);
        }
        let (first, later) = counts.entry(*value).or_default();
        match seen.get_mut(at) {
            Some(known) if !*known => {
                *known = true;
                *first += 1;
                n_firsts += 1;
            }
            _ => *later += 1,
        }
    }
    let n_later: usize = counts.values().map(|(_, later)| later).sum();
    if n_firsts < 3 || n_later < 3 {
        return 0.0;
    }
    let starts = counts
        .values()
        .filter(|(first, later)| *first >= 2 && *later * 10 <= *first);
    starts.map(|(first, _)| *first).sum::<usize>() as f64 / f64::from(n_firsts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(rows: &[(u32, i64)]) -> Counting {
        let keys: Vec<u32> = rows.iter().map(|(key, _)| *key).collect();
        let numbers: Vec<Option<i64>> = rows.iter().map(|(_, number)| Some(*number)).collect();
        Counting::of(&keys, &numbers)
    }

    #[test]
    fn numbers_that_count_within_each_key_are_strong_evidence() {
        let rows = [
            (1, 1),
            (2, 1),
            (1, 2),
            (2, 2),
            (3, 1),
            (1, 3),
            (2, 3),
            (3, 2),
        ];
        let counting = counted(&rows);
        assert_eq!((counting.n_keys, counting.n_steps), (3, 5));
        assert!(counting.strength() > 0.8, "{counting:?}");
    }

    #[test]
    fn a_number_over_all_rows_is_none_within_keys() {
        let rows = [
            (1, 1),
            (2, 2),
            (1, 3),
            (2, 4),
            (3, 5),
            (1, 6),
            (2, 7),
            (3, 8),
        ];
        assert!(counted(&rows).strength() < 0.01);
        // Rows that lie together count by one, but do not begin anew.
        let blocks = [
            (1, 1),
            (1, 2),
            (1, 3),
            (2, 4),
            (2, 5),
            (2, 6),
            (3, 7),
            (3, 8),
        ];
        assert!(counted(&blocks).strength() < 0.5);
    }

    #[test]
    fn one_key_or_one_number_says_little() {
        let single: Vec<(u32, i64)> = (1..50).map(|n| (1, n)).collect();
        assert!(counted(&single).strength() <= 0.5);
        assert!(counted(&[(1, 1), (1, 1), (2, 1), (2, 1)]).strength() < 0.01);
    }
}
