//! Where the nodes of a graph stand from left to right: by position, as far apart as their times are,
//! quiet times folded, and no two of a lane on top of each other.
//!
//! Lengths are in whatever unit the caller measures its cards in.

use super::CauseGraph;

/// A time without events is folded where it is so many times as long as the others are on average …
const QUIET: i64 = 8;
/// … and at least this part of the whole.
const QUIET_PART: i64 = 50;
/// Of this many gaps the longest are looked at.
const MAX_FOLDS: usize = 64;

/// How much room things want.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GraphSpacing {
    /// Between two cards of a lane.
    pub gap: f64,
    /// Between two cards of a lane of which one caused the other: room for the time it took.
    pub label: f64,
    /// From the left edge of a cause to that of its effect in another lane, at least.
    pub step: f64,
    /// Between one event and the next on average, in a stretch where nothing is in the way.
    pub natural: f64,
    /// For a time that is folded.
    pub fold: f64,
    /// The least length of a stretch.
    pub stretch: f64,
}

/// A stretch of time without long quiet in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Where it begins and ends.
    pub x: [f64; 2],
    /// Its first and its last event, as nodes.
    pub nodes: [u32; 2],
    /// How long nothing happened before it, in nanoseconds; `None` before the first.
    pub quiet: Option<i64>,
}

/// Where everything stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GraphLayout {
    /// The left edge of each node. Events of the undertaking never stand left of an earlier one.
    pub x: Vec<f64>,
    /// How long each node is.
    pub lengths: Vec<f64>,
    /// The stretches of time, from left to right; there is one where there is any event.
    pub stretches: Vec<Stretch>,
    /// The length of all of it.
    pub length: f64,
}

/// The state of a walk over the events by rising position.
struct Walk<'a> {
    graph: &'a CauseGraph,
    spacing: GraphSpacing,
    layout: GraphLayout,
    /// Where the last card of each lane ends.
    ends: Vec<f64>,
    is_placed: Vec<bool>,
    /// Where the event before stands.
    at: f64,
    /// The farthest end of any card.
    end: f64,
}

impl GraphLayout {
    /// Lays a graph out; `length` gives how long the card of a node is. Takes time in proportion to
    /// the number of nodes, and gives the same for the same graph.
    pub fn new(
        graph: &CauseGraph,
        spacing: GraphSpacing,
        folds: bool,
        length: &dyn Fn(u32) -> f64,
    ) -> Self {
        let n_nodes = u32::try_from(graph.nodes.len()).unwrap_or(u32::MAX);
        let waits = waits(graph);
        let starts = if folds { quiet(&waits) } else { Vec::new() };
        let mut walk = Walk {
            graph,
            spacing,
            layout: Self {
                x: vec![0.0; graph.nodes.len()],
                lengths: (0..n_nodes).map(length).collect(),
                ..Self::default()
            },
            ends: vec![f64::NEG_INFINITY; graph.lanes.len()],
            is_placed: vec![false; graph.nodes.len()],
            at: 0.0,
            end: 0.0,
        };
        let mut from = 0;
        for to in starts.into_iter().chain([graph.n_members]) {
            if from < to {
                walk.stretch(&waits, from, to);
            }
            from = to;
        }
        walk.layout.length = walk.end;
        walk.layout
    }

    /// Where the moment stands at which so many events of the undertaking have happened: right of
    /// all of them and left of the others, where two do not stand on the same place.
    pub fn now(&self, n_past: usize, n_members: usize) -> f64 {
        let x = |at: usize| self.x.get(at).copied();
        let next = (n_past < n_members).then(|| x(n_past)).flatten();
        let Some(here) = n_past.checked_sub(1) else {
            return next.unwrap_or(0.0) - 12.0;
        };
        let left = x(here).unwrap_or(0.0);
        let right = left + self.lengths.get(here).copied().unwrap_or(0.0) + 8.0;
        next.map_or(right, |next| right.min(next - 6.0).max(left.min(next)))
    }
}

