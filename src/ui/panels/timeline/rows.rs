//! Rows that stand under one another: where each is, and where one that is dragged would be put.

use crate::workbench::Look;

/// No lane is lower than its name.
const LEAST: f32 = 16.0;

/// A row and where it stands, counted from the top of the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Row<T> {
    pub(super) of: T,
    pub(super) top: f32,
    pub(super) height: f32,
}

/// All rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rows<T> {
    pub(super) list: Vec<Row<T>>,
    /// Their heights together.
    pub(super) height: f32,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            height: 0.0,
        }
    }
}

impl<T> Rows<T> {
    /// Adds a row under all others.
    pub(super) fn push(&mut self, of: T, height: f32) {
        let top = self.height;
        self.list.push(Row { of, top, height });
        self.height += height;
    }

    /// The row at a height below the top of the first.
    pub(super) fn at(&self, y: f32) -> Option<&Row<T>> {
        let after = self.list.partition_point(|row| row.top <= y);
        let row = self.list.get(after.checked_sub(1)?)?;
        (y < row.top + row.height).then_some(row)
    }

    /// Before which of the rows that can be moved one that is let go at `y` comes to stand, counted
    /// among them, and where the line between is drawn.
    pub(super) fn slot(&self, y: f32, can_move: impl Fn(&T) -> bool) -> (usize, f32) {
        let movable = || self.list.iter().filter(|row| can_move(&row.of));
        let nr = movable()
            .take_while(|row| row.top + row.height / 2.0 < y)
            .count();
        let behind = movable()
            .next_back()
            .map_or(0.0, |row| row.top + row.height);
        (nr, movable().nth(nr).map_or(behind, |row| row.top))
    }
}

/// The height of a row whose height the user scales, in points.
pub(super) fn scaled(look: &Look, height: f32) -> f32 {
    let high = f32::from(look.lane_height) / 100.0;
    (height * high).round().max(LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Rows<char> {
        let mut rows = Rows::default();
        for (of, height) in [('A', 32.0), ('a', 20.0), ('B', 32.0), ('-', 10.0)] {
            rows.push(of, height);
        }
        rows
    }

    #[test]
    fn rows_are_found_by_their_height() {
        let of = |y: f32| rows().at(y).map(|row| row.of);
        assert_eq!(
            [of(31.9), of(32.0), of(93.9)],
            [Some('A'), Some('a'), Some('-')]
        );
        assert_eq!([of(94.0), of(-1.0)], [None, None]);
    }

    #[test]
    fn a_row_is_put_between_those_that_can_be_moved() {
        let slot = |y: f32| rows().slot(y, |of| of.is_ascii_uppercase());
        assert_eq!(slot(15.0), (0, 0.0));
        assert_eq!(slot(17.0), (1, 52.0));
        assert_eq!(slot(67.0), (1, 52.0));
        assert_eq!(slot(400.0), (2, 84.0));
    }
}
