//! A field over time: a step line, its future dashed, and the ground red where it is below zero.

use egui::{Color32, Rect, Response, Shape, Stroke, Ui, pos2};

use super::event_colors::EventColors;
use super::plots::{self, Held};
use super::plots_axis::Plane;
use super::shared::{counted, moment_of, spoken, version};
use crate::event::Position;
use crate::history::{Axis, EventLog};
use crate::projection::{Extremes, Series, Step};
use crate::ui::View;
use crate::ui::theme::{format, size, text, tokens};
use crate::workbench::{SeriesKey, Span};

/// With no more steps than this in view, each has a dot.
const DOTS: usize = 80;

/// The plot. Keeps the steps along the axis in use.
#[derive(Default)]
pub(super) struct StepPlot {
    line: Option<Line>,
    held: Held,
}

/// A line along an axis.
struct Line {
    key: SeriesKey,
    axis: Axis,
    /// How many points the series had.
    n_points: usize,
    steps: Vec<Step>,
    extremes: Extremes,
    /// What is painted of it, with the span and the number of columns.
    marks: Option<(Span, usize, Vec<Mark>)>,
}

impl Line {
    /// Thins it, where the last frame did not thin it so.
    fn marks(&mut self, span: Span, columns: usize) -> &[Mark] {
        let is_so = |(s, c, _): &(Span, usize, Vec<Mark>)| *s == span && *c == columns;
        if !self.marks.as_ref().is_some_and(is_so) {
            let thinned = self.extremes.thin(&self.steps, span.from, span.to, columns);
            let marks = thinned.into_iter().map(Mark::new).collect();
            self.marks = Some((span, columns, marks));
        }
        self.marks.as_ref().map_or(&[], |(_, _, marks)| marks)
    }
}

/// A step as it is painted.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    x: i64,
    value: Option<f64>,
    step: Step,
}

impl StepPlot {
    /// Shows a series in all the space there is.
    pub(super) fn ui(
        &mut self,
        ui: &Ui,
        view: &View<'_>,
        log: &EventLog,
        key: &SeriesKey,
        series: &Series,
    ) {
        let area = ui.available_rect_before_wrap();
        let rect = Plane::rect_in(area);
        let look = view.look();
        let span = look.span();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "pixels"
        )]
        let columns = rect.width().max(1.0) as usize;
        let line = self.along(log, key, series, look.axis);
        let said = say(view, log, line);
        let marks = line.marks(span, columns);
        let plane = Plane {
            rect,
            axis: look.axis,
            span,
            zone: look.zone,
            values: extent(marks),
            least_step: 0.0,
        };
        let response = plots::register(ui, area, &said);
        ui.painter().rect_filled(area, 0.0, tokens(ui).canvas);
        plane.paint(ui.painter());
        let category = log.stream_info(key.stream).category;
        let color = tokens(ui).category(EventColors::across(view).category(log, category));
        paint(
            ui,
            &plane,
            marks,
            plots::playhead_at(look.axis, log, look.playhead),
            color,
        );
        plots::paint_playhead(ui, &plane, view, false);
        tip(ui, &response, &plane, marks, (log, view));
        plots::navigate(ui, &response, &plane, view, &mut self.held);
    }

    /// The steps along an axis; a series knows its positions, and so stands on either.
    fn along(&mut self, log: &EventLog, key: &SeriesKey, series: &Series, axis: Axis) -> &mut Line {
        let n = series.points.len();
        let fits = |line: &Line| line.key == *key && line.axis == axis && line.n_points == n;
        let known = self.line.take().filter(fits);
        let make = || {
            let mut before = i64::MIN;
            let place = |step: &Step| {
                let x = match axis {
                    Axis::Sequence => Some(i64::from(step.position.0)),
                    Axis::Time => log
                        .last()
                        .filter(|last| step.position <= *last)
                        .and_then(|_| log.time(step.position))
                        .map(|time| time.0),
                }?;
                // A time that goes back is drawn where the line already is.
                before = before.max(x);
                Some(Step { x: before, ..*step })
            };
            let steps: Vec<Step> = series.points.iter().filter_map(place).collect();
            Line {
                key: key.clone(),
                axis,
                n_points: n,
                extremes: Extremes::of(&steps),
                steps,
                marks: None,
            }
        };
        self.line.insert(known.unwrap_or_else(make))
    }
}

impl Mark {
    pub(super) fn new(step: Step) -> Self {
        Self {
            x: step.x,
            value: step.value.map(|value| value.to_f64()),
            step,
        }
    }

    /// Where it stands on the axis.
    pub(super) fn at(&self) -> i64 {
        self.x
    }

