//! The plot of results: steps, bars, lines, areas and bands over the time that all panes show.

use egui::{Color32, Mesh, Painter, Rect, Response, Shape, Stroke, Ui, pos2, vec2};

use super::super::plots::{self, Held};
use super::super::plots_axis::Plane;
use super::super::plots_steps::{Mark, extent, paint as paint_steps};
use super::super::shared::{counted, moment_of, pressed, spoken};
use super::periods;
use crate::event::Timestamp;
use crate::history::{Axis, EventLog};
use crate::projection::{Bucket, Line, Plotted, Step};
use crate::ui::View;
use crate::ui::theme::{Face, Tokens, format, size, text, tokens};
use crate::ui::widgets::swatch;
use crate::workbench::{Action, Plot, PlotEdit, PlotStyle, Span};

/// The most lines that are drawn.
const MOST_LINES: usize = 24;
/// The most lines that a legend or a tooltip names.
const NAMED: usize = 8;
/// The most bands of a line that are drawn.
const MOST_BANDS: usize = 4_000;

/// The plot of results.
#[derive(Default)]
pub(super) struct LinesPlot {
    held: Held,
    thinned: Option<Thinned>,
}

/// What is painted of lines in a range.
struct Thinned {
    of: (bool, u64),
    span: Span,
    columns: usize,
    lines: Vec<Vec<Mark>>,
}

/// What is drawn in a frame.
pub(super) struct Drawn<'a> {
    pub plot: &'a Plot,
    pub title: &'a str,
    pub lines: &'a Plotted,
    /// Whether they were counted without states, and the number of the answer that they are.
    pub answer: (bool, u64),
    /// What the piece of time that holds the playhead comes to by then.
    pub partial: Option<&'a Plotted>,
}

impl Drawn<'_> {
    /// What a line comes to by the playhead, in the piece of time that begins at `from`.
    fn partial(&self, nr: usize, from: i64) -> Option<Step> {
        let partial = self.partial?;
        let shown = self.lines.lines.get(nr)?;
        let line = partial.lines.iter().find(|line| line.name == shown.name)?;
        let step = line.points.iter().find(|step| step.x == from)?;
        step.value.map(|_| *step)
    }
}

/// The color of a line.
pub(super) fn color(t: &Tokens, nr: usize) -> Color32 {
    // The first is that of a result: the sky is for the largest category.
    const ORDER: [usize; 12] = [10, 0, 1, 6, 4, 5, 7, 8, 9, 2, 3, 11];
    ORDER.get(nr).map_or(t.text3, |nr| t.category(*nr))
}

impl LinesPlot {
    /// Shows the lines in all the space there is; returns whether Enter asks for them as a table.
    pub(super) fn ui(
        &mut self,
        ui: &Ui,
        view: &View<'_>,
        log: &EventLog,
        drawn: &Drawn<'_>,
    ) -> bool {
        let area = ui.available_rect_before_wrap();
        let rect = Plane::rect_in(area);
        let look = view.look();
        let is_bucketed = drawn.lines.edges.len() > 1;
        let axis = if is_bucketed { Axis::Time } else { look.axis };
        let span = if axis == look.axis {
            look.span()
        } else {
            look.time_span
        };
        let thinned = thinned(&mut self.thinned, drawn, span, rect.width());
        let plane = Plane {
            rect,
            axis,
            span,
            zone: look.zone,
            values: values(drawn, thinned, span),
            least_step: 0.0,
        };
        let response = plots::register(ui, area, &say(drawn));
        ui.painter().rect_filled(area, 0.0, tokens(ui).canvas);
        periods::paint_marked(ui, &plane, view);
        plane.paint(ui.painter());
        let now = plots::playhead_at(axis, log, look.playhead);
        match drawn.plot.style {
            _ if drawn.lines.lines.iter().any(|line| !line.bands.is_empty()) => {
                paint_bands(ui, &plane, drawn.lines, now);
            }
            PlotStyle::Bars if is_bucketed => paint_bars(ui, &plane, drawn.lines, now),
            PlotStyle::Stacked if is_bucketed => paint_stacked(ui, &plane, drawn.lines, now),
            PlotStyle::Line => paint_straight(ui, &plane, (drawn.lines, thinned), now),
            _ => {
                for (nr, marks) in thinned.iter().enumerate() {
                    if nr == 0 && thinned.len() == 1 {
                        paint_ground(ui, &plane, marks, now, color(tokens(ui), nr));
                    }
                    paint_steps(ui, &plane, marks, now, color(tokens(ui), nr));
                }
            }
        }
        plots::paint_playhead(ui, &plane, view, true);
        if let Some(now) = now.filter(|_| is_bucketed && drawn.plot.style != PlotStyle::Stacked) {
            paint_partial(ui, &plane, drawn, now);
        }
        periods::labels_ui(ui, &plane, view, log);
        let clicked = response.clicked().then(|| response.interact_pointer_pos());
        plots::navigate(ui, &response, &plane, view, &mut self.held);
        if let Some(pointer) = clicked.flatten().filter(|at| plane.rect.contains(*at)) {
            explain(view, &plane, drawn, pointer);
        }
        let reads = response.has_focus() && pressed(ui, egui::Key::Enter);
        tip(ui, response, &plane, drawn, (log, view));
        reads
    }
}

