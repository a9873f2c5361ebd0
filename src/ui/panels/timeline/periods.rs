//! Periods of the ruler as markers, and the buttons beside a stretch that was dragged out.

use egui::{Align, Frame, Id, Layout, Margin, Rect, Stroke, Ui, UiBuilder, pos2, vec2};

use super::super::period_label::{Named, label};
use super::scale::Places;
use super::scene::Scene;
use super::when;
use crate::event::{Position, Timestamp, Zone};
use crate::history::Axis;
use crate::ui::View;
use crate::ui::theme::{format, icons, size, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::tooltip::Tip;
use crate::workbench::{Action, Mark, Span};

/// Room for the buttons beside a stretch.
const BUTTONS: [f32; 2] = [236.0, 30.0];

/// Where a label of the ruler stands, and what it names.
pub(super) type Label = (Rect, Span);

/// The events of a stretch of the axis.
pub(super) fn named<'a>(places: &Places<'a>, span: Span) -> Named<'a> {
    if places.axis == Axis::Time {
        return Named::Time(places.timed(), span);
    }
    let (from, after) = (places.rank(span.from), places.rank(span.to));
    let last = after.checked_sub(1).filter(|last| *last >= from);
    Named::Events(last.map(|last| Mark {
        from: Position(from),
        to: Position(last),
    }))
}

/// What a label is called: the moment or position at which its period begins.
pub(super) fn name(axis: Axis, zone: Zone, span: Span) -> String {
    match axis {
        Axis::Time => format!("Period from {}", when::spoken(Timestamp(span.from), zone)),
        Axis::Sequence => format!(
            "Position {}",
            format::count(span.from.max(0).unsigned_abs())
        ),
    }
}

/// The labels of the ruler over all lanes.
pub(super) fn labels(ui: &Ui, scene: &Scene<'_>, id: Id, labels: &[Label]) {
    let places = scene.places();
    for (place, span) in labels {
        let name = name(scene.axis, scene.look.zone, *span);
        let named = named(&places, *span);
        let id = id.with(("period", place.top().to_bits(), span.from));
        label(ui, scene.view, id, (*place, &name, named));
    }
}

/// The buttons beside the stretch from A to B that was just dragged out; returns whether one was
/// pressed.
pub(super) fn buttons(
    ui: &mut Ui,
    view: &View<'_>,
    (lanes, [left, right]): (Rect, [f32; 2]),
) -> bool {
    let [width, height] = BUTTONS;
    let middle = f32::midpoint(left.max(lanes.left()), right.min(lanes.right()));
    let most = (lanes.right() - width - 4.0).max(lanes.left() + 4.0);
    let corner = pos2(
        (middle - width / 2.0).clamp(lanes.left() + 4.0, most),
        lanes.top() + 6.0,
    );
    let place = Rect::from_min_size(corner, vec2(width, height));
    let layout = Layout::left_to_right(Align::Center);
    let builder = UiBuilder::new()
        .id_salt("range")
        .max_rect(place)
        .layout(layout);
    let mut inside = ui.new_child(builder);
    let t = tokens(ui);
    let frame = Frame::new()
        .fill(t.raised)
        .stroke(Stroke::new(size::STROKE, t.line_strong))
        .corner_radius(size::CORNER)
        .inner_margin(Margin::same(3));
    let wanted = [
        (
            "Zoom",
            icons::FIT,
            Action::FitSelection,
            "Show this stretch and no more",
        ),
        (
            "Filter",
            icons::FILTER,
            Action::FilterMarked,
            "Show only its events in the table",
        ),
        (
            "Report",
            icons::REPORT,
            Action::ReportMarked,
            "Make a report on this period",
        ),
    ];
    let mut is_pressed = false;
    frame.show(&mut inside, |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (name, icon, action, what) in wanted {
            let tip = Tip::new("").sentence(what).key(view.key_of(&action));
            if ui
                .add(button::quiet(name).small().icon(icon).tip(tip))
                .clicked()
            {
                view.send(action);
                is_pressed = true;
            }
        }
    });
    is_pressed
}
