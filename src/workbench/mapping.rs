//! How the columns of a file become events, while somebody decides it: plain data that jobs fill.
//!
//! [`Mapping`] is the dialog's work: what the file has ([`MapSurvey`]), what is chosen so far
//! ([`MapDraft`]), and what comes of it ([`MapPreview`], an answer that carries its question). Nothing
//! here reads a file; `job` does, and `ui` draws.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::event::Timestamp;

use super::answer::Answer;

/// A part of an event that a column can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventField {
    /// The store's own number, by which events are ordered.
    Position,
    /// The stream's name.
    Stream,
    /// The place in the stream.
    Version,
    /// The event's type.
    Type,
    /// When it was recorded.
    Time,
    /// The payload.
    Data,
    /// The stream's category.
    Category,
    /// What is known about the recording.
    Metadata,
    /// The undertaking.
    Correlation,
    /// The direct cause.
    Causation,
    /// The event's own id.
    Id,
    /// When it happened, beside when it was recorded.
    Occurred,
    /// The shape of the payload.
    SchemaVersion,
    /// Who did it.
    Actor,
}

/// How much an event needs a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// There is no event without it.
    Required,
    /// One of those marked so must be there.
    OneOfThese,
    /// Without it a part of the program stays empty.
    Optional,
}

impl EventField {
    /// All fields, in the order in which they are shown.
    pub const ALL: [Self; 14] = [
        Self::Position,
        Self::Stream,
        Self::Version,
        Self::Type,
        Self::Time,
        Self::Data,
        Self::Category,
        Self::Metadata,
        Self::Correlation,
        Self::Causation,
        Self::Id,
        Self::Occurred,
        Self::SchemaVersion,
        Self::Actor,
    ];

    /// Its name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Position => "Position",
            Self::Stream => "Stream",
            Self::Version => "Version",
            Self::Type => "Type",
            Self::Time => "Time",
            Self::Data => "Data",
            Self::Category => "Category",
            Self::Metadata => "Metadata",
            Self::Correlation => "Correlation",
            Self::Causation => "Causation",
            Self::Id => "Event id",
            Self::Occurred => "Occurred",
            Self::SchemaVersion => "Schema version",
            Self::Actor => "Actor",
        }
    }

    /// The word for it in a mapping file.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Position => "position",
            Self::Stream => "stream",
            Self::Version => "version",
            Self::Type => "type",
            Self::Time => "time",
            Self::Data => "data",
            Self::Category => "category",
            Self::Metadata => "metadata",
            Self::Correlation => "correlation",
            Self::Causation => "causation",
            Self::Id => "id",
            Self::Occurred => "occurred",
            Self::SchemaVersion => "schema_version",
            Self::Actor => "user",
        }
    }

    /// How much an event needs it.
    pub const fn need(self) -> Need {
        match self {
            Self::Stream | Self::Type => Need::Required,
            Self::Version | Self::Time | Self::Data => Need::OneOfThese,
            _ => Need::Optional,
        }
    }

    /// What it costs that no column gives it, as one or two short sentences.
    pub const fn cost(self) -> &'static str {
        match self {
            Self::Position => "No column fits. Events keep the order of the rows.",
            Self::Stream => "No column fits. Without a stream no event can be opened.",
            Self::Version => "No column fits. Annals numbers the events itself.",
            Self::Type => "No column fits. Without a type no event can be opened.",
            Self::Time => "No column fits. The timeline runs by position only.",
            Self::Data => "No column fits. States and event data stay empty.",
            Self::Category => "No column fits. Categories follow from stream names.",
            Self::Metadata => "No column fits. User and headers are not shown.",
            Self::Correlation => "No column fits. Related events are not brought together.",
            Self::Causation => "No column fits. The causation chain and graph stay empty.",
            Self::Id => "No column fits. Duplicate ids cannot be found.",
            Self::Occurred => "No column fits. Only the time of recording is shown.",
            Self::SchemaVersion => "No column fits. Changes of payload shape are not told apart.",
            Self::Actor => "No column fits. Who did it is not shown.",
        }
    }

    /// Its place in [`Self::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

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
    /// The ways in which each field can be read, the usual one first.
    pub ways: [Vec<ReadChoice>; EventField::ALL.len()],
    /// What is chosen at first, where that is not what is guessed.
    pub start: Option<MapDraft>,
    /// What tells files with the same tables from others.
    pub fingerprint: String,
}

/// A row of the file as the event that it would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapRow {
    /// Its position in the history.
    pub position: u64,
    /// Its time with its fraction digits, or what stands there and is no time.
    pub time: Option<Result<(Timestamp, u8), String>>,
    /// Its stream; `None` where the row names none.
    pub stream: String,
    /// Its version, or what stands there and is none.
    pub version: Option<Result<i64, String>>,
    /// Its type.
    pub event_type: String,
    /// Its data as one line, or why it cannot be read.
    pub data: Result<String, String>,
}

impl MapRow {
    /// Whether anything in it could not be read.
    pub fn has_problem(&self) -> bool {
        matches!(self.time, Some(Err(_)))
            || matches!(self.version, Some(Err(_)))
            || self.data.is_err()
    }
}

/// Something to know about what a mapping gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapNote {
    /// Whether something will be missing or marked; else it is only good to know.
    pub is_warning: bool,
    /// What is so, in a sentence or two.
    pub text: String,
}

/// Which rows are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sampling {
    /// The first.
    #[default]
    First,
    /// Some at random.
    Random,
    /// Those with problems.
    Problems,
}

/// What comes of a draft.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapPreview {
    /// How well each field fits, in the order of [`EventField::ALL`].
    pub judged: [Judgment; EventField::ALL.len()],
    /// The first rows, in their order.
    pub first: Vec<MapRow>,
    /// Rows at random, in their order.
    pub random: Vec<MapRow>,
    /// The first rows with problems.
    pub problems: Vec<MapRow>,
    /// How many rows were looked at.
    pub n_looked_at: u64,
    /// Whether these are all rows.
    pub is_whole: bool,
    /// How many of them have problems.
    pub n_problems: u64,
    /// What is to be known.
    pub notes: Vec<MapNote>,
    /// Why nothing can be opened this way; `None` where it can.
    pub refusal: Option<String>,
}

impl MapPreview {
    /// The rows of a kind.
    pub fn rows(&self, sampling: Sampling) -> &[MapRow] {
        match sampling {
            Sampling::First => &self.first,
            Sampling::Random => &self.random,
            Sampling::Problems => &self.problems,
        }
    }
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
    fn each_field_stands_at_its_index() {
        for (at, field) in EventField::ALL.into_iter().enumerate() {
            assert_eq!(field.index(), at, "{field:?}");
        }
    }

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
