//! What stands above a state: of what and when it is, how much changed, and by whose rules it was made.

use egui::text::LayoutJob;
use egui::{Align, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::branch;
use super::event_detail::dot_ui;
use super::shared::{counted, moment_of, place, version};
use super::state_compared::Shown;
use super::state_rows::counts;
use super::tile;
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, Tokens, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::focus_ring;
use crate::ui::widgets::json_tree::{TreeRow, ValueKind};
use crate::ui::widgets::tag::{self, Sign, Tone};
use crate::ui::widgets::tooltip::Tip;
use crate::workbench::{Action, Compare, Export, StateAnswer};

/// How many failures are listed.
const MOST_FAILURES: usize = 4;

/// Room for the count of events beside a stream's name.
const COUNT: f32 = 72.0;

/// Shows heading, event and label of a state.
pub(super) fn head_ui(
    ui: &mut Ui,
    view: &View<'_>,
    log: &EventLog,
    (answer, shown): (&StateAnswer, &Shown),
) {
    let state = &answer.state;
    let t = tokens(ui);
    let title = format!("State @ {}", version(state.version));
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 42.0), Sense::hover());
    let [changed, added, removed] = counts(&shown.changes);
    let said = format!("{title}, {changed} changed, {added} added, {removed} removed");
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, said.as_str()));
    let line = Rect::from_min_max(
        pos2(rect.left() + size::SIDE, rect.top() + 12.0),
        pos2(rect.right() - 44.0, rect.top() + 36.0),
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
    let copy = Rect::from_center_size(pos2(rect.right() - 24.0, line.center().y), vec2(24.0, 24.0));
    let button = button::icon_button(icons::COPY, "Copy state", "").small();
    if ui.place(copy, button).clicked() {
        view.send(Action::CopyText(state.value.to_string()));
    }
    let export = copy.translate(vec2(-26.0, 0.0));
    let button = button::icon_button(icons::EXPORT, "Export state", "").small();
    if ui.place(export, button).clicked() {
        view.send(Action::Export(Export::State));
    }
    after_ui(ui, view, log, answer);
    sentence_ui(ui, view, &shown.sentence);
    ui.add_space(4.0);
    label_ui(ui, view, log, answer);
    ui.add_space(6.0);
    saved_ui(ui, view, answer);
    branch::strip_ui(ui, view, answer);
    ui.add_space(4.0);
    failures_ui(ui, view, answer);
}

/// After which event, and when.
fn after_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, answer: &StateAnswer) {
    let (state, t) = (&answer.state, tokens(ui));
    let Some(position) = log.last().map(|last| state.position.min(last)) else {
        return;
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = size::ICON_GAP;
        ui.add_space(size::SIDE);
        ui.label(text::row("after").color(t.text3));
        dot_ui(ui, view, log, position);
        let name = format::visible(log.type_name(log.event_type(position)));
        let zone = view.look().zone;
        let when = moment_of(log, position, zone);
        // When it was stays in sight beside the longest of names.
        let room = ui.available_width() - text::width(ui.painter(), Face::Data, &when) - size::SIDE;
        let name = text::shortened(ui.painter(), Face::Row, &name, room.max(COUNT)).into_owned();
        ui.label(text::row(name).color(t.text));
        ui.add(egui::Label::new(text::data(when).color(t.text2)).truncate());
    });
}

/// What the event did, in words that can be copied.
fn sentence_ui(ui: &mut Ui, view: &View<'_>, sentence: &str) {
    if sentence.is_empty() {
        return;
    }
    let words = format::visible(sentence).into_owned();
    egui::Frame::new()
        .inner_margin(egui::Margin::symmetric(12, 3))
        .show(ui, |ui| {
            let label = egui::Label::new(text::small(words.as_str()).color(tokens(ui).text2))
                .wrap()
                .sense(Sense::CLICK);
            let response = ui.add(label);
            if Tip::new("Click copies").on(response).clicked() {
                view.send(Action::CopyText(sentence.to_owned()));
            }
        });
}

