//! How the values of a field can be read: the words of the dialog, and the steps of a mapping.

use super::draft::only_column;
use crate::event::TimeUnit;
use crate::source::{Decode, Field, MappingOverride, ReadAs, Unit};
use crate::workbench::{EventField, ReadChoice};

const fn way(key: &'static str, label: &'static str) -> ReadChoice {
    ReadChoice { key, label }
}

/// All ways to read a field, with their words.
const WAYS: &[(ReadAs, ReadChoice)] = &[
    (ReadAs::Text, way("text", "Text")),
    (ReadAs::Integer, way("integer", "Integer")),
    (ReadAs::Time(TimeUnit::Auto), way("time", "Time")),
    (ReadAs::Time(TimeUnit::S), way("unix-s", "Unix time, s")),
    (ReadAs::Time(TimeUnit::Ms), way("unix-ms", "Unix time, ms")),
    (ReadAs::Time(TimeUnit::Us), way("unix-us", "Unix time, µs")),
    (ReadAs::Time(TimeUnit::Ns), way("unix-ns", "Unix time, ns")),
    (ReadAs::Json, way("json", "JSON")),
    (ReadAs::Auto, way("auto", "By its bytes")),
    (ReadAs::Zlib, way("zlib", "JSON, zlib")),
    (ReadAs::Gzip, way("gzip", "JSON, gzip")),
    (ReadAs::Zstd, way("zstd", "JSON, zstd")),
    (ReadAs::Jsonb, way("jsonb", "JSONB")),
    (ReadAs::MessagePack, way("messagepack", "MessagePack")),
    (ReadAs::Cbor, way("cbor", "CBOR")),
    (ReadAs::Yaml, way("yaml", "YAML")),
    (ReadAs::Base64, way("base64", "Base64")),
    (ReadAs::Uuid, way("uuid", "UUID")),
    (ReadAs::Guid, way("guid", "UUID, .NET")),
];

pub(super) fn choice_of(read_as: ReadAs) -> Option<ReadChoice> {
    WAYS.iter()
        .find(|(known, _)| *known == read_as)
        .map(|(_, choice)| *choice)
}

/// The ways in which a field can be read, the usual one first.
pub(super) fn ways_of(field: EventField) -> Vec<ReadChoice> {
    let fits: &[&str] = match field {
        EventField::Position | EventField::Version => &["integer"],
        EventField::Time | EventField::Occurred => {
            &["time", "unix-s", "unix-ms", "unix-us", "unix-ns"]
        }
        EventField::Data | EventField::Metadata => &[
            "auto",
            "json",
            "zlib",
            "gzip",
            "zstd",
            "jsonb",
            "messagepack",
            "cbor",
            "yaml",
            "base64",
        ],
        EventField::Type => &["text"],
        _ => &["text", "uuid", "guid"],
    };
    let choice = |key: &&str| {
        WAYS.iter()
            .find(|(_, choice)| choice.key == *key)
            .map(|(_, choice)| *choice)
    };
    fits.iter().filter_map(choice).collect()
}

/// Notes in the mapping how a field is read.
pub(super) fn read_so(
    mapping: &mut MappingOverride,
    field: EventField,
    place: &Field,
    way: ReadChoice,
) {
    let Some((read_as, _)) = WAYS.iter().find(|(_, choice)| *choice == way) else {
        return;
    };
    if let ReadAs::Time(unit) = read_as {
        // One unit holds for both times; that of the recording goes first.
        if field == EventField::Time || mapping.time_unit.is_none() {
            mapping.time_unit = Some(Unit(*unit));
        }
        return;
    }
    if let (Some(steps), Some(column)) = (steps_of(*read_as), only_column(place)) {
        mapping.decode.insert(column.to_owned(), steps);
    }
}

/// The steps from stored to readable bytes; `None` where a value is read as it stands.
fn steps_of(read_as: ReadAs) -> Option<Vec<Decode>> {
    let steps = match read_as {
        ReadAs::Text | ReadAs::Integer | ReadAs::Time(_) => return None,
        ReadAs::Json => vec![Decode::JsonText],
        ReadAs::Auto => vec![Decode::Auto, Decode::JsonText],
        ReadAs::Zlib => vec![Decode::Zlib],
        ReadAs::Gzip => vec![Decode::Gzip],
        ReadAs::Zstd => vec![Decode::Zstd],
        ReadAs::Jsonb => vec![Decode::Jsonb],
        ReadAs::MessagePack => vec![Decode::Msgpack],
        ReadAs::Cbor => vec![Decode::Cbor],
        ReadAs::Yaml => vec![Decode::Yaml],
        ReadAs::Base64 => vec![Decode::Base64, Decode::Auto],
        ReadAs::Uuid => vec![Decode::Uuid],
        ReadAs::Guid => vec![Decode::Guid],
    };
    Some(steps)
}

/// How a mapping says that a field is read; `None` where it does not.
pub(super) fn way_of(
    mapping: &MappingOverride,
    field: EventField,
    place: &Field,
) -> Option<ReadChoice> {
    let ways = ways_of(field);
    let fits = |read_as: ReadAs| match (read_as, mapping.time_unit) {
        (ReadAs::Time(unit), Some(wanted)) => unit == wanted.0,
        (read_as, _) => {
            let steps = only_column(place).and_then(|column| mapping.decode.get(column));
            steps.is_some() && steps == steps_of(read_as).as_ref()
        }
    };
    let found = WAYS
        .iter()
        .find(|(read_as, choice)| ways.contains(choice) && fits(*read_as));
    found.map(|(_, choice)| *choice)
}
