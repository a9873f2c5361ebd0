//! The later half of an input's records, to be read by a second thread while the first half is read.
//!
//! Where an input can be split, [`Container::later`](super::Container::later) gives a walk over the
//! records of its second half. The scan then comes by their first one as [`Item::Later`](super::Item):
//! who has them already says so, and the scan is over; otherwise it goes on as if nothing had been
//! asked. Single records that cannot be read are handed over as such; whatever keeps the walk from
//! going on ends it, and is met again, and dealt with, by the scan.

use std::sync::Arc;

use super::Sink;
use crate::source::progress::Progress;

/// From how many bytes on an input is read in two halves; below it that takes longer than it saves.
pub const WORTH_HALVING: u64 = 16 << 20;

/// What the walk over the later half came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walked {
    /// The place of the first record, or of what stands there.
    pub first: i64,
    /// How many records there are.
    pub n_records: u64,
}

/// A walk over the later half of an input's records; `None` where it did not reach the end.
type Walk = dyn FnOnce(&Arc<Progress>, &mut Sink<'_>) -> Option<Walked> + Send;

/// The later half of an input's records, to be handed over once.
pub struct Later(Box<Walk>);

impl std::fmt::Debug for Later {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Later")
    }
}

impl Later {
    /// A walk that opens its own way to the records.
    pub(super) fn new(
        walk: impl FnOnce(&Arc<Progress>, &mut Sink<'_>) -> Option<Walked> + Send + 'static,
    ) -> Self {
        Self(Box::new(walk))
    }

    /// Hands over all records of the later half in order; `None` where it did not reach the end, and
    /// what was handed over counts for nothing.
    pub fn walk(self, progress: &Arc<Progress>, sink: &mut Sink<'_>) -> Option<Walked> {
        (self.0)(progress, sink)
    }
}
