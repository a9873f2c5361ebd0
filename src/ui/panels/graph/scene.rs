//! All that one frame of the graph is drawn from: where its nodes stand on the screen.

use std::sync::Arc;

use egui::{Rect, Ui, pos2};

use super::camera::{Camera, MOST_ZOOM};
use super::laid::{LONGEST, Laid};
use super::names::name_of;
use crate::event::Position;
use crate::history::{CauseGraph, EventLog, GraphEdge, GraphLayout, GraphNode};
use crate::ui::View;
use crate::ui::theme::{Tokens, size, tokens};

/// Height of the ruler over the lanes.
const HEAD: f32 = 58.0;
/// Heights of a lane: as wished, and at least.
const LANES: [f32; 2] = [80.0, 56.0];
/// No lane is lower, whatever the user made of it: a node has to fit.
const LOWEST: f32 = 44.0;
/// Room at either side of the graph.
const MARGIN: f32 = 22.0;
/// Under this length a card is only a dot.
const SHORTEST: f32 = 30.0;
/// The side of a dot.
const DOT: f32 = 8.0;
/// A graph that had to be made smaller than this is not shown whole at first, so that its cards can be
/// read.
const READABLE: f64 = 0.85;

/// How a node is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// With its name.
    Card,
    /// As a dot: there is no room for more.
    Dot,
}

