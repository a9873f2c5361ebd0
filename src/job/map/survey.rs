//! What a file has, in the words of the dialog.

use super::draft::role_of;
use super::ways::{choice_of, ways_of};
use crate::event::grouped;
use crate::source::{
    Field, RoleGuess, Survey, SurveyTable, TableKind, TableRole, Tried, TriedFormat, format_by_id,
};
use crate::workbench::{
    DraftField, EventField, Judgment, MapColumn, MapSurvey, MapTable, SchemaFit, TableTag,
    TriedSchema,
};

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
        is_grouped: is_grouped(survey),
        ways: EventField::ALL.map(ways_of),
        start: None,
        fingerprint: survey.fingerprint(),
    }
}

/// Whether the table chosen and others are read as one history: as it is guessed, those that give all
/// fields but the stream from the same columns are.
fn is_grouped(survey: &Survey) -> bool {
    let Some(chosen) = survey.chosen_table() else {
        return false;
    };
    let is_alike = |other: &SurveyTable| {
        let same = |field: &EventField| {
            let place = |table: &SurveyTable| {
                table
                    .guess(role_of(*field))
                    .map(|guess| guess.field.clone())
            };
            *field == EventField::Stream || place(other) == place(chosen)
        };
        other.role == TableRole::Events
            && other.name != chosen.name
            && EventField::ALL.iter().all(same)
    };
    chosen.role == TableRole::Events
        && chosen.guess(role_of(EventField::Category)).is_none()
        && survey.tables.iter().any(is_alike)
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

pub(super) fn judgment(guess: &RoleGuess) -> Judgment {
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
        Tried::NoTable(pattern) if pattern.contains('*') => {
            (SchemaFit::None, "no table fits".to_owned())
        }
        Tried::NoTable(table) => (SchemaFit::None, format!("no {table}")),
    };
    TriedSchema {
        name: tried.name.clone(),
        fit,
        why,
    }
}
