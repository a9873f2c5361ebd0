//! What changed in a stream between the ends of the period, the events that made it so, and what each of
//! them did, in a sentence.

use std::collections::BTreeSet;

use super::mask::Mask;
use super::period::Period;
use super::settings::{ReportSettings, StreamNamed};
use crate::event::json::Json;
use crate::event::{Position, StreamId};
use crate::fold::{Folder, diff_by_element, diff_from_nothing, explain_by_element, narrate};
use crate::history::EventLog;

/// So many changes of a stream are shown, and so many of the events behind them told.
const MAX_CHANGES: usize = 100;
const MAX_STEPS: usize = 40;

/// What changed in a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Explained {
    /// The stream.
    pub stream: String,
    /// Its last version before the period; `None` where it had no event by then.
    pub old_version: Option<i64>,
    /// Its last version in the period.
    pub new_version: Option<i64>,
    /// What is otherwise.
    pub changes: Vec<ExplainedLine>,
    /// How many more changes there are.
    pub more_changes: u64,
    /// What each of the events did, in their order.
    pub steps: Vec<Told>,
    /// How many more events there are.
    pub more_steps: u64,
    /// What made the states.
    pub rules: String,
    /// Why that cannot be said.
    pub problem: Option<String>,
}

/// A place in the state that is otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ExplainedLine {
    /// The path.
    pub path: String,
    /// `added`, `removed` or `changed`.
    pub change: String,
    /// What was there.
    pub old: Option<String>,
    /// What is there.
    pub new: Option<String>,
    /// The events responsible.
    pub by: Vec<u32>,
}

/// What an event did to its stream's state.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Told {
    /// The event.
    pub position: u32,
    /// One sentence.
    pub sentence: String,
}

impl Explained {
    /// The events that it names.
    pub(super) fn positions(&self) -> impl Iterator<Item = u32> {
        self.steps.iter().map(|told| told.position)
    }
}

/// Explains the streams asked for.
pub(super) fn explained(
    folder: &Folder,
    settings: &ReportSettings,
    period: Period,
    mask: &mut Mask,
    cancel: &dyn Fn() -> bool,
) -> Vec<Explained> {
    let make = |wanted: &StreamNamed| {
        let told = find(&folder.history().log, wanted)
            .and_then(|stream| one(folder, stream, period, mask, cancel));
        let mut told = told.unwrap_or_else(|why| Explained {
            problem: Some(why),
            ..Explained::default()
        });
        told.stream.clone_from(&wanted.name);
        folder.reducer().label().clone_into(&mut told.rules);
        told
    };
    settings.explained.iter().map(make).collect()
}

/// The stream of that name.
pub(super) fn find(log: &EventLog, wanted: &StreamNamed) -> Result<StreamId, String> {
    log.find_stream(&wanted.name, wanted.category.as_deref())
        .map_err(|error| error.to_string())
}

fn one(
    folder: &Folder,
    stream: StreamId,
    period: Period,
    mask: &mut Mask,
    cancel: &dyn Fn() -> bool,
) -> Result<Explained, String> {
    let log = &folder.history().log;
    let said = |error: crate::fold::FoldError| error.to_string();
    let last = log
        .rank_at(stream, period.until)
        .ok_or_else(|| "the stream has no event by the end of the period".to_owned())?;
    let before = period.from.0.checked_sub(1);
    let first = before.and_then(|at| log.rank_at(stream, Position(at)));
    let old = first
        .map(|rank| folder.state_at(stream, rank, cancel))
        .transpose()
        .map_err(said)?;
    let new = folder.state_at(stream, last, cancel).map_err(said)?;
    let changes = folder.explain(old.as_ref(), &new, cancel).map_err(said)?;
    let changes = explain_by_element(old.as_ref(), &new, changes);
    let more_changes = changes.len().saturating_sub(MAX_CHANGES) as u64;
    let mut by: BTreeSet<u32> = BTreeSet::new();
    let mut lines = Vec::new();
    for one in changes.into_iter().take(MAX_CHANGES) {
        by.extend(one.by.iter().map(|at| at.0));
        let mut shown = |value: &Option<Json>| {
            let text = value.as_ref()?.to_string();
            Some(super::as_of::plain(&mask.at_path(&one.change.path, &text)))
        };
        lines.push(ExplainedLine {
            old: shown(&one.change.old),
            new: shown(&one.change.new),
            path: one.change.path.to_string(),
            change: one.change.kind.name().to_owned(),
            by: one.by.iter().map(|at| at.0).collect(),
        });
    }
    let mut steps = Vec::new();
    for at in by.iter().take(MAX_STEPS) {
        steps.push(Told {
            position: *at,
            sentence: sentence(folder, stream, Position(*at), mask, cancel).map_err(said)?,
        });
    }
    Ok(Explained {
        old_version: old.and_then(|state| state.version).map(|version| version.0),
        new_version: new.version.map(|version| version.0),
        changes: lines,
        more_changes,
        more_steps: by.len().saturating_sub(MAX_STEPS) as u64,
        steps,
        ..Explained::default()
    })
}

/// What an event did to the state, as one sentence.
fn sentence(
    folder: &Folder,
    stream: StreamId,
    position: Position,
    mask: &mut Mask,
    cancel: &dyn Fn() -> bool,
) -> Result<String, crate::fold::FoldError> {
    let log = &folder.history().log;
    let rank = log.rank_at(stream, position).unwrap_or_default();
    let new = folder.state_at(stream, rank, cancel)?;
    let mut changes = match rank.checked_sub(1) {
        None => diff_from_nothing(&new.value),
        Some(before) => {
            let old = folder.state_at(stream, before, cancel)?;
            diff_by_element(&old.value, &new.value)
        }
    };
    for change in &mut changes {
        for known in [&mut change.old, &mut change.new].into_iter().flatten() {
            let masked = mask.at_path(&change.path, &known.to_string());
            *known = crate::event::json::parse(masked.as_bytes()).unwrap_or_default();
        }
    }
    let name = log.type_name(log.event_type(position));
    let version = log
        .version(position)
        .map_or_else(String::new, |version| format!(" v{}", version.0));
    Ok(narrate(&format!("{name}{version}"), &changes))
}
