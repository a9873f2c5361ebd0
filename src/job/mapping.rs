//! What the mapping dialog asks for: what a file has, and what comes of the choices made so far.
//!
//! Translates between the words of `source` (roles, ways to read) and those of the dialog.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::job::Outcome;
use super::work::payload_line;
use crate::event::TimeUnit;
use crate::ingest::{Preview, PreviewRow};
use crate::source::{
    Decode, Error, Field, Fields, MappingOverride, OpenOptions, Progress, ReadAs, Role, RoleGuess,
    Source, Survey, SurveyTable, TableKind, TableRole, Tried, TriedFormat, Unit, format_by_id,
};
use crate::workbench::{
    DraftField, EventField, Judgment, MapColumn, MapDraft, MapKey, MapNote, MapPreview, MapRow,
    MapSurvey, MapTable, ReadChoice, SchemaFit, TableTag, TriedSchema,
};

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
            let mut found = survey_of(&survey);
            if let Some(mapping) = &options.mapping {
                begin_with(mapping, &mut found);
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
        Err(error) => Outcome::Mapped(task.key.clone(), Err(error.to_string())),
        Ok(preview) => Outcome::Mapped(task.key.clone(), Ok(Box::new(preview))),
    }
}

fn previewed(task: &MapTask, progress: &Arc<Progress>) -> Result<MapPreview, Error> {
    let draft = &task.key.draft;
    let source = Source::File(task.path.clone());
    let mut answer = MapPreview {
        judged: judge_all(task, &source, progress)?,
        ..MapPreview::default()
    };
    answer.refusal = refusal(draft, &answer.judged);
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

/// Why the draft makes no events, before anything is read.
fn refusal(draft: &MapDraft, judged: &[Judgment]) -> Option<String> {
    let problem = EventField::ALL.into_iter().find_map(|field| {
        let problem = judged.get(field.index())?.problem.as_ref()?;
        Some(format!("{}: {problem}", field.label()))
    });
    if problem.is_some() {
        return problem;
    }
    for (field, what) in [(EventField::Stream, "stream"), (EventField::Type, "type")] {
        if draft.lacks(field) {
            return Some(format!("Choose a column for the {what} to open this file."));
        }
    }
    let more = "Choose a column for the data, the version or the time to open this file.";
    (!draft.is_enough()).then(|| more.to_owned())
}

/// Judges each field that is not as it was guessed.
fn judge_all(
    task: &MapTask,
    source: &Source,
    progress: &Arc<Progress>,
) -> Result<[Judgment; EventField::ALL.len()], Error> {
    let draft = &task.key.draft;
    let mut judged: [Judgment; EventField::ALL.len()] = Default::default();
    let Some(table) = task.survey.tables.get(draft.table) else {
        return Ok(judged);
    };
    let mut fields = BTreeMap::new();
    for field in EventField::ALL {
        let text = draft.field(field).text.trim();
        if text.is_empty() {
            continue;
        }
        match read_field(text, table, task.survey.is_database) {
            Ok(read) => {
                fields.insert(role_of(field), read);
            }
            Err(why) => judged[field.index()].problem = Some(why),
        }
    }
    let table_name = source_name(task);
    for field in EventField::ALL {
        let Some(read) = fields.get(&role_of(field)) else {
            continue;
        };
        judged[field.index()] = if let Some(known) = known_judgment(task, table, field) {
            known.clone()
        } else {
            let role = role_of(field);
            let mut others = fields.clone();
            others.remove(&role);
            crate::source::judge(source, table_name, role, read, &others, progress)?
                .map_or_else(Judgment::default, |guess| judgment(&guess))
        };
    }
    Ok(judged)
}

/// What is known of a field as it is now, from the guess or from an earlier draft.
///
/// What a field is worth may hang on the stream: with another stream it is judged again.
fn known_judgment<'a>(
    task: &'a MapTask,
    table: &'a MapTable,
    field: EventField,
) -> Option<&'a Judgment> {
    let (draft, at) = (&task.key.draft, field.index());
    if draft.fields[at].text == table.guessed[at].text {
        return Some(&table.judged[at]);
    }
    let (before, judged) = task.known.as_ref()?;
    let stream = EventField::Stream.index();
    let is_same = before.table == draft.table
        && before.fields[at].text == draft.fields[at].text
        && before.fields[stream].text == draft.fields[stream].text;
    is_same.then(|| &judged[at])
}

/// The name by which `source` knows the table of a draft; empty for a log.
fn source_name(task: &MapTask) -> &str {
    table_name(&task.key.draft, &task.survey).unwrap_or_default()
}

