//! The values of a row, told apart column by column.

use arrow_array::cast::AsArray as _;
use arrow_array::{Array, Int64Array, RecordBatch, StringArray, StringViewArray};
use arrow_schema::{DataType, TimeUnit as ArrowUnit};

use super::value::{Value, count_of, moment, value};
use crate::source::cell::Cell;

/// The values of one row in some columns, and room for those that have to be made.
pub(super) struct Row<'a> {
    columns: Vec<Slot<'a>>,
    values: Vec<Value<'a>>,
    made: Vec<String>,
}

impl<'a> Row<'a> {
    /// Of a batch, all of its columns in their order.
    pub(super) fn of(batch: &'a RecordBatch) -> Self {
        Self::with_times(batch, &[])
    }

    /// The same; of columns that are nothing but a time, no text is made.
    pub(super) fn with_times(batch: &'a RecordBatch, times: &[bool]) -> Self {
        let is_time = |nr: usize| times.get(nr).copied().unwrap_or_default();
        let columns = batch.columns().iter().enumerate();
        let columns: Vec<Slot<'a>> = columns
            .map(|(nr, array)| Slot::of(array.as_ref(), is_time(nr)))
            .collect();
        Self {
            values: vec![Value::Null; columns.len()],
            made: vec![String::new(); columns.len()],
            columns,
        }
    }

    /// Goes to a row.
    pub(super) fn go_to(&mut self, row: usize) {
        let slots = self.values.iter_mut().zip(&mut self.made);
        for (column, (slot, made)) in self.columns.iter().zip(slots) {
            made.clear();
            *slot = column.value(row, made);
        }
    }

    /// How many columns there are.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether a value of the row is longer than a record may be.
    pub(super) fn is_too_long(&self) -> bool {
        self.values.contains(&Value::TooLong)
    }

    /// The cell of a column; nothing where there is no such column.
    pub(super) fn get(&self, column: usize) -> Cell<'_> {
        let made = || {
            self.made
                .get(column)
                .map_or(&b""[..], |text| text.as_bytes())
        };
        match self.values.get(column).copied().unwrap_or_default() {
            Value::Null | Value::TooLong => Cell::Null,
            Value::Int(number) => Cell::Int(number),
            Value::Real(number) => Cell::Real(number),
            Value::Text(text) => Cell::Text(text),
            Value::Blob(bytes) => Cell::Blob(bytes),
            Value::MadeText => Cell::Text(made()),
            Value::MadeJson => Cell::Json(made()),
            Value::Time(time) => Cell::Time(time),
        }
    }
}

/// A column, told apart once for all of its rows where that is worth it.
enum Slot<'a> {
    View(&'a StringViewArray),
    Text(&'a StringArray),
    Int(&'a Int64Array),
    /// A column that is nothing but a time.
    Time(&'a dyn Array, ArrowUnit, bool),
    Other(&'a dyn Array),
}

impl<'a> Slot<'a> {
    fn of(array: &'a dyn Array, is_time: bool) -> Self {
        let known = match array.data_type() {
            DataType::Utf8View => array.as_string_view_opt().map(Self::View),
            DataType::Utf8 => array.as_string_opt().map(Self::Text),
            DataType::Int64 => array.as_primitive_opt().map(Self::Int),
            DataType::Timestamp(unit, zone) if is_time => {
                Some(Self::Time(array, *unit, zone.is_some()))
            }
            _ => None,
        };
        known.unwrap_or(Self::Other(array))
    }

    #[inline]
    fn value(&self, row: usize, made: &mut String) -> Value<'a> {
        match self {
            Self::View(array) if array.is_valid(row) => Value::Text(array.value(row).as_bytes()),
            Self::Text(array) if array.is_valid(row) => Value::Text(array.value(row).as_bytes()),
            Self::Int(array) if array.is_valid(row) => Value::Int(array.value(row)),
            Self::Time(array, unit, is_zoned) if array.is_valid(row) => {
                let number = count_of(*array, *unit, row);
                let read = moment(number, *unit, *is_zoned);
                read.map_or(Value::Int(number), Value::Time)
            }
            Self::Other(array) => value(*array, row, made),
            _ => Value::Null,
        }
    }
}
