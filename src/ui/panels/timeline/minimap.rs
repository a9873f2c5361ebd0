//! The minimap: the whole history, and the visible stretch in it as a brush.

use egui::{Align, CornerRadius, Painter, Rect, Stroke, pos2, vec2};

use super::bars::Bars;
use super::ruler::{self, Mark};
use super::scene::Scene;
use crate::history::{Axis, Clock};
use crate::ui::theme::{Face, format, size, text};

/// Size of a brush edge's handle.
const HANDLE: [f32; 2] = [5.0, 16.0];
/// Space above the highest column, for labels.
const ABOVE: f32 = 17.0;
/// Height of the marks between labels.
const MARK: f32 = 14.0;

/// The brush over the minimap; never narrower than its edges.
pub(super) fn brush(scene: &Scene<'_>) -> Rect {
    let part = scene.layout.minimap;
    let [from, to] = [scene.scale.span.from, scene.scale.span.to].map(|at| {
        scene
            .snap(scene.full.x(at))
            .clamp(part.left(), part.right())
    });
    let middle = f32::midpoint(from, to);
    let (left, right) = (from.min(middle - 1.0), to.max(middle + 1.0));
    let inside = left.max(part.left())..=right.min(part.right());
    Rect::from_x_y_ranges(inside, part.y_range())
}

pub(super) fn paint(painter: &Painter, scene: &Scene<'_>, bars: &mut Bars) {
    let (t, part) = (scene.tokens, scene.layout.minimap);
    painter.rect_filled(scene.layout.across(part), CornerRadius::ZERO, t.canvas);
    let inside = painter.with_clip_rect(part.expand2(vec2(HANDLE[0], 0.0)));
    let brush = brush(scene);
    if brush.width() + 0.5 < part.width() {
        inside.rect_filled(brush, CornerRadius::ZERO, t.brush);
    }
    let ground = Rect::from_min_max(part.min + vec2(0.0, ABOVE), part.max - vec2(0.0, 2.0));
    inside.add(egui::Shape::mesh(bars.overview(scene, ground)));
    paint_marks(&inside, scene);
    let playhead = scene.snap(scene.full_places().x(scene.playhead()));
    inside.vline(playhead, part.y_range(), Stroke::new(size::STROKE, t.text));
    for x in [brush.left(), brush.right()] {
        paint_edge(&inside, scene, x);
    }
    paint_label(painter, scene);
}

fn paint_edge(painter: &Painter, scene: &Scene<'_>, x: f32) {
    let (t, part) = (scene.tokens, scene.layout.minimap);
    let x = x.clamp(part.left() + 1.0, part.right() - 1.0);
    let line = Stroke::new(size::STROKE_PLAYHEAD, t.accent);
    painter.vline(x, part.y_range(), line);
    let handle = Rect::from_center_size(pos2(x, part.center().y), HANDLE.into());
    painter.rect_filled(handle, CornerRadius::same(size::CORNER_BAR), t.accent);
}

fn paint_marks(painter: &Painter, scene: &Scene<'_>) {
    let (t, part) = (scene.tokens, scene.layout.minimap);
    let (marks, face) = match scene.axis {
        Axis::Time => (
            ruler::overview_marks(&scene.full, scene.look.zone),
            Face::Small,
        ),
        Axis::Sequence => (ruler::overview_positions(&scene.full), Face::DataSmall),
    };
    let brush = brush(scene);
    let playhead = scene.full_places().x(scene.playhead());
    let lines = [brush.left(), playhead, brush.right()];
    for (nr, Mark { x, label, .. }) in marks.iter().enumerate() {
        let (x, width) = (*x, text::width(painter, face, label));
        // What began before the whole history is named at its edge, if there is room.
        let at = x.max(part.left()) + 4.0;
        let next = marks.get(nr + 1).map_or(f32::INFINITY, |next| next.x);
        let crossed = lines.iter().any(|x| at - 3.0 < *x && *x < at + width + 3.0);
        if crossed || at + width + 6.0 > next.min(part.right()) {
            continue;
        }
        if x >= part.left() {
            let line = Stroke::new(size::STROKE, t.line_strong);
            let y = part.top()..=part.top() + MARK;
            painter.vline(scene.snap(x), y, line);
        }
        let place = Rect::from_min_size(pos2(at, part.top()), vec2(width + 2.0, MARK + 2.0));
        text::line(painter, place, Align::Min, face, label, t.text3);
    }
}

fn paint_label(painter: &Painter, scene: &Scene<'_>) {
    let t = scene.tokens;
    let (what, how_much) = match scene.axis {
        Axis::Time => {
            let times = scene.log.by(scene.look.clock).range();
            let len = times.map_or(0, |(first, last)| last.0.saturating_sub(first.0));
            let what = match scene.look.clock {
                Clock::Occurred if scene.log.has_occurred() => "All occurred",
                Clock::Recorded if scene.log.has_occurred() => "All recorded",
                _ => "All time",
            };
            (what, format::duration(len))
        }
        Axis::Sequence => {
            let n_events = u64::try_from(scene.log.len()).unwrap_or(u64::MAX);
            ("All events", format::count(n_events))
        }
    };
    paint_two_lines(painter, scene.layout.minimap_label, [what, &how_much], t);
}

/// Two lines in the gutter, words above and data below.
pub(super) fn paint_two_lines(
    painter: &Painter,
    part: Rect,
    [words, data]: [&str; 2],
    t: &crate::ui::theme::Tokens,
) {
    painter.rect_filled(part, CornerRadius::ZERO, t.panel);
    let line = Rect::from_center_size(part.center(), vec2(part.width() - 24.0, 16.0));
    let upper = line.translate(vec2(0.0, -8.0));
    text::line(painter, upper, Align::Min, Face::Small, words, t.text2);
    let lower = line.translate(vec2(0.0, 8.0));
    text::line(painter, lower, Align::Min, Face::DataSmall, data, t.text3);
}
