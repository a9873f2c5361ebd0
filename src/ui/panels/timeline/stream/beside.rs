//! What a field was in the history as recorded, faint beside what it is in a branch; and where the
//! states of both part.

use egui::{Align, Painter, Rect, Shape, Stroke, pos2, vec2};

use super::fields::{Heights, number, shown};
use super::stage::Stage;
use crate::fold::{FieldLane, LaneStep, LaneValue};
use crate::ui::theme::{Face, format, size, text};

/// Height of the strip in which texts as recorded stand under those of the branch.
const STRIP: f32 = 2.0;

/// Paints what a field was as recorded, where that is something else.
pub(super) fn paint(
    painter: &Painter,
    stage: &Stage<'_>,
    (lane, base): (&FieldLane, &[LaneStep]),
    row: Rect,
) {
    let heights = Heights::new(lane, row);
    let edge = stage.parts.body.right() + 1.0;
    let x = |step: &LaneStep| stage.track.x(step.rank as usize);
    let mut before: Option<f32> = None;
    for (nr, step) in base.iter().enumerate() {
        let (from, to) = (x(step), base.get(nr + 1).map_or(edge, x));
        let is_seen = to >= stage.parts.body.left() && from <= edge;
        if lane.is_number {
            let y = number(step).map(|(_, value)| stage.snap(heights.y(value.to_f64())));
            if is_seen {
                step_line(painter, stage, [from, to], (before, y));
            }
            before = y;
        } else if is_seen && lane.base_at(step.rank).is_some() {
            strip(painter, stage, step, (row, [from, to]));
        }
    }
}

/// A faint step, from the height before it.
fn step_line(
    painter: &Painter,
    stage: &Stage<'_>,
    [from, to]: [f32; 2],
    (before, y): (Option<f32>, Option<f32>),
) {
    let line = Stroke::new(size::STROKE, stage.tokens.text3);
    let [dash, gap] = size::DASH_MARKER;
    let Some(y) = y else { return };
    let x = stage.snap(from);
    if let Some(before) = before {
        painter.extend(Shape::dashed_line(
            &[pos2(x, before), pos2(x, y)],
            line,
            dash,
            gap,
        ));
    }
    let ends = [pos2(x, y), pos2(to.min(stage.parts.body.right() + 2.0), y)];
    painter.extend(Shape::dashed_line(&ends, line, dash, gap));
}

/// A text as recorded: a thin strip under the band of the branch, with its words where they have room.
fn strip(
    painter: &Painter,
    stage: &Stage<'_>,
    step: &LaneStep,
    (row, [from, to]): (Rect, [f32; 2]),
) {
    if step.value == LaneValue::Absent {
        return;
    }
    let t = stage.tokens;
    let top = row.bottom() - 5.0;
    let ends = [from.max(stage.parts.body.left()), to - 1.0];
    let strip = Rect::from_min_max(
        pos2(ends[0], top),
        pos2(ends[1].max(ends[0] + 1.0), top + STRIP),
    );
    painter.rect_filled(strip, 0.0, t.text3);
    let words = shown(&step.value);
    let words = format::visible(&words);
    let width = text::width(painter, Face::Plot, &words);
    if width + 8.0 < strip.width() {
        let place = Rect::from_min_size(
            pos2(strip.left() + 3.0, top - 10.0),
            vec2(width + 2.0, 10.0),
        );
        text::line(painter, place, Align::Min, Face::Plot, words, t.text3);
    }
}

/// A line at the first event after which the branch has another state than the history as recorded.
pub(super) fn divergence(painter: &Painter, stage: &Stage<'_>) {
    let bench = stage.view.workbench;
    if bench.branch_shown().is_none() {
        return;
    }
    let Some(Ok(answer)) = bench.answers.state.latest() else {
        return;
    };
    let is_here = answer.state.stream == stage.stream;
    let first = answer.base.as_ref().and_then(|base| base.first.as_ref());
    let Some(first) = first.filter(|_| is_here) else {
        return;
    };
    let x = stage.snap(stage.track.x(first.rank as usize));
    let body = stage.parts.body;
    if x < body.left() - 1.0 || x > body.right() + 1.0 {
        return;
    }
    let t = stage.tokens;
    let line = Stroke::new(size::STROKE, t.warn);
    let ends = [pos2(x, body.top()), pos2(x, body.bottom())];
    let [dash, gap] = size::DASH_MARKER;
    painter.extend(Shape::dashed_line(&ends, line, dash, gap));
    let words = "First differs";
    let width = text::width(painter, Face::SmallMedium, words);
    let place = Rect::from_min_size(pos2(x + 4.0, body.bottom() - 18.0), vec2(width + 2.0, 16.0));
    // The lanes run under it.
    painter.rect_filled(place.expand2(vec2(2.0, 0.0)), 0.0, t.canvas);
    text::line(painter, place, Align::Min, Face::SmallMedium, words, t.warn);
}
