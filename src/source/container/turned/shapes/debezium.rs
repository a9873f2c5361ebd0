//! Changes of rows as Debezium tells them: the row as it was written, with what is known of the change.

use super::{Lines, member, members, text_of};

/// One change, alone or beside its schema.
pub(super) fn change(message: &[u8], lines: &mut Lines) {
    let change = match member(message, &["payload"]) {
        Some(payload) if member(payload, &["op"]).is_some() => payload,
        _ => message,
    };
    let op = text_of(change, &["op"]).unwrap_or_default();
    let row = if op == "d" { "before" } else { "after" };
    let Some(row) = member(change, &[row]) else {
        let (kind, message) = match op.as_str() {
            "t" => (
                "table-truncated",
                "the table was emptied here; this is no row",
            ),
            "d" => (
                "row-deleted",
                "a row was deleted here, and what it held is not in the file",
            ),
            _ => ("not-an-event", "this tells of no row"),
        };
        return lines.lost(kind, message);
    };
    match op.as_str() {
        "u" => lines.flawed(
            "row-updated",
            "the row was changed after it had been written; it is shown as it was then",
        ),
        "d" => lines.flawed(
            "row-deleted",
            "the row was deleted; it is shown as it was before",
        ),
        _ => {}
    }
    lines.raw(b"{");
    for (key, value) in members(row) {
        lines.member(&key, value);
    }
    for (key, path) in [("__op", "op"), ("__source", "source"), ("__ts_ms", "ts_ms")] {
        if let Some(value) = member(change, &[path]) {
            lines.member(key, value);
        }
    }
    lines.raw(b"}");
    lines.end();
}
