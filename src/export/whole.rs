//! Files that are written as a whole or not at all: beside their name first, brought to the disk, then
//! renamed. A crash, a full disk or a stop leaves what stood there before.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use super::error::Error;

/// How the name of a file begins that is not whole yet.
const BEGINS: &str = ".annals-";
/// How it ends.
const ENDS: &str = ".part";
/// What SQLite puts behind a store's name for files that belong to it.
const SIDES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A file on its way; dropped before [`Self::finish`], it is gone.
#[derive(Debug)]
pub struct WholeFile {
    temporary: tempfile::NamedTempFile,
    target: PathBuf,
}

impl WholeFile {
    /// Begins a file that will stand at `target`; what stands there stays until the end.
    pub fn begin(target: &Path) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(BEGINS).suffix(ENDS);
        let temporary = like_others(&mut builder).tempfile_in(folder_of(target))?;
        Ok(Self {
            temporary,
            target: target.to_owned(),
        })
    }

    /// The file as it is written.
    pub fn file(&mut self) -> &mut File {
        self.temporary.as_file_mut()
    }

    /// Where it lies while it is written, for writers that open it themselves.
    pub fn path(&self) -> &Path {
        self.temporary.path()
    }

    /// Brings it to the disk and gives it its name.
    pub fn finish(self) -> io::Result<()> {
        self.temporary.as_file().sync_all()?;
        self.temporary
            .persist(&self.target)
            .map_err(|error| error.error)?;
        sync_folder(folder_of(&self.target));
        Ok(())
    }
}

/// Writes bytes as a whole file.
pub fn write_whole(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = WholeFile::begin(target)?;
    file.file().write_all(bytes)?;
    file.finish()
}

/// Writes a whole file by what `write` gives; an error of its own leaves what stood there.
pub(super) fn written<T>(
    target: &Path,
    write: impl FnOnce(BufWriter<&mut File>) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut file = WholeFile::begin(target)?;
    let answer = write(BufWriter::with_capacity(1 << 16, file.file()))?;
    file.finish()?;
    Ok(answer)
}

/// A folder on its way; dropped before [`Self::finish`], it is gone with all that is in it.
#[derive(Debug)]
pub(super) struct WholeFolder {
    temporary: tempfile::TempDir,
    target: PathBuf,
}

impl WholeFolder {
    /// Begins a folder that will stand at `target`, where nothing stands yet but an empty folder.
    pub(super) fn begin(target: &Path) -> Result<Self, Error> {
        let is_free = match target.read_dir() {
            Ok(mut inside) => inside.next().is_none(),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        };
        if !is_free {
            return Err(Error::Exists);
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(BEGINS).suffix(ENDS);
        Ok(Self {
            temporary: builder.tempdir_in(folder_of(target))?,
            target: target.to_owned(),
        })
    }

    /// Where it lies while it is written.
    pub(super) fn path(&self) -> &Path {
        self.temporary.path()
    }

    /// Gives it its name.
    pub(super) fn finish(self) -> Result<(), Error> {
        readable_by_others(self.temporary.path())?;
        sync_folder(self.temporary.path());
        std::fs::rename(self.temporary.path(), &self.target)?;
        sync_folder(folder_of(&self.target));
        // The folder has its own name now, so that there is nothing to clear away.
        let _moved = self.temporary.keep();
        Ok(())
    }
}

/// Refuses a name under which something lies that is being read: one of `evidence`, a file of the same
/// name by another way, or one that SQLite would take for a part of it.
pub fn refuse_evidence<'a>(
    target: &Path,
    evidence: impl IntoIterator<Item = &'a Path>,
) -> Result<(), Error> {
    let place = whole_path(target);
    for input in evidence {
        let known = whole_path(input);
        let beside = |side: &str| {
            let mut name = known.clone().into_os_string();
            name.push(side);
            name == place.as_os_str()
        };
        if known == place || SIDES.iter().any(|side| beside(side)) || is_inside(&known, &place) {
            return Err(Error::Evidence);
        }
    }
    Ok(())
}

/// Whether a place lies in a folder that is being read.
fn is_inside(input: &Path, place: &Path) -> bool {
    input.is_dir() && place.starts_with(input)
}

/// The path without links and detours; of what is not there yet, that of its folder with its name.
fn whole_path(path: &Path) -> PathBuf {
    if let Ok(found) = std::fs::canonicalize(path) {
        return found;
    }
    let folder = std::fs::canonicalize(folder_of(path));
    match (folder, path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// The folder in which a file lies.
fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."))
}

/// Brings the names in a folder to the disk; where a system cannot, it does so in its own time.
fn sync_folder(folder: &Path) {
    if cfg!(unix)
        && let Ok(folder) = File::open(folder)
    {
        folder.sync_all().ok();
    }
}

/// An export is read by whom the user lets read their files, while temporary files are private.
#[cfg(unix)]
fn like_others<'a, 'b, 'c>(
    builder: &'a mut tempfile::Builder<'b, 'c>,
) -> &'a mut tempfile::Builder<'b, 'c> {
    use std::os::unix::fs::PermissionsExt as _;
    // The user's mask takes from it what it takes from every new file.
    builder.permissions(std::fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn like_others<'a, 'b, 'c>(
    builder: &'a mut tempfile::Builder<'b, 'c>,
) -> &'a mut tempfile::Builder<'b, 'c> {
    builder
}

/// A folder of parts is read by whom a folder is read that the user makes.
#[cfg(unix)]
fn readable_by_others(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    // A folder made in it has what the user's mask leaves.
    let probe = folder.join(".mode");
    std::fs::create_dir(&probe)?;
    let mode = std::fs::metadata(&probe)?.permissions().mode();
    std::fs::remove_dir(&probe)?;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn readable_by_others(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let inside = folder.read_dir().unwrap();
        inside
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_write_that_fails_leaves_the_old_file_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("out.csv");
        std::fs::write(&target, "old").unwrap();
        let failed = written(&target, |mut out| -> Result<(), Error> {
            out.write_all(&b"x".repeat(100_000))?;
            Err(io::Error::from(io::ErrorKind::StorageFull).into())
        });
        assert!(matches!(failed, Err(Error::Full)));
        assert_eq!(std::fs::read(&target).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["out.csv"]);
        write_whole(&target, b"new").unwrap();
        assert_eq!(std::fs::read(&target).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["out.csv"]);
    }

    #[test]
    fn what_is_read_is_never_written_over_by_whatever_name() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("shop.db");
        std::fs::write(&store, "evidence").unwrap();
        let refused = |name: &str| {
            let target = folder.path().join(name);
            refuse_evidence(&target, [store.as_path()]).is_err()
        };
        for name in ["shop.db", "./shop.db", "shop.db-wal", "shop.db-shm"] {
            assert!(refused(name), "{name}");
        }
        assert!(!refused("shop.csv"));
        let inside = folder.path().join("new.csv");
        assert!(refuse_evidence(&inside, [folder.path()]).is_err());
    }

    #[test]
    fn a_folder_of_parts_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("parts");
        let whole = WholeFolder::begin(&target).unwrap();
        std::fs::write(whole.path().join("a"), "1").unwrap();
        whole.finish().unwrap();
        assert_eq!(names(&target), ["a"]);
        assert!(matches!(WholeFolder::begin(&target), Err(Error::Exists)));
        drop(WholeFolder::begin(&folder.path().join("other")).unwrap());
        assert_eq!(names(folder.path()), ["parts"]);
    }
}
