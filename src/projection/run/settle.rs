//! What follows when an event was handled: states as text, results, what was emitted.

use super::answer::Released;
use super::drive::{Drive, Stop};
use super::emitting::result_stream;
use super::keep::MAX_STATES;
use super::route::Arrival;
use super::watch::{ResultNow, StateNow, Step, Watch};
use crate::event::Position;
use crate::script::{Envelope, Fault, NoJson};

impl Drive<'_, '_, '_, '_> {
    /// Writes the state that is under way, where it was not written.
    pub(super) fn flush(&mut self) -> Result<(), Stop> {
        let (Some(since), Some(partition)) = (self.dirty_since, self.current) else {
            return Ok(());
        };
        let is_short = self.n_dirty <= 256;
        let texts = self
            .session
            .own_text()
            .and_then(|own| Ok((own, self.session.shared_text()?)));
        let (own, shared) = match texts {
            Ok(texts) => texts,
            // Which event made it so is found by writing from the first on.
            Err(Fault::NoJson(NoJson::TooLarge)) if !is_short => {
                return Err(Stop::Fault(Fault::NoJson(NoJson::TooLarge)));
            }
            Err(_) => return Err(Stop::Again(since)),
        };
        self.partitions.set_state(partition, own);
        if self.definition.bi_state {
            self.partitions.shared = shared.map(Into::into);
        }
        self.dirty_since = None;
        self.n_dirty = 0;
        Ok(())
    }

    /// What follows from a state that may have changed.
    pub(super) fn after(
        &mut self,
        partition: u32,
        event: &Envelope<'_>,
        at: Position,
    ) -> Result<(), Stop> {
        let writes = self.writes_always || self.attempt.texts_from.is_some_and(|from| at >= from);
        if !writes {
            self.dirty_since.get_or_insert(at);
            self.n_dirty += 1;
            let written = self.partitions.get(partition).state.as_ref();
            // Now and then, so that a state that grows without end is noticed.
            if self.n_dirty > written.map_or(0, |text| text.len() / 4).max(1 << 12) {
                self.flush()?;
            }
            return Ok(());
        }
        let own = self.session.own_text()?;
        let shared = self.session.shared_text()?;
        let has_changed = self.partitions.get(partition).state.as_deref() != own.as_deref();
        let has_transforms = self.session.has_transforms();
        if has_changed && has_transforms {
            let result = self.session.result(event)?;
            self.partitions.set_state(partition, own);
            let is_new = self.partitions.set_result(partition, result);
            self.release(partition, at, is_new);
        } else if has_changed {
            self.partitions.set_state(partition, own);
            self.release(partition, at, true);
        }
        if self.definition.bi_state {
            self.partitions.shared = shared.map(Into::into);
        }
        if self.partitions.n_bytes > MAX_STATES {
            let most = MAX_STATES >> 20;
            let message = format!("the states of all partitions take over {most} MiB");
            return Err(Fault::thrown(&message).into());
        }
        Ok(())
    }

    /// Announces a result, where the projection does so and it is a new one.
    fn release(&mut self, partition: u32, at: Position, is_new: bool) {
        if !self.definition.produces_results || !is_new {
            return;
        }
        let found = self.partitions.get(partition);
        let data = found.result().map(Into::into);
        let stream = result_stream(self.definition, &self.ask.name, &found.name);
        self.written.release(Released {
            at,
            stream,
            is_removal: data.is_none() && found.is_transformed,
            data,
        });
    }

    /// Shows a step to whoever looks on.
    pub(super) fn show(&mut self, arrival: &Arrival, partition: u32, watch: &mut dyn Watch) {
        self.n_shown += 1;
        if self.n_shown <= self.attempt.n_shown {
            return;
        }
        let found = self.partitions.get(partition);
        let write = || self.session.own_text().ok().flatten();
        let state = match self.dirty_since {
            Some(_) => StateNow::Live(&write),
            None => StateNow::Written(found.state.as_deref()),
        };
        let result = if found.is_transformed {
            ResultNow::Made(found.transformed.as_deref())
        } else {
            ResultNow::State
        };
        watch.handled(&mut Step {
            position: arrival.at,
            time: self.log.time(arrival.at),
            partition,
            name: &found.name,
            state,
            result,
        });
    }
}