impl Walk<'_> {
    /// Places the events from one to before another.
    fn stretch(&mut self, waits: &[i64], from: usize, to: usize) {
        let is_first = self.layout.stretches.is_empty();
        let start = if is_first {
            0.0
        } else {
            self.end + self.spacing.fold
        };
        self.at = start;
        self.ends.fill(f64::NEG_INFINITY);
        let inner = waits.get(from + 1..to).unwrap_or_default();
        let lasts = inner
            .iter()
            .fold(0_i64, |sum, wait| sum.saturating_add(*wait));
        let natural = self.spacing.natural * inner.len() as f64;
        for at in from..to {
            let wait = waits.get(at).copied().filter(|_| at > from).unwrap_or(0);
            let apart = if lasts > 0 {
                natural * (wait as f64 / lasts as f64)
            } else {
                natural / inner.len().max(1) as f64 * f64::from(u8::from(at > from))
            };
            if let Ok(node) = u32::try_from(at) {
                self.place(node, apart, start);
            }
        }
        self.end = self.end.max(start + self.spacing.stretch);
        let node = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.layout.stretches.push(Stretch {
            x: [start, self.end],
            nodes: [node(from), node(to - 1)],
            quiet: (!is_first).then(|| waits.get(from).copied()).flatten(),
        });
    }

    /// Places an event, and before it what is only named as its cause.
    fn place(&mut self, node: u32, apart: f64, start: f64) {
        let spacing = self.spacing;
        let mut x = self.at + apart;
        if let Some(cause) = self.graph.cause(node) {
            let is_outside = cause as usize >= self.graph.n_members;
            if is_outside && !self.is_placed(cause) {
                let free = self.lane_end(cause) + spacing.gap;
                self.put(cause, free.max(self.at).max(start));
            }
            if self.is_placed(cause) {
                let at = self.layout.x.get(cause as usize).copied().unwrap_or(0.0);
                x = x.max(at + spacing.step);
                if self.lane(cause) == self.lane(node) {
                    let length = self.layout.lengths.get(cause as usize).copied();
                    x = x.max(at + length.unwrap_or(0.0) + spacing.label);
                }
            }
        }
        x = x.max(self.lane_end(node) + spacing.gap).max(start);
        self.put(node, x);
        self.at = x;
    }

    fn put(&mut self, node: u32, x: f64) {
        let at = node as usize;
        let end = x + self.layout.lengths.get(at).copied().unwrap_or(0.0);
        if let (Some(place), Some(is_placed)) =
            (self.layout.x.get_mut(at), self.is_placed.get_mut(at))
        {
            *place = x;
            *is_placed = true;
        }
        let lane = self.lane(node);
        if let Some(lane) = self.ends.get_mut(lane) {
            *lane = end;
        }
        self.end = self.end.max(end);
    }

    fn lane(&self, node: u32) -> usize {
        let lane = self.graph.node(node).map(|node| node.lane as usize);
        lane.unwrap_or(usize::MAX)
    }

    fn lane_end(&self, node: u32) -> f64 {
        let end = self.ends.get(self.lane(node)).copied();
        end.unwrap_or(f64::NEG_INFINITY)
    }

    fn is_placed(&self, node: u32) -> bool {
        self.is_placed.get(node as usize) == Some(&true)
    }
}

/// How long was waited before each event since the latest time before it: 0 for the first, for one
/// without a time, and where clocks go back.
fn waits(graph: &CauseGraph) -> Vec<i64> {
    let mut latest: Option<i64> = None;
    let members = graph.nodes.iter().take(graph.n_members);
    members
        .map(|node| {
            let Some(time) = node.time else { return 0 };
            let wait = latest.map_or(0, |latest| time.0.saturating_sub(latest).max(0));
            latest = Some(latest.map_or(time.0, |latest| latest.max(time.0)));
            wait
        })
        .collect()
}

/// Before which events a quiet time is folded, rising.
fn quiet(waits: &[i64]) -> Vec<usize> {
    let whole = waits
        .iter()
        .fold(0_i64, |sum, wait| sum.saturating_add(*wait));
    let mut longest: Vec<usize> = (1..waits.len()).collect();
    longest.sort_by_key(|at| (std::cmp::Reverse(waits.get(*at).copied()), *at));
    let (mut rest, mut n_rest) = (whole, i64::try_from(longest.len()).unwrap_or(i64::MAX));
    let mut folds = Vec::new();
    for at in longest.into_iter().take(MAX_FOLDS) {
        let wait = waits.get(at).copied().unwrap_or(0);
        rest = rest.saturating_sub(wait);
        n_rest -= 1;
        if n_rest < 1 || wait < whole / QUIET_PART || wait / QUIET <= rest / n_rest {
            break;
        }
        folds.push(at);
    }
    folds.sort_unstable();
    folds
}
