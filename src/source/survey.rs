//! What an input could be mapped from: its tables with their columns, the formats that were tried,
//! and what is guessed for each role, with how sure that is and why.
//!
//! Nothing here reads events; tables and logs are sampled. The mapping dialog stands on it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::container::look;
use super::error::Error;
use super::field::Field;
use super::format::{ContainerKind, Role, StoreFormat};
use super::formats::{Shape, all_formats, fits, format_by_id, matching};
use super::guess::{self, Candidate, Column, Guess, guess_tables, is_beside_events};
use super::progress::Progress;
use super::{OpenOptions, Source};
use crate::event::TimeUnit;

/// What a mapping of an input can be made of: its tables, which known formats were tried, what is
/// guessed.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// The input's name, as that of a file.
    pub name: String,
    /// Which kind of container it is.
    pub container: ContainerKind,
    /// Its tables, views and virtual tables by name; a log is one table.
    pub tables: Vec<SurveyTable>,
    /// Each known format of this container, with how it fits; the best first.
    pub tried: Vec<TriedFormat>,
    /// Index of the table that the recognized format or the guess takes; 0 where there is none.
    pub chosen: usize,
    /// The id of the format that fits, if one does.
    pub recognized: Option<String>,
}

impl Survey {
    /// The table that the recognized format or the guess takes.
    pub fn chosen_table(&self) -> Option<&SurveyTable> {
        self.tables.get(self.chosen)
    }
}

/// A table, or a log.
#[derive(Clone, Debug, PartialEq)]
pub struct SurveyTable {
    /// Its name; empty for a log.
    pub name: String,
    /// What it is.
    pub kind: TableKind,
    /// How many rows it has, where that can be told quickly.
    pub n_rows: Option<u64>,
    /// Its columns, or the keys of its records, in their order.
    pub columns: Vec<SurveyColumn>,
    /// What it seems to hold.
    pub role: TableRole,
    /// What is guessed, in the order of [`Role::ALL`]; only what was found.
    pub guesses: Vec<RoleGuess>,
    /// What an event store must have and was not found here, such as `the stream`.
    pub missing: Vec<&'static str>,
}

impl SurveyTable {
    /// The guess for a role.
    pub fn guess(&self, role: Role) -> Option<&RoleGuess> {
        self.guesses.iter().find(|guess| guess.role == role)
    }
}

/// What a surveyed table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// A table of a database.
    Table,
    /// A view: listed, and neither counted nor sampled, for it may be endless.
    View,
    /// A virtual table: listed and never read, for its module is code.
    Virtual,
    /// The records of a log.
    Log,
}

/// What a surveyed table seems to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableRole {
    /// Events.
    Events,
    /// Saved states.
    Snapshots,
    /// Something else.
    Other,
}

/// A column of a table, or a key of a log's records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyColumn {
    /// Its name.
    pub name: String,
    /// Its type as the table declares it, such as `TEXT`; empty for a key.
    pub declared: String,
}

/// What is guessed for one role.
#[derive(Clone, Debug, PartialEq)]
pub struct RoleGuess {
    /// The role.
    pub role: Role,
    /// The column or key, or a place inside its JSON, as the mapping language writes it.
    pub field: String,
    /// How its values are read.
    pub read_as: ReadAs,
    /// How sure that is, from 0 to 1.
    pub confidence: f64,
    /// Why, as one short sentence such as `Counts up by 1 within each stream`.
    pub why: String,
}

/// How the values of a field are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadAs {
    /// Text as it stands; numbers as digits.
    Text,
    /// Whole numbers.
    Integer,
    /// Times; numbers count this unit.
    Time(TimeUnit),
    /// JSON.
    Json,
    /// Unpacked and decoded by what its first bytes say.
    Auto,
    /// JSON packed by zlib.
    Zlib,
    /// JSON packed by gzip.
    Gzip,
    /// JSON packed by zstd.
    Zstd,
    /// SQLite's own binary JSON.
    Jsonb,
    /// MessagePack.
    MessagePack,
    /// CBOR.
    Cbor,
    /// YAML.
    Yaml,
    /// Bytes written as base64.
    Base64,
    /// Sixteen bytes, shown as a UUID.
    Uuid,
    /// Sixteen bytes in .NET's order, shown as a UUID.
    Guid,
}

