//! A state: what a fold gives after an event of a stream, and why one could not be given.

use std::sync::Arc;

use crate::event::json::Json;
use crate::event::{Position, StreamId, Timestamp, Version};
use crate::history::PointError;

/// How many failures a state names; the others are only counted.
pub(super) const MAX_FAILURES: usize = 8;

/// The state of a stream after one of its events.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The folded value.
    pub value: Json,
    /// Of which stream.
    pub stream: StreamId,
    /// After how many events of the stream, less one: the index of the last event.
    pub rank: u32,
    /// That event's version.
    pub version: Option<Version>,
    /// That event's position.
    pub position: Position,
    /// That event's recorded time.
    pub time: Option<Timestamp>,
    /// How many events the reducer took in, from the stream's first.
    pub events_applied: u32,
    /// How many it did not; with `events_applied` these are all events up to `rank`.
    pub not_applied: u32,
    /// Where an event could not be read or applied, and why; the first 8.
    pub failures: Vec<(Position, String)>,
    /// The event at which the reducer failed so that it could apply no later one of the stream: all
    /// from it on are counted as not applied, and the value is the one before it.
    pub stopped_at: Option<Position>,
    /// What the value is to be labelled with: [`super::Reducer::label`].
    pub label: Arc<str>,
}

/// Why there is no state to give.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// The one who asked no longer wants to know.
    #[error("stopped before the end")]
    Cancelled,
    /// Its states have more fields than can be told apart.
    #[error(
        "the states of this stream have over two million different fields: who set them is not kept"
    )]
    TooManyFields,
    /// A table would take more memory than it is given.
    #[error("the table would take over 1 GiB: choose fewer columns")]
    TableTooLarge,
    /// The stream has fewer events.
    #[error("{stream} has {n_events} events: there is none at index {rank}")]
    BeyondEnd {
        /// The stream's name.
        stream: String,
        /// The index asked for.
        rank: u32,
        /// How many events the stream has.
        n_events: u32,
    },
    /// The stream had no event yet.
    #[error("{stream} had no event by {position}: its first is {first}")]
    NotBegun {
        /// The stream's name.
        stream: String,
        /// The position asked for.
        position: Position,
        /// The position of its first event.
        first: Position,
    },
    /// The stream has no such version.
    #[error(transparent)]
    Point(#[from] PointError),
}
