//! The lower half of the State tab: the history of the chosen field; it can be sized and folded.

use egui::{CursorIcon, Rect, Sense, Stroke, Ui, pos2, vec2};

use super::field_history::FieldHistoryView;
use super::tile;
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{format, icons, size, text, tokens};
use crate::ui::widgets::button;

/// The share of the whole that it takes at first.
const SHARE: f32 = 0.32;
/// The least heights of both halves, in points.
const LEAST: [f32; 2] = [260.0, 150.0];

/// The lower half, with its size.
pub(super) struct LowerHalf {
    share: f32,
    is_folded: bool,
    history: FieldHistoryView,
}

impl Default for LowerHalf {
    fn default() -> Self {
        Self {
            share: SHARE,
            is_folded: false,
            history: FieldHistoryView::default(),
        }
    }
}

impl LowerHalf {
    /// What is left for the upper half of `area`.
    pub(super) fn upper(&self, area: Rect, view: &View<'_>) -> Rect {
        let height = self.height(area, view);
        Rect::from_min_max(area.min, pos2(area.right(), area.bottom() - height))
    }

    fn height(&self, area: Rect, view: &View<'_>) -> f32 {
        if view.look().selection.field.is_none() || area.height() < LEAST[0] + LEAST[1] {
            return 0.0;
        }
        if self.is_folded {
            return size::TAB_BAR;
        }
        let most = area.height() - LEAST[0];
        (area.height() * self.share).clamp(LEAST[1], most).round()
    }

    /// Shows it at the foot of `area`.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, area: Rect) {
        let height = self.height(area, view);
        let Some(path) = view
            .look()
            .selection
            .field
            .as_ref()
            .filter(|_| height > 0.0)
        else {
            return;
        };
        let place = Rect::from_min_max(pos2(area.left(), area.bottom() - height), area.max);
        let mut inside = tile::part(ui, place, "lower");
        let name = format::visible(&path.to_string()).into_owned();
        let (icon, verb) = if self.is_folded {
            (icons::UP, "Unfold field history")
        } else {
            (icons::UNFOLDED, "Fold field history")
        };
        let folds = tile::head(&mut inside, "Field history", "", false, |ui| {
            let clicked = ui
                .add(button::icon_button(icon, verb, "").small())
                .clicked();
            let words = text::data(name.as_str()).color(tokens(ui).text);
            ui.add(egui::Label::new(words).truncate());
            clicked
        });
        if folds {
            self.is_folded = !self.is_folded;
        }
        if !self.is_folded {
            self.history.ui(&mut inside, view, log);
        }
        self.edge_ui(ui, place, area);
    }

    /// The edge between both halves: dragged it sizes them, a double click gives them their first size.
    fn edge_ui(&mut self, ui: &Ui, place: Rect, area: Rect) {
        let t = tokens(ui);
        let line = Rect::from_min_size(place.min, vec2(place.width(), 1.0));
        ui.painter().rect_filled(line, 0.0, t.line);
        if self.is_folded {
            return;
        }
        let grab = Rect::from_center_size(line.center(), vec2(place.width(), size::DIVIDER_GRAB));
        let id = ui.make_persistent_id("lower half");
        let response = ui
            .interact(grab, id, Sense::CLICK | Sense::DRAG)
            .on_hover_and_drag_cursor(CursorIcon::ResizeVertical);
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::Splitter, true, "Edge of the field history")
        });
        if response.dragged() {
            let height = place.height() - response.drag_delta().y;
            self.share = (height / area.height().max(1.0)).clamp(0.1, 0.8);
        }
        if response.double_clicked() {
            self.share = SHARE;
        }
        if response.hovered() || response.dragged() {
            let stroke = Stroke::new(2.0, t.accent_mid);
            ui.painter().hline(place.x_range(), place.top(), stroke);
        }
    }
}
