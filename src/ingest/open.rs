//! Opens an input and reads it to the end.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use super::publish::Publisher;
use super::take::{Taker, scope};
use crate::event::{Position, Problems, Severity};
use crate::history::{
    CausationNames, Consumer, EventLog, FileAbout, History, HistoryAbout, SnapshotMark,
};
use crate::source::{
    Cell, ConsumerRow, Container, Error, FoundFile, OpenOptions, PartAbout, Progress, Role, Source,
    StoreFormat,
};

/// How many marks of saved states are kept.
const MAX_MARKS: usize = 100_000;

/// Opens an input and reads it to the end.
///
/// Blocks until it is done; [`Progress::cancel`] ends it early with [`Error::Cancelled`].
pub fn open(
    source: &Source,
    options: &OpenOptions,
    progress: &Arc<Progress>,
) -> Result<Arc<History>, Error> {
    open_with(source, options, progress, None)
}

/// As [`open`], and hands over what has been read so far while it goes on: first after about a
/// thousand events, then whenever it costs little.
pub fn open_publishing(
    source: &Source,
    options: &OpenOptions,
    progress: &Arc<Progress>,
    publish: &mut dyn FnMut(Arc<History>),
) -> Result<Arc<History>, Error> {
    open_with(source, options, progress, Some(publish))
}

fn open_with(
    source: &Source,
    options: &OpenOptions,
    progress: &Arc<Progress>,
    publish: Option<&mut dyn FnMut(Arc<History>)>,
) -> Result<Arc<History>, Error> {
    let mut container = crate::source::open(source, options, progress)?;
    let reader = container.reader()?;
    let about = HistoryAbout {
        inputs: inputs_of(source),
        ..about_history(container.as_mut(), options)
    };
    let opened = container.about();
    let initial = std::mem::take(&mut opened.problems);
    let lost_before = initial.records_lost();
    let files = match source {
        Source::Several(sources) => sources.iter().map(Source::name).collect(),
        _ => Vec::new(),
    };
    let mut taker = Taker::new(opened.parts.clone(), &files, options.joins_streams, initial);
    let mut publisher = Publisher::new(publish, &about, &reader);
    let n_scanned = container.scan(progress, &mut |item| {
        let flow = taker.take(item);
        if taker.len().is_multiple_of(1024) {
            progress.set_events(taker.len() as u64);
            publisher.look(&mut taker);
            if progress.is_cancelled() {
                return ControlFlow::Break(());
            }
        }
        flow
    });
    if let Some(error) = taker.failure.take() {
        return Err(Error::TooMany(error));
    }
    if progress.is_cancelled() {
        return Err(Error::Cancelled);
    }
    let n_records = n_scanned? + lost_before;
    let (log, mut problems) = taker.finish();
    progress.set_events(log.len() as u64);
    note_completeness(&log, n_records, &mut problems);
    let (n_snapshots, snapshots) = read_snapshots(container.as_mut(), &log, &mut problems);
    let consumers = container.consumers(&mut problems);
    container.look_again(&mut problems);
    let about = HistoryAbout { n_records, ..about };
    Ok(Arc::new(History {
        log,
        reader,
        problems,
        about,
        n_snapshots,
        snapshots,
        consumers: consumers.into_iter().map(consumer).collect(),
        is_complete: true,
    }))
}

fn about_history(container: &mut dyn Container, options: &OpenOptions) -> HistoryAbout {
    let about = container.about();
    let format = about.parts.first().map(|part| &part.format);
    HistoryAbout {
        format: format.map_or_else(String::new, |format| format.id.clone()),
        format_name: format.map_or_else(String::new, |format| format.name.clone()),
        container: about.container.clone(),
        guess: about.guess.clone(),
        is_mapped: options.mapping.is_some(),
        mapping: format.map(StoreFormat::mapping).unwrap_or_default(),
        causation: causation_of(&about.parts),
        opened: about.opened.clone(),
        files: about.files.iter().map(file_about).collect(),
        inputs: Vec::new(),
        n_records: 0,
    }
}

/// The files of an input.
fn inputs_of(source: &Source) -> Vec<PathBuf> {
    match source {
        Source::File(path) => vec![path.clone()],
        Source::Several(sources) => sources.iter().flat_map(inputs_of).collect(),
        Source::Stdin | Source::Text { .. } | Source::Script { .. } => Vec::new(),
    }
}

/// What causation ids name in all parts; where they differ, what claims least.
fn causation_of(parts: &[PartAbout]) -> CausationNames {
    let mut named = parts.iter().map(|part| part.format.causation_names);
    let first = named.next().unwrap_or_default();
    if named.any(|other| other != first) {
        return CausationNames::EventOrCommand;
    }
    match first {
        crate::source::CausationNames::EventOrCommand => CausationNames::EventOrCommand,
        crate::source::CausationNames::Command => CausationNames::Command,
        crate::source::CausationNames::Position => CausationNames::Position,
    }
}

fn consumer(row: ConsumerRow) -> Consumer {
    Consumer {
        table: row.table,
        name: row.name,
        position: row.position,
        behind: row.behind,
        status: row.status,
        updated: row.updated,
    }
}

fn file_about(file: &FoundFile) -> FileAbout {
    FileAbout {
        name: file.name.clone(),
        path: file.path.clone(),
        bytes: file.bytes,
        modified: file.modified,
        sha256: file.sha256.clone(),
    }
}

/// Every record is an event or lost; if the input counts otherwise, that is a problem itself.
fn note_completeness(log: &EventLog, n_records: u64, problems: &mut Problems) {
    let accounted = log.len() as u64 + problems.records_lost();
    if accounted != n_records {
        let message = format!(
            "the input counts {n_records} records, and {} events and {} lost records were read",
            log.len(),
            problems.records_lost()
        );
        problems.add("incomplete", Severity::Error, "the whole input", message);
    }
}

/// Counts the saved states and finds their streams.
fn read_snapshots(
    container: &mut dyn Container,
    log: &EventLog,
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
    let scopes: Vec<u16> = numbers.map(|number| scope(parts, number)).collect();
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
        let scope = scopes
            .get(usize::from(row.part))
            .copied()
            .unwrap_or_default();
        let found = by_name
            .get(&(scope, category.as_str(), stream.as_str()))
            .or_else(|| by_name.get(&(0, category.as_str(), stream.as_str())));
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