fn table_name<'a>(draft: &MapDraft, survey: &'a MapSurvey) -> Option<&'a str> {
    let table = survey.tables.get(draft.table)?;
    survey.is_database.then_some(table.name.as_str())
}

/// The mapping that a draft says, as `--mapping` reads it; the error is a sentence.
///
/// Where a known schema fits, only what differs from it is named, so that the rest of the schema
/// goes on to hold; else every field is named, those left open with an empty list.
pub fn mapping_of(draft: &MapDraft, survey: &MapSurvey) -> Result<MappingOverride, String> {
    let Some(table) = survey.tables.get(draft.table) else {
        return Err("There is no such table.".to_owned());
    };
    let builds_on_schema = survey.recognized.is_some() && draft.table == survey.chosen;
    let mut mapping = MappingOverride {
        table: table_name(draft, survey).map(str::to_owned),
        ..MappingOverride::default()
    };
    for field in EventField::ALL {
        let chosen = draft.field(field);
        if builds_on_schema && *chosen == table.guessed[field.index()] {
            continue;
        }
        let text = chosen.text.trim();
        let mut places = Vec::new();
        if !text.is_empty() {
            let read = parse(text).map_err(|why| format!("{}: {why}", field.label()))?;
            let usual = survey.ways[field.index()].first().copied();
            // What is read as it was guessed is left to the guess, which may know more of it.
            let is_guessed = *chosen == table.guessed[field.index()];
            if let Some(way) = chosen.read_as.or(usual).filter(|_| !is_guessed) {
                read_so(&mut mapping, field, &read, way);
            }
            places.push(read);
        }
        mapping.roles.insert(role_of(field), Fields(places));
    }
    Ok(mapping)
}

/// The mapping of a draft as TOML; the error is a sentence.
pub fn mapping_toml(draft: &MapDraft, survey: &MapSurvey) -> Result<String, String> {
    mapping_of(draft, survey).map(|mapping| mapping.to_toml())
}

/// Notes in the mapping how a field is read.
fn read_so(mapping: &mut MappingOverride, field: EventField, place: &Field, way: ReadChoice) {
    let Some((read_as, _)) = WAYS.iter().find(|(_, choice)| *choice == way) else {
        return;
    };
    if let ReadAs::Time(unit) = read_as {
        // One unit holds for both times; that of the recording goes first.
        if field == EventField::Time || mapping.time_unit.is_none() {
            mapping.time_unit = Some(Unit(*unit));
        }
        return;
    }
    if let Some(steps) = steps_of(*read_as) {
        mapping.decode.insert(place.column.clone(), steps);
    }
}

/// The steps from stored to readable bytes; `None` where a value is read as it stands.
fn steps_of(read_as: ReadAs) -> Option<Vec<Decode>> {
    let steps = match read_as {
        ReadAs::Text | ReadAs::Integer | ReadAs::Time(_) => return None,
        ReadAs::Json => vec![Decode::JsonText],
        ReadAs::Auto => vec![Decode::Auto, Decode::JsonText],
        ReadAs::Zlib => vec![Decode::Zlib],
        ReadAs::Gzip => vec![Decode::Gzip],
        ReadAs::Zstd => vec![Decode::Zstd],
        ReadAs::Jsonb => vec![Decode::Jsonb],
        ReadAs::MessagePack => vec![Decode::Msgpack],
        ReadAs::Cbor => vec![Decode::Cbor],
        ReadAs::Yaml => vec![Decode::Yaml],
        ReadAs::Base64 => vec![Decode::Base64, Decode::Auto],
        ReadAs::Uuid => vec![Decode::Uuid],
        ReadAs::Guid => vec![Decode::Guid],
    };
    Some(steps)
}

/// Starts the dialog from a mapping that is in force.
fn begin_with(mapping: &MappingOverride, found: &mut MapSurvey) {
    if let Some(name) = &mapping.table
        && let Some(at) = found
            .tables
            .iter()
            .position(|table| table.name.eq_ignore_ascii_case(name))
    {
        found.chosen = at;
    }
    let Some(table) = found.tables.get(found.chosen) else {
        return;
    };
    let mut draft = MapDraft {
        table: found.chosen,
        fields: table.guessed.clone(),
    };
    for field in EventField::ALL {
        let Some(places) = mapping.roles.get(&role_of(field)) else {
            continue;
        };
        let place = places.0.first();
        let text = place.map_or_else(String::new, Field::to_string);
        let way = place.and_then(|place| way_of(mapping, field, place));
        let chosen = &mut draft.fields[field.index()];
        if chosen.text != text || way.is_some() {
            *chosen = DraftField { text, read_as: way };
        }
    }
    found.start = Some(draft);
}

