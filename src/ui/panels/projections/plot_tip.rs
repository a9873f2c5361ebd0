//! What stands under the pointer in a plot of results.

use egui::{Response, Stroke, Ui, pos2};

use super::super::plots;
use super::super::plots_axis::Plane;
use super::super::shared::moment_of;
use super::plot::{Drawn, NAMED, color};
use crate::event::Timestamp;
use crate::history::{Axis, EventLog};
use crate::projection::{Bucket, Line, Plotted, Step};
use crate::ui::View;
use crate::ui::theme::{format, size, text, tokens};
use crate::ui::widgets::swatch;

/// What stands under the pointer.
pub(super) fn tip(
    ui: &Ui,
    response: Response,
    plane: &Plane,
    drawn: &Drawn<'_>,
    (log, view): (&EventLog, &View<'_>),
) {
    let inside = |pointer: &egui::Pos2| plane.rect.contains(*pointer);
    let Some(pointer) = response.hover_pos().filter(inside) else {
        return;
    };
    if response.dragged() {
        return;
    }
    let at = plane.at(pointer.x);
    let edges = &drawn.lines.edges;
    let lines = drawn.lines.lines.iter().enumerate().take(NAMED);
    let mut found: Vec<(usize, &Line, Step)> = Vec::new();
    for (nr, line) in lines {
        let by_then = line.points.partition_point(|step| step.x <= at);
        let step = by_then.checked_sub(1).and_then(|nr| line.points.get(nr));
        found.extend(step.map(|step| (nr, line, *step)));
    }
    let Some((nr, _, first)) = found.first().copied() else {
        return;
    };
    if let Some(value) = first.value.filter(|_| found.len() == 1) {
        let center = pos2(
            plane.x(first.x).max(plane.rect.left()),
            plane.y(value.to_f64()),
        );
        let stroke = Stroke::new(size::STROKE_PLOT, color(tokens(ui), nr));
        ui.painter().circle_stroke(center, 5.0, stroke);
    }
    let head = if edges.len() > 1 {
        bucket_name(view, log, plane, drawn.lines, first.x)
    } else {
        let position = first.position.min(log.last().unwrap_or_default());
        let event = format::visible(log.type_name(log.event_type(position))).into_owned();
        format!("{}, {event}", moment_of(log, position, view.look().zone))
    };
    let exact = drawn.lines.lines.iter().all(|line| line.exact);
    response.on_hover_ui_at_pointer(|ui| {
        let t = tokens(ui);
        ui.label(text::row(head).color(t.text3));
        let is_alone = found.len() == 1;
        for (nr, line, step) in found {
            ui.horizontal(|ui| {
                if !is_alone {
                    swatch::swatch(ui, color(t, nr));
                    ui.label(text::row(format::visible(&line.name)).color(t.text2));
                }
                let value = step.value.map_or_else(
                    || "no value".to_owned(),
                    |value| format::amount(&value.to_string()).into_owned(),
                );
                ui.label(text::data(value).color(t.text));
            });
            let now = plots::playhead_at(Axis::Time, log, view.look().playhead);
            let by_then = drawn.partial(nr, step.x).and_then(|step| step.value);
            if let Some(value) = by_then.filter(|_| holds(edges, step.x, now)) {
                let words = format!("{} by the playhead", format::amount(&value.to_string()));
                ui.label(text::small(words).color(t.text2));
            }
        }
        if !exact {
            ui.label(text::small("made in floating point").color(t.warn));
        }
    });
}

/// Whether the piece of time that begins at `from` holds a moment.
fn holds(edges: &[i64], from: i64, now: Option<i64>) -> bool {
    let at = edges.partition_point(|edge| *edge <= from);
    let to = edges.get(at).copied().unwrap_or(i64::MAX);
    now.is_some_and(|now| from <= now && now < to)
}

/// `Tue Mar 12, partial day`, `week from 2024-03-11`.
fn bucket_name(
    view: &View<'_>,
    log: &EventLog,
    plane: &Plane,
    lines: &Plotted,
    from: i64,
) -> String {
    let now = plots::playhead_at(Axis::Time, log, view.look().playhead);
    let unit = lines.bucket.map_or_else(String::new, Bucket::label);
    let text = plane.zone.wall(Timestamp(from)).date_time(' ', 0);
    let when = match lines.bucket {
        Some(Bucket::Seconds(_)) | None => text,
        Some(_) => text.get(..10).unwrap_or_default().to_owned(),
    };
    if holds(&lines.edges, from, now) {
        format!("{unit} from {when}, partial {unit}")
    } else {
        format!("{unit} from {when}")
    }
}
