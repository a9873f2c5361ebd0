//! What pointer and keys ask of the graph. Everything leads to an action or moves what is seen of it.

use egui::{CursorIcon, EventFilter, Id, Key, PointerButton, Role, Sense, Ui, WidgetInfo};

use super::camera::Camera;
use super::scene::Scene;
use crate::ui::panels::shared;
use crate::ui::panels::timeline::{ScrollBar, scale_lanes};
use crate::ui::widgets::focus_ring;
use crate::workbench::{Action, InspectorTab};

/// Points of the wheel that double or halve what is shown.
const WHEEL: f64 = 180.0;

/// The ground under the nodes: pans, zooms, and has the keyboard for all of them.
pub(super) fn ground(ui: &Ui, scene: &Scene<'_>, id: Id, camera: &mut Camera) {
    scale_lanes(ui, scene.view, scene.area, &mut camera.scaled);
    let labels = scroll_bar(scene);
    camera.scroll = labels.listen(ui, id, (&mut camera.held, camera.scroll));
    let sense = Sense::CLICK | Sense::DRAG | Sense::FOCUSABLE;
    let response = ui.interact(scene.lanes, id, sense);
    let n_events = scene.graph().n_members as u64;
    response.widget_info(|| {
        let words = shared::counted(n_events, "event", "events");
        WidgetInfo::labeled(Role::Pane, true, format!("Graph of {words}"))
    });
    if response.dragged_by(PointerButton::Primary) || response.dragged_by(PointerButton::Middle) {
        ui.set_cursor_icon(CursorIcon::Grabbing);
        camera.pan(response.drag_delta().x);
        camera.scroll -= response.drag_delta().y;
    }
    if response.clicked() {
        response.request_focus();
    }
    if response.double_clicked() {
        camera.fit();
    }
    if response.contains_pointer() {
        wheel(ui, scene, camera);
    }
    keep_arrows(ui, id);
    if response.has_focus() {
        keys(ui, scene);
        if focus_ring::is_shown(&response) {
            focus_ring::inside(ui, scene.lanes);
        }
    }
    scrub(ui, scene, id);
}

/// The ruler: the playhead follows the pointer from the press on, from event to event of the graph.
fn scrub(ui: &Ui, scene: &Scene<'_>, id: Id) {
    let sense = Sense::CLICK | Sense::DRAG;
    let response = ui.interact(scene.head, id.with("ruler"), sense);
    if response.hovered() {
        ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    let is_down = response.is_pointer_button_down_on();
    if let Some(pointer) = response.interact_pointer_pos().filter(|_| is_down)
        && let Some(position) = scene.last_until(pointer.x)
        && position != scene.view.look().playhead
    {
        scene.view.send(Action::SelectEvent(position));
    }
}

/// Where the lanes are scrolled.
pub(super) fn scroll_bar(scene: &Scene<'_>) -> ScrollBar {
    ScrollBar {
        labels: scene.labels,
        body: scene.lanes,
        right: scene.lanes.right(),
        height: scene.lane_height * scene.graph().lanes.len() as f32,
    }
}

fn wheel(ui: &Ui, scene: &Scene<'_>, camera: &mut Camera) {
    let (delta, pinch) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
    if delta == egui::Vec2::ZERO && pinch == 1.0 {
        return;
    }
    ui.input_mut(|input| input.smooth_scroll_delta = egui::Vec2::ZERO);
    let factor = (-f64::from(delta.y) / WHEEL).exp2() / f64::from(pinch.max(0.01));
    if factor != 1.0 {
        let pointer = ui.input(|input| input.pointer.latest_pos());
        let x = pointer.map_or(0.0, |at| at.x - scene.lanes.left());
        camera.zoom_at(factor, f64::from(x), scene.least_zoom());
    } else if delta.x != 0.0 {
        camera.pan(delta.x);
    }
    ui.ctx().request_repaint();
}

/// Inside the graph the arrow keys walk.
fn keep_arrows(ui: &Ui, id: Id) {
    let ours = EventFilter {
        tab: false,
        horizontal_arrows: true,
        vertical_arrows: true,
        escape: false,
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, ours));
}

/// `H` to the cause, `L` to the first effect, `J` `K` and the arrows up and down among what has the
/// same cause; `Enter` shows the event.
fn keys(ui: &Ui, scene: &Scene<'_>) {
    let graph = scene.graph();
    let here = scene.chosen;
    if shared::pressed(ui, Key::Enter) {
        scene.view.send(Action::ShowInspector(InspectorTab::Event));
        return;
    }
    let to = if shared::pressed(ui, Key::H) {
        here.and_then(|node| graph.cause(node))
    } else if shared::pressed(ui, Key::L) {
        here.and_then(|node| graph.effects(node).first().copied())
    } else if shared::pressed(ui, Key::J) || shared::pressed(ui, Key::ArrowDown) {
        beside(scene, 1)
    } else if shared::pressed(ui, Key::K) || shared::pressed(ui, Key::ArrowUp) {
        beside(scene, -1)
    } else {
        None
    };
    if let Some(position) = to.and_then(|node| scene.position(node)) {
        scene.view.send(Action::SelectEvent(position));
    }
}

/// The next of what has the same cause, or the one before; among those without a cause the next of
/// them. From outside of the graph its last event before the playhead.
fn beside(scene: &Scene<'_>, by: isize) -> Option<u32> {
    let graph = scene.graph();
    let n_members = u32::try_from(graph.n_members).ok()?;
    let Some(here) = scene.chosen else {
        let last = u32::try_from(scene.n_past.saturating_sub(1)).ok()?;
        return (last < n_members).then_some(last);
    };
    if let Some(cause) = graph.cause(here) {
        let effects = graph.effects(cause);
        let at = effects.iter().position(|effect| *effect == here)?;
        return effects.get(at.checked_add_signed(by)?).copied();
    }
    let is_root = |node: &u32| graph.cause(*node).is_none();
    if by > 0 {
        (here + 1..n_members).find(is_root)
    } else {
        (0..here).rev().find(is_root)
    }
}
