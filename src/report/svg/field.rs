//! A number of a stream's state: a step line, with a faint area where its scale begins at zero.

use std::fmt::Write as _;

use super::super::colors;
use super::super::plots::FieldPlot;
use super::axis::{XScale, round_steps, x_ticks};
use super::frame::{LEFT, WIDTH, YScale, close, open};
use crate::event::{Decimal, Zone};
use crate::projection::{Series, Step};

/// A number over time as a step line, as one `<svg>` element.
pub fn field_svg(plot: &FieldPlot, zone: Zone) -> String {
    let series = &plot.series;
    let (least, greatest) = extent(series);
    let (ticks, decimals) = round_steps(least, greatest, 4);
    let y = YScale {
        least: ticks.first().copied().unwrap_or(least),
        greatest: ticks.last().copied().unwrap_or(greatest),
    };
    let (from, to) = plot.range;
    let x = XScale {
        from,
        to: to.max(from.saturating_add(1)),
        left: LEFT,
        // The last value is drawn a little further, lest a change at the end be a mere edge.
        width: WIDTH - LEFT - 8.0,
    };
    let summary = format!("{} of {}: {}", plot.path, plot.stream, series.summary(zone));
    let mut out = open(&summary, &ticks, decimals, y);
    for run in series.points.split_inclusive(|step| step.value.is_none()) {
        draw_run(&mut out, run, (x, y), colors::SERIES, true);
    }
    let ticks = x_ticks(series.axis, x.from, x.to, zone);
    close(out, &ticks, x)
}

/// The values shown; zero belongs to them unless the line would be flat far away from it.
fn extent(series: &Series) -> (f64, f64) {
    let value = |step: Option<Step>| {
        step.and_then(|step| step.value)
            .map_or(0.0, Decimal::to_f64)
    };
    let (least, greatest) = (value(series.least), value(series.greatest));
    if greatest - least < 0.1 * greatest.abs().max(least.abs()) && greatest > least {
        return (least, greatest);
    }
    let (least, greatest) = (least.min(0.0), greatest.max(0.0));
    if greatest > least {
        (least, greatest)
    } else {
        (0.0, 1.0)
    }
}

/// One unbroken piece: steps with a value, ended by one without or by the end of the line.
pub(super) fn draw_run(
    out: &mut String,
    run: &[Step],
    (x, y): (XScale, YScale),
    color: &str,
    has_area: bool,
) {
    let mut path = String::new();
    let mut ends = None;
    for step in run {
        let at = x.place(step.x);
        let Some(value) = step.value else {
            write!(path, "H{at:.1}").ok();
            ends = Some(at);
            break;
        };
        let height = y.place(value.to_f64());
        let verb = if path.is_empty() { "M" } else { "H" };
        let between = if path.is_empty() { " " } else { "V" };
        write!(path, "{verb}{at:.1}{between}{height:.1}").ok();
    }
    let Some(start) = run.first().filter(|step| step.value.is_some()) else {
        return;
    };
    let end = ends.unwrap_or(WIDTH);
    if ends.is_none() {
        write!(path, "H{WIDTH}").ok();
    }
    if has_area && y.least <= 0.0 && y.greatest >= 0.0 {
        let zero = y.place(0.0);
        let from = x.place(start.x);
        write!(
            out,
            "<path d=\"{path}L{end:.1} {zero:.1}H{from:.1}Z\" fill=\"{color}\" fill-opacity=\"0.1\"/>"
        )
        .ok();
    }
    write!(
        out,
        "<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\"/>"
    )
    .ok();
}
