//! What lies beside a database and what that means for opening it: WAL, rollback journal, or nothing.
//!
//! A database is only ever opened in place as `immutable`; where a WAL or a hot journal belongs to
//! it, a private copy is opened instead, for SQLite writes beside a database even to read it.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::event::{Problems, Severity};
use crate::source::error::Error;
use crate::source::evidence::{FoundFile, beside};
use crate::source::private::PrivateFolder;

/// How often a copy is made of a database that is being written, before one that may be torn is taken.
const COPIES: u32 = 4;
/// SQLite's own limit for names is 512 bytes.
const MAX_PATH: usize = 480;

/// Where a database is opened, and how.
#[derive(Clone, Debug)]
pub(super) struct StorePlace {
    /// The file that SQLite opens.
    pub(super) path: PathBuf,
    /// Whether it is a private copy; kept until the last user of it is gone.
    pub(super) copy: Option<Arc<PrivateFolder>>,
    /// Whether SQLite must roll back a journal in the copy first.
    pub(super) rolls_back: bool,
    /// How it is opened, in words.
    pub(super) opened: String,
}

impl StorePlace {
    /// A database that was made in a private folder.
    pub(super) fn made(folder: PrivateFolder, file: &str) -> Self {
        Self {
            path: folder.path().join(file),
            copy: Some(Arc::new(folder)),
            rolls_back: false,
            opened: "read-only".to_owned(),
        }
    }

    /// The place as it is once it has been opened: what had to be rolled back in a copy has been.
    pub(super) fn rolled_back(self) -> Self {
        Self {
            rolls_back: false,
            ..self
        }
    }
}

/// The parts of a database's header that decide how it is opened.
struct Header {
    page_size: u32,
    is_wal: bool,
    is_newer: bool,
    n_pages: u64,
}

fn header(head: &[u8]) -> Result<Header, Error> {
    let at = |from: usize| head.get(from).copied().unwrap_or_default();
    let u32_at = |from: usize| be32(head, from);
    if head.len() < 100 {
        return Err(Error::CutOff("it ends inside the SQLite header".to_owned()));
    }
    let page_size = match u32::from(at(16)) << 8 | u32::from(at(17)) {
        1 => 65_536,
        size => size,
    };
    // The page count only holds where it was written together with the change counter.
    let n_pages = if u32_at(24) == u32_at(92) {
        u64::from(u32_at(28))
    } else {
        0
    };
    Ok(Header {
        page_size,
        is_wal: (at(18), at(19)) == (2, 2),
        is_newer: at(18) > 2 || at(19) > 2,
        n_pages,
    })
}

fn be32(bytes: &[u8], from: usize) -> u32 {
    bytes
        .get(from..from + 4)
        .and_then(|b| b.try_into().ok())
        .map_or(0, u32::from_be_bytes)
}

/// Decides where and how to open a database; what is notable becomes a problem.
pub(super) fn find_place(
    path: &Path,
    head: &[u8],
    files: &[FoundFile],
    problems: &mut Problems,
) -> Result<StorePlace, Error> {
    let found = header(head)?;
    // What was unpacked is longer than the file it came from.
    let found_len = || files.first().map_or(0, |file| file.bytes);
    let len = fs::metadata(path).map_or_else(|_| found_len(), |about| about.len());
    check_length(&found, len, problems)?;
    if found.is_newer {
        return Err(Error::Unsupported(
            "the SQLite file has a newer format than can be read".to_owned(),
        ));
    }
    // SQLite follows links and looks beside the target; so do we.
    let target = fs::canonicalize(path).map_err(Error::io("find the file"))?;
    let (wal, journal) = (beside(&target, "-wal"), beside(&target, "-journal"));
    if size_of_file(&journal) > 0 && is_hot_journal(&journal) {
        let message = "a transaction was left half-done beside the file (hot journal); it was undone in a private copy, the file itself was not touched";
        problems.add("hot-journal", Severity::Warning, "-journal", message);
        return private_copy(
            &target,
            Some((&journal, "-journal")),
            "read-only, private copy with its journal rolled back",
        );
    }
    if size_of_file(&wal) > 0 {
        if let Some(n_frames) = wal_frames(&wal, &found) {
            let message = format!(
                "{n_frames} pages come from {}, which was not yet written into the file; both were read from a private copy",
                name_of(&wal)
            );
            problems.add("wal-used", Severity::Info, "-wal", message);
            let opened = format!("read-only, private copy with {n_frames} frames of its WAL");
            return private_copy(&target, Some((&wal, "-wal")), &opened);
        }
        let message = format!(
            "{} does not belong to this file and was ignored",
            name_of(&wal)
        );
        problems.add("stray-wal", Severity::Warning, "-wal", message);
    } else if found.is_wal {
        let message = "the file was last used with a write-ahead log (-wal) and none lies beside it; if one was lost, the last events are missing here";
        problems.add("wal-missing", Severity::Info, "-wal", message);
    }
    if target.as_os_str().len() > MAX_PATH {
        return private_copy(
            &target,
            None,
            "read-only, private copy because of its long path",
        );
    }
    Ok(StorePlace {
        path: target,
        copy: None,
        rolls_back: false,
        opened: "read-only, immutable".to_owned(),
    })
}

