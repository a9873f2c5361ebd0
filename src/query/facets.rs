//! What the metadata of events say alike: each key with its values and how often they stand there.

use std::collections::BTreeMap;

use crate::event::json::{self, Json, JsonPath, Step};
use crate::event::{EventDetail, Place, Position, Want};
use crate::history::History;

use super::clauses::quoted;
use super::path::{Path, Root};

/// The most keys that are counted.
const MAX_KEYS: usize = 32;
/// A key with more values than this tells events apart and does not group them.
const MAX_VALUES: usize = 200;
/// How deep objects in metadata are looked into.
const MAX_DEPTH: usize = 3;
/// How many events are read at once; between two batches `cancel` is looked at.
const BATCH: u32 = 1024;

/// How often each value of each key stands there; `None` for a key with too many values.
type Counts = BTreeMap<String, Option<BTreeMap<String, u64>>>;

/// A key of the metadata, or who did it, with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// As a filter names it: `user`, `meta.tenant`.
    pub key: String,
    /// The values with how many events have each, the most frequent first.
    pub values: Vec<(String, u64)>,
}

impl Facet {
    /// The clause that lets through only events with this value.
    pub fn clause(&self, value: &str) -> String {
        format!("{}:{}", self.key, quoted(value))
    }
}

/// Counts the values of all keys; `None` where it was stopped. Reads all events once; keys that tell
/// nearly every event apart, such as ids, are left out.
pub fn facets(
    history: &History,
    cancel: &dyn Fn() -> bool,
    searched: &mut dyn FnMut(u32),
) -> Option<Vec<Facet>> {
    let mut counts = Counts::new();
    let n_events = u32::try_from(history.log.len()).unwrap_or(u32::MAX);
    let mut first = 0;
    while first < n_events {
        if cancel() {
            return None;
        }
        let end = first.saturating_add(BATCH).min(n_events);
        let places: Vec<Place> = (first..end)
            .map(|at| history.log.place(Position(at)))
            .collect();
        history
            .reader
            .read(&places, Want::Presented, &mut |_, event| {
                if let Ok(event) = event {
                    count(&event, &mut counts);
                }
                true
            });
        first = end;
        searched(first);
    }
    let facets = counts.into_iter().filter_map(|(key, values)| {
        let mut values: Vec<(String, u64)> = values?.into_iter().collect();
        values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        // Where each value stands once, nothing is grouped.
        let groups = values.iter().any(|(_, count)| *count > 1);
        groups.then_some(Facet { key, values })
    });
    let mut facets: Vec<Facet> = facets.collect();
    // Who did it comes first; fewer values say more.
    facets.sort_by_cached_key(|facet| {
        let is_other = facet.key != "user";
        (is_other, facet.values.len(), facet.key.clone())
    });
    Some(facets)
}

fn count(event: &EventDetail, counts: &mut Counts) {
    if let Some(user) = &event.user {
        add(counts, "user", user);
    }
    let metadata = event.metadata.json().map(str::as_bytes);
    if let Some(Ok(metadata)) = metadata.map(json::parse) {
        walk(&metadata, &mut Vec::new(), counts);
    }
}

fn walk(value: &Json, steps: &mut Vec<Step>, counts: &mut Counts) {
    match value {
        Json::Object(object) if steps.len() < MAX_DEPTH => {
            for (key, member) in object.iter() {
                steps.push(Step::Key(key.into()));
                walk(member, steps, counts);
                steps.pop();
            }
        }
        Json::Text(text) | Json::Number(text) if !steps.is_empty() => {
            let path = Path {
                root: Some(Root::Meta),
                ..Path::of_state(&JsonPath(steps.clone()))
            };
            add(counts, &path.to_string(), text);
        }
        _ => {}
    }
}

fn add(counts: &mut Counts, key: &str, value: &str) {
    if !counts.contains_key(key) {
        if counts.len() == MAX_KEYS {
            return;
        }
        counts.insert(key.to_owned(), Some(BTreeMap::new()));
    }
    let Some(slot) = counts.get_mut(key) else {
        return;
    };
    let Some(values) = slot else { return };
    if let Some(count) = values.get_mut(value) {
        *count += 1;
    } else if values.len() == MAX_VALUES {
        *slot = None;
    } else {
        values.insert(value.to_owned(), 1);
    }
}
