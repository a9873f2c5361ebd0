//! Results over time: what states and results of all partitions were at every position of a run.
//!
//! A [`Recorder`] is told of each event that was handled and gives [`Results`]; `value` packs what a
//! leaf holds, `paths` names places, `freeze` puts changes in order and thins them where memory is
//! short. [`PartitionsAt`] is the table of all partitions at a position.

mod freeze;
mod paths;
mod recorder;
#[expect(clippy::module_inception, reason = "the folder's main noun")]
mod results;
mod table;
mod value;

pub use recorder::{Limits, Numbers, Recorder};
pub use results::Results;
pub use table::{Column, PartitionRow, PartitionsAt, PartitionsQuestion};

pub(super) use value::Packed;

use std::fmt;

use crate::event::json::JsonPath;
use crate::event::{Position, grouped};

/// A partition of one run: an index into its table of partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartitionId(pub u32);

impl PartitionId {
    /// The id as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What of a partition is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Of {
    /// Its state.
    #[default]
    State,
    /// Its result: the state as the projection transforms it.
    Result,
}

/// A place that states or results have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathInfo {
    /// Where.
    pub path: JsonPath,
    /// How many partitions have or had it.
    pub partitions: usize,
    /// How often it became another one, in all of them.
    pub changes: usize,
    /// Whether there are numbers there; else it is shown as bands.
    pub is_number: bool,
}

/// What there was too little of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scarce {
    /// Memory: the limit in bytes.
    Memory(usize),
    /// Time: states are so large that looking at each would take too long.
    Time,
}

/// What was left out, as memory and time are bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thinned {
    /// Every how many events of a partition its state is known; 0 where recording has ended.
    pub every: u32,
    /// From where on states were left out first; with less memory also before.
    pub since: Position,
    /// Behind here nothing is known.
    pub ended: Option<Position>,
    /// Of what there was too little first; where recording has ended it was memory.
    pub why: Scarce,
}

impl fmt::Display for Thinned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.why {
            Scarce::Memory(bytes) => {
                let limit = grouped((bytes >> 20) as u64);
                write!(
                    f,
                    "The limit of {limit} MiB was reached at {}: ",
                    self.since
                )?;
            }
            Scarce::Time => write!(f, "The states are very large, so from {} on: ", self.since)?,
        }
        match self.ended {
            Some(at) => write!(f, "what came after {at} is not kept"),
            None => write!(
                f,
                "kept is the state after every {}th event of each partition, and after its last",
                self.every
            ),
        }
    }
}
