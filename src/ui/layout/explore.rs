//! The tiles of Explore: which of them are on top and shown, how large they are, and what the user made of that.

use egui::Id;
use egui_tiles::{Container, Linear, LinearDir, Tile, TileId, Tiles, Tree};

use super::{Chosen, Pane};
use crate::ui::theme::size;
use crate::workbench::{CausesTab, InspectorTab, Look, SidebarTab, TimelineMode};

/// The tree of Explore, with the tiles that are sized by hand.
#[derive(serde::Deserialize, serde::Serialize)]
pub(super) struct Explore {
    pub(super) tree: Tree<Pane>,
    pub(super) root: TileId,
    pub(super) sidebar: TileId,
    pub(super) centre: TileId,
    pub(super) inspector: TileId,
    /// Streams and bookmarks.
    pub(super) upper: TileId,
    pub(super) streams: TileId,
    pub(super) bookmarks: TileId,
    pub(super) types: TileId,
    /// The two timelines, and the statistics.
    pub(super) times: TileId,
    pub(super) timeline: TileId,
    pub(super) stream_timeline: TileId,
    pub(super) statistics: TileId,
    /// What stands between timeline and table.
    pub(super) causes: TileId,
    pub(super) causation: TileId,
    pub(super) correlation: TileId,
    pub(super) events: TileId,
    /// The tabs of the inspector.
    pub(super) tabs: [(InspectorTab, TileId); 4],
    /// The width of the sidebar beside all lanes, and beside one stream.
    pub(super) sidebar_widths: [f32; 2],
    /// The width of the inspector beside all lanes, and beside one stream.
    pub(super) inspector_widths: [f32; 2],
    /// The share of Types in its column where it is not folded.
    pub(super) types_share: f32,
    /// The share of the timeline in its column, without the causes.
    pub(super) timeline_share: f32,
    /// The heights of the chain of causes and of the list of an undertaking, with their tab bar.
    pub(super) causes_heights: [f32; 2],
    /// As of the last frame: whether a stream has its own timeline, and what the causes tile shows.
    pub(super) shown: (bool, CausesTab),
}

impl Explore {
    pub(super) fn new() -> Self {
        let mut tiles = Tiles::default();
        let mut pane = |pane| tiles.insert_pane(pane);
        let [streams, bookmarks, types] =
            [Pane::Streams, Pane::Bookmarks, Pane::Types].map(&mut pane);
        let [stream_timeline, timeline, statistics] =
            [Pane::StreamTimeline, Pane::Timeline, Pane::Statistics].map(&mut pane);
        let [causation, correlation] = [Pane::Causation, Pane::Correlation].map(&mut pane);
        let below = [Pane::Events, Pane::AsOf, Pane::RollForward].map(&mut pane);
        let tabs = [
            (InspectorTab::State, Pane::State),
            (InspectorTab::Event, Pane::Event),
            (InspectorTab::Diff, Pane::Diff),
            (InspectorTab::History, Pane::FieldHistory),
        ]
        .map(|(tab, of)| (tab, pane(of)));
        let upper = tiles.insert_tab_tile(vec![streams, bookmarks]);
        let types = tiles.insert_tab_tile(vec![types]);
        let times = tiles.insert_tab_tile(vec![stream_timeline, timeline, statistics]);
        let causes = tiles.insert_tab_tile(vec![causation, correlation]);
        let events = tiles.insert_tab_tile(below.to_vec());
        let inspector = tiles.insert_tab_tile(tabs.map(|(_, tile)| tile).to_vec());
        let mut stack = |children| {
            let linear = Linear::new(LinearDir::Vertical, children);
            tiles.insert_new(Tile::Container(Container::Linear(linear)))
        };
        let sidebar = stack(vec![upper, types]);
        let centre = stack(vec![times, causes, events]);
        let root = tiles.insert_horizontal_tile(vec![sidebar, centre, inspector]);
        Self {
            tree: Tree::new(Id::unique("annals_explore"), root, tiles),
            root,
            sidebar,
            centre,
            inspector,
            upper,
            streams,
            bookmarks,
            types,
            times,
            timeline,
            stream_timeline,
            statistics,
            causes,
            causation,
            correlation,
            events,
            tabs,
            sidebar_widths: [size::SIDEBAR, size::SIDEBAR_WORK],
            inspector_widths: [size::INSPECTOR, size::INSPECTOR_TIME_TRAVEL],
            types_share: 0.465,
            timeline_share: 0.58,
            causes_heights: [size::CAUSES, size::CORRELATION],
            shown: (false, CausesTab::Chain),
        }
    }

    /// Whether every panel stands in it once and its sizes are sizes, so that a file that was kept, by
    /// whomever, shows all there is.
    pub(super) fn is_whole(&self) -> bool {
        let panes = |tiles: &Tiles<Pane>| {
            let panes = tiles.tiles().filter_map(|tile| match tile {
                Tile::Pane(pane) => Some(*pane),
                Tile::Container(_) => None,
            });
            let mut panes: Vec<Pane> = panes.collect();
            panes.sort_unstable();
            panes
        };
        let mut reached = Vec::new();
        let is_tree = reaches(&self.tree.tiles, self.tree.root, &mut reached);
        let sizes = [
            self.sidebar_widths,
            self.inspector_widths,
            [self.types_share, self.timeline_share],
            self.causes_heights,
        ];
        let mut sizes = sizes.into_iter().flatten();
        is_tree
            && reached.len() == self.tree.tiles.len()
            && panes(&self.tree.tiles) == panes(&Self::new().tree.tiles)
            && sizes.all(|size| size.is_finite() && (0.0..10_000.0).contains(&size))
    }

