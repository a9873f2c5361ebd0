//! What pointer and wheel ask of minimap, ruler and lanes. Everything leads to an action.

use egui::{CursorIcon, Id, Key, Modifiers, PointerButton, Rect, Response, Sense, Ui};

use super::density::{Density, DensityKey};
use super::dots;
use super::lanes::{LaneOf, RowOf};
use super::minimap;
use super::paint;
use super::periods::Label;
use super::scale::{Scale, within};
use super::scene::Scene;
use crate::event::Position;
use crate::ui::View;
use crate::ui::theme::size;
use crate::workbench::{Action, Among, Mark, Span};

/// How near to an event the pointer must be to mean it.
pub(super) const REACH: f32 = 6.0;
/// How near to an edge of the brush.
const EDGE: f32 = 6.0;
/// Points of the wheel that double or halve what is shown.
const WHEEL: f64 = 180.0;
/// Points of the wheel that make lanes higher by a hundredth.
const POINTS_A_STEP: f32 = 4.0;
/// How often a double-click halves what is shown, at most.
const HALVINGS: usize = 48;

/// A drag in progress.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Drag {
    /// The brush's left edge.
    From,
    /// Its right edge.
    To,
    /// The brush as a whole: what was shown, and where it was taken hold of.
    Body(Span, f32),
    /// A new brush, from there on.
    New(i64),
    /// The lanes: what was shown, and where they were taken hold of.
    Pan(Span, f32),
    /// A stretch of the lanes that becomes A to B, from this event on.
    Range(Position),
    /// The scroll handle: where it stood, and where it was taken hold of.
    Scroll(f32, f32),
    /// The label of a group's lane.
    Lane(usize),
}

/// What the pointer can act on and nobody needs a name for.
pub(super) const AREA: Sense = Sense::CLICK.union(Sense::DRAG);

fn show(scene: &Scene<'_>, span: Span) {
    if span != scene.scale.span {
        scene.view.send(Action::SetSpan(span));
    }
}

fn pressed_at(ui: &Ui, response: &Response) -> Option<f32> {
    let origin = ui.input(|input| input.pointer.press_origin());
    origin
        .or_else(|| response.interact_pointer_pos())
        .map(|at| at.x)
}

/// Moves, resizes or draws the brush.
pub(super) fn minimap(ui: &Ui, scene: &Scene<'_>, id: Id, drag: &mut Option<Drag>) {
    let part = scene.layout.minimap;
    let response = ui.interact(
        part.expand2(egui::vec2(EDGE, 0.0)),
        id.with("minimap"),
        AREA,
    );
    let brush = minimap::brush(scene);
    if response.drag_started() {
        *drag = pressed_at(ui, &response).map(|x| take_hold(scene, brush, x));
    }
    if let Some(hover) = response.hover_pos() {
        ui.set_cursor_icon(cursor(take_hold(scene, brush, hover.x)));
    }
    if let (Some(drag), Some(pointer)) = (*drag, response.interact_pointer_pos())
        && response.dragged()
    {
        show(
            scene,
            brushed(scene, drag, pointer.x.clamp(part.left(), part.right())),
        );
    }
    if response.clicked()
        && let Some(pointer) = response.interact_pointer_pos()
    {
        let half = scene.scale.span.len() / 2;
        let from = scene.full.at(pointer.x).saturating_sub(half);
        let to = from.saturating_add(scene.scale.span.len());
        show(scene, within(Span { from, to }, scene.full.span));
    }
    zoom_by_wheel(ui, scene, &response);
}

/// What a press at `x` takes hold of.
fn take_hold(scene: &Scene<'_>, brush: Rect, x: f32) -> Drag {
    // A narrow brush can still be moved: its edges then reach outwards only.
    let inward = EDGE.min(brush.width() / 4.0);
    let is_near = |edge: f32, left: f32, right: f32| edge - left <= x && x <= edge + right;
    let shows_all = brush.width() + 1.0 >= scene.layout.minimap.width();
    if is_near(brush.left(), EDGE, inward) {
        Drag::From
    } else if is_near(brush.right(), inward, EDGE) {
        Drag::To
    } else if brush.x_range().contains(x) && !shows_all {
        Drag::Body(scene.scale.span, x)
    } else {
        Drag::New(scene.full.at(x))
    }
}

fn cursor(hold: Drag) -> CursorIcon {
    match hold {
        Drag::From | Drag::To => CursorIcon::ResizeHorizontal,
        Drag::Body(..) => CursorIcon::Grab,
        Drag::New(_) | Drag::Pan(..) | Drag::Range(_) | Drag::Scroll(..) | Drag::Lane(_) => {
            CursorIcon::Crosshair
        }
    }
}

