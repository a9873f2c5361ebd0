//! The plot of results over the time that all panes show: what of it is in view, what it says of itself, and
//! what made a step of it. `plot_paint` draws it, `plot_tip` says what stands under the pointer.

use egui::{Color32, Ui};

use super::super::plots::{self, Held};
use super::super::plots_axis::Plane;
use super::super::plots_steps::{Mark, extent, paint as paint_steps};
use super::super::shared::{counted, pressed, spoken};
use super::plot_paint::{
    paint_bands, paint_bars, paint_ground, paint_partial, paint_stacked, paint_straight,
};
use super::{notes, periods, plot_tip};
use crate::history::{Axis, EventLog};
use crate::projection::{Line, Plotted, Step};
use crate::ui::View;
use crate::ui::theme::{Face, Tokens, format, text, tokens};
use crate::ui::widgets::swatch;
use crate::workbench::{Action, Plot, PlotEdit, PlotStyle, Span};

/// The most lines that are drawn.
pub(super) const MOST_LINES: usize = 24;
/// The most lines that a legend or a tooltip names.
pub(super) const NAMED: usize = 8;

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
    pub(super) fn partial(&self, nr: usize, from: i64) -> Option<Step> {
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
        let said = format!("{}{}", say(drawn), notes::said(&plane, view, log));
        let response = plots::register(ui, area, &said);
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
        notes::paint(ui, &plane, view, (log, drawn.lines));
        periods::labels_ui(ui, &plane, view, log);
        let clicked = response.clicked().then(|| response.interact_pointer_pos());
        plots::navigate(ui, &response, &plane, view, &mut self.held);
        if let Some(pointer) = clicked.flatten().filter(|at| plane.rect.contains(*at)) {
            explain(view, &plane, drawn, pointer);
        }
        let reads = response.has_focus() && pressed(ui, egui::Key::Enter);
        plot_tip::tip(ui, response, &plane, drawn, (log, view));
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
pub(super) fn buckets(lines: &Plotted, span: Span) -> impl Iterator<Item = (usize, i64, i64)> + '_ {
    let first = lines.edges.partition_point(|edge| *edge <= span.from);
    let pairs = lines.edges.windows(2).enumerate();
    pairs
        .skip(first.saturating_sub(1))
        .map(|(nr, pair)| (nr, pair[0], pair[1]))
        .take_while(move |(_, from, _)| *from <= span.to)
}

/// The value of a line in a bucket: points stand at the beginnings of buckets.
pub(super) fn at_bucket(line: &Line, nr: usize, edges: &[i64]) -> Option<Step> {
    let from = *edges.get(nr)?;
    let by_index = line.points.get(nr).filter(|step| step.x == from);
    let found = by_index.copied().or_else(|| {
        let at = line.points.partition_point(|step| step.x < from);
        line.points.get(at).filter(|step| step.x == from).copied()
    });
    found.filter(|step| step.value.is_some())
}

pub(super) fn number(step: Option<Step>) -> f64 {
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
