//! The steps from causes to effects: lines with corners, an arrow, and the time they took.

use std::collections::HashSet;

use egui::{Align, Color32, Painter, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};

use super::scene::{Form, Scene};
use crate::history::{EdgeMark, GraphEdge};
use crate::ui::theme::{Face, format, size, text};

/// At most so many steps are drawn that are on no path of interest.
const MOST: usize = 3_000;
/// How far a line runs out of a card before it turns.
const OUT: f32 = 12.0;
/// How much of a corner is cut.
const CUT: f32 = 4.0;
/// How faint lines between dots are, those of interest and the others; and how far apart at least.
const FAINT: [f32; 2] = [0.8, 0.4];
const APART: f32 = 3.0;
/// A line of less than this in both directions is not drawn.
const TINY: f32 = 3.0;
/// How far from the middle of its lane a line runs that passes other cards.
const ABOVE: f32 = 29.0;

/// A step on the screen.
struct Line {
    points: Vec<Pos2>,
    /// The middle of where its time is written, and whether that lies on an upright part.
    label: (Pos2, bool),
    /// How long the part is beside which it is written.
    room: f32,
    /// Whether it runs between dots.
    is_plain: bool,
}

/// Between which lanes and about where a line between dots was drawn already.
type Drawn = HashSet<(u32, u32, i32)>;

/// Paints all steps in view: those of interest last, and of those between dots on the same place only
/// one of each kind.
pub(super) fn paint(ui: &Ui, scene: &Scene<'_>) {
    let painter = ui.painter().with_clip_rect(scene.lanes);
    let edges = scene.links();
    for of_interest in [false, true] {
        let mut n_left = MOST;
        let mut drawn = Drawn::new();
        for edge in edges
            .iter()
            .filter(|edge| is_of_interest(scene, edge) == of_interest)
        {
            if n_left == 0 {
                break;
            }
            if draw(&painter, scene, edge, &mut drawn) {
                n_left -= 1;
            }
        }
    }
}

/// Whether a step leads to the event at the playhead, away from it, or lies on the longest chain.
fn is_of_interest(scene: &Scene<'_>, edge: &GraphEdge) -> bool {
    let is_critical = scene.is_critical(edge.cause) && scene.is_critical(edge.effect);
    scene.is_on_path(edge.effect) || Some(edge.cause) == scene.chosen || is_critical
}

/// Draws a step, and says whether there was anything to draw.
fn draw(painter: &Painter, scene: &Scene<'_>, edge: &GraphEdge, drawn: &mut Drawn) -> bool {
    let Some(line) = line_of(scene, edge) else {
        return false;
    };
    if line.is_plain && edge.mark == EdgeMark::Sound {
        return draw_plain(painter, scene, edge, (&line, drawn));
    }
    let t = scene.tokens;
    let is_critical = scene.is_critical(edge.cause) && scene.is_critical(edge.effect);
    let color = color_of(scene, edge);
    let width = if is_critical || scene.is_on_path(edge.effect) {
        2.0
    } else {
        size::STROKE
    };
    let stroke = Stroke::new(width, color);
    let points = rounded(&line.points);
    let is_dashed =
        scene.is_future(edge.effect) || edge.mark != EdgeMark::Sound || is_command(scene, edge);
    if is_dashed {
        let [dash, gap] = size::DASH_LINK;
        painter.extend(Shape::dashed_line(&points, stroke, dash, gap));
    } else {
        painter.add(Shape::line(points, stroke));
    }
    if let [.., before, tip] = line.points.as_slice() {
        arrow(painter, *before, *tip, color);
    }
    if edge.mark != EdgeMark::Sound {
        let place = line.label.0;
        painter.circle_filled(place, 3.0, t.err);
    }
    true
}

/// Draws a step between dots as a faint line, where none of its kind is near.
fn draw_plain(
    painter: &Painter,
    scene: &Scene<'_>,
    edge: &GraphEdge,
    (line, drawn): (&Line, &mut Drawn),
) -> bool {
    let Some(end) = line.points.last() else {
        return false;
    };
    let place = place_nr(end.x);
    if !drawn.insert((scene.lane_of(edge.cause), scene.lane_of(edge.effect), place)) {
        return false;
    }
    let [strong, weak] = FAINT;
    let is_near = is_of_interest(scene, edge);
    let color = color_of(scene, edge).gamma_multiply(if is_near { strong } else { weak });
    let stroke = Stroke::new(size::STROKE, color);
    painter.add(Shape::line(line.points.clone(), stroke));
    true
}

/// The number of the place on the screen beside which no other line is drawn.
#[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
fn place_nr(x: f32) -> i32 {
    (x / APART) as i32
}

fn is_command(scene: &Scene<'_>, edge: &GraphEdge) -> bool {
    scene.position(edge.cause).is_none()
}