/// What is shown while the brush is dragged to `x`.
fn brushed(scene: &Scene<'_>, drag: Drag, x: f32) -> Span {
    let (full, now, least) = (scene.full, scene.scale.span, scene.least());
    let at = full.at(x).clamp(full.span.from, full.span.to);
    match drag {
        Drag::From => Span {
            from: at.min(now.to.saturating_sub(least)),
            ..now
        },
        Drag::To => Span {
            to: at.max(now.from.saturating_add(least)),
            ..now
        },
        Drag::Body(span, origin) => {
            let shift = full.at(x).saturating_sub(full.at(origin));
            let moved = Span {
                from: span.from.saturating_add(shift),
                to: span.to.saturating_add(shift),
            };
            within(moved, full.span)
        }
        Drag::New(origin) => {
            let (from, to) = (origin.min(at), origin.max(at));
            let to = to.max(from.saturating_add(least));
            within(Span { from, to }, full.span)
        }
        Drag::Pan(..) | Drag::Range(_) | Drag::Scroll(..) | Drag::Lane(_) => now,
    }
}

/// Whether a press on a ruler is one on a label that does not move: it sets a period, and does not
/// scrub.
pub(super) fn is_on_label(ui: &Ui, response: &Response, labels: &[Label]) -> bool {
    let origin = ui.input(|input| input.pointer.press_origin());
    let is_on = origin.is_some_and(|at| labels.iter().any(|(place, _)| place.contains(at)));
    is_on && !response.dragged()
}

