//! The finding that is chosen: what, where, how it was found, and the ways to its event.

use egui::{Label, Role, ScrollArea, Ui, WidgetInfo};

use super::audit_checks::icon_of;
use super::event_colors::EventColors;
use super::event_facts::line_ui;
use super::findings::{category_of, status_of};
use super::shared::{moment_of, place, version};
use super::tile;
use crate::audit::{Audit, CheckResult, Finding};
use crate::event::{Position, StreamId};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::kv::kv_text;
use crate::ui::widgets::section::section;
use crate::ui::widgets::{button, swatch};
use crate::workbench::{Action, InspectorTab, ViewKind};

/// How many events of the stream are shown before the one found.
const BEFORE: u32 = 3;
/// Width of the versions.
const NUMBER: f32 = 44.0;

/// Shows the finding chosen in the look, in all the space there is.
pub(super) fn detail_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, audit: &Audit) {
    let chosen = view.look().selection.finding;
    let Some((nr, found)) = chosen.and_then(|nr| Some((nr, audit.findings.get(nr)?))) else {
        let why = if audit.findings.is_empty() {
            "There is none."
        } else {
            "Choose one in the list to see where it is and how it was found."
        };
        Empty::new("No finding is chosen").why(why).show(ui);
        return;
    };
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        head_ui(ui, found);
        accept_ui(ui, view, nr, found);
        tile::hairline(ui);
        if let Some(position) = found
            .position
            .map(Position)
            .filter(|position| position.index() < log.len())
        {
            around_ui(ui, view, log, found, position);
            ui.add_space(8.0);
            buttons_ui(ui, view, log.stream(position), position);
            ui.add_space(12.0);
            tile::hairline(ui);
        }
        facts_ui(ui, view, log, found);
        if let Some(check) = audit.checks.iter().find(|check| check.id == found.check) {
            tile::hairline(ui);
            check_ui(ui, check);
        }
        ui.add_space(12.0);
    });
}

/// Words over several lines, with the tile's sides.
fn prose_ui(ui: &mut Ui, words: &str, face: Face, color: egui::Color32) {
    ui.horizontal(|ui| {
        ui.add_space(size::SIDE);
        ui.vertical(|ui| {
            ui.set_max_width(ui.available_width() - size::SIDE);
            ui.add(Label::new(text::rich(format::visible(words), face).color(color)).wrap());
        });
    });
}

fn head_ui(ui: &mut Ui, found: &Finding) {
    let t = tokens(ui);
    ui.add_space(12.0);
    let (icon, color) = icon_of(t, status_of(found.severity));
    let response = ui
        .horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            ui.add_space(size::SIDE);
            ui.label(icons::icon(icon, 18.0, color));
            let words = text::heading(format::visible(&found.message)).color(t.text);
            ui.vertical(|ui| {
                ui.set_max_width(ui.available_width() - size::SIDE);
                ui.add(Label::new(words).wrap());
            });
        })
        .response;
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, found.message.as_str()));
    if let Some(group) = &found.group {
        ui.add_space(6.0);
        prose_ui(ui, group, Face::Row, t.text2);
    }
    ui.add_space(12.0);
}

/// Whether it is accepted, why, by whom and when; and the buttons that say so.
fn accept_ui(ui: &mut Ui, view: &View<'_>, nr: usize, found: &Finding) {
    let t = tokens(ui);
    let accepted = view.workbench.accepted(found);
    if let Some(accepted) = accepted {
        let zone = view.look().zone;
        let by = match accepted.by.as_str() {
            "" => String::new(),
            by => format!(" by {by}"),
        };
        let day = super::shared::day(accepted.at, zone);
        let label = zone.label(accepted.at);
        let words = format!("Accepted{by}, {day} {label}");
        prose_ui(ui, &words, Face::Row, t.text2);
        prose_ui(ui, &accepted.reason, Face::Row, t.text);
        ui.add_space(6.0);
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.add_space(size::SIDE);
        let words = if accepted.is_some() {
            "Change reason"
        } else {
            "Accept\u{2026}"
        };
        if ui.add(button::normal(words).small()).clicked() {
            view.send(Action::AskAccept(nr));
        }
        if accepted.is_some() && ui.add(button::quiet("Take back").small()).clicked() {
            view.send(Action::ReopenFinding(nr));
        }
    });
    ui.add_space(12.0);
}

/// The events of the stream just before the place, and the one there.
fn around_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, found: &Finding, position: Position) {
    section(ui, "Around it");
    let stream = log.stream(position);
    let Some(rank) = log.rank_at(stream, position) else {
        return;
    };
    let events = log.events_of(stream);
    let last = u32::try_from(events.len()).unwrap_or(0).min(rank + 2);
    for nr in rank.saturating_sub(BEFORE)..last {
        if nr == rank {
            gap_ui(ui, found);
        }
        if let Some(at) = events.get(nr as usize) {
            event_ui(
                ui,
                view,
                log,
                Position(*at),
                *at == position.0 && found.position.is_some(),
            );
        }
    }
}

