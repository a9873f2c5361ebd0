//! How the columns of a file become events, while somebody decides it: plain data that jobs fill.
//!
//! [`Mapping`] is the dialog's work: what the file has ([`MapSurvey`]), what is chosen so far
//! ([`MapDraft`]), and what comes of it ([`MapPreview`], an answer that carries its question). Nothing
//! here reads a file; `job` does, and `ui` draws.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::answer::Answer;
use super::event_field::{EventField, Need};
use super::map_preview::{MapPreview, Sampling};

/// How a field is read: a stable word, and what people see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReadChoice {
    /// The word, such as `unix-ms`.
    pub key: &'static str,
    /// What people see, such as `Unix time, ms`.
    pub label: &'static str,
}

/// What a field is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DraftField {
    /// A column, a path into one, or an expression; empty where no column gives the field.
    pub text: String,
    /// How it is read; the first way that the field allows where it is `None`.
    pub read_as: Option<ReadChoice>,
}

/// What has been chosen so far: the question that a preview answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MapDraft {
    /// Which table, by its index in the survey.
    pub table: usize,
    /// Each field, in the order of [`EventField::ALL`].
    pub fields: [DraftField; EventField::ALL.len()],
}

impl MapDraft {
    /// What a field is made of.
    pub fn field(&self, field: EventField) -> &DraftField {
        &self.fields[field.index()]
    }

    /// Whether a column or an expression gives a field.
    pub fn has(&self, field: EventField) -> bool {
        !self.field(field).text.trim().is_empty()
    }

    /// How many fields are given.
    pub fn n_found(&self) -> usize {
        EventField::ALL
            .into_iter()
            .filter(|field| self.has(*field))
            .count()
    }

    /// Whether an event lacks this field to be one.
    pub fn lacks(&self, field: EventField) -> bool {
        match field.need() {
            Need::Required => !self.has(field),
            Need::OneOfThese => !EventField::ALL
                .into_iter()
                .any(|other| other.need() == Need::OneOfThese && self.has(other)),
            Need::Optional => false,
        }
    }

    /// Whether all is there that an event needs.
    pub fn is_enough(&self) -> bool {
        !EventField::ALL.into_iter().any(|field| self.lacks(field))
    }
}

/// What a table seems to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableTag {
    /// Something else.
    #[default]
    None,
    /// Events.
    Events,
    /// Saved states.
    Snapshots,
}

/// A column of a table, or a key of a log's records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapColumn {
    /// Its name.
    pub name: String,
    /// Its name as an expression writes it, in quotes where it needs them.
    pub written: String,
    /// The type that the table declares; may be empty.
    pub declared: String,
}

/// A table, a view, or the records of a log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapTable {
    /// Its name; that of the file for a log.
    pub name: String,
    /// Under its name: `318,402 rows`, `view`, `virtual table`.
    pub about: String,
    /// How many rows it has, where that is known.
    pub n_rows: Option<u64>,
    /// What it seems to hold.
    pub tag: TableTag,
    /// Why it cannot be mapped; `None` where it can.
    pub closed: Option<&'static str>,
    /// Its columns, or the keys of its records.
    pub columns: Vec<MapColumn>,
    /// What is guessed.
    pub guessed: [DraftField; EventField::ALL.len()],
    /// How sure the guesses are, and why.
    pub judged: [Judgment; EventField::ALL.len()],
}

/// How well what is chosen for a field fits it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgment {
    /// How sure that is, from 0 to 1; `None` where it was not judged.
    pub confidence: Option<f64>,
    /// Why, as a short sentence.
    pub why: String,
    /// What is wrong with the expression, as a sentence.
    pub problem: Option<String>,
}

/// How a known schema fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaFit {
    /// It fits.
    Whole,
    /// Some of its columns are there.
    Part,
    /// It does not.
    None,
}

/// A known schema that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriedSchema {
    /// Its name.
    pub name: String,
    /// How it fits.
    pub fit: SchemaFit,
    /// Why: `no emt_messages`, `5 of 6 columns`.
    pub why: String,
}

/// What a file can be mapped from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapSurvey {
    /// Whether it is a database; a log is one table.
    pub is_database: bool,
    /// Its tables and views.
    pub tables: Vec<MapTable>,
    /// The table that is chosen at first.
    pub chosen: usize,
    /// The known schemas that were tried, the best first.
    pub tried: Vec<TriedSchema>,
    /// The known schema that fits, by name.
    pub recognized: Option<String>,
    /// Whether the table chosen at first and others of its shape are one history.
    pub is_grouped: bool,
    /// The ways in which each field can be read, the usual one first.
    pub ways: [Vec<ReadChoice>; EventField::ALL.len()],
    /// What is chosen at first, where that is not what is guessed.
    pub start: Option<MapDraft>,
    /// What tells files with the same tables from others.
    pub fingerprint: String,
}

/// Which preview is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MapKey {
    /// Of which dialog.
    pub session: u64,
    /// Of which choices.
    pub draft: MapDraft,
}

/// What is asked of the dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MapEdit {
    /// Take another table, by its index.
    Table(usize),
    /// Make a field of this text.
    Text(EventField, String),
    /// Read a field in this way.
    ReadAs(EventField, ReadChoice),
    /// Show these rows.
    Sampling(Sampling),
    /// Keep the mapping for files with the same tables, or not.
    Keep(bool),
    /// Put the mapping on the clipboard.
    Copy,
    /// Open the file so.
    Open,
    /// Leave all as it was.
    Cancel,
}

