//! Which line a record stands on: noted every few kilobytes while records are read in order, counted
//! from there when one is read again.

use std::io;
use std::sync::{PoisonError, RwLock};

use super::walk::{At, PIECE};
use crate::source::bytes::Bytes;

/// How far apart the notes are at least.
const STEP: u64 = 1 << 14;

/// The lines of some records, in order.
#[derive(Debug, Default)]
pub(super) struct Lines(RwLock<Vec<At>>);

impl Lines {
    /// Notes the line of a record, where the last note lies far enough back; where the next is due.
    pub(super) fn note(&self, at: At) -> u64 {
        let mut notes = self.0.write().unwrap_or_else(PoisonError::into_inner);
        notes.push(at);
        at.offset + STEP
    }

    /// The number of the line that `offset` lies on; `known` is what was counted last.
    pub(super) fn at(&self, offset: u64, bytes: &Bytes, known: &mut At) -> io::Result<i64> {
        let noted = {
            let notes = self.0.read().unwrap_or_else(PoisonError::into_inner);
            let n_before = notes.partition_point(|note| note.offset <= offset);
            let first = At { offset: 0, line: 1 };
            n_before
                .checked_sub(1)
                .and_then(|at| notes.get(at).copied())
                .unwrap_or(first)
        };
        if known.offset > offset || known.offset < noted.offset {
            *known = noted;
        }
        let mut buffer = Vec::new();
        while known.offset < offset {
            let wanted = usize::try_from(offset - known.offset)
                .unwrap_or(PIECE)
                .min(PIECE);
            buffer.resize(wanted, 0);
            let count = bytes.read_at(&mut buffer, known.offset)?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let read = buffer.get(..count).unwrap_or_default();
            let n_ends = memchr::memchr_iter(b'\n', read).count();
            known.line += i64::try_from(n_ends).unwrap_or(i64::MAX);
            known.offset += count as u64;
        }
        Ok(known.line)
    }
}