/// At most a few steps of each line for each pixel.
fn thinned<'a>(
    known: &'a mut Option<Thinned>,
    drawn: &Drawn<'_>,
    span: Span,
    width: f32,
) -> &'a [Vec<Mark>] {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "pixels"
    )]
    let columns = width.max(1.0) as usize;
    let is_so = |known: &Thinned| {
        known.of == drawn.answer && known.span == span && known.columns == columns
    };
    let fresh = known.take().filter(is_so);
    let make = || {
        let lines = 0..drawn.lines.lines.len().min(MOST_LINES);
        let steps = |nr: usize| drawn.lines.thinned(nr, (span.from, span.to), columns);
        let marks = |nr: usize| steps(nr).into_iter().map(Mark::new).collect();
        Thinned {
            of: drawn.answer,
            span,
            columns,
            lines: lines.map(marks).collect(),
        }
    };
    &known.insert(fresh.unwrap_or_else(make)).lines
}

/// From which value to which the plane goes.
fn values(drawn: &Drawn<'_>, thinned: &[Vec<Mark>], span: Span) -> (f64, f64) {
    let from_zero = matches!(drawn.plot.style, PlotStyle::Bars | PlotStyle::Stacked);
    let (mut low, mut high) = if drawn.plot.style == PlotStyle::Stacked {
        (0.0, stacked_top(drawn.lines, span))
    } else {
        let all: Vec<Mark> = thinned.iter().flatten().copied().collect();
        extent(&all)
    };
    if from_zero {
        low = low.min(0.0);
        high = high.max(0.0);
    }
    if low >= high {
        high = low + 1.0;
    }
    (low, high)
}

/// The buckets in view: index, left edge, right edge.
fn buckets(lines: &Plotted, span: Span) -> impl Iterator<Item = (usize, i64, i64)> + '_ {
    let first = lines.edges.partition_point(|edge| *edge <= span.from);
    let pairs = lines.edges.windows(2).enumerate();
    pairs
        .skip(first.saturating_sub(1))
        .map(|(nr, pair)| (nr, pair[0], pair[1]))
        .take_while(move |(_, from, _)| *from <= span.to)
}

/// The value of a line in a bucket: points stand at the beginnings of buckets.
fn at_bucket(line: &Line, nr: usize, edges: &[i64]) -> Option<Step> {
    let from = *edges.get(nr)?;
    let by_index = line.points.get(nr).filter(|step| step.x == from);
    let found = by_index.copied().or_else(|| {
        let at = line.points.partition_point(|step| step.x < from);
        line.points.get(at).filter(|step| step.x == from).copied()
    });
    found.filter(|step| step.value.is_some())
}

fn number(step: Option<Step>) -> f64 {
    let value = step.and_then(|step| step.value);
    value.map_or(0.0, |value| value.to_f64())
}

