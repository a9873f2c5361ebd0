//! Looks at payloads one after the other, and says in the end what their shapes were.

use super::super::run::Watch;
use super::changes::changes_of;
use super::columns::DriftColumns;
use super::model::{Drift, FieldDrift, FieldKind, KindSeen, SchemaVersionSeen, TypeDrift};
use super::tree::{ANY, ELEMENT, Here, MAX_PATHS, Seen, Tree, Walk, count};
use super::walk::walk;
use crate::event::json::{quote, scan};
use crate::event::{EventDetail, Place, Position, Want};
use crate::history::{EventLog, History};

/// The most versions of a schema that are told apart for one type.
const MAX_VERSIONS: usize = 64;
/// How many types are followed; the others are counted.
const MAX_TYPES: usize = 10_000;
/// The most changes that are kept.
const MAX_CHANGES: usize = 10_000;
/// How many records are asked for at a time.
const BATCH: u32 = 4096;

/// What has been seen so far.
#[derive(Debug)]
pub struct Drifting {
    columns: DriftColumns,
    types: Vec<Option<OfType>>,
    /// The types in the order in which they first occur.
    order: Vec<usize>,
    room: usize,
    n_payloads: u64,
    n_other: u64,
    n_of_more_types: u64,
}

/// One type.
#[derive(Debug)]
struct OfType {
    tree: Tree,
    n: u64,
    first: Position,
    last: Position,
    by_column: Box<[u32]>,
    versions: Vec<SchemaVersionSeen>,
}

impl Drifting {
    /// Nothing seen yet of a history.
    pub fn new(log: &EventLog) -> Self {
        Self {
            columns: DriftColumns::of(log),
            types: Vec::new(),
            order: Vec::new(),
            room: MAX_PATHS,
            n_payloads: 0,
            n_other: 0,
            n_of_more_types: 0,
        }
    }

    /// Looks at the data of an event; to be called in the order of positions.
    pub fn see(&mut self, log: &EventLog, position: Position, detail: &EventDetail) {
        let Some(text) = detail.data.json() else {
            self.n_other += 1;
            return;
        };
        self.n_payloads += 1;
        let at = log.event_type(position).index();
        if self.types.len() <= at {
            self.types.resize_with(at + 1, || None);
        }
        let Some(slot) = self.types.get_mut(at) else {
            return;
        };
        if slot.is_none() {
            if self.order.len() >= MAX_TYPES {
                self.n_of_more_types += 1;
                return;
            }
            self.order.push(at);
        }
        let of_type = slot.get_or_insert_with(|| OfType::begin(position));
        let here = Here {
            position,
            nr: of_type.n,
            column: log.time(position).and_then(|at| self.columns.of_time(at)),
            n_columns: self.columns.len(),
        };
        of_type.n += 1;
        of_type.last = position;
        count(&mut of_type.by_column, here);
        if let Some(version) = &detail.schema_version {
            of_type.note_version(version, position);
        }
        let mut visit = Walk::new(&mut of_type.tree, here, &mut self.room);
        walk(text.as_bytes(), &mut visit);
    }

    /// What was seen.
    pub fn finish(mut self, log: &EventLog) -> Drift {
        let mut drift = Drift {
            columns: self.columns,
            n_payloads: self.n_payloads,
            n_other: self.n_other,
            ..Drift::default()
        };
        let mut n_beyond = 0;
        for at in self.order {
            let Some(of_type) = self.types.get_mut(at).and_then(Option::take) else {
                continue;
            };
            n_beyond += of_type.tree.n_beyond;
            let shape = of_type.finish(log);
            drift.changes.extend(changes_of(&shape));
            drift.types.push(shape);
        }
        if n_beyond > 0 {
            drift.partial.push(format!(
                "fields beyond the first {} of a type, or {MAX_PATHS} in all, were not followed",
                super::tree::MAX_PATHS_OF_TYPE
            ));
        }
        if self.n_of_more_types > 0 {
            drift.partial.push(format!(
                "types beyond the first {MAX_TYPES} were not followed"
            ));
        }
        if drift.changes.len() > MAX_CHANGES {
            drift.changes.truncate(MAX_CHANGES);
            drift.partial.push(format!(
                "changes beyond the first {MAX_CHANGES} are left out"
            ));
        }
        drift
    }
}

impl OfType {
    fn begin(position: Position) -> Self {
        Self {
            tree: Tree::default(),
            n: 0,
            first: position,
            last: position,
            by_column: Box::default(),
            versions: Vec::new(),
        }
    }

