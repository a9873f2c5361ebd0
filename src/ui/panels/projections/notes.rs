//! Bookmarks in a plot: each name beside the value that the first line has there.

use egui::{Align, Rect, Ui, pos2, vec2};

use super::super::plots_axis::Plane;
use crate::event::Position;
use crate::history::{Axis, EventLog};
use crate::projection::{Line, Plotted};
use crate::ui::View;
use crate::ui::theme::{Face, format, text, tokens};

/// At most so many names are written, each at most so wide.
const MOST: usize = 24;
const WIDEST: f32 = 220.0;
/// At most so many are read out.
const SAID: usize = 5;
/// Height of a name.
const HEIGHT: f32 = 14.0;

/// Names the bookmarks in view; one that would stand on another one, or on the playhead, is left out.
pub(super) fn paint(ui: &Ui, plane: &Plane, view: &View<'_>, (log, lines): (&EventLog, &Plotted)) {
    let Some(line) = lines.lines.first().filter(|line| line.bands.is_empty()) else {
        return;
    };
    let t = tokens(ui);
    let painter = ui
        .painter()
        .with_clip_rect(plane.rect.intersect(ui.clip_rect()));
    let now = super::super::plots::playhead_at(plane.axis, log, view.look().playhead);
    let now = now.map_or(f32::NEG_INFINITY, |now| plane.x(now));
    let mut taken: Vec<Rect> = Vec::new();
    for bookmark in &view.look().bookmarks {
        let Some(at) = at(plane.axis, log, bookmark.position) else {
            continue;
        };
        let x = plane.x(at);
        let Some(value) = value_at(line, at).filter(|_| plane.rect.x_range().contains(x)) else {
            continue;
        };
        let name = format::visible(&bookmark.name);
        let width = text::width(&painter, Face::Small, &name).min(WIDEST);
        // Within the plot, however low that is.
        let lowest = plane.rect.bottom() - HEIGHT / 2.0;
        let y = plane
            .y(value)
            .min(lowest)
            .max(plane.rect.top() + HEIGHT / 2.0);
        let is_left = x - width - 8.0 > plane.rect.left();
        let left = if is_left { x - width - 8.0 } else { x + 8.0 };
        let place = Rect::from_min_size(pos2(left, y - HEIGHT / 2.0), vec2(width, HEIGHT));
        let is_free = !taken.iter().any(|other| other.intersects(place));
        if taken.len() >= MOST || !is_free || place.x_range().contains(now) {
            continue;
        }
        taken.push(place);
        painter.rect_filled(
            place.expand2(vec2(3.0, 0.0)),
            2.0,
            t.canvas.gamma_multiply(0.75),
        );
        painter.circle_filled(pos2(x, plane.y(value)), 2.5, t.text2);
        text::line(
            &painter,
            place.expand(1.0),
            Align::Min,
            Face::Small,
            name,
            t.text2,
        );
    }
}

/// What is read out of the bookmarks in view: `, bookmarks Spring promotion, 11 h outage`.
pub(super) fn said(plane: &Plane, view: &View<'_>, log: &EventLog) -> String {
    let bookmarks = view.look().bookmarks.iter();
    let in_view = bookmarks.filter(|bookmark| {
        let at = at(plane.axis, log, bookmark.position);
        at.is_some_and(|at| plane.rect.x_range().contains(plane.x(at)))
    });
    let names: Vec<&str> = in_view
        .take(SAID)
        .map(|bookmark| bookmark.name.as_str())
        .collect();
    if names.is_empty() {
        return String::new();
    }
    format!(", bookmarks {}", names.join(", "))
}

fn at(axis: Axis, log: &EventLog, position: Position) -> Option<i64> {
    match axis {
        Axis::Time => log.time(position).map(|time| time.0),
        Axis::Sequence => Some(i64::from(position.0)),
    }
}

fn value_at(line: &Line, at: i64) -> Option<f64> {
    let nr = line.points.partition_point(|step| step.x <= at);
    let step = line.points.get(nr.checked_sub(1)?)?;
    step.value.map(|value| value.to_f64())
}
