//! A graph made from events that are known: no file is read here.

use std::collections::HashMap;

use super::{CauseGraph, EdgeMark, GraphEdge, GraphLane, GraphNode};
use crate::event::{CausationNames, Position, StreamId, Timestamp};
use crate::history::chain::Link;

/// An event with what a graph needs to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphEvent {
    /// Where it stands.
    pub position: Position,
    /// Its stream.
    pub stream: StreamId,
    /// When it was recorded.
    pub time: Option<Timestamp>,
    /// By what others name it as their cause: its id, or the store's own number.
    pub name: Option<String>,
    /// What it names as its cause.
    pub cause: Option<String>,
}

/// What a name means that none of the events carries.
pub(super) type Elsewhere = HashMap<String, (Position, StreamId, Option<Timestamp>)>;

impl CauseGraph {
    /// The graph of some events, which stand by rising position. Takes time and memory in proportion
    /// to their number (with a sort of the steps), and is the same for the same events.
    ///
    /// Where several events carry the same id, the last one before the effect is its cause, else the
    /// first. An event that names itself has no cause. Where causation ids name commands alone, no
    /// event causes another one.
    pub fn of(events: &[GraphEvent], names: CausationNames) -> Self {
        Self::with(events, names, &Elsewhere::new())
    }

    /// The same, with the events of other undertakings that are named as causes.
    pub(super) fn with(
        events: &[GraphEvent],
        names: CausationNames,
        elsewhere: &Elsewhere,
    ) -> Self {
        let mut graph = Self {
            nodes: events.iter().map(member).collect(),
            n_members: events.len(),
            ..Self::default()
        };
        graph.add_edges(events, names, elsewhere);
        graph.index_edges();
        graph.mark_edges();
        graph.critical = graph.longest_chain();
        graph.make_lanes();
        graph
    }

