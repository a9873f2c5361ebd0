//! What pointer, wheel and keys ask of a stream's timeline, and what it says to those who cannot see
//! it. Everything leads to an action.

use egui::accesskit;
use egui::{
    CursorIcon, Id, Modifiers, PointerButton, Rect, Response, Role, Sense, Ui, UiBuilder,
    WidgetInfo,
};

use super::super::access::keys;
use super::super::gestures::{AREA, choosing, is_on_label, mark_range, wheeled};
use super::super::moving::{move_items, paint_slot};
use super::super::periods::Label;
use super::super::scale::Scale;
use super::super::when;
use super::paint;
use super::rows::RowOf;
use super::stage::Stage;
use crate::event::Position;
use crate::ui::theme::format;
use crate::ui::widgets::{focus_ring, menu};
use crate::workbench::{Action, Among, FieldLanes, Span};

/// How near to an event the pointer must be to mean it.
pub(super) const REACH: f32 = 6.0;

/// A drag in progress.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Drag {
    /// The rows: what was shown, and where they were taken hold of.
    Pan(Span, f32),
    /// The scroll handle: where it stood, and where it was taken hold of.
    Scroll(f32, f32),
    /// A stretch of the rows that becomes A to B, from this event on.
    Range(Position),
    /// The label of a pinned field, by its index among the lanes.
    Field(usize),
}

fn show(stage: &Stage<'_>, span: Span) {
    if span != stage.track.scale.span {
        stage.view.send(Action::SetSpan(span));
    }
}

fn zoom(ui: &Ui, stage: &Stage<'_>, response: &Response) {
    let Some(pointer) = response.hover_pos() else {
        return;
    };
    let limits = (stage.full, stage.least());
    if let Some(span) = wheeled(ui, &stage.track.scale, pointer.x, limits) {
        show(stage, span);
    }
}

fn move_to(stage: &Stage<'_>, position: Position) {
    if position != stage.playhead {
        stage.view.send(Action::MovePlayhead(position));
    }
}

/// The ruler: press and drag to scrub; it is the playhead's slider.
pub(super) fn ruler(ui: &Ui, stage: &Stage<'_>, id: Id, labels: &[Label]) -> Response {
    let id = id.with("playhead");
    let response = ui.interact(stage.parts.ruler, id, AREA | Sense::FOCUSABLE);
    let last = stage.track.events.len().saturating_sub(1);
    let value = stage.now.unwrap_or_default() as f64;
    response.widget_info(|| WidgetInfo::slider(true, value, "Playhead"));
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_value(playhead_sentence(stage));
        node.set_min_numeric_value(0.0);
        node.set_max_numeric_value(last as f64);
        node.add_action(accesskit::Action::Increment);
        node.add_action(accesskit::Action::Decrement);
    });
    let steps = keys(ui, &response);
    if steps != 0 {
        stage.view.send(Action::StepInStream(steps));
    }
    let is_primary = ui.input(|input| input.pointer.button_down(PointerButton::Primary));
    if response.is_pointer_button_down_on()
        && is_primary
        && !is_on_label(ui, &response, labels)
        && let Some(pointer) = response.interact_pointer_pos()
    {
        let part = stage.parts.ruler;
        let x = pointer.x.clamp(part.left(), part.right());
        // Versions lie side by side: the nearest one is meant.
        let reach = stage.track.place_width().max(REACH) / 2.0;
        let is_exact = ui.input(|input| input.modifiers.alt);
        let reach = if is_exact { 0.0 } else { reach.max(REACH) };
        move_to(stage, stage.track.meant(x, reach));
    }
    if response.hovered() {
        ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    zoom(ui, stage, &response);
    response
}

fn playhead_sentence(stage: &Stage<'_>) -> String {
    let log = stage.log;
    let time = log.time(stage.playhead).map_or_else(
        || "no time".to_owned(),
        |time| when::spoken(time, stage.look.zone),
    );
    let name = format::visible(log.stream_name(stage.stream));
    let version = stage
        .now
        .map_or_else(|| "not begun".to_owned(), |rank| stage.version(rank));
    let event_type = format::visible(log.type_name(log.event_type(stage.playhead)));
    format!(
        "{time}, position {}. {event_type}, {name} {version}",
        format::count(u64::from(stage.playhead.0))
    )
}

