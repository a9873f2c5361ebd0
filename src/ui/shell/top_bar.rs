//! The bar above: what is open, the views, where to, and what the audit says.

use egui::{
    Align, CornerRadius, Id, Layout, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::audit::Status;
use crate::settings::ThemeChoice;
use crate::ui::View;
use crate::ui::theme::icons::{self, Icon};
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::tag::{self, Tone};
use crate::ui::widgets::tooltip::Tip;
use crate::ui::widgets::{button, focus_ring, kbd, menu};
use crate::ui::window::{Facts, stop};
use crate::workbench::{Action, Freshness, ViewKind, row_of};

use super::{key_of, mark};

/// Where the views begin.
const VIEWS_LEFT: f32 = 496.0;
/// The height of a view's button and of the search field.
const TALL: f32 = 32.0;

/// The stop of the bar for F6.
pub fn focus() -> Id {
    Id::unique("annals_top_bar_focus")
}

/// Shows the bar.
pub fn show(ui: &mut Ui, view: &View<'_>, facts: &Facts<'_>) {
    let bar = ui.max_rect();
    let t = tokens(ui);
    ui.painter().hline(
        bar.x_range(),
        bar.bottom() - 0.5,
        Stroke::new(size::STROKE, t.line),
    );
    stop(ui, focus(), "Top bar");
    let mark_place =
        Rect::from_center_size(pos2(bar.left() + 24.0, bar.center().y), vec2(24.0, 24.0));
    mark::paint(ui.painter(), mark_place);
    let right = right_part(ui, bar, view, facts);
    if view.history().is_none() {
        let name = Rect::from_min_max(
            pos2(bar.left() + 48.0, bar.top()),
            pos2(right, bar.bottom()),
        );
        text::line(
            ui.painter(),
            name,
            Align::Min,
            Face::BodyStrong,
            "Annals",
            t.text,
        );
        return;
    }
    let with_names = bar.width() >= size::ICON_VIEWS_BELOW;
    let views_left = if bar.width() >= 1400.0 {
        VIEWS_LEFT
    } else {
        right - views_width(ui, with_names) - 16.0
    };
    let chip_end = (views_left - 8.0).min(bar.left() + 48.0 + size::FILE_CHIP);
    let chip = Rect::from_min_max(
        pos2(bar.left() + 48.0, bar.top()),
        pos2(chip_end, bar.bottom()),
    );
    file_chip(ui, chip, view);
    views(ui, bar, views_left, with_names, view);
}

const VIEWS: [(ViewKind, &str, Icon); 3] = [
    (ViewKind::Explore, "Explore", icons::TIME_TRAVEL),
    (ViewKind::Projections, "Projections", icons::PROJECTIONS),
    (ViewKind::Audit, "Audit", icons::AUDIT),
];

fn view_width(ui: &Ui, name: &str, with_names: bool) -> f32 {
    let words = if with_names {
        text::width(ui.painter(), Face::BodyMedium, name) + size::ICON_GAP
    } else {
        0.0
    };
    (words + size::ICON + 20.0).ceil()
}

fn views_width(ui: &Ui, with_names: bool) -> f32 {
    VIEWS
        .iter()
        .map(|(_, name, _)| view_width(ui, name, with_names) + 4.0)
        .sum()
}

fn views(ui: &Ui, bar: Rect, left: f32, with_names: bool, view: &View<'_>) {
    let mut left = left;
    for (kind, name, icon) in VIEWS {
        let width = view_width(ui, name, with_names);
        let rect =
            Rect::from_center_size(pos2(left + width / 2.0, bar.center().y), vec2(width, TALL));
        left += width + 4.0;
        let action = Action::ShowView(kind);
        let response = view_button(ui, rect, (name, icon, with_names), view.look().view == kind);
        let help = row_of(&action).map_or("", |row| row.help);
        let title = if with_names { "" } else { name };
        let response = Tip::new(title)
            .sentence(help)
            .key(key_of(&action))
            .on(response);
        if response.clicked() {
            view.send(action);
        }
    }
}

fn view_button(
    ui: &Ui,
    rect: Rect,
    (name, icon, with_names): (&str, Icon, bool),
    is_on: bool,
) -> Response {
    let t = tokens(ui);
    let response = ui.interact(rect, Id::unique(("annals_view", name)), Sense::click());
    let painter = ui.painter();
    let corner = CornerRadius::same(size::CORNER_MENU);
    if is_on {
        let stroke = Stroke::new(size::STROKE, t.view_on_line);
        painter.rect(rect, corner, t.view_on, stroke, StrokeKind::Inside);
    } else if response.hovered() {
        painter.rect_filled(rect, corner, t.control_hover);
    }
    let color = if is_on { t.text } else { t.text2 };
    let inside = rect.shrink2(vec2(10.0, 0.0));
    icons::paint_left(painter, inside, icon, size::ICON, color);
    if with_names {
        let words = Rect::from_min_max(
            pos2(inside.left() + size::ICON + size::ICON_GAP, rect.top()),
            rect.max,
        );
        text::line(painter, words, Align::Min, Face::BodyMedium, name, color);
    }
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, is_on, format!("{name} view")));
    focus_ring::around(ui, &response, size::CORNER_MENU);
    response
}

