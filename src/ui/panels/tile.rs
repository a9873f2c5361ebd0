//! The head of a part of a panel, as the tab bar of a tile looks: a title, a count, tools at the right.

use egui::{Align, Layout, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::ui::theme::{Face, size, text, tokens};
use crate::ui::widgets::focus_ring;

/// Room that is left to the tools of a head.
const TOOLS: f32 = 240.0;

/// Shows a head over the whole width and paints the ground of what follows; `tools` are added from
/// the right.
pub(super) fn head<R>(
    ui: &mut Ui,
    title: &str,
    count: &str,
    is_active: bool,
    tools: impl FnOnce(&mut Ui) -> R,
) -> R {
    let gap = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::TAB_BAR), Sense::hover());
    ui.spacing_mut().item_spacing.y = gap;
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, title));
    let t = tokens(ui);
    let painter = ui.painter();
    painter.rect_filled(rect, 0.0, t.raised);
    let words = text::width(painter, Face::Button, title);
    let room = (rect.width() - words - TOOLS).max(40.0);
    let count = &*text::shortened(painter, Face::DataSmall, count, room);
    let number = if count.is_empty() {
        0.0
    } else {
        text::width(painter, Face::DataSmall, count) + size::ICON_GAP
    };
    let tab = Rect::from_min_size(
        rect.min,
        vec2(words + number + 2.0 * size::TAB_SPACING, rect.height()),
    );
    painter.rect_filled(tab, 0.0, t.panel);
    let marker = if is_active { t.accent } else { t.line_strong };
    painter.rect_filled(
        Rect::from_min_size(tab.min, vec2(tab.width(), 2.0)),
        0.0,
        marker,
    );
    let line = Stroke::new(size::STROKE, t.line);
    painter.hline(tab.right()..=rect.right(), rect.bottom() - 0.5, line);
    painter.vline(tab.right() + 0.5, tab.y_range(), line);
    let inside = tab.shrink2(vec2(size::TAB_SPACING, 0.0));
    let taken = text::line(
        painter,
        inside.expand2(vec2(1.0, 0.0)),
        Align::Min,
        Face::Button,
        title,
        t.text,
    );
    let rest = Rect::from_min_max(
        pos2(taken.right() + size::ICON_GAP, rect.top()),
        tab.right_bottom(),
    );
    text::line(painter, rest, Align::Min, Face::DataSmall, count, t.text3);

    let place = Rect::from_min_max(
        pos2(tab.right() + size::TOOL_SIDE, rect.top()),
        pos2(rect.right() - size::SIDE, rect.bottom()),
    );
    let layout = Layout::right_to_left(Align::Center);
    let mut right = ui.new_child(UiBuilder::new().max_rect(place).layout(layout));
    tools(&mut right)
}

/// A hairline over the whole width, as between two sections.
pub(super) fn hairline(ui: &mut Ui) {
    let gap = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.spacing_mut().item_spacing.y = gap;
    ui.painter().rect_filled(rect, 0.0, tokens(ui).line);
}

/// A child over a part of a panel, clipped to it.
pub(super) fn part(ui: &mut Ui, rect: Rect, name: &str) -> Ui {
    let mut part = ui.new_child(
        UiBuilder::new()
            .id_salt(name)
            .max_rect(rect)
            .layout(Layout::top_down(Align::Min)),
    );
    part.shrink_clip_rect(rect);
    part
}

/// Shows a tab bar; returns the tab that was clicked, counted from 0. What stands after a tab sign in
/// a title is a count.
pub(super) fn tabs(ui: &mut Ui, titles: &[&str], chosen: usize, is_active: bool) -> Option<usize> {
    tabs_with(ui, titles, chosen, is_active, |_| ()).0
}

/// Shows a tab bar with `tools`, which are added from the right; returns the tab that was clicked.
pub(super) fn tabs_with<R>(
    ui: &mut Ui,
    titles: &[&str],
    chosen: usize,
    is_active: bool,
    tools: impl FnOnce(&mut Ui) -> R,
) -> (Option<usize>, R) {
    let gap = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
    let (bar, _) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::TAB_BAR), Sense::hover());
    ui.spacing_mut().item_spacing.y = gap;
    let t = tokens(ui);
    ui.painter().rect_filled(bar, 0.0, t.raised);
    let line = Stroke::new(size::STROKE, t.line);
    ui.painter().hline(bar.x_range(), bar.bottom() - 0.5, line);
    let mut left = bar.left();
    let mut clicked = None;
    for (nr, title) in titles.iter().enumerate() {
        let (name, count) = title.split_once('\t').unwrap_or((title, ""));
        let number = if count.is_empty() {
            0.0
        } else {
            text::width(ui.painter(), Face::DataSmall, count) + size::ICON_GAP
        };
        let words = text::width(ui.painter(), Face::Button, name);
        let width = (words + number).ceil() + 2.0 * size::TAB_SPACING;
        let tab = Rect::from_min_size(pos2(left, bar.top()), vec2(width, bar.height()));
        left = tab.right();
        let response = ui.interact(tab, ui.make_persistent_id(("tab", nr, title)), Sense::CLICK);
        let label = title.replace('\t', " ");
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, nr == chosen, &label));
        let color = if nr == chosen {
            let marker = if is_active { t.accent } else { t.line_strong };
            ui.painter().rect_filled(tab, 0.0, t.panel);
            ui.painter()
                .rect_filled(Rect::from_min_size(tab.min, vec2(width, 2.0)), 0.0, marker);
            t.text
        } else if response.hovered() {
            t.text
        } else {
            t.text2
        };
        ui.painter().vline(tab.right() - 0.5, tab.y_range(), line);
        let inside = tab.shrink2(vec2(size::TAB_SPACING - 1.0, 0.0));
        let painter = ui.painter();
        let (place, align) = if count.is_empty() {
            (tab, Align::Center)
        } else {
            (inside, Align::Min)
        };
        text::line(painter, place, align, Face::Button, name, color);
        text::line(painter, inside, Align::Max, Face::DataSmall, count, t.text3);
        if focus_ring::is_shown(&response) {
            focus_ring::inside(ui, tab);
        }
        if response.clicked() {
            clicked = Some(nr);
        }
    }
    let place = Rect::from_min_max(
        pos2(left + size::TOOL_SIDE, bar.top()),
        pos2(bar.right() - size::SIDE, bar.bottom()),
    );
    let layout = Layout::right_to_left(Align::Center);
    let mut right = ui.new_child(UiBuilder::new().max_rect(place).layout(layout));
    (clicked, tools(&mut right))
}
