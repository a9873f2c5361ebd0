//! Reading the events of one undertaking from the file, and what they name as their causes.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::build::Elsewhere;
use super::{CauseGraph, GraphEvent};
use crate::event::{CausationNames, EventDetail, Position};
use crate::history::causes::{NoCauses, name_of};
use crate::history::chain::Causes;

/// A graph has at most so many events.
pub const MAX_GRAPH_EVENTS: usize = 20_000;
/// So many candidates may be read for one graph: its events, and what they name outside of it.
const MAX_READ: usize = 3 * MAX_GRAPH_EVENTS;

impl Causes<'_> {
    /// The graph of the undertaking to which the event at `position` belongs; where it names none, of
    /// all events that are tied to it by their causes. Of more than [`MAX_GRAPH_EVENTS`] those around
    /// the event are kept.
    pub fn graph(mut self, position: Position) -> Result<CauseGraph, NoCauses> {
        self.allow(MAX_READ);
        let Some(detail) = self.detail(position)? else {
            return Ok(self.graph_of(&[(position, EventDetail::default())], &Elsewhere::new()));
        };
        let correlation = detail.correlation.clone();
        let (mut events, is_cut) = match &correlation {
            Some(correlation) => self.around(position, correlation)?,
            None => self.tied_to(position, detail)?,
        };
        events.sort_by_key(|(at, _)| *at);
        let elsewhere = self.elsewhere(&events)?;
        let mut graph = self.graph_of(&events, &elsewhere);
        graph.correlation = correlation;
        graph.is_cut = is_cut || self.is_cut();
        Ok(graph)
    }

    fn graph_of(&self, events: &[(Position, EventDetail)], elsewhere: &Elsewhere) -> CauseGraph {
        let (log, names) = (self.log(), self.names());
        let events: Vec<GraphEvent> = events
            .iter()
            .map(|(position, detail)| GraphEvent {
                position: *position,
                stream: log.stream(*position),
                time: log.time(*position),
                name: name_of(detail, names).map(str::to_owned),
                cause: detail.causation.clone(),
            })
            .collect();
        CauseGraph::with(&events, names, elsewhere)
    }

    /// The events of an undertaking, those around one of them where there are too many.
    fn around(
        &mut self,
        position: Position,
        correlation: &str,
    ) -> Result<(Vec<(Position, EventDetail)>, bool), NoCauses> {
        let mut candidates = self.candidates_of(correlation);
        let is_cut = candidates.len() > MAX_GRAPH_EVENTS;
        if is_cut {
            let here = candidates.partition_point(|at| *at < position);
            let last_start = candidates.len() - MAX_GRAPH_EVENTS;
            let from = here.saturating_sub(MAX_GRAPH_EVENTS / 2).min(last_start);
            candidates.drain(..from);
            candidates.truncate(MAX_GRAPH_EVENTS);
        }
        let is_it = |detail: &EventDetail| detail.correlation.as_deref() == Some(correlation);
        Ok((self.those(&candidates, is_it)?, is_cut))
    }

    /// All events that can be reached from one over causes and effects.
    fn tied_to(
        &mut self,
        position: Position,
        detail: EventDetail,
    ) -> Result<(Vec<(Position, EventDetail)>, bool), NoCauses> {
        let mut found = BTreeMap::from([(position, detail.clone())]);
        let mut asked: HashSet<String> = HashSet::new();
        let mut waiting = vec![detail];
        while let Some(detail) = waiting.pop() {
            let own = name_of(&detail, self.names()).map(str::to_owned);
            let names = [
                own.filter(|_| self.names() != CausationNames::Command),
                detail.causation,
            ];
            for name in names.into_iter().flatten() {
                if !asked.insert(name.clone()) {
                    continue;
                }
                for (at, detail) in self.naming_or_named(&name)? {
                    if found.len() >= MAX_GRAPH_EVENTS {
                        return Ok((found.into_iter().collect(), true));
                    }
                    if found.insert(at, detail.clone()).is_none() {
                        waiting.push(detail);
                    }
                }
            }
        }
        Ok((found.into_iter().collect(), false))
    }

    /// What the events name as causes and none of them carries, where another event does.
    fn elsewhere(&mut self, events: &[(Position, EventDetail)]) -> Result<Elsewhere, NoCauses> {
        let names = self.names();
        let mut found = Elsewhere::new();
        if names == CausationNames::Command {
            return Ok(found);
        }
        let own: HashSet<&str> = events
            .iter()
            .filter_map(|(_, detail)| name_of(detail, names))
            .collect();
        let causes = events
            .iter()
            .filter_map(|(_, detail)| detail.causation.as_deref());
        let wanted: BTreeSet<&str> = causes.filter(|cause| !own.contains(cause)).collect();
        let mut candidates: Vec<Position> = wanted
            .iter()
            .flat_map(|name| self.candidates_named(name))
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        let is_it =
            |detail: &EventDetail| name_of(detail, names).is_some_and(|name| wanted.contains(name));
        for (position, detail) in self.those(&candidates, is_it)? {
            let log = self.log();
            let place = (position, log.stream(position), log.time(position));
            if let Some(name) = name_of(&detail, names) {
                found.entry(name.to_owned()).or_insert(place);
            }
        }
        Ok(found)
    }
}
