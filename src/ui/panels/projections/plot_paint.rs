//! What a plot of results looks like in each of its styles.

use egui::{Color32, Mesh, Painter, Rect, Shape, Stroke, Ui, pos2, vec2};

use super::super::plots_axis::Plane;
use super::super::plots_steps::Mark;
use super::plot::{Drawn, MOST_LINES, NAMED, at_bucket, buckets, color, number};
use crate::projection::Plotted;
use crate::ui::theme::{Face, format, size, text, tokens};

/// The most bands of a line that are drawn.
const MOST_BANDS: usize = 4_000;

/// Whether a bucket lies behind the playhead, holds it, or comes after it: where it is cut.
fn cut(plane: &Plane, now: Option<i64>) -> f32 {
    now.map_or(f32::INFINITY, |now| plane.x(now))
}

/// The ground under the only line, faint.
pub(super) fn paint_ground(
    ui: &Ui,
    plane: &Plane,
    marks: &[Mark],
    now: Option<i64>,
    color: Color32,
) {
    let cut = cut(plane, now);
    let painter = clipped(ui, plane);
    let zero = plane.y(0.0_f64.clamp(plane.values.0, plane.values.1));
    let mut mesh = Mesh::default();
    let fill = color.gamma_multiply(0.14);
    for (nr, mark) in marks.iter().enumerate() {
        let Some(value) = mark.value() else { continue };
        let left = plane.x(mark.at()).max(plane.rect.left());
        let next = marks.get(nr + 1);
        let end = plane.rect.right();
        let right = next
            .map_or(end, |next| plane.x(next.at()))
            .min(cut)
            .min(end);
        let y = plane.y(value);
        if right > left {
            let rect = Rect::from_two_pos(pos2(left, y), pos2(right, zero));
            mesh.add_colored_rect(rect, fill);
        }
    }
    painter.add(Shape::mesh(mesh));
}

fn clipped(ui: &Ui, plane: &Plane) -> Painter {
    ui.painter()
        .with_clip_rect(plane.rect.expand(1.0).intersect(ui.clip_rect()))
}

/// Bars side by side, one for each line; those after the playhead are outlined.
pub(super) fn paint_bars(ui: &Ui, plane: &Plane, lines: &Plotted, now: Option<i64>) {
    let t = tokens(ui);
    let painter = clipped(ui, plane);
    let cut = cut(plane, now);
    let n = lines.lines.len().clamp(1, MOST_LINES);
    let zero = plane.y(0.0).round();
    for (nr, from, to) in buckets(lines, plane.span) {
        let (left, right) = (plane.x(from), plane.x(to));
        let gap = if right - left > 6.0 { 2.0 } else { 0.0 };
        let width = ((right - left - gap) / n as f32).max(1.0);
        for (which, line) in lines.lines.iter().take(n).enumerate() {
            let Some(step) = at_bucket(line, nr, &lines.edges) else {
                continue;
            };
            let y = plane.y(number(Some(step)));
            let x = left + gap / 2.0 + which as f32 * width;
            let bar = Rect::from_two_pos(pos2(x, y), pos2(x + width, zero));
            let color = color(t, which);
            if x >= cut {
                let stroke = Stroke::new(size::STROKE, color.gamma_multiply(0.6));
                painter.rect_stroke(bar, 0.0, stroke, egui::StrokeKind::Inside);
            } else {
                painter.rect_filled(bar, 0.0, color.gamma_multiply(0.88));
            }
        }
    }
}

/// Areas on top of one another, faint after the playhead; what is below zero is left out.
pub(super) fn paint_stacked(ui: &Ui, plane: &Plane, lines: &Plotted, now: Option<i64>) {
    let t = tokens(ui);
    let cut = cut(plane, now);
    let mut mesh = Mesh::default();
    for (nr, from, to) in buckets(lines, plane.span) {
        let (left, right) = (plane.x(from).round(), plane.x(to).round());
        let mut below = 0.0;
        for (which, line) in lines.lines.iter().take(MOST_LINES).enumerate() {
            let value = number(at_bucket(line, nr, &lines.edges)).max(0.0);
            let (low, high) = (plane.y(below), plane.y(below + value));
            below += value;
            let color = color(t, which);
            let mut bar = |from: f32, to: f32, color: Color32| {
                if to > from && low > high {
                    let rect = Rect::from_min_max(pos2(from, high), pos2(to, low));
                    mesh.add_colored_rect(rect, color);
                }
            };
            bar(left, right.min(cut), color.gamma_multiply(0.88));
            bar(left.max(cut), right, color.gamma_multiply(0.34));
        }
    }
    clipped(ui, plane).add(Shape::mesh(mesh));
}

