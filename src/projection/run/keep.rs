//! The partitions of a run: their states as text, but for the one that is under way.

use std::collections::HashMap;

use super::answer::Partition;
use crate::event::Position;

/// The most bytes that the states and results of all partitions take.
pub(super) const MAX_STATES: usize = 2 << 30;

/// All partitions so far.
#[derive(Debug, Default)]
pub(super) struct Partitions {
    pub(super) all: Vec<Partition>,
    by_name: HashMap<Box<str>, u32>,
    /// The state that all share, as text.
    pub(super) shared: Option<Box<str>>,
    /// Bytes of all names, states and results.
    pub(super) n_bytes: usize,
}

impl Partitions {
    /// The partition of a name, which is there from now on.
    pub(super) fn of(&mut self, name: &str) -> u32 {
        if let Some(known) = self.by_name.get(name) {
            return *known;
        }
        let index = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.by_name.insert(name.into(), index);
        self.n_bytes += 2 * name.len() + 128;
        self.all.push(Partition {
            name: name.into(),
            ..Partition::default()
        });
        index
    }

    pub(super) fn get(&self, index: u32) -> &Partition {
        &self.all[index as usize]
    }

    /// Replaces a state; says whether that changed it.
    pub(super) fn set_state(&mut self, index: u32, state: Option<String>) -> bool {
        let partition = &mut self.all[index as usize];
        if partition.state.as_deref() == state.as_deref() {
            return false;
        }
        let size = |text: &Option<Box<str>>| text.as_ref().map_or(0, |text| text.len());
        self.n_bytes -= size(&partition.state);
        partition.state = state.map(Into::into);
        self.n_bytes += size(&partition.state);
        true
    }

    /// Replaces a result that transforms made; says whether that changed it.
    pub(super) fn set_result(&mut self, index: u32, result: Option<String>) -> bool {
        let partition = &mut self.all[index as usize];
        let old = partition.transformed.take();
        let is_changed = old.as_deref() != result.as_deref();
        self.n_bytes -= old.map_or(0, |text| text.len());
        self.n_bytes += result.as_ref().map_or(0, String::len);
        partition.is_transformed = true;
        partition.transformed = result.map(Into::into);
        is_changed
    }

    /// Notes that a partition has handled an event.
    pub(super) fn count(&mut self, index: u32, at: Position) {
        let partition = &mut self.all[index as usize];
        partition.n_events += 1;
        partition.last = Some(at);
    }

    /// All partitions that came to something; the shared state stands as the root.
    pub(super) fn finish(mut self, is_shared: bool) -> Vec<Partition> {
        if is_shared {
            let root = self.of("");
            self.all[root as usize].state = self.shared.take();
        }
        self.all
            .retain(|found| found.n_events > 0 || found.state.is_some());
        self.all
    }
}
