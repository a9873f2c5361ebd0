//! One row as a record: the fields of the columns that are read, and what is wrong with the row.

use std::ops::ControlFlow;

use super::split::{Dialect, Quoting, Span};
use super::walk::{At, Loss, Met, Row};
use crate::event::Place;
use crate::source::bound::Bound;
use crate::source::cell::Cell;
use crate::source::container::{Item, Outline, Sink};
use crate::source::format::Role;

/// Where the columns that are read stand in a row, and room for the fields that are not read as they
/// lie there.
pub(super) struct Slots {
    dialect: Dialect,
    /// For each column of the bound roles its place in a row; none where there is no such column.
    places: Vec<Option<usize>>,
    unescaped: Vec<Vec<u8>>,
}

impl Slots {
    pub(super) fn new(dialect: Dialect, bound: &Bound, names: &[String]) -> Self {
        let place = |column: &String| names.iter().position(|name| name == column);
        let places: Vec<_> = bound.columns.iter().map(place).collect();
        Self {
            dialect,
            unescaped: vec![Vec::new(); places.len()],
            places,
        }
    }

    /// Reads the fields of a row; only those with escaped quotes are copied.
    #[inline]
    pub(super) fn fill(&mut self, text: &[u8], spans: &[Span]) {
        for (place, room) in self.places.iter().zip(&mut self.unescaped) {
            let Some(span) = place.and_then(|place| spans.get(place)) else {
                continue;
            };
            if matches!(span.quoting, Quoting::Escaped | Quoting::Stray) {
                room.clear();
                self.dialect.unescape(Dialect::raw(text, *span), room);
            }
        }
    }

    /// The value of a column, after [`Self::fill`] with the same row.
    #[inline]
    pub(super) fn get<'a>(&'a self, column: usize, text: &'a [u8], spans: &[Span]) -> Cell<'a> {
        let place = self.places.get(column).copied().flatten();
        let Some(span) = place.and_then(|place| spans.get(place)) else {
            return Cell::Null;
        };
        match span.quoting {
            Quoting::Bare => bare(Dialect::raw(text, *span)),
            Quoting::Plain => Cell::Text(Dialect::raw(text, *span)),
            Quoting::Escaped | Quoting::Stray => {
                Cell::Text(self.unescaped.get(column).map_or(&[], Vec::as_slice))
            }
        }
    }
}

/// A field without quotes: nothing, or one of the words that databases export for it, is NULL.
#[inline]
pub(super) fn bare(field: &[u8]) -> Cell<'_> {
    match field {
        b"" | b"\\N" | b"NULL" => Cell::Null,
        // An empty text, as bcp writes it, for nothing means NULL there.
        b"\0" => Cell::Text(b""),
        text => Cell::Text(text),
    }
}

/// Takes rows and hands them on as records.
pub(super) struct Taking<'a> {
    pub(super) bound: &'a Bound,
    pub(super) slots: Slots,
    pub(super) n_columns: usize,
    pub(super) n_records: u64,
}

impl Taking<'_> {
    /// Hands over what was met; each counts as one record.
    #[inline]
    pub(super) fn take(&mut self, met: &Met<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if let Met::Row(row) = met
            && self.n_columns > 1
            && is_footer(row)
        {
            return ControlFlow::Continue(());
        }
        self.n_records += 1;
        match met {
            Met::Row(row) => self.row(row, sink),
            Met::Lost(first, last, loss) => sink(lost(*first, *last, *loss)),
        }
    }

    #[inline]
    fn row(&mut self, row: &Row<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let Row {
            at, text, spans, ..
        } = *row;
        let n_fields = spans.len();
        // An empty field more is the habit of some writers to end rows with a delimiter.
        let is_ragged = n_fields != self.n_columns
            && !(n_fields == self.n_columns + 1
                && text.last() == Some(&self.slots.dialect.delimiter));
        let is_sound = || memchr::memchr(0, text).is_none() && std::str::from_utf8(text).is_ok();
        if is_ragged || row.is_stray || !(row.is_plain || is_sound()) {
            flaws(row, is_ragged.then_some(self.n_columns), sink)?;
        }
        self.slots.fill(text, spans);
        let get = |column| self.slots.get(column, text, spans);
        let mut inflated: [Vec<u8>; 6] = Default::default();
        let [stream, category, version, event_type, time, occurred] = &mut inflated;
        let bound = self.bound;
        sink(Item::Record(Outline {
            ordinal: at.line,
            place: place(at),
            stream: bound.read(Role::Stream, get, stream),
            category: bound.read(Role::Category, get, category),
            version: bound.read(Role::Version, get, version),
            event_type: bound.read(Role::Type, get, event_type),
            time: bound.read(Role::Time, get, time),
            occurred: bound.read(Role::Occurred, get, occurred),
            text,
        }))
    }
}

/// Whether a row is what sqlcmd and psql write behind a table: `(55 rows affected)`.
fn is_footer(row: &Row<'_>) -> bool {
    let inner = row
        .text
        .strip_prefix(b"(")
        .and_then(|text| text.trim_ascii_end().strip_suffix(b")"));
    let Some(inner) = inner.filter(|_| row.spans.len() == 1) else {
        return false;
    };
    let mut words = inner.split(|byte| *byte == b' ');
    let is_number = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_digit);
    words.next().is_some_and(is_number)
        && matches!(words.next(), Some(b"row" | b"rows"))
        && matches!(words.next(), None | Some(b"affected"))
}

/// A row's place: the offset of its first byte.
fn place(at: At) -> Place {
    Place::at(i64::try_from(at.offset).unwrap_or(i64::MAX))
}

/// Tells what is wrong with a row that is read all the same; `n_columns` where it has another number.
#[cold]
fn flaws(row: &Row<'_>, n_columns: Option<usize>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let mut tell = |kind, message: String| {
        let ordinal = row.at.line;
        sink(Item::Flawed {
            kind,
            ordinal,
            message,
        })
    };
    if let Some(n_columns) = n_columns {
        let n_fields = row.spans.len();
        let message = format!(
            "the row has {n_fields} fields and there are {n_columns} columns; they are taken in order"
        );
        tell("ragged-row", message)?;
    }
    if row.is_stray {
        let message = "text stands behind a closing quote; it is taken as part of the field";
        tell("stray-text", message.to_owned())?;
    }
    let has_nul = |span: &Span| {
        let field = Dialect::raw(row.text, *span);
        field != b"\0" && memchr::memchr(0, field).is_some()
    };
    if row.spans.iter().any(has_nul) {
        let message = "the row holds NUL bytes; they are kept".to_owned();
        tell("nul-byte", message)?;
    }
    if std::str::from_utf8(row.text).is_err() {
        let message = "the row holds bytes that are not UTF-8; they are kept and shown as such";
        tell("invalid-utf8", message.to_owned())?;
    }
    ControlFlow::Continue(())
}

fn lost(first: i64, last: i64, loss: Loss) -> Item<'static> {
    let lines = if first < last {
        format!("lines {first} to {last}")
    } else {
        "the line".to_owned()
    };
    let (kind, message) = match loss {
        Loss::BrokenQuotes => (
            "unclosed-quote",
            format!(
                "a quote that opens here is not closed at the end of a field; {lines} were left out"
            ),
        ),
        Loss::UnclosedQuote => (
            "unclosed-quote",
            format!(
                "a quote that opens here is never closed; {lines}, up to the end, were left out"
            ),
        ),
        Loss::TooLong => (
            "record-too-long",
            format!("the row is longer than 64 MiB; {lines} were left out"),
        ),
    };
    Item::lost(kind, first, message)
}
