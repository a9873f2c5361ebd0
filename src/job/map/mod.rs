//! What the mapping dialog asks for: what a file has, and what comes of the choices made so far.
//!
//! `survey` says what a file has in the words of the dialog, `draft` makes a mapping of what is chosen,
//! `ways` knows how fields can be read, `judge` how well they fit; this file tries a mapping on rows.

mod draft;
mod judge;
mod survey;
mod ways;

use std::path::PathBuf;
use std::sync::Arc;

use super::outcome::Outcome;
use super::work::payload_line;
use crate::ingest::{Preview, PreviewRow};
use crate::source::{Error, OpenOptions, Progress, Source};
use crate::workbench::{
    EventField, Judgment, MapDraft, MapKey, MapNote, MapPreview, MapRow, MapSurvey,
};

pub use draft::{mapping_of, mapping_toml};

/// So many rows of each kind are shown.
const N_SHOWN: usize = 100;

/// What a preview is made of.
#[derive(Clone, Debug)]
pub struct MapTask {
    /// The question.
    pub key: MapKey,
    /// The file.
    pub path: PathBuf,
    /// What the file has.
    pub survey: Arc<MapSurvey>,
    /// How well the fields of an earlier draft fit, so that only what is new is looked at.
    pub known: Option<Known>,
}

/// A draft with how well each of its fields fits.
pub type Known = (MapDraft, [Judgment; EventField::ALL.len()]);

/// What a file can be mapped from. `options` are those with which it is open, or was to be opened.
pub(super) fn survey_file(
    session: u64,
    path: &std::path::Path,
    options: &OpenOptions,
    progress: &Arc<Progress>,
) -> Outcome {
    let source = Source::File(path.to_owned());
    let found = match crate::source::survey(&source, options, progress) {
        Err(Error::Cancelled) => return Outcome::Stopped,
        Err(error) => Err(error.to_string()),
        Ok(survey) => {
            let mut found = survey::survey_of(&survey);
            if let Some(mapping) = &options.mapping {
                draft::begin_with(mapping, &mut found);
            }
            Ok(Box::new(found))
        }
    };
    Outcome::Surveyed(session, found)
}

/// What comes of a draft.
pub(super) fn map_preview(task: &MapTask, progress: &Arc<Progress>) -> Outcome {
    match previewed(task, progress) {
        Err(Error::Cancelled) => Outcome::Stopped,
        Err(error) => Outcome::Mapped(Box::new(task.key.clone()), Err(error.to_string())),
        Ok(preview) => Outcome::Mapped(Box::new(task.key.clone()), Ok(Box::new(preview))),
    }
}

fn previewed(task: &MapTask, progress: &Arc<Progress>) -> Result<MapPreview, Error> {
    let draft = &task.key.draft;
    let source = Source::File(task.path.clone());
    let mut answer = MapPreview {
        judged: judge::judge_all(task, &source, progress)?,
        ..MapPreview::default()
    };
    answer.refusal = judge::refusal(draft, &answer.judged);
    if answer.refusal.is_some() {
        return Ok(answer);
    }
    let mapping = match mapping_of(draft, &task.survey) {
        Ok(mapping) => mapping,
        Err(why) => {
            answer.refusal = Some(why);
            return Ok(answer);
        }
    };
    let options = OpenOptions {
        mapping: Some(mapping),
        ..OpenOptions::default()
    };
    match crate::ingest::preview(&source, &options, N_SHOWN, progress) {
        Ok(preview) => take_rows(&mut answer, preview),
        Err(Error::Cancelled) => return Err(Error::Cancelled),
        Err(error) => answer.refusal = Some(sentence(&error.to_string())),
    }
    Ok(answer)
}

fn take_rows(answer: &mut MapPreview, preview: Preview) {
    let rows = |rows: Vec<PreviewRow>| rows.into_iter().map(row_of).collect();
    answer.first = rows(preview.first);
    answer.random = rows(preview.random);
    answer.problems = rows(preview.problems);
    answer.n_looked_at = preview.n_looked_at;
    answer.is_whole = preview.is_whole;
    answer.n_problems = preview.n_problems;
    answer.notes = preview
        .notes
        .into_iter()
        .map(|note| MapNote {
            is_warning: note.is_warning,
            text: note.text,
        })
        .collect();
}

fn row_of(row: PreviewRow) -> MapRow {
    let time = match (row.time, row.time_text) {
        (Some(time), _) => Some(Ok(time)),
        (None, Some(text)) => Some(Err(cut(&text))),
        (None, None) => None,
    };
    let version = match (row.version_text, row.version) {
        (Some(text), _) => Some(Err(cut(&text))),
        (None, Some(version)) => Some(Ok(version.0)),
        (None, None) => None,
    };
    MapRow {
        position: u64::from(row.position.0),
        time,
        stream: row.stream,
        version,
        event_type: row.event_type,
        data: row.data.map(|data| payload_line(&data)),
    }
}

/// The beginning of a text that may be long.
fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}

/// An error as a sentence.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let text: String = chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    });
    format!("{text}.")
}