fn color_of(scene: &Scene<'_>, edge: &GraphEdge) -> Color32 {
    let t = scene.tokens;
    let is_critical = scene.is_critical(edge.cause) && scene.is_critical(edge.effect);
    match edge.mark {
        EdgeMark::Circle | EdgeMark::EffectFirst => t.err,
        EdgeMark::ClockGoesBack => t.warn,
        EdgeMark::Sound if scene.is_on_path(edge.effect) => t.accent,
        EdgeMark::Sound if is_critical || Some(edge.cause) == scene.chosen => t.text2,
        EdgeMark::Sound => t.text3,
    }
}

/// The way of a step on the screen; `None` where it is out of view or too small to be seen.
fn line_of(scene: &Scene<'_>, edge: &GraphEdge) -> Option<Line> {
    let (from_lane, to_lane) = (scene.lane_of(edge.cause), scene.lane_of(edge.effect));
    let seen = scene.lanes_in_view();
    let (upper, lower) = (from_lane.min(to_lane), from_lane.max(to_lane));
    if lower < seen.start || upper >= seen.end {
        return None;
    }
    let (from, form) = scene.rect(edge.cause);
    let (to, to_form) = scene.rect(edge.effect);
    let (left, right) = (from.left().min(to.left()), from.right().max(to.right()));
    if right < scene.lanes.left() || left > scene.lanes.right() {
        return None;
    }
    if from_lane == to_lane && to.left() - from.right() < TINY && form == Form::Dot {
        return None;
    }
    let is_plain = form == Form::Dot || to_form == Form::Dot;
    let line = match edge.mark {
        EdgeMark::Circle | EdgeMark::EffectFirst => back(from, to),
        _ if from_lane == to_lane => along(scene, edge, from, to),
        _ if is_plain => straight(from, to),
        _ => across(scene, edge, from, to),
    };
    Some(Line { is_plain, ..line })
}

/// From a cause to an effect that stands before it.
fn back(from: Rect, to: Rect) -> Line {
    let (a, b) = if (from.center().y - to.center().y).abs() < 1.0 {
        let y = from.top();
        let up = y - 8.0;
        let (a, b) = (pos2(from.left() + 10.0, y), pos2(to.left() + 14.0, y));
        return Line {
            points: vec![a, pos2(a.x, up), pos2(b.x, up), b],
            label: (pos2(f32::midpoint(a.x, b.x), up), false),
            room: (a.x - b.x).abs(),
            is_plain: false,
        };
    } else if from.center().y < to.center().y {
        (
            pos2(from.left() + 10.0, from.bottom()),
            pos2(to.left() + 14.0, to.top()),
        )
    } else {
        (
            pos2(from.left() + 10.0, from.top()),
            pos2(to.left() + 14.0, to.bottom()),
        )
    };
    Line {
        points: vec![a, b],
        label: (a + (b - a) / 2.0, true),
        room: (a.y - b.y).abs(),
        is_plain: false,
    }
}

/// Within one lane: straight to the next card, over the others to a later one.
fn along(scene: &Scene<'_>, edge: &GraphEdge, from: Rect, to: Rect) -> Line {
    let y = from.center().y;
    let (start, end) = (pos2(from.right(), y), pos2(to.left(), y));
    if scene.next_in_lane(edge.cause) == Some(edge.effect) || to.left() - from.right() < 2.0 * OUT {
        return Line {
            points: vec![start, end],
            label: (pos2(f32::midpoint(start.x, end.x), y - 9.0), false),
            room: end.x - start.x,
            is_plain: false,
        };
    }
    let above = y - ABOVE.min(scene.lane_height / 2.0 - 3.0);
    let (out, into) = (start.x + 6.0, end.x - 6.0);
    Line {
        points: vec![
            start,
            pos2(out, y),
            pos2(out, above),
            pos2(into, above),
            pos2(into, y),
            end,
        ],
        label: (pos2(into - 34.0, above), false),
        room: into - out,
        is_plain: false,
    }
}

/// Between dots.
fn straight(from: Rect, to: Rect) -> Line {
    let (a, b) = (from.center(), to.center());
    Line {
        points: vec![a, b],
        label: (a + (b - a) / 2.0, true),
        room: 0.0,
        is_plain: false,
    }
}