/// Scrubs: the playhead follows the pointer from the press on.
pub(super) fn ruler(ui: &Ui, scene: &Scene<'_>, response: &Response, labels: &[Label]) {
    let part = scene.layout.ruler;
    let primary = ui.input(|input| input.pointer.button_down(PointerButton::Primary));
    if response.is_pointer_button_down_on()
        && primary
        && !is_on_label(ui, response, labels)
        && let Some(pointer) = response.interact_pointer_pos()
    {
        let exact = ui.input(|input| input.modifiers.alt);
        let x = pointer.x.clamp(part.left(), part.right());
        let reach = if exact { 0.0 } else { REACH };
        move_to(scene, scene.places().snapped(x, reach));
    }
    if response.hovered() {
        ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    zoom_by_wheel(ui, scene, response);
}

fn move_to(scene: &Scene<'_>, position: Option<Position>) {
    if let Some(position) = position.filter(|position| *position != scene.playhead()) {
        scene.view.send(Action::MovePlayhead(position));
    }
}

/// Clicks and zooms on the lanes; the first button drags out a stretch, the others pan.
pub(super) fn lanes(
    ui: &Ui,
    scene: &Scene<'_>,
    id: Id,
    (drag, scroll): (&mut Option<Drag>, f32),
) -> Response {
    let response = ui.interact(scene.layout.lanes, id.with("lanes"), AREA);
    let row_at = |y: f32| {
        let y = y - scene.layout.lanes.top() + scroll;
        scene.rows.at(y).map(|row| row.of)
    };
    if response.drag_started() {
        let x = pressed_at(ui, &response);
        *drag = if response.drag_started_by(PointerButton::Primary) {
            x.and_then(|x| scene.places().snapped(x, REACH))
                .map(Drag::Range)
        } else {
            x.map(|x| Drag::Pan(scene.scale.span, x))
        };
    }
    if response.dragged()
        && let (Some(Drag::Range(from)), Some(pointer)) = (*drag, response.interact_pointer_pos())
    {
        select(scene, from, pointer.x);
    }
    if response.dragged()
        && let (Some(Drag::Pan(span, x)), Some(pointer)) = (*drag, response.interact_pointer_pos())
    {
        ui.set_cursor_icon(CursorIcon::Grabbing);
        let start = Scale {
            span,
            ..scene.scale
        };
        show(scene, start.panned(pointer.x - x, scene.full.span));
    }
    if let Some(pointer) = response.interact_pointer_pos() {
        if response.double_clicked() {
            closer(scene, row_at(pointer.y), pointer.x);
        } else if response.clicked() {
            let modifiers = ui.input(|input| input.modifiers);
            click(scene, row_at(pointer.y), (pointer.x, modifiers));
        }
    }
    zoom_by_wheel(ui, scene, &response);
    response
}

/// The stretch from an event to the one at `x` is A to B.
fn select(scene: &Scene<'_>, from: Position, x: f32) {
    let lanes = scene.layout.lanes.x_range();
    let Some(to) = scene.places().snapped(lanes.clamp(x), REACH) else {
        return;
    };
    mark_range(scene.view, [from, to]);
}

/// The stretch between two events is A to B.
pub(super) fn mark_range(view: &View<'_>, [from, to]: [Position; 2]) {
    let ends = [from.min(to), from.max(to)].map(|at| Some(Mark::moment(at)));
    let look = view.look();
    if [look.marker_a, look.marker_b] != ends {
        let [a, b] = ends;
        view.send(Action::MarkA(a));
        view.send(Action::MarkB(b));
    }
}

/// A click puts the playhead there; on an event it chooses the event's stream too. With Ctrl an event is
/// added to those chosen, with Shift all of its row from the one chosen last.
fn click(scene: &Scene<'_>, row: Option<RowOf>, (x, modifiers): (f32, Modifiers)) {
    let event = row.and_then(|row| dots::event_near(scene, row, x, REACH));
    if let (Some(event), Some(row)) = (event, row) {
        let among = among(scene, row);
        if let Some(action) = choosing(event, among, modifiers) {
            scene.view.send(action);
            return;
        }
    }
    if scene.look.selection.chosen.is_some() {
        scene.view.send(Action::ClearChosen);
    }
    match event {
        Some(position) if scene.look.selection.stream != Some(scene.log.stream(position)) => {
            scene.view.send(Action::SelectEvent(position));
        }
        _ => move_to(scene, event.or_else(|| scene.places().last_until(x))),
    }
}

/// What a click on an event asks for while Ctrl or Shift is held.
pub(in crate::ui::panels) fn choosing(
    event: Position,
    among: Among,
    modifiers: Modifiers,
) -> Option<Action> {
    match modifiers {
        _ if modifiers.command => Some(Action::ChooseAlso(event)),
        _ if modifiers.shift => Some(Action::ChooseUntil(event, among)),
        _ => None,
    }
}

/// Of which events a range is chosen in a row.
fn among(scene: &Scene<'_>, row: RowOf) -> Among {
    match row {
        RowOf::Stream(_, stream) => Among::Stream(stream),
        RowOf::Lane(group) => match paint::lane_of(scene, group) {
            Some(LaneOf::Category(category)) => Among::Category(category),
            Some(LaneOf::Type(of)) => Among::Type(of),
            Some(LaneOf::Others) => Among::Others(scene.look.grouping),
            None => Among::Shown,
        },
        RowOf::More(_) => Among::Shown,
    }
}

/// A double-click on an event opens its stream, on a column it zooms in until events are single dots;
/// where there is nothing it shows everything.
fn closer(scene: &Scene<'_>, row: Option<RowOf>, x: f32) {
    if let Some(position) = row.and_then(|row| dots::event_near(scene, row, x, REACH)) {
        let stream = scene.log.stream(position);
        scene.view.send(Action::OpenStream(stream));
        return;
    }
    match row {
        Some(RowOf::Lane(group)) if has_column(scene, group, x) => {
            show(scene, until_single(scene, group, x));
        }
        _ => scene.view.send(Action::Fit),
    }
}

/// Whether a lane has a column near a place of the screen.
fn has_column(scene: &Scene<'_>, group: usize, x: f32) -> bool {
    let density = &scene.density;
    let column = |x: f32| usize::try_from(density.column_of(scene.scale.at(x))).ok();
    let (Some(from), Some(to)) = (column(x - REACH / 2.0), column(x + REACH / 2.0)) else {
        return false;
    };
    let mut columns = from..=to.min(density.len().saturating_sub(1));
    let has_events = |column| density.column(column).get(group).is_some_and(|n| *n > 0);
    !dots::are_single(scene, group) && columns.any(has_events)
}

/// The widest stretch around a place of the screen in which the events of a lane stand apart.
fn until_single(scene: &Scene<'_>, group: usize, x: f32) -> Span {
    let mut scale = scene.scale;
    for _ in 0..HALVINGS {
        let span = scale.zoomed(x, 0.5, scene.full.span, scene.least());
        if span == scale.span {
            break;
        }
        let key = DensityKey {
            generation: scene.view.workbench.generation,
            axis: scene.axis,
            clock: scene.look.clock,
            grouping: scene.look.grouping,
            scale: Scale { span, ..scale },
            column: size::DENSITY_COLUMN_PX as f32 / scene.pixels_per_point,
            slice: None,
        };
        let density = Density::count(scene.log, &key);
        if density.in_view(group) == 0 {
            break;
        }
        scale.span = span;
        if dots::are_apart(&density, scene.layout.lanes.width(), group) {
            break;
        }
    }
    scale.span
}

/// The ends of a stretch that was dragged out: from the drag on until A and B are others, something else
/// is clicked, or Esc is pressed.
pub(super) fn ranged(
    ui: &Ui,
    view: &View<'_>,
    lanes: &Response,
    (is_dragged, before): (bool, Option<[Position; 2]>),
) -> Option<[Position; 2]> {
    let marks = (view.look().marker_a?, view.look().marker_b?);
    if lanes.clicked() || ui.input(|input| input.key_pressed(Key::Escape)) {
        return None;
    }
    let now = [marks.0.from, marks.1.to];
    if !is_dragged && before != Some(now) {
        return None;
    }
    Some(now).filter(|[a, b]| a < b)
}

/// The wheel with Alt makes lanes higher or lower, wherever over the timeline; `rest` is what of it was
/// not yet a whole step.
pub(in crate::ui::panels) fn scale_lanes(ui: &Ui, view: &View<'_>, whole: Rect, rest: &mut f32) {
    let is_asked = ui.input(|input| input.modifiers.alt) && ui.rect_contains_pointer(whole);
    if !is_asked {
        *rest = 0.0;
        return;
    }
    let delta = ui.input(|input| input.smooth_scroll_delta());
    ui.input_mut(|input| input.smooth_scroll_delta = egui::Vec2::ZERO);
    *rest += (delta.x + delta.y) / POINTS_A_STEP;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a few points a frame; it saturates"
    )]
    let by = rest.round() as i16;
    if by != 0 {
        *rest -= f32::from(by);
        view.send(Action::ScaleLanes(by));
    }
}

