//! Following an input that somebody else goes on writing: what has come since it was read.

use crate::event::{EventReader, Place, ReadTo};
use std::sync::Arc;

use super::container::{PartAbout, Sink};
use super::error::Error;
use super::progress::Progress;

/// How far an input has been read.
#[derive(Clone, Default)]
pub struct Seen {
    /// Where its last event lies, with the names of its stream and type; `None` where it has no event.
    pub last: Option<(Place, String, String)>,
    /// Where reading ended, in a log of lines.
    pub read_to: Option<ReadTo>,
    /// What reads the events up to there.
    pub reader: Option<Arc<dyn EventReader>>,
}

/// An input that is followed: what comes at its end is handed over as it comes.
///
/// Nothing is locked and nothing is written beside it; what the writer does while it is read is noticed
/// afterwards, and then it is read again.
pub trait Tail: Send {
    /// The table or file that holds the events.
    fn part(&self) -> &PartAbout;

    /// Hands over the records that came since the last time, as many as `most`; the count is how many.
    ///
    /// An [`Error::Gone`] says that what was read is not there any more; it cannot be followed any
    /// longer then. [`Error::Busy`] passes by itself.
    fn poll(&mut self, most: usize, progress: &Progress, sink: &mut Sink<'_>)
    -> Result<u64, Error>;

    /// A reader of single records, those before it was followed included.
    fn reader(&self) -> Arc<dyn EventReader>;
}