fn stacked_top(lines: &Plotted, span: Span) -> f64 {
    let sum = |nr: usize| -> f64 {
        let lines_of = lines.lines.iter().take(MOST_LINES);
        lines_of
            .map(|line| number(at_bucket(line, nr, &lines.edges)).max(0.0))
            .sum()
    };
    let top = buckets(lines, span).map(|(nr, ..)| sum(nr));
    top.fold(0.0, f64::max) * 1.08
}

/// Whether a bucket lies behind the playhead, holds it, or comes after it: where it is cut.
fn cut(plane: &Plane, now: Option<i64>) -> f32 {
    now.map_or(f32::INFINITY, |now| plane.x(now))
}

/// The ground under the only line, faint.
fn paint_ground(ui: &Ui, plane: &Plane, marks: &[Mark], now: Option<i64>, color: Color32) {
    let cut = cut(plane, now);
    let painter = clipped(ui, plane);
    let zero = plane.y(0.0_f64.clamp(plane.values.0, plane.values.1));
    let mut mesh = Mesh::default();
    let fill = color.gamma_multiply(0.14);
    for (nr, mark) in marks.iter().enumerate() {
        let Some(value) = mark.value() else { continue };
        let left = plane.x(mark.at()).max(plane.rect.left());
        let next = marks.get(nr + 1);
        let end = plane.rect.right();
        let right = next
            .map_or(end, |next| plane.x(next.at()))
            .min(cut)
            .min(end);
        let y = plane.y(value);
        if right > left {
            let rect = Rect::from_two_pos(pos2(left, y), pos2(right, zero));
            mesh.add_colored_rect(rect, fill);
        }
    }
    painter.add(Shape::mesh(mesh));
}

fn clipped(ui: &Ui, plane: &Plane) -> Painter {
    ui.painter()
        .with_clip_rect(plane.rect.expand(1.0).intersect(ui.clip_rect()))
}

/// Bars side by side, one for each line; those after the playhead are outlined.
fn paint_bars(ui: &Ui, plane: &Plane, lines: &Plotted, now: Option<i64>) {
    let t = tokens(ui);
    let painter = clipped(ui, plane);
    let cut = cut(plane, now);
    let n = lines.lines.len().clamp(1, MOST_LINES);
    let zero = plane.y(0.0).round();
    for (nr, from, to) in buckets(lines, plane.span) {
        let (left, right) = (plane.x(from), plane.x(to));
        let gap = if right - left > 6.0 { 2.0 } else { 0.0 };
        let width = ((right - left - gap) / n as f32).max(1.0);
        for (which, line) in lines.lines.iter().take(n).enumerate() {
            let Some(step) = at_bucket(line, nr, &lines.edges) else {
                continue;
            };
            let y = plane.y(number(Some(step)));
            let x = left + gap / 2.0 + which as f32 * width;
            let bar = Rect::from_two_pos(pos2(x, y), pos2(x + width, zero));
            let color = color(t, which);
            if x >= cut {
                let stroke = Stroke::new(size::STROKE, color.gamma_multiply(0.6));
                painter.rect_stroke(bar, 0.0, stroke, egui::StrokeKind::Inside);
            } else {
                painter.rect_filled(bar, 0.0, color.gamma_multiply(0.88));
            }
        }
    }
}

/// Areas on top of one another, faint after the playhead; what is below zero is left out.
fn paint_stacked(ui: &Ui, plane: &Plane, lines: &Plotted, now: Option<i64>) {
    let t = tokens(ui);
    let cut = cut(plane, now);
    let mut mesh = Mesh::default();
    for (nr, from, to) in buckets(lines, plane.span) {
        let (left, right) = (plane.x(from).round(), plane.x(to).round());
        let mut below = 0.0;
        for (which, line) in lines.lines.iter().take(MOST_LINES).enumerate() {
            let value = number(at_bucket(line, nr, &lines.edges)).max(0.0);
            let (low, high) = (plane.y(below), plane.y(below + value));
            below += value;
            let color = color(t, which);
            let mut bar = |from: f32, to: f32, color: Color32| {
                if to > from && low > high {
                    let rect = Rect::from_min_max(pos2(from, high), pos2(to, low));
                    mesh.add_colored_rect(rect, color);
                }
            };
            bar(left, right.min(cut), color.gamma_multiply(0.88));
            bar(left.max(cut), right, color.gamma_multiply(0.34));
        }
    }
    clipped(ui, plane).add(Shape::mesh(mesh));
}

