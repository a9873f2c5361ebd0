//! One value of a column, whatever the column's type: as a cell of a record, or as JSON where it is
//! nested.
//!
//! Numbers keep their digits, times the fraction that their unit has, and the members of a nested value
//! their order. A member that is null is left out: a table cannot say whether the event had it.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType, DurationSecondType,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    IntervalDayTimeType, IntervalMonthDayNanoType, IntervalYearMonthType, Time32MillisecondType,
    Time32SecondType, Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrowPrimitiveType, Int64Array, RecordBatch, StringArray, StringViewArray,
};
use arrow_schema::{DataType, IntervalUnit, TimeUnit as ArrowUnit};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::event::json::quote;
use crate::event::{ReadTime, TimeUnit, Timestamp};
use crate::source::cell::Cell;
use crate::source::container::json::MAX_RECORD;
use crate::source::container::turned::uuid;

/// The deepest nesting that is written.
const MAX_DEPTH: usize = 128;

/// A value of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Value<'a> {
    #[default]
    Null,
    Int(i64),
    Real(f64),
    Text(&'a [u8]),
    Blob(&'a [u8]),
    /// The text that was made of it.
    MadeText,
    /// The JSON that was made of it.
    MadeJson,
    /// A moment, where nothing else is made of the column.
    Time(ReadTime),
    /// It is longer than a record may be.
    TooLong,
}

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

/// A value; what it has to be made of stands in `made` afterwards.
fn value<'a>(array: &'a dyn Array, row: usize, made: &mut String) -> Value<'a> {
    if array.is_null(row) {
        return Value::Null;
    }
    match array.data_type() {
        DataType::Utf8 => Value::Text(array.as_string::<i32>().value(row).as_bytes()),
        DataType::LargeUtf8 => Value::Text(array.as_string::<i64>().value(row).as_bytes()),
        DataType::Utf8View => Value::Text(array.as_string_view().value(row).as_bytes()),
        DataType::Binary => Value::Blob(array.as_binary::<i32>().value(row)),
        DataType::LargeBinary => Value::Blob(array.as_binary::<i64>().value(row)),
        DataType::BinaryView => Value::Blob(array.as_binary_view().value(row)),
        DataType::FixedSizeBinary(_) => {
            let bytes = array.as_fixed_size_binary().value(row);
            match uuid(bytes) {
                Some(id) => text(made, &id),
                None => Value::Blob(bytes),
            }
        }
        DataType::Float64 => Value::Real(primitive::<Float64Type>(array, row)),
        DataType::Float32 => real(made, &primitive::<Float32Type>(array, row)),
        DataType::Float16 => real(made, &primitive::<Float16Type>(array, row).to_f32()),
        DataType::UInt64 => {
            let number = primitive::<UInt64Type>(array, row);
            match i64::try_from(number) {
                Ok(number) => Value::Int(number),
                Err(_) => json(made, &number.to_string()),
            }
        }
        DataType::Boolean => json(
            made,
            if array.as_boolean().value(row) {
                "true"
            } else {
                "false"
            },
        ),
        DataType::Dictionary(..) => match dictionary(array, row) {
            Some((values, at)) => value(values, at, made),
            None => Value::Null,
        },
        DataType::Struct(_)
        | DataType::List(_)
        | DataType::LargeList(_)
        | DataType::ListView(_)
        | DataType::LargeListView(_)
        | DataType::FixedSizeList(..)
        | DataType::Map(..)
        | DataType::Union(..)
        | DataType::RunEndEncoded(..) => {
            if write(array, row, 0, made).is_some() {
                Value::MadeJson
            } else {
                Value::TooLong
            }
        }
        other => match whole_number(array, other, row) {
            Some(number) => Value::Int(number),
            None => timed(array, other, row, made),
        },
    }
}

fn primitive<T: ArrowPrimitiveType>(array: &dyn Array, row: usize) -> T::Native {
    array.as_primitive::<T>().value(row)
}

fn text<'a>(made: &mut String, text: &str) -> Value<'a> {
    made.push_str(text);
    Value::MadeText
}

fn json<'a>(made: &mut String, text: &str) -> Value<'a> {
    made.push_str(text);
    Value::MadeJson
}

