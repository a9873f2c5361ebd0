//! Bytes that are read by position: of a file, or in memory. Never mapped, for files shrink.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::spool::Spool;

/// A file, bytes in memory or a stream that is kept; reading moves no common place, so it may be shared between threads.
#[derive(Clone, Debug)]
pub enum Bytes {
    /// An open file.
    File(Arc<File>),
    /// Bytes in memory.
    Memory(Arc<[u8]>),
    /// What an unpacked or converted stream gives, made as it is asked for.
    Spool(Arc<Spool>),
}

impl Bytes {
    /// Opens a file that has been looked at before.
    pub fn open(path: &PathBuf) -> io::Result<Self> {
        Ok(Self::File(Arc::new(File::open(path)?)))
    }

    /// How many bytes there are now; of a stream that is not at its end yet, an estimate that is
    /// more than has been read.
    pub fn len(&self) -> io::Result<u64> {
        match self {
            Self::File(file) => Ok(file.metadata()?.len()),
            Self::Memory(bytes) => Ok(bytes.len() as u64),
            Self::Spool(spool) => Ok(spool.len()),
        }
    }

    /// Reads at `offset` as much as fits and is there; 0 at the end.
    pub fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match self {
            Self::File(file) => file_read_at(file, buffer, offset),
            Self::Memory(bytes) => Ok(copy_at(bytes, buffer, offset)),
            Self::Spool(spool) => spool.read_at(buffer, offset),
        }
    }

    /// The first bytes, at most `limit`.
    pub fn head(&self, limit: usize) -> io::Result<Vec<u8>> {
        let mut head = vec![0; limit];
        let count = self.read_at(&mut head, 0)?;
        head.truncate(count);
        Ok(head)
    }
}

/// Copies what there is of `bytes` from `offset` on, as much as fits.
pub(super) fn copy_at(bytes: &[u8], buffer: &mut [u8], offset: u64) -> usize {
    let start = usize::try_from(offset)
        .unwrap_or(usize::MAX)
        .min(bytes.len());
    let there = bytes.get(start..).unwrap_or_default();
    let count = there.len().min(buffer.len());
    if let (Some(to), Some(from)) = (buffer.get_mut(..count), there.get(..count)) {
        to.copy_from_slice(from);
    }
    count
}

/// Reads of a file at `offset` as much as fits and is there.
pub(super) fn file_read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match read_once(file, rest, offset + filled as u64) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(unix)]
fn read_once(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_once(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// Reads bytes from front to back.
#[derive(Debug)]
pub struct Stream {
    bytes: Bytes,
    at: Arc<AtomicU64>,
}

impl Stream {
    /// A stream from the first byte on.
    pub fn new(bytes: Bytes) -> Self {
        Self {
            bytes,
            at: Arc::default(),
        }
    }

    /// How far it has been read, to be looked at while somebody else reads it.
    pub fn place(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.at)
    }
}

impl io::Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let at = self.at.load(Ordering::Relaxed);
        let count = self.bytes.read_at(buffer, at)?;
        self.at.store(at + count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
