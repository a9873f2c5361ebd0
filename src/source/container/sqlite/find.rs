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
use crate::source::guess::{
    Candidate, Column, Guess, Sampled, group, guess_tables, mapping_to_start_from,
};
use crate::source::synonyms::{normalized, sureness};

/// How many rows of a table are looked at to find out what it holds, from its beginning and its end.
const N_FIRST: usize = 1500;
const N_LAST: usize = 100;
/// After so many bytes no more rows are looked at.
const MAX_SAMPLED_BYTES: usize = 4 << 20;

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
    let candidates: Vec<Candidate> = schema
        .tables
        .iter()
        .filter(is_asked)
        .map(|table| candidate(connection, table))
        .collect();
    let mut guesses = guess_tables(ContainerKind::Sqlite, &candidates);
    let has = |guess: &Guess, role| maps(role) || guess.format.roles.contains_key(&role);
    let plausible = |guess: &Guess| {
        guess.missing.is_empty()
            || mapping.is_some() && has(guess, Role::Stream) && has(guess, Role::Type)
    };
    let Some(at) = guesses.iter().position(plausible) else {
        return Err(refusal(schema, &guesses));
    };
    let best = guesses.remove(at);
    let alike = if at == 0 {
        group(&best, &guesses)
    } else {
        Vec::new()
    };
    let (alike, others): (Vec<Guess>, Vec<Guess>) = guesses
        .into_iter()
        .partition(|other| alike.contains(&other.format.table));
    for other in others
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
    let reasons = best.reasons.clone();
    let is_one_of_several = !alike.is_empty();
    let mut formats: Vec<StoreFormat> = std::iter::once(best)
        .chain(alike)
        .map(|guess| guess.format)
        .collect();
    for format in &mut formats {
        format.category_is_table = is_one_of_several;
    }
    if let Some(first) = formats.first_mut() {
        first.snapshots = schema
            .tables
            .iter()
            .filter_map(|table| snapshot_table(table, first))
            .collect();
    }
    Ok((formats, Some(reasons)))
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
    Error::Unrecognized {
        why: format!(
            "no table looks like stored events; the best guess is \"{}\" ({roles}), but no column there names {}",
            best.format.table,
            best.missing.join(" and ")
        ),
        start: mapping_to_start_from(best),
    }
}

/// A table with samples of its first rows, and of its last ones where it is longer.
pub(super) fn candidate(connection: &Connection, table: &Table) -> Candidate {
    let columns = table.columns.iter().map(|column| Column {
        name: column.name.clone(),
        is_unique: column.is_unique,
        samples: Vec::new(),
    });
    let mut candidate = Candidate {
        table: table.name.clone(),
        columns: columns.collect(),
    };
    let mut n_bytes = 0;
    let first = table.rowid_name().map(|rowid| format!("ORDER BY {rowid}"));
    let first = first.unwrap_or_default();
    let n_first = sample(
        connection,
        table,
        &first,
        N_FIRST,
        &mut candidate,
        &mut n_bytes,
    );
    let Some(rowid) = table.rowid_name().filter(|_| n_first == N_FIRST) else {
        return candidate;
    };
    let mut last = Candidate {
        table: String::new(),
        columns: candidate.columns.clone(),
    };
    for column in &mut last.columns {
        column.samples.clear();
    }
    // Rows that stand in both would count twice.
    let order = format!(
        "WHERE {rowid} > (SELECT {rowid} FROM main.{} ORDER BY {rowid} LIMIT 1 OFFSET {}) ORDER BY {rowid} DESC",
        quoted(&table.name),
        N_FIRST - 1
    );
    n_bytes = 0;
    sample(connection, table, &order, N_LAST, &mut last, &mut n_bytes);
    for (column, last) in candidate.columns.iter_mut().zip(last.columns) {
        column.samples.extend(last.samples.into_iter().rev());
    }
    candidate
}

/// Adds rows to the samples of a table and says how many it were.
fn sample(
    connection: &Connection,
    table: &Table,
    order: &str,
    limit: usize,
    into: &mut Candidate,
    n_bytes: &mut usize,
) -> usize {
    let names: Vec<String> = table.columns.iter().map(|c| quoted(&c.name)).collect();
    let sql = format!(
        "SELECT {} FROM main.{} {order} LIMIT {limit}",
        names.join(","),
        quoted(&table.name)
    );
    let mut n_rows = 0;
    // What cannot be read here is reported when the rows are read.
    if let Ok(mut statement) = connection.prepare(&sql)
        && let Ok(mut rows) = statement.query([])
    {
        while let (true, Ok(Some(row))) = (*n_bytes < MAX_SAMPLED_BYTES, rows.next()) {
            n_rows += 1;
            for (at, column) in into.columns.iter_mut().enumerate() {
                let sampled = Sampled::of(row.get_ref(at).map_or(Cell::Null, cell_of));
                *n_bytes += sampled.cell().bytes().map_or(8, <[u8]>::len);
                column.samples.push(sampled);
            }
        }
    }
    n_rows
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
        state: best(Role::Data).as_deref().map(Field::column),
    })
}
