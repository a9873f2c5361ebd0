//! Inputs that are neither tables nor a record a line, turned into lines of JSON as they are read: a
//! line a record, with the names that the input itself uses. What those names mean is data
//! (`assets/formats`), as with every other log.
//!
//! Each kind is a [`Turner`] in a file of its own. It checks lengths and counts before it takes
//! memory for them, and says what it leaves out.

mod lines;
mod shapes;
mod units;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(super) use lines::Lines;
pub use shapes::Shape;

use crate::source::bytes::Bytes;
use crate::source::container::input::Input;
use crate::source::error::Error;
use crate::source::spool::{Feed, Note, Spool};

/// The most that is written in all.
const MAX_TOTAL: u64 = 32 << 30;
/// From here on the ratio counts.
const RATIO_FROM: u64 = 64 << 20;
/// The most that may come of one byte that is read.
const MAX_RATIO: u64 = 200;
/// How much is written at once, about.
const BLOCK: usize = 1 << 18;

/// What an input is turned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turning {
    /// JSON whose records do not lie a record an object.
    Json(Shape),
}

impl Turning {
    /// The word for the container.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Json(shape) => shape.word(),
        }
    }
}

/// Writes records as lines.
trait Turner: Send {
    /// Writes some of the next records; `false` at the end. What is wrong with the input is noted in
    /// `lines`; an error is one of reading it.
    fn turn(&mut self, lines: &mut Lines) -> io::Result<bool>;
}

/// The input as lines of JSON, made as they are asked for.
pub(super) fn turned(turning: Turning, bytes: Bytes) -> Result<Arc<Spool>, Error> {
    let len = bytes.len().map_err(Error::io("look at the file"))?;
    let input = Input::new(bytes);
    let place = input.place();
    let turner: Box<dyn Turner> = match turning {
        Turning::Json(shape) => shape.turner(input),
    };
    Ok(Arc::new(Spool::new(TurningFeed {
        turner,
        lines: Lines::default(),
        len,
        place,
        total: 0,
    })))
}

/// A turner on its way.
struct TurningFeed {
    turner: Box<dyn Turner>,
    lines: Lines,
    len: u64,
    place: Arc<AtomicU64>,
    total: u64,
}

impl Feed for TurningFeed {
    fn next(&mut self, block: &mut Vec<u8>) -> io::Result<bool> {
        let mut goes_on = true;
        while goes_on && self.lines.len() < BLOCK {
            goes_on = self.turner.turn(&mut self.lines)?;
        }
        self.lines.move_to(block);
        self.total += block.len() as u64;
        let read = self.place.load(Ordering::Relaxed).max(1);
        let too_dense = self.total > RATIO_FROM && self.total / MAX_RATIO > read;
        if goes_on && (self.total > MAX_TOTAL || too_dense) {
            self.lines.broken(
                "reading-stopped",
                "the whole input",
                format!(
                    "reading was stopped after {read} bytes, for they give more than is reasonable; \
                     what came before is read"
                ),
            );
            return Ok(false);
        }
        Ok(goes_on)
    }

    fn take_notes(&mut self) -> Vec<Note> {
        self.lines.take_notes()
    }

    fn expected(&self, n_kept: u64) -> u64 {
        let read = u128::from(self.place.load(Ordering::Relaxed).max(1));
        let expected = u128::from(n_kept) * u128::from(self.len) / read;
        u64::try_from(expected).unwrap_or(u64::MAX)
    }
}
