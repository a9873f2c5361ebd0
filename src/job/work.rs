//! The work itself, as plain functions: they block, know no thread, and look at the cancel flag.

use std::time::Instant;

use super::job::Job;
use super::outcome::Outcome;
use super::progress::Progress;
use super::{
    as_of, ask, compare, dialog, evidence, export, follow, inquire, map, open, plot, project,
    report, rules, travel, workspace,
};
use crate::event::{Payload, Place, Position, Want, json};
use crate::fold::{FoldError, Folder, State, diff_by_element, diff_from_nothing, field_series};
use crate::history::History;
use crate::projection::{series_of, suggest_field};
use crate::workbench::{BesideBase, PreviewKey, Previews, SeriesKey, StateAnswer, StateKey};

/// A preview has at most so many characters.
const PREVIEW_CHARS: usize = 200;

/// Does a job. `partly` takes answers that come before the last one, and says whether to go on.
pub(super) fn run(
    job: &Job,
    progress: &Progress,
    partly: &mut dyn FnMut(Outcome) -> bool,
) -> Outcome {
    let cancel = || progress.is_cancelled();
    match job {
        Job::Open(what) => open::open(what, progress, partly),
        Job::State(key, folder) => match state(folder, *key, &cancel) {
            Err(FoldError::Cancelled) => Outcome::Stopped,
            answer => Outcome::State(*key, answer.map_err(|error| error.to_string())),
        },
        Job::Event(key, history) => {
            let place = history.log.place(key.position);
            let detail = history.reader.read_one(place, Want::All);
            Outcome::Event(*key, detail.map_err(|error| error.to_string()))
        }
        Job::Previews(key, history) => {
            Outcome::Previews(key.clone(), previews(history, key, &cancel))
        }
        Job::When(task) => ask::ask_when(task, progress, partly),
        Job::Facets(generation, history) => ask::facets(*generation, history, progress),
        Job::Filter(task) => ask::filter(task, progress, partly),
        Job::Series(key, folder) => series(folder, key, &cancel),
        Job::Leaves(key, folder) => compare::leaves(folder, *key, &cancel),
        Job::Diff(key, folder) => compare::difference(folder, *key, &cancel),
        Job::Events(key, history) => Outcome::Events(*key, compare::events(history, *key)),
        Job::Field(key, folder) => compare::field(folder, key, &cancel),
        Job::Table(ask, folder, gathered) => as_of::table(ask, folder, gathered.as_ref(), progress),
        Job::RollForward(key, folder) => as_of::roll_forward(key, folder, progress),
        Job::SuggestField(generation, folder) => {
            Outcome::Suggested(*generation, suggest_field(folder, &cancel))
        }
        Job::Reducer(text) => Outcome::Reducer(text.clone(), rules::made(text)),
        Job::RuleFacts(key, history) => rules::facts(*key, history, &cancel),
        Job::Audit(task) => match evidence::audit_kept(task, progress) {
            Ok(None) => Outcome::Stopped,
            Ok(Some(audit)) => Outcome::Audit(task.generation, Ok(audit)),
            Err(why) => Outcome::Audit(task.generation, Err(why)),
        },
        Job::Lanes(..)
        | Job::Steps(..)
        | Job::Causes(..)
        | Job::FindId(..)
        | Job::Chain(..)
        | Job::Undertaking(..)
        | Job::Related(..)
        | Job::Graph(..) => travel::run(job, progress),
        Job::Project(task) => project::run(task, progress, partly),
        Job::Gather(key, folder, limits) => plot::gather(*key, folder, *limits, progress),
        Job::Lines(key, results, other, history) => {
            plot::lines(key, (results, other.as_deref()), history, &cancel)
        }
        Job::Stays(key, results, history) => plot::stays(key, results, history, &cancel),
        Job::Partial(key, results, history) => plot::partial(key, results, history, &cancel),
        Job::Versions(key, results) => plot::versions(*key, results, &cancel),
        Job::CheckScript(id, name, text) => project::check(*id, name, text),
        Job::Overlay(key, results, history) => plot::overlay(key, results, history, &cancel),
        Job::Partitions(ask, results, now) => plot::partitions(ask, results, *now, &cancel),
        Job::Explain(key, results, history) => plot::explain(key, results, history, &cancel),
        Job::Fields(states, folder) => plot::fields(*states, folder, &cancel),
        Job::BuiltIn(generation, ask, history) => {
            plot::built_in(*generation, ask, history, progress)
        }
        Job::AskScript => Outcome::ChosenScripts(dialog::ask_script()),
        Job::ReadScripts(paths) => Outcome::Scripts(project::read(paths)),
        Job::Compose(asked) => report::compose(&asked.0, &asked.1, &cancel),
        Job::Report(task) => Outcome::Saved(task.path.clone(), report::save_report(task, &cancel)),
        Job::Export(task) => Outcome::Exported(task.path.clone(), export::export(task, progress)),
        Job::CopyEvents(history, positions) => {
            Outcome::CopiedEvents(positions.len(), export::lines(history, positions, progress))
        }
        Job::AskExport(what, name) => {
            Outcome::ChosenToExport(*what, dialog::ask_export(*what, name))
        }
        Job::Inquire(inquiry) => inquire::inquire(inquiry, progress),
        Job::AskForAudit(file) => inquire::ask_file(file),
        Job::AskOpen => Outcome::ChosenToOpen(dialog::ask_open()),
        Job::AskSave(name) => Outcome::ChosenToSave(dialog::ask_save(name)),
        Job::LoadWorkspace(task) => {
            Outcome::Workspace(task.ticket, Box::new(workspace::load(task)))
        }
        Job::ReadWorkspace(path) => {
            Outcome::GivenWorkspace(path.clone(), workspace::read_given(path).map(Box::new))
        }
        // Not stopped half way: what the user did would be lost.
        Job::SaveWorkspace(task) => Outcome::SavedWorkspace(
            task.place.clone(),
            task.is_wished,
            workspace::save_workspace(task),
        ),
        Job::AskWorkspace(name) => Outcome::ChosenWorkspace(dialog::ask_workspace(name)),
        Job::Survey(session, path, options) => {
            map::survey_file(*session, path, options, progress.reading())
        }
        Job::Map(task) => map::map_preview(task, progress.reading()),
        Job::LookAt(paths) => {
            let gone = paths.iter().filter(|path| !path.exists()).cloned();
            Outcome::Gone(gone.collect())
        }
        Job::Follow(task) => follow::look(task, progress),
    }
}

