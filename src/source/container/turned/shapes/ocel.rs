//! Events of an object-centric log (OCEL 2.0 and 1.0), each with the object that is taken as its stream.

use super::{Lines, elements, member, members, text_of};

/// One event. Its stream is the object related as `subject`, else the first related one.
pub(super) fn event(event: &[u8], lines: &mut Lines) {
    let (mut subject, mut first) = (None, None);
    let mut related = Vec::new();
    if let Some(array) = member(event, &["relationships"]) {
        elements(array, &mut |relation| related.push(relation));
    }
    for relation in related {
        let object = member(relation, &["objectId"]);
        if text_of(relation, &["qualifier"]).as_deref() == Some("subject") {
            subject = subject.or(object);
        }
        first = first.or(object);
    }
    lines.raw(b"{");
    if let Some(object) = subject.or(first) {
        lines.member("object", object);
    }
    for (key, value) in members(event) {
        if key != "attributes" {
            lines.member(&key, value);
        }
    }
    lines.key(b"attributes");
    lines.raw(b"{");
    let mut attributes = Vec::new();
    if let Some(array) = member(event, &["attributes"]) {
        elements(array, &mut |attribute| attributes.push(attribute));
    }
    for attribute in attributes {
        if let Some(name) = text_of(attribute, &["name"]) {
            lines.member(&name, member(attribute, &["value"]).unwrap_or(b"null"));
        }
    }
    lines.raw(b"}}");
    lines.end();
}

/// All events of a document of the first version, where they stand under their ids.
pub(super) fn document(document: &[u8], lines: &mut Lines) {
    let Some(events) = member(document, &["ocel:events"]) else {
        return;
    };
    for (id, event) in members(events) {
        let mut first = None;
        let related = member(event, &["ocel:omap"]);
        if let Some(array) = related {
            elements(array, &mut |object| first = first.or(Some(object)));
        }
        lines.raw(b"{");
        if let Some(object) = first {
            lines.member("object", object);
        }
        lines.text_member("id", &id);
        for (key, name) in [("ocel:activity", "type"), ("ocel:timestamp", "time")] {
            if let Some(value) = member(event, &[key]) {
                lines.member(name, value);
            }
        }
        lines.member("omap", related.unwrap_or(b"[]"));
        lines.member("vmap", member(event, &["ocel:vmap"]).unwrap_or(b"{}"));
        lines.raw(b"}");
        lines.end();
    }
}