/// A number of 32 or 16 bits with its own digits, not those that it has in 64.
fn real<'a>(made: &mut String, number: &f32) -> Value<'a> {
    if number.is_finite() {
        json(made, &format!("{number:?}"))
    } else {
        text(made, &number.to_string())
    }
}

fn whole_number(array: &dyn Array, kind: &DataType, row: usize) -> Option<i64> {
    Some(match kind {
        DataType::Int8 => i64::from(primitive::<Int8Type>(array, row)),
        DataType::Int16 => i64::from(primitive::<Int16Type>(array, row)),
        DataType::Int32 => i64::from(primitive::<Int32Type>(array, row)),
        DataType::Int64 => primitive::<Int64Type>(array, row),
        DataType::UInt8 => i64::from(primitive::<UInt8Type>(array, row)),
        DataType::UInt16 => i64::from(primitive::<UInt16Type>(array, row)),
        DataType::UInt32 => i64::from(primitive::<UInt32Type>(array, row)),
        DataType::Duration(ArrowUnit::Second) => primitive::<DurationSecondType>(array, row),
        DataType::Duration(ArrowUnit::Millisecond) => {
            primitive::<DurationMillisecondType>(array, row)
        }
        DataType::Duration(ArrowUnit::Microsecond) => {
            primitive::<DurationMicrosecondType>(array, row)
        }
        DataType::Duration(ArrowUnit::Nanosecond) => {
            primitive::<DurationNanosecondType>(array, row)
        }
        _ => return None,
    })
}

/// Times, dates, decimal numbers and what else is left.
fn timed<'a>(array: &dyn Array, kind: &DataType, row: usize, made: &mut String) -> Value<'a> {
    match kind {
        DataType::Timestamp(unit, zone) => {
            timestamp(count_of(array, *unit, row), *unit, zone.is_some(), made)
        }
        DataType::Date32 => date(i64::from(primitive::<Date32Type>(array, row)), made),
        DataType::Date64 => timestamp(
            primitive::<Date64Type>(array, row),
            ArrowUnit::Millisecond,
            false,
            made,
        ),
        DataType::Time32(ArrowUnit::Second) => clock(
            i64::from(primitive::<Time32SecondType>(array, row)),
            ArrowUnit::Second,
            made,
        ),
        DataType::Time32(_) => clock(
            i64::from(primitive::<Time32MillisecondType>(array, row)),
            ArrowUnit::Millisecond,
            made,
        ),
        DataType::Time64(ArrowUnit::Microsecond) => clock(
            primitive::<Time64MicrosecondType>(array, row),
            ArrowUnit::Microsecond,
            made,
        ),
        DataType::Time64(_) => clock(
            primitive::<Time64NanosecondType>(array, row),
            ArrowUnit::Nanosecond,
            made,
        ),
        DataType::Decimal32(..) => json(
            made,
            &array.as_primitive::<Decimal32Type>().value_as_string(row),
        ),
        DataType::Decimal64(..) => json(
            made,
            &array.as_primitive::<Decimal64Type>().value_as_string(row),
        ),
        DataType::Decimal128(..) => json(
            made,
            &array.as_primitive::<Decimal128Type>().value_as_string(row),
        ),
        DataType::Decimal256(..) => json(
            made,
            &array.as_primitive::<Decimal256Type>().value_as_string(row),
        ),
        DataType::Interval(unit) => json(made, &interval(array, *unit, row)),
        _ => Value::Null,
    }
}

fn unit_of(unit: ArrowUnit) -> (TimeUnit, u8) {
    match unit {
        ArrowUnit::Second => (TimeUnit::S, 0),
        ArrowUnit::Millisecond => (TimeUnit::Ms, 3),
        ArrowUnit::Microsecond => (TimeUnit::Us, 6),
        ArrowUnit::Nanosecond => (TimeUnit::Ns, 9),
    }
}

/// What stands in a column of times.
fn count_of(array: &dyn Array, unit: ArrowUnit, row: usize) -> i64 {
    match unit {
        ArrowUnit::Second => primitive::<TimestampSecondType>(array, row),
        ArrowUnit::Millisecond => primitive::<TimestampMillisecondType>(array, row),
        ArrowUnit::Microsecond => primitive::<TimestampMicrosecondType>(array, row),
        ArrowUnit::Nanosecond => primitive::<TimestampNanosecondType>(array, row),
    }
}

