//! The lanes and their labels, from the ground up; what moves over them is painted by others.

use egui::{Align, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

use super::bars::Bars;
use super::dots;
use super::lanes::{LaneOf, Row, RowOf};
use super::markers;
use super::ruler::Marks;
use super::scene::Scene;
use crate::event::StreamId;
use crate::history::{Axis, Grouping};
use crate::ui::theme::{Face, format, icons, size, text};
use crate::ui::widgets::swatch;

/// Space above the highest column of a lane.
const ABOVE: f32 = 5.0;
/// Where the caret of a lane stands, from the left edge.
const CARET: f32 = 14.0;
/// Where its swatch stands.
const SWATCH: f32 = 30.0;
/// Where names begin.
const NAME: f32 = 41.0;
/// How much further left swatch and name stand where there are no carets.
const NO_CARET: f32 = 13.0;

/// A row on the screen: gutter and lane.
pub(super) fn row_rect(scene: &Scene<'_>, row: &Row, scroll: f32) -> Rect {
    let top = scene.layout.labels.top() + row.top - scroll;
    let size = vec2(scene.layout.whole.width(), row.height);
    Rect::from_min_size(pos2(scene.layout.whole.left(), top), size)
}

/// The rows that are on the screen, with their rectangles.
pub(super) fn visible_rows<'a>(
    scene: &'a Scene<'_>,
    scroll: f32,
) -> impl Iterator<Item = (&'a Row, Rect)> {
    let part = scene.layout.labels.y_range();
    let rects = scene
        .rows
        .list
        .iter()
        .map(move |row| (row, row_rect(scene, row, scroll)));
    rects.filter(move |(_, rect)| part.min < rect.bottom() && rect.top() < part.max)
}

/// Whether a row is the selected stream or the type that is brought out.
pub(super) fn is_selected(scene: &Scene<'_>, row: &Row) -> bool {
    let selection = &scene.look.selection;
    match row.of {
        RowOf::Stream(_, stream) => selection.stream == Some(stream),
        RowOf::Lane(group) => match lane_of(scene, group) {
            Some(LaneOf::Type(of)) => selection.event_type == Some(of),
            _ => false,
        },
        RowOf::More(_) => false,
    }
}

/// What the lane of a group stands for.
pub(super) fn lane_of(scene: &Scene<'_>, group: usize) -> Option<LaneOf> {
    let lanes = scene.plan.lanes(scene.look.grouping);
    lanes.get(group).map(|lane| lane.of)
}

/// Whether a category's streams are shown; `None` for lanes that have none.
pub(super) fn is_open(scene: &Scene<'_>, group: usize) -> Option<bool> {
    match lane_of(scene, group)? {
        LaneOf::Category(category) => Some(scene.look.open_categories.contains(&category)),
        LaneOf::Type(_) | LaneOf::Others => None,
    }
}

/// Ground, grid, columns, life lines and dots.
pub(super) fn paint_lanes(
    painter: &Painter,
    scene: &Scene<'_>,
    (bars, marks, scroll): (&mut Bars, &Marks, f32),
) {
    let (t, layout) = (scene.tokens, scene.layout);
    let ground = layout.across(layout.lanes);
    painter.rect_filled(ground, CornerRadius::ZERO, t.canvas);
    let painter = painter.with_clip_rect(ground.intersect(painter.clip_rect()));
    markers::paint_range(&painter, scene, layout.lanes);
    for (row, rect) in visible_rows(scene, scroll) {
        if is_selected(scene, row) {
            painter.rect_filled(rect, CornerRadius::ZERO, t.accent_soft);
        }
    }
    let grid = if scene.axis == Axis::Time {
        &marks.lower
    } else {
        &marks.upper
    };
    for mark in grid.iter().filter(|mark| mark.x > layout.lanes.left()) {
        let line = Stroke::new(size::STROKE, t.grid);
        painter.vline(scene.snap(mark.x), ground.y_range(), line);
    }
    let inside = painter.with_clip_rect(layout.lanes.intersect(painter.clip_rect()));
    for (row, rect) in visible_rows(scene, scroll) {
        let lane = Rect::from_x_y_ranges(layout.lanes.x_range(), rect.y_range());
        match row.of {
            RowOf::Lane(group) => {
                if row.top > 0.0 {
                    separator(&painter, scene, rect.top());
                }
                paint_lane(&inside, scene, bars, group, lane);
            }
            RowOf::Stream(group, stream) => {
                dots::paint_stream(&inside, scene, group, stream, lane);
            }
            RowOf::More(_) => {}
        }
    }
    let bottom = layout.labels.top() - scroll + scene.rows.height;
    separator(&painter, scene, bottom);
}

/// A hairline over the whole width, its lower edge at `y`.
fn separator(painter: &Painter, scene: &Scene<'_>, y: f32) {
    let half = 0.5 / scene.pixels_per_point;
    let line = Stroke::new(size::STROKE, scene.tokens.line);
    painter.hline(scene.layout.whole.x_range(), scene.snap(y) - half, line);
}

fn paint_lane(painter: &Painter, scene: &Scene<'_>, bars: &mut Bars, group: usize, lane: Rect) {
    if scene.density.in_view(group) > 0 && dots::are_single(scene, group) {
        let events = scene.density.single(group).unwrap_or_default();
        let apart = scene.layout.lanes.width() / events.len().max(1) as f32;
        let y = scene.snap(lane.center().y);
        let line = dots::Line {
            events,
            y,
            apart,
            ground: scene.tokens.canvas,
        };
        dots::paint(painter, scene, group, &line);
        return;
    }
    let ground = Rect::from_min_max(lane.min + vec2(0.0, ABOVE), lane.max - vec2(0.0, 1.0));
    painter.add(Shape::mesh(bars.lane(scene, group, ground)));
}

