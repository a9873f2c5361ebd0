//! Event ids are unique (I1): exact, as every suspicion is confirmed by looking the events up.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use super::super::check::{Check, Scene};
use super::super::gather::{Gather, MAX_KEPT};
use super::super::run::read;
use super::super::words::{count, counted};
use super::fingerprints::Fingerprints;
use crate::event::{EventDetail, Payload, Position, Severity, Want};

/// Finds events that share their id: with the same content "delivered twice", else an error.
#[derive(Default)]
pub(super) struct DuplicateId {
    ids: Fingerprints,
    /// The position of each fingerprint; empty as long as every event has an id.
    positions: Vec<Position>,
    has_holes: bool,
    beyond: u64,
}

/// How many events with a suspicious id are looked up; beyond that fingerprints are believed.
const MAX_LOOKED_UP: usize = 4 * MAX_KEPT;

impl Check for DuplicateId {
    fn id(&self) -> &'static str {
        "duplicate-id"
    }

    fn title(&self) -> &'static str {
        "Event ids are unique"
    }

    fn wants(&self) -> Option<Want> {
        Some(Want::Ids)
    }

    fn see(&mut self, scene: &Scene<'_>, position: Position, detail: &EventDetail) {
        let Some(id) = detail.id.as_deref().filter(|id| names_something(id)) else {
            return;
        };
        if self.ids.len() >= scene.options.max_fingerprints {
            self.beyond += 1;
            return;
        }
        if self.ids.len() == 0 {
            let room = scene.history.log.len().min(scene.options.max_fingerprints);
            self.ids.reserve(room);
        }
        self.note_position(position);
        self.ids.add(id);
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let n_ids = self.ids.len();
        if n_ids == 0 {
            found.skip("the source gives events no ids");
            return;
        }
        let (repeated, n_beyond) = self.ids.repeated(MAX_LOOKED_UP);
        let (looked_up, believed) = self.split(&repeated);
        let believed = believed + n_beyond;
        if confirm(scene, &looked_up, found).is_none() {
            return;
        }
        found.add_uncounted(Severity::Error, believed);
        found.parameter("ids compared", n_ids.to_string());
        let partial = format!(
            "partial: the first {}, {} not compared",
            counted(n_ids as u64, "id"),
            count(self.beyond)
        );
        let whole = counted(n_ids as u64, "id");
        let mut covered = if self.beyond > 0 { partial } else { whole };
        if believed > 0 {
            covered.push_str("; not all repetitions were looked up");
        }
        found.covered(covered);
    }
}

/// Whether an id tells events apart at all: not empty, not the nil UUID.
fn names_something(id: &str) -> bool {
    !id.is_empty() && !id.bytes().all(|byte| byte == b'0' || byte == b'-')
        || matches!(id, "0" | "-")
}

impl DuplicateId {
    /// Positions are kept from the first event without an id on; until then they are the index.
    fn note_position(&mut self, position: Position) {
        if !self.has_holes && position.index() != self.ids.len() {
            self.has_holes = true;
            let before = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
            self.positions.extend((0..before).map(Position));
        }
        if self.has_holes {
            self.positions.push(position);
        }
    }

    fn position(&self, index: u32) -> Position {
        let found = self.positions.get(index as usize).copied();
        found.unwrap_or(Position(index))
    }

    /// The groups of positions to look up, and how many repetitions are left over.
    fn split(&self, repeated: &[Vec<u32>]) -> (Vec<Vec<Position>>, u64) {
        let (mut groups, mut n_events, mut believed) = (Vec::new(), 0, 0);
        for group in repeated {
            let kept = group.len().min(MAX_LOOKED_UP - n_events);
            let kept = if kept < 2 { 0 } else { kept };
            n_events += kept;
            believed += (group.len() - kept) as u64 - u64::from(kept == 0);
            if kept > 0 {
                groups.push(
                    group[..kept]
                        .iter()
                        .map(|index| self.position(*index))
                        .collect(),
                );
            }
        }
        (groups, believed)
    }
}

/// An event as looked up: its id and what it says.
struct Looked {
    id: String,
    content: [u8; 32],
}

fn confirm(scene: &Scene<'_>, groups: &[Vec<Position>], found: &mut Gather) -> Option<()> {
    let mut positions: Vec<Position> = groups.concat();
    positions.sort_unstable();
    let mut looked: HashMap<Position, Looked> = HashMap::with_capacity(positions.len());
    for batch in positions.chunks(4096) {
        read(scene, batch, Want::Presented, |position, detail| {
            let id = detail.id.clone().unwrap_or_default();
            let content = content_of(scene, position, detail);
            looked.insert(position, Looked { id, content });
        })?;
    }
    let mut repeats = Repeats::default();
    for group in groups {
        repeats.look_at(group, &looked);
    }
    repeats.report(scene, found);
    Some(())
}

/// Confirmed repetitions: an event, the first one of its id, the id.
#[derive(Default)]
struct Repeats {
    same: Vec<(Position, Position, String)>,
    other: Vec<(Position, Position, String)>,
}

impl Repeats {
    fn look_at(&mut self, group: &[Position], looked: &HashMap<Position, Looked>) {
        let mut firsts: HashMap<&str, (Position, &[u8; 32])> = HashMap::new();
        for position in group {
            let Some(event) = looked.get(position) else {
                continue;
            };
            let first = *firsts
                .entry(&event.id)
                .or_insert((*position, &event.content));
            if first.0 == *position {
                continue;
            }
            let kind = if *first.1 == event.content {
                &mut self.same
            } else {
                &mut self.other
            };
            kind.push((*position, first.0, event.id.clone()));
        }
    }

    fn report(self, scene: &Scene<'_>, found: &mut Gather) {
        let (n_same, n_other) = (self.same.len(), self.other.len());
        for (position, first, id) in self.other {
            found.add(Severity::Error, |finding| {
                let said =
                    format!("Event id {id} is used again, {first} has it with other content");
                let finding = finding.at(scene, position).says(said);
                if n_other < 2 {
                    return finding;
                }
                finding.grouped(format!(
                    "{} have the id of another event",
                    counted(n_other as u64, "event")
                ))
            });
        }
        for (position, first, id) in self.same {
            found.add(Severity::Warning, |finding| {
                let said = format!("Event {id} is delivered twice, {first} is the same");
                let finding = finding.at(scene, position).says(said);
                if n_same < 2 {
                    return finding;
                }
                finding.grouped(format!(
                    "{} are delivered twice",
                    counted(n_same as u64, "event")
                ))
            });
        }
    }
}

/// What an event says, in 32 bytes: stream, version, type, data and metadata.
fn content_of(scene: &Scene<'_>, position: Position, detail: &EventDetail) -> [u8; 32] {
    let log = &scene.history.log;
    let mut hasher = Sha256::new();
    hasher.update(log.stream(position).0.to_le_bytes());
    hasher.update(log.event_type(position).0.to_le_bytes());
    if log.has_versions() {
        let version = log.version(position).map_or(i64::MIN, |version| version.0);
        hasher.update(version.to_le_bytes());
    }
    for payload in [&detail.data, &detail.metadata] {
        let (kind, bytes): (u8, &[u8]) = match payload {
            Payload::Missing => (0, &[]),
            Payload::Json(text) => (1, text.as_bytes()),
            Payload::Text(text) => (2, text.as_bytes()),
            Payload::Bytes(bytes) => (3, bytes),
        };
        hasher.update([kind]);
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    }
    hasher.finalize().into()
}