/// Whose rules made it. A mere merge of payloads is marked as such.
fn label_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, answer: &StateAnswer) {
    let t = tokens(ui);
    let is_application = view.workbench.reducer.is_application_state();
    let label = answer.state.label.to_string();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.add_space(size::SIDE);
        let tone = if is_application { Tone::Neutral } else { Tone::Warn };
        let width = tag::width(ui.painter(), &label);
        let (rect, response) = ui.allocate_exact_size(vec2(width, size::TAG), Sense::CLICK);
        tag::paint(ui.painter(), rect.left_center(), tone, &label);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label.as_str()));
        focus_ring::around(ui, &response, size::CORNER_TAG);
        let tip = if is_application {
            Tip::new("Rules").sentence("This state follows these rules. Click to see or change them.")
        } else {
            Tip::new("Not the application's aggregate")
                .sentence("Payloads are laid over one another, the last value of a field counts. The application may compute it otherwise: click to write its rules.")
        };
        if tip.on(response).clicked() {
            view.send(Action::ShowReducer(!view.look().shows_reducer));
        }
        let name = format::visible(log.stream_name(answer.state.stream));
        // The count of events stays in sight beside the longest of names.
        let room = (ui.available_width() - COUNT).max(COUNT);
        let name = text::shortened(ui.painter(), Face::Data, &name, room).into_owned();
        ui.label(text::data(name).color(t.text2));
        let applied = u64::from(answer.state.events_applied);
        let not_applied = u64::from(answer.state.not_applied);
        let mut words = counted(applied, "event", "events");
        if not_applied > 0 {
            words = format!("{words}, {} not applied", format::count(not_applied));
        }
        ui.add(egui::Label::new(text::small(words).color(t.text3)).truncate());
    });
}

/// The state that the store saved here: whether it is the replayed one, and the first path that differs.
fn saved_ui(ui: &mut Ui, view: &View<'_>, answer: &StateAnswer) {
    let Some(saved) = &answer.saved else { return };
    let at = version(answer.state.version);
    let (words, tone) = match (&saved.stored, saved.first_difference()) {
        (Err(why), _) => (format!("Snapshot {at} {why}"), Tone::Warn),
        (Ok(_), None) => (format!("Snapshot {at} is the same"), Tone::Ok),
        (Ok(_), Some(path)) if path.0.is_empty() => {
            (format!("Snapshot {at} is another state"), Tone::Warn)
        }
        (Ok(_), Some(path)) => {
            let path = format::visible(&path.to_string()).into_owned();
            (format!("Snapshot {at} differs first at {path}"), Tone::Warn)
        }
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.add_space(size::SIDE);
        tag::tag(ui, tone, &words);
        let is_compared = view.look().compare == Compare::Saved;
        let button = button::toggle(is_compared, "Compare")
            .small()
            .name("Compare with the snapshot");
        if saved.stored.is_ok() && ui.add(button).clicked() {
            view.send(Action::SetCompare(if is_compared {
                Compare::Previous
            } else {
                Compare::Saved
            }));
        }
    });
    ui.add_space(4.0);
}

/// Events that could not be applied, each with the way to it.
fn failures_ui(ui: &mut Ui, view: &View<'_>, answer: &StateAnswer) {
    let failures = &answer.state.failures;
    if failures.is_empty() {
        return;
    }
    tile::hairline(ui);
    ui.add_space(4.0);
    let t = tokens(ui);
    for (position, why) in failures.iter().take(MOST_FAILURES) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = size::ICON_GAP;
            ui.add_space(size::SIDE);
            ui.label(icons::icon(icons::FAILED, size::ICON_SMALL, t.err));
            let there = place(*position);
            if ui.add(button::link(&there)).clicked() {
                view.send(Action::MovePlayhead(*position));
            }
            let why = format::visible(why).into_owned();
            ui.add(egui::Label::new(text::row(why).color(t.err)).truncate());
        });
    }
    let more = failures.len().saturating_sub(MOST_FAILURES);
    if more > 0 {
        let more = counted(
            u64::try_from(more).unwrap_or(0),
            "more failure",
            "more failures",
        );
        super::event_facts::line_ui(ui, &more, t.err);
    }
    ui.add_space(4.0);
}

/// `old → new` in the colors of values.
pub(super) fn change_job(t: &Tokens, row: &TreeRow) -> LayoutJob {
    let mut job = LayoutJob::default();
    let cut = |value: &str| format::visible(&text::fitting(value, 2_000.0)).into_owned();
    if let Some(old) = &row.old {
        job.append(&cut(old), 0.0, text::format(Face::Data, t.text3));
        job.append(" \u{2192} ", 0.0, text::format(Face::Data, t.text3));
    }
    let color = match row.kind {
        ValueKind::Text => t.code_text,
        ValueKind::Number | ValueKind::Bool | ValueKind::Null => t.code_number,
        ValueKind::Container => t.text2,
        ValueKind::Broken => t.err,
    };
    let format = if row.sign == Sign::Removed {
        text::struck(Face::Data, t.text3)
    } else {
        text::format(Face::Data, color)
    };
    job.append(&cut(&row.value), 0.0, format);
    job
}