/// Name, format, counts and range of what is open; a click opens the menu of files.
fn file_chip(ui: &Ui, rect: Rect, view: &View<'_>) {
    let Some(history) = view.history() else {
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
    let tag_width = tag::width(ui.painter(), &format_tag) + 32.0;
    let name_place = Rect::from_min_max(
        upper.min,
        pos2((upper.right() - tag_width).max(left + 40.0), upper.bottom()),
    );
    let name = format::visible(about.name()).into_owned();
    let taken = text::line(
        ui.painter(),
        name_place,
        Align::Min,
        Face::BodyStrong,
        name.as_str(),
        t.text,
    );
    let tone = if about.guess.is_some() && !is_sample(about) {
        Tone::Warn
    } else {
        Tone::Neutral
    };
    let tag = tag::paint(
        ui.painter(),
        pos2(taken.right() + 8.0, upper.center().y),
        tone,
        &format_tag,
    );
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
    egui::Popup::menu(&response)
        .width(size::MENU + 80.0)
        .show(|ui| file_menu(ui, view));
}

/// Whether it is the sample, which lies in no file.
fn is_sample(about: &crate::history::HistoryAbout) -> bool {
    about.files.iter().all(|file| file.path.is_none())
}

fn format_tag(about: &crate::history::HistoryAbout) -> String {
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
        if menu::item(ui, icon, row.name, key_of(&action)).clicked() {
            view.send(action);
        }
    };
    item(ui, Some(icons::OPEN), Action::OpenDialog);
    item(ui, Some(icons::STORE), Action::OpenSample);
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

/// Search, read-only, audit and theme, from the right; returns where they begin.
fn right_part(ui: &mut Ui, bar: Rect, view: &View<'_>, facts: &Facts<'_>) -> f32 {
    let place = bar.shrink2(vec2(8.0, 0.0));
    let layout = Layout::right_to_left(Align::Center);
    let mut right = ui.new_child(
        UiBuilder::new()
            .id_salt("right")
            .max_rect(place)
            .layout(layout),
    );
    right.spacing_mut().item_spacing.x = 4.0;
    theme_button(&mut right, view, facts.theme);
    if view.history().is_none() {
        let help = Action::ToggleShortcuts;
        if right
            .add(button::icon_button(icons::HELP, "Shortcuts", key_of(&help)))
            .clicked()
        {
            view.send(help);
        }
    } else {
        audit_badge(&mut right, view);
        right.add_space(4.0);
        if bar.width() >= size::ICON_VIEWS_BELOW {
            read_only(&mut right, view);
            right.add_space(4.0);
        }
    }
    right.add_space(4.0);
    search(
        &mut right,
        view,
        if bar.width() < 1400.0 {
            190.0
        } else {
            size::TOP_SEARCH
        },
    );
    if view.history().is_some() {
        right.add_space(4.0);
        let (can_go_back, can_go_forward) = view.workbench.can_go();
        let forward = button::icon_button(icons::FORWARD, "Forward", key_of(&Action::Forward));
        if right
            .add(forward.enabled(can_go_forward, "No place was left this way"))
            .clicked()
        {
            view.send(Action::Forward);
        }
        let back = button::icon_button(icons::BACK, "Back", key_of(&Action::Back));
        if right
            .add(back.enabled(can_go_back, "No place was visited before"))
            .clicked()
        {
            view.send(Action::Back);
        }
    }
    right.min_rect().left()
}

fn theme_button(ui: &mut Ui, view: &View<'_>, theme: ThemeChoice) {
    let is_dark = ui.visuals().dark_mode;
    let icon = if is_dark { icons::DARK } else { icons::LIGHT };
    let name = match (theme, is_dark) {
        (ThemeChoice::System, _) => "Theme, as the system",
        (_, true) => "Theme, dark",
        (_, false) => "Theme, light",
    };
    if ui
        .add(button::icon_button(icon, name, key_of(&Action::CycleTheme)))
        .clicked()
    {
        view.send(Action::CycleTheme);
    }
}

/// Looks like the field that the palette opens with.
fn search(ui: &mut Ui, view: &View<'_>, width: f32) {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(width, TALL), Sense::click());
    let line = if response.hovered() {
        t.text3
    } else {
        t.line_strong
    };
    let corner = CornerRadius::same(size::CORNER_MENU);
    ui.painter().rect(
        rect,
        corner,
        t.canvas,
        Stroke::new(size::STROKE, line),
        StrokeKind::Inside,
    );
    let mut inside = rect.shrink2(vec2(11.0, 0.0));
    icons::paint_left(ui.painter(), inside, icons::SEARCH, size::ICON, t.text3);
    inside.min.x += size::ICON + 8.0;
    let key = key_of(&Action::TogglePalette).replace('+', " ");
    let cap_left = rect.right() - 7.0 - kbd::width(ui.painter(), &key);
    kbd::paint(
        ui.painter(),
        pos2(cap_left, rect.center().y),
        &key,
        kbd::plain(ui),
    );
    inside.max.x = cap_left - 6.0;
    let hint = if width < size::TOP_SEARCH {
        "Search"
    } else {
        "Search or run a command"
    };
    text::line(ui.painter(), inside, Align::Min, Face::Body, hint, t.text3);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Search or run a command"));
    focus_ring::around(ui, &response, size::CORNER_MENU);
    if response.clicked() {
        view.send(Action::TogglePalette);
    }
}

fn read_only(ui: &mut Ui, view: &View<'_>) {
    let t = tokens(ui);
    let words = "Read-only";
    let width =
        text::width(ui.painter(), Face::Button, words).ceil() + size::ICON + size::ICON_GAP + 8.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::BUTTON), Sense::hover());
    let inside = rect.shrink2(vec2(4.0, 0.0));
    icons::paint_left(ui.painter(), inside, icons::READ_ONLY, size::ICON, t.text2);
    let place = Rect::from_min_max(
        pos2(inside.left() + size::ICON + size::ICON_GAP, rect.top()),
        rect.max,
    );
    text::line(
        ui.painter(),
        place,
        Align::Min,
        Face::Button,
        words,
        t.text2,
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    let opened = view
        .history()
        .map_or("", |history| history.about.opened.as_str());
    let sentence = format!("The file is never changed. It was opened {opened}.");
    Tip::new("").sentence(&sentence).on(response);
}

