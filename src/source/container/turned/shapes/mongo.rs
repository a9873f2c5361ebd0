//! Documents of MongoDB in Extended JSON, of any version: values without their wrappers, and where a
//! document holds several events, each of them with the document around it as `of`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Lines;
use crate::event::json::{Json, Object, parse, scan};
use crate::event::{TimeUnit, Timestamp};

/// One document.
pub(in super::super) fn document(text: &[u8], lines: &mut Lines) {
    match parse(text) {
        Ok(Json::Object(document)) => write(&plain_object(&document), lines),
        Ok(_) => lines.lost("not-an-event", "this is no document"),
        Err(error) => lines.lost("not-json", format!("this is not valid JSON: {error} of it")),
    }
}

/// Writes a document, or the events in it.
pub(in super::super) fn write(document: &Object, lines: &mut Lines) {
    let Some((key, events)) = events_of(document) else {
        lines.raw(Json::Object(document.clone()).to_string().as_bytes());
        return lines.end();
    };
    let mut around = Object::default();
    for (name, value) in document.iter().filter(|(name, _)| *name != key) {
        around.push(name.into(), value.clone());
    }
    let around = Json::Object(around).to_string();
    for event in events {
        let Json::Object(event) = event else {
            lines.lost(
                "not-an-event",
                "an element of the document's events is no object",
            );
            continue;
        };
        lines.raw(b"{");
        for (name, value) in event.iter() {
            lines.key(name.as_bytes());
            lines.raw(value.to_string().as_bytes());
        }
        lines.member("of", around.as_bytes());
        lines.raw(b"}");
        lines.end();
    }
}

/// The events that a document holds, and the key of their array.
fn events_of(document: &Object) -> Option<(&'static str, &[Json])> {
    const TYPES: [&str; 4] = ["type", "event_type", "eventType", "payloadType"];
    ["messages", "events"]
        .into_iter()
        .find_map(|key| match document.get(key) {
            Some(Json::Array(events)) => {
                let names_type = |event: &Json| {
                    let object = event.as_object();
                    object.is_some_and(|event| TYPES.iter().any(|name| event.get(name).is_some()))
                };
                events
                    .first()
                    .is_some_and(names_type)
                    .then_some((key, events.as_slice()))
            }
            _ => None,
        })
}

fn plain_object(object: &Object) -> Object {
    let mut plain = Object::default();
    for (key, value) in object.iter() {
        plain.push(key.into(), unwrapped(value));
    }
    plain
}

/// A value without its wrapper: `{"$numberLong":"1"}` is 1.
fn unwrapped(value: &Json) -> Json {
    match value {
        Json::Array(elements) => Json::Array(elements.iter().map(unwrapped).collect()),
        Json::Object(object) => {
            let wrapped = object.iter().next().filter(|(key, _)| key.starts_with('$'));
            wrapped
                .and_then(|(key, inner)| inside(key, inner, object))
                .unwrap_or_else(|| Json::Object(plain_object(object)))
        }
        other => other.clone(),
    }
}

fn inside(key: &str, inner: &Json, object: &Object) -> Option<Json> {
    if object.len() > 2 || (object.len() == 2 && !matches!(key, "$binary" | "$type")) {
        return None;
    }
    Some(match (key, inner) {
        ("$oid" | "$uuid" | "$symbol" | "$date", Json::Text(_)) => inner.clone(),
        ("$numberLong" | "$numberInt" | "$numberDouble" | "$numberDecimal", Json::Text(text)) => {
            let is_number = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
            if is_number && scan::is_json(text.as_bytes()) {
                Json::Number(text.clone())
            } else {
                inner.clone()
            }
        }
        ("$date", Json::Number(ms)) => date(ms)?,
        ("$date", Json::Object(long)) => date(long.get("$numberLong")?.as_text()?)?,
        ("$binary", Json::Object(binary)) => {
            binary_of(binary.get("base64")?.as_text()?, binary.get("subType"))
        }
        ("$binary", Json::Text(text)) => binary_of(text, object.get("$type")),
        ("$type", _) => binary_of(object.get("$binary")?.as_text()?, Some(inner)),
        _ => return None,
    })
}

