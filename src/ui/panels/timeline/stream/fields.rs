//! Lanes of fields: bands for what has no size, steps for numbers; after the playhead both are faint.

use egui::{Align, Color32, CornerRadius, Painter, Rect, Shape, Stroke, StrokeKind, pos2, vec2};

use super::beside;
use super::stage::{LaneView, Stage};
use crate::event::Decimal;
use crate::fold::{FieldLane, LaneStep, LaneValue};
use crate::ui::theme::{Face, format, size, text};

/// Colors of the step lines, by their place among the category colors.
const LINES: [usize; 6] = [1, 4, 5, 6, 10, 0];
/// Steps nearer than this to one another are drawn as one stroke.
const MERGE: f32 = 1.0;
/// Space above and below a line of steps.
const ABOVE: f32 = 10.0;
/// Narrower bands carry no border.
const NARROW: f32 = 4.0;

/// A stretch of a lane: from one change to the next.
struct Stretch<'a> {
    step: &'a LaneStep,
    /// Where it begins and ends on the screen.
    x: [f32; 2],
    /// The steps that are drawn as this one, because they lie at the same place.
    all: &'a [LaneStep],
}

/// Paints a field's lane.
pub(super) fn paint(painter: &Painter, stage: &Stage<'_>, view: &LaneView<'_>, row: Rect) {
    let Some(lane) = view.lane else {
        let bar = Rect::from_min_max(
            pos2(stage.parts.body.left() + 8.0, row.center().y - 3.0),
            pos2(stage.parts.body.right() - 8.0, row.center().y + 3.0),
        );
        painter.rect_filled(bar, CornerRadius::same(size::CORNER_BAR), stage.tokens.skel);
        return;
    };
    if let Some(base) = &lane.base {
        beside::paint(painter, stage, (lane, base), row);
    }
    let stretches = stretches(stage, lane);
    if lane.is_number {
        let nth = stage.lanes.iter().filter(|other| {
            let is_number = |view: &&LaneView<'_>| view.lane.is_some_and(|lane| lane.is_number);
            is_number(other)
        });
        let nth = nth.take_while(|other| other.path != view.path).count();
        let nr = LINES.get(nth % LINES.len()).copied().unwrap_or_default();
        steps(painter, stage, (lane, &stretches), (row, nr));
    } else {
        for stretch in &stretches {
            band(painter, stage, stretch, row);
        }
    }
    if !view.is_fresh {
        let veil = stage.tokens.canvas.gamma_multiply(0.6);
        let part = Rect::from_x_y_ranges(stage.parts.body.x_range(), row.y_range());
        painter.rect_filled(part.shrink2(vec2(0.0, 1.0)), CornerRadius::ZERO, veil);
    }
}

/// The stretches that are in view; those that begin at the same place are one.
fn stretches<'a>(stage: &Stage<'_>, lane: &'a FieldLane) -> Vec<Stretch<'a>> {
    let track = &stage.track;
    let body = stage.parts.body;
    let x = |step: &LaneStep| track.x(step.rank as usize);
    let after = |edge: f32| {
        let rank = track.after(edge);
        lane.steps
            .partition_point(|step| (step.rank as usize) < rank)
    };
    // The one that reaches into view from the left is seen too.
    let mut index = after(body.left()).saturating_sub(1);
    let end = after(body.right() + 1.0);
    let mut found = Vec::new();
    while let Some(step) = lane.steps[..end].get(index) {
        let from = x(step);
        let next = after(from + MERGE).max(index + 1).min(lane.steps.len());
        let edge = body.right() + 1.0;
        let to = lane.steps.get(next).map_or(edge, x);
        found.push(Stretch {
            step,
            x: [from, to],
            all: &lane.steps[index..next],
        });
        index = next;
    }
    found
}

fn is_past(stage: &Stage<'_>, step: &LaneStep) -> bool {
    stage.now.is_some_and(|now| step.rank as usize <= now)
}

/// Where the part of a stretch ends that is not after the playhead.
fn until_now(stage: &Stage<'_>, [from, to]: [f32; 2]) -> f32 {
    stage.playhead_x().clamp(from, to)
}

