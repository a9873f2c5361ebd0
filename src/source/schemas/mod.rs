//! Payloads that say nothing without a schema: Protobuf by descriptors, Avro by schemas in JSON. What no
//! schema fits stays the bytes that it is.
//!
//! A message is found by the number that a schema registry puts before it, by the name of the event's type,
//! or by what the user says.

pub(in crate::source) mod avro;
mod protobuf;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::error::Error;
use super::evidence::regular;
use avro::Schema;
use protobuf::Messages;

/// The largest file of schemas.
const MAX_FILE: u64 = 64 << 20;
/// The longest payload that is read by a schema.
const MAX_PAYLOAD: usize = 16 << 20;

/// Schemas that payloads are read by.
#[derive(Clone, Debug, Default)]
pub struct Schemas {
    /// The files that they stand in.
    files: Vec<PathBuf>,
    messages: Messages,
    avro: Vec<AvroSchema>,
    /// For event types the name of the message or record that they carry.
    named: BTreeMap<String, String>,
}

impl PartialEq for Schemas {
    fn eq(&self, other: &Self) -> bool {
        self.files == other.files && self.named == other.named
    }
}

#[derive(Clone, Debug)]
struct AvroSchema {
    /// Its number in a registry.
    id: Option<u32>,
    name: String,
    schema: Schema,
}

impl Schemas {
    /// Reads descriptor sets of Protobuf (`protoc --descriptor_set_out --include_imports`) and schemas of
    /// Avro in JSON, told apart by their content. An Avro schema whose file's name ends in a number, such
    /// as `orders-17.avsc`, has that number in the registry. `named` says for event types which message or
    /// record they carry, where its name is another. The error is a sentence that names the file.
    pub fn load(files: &[PathBuf], named: BTreeMap<String, String>) -> Result<Self, Error> {
        let mut schemas = Self {
            files: files.to_vec(),
            named,
            ..Self::default()
        };
        for file in files {
            schemas
                .add(file)
                .map_err(|error| Error::OneOf(file.display().to_string(), Box::new(error)))?;
        }
        Ok(schemas)
    }

    fn add(&mut self, file: &Path) -> Result<(), Error> {
        if regular(file)?.len() > MAX_FILE {
            return Err(Error::TooMany(
                "the file of schemas is longer than 64 MiB".to_owned(),
            ));
        }
        let bytes = std::fs::read(file).map_err(Error::io("read the schemas"))?;
        let refused = |why: String| Error::Unsupported(why);
        if bytes.trim_ascii_start().starts_with(b"{") || bytes.trim_ascii_start().starts_with(b"[")
        {
            let schema = Schema::parse(&bytes).map_err(refused)?;
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            self.avro.push(AvroSchema {
                id: trailing_number(&stem),
                name: schema.name().unwrap_or(&stem).to_owned(),
                schema,
            });
            return Ok(());
        }
        self.messages.add(&bytes).map_err(refused)
    }

    /// The payload of an event as JSON; `None` where no schema fits it.
    pub(in crate::source) fn read(&self, event_type: Option<&str>, bytes: &[u8]) -> Option<String> {
        if bytes.len() > MAX_PAYLOAD {
            return None;
        }
        let wanted = event_type.map(|name| self.named.get(name).map_or(name, String::as_str));
        if let Some((id, body)) = registered(bytes) {
            let by_id = self.avro.iter().find(|one| one.id == Some(id));
            if let Some(json) = by_id.and_then(|one| one.schema.read_whole(body)) {
                return Some(json);
            }
            let by_name = self.by_name(wanted).or_else(|| self.unnumbered());
            if let Some(json) = by_name.and_then(|schema| schema.read_whole(body)) {
                return Some(json);
            }
            if let Some(json) = self.messages.read_registered(wanted, body) {
                return Some(json);
            }
        }
        let by_name = self.by_name(wanted);
        by_name
            .and_then(|schema| schema.read_whole(bytes))
            .or_else(|| self.messages.read(wanted?, bytes))
    }

    fn by_name(&self, wanted: Option<&str>) -> Option<&Schema> {
        let wanted = wanted?;
        let mut all = self.avro.iter();
        all.find(|one| same_name(&one.name, wanted))
            .map(|one| &one.schema)
    }

    /// The only schema without a number, where there is one.
    fn unnumbered(&self) -> Option<&Schema> {
        match self.avro.as_slice() {
            [only] if only.id.is_none() => Some(&only.schema),
            _ => None,
        }
    }
}

/// What a registry's serializers write: a zero, the number of the schema, and the payload.
fn registered(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (id, body) = bytes.strip_prefix(&[0])?.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*id), body))
}

/// Whether a full name is the one that is asked for, or ends in it: `shop.OrderPlaced` for `OrderPlaced`.
fn same_name(full: &str, wanted: &str) -> bool {
    let rest = full.strip_suffix(wanted);
    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn trailing_number(stem: &str) -> Option<u32> {
    let start = stem
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + 1);
    stem.get(start..)?.parse().ok()
}
