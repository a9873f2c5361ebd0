//! Nothing was deleted or archived (R1): what a store marks as gone is listed; what follows the end of a
//! stream is an error.

use super::super::check::{Check, Scene};
use super::super::gather::{Gather, MAX_KEPT};
use super::super::words::counted;
use crate::event::{EventDetail, Payload, Position, Severity, StreamId, Want};
use std::collections::BTreeMap;

/// Looks for types that stand for a deletion, and for columns that mark a row as gone.
#[derive(Default)]
pub(super) struct Removals {
    n_seen: u64,
    /// Where each stream was deleted.
    ended: BTreeMap<StreamId, Position>,
    marked: Vec<Position>,
    n_marked: u64,
}

/// The type of the event that deletes a stream for good.
const STREAM_DELETED: &str = "$streamDeleted";
/// Columns and keys that say that a row is gone, and what they hold where it is not.
const MARKS: &[&str] = &[
    "is_archived",
    "archived",
    "is_deleted",
    "deleted",
    "deleted_at",
    "isdeleted",
];
const NOT_MARKED: &[&str] = &["0", "false", "f", "null", ""];

impl Check for Removals {
    fn id(&self) -> &'static str {
        "removals"
    }

    fn title(&self) -> &'static str {
        "Nothing was deleted or archived"
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::Presented)
    }

    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        self.n_seen += 1;
        let log = &scene.history.log;
        if log.type_name(log.event_type(position)) == STREAM_DELETED {
            let stream = log.stream(position);
            self.ended.entry(stream).or_insert(position);
        }
        if detail
            .extra
            .iter()
            .any(|(name, value)| is_mark(name, value))
        {
            self.n_marked += 1;
            if self.marked.len() < MAX_KEPT {
                self.marked.push(position);
            }
        }
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let log = &scene.history.log;
        found.covered(counted(self.n_seen, "event"));
        let n_ended = self.ended.len() as u64;
        for (stream, at) in &self.ended {
            let name = log.stream_name(*stream);
            let events = log.events_of(*stream);
            let after = events.partition_point(|event| *event <= at.0);
            if let Some(first) = events.get(after) {
                found.add(Severity::Error, |finding| {
                    let said = format!("{name} goes on after it was deleted");
                    finding
                        .at(scene, Position(*first))
                        .says(said)
                        .counts((events.len() - after) as u64)
                });
            }
            found.add(Severity::Info, |finding| {
                let finding = finding.at(scene, *at).says(format!("{name} was deleted"));
                if n_ended < 2 {
                    return finding;
                }
                finding.grouped(format!("{} were deleted", counted(n_ended, "stream")))
            });
        }
        let before = found.total();
        for position in std::mem::take(&mut self.marked) {
            found.add(Severity::Info, |finding| {
                let finding = finding
                    .at(scene, position)
                    .says("The store marks this event as gone");
                finding.grouped(format!(
                    "{} are marked as deleted or archived",
                    counted(self.n_marked, "event")
                ))
            });
        }
        found.add_uncounted(Severity::Info, self.n_marked - (found.total() - before));
    }
}

fn is_mark(name: &str, value: &Payload) -> bool {
    let named = MARKS.iter().any(|mark| mark.eq_ignore_ascii_case(name));
    named
        && match value {
            Payload::Json(text) | Payload::Text(text) => !NOT_MARKED
                .iter()
                .any(|none| none.eq_ignore_ascii_case(text.trim())),
            Payload::Missing | Payload::Bytes(_) => false,
        }
}