/// The versions that are missing before the event, where that is what was found.
fn gap_ui(ui: &mut Ui, found: &Finding) {
    let (Some(version), "version-gap") = (found.version, found.check) else {
        return;
    };
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(
        egui::vec2(ui.available_width(), size::ROW),
        egui::Sense::hover(),
    );
    ui.painter().rect_filled(rect, 0.0, t.err_soft);
    let first = version.saturating_sub_unsigned(found.count);
    let last = version.saturating_sub(1);
    let whole = super::shared::whole;
    let missing = if first == last {
        format!("v{}", whole(last))
    } else {
        format!("v{} to v{}", whole(first), whole(last))
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{missing} missing")));
    let inside = rect.shrink2(egui::vec2(size::SIDE, 0.0));
    let taken = text::line(
        ui.painter(),
        inside,
        egui::Align::Min,
        Face::Data,
        missing,
        t.err,
    );
    let rest = egui::Rect::from_min_max(
        egui::pos2(
            (taken.right() + 8.0).max(inside.left() + NUMBER + 8.0),
            inside.top(),
        ),
        inside.max,
    );
    text::line(
        ui.painter(),
        rest,
        egui::Align::Min,
        Face::Row,
        "missing",
        t.err,
    );
    text::line(
        ui.painter(),
        rest,
        egui::Align::Max,
        Face::Row,
        "no record in the file",
        t.text3,
    );
}

fn event_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, position: Position, is_it: bool) {
    let t = tokens(ui);
    let place_rect =
        egui::Rect::from_min_size(ui.cursor().min, egui::vec2(ui.available_width(), size::ROW));
    if is_it {
        ui.painter().rect_filled(place_rect, 0.0, t.warn_soft);
    }
    let mut row = ui.new_child(
        egui::UiBuilder::new()
            .id_salt(position.0)
            .max_rect(place_rect)
            .layout(egui::Layout::left_to_right(egui::Align::Center)),
    );
    row.spacing_mut().item_spacing.x = 8.0;
    row.add_space(size::SIDE);
    let shown = version(log.version(position));
    let (number, _) = row.allocate_exact_size(egui::vec2(NUMBER, 16.0), egui::Sense::hover());
    text::line(
        row.painter(),
        number,
        egui::Align::Min,
        Face::Data,
        shown,
        t.text2,
    );
    let there = place(position);
    if row.add(button::link(&there)).clicked() {
        view.send(Action::MovePlayhead(position));
    }
    swatch::swatch(
        &mut row,
        EventColors::across(view).event(t, log, position, false),
    );
    let name = format::visible(log.type_name(log.event_type(position))).into_owned();
    row.add(Label::new(text::row(name).color(t.text)).truncate());
    ui.advance_cursor_after_rect(place_rect);
}

fn buttons_ui(ui: &mut Ui, view: &View<'_>, stream: StreamId, position: Position) {
    let there = format!("Go to {}", place(position));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.add_space(size::SIDE);
        if ui
            .add(button::normal(&there).icon(icons::FORWARD).key_cap("Enter"))
            .clicked()
        {
            view.send(Action::MovePlayhead(position));
            view.send(Action::ShowView(ViewKind::Explore));
            view.send(Action::ShowInspector(InspectorTab::Event));
        }
        if ui
            .add(button::normal("Time travel").icon(icons::TIME_TRAVEL))
            .clicked()
        {
            view.send(Action::SelectStream(Some(stream)));
            view.send(Action::MovePlayhead(position));
            view.send(Action::ShowView(ViewKind::Explore));
            view.send(Action::ShowInspector(InspectorTab::State));
        }
    });
}

fn facts_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, found: &Finding) {
    let t = tokens(ui);
    section(ui, "Where");
    let mut fact = |key: &str, value: &str| {
        kv_text(ui, key, Face::Data, &format::visible(value), t.text);
    };
    match &found.stream {
        Some(stream) => fact("Stream", stream),
        None => fact("Category", category_of(log, found)),
    }
    if let Some(version) = found.version {
        fact("Version", &super::shared::whole(version));
    }
    if let Some(position) = found
        .position
        .map(Position)
        .filter(|position| position.index() < log.len())
    {
        fact("Position", &place(position));
        let zone = view.look().zone;
        let label = log.time(position).map(|time| zone.label(time));
        let key = label.map_or_else(|| "Time".to_owned(), |label| format!("Time, {label}"));
        fact(&key, &moment_of(log, position, zone));
    }
    if let Some(id) = &found.event_id {
        fact("Event id", &format::id(id));
    }
    if let Some(place) = &found.place {
        fact("Record", place);
    }
    ui.add_space(4.0);
}

/// The check that found it, and with which parameters it ran.
fn check_ui(ui: &mut Ui, check: &CheckResult) {
    let t = tokens(ui);
    section(ui, "How this was found");
    line_ui(ui, check.title, t.text);
    if !check.why.is_empty() {
        prose_ui(ui, &check.why, Face::Row, t.text3);
        ui.add_space(4.0);
    }
    for (name, value) in &check.parameters {
        kv_text(ui, name, Face::Data, &format::visible(value), t.text2);
    }
}
