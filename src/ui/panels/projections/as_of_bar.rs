//! The bar over the plots: as of when partitions are shown.

use egui::{Align, Layout, Sense, Ui, UiBuilder, vec2};

use super::super::shared::moment_of;
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::segments::{Choice, segments_of};
use crate::workbench::{Action, AsOf, PlotEdit};

/// The bar over the plots: as of when partitions are shown.
pub(super) fn as_of_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog) {
    let t = tokens(ui);
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, 44.0), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, t.panel);
    let inside = rect.shrink2(vec2(size::SIDE, 0.0));
    let layout = Layout::left_to_right(Align::Center);
    let mut bar = ui.new_child(
        UiBuilder::new()
            .id_salt("as of")
            .max_rect(inside)
            .layout(layout),
    );
    bar.spacing_mut().item_spacing.x = 8.0;
    bar.label(text::rich("As of", Face::Button).color(t.text2));
    let at = view.workbench.as_of().unwrap_or_default();
    let when = moment_of(log, at, view.look().zone);
    let words = if log.time(at).is_some() {
        when
    } else {
        format::position(u64::from(at.0))
    };
    let wide = text::width(bar.painter(), Face::Data, &words).ceil() + 16.0;
    let (place, shown) = bar.allocate_exact_size(vec2(wide, size::BUTTON), Sense::hover());
    let stroke = egui::Stroke::new(size::STROKE, t.line_strong);
    let corner = egui::CornerRadius::same(size::CORNER);
    let inner = egui::StrokeKind::Inside;
    bar.painter().rect(place, corner, t.canvas, stroke, inner);
    text::line(
        bar.painter(),
        place,
        Align::Center,
        Face::Data,
        words.as_str(),
        t.text,
    );
    let said = format!("As of {words}");
    shown.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, said.as_str()));
    let look = view.look();
    let choice = |value: AsOf, label: &'static str, lacks: &'static str| Choice {
        value,
        label,
        icon: None,
        said: label,
        lacks,
    };
    let lacks = |is_set: bool, why: &'static str| if is_set { "" } else { why };
    let no_a = lacks(look.marker_a.is_some(), "Marker A is not set: press A");
    let no_b = lacks(look.marker_b.is_some(), "Marker B is not set: press B");
    let playhead = Choice {
        icon: Some((icons::LINK, t.text2)),
        ..choice(AsOf::Playhead, "Playhead", "")
    };
    let choices = [
        playhead,
        choice(AsOf::A, "A", no_a),
        choice(AsOf::B, "B", no_b),
        choice(AsOf::Latest, "Latest", ""),
    ];
    let mut as_of = view.workbench.projecting.plotting.as_of;
    let is_lost = |choice: &Choice<'_, AsOf>| choice.value == as_of && !choice.lacks.is_empty();
    if choices.iter().any(is_lost) {
        as_of = AsOf::Playhead;
    }
    if segments_of(&mut bar, "As of", &mut as_of, &choices) {
        view.send(Action::Plot(Box::new(PlotEdit::AsOf(as_of))));
    }
    let line = egui::Stroke::new(size::STROKE, t.line);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
}