    /// Puts those tabs on top that the look names, and hides what there is nothing to show in.
    pub(super) fn choose_tabs(&mut self, look: &Look) {
        let has_stream = look.selection.stream.is_some();
        let travels = has_stream && look.timeline == TimelineMode::Stream;
        self.shown = (travels, look.causes.unwrap_or_default());
        self.tree.set_visible(self.stream_timeline, has_stream);
        // Tabs and not the tile in which they stand: one may have been dragged to another tile.
        self.tree.set_visible(self.causes, true);
        for tile in [self.causation, self.correlation] {
            self.tree.set_visible(tile, look.causes.is_some());
        }
        for tile in self.wanted(look) {
            let tabs = self.tree.tiles.parent_of(tile);
            let tabs = tabs.and_then(|tabs| self.tree.tiles.get_mut(tabs));
            if let Some(Tile::Container(Container::Tabs(tabs))) = tabs {
                tabs.set_active(tile);
            }
        }
    }

    /// The tabs that the look wants on top of their tiles.
    fn wanted(&self, look: &Look) -> [TileId; 4] {
        let inspected = self.tabs.iter().find(|(tab, _)| *tab == look.inspector);
        let (travels, causes) = self.shown;
        [
            inspected.map_or(self.tabs[0].1, |(_, tile)| *tile),
            match look.timeline {
                _ if travels => self.stream_timeline,
                TimelineMode::Statistics => self.statistics,
                TimelineMode::Stream | TimelineMode::AllLanes => self.timeline,
            },
            match causes {
                CausesTab::Chain => self.causation,
                CausesTab::Correlation => self.correlation,
            },
            match look.sidebar {
                SidebarTab::Streams => self.streams,
                SidebarTab::Bookmarks => self.bookmarks,
            },
        ]
    }

    pub(super) fn chosen(&self, look: &Look) -> Vec<Chosen> {
        let [inspected, time, cause, upper] = self.wanted(look);
        let timelines = [
            (self.timeline, TimelineMode::AllLanes),
            (self.stream_timeline, TimelineMode::Stream),
            (self.statistics, TimelineMode::Statistics),
        ]
        .map(|(tile, mode)| (time, tile, Chosen::Timeline(mode)));
        let causes = [
            (self.causation, CausesTab::Chain),
            (self.correlation, CausesTab::Correlation),
        ]
        .map(|(tile, tab)| (cause, tile, Chosen::Causes(tab)));
        let lists = [
            (self.streams, SidebarTab::Streams),
            (self.bookmarks, SidebarTab::Bookmarks),
        ]
        .map(|(tile, tab)| (upper, tile, Chosen::Sidebar(tab)));
        let tabs = self.tabs.into_iter();
        tabs.map(|(tab, tile)| (inspected, tile, Chosen::Inspector(tab)))
            .chain(timelines)
            .chain(causes.into_iter().filter(|_| look.causes.is_some()))
            .chain(lists)
            .filter(|(wanted, tile, _)| wanted != tile && self.is_over(*tile, *wanted))
            .map(|(_, _, chosen)| chosen)
            .collect()
    }

    /// Whether a tab is on top of another one of the same tile.
    fn is_over(&self, tile: TileId, other: TileId) -> bool {
        let tiles = &self.tree.tiles;
        let above = tiles.parent_of(tile);
        let is_top = match above.and_then(|tabs| tiles.get(tabs)) {
            Some(Tile::Container(Container::Tabs(tabs))) => tabs.active == Some(tile),
            _ => false,
        };
        is_top && above == tiles.parent_of(other)
    }

    /// Gives a panel a tile of its own below the one that it shares with others; returns whether it
    /// shared one.
    pub(super) fn give_tile(&mut self, pane: Pane) -> bool {
        let tiles = &mut self.tree.tiles;
        let Some(tile) = tiles.find_pane(&pane) else {
            return false;
        };
        let Some(shared) = tiles.parent_of(tile) else {
            return false;
        };
        let Some(above) = tiles.parent_of(shared) else {
            return false;
        };
        match tiles.get_mut(shared) {
            Some(Tile::Container(Container::Tabs(tabs))) if tabs.children.len() > 1 => {
                tabs.children.retain(|child| *child != tile);
                tabs.active = tabs.active.filter(|active| *active != tile);
            }
            _ => return false,
        }
        let own = tiles.insert_tab_tile(vec![tile]);
        let is_below = matches!(tiles.get(above), Some(Tile::Container(Container::Linear(of))) if of.dir == LinearDir::Vertical);
        let both = if is_below {
            shared
        } else {
            let linear = Linear::new(LinearDir::Vertical, vec![shared, own]);
            tiles.insert_new(Tile::Container(Container::Linear(linear)))
        };
        if let Some(Tile::Container(Container::Linear(linear))) = tiles.get_mut(above)
            && let Some(place) = linear.children.iter().position(|child| *child == shared)
        {
            if is_below {
                linear.children.insert(place + 1, own);
            } else {
                linear.children[place] = both;
                linear.shares.replace_with(shared, both);
            }
        }
        true
    }
}

/// Whether a tile and all below it are there, each reached once; notes them.
fn reaches(tiles: &Tiles<Pane>, tile: Option<TileId>, reached: &mut Vec<TileId>) -> bool {
    let mut waiting: Vec<TileId> = tile.into_iter().collect();
    while let Some(tile) = waiting.pop() {
        if reached.contains(&tile) {
            return false;
        }
        reached.push(tile);
        match tiles.get(tile) {
            None => return false,
            Some(Tile::Pane(_)) => {}
            Some(Tile::Container(container)) => waiting.extend(container.children().copied()),
        }
    }
    true
}
