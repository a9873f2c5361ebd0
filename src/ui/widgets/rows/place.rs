//! The arithmetic of a place in a long list, in rows.
//!
//! Places are `u64` rows and a part; sums are done in `f64`, which is exact to a millionth of a
//! row at 10^9 rows. Nothing here is in points.

/// No list is longer: up to here a number of rows is exact in `f64`.
const FURTHEST: f64 = 9.0e15;

/// The first row in view, and the part of it that is scrolled out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    pub(super) first: u64,
    pub(super) frac: f32,
}

impl Place {
    /// As a number of rows from the top.
    pub(super) fn top(self) -> f64 {
        self.first as f64 + f64::from(self.frac)
    }

    /// From a number of rows from the top.
    #[expect(clippy::cast_possible_truncation, reason = "a part is between 0 and 1")]
    pub(super) fn at(top: f64) -> Self {
        let top = top.clamp(0.0, FURTHEST);
        let first = whole(top);
        let frac = (top - first as f64) as f32;
        if frac >= 1.0 {
            return Self {
                first: first + 1,
                frac: 0.0,
            };
        }
        Self { first, frac }
    }

    /// The same place, if the list goes on that far; else its end.
    pub(super) fn clamped(self, n_rows: u64, fits: f64) -> Self {
        let last = furthest(n_rows, fits);
        if self.top() > last {
            Self::at(last)
        } else {
            self
        }
    }

    /// Moved by so many rows.
    pub(super) fn moved(self, rows: f64, n_rows: u64, fits: f64) -> Self {
        Self::at(self.top() + rows).clamped(n_rows, fits)
    }

    /// Moved as little as possible, so that all of `row` is in view.
    pub(super) fn showing(self, row: u64, fits: f64) -> Self {
        let row_end = row as f64 + 1.0;
        if (row as f64) < self.top() || fits <= 1.0 {
            Self {
                first: row,
                frac: 0.0,
            }
        } else if row_end > self.top() + fits {
            Self::at(row_end - fits)
        } else {
            self
        }
    }

    /// Is all of `row` in view?
    pub(super) fn shows(self, row: u64, fits: f64) -> bool {
        self.showing(row, fits) == self
    }

    /// With `row` in the middle, or so near to it that the first row is a whole one.
    pub(super) fn around(row: u64, fits: f64) -> Self {
        Self::at((row as f64 + 0.5 - fits / 2.0).floor())
    }
}

/// The furthest place: the last row stands at the bottom.
pub(super) fn furthest(n_rows: u64, fits: f64) -> f64 {
    (n_rows as f64 - fits).max(0.0)
}

/// Whole rows in a number of rows.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a conversion from float to integer saturates, and 2^53 rows are out of reach"
)]
pub(super) fn whole(rows: f64) -> u64 {
    rows.floor() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAR: u64 = 1_000_000_000;

    fn place(first: u64, frac: f32) -> Place {
        Place { first, frac }
    }

    #[test]
    fn a_row_in_view_moves_nothing() {
        let here = place(10, 0.25);
        for row in 11..=19 {
            assert_eq!(here.showing(row, 10.0), here);
        }
    }

    #[test]
    fn a_row_out_of_view_moves_the_list_as_little_as_possible() {
        let here = place(10, 0.25);
        assert_eq!(here.showing(10, 10.0), place(10, 0.0));
        assert_eq!(here.showing(3, 10.0), place(3, 0.0));
        assert_eq!(here.showing(20, 10.0), place(11, 0.0));
        assert_eq!(here.showing(FAR - 1, 10.5), place(FAR - 11, 0.5));
        assert_eq!(here.showing(99, 0.5), place(99, 0.0));
    }

    #[test]
    fn small_steps_add_up_far_down() {
        let mut here = place(FAR / 2, 0.0);
        for _ in 0..1000 {
            here = here.moved(0.001, FAR, 20.0);
        }
        assert!(
            (here.top() - (FAR as f64 / 2.0 + 1.0)).abs() < 0.01,
            "{here:?}"
        );
    }

    #[test]
    fn a_list_ends_where_its_last_row_stands_at_the_bottom() {
        assert_eq!(place(95, 0.0).clamped(100, 20.5), place(79, 0.5));
        assert_eq!(place(95, 0.0).clamped(10, 20.5), place(0, 0.0));
        assert_eq!(place(5, 0.0).moved(-50.0, 100, 20.0), place(0, 0.0));
    }

    #[test]
    fn the_middle_is_the_middle() {
        assert_eq!(Place::around(50, 11.0), place(45, 0.0));
        assert_eq!(Place::around(0, 11.0), place(0, 0.0));
        assert_eq!(Place::around(50, 11.6), place(44, 0.0), "no part of a row");
    }
}
