//! Markers A and B over all lanes: the stretch between them, their lines, and flags that can be moved.

use egui::{
    Align, CornerRadius, CursorIcon, Id, Key, Modifiers, Painter, Rect, Role, Sense, Shape, Stroke,
    Ui, WidgetInfo, pos2, vec2,
};

use super::gestures::REACH;
use super::scene::Scene;
use super::when;
use crate::event::Position;
use crate::ui::theme::{Face, format, size, text};
use crate::ui::widgets::{focus_ring, menu};
use crate::workbench::{Action, Mark};

/// Side of a flag.
const FLAG: f32 = 16.0;

/// The two markers: letter, what it marks, and the event where its line stands.
fn markers(scene: &Scene<'_>) -> impl Iterator<Item = (&'static str, Mark, Position)> {
    let (a, b) = (scene.look.marker_a, scene.look.marker_b);
    let a = a.map(|mark| ("A", mark, mark.from));
    let b = b.map(|mark| ("B", mark, mark.to));
    a.into_iter().chain(b)
}

/// The stretch between A and B, on the ground.
pub(super) fn paint_range(painter: &Painter, scene: &Scene<'_>, ground: Rect) {
    if let (Some(a), Some(b)) = (scene.look.marker_a, scene.look.marker_b) {
        let ends = [a.from.min(b.from), a.to.max(b.to)];
        let [left, right] = ends.map(|at| scene.places().x(at));
        let range = Rect::from_x_y_ranges(left..=right, ground.y_range());
        let color = scene.tokens.ab;
        painter.rect_filled(range.intersect(ground), CornerRadius::ZERO, color);
    }
}

/// The place of a flag, and where its line runs; `None` where it is out of view.
fn flag(scene: &Scene<'_>, letter: &str, at: Position) -> Option<(Rect, f32)> {
    let part = scene.layout.ruler;
    let x = scene.snap(scene.places().x(at));
    let is_seen = part.left() - 1.0 <= x && x <= part.right() + 1.0;
    let left = if letter == "A" { x - FLAG } else { x };
    let left = left.clamp(part.left(), (part.right() - FLAG).max(part.left()));
    let corner = pos2(left, part.bottom() - FLAG - 1.0);
    is_seen.then(|| (Rect::from_min_size(corner, vec2(FLAG, FLAG)), x))
}

/// The places of the flags that are in view.
pub(super) fn flags(scene: &Scene<'_>) -> impl Iterator<Item = Rect> {
    markers(scene).filter_map(|(letter, _, at)| Some(flag(scene, letter, at)?.0))
}

/// The flags with the dashed lines under them: dragged, walked to, clicked and taken away.
pub(super) fn show(ui: &Ui, scene: &Scene<'_>, id: Id) {
    for (letter, mark, at) in markers(scene) {
        if let Some((place, x)) = flag(scene, letter, at) {
            paint(ui.painter(), scene, letter, place, x);
            listen(
                ui,
                scene,
                id.with(("marker", letter)),
                letter,
                (mark, at),
                place,
            );
        }
    }
}

fn paint(painter: &Painter, scene: &Scene<'_>, letter: &str, place: Rect, x: f32) {
    let t = scene.tokens;
    let ends = [
        pos2(x, place.bottom()),
        pos2(x, scene.layout.lanes.bottom()),
    ];
    let [dash, gap] = size::DASH_MARKER;
    let line = Stroke::new(size::STROKE, t.text2);
    painter.extend(Shape::dashed_line(&ends, line, dash, gap));
    painter.rect_filled(place, CornerRadius::same(size::CORNER_BAR), t.text2);
    let face = Face::SmallMedium;
    text::line(painter, place, Align::Center, face, letter, t.canvas);
}

fn listen(
    ui: &Ui,
    scene: &Scene<'_>,
    id: Id,
    letter: &str,
    (mark, at): (Mark, Position),
    place: Rect,
) {
    let is_a = letter == "A";
    let set = |mark: Option<Mark>| {
        let action = if is_a {
            Action::MarkA(mark)
        } else {
            Action::MarkB(mark)
        };
        scene.view.send(action);
    };
    let go = if is_a {
        Action::GoToMarkerA
    } else {
        Action::GoToMarkerB
    };
    let target = place.expand(4.0);
    let response = ui.interact(target, id, Sense::click_and_drag());
    if response.hovered() {
        ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    let pointer = response.interact_pointer_pos();
    if let (true, Some(pointer)) = (response.dragged(), pointer)
        && let Some(to) = scene.places().snapped(pointer.x, REACH)
        && mark != Mark::moment(to)
    {
        set(Some(Mark::moment(to)));
    }
    if response.clicked() {
        scene.view.send(go.clone());
    }
    let removes = |ui: &Ui| ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Delete));
    if response.has_focus() && removes(ui) {
        set(None);
    }
    response.context_menu(|ui| {
        if menu::item(
            ui,
            None,
            &format!("Go to {letter}"),
            if is_a { "Alt A" } else { "Alt B" },
        )
        .clicked()
        {
            scene.view.send(go.clone());
        }
        if menu::item(ui, None, &format!("Remove {letter}"), "Delete").clicked() {
            set(None);
        }
        if menu::item(ui, None, "Clear markers", "Shift A").clicked() {
            scene.view.send(Action::ClearMarkers);
        }
    });
    response.widget_info(|| {
        let time = scene.time(at).map_or_else(
            || format::position(u64::from(at.0)),
            |time| when::spoken(time, scene.look.zone),
        );
        let said = format!("Marker {letter}, {time}, remove with Delete");
        WidgetInfo::labeled(Role::Button, true, said)
    });
    focus_ring::around(ui, &response.with_new_rect(place), size::CORNER_TAG);
}
