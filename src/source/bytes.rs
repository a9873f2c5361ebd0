//! Bytes that are read by position: of a file, or in memory. Never mapped, for files shrink.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// A file or bytes in memory; reading moves no common place, so it may be shared between threads.
#[derive(Clone, Debug)]
pub enum Bytes {
    /// An open file.
    File(OpenFile),
    /// Bytes in memory.
    Memory(Arc<[u8]>),
}

impl Bytes {
    /// Opens a file that has been looked at before.
    pub fn open(path: &PathBuf) -> io::Result<Self> {
        Ok(Self::of_file(File::open(path)?, None))
    }

    /// The bytes of an open file, with the private folder in which it lies, if it does.
    pub fn of_file(file: File, folder: Option<tempfile::TempDir>) -> Self {
        Self::File(OpenFile {
            file: Arc::new(file),
            _folder: folder.map(Arc::new),
        })
    }

    /// How many bytes there are now.
    pub fn len(&self) -> io::Result<u64> {
        match self {
            Self::File(open) => Ok(open.file.metadata()?.len()),
            Self::Memory(bytes) => Ok(bytes.len() as u64),
        }
    }

    /// Reads at `offset` as much as fits and is there; 0 at the end.
    pub fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match self {
            Self::File(open) => {
                let mut filled = 0;
                while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
                    match file_read_at(&open.file, rest, offset + filled as u64) {
                        Ok(0) => break,
                        Ok(count) => filled += count,
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok(filled)
            }
            Self::Memory(bytes) => {
                let start = usize::try_from(offset)
                    .unwrap_or(usize::MAX)
                    .min(bytes.len());
                let there = bytes.get(start..).unwrap_or_default();
                let count = there.len().min(buffer.len());
                if let (Some(to), Some(from)) = (buffer.get_mut(..count), there.get(..count)) {
                    to.copy_from_slice(from);
                }
                Ok(count)
            }
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

#[cfg(unix)]
fn file_read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn file_read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// An open file, and the private folder that it lies in, if it does.
#[derive(Clone, Debug)]
pub struct OpenFile {
    file: Arc<File>,
    /// Goes when nobody holds it any more.
    _folder: Option<Arc<tempfile::TempDir>>,
}

/// Reads bytes from front to back through one buffer.
#[derive(Debug)]
pub struct Stream<'a> {
    bytes: &'a Bytes,
    at: u64,
}

impl<'a> Stream<'a> {
    /// A stream that begins at `at`.
    pub fn new(bytes: &'a Bytes, at: u64) -> Self {
        Self { bytes, at }
    }
}

impl io::Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read_at(buffer, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}
