//! Projections that need no code: questions that every history answers.
//!
//! [`BuiltIn`] lists them; [`BuiltIn::answer`] gives lines over time and a table. Those over columns
//! read no payload. `walk` hands over events by bucket, the other files answer one question each.

mod answer;
mod bytes;
mod counts;
mod funnel;
mod gaps;
mod payload;
mod stay;
mod streams;
mod walk;

pub use answer::{Answered, BuiltInAsk, FieldAsk, Table, TableCell};
pub use stay::time_in_state;

use std::fmt;

/// A projection without code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BuiltIn {
    /// How many events of each type.
    EventsByType,
    /// How many events of each category.
    EventsByCategory,
    /// How many events in all.
    Throughput,
    /// How many streams had an event, and how many began.
    ActiveStreams,
    /// How many events streams have.
    StreamLength,
    /// How long it took from one event of a stream to the next.
    TimeBetweenEvents,
    /// How many streams came how far.
    FunnelOfTypes,
    /// How long partitions stayed in each value of a field.
    TimeInState,
    /// How many bytes payloads of each type have.
    BytesByType,
    /// How many bytes payloads of each category have.
    BytesByCategory,
    /// How many bytes the payloads of each month have.
    BytesByMonth,
    /// What the values of one field of the payloads come to.
    PayloadField,
}

/// What a built-in projection looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// Only what is kept of each event: an answer within a few dozen milliseconds.
    Columns,
    /// Every payload is read once.
    Payloads,
    /// States over time, and which field: [`time_in_state`].
    States,
}

impl BuiltIn {
    /// Those that need no more to be said, in the order of a list.
    pub const ALL: [Self; 11] = [
        Self::EventsByType,
        Self::EventsByCategory,
        Self::Throughput,
        Self::ActiveStreams,
        Self::StreamLength,
        Self::TimeBetweenEvents,
        Self::FunnelOfTypes,
        Self::TimeInState,
        Self::BytesByType,
        Self::BytesByCategory,
        Self::BytesByMonth,
    ];

    /// Its name in a list.
    pub fn name(self) -> &'static str {
        match self {
            Self::EventsByType => "Events by type",
            Self::EventsByCategory => "Events by category",
            Self::Throughput => "Throughput",
            Self::ActiveStreams => "Active streams",
            Self::StreamLength => "Stream length",
            Self::TimeBetweenEvents => "Time between events",
            Self::FunnelOfTypes => "Funnel of types",
            Self::TimeInState => "Time in state",
            Self::BytesByType => "Bytes by type",
            Self::BytesByCategory => "Bytes by category",
            Self::BytesByMonth => "Bytes by month",
            Self::PayloadField => "Field of payloads",
        }
    }

    /// What it says, in one sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::EventsByType => "How many events of each type there are, and when.",
            Self::EventsByCategory => {
                "How many events the streams of each category have, and when."
            }
            Self::Throughput => "How many events there are in each piece of time.",
            Self::ActiveStreams => {
                "How many streams have an event in each piece of time, and how many begin in it."
            }
            Self::StreamLength => "How many events streams have, and how that grew.",
            Self::TimeBetweenEvents => {
                "How long it takes from one event of a stream to its next one."
            }
            Self::FunnelOfTypes => {
                "How many streams have an event of each type, in the order in which types come."
            }
            Self::TimeInState => "How long streams stay in each value of a field of their state.",
            Self::BytesByType => "How many bytes the payloads of each type have.",
            Self::BytesByCategory => "How many bytes the payloads of each category have.",
            Self::BytesByMonth => "How many bytes the payloads of each month have.",
            Self::PayloadField => {
                "What the values of a field of the payloads come to in each piece of time."
            }
        }
    }

    /// What it looks at.
    pub fn needs(self) -> Needs {
        match self {
            Self::TimeInState => Needs::States,
            Self::BytesByType | Self::BytesByCategory | Self::BytesByMonth | Self::PayloadField => {
                Needs::Payloads
            }
            _ => Needs::Columns,
        }
    }
}

impl fmt::Display for BuiltIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
