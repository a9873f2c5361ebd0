//! A column that grows without being copied: what stood in it before is shared, what is new is its own.
//!
//! A history is immutable, so events that arrive make another history. Its columns share all that the
//! one before had and copy only what came since the last time all was put together.

use std::ops::{Index, Range};
use std::sync::Arc;

/// Values by index, the first of them shared with other columns.
///
/// A clone costs a copy of what is new; [`Self::settle`] makes everything shared.
#[derive(Clone, Debug)]
pub(super) struct Column<T> {
    shared: Arc<Vec<T>>,
    /// How many of the shared ones stand in this column.
    n_shared: usize,
    new: Vec<T>,
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl<T> From<Vec<T>> for Column<T> {
    fn from(values: Vec<T>) -> Self {
        Self {
            n_shared: 0,
            shared: Arc::default(),
            new: values,
        }
    }
}

impl<T> FromIterator<T> for Column<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self::from(Vec::from_iter(values))
    }
}

impl<T> Index<usize> for Column<T> {
    type Output = T;

    #[inline]
    fn index(&self, index: usize) -> &T {
        if index < self.n_shared {
            &self.shared[index]
        } else {
            &self.new[index - self.n_shared]
        }
    }
}

impl<T> Column<T> {
    /// How many values there are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.n_shared + self.new.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many of them are not shared yet.
    pub(super) fn n_new(&self) -> usize {
        self.new.len()
    }

    /// The value at `index`, where there is one.
    pub(super) fn get(&self, index: usize) -> Option<&T> {
        (index < self.len()).then(|| &self[index])
    }

    /// The last value.
    pub(super) fn last(&self) -> Option<&T> {
        self.get(self.len().checked_sub(1)?)
    }

    /// Adds a value.
    #[inline]
    pub(super) fn push(&mut self, value: T) {
        self.new.push(value);
    }

    /// Makes room for `n` more, as far as memory allows.
    pub(super) fn reserve(&mut self, n: usize) {
        self.new.try_reserve(n).ok();
    }

    /// All values in order.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        let (shared, new) = self.slices(0..self.len());
        shared.iter().chain(new)
    }

    /// The values of a range: those that are shared, and those that are new.
    #[inline]
    pub(super) fn slices(&self, range: Range<usize>) -> (&[T], &[T]) {
        let n_shared = self.n_shared;
        let shared = &self.shared[range.start.min(n_shared)..range.end.min(n_shared)];
        let new =
            &self.new[range.start.max(n_shared) - n_shared..range.end.max(n_shared) - n_shared];
        (shared, new)
    }

    /// The index of the first value that does not fulfil what all before it do.
    pub(super) fn partition_point(&self, fulfils: impl Fn(&T) -> bool) -> usize {
        let shared = &self.shared[..self.n_shared];
        if shared.last().is_some_and(&fulfils) || shared.is_empty() {
            return self.n_shared + self.new.partition_point(fulfils);
        }
        shared.partition_point(fulfils)
    }
}

impl<T: Clone> Column<T> {
    /// Adds some values.
    pub(super) fn extend(&mut self, values: &[T]) {
        self.new.extend_from_slice(values);
    }

    /// Adds all values of another column.
    pub(super) fn append(&mut self, other: &Self) {
        let (shared, new) = other.slices(0..other.len());
        self.reserve(other.len());
        self.new.extend_from_slice(shared);
        self.new.extend_from_slice(new);
    }

    /// The first `n` values, shared as far as they are.
    pub(super) fn first(&self, n: usize) -> Self {
        let n = n.min(self.len());
        Self {
            shared: Arc::clone(&self.shared),
            n_shared: n.min(self.n_shared),
            new: self.new[..n.saturating_sub(self.n_shared)].to_vec(),
        }
    }

    /// Puts everything together to be shared, and hands it over. Costs a copy of what was shared before
    /// and nothing where there was nothing.
    pub(super) fn settle(&mut self) -> &[T] {
        if !self.new.is_empty() || self.n_shared < self.shared.len() {
            let new = std::mem::take(&mut self.new);
            let all = if self.n_shared == 0 {
                new
            } else {
                let mut all = Vec::with_capacity(self.n_shared + new.len());
                all.extend_from_slice(&self.shared[..self.n_shared]);
                all.extend(new);
                all
            };
            self.n_shared = all.len();
            self.shared = Arc::new(all);
        }
        &self.shared
    }

    /// Adds empty values or drops the last ones until there are `n`.
    pub(super) fn resize(&mut self, n: usize, value: T) {
        if n < self.n_shared {
            *self = self.first(n);
        } else {
            self.new.resize(n - self.n_shared, value);
        }
    }
}

/// Positions in an order: of all events, or of some.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ranks<'a> {
    Column(&'a Column<u32>),
    Slice(&'a [u32]),
}

impl<'a> Ranks<'a> {
    /// The positions of a range of ranks, in two parts.
    #[inline]
    pub(super) fn slices(self, range: Range<usize>) -> (&'a [u32], &'a [u32]) {
        match self {
            Self::Column(column) => column.slices(range),
            Self::Slice(slice) => (&slice[range], &[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_grows_shares_what_it_had_and_the_older_one_stays_as_it_was() {
        let mut first: Column<u32> = (0..10).collect();
        assert_eq!(first.settle().len(), 10);
        let mut second = first.clone();
        second.push(10);
        second.push(11);
        assert_eq!((first.len(), second.len(), second.n_new()), (10, 12, 2));
        assert!(Arc::ptr_eq(&first.shared, &second.shared));
        let all: Vec<u32> = second.iter().copied().collect();
        assert_eq!(all, (0..12).collect::<Vec<_>>());
        assert_eq!((second[9], second[10], second.get(12)), (9, 10, None));
        assert_eq!(second.slices(8..11), (&[8, 9][..], &[10][..]));
        for bound in 0..14 {
            let point = second.partition_point(|value| *value < bound);
            assert_eq!(point, (bound as usize).min(12));
        }
        second.resize(14, 7);
        assert_eq!((second.len(), second[13]), (14, 7));
        second.resize(4, 0);
        assert_eq!(second.iter().copied().collect::<Vec<_>>(), [0, 1, 2, 3]);
        second.push(9);
        assert_eq!(second.settle(), [0, 1, 2, 3, 9]);
        assert_eq!(first.first(3).settle(), [0, 1, 2]);
    }
}
