//! Links, deletions and the names of streams: what the server reads out of an event besides its body.

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::event::json::scan;
use crate::event::{EventDetail, EventReader, Payload, Position, StreamId, TypeId, Want};
use crate::history::EventLog;

/// The type of a link.
pub(super) const LINK: &str = "$>";
/// The type of a tombstone.
pub(super) const TOMBSTONE: &str = "$streamDeleted";
/// The type of a stream's metadata.
pub(super) const METADATA: &str = "$metadata";
/// The truncation that means that a stream is deleted; it fits no double.
const DELETED_BEFORE: &[u8] = b"9223372036854775807";

/// The type of that name.
pub(super) fn type_of(log: &EventLog, name: &str) -> Option<TypeId> {
    let at = log.type_names().iter().position(|known| **known == *name)?;
    u32::try_from(at).ok().map(TypeId)
}

/// What the name of a stream says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A stream of the application.
    Ordinary,
    /// `$$x`: the metadata of an ordinary stream.
    Metadata,
    /// `$x`: the server's own.
    System,
}

impl Kind {
    pub(super) fn of(name: &str) -> Self {
        match name.strip_prefix('$').map(|rest| rest.strip_prefix('$')) {
            None => Self::Ordinary,
            Some(Some(inner)) if !inner.starts_with('$') => Self::Metadata,
            Some(_) => Self::System,
        }
    }
}

/// The stream that a stream's name stands for: that of which it is the metadata, or itself.
pub(super) fn owner(name: &str) -> &str {
    name.strip_prefix("$$").unwrap_or(name)
}

/// What stands before the first `-` of a name, or before the last; only of ordinary streams, and
/// never nothing.
pub(super) fn category<'n>(name: &'n str, separator: &str, is_last: bool) -> Option<&'n str> {
    let at = if is_last {
        name.rfind(separator)
    } else {
        name.find(separator)
    };
    let at = at.filter(|at| *at > 0 && !name.starts_with('$'))?;
    Some(&name[..at])
}

/// The target of a link: its number and its stream.
pub(super) fn target(text: &str) -> Option<(i64, &str)> {
    let (number, stream) = text.split_once('@')?;
    Some((number.trim().parse().ok()?, stream))
}

/// The text of a payload, where it has one.
pub(super) fn text(payload: &Payload) -> &str {
    match payload {
        Payload::Json(text) | Payload::Text(text) => text,
        Payload::Missing | Payload::Bytes(_) => "",
    }
}

/// Whether this metadata of a stream deletes it.
pub(super) fn deletes(metadata: &Payload) -> bool {
    scan::find(text(metadata).as_bytes(), &["$tb"]) == Some(DELETED_BEFORE)
}

/// The id of the undertaking under a name in metadata.
pub(super) fn correlation(metadata: &Payload, name: &str) -> Option<String> {
    let raw = scan::find(text(metadata).as_bytes(), &[name])?;
    if let Some(text) = scan::string_text(raw) {
        return Some(text.into_owned());
    }
    let is_number = raw.first().is_some_and(u8::is_ascii_digit);
    let text = std::str::from_utf8(raw).ok().filter(|_| is_number)?;
    Some(text.to_owned())
}

/// Follows links in a log.
pub(super) struct Links<'a> {
    log: &'a EventLog,
    reader: &'a dyn EventReader,
    by_name: OnceCell<HashMap<&'a str, Vec<StreamId>>>,
}

impl<'a> Links<'a> {
    pub(super) fn new(log: &'a EventLog, reader: &'a dyn EventReader) -> Self {
        Self {
            log,
            reader,
            by_name: OnceCell::new(),
        }
    }

    /// All streams of a name.
    pub(super) fn named(&self, name: &str) -> &[StreamId] {
        let by_name = self.by_name.get_or_init(|| {
            let mut by_name: HashMap<&'a str, Vec<StreamId>> = HashMap::new();
            for stream in self.log.streams() {
                let name = self.log.stream_name(stream);
                by_name.entry(name).or_default().push(stream);
            }
            by_name
        });
        by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The event that carries a number in a stream.
    pub(super) fn event(&self, stream: &str, number: i64) -> Option<Position> {
        self.named(stream).iter().find_map(|stream| {
            let rank = if self.log.has_versions() {
                let version = crate::event::Version(number);
                self.log.rank_of_version(*stream, version)?
            } else {
                u32::try_from(number).ok()?
            };
            let at = self.log.events_of(*stream).get(rank as usize)?;
            Some(Position(*at))
        })
    }

    /// Whether a stream has ended with a tombstone, or its metadata says last that it is deleted.
    pub(super) fn is_deleted(&self, stream: &str) -> bool {
        let last_of = |name: &str| {
            let streams = self.named(name).iter();
            let last = streams.filter_map(|stream| self.log.events_of(*stream).last());
            last.max().map(|at| Position(*at))
        };
        let type_of = |at| self.log.type_name(self.log.event_type(at));
        if last_of(stream).is_some_and(|at| type_of(at) == TOMBSTONE) {
            return true;
        }
        let metadata = last_of(&format!("$${stream}")).filter(|at| type_of(*at) == METADATA);
        metadata.is_some_and(|at| deletes(&self.read(at, Want::Data).data))
    }

    /// The events, but for links, that belong to an undertaking by their metadata. Reads the metadata
    /// of all events.
    pub(super) fn correlated(&self, id: &str) -> Vec<Position> {
        let mut found = Vec::new();
        let is_candidate = |at: Position| {
            let kind = Kind::of(self.log.stream_name(self.log.stream(at)));
            kind != Kind::System && self.log.type_name(self.log.event_type(at)) != LINK
        };
        let all = self.log.last().map_or(0..0, |last| 0..last.0 + 1);
        let positions: Vec<Position> = all.map(Position).filter(|at| is_candidate(*at)).collect();
        for part in positions.chunks(1 << 12) {
            let places: Vec<_> = part.iter().map(|at| self.log.place(*at)).collect();
            self.reader.read(&places, Want::Payloads, &mut |n, read| {
                let metadata = read.map(|event| event.metadata).unwrap_or_default();
                let own = correlation(&metadata, "$correlationId");
                found.extend(part.get(n).filter(|_| own.as_deref() == Some(id)));
                true
            });
        }
        found
    }

    /// One event; empty where it cannot be read.
    pub(super) fn read(&self, at: Position, want: Want) -> EventDetail {
        let read = self.reader.read_one(self.log.place(at), want);
        read.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_streams_are() {
        assert_eq!(Kind::of("order-1"), Kind::Ordinary);
        assert_eq!(Kind::of("$$order-1"), Kind::Metadata);
        assert_eq!(Kind::of("$$$settings"), Kind::System);
        assert_eq!(Kind::of("$ce-order"), Kind::System);
        assert_eq!(category("order-2-b", "-", false), Some("order"));
        assert_eq!(category("order-2-b", "-", true), Some("order-2"));
        assert_eq!(category("-order", "-", false), None);
        assert_eq!(category("$order-1", "-", false), None);
        assert_eq!(target("12@a@b"), Some((12, "a@b")));
    }

    #[test]
    fn only_the_greatest_number_deletes() {
        let json = |text: &str| Payload::Json(text.into());
        assert!(deletes(&json(r#"{"$tb":9223372036854775807}"#)));
        assert!(!deletes(&json(r#"{"$tb": 9223372036854775806}"#)));
        assert!(!deletes(&json("{}")) && !deletes(&Payload::Missing));
    }
}
