//! Reads a damaged table from its end as far as that goes; what lies between is counted as lost.

use std::ops::ControlFlow;

use rusqlite::Connection;

use super::part::RowKey;
use super::scan::{Plan, rowid};
use crate::event::Place;
use crate::source::container::{Item, Outline, Sink};
use crate::source::error::Error;
use crate::source::guess::Sampled;

/// A row that is held until its turn comes.
struct Held {
    id: i64,
    cells: [Sampled; 6],
}

/// Hands over the rows after the damage, and the damage first; the count is of both.
pub(super) fn salvage(
    connection: &Connection,
    plan: &Plan<'_>,
    last: Option<i64>,
    n_seen: u64,
    n_rows: Option<u64>,
    why: &str,
    sink: &mut Sink<'_>,
) -> Result<u64, Error> {
    let held = rows_after(connection, plan, last)?;
    let first_after = held.first().map(|row| row.id);
    let between = match (last, first_after) {
        (Some(before), Some(after)) => {
            u64::try_from(after.saturating_sub(before).saturating_sub(1)).unwrap_or(0)
        }
        _ => 0,
    };
    let n_found = held.len() as u64;
    let n_lost = n_rows
        .and_then(|rows| rows.checked_sub(n_seen + n_found))
        .unwrap_or(between);
    let message = format!("the table is damaged here ({why}); {n_lost} rows could not be read");
    sink(Item::LostMany {
        n_records: n_lost,
        kind: "damaged-store",
        place: place_of(last, first_after),
        message,
    })
    .is_break();
    for row in &held {
        if give(plan, row, sink).is_break() {
            return Err(Error::Cancelled);
        }
    }
    Ok(n_found + n_lost)
}

/// The rows after `last`, read from the end, in their order.
fn rows_after(
    connection: &Connection,
    plan: &Plan<'_>,
    last: Option<i64>,
) -> Result<Vec<Held>, Error> {
    let mut held: Vec<Held> = Vec::new();
    if let RowKey::RowId(name) = &plan.part.key {
        let condition = format!("e.{name} > {}", last.unwrap_or(i64::MIN));
        let order = format!("e.{name} DESC");
        let mut statement = connection.prepare(&plan.select(Some(condition), &order))?;
        let mut rows = statement.query([])?;
        while let Ok(Some(row)) = rows.next() {
            let cells = std::array::from_fn(|which| {
                let mut scratch = Vec::new();
                let get = |column| Plan::cell(row, column);
                Sampled::of(plan.read(which, get, &mut scratch))
            });
            held.push(Held {
                id: rowid(row).unwrap_or_default(),
                cells,
            });
        }
    }
    held.reverse();
    Ok(held)
}

fn place_of(last: Option<i64>, first_after: Option<i64>) -> String {
    match (last, first_after) {
        (Some(before), Some(after)) => format!(
            "rowid {} to {}",
            before.saturating_add(1),
            after.saturating_sub(1)
        ),
        (Some(before), None) => format!("after rowid {before}"),
        (None, Some(after)) => format!("before rowid {after}"),
        (None, None) => "the whole table".to_owned(),
    }
}

fn give(plan: &Plan<'_>, row: &Held, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let [stream, category, version, event_type, time, occurred] = &row.cells;
    let place = Place {
        at: row.id,
        part: plan.number,
        item: 0,
    };
    sink(Item::Record(Outline {
        ordinal: row.id,
        place,
        stream: stream.cell(),
        category: category.cell(),
        version: version.cell(),
        event_type: event_type.cell(),
        time: time.cell(),
        occurred: occurred.cell(),
        text: b"",
    }))
}
