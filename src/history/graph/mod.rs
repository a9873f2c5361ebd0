//! One undertaking as a graph: its events, who caused whom, and how long each step took.
//!
//! Reading order: this file (what a graph is), `build` (made from events, pure), `path` (chains in it
//! and where the time went), `gather` (reading the events of one undertaking), `layout` (where its
//! nodes stand along time), `undertakings` (the list of all of them).

mod build;
mod gather;
mod layout;
mod path;
mod undertakings;

pub use build::GraphEvent;
pub use gather::MAX_GRAPH_EVENTS;
pub use layout::{GraphLayout, GraphSpacing, Stretch};
pub use undertakings::{UndertakingLine, Undertakings};

use super::chain::Link;
use crate::event::{Position, StreamId, Timestamp};

/// An event of the undertaking, or what is only named as a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphNode {
    /// What it is; an event of the file that belongs to another undertaking is an event too.
    pub link: Link,
    /// Whether it is an event of the undertaking itself.
    pub is_member: bool,
    /// When it was recorded; `None` where that is not known, as for every command.
    pub time: Option<Timestamp>,
    /// Its stream, for an event.
    pub stream: Option<StreamId>,
    /// In which of [`CauseGraph::lanes`] it stands.
    pub lane: u32,
}

/// What is to be said of a step from a cause to its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeMark {
    /// The cause stands before the effect, and no clock contradicts.
    Sound,
    /// The cause stands before the effect, but its time is later.
    ClockGoesBack,
    /// The effect stands before its cause.
    EffectFirst,
    /// Causes run in a circle through it.
    Circle,
}

/// A step from a cause to one of its effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraphEdge {
    /// The node that is the cause.
    pub cause: u32,
    /// The node that is the effect.
    pub effect: u32,
    /// The time from one to the other in nanoseconds, below 0 where clocks go back; `None` where one
    /// of the two has no time.
    pub latency: Option<i64>,
    /// What is to be said of it.
    pub mark: EdgeMark,
}

/// A row of the graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphLane {
    /// Its stream; `None` for the lane of what is only named as a cause.
    pub stream: Option<StreamId>,
    /// Its nodes in the order in which they stand.
    pub nodes: Vec<u32>,
}

/// Who caused whom among some events. Every event has at most one cause, as stores write it.
///
/// Nodes are known by their place in [`nodes`](Self::nodes): first the events of the undertaking by
/// rising position, each once, then what is only named as a cause.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CauseGraph {
    /// The undertaking; `None` where the events belong together by their causes alone.
    pub correlation: Option<String>,
    /// All nodes.
    pub nodes: Vec<GraphNode>,
    /// How many of them are events of the undertaking.
    pub n_members: usize,
    /// All steps, by rising effect.
    pub edges: Vec<GraphEdge>,
    /// The rows: first that of what is only named as a cause, where there is any, then the streams
    /// of the longest chain, then the others, each by its first event.
    pub lanes: Vec<GraphLane>,
    /// The chain that took the longest time, from cause to effect; where no event has a time, the one
    /// of the most steps.
    pub critical: Vec<u32>,
    /// Whether the undertaking has more events than are kept.
    pub is_cut: bool,
    /// For each node which edge leads to it; `u32::MAX` where none does.
    into: Vec<u32>,
    /// The effects of all nodes, one after the other.
    effects: Vec<u32>,
    /// Where those of each node begin; one more than there are nodes.
    first_effect: Vec<u32>,
}

impl CauseGraph {
    /// A node by its place.
    pub fn node(&self, node: u32) -> Option<&GraphNode> {
        self.nodes.get(node as usize)
    }

    /// The node of an event of the undertaking.
    pub fn node_of(&self, position: Position) -> Option<u32> {
        let at = self.n_until(position).checked_sub(1)?;
        let is_it = self.nodes.get(at)?.link == Link::Event(position);
        is_it.then(|| u32::try_from(at).ok()).flatten()
    }

    /// How many events of the undertaking stand at or before a position.
    pub fn n_until(&self, position: Position) -> usize {
        let members = self.nodes.get(..self.n_members).unwrap_or_default();
        members.partition_point(|node| node.position().is_some_and(|at| at <= position))
    }

    /// The step that leads to a node.
    pub fn edge_into(&self, node: u32) -> Option<&GraphEdge> {
        self.edges.get(*self.into.get(node as usize)? as usize)
    }

    /// What caused a node.
    pub fn cause(&self, node: u32) -> Option<u32> {
        self.edge_into(node).map(|edge| edge.cause)
    }

    /// What a node caused, by rising position.
    pub fn effects(&self, node: u32) -> &[u32] {
        let at = node as usize;
        let range = self.first_effect.get(at).zip(self.first_effect.get(at + 1));
        let range = range.map(|(from, to)| *from as usize..*to as usize);
        range
            .and_then(|range| self.effects.get(range))
            .unwrap_or_default()
    }

    /// What is only named as a cause: commands, events that the file does not hold, and events of
    /// other undertakings.
    pub fn outside(&self) -> impl Iterator<Item = u32> + '_ {
        let n_nodes = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        u32::try_from(self.n_members).unwrap_or(u32::MAX)..n_nodes
    }

    /// The steps that are not sound, by rising effect.
    pub fn unsound(&self) -> impl Iterator<Item = &GraphEdge> + '_ {
        let edges = self.edges.iter();
        edges.filter(|edge| edge.mark != EdgeMark::Sound)
    }

    /// The steps whose time is known, longest first. Costs a sort.
    pub fn slowest(&self) -> Vec<GraphEdge> {
        let timed = self.edges.iter().filter(|edge| edge.latency.is_some());
        let mut edges: Vec<GraphEdge> = timed.copied().collect();
        edges.sort_by_key(|edge| (std::cmp::Reverse(edge.latency), edge.effect));
        edges
    }

    /// The first and the last time of the undertaking's events; `None` where none has a time.
    pub fn time_range(&self) -> Option<(Timestamp, Timestamp)> {
        let members = self.nodes.iter().take(self.n_members);
        let times = members.filter_map(|node| node.time);
        times.fold(None, |range, time| match range {
            None => Some((time, time)),
            Some((first, last)) => Some((time.min(first), time.max(last))),
        })
    }

    /// How many streams its events lie in.
    pub fn n_streams(&self) -> usize {
        let lanes = self.lanes.iter();
        lanes.filter(|lane| lane.stream.is_some()).count()
    }
}

impl GraphNode {
    /// Where it stands, for an event.
    pub fn position(&self) -> Option<Position> {
        match self.link {
            Link::Event(position) => Some(position),
            Link::Command(_) | Link::Missing(_) => None,
        }
    }
}
