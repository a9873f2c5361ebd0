//! The columns of a table and their widths.

use egui::{Align, Rangef};

/// Narrowest column, unless it says otherwise.
const LEAST: f32 = 40.0;

/// One column of a table.
#[derive(Clone, Debug)]
pub struct Column<'a> {
    pub(super) title: &'a str,
    pub(super) width: f32,
    pub(super) least: f32,
    pub(super) align: Align,
    pub(super) grows: bool,
    pub(super) can_sort: bool,
    pub(super) is_hidden: bool,
}

impl<'a> Column<'a> {
    /// A column of words, so wide at first.
    #[must_use]
    pub const fn new(title: &'a str, width: f32) -> Self {
        Self {
            title,
            width,
            least: LEAST,
            align: Align::Min,
            grows: false,
            can_sort: false,
            is_hidden: false,
        }
    }

    /// Aligned to the right: for numbers.
    #[must_use]
    pub const fn right(self) -> Self {
        Self {
            align: Align::Max,
            ..self
        }
    }

    /// Never narrower than this.
    #[must_use]
    pub const fn least(self, least: f32) -> Self {
        Self { least, ..self }
    }

    /// Takes what the other columns leave, and never less than its width.
    #[must_use]
    pub const fn grows(self) -> Self {
        Self {
            grows: true,
            least: self.width,
            ..self
        }
    }

    /// The word by which it is known: what stands before a comma is the same in every zone.
    pub(super) fn word(&self) -> &'a str {
        self.title.split(',').next().unwrap_or(self.title)
    }

    /// A click on the head sorts.
    #[must_use]
    pub const fn sorts(self) -> Self {
        Self {
            can_sort: true,
            ..self
        }
    }
}

/// The widths a person gave the columns. The caller keeps them from run to run.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(transparent)]
pub struct Widths(Vec<f32>);

impl Widths {
    /// Where each column stands in `area`.
    pub(super) fn layout(&mut self, columns: &[Column<'_>], area: Rangef) -> Vec<Rangef> {
        if self.0.len() != columns.len() {
            self.0 = columns.iter().map(|column| column.width).collect();
        }
        let keep = self.share_kept(columns, area.span());
        let shown = |column: &Column<'_>, width: f32| column.least + (width - column.least) * keep;
        let pairs = || columns.iter().zip(&self.0);
        let fixed = pairs().filter(|(column, _)| !column.grows && !column.is_hidden);
        let rest = area.span()
            - fixed
                .map(|(column, width)| shown(column, *width))
                .sum::<f32>();
        let mut left = area.min;
        let place = |(column, width): (&Column<'_>, &f32)| {
            if column.is_hidden {
                return Rangef::NOTHING;
            }
            let width = if column.grows {
                rest.max(column.least)
            } else {
                shown(column, *width)
            };
            let right = left + width;
            let range = Rangef::new(left.min(area.max), right.min(area.max));
            left = right;
            range
        };
        pairs().map(place).collect()
    }

    /// When there is too little room, the columns give up this much of what they have beyond
    /// their least width: 1 is nothing, 0 is all of it.
    fn share_kept(&self, columns: &[Column<'_>], room: f32) -> f32 {
        let shown = columns.iter().filter(|column| !column.is_hidden);
        let least: f32 = shown.map(|column| column.least).sum();
        let fixed = columns
            .iter()
            .zip(&self.0)
            .filter(|(column, _)| !column.grows && !column.is_hidden);
        let beyond = fixed.map(|(column, width)| (width - column.least).max(0.0));
        let beyond: f32 = beyond.sum();
        if beyond > 0.0 {
            ((room - least) / beyond).clamp(0.0, 1.0)
        } else {
            1.0
        }
    }

    /// Moves the edge right of column `i`: what resizes is the neighbor that does not grow.
    pub(super) fn drag(&mut self, columns: &[Column<'_>], i: usize, by: f32) {
        let growing = columns.iter().position(|column| column.grows);
        let (which, by) = match growing {
            Some(growing) if i >= growing => (i + 1, -by),
            _ => (i, by),
        };
        if let (Some(width), Some(column)) = (self.0.get_mut(which), columns.get(which)) {
            *width = (*width + by).max(column.least);
        }
    }

    /// Gives the column that the edge right of `i` resizes its first width again.
    pub(super) fn reset(&mut self, columns: &[Column<'_>], i: usize) {
        let growing = columns.iter().position(|column| column.grows);
        let which = match growing {
            Some(growing) if i >= growing => i + 1,
            _ => i,
        };
        if let (Some(width), Some(column)) = (self.0.get_mut(which), columns.get(which)) {
            *width = column.width;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> [Column<'static>; 4] {
        [
            Column::new("Position", 90.0).right(),
            Column::new("Type", 120.0),
            Column::new("Data", 60.0).grows(),
            Column::new("Size", 50.0),
        ]
    }

    fn spans(widths: &mut Widths, width: f32) -> Vec<f32> {
        let ranges = widths.layout(&columns(), Rangef::new(10.0, 10.0 + width));
        ranges.iter().map(|range| range.span()).collect()
    }

    #[test]
    fn the_growing_column_takes_the_rest() {
        let mut widths = Widths::default();
        assert_eq!(spans(&mut widths, 500.0), [90.0, 120.0, 240.0, 50.0]);
        assert_eq!(spans(&mut widths, 320.0), [90.0, 120.0, 60.0, 50.0]);
    }

    #[test]
    fn columns_get_narrower_before_they_are_cut() {
        let mut widths = Widths::default();
        assert_eq!(spans(&mut widths, 250.0), [65.0, 80.0, 60.0, 45.0]);
        assert_eq!(spans(&mut widths, 180.0), [40.0, 40.0, 60.0, 40.0]);
        assert_eq!(spans(&mut widths, 100.0), [40.0, 40.0, 20.0, 0.0]);
        assert_eq!(spans(&mut widths, 500.0), [90.0, 120.0, 240.0, 50.0]);
    }

    #[test]
    fn an_edge_moves_the_neighbor_that_does_not_grow() {
        let mut widths = Widths::default();
        spans(&mut widths, 500.0);
        widths.drag(&columns(), 0, 25.0);
        widths.drag(&columns(), 2, 8.0);
        assert_eq!(spans(&mut widths, 500.0), [115.0, 120.0, 223.0, 42.0]);
        widths.drag(&columns(), 1, -500.0);
        assert_eq!(spans(&mut widths, 500.0)[1], LEAST);
        widths.reset(&columns(), 1);
        assert_eq!(spans(&mut widths, 500.0)[1], 120.0);
    }
}
