//! The ruler with its two rows, and the playhead that stands in it and runs through everything.

use egui::{Align, CornerRadius, Painter, Rect, Shape, Stroke, pos2, vec2};

use super::markers;
use super::minimap::paint_two_lines;
use super::ruler::{self, Marks};
use super::scene::Scene;
use super::when;
use crate::history::Axis;
use crate::ui::theme::{Face, Tokens, format, size, text};
use crate::workbench::Span;

/// Height of the upper row, in which the playhead's head stands.
pub(super) const UPPER: f32 = 18.0;
/// Space between a mark and its label.
const BESIDE: f32 = 4.0;
/// Height of a mark without label.
const SMALL: f32 = 4.0;
/// Half the width of the head's point.
const POINT: f32 = 5.0;
/// Under this length of what is shown, the head carries a fraction of seconds.
const FRACTION_BELOW: i64 = 30_000_000_000;

/// The marks of the visible stretch.
pub(super) fn marks(scene: &Scene<'_>) -> Marks {
    match scene.axis {
        Axis::Time => ruler::time_marks(&scene.scale, scene.look.zone),
        Axis::Sequence => ruler::sequence_marks(scene.log, scene.scale),
    }
}

/// What the head of the playhead carries.
fn head_text(scene: &Scene<'_>) -> String {
    let position = scene.playhead();
    match (scene.axis, scene.time(position)) {
        (Axis::Time, Some(time)) => {
            let fine = scene.scale.span.len() < FRACTION_BELOW;
            let digits = if fine { scene.log.time_digits() } else { 0 };
            when::short(time, scene.look.zone, usize::from(digits))
        }
        _ => format::position(u64::from(position.0)),
    }
}

/// Where the head stands: over the playhead, but never over the edge of the ruler.
pub(super) fn head(painter: &Painter, scene: &Scene<'_>) -> Option<Rect> {
    if !scene.shows_playhead() {
        return None;
    }
    let part = scene.layout.ruler;
    let width = text::width(painter, Face::DataMedium, &head_text(scene)) + 20.0;
    let width = width.ceil().min(part.width());
    let left = scene.playhead_x() - width / 2.0;
    // Its point must stay under it.
    let right_end = scene.layout.whole.right() - 1.0 - width;
    let left = scene.snap(left.clamp(part.left(), right_end.max(part.left())));
    let size = vec2(width, UPPER - 2.0);
    Some(Rect::from_min_size(pos2(left, part.top() + 1.0), size))
}

/// A ruler with two rows of marks.
pub(super) struct Band {
    pub(super) tokens: &'static Tokens,
    /// Where the marks stand.
    pub(super) part: Rect,
    /// The same with the labels beside it.
    pub(super) across: Rect,
    /// Whether it counts positions instead of time.
    pub(super) is_sequence: bool,
    /// Where the playhead stands, if it is in view.
    pub(super) playhead: Option<f32>,
    /// The flags A and B.
    pub(super) flags: Vec<Rect>,
    pub(super) pixels_per_point: f32,
}

/// Paints the ruler; returns where its labels stand, and the stretch that each names.
pub(super) fn paint(
    painter: &Painter,
    scene: &Scene<'_>,
    marks: &Marks,
    head: Option<Rect>,
) -> Vec<(Rect, Span)> {
    let part = scene.layout.ruler;
    let band = Band {
        tokens: scene.tokens,
        part,
        across: scene.layout.across(part),
        is_sequence: scene.axis == Axis::Sequence,
        playhead: head.map(|_| scene.playhead_x()),
        flags: markers::flags(scene).collect(),
        pixels_per_point: scene.pixels_per_point,
    };
    let labels = band.paint(painter, marks, head);
    let taken = labels.iter().map(|(place, _)| *place).chain(head);
    let taken: Vec<Rect> = taken.collect();
    markers::paint_length(painter, scene, &taken);
    paint_label(painter, scene);
    labels
}

