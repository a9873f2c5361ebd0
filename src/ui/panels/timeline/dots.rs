//! Single events as dots, on the lanes of streams and on lanes with few events in view.

use egui::{Align, Color32, Painter, Rect, Shape, Stroke, pos2, vec2};

use super::density::Density;
use super::scene::Scene;
use crate::event::{Position, StreamId};
use crate::ui::theme::{Face, Tokens, format, size, text};

/// Dots nearer than this to one another are drawn as one.
const MERGE: f32 = 1.5;
/// From here on a dot has room for its type's name.
const ROOM_FOR_NAME: f32 = 64.0;
/// Up to how many events of a lane may share a column and still be drawn as dots.
const MAX_TOGETHER: u32 = 3;
/// Half the diagonal of a snapshot.
const SNAPSHOT: f32 = 5.5;

/// How large dots are that stand so far apart.
pub(super) fn radius(apart: f32) -> f32 {
    match apart {
        _ if apart < 14.0 => 3.0,
        _ if apart < ROOM_FOR_NAME => 4.0,
        _ => 5.5,
    }
}

/// Whether events of a lane with so many in view stand far enough apart for dots.
pub(super) fn are_single(scene: &Scene<'_>, group: usize) -> bool {
    are_apart(&scene.density, scene.layout.lanes.width(), group)
}

/// Whether events of a lane stand far enough apart for dots over such a width.
pub(super) fn are_apart(density: &Density, width: f32, group: usize) -> bool {
    density.single(group).is_some()
        && width >= 4.0 * density.in_view(group) as f32
        // Events come in bursts: where dots would lie on top of one another, counts say more.
        && density.greatest(group) <= MAX_TOGETHER
}

/// The life of a stream: a line from its first event to its last, with its events on it.
pub(super) fn paint_stream(
    painter: &Painter,
    scene: &Scene<'_>,
    group: usize,
    stream: StreamId,
    row: Rect,
) {
    let of_stream = scene.log.events_of(stream);
    let places = scene.places();
    let events = &*places.in_order(of_stream);
    let (Some(first), Some(last)) = (events.first(), events.last()) else {
        return;
    };
    let x = |at: &u32| places.x(Position(*at));
    let y = scene.snap(row.center().y);
    let now = x(&scene.playhead().0);
    life_line(painter, scene, group, (y, [x(first), now, x(last)]));
    let seen = visible(scene, events);
    let apart = match (seen.first(), seen.last()) {
        (Some(first), Some(last)) if seen.len() > 1 => {
            (x(last) - x(first)) / (seen.len() - 1) as f32
        }
        _ => 30.0,
    };
    let ground = if scene.look.selection.stream == Some(stream) {
        scene.tokens.accent_soft
    } else {
        scene.tokens.canvas
    };
    let line = Line {
        events: &seen,
        y,
        apart,
        ground,
    };
    paint(painter, scene, group, &line);
    let snapshots = scene.plan.snapshots(stream).filter_map(|version| {
        let rank = scene.log.rank_of_version(stream, version)?;
        of_stream.get(rank as usize)
    });
    for at in snapshots {
        diamond(
            painter,
            scene.tokens,
            pos2(x(at), y),
            *at > scene.playhead().0,
        );
    }
}

fn life_line(painter: &Painter, scene: &Scene<'_>, group: usize, (y, xs): (f32, [f32; 3])) {
    let part = scene.layout.lanes;
    let [first, now, last] = xs.map(|x| x.clamp(part.left() - 8.0, part.right() + 8.0));
    let line = |future| {
        Stroke::new(
            size::STROKE_PLOT,
            scene.tokens.density(scene.color_nr(group), future),
        )
    };
    let middle = now.clamp(first, last);
    if first < middle {
        painter.hline(first..=middle, y, line(false));
    }
    if middle < last {
        let ends = [pos2(middle, y), pos2(last, y)];
        let [dash, gap] = size::DASH;
        painter.extend(Shape::dashed_line(&ends, line(true), dash, gap));
    }
}

/// The events of a list in the order of the axis that are in view, no two of them at the same place.
fn visible(scene: &Scene<'_>, events: &[u32]) -> Vec<u32> {
    let places = scene.places();
    let part = scene.layout.lanes.expand2(vec2(6.0, 0.0));
    let after = |x: f32| {
        let until = scene.scale.at(x);
        events.partition_point(|at| places.at_event(Position(*at)) <= until)
    };
    let (mut index, end) = (after(part.left()), after(part.right()));
    let mut seen = Vec::new();
    while let Some(at) = events[..end].get(index) {
        seen.push(*at);
        let next = after(places.x(Position(*at)) + MERGE);
        index = next.max(index + 1);
    }
    seen
}

