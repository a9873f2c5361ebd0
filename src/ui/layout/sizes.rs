//! How large the tiles of Explore are: as the design has it, as the user made them, and what the user put beside
//! them.

use egui_tiles::{Container, Tile, TileId};

use super::explore::Explore;
use crate::ui::theme::size;
use crate::workbench::Look;

/// The part of all that a tile gets at first where the user puts it beside others.
const GUEST: f32 = 0.3;

impl Explore {
    pub(super) fn fit(&mut self, window: egui::Vec2, shows_inspector: bool, look: &Look) {
        self.tree.set_visible(self.inspector, true);
        for (_, tile) in self.tabs {
            self.tree.set_visible(tile, shows_inspector);
        }
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

    /// The child of a container in which a tile stands, however deep; `None` where it stands elsewhere.
    fn child_with(&self, parent: TileId, tile: TileId) -> Option<TileId> {
        let mut child = tile;
        loop {
            let above = self.tree.tiles.parent_of(child)?;
            if above == parent {
                return Some(child);
            }
            child = above;
        }
    }

    /// Gives the tiles of a container these sizes in points. What the user put beside them keeps its own,
    /// at the cost of the largest; new there, it gets a part of all.
    fn share(&mut self, parent: TileId, sizes: &[(TileId, f32)]) {
        let mut shares: Vec<(TileId, f32)> = Vec::new();
        for (tile, size) in sizes {
            let Some(child) = self.child_with(parent, *tile) else {
                continue;
            };
            match shares.iter_mut().find(|(known, _)| *known == child) {
                Some((_, sum)) => *sum += size,
                None => shares.push((child, *size)),
            }
        }
        let whole: f32 = sizes.iter().map(|(_, size)| size).sum();
        let guests = self.guests(parent, &shares, whole);
        let room: f32 = guests.iter().map(|(_, size)| size).sum();
        if let Some((_, largest)) = shares.iter_mut().max_by(|a, b| a.1.total_cmp(&b.1)) {
            *largest = (*largest - room).max(size::TILE_MIN);
        }
        if let Some(Tile::Container(Container::Linear(linear))) = self.tree.tiles.get_mut(parent) {
            for (child, size) in shares.into_iter().chain(guests) {
                linear.shares.set_share(child, size);
            }
        }
    }

    /// The tiles that the user put into a container beside those known, with their sizes in points.
    fn guests(&self, parent: TileId, known: &[(TileId, f32)], whole: f32) -> Vec<(TileId, f32)> {
        let tiles = &self.tree.tiles;
        let Some(Tile::Container(Container::Linear(linear))) = tiles.get(parent) else {
            return Vec::new();
        };
        let is_guest = |child: &&TileId| {
            known.iter().all(|(known, _)| known != *child) && tiles.is_visible_in_layout(**child)
        };
        let guests = linear.children.iter().filter(is_guest);
        guests
            .map(|child| match linear.shares[*child] {
                size if size < size::TAB_BAR => (*child, whole * GUEST),
                size => (*child, size.min(whole / 2.0)),
            })
            .collect()
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
        let child = self.child_with(parent, tile)?;
        match self.tree.tiles.get(parent) {
            Some(Tile::Container(Container::Linear(linear))) => Some(linear.shares[child]),
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
