//! Markers A and B over all lanes: the stretch between them, their lines, and flags that can be moved.

use egui::{
    Align, CornerRadius, CursorIcon, Id, Key, Modifiers, Painter, Rect, Response, Role, Sense,
    Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::super::shared::counted;
use super::gestures::REACH;
use super::paint_ruler;
use super::scene::Scene;
use super::when;
use crate::event::Position;
use crate::history::Axis;
use crate::ui::View;
use crate::ui::carried::{self, Carried};
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

/// How long it is from A to B, in the upper row of the ruler before B, where nothing else stands there.
pub(super) fn paint_length(painter: &Painter, scene: &Scene<'_>, taken: &[Rect]) {
    let (Some(a), Some(b)) = (scene.look.marker_a, scene.look.marker_b) else {
        return;
    };
    let (from, to) = (a.from.min(b.from), a.to.max(b.to));
    let times = scene.time(from).zip(scene.time(to));
    let long = match (scene.axis, times) {
        (Axis::Time, Some((from, to))) => format::duration(to.0.saturating_sub(from.0)),
        _ => counted(u64::from(to.0 - from.0) + 1, "event", "events"),
    };
    let words = format!("A\u{2013}B {long}");
    let part = scene.layout.ruler;
    let [left, right] = [from, to].map(|at| scene.places().x(at).clamp(part.left(), part.right()));
    let width = text::width(painter, Face::Small, &words);
    let size = vec2(width + 1.0, paint_ruler::UPPER);
    let before_b = Rect::from_min_size(pos2(right - width - 6.0, part.top()), size);
    let after_a = Rect::from_min_size(pos2(left + 6.0, part.top()), size);
    let fits = |place: &Rect| {
        let is_inside = left < place.left() && place.right() < right;
        // The labels of the lower row begin where this one ends.
        let near = place.shrink2(vec2(-4.0, 1.0));
        is_inside && taken.iter().all(|other| !other.intersects(near))
    };
    if let Some(place) = [before_b, after_a].into_iter().find(fits) {
        let color = scene.tokens.text2;
        text::line(painter, place, Align::Min, Face::Small, words, color);
    }
}

/// The flags with the dashed lines under them: dragged, walked to, clicked and taken away.
pub(super) fn show(ui: &Ui, scene: &Scene<'_>, id: Id) {
    for (letter, mark, at) in markers(scene) {
        if let Some((place, x)) = flag(scene, letter, at) {
            paint(ui.painter(), scene, letter, place, x);
            let flag = Flag {
                view: scene.view,
                letter,
                mark,
                place,
                to: &|x| scene.places().snapped(x, REACH),
            };
            flag.listen(ui, id.with(("marker", letter)));
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

/// A flag as it is listened to.
pub(super) struct Flag<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) letter: &'a str,
    /// What it marks.
    pub(super) mark: Mark,
    /// Where it stands on the screen.
    pub(super) place: Rect,
    /// Which event a place of the screen means.
    pub(super) to: &'a dyn Fn(f32) -> Option<Position>,
}

impl Flag<'_> {
    fn is_a(&self) -> bool {
        self.letter == "A"
    }

    fn set(&self, mark: Option<Mark>) {
        self.view.send(if self.is_a() {
            Action::MarkA(mark)
        } else {
            Action::MarkB(mark)
        });
    }

    fn go(&self) -> Action {
        if self.is_a() {
            Action::GoToMarkerA
        } else {
            Action::GoToMarkerB
        }
    }

    /// Drag moves it, a click goes there, a right click opens its menu, Delete takes it away.
    pub(super) fn listen(&self, ui: &Ui, id: Id) {
        let response = ui.interact(self.place.expand(4.0), id, Sense::click_and_drag());
        if response.hovered() {
            ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
        }
        let pointer = response.interact_pointer_pos();
        if let (true, Some(pointer)) = (response.dragged(), pointer)
            && let Some(to) = (self.to)(pointer.x)
            && self.mark != Mark::moment(to)
        {
            self.set(Some(Mark::moment(to)));
        }
        if response.clicked() {
            self.view.send(self.go());
        }
        let removes =
            |ui: &Ui| ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Delete));
        if response.has_focus() && removes(ui) {
            self.set(None);
        }
        self.take_event(ui, &response);
        response.context_menu(|ui| self.menu(ui));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, self.said()));
        focus_ring::around(ui, &response.with_new_rect(self.place), size::CORNER_TAG);
    }

    /// An event that is let go here is where the marker stands from then on.
    fn take_event(&self, ui: &Ui, response: &Response) {
        if !response.contains_pointer() {
            return;
        }
        let Some(Carried::Event(position)) = carried::carried(ui.ctx()) else {
            return;
        };
        let event = format::position(u64::from(position.0));
        let words = format!("Move marker {} to {event}", self.letter);
        carried::hint(ui.ctx(), self.place.expand(3.0), &words);
        if ui.input(|input| input.pointer.any_released()) {
            self.set(Some(Mark::moment(position)));
        }
    }

    fn menu(&self, ui: &mut Ui) {
        let letter = self.letter;
        let key = self.view.key_of(&self.go());
        if menu::item(ui, None, &format!("Go to {letter}"), key).clicked() {
            self.view.send(self.go());
        }
        if menu::item(ui, None, &format!("Remove {letter}"), "Delete").clicked() {
            self.set(None);
        }
        let item = |ui: &mut Ui, name: &str, action: Action| {
            if menu::item(ui, None, name, self.view.key_of(&action)).clicked() {
                self.view.send(action);
            }
        };
        item(ui, "Clear markers", Action::ClearMarkers);
        if self.view.workbench.report_period().is_some() {
            menu::separator(ui);
            item(ui, "Zoom to A\u{2013}B", Action::FitSelection);
            item(ui, "Filter A to B", Action::FilterMarked);
            item(ui, "Report A to B", Action::ReportMarked);
            item(ui, "Diff A\u{2013}B", Action::ShowDiff);
        }
    }

    fn said(&self) -> String {
        let at = if self.is_a() {
            self.mark.from
        } else {
            self.mark.to
        };
        let look = self.view.look();
        let time = self.view.log();
        let time = time.and_then(|log| log.by(look.clock).time(at));
        let time = time.map_or_else(
            || format::position(u64::from(at.0)),
            |time| when::spoken(time, look.zone),
        );
        format!("Marker {}, {time}, remove with Delete", self.letter)
    }
}
