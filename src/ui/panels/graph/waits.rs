//! Where the time of the longest chain went: its longest waits, and everything else.

use egui::{Align, CornerRadius, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::names::name_of;
use super::side::{color_of, node_button};
use crate::history::{CauseGraph, EventLog};
use crate::ui::View;
use crate::ui::panels::event_facts::line_ui;
use crate::ui::panels::{shared, tile};
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::section::section;
use crate::ui::widgets::swatch;

/// So many of the longest waits are named.
const WAITS: usize = 3;

/// Where the time of the longest chain went: its longest waits, and everything else.
pub(super) fn waits_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, graph: &CauseGraph) {
    let Some(whole) = graph.critical_lasts().filter(|lasts| *lasts > 0) else {
        return;
    };
    section(ui, "Where the time went");
    let mut waits = graph.waits();
    waits.sort_by_key(|(node, wait)| (std::cmp::Reverse(*wait), *node));
    waits.truncate(WAITS);
    let mut in_order = waits.clone();
    in_order.sort_unstable();
    let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), 14.0), Sense::hover());
    let bar = bar.shrink2(vec2(size::SIDE, 1.0));
    let t = tokens(ui);
    ui.painter()
        .rect_filled(bar, CornerRadius::same(size::CORNER_BAR), t.control_active);
    let mut left = bar.left();
    for (node, wait) in &in_order {
        let width = bar.width() * (*wait as f32 / whole as f32).clamp(0.0, 1.0);
        let part = Rect::from_min_size(pos2(left, bar.top()), vec2(width, bar.height()));
        ui.painter()
            .rect_filled(part, 0.0, color_of(ui, (view, log), graph, *node));
        left += width;
        ui.painter()
            .vline(left, bar.y_range(), Stroke::new(size::STROKE, t.panel));
    }
    for (node, wait) in &waits {
        let (rect, _) = node_button(ui, view, log, (graph, *node), (size::ROW, "Waiting for"));
        let words = format!("Waiting for {}", name_of(log, graph, *node));
        let color = color_of(ui, (view, log), graph, *node);
        wait_row(ui, rect, color, (&words, *wait));
    }
    let named: i64 = waits.iter().map(|(_, wait)| *wait).sum();
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
    let rest = whole.saturating_sub(named);
    response.widget_info(|| {
        let words = format!("Everything else, {}", format::duration(rest));
        WidgetInfo::labeled(Role::Label, true, words)
    });
    wait_row(ui, rect, t.control_active, ("Everything else", rest));
    let words = format!(
        "The longest chain, drawn thick: {}, {}",
        shared::counted(graph.critical.len() as u64, "event", "events"),
        format::duration(whole)
    );
    line_ui(ui, &words, t.text3);
    ui.add_space(6.0);
    tile::hairline(ui);
}

fn wait_row(ui: &Ui, rect: Rect, color: egui::Color32, (words, wait): (&str, i64)) {
    let t = tokens(ui);
    let painter = ui.painter();
    swatch::paint(painter, pos2(rect.left() + 17.0, rect.center().y), color);
    let inside = Rect::from_min_max(
        pos2(rect.left() + 30.0, rect.top()),
        pos2(rect.right() - size::SIDE, rect.bottom()),
    );
    let wait = format::duration_short(wait);
    let taken = text::line(painter, inside, Align::Max, Face::Data, wait, t.text);
    let rest = inside.with_max_x(taken.left() - 8.0);
    text::line(painter, rest, Align::Min, Face::Row, words, t.text2);
}
