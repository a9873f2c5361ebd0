//! What the painted parts say to those who cannot see them, and what keys do on them.

use egui::accesskit;
use egui::{
    EventFilter, Id, Key, Modifiers, Rect, Response, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2,
};

use super::gestures::{self, AREA, Drag};
use super::lanes::{Row, RowOf};
use super::moving;
use super::paint;
use super::scale::within;
use super::scene::Scene;
use super::when;
use crate::event::Timestamp;
use crate::history::Axis;
use crate::query::has_clause;
use crate::ui::theme::format;
use crate::ui::widgets::{focus_ring, menu};
use crate::workbench::{Action, Span};

/// By how much of what is shown a key moves an edge of the brush.
const KEY_STEP: i64 = 50;

/// The ruler, which is the playhead's slider.
pub(super) fn playhead(ui: &Ui, scene: &Scene<'_>, id: Id) -> Response {
    let id = id.with("playhead");
    let response = ui.interact(scene.layout.ruler, id, AREA | Sense::FOCUSABLE);
    let at = scene.playhead();
    let value = f64::from(at.0);
    response.widget_info(|| WidgetInfo::slider(true, value, "Playhead"));
    let last = f64::from(scene.log.last().unwrap_or_default().0);
    say(ui, id, [0.0, last], || playhead_sentence(scene));
    let steps = keys(ui, &response);
    if steps != 0 {
        scene.view.send(Action::StepEvents(steps));
    }
    response
}

/// `12 March 2024 14:32:07 UTC, position 861,204 of 1,204,417. PaymentReceived, order-41911 version 4`
fn playhead_sentence(scene: &Scene<'_>) -> String {
    let (log, at) = (scene.log, scene.playhead());
    let time = scene.time(at).map_or_else(
        || "no time".to_owned(),
        |time| when::spoken(time, scene.look.zone),
    );
    let count = |n: usize| format::count(u64::try_from(n).unwrap_or(u64::MAX));
    let event_type = format::visible(log.type_name(log.event_type(at)));
    let stream = format::visible(log.stream_name(log.stream(at)));
    let version = log
        .version(at)
        .map_or_else(String::new, |version| format!(" version {}", version.0));
    format!(
        "{time}, position {} of {}. {event_type}, {stream}{version}",
        count(at.index()),
        count(log.len()),
    )
}

/// The two ends of the visible range.
pub(super) fn range(ui: &Ui, scene: &Scene<'_>, id: Id, brush: Rect) {
    let now = scene.scale.span;
    let step = (now.len() / KEY_STEP).max(1);
    let ends = [
        ("Visible range start", now.from, brush.left_center()),
        ("Visible range end", now.to, brush.right_center()),
    ];
    for (nr, (name, at, center)) in ends.into_iter().enumerate() {
        let id = id.with(name);
        let rect = Rect::from_center_size(center, vec2(24.0, brush.height()));
        let response = ui.interact(rect, id, Sense::focusable_noninteractive());
        response.widget_info(|| WidgetInfo::slider(true, at as f64, name));
        let full = scene.full.span;
        let ends = [full.from as f64, full.to as f64];
        say(ui, id, ends, || match scene.axis {
            Axis::Time => when::spoken_day(Timestamp(at), scene.look.zone),
            Axis::Sequence => format!("position {}", format::count(at.max(0).unsigned_abs())),
        });
        focus_ring::around(ui, &response, 2);
        let moved = at.saturating_add(keys(ui, &response).saturating_mul(step));
        if moved != at {
            let span = match nr {
                0 => Span {
                    from: moved.max(full.from).min(now.to - scene.least()),
                    ..now
                },
                _ => Span {
                    to: moved.min(full.to).max(now.from + scene.least()),
                    ..now
                },
            };
            scene.view.send(Action::SetSpan(within(span, full)));
        }
    }
}

/// Adds to a slider's node what its number means.
fn say(ui: &Ui, id: Id, [least, most]: [f64; 2], sentence: impl FnOnce() -> String) {
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_value(sentence());
        node.set_min_numeric_value(least);
        node.set_max_numeric_value(most);
        node.add_action(accesskit::Action::Increment);
        node.add_action(accesskit::Action::Decrement);
    });
}

