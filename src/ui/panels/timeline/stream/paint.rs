//! The rows from the ground up, and their labels at the left.

use egui::{Align, CornerRadius, Painter, Rect, Stroke, pos2, vec2};

use super::fields;
use super::rows::{RowOf, note};
use super::stage::{Found, Stage};
use super::{beside, events, ruler};
use crate::event::Position;
use crate::history::RelatedStream;
use crate::ui::theme::{Face, format, icons, size, text};

/// Radius of the dots of related streams.
const RELATED_DOT: f32 = 3.0;
/// Radius of a result's pill.
const PILL: f32 = 8.5;
/// Results nearer than this to one another are drawn as one.
const PILLS_MERGE: f32 = 12.0;
/// Half the height of the bar where a result ends.
const END: f32 = 6.0;

/// The ground, the stretch between A and B, and the grid.
pub(super) fn ground(painter: &Painter, stage: &Stage<'_>, lines: &[f32]) {
    let (t, parts) = (stage.tokens, stage.parts);
    let across = Rect::from_x_y_ranges(parts.whole.x_range(), parts.body.y_range());
    painter.rect_filled(across, CornerRadius::ZERO, t.canvas);
    let inside = painter.with_clip_rect(parts.body.intersect(painter.clip_rect()));
    if let (Some(a), Some(b)) = (stage.look.marker_a, stage.look.marker_b) {
        let ends = [a.from.min(b.from), a.to.max(b.to)].map(|at| stage.track.x_of(at));
        let range = Rect::from_x_y_ranges(ends[0]..=ends[1], parts.body.y_range());
        inside.rect_filled(range, CornerRadius::ZERO, t.ab);
    }
    let line = Stroke::new(size::STROKE, t.grid);
    for x in lines.iter().filter(|x| **x > parts.body.left()) {
        inside.vline(stage.snap(*x), parts.body.y_range(), line);
    }
}

/// What runs along the axis.
pub(super) fn rows(painter: &Painter, stage: &Stage<'_>, scroll: f32) {
    let body = stage.parts.body;
    let inside = painter.with_clip_rect(body.intersect(painter.clip_rect()));
    for (of, rect) in stage.visible_rows(scroll) {
        let row = Rect::from_x_y_ranges(body.x_range(), rect.y_range());
        match of {
            RowOf::When => results(&inside, stage, row),
            RowOf::Events => events::paint(&inside, stage, row),
            RowOf::Field(index) => {
                if let Some(lane) = stage.lanes.get(index) {
                    fields::paint(&inside, stage, lane, row);
                }
            }
            RowOf::Note => {
                let words = note(stage).unwrap_or_default();
                let place = row.shrink2(vec2(size::SIDE, 0.0));
                let is_wrong = stage.no_lanes.is_some() && stage.track.order.is_none();
                let color = if is_wrong {
                    stage.tokens.err
                } else {
                    stage.tokens.text3
                };
                text::line(&inside, place, Align::Min, Face::Small, words, color);
            }
            RowOf::Related(index) => {
                if let Some(related) = stage.related.get(index) {
                    related_row(&inside, stage, related, row);
                }
            }
        }
        separator(painter, stage, rect.bottom());
    }
}

fn separator(painter: &Painter, stage: &Stage<'_>, y: f32) {
    let half = 0.5 / stage.pixels_per_point;
    let line = Stroke::new(size::STROKE, stage.tokens.line);
    let clip = Rect::from_x_y_ranges(stage.parts.whole.x_range(), stage.parts.body.y_range());
    let painter = painter.with_clip_rect(clip.intersect(painter.clip_rect()));
    painter.hline(stage.parts.whole.x_range(), stage.snap(y) - half, line);
}

/// The results as numbered pills, each with a line to where it stops being true.
fn results(painter: &Painter, stage: &Stage<'_>, row: Rect) {
    let t = stage.tokens;
    let y = stage.snap(row.center().y);
    let found = stage.found.as_deref().unwrap_or_default();
    let mut last = f32::NEG_INFINITY;
    for one in found {
        let from = stage.track.x_of(one.interval.from);
        let to = one
            .interval
            .to
            .map_or_else(|| stage.parts.body.right() + 1.0, |to| stage.track.x_of(to));
        let line = Stroke::new(size::STROKE, t.warn);
        if stage.parts.body.left() <= to && from <= stage.parts.body.right() {
            painter.hline(from..=to, y, line);
            if one.interval.to.is_some() {
                let bar = Stroke::new(size::STROKE_PLAYHEAD, t.warn);
                painter.vline(stage.snap(to), y - END..=y + END, bar);
            }
        }
        let merges = from - last < PILLS_MERGE;
        if (merges && !one.is_current) || !stage.parts.body.expand(PILL).x_range().contains(from) {
            continue;
        }
        last = from;
        pill(painter, stage, one, (from, y));
    }
}

