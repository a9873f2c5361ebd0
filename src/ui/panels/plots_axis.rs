//! The two axes of a plot: where values stand on the screen, which values get a line, and what those
//! lines say.

use egui::{Align2, Painter, Pos2, Rect, Stroke, pos2};

use crate::event::{Timestamp, Zone};
use crate::history::Axis;
use crate::projection::{Bucket, auto_bucket};
use crate::ui::theme::{Face, format, size, tokens};
use crate::workbench::Span;

use super::shared::whole;

/// Width of the labels of the upright axis.
const Y_LABELS: f32 = 68.0;
/// Height of the labels of the level axis.
const X_LABELS: f32 = 24.0;
/// Space above, where the playhead's head stands.
const TOP: f32 = 24.0;
/// Least room between two labels of the level axis.
const LABEL_GAP: f32 = 5.0;
/// Least distance between two labels of the level axis.
const APART: f32 = 84.0;
/// The same between two months.
const MONTHS_APART: f32 = 24.0;

/// Where the data of a plot stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    /// The place of the data, without labels.
    pub(super) rect: Rect,
    /// What runs from left to right.
    pub(super) axis: Axis,
    /// From where to where.
    pub(super) span: Span,
    /// The zone in which times are shown.
    pub(super) zone: Zone,
    /// The least and the greatest value.
    pub(super) values: (f64, f64),
    /// Lines stand at least so far apart: 1 where values are counts.
    pub(super) least_step: f64,
}

impl Plane {
    /// The place of the data in a part of the screen.
    pub(super) fn rect_in(area: Rect) -> Rect {
        Rect::from_min_max(
            pos2(area.left() + Y_LABELS, area.top() + TOP),
            pos2(
                (area.right() - size::SIDE).max(area.left() + Y_LABELS + 8.0),
                (area.bottom() - X_LABELS).max(area.top() + TOP + 8.0),
            ),
        )
    }

    /// Where a moment or a position stands. Differences are made of whole numbers, so that nothing
    /// is lost far from zero.
    #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
    pub(super) fn x(&self, at: i64) -> f32 {
        let share = self.span.fraction(at).clamp(-10.0, 11.0);
        (f64::from(self.rect.left()) + share * f64::from(self.rect.width())) as f32
    }

    /// Where a value stands.
    #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
    pub(super) fn y(&self, value: f64) -> f32 {
        let (least, greatest) = self.values;
        let share = (value - least) / (greatest - least).max(f64::MIN_POSITIVE);
        (f64::from(self.rect.bottom()) - share.clamp(-1.0, 2.0) * f64::from(self.rect.height()))
            as f32
    }

    /// The moment or the position at a place on the screen.
    pub(super) fn at(&self, x: f32) -> i64 {
        self.span.at(f64::from(
            (x - self.rect.left()) / self.rect.width().max(1.0),
        ))
    }

    /// Paints grid and labels.
    pub(super) fn paint(&self, painter: &Painter) {
        let t = tokens(painter);
        let grid = Stroke::new(size::STROKE, t.grid);
        let ticks = value_ticks(self.values, self.rect.height(), self.least_step);
        for value in &ticks {
            let y = self.y(*value).round() + 0.5;
            painter.hline(self.rect.x_range(), y, grid);
            let at = pos2(self.rect.left() - 8.0, y);
            painter.text(
                at,
                Align2::RIGHT_CENTER,
                value_label(*value, &ticks),
                Face::DataSmall.font(),
                t.text3,
            );
        }
        let mut free_from = f32::NEG_INFINITY;
        for (at, label, is_coarse) in self.ticks() {
            let x = self.x(at).round() + 0.5;
            if self.rect.x_range().contains(x) {
                let stroke = if is_coarse {
                    Stroke::new(size::STROKE, t.line)
                } else {
                    grid
                };
                painter.vline(x, self.rect.y_range(), stroke);
                let at = pos2(x, self.rect.bottom() + 6.0);
                free_from = self.label(painter, at, &label, free_from);
            }
        }
        painter.hline(
            self.rect.x_range(),
            self.rect.bottom().round() + 0.5,
            Stroke::new(size::STROKE, t.line_strong),
        );
    }

    /// Paints a label, unless it would touch the one before, and says from where on there is room.
    fn label(&self, painter: &Painter, at: Pos2, label: &str, free_from: f32) -> f32 {
        let galley = painter.layout_no_wrap(
            label.to_owned(),
            Face::DataSmall.font(),
            tokens(painter).text3,
        );
        let half = galley.size().x / 2.0;
        let x = at.x.clamp(
            self.rect.left() + half,
            (self.rect.right() - half).max(self.rect.left() + half),
        );
        if x - half < free_from {
            return free_from;
        }
        painter.galley(pos2(x - half, at.y), galley, tokens(painter).text3);
        x + half + LABEL_GAP
    }