fn check_length(found: &Header, len: u64, problems: &mut Problems) -> Result<(), Error> {
    let page_size = u64::from(found.page_size);
    if page_size < 512 || !page_size.is_power_of_two() {
        return Err(Error::Unsupported(
            "the file begins as a SQLite database, but its header is damaged".to_owned(),
        ));
    }
    if len < page_size {
        return Err(Error::CutOff(format!(
            "it has {len} bytes, and the first page of this SQLite database alone takes {page_size}"
        )));
    }
    if found.n_pages > len.div_ceil(page_size)
        || !len.is_multiple_of(page_size) && found.n_pages > len / page_size
    {
        let message = format!(
            "the file is cut off: its header tells of {} pages, and only {} are there",
            found.n_pages,
            len / page_size
        );
        problems.add("cut-off-store", Severity::Error, "end of the file", message);
    }
    Ok(())
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn size_of_file(path: &Path) -> u64 {
    fs::metadata(path)
        .ok()
        .filter(fs::Metadata::is_file)
        .map_or(0, |about| about.len())
}

fn first_bytes(path: &Path, n_bytes: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(file) = File::open(path) {
        file.take(n_bytes).read_to_end(&mut bytes).ok();
    }
    bytes
}

/// Whether a rollback journal holds pages of a transaction that was never finished.
pub(super) fn is_hot_journal(path: &Path) -> bool {
    let head = first_bytes(path, 28);
    head.starts_with(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7") && be32(&head, 8) != 0
}

/// How many frames of a WAL belong to its present generation; `None` where it is not this file's.
fn wal_frames(path: &Path, found: &Header) -> Option<u64> {
    let head = first_bytes(path, 32);
    let magic = be32(&head, 0);
    let is_right = found.is_wal
        && head.len() == 32
        && matches!(magic, 0x377f_0682 | 0x377f_0683)
        && be32(&head, 8) == found.page_size
        && checksum(head.get(..24)?, magic & 1 == 1) == (be32(&head, 24), be32(&head, 28));
    is_right.then(|| count_frames(path, head.get(16..24).unwrap_or_default(), found.page_size))
}

fn count_frames(path: &Path, salts: &[u8], page_size: u32) -> u64 {
    use std::io::{Seek as _, SeekFrom};
    let Ok(mut file) = File::open(path) else {
        return 0;
    };
    let (mut n_frames, mut at) = (0, 32);
    let mut frame = [0; 24];
    while file.seek(SeekFrom::Start(at)).is_ok() && file.read_exact(&mut frame).is_ok() {
        if frame.get(8..16) != Some(salts) {
            break;
        }
        n_frames += 1;
        at += 24 + u64::from(page_size);
    }
    n_frames
}

/// The checksum of a WAL: two sums over pairs of words in the byte order that the magic names.
fn checksum(bytes: &[u8], is_big_endian: bool) -> (u32, u32) {
    let word = |bytes: &[u8]| {
        let four: [u8; 4] = bytes.try_into().unwrap_or_default();
        if is_big_endian {
            u32::from_be_bytes(four)
        } else {
            u32::from_le_bytes(four)
        }
    };
    bytes.chunks_exact(8).fold((0_u32, 0_u32), |(a, b), pair| {
        let (first, second) = pair.split_at(4);
        let a = a.wrapping_add(word(first)).wrapping_add(b);
        (a, b.wrapping_add(word(second)).wrapping_add(a))
    })
}

fn private_copy(
    target: &Path,
    side: Option<(&Path, &str)>,
    opened: &str,
) -> Result<StorePlace, Error> {
    let doing = "make a private copy of the file";
    let folder = PrivateFolder::new().map_err(Error::io(doing))?;
    let path = folder.path().join("store.db");
    for attempt in 1..=COPIES {
        let before = side.map(|(side, _)| first_bytes(side, 32));
        copy(target, &path).map_err(Error::io(doing))?;
        if let Some((side, ending)) = side {
            copy(side, &beside(&path, ending)).map_err(Error::io(doing))?;
        }
        // A log that began anew meanwhile lacks what was written into the file after it was copied.
        if attempt == COPIES || before == side.map(|(side, _)| first_bytes(side, 32)) {
            break;
        }
        fs::remove_file(&path).map_err(Error::io(doing))?;
        if let Some((_, ending)) = side {
            fs::remove_file(beside(&path, ending)).map_err(Error::io(doing))?;
        }
    }
    let rolls_back = side.is_some_and(|(_, ending)| ending == "-journal");
    Ok(StorePlace {
        path,
        copy: Some(Arc::new(folder)),
        rolls_back,
        opened: opened.to_owned(),
    })
}

/// Copies the bytes and not the permissions, for the copy must be writable.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut to = File::create_new(to)?;
    std::io::copy(&mut File::open(from)?, &mut to).map(|_| ())
}
