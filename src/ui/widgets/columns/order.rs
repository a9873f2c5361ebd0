//! By which columns rows are sorted: a click on a head sorts by it, with Shift also by it.

use egui::Modifiers;

/// So many columns decide at most.
const MOST: usize = 4;

/// A column rows are sorted by, and the direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sort {
    /// Which column.
    pub column: usize,
    /// Largest first.
    pub descending: bool,
}

/// The columns by which rows are sorted: the first decides, equals are sorted by the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Order(Vec<Sort>);

impl Order {
    /// Sorts by these, the first of them first.
    pub fn by(columns: impl IntoIterator<Item = Sort>) -> Self {
        Self(columns.into_iter().collect())
    }

    /// The columns, the one that decides first.
    pub fn columns(&self) -> impl Iterator<Item = Sort> + use<> {
        self.0.clone().into_iter()
    }

    /// Takes a click on the head of a column: rows are sorted by it alone, with Shift also by it; once
    /// more, the other way round. `first` is how it is sorted by the first click.
    pub fn clicked(&mut self, first: Sort, modifiers: Modifiers) {
        let also = modifiers.shift;
        let known = self.0.iter_mut().find(|sort| sort.column == first.column);
        let sort = known.as_ref().map_or(first, |sort| Sort {
            descending: !sort.descending,
            ..first
        });
        match known {
            Some(known) if also => *known = sort,
            _ if also => {
                self.0.truncate(MOST - 1);
                self.0.push(sort);
            }
            _ => self.0 = vec![sort],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(order: &Order) -> Vec<(usize, bool)> {
        let columns = order.columns();
        columns.map(|sort| (sort.column, sort.descending)).collect()
    }

    fn by(column: usize) -> Sort {
        Sort {
            column,
            descending: false,
        }
    }

    #[test]
    fn a_click_sorts_by_one_column_and_with_shift_also_by_it() {
        let mut order = Order::default();
        order.clicked(by(2), Modifiers::NONE);
        assert_eq!(pairs(&order), [(2, false)]);
        order.clicked(by(2), Modifiers::NONE);
        assert_eq!(pairs(&order), [(2, true)]);
        let largest = Sort {
            descending: true,
            ..by(0)
        };
        order.clicked(largest, Modifiers::SHIFT);
        assert_eq!(pairs(&order), [(2, true), (0, true)]);
        order.clicked(by(2), Modifiers::SHIFT);
        assert_eq!(pairs(&order), [(2, false), (0, true)]);
        for column in 3..9 {
            order.clicked(by(column), Modifiers::SHIFT);
        }
        assert_eq!(order.columns().count(), MOST);
        order.clicked(largest, Modifiers::NONE);
        assert_eq!(pairs(&order), [(0, false)]);
    }
}