    /// The lines of the level axis with their labels; `true` where a coarser unit begins.
    fn ticks(&self) -> Vec<(i64, String, bool)> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few labels"
        )]
        let most = (self.rect.width() / APART).max(2.0) as usize;
        match self.axis {
            Axis::Sequence => self.position_ticks(most),
            Axis::Time => self.time_ticks(),
        }
    }

    /// The labels of the axis of time as periods: where each stands, and from when to when it is.
    pub(super) fn period_labels(&self) -> Vec<PeriodLabel> {
        let (bucket, edges, is_tight) = self.time_edges();
        let mut before = None;
        let mut labels = Vec::new();
        for pair in edges.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let wall = self.zone.wall(from);
            let (label, _) = if is_tight {
                tight_label(wall)
            } else {
                time_label(bucket, wall, before)
            };
            before = Some(wall);
            if from.0 < self.span.from || from.0 > self.span.to {
                continue;
            }
            // Seven points a character, as the labels are set in a face of even width.
            let width = label.chars().count() as f32 * 6.7;
            let half = width / 2.0;
            let x = self.x(from.0).clamp(
                self.rect.left() + half,
                (self.rect.right() - half).max(self.rect.left() + half),
            );
            let is_year = is_tight && label.bytes().all(|c| c.is_ascii_digit());
            let (bucket, to) = if is_year {
                let year = Bucket::Year.edges((from, from), self.zone, 1);
                (Bucket::Year, year.get(1).copied().unwrap_or(to))
            } else {
                (bucket, to)
            };
            labels.push(PeriodLabel {
                place: Rect::from_center_size(
                    pos2(x, self.rect.bottom() + 14.0),
                    egui::vec2(width, 16.0),
                ),
                bucket,
                from: from.0,
                to: to.0,
            });
        }
        labels
    }

    fn position_ticks(&self, most: usize) -> Vec<(i64, String, bool)> {
        let mut step = 1_i64;
        for nr in 0.. {
            let of_ten = [1, 2, 5][nr % 3];
            step = 10_i64
                .saturating_pow(u32::try_from(nr / 3).unwrap_or(18))
                .saturating_mul(of_ten);
            if usize::try_from(self.span.len() / step.max(1)).is_ok_and(|n| n <= most) {
                break;
            }
        }
        let first = self
            .span
            .from
            .div_euclid(step)
            .saturating_add(1)
            .saturating_mul(step);
        let mut at = if self.span.from % step == 0 {
            self.span.from
        } else {
            first
        };
        let mut ticks = Vec::new();
        while at <= self.span.to && ticks.len() <= most {
            ticks.push((at, format!("#{}", whole(at)), false));
            at = at.saturating_add(step);
        }
        ticks
    }

    fn time_ticks(&self) -> Vec<(i64, String, bool)> {
        let (bucket, edges, is_tight) = self.time_edges();
        let mut before = None;
        let mut ticks = Vec::new();
        for edge in edges {
            if edge.0 < self.span.from || edge.0 == i64::MAX {
                continue;
            }
            let wall = self.zone.wall(edge);
            let (label, is_coarse) = if is_tight {
                tight_label(wall)
            } else {
                time_label(bucket, wall, before)
            };
            before = Some(wall);
            ticks.push((edge.0, label, is_coarse));
        }
        ticks
    }

    /// The pieces of time that have a label, and where they begin. Months stand closer than others,
    /// as their names are short; `true` where they do.
    fn time_edges(&self) -> (Bucket, Vec<Timestamp>, bool) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few labels"
        )]
        let fit = |apart: f32| (self.rect.width() / apart).max(2.0) as usize;
        let range = (Timestamp(self.span.from), Timestamp(self.span.to));
        let most = fit(APART);
        let bucket = auto_bucket(range, most + 1);
        if matches!(bucket, Bucket::Quarter | Bucket::Year) {
            let most = fit(MONTHS_APART);
            if auto_bucket(range, most) == Bucket::Month {
                let edges = Bucket::Month.edges(range, self.zone, most + 2);
                return (Bucket::Month, edges, true);
            }
        }
        (bucket, bucket.edges(range, self.zone, most + 2), false)
    }
}

