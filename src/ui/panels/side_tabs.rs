//! A tile beside a view that shows something of its own, and in further tabs what the inspector shows of the
//! event at the playhead.

use egui::Ui;

use super::inspector::InspectorPanel;
use super::tile;
use crate::ui::View;
use crate::workbench::{Action, InspectorTab};

/// The tabs, with the one that is shown.
#[derive(Default)]
pub(super) struct SideTabs {
    inspector: InspectorPanel,
    /// The tab of the inspector that was chosen here; `None` shows the view's own.
    shown: Option<InspectorTab>,
    /// The tab that the look named in the last frame.
    named: Option<InspectorTab>,
}

impl SideTabs {
    /// Shows the view's own tab again, whatever tab of the inspector is named in this frame.
    pub(super) fn show_own(&mut self) {
        (self.shown, self.named) = (None, None);
    }

    /// Shows the tile: `own` names the view's own tab, `tabs` are those of the inspector after it.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        (own, tabs): (&str, &[(InspectorTab, &str)]),
        content: impl FnOnce(&mut Ui),
    ) {
        let nr_of = |shown: InspectorTab| tabs.iter().position(|(tab, _)| *tab == shown);
        // A key that names a tab of the inspector shows it here.
        let named = view.look().inspector;
        if self.named.is_some_and(|known| known != named) && nr_of(named).is_some() {
            self.shown = Some(named);
        }
        self.named = Some(named);
        let titles = std::iter::once(own).chain(tabs.iter().map(|(_, title)| *title));
        let titles: Vec<&str> = titles.collect();
        let chosen = self.shown.and_then(nr_of).map_or(0, |nr| nr + 1);
        if let Some(nr) = tile::tabs(ui, &titles, chosen, false) {
            let tab = nr.checked_sub(1).and_then(|nr| tabs.get(nr));
            self.shown = tab.map(|(tab, _)| *tab);
            if let Some(tab) = self.shown {
                self.named = Some(tab);
                view.send(Action::ShowInspector(tab));
            }
        }
        if self.shown.is_some() {
            self.inspector.content_ui(ui, view, view.look().inspector);
        } else {
            content(ui);
        }
    }
}
