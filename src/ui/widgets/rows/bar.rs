//! The scroll bar of a virtual list: thin at rest, wider under the pointer.
//!
//! The bar stands over the rows, so it is registered after them; but what it says must move the
//! rows in the same frame, so it is read before them. egui answers for last frame's rectangle.

use egui::{CornerRadius, Id, Rangef, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2};

use super::place::{Place, furthest};
use crate::ui::theme::{size, tokens};

/// Width of the strip that takes the pointer.
const REACH: f32 = 12.0;

/// The bar in one frame.
pub(super) struct Bar {
    pub(super) id: Id,
    pub(super) area: Rect,
    pub(super) n_rows: u64,
    pub(super) fits: f64,
}

impl Bar {
    /// Is there anything to scroll?
    pub(super) fn is_needed(&self) -> bool {
        furthest(self.n_rows, self.fits) > 0.0
    }

    /// Is the bar held?
    pub(super) fn is_held(&self, ui: &Ui) -> bool {
        self.last_response(ui)
            .is_some_and(|bar| bar.is_pointer_button_down_on())
    }

    /// Where the list goes if the bar is held; `grab` remembers where on the handle.
    pub(super) fn dragged(&self, ui: &Ui, place: Place, grab: &mut Option<f32>) -> Option<Place> {
        let bar = self
            .last_response(ui)
            .filter(|bar| bar.is_pointer_button_down_on());
        let Some(pointer) = bar.and_then(|bar| bar.interact_pointer_pos()) else {
            *grab = None;
            return None;
        };
        let handle = self.handle(place);
        let grab = *grab.get_or_insert(if handle.contains(pointer.y) {
            pointer.y - handle.min
        } else {
            handle.span() / 2.0
        });
        let track = self.track();
        let travel = track.span() - handle.span();
        if travel <= 0.0 {
            return None;
        }
        let share = f64::from(((pointer.y - grab - track.min) / travel).clamp(0.0, 1.0));
        Some(Place::at(share * furthest(self.n_rows, self.fits)))
    }

    /// Registers and paints the bar.
    pub(super) fn show(&self, ui: &Ui, place: Place, list: &str) {
        let response = ui.interact(self.strip(), self.id, Sense::CLICK | Sense::DRAG);
        response
            .widget_info(|| WidgetInfo::labeled(Role::ScrollBar, true, format!("Scroll {list}")));
        ui.ctx().accesskit_node_builder(self.id, |node| {
            node.set_numeric_value(place.top());
            node.set_min_numeric_value(0.0);
            node.set_max_numeric_value(furthest(self.n_rows, self.fits));
        });
        self.paint(ui, place, &response);
    }

    fn paint(&self, ui: &Ui, place: Place, response: &Response) {
        let t = tokens(ui);
        let near = response.hovered() || response.is_pointer_button_down_on();
        let (width, color) = match (near, response.is_pointer_button_down_on()) {
            (_, true) => (size::SCROLL_BAR, t.text2),
            (true, false) => (size::SCROLL_BAR, t.text3),
            (false, false) => (size::SCROLL_BAR_REST, t.line_strong),
        };
        let right = self.area.right() - size::SCROLL_BAR_MARGIN;
        let handle = Rect::from_x_y_ranges(right - width..=right, self.handle(place));
        ui.painter()
            .rect_filled(handle, CornerRadius::same(size::CORNER_TAG), color);
    }

    fn last_response(&self, ui: &Ui) -> Option<Response> {
        ui.ctx().read_response(self.id)
    }

    fn strip(&self) -> Rect {
        Rect::from_min_max(
            pos2(self.area.right() - REACH, self.area.top()),
            self.area.right_bottom(),
        )
    }

    fn track(&self) -> Rangef {
        self.area.y_range().shrink(size::SCROLL_BAR_MARGIN)
    }

    /// Where the handle is.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "shares are between 0 and 1"
    )]
    pub(super) fn handle(&self, place: Place) -> Rangef {
        let track = self.track();
        let share = (self.fits / self.n_rows as f64).min(1.0) as f32;
        let least = size::SCROLL_HANDLE_MIN.min(track.span());
        let length = (track.span() * share).max(least);
        let furthest = furthest(self.n_rows, self.fits);
        let at = if furthest > 0.0 {
            (place.top() / furthest).clamp(0.0, 1.0) as f32
        } else {
            0.0
        };
        let start = track.min + (track.span() - length) * at;
        Rangef::new(start, start + length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_handle_is_never_too_short_to_take() {
        let bar = Bar {
            id: Id::unique("bar"),
            area: Rect::from_min_max(pos2(0.0, 100.0), pos2(50.0, 504.0)),
            n_rows: 1_000_000_000,
            fits: 16.8,
        };
        assert!(bar.is_needed());
        let top = bar.handle(Place::default());
        assert_eq!((top.min, top.max), (102.0, 126.0));
        let bottom = bar.handle(Place::at(f64::INFINITY).clamped(bar.n_rows, bar.fits));
        assert_eq!((bottom.min, bottom.max), (478.0, 502.0));
    }

    #[test]
    fn a_short_list_needs_no_bar() {
        let bar = Bar {
            id: Id::unique("bar"),
            area: Rect::from_min_max(pos2(0.0, 0.0), pos2(50.0, 240.0)),
            n_rows: 10,
            fits: 10.0,
        };
        assert!(!bar.is_needed());
    }
}
