//! Events of an object-centric log (OCEL 2.0), each with the object that is taken as its stream.

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
