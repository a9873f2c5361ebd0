//! Follows an input that another program goes on writing: what comes becomes events of a history that
//! goes on.

use std::sync::Arc;

use super::take::Taker;
use crate::history::{History, HistoryAbout};
use crate::source::{Error, OpenOptions, Progress, Seen, Source, StoreFormat, Tail};

/// The most records that are taken in one look.
const MOST_AT_ONCE: usize = 100_000;

/// Follows the input of a history.
///
/// Each look costs what came since the last one; see `LogBuilder::grow` for what a further history
/// costs. Beside the log it keeps 64 bytes a stream, by which events find theirs.
pub struct Follower {
    tail: Box<dyn Tail>,
    taker: Taker,
    history: Arc<History>,
    n_records: u64,
}

impl Follower {
    /// Goes on where a history ends that was opened from this input with these options.
    ///
    /// Costs a look at each stream and each place. [`Error::NotFollowed`] says what cannot be followed.
    pub fn new(
        history: &Arc<History>,
        source: &Source,
        options: &OpenOptions,
        progress: &Arc<Progress>,
    ) -> Result<Self, Error> {
        let refuse = |why: &str| Error::NotFollowed(why.to_owned());
        if crate::source::folder_input(source)?.is_some() {
            return Err(refuse("only a single file can be followed"));
        }
        if !history.is_complete {
            return Err(refuse("it was read in part only"));
        }
        let tail = crate::source::follow(source, options, &seen(history)?, progress)?;
        let format = &tail.part().format;
        let about = &history.about;
        if format.id != about.format || StoreFormat::mapping(format) != about.mapping {
            return Err(refuse(
                "by what is in it now it would be read otherwise than it was; open it again",
            ));
        }
        let mut problems = history.problems.clone();
        let mut n_records = about.n_records;
        if let Some(end) = about.read_to.filter(|end| end.lost_rest) {
            // The line was being written; it is read again once it is whole.
            problems.take_back(&tail.part().names.name(line_after(end.lines)));
            n_records = n_records.saturating_sub(1);
        }
        Ok(Self {
            taker: Taker::going_on(tail.part().clone(), &history.log, problems)
                .ok_or_else(|| refuse("two of its streams cannot be told apart by their names"))?,
            tail,
            history: Arc::clone(history),
            n_records,
        })
    }

    /// Looks once for what has come; returns how many events the history does not have yet.
    pub fn look(&mut self, progress: &Arc<Progress>) -> Result<usize, Error> {
        let taker = &mut self.taker;
        let n_new = self
            .tail
            .poll(MOST_AT_ONCE, progress, &mut |item| taker.take(item));
        self.n_records += n_new?;
        if let Some(why) = self.taker.failure.take() {
            return Err(Error::TooMany(why));
        }
        Ok(self.n_waiting())
    }

    /// How many events have come that the history does not have yet.
    pub fn n_waiting(&self) -> usize {
        self.taker.len() - self.history.log.len()
    }

    /// The history with all that has come; all it had is shared with the one before.
    pub fn history(&mut self) -> Arc<History> {
        if self.n_waiting() == 0 {
            return Arc::clone(&self.history);
        }
        let before = &self.history;
        let (log, problems) = self.taker.grow(&before.log);
        let about = HistoryAbout {
            n_records: self.n_records,
            opened: "read-only, followed without locks".to_owned(),
            ..before.about.clone()
        };
        self.history = Arc::new(History {
            log,
            reader: self.tail.reader(),
            problems,
            about,
            n_snapshots: before.n_snapshots,
            snapshots: before.snapshots.clone(),
            consumers: before.consumers.clone(),
            is_complete: true,
        });
        Arc::clone(&self.history)
    }
}

/// The number of the line after so many.
fn line_after(lines: u64) -> i64 {
    i64::try_from(lines + 1).unwrap_or(i64::MAX)
}

/// How far a history has been read.
fn seen(history: &History) -> Result<Seen, Error> {
    let log = &history.log;
    let last = log.last();
    let place = last.map(|last| log.place(last));
    let mut places = (0..)
        .take(log.len())
        .map(|at| log.place(crate::event::Position(at)));
    if places.any(|at| place.is_some_and(|last| at.at > last.at)) {
        return Err(Error::NotFollowed(
            "its records do not lie in the order of its events".to_owned(),
        ));
    }
    let names = |last| {
        let stream = log.stream_name(log.stream(last)).to_owned();
        let event_type = log.type_name(log.event_type(last)).to_owned();
        (log.place(last), stream, event_type)
    };
    Ok(Seen {
        last: last.map(names),
        read_to: history.about.read_to,
        reader: Some(Arc::clone(&history.reader)),
    })
}
