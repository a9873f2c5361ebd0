//! The types that no rule handles.

use super::model::Drift;
use crate::event::TypeId;
use crate::fold::{FoldError, Folder};

/// How many types are tried.
const MAX_TRIED: usize = 2_000;

/// The types whose first event the rules of a folder do not apply: it stands in no state.
///
/// A mere merge of payloads has no rules, and leaves none out. Replays the streams of the first events
/// of at most 2,000 types up to these.
pub fn unhandled_types(
    folder: &Folder,
    drift: &Drift,
    cancel: &dyn Fn() -> bool,
) -> Result<Vec<TypeId>, FoldError> {
    if !folder.reducer().is_application_state() {
        return Ok(Vec::new());
    }
    let log = &folder.history().log;
    let mut found = Vec::new();
    for shape in drift.types.iter().take(MAX_TRIED) {
        let stream = log.stream(shape.first);
        let Some(rank) = log.rank_at(stream, shape.first) else {
            continue;
        };
        let n_before = match rank.checked_sub(1) {
            None => 0,
            Some(before) => folder.state_at(stream, before, cancel)?.not_applied,
        };
        if folder.state_at(stream, rank, cancel)?.not_applied > n_before {
            found.push(shape.event_type);
        }
    }
    Ok(found)
}
