//! Where an event stands: in the whole history, and in its stream.

use std::fmt;

/// Place in the whole history: Annals' own count from 0, without gaps.
///
/// The store's number, which may have gaps, is [`crate::event::EventDetail::store_position`].
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Deserialize,
    serde::Serialize,
)]
pub struct Position(pub u32);

impl Position {
    /// The position as an index into columns.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Place within one stream, as the store says it; where the store has none, counted by Annals from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub i64);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}
