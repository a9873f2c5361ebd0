//! Which streams have saved states, and after which version.

use std::collections::HashMap;

use super::take::stream_scope;
use crate::event::{Position, Problems, Severity};
use crate::history::{EventLog, SnapshotMark};
use crate::source::{Cell, Container, Role, StoreFormat};

/// How many marks of saved states are kept.
const MAX_MARKS: usize = 100_000;

/// Counts the saved states and finds their streams.
pub(super) fn read_snapshots(
    container: &mut dyn Container,
    log: &EventLog,
    joins_streams: bool,
    problems: &mut Problems,
) -> (u64, Vec<SnapshotMark>) {
    let formats: Vec<&StoreFormat> = container
        .about()
        .parts
        .iter()
        .map(|part| &part.format)
        .collect();
    let types: Vec<&str> = formats
        .iter()
        .flat_map(|format| &format.snapshot_types)
        .map(String::as_str)
        .collect();
    let mut marks = Vec::new();
    let n_among = snapshots_among(log, &types, &mut marks);
    if formats.iter().all(|format| format.snapshots.is_empty()) {
        return (n_among, marks);
    }
    let keyed = formats
        .iter()
        .any(|format| format.keyed_by_category && format.fields(Role::Category).len() == 1);
    let parts = &container.about().parts;
    let numbers = (0..).take(parts.len());
    let scopes: Vec<u16> = numbers
        .map(|number| stream_scope(parts, number, joins_streams))
        .collect();
    let by_name: HashMap<(u16, &str, &str), _> = log
        .streams()
        .map(|stream| {
            let category = if keyed { log.category_of(stream) } else { "" };
            let scope = log.stream_info(stream).scope;
            ((scope, category, log.stream_name(stream)), stream)
        })
        .collect();
    let counted = container.snapshots(&mut |row| {
        let category = row.category.and_then(Cell::text).unwrap_or_default();
        let stream = row.stream.text().unwrap_or_default();
        let scope = scopes.get(usize::from(row.part)).copied();
        let scope = scope.unwrap_or_default();
        let found = by_name.get(&(scope, category.as_str(), stream.as_str()));
        if let (Some(stream), Ok(Some(version))) = (found, row.version.version())
            && marks.len() < MAX_MARKS
        {
            marks.push(SnapshotMark {
                stream: *stream,
                version,
            });
        }
    });
    let n_snapshots = counted.unwrap_or_else(|error| {
        problems.add(
            "unreadable-snapshots",
            Severity::Warning,
            "snapshots",
            error.to_string(),
        );
        0
    });
    (n_among + n_snapshots, marks)
}

/// Counts the saved states that stand among the events, and marks where.
fn snapshots_among(log: &EventLog, types: &[&str], marks: &mut Vec<SnapshotMark>) -> u64 {
    let is_saved: Vec<bool> = log
        .type_names()
        .iter()
        .map(|name| types.contains(&name.as_ref()))
        .collect();
    if !is_saved.contains(&true) {
        return 0;
    }
    let mut n_snapshots = 0;
    for position in (0..).map(Position).take(log.len()) {
        if is_saved[log.event_type(position).index()] {
            n_snapshots += 1;
            if let Some(version) = log.version(position)
                && marks.len() < MAX_MARKS
            {
                marks.push(SnapshotMark {
                    stream: log.stream(position),
                    version,
                });
            }
        }
    }
    n_snapshots
}
