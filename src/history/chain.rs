//! What led to an event and what followed from it, each step read from the file and compared.

use std::collections::{BTreeMap, BTreeSet};

use super::causes::{CauseIndex, NoCauses, name_of};
use super::event_log::EventLog;
use super::history::History;
use crate::event::{CausationNames, EventDetail, Place, Position, StreamId, Want};

/// How far back causes are followed.
const MAX_CAUSES: usize = 64;
/// How far on effects are followed.
const MAX_EFFECTS: usize = 64;
/// How many candidates are read for one question.
const MAX_READ: usize = 20_000;
/// How many events of a stream are looked at for what it is related to.
const MAX_OWN: usize = 4_000;
/// How many related streams are named.
const MAX_RELATED: usize = 100;

/// One step of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// An event.
    Event(Position),
    /// A command that left no event of its own: it is only named as a cause.
    Command(String),
    /// An event that the history does not hold.
    Missing(String),
}

/// A step with how many effects it has beside the one that follows in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainStep {
    /// What it is.
    pub link: Link,
    /// How many other events it caused.
    pub others: usize,
}

/// From the first known cause of an event over the event itself to the last effect; of several
/// effects the first is followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// From cause to effect.
    pub steps: Vec<ChainStep>,
    /// Which of them is the event that was asked about.
    pub at: usize,
    /// The undertaking to which it belongs.
    pub correlation: Option<String>,
    /// Whether there are more causes than were followed.
    pub is_cut_before: bool,
    /// Whether there are more effects than were followed.
    pub is_cut_after: bool,
}

impl Chain {
    /// The event that directly brought the one asked about about.
    pub fn cause(&self) -> Option<Position> {
        self.event_at(self.at.checked_sub(1)?)
    }

    /// The first event that it brought about.
    pub fn first_effect(&self) -> Option<Position> {
        self.event_at(self.at + 1)
    }

    fn event_at(&self, index: usize) -> Option<Position> {
        match self.steps.get(index)?.link {
            Link::Event(position) => Some(position),
            Link::Command(_) | Link::Missing(_) => None,
        }
    }
}

/// The events of an undertaking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undertaking {
    /// Their positions, rising.
    pub events: Vec<Position>,
    /// Whether there are more than were read.
    pub is_cut: bool,
}

/// A stream that belongs to the same undertakings as another, or whose events are its causes or
/// effects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedStream {
    /// Which stream.
    pub stream: StreamId,
    /// Those of its events that are related, rising.
    pub events: Vec<u32>,
}

/// Reads what an index finds and compares it.
pub struct Causes<'a> {
    history: &'a History,
    index: &'a CauseIndex,
    cancel: &'a dyn Fn() -> bool,
    /// How many candidates may still be read.
    budget: usize,
    is_cut: bool,
}

impl<'a> Causes<'a> {
    /// Answers one question, reading at most 20,000 events.
    pub fn new(history: &'a History, index: &'a CauseIndex, cancel: &'a dyn Fn() -> bool) -> Self {
        Self {
            history,
            index,
            cancel,
            budget: MAX_READ,
            is_cut: false,
        }
    }

    /// What led to the event at `position` and what followed.
    pub fn chain(mut self, position: Position) -> Result<Chain, NoCauses> {
        let Some(detail) = self.detail(position)? else {
            return Ok(Chain {
                steps: vec![ChainStep {
                    link: Link::Event(position),
                    others: 0,
                }],
                ..Chain::default()
            });
        };
        let mut seen = BTreeSet::from([position]);
        let (causes, is_cut_before) = self.causes_of(&detail, &mut seen)?;
        let at = causes.len();
        let mut steps: Vec<ChainStep> = causes.into_iter().rev().collect();
        let (effects, is_cut_after) = self.effects_of((position, detail.clone()), &mut seen)?;
        steps.extend(effects);
        Ok(Chain {
            steps,
            at,
            correlation: detail.correlation,
            is_cut_before,
            is_cut_after,
        })
    }

