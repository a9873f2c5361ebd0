//! Nested values as JSON: the members keep their order.
//!
//! A member that is null is left out: a table cannot say whether the event had it.

use arrow_array::Array;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int16Type, Int32Type, Int64Type, RunEndIndexType};
use arrow_schema::DataType;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::value::{Value, dictionary, value};
use crate::event::json::quote;
use crate::source::container::json::MAX_RECORD;
use crate::source::container::turned::uuid;

/// The deepest nesting that is written.
const MAX_DEPTH: usize = 128;

/// Writes a value as JSON; `None` where it becomes longer than a record may be, or too deep.
pub(super) fn write(array: &dyn Array, row: usize, depth: usize, out: &mut String) -> Option<()> {
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

fn run<T: RunEndIndexType>(array: &dyn Array, row: usize) -> (&dyn Array, usize) {
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
