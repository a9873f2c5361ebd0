//! The Graph view: one undertaking over time, a lane for each stream, who caused whom and how long it
//! took.
//!
//! Reading order: this file (what stands where), `laid` (what is made once for a graph, with `layers`),
//! `camera` (what is shown of it), `scene` (what one frame is drawn from), `names`, `ruler`,
//! `edges`, `nodes` (what is painted), `listen` (pointer and keys), `tools` (the row above, with `chooser`), `side`
//! (what led to the event, with `waits`: where the time went), `lists` (the tables below, with
//! `undertakings` and their `sieve`).

mod camera;
mod chooser;
mod edges;
mod laid;
mod layers;
mod listen;
mod lists;
mod names;
mod nodes;
mod ruler;
mod scene;
mod side;
mod sieve;
mod tools;
mod undertakings;
mod waits;

use std::sync::Arc;

use egui::{Rect, Sense, Stroke, Ui, pos2};

use super::causes_state::{index_or_why, quiet};
use super::tile;
use crate::history::CauseGraph;
use crate::ui::View;
use crate::ui::theme::{size, tokens};
use crate::ui::widgets::empty::Empty;
use crate::workbench::GraphKey;

use camera::Camera;
use laid::Laid;
use lists::Lists;
use scene::Scene;
use side::Side;

/// The share of its column that the graph takes; the tables have the rest.
const GRAPH_SHARE: f32 = 0.66;
/// The least height of the tables.
const LISTS_MIN: f32 = 130.0;
/// The part of a narrow window that the side takes at most.
const SIDE_SHARE: f32 = 0.32;

/// A graph, and what its nodes stand by.
type Known = (GraphKey, tools::Layout);

/// The Graph view.
#[derive(Default)]
pub struct GraphPanel {
    laid: Option<Arc<Laid>>,
    camera: Camera,
    /// Of which graph the camera was set up, and the playhead that was brought into view.
    seen: Option<(Known, crate::event::Position)>,
    shown: tools::Shown,
    chooser: chooser::Chooser,
    side: Side,
    lists: Lists,
}

impl GraphPanel {
    /// Shows all of the graph.
    pub fn fit(&mut self) {
        self.camera.fit();
    }

    /// Shows more or less of it around the playhead; a factor above 1 shows more.
    pub fn zoom(&mut self, factor: f64) {
        self.camera.ask_zoom(factor);
    }

    /// Shows the view in all the space there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let all = ui.available_rect_before_wrap();
        ui.spacing_mut().item_spacing.y = 0.0;
        let Some(graph) = Self::graph_or_why(ui, view) else {
            return;
        };
        let width = size::INSPECTOR_GRAPH.min((all.width() * SIDE_SHARE).round());
        let middle = all.right() - width;
        let left = Rect::from_min_max(all.min, pos2(middle - size::TILE_GAP, all.bottom()));
        let right = Rect::from_min_max(pos2(middle, all.top()), all.max);
        let line = Stroke::new(size::TILE_GAP, tokens(ui).line);
        ui.painter().vline(middle - 0.5, all.y_range(), line);
        let y = (left.top() + left.height() * GRAPH_SHARE).min(left.bottom() - LISTS_MIN);
        let upper = Rect::from_min_max(left.min, pos2(left.right(), y.round()));
        let lower = Rect::from_min_max(pos2(left.left(), y.round() + 1.0), left.max);
        ui.painter()
            .hline(left.x_range(), upper.bottom() + 0.5, line);
        self.graph_ui(&mut tile::part(ui, upper, "graph"), view, &graph);
        self.lists
            .ui(&mut tile::part(ui, lower, "lists"), view, &graph);
        self.side
            .ui(&mut tile::part(ui, right, "side"), view, &graph);
        ui.advance_cursor_after_rect(all);
    }

    /// The graph; where there is none, says why in its place.
    fn graph_or_why(ui: &mut Ui, view: &View<'_>) -> Option<Arc<CauseGraph>> {
        let Some(_) = view.log().filter(|log| !log.is_empty()) else {
            Empty::new("There is no graph")
                .why("There is no event yet.")
                .show(ui);
            return None;
        };
        let index = index_or_why(ui, view)?;
        if !index.has_causes() && !index.has_correlations() {
            super::causes_state::no_column(
                ui,
                view,
                "The graph needs a causation or a correlation column",
            );
            return None;
        }
        let key = view.workbench.graph_key()?;
        match view.workbench.answers.travel.graph.for_key(&key).value() {
            None => {
                quiet(ui, "Looking for the events of this undertaking…");
                None
            }
            Some(Err(why)) => {
                Empty::new("The graph could not be made")
                    .why(why)
                    .failed()
                    .show(ui);
                None
            }
            Some(Ok(graph)) => Some(Arc::clone(graph)),
        }
    }

    fn graph_ui(&mut self, ui: &mut Ui, view: &View<'_>, graph: &Arc<CauseGraph>) {
        let (Some(log), Some(key)) = (view.log(), view.workbench.graph_key()) else {
            return;
        };
        let (camera, shown) = (&mut self.camera, &mut self.shown);
        tools::row_ui(ui, view, graph, (camera, shown, &mut self.chooser));
        let area = ui.available_rect_before_wrap();
        let laid = self.laid(ui, log, graph);
        let playhead = view.look().playhead;
        let key = (key, self.shown.layout);
        let is_new = self.seen.is_none_or(|(known, _)| known != key);
        let has_moved = self.seen != Some((key, playhead));
        self.seen = Some((key, playhead));
        if is_new {
            self.camera = Camera::default();
        }
        let mut scene = Scene::new(ui, view, log, laid, area);
        scene.by_correlation = self.shown.by_correlation;
        scene.place(&mut self.camera, (is_new, has_moved));
        let id = ui.scope_id().with("graph canvas");
        let mut canvas = tile::part(ui, area, "canvas");
        canvas.painter().rect_filled(area, 0.0, scene.tokens.canvas);
        listen::ground(&canvas, &scene, id, &mut self.camera);
        scene.place(&mut self.camera, (false, false));
        paint(&mut canvas, &scene, id);
        let (_, _) = ui.allocate_exact_size(area.size(), Sense::hover());
    }

    /// The layout, made anew for another graph or where quiet times are folded otherwise.
    fn laid(
        &mut self,
        ui: &Ui,
        log: &crate::history::EventLog,
        graph: &Arc<CauseGraph>,
    ) -> Arc<Laid> {
        let of = (self.shown.layout, !self.shown.unfolds);
        match &self.laid {
            Some(laid) if laid.is_of(graph, of) => Arc::clone(laid),
            _ => {
                let laid = Arc::new(Laid::new(ui, log, graph, of));
                self.laid = Some(Arc::clone(&laid));
                laid
            }
        }
    }
}

fn paint(ui: &mut Ui, scene: &Scene<'_>, id: egui::Id) {
    ruler::lanes(ui, scene);
    edges::paint(ui, scene);
    ruler::playhead(ui, scene);
    nodes::show(ui, scene, id);
    edges::labels(ui, scene);
    ruler::head(ui, scene);
    ruler::lane_labels(ui, scene);
    listen::scroll_bar(scene).paint(ui, scene.camera.scroll);
}