/// Clicks, pans and zooms on the rows.
pub(super) fn rows(
    ui: &Ui,
    stage: &Stage<'_>,
    id: Id,
    (drag, scroll): (&mut Option<Drag>, f32),
) -> Response {
    let response = ui.interact(stage.parts.body, id.with("rows"), AREA);
    if response.drag_started() {
        let origin = ui.input(|input| input.pointer.press_origin());
        *drag = if response.drag_started_by(PointerButton::Primary) {
            origin.map(|at| Drag::Range(stage.track.meant(at.x, REACH)))
        } else {
            origin.map(|at| Drag::Pan(stage.track.scale.span, at.x))
        };
    }
    let pointer = response.interact_pointer_pos();
    if let (true, Some(Drag::Range(from)), Some(pointer)) = (response.dragged(), *drag, pointer) {
        let x = stage.parts.body.x_range().clamp(pointer.x);
        mark_range(stage.view, [from, stage.track.meant(x, REACH)]);
    }
    if let (true, Some(Drag::Pan(span, x)), Some(pointer)) = (response.dragged(), *drag, pointer) {
        ui.set_cursor_icon(CursorIcon::Grabbing);
        let start = Scale {
            span,
            ..stage.track.scale
        };
        show(stage, start.panned(pointer.x - x, stage.full));
    }
    if let Some(pointer) = pointer {
        let y = pointer.y - stage.parts.body.top() + scroll;
        let row = stage.rows.at(y).map(|row| row.of);
        if response.double_clicked() {
            double_click(stage, row);
        } else if response.clicked() {
            let modifiers = ui.input(|input| input.modifiers);
            click(stage, row, (pointer.x, modifiers));
        }
    }
    zoom(ui, stage, &response);
    response
}

/// The event of a row nearest to `x`, if it is near enough to be meant.
pub(super) fn event_near(stage: &Stage<'_>, row: RowOf, x: f32) -> Option<Position> {
    match row {
        RowOf::Events => {
            let rank = stage.track.nearest(x, REACH)?;
            stage.track.events.get(rank).copied().map(Position)
        }
        RowOf::Related(index) => {
            let events = &stage.related.get(index)?.events;
            let distance = |at: &u32| (stage.track.x_of(Position(*at)) - x).abs();
            let after = events.partition_point(|at| stage.track.x_of(Position(*at)) <= x);
            let around = events.get(after.saturating_sub(1)..(after + 1).min(events.len()))?;
            let near = around.iter().filter(|at| distance(at) <= REACH);
            near.min_by(|a, b| distance(a).total_cmp(&distance(b)))
                .copied()
                .map(Position)
        }
        RowOf::When | RowOf::Field(_) | RowOf::Note => None,
    }
}

fn click(stage: &Stage<'_>, row: Option<RowOf>, (x, modifiers): (f32, Modifiers)) {
    let event = row.and_then(|row| event_near(stage, row, x));
    if let Some(event) = event {
        let among = Among::Stream(stage.log.stream(event));
        if let Some(action) = choosing(event, among, modifiers) {
            stage.view.send(action);
            return;
        }
    }
    if stage.look.selection.chosen.is_some() {
        stage.view.send(Action::ClearChosen);
    }
    if let (Some(RowOf::When), Some(found)) = (row, &stage.found) {
        let near = found
            .iter()
            .find(|one| (stage.track.x_of(one.interval.from) - x).abs() <= 2.0 * REACH);
        if let Some(one) = near {
            stage.view.send(Action::GoToResult(one.nr - 1));
            return;
        }
    }
    move_to(stage, event.unwrap_or_else(|| stage.track.meant(x, REACH)));
}

/// A related stream opens; anything else shows the whole stream.
fn double_click(stage: &Stage<'_>, row: Option<RowOf>) {
    match row {
        Some(RowOf::Related(index)) => {
            if let Some(related) = stage.related.get(index) {
                stage.view.send(Action::OpenStream(related.stream));
            }
        }
        _ => stage.view.send(Action::Fit),
    }
}