/// From one lane to another.
fn across(scene: &Scene<'_>, edge: &GraphEdge, from: Rect, to: Rect) -> Line {
    let down = to.center().y > from.center().y;
    let (exit, entry) = if down {
        (from.bottom(), to.top())
    } else {
        (from.top(), to.bottom())
    };
    // The time is written where the line comes into the lane of the effect.
    let half = scene.lane_height / 2.0;
    let label_y = if down {
        to.center().y - half
    } else {
        to.center().y + half
    };
    let y = from.center().y;
    if to.left() + 8.0 <= from.right() - 6.0 {
        let x = (to.left() + 16.0).min(from.right() - 6.0);
        return Line {
            points: vec![pos2(x, exit), pos2(x, entry)],
            label: (pos2(x, label_y), true),
            room: (entry - exit).abs(),
            is_plain: false,
        };
    }
    if to.left() < from.right() + OUT + 6.0 {
        let x = from.right().max(to.left()) + 8.0;
        return Line {
            points: vec![pos2(from.right(), y), pos2(x, y), pos2(x, entry)],
            label: (pos2(x, label_y), true),
            room: (entry - y).abs(),
            is_plain: false,
        };
    }
    let x = turn(scene, edge, from, to);
    Line {
        points: vec![
            pos2(from.right(), y),
            pos2(x, y),
            pos2(x, to.center().y),
            pos2(to.left(), to.center().y),
        ],
        label: (pos2(x, label_y), true),
        room: (to.center().y - y).abs(),
        is_plain: false,
    }
}

/// Where a line turns: near the cause where nothing is in its way along the lane of the effect, else
/// near the effect.
fn turn(scene: &Scene<'_>, edge: &GraphEdge, from: Rect, to: Rect) -> f32 {
    let near_cause = from.right() + OUT;
    let near_effect = to.left() - OUT;
    let is_free = scene
        .previous_in_lane(edge.effect)
        .is_none_or(|before| scene.rect(before).0.right() < near_cause);
    let is_free_above = || {
        scene
            .next_in_lane(edge.cause)
            .is_none_or(|next| scene.rect(next).0.left() > near_effect)
    };
    if is_free || !is_free_above() {
        near_cause
    } else {
        near_effect
    }
}

/// The points of a line with its corners cut.
fn rounded(points: &[Pos2]) -> Vec<Pos2> {
    let mut cut = Vec::with_capacity(points.len() * 2);
    for (nr, point) in points.iter().enumerate() {
        let around = nr
            .checked_sub(1)
            .and_then(|at| points.get(at))
            .zip(points.get(nr + 1));
        match around {
            None => cut.push(*point),
            Some((before, after)) => {
                cut.push(aside(*point, *before));
                cut.push(aside(*point, *after));
            }
        }
    }
    cut
}

/// A point a little from a corner toward another one.
fn aside(corner: Pos2, other: Pos2) -> Pos2 {
    let toward = other - corner;
    corner + toward.normalized() * CUT.min(toward.length() / 2.0)
}

fn arrow(painter: &Painter, before: Pos2, tip: Pos2, color: Color32) {
    let toward = tip - before;
    if toward.length() < 6.0 {
        return;
    }
    let along = toward.normalized();
    let base = tip - along * 6.0;
    let aside = along.rot90() * 3.5;
    let points = vec![tip, base + aside, base - aside];
    painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
}

/// Writes how long the steps took that are in view and have room for it.
pub(super) fn labels(ui: &Ui, scene: &Scene<'_>) {
    let painter = ui.painter().with_clip_rect(scene.lanes);
    let mut taken: Vec<Rect> = Vec::new();
    let edges = scene.links().iter();
    let (first, rest): (Vec<_>, Vec<_>) = edges
        .filter(|edge| edge.latency.is_some() && is_near(scene, edge))
        .partition(|edge| is_of_interest(scene, edge));
    for edge in first.into_iter().chain(rest) {
        label(&painter, scene, edge, &mut taken);
    }
}

/// Whether the effect of a step is in view, which is where its time is written.
fn is_near(scene: &Scene<'_>, edge: &GraphEdge) -> bool {
    if !scene.lanes_in_view().contains(&scene.lane_of(edge.effect)) {
        return false;
    }
    let (rect, form) = scene.rect(edge.effect);
    form == Form::Card && rect.intersects(scene.lanes.expand(200.0))
}

fn label(painter: &Painter, scene: &Scene<'_>, edge: &GraphEdge, taken: &mut Vec<Rect>) {
    let Some((line, latency)) = line_of(scene, edge).zip(edge.latency) else {
        return;
    };
    let words = format::duration_short(latency);
    let width = text::width(painter, Face::DataSmall, &words);
    let (at, is_upright) = line.label;
    let rect = if is_upright {
        Rect::from_min_size(at + vec2(6.0, -7.0), vec2(width + 2.0, 14.0))
    } else {
        Rect::from_center_size(at, vec2(width + 4.0, 14.0))
    };
    let needed = if is_upright { 24.0 } else { width + 8.0 };
    if line.room < needed || taken.iter().any(|other| other.intersects(rect)) {
        return;
    }
    taken.push(rect);
    painter.rect_filled(rect, 2.0, scene.tokens.canvas);
    let color = match color_of(scene, edge) {
        color if color == scene.tokens.text3 => scene.tokens.text2,
        color => color,
    };
    text::line(painter, rect, Align::Center, Face::DataSmall, words, color);
}
