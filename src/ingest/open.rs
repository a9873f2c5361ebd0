//! Opens an input and reads it to the end.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::publish::Publisher;
use super::take::Taker;
use crate::event::{Problems, Severity};
use crate::history::{EventLog, FileAbout, History, HistoryAbout, SnapshotMark};
use crate::source::{Cell, Container, Error, FoundFile, OpenOptions, Progress, Role, Source};

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
    let about = about_history(container.as_mut(), options);
    let opened = container.about();
    let initial = std::mem::take(&mut opened.problems);
    let lost_before = initial.records_lost();
    let mut taker = Taker::new(
        &opened.format,
        opened.names.clone(),
        opened.needs_names,
        initial,
    );
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
    container.look_again(&mut problems);
    let about = HistoryAbout { n_records, ..about };
    Ok(Arc::new(History {
        log,
        reader,
        problems,
        about,
        n_snapshots,
        snapshots,
        is_complete: true,
    }))
}

fn about_history(container: &mut dyn Container, options: &OpenOptions) -> HistoryAbout {
    let about = container.about();
    HistoryAbout {
        format: about.format.id.clone(),
        format_name: about.format.name.clone(),
        container: about.container.clone(),
        guess: about.guess.clone(),
        is_mapped: options.mapping.is_some(),
        mapping: about.format.mapping(),
        opened: about.opened.clone(),
        files: about.files.iter().map(file_about).collect(),
        n_records: 0,
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
    if container.about().format.snapshots.is_empty() {
        return (0, Vec::new());
    }
    let keyed = container.about().format.keyed_by_category
        && container.about().format.fields(Role::Category).len() == 1;
    let by_name: HashMap<(&str, &str), _> = log
        .streams()
        .map(|stream| {
            let category = if keyed { log.category_of(stream) } else { "" };
            ((category, log.stream_name(stream)), stream)
        })
        .collect();
    let mut marks = Vec::new();
    let counted = container.snapshots(&mut |(category, stream, version)| {
        let category = category.and_then(Cell::text).unwrap_or_default();
        let stream = stream.text().unwrap_or_default();
        let found = by_name.get(&(category.as_str(), stream.as_str()));
        if let (Some(stream), Ok(Some(version))) = (found, version.version())
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
        marks.len() as u64
    });
    (n_snapshots, marks)
}