/// How a mapping says that a field is read; `None` where it does not.
fn way_of(mapping: &MappingOverride, field: EventField, place: &Field) -> Option<ReadChoice> {
    let ways = ways_of(field);
    let fits = |read_as: ReadAs| match (read_as, mapping.time_unit) {
        (ReadAs::Time(unit), Some(wanted)) => unit == wanted.0,
        (read_as, _) => {
            let steps = mapping.decode.get(&place.column);
            steps.is_some() && steps == steps_of(read_as).as_ref()
        }
    };
    let found = WAYS
        .iter()
        .find(|(read_as, choice)| ways.contains(choice) && fits(*read_as));
    found.map(|(_, choice)| *choice)
}

/// A field as written, with columns that the table has.
fn read_field(text: &str, table: &MapTable, is_database: bool) -> Result<Field, String> {
    let field = parse(text)?;
    let has = |name: &str| {
        table
            .columns
            .iter()
            .any(|known| known.name.eq_ignore_ascii_case(name))
    };
    // A log's keys are known from its first records only: a rare one may come later.
    if is_database && !has(&field.column) {
        return Err(format!("There is no column \"{}\".", field.column));
    }
    Ok(field)
}

fn parse(text: &str) -> Result<Field, String> {
    let mut steps = text.split('/').map(str::to_owned);
    Ok(Field {
        column: steps.next().unwrap_or_default(),
        path: steps.collect(),
    })
}

/// The role of `source` that a field of the dialog is.
fn role_of(field: EventField) -> Role {
    Role::ALL
        .into_iter()
        .find(|role| role.name() == field.key())
        .unwrap_or(Role::Stream)
}

/// What a survey says, in the words of the dialog.
pub(super) fn survey_of(survey: &Survey) -> MapSurvey {
    let is_database = !survey
        .tables
        .iter()
        .any(|table| table.kind == TableKind::Log);
    let name_of =
        |id: &String| format_by_id(id).map_or_else(|| id.clone(), |format| format.name.clone());
    // Events stand first, then saved states, then the rest; views and virtual tables last.
    let mut order: Vec<usize> = (0..survey.tables.len()).collect();
    order.sort_by_key(|at| {
        survey
            .tables
            .get(*at)
            .map(|table| rank(table, *at == survey.chosen))
    });
    let tables = order.iter().filter_map(|at| survey.tables.get(*at));
    MapSurvey {
        is_database,
        tables: tables.map(|table| table_of(table, &survey.name)).collect(),
        chosen: order
            .iter()
            .position(|at| *at == survey.chosen)
            .unwrap_or_default(),
        tried: survey.tried.iter().map(tried_of).collect(),
        recognized: survey.recognized.as_ref().map(name_of),
        ways: EventField::ALL.map(ways_of),
        start: None,
        fingerprint: survey.fingerprint(),
    }
}

/// The rank of a table in the list: the lower the earlier.
fn rank(table: &SurveyTable, is_chosen: bool) -> (u8, u8) {
    let kind = match table.kind {
        TableKind::Table | TableKind::Log => 0,
        TableKind::View => 1,
        TableKind::Virtual => 2,
    };
    let role = match table.role {
        _ if is_chosen => 0,
        TableRole::Events => 1,
        TableRole::Snapshots => 2,
        TableRole::Other => 3,
    };
    (kind, role)
}

fn table_of(table: &SurveyTable, file: &str) -> MapTable {
    let rows = |n_rows: u64| match n_rows {
        1 => "1 row".to_owned(),
        n_rows => format!("{} rows", grouped(n_rows)),
    };
    let records = |n_rows: u64| match n_rows {
        1 => "1 record".to_owned(),
        n_rows => format!("{} records", grouped(n_rows)),
    };
    let (about, closed) = match table.kind {
        TableKind::Table => (table.n_rows.map_or_else(|| "table".to_owned(), rows), None),
        TableKind::Log => (
            table.n_rows.map_or_else(|| "records".to_owned(), records),
            None,
        ),
        TableKind::View => (
            "view".to_owned(),
            Some("Views are not read, for they may be endless. Map the tables behind it."),
        ),
        TableKind::Virtual => (
            "virtual table".to_owned(),
            Some("Virtual tables need code of their own and are not read."),
        ),
    };
    let mut made = MapTable {
        name: if table.name.is_empty() {
            file.to_owned()
        } else {
            table.name.clone()
        },
        about,
        n_rows: table.n_rows,
        tag: match table.role {
            TableRole::Events => TableTag::Events,
            TableRole::Snapshots => TableTag::Snapshots,
            TableRole::Other => TableTag::None,
        },
        closed,
        columns: table
            .columns
            .iter()
            .map(|column| MapColumn {
                name: column.name.clone(),
                written: Field::column(&column.name).to_string(),
                declared: column.declared.clone(),
            })
            .collect(),
        ..MapTable::default()
    };
    for field in EventField::ALL {
        if let Some(guess) = table.guess(role_of(field)) {
            made.guessed[field.index()] = DraftField {
                text: guess.field.clone(),
                read_as: choice_of(guess.read_as).filter(|way| ways_of(field).contains(way)),
            };
            made.judged[field.index()] = judgment(guess);
        }
    }
    made
}