/// How many steps a slider with the keyboard was asked to go.
pub(super) fn keys(ui: &Ui, response: &Response) -> i64 {
    let id = response.id;
    let asked = |action| ui.input(|input| input.num_accesskit_action_requests(id, action));
    let asked = [accesskit::Action::Increment, accesskit::Action::Decrement].map(asked);
    let mut steps = signed(asked[0]) - signed(asked[1]);
    if response.has_focus() {
        let filter = EventFilter {
            horizontal_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        steps += signed(pressed(Key::ArrowRight)) - signed(pressed(Key::ArrowLeft));
    }
    steps
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(0)
}

/// The labels as a list; returns the one under the pointer.
pub(super) fn labels(
    ui: &mut Ui,
    scene: &Scene<'_>,
    id: Id,
    (drag, scroll): (&mut Option<Drag>, f32),
) -> Option<RowOf> {
    let part = scene.layout.labels;
    let list = UiBuilder::new()
        .scope_id(id.with("list"))
        .max_rect(part)
        .accessibility_role(Role::List)
        .accessibility_label("Timeline lanes");
    let mut ui_list = ui.new_child(list);
    ui_list.shrink_clip_rect(part);
    let n_lanes = scene.plan.lanes(scene.look.grouping).len();
    let mut hovered = None;
    for (row, rect) in paint::visible_rows(scene, scroll) {
        let name = row_name(scene, row);
        let label = Rect::from_x_y_ranges(part.x_range(), rect.y_range());
        let id = id.with(("label", row_id(row.of)));
        let sense = match row.of {
            RowOf::Lane(_) if moving::can_move(scene, row.of) => Sense::click_and_drag(),
            RowOf::Lane(_) | RowOf::Stream(..) | RowOf::More(_) => Sense::click(),
        };
        let response = ui_list.interact(label, id, sense);
        response.widget_info(|| {
            WidgetInfo::selected(Role::ListItem, true, paint::is_selected(scene, row), &name)
        });
        if let RowOf::Lane(group) = row.of {
            ui.ctx().accesskit_node_builder(id, |node| {
                node.set_position_in_set(place_of(scene, group) + 1);
                node.set_size_of_set(n_lanes);
                if let Some(open) = paint::is_open(scene, group) {
                    node.set_expanded(open);
                }
            });
        }
        if response.hovered() {
            hovered = Some(row.of);
        }
        moving::drag_label(scene, &response, row.of, (drag, scroll));
        match row.of {
            RowOf::Stream(_, stream) if response.double_clicked() => {
                scene.view.send(Action::OpenStream(stream));
            }
            // The first of two clicks may have closed it: two open it, whatever it was.
            RowOf::Lane(group)
                if response.double_clicked() && paint::is_open(scene, group) == Some(true) => {}
            RowOf::Lane(group) if response.clicked() && is_alt(ui) => {
                if let Some(clause) = gestures::only(scene, group) {
                    scene.view.send(Action::ShowOnly(clause));
                }
            }
            _ if response.clicked() => gestures::click_label(scene, row.of),
            _ => {}
        }
        response.context_menu(|ui| label_menu(ui, scene, row.of));
        if focus_ring::is_shown(&response) {
            focus_ring::inside(&ui_list, label.shrink(1.0));
        }
    }
    hovered
}

fn is_alt(ui: &Ui) -> bool {
    ui.input(|input| input.modifiers.alt)
}

/// How many lanes stand above that of a group.
fn place_of(scene: &Scene<'_>, group: usize) -> usize {
    let mut order = scene.order.iter();
    order.position(|known| *known == group).unwrap_or(group)
}

/// What can be done with a lane or a stream, on a right click of its label.
fn label_menu(ui: &mut Ui, scene: &Scene<'_>, row: RowOf) {
    let send = |action: Action| scene.view.send(action);
    match row {
        RowOf::Lane(group) => {
            if let Some(open) = paint::is_open(scene, group) {
                let does = if open { "Close" } else { "Open" };
                if menu::item(ui, None, does, "").clicked() {
                    gestures::click_label(scene, row);
                }
            }
            if let Some(clause) = gestures::only(scene, group) {
                let is_so = has_clause(&scene.look.filter, &clause);
                let does = if is_so {
                    "Show the others too"
                } else {
                    "Show only this"
                };
                if menu::item(ui, None, does, "").clicked() {
                    send(Action::ShowOnly(clause));
                }
            }
            let can_move = |group: &&usize| moving::can_move(scene, RowOf::Lane(**group));
            let n_movable = scene.order.iter().filter(can_move).count();
            if moving::can_move(scene, row)
                && let Some(to) = moving::move_items(ui, (place_of(scene, group), n_movable))
            {
                moving::move_lane(scene, group, to);
            }
            if !scene.look.lane_order(scene.look.grouping).is_empty()
                && menu::item(ui, None, "Largest first", "").clicked()
            {
                send(Action::OrderLanes(scene.look.grouping, [].into()));
            }
        }
        RowOf::Stream(_, stream) => {
            if menu::item(
                ui,
                None,
                "Time travel",
                scene.view.key_of(&Action::OpenSelected),
            )
            .clicked()
            {
                send(Action::OpenStream(stream));
            }
            if menu::item(ui, None, "Select", "").clicked() {
                send(Action::SelectStream(Some(stream)));
            }
            if menu::item(ui, None, "Compare with this", "").clicked() {
                send(Action::CompareWith(stream));
            }
        }
        RowOf::More(_) => ui.close(),
    }
}

/// A number for a row that stays the same while other rows come and go.
fn row_id(row: RowOf) -> (u8, u64) {
    match row {
        RowOf::Lane(group) => (0, group as u64),
        RowOf::Stream(_, stream) => (1, u64::from(stream.0)),
        RowOf::More(n_more) => (2, n_more as u64),
    }
}

/// `order, 1,740 events, 312 in view, open, 1 of 12`
fn row_name(scene: &Scene<'_>, row: &Row) -> String {
    let count = |n: usize| format::count(u64::try_from(n).unwrap_or(u64::MAX));
    match row.of {
        RowOf::Lane(group) => {
            let lanes = scene.plan.lanes(scene.look.grouping);
            let Some(lane) = lanes.get(group) else {
                return String::new();
            };
            let open = match paint::is_open(scene, group) {
                Some(true) => ", open",
                Some(false) => ", closed",
                None => "",
            };
            let left = scene
                .density
                .n_left(group)
                .map_or_else(String::new, |n_left| {
                    format!(", {} left by the filter", format::count(n_left))
                });
            format!(
                "{}, {} events, {} in view{left}{open}, {} of {}",
                lane.name,
                format::count(lane.count),
                format::count(u64::from(scene.density.in_view(group))),
                place_of(scene, group) + 1,
                lanes.len(),
            )
        }
        RowOf::Stream(_, stream) => {
            let name = format::visible(scene.log.stream_name(stream));
            let n_events = count(scene.log.events_of(stream).len());
            let version = super::dots::version_at_playhead(scene, stream)
                .map_or_else(|| "not begun".to_owned(), |version| format!("at {version}"));
            format!("{name}, {n_events} events, {version}")
        }
        RowOf::More(n_more) => format!("{} more streams", count(n_more)),
    }
}
