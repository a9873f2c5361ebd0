//! The columns of an event, alike in CSV, Parquet and SQLite: the keys of the exchange format.

use std::borrow::Cow;

use base64::Engine as _;

use super::value::{Column, Kind, Value};
use crate::event::{EventDetail, Payload, Position};
use crate::history::EventLog;
use crate::ingest::extra_json;

/// The columns of an event, in order.
///
/// `position` counts from 0 in the history that was exported. `data` and `metadata` are JSON as
/// presented; what is none stands in `data_text` or, as base64, in `data_base64` instead. `extra` is an
/// object of what the record holds beyond all that. `error` says why a record could not be read.
pub fn event_columns() -> Vec<Column> {
    [
        ("position", Kind::Whole),
        ("store_position", Kind::Text),
        ("stream", Kind::Names),
        ("category", Kind::Names),
        ("version", Kind::Whole),
        ("type", Kind::Names),
        ("schema_version", Kind::Text),
        ("id", Kind::Text),
        ("time", Kind::Time),
        ("time_text", Kind::Text),
        ("version_text", Kind::Text),
        ("occurred", Kind::Time),
        ("data", Kind::Json),
        ("data_text", Kind::Text),
        ("data_base64", Kind::Text),
        ("metadata", Kind::Json),
        ("metadata_text", Kind::Text),
        ("metadata_base64", Kind::Text),
        ("json", Kind::Flag),
        ("correlation", Kind::Text),
        ("causation", Kind::Text),
        ("user", Kind::Text),
        ("file", Kind::Names),
        ("extra", Kind::Json),
        ("source", Kind::Text),
        ("error", Kind::Text),
    ]
    .map(|(name, kind)| Column::new(name, kind))
    .into()
}

/// The row of an event; of one that cannot be read any more, `error` says why and `detail` is empty.
pub(super) fn event_row<'a>(
    log: &'a EventLog,
    position: Position,
    detail: &'a EventDetail,
    error: Option<&'a str>,
) -> Vec<Value<'a>> {
    let stream = log.stream(position);
    let mut row = vec![
        Value::Whole(i64::from(position.0)),
        Value::text(detail.store_position.as_deref()),
        Value::Text(log.stream_name(stream).into()),
        Value::Text(log.category_of(stream).into()),
        Value::whole(log.version(position).map(|version| version.0)),
        Value::Text(log.type_name(log.event_type(position)).into()),
        Value::text(detail.schema_version.as_deref()),
        Value::text(detail.id.as_deref()),
        Value::time(detail.time),
        Value::text(detail.time_text.as_deref()),
        Value::text(detail.version_text.as_deref()),
        Value::time(detail.occurred),
    ];
    row.extend(payload(&detail.data));
    row.extend(payload(&detail.metadata));
    row.extend([
        detail.marked_json.map_or(Value::Missing, Value::Flag),
        Value::text(detail.correlation.as_deref()),
        Value::text(detail.causation.as_deref()),
        Value::text(detail.user.as_deref()),
        Value::text(log.file_of_event(position)),
        extra_json(&detail.extra).map_or(Value::Missing, |text| Value::Text(text.into())),
        Value::text(Some(detail.source.as_str()).filter(|source| !source.is_empty())),
        Value::text(error),
    ]);
    row
}

/// A payload as JSON, as text and as base64: in the one that it is.
fn payload(payload: &Payload) -> [Value<'_>; 3] {
    let none = || Value::Missing;
    match payload {
        Payload::Missing => [none(), none(), none()],
        Payload::Json(text) => [Value::Text(Cow::Borrowed(text)), none(), none()],
        Payload::Text(text) => [none(), Value::Text(Cow::Borrowed(text)), none()],
        Payload::Bytes(bytes) => {
            let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
            [none(), none(), Value::Text(encoded.into())]
        }
    }
}
