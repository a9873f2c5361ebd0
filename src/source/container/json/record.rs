//! One JSON object as a record: its members put into the slots of the columns that are read.

use std::ops::ControlFlow;

use super::{Item, Sink};
use crate::event::Place;
use crate::event::json::{JsonError, scan};
use crate::source::bound::Bound;
use crate::source::cell::Cell;
use crate::source::container::Outline;
use crate::source::format::Role;

/// The members of an object that columns are read from.
pub(super) struct Slots<'a> {
    cells: Vec<Cell<'a>>,
    /// Whether one of them stands more than once.
    pub(super) repeats: bool,
    /// What follows the object in the text.
    pub(super) end: usize,
}

impl<'a> Slots<'a> {
    /// Reads an object's members; the whole object is checked against the grammar.
    pub(super) fn read(record: &'a [u8], columns: &[String]) -> Result<Self, JsonError> {
        let mut cells = vec![Cell::Null; columns.len()];
        let mut repeats = false;
        let end = scan::members(record, |key, value| {
            for (column, cell) in columns.iter().zip(&mut cells) {
                if scan::same_key(key, column) {
                    repeats |= *cell != Cell::Null;
                    *cell = Cell::Json(value);
                }
            }
        })?;
        Ok(Self {
            cells,
            repeats,
            end,
        })
    }

    /// The value of a column.
    pub(super) fn get(&self, column: usize) -> Cell<'a> {
        self.cells.get(column).copied().unwrap_or(Cell::Null)
    }
}

/// Hands an object over as a record, with what is wrong with it.
pub(super) fn hand_over(
    record: &[u8],
    slots: &Slots<'_>,
    bound: &Bound,
    ordinal: i64,
    place: Place,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    if std::str::from_utf8(record).is_err() {
        let message =
            "the record holds bytes that are not UTF-8; they are kept and shown as such".to_owned();
        sink(Item::Flawed {
            kind: "invalid-utf8",
            ordinal,
            message,
        })?;
    }
    if slots.repeats {
        let message = "a key stands more than once; the last one counts".to_owned();
        sink(Item::Flawed {
            kind: "duplicate-key",
            ordinal,
            message,
        })?;
    }
    outline(record, |at| slots.get(at), bound, ordinal, place, sink)
}

/// Hands over what the columns of a flawless record give.
#[inline]
pub(super) fn outline<'a>(
    record: &[u8],
    get: impl Fn(usize) -> Cell<'a>,
    bound: &Bound,
    ordinal: i64,
    place: Place,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut inflated: [Vec<u8>; 6] = Default::default();
    let [stream, category, version, event_type, time, occurred] = &mut inflated;
    sink(Item::Record(Outline {
        ordinal,
        place,
        stream: bound.read(Role::Stream, &get, stream),
        category: bound.read(Role::Category, &get, category),
        version: bound.read(Role::Version, &get, version),
        event_type: bound.read(Role::Type, &get, event_type),
        time: bound.read(Role::Time, &get, time),
        occurred: bound.read(Role::Occurred, &get, occurred),
        text: record,
    }))
}

/// The stable word and the sentence for a text that is no object.
pub(super) fn fault(record: &[u8], error: JsonError, is_cut: bool) -> (&'static str, String) {
    if !record.starts_with(b"{") && scan::is_json(record) {
        return ("not-an-object", "this is JSON, but no object".to_owned());
    }
    match error {
        JsonError::Ends { .. } if is_cut => (
            "cut-off-line",
            "the text ends inside a JSON object".to_owned(),
        ),
        JsonError::TooDeep { at } => (
            "too-deep",
            format!("the JSON is nested deeper than the limit at byte {at} of it"),
        ),
        other => ("not-json", format!("this is not valid JSON: {other} of it")),
    }
}