fn band(painter: &Painter, stage: &Stage<'_>, stretch: &Stretch<'_>, row: Rect) {
    let t = stage.tokens;
    let words = match &stretch.step.value {
        LaneValue::Absent => return,
        value => shown(value),
    };
    let [from, to] = stretch.x;
    let part = |from: f32, to: f32| {
        Rect::from_min_max(
            pos2(from + 0.5, row.top() + 6.0),
            pos2(to - 1.0, row.bottom() - 6.0),
        )
    };
    let body = stage.parts.body;
    let whole = part(from.max(body.left() - 8.0), to);
    let corner = CornerRadius::same(size::CORNER_TAG);
    if to - from < NARROW {
        painter.rect_filled(part(from, to.max(from + 2.0)), 0.0, t.control);
        return;
    }
    let is_past = is_past(stage, stretch.step);
    let faint = Stroke::new(size::STROKE, t.line);
    painter.rect(whole, corner, t.panel, faint, StrokeKind::Inside);
    let mut visible = whole.intersect(body);
    if is_past {
        let now = until_now(stage, [whole.left(), whole.right()]);
        let past = whole.with_max_x(now);
        let line = Stroke::new(size::STROKE, t.line_strong);
        painter.rect(past, corner, t.tag, line, StrokeKind::Inside);
        if now - visible.left() > 24.0 {
            visible = visible.with_max_x(now);
        }
    }
    let color = if is_past { t.text } else { t.text3 };
    let room = visible.shrink2(vec2(6.0, 0.0));
    if room.width() > 12.0 {
        let words = format::visible(&words);
        text::line(painter, room, Align::Center, Face::Small, words, color);
    }
}

/// What a value is called on a lane.
pub(super) fn shown(value: &LaneValue) -> String {
    match value {
        LaneValue::Absent => "none".to_owned(),
        LaneValue::Number(text, _) => format::amount(text).into_owned(),
        LaneValue::Text(text) => text.to_string(),
        LaneValue::Container('[', n) => format!("[ {n} ]"),
        LaneValue::Container(_, n) => format!("{{ {n} }}"),
    }
}

/// From values to heights.
pub(super) struct Heights {
    least: f64,
    most: f64,
    top: f32,
    bottom: f32,
}

