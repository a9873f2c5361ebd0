//! Files as evidence: what lies where, how large and how old it is, and its SHA-256.

use std::fs::{self, File, Metadata};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::error::Error;
use super::progress::Progress;
use crate::event::Timestamp;

/// A file as it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundFile {
    /// Its name without folders.
    pub name: String,
    /// Where it lies; `None` for what is only in memory.
    pub path: Option<PathBuf>,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was last written.
    pub modified: Option<Timestamp>,
    /// The SHA-256 of what is only in memory; a file is hashed when it is asked for.
    pub sha256: Option<String>,
}

impl FoundFile {
    /// Something that is only in memory.
    pub(super) fn in_memory(name: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            bytes: bytes.len() as u64,
            sha256: Some(hex(&Sha256::digest(bytes))),
            ..Self::default()
        }
    }

    /// Looks at a file; links are followed.
    pub fn look_at(path: &Path) -> Result<Self, Error> {
        let about = regular(path)?;
        Ok(Self::from_metadata(path, &about))
    }

    fn from_metadata(path: &Path, about: &Metadata) -> Self {
        Self {
            name: path
                .file_name()
                .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
            path: Some(path.to_owned()),
            bytes: about.len(),
            modified: about.modified().ok().and_then(timestamp),
            sha256: None,
        }
    }
}

fn timestamp(time: std::time::SystemTime) -> Option<Timestamp> {
    let since = time.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_nanos()).ok().map(Timestamp)
}

/// What the system says of a path, where it is a regular file; refused in a sentence where not.
pub(super) fn regular(path: &Path) -> Result<Metadata, Error> {
    let about = fs::metadata(path).map_err(Error::io("look at the file"))?;
    let kind = about.file_type();
    if kind.is_dir() {
        return Err(Error::Folder);
    }
    if kind.is_file() {
        return Ok(about);
    }
    Err(Error::Special(special_name(kind)))
}

#[cfg(unix)]
fn special_name(kind: fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special_name(_: fs::FileType) -> &'static str {
    "a device"
}

/// The endings of the files that SQLite keeps beside a database.
const SIDE_ENDINGS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A file and what SQLite may have left beside it (`-wal`, `-shm`, `-journal`), the file first.
pub fn files_of(path: &Path) -> Result<Vec<FoundFile>, Error> {
    let mut files = vec![FoundFile::look_at(path)?];
    // SQLite looks beside the file that a link leads to.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    for ending in SIDE_ENDINGS {
        let side = beside(&target, ending);
        if let Ok(about) = fs::metadata(&side)
            && about.is_file()
        {
            files.push(FoundFile::from_metadata(&side, &about));
        }
    }
    Ok(files)
}

/// The path with something at the end of its name.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The SHA-256 of a file in hexadecimal digits, read once from front to back.
pub fn hash_file(path: &Path, progress: &Progress) -> Result<String, Error> {
    let about = regular(path)?;
    progress.set_total(about.len());
    let mut file = File::open(path).map_err(Error::io("open the file"))?;
    let (mut hash, mut buffer, mut done) = (Sha256::new(), vec![0; 1 << 18], 0);
    loop {
        if progress.is_cancelled() {
            return Err(Error::Cancelled);
        }
        let count = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Error::io("read the file")(error)),
        };
        hash.update(buffer.get(..count).unwrap_or_default());
        done += count as u64;
        progress.set_done(done);
    }
    Ok(hex(&hash.finalize()))
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in bytes {
        write!(text, "{byte:02x}").ok();
    }
    text
}