fn pill(painter: &Painter, stage: &Stage<'_>, found: &Found, (x, y): (f32, f32)) {
    let t = stage.tokens;
    let words = format::compact(u64::try_from(found.nr).unwrap_or(u64::MAX));
    let width = text::width(painter, Face::SmallMedium, &words) + 8.0;
    let place = Rect::from_center_size(pos2(x, y), vec2(width.max(2.0 * PILL), 2.0 * PILL));
    let corner = CornerRadius::same(9);
    let (fill, color) = if found.is_current {
        (t.warn, t.canvas)
    } else {
        (t.panel, t.warn)
    };
    let line = Stroke::new(size::STROKE, t.warn);
    painter.rect(place, corner, fill, line, egui::StrokeKind::Inside);
    text::line(
        painter,
        place,
        Align::Center,
        Face::SmallMedium,
        words,
        color,
    );
}

/// Another stream: a thin line with those of its events that are related.
fn related_row(painter: &Painter, stage: &Stage<'_>, related: &RelatedStream, row: Rect) {
    let t = stage.tokens;
    let y = stage.snap(row.center().y);
    let x = |at: &u32| stage.track.x_of(Position(*at));
    let (Some(first), Some(last)) = (related.events.first(), related.events.last()) else {
        return;
    };
    let body = stage.parts.body;
    let clamp = |x: f32| x.clamp(body.left() - 8.0, body.right() + 8.0);
    let line = Stroke::new(size::STROKE, t.line_strong);
    painter.hline(clamp(x(first))..=clamp(x(last)), y, line);
    let mut before = f32::NEG_INFINITY;
    for at in &related.events {
        let x = x(at);
        if x - before < 2.0 || !body.expand(4.0).x_range().contains(x) {
            continue;
        }
        before = x;
        let center = pos2(x, y);
        if *at <= stage.playhead.0 {
            painter.circle_filled(center, RELATED_DOT, t.text3);
        } else {
            let line = Stroke::new(size::STROKE, t.text3);
            painter.circle(center, RELATED_DOT, t.canvas, line);
        }
    }
}

/// The labels at the left of the rows.
pub(super) fn labels(painter: &Painter, stage: &Stage<'_>, scroll: f32, hovered: Option<RowOf>) {
    let (t, parts) = (stage.tokens, stage.parts);
    let painter = painter.with_clip_rect(parts.labels.intersect(painter.clip_rect()));
    painter.rect_filled(parts.labels, CornerRadius::ZERO, t.panel);
    for (of, rect) in stage.visible_rows(scroll) {
        let label = Rect::from_x_y_ranges(parts.labels.x_range(), rect.y_range());
        if hovered == Some(of) && matches!(of, RowOf::Related(_)) {
            painter.rect_filled(label, CornerRadius::ZERO, t.raised);
        }
        let inside = label.shrink2(vec2(size::SIDE, 0.0));
        match of {
            RowOf::When => {
                let count = stage.found.as_ref().map_or(0, Vec::len);
                let count = u64::try_from(count).unwrap_or(u64::MAX);
                let count = super::super::super::shared::counted(count, "result", "results");
                let taken = text::line(&painter, inside, Align::Max, Face::Small, count, t.text3);
                let rest = inside.with_max_x(taken.left() - 4.0);
                text::line(&painter, rest, Align::Min, Face::Small, "When", t.text2);
            }
            RowOf::Events => stream_label(&painter, stage, label),
            RowOf::Field(index) => field_label(&painter, stage, index, label),
            RowOf::Note => {}
            RowOf::Related(index) => {
                if let Some(related) = stage.related.get(index) {
                    let name = format::visible(stage.log.stream_name(related.stream));
                    let name = text::shortened(&painter, Face::Data, &name, inside.width());
                    text::line(&painter, inside, Align::Min, Face::Data, name, t.text2);
                }
            }
        }
        separator(&painter, stage, rect.bottom());
    }
}

