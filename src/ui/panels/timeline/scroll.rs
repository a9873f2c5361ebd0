//! Scrolling of rows that are more than fit: by the wheel over their labels, and by a handle.

use egui::{CornerRadius, Id, Rect, Sense, Ui, pos2, vec2};

use crate::ui::theme::{size, tokens};

/// Where rows are scrolled.
pub(in crate::ui::panels) struct ScrollBar {
    /// The labels, over which the wheel scrolls.
    pub(in crate::ui::panels) labels: Rect,
    /// The part that the rows stand in.
    pub(in crate::ui::panels) body: Rect,
    /// The right edge beside which the handle stands.
    pub(in crate::ui::panels) right: f32,
    /// The height of all rows together.
    pub(in crate::ui::panels) height: f32,
}

impl ScrollBar {
    /// The handle at the right; `None` where all rows fit.
    fn handle(&self, scroll: f32) -> Option<Rect> {
        if self.height <= self.body.height() {
            return None;
        }
        let track = self.body.height() - 4.0;
        let len = (track * self.body.height() / self.height).max(size::SCROLL_HANDLE_MIN);
        let share = (scroll / (self.height - self.body.height())).clamp(0.0, 1.0);
        let top = self.body.top() + 2.0 + share * (track - len);
        let right = self.right - size::SCROLL_BAR_MARGIN;
        Some(Rect::from_min_size(
            pos2(right - size::SCROLL_BAR_REST, top),
            vec2(size::SCROLL_BAR_REST, len),
        ))
    }

    /// Paints the handle.
    pub(in crate::ui::panels) fn paint(&self, ui: &Ui, scroll: f32) {
        if let Some(handle) = self.handle(scroll) {
            let corner = CornerRadius::same(size::CORNER_BAR);
            let color = tokens(ui).control_active;
            ui.painter().rect_filled(handle, corner, color);
        }
    }

    /// How far the rows are scrolled after this frame. `held` is where the handle stood and where it
    /// was taken hold of, while it is dragged.
    pub(in crate::ui::panels) fn listen(
        &self,
        ui: &Ui,
        id: Id,
        (held, mut scroll): (&mut Option<(f32, f32)>, f32),
    ) -> f32 {
        let labels = ui.interact(self.labels, id.with("labels"), Sense::HOVER);
        let room = self.height - self.body.height();
        if labels.contains_pointer() {
            scroll -= ui.input(|input| input.smooth_scroll_delta().y);
            ui.input_mut(|input| input.smooth_scroll_delta = egui::Vec2::ZERO);
        }
        if let Some(handle) = self.handle(scroll) {
            let track = Rect::from_x_y_ranges(self.body.right()..=self.right, self.body.y_range());
            let response = ui.interact(track, id.with("scroll"), Sense::DRAG);
            let pointer = response.interact_pointer_pos();
            if let (true, Some(pointer)) = (response.drag_started(), pointer) {
                *held = Some((scroll, pointer.y));
            }
            if let (true, Some((start, y)), Some(pointer)) = (response.dragged(), *held, pointer) {
                let per_point = room / (track.height() - 4.0 - handle.height()).max(1.0);
                scroll = start + (pointer.y - y) * per_point;
            }
        }
        scroll.clamp(0.0, room.max(0.0)).round()
    }
}
