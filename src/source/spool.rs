//! What a stream gives, kept so that it can be read again by place: in memory while it is small,
//! then in a temporary file without a name, which goes with the process whatever becomes of it.
//!
//! Nothing runs beside: whoever reads further than the stream has come moves it on.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

use super::bytes::{copy_at, file_read_at};
use super::private::PrivateFolder;

/// Up to here what is kept stays in memory.
const IN_MEMORY: usize = 16 << 20;

/// Something a feed left out, mended or came upon; told when the input has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// A line that gives no event.
    Lost {
        kind: &'static str,
        line: i64,
        message: String,
    },
    /// Something wrong with a line that is kept.
    Flawed {
        kind: &'static str,
        line: i64,
        message: String,
    },
    /// Something wrong with the whole stream, or a part of it.
    Broken {
        /// How many records it cost.
        n_records: u64,
        kind: &'static str,
        place: &'static str,
        message: String,
    },
}

/// Gives a stream block by block.
pub(super) trait Feed: Send {
    /// Puts the next bytes behind those in `block`; `false` at the end of the stream.
    ///
    /// What is wrong with the stream itself becomes a note; an error is one of reading its source.
    fn next(&mut self, block: &mut Vec<u8>) -> io::Result<bool>;

    /// What was noted so far, once.
    fn take_notes(&mut self) -> Vec<Note>;

    /// How long the stream may become, `n_kept` bytes of it being known.
    fn expected(&self, n_kept: u64) -> u64;
}

/// A stream that is kept.
pub struct Spool {
    feed: Mutex<Box<dyn Feed>>,
    kept: RwLock<Kept>,
    n_kept: AtomicU64,
    expected: AtomicU64,
    is_over: AtomicBool,
}

enum Kept {
    Memory(Vec<u8>),
    File(File),
    /// A file for somebody who needs its path; it goes when nobody reads from it any more.
    Named(File, PrivateFolder),
}

impl std::fmt::Debug for Spool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spool")
            .field("n_kept", &self.n_kept)
            .field("is_over", &self.is_over)
            .finish_non_exhaustive()
    }
}

impl Spool {
    pub(super) fn new(feed: impl Feed + 'static) -> Self {
        Self {
            feed: Mutex::new(Box::new(feed)),
            kept: RwLock::new(Kept::Memory(Vec::new())),
            n_kept: AtomicU64::new(0),
            expected: AtomicU64::new(0),
            is_over: AtomicBool::new(false),
        }
    }

    /// How long it is; before its end an estimate, which is more than is kept.
    pub(super) fn len(&self) -> u64 {
        if self.is_over() {
            return self.n_kept();
        }
        self.expected.load(Ordering::Relaxed).max(self.n_kept() + 1)
    }

    /// How much is kept so far.
    pub(super) fn n_kept(&self) -> u64 {
        self.n_kept.load(Ordering::Acquire)
    }

