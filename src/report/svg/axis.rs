//! Axes: from values to places on the page, and the ticks between them.

use crate::event::{Timestamp, Zone};
use crate::history::Axis;
use crate::projection::{Bucket, auto_bucket};

/// A linear scale from an exact `i64` range to the width of a plot.
#[derive(Clone, Copy, Debug)]
pub(super) struct XScale {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) left: f64,
    pub(super) width: f64,
}

impl XScale {
    /// Where `x` lies; distances are exact before they become a fraction.
    pub(super) fn place(&self, x: i64) -> f64 {
        let whole = (i128::from(self.to) - i128::from(self.from)).max(1);
        let into = i128::from(x) - i128::from(self.from);
        self.left + self.width * (into as f64 / whole as f64)
    }
}

/// A tick: where it stands in the unit of the axis, and what it says.
pub(super) type Tick<T> = (T, String);

const MOST_TICKS: usize = 9;

/// Ticks of the bottom axis: on calendar units of the zone, or on round positions.
pub(super) fn x_ticks(axis: Axis, from: i64, to: i64, zone: Zone) -> Vec<Tick<i64>> {
    match axis {
        Axis::Time => time_ticks(from, to, zone),
        Axis::Sequence => {
            let ticks = round_steps(from as f64, to as f64, 6).0;
            #[expect(clippy::cast_possible_truncation, reason = "positions are below 2^32")]
            let whole = |tick: f64| tick.round() as i64;
            let mut places: Vec<i64> = ticks.into_iter().map(whole).collect();
            places.dedup();
            places.retain(|at| from <= *at && *at <= to);
            places
                .into_iter()
                .map(|at| (at, format!("#{at}")))
                .collect()
        }
    }
}

fn time_ticks(from: i64, to: i64, zone: Zone) -> Vec<Tick<i64>> {
    let range = (Timestamp(from), Timestamp(to));
    let bucket = auto_bucket(range, MOST_TICKS);
    let edges = bucket.edges(range, zone, 1000);
    let inside: Vec<Timestamp> = edges
        .into_iter()
        .filter(|at| at.0 >= from && at.0 <= to)
        .collect();
    let every = inside.len().div_ceil(MOST_TICKS).max(1);
    let mut ticks = Vec::new();
    let mut year_before = None;
    for at in inside.into_iter().step_by(every) {
        let wall = zone.wall(at);
        let year = wall.civil().0;
        let label = time_label(wall, bucket, year_before != Some(year));
        year_before = Some(year);
        ticks.push((at.0, label));
    }
    ticks
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn time_label(wall: Timestamp, bucket: Bucket, with_year: bool) -> String {
    let (year, month, day, nanos) = wall.civil();
    let month = MONTHS[(month as usize).clamp(1, 12) - 1];
    let date = match bucket {
        Bucket::Year => return year.to_string(),
        Bucket::Month | Bucket::Quarter => month.to_owned(),
        Bucket::Seconds(_) | Bucket::Day | Bucket::Week => format!("{month} {day}"),
    };
    let clock = &wall.date_time(' ', 0)[11..];
    match bucket {
        Bucket::Seconds(_) if nanos == 0 && !with_year => date,
        Bucket::Seconds(secs) => {
            let clock = if secs % 60 == 0 { &clock[..5] } else { clock };
            if with_year {
                format!("{date} {clock}")
            } else {
                clock.to_owned()
            }
        }
        _ if with_year => format!("{date} {year}"),
        _ => date,
    }
}

/// Round numbers that cover a range from 1, 2 or 5 times a power of ten, and their decimals.
pub(super) fn round_steps(least: f64, greatest: f64, most: usize) -> (Vec<f64>, usize) {
    let span = (greatest - least).max(f64::MIN_POSITIVE);
    let rough = span / most.max(1) as f64;
    let power = rough.log10().floor();
    let base = 10_f64.powf(power);
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|m| m * base)
        .find(|s| *s >= rough);
    let step = step.unwrap_or(base * 10.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small and not negative"
    )]
    let decimals = (-step.log10().floor()).clamp(0.0, 12.0) as usize;
    let first = (least / step).floor();
    let ticks = (0_u32..100).map(|n| (first + f64::from(n)) * step);
    let mut kept: Vec<f64> = Vec::new();
    for tick in ticks {
        kept.push(tick);
        if tick >= greatest {
            break;
        }
    }
    (kept, decimals)
}

/// A tick's number, thousands in comma groups.
pub(super) fn number_label(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text
        .split_once('.')
        .map_or((text.as_str(), String::new()), |(whole, rest)| {
            (whole, format!(".{rest}"))
        });
    let whole = whole
        .parse::<u64>()
        .map_or_else(|_too_large| whole.to_owned(), crate::audit::count);
    let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = if value < 0.0 && !is_zero {
        "\u{2212}"
    } else {
        ""
    };
    format!("{sign}{whole}{rest}")
}
