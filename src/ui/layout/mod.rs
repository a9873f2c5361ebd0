//! Where the panels stand: a tree of tiles for each view, all over the same state.
//!
//! Side tiles keep their width in points when the window grows; the centre takes the rest. In a
//! narrow window the inspector leaves the tree and floats over it; in a low one Types folds.

mod explore;
mod pane;
mod sizes;

use egui::Id;
use egui_tiles::{Container, Tile, Tree};

use crate::ui::theme::size;
use crate::workbench::{CausesTab, InspectorTab, Look, SidebarTab, TimelineMode, ViewKind};

use explore::Explore;
pub use pane::Pane;

/// The trees of all views, and the sizes that are kept in points.
pub struct Layout {
    explore: Explore,
    projections: Tree<Pane>,
    audit: Tree<Pane>,
    graph: Tree<Pane>,
    report: Tree<Pane>,
    /// Whether the inspector is shown where there is room for it.
    pub has_inspector: bool,
    /// How often the user changed it.
    pub edits: u64,
}

/// What is kept of a layout.
#[derive(serde::Deserialize, serde::Serialize)]
struct Kept<E> {
    explore: E,
    has_inspector: bool,
}

/// What was chosen by clicking a tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// A tab of the inspector.
    Inspector(InspectorTab),
    /// A timeline.
    Timeline(TimelineMode),
    /// A tab under the timeline.
    Causes(CausesTab),
    /// A tab of the sidebar.
    Sidebar(SidebarTab),
}

impl Default for Layout {
    fn default() -> Self {
        let whole = |name: &str, pane| Tree::new_tabs(Id::unique(name), vec![pane]);
        Self {
            explore: Explore::new(),
            projections: whole("annals_projections", Pane::Projections),
            audit: whole("annals_audit", Pane::Audit),
            graph: whole("annals_graph", Pane::Graph),
            report: whole("annals_report", Pane::Report),
            has_inspector: true,
            edits: 0,
        }
    }
}

impl Layout {
    /// The tree of a view.
    pub fn tree(&mut self, view: ViewKind) -> &mut Tree<Pane> {
        match view {
            ViewKind::Explore => &mut self.explore.tree,
            ViewKind::Projections => &mut self.projections,
            ViewKind::Audit => &mut self.audit,
            ViewKind::Graph => &mut self.graph,
            ViewKind::Report => &mut self.report,
        }
    }

    /// The layout as it is kept.
    pub fn kept(&self) -> serde_json::Value {
        let kept = Kept {
            explore: &self.explore,
            has_inspector: self.has_inspector,
        };
        serde_json::to_value(kept).unwrap_or_default()
    }

    /// A layout that was kept; `None` where it is none that this program can use.
    pub fn from_kept(kept: &serde_json::Value) -> Option<Self> {
        let kept: Kept<Explore> = serde_json::from_value(kept.clone()).ok()?;
        kept.explore.is_whole().then(|| Self {
            explore: kept.explore,
            has_inspector: kept.has_inspector,
            ..Self::default()
        })
    }

    /// Gives the tiles of a view their sizes in a window of so many points.
    pub fn fit(&mut self, window: egui::Vec2, look: &Look) {
        let shows_inspector = self.has_inspector && window.x >= size::OVERLAY_INSPECTOR_BELOW;
        if look.view == ViewKind::Explore {
            self.explore.choose_tabs(look);
            self.explore.fit(window, shows_inspector, look);
        }
    }

    /// Notes the sizes that the user gave the tiles.
    pub fn note_sizes(&mut self, view: ViewKind) {
        self.edits += 1;
        if view == ViewKind::Explore {
            self.explore.note_sizes();
        }
    }

    /// Gives the tiles on both sides of the divider at this place the sizes that they have at first.
    pub fn reset_sizes(&mut self, view: ViewKind, at: egui::Pos2) {
        self.edits += 1;
        if view == ViewKind::Explore {
            self.explore.reset_sizes(at);
        }
    }

    /// Shows the next of the tables that share the place of the events table; round the end.
    pub fn next_of_events(&mut self) {
        let tabs = self.explore.events;
        if let Some(Tile::Container(Container::Tabs(tabs))) = self.explore.tree.tiles.get_mut(tabs)
        {
            let active = tabs.active;
            let at = tabs.children.iter().position(|tab| Some(*tab) == active);
            let next = at.map_or(0, |at| at + 1) % tabs.children.len().max(1);
            if let Some(next) = tabs.children.get(next).copied() {
                tabs.set_active(next);
            }
        }
    }

    /// Gives a panel of Explore a tile of its own, so that it is seen beside those with which it shared one;
    /// nothing changes where it has one.
    pub fn give_tile(&mut self, pane: Pane) {
        if self.explore.give_tile(pane) {
            self.edits += 1;
        }
    }

    /// Puts all tiles where they stand at first, in their first sizes.
    pub fn reset(&mut self) {
        let edits = self.edits + 1;
        *self = Self {
            edits,
            ..Self::default()
        };
    }

    /// The tabs that are on top where the look says otherwise: they were clicked.
    pub fn chosen(&self, look: &Look) -> Vec<Chosen> {
        self.explore.chosen(look)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_comes_back_and_one_without_all_panels_is_none() {
        let mut layout = Layout::default();
        layout.explore.sidebar_widths[0] = 300.0;
        layout.has_inspector = false;
        let mut kept = layout.kept();
        let back = Layout::from_kept(&kept).unwrap();
        assert_eq!(back.explore.sidebar_widths[0], 300.0);
        assert!(!back.has_inspector);
        assert_eq!(back.kept(), kept);
        kept["explore"]["types_share"] = "wide".into();
        assert!(Layout::from_kept(&kept).is_none());
        let mut layout = Layout::default();
        let types = layout.explore.types;
        layout.explore.tree.remove_recursively(types);
        assert!(Layout::from_kept(&layout.kept()).is_none());
    }
}
