//! What is compared, above the differences: between which points, and how much differs.

use egui::{Align, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::shared::{moment_of, place, version};
use super::state_rows::counts;
use crate::event::{Position, StreamId};
use crate::fold::{ExplainedChange, State};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::tag::{self, Tone};
use crate::workbench::{Action, DiffAnswer, DiffKey, EventsKey};

/// Room for a moment and a position beside the name of an event.
const MOMENT: f32 = 180.0;

/// Between which states.
pub(super) fn states_ui(
    ui: &mut Ui,
    view: &View<'_>,
    log: &EventLog,
    (key, answer): (&DiffKey, &DiffAnswer),
) {
    let from = answer
        .old
        .as_ref()
        .map_or_else(|| "nothing".to_owned(), |old| version(old.version));
    let title = format!("{from} \u{2192} {}", version(answer.new.version));
    title_ui(ui, &title, &answer.changes);
    if !key.is_of_two() {
        stream_ui(ui, log, key.stream);
    }
    let look = view.look();
    let from = look.marker_a.map_or("From", |_| "A");
    let to = look.marker_b.map_or("To", |_| "B");
    if let Some(old) = &answer.old {
        if key.is_of_two() {
            stream_ui(ui, log, old.stream);
        }
        state_ui(ui, view, log, (from, old));
    }
    if key.is_of_two() {
        stream_ui(ui, log, key.stream);
    }
    state_ui(ui, view, log, (to, &answer.new));
    ui.add_space(6.0);
}

/// Between which events.
pub(super) fn events_ui(
    ui: &mut Ui,
    view: &View<'_>,
    log: &EventLog,
    (key, changes): (EventsKey, &[ExplainedChange]),
) {
    let title = format!("Data {} \u{2192} {}", place(key.old), place(key.new));
    title_ui(ui, &title, changes);
    for (name, position) in [("A", key.old), ("Event", key.new)] {
        stream_ui(ui, log, log.stream(position));
        point_ui(ui, view, log, (name, position));
    }
    ui.add_space(6.0);
}

/// What is compared, and how much differs.
fn title_ui(ui: &mut Ui, title: &str, changes: &[ExplainedChange]) {
    let t = tokens(ui);
    let changes: Vec<_> = changes.iter().map(|one| one.change.clone()).collect();
    let [changed, added, removed] = counts(&changes);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 42.0), Sense::hover());
    let said = format!("Differences {title}, {changed} changed, {added} added, {removed} removed");
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, said.as_str()));
    let line = Rect::from_min_max(
        pos2(rect.left() + size::SIDE, rect.top() + 12.0),
        pos2(rect.right() - size::SIDE, rect.top() + 36.0),
    );
    let painter = ui.painter();
    let mut x = text::line(painter, line, Align::Min, Face::Heading, title, t.text).right() + 10.0;
    for (n, word, tone) in [
        (changed, "changed", Tone::Warn),
        (added, "added", Tone::Ok),
        (removed, "removed", Tone::Err),
    ] {
        let label = format!("{} {word}", format::count(n));
        if n > 0 && x + tag::width(painter, &label) < line.right() {
            x = tag::paint(painter, pos2(x, line.center().y), tone, &label).right() + 6.0;
        }
    }
}

/// The name of a stream on a line of its own.
fn stream_ui(ui: &mut Ui, log: &EventLog, stream: StreamId) {
    let color = tokens(ui).text2;
    let name = format::visible(log.stream_name(stream)).into_owned();
    ui.horizontal(|ui| {
        ui.add_space(size::SIDE);
        ui.add(egui::Label::new(text::data(name).color(color)).truncate());
    });
}

/// One of both states: its event, and when that was.
fn state_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, (name, state): (&str, &State)) {
    let at = state.position.min(log.last().unwrap_or_default());
    point_ui(ui, view, log, (name, at));
}

/// One of both points: its event, and when that was.
fn point_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, (name, at): (&str, Position)) {
    let t = tokens(ui);
    let event = format::visible(log.type_name(log.event_type(at)));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = size::ICON_GAP;
        ui.add_space(size::SIDE);
        tag::tag(ui, Tone::Neutral, name);
        let room = (ui.available_width() - MOMENT).max(MOMENT / 2.0);
        let event = text::shortened(ui.painter(), Face::Button, &event, room);
        let label = format!("{} {event}", version(log.version(at)));
        let link = crate::ui::widgets::button::link(&label);
        if ui.add(link).clicked() {
            view.send(Action::MovePlayhead(at));
        }
        let when = moment_of(log, at, view.look().zone);
        let words = format!("{when}, {}", place(at));
        ui.add(egui::Label::new(text::small(words).color(t.text3)).truncate());
    });
}
