//! Reads a database that another program is writing, without locks and without files beside it.
//!
//! A lock of ours, however short, could make a writer that does not wait fail, and a connection of
//! ours that is the last one to close would leave a write-ahead log behind. So nothing is locked: the
//! state of the files is noted before a read and compared after it, and where something was written in
//! between the read is made again.
//!
//! What is compared, and why that is enough:
//! - With a rollback journal a transaction writes the change counter of the header before any other
//!   page, and its journal stands beside the file as long as pages may be half written. A read that
//!   begins without such a journal and ends with the same counter, length and time saw no write.
//! - With a write-ahead log the pages of the file itself only change at a checkpoint. The log is read as
//!   it stands, up to its last whole transaction (its frames carry checksums), into an index in memory;
//!   that stays right until a checkpoint begins, which the shared memory of the writers says, or the
//!   log begins anew, which its header says.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, OpenFlags};

use super::connect::{harden, uri_with};
use super::side::is_hot_journal;
use crate::source::bytes::file_read_at;
use crate::source::error::Error;
use crate::source::evidence::{beside, regular};

/// How often a read is tried before the writer is said to be too busy.
const ATTEMPTS: u32 = 250;
/// How long is waited between two tries, at most.
const LONGEST_PAUSE: Duration = Duration::from_millis(4);
/// The file system without locks, which keeps the index of a write-ahead log in memory.
const NO_LOCKS: &str = if cfg!(windows) {
    "win32-none"
} else {
    "unix-none"
};

/// A database that is read while somebody else writes it.
pub(super) struct Live {
    path: PathBuf,
    open: Mutex<Option<Opened>>,
}

/// A connection and what it rests on.
struct Opened {
    connection: Arc<Mutex<Connection>>,
    way: Way,
    began: Stamp,
}

/// What is read of a connection; done again where something was written meanwhile.
type Work<'w, R> = dyn FnMut(&Arc<Mutex<Connection>>) -> Result<R, Error> + 'w;

/// How the database is written, and so how it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// With a rollback journal.
    Rollback,
    /// With a write-ahead log.
    Wal,
    /// It was last written with a write-ahead log, and none is there now.
    Still,
}

/// What the files say of what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Which file it is.
    identity: (u64, u64),
    len: u64,
    modified: Option<SystemTime>,
    /// The bytes of the header that change: how it is written, and its change counter.
    header: (u16, u32, u32),
    /// Whether a journal says that pages may be half written.
    is_journal_hot: bool,
    /// The header of the write-ahead log, where there is one that is not empty.
    wal: Option<[u8; 32]>,
    /// Where the log ends, and when it was written.
    wal_end: Option<(u64, Option<SystemTime>)>,
    /// Up to which frame checkpoints have begun to copy, where the shared memory says that.
    copied: Option<[u8; 4]>,
}

impl Stamp {
    pub(super) fn of(path: &Path) -> Result<Self, Error> {
        let about = regular(path)?;
        let file = File::open(path).map_err(Error::io("open the file"))?;
        let mut head = [0; 100];
        let n_read = file_read_at(&file, &mut head, 0).map_err(Error::io("read the file"))?;
        if n_read < head.len() || !head.starts_with(b"SQLite format 3\0") {
            return Err(Error::Gone(
                "the file is not the SQLite database any more that it was".to_owned(),
            ));
        }
        let u32_at = |at: usize| {
            let bytes = head.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
            bytes.map_or(0, u32::from_be_bytes)
        };
        let wal_path = beside(path, "-wal");
        let wal_about = fs::metadata(&wal_path)
            .ok()
            .filter(|about| about.len() > 32);
        let wal = wal_about.as_ref().and_then(|_| first(&wal_path, 0));
        let copied = wal.and_then(|_| first(&beside(path, "-shm"), 128));
        Ok(Self {
            identity: identity(&about),
            len: about.len(),
            modified: about.modified().ok(),
            header: (
                u16::from_be_bytes([head[18], head[19]]),
                u32_at(24),
                u32_at(92),
            ),
            is_journal_hot: is_hot_journal(&beside(path, "-journal")),
            wal_end: wal_about.map(|about| (about.len(), about.modified().ok())),
            wal,
            copied,
        })
    }

    fn way(&self) -> Way {
        match (self.header.0, &self.wal) {
            (0x0202, Some(_)) => Way::Wal,
            (0x0202, None) => Way::Still,
            _ => Way::Rollback,
        }
    }

    /// Whether the pages of the file are as they were.
    fn same_file(&self, other: &Self) -> bool {
        (self.identity, self.len, self.modified, self.header)
            == (other.identity, other.len, other.modified, other.header)
    }

    /// Whether the file is another one.
    fn is_replaced_by(&self, other: &Self) -> bool {
        self.identity != other.identity
    }
}

/// Which file this is, whatever its name.
#[cfg(unix)]
pub(in crate::source::container) fn identity(about: &fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (about.dev(), about.ino())
}