    /// Its value, where it has one.
    pub(super) fn value(&self) -> Option<f64> {
        self.value
    }
}

/// From which value to which the plane goes: zero is shown where it is not far off.
pub(super) fn extent(marks: &[Mark]) -> (f64, f64) {
    let values = || {
        marks
            .iter()
            .filter_map(|mark| mark.value)
            .filter(|value| value.is_finite())
    };
    let least = values().fold(f64::INFINITY, f64::min);
    let greatest = values().fold(f64::NEG_INFINITY, f64::max);
    if least > greatest {
        return (0.0, 1.0);
    }
    let (mut low, mut high) = (least, greatest);
    let is_flat = low == high;
    if low > 0.0 && (is_flat || low < 0.7 * high) {
        low = 0.0;
    }
    if high < 0.0 && (is_flat || high > 0.7 * low) {
        high = 0.0;
    }
    let room = (high - low).max(f64::MIN_POSITIVE);
    let room = if low == high { 1.0 } else { room * 0.08 };
    let below = if low == 0.0 { 0.0 } else { room };
    let above = if high == 0.0 && low < 0.0 {
        room / 2.0
    } else {
        room
    };
    (low - below, high + above)
}

pub(super) fn paint(ui: &Ui, plane: &Plane, marks: &[Mark], playhead: Option<i64>, color: Color32) {
    let t = tokens(ui);
    let painter = ui
        .painter()
        .with_clip_rect(plane.rect.expand(4.0).intersect(ui.clip_rect()));
    let zero = plane.y(0.0).round() + 0.5;
    let now = playhead.map_or(f32::INFINITY, |at| plane.x(at));
    let right_end = plane.rect.right();
    let mut solid = Vec::new();
    let mut future = Vec::new();
    for (nr, mark) in marks.iter().enumerate() {
        let next = marks.get(nr + 1);
        let (from, to) = (
            plane.x(mark.x).max(plane.rect.left()),
            next.map_or(right_end, |next| plane.x(next.x).min(right_end)),
        );
        let Some(value) = mark.value.filter(|_| to >= from) else {
            continue;
        };
        let y = plane.y(value);
        if value < 0.0 && plane.values.1 >= 0.0 {
            let ground = |from: f32, to: f32| {
                Rect::from_min_max(pos2(from, zero), pos2(to.max(from), y.max(zero)))
            };
            painter.rect_filled(ground(from, to.min(now)), 0.0, t.err_soft);
            painter.rect_filled(
                ground(from.max(now), to),
                0.0,
                t.err_soft.gamma_multiply(0.5),
            );
        }
        push(&mut solid, &mut future, (from, y), (to, y), now);
        if let Some((next, next_value)) = next.and_then(|next| Some((next, next.value?))) {
            let x = plane.x(next.x);
            push(
                &mut solid,
                &mut future,
                (x, y),
                (x, plane.y(next_value)),
                now,
            );
        }
    }
    if plane.values.0 < 0.0 && plane.values.1 >= 0.0 {
        let line = Stroke::new(size::STROKE, t.line_strong);
        let ends = [
            pos2(plane.rect.left(), zero),
            pos2(plane.rect.right(), zero),
        ];
        painter.extend(Shape::dashed_line(
            &ends,
            line,
            size::DASH[0],
            size::DASH[1],
        ));
    }
    let stroke = Stroke::new(size::STROKE_PLOT, color);
    for [a, b] in solid {
        painter.line_segment([a, b], stroke);
    }
    for ends in future {
        painter.extend(Shape::dashed_line(
            &ends,
            stroke,
            size::DASH[0],
            size::DASH[1],
        ));
    }
    if marks.len() <= DOTS {
        dots(&painter, plane, marks, now, color);
    }
}

type Segment = [egui::Pos2; 2];

/// Adds a line, cut where the playhead stands.
fn push(
    solid: &mut Vec<Segment>,
    future: &mut Vec<Segment>,
    a: (f32, f32),
    b: (f32, f32),
    now: f32,
) {
    let cut = b.0.min(now);
    if a.0 <= now {
        solid.push([
            pos2(a.0, a.1),
            pos2(cut, if a.0 == b.0 { b.1 } else { a.1 }),
        ]);
    }
    if b.0 > now {
        future.push([pos2(a.0.max(now), a.1), pos2(b.0, b.1)]);
    }
}