/// A moment, with a zone only where the column has one; `None` where it lies beyond all calendars.
fn moment(number: i64, unit: ArrowUnit, is_zoned: bool) -> Option<ReadTime> {
    let (unit, digits) = unit_of(unit);
    Timestamp::from_number(number, unit).map(|read| ReadTime {
        digits,
        zoned: is_zoned,
        ..read
    })
}

/// The same as text; a number where it lies beyond all calendars.
fn timestamp<'a>(number: i64, unit: ArrowUnit, is_zoned: bool, made: &mut String) -> Value<'a> {
    match moment(number, unit, is_zoned) {
        Some(read) => text(made, &read.text()),
        None => Value::Int(number),
    }
}

fn date<'a>(days: i64, made: &mut String) -> Value<'a> {
    match Timestamp::from_number(days * 86_400, TimeUnit::S) {
        Some(read) => {
            let written = read.time.rfc3339(0);
            text(made, written.split('T').next().unwrap_or(&written))
        }
        None => Value::Int(days),
    }
}

/// A time of the day.
fn clock<'a>(number: i64, unit: ArrowUnit, made: &mut String) -> Value<'a> {
    let (_, digits) = unit_of(unit);
    let of_second = 10_i64.pow(u32::from(digits));
    let (secs, rest) = (number.div_euclid(of_second), number.rem_euclid(of_second));
    let (hours, minutes, secs) = (secs / 3600, secs / 60 % 60, secs % 60);
    let width = usize::from(digits);
    match digits {
        0 => text(made, &format!("{hours:02}:{minutes:02}:{secs:02}")),
        _ => text(
            made,
            &format!("{hours:02}:{minutes:02}:{secs:02}.{rest:0width$}"),
        ),
    }
}

fn interval(array: &dyn Array, unit: IntervalUnit, row: usize) -> String {
    match unit {
        IntervalUnit::YearMonth => {
            let months = primitive::<IntervalYearMonthType>(array, row);
            format!("{{\"months\":{months}}}")
        }
        IntervalUnit::DayTime => {
            let span = primitive::<IntervalDayTimeType>(array, row);
            format!("{{\"days\":{},\"ms\":{}}}", span.days, span.milliseconds)
        }
        IntervalUnit::MonthDayNano => {
            let span = primitive::<IntervalMonthDayNanoType>(array, row);
            let (months, days, ns) = (span.months, span.days, span.nanoseconds);
            format!("{{\"months\":{months},\"days\":{days},\"ns\":{ns}}}")
        }
    }
}

/// Where a value of a dictionary column stands among its values.
fn dictionary(array: &dyn Array, row: usize) -> Option<(&dyn Array, usize)> {
    let dictionary = array.as_any_dictionary_opt()?;
    let keys = dictionary.keys();
    let key = match keys.data_type() {
        DataType::UInt64 => usize::try_from(primitive::<UInt64Type>(keys, row)).ok()?,
        kind => usize::try_from(whole_number(keys, kind, row)?).ok()?,
    };
    let values = dictionary.values().as_ref();
    (key < values.len()).then_some((values, key))
}

/// Writes a value as JSON; `None` where it becomes longer than a record may be, or too deep.
fn write(array: &dyn Array, row: usize, depth: usize, out: &mut String) -> Option<()> {
    if depth > MAX_DEPTH || out.len() as u64 > MAX_RECORD {
        return None;
    }
    if array.is_null(row) {
        out.push_str("null");
        return Some(());
    }
    match array.data_type() {
        DataType::Struct(fields) => {
            let columns = fields.iter().zip(array.as_struct().columns());
            let members = columns.map(|(field, column)| (field.name().as_str(), column.as_ref()));
            write_members(members, row, depth, out)
        }
        DataType::List(_) => write_items(array.as_list::<i32>().value(row).as_ref(), depth, out),
        DataType::LargeList(_) => {
            write_items(array.as_list::<i64>().value(row).as_ref(), depth, out)
        }
        DataType::ListView(_) => {
            write_items(array.as_list_view::<i32>().value(row).as_ref(), depth, out)
        }
        DataType::LargeListView(_) => {
            write_items(array.as_list_view::<i64>().value(row).as_ref(), depth, out)
        }
        DataType::FixedSizeList(..) => {
            write_items(array.as_fixed_size_list().value(row).as_ref(), depth, out)
        }
        DataType::Map(..) => {
            let entries = array.as_map().value(row);
            let (keys, values) = (entries.column(0), entries.column(1));
            write_map(keys.as_ref(), values.as_ref(), depth, out)
        }
        DataType::Union(..) => {
            let union = array.as_union();
            let child = union.child(union.type_id(row));
            write(child.as_ref(), union.value_offset(row), depth + 1, out)
        }
        DataType::RunEndEncoded(ends, _) => {
            let (values, at) = match ends.data_type() {
                DataType::Int16 => run::<Int16Type>(array, row),
                DataType::Int64 => run::<Int64Type>(array, row),
                _ => run::<Int32Type>(array, row),
            };
            write(values, at, depth + 1, out)
        }
        DataType::Dictionary(..) => {
            if let Some((values, at)) = dictionary(array, row) {
                return write(values, at, depth + 1, out);
            }
            out.push_str("null");
            Some(())
        }
        _ => {
            write_plain(array, row, out);
            Some(())
        }
    }
}