/// Straight from value to value; dashed after the playhead.
fn paint_straight(
    ui: &Ui,
    plane: &Plane,
    (lines, thinned): (&Plotted, &[Vec<Mark>]),
    now: Option<i64>,
) {
    let t = tokens(ui);
    let painter = clipped(ui, plane);
    let cut = cut(plane, now);
    // A bucket's value stands in its middle.
    let half = |x: i64| -> f32 {
        let at = lines.edges.partition_point(|edge| *edge <= x);
        let end = lines.edges.get(at).copied();
        end.map_or(0.0, |end| (plane.x(end) - plane.x(x)) / 2.0)
    };
    for (nr, marks) in thinned.iter().enumerate() {
        let stroke = Stroke::new(size::STROKE_PLOT, color(t, nr));
        let points = marks.iter().filter_map(|mark| {
            let x = plane.x(mark.at()) + half(mark.at());
            Some(pos2(x, plane.y(mark.value()?)))
        });
        let points: Vec<egui::Pos2> = points.collect();
        let split = points.partition_point(|point| point.x <= cut);
        if let Some(done) = points.get(..split).filter(|points| points.len() > 1) {
            painter.add(Shape::line(done.to_vec(), stroke));
        }
        if let Some(future) = points.get(split.saturating_sub(1)..) {
            let dashes = Shape::dashed_line(future, stroke, size::DASH[0], size::DASH[1]);
            painter.extend(dashes);
        }
    }
}

/// A dot on the playhead for what its piece of time comes to by then.
fn paint_partial(ui: &Ui, plane: &Plane, drawn: &Drawn<'_>, now: i64) {
    let t = tokens(ui);
    let painter = clipped(ui, plane);
    let edges = &drawn.lines.edges;
    let nr = edges.partition_point(|edge| *edge <= now);
    let Some(from) = nr.checked_sub(1).and_then(|nr| edges.get(nr)).copied() else {
        return;
    };
    for which in 0..drawn.lines.lines.len().min(NAMED) {
        let Some(step) = drawn.partial(which, from) else {
            continue;
        };
        let at = pos2(plane.x(now), plane.y(number(Some(step))));
        painter.circle_filled(at, 5.0, t.canvas);
        painter.circle_filled(at, 3.5, color(t, which));
    }
}

/// The stretches in which a field had one value, a row for each line.
fn paint_bands(ui: &Ui, plane: &Plane, lines: &Plotted, now: Option<i64>) {
    let t = tokens(ui);
    let painter = clipped(ui, plane);
    let cut = cut(plane, now);
    let shown = lines.lines.iter().take(MOST_LINES).collect::<Vec<_>>();
    let height = (plane.rect.height() / shown.len().max(1) as f32).min(36.0);
    let mut seen: Vec<&str> = Vec::new();
    for (row, line) in shown.iter().enumerate() {
        let top = plane.rect.top() + row as f32 * height;
        let from = line
            .bands
            .partition_point(|band| band.to.is_some_and(|to| to < plane.span.from));
        for band in line.bands.iter().skip(from).take(MOST_BANDS) {
            if band.from > plane.span.to {
                break;
            }
            let nr = seen.iter().position(|value| *value == band.value);
            let nr = nr.unwrap_or_else(|| {
                seen.push(&band.value);
                seen.len() - 1
            });
            let left = plane.x(band.from).max(plane.rect.left());
            let end = plane.rect.right();
            let right = band.to.map_or(end, |to| plane.x(to));
            let rect = Rect::from_min_max(
                pos2(left, top + 2.0),
                pos2(
                    right.min(plane.rect.right()).max(left + 1.0),
                    top + height - 2.0,
                ),
            );
            let share = if left >= cut { 0.12 } else { 0.3 };
            let color = color(t, nr);
            painter.rect_filled(rect, 2.0, color.gamma_multiply(share));
            let inside = rect.shrink2(vec2(6.0, 0.0));
            if inside.width() > 16.0 {
                let words = format::visible(&band.value).into_owned();
                let align = egui::Align::Min;
                text::line(&painter, inside, align, Face::DataSmall, words, t.text);
            }
        }
    }
}

