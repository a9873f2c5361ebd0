//! The exchange format: one event a line, as the command line prints it and as it is read back.

use std::fmt::Write as _;

use base64::Engine as _;

use crate::event::json::{minify, quote};
use crate::event::{EventDetail, Payload, Position, RawPayload, ReadError, Timestamp};
use crate::history::EventLog;

/// Whether payloads are written as presented or as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As the format presents them.
    Presented,
    /// The stored bytes, as text or base64.
    Stored,
}

/// Writes one event as a line of the exchange format, without the line end.
pub fn write_exchange(
    log: &EventLog,
    position: Position,
    event: &EventDetail,
    shown: Shown,
    out: &mut String,
) {
    let stream = log.stream(position);
    write!(out, "{{\"position\":{}", position.0).ok();
    text(out, "store_position", event.store_position.as_deref());
    text(out, "stream", Some(log.stream_name(stream)));
    text(out, "category", Some(log.category_of(stream)));
    match log.version(position) {
        Some(version) => write!(out, ",\"version\":{}", version.0).ok(),
        None => write!(out, ",\"version\":null").ok(),
    };
    text(out, "type", Some(log.type_name(log.event_type(position))));
    text(out, "schema_version", event.schema_version.as_deref());
    text(out, "id", event.id.as_deref());
    text(out, "time", event.time.map(written).as_deref());
    if event.time_text.is_some() {
        text(out, "time_text", event.time_text.as_deref());
    }
    if event.version_text.is_some() {
        text(out, "version_text", event.version_text.as_deref());
    }
    text(out, "occurred", event.occurred.map(written).as_deref());
    match shown {
        Shown::Presented => {
            payload(out, "data", &event.data);
            payload(out, "metadata", &event.metadata);
        }
        Shown::Stored => {
            stored(out, "data", &event.raw_data);
            stored(out, "metadata", &event.raw_metadata);
        }
    }
    if let Some(marked_json) = event.marked_json {
        write!(out, ",\"json\":{marked_json}").ok();
    }
    text(out, "correlation", event.correlation.as_deref());
    text(out, "causation", event.causation.as_deref());
    if event.user.is_some() {
        text(out, "user", event.user.as_deref());
    }
    if let Some(file) = log.file_of_event(position) {
        text(out, "file", Some(file));
    }
    if let Some(extra) = extra_json(&event.extra) {
        out.push_str(",\"extra\":");
        out.push_str(&extra);
    }
    text(out, "source", Some(&event.source));
    out.push('}');
}

/// Writes one event as a line of the exchange format, with the line end. One whose record cannot be
/// read any more says what the log knows of it, and why.
pub fn write_exchange_line(
    log: &EventLog,
    position: Position,
    event: &Result<EventDetail, ReadError>,
    shown: Shown,
    out: &mut String,
) {
    match event {
        Ok(event) => write_exchange(log, position, event, shown, out),
        Err(error) => {
            let nothing = EventDetail::default();
            write_exchange(log, position, &nothing, Shown::Presented, out);
            out.pop();
            text(out, "error", Some(&error.0));
            out.push('}');
        }
    }
    out.push('\n');
}

fn written((time, digits): (Timestamp, u8)) -> String {
    time.rfc3339(digits)
}

fn text(out: &mut String, key: &str, value: Option<&str>) {
    write!(out, ",\"{key}\":").ok();
    match value {
        Some(value) => quote(value, out),
        None => out.push_str("null"),
    }
}

fn payload(out: &mut String, key: &str, payload: &Payload) {
    match payload {
        Payload::Missing => text(out, key, None),
        Payload::Json(json) => {
            write!(out, ",\"{key}\":{}", minify(json)).ok();
        }
        Payload::Text(value) => text(out, &format!("{key}_text"), Some(value)),
        Payload::Bytes(bytes) => base64(out, key, bytes),
    }
}

/// What a record holds beyond all that has a name, as an object; bytes as `{"$binary":"base64"}`.
/// `None` where it holds nothing beyond.
pub fn extra_json(extra: &[(String, Payload)]) -> Option<String> {
    let mut out = String::new();
    for (name, value) in extra {
        out.push(if out.is_empty() { '{' } else { ',' });
        quote(name, &mut out);
        out.push(':');
        match value {
            Payload::Missing => out.push_str("null"),
            Payload::Json(json) => out.push_str(&minify(json)),
            Payload::Text(value) => quote(value, &mut out),
            Payload::Bytes(bytes) => {
                let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
                write!(out, "{{\"$binary\":\"{encoded}\"}}").ok();
            }
        }
    }
    if out.is_empty() {
        return None;
    }
    out.push('}');
    Some(out)
}

fn stored(out: &mut String, key: &str, payload: &RawPayload) {
    match &payload.bytes {
        None => text(out, key, None),
        Some(bytes) => match std::str::from_utf8(bytes) {
            Ok(value) => text(out, &format!("{key}_text"), Some(value)),
            Err(_) => base64(out, key, bytes),
        },
    }
}

fn base64(out: &mut String, key: &str, bytes: &[u8]) {
    let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
    text(out, &format!("{key}_base64"), Some(&encoded));
}