fn run<T: arrow_array::types::RunEndIndexType>(
    array: &dyn Array,
    row: usize,
) -> (&dyn Array, usize) {
    let runs = array.as_run::<T>();
    (runs.values().as_ref(), runs.get_physical_index(row))
}

fn write_plain(array: &dyn Array, row: usize, out: &mut String) {
    let mut made = String::new();
    match value(array, row, &mut made) {
        Value::Null | Value::TooLong => out.push_str("null"),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Real(number) if number.is_finite() => write_real(number, out),
        Value::Real(number) => quote(&number.to_string(), out),
        Value::Text(text) => quote(&String::from_utf8_lossy(text), out),
        Value::Blob(bytes) => match (std::str::from_utf8(bytes), uuid(bytes)) {
            (Ok(text), _) => quote(text, out),
            (Err(_), Some(id)) => quote(&id, out),
            (Err(_), None) => {
                out.push_str("{\"$binary\":\"");
                STANDARD.encode_string(bytes, out);
                out.push_str("\"}");
            }
        },
        Value::Time(read) => quote(&read.text(), out),
        Value::MadeText => quote(&made, out),
        Value::MadeJson => out.push_str(&made),
    }
}

fn write_real(number: f64, out: &mut String) {
    use std::fmt::Write as _;
    write!(out, "{number:?}").ok();
}

fn write_members<'a>(
    members: impl Iterator<Item = (&'a str, &'a dyn Array)>,
    row: usize,
    depth: usize,
    out: &mut String,
) -> Option<()> {
    out.push('{');
    let mut is_first = true;
    for (name, column) in members.filter(|(_, column)| column.is_valid(row)) {
        if !std::mem::take(&mut is_first) {
            out.push(',');
        }
        quote(name, out);
        out.push(':');
        write(column, row, depth + 1, out)?;
    }
    out.push('}');
    Some(())
}

fn write_items(items: &dyn Array, depth: usize, out: &mut String) -> Option<()> {
    out.push('[');
    for row in 0..items.len() {
        if row > 0 {
            out.push(',');
        }
        write(items, row, depth + 1, out)?;
    }
    out.push(']');
    Some(())
}

/// A map by texts is an object; one by anything else a list of pairs.
fn write_map(keys: &dyn Array, values: &dyn Array, depth: usize, out: &mut String) -> Option<()> {
    let is_text = matches!(
        keys.data_type(),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..)
    );
    out.push(if is_text { '{' } else { '[' });
    for row in 0..keys.len() {
        if row > 0 {
            out.push(',');
        }
        if is_text {
            let mut key = String::new();
            write(keys, row, depth + 1, &mut key)?;
            // A dictionary may hold other things than texts, whose JSON is their name then.
            if key.starts_with('"') {
                out.push_str(&key);
            } else {
                quote(&key, out);
            }
            out.push(':');
            write(values, row, depth + 1, out)?;
        } else {
            out.push('[');
            write(keys, row, depth + 1, out)?;
            out.push(',');
            write(values, row, depth + 1, out)?;
            out.push(']');
        }
    }
    out.push(if is_text { '}' } else { ']' });
    Some(())
}

#[cfg(test)]
#[path = "value_tests.rs"]
mod tests;