/// The state after an event, and what that event changed.
fn state(
    folder: &Folder,
    key: StateKey,
    cancel: &dyn Fn() -> bool,
) -> Result<StateAnswer, FoldError> {
    let start = Instant::now();
    let before = match key.rank.checked_sub(1) {
        None => None,
        Some(before) => Some(folder.state_at(key.stream, before, cancel)?),
    };
    let stepped = before.as_ref().and_then(|before| folder.step(before));
    let state = match stepped {
        Some(state) => state,
        None => folder.state_at(key.stream, key.rank, cancel)?,
    };
    let took = start.elapsed();
    let changes = match &before {
        None => diff_from_nothing(&state.value),
        Some(before) => diff_by_element(&before.value, &state.value),
    };
    Ok(StateAnswer {
        // What the store saved says nothing of what might have been.
        saved: match folder.branch() {
            None => folder.saved_state(&state, cancel)?,
            Some(_) => None,
        },
        base: beside_base(folder, &state, cancel)?,
        unknown: folder.unknown(&state, cancel)?,
        state,
        changes,
        took,
    })
}

/// How a state of a branch stands to the history as recorded.
fn beside_base(
    folder: &Folder,
    state: &State,
    cancel: &dyn Fn() -> bool,
) -> Result<Option<BesideBase>, FoldError> {
    let Some(base) = folder.base() else {
        return Ok(None);
    };
    let recorded = base.state_at(state.stream, state.rank, cancel)?;
    Ok(Some(BesideBase {
        changes: diff_by_element(&recorded.value, &state.value),
        first: folder.first_divergence(state.stream, cancel)?,
    }))
}

/// The data of some rows, one short line each.
fn previews(history: &History, key: &PreviewKey, cancel: &dyn Fn() -> bool) -> Previews {
    let n_events = history.log.len();
    let known = key.positions.iter().map(|at| Position(*at));
    let places: Vec<Place> = known
        .filter(|position| position.index() < n_events)
        .map(|position| history.log.place(position))
        .collect();
    let mut lines = Vec::with_capacity(places.len());
    history.reader.read(&places, Want::Data, &mut |_, detail| {
        lines.push(
            detail
                .map(|detail| payload_line(&detail.data))
                .map_err(|error| error.to_string()),
        );
        !cancel()
    });
    Previews {
        positions: key.positions.clone(),
        lines,
    }
}

/// A payload as one short line.
pub(super) fn payload_line(data: &Payload) -> String {
    match data {
        Payload::Missing => "no data".to_owned(),
        Payload::Bytes(bytes) => format!("{} bytes, no text", bytes.len()),
        Payload::Text(text) => short(text),
        // Only the beginning is shown, so only the beginning is read.
        Payload::Json(text) => short(&json::minify(beginning(text, 8 * PREVIEW_CHARS))),
    }
}

/// The first bytes of a text, ended at a character.
fn beginning(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn short(text: &str) -> String {
    let mut line: String = text.chars().take(PREVIEW_CHARS).collect();
    if line.len() < text.len() {
        line.pop();
        line.push('…');
    }
    line
}

/// A field over time, or along the positions.
fn series(folder: &Folder, key: &SeriesKey, cancel: &dyn Fn() -> bool) -> Outcome {
    match field_series(folder, key.stream, &key.path, cancel) {
        Err(FoldError::Cancelled) => Outcome::Stopped,
        Err(error) => Outcome::Series(key.clone(), Err(error.to_string())),
        Ok(points) => Outcome::Series(key.clone(), Ok(series_of(key.axis, &points))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn previews_are_one_short_line() {
        let data = Payload::Json(format!("{{\n  \"text\": \"{}\"\n}}", "ä".repeat(900)).into());
        let line = payload_line(&data);
        assert_eq!(line.chars().count(), PREVIEW_CHARS);
        assert!(
            line.starts_with("{\"text\":\"ä") && line.ends_with('…'),
            "{line}"
        );
        let data = Payload::Json("{ \"a\": 1 }".into());
        assert_eq!(payload_line(&data), "{\"a\":1}");
    }
}
