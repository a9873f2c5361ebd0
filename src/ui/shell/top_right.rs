//! The right end of the top bar: places, search, read-only, the audit's badge, the theme.

use egui::{
    Align, CornerRadius, Layout, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo,
    pos2, vec2,
};

use crate::audit::Status;
use crate::settings::ThemeChoice;
use crate::ui::View;
use crate::ui::theme::icons;
use crate::ui::theme::{Face, size, text, tokens};
use crate::ui::widgets::tag::{self, Tone};
use crate::ui::widgets::tooltip::Tip;
use crate::ui::widgets::{button, focus_ring, kbd};
use crate::ui::window::Facts;
use crate::workbench::{Action, Freshness, ViewKind};

/// The height of the search field.
const TALL: f32 = 32.0;

/// Search, read-only, audit and theme, from the right; returns where they begin.
pub(super) fn right_part(ui: &mut Ui, bar: Rect, view: &View<'_>, facts: &Facts<'_>) -> f32 {
    let place = bar.shrink2(vec2(8.0, 0.0));
    let layout = Layout::right_to_left(Align::Center);
    let mut right = ui.new_child(
        UiBuilder::new()
            .id_salt("right")
            .max_rect(place)
            .layout(layout),
    );
    right.spacing_mut().item_spacing.x = 4.0;
    let settings = Action::ToggleSettings;
    let gear = button::icon_button(icons::SETTINGS, "Settings", view.key_of(&settings));
    if right.add(gear).clicked() {
        view.send(settings);
    }
    if view.history().is_none() {
        let help = Action::ToggleShortcuts;
        if right
            .add(button::icon_button(
                icons::HELP,
                "Shortcuts",
                view.key_of(&help),
            ))
            .clicked()
        {
            view.send(help);
        }
        theme_button(&mut right, view, facts.settings.theme);
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
        let forward = button::icon_button(icons::FORWARD, "Forward", view.key_of(&Action::Forward));
        if right
            .add(forward.enabled(can_go_forward, "No place was left this way"))
            .clicked()
        {
            view.send(Action::Forward);
        }
        let back = button::icon_button(icons::BACK, "Back", view.key_of(&Action::Back));
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
        .add(button::icon_button(
            icon,
            name,
            view.key_of(&Action::CycleTheme),
        ))
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
    let key = view.key_of(&Action::TogglePalette).replace('+', " ");
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
                    .filter(|check| !view.workbench.is_settled(audit, check))
                    .count()
            };
            let mut checks = audit.checks.iter();
            let has_accepted = checks.any(|check| view.workbench.is_settled(audit, check));
            let (failed, warnings) = (count(Status::Failed), count(Status::Warning));
            let said = format!("Audit, {failed} failed, {warnings} warnings");
            match (failed, warnings) {
                (0, 0) if has_accepted => (
                    icons::PASSED,
                    t.text3,
                    (0, 0),
                    "Audit, all findings accepted".to_owned(),
                ),
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