/// Asks which events made the step under the pointer.
fn explain(view: &View<'_>, plane: &Plane, drawn: &Drawn<'_>, pointer: egui::Pos2) {
    let at = plane.at(pointer.x);
    let Some(line) = nearest(plane, drawn, at, pointer.y) else {
        return;
    };
    let edges = &drawn.lines.edges;
    let range = if edges.len() > 1 {
        let nr = edges.partition_point(|edge| *edge <= at);
        let bounds = nr.checked_sub(1).and_then(|nr| edges.get(nr));
        bounds.copied().zip(edges.get(nr).copied())
    } else {
        let nr = line.points.partition_point(|step| step.x <= at);
        let step = nr.checked_sub(1).and_then(|nr| line.points.get(nr));
        step.map(|step| (step.x, step.x.saturating_add(1)))
    };
    if let Some((from, to)) = range {
        let step = (line.name.clone(), from, to);
        view.send(Action::Plot(Box::new(PlotEdit::Explain(Some(step)))));
    }
}

/// The line whose value at a place is nearest to the pointer.
fn nearest<'a>(plane: &Plane, drawn: &Drawn<'a>, at: i64, y: f32) -> Option<&'a Line> {
    let lines = drawn.lines.lines.iter().take(MOST_LINES);
    let off = |line: &&Line| {
        let nr = line.points.partition_point(|step| step.x <= at);
        let value = nr.checked_sub(1).and_then(|nr| line.points.get(nr)?.value);
        value.map_or(f32::INFINITY, |value| (plane.y(value.to_f64()) - y).abs())
    };
    lines.min_by(|a, b| off(a).total_cmp(&off(b)))
}

/// The accessible description: `paid by week, 121 points, lowest 4,020, highest 33,180`.
fn say(drawn: &Drawn<'_>) -> String {
    let lines = &drawn.lines.lines;
    let points: usize = lines.iter().map(|line| line.points.len()).sum();
    let mut said = format!(
        "{}, {}",
        drawn.title,
        counted(points as u64, "point", "points")
    );
    if lines.len() > 1 {
        said = format!("{said} on {} lines", lines.len());
    }
    let ends = drawn.lines.extremes.iter().zip(lines);
    let ends: Vec<(Step, Step)> = ends
        .filter_map(|(extremes, line)| extremes.ends(&line.points))
        .collect();
    let least = ends
        .iter()
        .map(|(least, _)| least)
        .min_by_key(|step| step.value);
    let greatest = ends
        .iter()
        .map(|(_, most)| most)
        .max_by_key(|step| step.value);
    if let (Some(least), Some(greatest)) = (least, greatest) {
        let value = |step: &Step| {
            let value = step.value.unwrap_or(crate::event::Decimal::ZERO);
            spoken(&format::amount(&value.to_string()))
        };
        said = format!(
            "{said}, lowest {}, highest {}",
            value(least),
            value(greatest)
        );
    }
    said
}

/// The largest lines with their colors, for the head of the plot; from right to left.
pub(super) fn legend_ui(ui: &mut Ui, lines: &Plotted) {
    if lines.lines.len() < 2 {
        return;
    }
    let t = tokens(ui);
    ui.spacing_mut().item_spacing.x = 6.0;
    let named = lines.lines.iter().enumerate().take(NAMED);
    let named: Vec<(usize, &Line)> = named.collect();
    for (nr, line) in named.into_iter().rev() {
        let name = format::visible(&line.name).into_owned();
        let name = if name.is_empty() {
            "—".to_owned()
        } else {
            name
        };
        if text::width(ui.painter(), Face::Small, &name) + 30.0 > ui.available_width() {
            continue;
        }
        ui.label(text::small(name).color(t.text2));
        swatch::swatch(ui, color(t, nr));
        ui.add_space(6.0);
    }
}

/// What stands under the pointer.
fn tip(
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
