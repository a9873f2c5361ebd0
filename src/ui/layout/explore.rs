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
    root: TileId,
    sidebar: TileId,
    centre: TileId,
    inspector: TileId,
    /// Streams and bookmarks.
    upper: TileId,
    streams: TileId,
    bookmarks: TileId,
    pub(super) types: TileId,
    /// The two timelines.
    times: TileId,
    timeline: TileId,
    stream_timeline: TileId,
    /// What stands between timeline and table.
    causes: TileId,
    causation: TileId,
    correlation: TileId,
    pub(super) events: TileId,
    /// The tabs of the inspector.
    tabs: [(InspectorTab, TileId); 4],
    /// The width of the sidebar beside all lanes, and beside one stream.
    pub(super) sidebar_widths: [f32; 2],
    /// The width of the inspector beside all lanes, and beside one stream.
    inspector_widths: [f32; 2],
    /// The share of Types in its column where it is not folded.
    types_share: f32,
    /// The share of the timeline in its column, without the causes.
    timeline_share: f32,
    /// The heights of the chain of causes and of the list of an undertaking, with their tab bar.
    causes_heights: [f32; 2],
    /// As of the last frame: whether a stream has its own timeline, and what the causes tile shows.
    shown: (bool, CausesTab),
}

impl Explore {
    pub(super) fn new() -> Self {
        let mut tiles = Tiles::default();
        let mut pane = |pane| tiles.insert_pane(pane);
        let [streams, bookmarks, types] =
            [Pane::Streams, Pane::Bookmarks, Pane::Types].map(&mut pane);
        let [stream_timeline, timeline] = [Pane::StreamTimeline, Pane::Timeline].map(&mut pane);
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
        let times = tiles.insert_tab_tile(vec![stream_timeline, timeline]);
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
        self.tree.set_visible(self.stream_timeline, has_stream);
        self.tree.set_visible(self.causes, look.causes.is_some());
        let inspected = self.tabs.iter().find(|(tab, _)| *tab == look.inspector);
        let inspected = inspected.map_or(self.tabs[0].1, |(_, tile)| *tile);
        let chain = look.causes != Some(CausesTab::Correlation);
        let streams = look.sidebar == SidebarTab::Streams;
        let tops = [
            (self.inspector, inspected),
            (
                self.times,
                if travels {
                    self.stream_timeline
                } else {
                    self.timeline
                },
            ),
            (
                self.causes,
                if chain {
                    self.causation
                } else {
                    self.correlation
                },
            ),
            (
                self.upper,
                if streams {
                    self.streams
                } else {
                    self.bookmarks
                },
            ),
        ];
        for (tabs, top) in tops {
            if let Some(Tile::Container(Container::Tabs(tabs))) = self.tree.tiles.get_mut(tabs) {
                tabs.set_active(top);
            }
        }
        self.shown = (travels, look.causes.unwrap_or_default());
    }

    pub(super) fn chosen(&self, look: &Look) -> Vec<Chosen> {
        let active = |tabs| match self.tree.tiles.get(tabs) {
            Some(Tile::Container(Container::Tabs(tabs))) => tabs.active,
            _ => None,
        };
        let is_top = |tabs, tile| active(tabs) == Some(tile);
        let mut chosen = Vec::new();
        let inspected = self.tabs.iter();
        let inspected = inspected.filter(|(_, tile)| is_top(self.inspector, *tile));
        chosen.extend(
            inspected
                .filter(|(tab, _)| *tab != look.inspector)
                .map(|(tab, _)| Chosen::Inspector(*tab)),
        );
        let (travels, tab) = self.shown;
        if travels && is_top(self.times, self.timeline) {
            chosen.push(Chosen::Timeline(TimelineMode::AllLanes));
        } else if !travels && is_top(self.times, self.stream_timeline) {
            chosen.push(Chosen::Timeline(TimelineMode::Stream));
        }
        if look.causes.is_some() {
            let other = match tab {
                CausesTab::Chain => (CausesTab::Correlation, self.correlation),
                CausesTab::Correlation => (CausesTab::Chain, self.causation),
            };
            if is_top(self.causes, other.1) {
                chosen.push(Chosen::Causes(other.0));
            }
        }
        let other = match look.sidebar {
            SidebarTab::Streams => (SidebarTab::Bookmarks, self.bookmarks),
            SidebarTab::Bookmarks => (SidebarTab::Streams, self.streams),
        };
        if is_top(self.upper, other.1) {
            chosen.push(Chosen::Sidebar(other.0));
        }
        chosen
    }

