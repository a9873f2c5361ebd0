//! Where a reducer fails for good: the state before that event is found again, and stays.

use super::course::{Course, Halt, Look, Running};
use super::replay::Folder;
use super::state::FoldError;
use crate::event::StreamId;
use crate::event::json::Json;

impl Folder {
    /// Stops a replay at an event: the value becomes the one before it, and the event is counted.
    ///
    /// The event may have been taken in by half, so the events before it are replayed. Where the
    /// reducer says by now that it needs more of each event, the replay goes on before the event
    /// instead.
    pub(super) fn stop<'a>(
        &'a self,
        running: &mut Running<'a>,
        halt: Halt,
        cancel: &dyn Fn() -> bool,
    ) -> Result<(), FoldError> {
        let stream = running.stream;
        let mut again = self.resume(stream, halt.rank);
        let earlier = self.replay_before(&mut again, halt.rank, cancel, &mut Look::Nowhere)?;
        if again.wants != running.wants && earlier.is_none() {
            *running = again;
            return Ok(());
        }
        let value = match earlier {
            None => again.course.value().cloned().ok(),
            Some(_) => None,
        };
        *running = match value {
            Some(value) => self.stopped(again, value, halt),
            None => self.stop_earlier(stream, halt, cancel)?,
        };
        Ok(())
    }

    /// As [`Self::stop`], where there was a state before that cannot be said: stops at the first one.
    fn stop_earlier(
        &self,
        stream: StreamId,
        halt: Halt,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Running<'_>, FoldError> {
        let mut again = self.resume(stream, halt.rank);
        let mut value = again.course.value().cloned().unwrap_or_default();
        let mut see = |_: u32, _, state: &Json| {
            value = state.clone();
            true
        };
        let look = &mut Look::From(0, &mut see);
        let earlier = self.replay_before(&mut again, halt.rank, cancel, look)?;
        Ok(self.stopped(again, value, earlier.unwrap_or(halt)))
    }

    fn replay_before(
        &self,
        again: &mut Running<'_>,
        rank: u32,
        cancel: &dyn Fn() -> bool,
        look: &mut Look<'_>,
    ) -> Result<Option<Halt>, FoldError> {
        match rank.checked_sub(1) {
            Some(last) => self.advance_to_halt(again, last, cancel, look),
            None => Ok(None),
        }
    }

    /// The replay as it stands at an event that cannot be taken in, with the value before it.
    fn stopped<'a>(&self, mut running: Running<'a>, value: Json, halt: Halt) -> Running<'a> {
        let position = self.position_at(running.stream, halt.rank);
        let text = value.to_string().into();
        running.course = Course::Stopped(value);
        running.counts.stop(position, halt.reason);
        running.n_events = halt.rank + 1;
        self.keep(&mut running, text);
        running
    }
}
