//! The lines of a plot over one another: step lines of numbers, stretches of what is no number.

use std::fmt::Write as _;

use super::super::colors;
use super::super::escape::esc;
use super::axis::{XScale, round_steps, x_ticks};
use super::field::draw_run;
use super::frame::{BOTTOM, HEIGHT, LEFT, TOP, WIDTH, YScale, close, open};
use crate::event::{Decimal, Zone};
use crate::history::Axis;
use crate::projection::{Line, Plotted};

/// How many lines are named beside the plot.
const NAMED: usize = 8;
/// How far the names are apart.
const NAME_HEIGHT: f64 = 14.0;

/// The lines of a plot, as one `<svg>` element.
pub fn lines_svg(plotted: &Plotted, axis: Axis, zone: Zone, title: &str) -> String {
    let (least, greatest) = extent(plotted);
    let (ticks, decimals) = round_steps(least, greatest, 4);
    let y = YScale {
        least: ticks.first().copied().unwrap_or(least),
        greatest: ticks.last().copied().unwrap_or(greatest),
    };
    let (from, to) = range(plotted);
    let x = XScale {
        from,
        to: to.max(from.saturating_add(1)),
        left: LEFT,
        width: WIDTH - LEFT - 8.0,
    };
    let mut out = open(title, &ticks, decimals, y);
    for (nth, line) in plotted.lines.iter().enumerate() {
        for run in line.points.split_inclusive(|step| step.value.is_none()) {
            draw_run(&mut out, run, (x, y), color(nth), false);
        }
        bands(&mut out, line, nth, x);
    }
    names(&mut out, plotted);
    close(out, &x_ticks(axis, x.from, x.to, zone), x)
}

/// An `<svg>` element as a file of its own: with letters and a ground, which a page would give it.
pub fn svg_file(svg: &str) -> String {
    let around = format!(
        "</title><style>text{{font:11px system-ui,sans-serif;fill:{}}}</style>\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"{}\"/>",
        colors::TEXT,
        colors::CANVAS
    );
    format!("{}\n", svg.replacen("</title>", &around, 1))
}

fn color(nth: usize) -> &'static str {
    colors::CATEGORIES
        .iter()
        .copied()
        .cycle()
        .nth(nth % colors::CATEGORIES.len())
        .unwrap_or(colors::SERIES)
}

fn values(plotted: &Plotted) -> impl Iterator<Item = f64> {
    let points = plotted.lines.iter().flat_map(|line| &line.points);
    points.filter_map(|step| step.value.map(Decimal::to_f64))
}

/// The values shown, and zero.
fn extent(plotted: &Plotted) -> (f64, f64) {
    let (least, greatest) = values(plotted).fold((0.0_f64, 0.0_f64), |(least, greatest), value| {
        (least.min(value), greatest.max(value))
    });
    if greatest > least {
        (least, greatest)
    } else {
        (0.0, 1.0)
    }
}

fn range(plotted: &Plotted) -> (i64, i64) {
    let points = plotted
        .lines
        .iter()
        .flat_map(|line| line.points.iter().map(|step| step.x));
    let bands = plotted.lines.iter().flat_map(|line| {
        let bands = line.bands.iter();
        bands.flat_map(|band| [band.from, band.to.unwrap_or(band.from)])
    });
    let places = || {
        points
            .clone()
            .chain(bands.clone())
            .chain(plotted.edges.iter().copied())
    };
    (places().min().unwrap_or(0), places().max().unwrap_or(1))
}

/// Stretches of a line, each line at a height of its own.
fn bands(out: &mut String, line: &Line, nth: usize, x: XScale) {
    let top = TOP + NAME_HEIGHT * (nth % NAMED) as f64;
    for band in &line.bands {
        let from = x.place(band.from);
        let to = band.to.map_or(WIDTH - 8.0, |to| x.place(to));
        write!(
            out,
            "<rect x=\"{from:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"10\" fill=\"{}\"><title>{}: {}</title></rect>",
            (to - from).max(1.0),
            color(nth),
            esc(&line.name),
            esc(&band.value)
        )
        .ok();
    }
}

/// The names of the first lines, in their colors.
fn names(out: &mut String, plotted: &Plotted) {
    if plotted.lines.len() < 2 {
        return;
    }
    for (nth, line) in plotted.lines.iter().take(NAMED).enumerate() {
        let at = (TOP + NAME_HEIGHT * (nth + 1) as f64).min(BOTTOM);
        write!(
            out,
            "<text x=\"{:.1}\" y=\"{at:.1}\" text-anchor=\"end\" style=\"fill:{}\">{}</text>",
            WIDTH - 12.0,
            color(nth),
            esc(&line.name)
        )
        .ok();
    }
}