/// Milliseconds since 1970 as a date.
fn date(ms: &str) -> Option<Json> {
    let read = Timestamp::from_number(ms.parse().ok()?, TimeUnit::Ms)?;
    Some(Json::Text(read.time.rfc3339(3).into()))
}

/// Bytes: a UUID as text, where it is known how its bytes lie.
fn binary_of(base64: &str, kind: Option<&Json>) -> Json {
    let kind = kind.and_then(Json::as_text).unwrap_or("0");
    let is_uuid = u8::from_str_radix(kind, 16) == Ok(4);
    if is_uuid && let Some(uuid) = STANDARD.decode(base64).ok().and_then(|bytes| uuid(&bytes)) {
        return Json::Text(uuid.into());
    }
    let mut object = Object::default();
    object.push("$binary".into(), Json::Text(base64.into()));
    if u8::from_str_radix(kind, 16) == Ok(3) {
        // Three drivers wrote the bytes of such UUIDs in three orders: which one is not in the file.
        object.push("$type".into(), Json::Text("03".into()));
    }
    Json::Object(object)
}

/// Bytes with the number of their kind, as BSON has them.
pub(in super::super) fn bytes(bytes: &[u8], kind: u8) -> Json {
    let kind = Json::Text(format!("{kind:02x}").into());
    binary_of(&STANDARD.encode(bytes), Some(&kind))
}

/// Bytes in hexadecimal digits.
pub(in super::super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut digits, byte| {
        write!(digits, "{byte:02x}").unwrap_or_default();
        digits
    })
}

/// Sixteen bytes as a UUID.
pub(in crate::source::container) fn uuid(bytes: &[u8]) -> Option<String> {
    let bytes: [u8; 16] = bytes.try_into().ok()?;
    let digits = hex(&bytes);
    let parts = [
        digits.get(..8)?,
        digits.get(8..12)?,
        digits.get(12..16)?,
        digits.get(16..20)?,
        digits.get(20..)?,
    ];
    Some(parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turned(text: &str) -> String {
        let mut lines = Lines::default();
        document(text.as_bytes(), &mut lines);
        lines.told().0
    }

    #[test]
    fn values_lose_their_wrappers_in_every_version_of_extended_json() {
        for (wrapped, plain) in [
            (r#"{"$numberLong":"9007199254740993"}"#, "9007199254740993"),
            (r#"{"$numberDecimal":"1.10"}"#, "1.10"),
            (r#"{"$numberDouble":"NaN"}"#, "\"NaN\""),
            (
                r#"{"$date":{"$numberLong":"1709280000137"}}"#,
                "\"2024-03-01T08:00:00.137Z\"",
            ),
            (r#"{"$date":1709280000137}"#, "\"2024-03-01T08:00:00.137Z\""),
            (
                r#"{"$date":"2024-03-01T08:00:00Z"}"#,
                "\"2024-03-01T08:00:00Z\"",
            ),
            (
                r#"{"$binary":{"base64":"hJ9yLlucVBWyOL252igOig==","subType":"04"}}"#,
                "\"849f722e-5b9c-5415-b238-bdb9da280e8a\"",
            ),
            (
                r#"{"$binary":"hJ9yLlucVBWyOL252igOig==","$type":"04"}"#,
                "\"849f722e-5b9c-5415-b238-bdb9da280e8a\"",
            ),
            (
                r#"{"$binary":"AA==","$type":"00"}"#,
                r#"{"$binary":"AA=="}"#,
            ),
            (r#"{"$price":1,"a":2}"#, r#"{"$price":1,"a":2}"#),
        ] {
            let line = turned(&format!("{{\"v\":{wrapped}}}"));
            assert_eq!(line, format!("{{\"v\":{plain}}}\n"));
        }
    }

    #[test]
    fn events_in_a_document_become_lines_with_the_document_around_them() {
        let line = turned(r#"{"streamName":"a","messages":[{"type":"A"},{"type":"B"}]}"#);
        assert_eq!(
            line,
            "{\"type\":\"A\",\"of\":{\"streamName\":\"a\"}}\n{\"type\":\"B\",\"of\":{\"streamName\":\"a\"}}\n"
        );
    }
}
