//! Who set each leaf of one state: what `--blame` prints.

use std::collections::HashMap;
use std::fmt;

use super::answer::{number, object, text};
use super::leaves::LeafHistory;
use super::replay::Folder;
use super::state::State;
use crate::event::json::Json;
use crate::event::{Position, Timestamp, Version};

/// The event after which a leaf last became different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blame {
    /// Its index in the stream.
    pub rank: u32,
    /// Where it stands.
    pub position: Position,
    /// Its version.
    pub version: Option<Version>,
    /// Its type.
    pub event_type: String,
    /// Its time with exactly the fraction digits of the source.
    pub time: Option<(Timestamp, u8)>,
}

/// Who set each leaf of a state, by JSON Pointer in the order of the state. Reads each of those events
/// once, for its exact time.
pub fn blame(folder: &Folder, state: &State, leaves: &LeafHistory) -> Vec<(String, Blame)> {
    let mut known: HashMap<u32, Blame> = HashMap::new();
    let mut found = Vec::new();
    for (path, _) in state.value.leaves() {
        let Some(rank) = leaves.setter(&path, state.rank) else {
            continue;
        };
        let setter = known
            .entry(rank)
            .or_insert_with(|| setter(folder, state, rank));
        found.push((path.pointer(), setter.clone()));
    }
    found
}

fn setter(folder: &Folder, state: &State, rank: u32) -> Blame {
    let log = &folder.history().log;
    let events = log.events_of(state.stream);
    let position = Position(events.get(rank as usize).copied().unwrap_or_default());
    Blame {
        rank,
        position,
        version: log.version_at_rank(state.stream, rank),
        event_type: log.type_name(log.event_type(position)).to_owned(),
        time: folder.exact_time(position),
    }
}

impl Blame {
    /// As `annals state --blame --json` prints it.
    pub fn to_json(&self) -> Json {
        let time = self
            .time
            .map_or(Json::Null, |(time, digits)| text(&time.rfc3339(digits)));
        Json::Object(object([
            ("position", number(self.position.0)),
            ("version", self.version.map_or(Json::Null, |v| number(v.0))),
            ("type", text(&self.event_type)),
            ("time", time),
        ]))
    }
}

/// `v7 DiscountApplied`.
impl fmt::Display for Blame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.version {
            Some(version) => write!(f, "{version} {}", self.event_type),
            None => write!(f, "{} {}", self.position, self.event_type),
        }
    }
}
