//! The lower half of the State tab: the history of the chosen field, or what makes states; it can be
//! sized and folded.

use egui::{CursorIcon, Rect, Sense, Stroke, Ui, pos2, vec2};

use super::field_history::FieldHistoryView;
use super::reducer::ReducerView;
use super::tile;
use crate::event::json::JsonPath;
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::workbench::Action;

/// The shares of the whole that the history of a field and what makes states take at first.
const SHARES: [f32; 2] = [0.32, 0.5];
/// The least heights of both halves, in points.
const LEAST: [f32; 2] = [260.0, 150.0];

/// The lower half, with its sizes.
pub(super) struct LowerHalf {
    shares: [f32; 2],
    is_folded: bool,
    history: FieldHistoryView,
    reducer: ReducerView,
}

impl Default for LowerHalf {
    fn default() -> Self {
        Self {
            shares: SHARES,
            is_folded: false,
            history: FieldHistoryView::default(),
            reducer: ReducerView::default(),
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
        let look = view.look();
        let is_shown = look.shows_reducer || look.selection.field.is_some();
        if !is_shown || area.height() < LEAST[0] + LEAST[1] {
            return 0.0;
        }
        if self.is_folded {
            return size::TAB_BAR;
        }
        let most = area.height() - LEAST[0];
        let share = self.shares[usize::from(look.shows_reducer)];
        (area.height() * share).clamp(LEAST[1], most).round()
    }

    /// Shows it at the foot of `area`.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, area: Rect) {
        let height = self.height(area, view);
        if height <= 0.0 {
            return;
        }
        let place = Rect::from_min_max(pos2(area.left(), area.bottom() - height), area.max);
        let mut inside = tile::part(ui, place, "lower");
        self.tabs_ui(&mut inside, view);
        if !self.is_folded && view.look().shows_reducer {
            self.reducer.ui(&mut inside, view, log);
        } else if !self.is_folded {
            self.history.ui(&mut inside, view, log);
        }
        self.edge_ui(ui, view, place, area);
    }

    fn tabs_ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let field = view.look().selection.field.as_ref();
        let shows_reducer = view.look().shows_reducer;
        let titles: &[&str] = match field {
            Some(_) => &["Reducer", "Field history"],
            None => &["Reducer"],
        };
        let chosen = usize::from(!shows_reducer);
        let (clicked, folds) = tile::tabs_with(ui, titles, chosen, false, |ui| {
            self.tools_ui(ui, view, field)
        });
        if let Some(tab) = clicked.filter(|tab| *tab != chosen) {
            view.send(Action::ShowReducer(tab == 0));
        }
        if folds || (self.is_folded && clicked.is_some()) {
            self.is_folded = !self.is_folded;
        }
    }

    /// Folding, closing, and the name of the field; returns whether to fold.
    fn tools_ui(&self, ui: &mut Ui, view: &View<'_>, field: Option<&JsonPath>) -> bool {
        let (icon, verb) = if self.is_folded {
            (icons::UP, "Unfold lower half")
        } else {
            (icons::UNFOLDED, "Fold lower half")
        };
        if view.look().shows_reducer {
            let close = button::icon_button(icons::CLOSE, "Close reducer", "").small();
            if ui.add(close).clicked() {
                view.send(Action::ShowReducer(false));
            }
        }
        let folds = ui
            .add(button::icon_button(icon, verb, "").small())
            .clicked();
        if let Some(path) = field.filter(|_| !view.look().shows_reducer) {
            let name = format::visible(&path.to_string()).into_owned();
            let words = text::data(name).color(tokens(ui).text);
            ui.add(egui::Label::new(words).truncate());
        }
        folds
    }

    /// The edge between both halves: dragged it sizes them, a double click gives them their first size.
    fn edge_ui(&mut self, ui: &Ui, view: &View<'_>, place: Rect, area: Rect) {
        let t = tokens(ui);
        let line = Rect::from_min_size(place.min, vec2(place.width(), 1.0));
        ui.painter().rect_filled(line, 0.0, t.line);
        if self.is_folded {
            return;
        }
        let which = usize::from(view.look().shows_reducer);
        let grab = Rect::from_center_size(line.center(), vec2(place.width(), size::DIVIDER_GRAB));
        let id = ui.make_persistent_id("lower half");
        let response = ui
            .interact(grab, id, Sense::CLICK | Sense::DRAG)
            .on_hover_and_drag_cursor(CursorIcon::ResizeVertical);
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::Splitter, true, "Edge of the lower half")
        });
        if response.dragged() {
            let height = place.height() - response.drag_delta().y;
            self.shares[which] = (height / area.height().max(1.0)).clamp(0.1, 0.8);
        }
        if response.double_clicked() {
            self.shares[which] = SHARES[which];
        }
        if response.hovered() || response.dragged() {
            let stroke = Stroke::new(2.0, t.accent_mid);
            ui.painter().hline(place.x_range(), place.top(), stroke);
        }
    }
}
