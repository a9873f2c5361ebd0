//! One value of a column, whatever the column's type: as a cell of a record, or as JSON where it is
//! nested.
//!
//! Numbers keep their digits, and times the fraction that their unit has.

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
use arrow_array::{Array, ArrowPrimitiveType};
use arrow_schema::{DataType, IntervalUnit, TimeUnit as ArrowUnit};

use super::nested::write;
use crate::event::{ReadTime, TimeUnit, Timestamp};
use crate::source::container::turned::uuid;

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
/// A value; what it has to be made of stands in `made` afterwards.
pub(super) fn value<'a>(array: &'a dyn Array, row: usize, made: &mut String) -> Value<'a> {
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
pub(super) fn count_of(array: &dyn Array, unit: ArrowUnit, row: usize) -> i64 {
    match unit {
        ArrowUnit::Second => primitive::<TimestampSecondType>(array, row),
        ArrowUnit::Millisecond => primitive::<TimestampMillisecondType>(array, row),
        ArrowUnit::Microsecond => primitive::<TimestampMicrosecondType>(array, row),
        ArrowUnit::Nanosecond => primitive::<TimestampNanosecondType>(array, row),
    }
}

/// A moment, with a zone only where the column has one; `None` where it lies beyond all calendars.
pub(super) fn moment(number: i64, unit: ArrowUnit, is_zoned: bool) -> Option<ReadTime> {
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
pub(super) fn dictionary(array: &dyn Array, row: usize) -> Option<(&dyn Array, usize)> {
    let dictionary = array.as_any_dictionary_opt()?;
    let keys = dictionary.keys();
    let key = match keys.data_type() {
        DataType::UInt64 => usize::try_from(primitive::<UInt64Type>(keys, row)).ok()?,
        kind => usize::try_from(whole_number(keys, kind, row)?).ok()?,
    };
    let values = dictionary.values().as_ref();
    (key < values.len()).then_some((values, key))
}

#[cfg(test)]
#[path = "value_tests.rs"]
mod tests;
