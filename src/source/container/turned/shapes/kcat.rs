//! Messages as `kcat -J` prints them, written as those of segment files are.

use super::{Lines, elements, member, members};

/// One message; its headers, names and values in turn, become an object.
pub(super) fn message(message: &[u8], lines: &mut Lines) {
    let kind = member(message, &["tstype"]).unwrap_or(b"\"none\"");
    lines.raw(b"{");
    for (key, value) in members(message) {
        match key.as_str() {
            "ts" => lines.member("timestamp", value),
            "payload" => lines.member("value", value),
            "tstype" | "headers" => {}
            _ => lines.member(&key, value),
        }
    }
    lines.member("timestampType", kind);
    lines.key(b"headers");
    lines.raw(b"{");
    let mut flat = Vec::new();
    if let Some(array) = member(message, &["headers"]) {
        elements(array, &mut |element| flat.push(element));
    }
    for pair in flat.chunks(2) {
        if let [name, value] = pair
            && name.starts_with(b"\"")
        {
            lines.raw_key(name);
            lines.json(value);
        }
    }
    lines.raw(b"}}");
    lines.end();
}
