//! Nodes by how many steps they are from what began it: each step is a column, whatever time it took.

use crate::history::{CauseGraph, GraphLayout};

/// Between two cards of a lane in one column, and between two columns.
const GAP: f64 = 14.0;
const APART: f64 = 62.0;

/// Where everything stands, and where each column begins.
pub(super) struct Layers {
    /// The nodes; there are no stretches of time.
    pub(super) layout: GraphLayout,
    /// The left edge of each column.
    pub(super) columns: Vec<f64>,
}

/// Lays a graph out by steps; cards have these lengths. Takes time in proportion to the number of nodes.
pub(super) fn layers(graph: &CauseGraph, lengths: Vec<f64>) -> Layers {
    let depths = depths(graph);
    let n_columns = depths.iter().max().map_or(0, |deepest| deepest + 1);
    let mut by_column: Vec<Vec<u32>> = vec![Vec::new(); n_columns];
    for (node, depth) in (0_u32..).zip(&depths) {
        if let Some(column) = by_column.get_mut(*depth) {
            column.push(node);
        }
    }
    let mut x = vec![0.0; graph.nodes.len()];
    let mut columns = Vec::with_capacity(n_columns);
    let (mut left, mut end) = (0.0, 0.0_f64);
    // Where the next card of each lane goes, and in which column that is so.
    let mut free = vec![(usize::MAX, 0.0); graph.lanes.len()];
    for (nr, nodes) in by_column.iter().enumerate() {
        columns.push(left);
        for node in nodes {
            let lane = graph.node(*node).map_or(0, |node| node.lane as usize);
            let at = match free.get(lane) {
                Some((column, at)) if *column == nr => *at,
                _ => left,
            };
            if let Some(place) = x.get_mut(*node as usize) {
                *place = at;
            }
            let right = at + lengths.get(*node as usize).copied().unwrap_or(0.0);
            if let Some(free) = free.get_mut(lane) {
                *free = (nr, right + GAP);
            }
            end = end.max(right);
        }
        left = end + APART;
    }
    let layout = GraphLayout {
        x,
        lengths,
        stretches: Vec::new(),
        length: end,
    };
    Layers { layout, columns }
}

/// How many steps each node is from one without a cause; where causes run in a circle, from one of it.
fn depths(graph: &CauseGraph) -> Vec<usize> {
    let mut depths: Vec<Option<usize>> = vec![None; graph.nodes.len()];
    let known = |depths: &[Option<usize>], node: u32| depths.get(node as usize).copied().flatten();
    let n_nodes = u32::try_from(graph.nodes.len()).unwrap_or(u32::MAX);
    let mut way = Vec::new();
    for from in 0..n_nodes {
        let mut at = Some(from);
        way.clear();
        while let Some(node) = at.filter(|node| known(&depths, *node).is_none()) {
            // Set for the time being, so that a circle ends where it began.
            if let Some(depth) = depths.get_mut(node as usize) {
                *depth = Some(0);
            }
            way.push(node);
            at = graph.cause(node);
        }
        let first = at.map_or(0, |node| known(&depths, node).unwrap_or(0) + 1);
        for (deep, node) in (first..).zip(way.iter().rev()) {
            if let Some(depth) = depths.get_mut(*node as usize) {
                *depth = Some(deep);
            }
        }
    }
    depths.into_iter().map(Option::unwrap_or_default).collect()
}
