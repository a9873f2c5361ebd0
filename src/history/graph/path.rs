//! Chains in a graph: what led to an event, which chain took longest, and where its time went.

use super::{CauseGraph, EdgeMark};
use crate::event::Timestamp;

/// A chain that ends at a node, as far as it is known while nodes are walked over.
#[derive(Clone, Copy, Debug, Default)]
struct Chain {
    /// The first time on it.
    start: Option<Timestamp>,
    /// From there to the last time on it, in nanoseconds.
    lasts: i64,
    /// How many steps it has.
    steps: u32,
}

impl CauseGraph {
    /// From the first known cause of a node to the node itself; in a circle no node stands twice.
    pub fn path_to(&self, node: u32) -> Vec<u32> {
        let mut is_seen = vec![false; self.nodes.len()];
        let mut path = Vec::new();
        let mut at = Some(node);
        while let Some(node) = at
            && let Some(seen @ false) = is_seen.get_mut(node as usize)
        {
            *seen = true;
            path.push(node);
            at = self.cause(node);
        }
        path.reverse();
        path
    }

    /// For each node its place where causes are read before their effects, and all that follows from
    /// one effect before the next: the order in which a tree is read out. Nodes of a circle that
    /// nothing leads into stand last, by their number.
    pub fn reading_order(&self) -> Vec<u32> {
        let n_nodes = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let mut places = vec![u32::MAX; self.nodes.len()];
        let mut next = 0;
        let roots = (0..n_nodes).filter(|node| self.cause(*node).is_none());
        let mut waiting: Vec<u32> = Vec::new();
        // What is no event comes where its first effect does.
        let mut roots: Vec<u32> = roots.collect();
        roots.sort_by_key(|root| {
            let first = self.effects(*root).first().copied();
            (first.map_or(*root, |effect| effect.min(*root)), *root)
        });
        for root in roots.into_iter().chain(0..n_nodes) {
            waiting.push(root);
            while let Some(node) = waiting.pop() {
                let Some(place @ &mut u32::MAX) = places.get_mut(node as usize) else {
                    continue;
                };
                *place = next;
                next += 1;
                waiting.extend(self.effects(node).iter().rev());
            }
        }
        places
    }

    /// The chain of sound steps between events of the undertaking that took the longest time; of
    /// chains that took as long the one of more steps, and of those the one that ends first.
    pub(super) fn longest_chain(&self) -> Vec<u32> {
        let mut chains: Vec<Chain> = Vec::with_capacity(self.n_members);
        let mut best: Option<(i64, u32, u32)> = None;
        for (nr, node) in (0_u32..).zip(self.nodes.iter().take(self.n_members)) {
            let before = self.sound_cause(nr).and_then(|at| chains.get(at as usize));
            let mut chain = before.map_or_else(Chain::default, |before| Chain {
                steps: before.steps + 1,
                ..*before
            });
            if let Some(time) = node.time {
                let start = *chain.start.get_or_insert(time);
                // A step of unknown time may hide a clock that went back.
                chain.lasts = time.0.saturating_sub(start.0).max(0);
            }
            if best.is_none_or(|(lasts, steps, _)| (chain.lasts, chain.steps) > (lasts, steps)) {
                best = Some((chain.lasts, chain.steps, nr));
            }
            chains.push(chain);
        }
        let mut path = Vec::new();
        let mut at = best.map(|(_, _, node)| node);
        while let Some(node) = at {
            path.push(node);
            at = self.sound_cause(node);
        }
        path.reverse();
        path
    }

    /// The cause of a node where it is an event of the undertaking and the step is sound.
    fn sound_cause(&self, node: u32) -> Option<u32> {
        let edge = self.edge_into(node)?;
        let is_member = (edge.cause as usize) < self.n_members;
        (edge.mark == EdgeMark::Sound && is_member).then_some(edge.cause)
    }

    /// How long was waited for each event of the longest chain, in its order: nanoseconds since the
    /// last time that was known before it. They add up to [`critical_lasts`](Self::critical_lasts).
    pub fn waits(&self) -> Vec<(u32, i64)> {
        let mut before: Option<Timestamp> = None;
        let mut waits = Vec::new();
        for node in &self.critical {
            let Some(time) = self.node(*node).and_then(|node| node.time) else {
                continue;
            };
            if let Some(before) = before {
                waits.push((*node, time.0.saturating_sub(before.0)));
            }
            before = Some(time);
        }
        waits
    }

    /// How long the longest chain took, in nanoseconds; `None` where its times are not known.
    pub fn critical_lasts(&self) -> Option<i64> {
        let mut times = self
            .critical
            .iter()
            .filter_map(|node| self.node(*node)?.time);
        let first = times.next()?;
        match times.next_back() {
            Some(last) => Some(last.0.saturating_sub(first.0)),
            None => (self.critical.len() == 1).then_some(0),
        }
    }
}
