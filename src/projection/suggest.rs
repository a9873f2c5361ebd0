//! Chooses a number worth a plot where nobody asked for one; bounded, whatever the history's size.

use std::collections::HashMap;

use crate::event::json::{Json, JsonPath, Step as PathStep};
use crate::event::{Decimal, StreamId};
use crate::fold::{Folder, numeric_leaves};
use crate::history::EventLog;

/// A number of a stream's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChoice {
    /// The stream.
    pub stream: StreamId,
    /// Where in its state the number stands.
    pub path: JsonPath,
    /// How often it changed in the events looked at.
    pub changes: u32,
}

/// How many categories, streams of each, events of each stream and leaves of a state are looked at.
const MAX_CATEGORIES: usize = 8;
const STREAMS_EACH: usize = 2;
const MAX_EVENTS: u32 = 500;
const MAX_LEAVES: usize = 64;

/// The number that changes most often, one named like an amount before all others.
///
/// Looks at the longest streams of the largest categories: at most 8,000 events are read.
pub fn suggest_field(folder: &Folder, cancel: &dyn Fn() -> bool) -> Option<FieldChoice> {
    let log = &folder.history().log;
    let mut best: Option<(Rank, FieldChoice)> = None;
    for stream in sample(log) {
        if cancel() {
            return None;
        }
        for (path, changes) in changes_of(folder, stream, cancel) {
            let rank = rank_of(&path, changes);
            if changes > 0 && best.as_ref().is_none_or(|(known, _)| rank > *known) {
                best = Some((
                    rank,
                    FieldChoice {
                        stream,
                        path,
                        changes,
                    },
                ));
            }
        }
    }
    best.map(|(_, choice)| choice)
}

/// How well a number suits: named like an amount, not named like a label, changes.
type Rank = (bool, bool, u32);

fn rank_of(path: &JsonPath, changes: u32) -> Rank {
    let name = path.0.iter().rev().find_map(|step| match step {
        PathStep::Key(key) => Some(key.to_ascii_lowercase()),
        PathStep::Index(_) => None,
    });
    let name = name.unwrap_or_default();
    const AMOUNTS: [&str; 8] = [
        "balance", "total", "amount", "stock", "onhand", "quantity", "price", "paid",
    ];
    const LABELS: [&str; 7] = ["id", "_at", "time", "date", "version", "sequence", "number"];
    let is_amount = AMOUNTS.iter().any(|part| name.contains(part));
    let is_label = LABELS.iter().any(|end| name.ends_with(end));
    (is_amount && !is_label, !is_label, changes)
}

/// The longest streams of each of the largest categories.
fn sample(log: &EventLog) -> Vec<StreamId> {
    let mut categories: Vec<usize> = (0..log.category_names().len()).collect();
    categories.sort_by_key(|id| std::cmp::Reverse(log.category_counts()[*id]));
    categories.truncate(MAX_CATEGORIES);
    let mut longest: Vec<Vec<StreamId>> = vec![Vec::new(); log.category_names().len()];
    for stream in log.streams() {
        let streams = &mut longest[log.stream_info(stream).category.index()];
        let length = |id: &StreamId| log.events_of(*id).len();
        let at = streams.partition_point(|known| length(known) >= length(&stream));
        if at < STREAMS_EACH {
            streams.insert(at, stream);
            streams.truncate(STREAMS_EACH);
        }
    }
    categories
        .iter()
        .flat_map(|id| longest[*id].clone())
        .collect()
}

/// How often each number of a stream's state changed, in the order of first meeting.
fn changes_of(
    folder: &Folder,
    stream: StreamId,
    cancel: &dyn Fn() -> bool,
) -> Vec<(JsonPath, u32)> {
    let n_events = u32::try_from(folder.history().log.events_of(stream).len()).unwrap_or(u32::MAX);
    let Some(last) = n_events.min(MAX_EVENTS).checked_sub(1) else {
        return Vec::new();
    };
    let mut counts: Vec<(JsonPath, u32)> = Vec::new();
    let mut known: HashMap<JsonPath, (usize, Decimal)> = HashMap::new();
    let mut look = |_: u32, _, state: &Json| {
        for (path, value) in numeric_leaves(state).into_iter().take(MAX_LEAVES) {
            if let Some((index, last)) = known.get_mut(&path) {
                counts[*index].1 += u32::from(*last != value);
                *last = value;
            } else {
                known.insert(path.clone(), (counts.len(), value));
                counts.push((path, 0));
            }
        }
        counts.len() < 4 * MAX_LEAVES
    };
    // Where the walk fails, what was seen until then still counts.
    folder.walk(stream, 0, last, cancel, &mut look).ok();
    counts
}
