//! Conditions on states, held against every state of every stream.

use super::super::run::Watch;
use super::file::StateRule;
use super::hold::{Broken, InvariantsHeld};
use crate::event::{Position, StreamId};
use crate::fold::{FoldError, Folder};
use crate::query::{Context, QueryError, RowFilter};

/// Holds one rule against all streams that it is for; `Ok(false)` where it was stopped.
pub(super) fn hold(
    rule: &StateRule,
    folder: &Folder,
    watch: &Watch<'_>,
    held: &mut InvariantsHeld,
) -> Result<bool, QueryError> {
    let filter = RowFilter::parse(rule.condition(), &Context::default())?;
    let log = &folder.history().log;
    for stream in log.streams() {
        let category = log.category_of(stream);
        if rule
            .category
            .as_deref()
            .is_some_and(|named| named != category)
        {
            continue;
        }
        if watch.is_cancelled() {
            return Ok(false);
        }
        match walk(&filter, folder, stream, watch) {
            Ok(stretches) => {
                for (from, to) in stretches {
                    held.note(broken(rule, folder, stream, from, to));
                }
            }
            Err(FoldError::Cancelled) => return Ok(false),
            Err(error) => held.fail(&rule.name, log.stream_name(stream), &error.to_string()),
        }
    }
    Ok(true)
}

type Stretches = Vec<(Position, Option<Position>)>;

/// The stretches of one stream during which the condition does not hold.
fn walk(
    filter: &RowFilter,
    folder: &Folder,
    stream: StreamId,
    watch: &Watch<'_>,
) -> Result<Stretches, FoldError> {
    let log = &folder.history().log;
    let (name, category) = (log.stream_name(stream), log.category_of(stream));
    let n_events = u32::try_from(log.events_of(stream).len()).unwrap_or(u32::MAX);
    let mut stretches = Stretches::new();
    let mut since: Option<Position> = None;
    let Some(last) = n_events.checked_sub(1) else {
        return Ok(stretches);
    };
    folder.walk(stream, 0, last, watch.cancel, &mut |_, position, state| {
        let breaks = filter.is_judged(state) && !filter.holds(name, category, state);
        match (since, breaks) {
            (None, true) => since = Some(position),
            (Some(from), false) => {
                stretches.push((from, Some(position)));
                since = None;
            }
            _ => {}
        }
        true
    })?;
    stretches.extend(since.map(|from| (from, None)));
    Ok(stretches)
}

fn broken(
    rule: &StateRule,
    folder: &Folder,
    stream: StreamId,
    from: Position,
    to: Option<Position>,
) -> Broken {
    let log = &folder.history().log;
    let version = |at: Position| {
        log.version(at)
            .map_or_else(|| at.to_string(), |v| format!("@{}", v.0))
    };
    let until = to.map_or_else(
        || ", and still".to_owned(),
        |to| format!(" until {}", version(to)),
    );
    let n_events = log
        .events_of(stream)
        .iter()
        .filter(|at| **at >= from.0 && to.is_none_or(|to| **at < to.0));
    Broken {
        rule: rule.name.clone(),
        severity: rule.severity.into(),
        position: from,
        until: to,
        n_events: n_events.count() as u64,
        said: format!(
            "{} does not hold in {} from {}{until}",
            rule.that,
            log.stream_name(stream),
            version(from)
        ),
    }
}
