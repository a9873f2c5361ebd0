//! Hands over what has been read so far, often enough to see it grow and rarely enough to cost little.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::take::Taker;
use crate::event::EventReader;
use crate::history::{History, HistoryAbout};

/// The first page of events.
const FIRST_AFTER: usize = 1000;
/// A publication may cost this part of the time since the last one.
const COST_SHARE: u32 = 10;

/// Publishes partial histories, where somebody wants them.
pub(super) struct Publisher<'a, 'p> {
    publish: Option<&'p mut dyn FnMut(Arc<History>)>,
    about: &'a HistoryAbout,
    reader: &'a Arc<dyn EventReader>,
    last: Option<(Instant, Duration)>,
}

impl<'a, 'p> Publisher<'a, 'p> {
    pub(super) fn new(
        publish: Option<&'p mut dyn FnMut(Arc<History>)>,
        about: &'a HistoryAbout,
        reader: &'a Arc<dyn EventReader>,
    ) -> Self {
        Self {
            publish,
            about,
            reader,
            last: None,
        }
    }

    /// Publishes if it is time; called every thousand events or so.
    pub(super) fn look(&mut self, taker: &mut Taker) {
        let Some(publish) = &mut self.publish else {
            return;
        };
        let is_time = match self.last {
            None => taker.len() >= FIRST_AFTER,
            // The log has grown since, and so has the cost.
            Some((at, cost)) => {
                at.elapsed() > (cost * COST_SHARE * 2).max(Duration::from_millis(100))
            }
        };
        if !is_time {
            return;
        }
        let start = Instant::now();
        let (log, problems) = taker.so_far();
        publish(Arc::new(History {
            log,
            reader: Arc::clone(self.reader),
            problems,
            about: self.about.clone(),
            n_snapshots: 0,
            consumers: Vec::new(),
            snapshots: Vec::new(),
            is_complete: false,
        }));
        self.last = Some((Instant::now(), start.elapsed()));
    }
}
