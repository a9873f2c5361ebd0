//! What was seen of a table or a log: its first rows, column by column.

use std::borrow::Cow;

use crate::event::json::scan;
use crate::source::cell::Cell;

/// A sampled value, owned and cut to its first bytes.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::source) enum Sampled {
    Null,
    Int(i64),
    Real(f64),
    Text(Vec<u8>),
    Blob(Vec<u8>),
    Json(Vec<u8>),
}

/// How much of a sampled value is looked at.
const MAX_SAMPLED: usize = 1 << 16;

impl Sampled {
    pub(in crate::source) fn of(cell: Cell<'_>) -> Self {
        let cut = |bytes: &[u8]| bytes.get(..MAX_SAMPLED).unwrap_or(bytes).to_vec();
        match cell {
            Cell::Null | Cell::Json(b"null") => Self::Null,
            Cell::Int(number) => Self::Int(number),
            Cell::Real(number) => Self::Real(number),
            Cell::Text(bytes) => Self::Text(cut(bytes)),
            Cell::Blob(bytes) => Self::Blob(cut(bytes)),
            Cell::Json(bytes) => Self::Json(cut(bytes)),
            Cell::Time(read) => Self::Text(read.text().into_bytes()),
        }
    }

    pub(in crate::source) fn cell(&self) -> Cell<'_> {
        match self {
            Self::Null => Cell::Null,
            Self::Int(number) => Cell::Int(*number),
            Self::Real(number) => Cell::Real(*number),
            Self::Text(bytes) => Cell::Text(bytes),
            Self::Blob(bytes) => Cell::Blob(bytes),
            Self::Json(bytes) => Cell::Json(bytes),
        }
    }

    /// A JSON text that holds a JSON object or array.
    pub(super) fn is_json_in_text(&self) -> bool {
        self.json_in_text().is_some()
    }

    fn json_in_text(&self) -> Option<Cow<'_, str>> {
        let Self::Json(raw) = self else { return None };
        let text = scan::string_text(raw)?;
        (text.trim_start().starts_with(['{', '[']) && scan::is_json(text.as_bytes()))
            .then_some(text)
    }

    /// The raw text of the JSON that it holds, unpacked where it is packed; cut where it is long.
    pub(super) fn json(&self) -> Option<Cow<'_, [u8]>> {
        if let Some(text) = self.json_in_text() {
            return Some(Cow::Owned(text.into_owned().into_bytes()));
        }
        let bytes = self.cell().bytes()?;
        if begins_structured(Some(bytes)) {
            return Some(Cow::Borrowed(bytes));
        }
        super::payload::decoded_json(self.cell()).map(Cow::Owned)
    }
}

pub(super) fn begins_structured(bytes: Option<&[u8]>) -> bool {
    let first = bytes.map(<[u8]>::trim_ascii_start).and_then(<[u8]>::first);
    matches!(first, Some(b'{' | b'['))
}

/// A column or key with what was seen in it.
#[derive(Clone, Debug, Default)]
pub(in crate::source) struct Column {
    pub(in crate::source) name: String,
    /// Whether the table itself says that each value stands once.
    pub(in crate::source) is_unique: bool,
    /// One value a row, in the order of the rows.
    pub(in crate::source) samples: Vec<Sampled>,
}

/// A table or a log to be weighed.
#[derive(Clone, Debug, Default)]
pub(in crate::source) struct Candidate {
    /// The table's name; empty for a log.
    pub(in crate::source) table: String,
    pub(in crate::source) columns: Vec<Column>,
}