/// The wheel over the labels, and the handle at the right, scroll the rows. Returns how far.
pub(super) fn scroll(
    ui: &Ui,
    stage: &Stage<'_>,
    id: Id,
    (drag, scroll): (&mut Option<Drag>, f32),
) -> f32 {
    let mut held = match *drag {
        Some(Drag::Scroll(start, y)) => Some((start, y)),
        _ => None,
    };
    let scroll = stage.scroll_bar().listen(ui, id, (&mut held, scroll));
    if let Some((start, y)) = held {
        *drag = Some(Drag::Scroll(start, y));
    }
    scroll
}

/// The labels as a list; returns the one under the pointer.
pub(super) fn labels(
    ui: &mut Ui,
    stage: &Stage<'_>,
    id: Id,
    (drag, scroll): (&mut Option<Drag>, f32),
) -> Option<RowOf> {
    let part = stage.parts.labels;
    let list = UiBuilder::new()
        .scope_id(id.with("list"))
        .max_rect(part)
        .accessibility_role(Role::List)
        .accessibility_label("Stream lanes");
    let mut list = ui.new_child(list);
    list.shrink_clip_rect(part);
    let mut hovered = None;
    for (of, rect) in stage.visible_rows(scroll) {
        let label = Rect::from_x_y_ranges(part.x_range(), rect.y_range());
        let response = list.interact(label, id.with(("label", row_id(of))), sense(stage, of));
        response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, row_name(stage, of)));
        if response.hovered() {
            hovered = Some(of);
        }
        if response.clicked() {
            click_label(stage, of);
        }
        if let RowOf::Field(index) = of {
            drag_field(ui, stage, (&response, index), (drag, scroll));
            response.context_menu(|ui| field_menu(ui, stage, index));
        }
        if focus_ring::is_shown(&response) {
            focus_ring::inside(&list, label.shrink(1.0));
        }
        if let RowOf::Field(index) = of {
            pin(&list, stage, index, (id, label));
        }
    }
    hovered
}

/// The pin of a field: a click takes it off, or puts it on.
fn pin(ui: &Ui, stage: &Stage<'_>, index: usize, (id, label): (Id, Rect)) {
    let Some(view) = stage.lanes.get(index) else {
        return;
    };
    let id = id.with(("pin", index));
    let response = ui.interact(paint::pin_rect(label), id, Sense::click());
    let does = if view.is_pinned { "Unpin" } else { "Pin" };
    let name = format!("{does} {}", view.path);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    if response.clicked() {
        stage.view.send(if view.is_pinned {
            Action::UnpinField(view.path.clone())
        } else {
            Action::PinField(view.path.clone())
        });
    }
    focus_ring::around(ui, &response, 2);
    crate::ui::widgets::tooltip::Tip::new(&name).on(response);
}

/// The label of a pinned field can be dragged.
fn sense(stage: &Stage<'_>, of: RowOf) -> Sense {
    match of {
        RowOf::Field(index) if is_ordered(stage, index) => Sense::click_and_drag(),
        _ => Sense::click(),
    }
}

/// Whether a lane is one of those that the user put in order.
fn is_ordered(stage: &Stage<'_>, index: usize) -> bool {
    let shows_pinned = stage.view.workbench.lanes_shown() == FieldLanes::Pinned;
    shows_pinned && stage.lanes.get(index).is_some_and(|lane| lane.is_pinned)
}

/// A label is dragged: where it is let go its lane stands from then on.
fn drag_field(
    ui: &Ui,
    stage: &Stage<'_>,
    (response, index): (&Response, usize),
    (drag, scroll): (&mut Option<Drag>, f32),
) {
    if !is_ordered(stage, index) {
        return;
    }
    if response.drag_started_by(PointerButton::Primary) {
        *drag = Some(Drag::Field(index));
    }
    let Some(pointer) = response.interact_pointer_pos() else {
        return;
    };
    if *drag != Some(Drag::Field(index)) {
        return;
    }
    let labels = stage.parts.labels;
    let can_move = |of: &RowOf| matches!(of, RowOf::Field(index) if is_ordered(stage, *index));
    let (to, top) = stage.rows.slot(pointer.y - labels.top() + scroll, can_move);
    if response.dragged() {
        paint_slot(ui, (labels, labels.top() + top - scroll));
    }
    if response.drag_stopped() {
        move_field(stage, index, to);
    }
}

