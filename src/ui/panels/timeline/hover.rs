//! What the pointer over the lanes brings up: a line, and a tooltip with counts or the event.

use egui::{Align, Painter, Rect, Response, Sense, Stroke, Ui, pos2, vec2};

use super::dots;
use super::lanes::RowOf;
use super::scene::Scene;
use super::when;
use crate::event::{Position, Timestamp, Zone};
use crate::history::{Axis, Clock, EventLog};
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::swatch;

/// How near to an event the pointer must be to mean it.
const REACH: f32 = 6.0;
/// Up to how many lanes a tooltip names.
const LANES: usize = 8;
/// Width of a tooltip.
const WIDTH: f32 = 216.0;
const DAY: i64 = 86_400_000_000_000;

/// The line under the pointer, and after a while the tooltip.
pub(super) fn show(painter: &Painter, scene: &Scene<'_>, response: Response, scroll: f32) {
    let Some(pointer) = response.hover_pos().filter(|_| !response.dragged()) else {
        return;
    };
    let y = pointer.y - scene.layout.lanes.top() + scroll;
    let row = scene.rows.at(y).map(|row| row.of);
    let event = row.and_then(|row| dots::event_near(scene, row, pointer.x, REACH));
    let x = event.map_or(pointer.x, |event| scene.places().x(event));
    let line = Stroke::new(size::STROKE, scene.tokens.text3.gamma_multiply(0.6));
    let top = scene.layout.ruler.bottom();
    let half = 0.5 / scene.pixels_per_point;
    painter.vline(
        scene.snap(x) - half,
        top..=scene.layout.lanes.bottom(),
        line,
    );
    response.on_hover_ui_at_pointer(|ui| match event {
        Some(position) => event_tip(ui, scene.log, scene.look.zone, position),
        None => column_tip(ui, scene, pointer.x, row),
    });
}

/// What an event is and when it happened.
pub(super) fn event_tip(ui: &mut Ui, log: &EventLog, zone: Zone, position: Position) {
    let event_type = format::visible(log.type_name(log.event_type(position)));
    let stream = format::visible(log.stream_name(log.stream(position)));
    let version = log
        .version(position)
        .map_or_else(String::new, |version| format!("  {version}"));
    head(ui, &event_type);
    line(ui, &format!("{stream}{version}"), Face::Row);
    let time = log.time(position).map_or_else(
        || "no time".to_owned(),
        |time| {
            let full = when::full(time, zone, log.time_digits());
            format!("{full} {}", zone.label(time))
        },
    );
    line(ui, &time, Face::DataSmall);
    let occurred = log.by(Clock::Occurred).time(position);
    if let Some(occurred) = occurred.filter(|_| log.has_occurred()) {
        let full = when::full(occurred, zone, log.time_digits());
        let words = format!("occurred {full} {}", zone.label(occurred));
        line(ui, &words, Face::DataSmall);
    }
    let position = format::position(u64::from(position.0));
    line(ui, &position, Face::DataSmall);
}

fn column_tip(ui: &mut Ui, scene: &Scene<'_>, x: f32, row: Option<RowOf>) {
    let density = &scene.density;
    let column = density.column_of(scene.scale.at(x));
    let Some(column) = usize::try_from(column)
        .ok()
        .filter(|nr| *nr < density.len())
    else {
        return;
    };
    let (start, end) = (density.start(column), density.start(column + 1));
    head(ui, &stretch(scene, start, end));
    let lanes = scene.plan.lanes(scene.look.grouping);
    let pointed = match row {
        Some(RowOf::Lane(group) | RowOf::Stream(group, _)) => Some(group),
        _ => None,
    };
    let counts = density.column(column).iter().enumerate();
    let mut filled: Vec<_> = counts.filter(|(_, count)| **count > 0).collect();
    if filled.is_empty() {
        line(ui, "No events", Face::Row);
        return;
    }
    // The lane under the pointer first, then by count.
    filled.sort_by_key(|(group, count)| (Some(*group) != pointed, std::cmp::Reverse(**count)));
    for (group, count) in filled.iter().take(LANES) {
        let name = lanes.get(*group).map_or("", |lane| lane.name.as_str());
        lane_line(ui, scene, *group, (name, **count));
    }
    if let Some(more) = filled.len().checked_sub(LANES).filter(|more| *more > 0) {
        line(ui, &format!("{more} more lanes"), Face::Row);
    }
}

/// The stretch of a column, for people.
fn stretch(scene: &Scene<'_>, start: i64, end: i64) -> String {
    let zone = scene.look.zone;
    match scene.axis {
        Axis::Sequence if end - start == 1 => format::position(start.max(0).unsigned_abs()),
        Axis::Sequence => {
            let at = |at: i64| format::position(at.max(0).unsigned_abs());
            format!("{} to {}", at(start), at(end - 1))
        }
        Axis::Time if end - start >= DAY => {
            let day = |at| when::spoken_day(Timestamp(at), zone);
            format!("{} to {}", day(start), day(end))
        }
        Axis::Time => {
            let fine = end - start < 1_000_000_000;
            let digits = if fine { 3 } else { 0 };
            let at = |at| when::short(Timestamp(at), zone, digits);
            let (start, end) = (at(start), at(end));
            // The day is not said twice.
            let same = |(a, b): (&str, &str)| a == b;
            let day_len = end.rfind(' ').unwrap_or(0);
            let day = start.get(..day_len).zip(end.get(..day_len));
            let end = if day.is_some_and(same) {
                &end[day_len + 1..]
            } else {
                &end
            };
            format!("{start} to {end}")
        }
    }
}

/// The first line of a tooltip.
pub(super) fn head(ui: &mut Ui, words: &str) {
    ui.spacing_mut().item_spacing.y = 2.0;
    let color = tokens(ui).text;
    ui.label(text::rich(words, Face::Button).color(color));
}

/// A further line of a tooltip.
pub(super) fn line(ui: &mut Ui, words: &str, face: Face) {
    let color = tokens(ui).text2;
    ui.label(text::rich(words, face).color(color));
}

fn lane_line(ui: &mut Ui, scene: &Scene<'_>, group: usize, (name, count): (&str, u32)) {
    let (rect, _) = ui.allocate_exact_size(vec2(WIDTH, 18.0), Sense::hover());
    let t = scene.tokens;
    let at = pos2(rect.left() + size::SWATCH / 2.0, rect.center().y);
    swatch::paint(ui.painter(), at, t.category(scene.color_nr(group)));
    let count = format::count(u64::from(count));
    let taken = text::line(
        ui.painter(),
        rect,
        Align::Max,
        Face::DataSmall,
        count,
        t.text,
    );
    let place = Rect::from_min_max(
        pos2(rect.left() + 16.0, rect.top()),
        pos2(taken.left() - 6.0, rect.bottom()),
    );
    text::line(ui.painter(), place, Align::Min, Face::Row, name, t.text2);
}