/// A label under a plot, and the period that it names.
#[derive(Clone, Copy, Debug)]
pub(super) struct PeriodLabel {
    /// Where it stands.
    pub(super) place: Rect,
    /// What kind of period it is.
    pub(super) bucket: Bucket,
    /// Its beginning, in nanoseconds.
    pub(super) from: i64,
    /// Its end, which is not part of it.
    pub(super) to: i64,
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// What the line at the beginning of a month says where months stand close: the year in January.
fn tight_label(wall: Timestamp) -> (String, bool) {
    let (year, month, ..) = wall.civil();
    if month == 1 {
        return (year.to_string(), true);
    }
    let nr = usize::try_from(month).unwrap_or(1);
    let name = MONTHS.get(nr.saturating_sub(1)).unwrap_or(&"");
    ((*name).to_owned(), false)
}

/// What a line at `wall` says, given the line before it: the year or the day where it is a new one.
fn time_label(bucket: Bucket, wall: Timestamp, before: Option<Timestamp>) -> (String, bool) {
    let (year, month, day, _) = wall.civil();
    let name = usize::try_from(month)
        .ok()
        .and_then(|month| MONTHS.get(month.checked_sub(1)?))
        .unwrap_or(&"");
    let last = before.map(Timestamp::civil);
    let is_new_year = last.is_none_or(|last| last.0 != year);
    let is_new_day = last.is_none_or(|last| (last.0, last.1, last.2) != (year, month, day));
    let text = wall.date_time(' ', 0);
    match bucket {
        Bucket::Year => (year.to_string(), false),
        Bucket::Month | Bucket::Quarter if is_new_year => (format!("{name} {year}"), true),
        Bucket::Month | Bucket::Quarter => ((*name).to_owned(), false),
        Bucket::Day | Bucket::Week if is_new_year => (format!("{name} {day} {year}"), true),
        Bucket::Day | Bucket::Week => (
            format!("{name} {day}"),
            last.is_some_and(|last| last.1 != month),
        ),
        Bucket::Seconds(_) if is_new_day && text.ends_with("00:00:00") => {
            (format!("{name} {day}"), true)
        }
        Bucket::Seconds(_) if is_new_day => (
            format!("{name} {day} {}", text.get(11..16).unwrap_or_default()),
            true,
        ),
        Bucket::Seconds(secs) if secs % 60 == 0 => {
            (text.get(11..16).unwrap_or_default().to_owned(), false)
        }
        Bucket::Seconds(_) => (text.get(11..).unwrap_or_default().to_owned(), false),
    }
}

/// Round values between the least and the greatest, some forty points apart.
pub(super) fn value_ticks((least, greatest): (f64, f64), height: f32, least_step: f64) -> Vec<f64> {
    let most = f64::from((height / 40.0).max(1.0));
    let rough = (greatest - least) / most;
    if !rough.is_finite() || rough <= 0.0 {
        return vec![least];
    }
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|n| n * power)
        .find(|step| *step >= rough)
        .unwrap_or(power)
        .max(least_step);
    let mut ticks = Vec::new();
    let mut nr = (least / step).ceil();
    while nr * step <= greatest + step * 1e-9 && ticks.len() < 64 {
        ticks.push(nr * step);
        nr += 1.0;
    }
    ticks
}

/// A round value with as many decimals as its neighbors need.
pub(super) fn value_label(value: f64, ticks: &[f64]) -> String {
    let step = ticks
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .next()
        .unwrap_or(1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 9"
    )]
    let decimals = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
    let plain = format!("{:.decimals$}", value.abs());
    let (digits, rest) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let digits = digits
        .parse()
        .map_or_else(|_| digits.to_owned(), format::count);
    let is_zero = plain.bytes().all(|c| matches!(c, b'0' | b'.'));
    let sign = if value < 0.0 && !is_zero {
        "\u{2212}"
    } else {
        ""
    };
    format!("{sign}{digits}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_with_a_line_are_round() {
        let ticks = value_ticks((-63.0, 210.0), 200.0, 0.0);
        assert_eq!(ticks, [0.0, 100.0, 200.0]);
        assert_eq!(value_ticks((0.0, 2.0), 400.0, 1.0), [0.0, 1.0, 2.0]);
        assert_eq!(value_label(-1500.0, &[-1500.0, -1000.0]), "\u{2212}1,500");
        assert_eq!(value_label(0.25, &[0.25, 0.5]), "0.2");
        assert_eq!(value_label(-0.0, &[-0.0, 0.5]), "0.0");
    }

    #[test]
    fn a_new_year_says_so() {
        let at = |text| Timestamp::parse(text).unwrap().time;
        assert_eq!(
            time_label(Bucket::Month, at("2024-01-01"), Some(at("2023-12-01"))),
            ("Jan 2024".to_owned(), true)
        );
        assert_eq!(
            time_label(Bucket::Month, at("2024-02-01"), Some(at("2024-01-01"))),
            ("Feb".to_owned(), false)
        );
        let noon = time_label(
            Bucket::Seconds(3600),
            at("2024-02-01T12:00:00"),
            Some(at("2024-02-01T11:00:00")),
        );
        assert_eq!(noon, ("12:00".to_owned(), false));
    }
}
