//! The plots of a report on the page: the same columns and steps that are saved as SVG.

use egui::{Align, Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

use crate::event::Decimal;
use crate::projection::Stacked;
use crate::report::FieldPlot;
use crate::ui::theme::{Face, Tokens, format, size, text};
use crate::ui::widgets::swatch;

/// Left of a plot, for its numbers.
const LEFT: f32 = 56.0;
/// Under it, for the ends of its axis.
const BELOW: f32 = 20.0;

fn color_of(t: &Tokens, plot: &Stacked, group: usize) -> Color32 {
    let is_type = plot
        .groups
        .get(group)
        .is_some_and(|known| known.event_type.is_some());
    if is_type { t.category(group) } else { t.text3 }
}

/// Names and colors.
pub(super) fn legend(painter: &Painter, t: &Tokens, rect: Rect, plot: &Stacked) {
    let mut left = rect.left();
    for (nr, group) in plot.groups.iter().enumerate() {
        if plot.group_total(nr) == 0 {
            continue;
        }
        let name = format::visible(&group.name);
        let width = text::width(painter, Face::Small, &name) + size::SWATCH + 22.0;
        if left + width > rect.right() {
            break;
        }
        let center = pos2(left + size::SWATCH / 2.0, rect.center().y);
        swatch::paint(painter, center, color_of(t, plot, nr));
        let words = Rect::from_min_size(
            pos2(left + size::SWATCH + 6.0, rect.top()),
            vec2(width, rect.height()),
        );
        text::line(painter, words, Align::Min, Face::Small, name, t.text2);
        left += width;
    }
}

/// The canvas of a plot, with lines at zero, half and all of its height.
fn canvas(painter: &Painter, t: &Tokens, rect: Rect, ends: (f64, f64)) -> Rect {
    let canvas = Rect::from_min_max(
        pos2(rect.left() + LEFT, rect.top() + 8.0),
        pos2(rect.right(), rect.bottom() - BELOW),
    );
    for share in [0.0, 0.5, 1.0] {
        let y = canvas.bottom() - canvas.height() * share;
        let color = if share == 0.0 { t.line_strong } else { t.grid };
        painter.hline(canvas.x_range(), y, Stroke::new(size::STROKE, color));
        let value = ends.0 + (ends.1 - ends.0) * f64::from(share);
        let decimals = usize::from((ends.1 - ends.0).abs() < 10.0);
        let row = Rect::from_min_size(pos2(rect.left(), y - 8.0), vec2(LEFT - 8.0, 16.0));
        let label = format!("{value:.decimals$}");
        text::line(painter, row, Align::Max, Face::Plot, label, t.text3);
    }
    canvas
}

/// Events over time by type.
pub(super) fn stacked(painter: &Painter, t: &Tokens, rect: Rect, plot: &Stacked) {
    let most = plot.highest().map_or(1, |(_, count)| count).max(1);
    let canvas = canvas(painter, t, rect, (0.0, most as f64));
    let n_columns = plot.n_columns().max(1);
    let wide = canvas.width() / n_columns as f32;
    for column in 0..plot.n_columns() {
        let left = canvas.left() + wide * column as f32;
        let mut bottom = canvas.bottom();
        for (group, count) in plot.column(column).iter().enumerate() {
            if *count == 0 {
                continue;
            }
            let height = canvas.height() * (*count as f32 / most as f32);
            let piece = Rect::from_min_max(
                pos2(left, bottom - height),
                pos2(left + (wide - 1.0).max(0.5), bottom),
            );
            painter.rect_filled(piece, 0.0, color_of(t, plot, group));
            bottom -= height;
        }
    }
    let last = plot.n_columns().saturating_sub(1);
    ends(
        painter,
        t,
        canvas,
        &plot.edge_text(0),
        &plot.edge_text(last),
    );
}

fn ends(painter: &Painter, t: &Tokens, canvas: Rect, first: &str, last: &str) {
    let row = Rect::from_min_max(
        pos2(canvas.left(), canvas.bottom() + 2.0),
        pos2(canvas.right(), canvas.bottom() + BELOW),
    );
    text::line(painter, row, Align::Min, Face::Plot, first, t.text3);
    text::line(painter, row, Align::Max, Face::Plot, last, t.text3);
}

/// A number over time.
pub(super) fn line(painter: &Painter, t: &Tokens, rect: Rect, plot: &FieldPlot) {
    let series = &plot.series;
    let value = |step: Option<crate::projection::Step>| {
        step.and_then(|step| step.value)
            .map_or(0.0, Decimal::to_f64)
    };
    let least = value(series.least).min(0.0);
    let greatest = value(series.greatest).max(least + f64::MIN_POSITIVE);
    let greatest = if greatest - least > 0.0 {
        greatest
    } else {
        least + 1.0
    };
    let canvas = canvas(painter, t, rect, (least, greatest));
    let (from, to) = plot.range;
    let whole = (i128::from(to) - i128::from(from)).max(1) as f64;
    let x = |at: i64| {
        let share = (i128::from(at) - i128::from(from)) as f64 / whole;
        #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
        let share = share as f32;
        canvas.left() + canvas.width() * share
    };
    let y = |value: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
        let share = ((value - least) / (greatest - least)) as f32;
        canvas.bottom() - canvas.height() * share
    };
    let stroke = Stroke::new(size::STROKE_PLOT, t.category(10));
    for run in series.points.split_inclusive(|step| step.value.is_none()) {
        let mut points: Vec<Pos2> = Vec::new();
        let mut end = canvas.right();
        for step in run {
            let at = x(step.x);
            let Some(value) = step.value else {
                end = at;
                break;
            };
            if let Some(before) = points.last() {
                points.push(pos2(at, before.y));
            }
            points.push(pos2(at, y(value.to_f64())));
        }
        if let Some(last) = points.last() {
            points.push(pos2(end, last.y));
        }
        painter.add(Shape::line(points, stroke));
    }
}