    pub(super) fn fit(&mut self, window: egui::Vec2, shows_inspector: bool, look: &Look) {
        self.tree.set_visible(self.inspector, shows_inspector);
        let travels = usize::from(self.shown.0);
        let sidebar = self.sidebar_widths[travels];
        let room = (window.x - sidebar - size::CENTRE_MIN).max(size::INSPECTOR_RANGE[0]);
        let inspector = self.inspector_widths[travels].min(room);
        let sides = sidebar + if shows_inspector { inspector } else { 0.0 };
        let gaps = if shows_inspector { 2.0 } else { 1.0 };
        let rest = (window.x - sides - gaps).max(1.0);
        let widths = [
            (self.sidebar, sidebar),
            (self.centre, rest),
            (self.inspector, inspector),
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
            &[(self.upper, height - types), (self.types, types)],
        );
        let (causes, gap) = match look.causes {
            Some(tab) => (self.causes_heights[tab as usize], 1.0),
            None => (0.0, 0.0),
        };
        let rest = (height - causes - gap).max(2.0);
        let timeline = rest * self.timeline_share;
        let heights = [
            (self.times, timeline),
            (self.causes, causes.max(1.0)),
            (self.events, rest - timeline),
        ];
        self.share(self.centre, &heights);
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

    /// Sizes as they are at first, of what the divider at this place parts.
    pub(super) fn reset_sizes(&mut self, at: egui::Pos2) {
        let first = Self::new();
        let travels = usize::from(self.shown.0);
        let rect = |tile| self.tree.tiles.rect(tile);
        let is_at = |edge: Option<f32>, at: f32| {
            edge.is_some_and(|edge| (edge - at).abs() <= size::DIVIDER_GRAB)
        };
        if is_at(rect(self.sidebar).map(|rect| rect.right()), at.x) {
            self.sidebar_widths[travels] = first.sidebar_widths[travels];
        } else if is_at(rect(self.inspector).map(|rect| rect.left()), at.x) {
            self.inspector_widths[travels] = first.inspector_widths[travels];
        } else if rect(self.sidebar).is_some_and(|sidebar| sidebar.contains(at)) {
            self.types_share = first.types_share;
        } else {
            self.timeline_share = first.timeline_share;
            self.causes_heights = first.causes_heights;
        }
    }

    /// How long a tile is after the user moved a divider. Shares are points, as [`Self::fit`] gave them;
    /// where tiles were drawn is from before. `None` for one that is not shown.
    fn length(&self, parent: TileId, tile: TileId) -> Option<f32> {
        self.tree.tiles.rect(tile)?;
        match self.tree.tiles.get(parent) {
            Some(Tile::Container(Container::Linear(linear))) => {
                let is_in = linear.children.contains(&tile);
                is_in.then(|| linear.shares[tile])
            }
            _ => None,
        }
    }

    pub(super) fn note_sizes(&mut self) {
        let within = |width: f32, [least, most]: [f32; 2]| width.clamp(least, most);
        let travels = usize::from(self.shown.0);
        if let Some(width) = self.length(self.root, self.sidebar) {
            self.sidebar_widths[travels] = within(width, size::SIDEBAR_RANGE);
        }
        if let Some(width) = self.length(self.root, self.inspector) {
            self.inspector_widths[travels] = within(width, size::INSPECTOR_RANGE);
        }
        let [upper, lower] = [self.upper, self.types].map(|tile| self.length(self.sidebar, tile));
        if let (Some(upper), Some(lower)) = (upper, lower.filter(|lower| *lower > size::TAB_BAR)) {
            self.types_share = (lower / (upper + lower)).clamp(0.1, 0.9);
        }
        let [times, causes, events] =
            [self.times, self.causes, self.events].map(|tile| self.length(self.centre, tile));
        if let (Some(upper), Some(lower)) = (times, events) {
            self.timeline_share = (upper / (upper + lower)).clamp(0.1, 0.9);
        }
        if let Some(causes) = causes {
            let least = size::TAB_BAR + size::CAUSE_CARD[1];
            self.causes_heights[self.shown.1 as usize] = causes.max(least);
        }
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
