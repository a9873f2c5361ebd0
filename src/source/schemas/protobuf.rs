//! Messages of Protobuf by their descriptors, written as JSON: fields by their JSON names, whole numbers
//! with all their digits, and what Google's own types mean.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor,
    ReflectMessage as _, Value,
};

use super::same_name;
use crate::event::json::quote;
use crate::event::{TimeUnit, Timestamp};
use crate::source::varint::zigzag;

/// How deep messages may be nested.
const MAX_DEPTH: usize = 100;
/// The longest path of numbers to a message that a registry's serializers write.
const MAX_PATH: usize = 16;

/// All messages that are known.
#[derive(Clone, Debug, Default)]
pub(super) struct Messages {
    pools: Vec<DescriptorPool>,
}

impl Messages {
    /// Adds the messages of a descriptor set; the error is a sentence.
    pub(super) fn add(&mut self, bytes: &[u8]) -> Result<(), String> {
        let read = catch_unwind(AssertUnwindSafe(|| DescriptorPool::decode(bytes)));
        let pool = match read {
            Ok(Ok(pool)) => pool,
            Ok(Err(error)) => {
                return Err(format!(
                    "this is neither an Avro schema nor a descriptor set of Protobuf ({error}); write one with `protoc --descriptor_set_out=FILE --include_imports`"
                ));
            }
            Err(_) => return Err("this descriptor set is damaged".to_owned()),
        };
        if pool.all_messages().len() == 0 {
            return Err("this descriptor set describes no messages".to_owned());
        }
        self.pools.push(pool);
        Ok(())
    }

    fn find(&self, wanted: &str) -> Option<MessageDescriptor> {
        let by_full_name = self
            .pools
            .iter()
            .find_map(|pool| pool.get_message_by_name(wanted));
        by_full_name.or_else(|| {
            let mut all = self.pools.iter().flat_map(DescriptorPool::all_messages);
            all.find(|message| same_name(message.full_name(), wanted))
        })
    }

    /// A message of this name, as JSON.
    pub(super) fn read(&self, wanted: &str, bytes: &[u8]) -> Option<String> {
        read(self.find(wanted)?, bytes)
    }

    /// A message behind a registry's number: first comes where it stands in its file.
    pub(super) fn read_registered(&self, wanted: Option<&str>, bytes: &[u8]) -> Option<String> {
        let (path, body) = message_path(bytes)?;
        if let Some(found) = wanted.and_then(|wanted| self.find(wanted)) {
            return read(found, body);
        }
        // Without a name the path says it, where there is only one file that it can be in.
        let [pool] = self.pools.as_slice() else {
            return None;
        };
        let file = pool.files().last()?;
        let (first, inner) = path.split_first()?;
        let mut message = file.messages().nth(*first)?;
        for step in inner {
            let child = message.child_messages().nth(*step)?;
            message = child;
        }
        read(message, body)
    }
}

/// The path of numbers before a message, and the message.
fn message_path(bytes: &[u8]) -> Option<(Vec<usize>, &[u8])> {
    let mut rest = bytes;
    let count = usize::try_from(zigzag(&mut rest)?).ok()?;
    if count == 0 {
        return Some((vec![0], rest));
    }
    if count > MAX_PATH {
        return None;
    }
    let path = (0..count).map(|_| usize::try_from(zigzag(&mut rest)?).ok());
    let path = path.collect::<Option<Vec<_>>>()?;
    Some((path, rest))
}

fn read(message: MessageDescriptor, bytes: &[u8]) -> Option<String> {
    let decoded = catch_unwind(AssertUnwindSafe(|| DynamicMessage::decode(message, bytes)));
    let message = decoded.ok()?.ok()?;
    // What is mostly unknown to the descriptor is another message.
    let n_unknown = message.unknown_fields().count();
    if n_unknown > 0 && n_unknown >= message.fields().count() {
        return None;
    }
    let mut out = String::new();
    write_message(&message, 0, &mut out)?;
    Some(out)
}

fn write_message(message: &DynamicMessage, depth: usize, out: &mut String) -> Option<()> {
    if depth > MAX_DEPTH {
        return None;
    }
    let descriptor = message.descriptor();
    if let Some(name) = descriptor.full_name().strip_prefix("google.protobuf.")
        && write_known(name, message, depth, out).is_some()
    {
        return Some(());
    }
    out.push('{');
    let mut is_first = true;
    let mut begin = |name: &str, out: &mut String| {
        if !std::mem::take(&mut is_first) {
            out.push(',');
        }
        quote(name, out);
        out.push(':');
    };
    for (field, value) in message.fields() {
        begin(field.json_name(), out);
        write_field(&field, value, depth, out)?;
    }
    let unknown: BTreeMap<u32, usize> =
        message
            .unknown_fields()
            .fold(BTreeMap::new(), |mut counts, field| {
                *counts.entry(field.number()).or_default() += 1;
                counts
            });
    for (number, count) in unknown {
        begin(&format!("#{number}"), out);
        let times = if count == 1 { "value" } else { "values" };
        quote(
            &format!("{count} {times} that the descriptors do not know"),
            out,
        );
    }
    out.push('}');
    Some(())
}

