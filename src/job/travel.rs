//! What time travel asks: fields over a stream, and who caused what.

use std::sync::Arc;

use super::job::Job;
use super::outcome::Outcome;
use super::progress::Progress;
use crate::event::StreamId;
use crate::event::json::JsonPath;
use crate::fold::{FieldLane, FoldError, Folder, changing_lanes, field_lanes};
use crate::history::{CauseIndex, Causes, History, IdFound, IdIndex, NoCauses};
use crate::workbench::{IdKey, LanesKey, LanesOf};

/// How many of the last events are asked for what they changed.
const LATELY: u32 = 3;
/// How many changed fields become lanes.
const MAX_CHANGED: usize = 6;
/// How many of those that change most do so where none is pinned.
const MAX_CHANGING: usize = 4;

/// Does one of these jobs; any other is none of its business and gives nothing.
pub(super) fn run(job: &Job, progress: &Progress) -> Outcome {
    let cancel = || progress.is_cancelled();
    match job {
        Job::Lanes(key, folder) => folded(lanes(folder, key, &cancel), |answer| {
            Outcome::Lanes(key.clone(), answer)
        }),
        Job::Steps(key, folder) => folded(lanes(folder, key, &cancel), |answer| {
            Outcome::Steps(key.clone(), answer)
        }),
        Job::Causes(generation, history) => found(index(history, progress), |answer| {
            Outcome::Causes(*generation, answer)
        }),
        Job::FindId(key, history, index) => {
            found(find_id(key, history, index.as_ref(), progress), |answer| {
                Outcome::FoundId(key.clone(), answer)
            })
        }
        Job::Chain(key, history, index) => {
            let causes = Causes::new(history, index, &cancel);
            found(causes.chain(key.position), |answer| {
                Outcome::Chain(*key, answer)
            })
        }
        Job::Undertaking(key, history, index) => {
            let causes = Causes::new(history, index, &cancel);
            found(causes.undertaking(&key.correlation), |answer| {
                Outcome::Undertaking(key.clone(), answer)
            })
        }
        Job::Related(key, history, index) => {
            let causes = Causes::new(history, index, &cancel);
            found(causes.related(key.stream), |answer| {
                Outcome::Related(*key, answer)
            })
        }
        Job::Graph(key, history, index) => {
            let causes = Causes::new(history, index, &cancel);
            found(causes.graph(key.position).map(Arc::new), |answer| {
                Outcome::Graph(*key, answer)
            })
        }
        _ => Outcome::Stopped,
    }
}

fn folded<T>(
    answer: Result<T, FoldError>,
    outcome: impl FnOnce(Result<T, String>) -> Outcome,
) -> Outcome {
    match answer {
        Err(FoldError::Cancelled) => Outcome::Stopped,
        answer => outcome(answer.map_err(|error| error.to_string())),
    }
}

fn found<T>(
    answer: Result<T, NoCauses>,
    outcome: impl FnOnce(Result<T, String>) -> Outcome,
) -> Outcome {
    match answer {
        Err(NoCauses::Cancelled) => Outcome::Stopped,
        answer => outcome(answer.map_err(|error| error.to_string())),
    }
}

/// Finds an event by its id; what finds others is made where it is not known.
fn find_id(
    key: &IdKey,
    history: &History,
    known: Option<&Arc<IdIndex>>,
    progress: &Progress,
) -> Result<(Arc<IdIndex>, IdFound), NoCauses> {
    let index = if let Some(index) = known {
        Arc::clone(index)
    } else {
        progress.expect_records(history.log.len() as u64);
        Arc::new(IdIndex::read(history, &mut |n_read| {
            progress.note_records(n_read as u64);
            !progress.is_cancelled()
        })?)
    };
    let found = index.find(history, &key.text, &|| progress.is_cancelled())?;
    Ok((index, found))
}

fn index(history: &History, progress: &Progress) -> Result<Arc<CauseIndex>, NoCauses> {
    progress.expect_records(history.log.len() as u64);
    let index = CauseIndex::read(history, &mut |n_read| {
        progress.note_records(n_read as u64);
        !progress.is_cancelled()
    })?;
    Ok(Arc::new(index))
}

fn lanes(
    folder: &Folder,
    key: &LanesKey,
    cancel: &dyn Fn() -> bool,
) -> Result<Vec<FieldLane>, FoldError> {
    match &key.of {
        LanesOf::Paths(paths) => field_lanes(folder, key.stream, paths, cancel),
        LanesOf::ChangedBy(rank) => {
            let paths = changed(folder, key.stream, *rank, cancel)?;
            field_lanes(folder, key.stream, &paths, cancel)
        }
        LanesOf::Changing => changing_lanes(folder, key.stream, MAX_CHANGING, cancel),
    }
}

/// The fields that the last few events up to `rank` changed, those changed last first.
fn changed(
    folder: &Folder,
    stream: StreamId,
    rank: u32,
    cancel: &dyn Fn() -> bool,
) -> Result<Vec<JsonPath>, FoldError> {
    let mut paths: Vec<JsonPath> = Vec::new();
    for rank in (rank.saturating_sub(LATELY - 1)..=rank).rev() {
        for change in folder.changed_by(stream, rank, cancel)? {
            if paths.len() >= MAX_CHANGED {
                return Ok(paths);
            }
            if !paths.contains(&change.path) {
                paths.push(change.path);
            }
        }
    }
    Ok(paths)
}
