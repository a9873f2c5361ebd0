//! A number of a state over the versions of its stream: steps, solid up to the playhead.

use egui::{Align2, Rect, Sense, Stroke, Ui, WidgetInfo, pos2};

use super::event_colors::EventColors;
use super::field_history::number;
use super::plots_axis::{Plane, value_label, value_ticks};
use super::plots_steps::{Mark, extent, paint};
use super::shared::{spoken, version};
use crate::event::{Position, Zone};
use crate::fold::FieldStep;
use crate::history::{Axis, EventLog};
use crate::projection::{Step, thin};
use crate::ui::View;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::workbench::{Action, FieldKey, Span};

/// Space for the labels at the left, and under the plane.
const LABELS: [f32; 2] = [56.0, 26.0];
/// Least distance between two versions that have a label.
const APART: f32 = 36.0;

/// Shows the plot in all the space there is. A press or a drag puts the playhead on an event.
pub(super) fn ui(
    ui: &Ui,
    view: &View<'_>,
    (log, key): (&EventLog, &FieldKey),
    (steps, base, now): (&[FieldStep], &[FieldStep], Option<u32>),
) {
    let area = ui.available_rect_before_wrap();
    let rect = Rect::from_min_max(
        pos2(area.left() + LABELS[0], area.top() + 10.0),
        pos2(area.right() - size::SIDE - 6.0, area.bottom() - LABELS[1]),
    );
    if rect.width() < 40.0 || rect.height() < 24.0 {
        return;
    }
    let events = log.events_of(key.stream);
    let last = i64::try_from(events.len())
        .unwrap_or(i64::MAX)
        .saturating_sub(1);
    let points = points_of(steps);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "pixels"
    )]
    let columns = rect.width() as usize;
    let marks_of = |points: &[Step]| -> Vec<Mark> {
        let thinned = thin(points, 0, last, columns);
        thinned.into_iter().map(Mark::new).collect()
    };
    let marks = marks_of(&points);
    let recorded = marks_of(&points_of(base));
    let all: Vec<Mark> = recorded.iter().chain(&marks).copied().collect();
    let plane = Plane {
        rect,
        axis: Axis::Sequence,
        span: Span {
            from: 0,
            to: last.max(1),
        },
        zone: Zone::Utc,
        values: extent(&all),
        least_step: 0.0,
    };
    let t = tokens(ui);
    ui.painter().rect_filled(area, 0.0, t.canvas);
    grid(ui, &plane, (log, key), now);
    let category = log.stream_info(key.stream).category;
    let color = t.category(EventColors::across(view).category(log, category));
    // As recorded, faint under what the branch makes of it.
    paint(ui, &plane, &recorded, now.map(i64::from), t.line_strong);
    paint(ui, &plane, &marks, now.map(i64::from), color);
    playhead(ui, &plane, (log, key), now);
    scrub(ui, area, &plane, view, (log, key), &points);
}

fn points_of(steps: &[FieldStep]) -> Vec<Step> {
    let point = |step: &FieldStep| Step {
        x: i64::from(step.rank),
        position: step.position,
        value: number(step),
    };
    steps.iter().map(point).collect()
}

/// Lines and labels: values at the left, versions below.
fn grid(ui: &Ui, plane: &Plane, (log, key): (&EventLog, &FieldKey), now: Option<u32>) {
    let t = tokens(ui);
    let painter = ui.painter();
    let ticks = value_ticks(plane.values, plane.rect.height(), 0.0);
    for value in &ticks {
        let y = plane.y(*value).round() + 0.5;
        painter.hline(plane.rect.x_range(), y, Stroke::new(size::STROKE, t.grid));
        let at = pos2(plane.rect.left() - 8.0, y);
        let label = value_label(*value, &ticks);
        painter.text(
            at,
            Align2::RIGHT_CENTER,
            label,
            Face::DataSmall.font(),
            t.text3,
        );
    }
    let here = now.map(|rank| plane.x(i64::from(rank)));
    for rank in labelled(plane) {
        let x = plane.x(rank).round() + 0.5;
        painter.vline(x, plane.rect.y_range(), Stroke::new(size::STROKE, t.grid));
        if here.is_some_and(|here| (here - x).abs() < APART * 0.75) {
            continue;
        }
        let rank = u32::try_from(rank).unwrap_or(0);
        let is_future = now.is_none_or(|now| rank > now);
        let color = if is_future { t.text3 } else { t.text2 };
        let label = version(log.version_at_rank(key.stream, rank));
        let at = pos2(x, plane.rect.bottom() + 6.0);
        painter.text(at, Align2::CENTER_TOP, label, Face::DataSmall.font(), color);
    }
}

