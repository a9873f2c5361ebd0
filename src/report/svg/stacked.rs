//! Events over time by type: stacked columns, largest type at the bottom.

use std::fmt::Write as _;

use super::super::colors;
use super::axis::{XScale, round_steps, x_ticks};
use super::frame::{BOTTOM, LEFT, WIDTH, YScale, close, open};
use crate::projection::Stacked;

/// Events over time by type, stacked, as one `<svg>` element.
pub fn stacked_svg(plot: &Stacked) -> String {
    let most = plot.highest().map_or(1, |(_, count)| count);
    // Counts are whole: no tick between two of them.
    let n_ticks = usize::try_from(most).unwrap_or(usize::MAX).min(4);
    let (ticks, decimals) = round_steps(0.0, most as f64, n_ticks);
    let y = YScale {
        least: 0.0,
        greatest: ticks.last().copied().unwrap_or(1.0),
    };
    let ends = (plot.edges.first().copied(), plot.edges.last().copied());
    let x = XScale {
        from: ends.0.unwrap_or(0),
        to: ends.1.unwrap_or(1),
        left: LEFT,
        width: WIDTH - LEFT,
    };
    let mut out = open(&plot.summary(), &ticks, decimals, y);
    for column in 0..plot.n_columns() {
        draw_column(&mut out, plot, column, x, y);
    }
    let ticks = x_ticks(plot.ask.axis, x.from, x.to, plot.ask.zone);
    close(out, &ticks, x)
}

fn draw_column(out: &mut String, plot: &Stacked, column: usize, x: XScale, y: YScale) {
    let (left, right) = (x.place(plot.edges[column]), x.place(plot.edges[column + 1]));
    let gap = if right - left > 4.0 { 1.0 } else { 0.0 };
    let mut below = 0_u64;
    for (group, count) in plot.column(column).iter().enumerate() {
        if *count == 0 {
            continue;
        }
        let above = below + u64::from(*count);
        let (top, bottom) = (y.place(above as f64), y.place(below as f64).min(BOTTOM));
        let width = (right - left - gap).max(0.5);
        write!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{}\"/>",
            (bottom - top).max(0.0),
            group_color(plot, group)
        )
        .ok();
        below = above;
    }
}

/// The color of a group; the one that stands for all others is gray.
pub(in crate::report) fn group_color(plot: &Stacked, group: usize) -> &'static str {
    let is_type = plot
        .groups
        .get(group)
        .is_some_and(|known| known.event_type.is_some());
    let own = colors::CATEGORIES.get(group).copied();
    own.filter(|_| is_type).unwrap_or(colors::TEXT3)
}
