//! Rows that the user puts in an order of their own: dragged by their labels, or moved by a menu.

use egui::{CursorIcon, PointerButton, Rect, Response, Stroke, Ui};

use super::gestures::Drag;
use super::lanes::RowOf;
use super::scene::Scene;
use crate::ui::theme::{size, tokens};
use crate::ui::widgets::menu;
use crate::workbench::Action;

/// Before which of the lanes a dragged label would be put, and where the line there is drawn.
fn dropped_at(scene: &Scene<'_>, y: f32, scroll: f32) -> (usize, f32) {
    let top = scene.layout.labels.top() - scroll;
    let (nr, y) = scene.rows.slot(y - top, |of| can_move(scene, *of));
    (nr, top + y)
}

/// Whether the lane of a row can be put elsewhere.
pub(super) fn can_move(scene: &Scene<'_>, row: RowOf) -> bool {
    matches!(row, RowOf::Lane(group) if scene.plan.can_move(scene.look.grouping, group))
}

/// A label of a lane is dragged: where it is let go the lane stands from then on.
pub(super) fn drag_label(
    scene: &Scene<'_>,
    response: &Response,
    row: RowOf,
    (drag, scroll): (&mut Option<Drag>, f32),
) {
    let RowOf::Lane(group) = row else { return };
    if !can_move(scene, row) {
        return;
    }
    if response.drag_started_by(PointerButton::Primary) {
        *drag = Some(Drag::Lane(group));
    }
    if let (true, Some(Drag::Lane(dragged)), Some(pointer)) = (
        response.drag_stopped(),
        *drag,
        response.interact_pointer_pos(),
    ) && dragged == group
    {
        move_lane(scene, group, dropped_at(scene, pointer.y, scroll).0);
    }
}

/// Puts a lane before the one that stands `to` places from the top.
pub(super) fn move_lane(scene: &Scene<'_>, group: usize, to: usize) {
    if let Some(order) = scene.plan.moved(scene.look, group, to) {
        let grouping = scene.look.grouping;
        scene.view.send(Action::OrderLanes(grouping, order));
    }
}

/// The line where a dragged lane would be put.
pub(super) fn paint_dropping(ui: &Ui, scene: &Scene<'_>, (drag, scroll): (Option<Drag>, f32)) {
    let pointer = ui.input(|input| input.pointer.interact_pos());
    if let (Some(Drag::Lane(_)), Some(pointer)) = (drag, pointer) {
        let (_, y) = dropped_at(scene, pointer.y, scroll);
        paint_slot(ui, (scene.layout.labels, y));
    }
}

/// The line across the labels between two rows, while one is dragged there.
pub(super) fn paint_slot(ui: &Ui, (labels, y): (Rect, f32)) {
    ui.set_cursor_icon(CursorIcon::Grabbing);
    let line = Stroke::new(size::STROKE_PLAYHEAD, tokens(ui).accent);
    ui.painter().hline(labels.x_range(), y, line);
}

/// What a menu offers to one of `n` rows in an order of the user's, which stands `nr` rows from the
/// first; returns before which of them it is to be put.
pub(super) fn move_items(ui: &mut Ui, (nr, n): (usize, usize)) -> Option<usize> {
    let up = nr > 0 && menu::item(ui, None, "Move up", "").clicked();
    let down = nr + 1 < n && menu::item(ui, None, "Move down", "").clicked();
    up.then(|| nr - 1).or_else(|| down.then_some(nr + 2))
}
