//! The bar above: what is open, the views, where to, and what the audit says.

use egui::{
    Align, CornerRadius, Id, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};

use crate::ui::View;
use crate::ui::theme::icons::{self, Icon};
use crate::ui::theme::{Face, size, text, tokens};
use crate::ui::widgets::tooltip::Tip;
use crate::ui::widgets::{focus_ring, mark};
use crate::ui::window::{Facts, stop};
use crate::workbench::{Action, ViewKind, row_of};

use super::file_chip::file_chip;
use super::top_right::right_part;

/// Where the views begin.
const VIEWS_LEFT: f32 = 496.0;
/// The height of a view's button.
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
    if view.history().is_none() && view.workbench.mapping.is_some() {
        let chip = Rect::from_min_max(
            pos2(bar.left() + 48.0, bar.top()),
            pos2(right.min(bar.left() + 48.0 + size::FILE_CHIP), bar.bottom()),
        );
        file_chip(ui, chip, view);
        return;
    }
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

/// Where the button of a view stands, as of the last frame.
pub fn place_of(ctx: &egui::Context, view: ViewKind) -> Option<Rect> {
    let (_, name, _) = VIEWS.iter().find(|(kind, ..)| *kind == view)?;
    let response = ctx.read_response(Id::unique(("annals_view", *name)))?;
    Some(response.rect)
}

const VIEWS: [(ViewKind, &str, Icon); 5] = [
    (ViewKind::Explore, "Explore", icons::TIME_TRAVEL),
    (ViewKind::Projections, "Projections", icons::PROJECTIONS),
    (ViewKind::Audit, "Audit", icons::AUDIT),
    (ViewKind::Graph, "Graph", icons::GRAPH),
    (ViewKind::Report, "Report", icons::REPORT),
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
            .key(view.key_of(&action))
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
