//! The file chip of the top bar: what is open, how it was read, and the menu of files.

use egui::{Align, CornerRadius, Id, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::history::HistoryAbout;
use crate::ui::View;
use crate::ui::theme::icons;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::tag::{self, Tone};
use crate::ui::widgets::tooltip::Tip;
use crate::ui::widgets::{focus_ring, menu};
use crate::workbench::{Action, row_of};

/// The mark of the menu behind the name, with the space around it.
const CARET_ROOM: f32 = 24.0;

/// Name, format, counts and range of what is open; a click opens the menu of files.
pub(super) fn file_chip(ui: &Ui, rect: Rect, view: &View<'_>) {
    let Some(history) = view.history() else {
        unknown_chip(ui, rect, view);
        return;
    };
    let t = tokens(ui);
    let response = ui.interact(
        rect.shrink2(vec2(2.0, 5.0)),
        Id::unique("annals_file_chip"),
        Sense::click(),
    );
    if response.hovered() {
        ui.painter().rect_filled(
            response.rect,
            CornerRadius::same(size::CORNER_MENU),
            t.control_hover,
        );
    }
    let about = &history.about;
    let icon = if about.container == "sqlite" {
        icons::STORE
    } else {
        icons::LOG_FILE
    };
    icons::paint(
        ui.painter(),
        pos2(rect.left() + 18.0, rect.center().y),
        icon,
        size::ICON_FILE,
        t.text2,
    );
    let left = rect.left() + 36.0;
    let upper = Rect::from_min_max(
        pos2(left, rect.top() + 7.0),
        pos2(rect.right() - 8.0, rect.top() + 27.0),
    );
    let lower = Rect::from_min_max(
        pos2(left, rect.top() + 25.0),
        pos2(rect.right() - 4.0, rect.top() + 41.0),
    );
    let format_tag = format_tag(about);
    let mut name = format::visible(about.name()).into_owned();
    if about.inputs.len() > 1 {
        name = format!("{name} and {} more", about.inputs.len() - 1);
    }
    // Which file it is matters more than how it was read, unless that is a guess.
    let tag_room = tag::width(ui.painter(), &format_tag) + 8.0;
    let needed = text::width(ui.painter(), Face::BodyStrong, &name) + tag_room + CARET_ROOM;
    let has_tag = is_guessed(about) || needed <= upper.width();
    let kept = CARET_ROOM + if has_tag { tag_room } else { 0.0 };
    let name_place = Rect::from_min_max(
        upper.min,
        pos2((upper.right() - kept).max(left + 40.0), upper.bottom()),
    );
    let taken = text::line(
        ui.painter(),
        name_place,
        Align::Min,
        Face::BodyStrong,
        name.as_str(),
        t.text,
    );
    let tone = if is_guessed(about) {
        Tone::Warn
    } else {
        Tone::Neutral
    };
    let tag = if has_tag {
        let place = pos2(taken.right() + 8.0, upper.center().y);
        tag::paint(ui.painter(), place, tone, &format_tag)
    } else {
        taken
    };
    let caret = pos2(tag.right() + 14.0, upper.center().y);
    icons::paint(
        ui.painter(),
        caret,
        icons::UNFOLDED,
        size::ICON_TEXT,
        t.text3,
    );
    let facts = facts_line(view);
    text::line(
        ui.painter(),
        lower,
        Align::Min,
        Face::Small,
        facts.as_str(),
        t.text3,
    );
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Button, true, format!("{name}, {format_tag}, {facts}"))
    });
    focus_ring::around(ui, &response, size::CORNER_MENU);
    if is_guessed(about) {
        guessed_tag(ui, tag, view);
    }
    egui::Popup::menu(&response)
        .width(size::MENU + 80.0)
        .show(|ui| file_menu(ui, view));
}

