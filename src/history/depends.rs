//! What events depend on: the earlier events of their streams, their causes, and what those depend on.

use std::collections::BTreeSet;

use hashbrown::HashMap;

use super::causes::{CauseIndex, name_of};
use super::history::History;
use crate::event::{EventReader, Place, Position, StreamId, Want};

/// How many events are read at a time.
const BATCH: usize = 4_096;

/// Why it is not known what events depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDependencies {
    /// The one who asked no longer wants to know.
    #[error("stopped before the end")]
    Cancelled,
    /// There are more of them than were wanted.
    #[error("they depend on more than {0} events")]
    TooMany(usize),
}

/// The events of a stream up to and with `last`, and all that they depend on, rising: the earlier events
/// of each stream, and what caused any of them, as far as it is in the history.
///
/// Reads each of them once for its cause. Where no event names a cause, or without an index, that is the
/// stream alone. Fails where there would be more than `most`.
pub fn depends_on(
    history: &History,
    index: Option<&CauseIndex>,
    (stream, last): (StreamId, Position),
    most: usize,
    cancel: &dyn Fn() -> bool,
) -> Result<Vec<u32>, NoDependencies> {
    let mut found = BTreeSet::new();
    // Of each stream how many of its events, from the first, are taken already.
    let mut taken: HashMap<StreamId, usize> = HashMap::new();
    let mut asked = vec![(stream, last)];
    while let Some((stream, last)) = asked.pop() {
        let events = history.events_until(stream, last);
        let from = taken.entry(stream).or_default();
        let fresh = events.get(*from..).unwrap_or_default();
        *from = (*from).max(events.len());
        if found.len() + fresh.len() > most {
            return Err(NoDependencies::TooMany(most));
        }
        found.extend(fresh.iter().copied());
        let Some(index) = index.filter(|index| index.has_causes()) else {
            continue;
        };
        for batch in fresh.chunks(BATCH) {
            if cancel() {
                return Err(NoDependencies::Cancelled);
            }
            for cause in causes_of(history, index, batch) {
                asked.push((history.log.stream(cause), cause));
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// The events that caused these, each before the one that names it.
fn causes_of(history: &History, index: &CauseIndex, events: &[u32]) -> BTreeSet<Position> {
    let mut named: Vec<(String, Position)> = Vec::new();
    read(history, events, &mut |at, detail| {
        named.extend(detail.causation.map(|cause| (cause, at)));
    });
    let mut found = BTreeSet::new();
    for (cause, of) in named {
        let may_be: Vec<u32> = index
            .with_id(&cause)
            .filter(|at| *at < of)
            .map(|at| at.0)
            .collect();
        // Equal hashes are no cause: the id is read and compared.
        read(history, &may_be, &mut |at, detail| {
            if name_of(&detail, index.names()) == Some(cause.as_str()) {
                found.insert(at);
            }
        });
    }
    found
}

fn read(
    history: &History,
    events: &[u32],
    each: &mut dyn FnMut(Position, crate::event::EventDetail),
) {
    let places: Vec<Place> = events
        .iter()
        .map(|at| history.log.place(Position(*at)))
        .collect();
    let reader: &dyn EventReader = &*history.reader;
    reader.read(&places, Want::Presented, &mut |n, detail| {
        if let (Some(at), Ok(detail)) = (events.get(n), detail) {
            each(Position(*at), detail);
        }
        true
    });
}
