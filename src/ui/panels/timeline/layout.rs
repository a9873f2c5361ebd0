//! Where the parts of the timeline stand.

use egui::{Rect, pos2};

use crate::ui::theme::size;

/// Space at the right for the scroll bar.
const RIGHT: f32 = 8.0;

/// The parts: on the left their labels, on the right what runs along the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Layout {
    /// All of it.
    pub(super) whole: Rect,
    /// The whole history.
    pub(super) minimap: Rect,
    /// The visible stretch.
    pub(super) ruler: Rect,
    /// The marks under the ruler; without height where there are none.
    pub(super) marks: Rect,
    /// What is under them.
    pub(super) lanes: Rect,
    /// The labels at the left of the minimap.
    pub(super) minimap_label: Rect,
    /// Those at the left of the ruler.
    pub(super) ruler_label: Rect,
    /// Those at the left of the lanes.
    pub(super) labels: Rect,
}

impl Layout {
    /// Divides a tile, with or without marks.
    pub(super) fn new(whole: Rect, has_marks: bool) -> Self {
        let split = whole.left() + size::GUTTER.min(whole.width() / 2.0);
        let right = (whole.right() - RIGHT).max(split + 1.0);
        let minimap_end = whole.top() + size::MINIMAP;
        let ruler_end = minimap_end + size::RULER;
        let marks_end = ruler_end + if has_marks { size::ROW } else { 0.0 };
        let bottom = whole.bottom().max(marks_end);
        let part = |left: f32, right: f32, top: f32, bottom: f32| {
            Rect::from_min_max(pos2(left, top), pos2(right, bottom))
        };
        let label = |top, bottom| part(whole.left(), split, top, bottom);
        Self {
            whole,
            minimap: part(split, right, whole.top(), minimap_end),
            ruler: part(split, right, minimap_end, ruler_end),
            marks: part(split, right, ruler_end, marks_end),
            lanes: part(split, right, marks_end, bottom),
            minimap_label: label(whole.top(), minimap_end),
            ruler_label: label(minimap_end, ruler_end),
            labels: label(marks_end, bottom),
        }
    }

    /// From the left edge of a part's labels to the right edge of the tile, at its height.
    pub(super) fn across(&self, part: Rect) -> Rect {
        Rect::from_x_y_ranges(self.whole.x_range(), part.y_range())
    }
}