fn stream_label(painter: &Painter, stage: &Stage<'_>, label: Rect) {
    let t = stage.tokens;
    let bar = label.with_max_x(label.left() + size::STROKE_PLAYHEAD);
    painter.rect_filled(bar, CornerRadius::ZERO, t.accent);
    let inside = label.shrink2(vec2(size::SIDE, 0.0));
    let name = format::visible(stage.log.stream_name(stage.stream));
    let name = text::shortened(painter, Face::DataMedium, &name, inside.width());
    let upper =
        Rect::from_center_size(inside.center() - vec2(0.0, 9.0), vec2(inside.width(), 18.0));
    text::line(painter, upper, Align::Min, Face::DataMedium, name, t.text);
    let n_events = u64::try_from(stage.track.events.len()).unwrap_or(u64::MAX);
    let lower = upper.translate(vec2(0.0, 18.0));
    let words = match stage.view.workbench.slice_shown() {
        Some(slice) => {
            let n_left = slice.count_of(stage.track.events) as u64;
            format!(
                "{} of {} events",
                format::count(n_left),
                format::count(n_events)
            )
        }
        None => super::super::super::shared::counted(n_events, "event", "events"),
    };
    text::line(painter, lower, Align::Min, Face::Small, words, t.text3);
}

/// The pin of a field's label.
pub(super) fn pin_rect(label: Rect) -> Rect {
    Rect::from_center_size(
        pos2(label.left() + 18.0, label.center().y),
        vec2(size::BUTTON_SMALL, size::BUTTON_SMALL),
    )
}

fn field_label(painter: &Painter, stage: &Stage<'_>, index: usize, label: Rect) {
    let t = stage.tokens;
    let Some(view) = stage.lanes.get(index) else {
        return;
    };
    let icon = if view.is_pinned {
        icons::PIN.outline()
    } else {
        icons::ADD
    };
    let at = pin_rect(label).center();
    icons::paint(painter, at, icon, size::ICON_TEXT, t.text3);
    let inside = Rect::from_min_max(
        pos2(label.left() + 28.0, label.top()),
        pos2(label.right() - 8.0, label.bottom()),
    );
    let name = view.path.to_string();
    let name = format::visible(&name);
    let (value, is_negative) = value_at(stage, index).unwrap_or_default();
    let value = format::visible(&value).into_owned();
    let name_width = text::width(painter, Face::Data, &name).min(inside.width() * 0.6);
    let room = inside.with_min_x(inside.left() + name_width + 6.0);
    let color = if is_negative { t.err } else { t.text };
    let taken = text::line(painter, room, Align::Max, Face::Data, value, color);
    let rest = inside.with_max_x(taken.left().max(inside.left() + name_width) - 2.0);
    let name = text::shortened(painter, Face::Data, &name, rest.width());
    text::line(painter, rest, Align::Min, Face::Data, name, t.text2);
}

/// A field's value at the playhead, and whether it is below zero.
pub(super) fn value_at(stage: &Stage<'_>, index: usize) -> Option<(String, bool)> {
    let lane = stage.lanes.get(index)?.lane?;
    let now = u32::try_from(stage.now?).ok()?;
    let Some(step) = lane.at(now) else {
        return Some((format::NOT_APPLICABLE.to_owned(), false));
    };
    let is_negative = matches!(
        &step.value,
        crate::fold::LaneValue::Number(_, number) if number.is_negative()
    );
    let words = match &step.value {
        crate::fold::LaneValue::Absent => format::NOT_APPLICABLE.to_owned(),
        value => fields::shown(value),
    };
    Some((words, is_negative))
}

/// The lines between labels and rows, and what stands over all of it.
pub(super) fn over(painter: &Painter, stage: &Stage<'_>, head: Option<Rect>, scroll: f32) {
    let half = 0.5 / stage.pixels_per_point;
    let x = stage.snap(stage.parts.labels.right()) - half;
    let line = Stroke::new(size::STROKE, stage.tokens.line);
    painter.vline(x, stage.parts.whole.y_range(), line);
    let y = stage.snap(stage.parts.ruler.bottom()) - half;
    painter.hline(stage.parts.whole.x_range(), y, line);
    beside::divergence(painter, stage);
    ruler::paint_flags(painter, stage);
    ruler::paint_playhead(painter, stage, head);
    let inside = painter.with_clip_rect(stage.parts.body.intersect(painter.clip_rect()));
    for (of, row) in stage.visible_rows(scroll) {
        match of {
            RowOf::When => current(&inside, stage, row),
            RowOf::Events => events::paint_here(&inside, stage, row),
            RowOf::Field(_) | RowOf::Note | RowOf::Related(_) => {}
        }
    }
}

/// The result at which the playhead stands: its number is not left under the playhead's line.
fn current(painter: &Painter, stage: &Stage<'_>, row: Rect) {
    let found = stage.found.as_deref().unwrap_or_default();
    if let Some(one) = found.iter().find(|one| one.is_current) {
        let x = stage.track.x_of(one.interval.from);
        pill(painter, stage, one, (x, stage.snap(row.center().y)));
    }
}