/// One frame.
pub(super) struct Scene<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) log: &'a EventLog,
    pub(super) tokens: &'static Tokens,
    pub(super) laid: Arc<Laid>,
    /// All of it, the ruler, the labels and the lanes.
    pub(super) area: Rect,
    pub(super) head: Rect,
    pub(super) labels: Rect,
    pub(super) lanes: Rect,
    pub(super) lane_height: f32,
    pub(super) camera: Camera,
    /// The node at the playhead, where it is one of these events.
    pub(super) chosen: Option<u32>,
    /// For each node whether it lies on the way to it.
    pub(super) on_path: Vec<bool>,
    /// How many events of the graph stand at or before the playhead.
    pub(super) n_past: usize,
    /// Whether events are linked by their correlation and not by their causes.
    pub(super) by_correlation: bool,
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        ui: &Ui,
        view: &'a View<'a>,
        log: &'a EventLog,
        laid: Arc<Laid>,
        area: Rect,
    ) -> Self {
        let corner = pos2(area.left() + size::GUTTER_GRAPH, area.top() + HEAD);
        let head = Rect::from_min_max(pos2(corner.x, area.top()), pos2(area.right(), corner.y));
        let labels = Rect::from_min_max(pos2(area.left(), corner.y), pos2(corner.x, area.bottom()));
        let lanes = Rect::from_min_max(corner, area.max);
        let n_lanes = laid.graph.lanes.len().max(1) as f32;
        let high = f32::from(view.look().lane_height) / 100.0;
        let fits = (lanes.height() / n_lanes).clamp(LANES[1], LANES[0]);
        let lane_height = (fits * high).floor().max(LOWEST);
        let playhead = view.look().playhead;
        let chosen = laid.graph.node_of(playhead);
        let mut on_path = vec![false; laid.graph.nodes.len()];
        for node in chosen
            .map(|node| laid.graph.path_to(node))
            .into_iter()
            .flatten()
        {
            if let Some(is_on) = on_path.get_mut(node as usize) {
                *is_on = true;
            }
        }
        Self {
            view,
            log,
            tokens: tokens(ui),
            area,
            head,
            labels,
            lanes,
            lane_height,
            camera: Camera::default(),
            chosen,
            on_path,
            n_past: laid.graph.n_until(playhead),
            by_correlation: false,
            laid,
        }
    }

    pub(super) fn graph(&self) -> &CauseGraph {
        &self.laid.graph
    }

    /// The steps that are drawn.
    pub(super) fn links(&self) -> &[GraphEdge] {
        if self.by_correlation && !self.laid.is_in_layers() {
            &self.laid.following
        } else {
            &self.graph().edges
        }
    }

    fn layout(&self) -> &GraphLayout {
        &self.laid.layout
    }

    /// Brings the camera to where it was asked to be, and takes it over.
    pub(super) fn place(&mut self, camera: &mut Camera, (is_new, has_moved): (bool, bool)) {
        let fitting = self.fitting();
        if is_new {
            camera.zoom = fitting.max(1.0);
            camera.is_fit = fitting >= READABLE;
        }
        if camera.is_fit {
            camera.zoom = fitting;
        }
        if let Some(factor) = camera.asked.take() {
            let here = self.chosen.map_or(0.5, |node| {
                (self.x(node) - camera.left) * camera.zoom / f64::from(self.lanes.width())
            });
            let at = f64::from(self.lanes.width()) * here.clamp(0.0, 1.0);
            camera.zoom_at(factor, at, self.least_zoom());
        }
        if (is_new || has_moved) && !camera.is_fit {
            self.show_chosen(camera, is_new);
        }
        let room = f64::from(self.lanes.width() - 2.0 * MARGIN) / camera.zoom;
        let margin = f64::from(MARGIN) / camera.zoom;
        let most = (self.layout().length - room).max(0.0) - margin;
        camera.left = camera.left.clamp(-margin, most.max(-margin));
        let height = self.lane_height * self.graph().lanes.len() as f32;
        camera.scroll = camera
            .scroll
            .clamp(0.0, (height - self.lanes.height()).max(0.0));
        self.camera = *camera;
    }

    /// Moves as little as is needed for the node at the playhead to be seen.
    fn show_chosen(&self, camera: &mut Camera, in_the_middle: bool) {
        let shown = self.chosen.or_else(|| {
            let last = self.n_past.checked_sub(1)?;
            u32::try_from(last).ok()
        });
        let Some(node) = shown else { return };
        let width = f64::from(self.lanes.width()) / camera.zoom;
        let (x, length) = (self.x(node), f64::from(LONGEST) / camera.zoom);
        let is_out = x < camera.left || x + length > camera.left + width;
        if in_the_middle || is_out {
            camera.left = x - width / 2.0;
        }
        let top = self.lane_of(node) as f32 * self.lane_height;
        if top < camera.scroll || top + self.lane_height > camera.scroll + self.lanes.height() {
            camera.scroll = top - (self.lanes.height() - self.lane_height) / 2.0;
        }
    }

    /// How large everything is drawn where all of it is to be seen.
    fn fitting(&self) -> f64 {
        let room = f64::from(self.lanes.width() - 2.0 * MARGIN);
        let layout = self.layout();
        let ends = layout.x.iter().zip(&layout.lengths);
        // Cards keep their length at any size.
        let fits = ends.fold(MOST_ZOOM, |zoom, (x, length)| {
            if *x > 0.0 {
                zoom.min((room - length).max(1.0) / x)
            } else {
                zoom
            }
        });
        fits.clamp(1e-6, 1.6)
    }

    /// The smallest that everything may be drawn.
    pub(super) fn least_zoom(&self) -> f64 {
        self.fitting().min(READABLE)
    }

    fn x(&self, node: u32) -> f64 {
        self.layout().x.get(node as usize).copied().unwrap_or(0.0)
    }

    /// A place of the layout on the screen.
    pub(super) fn on_screen(&self, x: f64) -> f32 {
        let x = (x - self.camera.left) * self.camera.zoom;
        // Far beyond the edges it makes no difference.
        self.lanes.left() + points(x.clamp(-1e6, 1e6))
    }

    pub(super) fn lane_of(&self, node: u32) -> u32 {
        self.graph().node(node).map_or(0, |node| node.lane)
    }

    /// Where a lane stands.
    pub(super) fn lane(&self, lane: u32) -> Rect {
        let top = self.lanes.top() + lane as f32 * self.lane_height - self.camera.scroll;
        Rect::from_min_size(
            pos2(self.lanes.left(), top),
            egui::vec2(self.lanes.width(), self.lane_height),
        )
    }

    /// The lanes in view.
    pub(super) fn lanes_in_view(&self) -> std::ops::Range<u32> {
        let first = (self.camera.scroll / self.lane_height).floor().max(0.0);
        let last = ((self.camera.scroll + self.lanes.height()) / self.lane_height).ceil();
        let n_lanes = u32::try_from(self.graph().lanes.len()).unwrap_or(u32::MAX);
        whole(first).min(n_lanes)..whole(last).min(n_lanes)
    }

    /// The nodes of a lane in view, and those just beside it.
    pub(super) fn nodes_in_view(&self, lane: u32) -> &[u32] {
        let Some(lane) = self.laid.lanes.get(lane as usize) else {
            return &[];
        };
        let width = f64::from(self.lanes.width()) / self.camera.zoom;
        let from = self.camera.left - f64::from(LONGEST) / self.camera.zoom;
        let to = self.camera.left + width;
        let start = lane.partition_point(|node| self.x(*node) < from);
        let end = lane.partition_point(|node| self.x(*node) <= to);
        lane.get(start..end).unwrap_or_default()
    }

    /// Where a node stands and how it is drawn there. A card keeps its length where there is room up
    /// to the next one of its lane.
    pub(super) fn rect(&self, node: u32) -> (Rect, Form) {
        let lane = self.lane_of(node);
        let left = self.on_screen(self.x(node));
        let y = self.lane(lane).center().y;
        let length = self.layout().lengths.get(node as usize).copied();
        let length = points(length.unwrap_or(0.0));
        let apart =
            |one: u32, other: u32| points((self.x(other) - self.x(one)) * self.camera.zoom) - 6.0;
        let room = match (self.next_in_lane(node), self.previous_in_lane(node)) {
            (Some(next), _) => apart(node, next),
            // The last of a row of dots is a dot too.
            (None, Some(before)) if apart(before, node) < SHORTEST => apart(before, node),
            _ => f32::INFINITY,
        };
        let (form, length, height) = if length.min(room) >= SHORTEST {
            (Form::Card, length.min(room), size::GRAPH_NODE)
        } else {
            (Form::Dot, DOT.min((room + 6.0).max(2.0)), DOT)
        };
        let rect = Rect::from_min_size(pos2(left, y - height / 2.0), egui::vec2(length, height));
        (rect, form)
    }

    /// The node after one in its lane.
    pub(super) fn next_in_lane(&self, node: u32) -> Option<u32> {
        let slot = *self.laid.slots.get(node as usize)? as usize;
        let lane = self.laid.lanes.get(self.lane_of(node) as usize)?;
        lane.get(slot + 1).copied()
    }

    /// The node before one in its lane.
    pub(super) fn previous_in_lane(&self, node: u32) -> Option<u32> {
        let slot = *self.laid.slots.get(node as usize)? as usize;
        let lane = self.laid.lanes.get(self.lane_of(node) as usize)?;
        lane.get(slot.checked_sub(1)?).copied()
    }

    /// Whether a node has not happened yet at the playhead; what is no event has with its effects.
    pub(super) fn is_future(&self, node: u32) -> bool {
        let first = match self.graph().node(node) {
            Some(found) if found.position().is_none() => {
                self.graph().effects(node).first().copied()
            }
            _ => None,
        };
        self.position(first.unwrap_or(node))
            .is_some_and(|at| at > self.view.look().playhead)
    }

    pub(super) fn position(&self, node: u32) -> Option<Position> {
        self.graph().node(node).and_then(GraphNode::position)
    }

    /// Where the playhead stands; `None` where nodes do not stand by their time.
    pub(super) fn playhead_x(&self) -> Option<f32> {
        if self.laid.is_in_layers() {
            return None;
        }
        let layout = self.layout();
        let now = layout.now(self.n_past, self.graph().n_members);
        let Some(node) = self.chosen else {
            return Some(self.on_screen(now));
        };
        // Cards keep their length at any size: the line stands right of the card where nothing else
        // has begun by then.
        let (rect, _) = self.rect(node);
        let next = layout
            .x
            .get(self.n_past)
            .filter(|_| self.n_past < self.graph().n_members);
        let next = next.map_or(f32::INFINITY, |next| self.on_screen(*next) - 6.0);
        Some((rect.right() + 8.0).min(next).max(rect.left()))
    }

    /// The last event of the undertaking that begins at or left of a place on the screen, else the
    /// first; `None` where nodes do not stand by their time.
    pub(super) fn last_until(&self, x: f32) -> Option<Position> {
        if self.laid.is_in_layers() {
            return None;
        }
        let n_members = self.graph().n_members;
        let members = self.layout().x.get(..n_members)?;
        let n_left = members.partition_point(|left| self.on_screen(*left) <= x);
        let node = u32::try_from(n_left.saturating_sub(1)).ok()?;
        self.position(node)
    }

    pub(super) fn is_critical(&self, node: u32) -> bool {
        self.laid.is_critical.get(node as usize) == Some(&true)
    }

    pub(super) fn is_on_path(&self, node: u32) -> bool {
        self.on_path.get(node as usize) == Some(&true)
    }

    /// What a node is called.
    pub(super) fn name(&self, node: u32) -> String {
        name_of(self.log, self.graph(), node)
    }
}

/// A length of the layout as one of the screen.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the screen has no more digits"
)]
pub(super) fn points(length: f64) -> f32 {
    length as f32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small count that is not below 0"
)]
fn whole(count: f32) -> u32 {
    count as u32
}