impl ReadAs {
    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "whole number",
            Self::Time(TimeUnit::Auto) => "time",
            Self::Time(TimeUnit::S) => "time, Unix seconds",
            Self::Time(TimeUnit::Ms) => "time, Unix milliseconds",
            Self::Time(TimeUnit::Us) => "time, Unix microseconds",
            Self::Time(TimeUnit::Ns) => "time, Unix nanoseconds",
            Self::Time(TimeUnit::Ticks) => "time, .NET ticks",
            Self::Time(TimeUnit::Julian) => "time, Julian days",
            Self::Time(TimeUnit::Ulid) => "time inside a ULID",
            Self::Time(TimeUnit::Uuid7) => "time inside a UUID 7",
            Self::Time(TimeUnit::Uuid1) => "time inside a UUID 1",
            Self::Json => "JSON",
            Self::Auto => "as its bytes say",
            Self::Zlib => "JSON in zlib",
            Self::Gzip => "JSON in gzip",
            Self::Zstd => "JSON in zstd",
            Self::Jsonb => "JSONB",
            Self::MessagePack => "MessagePack",
            Self::Cbor => "CBOR",
            Self::Yaml => "YAML",
            Self::Base64 => "base64",
            Self::Uuid => "UUID",
            Self::Guid => "UUID (.NET byte order)",
        }
    }
}

/// A known format that was held against the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriedFormat {
    /// Its name for people.
    pub name: String,
    /// How it fits.
    pub verdict: Tried,
}

/// How a known format fits an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// All that it asks for is there.
    Fits,
    /// Its tables are there, but only some of the columns or keys that it asks for.
    Partly {
        /// How many of them are there.
        found: usize,
        /// How many it asks for.
        of: usize,
    },
    /// A table of this name is missing, or any whose name fits the pattern.
    NoTable(String),
}

/// Looks into an input without reading its events.
///
/// Costs a sample of each table (at most some 1,600 rows or 8 MiB, from its beginning and its end) and
/// a count of up to a million rows. Fails where [`super::open()`] fails before it looks for events, such
/// as for a missing file; an input without events is surveyed all the same.
pub fn survey(
    source: &Source,
    options: &OpenOptions,
    progress: &Arc<Progress>,
) -> Result<Survey, Error> {
    let looked = look(source, progress)?;
    let recognized = match &options.format {
        Some(id) => format_by_id(id),
        None => looked.recognized,
    };
    let candidates: Vec<Candidate> = looked.sampled().map(|t| t.candidate.clone()).collect();
    let guesses = guess_tables(looked.container, &candidates);
    let tables = looked.tables.iter();
    let tables: Vec<SurveyTable> = tables
        .map(|table| {
            let of = guesses
                .iter()
                .find(|g| g.format.table == table.candidate.table);
            surveyed(table, of.filter(|_| table.is_sampled()), recognized)
        })
        .collect();
    let asked = options.mapping.as_ref().and_then(|m| m.table.as_deref());
    let chosen = asked
        .or_else(|| recognized.map(|format| format.table.as_str()))
        .or_else(|| guesses.first().map(|best| best.format.table.as_str()));
    let is_chosen =
        |table: &SurveyTable| chosen.is_some_and(|name| table.name.eq_ignore_ascii_case(name));
    Ok(Survey {
        name: source.name(),
        container: looked.container,
        chosen: tables.iter().position(is_chosen).unwrap_or(0),
        tried: looked.tried,
        recognized: recognized.map(|format| format.id.clone()),
        tables,
    })
}

/// What a field chosen by the user is worth for a role: the same sentence and confidence as a guess.
///
/// `table` is the name of a table of the survey (empty for a log); `others` are the fields of the other
/// roles as they stand in the dialog, against which a version (within the stream), a category or a cause
/// is judged. Costs a sample of that table. `None` where the input has no such table or column.
pub fn judge(
    source: &Source,
    table: &str,
    role: Role,
    field: &Field,
    others: &BTreeMap<Role, Field>,
    progress: &Arc<Progress>,
) -> Result<Option<RoleGuess>, Error> {
    let looked = look(source, progress)?;
    let mut sampled = looked.sampled();
    let found = sampled.find(|t| t.candidate.table.eq_ignore_ascii_case(table));
    let others: Vec<(Role, Field)> = others.iter().map(|(r, f)| (*r, f.clone())).collect();
    Ok(found.and_then(|table| guess::judge(&table.candidate, role, field, &others)))
}

/// What a container was found to hold, before anything is made of it.
pub(super) struct Looked {
    pub(super) container: ContainerKind,
    pub(super) tables: Vec<LookedTable>,
    pub(super) tried: Vec<TriedFormat>,
    pub(super) recognized: Option<&'static StoreFormat>,
}

/// A table or a log with its samples.
pub(super) struct LookedTable {
    pub(super) candidate: Candidate,
    pub(super) kind: TableKind,
    pub(super) n_rows: Option<u64>,
    /// The types of the columns as declared, where they are.
    pub(super) declared: Vec<String>,
}