/// Google's own types, as what they mean.
fn write_known(name: &str, message: &DynamicMessage, depth: usize, out: &mut String) -> Option<()> {
    let field = |number| message.get_field_by_number(number);
    match name {
        "Timestamp" => {
            let (secs, nanos) = (field(1)?.as_i64()?, field(2)?.as_i32()?);
            let ns = secs
                .checked_mul(1_000_000_000)?
                .checked_add(i64::from(nanos))?;
            let read = Timestamp::from_number(ns, TimeUnit::Ns)?;
            let digits = match nanos {
                0 => 0,
                n if n % 1_000_000 == 0 => 3,
                n if n % 1000 == 0 => 6,
                _ => 9,
            };
            quote(&read.time.rfc3339(digits), out);
        }
        "Duration" => {
            let (secs, nanos) = (field(1)?.as_i64()?, field(2)?.as_i32()?);
            let sign = if secs < 0 || nanos < 0 { "-" } else { "" };
            let fraction = format!("{:09}", nanos.unsigned_abs());
            let fraction = fraction.trim_end_matches('0');
            let point = if fraction.is_empty() { "" } else { "." };
            quote(
                &format!("{sign}{}{point}{fraction}s", secs.unsigned_abs()),
                out,
            );
        }
        "Struct" => {
            let fields = field(1)?;
            write_map(fields.as_map()?, &value_kind(message)?, depth, out)?;
        }
        "ListValue" => {
            let values = field(1)?;
            write_list(values.as_list()?, &value_kind(message)?, depth, out)?;
        }
        "Value" => match message.fields().next() {
            None => out.push_str("null"),
            Some((of, _)) if of.number() == 1 => out.push_str("null"),
            Some((of, value)) => write_value(value, &of.kind(), depth, out)?,
        },
        "BoolValue" | "Int32Value" | "Int64Value" | "UInt32Value" | "UInt64Value"
        | "FloatValue" | "DoubleValue" | "StringValue" | "BytesValue" => {
            let kind = message.descriptor().get_field(1)?.kind();
            write_value(field(1)?.as_ref(), &kind, depth, out)?;
        }
        _ => return None,
    }
    Some(())
}

/// The kind of the values in a `Struct` or a `ListValue`.
fn value_kind(message: &DynamicMessage) -> Option<Kind> {
    let field = message.descriptor().get_field(1)?;
    match field.kind() {
        Kind::Message(entry) if entry.is_map_entry() => Some(entry.map_entry_value_field().kind()),
        other => Some(other),
    }
}

fn write_field(
    field: &FieldDescriptor,
    value: &Value,
    depth: usize,
    out: &mut String,
) -> Option<()> {
    match (value, field.kind()) {
        (Value::Map(map), Kind::Message(entry)) if entry.is_map_entry() => {
            write_map(map, &entry.map_entry_value_field().kind(), depth, out)
        }
        (Value::List(list), kind) => write_list(list, &kind, depth, out),
        (value, kind) => write_value(value, &kind, depth, out),
    }
}

fn write_list(list: &[Value], kind: &Kind, depth: usize, out: &mut String) -> Option<()> {
    out.push('[');
    for (n, value) in list.iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        write_value(value, kind, depth + 1, out)?;
    }
    out.push(']');
    Some(())
}

/// A map by the order of its keys, for it has none of its own.
fn write_map(
    map: &std::collections::HashMap<MapKey, Value>,
    kind: &Kind,
    depth: usize,
    out: &mut String,
) -> Option<()> {
    let mut entries: Vec<(&MapKey, &Value)> = map.iter().collect();
    entries.sort_by_key(|(key, _)| *key);
    out.push('{');
    for (n, (key, value)) in entries.into_iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        let key = match key {
            MapKey::Bool(key) => key.to_string(),
            MapKey::I32(key) => key.to_string(),
            MapKey::I64(key) => key.to_string(),
            MapKey::U32(key) => key.to_string(),
            MapKey::U64(key) => key.to_string(),
            MapKey::String(key) => key.clone(),
        };
        quote(&key, out);
        out.push(':');
        write_value(value, kind, depth + 1, out)?;
    }
    out.push('}');
    Some(())
}

fn write_real(number: &impl std::fmt::Debug, out: &mut String) {
    use std::fmt::Write as _;
    write!(out, "{number:?}").ok();
}

fn write_value(value: &Value, kind: &Kind, depth: usize, out: &mut String) -> Option<()> {
    match value {
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::I32(number) => out.push_str(&number.to_string()),
        Value::I64(number) => out.push_str(&number.to_string()),
        Value::U32(number) => out.push_str(&number.to_string()),
        Value::U64(number) => out.push_str(&number.to_string()),
        Value::F32(number) if number.is_finite() => write_real(number, out),
        Value::F64(number) if number.is_finite() => write_real(number, out),
        Value::F32(number) => quote(&number.to_string(), out),
        Value::F64(number) => quote(&number.to_string(), out),
        Value::String(text) => quote(text, out),
        Value::Bytes(bytes) => quote(&STANDARD.encode(bytes), out),
        Value::EnumNumber(number) => {
            let named = match kind {
                Kind::Enum(of) => of.get_value(*number),
                _ => None,
            };
            match named {
                Some(value) => quote(value.name(), out),
                None => out.push_str(&number.to_string()),
            }
        }
        Value::Message(message) => write_message(message, depth + 1, out)?,
        Value::List(list) => write_list(list, kind, depth, out)?,
        Value::Map(map) => write_map(map, kind, depth, out)?,
    }
    Some(())
}
