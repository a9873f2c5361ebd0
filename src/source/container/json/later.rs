//! The later half of the lines of a file, from the first line after its middle on.

use std::sync::Arc;

use super::lines::scan_lines;
use super::split::Lines;
use super::{CHUNK, LineIndex};
use crate::event::ReadTo;
use crate::source::bound::{Bound, LOG_ROLES};
use crate::source::bytes::Bytes;
use crate::source::container::{Later, Walked};
use crate::source::format::StoreFormat;
use crate::source::progress::Progress;

/// How far from the middle a line end is looked for.
const MAX_LOOK: u64 = 1 << 20;

/// Where the later half begins, and what is known of its lines once it was read.
#[derive(Debug)]
pub(super) struct LaterLines {
    /// The byte at which its first line begins.
    pub(super) begins: u64,
    /// Where its lines lie.
    pub(super) index: LineIndex,
}

impl LaterLines {
    /// Finds the first line after the middle; `None` where lines are very long.
    pub(super) fn find(bytes: &Bytes) -> Option<Self> {
        let (mut at, len) = (bytes.len().ok()? / 2, bytes.len().ok()?);
        let end = len.min(at + MAX_LOOK);
        let mut piece = vec![0; CHUNK.min(1 << 14)];
        while at < end {
            let n_read = bytes.read_at(&mut piece, at).ok()?;
            let read = piece.get(..n_read).filter(|read| !read.is_empty())?;
            if let Some(line_end) = memchr::memchr(b'\n', read) {
                let begins = at + line_end as u64 + 1;
                return (begins < len).then(|| Self {
                    begins,
                    index: LineIndex::default(),
                });
            }
            at += n_read as u64;
        }
        None
    }
}

/// The lines from there on.
pub(super) fn later(bytes: Bytes, format: StoreFormat, lines: Arc<LaterLines>) -> Later {
    Later::new(move |progress: &Arc<Progress>, sink| {
        let start = ReadTo {
            at: lines.begins,
            lines: count_lines(&bytes, lines.begins, progress)?,
            lost_rest: false,
        };
        let step = LineIndex::STEP as u64;
        let next_step = start.at.div_ceil(step) * step;
        let bound = Bound::new(&format, &LOG_ROLES);
        let mut walk = Lines::from(&bytes, CHUNK, start, next_step);
        let n_records = scan_lines(&mut walk, &bound, &lines.index, progress, sink).ok()?;
        Some(Walked {
            first: i64::try_from(lines.begins).ok()?,
            n_records,
        })
    })
}

/// How many lines end before a place.
fn count_lines(bytes: &Bytes, end: u64, progress: &Progress) -> Option<u64> {
    let (mut at, mut n_lines) = (0, 0);
    let mut piece = vec![0; CHUNK];
    while at < end && !progress.is_cancelled() {
        let n_read = bytes.read_at(&mut piece, at).ok()?;
        let left = usize::try_from(end - at).unwrap_or(usize::MAX);
        let read = piece.get(..n_read.min(left))?;
        if read.is_empty() {
            return None;
        }
        n_lines += memchr::memchr_iter(b'\n', read).count() as u64;
        at += read.len() as u64;
    }
    (at == end).then_some(n_lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_half_begins_after_the_first_line_end_behind_the_middle() {
        let begins = |text: &[u8]| {
            let bytes = Bytes::Memory(text.into());
            LaterLines::find(&bytes).map(|found| found.begins)
        };
        assert_eq!(begins(b"one\ntwo\nthree\nfour\n"), Some(14));
        assert_eq!(begins(b"one\ntwo"), Some(4));
        assert_eq!(begins(b"one\ntwo\n"), None, "nothing follows");
        assert_eq!(begins(b"one"), None);
        let bytes = Bytes::Memory(b"one\n\r\ntwo\nthree"[..].into());
        assert_eq!(count_lines(&bytes, 10, &Progress::default()), Some(3));
        assert_eq!(count_lines(&bytes, 100, &Progress::default()), None);
    }
}