impl LookedTable {
    fn is_sampled(&self) -> bool {
        matches!(self.kind, TableKind::Table | TableKind::Log)
    }
}

impl Looked {
    /// Holds all known formats of a container against what it has.
    pub(super) fn new(
        container: ContainerKind,
        shape: &impl Shape,
        tables: Vec<LookedTable>,
    ) -> Self {
        let mut tried: Vec<TriedFormat> = all_formats()
            .iter()
            .filter(|format| format.container == container)
            .map(|format| TriedFormat {
                name: format.name.clone(),
                verdict: verdict(format, shape, &tables),
            })
            .collect();
        tried.sort_by_key(|format| match &format.verdict {
            Tried::Fits => (0, 0),
            Tried::Partly { found, of } => (1, of.saturating_sub(*found)),
            Tried::NoTable(_) => (2, 0),
        });
        Self {
            container,
            tried,
            recognized: matching(container, shape),
            tables,
        }
    }

    /// A log by the columns or keys of its first records.
    pub(super) fn log(kind: ContainerKind, shape: &impl Shape, columns: &[Column]) -> Self {
        let log = LookedTable {
            candidate: Candidate {
                columns: columns.to_vec(),
                ..Candidate::default()
            },
            kind: TableKind::Log,
            n_rows: None,
            declared: Vec::new(),
        };
        Self::new(kind, shape, vec![log])
    }

    fn sampled(&self) -> impl Iterator<Item = &LookedTable> {
        self.tables.iter().filter(|table| table.is_sampled())
    }
}

fn verdict(format: &StoreFormat, shape: &impl Shape, tables: &[LookedTable]) -> Tried {
    if fits(format, shape) {
        return Tried::Fits;
    }
    let (mut found, mut of) = (0, 0);
    for signature in &format.signature {
        let same =
            |table: &&LookedTable| table.candidate.table.eq_ignore_ascii_case(&signature.table);
        let Some(table) = tables.iter().find(same) else {
            return Tried::NoTable(signature.table.clone());
        };
        let has = |name: &&String| {
            let columns = &table.candidate.columns;
            columns
                .iter()
                .any(|column| column.name.eq_ignore_ascii_case(name))
        };
        of += signature.columns.len();
        found += signature.columns.iter().filter(has).count();
    }
    Tried::Partly { found, of }
}

fn surveyed(
    table: &LookedTable,
    guess: Option<&Guess>,
    recognized: Option<&StoreFormat>,
) -> SurveyTable {
    let name = &table.candidate.table;
    let is_events = match recognized {
        Some(format) => format.table.eq_ignore_ascii_case(name),
        None => guess.is_some_and(|guess| guess.missing.is_empty()) && !is_beside_events(name),
    };
    let is_snapshots = recognized.is_some_and(|format| {
        let mut saved = format.snapshots.iter();
        saved.any(|saved| saved.table.eq_ignore_ascii_case(name))
    }) || name.to_ascii_lowercase().contains("snapshot");
    let role = if is_events {
        TableRole::Events
    } else if is_snapshots {
        TableRole::Snapshots
    } else {
        TableRole::Other
    };
    let guesses = match recognized.filter(|_| is_events) {
        Some(format) => as_recognized(table, format),
        None => guess.map(|guess| guess.roles.clone()).unwrap_or_default(),
    };
    let declared = table.declared.iter().map(String::as_str);
    let columns = table.candidate.columns.iter();
    SurveyTable {
        name: name.clone(),
        kind: table.kind,
        n_rows: table.n_rows,
        columns: columns
            .zip(declared.chain(std::iter::repeat("")))
            .map(|(column, declared)| SurveyColumn {
                name: column.name.clone(),
                declared: declared.to_owned(),
            })
            .collect(),
        role,
        guesses,
        missing: match guess {
            Some(guess) if !is_events => guess.missing.clone(),
            _ => Vec::new(),
        },
    }
}

/// The roles of a recognized format with what was seen in their places; sure, for it is known.
fn as_recognized(table: &LookedTable, format: &StoreFormat) -> Vec<RoleGuess> {
    let places: Vec<(Role, Field)> = Role::ALL
        .into_iter()
        .filter_map(|role| Some((role, format.fields(role).first()?.clone())))
        .collect();
    let judged = places.iter().filter_map(|(role, field)| {
        let found = guess::judge(&table.candidate, *role, field, &places)?;
        Some(RoleGuess {
            confidence: 1.0,
            ..found
        })
    });
    judged.collect()
}
