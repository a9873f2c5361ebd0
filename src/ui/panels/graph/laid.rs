//! A graph with all that is made once for it: where its nodes stand, and what is looked up by node.

use std::collections::HashMap;
use std::sync::Arc;

use egui::Ui;

use super::layers::layers;
use super::names::short_name;
use super::tools::Layout;
use crate::event::TypeId;
use crate::history::{CauseGraph, EdgeMark, EventLog, GraphEdge, GraphLayout, GraphSpacing, Link};
use crate::ui::theme::{Face, format, text};

/// Longest card.
pub(super) const LONGEST: f32 = 176.0;
/// What a card has beside its words: band, spaces.
const AROUND: f32 = 20.0;

const SPACING: GraphSpacing = GraphSpacing {
    gap: 14.0,
    label: 62.0,
    step: 20.0,
    natural: 56.0,
    fold: 44.0,
    stretch: 200.0,
};

/// A graph with its layout, kept from frame to frame.
pub(super) struct Laid {
    pub(super) graph: Arc<CauseGraph>,
    pub(super) layout: GraphLayout,
    /// For each node which of its lane's it is.
    pub(super) slots: Vec<u32>,
    /// For each node whether it lies on the longest chain.
    pub(super) is_critical: Vec<bool>,
    /// For each node its place in the order in which causes are read out.
    pub(super) order: Vec<u32>,
    /// The nodes of each lane from left to right.
    pub(super) lanes: Vec<Vec<u32>>,
    /// Where the columns of steps begin; none where nodes stand by their time.
    pub(super) columns: Vec<f64>,
    of: (Layout, bool),
    /// From each event of the undertaking to the next one by position.
    pub(super) following: Vec<GraphEdge>,
}

impl Laid {
    /// Lays a graph out; quiet times are folded where `folds` says so.
    pub(super) fn new(
        ui: &Ui,
        log: &EventLog,
        graph: &Arc<CauseGraph>,
        (kind, folds): (Layout, bool),
    ) -> Self {
        let mut of_type: HashMap<TypeId, f64> = HashMap::new();
        let lengths: Vec<f64> = graph
            .nodes
            .iter()
            .map(|node| match &node.link {
                Link::Event(position) => {
                    let event_type = log.event_type(*position);
                    *of_type
                        .entry(event_type)
                        .or_insert_with(|| card_length(ui, log.type_name(event_type)))
                }
                Link::Command(id) | Link::Missing(id) => card_length(ui, &short_name(id)),
            })
            .collect();
        let (layout, columns) = match kind {
            Layout::Time => {
                let length = |node: u32| lengths.get(node as usize).copied().unwrap_or(0.0);
                let layout = GraphLayout::new(graph, SPACING, folds, &length);
                (layout, Vec::new())
            }
            Layout::Layers => {
                let layers = layers(graph, lengths);
                (layers.layout, layers.columns)
            }
        };
        let lanes = lanes(graph, &layout, kind);
        let mut slots = vec![0; graph.nodes.len()];
        for lane in &lanes {
            for (slot, node) in (0_u32..).zip(lane) {
                if let Some(place) = slots.get_mut(*node as usize) {
                    *place = slot;
                }
            }
        }
        let mut is_critical = vec![false; graph.nodes.len()];
        for node in &graph.critical {
            if let Some(is_critical) = is_critical.get_mut(*node as usize) {
                *is_critical = true;
            }
        }
        Self {
            graph: Arc::clone(graph),
            layout,
            slots,
            is_critical,
            order: graph.reading_order(),
            lanes,
            columns,
            of: (kind, folds),
            following: following(graph),
        }
    }

    pub(super) fn is_of(&self, graph: &Arc<CauseGraph>, of: (Layout, bool)) -> bool {
        Arc::ptr_eq(&self.graph, graph) && self.of == of
    }

    /// Whether nodes stand by their steps and not by their time.
    pub(super) fn is_in_layers(&self) -> bool {
        self.of.0 == Layout::Layers
    }
}

/// The nodes of each lane from left to right: by time that is their order already.
fn lanes(graph: &CauseGraph, layout: &GraphLayout, kind: Layout) -> Vec<Vec<u32>> {
    let x = |node: &u32| layout.x.get(*node as usize).copied().unwrap_or(0.0);
    let lane = |nodes: &Vec<u32>| {
        let mut nodes = nodes.clone();
        if kind == Layout::Layers {
            nodes.sort_by(|a, b| x(a).total_cmp(&x(b)));
        }
        nodes
    };
    graph.lanes.iter().map(|one| lane(&one.nodes)).collect()
}

/// Links by correlation alone: each event with the next one.
fn following(graph: &CauseGraph) -> Vec<GraphEdge> {
    let n_members = u32::try_from(graph.n_members).unwrap_or(u32::MAX);
    let time = |node: u32| {
        let node = graph.node(node)?;
        node.time
    };
    let link = |effect: u32| {
        let cause = effect - 1;
        let latency = time(cause).zip(time(effect));
        GraphEdge {
            cause,
            effect,
            latency: latency.map(|(from, to)| to.0.saturating_sub(from.0)),
            mark: EdgeMark::Sound,
        }
    };
    (1..n_members).map(link).collect()
}

fn card_length(ui: &Ui, name: &str) -> f64 {
    let name = text::fitting(name, LONGEST);
    let words = text::width(ui.painter(), Face::Button, &format::visible(&name));
    f64::from((words.ceil() + AROUND).clamp(64.0, LONGEST))
}
