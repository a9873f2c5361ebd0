//! Finds the events of a database that no known format fits: samples of each table are weighed.

use rusqlite::Connection;

use super::quoted;
use super::schema::{Schema, Table};
use super::store::cell_of;
use crate::event::{Problems, Severity};
use crate::source::OpenOptions;
use crate::source::cell::Cell;
use crate::source::error::Error;
use crate::source::field::Field;
use crate::source::format::{ContainerKind, Fields, Role, SnapshotTable, StoreFormat};
use crate::source::guess::{Candidate, Column, Guess, Sampled, guess};
use crate::source::synonyms::{normalized, sureness};

/// How many rows of a table are looked at to find out what it holds.
const N_SAMPLES: usize = 200;

/// The table that looks most like events, where no format fits.
pub(super) fn guess_events(
    connection: &Connection,
    schema: &Schema,
    options: &OpenOptions,
    problems: &mut Problems,
) -> Result<(Vec<StoreFormat>, Option<Vec<String>>), Error> {
    let mapping = options.mapping.as_ref();
    let asked_table = mapping.and_then(|mapping| mapping.table.as_deref());
    let maps = |role| mapping.is_some_and(|mapping| mapping.roles.contains_key(&role));
    let is_asked = |table: &&Table| match asked_table {
        Some(name) => table.name.eq_ignore_ascii_case(name),
        None => !table.name.to_ascii_lowercase().contains("snapshot"),
    };
    let mut guesses: Vec<Guess> = schema
        .tables
        .iter()
        .filter(is_asked)
        .map(|table| guess(ContainerKind::Sqlite, &candidate(connection, table)))
        .collect();
    // The surest first; of equal ones the one with most roles found, then by name.
    guesses.sort_by(|a, b| {
        b.confidence
            .total_cmp(&a.confidence)
            .then(b.format.roles.len().cmp(&a.format.roles.len()))
    });
    let has = |guess: &Guess, role| maps(role) || guess.format.roles.contains_key(&role);
    let plausible = |guess: &Guess| {
        guess.missing.is_empty()
            || mapping.is_some() && has(guess, Role::Stream) && has(guess, Role::Type)
    };
    let Some(at) = guesses.iter().position(plausible) else {
        return Err(refusal(schema, &guesses));
    };
    let best = guesses.swap_remove(at);
    for other in guesses
        .iter()
        .filter(|other| other.confidence > best.confidence * 0.7)
    {
        let message = format!(
            "this table looks like events too; only \"{}\" was read (name the table with a mapping to read this one)",
            best.format.table
        );
        problems.add(
            "other-table",
            Severity::Warning,
            other.format.table.clone(),
            message,
        );
    }
    let mut format = best.format;
    format.snapshots = schema
        .tables
        .iter()
        .filter_map(|table| snapshot_table(table, &format))
        .collect();
    Ok((vec![format], Some(best.reasons)))
}

fn refusal(schema: &Schema, guesses: &[Guess]) -> Error {
    let Some(best) = guesses.first() else {
        let views = if schema.views.is_empty() {
            ""
        } else {
            "; views are not read, for they may be endless"
        };
        return Error::NoEvents(format!(
            "the database has no table that could hold events{views}"
        ));
    };
    let roles = best.format.mapping_line();
    Error::NoEvents(format!(
        "no table looks like stored events; the best guess is \"{}\" ({roles}), but no column there names {}",
        best.format.table,
        best.missing.join(" and ")
    ))
}

/// A table with samples of its first rows.
fn candidate(connection: &Connection, table: &Table) -> Candidate {
    let mut columns: Vec<Column> = table
        .columns
        .iter()
        .map(|column| Column {
            name: column.name.clone(),
            is_unique: column.is_unique,
            samples: Vec::new(),
        })
        .collect();
    let names: Vec<String> = columns.iter().map(|column| quoted(&column.name)).collect();
    let sql = format!(
        "SELECT {} FROM main.{} LIMIT {N_SAMPLES}",
        names.join(","),
        quoted(&table.name)
    );
    // What cannot be read here is reported when the rows are read.
    if let Ok(mut statement) = connection.prepare(&sql)
        && let Ok(mut rows) = statement.query([])
    {
        while let Ok(Some(row)) = rows.next() {
            for (at, column) in columns.iter_mut().enumerate() {
                let cell = row.get_ref(at).map_or(Cell::Null, cell_of);
                column.samples.push(Sampled::of(cell));
            }
        }
    }
    Candidate {
        table: table.name.clone(),
        columns,
    }
}

/// The table as one of saved states, where its name and columns say so.
fn snapshot_table(table: &Table, format: &StoreFormat) -> Option<SnapshotTable> {
    if !table.name.to_ascii_lowercase().contains("snapshot") {
        return None;
    }
    let best = |role: Role| {
        let sure = |name: &str| sureness(role, &normalized(name));
        let best = table
            .columns
            .iter()
            .max_by(|a, b| sure(&a.name).total_cmp(&sure(&b.name)))?;
        (sure(&best.name) > 0.0).then(|| best.name.clone())
    };
    let category = if format.keyed_by_category {
        best(Role::Category)
    } else {
        None
    };
    Some(SnapshotTable {
        table: table.name.clone(),
        stream: Fields(vec![Field::column(&best(Role::Stream)?)]),
        category: category.as_deref().map(Field::column),
        version: Field::column(&best(Role::Version)?),
        version_is_next: false,
    })
}