impl Heights {
    pub(super) fn new(lane: &FieldLane, row: Rect) -> Self {
        let (least, most) = lane.range.unwrap_or((Decimal::ZERO, Decimal::ZERO));
        Self {
            least: least.to_f64(),
            most: most.to_f64(),
            top: row.top() + ABOVE,
            bottom: row.bottom() - ABOVE,
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a share from 0 to 1")]
    pub(super) fn y(&self, value: f64) -> f32 {
        let range = self.most - self.least;
        if range <= 0.0 || !range.is_finite() {
            return f32::midpoint(self.top, self.bottom);
        }
        let share = ((value - self.least) / range).clamp(0.0, 1.0);
        self.bottom - (self.bottom - self.top) * share as f32
    }
}

pub(super) fn number(step: &LaneStep) -> Option<(&str, Decimal)> {
    match &step.value {
        LaneValue::Number(text, number) => Some((text, *number)),
        _ => None,
    }
}

fn steps(
    painter: &Painter,
    stage: &Stage<'_>,
    (lane, stretches): (&FieldLane, &[Stretch<'_>]),
    (row, nr): (Rect, usize),
) {
    let heights = Heights::new(lane, row);
    let has_zero = heights.least < 0.0 && heights.most >= 0.0;
    let zero = stage.snap(heights.y(0.0));
    if has_zero {
        let ends = [
            pos2(stage.parts.body.left(), zero),
            pos2(stage.parts.body.right(), zero),
        ];
        let line = Stroke::new(size::STROKE, stage.tokens.line_strong);
        let [dash, gap] = size::DASH_MARKER;
        painter.extend(Shape::dashed_line(&ends, line, dash, gap));
        for stretch in stretches {
            below_zero(painter, stage, stretch, (&heights, zero));
        }
    }
    let mut before: Option<f32> = None;
    for stretch in stretches {
        before = step_line(painter, stage, stretch, (&heights, before, nr));
    }
    values(painter, stage, stretches, (&heights, row, nr));
}

/// The area between zero and a negative value.
fn below_zero(
    painter: &Painter,
    stage: &Stage<'_>,
    stretch: &Stretch<'_>,
    (heights, zero): (&Heights, f32),
) {
    let Some((_, value)) = number(stretch.step).filter(|(_, value)| value.is_negative()) else {
        return;
    };
    let [from, to] = stretch.x;
    let y = heights.y(value.to_f64());
    let area = Rect::from_min_max(
        pos2(from, zero),
        pos2(to.max(from + 1.0), y.max(zero + 1.0)),
    );
    painter.rect_filled(area, CornerRadius::ZERO, stage.tokens.err_soft);
}

/// One step of the line, from the height `before` it; returns its own height.
fn step_line(
    painter: &Painter,
    stage: &Stage<'_>,
    stretch: &Stretch<'_>,
    (heights, before, nr): (&Heights, Option<f32>, usize),
) -> Option<f32> {
    let t = stage.tokens;
    let line = |future| Stroke::new(size::STROKE_PLOT, t.swatch(nr, future));
    let is_past = is_past(stage, stretch.step);
    let [from, to] = stretch.x;
    let x = stage.snap(from);
    if stretch.all.len() > 1 {
        // Several changes at one place: all that the line runs over there.
        let values = stretch.all.iter().filter_map(number);
        let ys = values.map(|(_, value)| heights.y(value.to_f64()));
        let (top, bottom) = ys.fold((f32::INFINITY, f32::NEG_INFINITY), |(top, bottom), y| {
            (top.min(y), bottom.max(y))
        });
        if top <= bottom {
            painter.vline(x, top..=bottom.max(top + 1.0), line(!is_past));
        }
    }
    let last = stretch.all.last().unwrap_or(stretch.step);
    let (_, value) = number(last)?;
    let y = stage.snap(heights.y(value.to_f64()));
    if let Some(before) = before {
        let ends = [pos2(x, before), pos2(x, y)];
        if is_past {
            painter.line_segment(ends, line(false));
        } else {
            let [dash, gap] = size::DASH_MARKER;
            painter.extend(Shape::dashed_line(&ends, line(true), dash, gap));
        }
    }
    let now = if is_past {
        until_now(stage, [x, to.max(x)])
    } else {
        x
    };
    if x < now {
        painter.hline(x..=now, y, line(false));
    }
    if now < to {
        let ends = [
            pos2(now, y),
            pos2(to.min(stage.parts.body.right() + 2.0), y),
        ];
        let [dash, gap] = size::DASH_MARKER;
        painter.extend(Shape::dashed_line(&ends, line(true), dash, gap));
    }
    Some(y)
}

/// A dot and the value at each change, where there is room for them.
fn values(
    painter: &Painter,
    stage: &Stage<'_>,
    stretches: &[Stretch<'_>],
    (heights, row, nr): (&Heights, Rect, usize),
) {
    let t = stage.tokens;
    let mut taken = f32::NEG_INFINITY;
    for stretch in stretches {
        let Some((words, value)) = number(stretch.step) else {
            continue;
        };
        let [from, to] = stretch.x;
        if to - from < 3.0 || from < stage.parts.body.left() - 1.0 {
            continue;
        }
        let is_past = is_past(stage, stretch.step);
        let (x, y) = (stage.snap(from), stage.snap(heights.y(value.to_f64())));
        if is_past {
            painter.circle_filled(pos2(x, y), 2.5, t.swatch(nr, false));
        } else {
            let line = Stroke::new(size::STROKE, t.swatch(nr, true));
            painter.circle(pos2(x, y), 2.5, t.canvas, line);
        }
        let words = format::amount(words);
        let width = text::width(painter, Face::Plot, &words);
        let room = to - from - 8.0;
        if width > room.max(0.0) && to < stage.parts.body.right() || x + 5.0 < taken {
            continue;
        }
        let color: Color32 = match (value.is_negative(), is_past) {
            (true, _) => t.err,
            (false, true) => t.text2,
            (false, false) => t.text3,
        };
        // Above the line where the row has room there, else below it.
        let top = if y - 13.0 >= row.top() {
            y - 13.5
        } else {
            y + 1.5
        };
        let place = Rect::from_min_size(pos2(x + 5.0, top), vec2(width + 2.0, 12.0));
        text::line(painter, place, Align::Min, Face::Plot, words, color);
        taken = place.right() + 4.0;
    }
}
