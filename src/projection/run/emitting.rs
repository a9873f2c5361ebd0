//! What a run writes: events and links into streams in memory, and changes of results.

use std::collections::HashMap;

use super::answer::{Emitted, Released};
use super::causes::Cause;
use crate::event::Position;
use crate::script::{Definition, Emit};

/// The most bytes of emitted events that are kept, and of results; further ones are counted.
const MAX_KEPT: usize = 256 << 20;

/// What was written so far.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) emitted: Vec<Emitted>,
    pub(super) n_more_emitted: u64,
    pub(super) results: Vec<Released>,
    pub(super) n_more_results: u64,
    emitted_bytes: usize,
    result_bytes: usize,
    numbers: HashMap<Box<str>, u32>,
}

impl Written {
    /// Adds what an event caused.
    pub(super) fn emit(&mut self, emit: Emit, at: Position, cause: Cause<'_>) {
        let metadata = cause.metadata(emit.metadata.as_deref());
        let bytes = emit.data.len() + metadata.len() + 2 * emit.stream.len() + 128;
        if self.emitted_bytes + bytes > MAX_KEPT {
            self.n_more_emitted += 1;
            return;
        }
        self.emitted_bytes += bytes;
        let next = match self.numbers.get_mut(&emit.stream) {
            Some(next) => next,
            None => self.numbers.entry(emit.stream.clone()).or_default(),
        };
        let number = *next;
        *next += 1;
        self.emitted.push(Emitted {
            stream: emit.stream,
            number,
            event_type: emit.event_type,
            data: emit.data,
            metadata,
            at,
            kind: emit.kind,
        });
    }

    /// Adds a change of a result.
    pub(super) fn release(&mut self, released: Released) {
        let data = released.data.as_ref().map_or(0, |data| data.len());
        let bytes = data + released.stream.len() + 64;
        if self.result_bytes + bytes > MAX_KEPT {
            self.n_more_results += 1;
            return;
        }
        self.result_bytes += bytes;
        self.results.push(released);
    }
}

/// The stream into which the results of a partition go.
pub(super) fn result_stream(definition: &Definition, name: &str, partition: &str) -> Box<str> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    if partition.is_empty() {
        let own = given(&definition.result_stream_name);
        return own
            .unwrap_or_else(|| format!("$projections-{name}-result"))
            .into();
    }
    let pattern = given(&definition.partition_result_stream_name_pattern);
    match pattern {
        Some(pattern) => pattern.replace("{0}", partition).into(),
        None => format!("$projections-{name}-{partition}-result").into(),
    }
}