    /// From the event's cause back to the first that is known, and whether more were left.
    fn causes_of(
        &mut self,
        detail: &EventDetail,
        seen: &mut BTreeSet<Position>,
    ) -> Result<(Vec<ChainStep>, bool), NoCauses> {
        let mut causes = Vec::new();
        let mut next = detail.causation.clone();
        while let Some(id) = next.take() {
            if causes.len() >= MAX_CAUSES {
                return Ok((causes, true));
            }
            let others = self.effects(&id)?.len().saturating_sub(1);
            match self.event_named(&id, seen)? {
                Some((position, detail)) => {
                    seen.insert(position);
                    next = detail.causation.clone();
                    causes.push(ChainStep {
                        link: Link::Event(position),
                        others,
                    });
                }
                // An event may name itself as its cause: then nothing is known to have led to it.
                None if self.is_seen(&id, seen)? => break,
                None => {
                    let link = match self.index.names() {
                        CausationNames::Position => Link::Missing(id),
                        CausationNames::EventOrCommand | CausationNames::Command => {
                            Link::Command(id)
                        }
                    };
                    causes.push(ChainStep { link, others });
                }
            }
        }
        Ok((causes, false))
    }

    /// The event itself and from effect to effect, and whether more were left.
    fn effects_of(
        &mut self,
        event: (Position, EventDetail),
        seen: &mut BTreeSet<Position>,
    ) -> Result<(Vec<ChainStep>, bool), NoCauses> {
        let mut steps = Vec::new();
        let mut next = Some(event);
        while let Some((position, detail)) = next.take() {
            seen.insert(position);
            let effects = match name_of(&detail, self.index.names()) {
                Some(id) if self.index.names() != CausationNames::Command => self.effects(id)?,
                _ => Vec::new(),
            };
            let mut onward = effects.into_iter().filter(|(at, _)| !seen.contains(at));
            let first = onward.next();
            steps.push(ChainStep {
                link: Link::Event(position),
                others: onward.count(),
            });
            if steps.len() > MAX_EFFECTS {
                return Ok((steps, first.is_some()));
            }
            next = first;
        }
        Ok((steps, false))
    }

    /// The events of an undertaking.
    pub fn undertaking(mut self, correlation: &str) -> Result<Undertaking, NoCauses> {
        let found: Vec<Position> = self.index.of_correlation(correlation).collect();
        let events = self.those(&found, |detail| {
            detail.correlation.as_deref() == Some(correlation)
        })?;
        Ok(Undertaking {
            events: events.into_iter().map(|(position, _)| position).collect(),
            is_cut: self.is_cut,
        })
    }

    /// The streams that share an undertaking with this one, or that it caused or was caused by; those
    /// first whose first related event stands first.
    pub fn related(mut self, stream: StreamId) -> Result<Vec<RelatedStream>, NoCauses> {
        let log = &self.history.log;
        let own = log.events_of(stream);
        let own: Vec<Position> = own.iter().take(MAX_OWN).map(|at| Position(*at)).collect();
        let mut undertakings = BTreeSet::new();
        let (mut names, mut causes) = (BTreeSet::new(), BTreeSet::new());
        let kept_names = self.index.names();
        for (_, detail) in self.those(&own, |_| true)? {
            names.extend(name_of(&detail, kept_names).map(str::to_owned));
            undertakings.extend(detail.correlation);
            causes.extend(detail.causation);
        }
        let mut found: BTreeMap<StreamId, BTreeSet<u32>> = BTreeMap::new();
        let mut keep = |events: Vec<(Position, EventDetail)>| {
            for (position, _) in events {
                let of = log.stream(position);
                if of != stream {
                    found.entry(of).or_default().insert(position.0);
                }
            }
        };
        for correlation in &undertakings {
            let candidates: Vec<_> = self.index.of_correlation(correlation).collect();
            keep(self.those(&candidates, |detail| {
                detail.correlation.as_ref() == Some(correlation)
            })?);
        }
        if kept_names != CausationNames::Command {
            for name in &names {
                keep(self.effects(name)?);
            }
            for cause in &causes {
                let candidates: Vec<_> = self.index.with_id(cause).collect();
                keep(self.those(&candidates, |detail| {
                    name_of(detail, kept_names) == Some(cause.as_str())
                })?);
            }
        }
        let mut related: Vec<RelatedStream> = found
            .into_iter()
            .map(|(stream, events)| RelatedStream {
                stream,
                events: events.into_iter().collect(),
            })
            .collect();
        related.sort_by_key(|one| one.events.first().copied());
        related.truncate(MAX_RELATED);
        Ok(related)
    }

