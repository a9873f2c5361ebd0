//! Where the panels stand: a tree of tiles for each view, all over the same state.
//!
//! Side tiles keep their width in points when the window grows; the centre takes the rest. In a
//! narrow window the inspector leaves the tree and floats over it; in a low one Types folds.

use egui::Id;
use egui_tiles::{Container, Linear, LinearDir, Tile, TileId, Tiles, Tree};

use crate::ui::theme::size;
use crate::workbench::{InspectorTab, ViewKind};

/// A panel's place in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pane {
    /// All streams.
    Streams,
    /// All types.
    Types,
    /// The timeline with its transport.
    Timeline,
    /// The events table.
    Events,
    /// The states of a category at the playhead.
    AsOf,
    /// The state at the playhead.
    State,
    /// The event at the playhead.
    Event,
    /// What differs between two points.
    Diff,
    /// What a field was.
    FieldHistory,
    /// The plots.
    Projections,
    /// Evidence, checks and findings.
    Audit,
}

impl Pane {
    /// The title on its tab, and what it is called for those who do not see it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Streams => "Streams",
            Self::Types => "Types",
            Self::Timeline => "Timeline",
            Self::Events => "Events",
            Self::AsOf => "As of",
            Self::State => "State",
            Self::Event => "Event",
            Self::Diff => "Diff A\u{2013}B",
            Self::FieldHistory => "Field history",
            Self::Projections => "Projections",
            Self::Audit => "Audit",
        }
    }

    /// Whether it fills its view and has heads of its own instead of a tab.
    pub const fn is_whole_view(self) -> bool {
        matches!(self, Self::Projections | Self::Audit)
    }
}

/// The trees of all views, and the sizes that are kept in points.
pub struct Layout {
    explore: Explore,
    projections: Tree<Pane>,
    audit: Tree<Pane>,
    /// Whether the inspector is shown where there is room for it.
    pub has_inspector: bool,
}

/// The tree of Explore, with the tiles that are sized by hand.
struct Explore {
    tree: Tree<Pane>,
    root: TileId,
    sidebar: TileId,
    centre: TileId,
    inspector: TileId,
    streams: TileId,
    types: TileId,
    /// The tabs of the inspector.
    tabs: [(InspectorTab, TileId); 4],
    sidebar_width: f32,
    inspector_width: f32,
    /// The share of Types in its column where it is not folded.
    types_share: f32,
}

impl Default for Layout {
    fn default() -> Self {
        let whole = |name: &str, pane| Tree::new_tabs(Id::unique(name), vec![pane]);
        Self {
            explore: Explore::new(),
            projections: whole("annals_projections", Pane::Projections),
            audit: whole("annals_audit", Pane::Audit),
            has_inspector: true,
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
        }
    }

    /// Gives the tiles of a view their sizes in a window of so many points.
    pub fn fit(&mut self, view: ViewKind, window: egui::Vec2, tab: InspectorTab) {
        let shows_inspector = self.has_inspector && window.x >= size::OVERLAY_INSPECTOR_BELOW;
        if view == ViewKind::Explore {
            self.explore.fit(window, shows_inspector, tab);
        }
    }

    /// Notes the sizes that the user gave the tiles.
    pub fn note_sizes(&mut self, view: ViewKind) {
        if view == ViewKind::Explore {
            self.explore.note_sizes();
        }
    }

    /// The tab of the inspector that was chosen by clicking it.
    pub fn chosen_tab(&self) -> Option<InspectorTab> {
        let Some(Tile::Container(Container::Tabs(tabs))) =
            self.explore.tree.tiles.get(self.explore.inspector)
        else {
            return None;
        };
        let tabs_of = self.explore.tabs.iter();
        let active = tabs_of
            .copied()
            .find(|(_, tile)| tabs.active == Some(*tile));
        active.map(|(tab, _)| tab)
    }
}

