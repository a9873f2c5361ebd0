//! The labels under a plot as periods: a click marks one as A, with Ctrl as B.

use egui::{Align, Rect, Ui, pos2, vec2};

use super::super::period_label::{self, Named};
use super::super::plots_axis::Plane;
use crate::event::Timestamp;
use crate::history::{Axis, Clock, EventLog};
use crate::projection::Bucket;
use crate::ui::View;
use crate::ui::theme::{Face, size, text, tokens};
use crate::workbench::{Span, period_of};

/// Height of a label.
const LABEL: f32 = 18.0;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Makes each label under the plot one that marks its period.
pub(super) fn labels_ui(ui: &Ui, plane: &Plane, view: &View<'_>, log: &EventLog) {
    if plane.axis != Axis::Time {
        return;
    }
    let t = tokens(ui);
    for label in plane.period_labels() {
        let name = name(plane, label.bucket, label.from);
        let place = Rect::from_center_size(
            pos2(
                label.place.center().x,
                plane.rect.bottom() + 6.0 + LABEL / 2.0,
            ),
            vec2(label.place.width() + 8.0, LABEL),
        );
        let id = ui.make_persistent_id(("period", label.from, name.as_str()));
        let span = Span {
            from: label.from,
            to: label.to,
        };
        let named = Named::Time(log.by(Clock::Recorded), span);
        let response = period_label::label(ui, view, id, (place, name.as_str(), named));
        if response.hovered() {
            let line = egui::Stroke::new(size::STROKE, t.text3);
            let y = label.place.bottom() + 1.0;
            ui.painter().hline(label.place.x_range(), y, line);
        }
    }
}

/// What a period is called: `February 2024`, `week from 2024-03-11`.
pub(super) fn name(plane: &Plane, bucket: Bucket, from: i64) -> String {
    let wall = plane.zone.wall(Timestamp(from));
    let (year, month, day, _) = wall.civil();
    let month_name = usize::try_from(month)
        .ok()
        .and_then(|month| MONTHS.get(month.checked_sub(1)?))
        .unwrap_or(&"");
    match bucket {
        Bucket::Year => year.to_string(),
        Bucket::Quarter => format!("quarter {} of {year}", month.div_ceil(3)),
        Bucket::Month => format!("{month_name} {year}"),
        Bucket::Day => format!("{day} {month_name} {year}"),
        other => {
            let text = wall.date_time(' ', 0);
            let text = match other {
                Bucket::Week => text.get(..10).unwrap_or_default(),
                _ => text.get(..16).unwrap_or_default(),
            };
            format!("{} from {text}", other.label())
        }
    }
}

/// A month in short: `Feb 2024`.
pub(super) fn short_name(wall: Timestamp) -> String {
    let (year, month, ..) = wall.civil();
    let nr = usize::try_from(month).unwrap_or(1);
    let name = MONTHS.get(nr.saturating_sub(1)).unwrap_or(&"");
    format!("{} {year}", name.get(..3).unwrap_or(name))
}

/// Paints the marked periods under everything, with their letter.
pub(super) fn paint_marked(ui: &Ui, plane: &Plane, view: &View<'_>) {
    let (Some(log), Axis::Time) = (view.log(), plane.axis) else {
        return;
    };
    let t = tokens(ui);
    let look = view.look();
    for (mark, letter) in [(look.marker_a, "A"), (look.marker_b, "B")] {
        let Some(mark) = mark.filter(|mark| !mark.is_moment()) else {
            continue;
        };
        let Some((from, to)) = period_of(log, mark, look.zone) else {
            continue;
        };
        let left = plane.x(from).max(plane.rect.left());
        let right = plane.x(to).min(plane.rect.right());
        if right <= left {
            continue;
        }
        let band = Rect::from_min_max(
            pos2(left, plane.rect.top()),
            pos2(right, plane.rect.bottom()),
        );
        ui.painter().rect_filled(band, 0.0, t.ab);
        let line = egui::Stroke::new(size::STROKE, t.text3);
        for x in [left, right] {
            let ends = [pos2(x, band.top()), pos2(x, band.bottom())];
            let dashes =
                egui::Shape::dashed_line(&ends, line, size::DASH_MARKER[0], size::DASH_MARKER[1]);
            ui.painter().extend(dashes);
        }
        let flag = Rect::from_min_size(band.min, vec2(16.0, 16.0));
        ui.painter().rect_filled(flag, 0.0, t.text3);
        text::line(
            ui.painter(),
            flag,
            Align::Center,
            Face::Button,
            letter,
            t.canvas,
        );
    }
}
