//! What time travel asks beside the state: fields over a stream, causes, undertakings, related streams.

use std::sync::Arc;

use crate::event::json::JsonPath;
use crate::event::{Position, StreamId};
use crate::fold::FieldLane;
use crate::history::{CauseIndex, Chain, IdFound, IdIndex, MIN_ID, RelatedStream, Undertaking};

use super::answer::Answer;
use super::answers::EventKey;
use super::graph::{GraphAnswer, GraphKey};
use super::look::StepKind;
use super::travel::FieldLanes;
use super::workbench::Workbench;

/// Up to so many events are read for their causes without being asked: about ten seconds of one core.
const CAUSES_AT_ONCE: usize = 2_000_000;

/// Which fields are followed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LanesOf {
    /// These.
    Paths(Vec<JsonPath>),
    /// Those that the last three events up to this rank changed.
    ChangedBy(u32),
    /// Those that the stream's events change most.
    Changing,
}

/// Which lanes are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LanesKey {
    /// Of which history and branch: [`Workbench::states`].
    pub generation: u64,
    /// Of which stream.
    pub stream: StreamId,
    /// Of which fields.
    pub of: LanesOf,
}

/// Fields over a stream, or the sentence that says why not.
pub type LanesAnswer = Result<Vec<FieldLane>, String>;

/// Of which undertaking the events are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UndertakingKey {
    /// Of which history.
    pub generation: u64,
    /// Its correlation id.
    pub correlation: String,
}

/// The event of which id is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdKey {
    /// Of which history.
    pub generation: u64,
    /// The id, or its beginning.
    pub text: String,
}

/// To which stream related ones are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RelatedKey {
    /// Of which history.
    pub generation: u64,
    /// Which stream.
    pub stream: StreamId,
}

/// The answers of time travel so far, each with its question.
#[derive(Debug, Default)]
pub struct TravelAnswers {
    /// The fields that run under the stream.
    pub lanes: Answer<LanesKey, LanesAnswer>,
    /// The chosen field over its stream, to step by its changes.
    pub steps: Answer<LanesKey, LanesAnswer>,
    /// Finds events by their ids, by generation.
    pub index: Answer<u64, Result<Arc<CauseIndex>, String>>,
    /// Finds events by their own ids, of the history of this generation.
    pub id_index: Option<(u64, Arc<IdIndex>)>,
    /// The event whose id was asked for last.
    pub id: Answer<IdKey, Result<IdFound, String>>,
    /// What led to the event at the playhead, and what followed.
    pub chain: Answer<EventKey, Result<Chain, String>>,
    /// The events of its undertaking.
    pub undertaking: Answer<UndertakingKey, Result<Undertaking, String>>,
    /// The streams related to the one whose timeline is shown.
    pub related: Answer<RelatedKey, Result<Vec<RelatedStream>, String>>,
    /// The undertaking shown as a graph.
    pub graph: Answer<GraphKey, GraphAnswer>,
}

impl Workbench {
    /// The key of the lanes shown; `None` where none are.
    pub fn lanes_key(&self) -> Option<LanesKey> {
        let stream = self.travelled()?;
        let of = match self.look().field_lanes {
            FieldLanes::Off => return None,
            FieldLanes::Pinned => {
                let pinned = self.pinned_here();
                if pinned.is_empty() {
                    LanesOf::Changing
                } else {
                    LanesOf::Paths(pinned.to_vec())
                }
            }
            FieldLanes::Changed => LanesOf::ChangedBy(self.state_key()?.rank),
        };
        Some(LanesKey {
            generation: self.states,
            stream,
            of,
        })
    }

    /// The key of the chosen field's changes, where they are stepped by.
    pub fn steps_key(&self) -> Option<LanesKey> {
        if self.look().step != StepKind::Field {
            return None;
        }
        Some(LanesKey {
            generation: self.states,
            stream: self.stream_shown()?,
            of: LanesOf::Paths(vec![self.look().selection.field.clone()?]),
        })
    }

    /// The key of an id; `None` where the text is none that can be looked for, or the history is not read
    /// to its end.
    pub fn id_key(&self, text: &str) -> Option<IdKey> {
        let is_whole = self
            .history
            .as_ref()
            .is_some_and(|history| history.is_complete);
        let is_id = text.chars().count() >= MIN_ID
            && !text.contains(char::is_whitespace)
            && !text.starts_with(['#', '@', '>', '?', ':', '+']);
        (is_whole && is_id).then(|| IdKey {
            generation: self.generation,
            text: text.to_owned(),
        })
    }

    /// Whether causes are looked for without being asked again: the history is whole, and not so
    /// large that reading all its events is better asked for.
    pub fn finds_causes(&self) -> bool {
        self.history.as_ref().is_some_and(|history| {
            let is_small = history.log.len() <= CAUSES_AT_ONCE;
            history.is_complete && (is_small || self.wants_causes == Some(self.generation))
        })
    }

    /// Whether anything is shown that needs to know causes.
    pub fn shows_causes(&self) -> bool {
        self.look().causes.is_some() || self.travelled().is_some() || self.shows_graph()
    }

    /// The index of causes, where it is known.
    pub fn cause_index(&self) -> Option<&Arc<CauseIndex>> {
        let index = &self.answers.travel.index;
        index.for_key(&self.generation).fresh()?.as_ref().ok()
    }

    /// The chain of the event at the playhead, where it is known.
    pub fn chain_here(&self) -> Option<&Chain> {
        let chain = &self.answers.travel.chain;
        chain.for_key(&self.event_key()?).fresh()?.as_ref().ok()
    }

    /// The key of the undertaking to which the event at the playhead belongs, as far as is known; that
    /// of the last event known while a chain is looked for.
    pub fn undertaking_key(&self) -> Option<UndertakingKey> {
        let chain = self.answers.travel.chain.latest()?.as_ref().ok()?;
        Some(UndertakingKey {
            generation: self.generation,
            correlation: chain.correlation.clone()?,
        })
    }

    /// The key of the streams related to the one whose timeline is shown.
    pub fn related_key(&self) -> Option<RelatedKey> {
        Some(RelatedKey {
            generation: self.generation,
            stream: self.travelled()?,
        })
    }

    /// The streams related to the one whose timeline is shown, as far as is known.
    pub fn related_here(&self) -> &[RelatedStream] {
        let found = self.related_key().and_then(|key| {
            let related = self.answers.travel.related.for_key(&key);
            related.fresh()?.as_ref().ok()
        });
        found.map_or(&[], Vec::as_slice)
    }

    /// The event of the stream before (or after) `at` after which the chosen field was
    /// another one; `None` where there is none or nothing is known yet.
    pub(super) fn after_field_step(&self, at: Position, by: i64) -> Option<Position> {
        let key = self.steps_key()?;
        let lanes = self.answers.travel.steps.for_key(&key).fresh()?;
        let steps = &lanes.as_ref().ok()?.first()?.steps;
        if by > 0 {
            steps.iter().map(|step| step.position).find(|to| *to > at)
        } else {
            let mut back = steps.iter().rev().map(|step| step.position);
            back.find(|to| *to < at)
        }
    }
}