fn move_field(stage: &Stage<'_>, index: usize, to: usize) {
    if let Some(lane) = stage.lanes.get(index) {
        stage.view.send(Action::MovePin(lane.path.clone(), to));
    }
}

/// What can be done with a field, on a right click of its label.
fn field_menu(ui: &mut Ui, stage: &Stage<'_>, index: usize) {
    let Some(lane) = stage.lanes.get(index) else {
        return;
    };
    if menu::item(
        ui,
        None,
        "Field history",
        stage.view.key_of(&Action::ShowFieldHistory),
    )
    .clicked()
    {
        click_label(stage, RowOf::Field(index));
        stage.view.send(Action::ShowFieldHistory);
    }
    if is_ordered(stage, index) {
        let n_ordered = (0..stage.lanes.len())
            .filter(|index| is_ordered(stage, *index))
            .count();
        if let Some(to) = move_items(ui, (index, n_ordered)) {
            move_field(stage, index, to);
        }
    }
    let (name, action) = if lane.is_pinned {
        ("Unpin", Action::UnpinField(lane.path.clone()))
    } else {
        ("Pin", Action::PinField(lane.path.clone()))
    };
    if menu::item(ui, None, name, "").clicked() {
        stage.view.send(action);
    }
}

fn click_label(stage: &Stage<'_>, of: RowOf) {
    match of {
        RowOf::Field(index) => {
            if let Some(view) = stage.lanes.get(index) {
                let field = Some(view.path.clone());
                stage.view.send(Action::SelectField(field));
            }
        }
        RowOf::Related(index) => {
            if let Some(related) = stage.related.get(index) {
                stage.view.send(Action::OpenStream(related.stream));
            }
        }
        RowOf::When | RowOf::Events | RowOf::Note => {}
    }
}

fn row_id(of: RowOf) -> (u8, usize) {
    match of {
        RowOf::When => (0, 0),
        RowOf::Events => (1, 0),
        RowOf::Note => (2, 0),
        RowOf::Field(index) => (3, index),
        RowOf::Related(index) => (4, index),
    }
}

/// `balance, −50.00 at v7, 4 changes`
fn row_name(stage: &Stage<'_>, of: RowOf) -> String {
    let counted = |n: usize, one: &str, many: &str| {
        let n = u64::try_from(n).unwrap_or(u64::MAX);
        super::super::super::shared::counted(n, one, many)
    };
    match of {
        RowOf::When => {
            let n_found = stage.found.as_ref().map_or(0, Vec::len);
            format!("When, {}", counted(n_found, "result", "results"))
        }
        RowOf::Events => {
            let name = format::visible(stage.log.stream_name(stage.stream));
            let n_events = counted(stage.track.events.len(), "event", "events");
            let at = stage
                .now
                .map_or_else(|| "not begun".to_owned(), |now| stage.version(now));
            format!("{name}, {n_events}, at {at}")
        }
        RowOf::Note => super::rows::note(stage).unwrap_or_default().to_owned(),
        RowOf::Field(index) => {
            let Some(view) = stage.lanes.get(index) else {
                return String::new();
            };
            let n_changes = view.lane.map_or(0, |lane| lane.steps.len());
            let (value, _) = paint::value_at(stage, index).unwrap_or_default();
            let value = super::super::super::shared::spoken(&value);
            let at = stage
                .now
                .map_or_else(String::new, |now| format!(" at {}", stage.version(now)));
            let changes = counted(n_changes, "change", "changes");
            format!("{}, {value}{at}, {changes}", view.path)
        }
        RowOf::Related(index) => {
            let Some(related) = stage.related.get(index) else {
                return String::new();
            };
            let name = format::visible(stage.log.stream_name(related.stream));
            let n_events = counted(related.events.len(), "related event", "related events");
            format!("{name}, {n_events}")
        }
    }
}
