//! The streams related to the one whose timeline is shown, under the list of all streams.

use egui::{Align, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::focus_ring;
use crate::workbench::Action;

/// How many are listed; the timeline shows them all.
const MOST: usize = 8;
/// Height of the heading.
const HEAD: f32 = 28.0;

/// How high the list is; 0 where there is nothing in it.
pub(super) fn height(view: &View<'_>) -> f32 {
    match view.workbench.related_here().len() {
        0 => 0.0,
        n => HEAD + n.min(MOST) as f32 * size::ROW + 8.0,
    }
}

/// Shows the list in `place`.
pub(super) fn ui(ui: &Ui, view: &View<'_>, place: Rect) {
    let (Some(log), Some(stream)) = (view.log(), view.workbench.travelled()) else {
        return;
    };
    let t = tokens(ui);
    ui.painter().hline(
        place.x_range(),
        place.top() + 0.5,
        egui::Stroke::new(size::STROKE, t.line),
    );
    let head = Rect::from_min_size(place.min, vec2(place.width(), HEAD)).shrink2(vec2(12.0, 0.0));
    let name = format::visible(log.stream_name(stream));
    let words = format!("Related to {name}");
    let words = text::shortened(ui.painter(), Face::Section, &words, head.width());
    text::line(
        ui.painter(),
        head,
        Align::Min,
        Face::Section,
        words,
        t.text2,
    );
    let related = view.workbench.related_here().iter().take(MOST);
    for (nr, related) in related.enumerate() {
        let top = place.top() + HEAD + nr as f32 * size::ROW;
        let row = Rect::from_min_size(pos2(place.left(), top), vec2(place.width(), size::ROW));
        let id = ui.scope_id().with(("related", related.stream));
        let response = ui.interact(row, id, Sense::click());
        let name = format::visible(log.stream_name(related.stream));
        let count = format::count(u64::try_from(related.events.len()).unwrap_or(0));
        response.widget_info(|| {
            let said = format!("Related stream {name}, {count} events");
            WidgetInfo::labeled(Role::Button, true, said)
        });
        if response.hovered() {
            ui.painter().rect_filled(row, 0.0, t.raised);
        }
        let inside = row.shrink2(vec2(size::SIDE, 0.0));
        let at = pos2(inside.left() + 6.0, row.center().y);
        icons::paint(ui.painter(), at, icons::LINK, size::ICON_TEXT, t.text3);
        let painter = ui.painter();
        let taken = text::line(painter, inside, Align::Max, Face::DataSmall, count, t.text3);
        let rest = Rect::from_min_max(
            pos2(inside.left() + 20.0, row.top()),
            pos2(taken.left() - 4.0, row.bottom()),
        );
        let name = text::shortened(painter, Face::Data, &name, rest.width());
        text::line(painter, rest, Align::Min, Face::Data, name, t.text2);
        if focus_ring::is_shown(&response) {
            focus_ring::inside(ui, row);
        }
        if response.clicked() {
            view.send(Action::OpenStream(related.stream));
        }
    }
}
