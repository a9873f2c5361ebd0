//! What comes of a mapping: rows of the file as the events that they would be.

use super::event_field::EventField;
use super::mapping::Judgment;
use crate::event::Timestamp;

/// A row of the file as the event that it would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapRow {
    /// Its position in the history.
    pub position: u64,
    /// Its time with its fraction digits, or what stands there and is no time.
    pub time: Option<Result<(Timestamp, u8), String>>,
    /// Its stream; `None` where the row names none.
    pub stream: String,
    /// Its version, or what stands there and is none.
    pub version: Option<Result<i64, String>>,
    /// Its type.
    pub event_type: String,
    /// Its data as one line, or why it cannot be read.
    pub data: Result<String, String>,
}

impl MapRow {
    /// Whether anything in it could not be read.
    pub fn has_problem(&self) -> bool {
        matches!(self.time, Some(Err(_)))
            || matches!(self.version, Some(Err(_)))
            || self.data.is_err()
    }
}

/// Something to know about what a mapping gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapNote {
    /// Whether something will be missing or marked; else it is only good to know.
    pub is_warning: bool,
    /// What is so, in a sentence or two.
    pub text: String,
}

/// Which rows are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sampling {
    /// The first.
    #[default]
    First,
    /// Some at random.
    Random,
    /// Those with problems.
    Problems,
}

/// What comes of a draft.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapPreview {
    /// How well each field fits, in the order of [`EventField::ALL`].
    pub judged: [Judgment; EventField::ALL.len()],
    /// The first rows, in their order.
    pub first: Vec<MapRow>,
    /// Rows at random, in their order.
    pub random: Vec<MapRow>,
    /// The first rows with problems.
    pub problems: Vec<MapRow>,
    /// How many rows were looked at.
    pub n_looked_at: u64,
    /// Whether these are all rows.
    pub is_whole: bool,
    /// How many of them have problems.
    pub n_problems: u64,
    /// What is to be known.
    pub notes: Vec<MapNote>,
    /// Why nothing can be opened this way; `None` where it can.
    pub refusal: Option<String>,
}

impl MapPreview {
    /// The rows of a kind.
    pub fn rows(&self, sampling: Sampling) -> &[MapRow] {
        match sampling {
            Sampling::First => &self.first,
            Sampling::Random => &self.random,
            Sampling::Problems => &self.problems,
        }
    }
}