/// Which file this is; not told here.
#[cfg(not(unix))]
pub(in crate::source::container) fn identity(_: &fs::Metadata) -> (u64, u64) {
    (0, 0)
}

/// Some bytes of a file; `None` where it has not so many.
fn first<const N: usize>(path: &Path, at: u64) -> Option<[u8; N]> {
    let file = File::open(path).ok()?;
    let mut bytes = [0; N];
    (file_read_at(&file, &mut bytes, at).ok()? == N).then_some(bytes)
}

impl Opened {
    fn open(path: &Path, began: Stamp) -> Result<Self, Error> {
        let way = began.way();
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let with_uri = flags | OpenFlags::SQLITE_OPEN_URI;
        let connection = match way {
            // Each read begins with a look at the change counter, as with locks.
            Way::Rollback => {
                Connection::open_with_flags(uri_with(path, "mode=ro&nolock=1"), with_uri)?
            }
            Way::Still => Connection::open_with_flags(uri_with(path, "immutable=1"), with_uri)?,
            Way::Wal => {
                let connection = Connection::open_with_flags_and_vfs(path, flags, NO_LOCKS)?;
                connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
                connection.set_db_config(
                    rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
                    true,
                )?;
                connection
            }
        };
        harden(&connection, true)?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            way,
            began,
        })
    }

    /// Whether a read may begin on this connection.
    fn serves(&self, now: &Stamp, wants_newest: bool) -> bool {
        self.way == now.way()
            && !self.began.is_replaced_by(now)
            && match self.way {
                Way::Rollback => true,
                Way::Still => self.began.same_file(now),
                Way::Wal => {
                    self.is_same_log(now) && (!wants_newest || self.began.wal_end == now.wal_end)
                }
            }
    }

    /// Whether what was read between two looks is what was there at the first of them.
    fn holds(&self, before: &Stamp, after: &Stamp) -> bool {
        match self.way {
            Way::Rollback => before.same_file(after) && after.way() == Way::Rollback,
            Way::Still => self.began.same_file(after) && after.way() == Way::Still,
            Way::Wal => after.way() == Way::Wal && self.is_same_log(after),
        }
    }

    /// Whether the log goes on where it was, and no checkpoint has begun that copies what came later.
    fn is_same_log(&self, now: &Stamp) -> bool {
        let is_copied_as_before = match (self.began.copied, now.copied) {
            (Some(before), Some(now)) => before == now,
            _ => self.began.same_file(now),
        };
        self.began.wal == now.wal && is_copied_as_before
    }
}

impl Live {
    /// A database in a file; links are followed, as SQLite does.
    pub(super) fn new(path: &Path) -> Result<Self, Error> {
        Ok(Self {
            path: fs::canonicalize(path).map_err(Error::io("find the file"))?,
            open: Mutex::default(),
        })
    }

    /// What the files say now.
    pub(super) fn stamp(&self) -> Result<Stamp, Error> {
        Stamp::of(&self.path)
    }

    /// Reads; what `work` gives is what stood in the database at one moment.
    ///
    /// `work` is called again where something was written while it read. With `wants_newest` that moment
    /// is not before the call; else it may lie a little before.
    pub(super) fn read<R>(&self, wants_newest: bool, work: &mut Work<'_, R>) -> Result<R, Error> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let mut why = None;
        for attempt in 0..ATTEMPTS {
            pause(attempt);
            let before = self.stamp()?;
            if before.is_journal_hot {
                continue;
            }
            let is_fit = open
                .as_ref()
                .is_some_and(|opened| opened.serves(&before, wants_newest));
            if !is_fit {
                *open = None;
                match Opened::open(&self.path, before.clone()) {
                    Ok(opened) => *open = Some(opened),
                    Err(error) => {
                        why = Some(error);
                        continue;
                    }
                }
            }
            let Some(opened) = open.as_ref() else {
                continue;
            };
            let done = work(&opened.connection);
            let after = self.stamp()?;
            let holds = opened.holds(&before, &after);
            match done {
                Ok(found) if holds => return Ok(found),
                // What SQLite complains of may be what was being written.
                Err(error @ (Error::Cancelled | Error::Gone(_))) if holds => return Err(error),
                Err(error) if holds && attempt > ATTEMPTS / 2 => return Err(error),
                Err(error) => why = Some(error),
                Ok(_) => {}
            }
            if opened.way != Way::Rollback {
                *open = None;
            }
        }
        Err(match why {
            Some(Error::Sqlite(why)) => Error::Busy(format!("; SQLite says: {why}")),
            _ => Error::Busy(String::new()),
        })
    }
}

/// Waits a little before another try: at first not at all.
fn pause(attempt: u32) {
    if attempt < 8 {
        return;
    }
    let pause = Duration::from_micros(40 * u64::from(attempt)).min(LONGEST_PAUSE);
    let (lock, never) = (Mutex::new(()), Condvar::new());
    let guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
    never.wait_timeout(guard, pause).ok();
}
