//! Questions and filters off the frame: what has been found is handed over as it grows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::outcome::Outcome;
use super::progress::Progress;
use crate::event::grouped;
use crate::fold::{FoldError, Folder};
use crate::history::{History, LogSlice};
use crate::query::{
    self, Context, Filter, Found, Over, QueryError, Search, SearchError, Watch, check_names,
};
use crate::workbench::{FilterAnswer, FilterKey, Interval, WhenAnswer, WhenKey, WhenScope};

/// A question to be asked.
#[derive(Clone, Debug)]
pub struct WhenTask {
    /// What is asked.
    pub key: WhenKey,
    /// Makes the states.
    pub folder: Arc<Folder>,
    /// From what its times count.
    pub context: Context,
}

/// A filter to be run.
#[derive(Clone, Debug)]
pub struct FilterTask {
    /// The filter.
    pub key: FilterKey,
    /// Its history, and what makes states of it.
    pub folder: Arc<Folder>,
}

/// Says when it is time to hand over what has been found: soon at first, then ever more rarely, as
/// what is handed over is copied.
struct Pace {
    next: Instant,
    pause: Duration,
}

impl Pace {
    fn new() -> Self {
        let pause = Duration::from_millis(60);
        Self {
            next: Instant::now() + pause,
            pause,
        }
    }

    fn is_due(&mut self) -> bool {
        let now = Instant::now();
        if now < self.next {
            return false;
        }
        self.pause = (self.pause * 3 / 2).min(Duration::from_secs(1));
        self.next = now + self.pause;
        true
    }
}

/// Asks when something was so.
pub(super) fn ask_when(
    task: &WhenTask,
    progress: &Progress,
    partly: &mut dyn FnMut(Outcome) -> bool,
) -> Outcome {
    let key = &task.key;
    let log = &task.folder.history().log;
    let asked = query::Question::parse(&key.text).and_then(|question| {
        let over = question.named(log)?.unwrap_or(match key.scope {
            WhenScope::Stream(stream) => Over::Stream(stream),
            WhenScope::Category(category) => Over::Category(category),
            WhenScope::Everything => Over::Everything,
        });
        Ok((question, over))
    });
    let (question, over) = match asked {
        Ok(asked) => asked,
        Err(error) => return Outcome::When(key.clone(), Err(error.to_string())),
    };
    let of = over.n_events(log);
    progress.expect_records(u64::from(of));
    let mut pace = Pace::new();
    let mut watch = Watch {
        cancel: &|| progress.is_cancelled(),
        partly: &mut |found, searched| {
            progress.note_records(u64::from(searched));
            if pace.is_due() {
                let mut answer = answer(found, searched, of);
                answer
                    .intervals
                    .sort_unstable_by_key(|interval| interval.from);
                partly(Outcome::When(key.clone(), Ok(answer)));
            }
        },
    };
    let found = query::ask_when(&question, &task.folder, over, &task.context, &mut watch);
    match found {
        Err(error) => Outcome::When(key.clone(), Err(error.to_string())),
        Ok(Err(FoldError::Cancelled)) => Outcome::Stopped,
        Ok(Err(error)) => Outcome::When(key.clone(), Err(error.to_string())),
        Ok(Ok(found)) => {
            let mut answer = answer(&found, of, of);
            answer.is_complete = true;
            Outcome::When(key.clone(), Ok(answer))
        }
    }
}

fn answer(found: &Found, searched: u32, of: u32) -> WhenAnswer {
    let intervals = found.stretches.iter().map(|stretch| Interval {
        stream: stretch.stream,
        from: stretch.from,
        to: stretch.to,
    });
    let mut starts: Vec<u32> = found
        .stretches
        .iter()
        .map(|stretch| stretch.from.0)
        .collect();
    starts.sort_unstable();
    let more = |n_more: u64| format!("and {} more that are not listed", grouped(n_more));
    WhenAnswer {
        intervals: intervals.collect(),
        is_complete: false,
        searched,
        of,
        starts: starts.into(),
        note: (found.n_more > 0).then(|| more(found.n_more)),
    }
}

/// Finds the events that a filter lets through.
pub(super) fn filter(
    task: &FilterTask,
    progress: &Progress,
    partly: &mut dyn FnMut(Outcome) -> bool,
) -> Outcome {
    let key = &task.key;
    let search = match prepare(task) {
        Ok(search) => search,
        Err(error) => return Outcome::Filter(key.clone(), Err(error)),
    };
    let n_events = u32::try_from(task.folder.history().log.len()).unwrap_or(u32::MAX);
    progress.expect_records(u64::from(n_events));
    let (mut positions, mut pace) = (Vec::new(), Pace::new());
    let sorted = |positions: &[u32]| {
        let mut positions = positions.to_vec();
        positions.sort_unstable();
        Arc::from(positions)
    };
    let done = search.run(&|| progress.is_cancelled(), &mut |more, searched| {
        positions.extend_from_slice(more);
        progress.note_records(u64::from(searched));
        if pace.is_due() {
            let answer = FilterAnswer {
                positions: sorted(&positions),
                is_complete: false,
                searched,
                of: n_events,
                note: None,
                slice: None,
            };
            return partly(Outcome::Filter(key.clone(), Ok(answer)));
        }
        true
    });
    let note = match done {
        Ok(()) => None,
        Err(SearchError::Cancelled) => return Outcome::Stopped,
        Err(SearchError::Fold(error)) => Some(error.to_string()),
    };
    let mut answer = FilterAnswer {
        positions: sorted(&positions),
        is_complete: true,
        searched: n_events,
        of: n_events,
        note,
        slice: None,
    };
    // The rows first; counting them for the timeline may take as long as finding them.
    if !partly(Outcome::Filter(key.clone(), Ok(answer.clone()))) {
        return Outcome::Stopped;
    }
    let log = &task.folder.history().log;
    answer.slice = Some(Arc::new(LogSlice::new(log, Arc::clone(&answer.positions))));
    Outcome::Filter(key.clone(), Ok(answer))
}

fn prepare(task: &FilterTask) -> Result<Search, QueryError> {
    let filter = Filter::parse(&task.key.text)?;
    let context = &task.key.context;
    check_names(&filter, task.folder.history(), context)?;
    Search::new(&filter, &task.folder, context)
}

/// Counts what the metadata of a history say alike.
pub(super) fn facets(generation: u64, history: &History, progress: &Progress) -> Outcome {
    progress.expect_records(history.log.len() as u64);
    let cancel = || progress.is_cancelled();
    let found = query::facets(history, &cancel, &mut |searched| {
        progress.note_records(u64::from(searched));
    });
    found.map_or(Outcome::Stopped, |facets| {
        Outcome::Facets(generation, facets)
    })
}