/// The mapping that somebody works on.
#[derive(Debug)]
pub struct Mapping {
    /// Told apart from dialogs before it by this number.
    pub session: u64,
    /// The file.
    pub path: PathBuf,
    /// Its name, for people.
    pub name: String,
    /// Why the file could not be opened without a mapping; `None` where it could.
    pub refused: Option<String>,
    /// What the file has, or why that cannot be said; `None` while it is looked at.
    pub survey: Option<Result<Arc<MapSurvey>, String>>,
    /// What is chosen so far.
    pub draft: MapDraft,
    /// Which rows are shown.
    pub sampling: Sampling,
    /// Whether the mapping is kept for files with the same tables.
    pub keeps: bool,
    /// What comes of the draft.
    pub preview: Answer<MapKey, Result<MapPreview, String>>,
    /// When something was typed last: what is being typed is not asked for at each key.
    pub typed_at: Option<Duration>,
}

impl Mapping {
    /// A mapping of a file that is about to be looked at.
    pub fn new(session: u64, path: PathBuf, name: String, refused: Option<String>) -> Self {
        Self {
            session,
            path,
            name,
            refused,
            survey: None,
            draft: MapDraft::default(),
            sampling: Sampling::First,
            keeps: true,
            preview: Answer::default(),
            typed_at: None,
        }
    }

    /// Takes in what the file has, and fills in what is guessed.
    pub fn take_survey(&mut self, survey: Result<MapSurvey, String>) {
        if let Ok(found) = &survey {
            let guessed = || draft_of(found, found.chosen);
            self.draft = found.start.clone().unwrap_or_else(guessed);
        }
        self.survey = Some(survey.map(Arc::new));
    }

    /// What the file has, once it is known.
    pub fn found(&self) -> Option<&Arc<MapSurvey>> {
        self.survey.as_ref()?.as_ref().ok()
    }

    /// The table chosen.
    pub fn table(&self) -> Option<&MapTable> {
        self.found()?.tables.get(self.draft.table)
    }

    /// The question that a preview must answer; `None` while there is nothing to ask about.
    pub fn key(&self) -> Option<MapKey> {
        self.table().filter(|table| table.closed.is_none())?;
        Some(MapKey {
            session: self.session,
            draft: self.draft.clone(),
        })
    }

    /// How well a field fits: by the newest preview, else by the guess while it is unchanged.
    pub fn judgment(&self, field: EventField) -> Judgment {
        let answered = self
            .preview
            .known()
            .filter(|(key, _)| key.draft.table == self.draft.table)
            .filter(|(key, _)| key.draft.field(field) == self.draft.field(field))
            .and_then(|(_, preview)| preview.as_ref().ok())
            .map(|preview| &preview.judged[field.index()]);
        let guessed = self
            .table()
            .filter(|table| &table.guessed[field.index()] == self.draft.field(field))
            .map(|table| &table.judged[field.index()]);
        answered.or(guessed).cloned().unwrap_or_default()
    }

    /// How a field is read.
    pub fn read_as(&self, field: EventField) -> Option<ReadChoice> {
        let usual = || self.found()?.ways[field.index()].first().copied();
        self.draft.field(field).read_as.or_else(usual)
    }

    /// Why nothing can be opened as it is chosen; `None` where it can, as far as is known.
    pub fn refusal(&self) -> Option<&str> {
        if let Some(Err(why)) = &self.survey {
            return Some(why);
        }
        if let Some(why) = self.table().and_then(|table| table.closed) {
            return Some(why);
        }
        match self.preview.for_key(&self.key()?).fresh()? {
            Err(why) => Some(why),
            Ok(preview) => preview.refusal.as_deref(),
        }
    }

    /// Whether the file can be opened as it is chosen.
    pub fn can_open(&self) -> bool {
        self.key().is_some() && self.draft.is_enough() && self.refusal().is_none()
    }

    /// Changes what is chosen; `now` is when.
    pub fn edit(&mut self, edit: MapEdit, now: Duration) {
        match edit {
            MapEdit::Table(table) => {
                if let Some(Ok(found)) = &self.survey
                    && table != self.draft.table
                    && table < found.tables.len()
                {
                    self.draft = draft_of(found, table);
                    self.typed_at = None;
                }
            }
            MapEdit::Text(field, text) => {
                self.draft.fields[field.index()].text = text;
                self.typed_at = Some(now);
            }
            MapEdit::ReadAs(field, choice) => {
                self.draft.fields[field.index()].read_as = Some(choice);
                self.typed_at = None;
            }
            MapEdit::Sampling(sampling) => self.sampling = sampling,
            MapEdit::Keep(keeps) => self.keeps = keeps,
            MapEdit::Copy | MapEdit::Open | MapEdit::Cancel => {}
        }
    }
}

/// The guesses of a table, to begin with.
fn draft_of(survey: &MapSurvey, table: usize) -> MapDraft {
    MapDraft {
        table,
        fields: survey
            .tables
            .get(table)
            .map(|table| table.guessed.clone())
            .unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_needs_a_stream_a_type_and_one_field_more() {
        let mut draft = MapDraft::default();
        let mut set = |field: EventField| {
            draft.fields[field.index()].text = "a".to_owned();
            draft.is_enough()
        };
        assert!(!set(EventField::Stream));
        assert!(!set(EventField::Type));
        assert!(!set(EventField::Actor));
        assert!(set(EventField::Time));
        assert!(!draft.lacks(EventField::Data), "the time is enough");
    }
}
