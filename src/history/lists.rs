//! The events of each stream and where its versions break: made at once, then changed stream by stream.

use std::sync::Arc;

use super::versions::{VersionBreak, Versions};

/// Stands for a stream whose lists are those that were made at once.
const AS_MADE: u32 = u32::MAX;

/// The lists of all streams. A clone costs four bytes a stream and sixteen for each that has grown.
#[derive(Clone, Debug, Default)]
pub(super) struct StreamLists {
    made: Arc<Made>,
    /// For each stream where its own lists stand in `grown`; empty while none has grown.
    own: Vec<u32>,
    grown: Vec<Arc<Lists>>,
}

/// What was made at once.
#[derive(Debug, Default)]
struct Made {
    /// For each stream where its positions begin in `by_stream`; one more at the end.
    starts: Vec<u32>,
    by_stream: Vec<u32>,
    versions: Versions,
}

/// What is known of a stream that has grown.
#[derive(Clone, Debug, Default)]
struct Lists {
    events: Vec<u32>,
    breaks: Vec<VersionBreak>,
}

impl StreamLists {
    /// Positions by stream, where each stream begins among them, and the breaks.
    pub(super) fn new(starts: Vec<u32>, by_stream: Vec<u32>, versions: Versions) -> Self {
        let made = Made {
            starts,
            by_stream,
            versions,
        };
        Self {
            made: Arc::new(made),
            own: Vec::new(),
            grown: Vec::new(),
        }
    }

    /// The positions of a stream's events, rising.
    #[inline]
    pub(super) fn events(&self, stream: usize) -> &[u32] {
        if let Some(lists) = self.own(stream) {
            return &lists.events;
        }
        let starts = &self.made.starts;
        &self.made.by_stream[starts[stream] as usize..starts[stream + 1] as usize]
    }

    /// The breaks of a stream by rank; an undamaged stream has one.
    #[inline]
    pub(super) fn breaks(&self, stream: usize) -> &[VersionBreak] {
        match self.own(stream) {
            Some(lists) => &lists.breaks,
            None => self.made.versions.breaks(stream),
        }
    }

    fn own(&self, stream: usize) -> Option<&Lists> {
        let at = *self.own.get(stream)?;
        self.grown.get(at as usize).map(AsRef::as_ref)
    }

    /// Adds events and breaks to a stream, which may be a new one. Costs a copy of the stream's lists
    /// where somebody else looks at them too.
    pub(super) fn add(&mut self, stream: usize, events: &[u32], breaks: &[VersionBreak]) {
        let n_made = self.made.starts.len().saturating_sub(1);
        if self.own.len() <= stream {
            self.own.resize(n_made.max(stream + 1), AS_MADE);
        }
        let at = self.own[stream];
        if at == AS_MADE {
            let lists = if stream < n_made {
                Lists {
                    events: self.events(stream).to_vec(),
                    breaks: self.breaks(stream).to_vec(),
                }
            } else {
                Lists::default()
            };
            self.own[stream] = u32::try_from(self.grown.len()).unwrap_or(AS_MADE);
            self.grown.push(Arc::new(lists));
        }
        let at = self.own[stream] as usize;
        if let Some(lists) = self.grown.get_mut(at) {
            let lists = Arc::make_mut(lists);
            lists.events.extend_from_slice(events);
            lists.breaks.extend_from_slice(breaks);
        }
    }

    /// Bytes held beside the positions: they grow with streams and irregularities.
    pub(super) fn bytes(&self) -> usize {
        let breaks = self.grown.iter().map(|lists| lists.breaks.len());
        self.made.starts.len() * 4
            + self.made.versions.bytes()
            + self.own.len() * 4
            + breaks.sum::<usize>() * size_of::<VersionBreak>()
    }
}
