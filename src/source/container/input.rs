//! Bytes read from front to back, with a window that is as long as somebody needs it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::source::bytes::Bytes;

/// How much is read at once.
const CHUNK: usize = 1 << 18;

/// An input on its way; what was read and not taken yet is at hand.
pub(in crate::source::container) struct Input {
    bytes: Bytes,
    window: Vec<u8>,
    /// How much of the window was taken.
    start: usize,
    at: Arc<AtomicU64>,
    is_over: bool,
}

impl Input {
    pub(in crate::source::container) fn new(bytes: Bytes) -> Self {
        Self {
            bytes,
            window: Vec::new(),
            start: 0,
            at: Arc::default(),
            is_over: false,
        }
    }

    /// How far it was read, to be looked at from elsewhere.
    pub(in crate::source::container) fn place(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.at)
    }

    /// The offset of the first byte that was not taken.
    pub(in crate::source::container) fn offset(&self) -> u64 {
        self.at.load(Ordering::Relaxed) - self.rest().len() as u64
    }

    /// What is at hand.
    pub(in crate::source::container) fn rest(&self) -> &[u8] {
        self.window.get(self.start..).unwrap_or_default()
    }

    /// Reads until so many bytes are at hand; `false` where the input ends before.
    pub(in crate::source::container) fn need(&mut self, count: usize) -> io::Result<bool> {
        while self.rest().len() < count && !self.is_over {
            self.more()?;
        }
        Ok(self.rest().len() >= count)
    }

    /// Reads on; `false` at the end.
    pub(in crate::source::container) fn more(&mut self) -> io::Result<bool> {
        if self.is_over {
            return Ok(false);
        }
        if self.start > 0 {
            self.window.drain(..self.start);
            self.start = 0;
        }
        let filled = self.window.len();
        self.window.resize(filled + CHUNK, 0);
        let at = self.at.load(Ordering::Relaxed);
        let room = self.window.get_mut(filled..).unwrap_or_default();
        let count = self.bytes.read_at(room, at)?;
        self.window.truncate(filled + count);
        self.at.store(at + count as u64, Ordering::Relaxed);
        self.is_over = count == 0;
        Ok(count > 0)
    }

    /// Takes so many of the bytes at hand.
    pub(in crate::source::container) fn skip(&mut self, count: usize) {
        self.start = (self.start + count).min(self.window.len());
    }

    /// The length of the next line without its end, if it is at hand within `limit` bytes or the
    /// input ends; `None` where it is longer. The line's end is `true` where there is one.
    pub(in crate::source::container) fn line(
        &mut self,
        limit: usize,
    ) -> io::Result<Option<(usize, bool)>> {
        let mut seen = 0;
        loop {
            let rest = self.rest();
            let fresh = rest.get(seen..).unwrap_or_default();
            if let Some(at) = memchr::memchr(b'\n', fresh) {
                return Ok(Some((seen + at, true)));
            }
            seen = rest.len();
            if seen > limit {
                return Ok(None);
            }
            if !self.more()? {
                return Ok(Some((seen, false)));
            }
        }
    }

    /// Takes all up to the next line's beginning.
    pub(in crate::source::container) fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let rest = self.rest();
            if let Some(at) = memchr::memchr(b'\n', rest) {
                self.skip(at + 1);
                return Ok(());
            }
            let count = rest.len();
            self.skip(count);
            if !self.more()? {
                return Ok(());
            }
        }
    }
}
