//! What is chosen in the dialog as a mapping, and a mapping as what is chosen.

use super::sentence;
use super::ways::{read_so, way_of};
use crate::source::{Field, Fields, MappingOverride, Role};
use crate::workbench::{DraftField, EventField, MapDraft, MapSurvey, MapTable};

/// The mapping that a draft says, as `--mapping` reads it; the error is a sentence.
///
/// Where a known schema fits, or where several tables are one history, only what differs from that is
/// named, so that the rest goes on to hold; else every field is named, those left open with an empty
/// list.
pub fn mapping_of(draft: &MapDraft, survey: &MapSurvey) -> Result<MappingOverride, String> {
    let Some(table) = survey.tables.get(draft.table) else {
        return Err("There is no such table.".to_owned());
    };
    let builds_on_found =
        draft.table == survey.chosen && (survey.recognized.is_some() || survey.is_grouped);
    let mut mapping = MappingOverride {
        table: table_name(draft, survey)
            .filter(|_| !builds_on_found)
            .map(str::to_owned),
        ..MappingOverride::default()
    };
    for field in EventField::ALL {
        let chosen = draft.field(field);
        if builds_on_found && *chosen == table.guessed[field.index()] {
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

/// Starts the dialog from a mapping that is in force.
pub(super) fn begin_with(mapping: &MappingOverride, found: &mut MapSurvey) {
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

/// A field as written, with columns that the table has.
pub(super) fn read_field(text: &str, table: &MapTable, is_database: bool) -> Result<Field, String> {
    let field = parse(text)?;
    let has = |name: &str| {
        table
            .columns
            .iter()
            .any(|known| known.name.eq_ignore_ascii_case(name))
    };
    // A log's keys are known from its first records only: a rare one may come later.
    let absent = field.columns().find(|name| !has(name)).map(str::to_owned);
    match absent.filter(|_| is_database) {
        Some(name) => Err(format!("There is no column \"{name}\".")),
        None => Ok(field),
    }
}

/// The one column that a field reads; `None` for what is put together or reads none.
pub(super) fn only_column(field: &Field) -> Option<&str> {
    let mut columns = field.columns();
    columns.next().filter(|_| columns.next().is_none())
}

/// A field as the mapping language writes it; the error is a sentence.
pub(super) fn parse(text: &str) -> Result<Field, String> {
    Field::parse(text).map_err(|why| sentence(&why))
}

/// The role of `source` that a field of the dialog is.
pub(super) fn role_of(field: EventField) -> Role {
    Role::ALL
        .into_iter()
        .find(|role| role.name() == field.key())
        .unwrap_or(Role::Stream)
}

pub(super) fn table_name<'a>(draft: &MapDraft, survey: &'a MapSurvey) -> Option<&'a str> {
    let table = survey.tables.get(draft.table)?;
    survey.is_database.then_some(table.name.as_str())
}