/// The gutter: carets, swatches, names and counts.
pub(super) fn paint_labels(
    painter: &Painter,
    scene: &Scene<'_>,
    (scroll, hovered): (f32, Option<RowOf>),
) {
    let (t, labels) = (scene.tokens, scene.layout.labels);
    let painter = painter.with_clip_rect(labels.intersect(painter.clip_rect()));
    painter.rect_filled(labels, CornerRadius::ZERO, t.panel);
    for (row, rect) in visible_rows(scene, scroll) {
        let label = Rect::from_x_y_ranges(labels.x_range(), rect.y_range());
        if is_selected(scene, row) {
            painter.rect_filled(label, CornerRadius::ZERO, t.accent_soft);
            let bar = label.with_max_x(label.left() + size::STROKE_PLAYHEAD);
            painter.rect_filled(bar, CornerRadius::ZERO, t.accent);
        } else if hovered == Some(row.of) && !matches!(row.of, RowOf::More(_)) {
            painter.rect_filled(label, CornerRadius::ZERO, t.raised);
        }
        match row.of {
            RowOf::Lane(group) => {
                if row.top > 0.0 {
                    separator(&painter, scene, rect.top());
                }
                paint_lane_label(&painter, scene, group, label);
            }
            RowOf::Stream(group, stream) => {
                if scene.look.stream_lanes {
                    let at = pos2(label.left() + SWATCH, label.center().y);
                    swatch::paint(&painter, at, t.category(scene.color_nr(group)));
                }
                paint_stream_label(&painter, scene, stream, label);
            }
            RowOf::More(n_more) => {
                let n_more = u64::try_from(n_more).unwrap_or(u64::MAX);
                let text = format!("{} more", format::count(n_more));
                let place = name_place(label, label.right());
                text::line(&painter, place, Align::Min, Face::Row, text, t.text3);
            }
        }
    }
    separator(&painter, scene, labels.top() - scroll + scene.rows.height);
}

/// The line between the gutter and what runs along the axis, over the whole height.
pub(super) fn paint_gutter_edge(painter: &Painter, scene: &Scene<'_>) {
    let layout = scene.layout;
    let line = Stroke::new(size::STROKE, scene.tokens.line);
    let half = 0.5 / scene.pixels_per_point;
    let x = scene.snap(layout.labels.right()) - half;
    painter.vline(x, layout.whole.y_range(), line);
    for y in [layout.ruler.top(), layout.ruler.bottom()] {
        separator(painter, scene, y);
    }
}

/// Where the swatch of a lane stands in its label.
pub(super) fn swatch_center(scene: &Scene<'_>, label: Rect) -> Pos2 {
    let shift = match scene.look.grouping {
        Grouping::Category => 0.0,
        Grouping::Type => NO_CARET,
    };
    pos2(label.left() + SWATCH - shift, label.center().y)
}

fn name_place(label: Rect, end: f32) -> Rect {
    Rect::from_min_max(
        pos2(label.left() + NAME, label.top()),
        pos2(end - 4.0, label.bottom()),
    )
}

fn paint_lane_label(painter: &Painter, scene: &Scene<'_>, group: usize, label: Rect) {
    let t = scene.tokens;
    let Some(lane) = scene.plan.lanes(scene.look.grouping).get(group) else {
        return;
    };
    let y = label.center().y;
    if let Some(open) = is_open(scene, group) {
        let icon = if open { icons::UNFOLDED } else { icons::FOLDED };
        let at = pos2(label.left() + CARET, y);
        icons::paint(painter, at, icon, size::ICON_TEXT, t.text3);
    }
    let shift = match scene.look.grouping {
        Grouping::Category => 0.0,
        Grouping::Type => NO_CARET,
    };
    let right = label.with_max_x(label.right() - size::SIDE);
    let count = match scene.density.n_left(group) {
        Some(n_left) => format!(
            "{}/{}",
            format::compact(n_left),
            format::compact(lane.count)
        ),
        None => format::compact(lane.count),
    };
    let taken = text::line(painter, right, Align::Max, Face::DataSmall, count, t.text3);
    let place = name_place(label, taken.left());
    let place = place.with_min_x(place.left() - shift);
    let name = lane.name.as_str();
    text::line(painter, place, Align::Min, Face::Button, name, t.text);
}

fn paint_stream_label(painter: &Painter, scene: &Scene<'_>, stream: StreamId, label: Rect) {
    let t = scene.tokens;
    let version = dots::version_at_playhead(scene, stream);
    let has_begun = version.is_some();
    let version = version.unwrap_or_else(|| format::NOT_APPLICABLE.to_owned());
    let right = label.with_max_x(label.right() - size::SIDE);
    let face = Face::DataSmall;
    let taken = text::line(painter, right, Align::Max, face, version, t.text3);
    let color = match (scene.look.selection.stream == Some(stream), has_begun) {
        (true, _) => t.text,
        (false, true) => t.text2,
        (false, false) => t.text3,
    };
    let place = name_place(label, taken.left());
    let name = format::visible(scene.log.stream_name(stream));
    let name = text::shortened(painter, Face::Row, &name, place.width());
    text::line(painter, place, Align::Min, Face::Row, name, color);
}
