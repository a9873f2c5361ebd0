//! One look at an input that is followed.

use std::sync::{Arc, Mutex, PoisonError};

use super::outcome::Outcome;
use super::progress::Progress;
use crate::history::History;
use crate::ingest::Follower;
use crate::source::{Error, OpenOptions, Source, files_of};
use crate::workbench::FollowNews;

/// What follows an input, kept from look to look.
pub type Following = Arc<Mutex<Option<Follower>>>;

/// A look at an input.
#[derive(Clone)]
pub struct FollowTask {
    /// The number of this following; answers of another one are of no use.
    pub number: u64,
    /// What follows it; empty before the first look.
    pub following: Following,
    /// The history as it was when it began to be followed.
    pub history: Arc<History>,
    /// Where it comes from.
    pub source: Source,
    /// With what it was opened.
    pub options: OpenOptions,
    /// Whether what has come is to become part of the history.
    pub takes: bool,
    /// Whether it is only to be found out whether anything has come.
    pub only_asks: bool,
}

/// Looks once.
pub(super) fn look(task: &FollowTask, progress: &Progress) -> Outcome {
    match news(task, progress) {
        Err(Error::Cancelled) => Outcome::Stopped,
        answer => Outcome::Followed(task.number, answer.map_err(|error| error.to_string())),
    }
}

fn news(task: &FollowTask, progress: &Progress) -> Result<FollowNews, Error> {
    let reading = progress.reading();
    let mut following = task
        .following
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if task.only_asks && following.is_none() && is_as_found(&task.history) {
        return Ok(FollowNews::default());
    }
    let follower = match following.take() {
        Some(follower) => follower,
        None => Follower::new(&task.history, &task.source, &task.options, reading)?,
    };
    let follower = following.insert(follower);
    let looked = follower.look(reading);
    let is_busy = matches!(looked, Err(Error::Busy(_)));
    if !is_busy {
        looked?;
    }
    let n_waiting = follower.n_waiting();
    let takes = task.takes && n_waiting > 0;
    Ok(FollowNews {
        n_waiting: if takes { 0 } else { n_waiting },
        history: takes.then(|| follower.history()),
        is_busy,
    })
}

/// Whether the file of a history, and what lies beside it, is as it was when it was read.
fn is_as_found(history: &History) -> bool {
    let Some(path) = history.about.inputs.first() else {
        return true;
    };
    let Ok(now) = files_of(path) else {
        return true;
    };
    // The shared memory of a writer changes all the time and holds no events.
    let counts = |name: &str| !name.ends_with("-shm");
    let known = history.about.files.iter().filter(|file| counts(&file.name));
    let known = known.map(|file| (&file.name, file.bytes, file.modified));
    let now = now.iter().filter(|file| counts(&file.name));
    now.map(|file| (&file.name, file.bytes, file.modified))
        .eq(known)
}

/// How long is waited between two looks where nobody else turns the loop.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(100);

/// Follows an input until `each` returns `false` or it cannot be followed any longer; hands over each
/// history that goes on, with the number of events that the one before had.
///
/// Blocks meanwhile; a cancel is seen within a tenth of a second.
pub fn follow(
    history: &Arc<History>,
    source: &Source,
    options: &OpenOptions,
    progress: &Progress,
    each: &mut dyn FnMut(&History, usize) -> bool,
) -> Result<(), Error> {
    let reading = progress.reading();
    let mut follower = Follower::new(history, source, options, reading)?;
    let mut n_before = history.log.len();
    loop {
        match follower.look(reading) {
            Ok(_) | Err(Error::Busy(_)) => {}
            Err(error) => return Err(error),
        }
        if follower.n_waiting() > 0 {
            let grown = follower.history();
            if !each(&grown, n_before) {
                return Ok(());
            }
            n_before = grown.log.len();
        }
        std::thread::sleep(PAUSE);
        if progress.is_cancelled() {
            return Err(Error::Cancelled);
        }
    }
}