/// Events on one line.
pub(super) struct Line<'a> {
    /// In the order of the axis.
    pub(super) events: &'a [u32],
    /// The height of the line.
    pub(super) y: f32,
    /// How far they stand apart, by and large.
    pub(super) apart: f32,
    /// What they stand on.
    pub(super) ground: Color32,
}

/// Paints events as dots: filled up to the playhead, hollow and faint after it.
pub(super) fn paint(painter: &Painter, scene: &Scene<'_>, group: usize, line: &Line<'_>) {
    let (t, places) = (scene.tokens, scene.places());
    let Line {
        events,
        y,
        apart,
        ground,
    } = *line;
    let radius = radius(apart);
    let now = scene.playhead();
    for (nr, at) in events.iter().enumerate() {
        let position = Position(*at);
        let center = pos2(places.x(position), y);
        let is_left_out = scene.leaves_out(position);
        if position <= now {
            let color = if is_left_out {
                t.other_future_bar
            } else {
                t.category(scene.event_color_nr(group, position))
            };
            painter.circle_filled(center, radius, color);
        } else {
            let color = if is_left_out {
                t.other_future_bar
            } else {
                t.density(scene.event_color_nr(group, position), true)
            };
            let line = Stroke::new(size::STROKE_PLOT, color);
            painter.circle(center, radius - 0.5, ground, line);
        }
        if position == now {
            let ring = Stroke::new(size::STROKE_PLAYHEAD, t.accent);
            painter.circle_stroke(center, radius + 3.0, ring);
        }
        if scene.view.workbench.is_chosen(position) {
            let ring = Stroke::new(size::STROKE_PLOT, t.text);
            painter.circle_stroke(center, radius + 1.5, ring);
        }
        let next = events.get(nr + 1).map(|at| places.x(Position(*at)));
        let room = next.unwrap_or(f32::INFINITY) - center.x;
        if apart >= ROOM_FOR_NAME && room >= ROOM_FOR_NAME {
            let color = match (is_left_out, position <= now) {
                (true, _) => t.text_dis,
                (false, true) => t.text2,
                (false, false) => t.text3,
            };
            let left = center.x + radius + 5.0;
            let place = Rect::from_min_size(pos2(left, y - 8.0), vec2(room - 24.0, 16.0));
            name(painter, scene, position, place, [color, ground]);
        }
    }
}

/// The type's name at the right of a dot, where there is room for all of it.
fn name(
    painter: &Painter,
    scene: &Scene<'_>,
    position: Position,
    place: Rect,
    [color, ground]: [Color32; 2],
) {
    let name = format::visible(scene.log.type_name(scene.log.event_type(position)));
    let width = text::width(painter, Face::Small, &name);
    if width <= place.width() && place.left() + width <= scene.layout.lanes.right() {
        // The life line would run through the word.
        let taken = place.with_max_x(place.left() + width + 3.0);
        let under = taken.expand2(vec2(3.0, -3.0));
        painter.rect_filled(under, egui::CornerRadius::ZERO, ground);
        text::line(painter, taken, Align::Min, Face::Small, name, color);
    }
}

/// A saved state: a diamond in the color of text.
pub(super) fn diamond(painter: &Painter, t: &Tokens, center: egui::Pos2, future: bool) {
    let corner = |dx: f32, dy: f32| center + vec2(dx, dy) * SNAPSHOT;
    let corners = vec![
        corner(0.0, -1.0),
        corner(1.0, 0.0),
        corner(0.0, 1.0),
        corner(-1.0, 0.0),
    ];
    let color = if future { t.text3 } else { t.text };
    let line = Stroke::new(size::STROKE_PLOT, color);
    painter.add(Shape::convex_polygon(corners, t.canvas, line));
}

/// How far a stream has come at the playhead, for its label: `v4`, or nothing yet.
pub(super) fn version_at_playhead(scene: &Scene<'_>, stream: StreamId) -> Option<String> {
    let rank = scene.log.rank_at(stream, scene.playhead())?;
    let version = scene.log.version_at_rank(stream, rank)?;
    Some(version.to_string())
}

/// The event of a row nearest to `x`, if it is near enough to be meant.
pub(super) fn event_near(
    scene: &Scene<'_>,
    row: super::lanes::RowOf,
    x: f32,
    reach: f32,
) -> Option<Position> {
    use super::lanes::RowOf;
    let places = scene.places();
    match row {
        RowOf::Stream(_, stream) => {
            places.nearest(&places.in_order(scene.log.events_of(stream)), x, reach)
        }
        RowOf::Lane(group) if are_single(scene, group) => {
            places.nearest(scene.density.single(group)?, x, reach)
        }
        RowOf::Lane(_) | RowOf::More(_) => None,
    }
}