/// The wheel zooms at the pointer, sideways it pans; pinching zooms.
fn zoom_by_wheel(ui: &Ui, scene: &Scene<'_>, response: &Response) {
    let Some(pointer) = response.hover_pos() else {
        return;
    };
    // Over the minimap the pointer means a moment of the whole history.
    let x = if scene.layout.minimap.y_range().contains(pointer.y) {
        let x = scene.scale.x(scene.full.at(pointer.x));
        x.clamp(scene.layout.lanes.left(), scene.layout.lanes.right())
    } else {
        pointer.x
    };
    if let Some(span) = wheeled(ui, &scene.scale, x, (scene.full.span, scene.least())) {
        show(scene, span);
    }
}

/// What the wheel, or a pinch, asks to be shown, with `x` under the pointer: nothing beyond `full`,
/// and no stretch shorter than `least`.
pub(super) fn wheeled(ui: &Ui, scale: &Scale, x: f32, (full, least): (Span, i64)) -> Option<Span> {
    let (delta, pinch) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
    if delta == egui::Vec2::ZERO && pinch == 1.0 {
        return None;
    }
    ui.input_mut(|input| input.smooth_scroll_delta = egui::Vec2::ZERO);
    let factor = (-f64::from(delta.y) / WHEEL).exp2() / f64::from(pinch.max(0.01));
    if factor != 1.0 {
        Some(scale.zoomed(x, factor, full, least))
    } else if delta.x != 0.0 {
        Some(scale.panned(delta.x, full))
    } else {
        None
    }
}

/// The wheel over the labels, and the handle at the right, scroll the lanes. Returns how far.
pub(super) fn scroll(
    ui: &Ui,
    scene: &Scene<'_>,
    id: Id,
    (drag, scroll): (&mut Option<Drag>, f32),
) -> f32 {
    let mut held = match *drag {
        Some(Drag::Scroll(start, y)) => Some((start, y)),
        _ => None,
    };
    let scroll = scene.scroll_bar().listen(ui, id, (&mut held, scroll));
    if let Some((start, y)) = held {
        *drag = Some(Drag::Scroll(start, y));
    }
    scroll
}

/// The clause of the filter that leaves only what a lane shows.
pub(super) fn only(scene: &Scene<'_>, group: usize) -> Option<String> {
    let (key, name) = match paint::lane_of(scene, group)? {
        LaneOf::Category(category) => {
            let name = scene.log.category_names().get(category.index())?;
            ("category", name.to_string())
        }
        LaneOf::Type(of) => ("type", scene.log.type_name(of).to_owned()),
        LaneOf::Others => return None,
    };
    Some(crate::query::clause(key, &name))
}

/// A click on a label opens a category, chooses a stream or brings out a type.
pub(super) fn click_label(scene: &Scene<'_>, row: RowOf) {
    let selection = &scene.look.selection;
    let action = match row {
        RowOf::Stream(_, stream) => {
            let chosen = selection.stream == Some(stream);
            Action::SelectStream((!chosen).then_some(stream))
        }
        RowOf::Lane(group) => match paint::lane_of(scene, group) {
            Some(LaneOf::Category(category)) => Action::ToggleCategory(category),
            Some(LaneOf::Type(of)) => {
                let chosen = selection.event_type == Some(of);
                Action::SelectType((!chosen).then_some(of))
            }
            Some(LaneOf::Others) | None => return,
        },
        RowOf::More(_) => return,
    };
    scene.view.send(action);
}