impl Band {
    /// Ground and marks; no label is put under the playhead's head or a flag. Returns where labels
    /// stand, and the stretch that each names.
    pub(super) fn paint(
        &self,
        painter: &Painter,
        marks: &Marks,
        head: Option<Rect>,
    ) -> Vec<(Rect, Span)> {
        let (t, part) = (self.tokens, self.part);
        painter.rect_filled(self.across, CornerRadius::ZERO, t.panel);
        let inside = painter.with_clip_rect(part);
        let line = Stroke::new(size::STROKE, t.line_strong);
        for x in &marks.small {
            let y = part.bottom() - SMALL..=part.bottom();
            inside.vline(self.snap(*x), y, line);
        }
        let face = if marks.is_data {
            Face::DataSmall
        } else {
            Face::Small
        };
        let mut labels = self.paint_upper(&inside, marks, head);
        for mark in &marks.lower {
            let top = part.top() + UPPER + 2.0;
            inside.vline(self.snap(mark.x), top..=part.bottom(), line);
            let left = mark.x + BESIDE;
            let width = text::width(painter, face, &mark.label);
            let playhead = self.playhead;
            let touched = playhead.is_some_and(|x| left - 4.0 < x && x < left + width + 4.0);
            let place = Rect::from_min_size(pos2(left, top - 2.0), vec2(width + 2.0, 16.0));
            let touched = touched || self.flags.iter().any(|flag| flag.intersects(place));
            // What has begun before the left edge would be cut.
            if touched || mark.x < part.left() - 0.5 || left + width > part.right() {
                continue;
            }
            let color = if self.is_sequence { t.text3 } else { t.text2 };
            text::line(&inside, place, Align::Min, face, &mark.label, color);
            labels.extend(mark.of.map(|of| (place, of)));
        }
        labels
    }

    fn paint_upper(
        &self,
        painter: &Painter,
        marks: &Marks,
        head: Option<Rect>,
    ) -> Vec<(Rect, Span)> {
        let mut labels = Vec::new();
        let (t, part) = (self.tokens, self.part);
        let (face, color) = if self.is_sequence {
            (Face::DataSmall, t.text2)
        } else {
            (Face::Small, t.text3)
        };
        for (nr, mark) in marks.upper.iter().enumerate() {
            let width = text::width(painter, face, &mark.label);
            let left = mark.x + BESIDE;
            // The label at the left edge gives way to the next one.
            let next = marks.upper.get(nr + 1).map_or(f32::INFINITY, |next| next.x);
            let touched = head
                .is_some_and(|head| left - 6.0 < head.right() && head.left() < left + width + 6.0);
            let cut = mark.x < part.left() - 0.5 || left + width > part.right();
            if touched || cut || left + width + 6.0 > next {
                continue;
            }
            let place = Rect::from_min_size(pos2(left, part.top()), vec2(width + 2.0, UPPER));
            text::line(painter, place, Align::Min, face, &mark.label, color);
            labels.extend(mark.of.map(|of| (place, of)));
        }
        labels
    }

    fn snap(&self, x: f32) -> f32 {
        (x * self.pixels_per_point).round() / self.pixels_per_point
    }
}

fn paint_label(painter: &Painter, scene: &Scene<'_>) {
    let (n_px, step) = (size::DENSITY_COLUMN_PX, scene.density.step);
    let [what, column] = match scene.axis {
        Axis::Time => [
            ruler::length(scene.scale.span.len()),
            format!("{n_px} px = {}", format::duration(step)),
        ],
        Axis::Sequence => {
            let count = |n: i64| format::count(n.unsigned_abs());
            // From here on an event has more room than a column.
            let room = f64::from(scene.pixels_per_point) / scene.scale.per_point();
            let column = if room > f64::from(n_px) {
                format!("1 event = {room:.0} px")
            } else {
                format!("{n_px} px = {} events", count(step))
            };
            let len = count(scene.scale.span.len());
            [format!("{len} events"), column]
        }
    };
    let part = scene.layout.ruler_label;
    paint_two_lines(painter, part, [&what, &column], scene.tokens);
}

/// The playhead: a line through everything with a head that carries the time or the position.
pub(super) fn paint_playhead(painter: &Painter, scene: &Scene<'_>, head: Option<Rect>) {
    let Some(head) = head else { return };
    let x = scene.snap(scene.playhead_x());
    let bottom = scene.layout.lanes.bottom();
    paint_head(painter, scene.tokens, head, (x, bottom), &head_text(scene));
}

/// The line at `x` down to `bottom`, and the head over it.
pub(super) fn paint_head(
    painter: &Painter,
    t: &Tokens,
    head: Rect,
    (x, bottom): (f32, f32),
    words: &str,
) {
    let line = Stroke::new(size::STROKE_PLAYHEAD, t.accent);
    painter.vline(x, head.bottom()..=bottom, line);
    let corner = CornerRadius::same(size::CORNER_TAG);
    painter.rect_filled(head, corner, t.accent_fill);
    let at = |dx: f32, dy: f32| pos2(x + dx, head.bottom() + dy);
    let point = vec![at(-POINT, -1.0), at(POINT, -1.0), at(0.0, POINT)];
    painter.add(Shape::convex_polygon(point, t.accent_fill, Stroke::NONE));
    let face = Face::DataMedium;
    text::line(painter, head, Align::Center, face, words, t.on_accent);
}