/// The amber tag of a guess leads to the mapping.
fn guessed_tag(ui: &Ui, tag: Rect, view: &View<'_>) {
    let place = tag.expand2(vec2(2.0, 4.0));
    let response = ui.interact(place, Id::unique("annals_guessed_tag"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Guessed, change the mapping"));
    focus_ring::around(ui, &response, size::CORNER_TAG);
    let response = Tip::new("Check the mapping")
        .sentence("No known schema fits this file; how it is read was guessed.")
        .on(response);
    if response.clicked() {
        view.send(Action::ReadDifferently);
    }
}

/// The file that is being mapped, before anything of it is open.
fn unknown_chip(ui: &Ui, rect: Rect, view: &View<'_>) {
    let Some(mapping) = &view.workbench.mapping else {
        return;
    };
    let t = tokens(ui);
    let icon = pos2(rect.left() + 18.0, rect.center().y);
    icons::paint(ui.painter(), icon, icons::STORE, size::ICON_FILE, t.text2);
    let upper = Rect::from_min_max(
        pos2(rect.left() + 36.0, rect.top() + 7.0),
        pos2(rect.right() - 140.0, rect.top() + 27.0),
    );
    let name = format::visible(&mapping.name).into_owned();
    let taken = text::line(
        ui.painter(),
        upper,
        Align::Min,
        Face::BodyStrong,
        name,
        t.text,
    );
    let left = pos2(taken.right() + 8.0, upper.center().y);
    tag::paint(ui.painter(), left, Tone::Warn, "Unknown schema");
    let about = match mapping.found() {
        Some(found) if found.is_database => match found.tables.len() {
            1 => "1 table".to_owned(),
            n_tables => format!("{} tables", format::count(n_tables as u64)),
        },
        Some(_) => "A log".to_owned(),
        None => "Looking at its tables".to_owned(),
    };
    let lower = Rect::from_min_max(
        pos2(rect.left() + 36.0, rect.top() + 25.0),
        pos2(rect.right() - 4.0, rect.top() + 41.0),
    );
    text::line(ui.painter(), lower, Align::Min, Face::Small, about, t.text3);
}

/// Whether the schema was guessed, and nobody has looked at the guess.
fn is_guessed(about: &HistoryAbout) -> bool {
    about.guess.is_some() && !about.is_mapped && !is_sample(about)
}

/// Whether it is the sample, which lies in no file.
fn is_sample(about: &HistoryAbout) -> bool {
    about.files.iter().all(|file| file.path.is_none())
}

fn format_tag(about: &HistoryAbout) -> String {
    let container = match about.container.as_str() {
        "sqlite" => "SQLite",
        "ndjson" => "JSON Lines",
        "json-array" => "JSON",
        "csv" => "CSV",
        other => other,
    };
    if is_sample(about) {
        return "Built in".to_owned();
    }
    if about.is_mapped {
        return format!("Mapped by you · {container}");
    }
    if about.guess.is_some() {
        return format!("Guessed · {container}");
    }
    if about.format_name.is_empty() || about.format_name == container {
        return container.to_owned();
    }
    format!("{} · {container}", about.format_name)
}

fn facts_line(view: &View<'_>) -> String {
    let Some(log) = view.log() else {
        return String::new();
    };
    let noun = |n: usize, one: &str, many: &str| {
        format!(
            "{} {}",
            format::count(n as u64),
            if n == 1 { one } else { many }
        )
    };
    let mut facts = vec![
        noun(log.len(), "event", "events"),
        noun(log.streams().len(), "stream", "streams"),
        noun(log.type_names().len(), "type", "types"),
    ];
    if let Some((first, last)) = log.time_range() {
        let zone = view.look().zone;
        let day = |time| zone.wall(time).date_time(' ', 0)[..10].to_owned();
        facts.push(format!("{} – {}", day(first), day(last)));
    }
    facts.join(" · ")
}

fn file_menu(ui: &mut Ui, view: &View<'_>) {
    let item = |ui: &mut Ui, icon, action: Action| {
        let Some(row) = row_of(&action) else { return };
        if menu::item(ui, icon, row.name, view.key_of(&action)).clicked() {
            view.send(action);
        }
    };
    item(ui, Some(icons::NOTE), Action::ShowFileInfo);
    item(ui, Some(icons::WARNING), Action::ShowProblems);
    menu::separator(ui);
    item(ui, Some(icons::OPEN), Action::OpenDialog);
    item(ui, Some(icons::STORE), Action::OpenSample);
    if view
        .history()
        .is_some_and(|history| !is_sample(&history.about))
    {
        item(ui, Some(icons::TABLE), Action::ReadDifferently);
    }
    if !view.recent.is_empty() {
        menu::separator(ui);
    }
    for file in view.recent.iter().take(6) {
        let name = file
            .path
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        if menu::item(ui, None, &format::visible(&name), "").clicked() {
            view.send(Action::OpenPath(file.path.clone()));
        }
    }
    menu::separator(ui);
    item(ui, Some(icons::REPORT), Action::SaveReport);
    item(ui, Some(icons::CLOSE), Action::CloseHistory);
    item(ui, None, Action::Quit);
}