    /// Whether the stream is at its end.
    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    /// Reads at `offset`, and moves the stream on where it has not come so far.
    pub(super) fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.fill_to(offset.saturating_add(buffer.len() as u64))?;
        match &*self.kept.read().unwrap_or_else(PoisonError::into_inner) {
            Kept::Memory(bytes) => Ok(copy_at(bytes, buffer, offset)),
            Kept::File(file) | Kept::Named(file, _) => file_read_at(file, buffer, offset),
        }
    }

    /// Moves the stream on until `end`, or to its own end.
    pub(super) fn fill_to(&self, end: u64) -> io::Result<()> {
        if self.has(end) {
            return Ok(());
        }
        let mut feed = self.feed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut block = Vec::new();
        while !self.has(end) {
            block.clear();
            let moved = feed
                .next(&mut block)
                .and_then(|goes_on| Ok((goes_on, self.keep(&block)?)));
            let Ok((goes_on, n_kept)) = moved else {
                // A block is missing now: what came behind it would lie in the wrong place.
                self.is_over.store(true, Ordering::Release);
                return moved.map(|_| ());
            };
            self.expected
                .store(feed.expected(n_kept), Ordering::Relaxed);
            // The length is stored before the end is, or a reader could take a part for the whole.
            self.n_kept.store(n_kept, Ordering::Release);
            self.is_over.store(!goes_on, Ordering::Release);
        }
        Ok(())
    }

    fn has(&self, end: u64) -> bool {
        self.is_over() || self.n_kept() >= end
    }

    /// Keeps a block and says how much is kept now.
    fn keep(&self, block: &[u8]) -> io::Result<u64> {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        match &mut *kept {
            Kept::Memory(bytes) => {
                bytes.extend_from_slice(block);
                if bytes.len() > IN_MEMORY {
                    let mut file = tempfile::tempfile()?;
                    file.write_all(bytes)?;
                    *kept = Kept::File(file);
                }
            }
            Kept::File(file) | Kept::Named(file, _) => file.write_all(block)?,
        }
        Ok(self.n_kept.load(Ordering::Relaxed) + block.len() as u64)
    }

    /// The path of a file that will hold all of it, once it is at its end, and lives as long as this
    /// does; to be asked for before much was read.
    pub(super) fn as_file(&self) -> io::Result<PathBuf> {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if let Kept::Memory(bytes) = &*kept {
            let moved = named(bytes)?;
            *kept = moved;
        }
        match &*kept {
            Kept::Named(_, folder) => Ok(folder.path().join(FILE)),
            Kept::Memory(_) | Kept::File(_) => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// What the feed noted so far, once.
    pub(super) fn take_notes(&self) -> Vec<Note> {
        let mut feed = self.feed.lock().unwrap_or_else(PoisonError::into_inner);
        feed.take_notes()
    }
}

/// The name of the file in its private folder.
const FILE: &str = "unpacked";

fn named(bytes: &[u8]) -> io::Result<Kept> {
    let folder = PrivateFolder::new()?;
    let mut file = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(folder.path().join(FILE))?;
    file.write_all(bytes)?;
    Ok(Kept::Named(file, folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives so many blocks of 1 MiB, each of its own number.
    struct Blocks(u8);

    impl Feed for Blocks {
        fn next(&mut self, block: &mut Vec<u8>) -> io::Result<bool> {
            self.0 -= 1;
            block.resize(1 << 20, self.0);
            Ok(self.0 > 0)
        }

        fn take_notes(&mut self) -> Vec<Note> {
            Vec::new()
        }

        fn expected(&self, _: u64) -> u64 {
            0
        }
    }

    #[test]
    fn what_was_read_can_be_read_again_and_nothing_is_made_before_it_is_asked_for() {
        let spool = Spool::new(Blocks(20));
        let mut byte = [0];
        assert_eq!(spool.read_at(&mut byte, 5).unwrap(), 1);
        assert_eq!((byte, spool.is_over()), ([19], false));
        assert_eq!(spool.n_kept.load(Ordering::Relaxed), 1 << 20);
        assert!(spool.len() > 1 << 20);
        // Beyond what stays in memory.
        assert_eq!(spool.read_at(&mut byte, 20 << 20).unwrap(), 0);
        assert_eq!((spool.len(), spool.is_over()), (20 << 20, true));
        for at in [0_u8, 7, 19] {
            assert_eq!(spool.read_at(&mut byte, u64::from(at) << 20).unwrap(), 1);
            assert_eq!(byte, [19 - at]);
        }
    }

    #[test]
    fn a_file_that_was_asked_for_holds_all_and_goes_with_the_spool() {
        let spool = Spool::new(Blocks(20));
        assert_eq!(spool.read_at(&mut [0], 0).unwrap(), 1);
        let path = spool.as_file().unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let folder = std::fs::metadata(path.parent().unwrap()).unwrap();
            assert_eq!(folder.permissions().mode() & 0o777, 0o700);
        }
        spool.fill_to(u64::MAX).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 20 << 20);
        drop(spool);
        assert!(!path.exists());
    }
}