/// The ranks that have a line: at most one every few points.
fn labelled(plane: &Plane) -> Vec<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "a few labels")]
    let most = (plane.rect.width() / APART).max(1.0) as i64;
    let n_ranks = plane.span.len() + 1;
    let mut step = 1_i64;
    for nr in 0..60_u32 {
        let of_ten = [1, 2, 5][nr as usize % 3];
        step = 10_i64.saturating_pow(nr / 3).saturating_mul(of_ten);
        if n_ranks / step <= most {
            break;
        }
    }
    (0..=plane.span.to)
        .step_by(usize::try_from(step).unwrap_or(1))
        .collect()
}

fn playhead(ui: &Ui, plane: &Plane, (log, key): (&EventLog, &FieldKey), now: Option<u32>) {
    let Some(rank) = now else { return };
    let t = tokens(ui);
    let x = plane.x(i64::from(rank)).round();
    let line = Stroke::new(size::STROKE_PLAYHEAD, t.accent);
    ui.painter().vline(x, plane.rect.y_range(), line);
    let label = version(log.version_at_rank(key.stream, rank));
    let width = text::width(ui.painter(), Face::DataMedium, &label).ceil() + 12.0;
    let head = Rect::from_min_size(
        pos2(x - width / 2.0, plane.rect.bottom() + 4.0),
        egui::vec2(width, 18.0),
    );
    ui.painter()
        .rect_filled(head, f32::from(size::CORNER_TAG), t.accent_fill);
    let inside = head.expand2(egui::vec2(1.0, 0.0));
    text::line(
        ui.painter(),
        inside,
        egui::Align::Center,
        Face::DataMedium,
        label,
        t.on_accent,
    );
}

fn scrub(
    ui: &Ui,
    area: Rect,
    plane: &Plane,
    view: &View<'_>,
    (log, key): (&EventLog, &FieldKey),
    points: &[Step],
) {
    let id = ui.make_persistent_id("field plot");
    let response = ui.interact(area, id, Sense::click_and_drag());
    let said = say(view, log, key, points);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, said.as_str()));
    let events = log.events_of(key.stream);
    let at = |x: f32| {
        let half = f64::from(plane.rect.width()) / plane.span.len() as f64 / 2.0;
        #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
        let rank = plane.at(x + half.min(1e6) as f32).clamp(0, plane.span.to);
        let rank = usize::try_from(rank).ok()?;
        events.get(rank)
    };
    let pressed = response.clicked() || response.dragged();
    if let Some(position) = response
        .interact_pointer_pos()
        .filter(|_| pressed)
        .and_then(|pointer| at(pointer.x))
        && Position(*position) != view.look().playhead
    {
        view.send(Action::MovePlayhead(Position(*position)));
    }
    if let Some(position) = response.hover_pos().and_then(|pointer| at(pointer.x)) {
        let after = points.partition_point(|step| step.position.0 <= *position);
        let step = after.checked_sub(1).and_then(|nr| points.get(nr)).copied();
        response.on_hover_ui_at_pointer(|ui| {
            let value = step.and_then(|step| step.value).map_or_else(
                || "no value".to_owned(),
                |value| format::amount(&value.to_string()).into_owned(),
            );
            let t = tokens(ui);
            ui.label(text::data(value).color(t.text));
            if let Some(step) = step {
                let event = log.type_name(log.event_type(step.position));
                let since = version(log.version(step.position));
                let words = format!("since {since} {}", format::visible(event));
                ui.label(text::row(words).color(t.text2));
            }
        });
    }
}

/// `balance over 11 versions, 4 changes, minus 50.00 at the playhead`.
fn say(view: &View<'_>, log: &EventLog, key: &FieldKey, points: &[Step]) -> String {
    let n_versions = log.events_of(key.stream).len();
    let playhead = view.look().playhead;
    let after = points.partition_point(|step| step.position <= playhead);
    let now = after
        .checked_sub(1)
        .and_then(|nr| points.get(nr)?.value)
        .map_or_else(|| "no value".to_owned(), |value| spoken(&value.to_string()));
    format!(
        "{} over {n_versions} versions, {} changes, {now} at the playhead",
        key.path,
        points.len()
    )
}
