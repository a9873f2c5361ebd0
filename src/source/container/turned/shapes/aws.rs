//! What Amazon's services export: items of DynamoDB, records of CloudTrail.

use super::{Lines, elements, member, members, text_of};
use crate::event::json::{Json, Object, parse, scan};

/// One item, its values without their types; of an incremental export the new image, or the old one
/// where the item was deleted.
pub(super) fn item(line: &[u8], lines: &mut Lines) {
    let (new, old) = (member(line, &["NewImage"]), member(line, &["OldImage"]));
    if old.is_some() {
        let (kind, message) = if new.is_some() {
            (
                "row-updated",
                "the item was changed after it had been written; it is shown as it was then",
            )
        } else {
            (
                "row-deleted",
                "the item was deleted; it is shown as it was before",
            )
        };
        lines.flawed(kind, message);
    }
    let Some(image) = member(line, &["Item"]).or(new).or(old) else {
        return lines.lost(
            "row-deleted",
            "an item was deleted here, and what it held is not in the file",
        );
    };
    let Ok(Json::Object(image)) = parse(image) else {
        return lines.lost("not-an-event", "the item is no object");
    };
    let mut plain = Object::default();
    for (key, value) in image.iter() {
        plain.push(key.into(), untyped(value));
    }
    if let Some(micros) = text_of(line, &["Metadata", "WriteTimestampMicros", "N"]) {
        plain.push("__writeTimestampMicros".into(), number(&micros));
    }
    lines.raw(Json::Object(plain).to_string().as_bytes());
    lines.end();
}

/// A number that is kept with its digits; text where it is none.
fn number(text: &str) -> Json {
    let is_number =
        !text.starts_with(['"', '{', '[', 't', 'f', 'n']) && scan::is_json(text.as_bytes());
    if is_number {
        Json::Number(text.into())
    } else {
        Json::Text(text.into())
    }
}

fn list(values: &[Json], each: impl Fn(&Json) -> Json) -> Json {
    Json::Array(values.iter().map(each).collect())
}

/// A value without its type: `{"N":"1"}` is 1.
fn untyped(value: &Json) -> Json {
    let Some((kind, inner)) = value
        .as_object()
        .filter(|object| object.len() == 1)
        .and_then(|object| object.iter().next())
    else {
        return value.clone();
    };
    let binary = |inner: &Json| {
        let mut object = Object::default();
        object.push("$binary".into(), inner.clone());
        Json::Object(object)
    };
    match (kind, inner) {
        ("S", Json::Text(_)) | ("BOOL", Json::Bool(_)) | ("SS", Json::Array(_)) => inner.clone(),
        ("N", Json::Text(text)) => number(text),
        ("NULL", _) => Json::Null,
        ("B", Json::Text(_)) => binary(inner),
        ("NS", Json::Array(values)) => list(values, |value| match value {
            Json::Text(text) => number(text),
            other => other.clone(),
        }),
        ("BS", Json::Array(values)) => list(values, binary),
        ("L", Json::Array(values)) => list(values, untyped),
        ("M", Json::Object(members)) => {
            let mut plain = Object::default();
            for (key, value) in members.iter() {
                plain.push(key.into(), untyped(value));
            }
            Json::Object(plain)
        }
        _ => value.clone(),
    }
}

/// One record, with the name of the first resource that it touches.
pub(super) fn trail(record: &[u8], lines: &mut Lines) {
    lines.raw(b"{");
    for (key, value) in members(record) {
        lines.member(&key, value);
    }
    let mut arn = None;
    if let Some(resources) = member(record, &["resources"]) {
        elements(resources, &mut |resource| {
            arn = arn.or_else(|| member(resource, &["ARN"]));
        });
    }
    if let Some(arn) = arn {
        lines.member("firstResource", arn);
    }
    lines.raw(b"}");
    lines.end();
}

/// One event as it is looked up: the record is a text in it.
pub(super) fn looked_up(event: &[u8], lines: &mut Lines) {
    let record = text_of(event, &["CloudTrailEvent"]);
    match record.filter(|record| scan::is_json(record.as_bytes())) {
        Some(record) => trail(record.as_bytes(), lines),
        None => lines.lost("not-an-event", "this holds no record of CloudTrail"),
    }
}
