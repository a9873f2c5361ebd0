//! Log records of OpenTelemetry, each with its resource and scope, attributes as plain objects.

use super::{Lines, elements, member, members};
use crate::event::json::{Json, Object, parse};

/// One element of `resourceLogs`.
pub(super) fn resource(resource: &[u8], lines: &mut Lines) {
    let attributes = attributes_of(member(resource, &["resource", "attributes"]));
    let mut scopes = Vec::new();
    for key in ["scopeLogs", "instrumentationLibraryLogs"] {
        if let Some(array) = member(resource, &[key]) {
            elements(array, &mut |scope| scopes.push(scope));
        }
    }
    for scope in scopes {
        let about = member(scope, &["scope"]).unwrap_or(b"{}");
        let Some(records) = member(scope, &["logRecords"]) else {
            continue;
        };
        elements(records, &mut |record| {
            write(record, &attributes, about, lines);
        });
    }
}

fn write(record: &[u8], resource: &str, scope: &[u8], lines: &mut Lines) {
    if !record.starts_with(b"{") {
        return lines.lost("not-an-event", "this log record is no object");
    }
    lines.raw(b"{");
    for (key, value) in members(record) {
        match key.as_str() {
            // Zero says that the time is not known.
            "timeUnixNano" | "observedTimeUnixNano" if matches!(value, b"\"0\"" | b"0") => {}
            "attributes" => {}
            "body" => {
                let body = parse(value).map(|body| plain(&body)).unwrap_or_default();
                lines.member("body", body.to_string().as_bytes());
            }
            _ => lines.member(&key, value),
        }
    }
    let attributes = attributes_of(member(record, &["attributes"]));
    lines.member("attributes", attributes.as_bytes());
    lines.member("resource", resource.as_bytes());
    lines.member("scope", scope);
    lines.raw(b"}");
    lines.end();
}

/// A list of keys and values as an object.
fn attributes_of(raw: Option<&[u8]>) -> String {
    let list = raw.and_then(|raw| parse(raw).ok()).unwrap_or_default();
    let Json::Array(pairs) = list else {
        return "{}".to_owned();
    };
    Json::Object(object_of(&pairs)).to_string()
}

fn object_of(pairs: &[Json]) -> Object {
    let mut object = Object::default();
    for pair in pairs.iter().filter_map(Json::as_object) {
        if let Some(key) = pair.get("key").and_then(Json::as_text) {
            let value = pair.get("value").map(plain).unwrap_or_default();
            object.push(key.into(), value);
        }
    }
    object
}

/// A value without its kind: `{"stringValue":"a"}` is "a"; whole numbers are texts there.
fn plain(value: &Json) -> Json {
    let kind = value.as_object().and_then(|object| object.iter().next());
    match kind {
        Some(("intValue", Json::Text(digits))) if digits.parse::<i64>().is_ok() => {
            Json::Number(digits.clone())
        }
        Some(("kvlistValue", list)) => {
            let pairs = list.as_object().and_then(|list| list.get("values"));
            match pairs {
                Some(Json::Array(pairs)) => Json::Object(object_of(pairs)),
                _ => Json::Object(Object::default()),
            }
        }
        Some(("arrayValue", list)) => {
            let values = list.as_object().and_then(|list| list.get("values"));
            match values {
                Some(Json::Array(values)) => Json::Array(values.iter().map(plain).collect()),
                _ => Json::Array(Vec::new()),
            }
        }
        Some(("bytesValue", bytes)) => {
            let mut object = Object::default();
            object.push("$binary".into(), bytes.clone());
            Json::Object(object)
        }
        Some(("stringValue" | "boolValue" | "intValue" | "doubleValue", inner)) => inner.clone(),
        _ => Json::Null,
    }
}