    /// The event that carries an id: the last of them that is not after those seen, else the first.
    fn event_named(
        &mut self,
        id: &str,
        seen: &BTreeSet<Position>,
    ) -> Result<Option<(Position, EventDetail)>, NoCauses> {
        let names = self.index.names();
        if names == CausationNames::Command {
            return Ok(None);
        }
        let candidates: Vec<_> = self
            .index
            .with_id(id)
            .filter(|at| !seen.contains(at))
            .collect();
        let mut found = self.those(&candidates, |detail| name_of(detail, names) == Some(id))?;
        let earliest = seen.first().copied().unwrap_or_default();
        let before = found.iter().rposition(|(at, _)| *at < earliest);
        Ok((!found.is_empty()).then(|| found.swap_remove(before.unwrap_or(0))))
    }

    /// Whether an id is that of an event that was seen already.
    fn is_seen(&mut self, id: &str, seen: &BTreeSet<Position>) -> Result<bool, NoCauses> {
        let names = self.index.names();
        let candidates: Vec<_> = self
            .index
            .with_id(id)
            .filter(|at| seen.contains(at))
            .collect();
        let found = self.those(&candidates, |detail| name_of(detail, names) == Some(id))?;
        Ok(!found.is_empty())
    }

    /// The events that name this as their cause.
    fn effects(&mut self, id: &str) -> Result<Vec<(Position, EventDetail)>, NoCauses> {
        let candidates: Vec<_> = self.index.caused_by(id).collect();
        self.those(&candidates, |detail| {
            detail.causation.as_deref() == Some(id)
        })
    }

    /// Lets so many candidates be read, in place of the usual number.
    pub(super) fn allow(&mut self, n_read: usize) {
        self.budget = n_read;
    }

    /// Whether candidates were left out because too many had been read.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    pub(super) fn log(&self) -> &'a EventLog {
        &self.history.log
    }

    pub(super) fn names(&self) -> CausationNames {
        self.index.names()
    }

    /// The events that may belong to an undertaking, rising.
    pub(super) fn candidates_of(&self, correlation: &str) -> Vec<Position> {
        self.index.of_correlation(correlation).collect()
    }

    /// The events that may carry a name, rising.
    pub(super) fn candidates_named(&self, name: &str) -> Vec<Position> {
        self.index.with_id(name).collect()
    }

    /// The events that carry a name, and those that name it as their cause.
    pub(super) fn naming_or_named(
        &mut self,
        name: &str,
    ) -> Result<Vec<(Position, EventDetail)>, NoCauses> {
        let mut found = self.effects(name)?;
        let names = self.index.names();
        if names != CausationNames::Command {
            let candidates = self.candidates_named(name);
            found.extend(self.those(&candidates, |detail| name_of(detail, names) == Some(name))?);
        }
        Ok(found)
    }

    pub(super) fn detail(&mut self, position: Position) -> Result<Option<EventDetail>, NoCauses> {
        Ok(self.those(&[position], |_| true)?.pop().map(|(_, one)| one))
    }

    /// Those of the candidates that are what they seem to be, in their order.
    pub(super) fn those(
        &mut self,
        candidates: &[Position],
        is_it: impl Fn(&EventDetail) -> bool,
    ) -> Result<Vec<(Position, EventDetail)>, NoCauses> {
        if (self.cancel)() {
            return Err(NoCauses::Cancelled);
        }
        self.is_cut |= candidates.len() > self.budget;
        let candidates = &candidates[..candidates.len().min(self.budget)];
        self.budget -= candidates.len();
        let log = &self.history.log;
        let places: Vec<Place> = candidates.iter().map(|at| log.place(*at)).collect();
        let mut found = Vec::new();
        let mut is_stopped = false;
        let reader = &self.history.reader;
        reader.read(&places, Want::Presented, &mut |nr, detail| {
            if let (Ok(detail), Some(position)) = (detail, candidates.get(nr))
                && is_it(&detail)
            {
                // Only the ids are of use further on.
                let ids = EventDetail {
                    id: detail.id,
                    store_position: detail.store_position,
                    correlation: detail.correlation,
                    causation: detail.causation,
                    ..EventDetail::default()
                };
                found.push((*position, ids));
            }
            is_stopped = nr % 256 == 255 && (self.cancel)();
            !is_stopped
        });
        if is_stopped {
            return Err(NoCauses::Cancelled);
        }
        Ok(found)
    }
}