    fn add_edges(&mut self, events: &[GraphEvent], names: CausationNames, elsewhere: &Elsewhere) {
        let mut carriers: HashMap<&str, Vec<u32>> = HashMap::new();
        if names != CausationNames::Command {
            for (node, event) in (0_u32..).zip(events) {
                if let Some(name) = &event.name {
                    carriers.entry(name).or_default().push(node);
                }
            }
        }
        let mut outside: HashMap<&str, u32> = HashMap::new();
        for (effect, event) in (0_u32..).zip(events) {
            let Some(named) = event.cause.as_deref() else {
                continue;
            };
            let known = carriers.get(named).map_or(&[][..], Vec::as_slice);
            let others = || known.iter().copied().filter(|node| *node != effect);
            let before = others().take_while(|node| *node < effect).last();
            let inside = before.or_else(|| others().next());
            let cause = match inside {
                Some(cause) => cause,
                // Only the event itself carries the name: nothing is known to have led to it.
                None if !known.is_empty() => continue,
                None => *outside.entry(named).or_insert_with(|| {
                    self.nodes.push(outsider(named, names, elsewhere));
                    u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX)
                }),
            };
            self.edges.push(GraphEdge {
                cause,
                effect,
                latency: None,
                mark: EdgeMark::Sound,
            });
        }
    }

    /// Makes it quick to go from a node to its cause and to its effects.
    fn index_edges(&mut self) {
        let n_nodes = self.nodes.len();
        self.into = vec![u32::MAX; n_nodes];
        let mut counts = vec![0_u32; n_nodes + 1];
        for (nr, edge) in (0_u32..).zip(&self.edges) {
            if let Some(into) = self.into.get_mut(edge.effect as usize) {
                *into = nr;
            }
            if let Some(count) = counts.get_mut(edge.cause as usize + 1) {
                *count += 1;
            }
        }
        for at in 1..counts.len() {
            counts[at] += counts[at - 1];
        }
        let mut next = counts.clone();
        self.effects = vec![0; self.edges.len()];
        // Edges stand by rising effect, so that the effects of each node do too.
        for edge in &self.edges {
            if let Some(place) = next.get_mut(edge.cause as usize) {
                if let Some(slot) = self.effects.get_mut(*place as usize) {
                    *slot = edge.effect;
                }
                *place += 1;
            }
        }
        self.first_effect = counts;
    }

    fn mark_edges(&mut self) {
        let in_circle = self.in_circles();
        for edge in &mut self.edges {
            let (cause, effect) = (edge.cause as usize, edge.effect as usize);
            let (Some(before), Some(after)) = (self.nodes.get(cause), self.nodes.get(effect))
            else {
                continue;
            };
            let times = before.time.zip(after.time);
            edge.latency = times.map(|(from, to)| to.0.saturating_sub(from.0));
            let is_first = before.position().zip(after.position());
            edge.mark = if in_circle.get(effect) == Some(&true) {
                EdgeMark::Circle
            } else if is_first.is_some_and(|(cause, effect)| effect < cause) {
                EdgeMark::EffectFirst
            } else if edge.latency.is_some_and(|latency| latency < 0) {
                EdgeMark::ClockGoesBack
            } else {
                EdgeMark::Sound
            };
        }
    }

    /// For each node whether its causes lead back to it. Every node is walked over at most twice.
    fn in_circles(&self) -> Vec<bool> {
        let n_nodes = self.nodes.len();
        let mut in_circle = vec![false; n_nodes];
        // By which walk a node was reached first; 0 for none yet.
        let mut reached = vec![0_u32; n_nodes];
        for (walk, start) in (1_u32..).zip(0..u32::try_from(n_nodes).unwrap_or(0)) {
            let mut at = Some(start);
            while let Some(node) = at.filter(|node| reached[*node as usize] == 0) {
                reached[node as usize] = walk;
                at = self.cause(node);
            }
            // The walk ended on a node of its own: that one closes a circle.
            let Some(closing) = at.filter(|node| reached[*node as usize] == walk) else {
                continue;
            };
            let mut at = closing;
            while !in_circle[at as usize] {
                in_circle[at as usize] = true;
                at = self.cause(at).unwrap_or(closing);
            }
        }
        in_circle
    }

    fn make_lanes(&mut self) {
        let mut lanes: Vec<GraphLane> = Vec::new();
        let mut of_stream: HashMap<StreamId, u32> = HashMap::new();
        let mut lane_of = |lanes: &mut Vec<GraphLane>, stream: StreamId| {
            *of_stream.entry(stream).or_insert_with(|| {
                lanes.push(GraphLane {
                    stream: Some(stream),
                    nodes: Vec::new(),
                });
                u32::try_from(lanes.len() - 1).unwrap_or(u32::MAX)
            })
        };
        if self.n_members < self.nodes.len() {
            lanes.push(GraphLane {
                stream: None,
                nodes: Vec::new(),
            });
        }
        let mut first: Vec<u32> = self.critical.clone();
        first.sort_unstable();
        let streams = first.iter().filter_map(|node| self.node(*node)?.stream);
        for stream in streams {
            lane_of(&mut lanes, stream);
        }
        for (nr, node) in (0_u32..).zip(&mut self.nodes) {
            node.lane = match node.stream.filter(|_| node.is_member) {
                Some(stream) => lane_of(&mut lanes, stream),
                None => 0,
            };
            if let Some(lane) = lanes.get_mut(node.lane as usize) {
                lane.nodes.push(nr);
            }
        }
        self.lanes = lanes;
    }
}

fn member(event: &GraphEvent) -> GraphNode {
    GraphNode {
        link: Link::Event(event.position),
        is_member: true,
        time: event.time,
        stream: Some(event.stream),
        lane: 0,
    }
}

/// What stands for a name that no event of the undertaking carries.
fn outsider(named: &str, names: CausationNames, elsewhere: &Elsewhere) -> GraphNode {
    let found = elsewhere.get(named);
    let link = match (found, names) {
        (Some((position, ..)), _) => Link::Event(*position),
        (None, CausationNames::Position) => Link::Missing(named.to_owned()),
        (None, CausationNames::EventOrCommand | CausationNames::Command) => {
            Link::Command(named.to_owned())
        }
    };
    GraphNode {
        link,
        is_member: false,
        time: found.and_then(|(_, _, time)| *time),
        stream: found.map(|(_, stream, _)| *stream),
        lane: 0,
    }
}
