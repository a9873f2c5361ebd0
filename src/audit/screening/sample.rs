//! A random sample of events that can be drawn again: the same seed draws the same.

use std::collections::BTreeSet;

use serde::Serialize;

use super::super::integrity::{canonical_bytes, hex, leaf_hash};
use crate::event::{Position, Want};
use crate::history::History;

/// The most events that are drawn.
const MOST: u32 = 10_000;

/// Events drawn at random.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// The number from which chance was made.
    pub seed: u64,
    /// How many events it was drawn from.
    pub of: u64,
    /// The events, by position.
    pub events: Vec<Sampled>,
}

/// An event of a sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sampled {
    /// Its position.
    pub position: u32,
    /// Its stream.
    pub stream: String,
    /// Its version.
    pub version: Option<i64>,
    /// Its type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// Its time, RFC 3339.
    pub time: Option<String>,
    /// Its id.
    pub event_id: Option<String>,
    /// Where its record stands.
    pub place: String,
    /// SHA-256 over its canonical bytes; `None` where it could not be read.
    pub digest: Option<String>,
}

/// Draws `n` different events, each equally likely; all where there are no more, and 10,000 at most.
/// Reads them.
pub fn sample(history: &History, n: u32, seed: u64) -> Sample {
    let log = &history.log;
    let end = u32::try_from(log.len()).unwrap_or(u32::MAX);
    let mut bytes = Vec::new();
    let event = |at: u32| {
        let position = Position(at);
        let detail = history.reader.read_one(log.place(position), Want::All).ok();
        let digest = detail.as_ref().map(|detail| {
            canonical_bytes(log, position, detail, &mut bytes);
            hex(&leaf_hash(&bytes))
        });
        let time = log.time(position);
        Sampled {
            position: at,
            stream: log.stream_name(log.stream(position)).to_owned(),
            version: log.version(position).map(|version| version.0),
            event_type: log.type_name(log.event_type(position)).to_owned(),
            time: time.map(|time| time.rfc3339(log.time_digits())),
            event_id: detail.as_ref().and_then(|detail| detail.id.clone()),
            place: detail.map_or_else(String::new, |detail| detail.source),
            digest,
        }
    };
    Sample {
        seed,
        of: log.len() as u64,
        events: drawn(end, n.min(MOST), seed)
            .into_iter()
            .map(event)
            .collect(),
    }
}

/// Floyd's way to draw `n` different numbers below `end`.
fn drawn(end: u32, n: u32, seed: u64) -> BTreeSet<u32> {
    let mut chance = Chance(seed);
    let n = n.min(end);
    let mut drawn = BTreeSet::new();
    for limit in end - n..end {
        let number = chance.below(u64::from(limit) + 1);
        let number = u32::try_from(number).unwrap_or(limit);
        if !drawn.insert(number) {
            drawn.insert(limit);
        }
    }
    drawn
}

/// `SplitMix64`: the same numbers everywhere.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`, each equally likely.
    fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or_default()
    }
}

/// A sample as JSON, in one line.
pub fn sample_json(sample: &Sample) -> String {
    // Plain data with text keys: there is nothing that could not be written.
    serde_json::to_string(sample).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_and_all_are_different() {
        let first = drawn(1_000, 25, 7);
        assert_eq!(first.len(), 25);
        assert_eq!(first, drawn(1_000, 25, 7));
        assert_ne!(first, drawn(1_000, 25, 8));
        assert_eq!(drawn(3, 25, 7).into_iter().collect::<Vec<_>>(), [0, 1, 2]);
        assert!(drawn(0, 5, 1).is_empty());
    }
}