fn judgment(guess: &RoleGuess) -> Judgment {
    Judgment {
        confidence: Some(guess.confidence),
        why: guess.why.clone(),
        problem: None,
    }
}

fn tried_of(tried: &TriedFormat) -> TriedSchema {
    let (fit, why) = match &tried.verdict {
        Tried::Fits => (SchemaFit::Whole, "fits".to_owned()),
        Tried::Partly { found, of } => (SchemaFit::Part, format!("{found} of {of} columns")),
        Tried::NoTable(table) => (SchemaFit::None, format!("no {table}")),
    };
    TriedSchema {
        name: tried.name.clone(),
        fit,
        why,
    }
}

const fn way(key: &'static str, label: &'static str) -> ReadChoice {
    ReadChoice { key, label }
}

/// All ways to read a field, with their words.
const WAYS: &[(ReadAs, ReadChoice)] = &[
    (ReadAs::Text, way("text", "Text")),
    (ReadAs::Integer, way("integer", "Integer")),
    (ReadAs::Time(TimeUnit::Auto), way("time", "Time")),
    (ReadAs::Time(TimeUnit::S), way("unix-s", "Unix time, s")),
    (ReadAs::Time(TimeUnit::Ms), way("unix-ms", "Unix time, ms")),
    (ReadAs::Time(TimeUnit::Us), way("unix-us", "Unix time, µs")),
    (ReadAs::Time(TimeUnit::Ns), way("unix-ns", "Unix time, ns")),
    (ReadAs::Json, way("json", "JSON")),
    (ReadAs::Auto, way("auto", "By its bytes")),
    (ReadAs::Zlib, way("zlib", "JSON, zlib")),
    (ReadAs::Gzip, way("gzip", "JSON, gzip")),
    (ReadAs::Zstd, way("zstd", "JSON, zstd")),
    (ReadAs::Jsonb, way("jsonb", "JSONB")),
    (ReadAs::MessagePack, way("messagepack", "MessagePack")),
    (ReadAs::Cbor, way("cbor", "CBOR")),
    (ReadAs::Yaml, way("yaml", "YAML")),
    (ReadAs::Base64, way("base64", "Base64")),
    (ReadAs::Uuid, way("uuid", "UUID")),
    (ReadAs::Guid, way("guid", "UUID, .NET")),
];

fn choice_of(read_as: ReadAs) -> Option<ReadChoice> {
    WAYS.iter()
        .find(|(known, _)| *known == read_as)
        .map(|(_, choice)| *choice)
}

/// The ways in which a field can be read, the usual one first.
fn ways_of(field: EventField) -> Vec<ReadChoice> {
    let fits: &[&str] = match field {
        EventField::Position | EventField::Version => &["integer"],
        EventField::Time | EventField::Occurred => {
            &["time", "unix-s", "unix-ms", "unix-us", "unix-ns"]
        }
        EventField::Data | EventField::Metadata => &[
            "auto",
            "json",
            "zlib",
            "gzip",
            "zstd",
            "jsonb",
            "messagepack",
            "cbor",
            "yaml",
            "base64",
        ],
        EventField::Type => &["text"],
        _ => &["text", "uuid", "guid"],
    };
    let choice = |key: &&str| {
        WAYS.iter()
            .find(|(_, choice)| choice.key == *key)
            .map(|(_, choice)| *choice)
    };
    fits.iter().filter_map(choice).collect()
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

fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (nr, digit) in digits.chars().enumerate() {
        if nr > 0 && (digits.len() - nr).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// An error as a sentence.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let text: String = chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    });
    format!("{text}.")
}
