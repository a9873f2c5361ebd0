//! EventStoreDB and KurrentDB: feeds over HTTP, and what clients give.

use super::{Lines, elements, member, members, text_of};

/// A feed: its entries, the oldest first, with the names that the feed uses. Where an entry is a
/// link, the time is the link's and not the event's: it is written as `linkUpdated`.
pub(super) fn feed(feed: &[u8], lines: &mut Lines) {
    let Some(array) = member(feed, &["entries"]) else {
        return lines.lost("not-an-event", "this feed has no entries");
    };
    let mut entries = Vec::new();
    elements(array, &mut |entry| entries.push(entry));
    let number = |entry: Option<&&[u8]>| -> Option<i64> {
        let text = text_of(entry?, &["positionEventNumber"])
            .or_else(|| text_of(entry?, &["eventNumber"]))?;
        text.parse().ok()
    };
    // Every feed of the server has the newest entry first.
    let rises = number(entries.first()) < number(entries.last());
    if !rises {
        entries.reverse();
    }
    for entry in entries {
        write_entry(entry, lines);
    }
}

fn write_entry(entry: &[u8], lines: &mut Lines) {
    // Without `embed=body` an entry is only a title, `2@order-1`, and a summary, the type.
    let title = text_of(entry, &["title"]).unwrap_or_default();
    let of_title = title.split_once('@');
    let stream =
        text_of(entry, &["streamId"]).or_else(|| of_title.map(|(_, stream)| stream.to_owned()));
    let number =
        text_of(entry, &["eventNumber"]).or_else(|| of_title.map(|(number, _)| number.to_owned()));
    let kind = text_of(entry, &["eventType"]).or_else(|| text_of(entry, &["summary"]));
    let is_link = text_of(entry, &["summary"]).as_deref() == Some("$>")
        || text_of(entry, &["positionStreamId"]).is_some_and(|at| Some(&at) != stream.as_ref());
    lines.raw(b"{");
    for (key, value) in [
        ("streamId", stream),
        ("eventNumber", number),
        ("eventType", kind),
    ] {
        match value {
            Some(text) => lines.text_member(key, &text),
            None => lines.member(key, b"null"),
        }
    }
    for (key, value) in members(entry) {
        match key.as_str() {
            "streamId" | "eventNumber" | "eventType" | "author" | "links" => {}
            "updated" if is_link => lines.member("linkUpdated", value),
            _ => lines.member(&key, value),
        }
    }
    lines.raw(b"}");
    lines.end();
}

/// An event of .NET's client; where it came through a link, the event that the link names.
pub(super) fn of_dot_net(resolved: &[u8], lines: &mut Lines) {
    let event = ["Event", "OriginalEvent"]
        .iter()
        .find_map(|key| member(resolved, &[key]));
    let Some(event) = event else {
        return lines.lost("not-an-event", "the link names no event that is there");
    };
    lines.raw(b"{");
    for (key, value) in members(event) {
        lines.member(&key, value);
    }
    lines.raw(b"}");
    lines.end();
}
