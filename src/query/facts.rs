//! Tests on one event that must be read for them.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::operand::Operand;
use super::path::{At, Path};
use super::text::{Finder, member};
use crate::event::json::{self, Json};
use crate::event::{EventDetail, Glance, Payload, ReadError, Want};

/// A test on one event as read.
#[derive(Debug)]
pub(super) enum EventTest {
    /// On a value of its data; `None` asks only whether there is one.
    Data(Path, Option<Operand>),
    /// On a value of its metadata.
    Meta(Path, Option<Operand>),
    Corr(Operand),
    Cause(Operand),
    Id(Operand),
    User(Operand),
    /// The size of its data, in ranges or outside of them.
    Size(Vec<(i64, i64)>, bool),
    Text(Finder),
    Unreadable,
    Root,
    Orphan,
}

/// All ids of a history, by a hash of 64 bits.
#[derive(Debug, Default)]
pub(super) struct Ids(Vec<u64>);

impl Ids {
    pub(super) fn push(&mut self, id: &str) {
        self.0.push(hash(id));
    }

    pub(super) fn finish(mut self) -> Self {
        self.0.sort_unstable();
        self.0.dedup();
        self
    }

    fn contains(&self, id: &str) -> bool {
        self.0.binary_search(&hash(id)).is_ok()
    }
}

fn hash(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

impl EventTest {
    /// How much of an event it must see.
    pub(super) fn want(&self) -> Want {
        match self {
            Self::Data(..) | Self::Size(..) => Want::Data,
            Self::Meta(..) | Self::Text(_) => Want::Payloads,
            _ => Want::Presented,
        }
    }

    /// Whether an event of which this is stored may pass, where the test is on nothing else.
    pub(super) fn may_hold(&self, stored: &Glance<'_>) -> bool {
        match (self, stored) {
            (Self::Text(finder), Glance::Texts(texts)) => {
                texts.iter().any(|text| finder.may_be_in(text))
            }
            _ => true,
        }
    }

    /// Whether an event passes. What cannot be read passes only as unreadable.
    pub(super) fn holds(&self, event: &Result<EventDetail, ReadError>, ids: &Ids) -> bool {
        let Ok(event) = event else {
            return matches!(self, Self::Unreadable);
        };
        let text = |operand: &Operand, text: &Option<String>| {
            text.as_deref().is_some_and(|text| operand.holds_text(text))
        };
        match self {
            Self::Data(path, operand) => payload_holds(&event.data, path, operand.as_ref()),
            Self::Meta(path, operand) => payload_holds(&event.metadata, path, operand.as_ref()),
            Self::Corr(operand) => text(operand, &event.correlation),
            Self::Cause(operand) => text(operand, &event.causation),
            Self::Id(operand) => text(operand, &event.id),
            Self::User(operand) => text(operand, &event.user),
            Self::Size(ranges, negated) => {
                let size = i64::try_from(event.data.len()).unwrap_or(i64::MAX);
                let is_in = |(from, to): &(i64, i64)| *from <= size && size <= *to;
                ranges.iter().any(is_in) != *negated
            }
            Self::Text(finder) => {
                finder.is_in_payload(&event.data) || finder.is_in_payload(&event.metadata)
            }
            Self::Unreadable => matches!(event.data, Payload::Text(_) | Payload::Bytes(_)),
            Self::Root => event.causation.is_none(),
            Self::Orphan => event
                .causation
                .as_deref()
                .is_some_and(|cause| !ids.contains(cause)),
        }
    }
}

fn payload_holds(payload: &Payload, path: &Path, operand: Option<&Operand>) -> bool {
    let mut test = |at: At<'_>| operand.is_none_or(|operand| operand.holds(&at));
    match (payload, path.first_name()) {
        // Only the member asked for is made a value of.
        (Payload::Json(text), Some(name)) if text.trim_start().starts_with('{') => {
            member(text, name).is_some_and(|value| path.any_within(1, &value, &mut test))
        }
        (Payload::Json(text), _) => {
            json::parse(text.as_bytes()).is_ok_and(|value| path.any(&value, &mut test))
        }
        (Payload::Text(text), _) => path.any(&Json::Text(text.clone()), &mut test),
        (Payload::Missing | Payload::Bytes(_), _) => false,
    }
}
