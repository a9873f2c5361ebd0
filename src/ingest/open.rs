//! Opens an input and reads it to the end.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use super::publish::Publisher;
use super::snapshots::read_snapshots;
use super::take::Taker;
use super::two::Helper;
use crate::event::{CausationNames, Problems, Severity};
use crate::history::{EventLog, FileAbout, History, HistoryAbout};
use crate::source::{
    Container, Error, FoundFile, Item, OpenOptions, PartAbout, Progress, Source, StoreFormat,
};

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
    let folder = crate::source::folder_input(source)?;
    let (asked, joined) = (source, options.joined());
    let (source, options) = match &folder {
        // A folder is one history: a stream goes on from file to file.
        Some(folder) => (&folder.source, &joined),
        None => (source, options),
    };
    let mut container = crate::source::open(source, options, progress)?;
    let reader = container.reader()?;
    let about = HistoryAbout {
        inputs: inputs_of(asked),
        ..about_history(container.as_mut(), options)
    };
    let opened = container.about();
    let initial = std::mem::take(&mut opened.problems);
    let lost_before = initial.records_lost();
    let files = match source {
        Source::Several(sources) => sources.iter().map(Source::name).collect(),
        _ => Vec::new(),
    };
    let parts = opened.parts.clone();
    let mut taker = Taker::new(parts.clone(), &files, options.joins_streams, initial);
    let mut helper = Helper::begin(container.as_mut(), options, progress, || {
        Taker::new(parts, &files, options.joins_streams, Problems::default())
    });
    let mut publisher = Publisher::new(publish, &about, &reader);
    let n_scanned = container.scan(progress, &mut |item| {
        if let Item::Later { first, taken } = item {
            let helper = helper.take();
            taken.set(helper.and_then(|helper| helper.join(first, &mut taker, progress)));
            return ControlFlow::Continue(());
        }
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
    drop(helper);
    progress.forget_helper();
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
    if let Some(expected) = folder.as_ref().and_then(|folder| folder.expected) {
        note_list(expected, n_records, &mut problems);
    }
    for file in folder.iter().flat_map(|folder| &folder.listed) {
        if !file.is_as_listed(progress)? {
            let message = "the list of files has another checksum (MD5) for this file: it was changed or damaged";
            let place = Source::File(file.path.clone()).name();
            problems.add("checksum-differs", Severity::Error, place, message);
        }
    }
    let (n_snapshots, snapshots) = read_snapshots(
        container.as_mut(),
        &log,
        options.joins_streams,
        &mut problems,
    );
    let consumers = container.consumers(&mut problems);
    container.look_again(&mut problems);
    let about = HistoryAbout {
        n_records,
        read_to: container.read_to(),
        ..about
    };
    Ok(Arc::new(History {
        log,
        reader,
        problems,
        about,
        n_snapshots,
        snapshots,
        consumers,
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
        seal: about
            .parts
            .iter()
            .find_map(|part| part.format.seal.as_ref())
            .map(|plan| plan.rule),
        opened: about.opened.clone(),
        files: about.files.iter().map(file_about).collect(),
        inputs: Vec::new(),
        read_to: None,
        n_records: 0,
    }
}

/// The files of an input.
fn inputs_of(source: &Source) -> Vec<PathBuf> {
    match source {
        Source::File(path) => vec![path.clone()],
        Source::Several(sources) => sources.iter().flat_map(inputs_of).collect(),
        Source::Tables(paths) => paths.clone(),
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
    first
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

/// What lies with the files may say how many records there are.
fn note_list(expected: u64, n_records: u64, problems: &mut Problems) {
    if expected != n_records {
        let message =
            format!("the list of files names {expected} records, and {n_records} are there");
        problems.add("list-differs", Severity::Error, "the whole input", message);
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
