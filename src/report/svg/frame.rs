//! What every plot has around it: size, grid, ticks, the text for those who do not see it.

use std::fmt::Write as _;

use super::super::colors;
use super::super::escape::esc;
use super::axis::{Tick, XScale, number_label};

/// Size of a plot, and of what lies around its canvas.
pub(super) const WIDTH: f64 = 912.0;
pub(super) const HEIGHT: f64 = 220.0;
pub(super) const LEFT: f64 = 64.0;
pub(super) const TOP: f64 = 12.0;
pub(super) const BOTTOM: f64 = 192.0;

/// A vertical scale from floating-point values to the height of a plot.
#[derive(Clone, Copy, Debug)]
pub(super) struct YScale {
    pub(super) least: f64,
    pub(super) greatest: f64,
}

impl YScale {
    pub(super) fn place(&self, y: f64) -> f64 {
        let span = (self.greatest - self.least).max(f64::MIN_POSITIVE);
        BOTTOM - (BOTTOM - TOP) * ((y - self.least) / span)
    }
}

/// Begins a plot: the element, its text, the grid with its numbers.
pub(super) fn open(summary: &str, y_ticks: &[f64], decimals: usize, y: YScale) -> String {
    let mut out = String::new();
    let summary = esc(summary);
    write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         width=\"{WIDTH}\" height=\"{HEIGHT}\" role=\"img\" aria-label=\"{summary}\">\
         <title>{summary}</title>"
    )
    .ok();
    for tick in y_ticks {
        let at = y.place(*tick);
        let color = if *tick == 0.0 {
            colors::LINE_STRONG
        } else {
            colors::GRID
        };
        let label = number_label(*tick, decimals);
        write!(
            out,
            "<path d=\"M{LEFT} {at:.1}H{WIDTH}\" stroke=\"{color}\" fill=\"none\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" class=\"n\">{label}</text>",
            LEFT - 8.0,
            at + 3.5
        )
        .ok();
    }
    out
}

/// Ends a plot: the bottom axis.
pub(super) fn close(mut out: String, ticks: &[Tick<i64>], x: XScale) -> String {
    for (at, label) in ticks {
        let place = x.place(*at);
        // A label at the right edge stands to the left of its tick.
        let anchor = if place > WIDTH - 40.0 { "end" } else { "start" };
        write!(
            out,
            "<path d=\"M{place:.1} {BOTTOM}v5\" stroke=\"{}\" fill=\"none\"/>\
             <text x=\"{place:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\" class=\"x\">{}</text>",
            colors::LINE_STRONG,
            BOTTOM + 18.0,
            esc(label)
        )
        .ok();
    }
    out.push_str("</svg>");
    out
}
