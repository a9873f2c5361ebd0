//! The inspector at the right: the state at the playhead, or the event there.

use egui::Ui;

use super::diff_panel::DiffView;
use super::event_detail::EventDetailView;
use super::field_history::FieldHistoryView;
use super::state::StateView;
use super::tile;
use crate::ui::View;
use crate::ui::widgets::empty::Empty;
use crate::workbench::{Action, InspectorTab};

/// The tabs in the order in which they stand.
const TABS: [(InspectorTab, &str); 4] = [
    (InspectorTab::State, "State"),
    (InspectorTab::Event, "Event"),
    (InspectorTab::Diff, "Diff A\u{2013}B"),
    (InspectorTab::History, "Field history"),
];

/// The inspector with its tabs.
#[derive(Default)]
pub struct InspectorPanel {
    event: EventDetailView,
    state: StateView,
    diff: DiffView,
    history: FieldHistoryView,
}

impl InspectorPanel {
    /// Opens the search in the state.
    pub fn find_in_state(&mut self) {
        self.state.find();
    }

    /// Shows the tab bar and the tab chosen in the look, in all the space there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let chosen = TABS
            .iter()
            .position(|(tab, _)| *tab == view.look().inspector)
            .unwrap_or(0);
        let titles = TABS.map(|(_, title)| title);
        if let Some((tab, _)) = tile::tabs(ui, &titles, chosen, false).and_then(|nr| TABS.get(nr)) {
            view.send(Action::ShowInspector(*tab));
        }
        self.content_ui(ui, view, view.look().inspector);
    }

    /// Shows a tab without the tab bar, for a tile that has its own.
    pub fn content_ui(&mut self, ui: &mut Ui, view: &View<'_>, tab: InspectorTab) {
        let Some(log) = view.log().filter(|log| !log.is_empty()) else {
            Empty::new("Nothing to inspect")
                .why("There is no event yet.")
                .show(ui);
            return;
        };
        match tab {
            InspectorTab::State => self.state.ui(ui, view),
            InspectorTab::Event => self.event.ui(ui, view),
            InspectorTab::Diff => self.diff.ui(ui, view, log),
            InspectorTab::History => self.history.tab_ui(ui, view, log),
        }
    }
}