/// Straight from value to value; dashed after the playhead.
pub(super) fn paint_straight(
    ui: &Ui,
    plane: &Plane,
    (lines, thinned): (&Plotted, &[Vec<Mark>]),
    now: Option<i64>,
) {
    let t = tokens(ui);
    let painter = clipped(ui, plane);
    let cut = cut(plane, now);
    // A bucket's value stands in its middle.
    let half = |x: i64| -> f32 {
        let at = lines.edges.partition_point(|edge| *edge <= x);
        let end = lines.edges.get(at).copied();
        end.map_or(0.0, |end| (plane.x(end) - plane.x(x)) / 2.0)
    };
    for (nr, marks) in thinned.iter().enumerate() {
        let stroke = Stroke::new(size::STROKE_PLOT, color(t, nr));
        let points = marks.iter().filter_map(|mark| {
            let x = plane.x(mark.at()) + half(mark.at());
            Some(pos2(x, plane.y(mark.value()?)))
        });
        let points: Vec<egui::Pos2> = points.collect();
        let split = points.partition_point(|point| point.x <= cut);
        if let Some(done) = points.get(..split).filter(|points| points.len() > 1) {
            painter.add(Shape::line(done.to_vec(), stroke));
        }
        if let Some(future) = points.get(split.saturating_sub(1)..) {
            let dashes = Shape::dashed_line(future, stroke, size::DASH[0], size::DASH[1]);
            painter.extend(dashes);
        }
    }
}

/// A dot on the playhead for what its piece of time comes to by then.
pub(super) fn paint_partial(ui: &Ui, plane: &Plane, drawn: &Drawn<'_>, now: i64) {
    let t = tokens(ui);
    let painter = clipped(ui, plane);
    let edges = &drawn.lines.edges;
    let nr = edges.partition_point(|edge| *edge <= now);
    let Some(from) = nr.checked_sub(1).and_then(|nr| edges.get(nr)).copied() else {
        return;
    };
    for which in 0..drawn.lines.lines.len().min(NAMED) {
        let Some(step) = drawn.partial(which, from) else {
            continue;
        };
        let at = pos2(plane.x(now), plane.y(number(Some(step))));
        painter.circle_filled(at, 5.0, t.canvas);
        painter.circle_filled(at, 3.5, color(t, which));
    }
}

/// The stretches in which a field had one value, a row for each line.
pub(super) fn paint_bands(ui: &Ui, plane: &Plane, lines: &Plotted, now: Option<i64>) {
    let t = tokens(ui);
    let painter = clipped(ui, plane);
    let cut = cut(plane, now);
    let shown = lines.lines.iter().take(MOST_LINES).collect::<Vec<_>>();
    let height = (plane.rect.height() / shown.len().max(1) as f32).min(36.0);
    let mut seen: Vec<&str> = Vec::new();
    for (row, line) in shown.iter().enumerate() {
        let top = plane.rect.top() + row as f32 * height;
        let from = line
            .bands
            .partition_point(|band| band.to.is_some_and(|to| to < plane.span.from));
        for band in line.bands.iter().skip(from).take(MOST_BANDS) {
            if band.from > plane.span.to {
                break;
            }
            let nr = seen.iter().position(|value| *value == band.value);
            let nr = nr.unwrap_or_else(|| {
                seen.push(&band.value);
                seen.len() - 1
            });
            let left = plane.x(band.from).max(plane.rect.left());
            let end = plane.rect.right();
            let right = band.to.map_or(end, |to| plane.x(to));
            let rect = Rect::from_min_max(
                pos2(left, top + 2.0),
                pos2(
                    right.min(plane.rect.right()).max(left + 1.0),
                    top + height - 2.0,
                ),
            );
            let share = if left >= cut { 0.12 } else { 0.3 };
            let color = color(t, nr);
            painter.rect_filled(rect, 2.0, color.gamma_multiply(share));
            let inside = rect.shrink2(vec2(6.0, 0.0));
            if inside.width() > 16.0 {
                let words = format::visible(&band.value).into_owned();
                let align = egui::Align::Min;
                text::line(&painter, inside, align, Face::DataSmall, words, t.text);
            }
        }
    }
}
