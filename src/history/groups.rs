//! Exact counts by group for any range of events: prefix counts kept in blocks.
//!
//! A range costs two look-ups and a walk of at most one block at each end, whatever its length; the
//! blocks cost at most a quarter of a byte an event.

use std::ops::Range;

use super::column::Column;

/// Up to how many groups are told apart; what comes after shares the last one.
pub(super) const MAX_GROUPS: usize = 64;

/// A count for each group; a whole number of groups, so that a group's index needs no check.
pub(super) type Row = [u32; MAX_GROUPS];

/// Prefix counts by group over a sequence of events.
#[derive(Clone, Debug, Default)]
pub(super) struct GroupCounts {
    n_groups: usize,
    block: usize,
    /// For each block boundary, how many events of each group stand before it.
    before: Column<u32>,
}

impl GroupCounts {
    /// Counts `n_events`, whose groups (below `n_groups`) `group_of` tells by index.
    pub(super) fn build(
        n_events: usize,
        n_groups: usize,
        group_of: impl Fn(usize) -> usize,
    ) -> Self {
        let block = (n_groups * 16).next_power_of_two().max(256);
        let mut before = Vec::with_capacity((n_events / block + 1) * n_groups);
        let mut counts = vec![0_u32; n_groups];
        for index in 0..n_events {
            if index.is_multiple_of(block) {
                before.extend_from_slice(&counts);
            }
            counts[group_of(index)] += 1;
        }
        if before.is_empty() || n_events.is_multiple_of(block) {
            before.extend_from_slice(&counts);
        }
        let mut before = Column::from(before);
        before.settle();
        Self {
            n_groups,
            block,
            before,
        }
    }

    /// The same counts where only the events before `from` are as they were: `n_events` in all, whose
    /// groups `group_of` tells. Costs a walk over what is not; of more groups than before also a copy.
    pub(super) fn grown(
        &self,
        from: usize,
        n_events: usize,
        n_groups: usize,
        group_of: impl Fn(usize) -> usize,
    ) -> Self {
        let n_groups = n_groups.max(self.n_groups);
        let known = from / self.block;
        let mut before = self.first_rows(known + 1, n_groups);
        let mut counts = vec![0_u32; n_groups];
        for (group, count) in counts.iter_mut().enumerate() {
            *count = before[known * n_groups + group];
        }
        let first = known * self.block;
        for index in first..n_events {
            counts[group_of(index)] += 1;
            if (index + 1).is_multiple_of(self.block) {
                before.extend(&counts);
            }
        }
        Self {
            n_groups,
            block: self.block,
            before,
        }
    }

    /// The counts before the first blocks, for as many groups.
    fn first_rows(&self, n_rows: usize, n_groups: usize) -> Column<u32> {
        if n_groups == self.n_groups {
            return self.before.first(n_rows * n_groups);
        }
        let count = |row: usize, group: usize| {
            if group < self.n_groups {
                self.before[row * self.n_groups + group]
            } else {
                0
            }
        };
        let rows = (0..n_rows).flat_map(|row| (0..n_groups).map(move |group| (row, group)));
        let mut before: Column<u32> = rows.map(|(row, group)| count(row, group)).collect();
        before.settle();
        before
    }

    /// For each pair of neighbours in `bounds` (rising indices) the count of each group between
    /// them: rows of `n_groups`, one a pair. `count` adds the events of a range to a row.
    pub(super) fn columns(
        &self,
        bounds: &[u32],
        count: impl Fn(Range<usize>, &mut Row),
    ) -> Vec<u32> {
        let mut out = Vec::with_capacity(bounds.len().saturating_sub(1) * self.n_groups);
        let mut before = [0; MAX_GROUPS];
        // Up to which bound `before` holds the counts.
        let mut known = None;
        for pair in bounds.windows(2) {
            let (from, to) = (pair[0] as usize, pair[1] as usize);
            let mut row = [0; MAX_GROUPS];
            if to - from <= self.block {
                count(from..to, &mut row);
            } else {
                if known != Some(from) {
                    before = self.count_before(from, &count);
                }
                let after = self.count_before(to, &count);
                for ((row, after), before) in row.iter_mut().zip(&after).zip(&before) {
                    *row = after - before;
                }
                (before, known) = (after, Some(to));
            }
            out.extend_from_slice(&row[..self.n_groups]);
        }
        out
    }

    /// How many events of each group stand before `index`: from the nearer block boundary.
    fn count_before(&self, index: usize, count: &impl Fn(Range<usize>, &mut Row)) -> Row {
        let below = index / self.block;
        let above = (below + 1) * self.block;
        let mut row = [0; MAX_GROUPS];
        if above - index < index - below * self.block
            && let Some(boundary) = self.boundary(below + 1)
        {
            count(index..above, &mut row);
            for (row, boundary) in row.iter_mut().zip(boundary) {
                *row = boundary - *row;
            }
            return row;
        }
        if let Some(boundary) = self.boundary(below) {
            row[..self.n_groups].copy_from_slice(boundary);
        }
        count(below * self.block..index, &mut row);
        row
    }

    /// The counts before a block.
    fn boundary(&self, block: usize) -> Option<&[u32]> {
        let range = block * self.n_groups..(block + 1) * self.n_groups;
        if range.end > self.before.len() {
            return None;
        }
        // What is shared ends where a row does.
        let (shared, new) = self.before.slices(range);
        Some(if new.is_empty() { shared } else { new })
    }

    /// How many groups are told apart.
    pub(super) fn n_groups(&self) -> usize {
        self.n_groups
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.before.len() * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_that_grow_equal_those_made_at_once() {
        let group_of = |index: usize| (index * 7 / 3) % 5;
        for (from, to) in [(0, 300), (255, 256), (256, 900), (700, 701), (1023, 5000)] {
            let few = |index: usize| group_of(index) % 3;
            let before = GroupCounts::build(from, 3, few);
            let of = |index: usize| {
                if index < from {
                    few(index)
                } else {
                    group_of(index)
                }
            };
            let grown = before.grown(from, to, 5, of);
            let again = grown.grown(to / 2, to + 77, 5, of);
            let bounds: Vec<u32> = (0..=10)
                .map(|n| u32::try_from(n * to / 10).unwrap())
                .collect();
            let count = |range: Range<usize>, row: &mut Row| {
                range.for_each(|index| row[of(index)] += 1);
            };
            let whole = GroupCounts::build(to, 5, of).columns(&bounds, count);
            assert_eq!(grown.columns(&bounds, count), whole);
            assert_eq!(again.columns(&bounds, count), whole);
        }
    }

    #[test]
    fn counts_by_blocks_equal_a_walk_over_all_events() {
        let group_of = |index: usize| (index * index / 3 + index / 100) % 5;
        for n_events in [0, 1, 255, 256, 257, 5000] {
            let counts = GroupCounts::build(n_events, 5, group_of);
            let end = u32::try_from(n_events).unwrap();
            let bounds: Vec<u32> = [0, 3, 3, 200, 900, 901, 4000, 5000]
                .map(|b: u32| b.min(end))
                .to_vec();
            let rows = counts.columns(&bounds, |range, row| {
                range.for_each(|index| row[group_of(index)] += 1);
            });
            for (pair, row) in bounds.windows(2).zip(rows.chunks(5)) {
                let mut walked = [0; 5];
                (pair[0]..pair[1]).for_each(|index| walked[group_of(index as usize)] += 1);
                assert_eq!(row, walked);
            }
        }
    }
}