/// How the audit stands: counts of failed checks and of warnings, a check mark if there are none.
fn audit_badge(ui: &mut Ui, view: &View<'_>) {
    let t = tokens(ui);
    let audit = &view.workbench.answers.audit;
    let (icon, color, counts, said) = match audit.for_key(&view.workbench.generation) {
        Freshness::Fresh(Ok(audit)) => {
            let count = |status| {
                audit
                    .checks
                    .iter()
                    .filter(|check| check.status == status)
                    .count()
            };
            let (failed, warnings) = (count(Status::Failed), count(Status::Warning));
            let said = format!("Audit, {failed} failed, {warnings} warnings");
            match (failed, warnings) {
                (0, 0) => (
                    icons::PASSED,
                    t.ok,
                    (0, 0),
                    "Audit, all checks passed".to_owned(),
                ),
                _ => (icons::AUDIT_FINDINGS, t.warn, (failed, warnings), said),
            }
        }
        Freshness::Fresh(Err(_)) => (
            icons::FAILED,
            t.err,
            (0, 0),
            "Audit, could not be run".to_owned(),
        ),
        _ if audit.is_asked() => (icons::RUNNING, t.text3, (0, 0), "Audit, running".to_owned()),
        _ => (icons::AUDIT, t.text3, (0, 0), "Audit, not run".to_owned()),
    };
    let tags: Vec<(Tone, String)> = [(Tone::Err, counts.0), (Tone::Warn, counts.1)]
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .map(|(tone, n)| (tone, n.to_string()))
        .collect();
    let tags_width: f32 = tags
        .iter()
        .map(|(_, label)| tag::width(ui.painter(), label) + 6.0)
        .sum();
    let words = text::width(ui.painter(), Face::Button, "Audit").ceil();
    let width = 8.0 + size::ICON + size::ICON_GAP + words + tags_width + 8.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::BUTTON), Sense::click());
    if response.hovered() {
        ui.painter()
            .rect_filled(rect, CornerRadius::same(size::CORNER), t.control_hover);
    }
    let inside = rect.shrink2(vec2(8.0, 0.0));
    icons::paint_left(ui.painter(), inside, icon, size::ICON, color);
    let place = Rect::from_min_max(
        pos2(inside.left() + size::ICON + size::ICON_GAP, rect.top()),
        rect.max,
    );
    let taken = text::line(
        ui.painter(),
        place,
        Align::Min,
        Face::Button,
        "Audit",
        t.text2,
    );
    let mut left = taken.right() + 6.0;
    for (tone, label) in &tags {
        left = tag::paint(ui.painter(), pos2(left, rect.center().y), *tone, label).right() + 6.0;
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, said.clone()));
    focus_ring::around(ui, &response, size::CORNER);
    if response.clicked() {
        view.send(Action::ShowView(ViewKind::Audit));
    }
}