    fn note_version(&mut self, version: &str, position: Position) {
        let n_versions = self.versions.len();
        let known = self
            .versions
            .iter_mut()
            .find(|seen| seen.version == version);
        if let Some(seen) = known {
            seen.n += 1;
            seen.last = position;
        } else if n_versions < MAX_VERSIONS {
            self.versions.push(SchemaVersionSeen {
                version: version.to_owned(),
                n: 1,
                first: position,
                last: position,
            });
        }
    }

    fn finish(mut self, log: &EventLog) -> TypeDrift {
        let event_type = log.event_type(self.first);
        let mut fields = Vec::new();
        // Depth first, in the order in which fields stand in the data.
        let mut left = vec![(0_u32, String::new())];
        while let Some((number, path)) = left.pop() {
            let Some(node) = self.tree.nodes.get_mut(number as usize) else {
                continue;
            };
            let node = std::mem::take(node);
            let is_object = |seen: &Seen| seen.kind == FieldKind::Object;
            let is_plain_root = path.is_empty() && node.seen.iter().all(is_object);
            if !node.seen.is_empty() && !is_plain_root {
                fields.push(field(
                    log,
                    &path,
                    node.n,
                    (node.by_column, node.seen),
                    self.n,
                ));
            }
            for child in node.children.into_iter().rev() {
                let key = self.tree.nodes.get(child as usize).map(|child| &child.key);
                let Some(key) = key else { continue };
                left.push((child, joined(&path, key)));
            }
        }
        TypeDrift {
            event_type,
            name: log.type_name(event_type).to_owned(),
            n: self.n,
            first: self.first,
            last: self.last,
            by_column: self.by_column.into(),
            versions: self.versions,
            fields,
        }
    }
}

fn field(
    log: &EventLog,
    path: &str,
    n: u64,
    (by_column, mut seen): (Box<[u32]>, Vec<Seen>),
    n_of_type: u64,
) -> FieldDrift {
    seen.sort_by_key(|seen| seen.first_nr);
    let kinds = seen.into_iter().map(|seen| KindSeen {
        kind: seen.kind,
        // Where a map was made of fields, an event may have been counted for several.
        n: seen.n.min(n_of_type),
        first: seen.first,
        last: seen.last,
        first_time: log.time(seen.first),
        last_time: log.time(seen.last),
        first_nr: seen.first_nr,
        last_nr: seen.last_nr,
        n_other_before: seen.n_other_before,
        example: seen.example.into(),
        by_column: seen.by_column.into(),
    });
    FieldDrift {
        path: if path.is_empty() {
            "(data)".to_owned()
        } else {
            path.to_owned()
        },
        n: n.min(n_of_type),
        kinds: kinds.collect(),
        by_column: by_column.into(),
    }
}

/// A path with one more key.
fn joined(path: &str, key: &[u8]) -> String {
    if key == ELEMENT {
        return format!("{path}[]");
    }
    let written = if key == ANY {
        "{*}".into()
    } else {
        let text = scan::key_text(key).unwrap_or_else(|| String::from_utf8_lossy(key));
        let is_plain = |c: char| c.is_alphanumeric() || "_-$@".contains(c);
        if !text.is_empty() && text.chars().all(is_plain) {
            text
        } else {
            let mut quoted = String::new();
            quote(&text, &mut quoted);
            quoted.into()
        }
    };
    if path.is_empty() {
        written.into_owned()
    } else {
        format!("{path}.{written}")
    }
}

/// Looks at all payloads of a history, in a pass of its own; `None` where it was cancelled.
pub fn drift_of(history: &History, watch: &Watch<'_>) -> Option<Drift> {
    let log = &history.log;
    let mut drifting = Drifting::new(log);
    let end = u32::try_from(log.len()).unwrap_or(u32::MAX);
    for from in (0..end).step_by(BATCH as usize) {
        let to = end.min(from.saturating_add(BATCH));
        let places: Vec<Place> = (from..to).map(|at| log.place(Position(at))).collect();
        history
            .reader
            .read(&places, Want::Presented, &mut |index, detail| {
                let at = u32::try_from(index)
                    .ok()
                    .and_then(|at| from.checked_add(at));
                if let (Some(at), Ok(detail)) = (at, &detail) {
                    drifting.see(log, Position(at), detail);
                }
                !watch.is_cancelled()
            });
        if watch.is_cancelled() {
            return None;
        }
        (watch.records_read)(u64::from(to));
    }
    Some(drifting.finish(log))
}