/// A dot where the value changed: full before the playhead, hollow after it.
fn dots(painter: &egui::Painter, plane: &Plane, marks: &[Mark], now: f32, color: Color32) {
    let t = tokens(painter);
    for mark in marks.iter().filter(|mark| plane.span.contains(mark.x)) {
        let Some(value) = mark.value else { continue };
        let center = pos2(plane.x(mark.x), plane.y(value));
        if center.x <= now + 0.5 {
            painter.circle_filled(center, 3.0, color);
        } else {
            painter.circle(center, 2.5, t.canvas, Stroke::new(1.0, color));
        }
    }
}

/// The accessible description: `balance of account-7, 281 changes, lowest minus 50.00`.
fn say(view: &View<'_>, log: &EventLog, line: &Line) -> String {
    let (key, steps) = (&line.key, &line.steps);
    let n = u64::try_from(steps.len()).unwrap_or(0);
    let name = log.stream_name(key.stream);
    let by_now = steps.partition_point(|step| step.position <= view.look().playhead);
    let now = by_now.checked_sub(1).and_then(|nr| steps.get(nr)?.value);
    let number = |value: crate::event::Decimal| spoken(&format::amount(&value.to_string()));
    let mut said = format!(
        "{} of {name}, {}",
        key.path,
        counted(n, "change", "changes")
    );
    let ends = line.extremes.ends(steps);
    let ends = ends.and_then(|(least, greatest)| least.value.zip(greatest.value));
    if let Some((least, greatest)) = ends {
        said = format!(
            "{said}, lowest {}, highest {}",
            number(least),
            number(greatest)
        );
    }
    if let Some(now) = now {
        said = format!("{said}, {} at the playhead", number(now));
    }
    said
}

/// What the value is under the pointer, since when, and which event made it so.
fn tip(
    ui: &Ui,
    response: &Response,
    plane: &Plane,
    marks: &[Mark],
    (log, view): (&EventLog, &View<'_>),
) {
    let Some(pointer) = response
        .hover_pos()
        .filter(|pointer| plane.rect.contains(*pointer))
    else {
        return;
    };
    if response.dragged() {
        return;
    }
    let at = plane.at(pointer.x);
    let after = marks.partition_point(|mark| mark.x <= at);
    let Some(mark) = after.checked_sub(1).and_then(|nr| marks.get(nr)) else {
        return;
    };
    if let Some(value) = mark.value {
        let center = pos2(plane.x(mark.x).max(plane.rect.left()), plane.y(value));
        ui.painter()
            .circle_stroke(center, 5.0, Stroke::new(size::STROKE_PLOT, tokens(ui).text));
    }
    response
        .clone()
        .on_hover_ui_at_pointer(|ui| tip_ui(ui, mark, log, view));
}

fn tip_ui(ui: &mut Ui, mark: &Mark, log: &EventLog, view: &View<'_>) {
    let t = tokens(ui);
    let position: Position = mark.step.position.min(log.last().unwrap_or_default());
    let value = mark.step.value.map_or_else(
        || "no value".to_owned(),
        |value| format::amount(&value.to_string()).into_owned(),
    );
    let is_negative = mark.step.value.is_some_and(|value| value.is_negative());
    let color = if is_negative { t.err } else { t.text };
    ui.label(text::data(value).color(color));
    ui.label(text::data(moment_of(log, position, view.look().zone)).color(t.text2));
    let event = format::visible(log.type_name(log.event_type(position))).into_owned();
    ui.label(text::row(format!("{event}, {}", version(log.version(position)))).color(t.text3));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Decimal;

    fn marks(values: &[&str]) -> Vec<Mark> {
        let step = |(x, value): (i64, &&str)| Step {
            x,
            position: Position(0),
            value: Decimal::parse(value),
        };
        (0..).zip(values).map(step).map(Mark::new).collect()
    }

    #[test]
    fn zero_is_shown_where_it_is_near() {
        assert_eq!(extent(&marks(&["0", "200"])), (0.0, 216.0));
        assert_eq!(extent(&marks(&["-50", "200"])), (-70.0, 220.0));
        assert_eq!(extent(&marks(&["100", "200"])).0, 0.0);
        assert!(extent(&marks(&["1000", "1010"])).0 > 990.0);
        assert_eq!(extent(&marks(&[])), (0.0, 1.0));
        assert_eq!(extent(&marks(&["5"])), (0.0, 5.4));
    }

    #[test]
    fn a_line_is_cut_at_the_playhead() {
        let (mut solid, mut future) = (Vec::new(), Vec::new());
        push(&mut solid, &mut future, (0.0, 5.0), (10.0, 5.0), 4.0);
        assert_eq!(solid, [[pos2(0.0, 5.0), pos2(4.0, 5.0)]]);
        assert_eq!(future, [[pos2(4.0, 5.0), pos2(10.0, 5.0)]]);
    }
}