impl Explore {
    fn new() -> Self {
        let mut tiles = Tiles::default();
        let mut tab = |pane| {
            let pane = tiles.insert_pane(pane);
            tiles.insert_tab_tile(vec![pane])
        };
        let (streams, types) = (tab(Pane::Streams), tab(Pane::Types));
        let timeline = tab(Pane::Timeline);
        let below = [Pane::Events, Pane::AsOf].map(|pane| tiles.insert_pane(pane));
        let events = tiles.insert_tab_tile(below.to_vec());
        let tabs = [
            (InspectorTab::State, Pane::State),
            (InspectorTab::Event, Pane::Event),
            (InspectorTab::Diff, Pane::Diff),
            (InspectorTab::History, Pane::FieldHistory),
        ]
        .map(|(tab, pane)| (tab, tiles.insert_pane(pane)));
        let inspector = tiles.insert_tab_tile(tabs.map(|(_, tile)| tile).to_vec());
        let mut stack = |upper, lower, share: f32| {
            let linear = Linear::new_binary(LinearDir::Vertical, [upper, lower], share);
            tiles.insert_new(Tile::Container(Container::Linear(linear)))
        };
        let sidebar = stack(streams, types, 0.535);
        let centre = stack(timeline, events, 0.58);
        let root = tiles.insert_horizontal_tile(vec![sidebar, centre, inspector]);
        Self {
            tree: Tree::new(Id::unique("annals_explore"), root, tiles),
            root,
            sidebar,
            centre,
            inspector,
            streams,
            types,
            tabs,
            sidebar_width: size::SIDEBAR,
            inspector_width: size::INSPECTOR,
            types_share: 0.465,
        }
    }

    fn fit(&mut self, window: egui::Vec2, shows_inspector: bool, tab: InspectorTab) {
        self.tree.set_visible(self.inspector, shows_inspector);
        let sides = self.sidebar_width
            + if shows_inspector {
                self.inspector_width
            } else {
                0.0
            };
        let gaps = if shows_inspector { 2.0 } else { 1.0 };
        let rest = (window.x - sides - gaps).max(1.0);
        let widths = [
            (self.sidebar, self.sidebar_width),
            (self.centre, rest),
            (self.inspector, self.inspector_width),
        ];
        self.share(self.root, &widths);
        let height = window.y - size::TOP_BAR - size::STATUS_BAR - 1.0;
        let types = if window.y < size::FOLD_TYPES_BELOW {
            size::TAB_BAR
        } else {
            height * self.types_share
        };
        self.share(
            self.sidebar,
            &[(self.streams, height - types), (self.types, types)],
        );
        let active = self.tabs.iter().find(|(known, _)| *known == tab);
        if let (Some((_, active)), Some(Tile::Container(Container::Tabs(tabs)))) =
            (active, self.tree.tiles.get_mut(self.inspector))
        {
            tabs.set_active(*active);
        }
    }

    fn share(&mut self, parent: TileId, sizes: &[(TileId, f32)]) {
        if let Some(Tile::Container(Container::Linear(linear))) = self.tree.tiles.get_mut(parent) {
            for (child, size) in sizes {
                if linear.children.contains(child) {
                    linear.shares.set_share(*child, *size);
                }
            }
        }
    }

    fn note_sizes(&mut self) {
        let width = |tile| self.tree.tiles.rect(tile).map(|rect| rect.width());
        let within = |width: f32, [least, most]: [f32; 2]| width.clamp(least, most);
        let (sidebar, inspector) = (width(self.sidebar), width(self.inspector));
        if let Some(width) = sidebar {
            self.sidebar_width = within(width, size::SIDEBAR_RANGE);
        }
        if let Some(width) = inspector {
            self.inspector_width = within(width, size::INSPECTOR_RANGE);
        }
        let height = |tile| self.tree.tiles.rect(tile).map(|rect| rect.height());
        if let (Some(upper), Some(lower)) = (height(self.streams), height(self.types)) {
            self.types_share = (lower / (upper + lower + 1.0)).clamp(0.1, 0.9);
        }
    }
}
