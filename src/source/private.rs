//! Private folders: where a copy of evidence, or what was unpacked of it, is kept while it is read.
//!
//! Each is deleted with whoever made it. What a program leaves that was killed, or whose machine went
//! down, is deleted by the next one: a lock that ends with its process says which folders are in use.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Once;

use tempfile::TempDir;

/// How the names of such folders begin.
const PREFIX: &str = "annals-";
/// The file in each of them that is locked while it is in use.
const IN_USE: &str = "in-use";

/// A folder that only its owner may look into, deleted when this is dropped.
#[derive(Debug)]
pub(super) struct PrivateFolder {
    // Closed before the folder is deleted: elsewhere a file that is open cannot be.
    _in_use: File,
    folder: TempDir,
}

impl PrivateFolder {
    /// Makes one.
    pub(super) fn new() -> io::Result<Self> {
        static SWEPT: Once = Once::new();
        let all = tempfile::env::temp_dir();
        SWEPT.call_once(|| sweep(&all));
        Self::within(&all)
    }

    fn within(all: &Path) -> io::Result<Self> {
        let mut folder = tempfile::Builder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // What is copied may be secret, and the folder for temporary files is everybody's.
            folder.permissions(fs::Permissions::from_mode(0o700));
        }
        let folder = folder.prefix(PREFIX).tempdir_in(all)?;
        let in_use = File::create_new(folder.path().join(IN_USE))?;
        // Where a folder cannot hold locks, nobody else can take this one either.
        in_use.lock().ok();
        Ok(Self {
            _in_use: in_use,
            folder,
        })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Deletes the private folders of those who are no more, as far as that can be done.
fn sweep(all: &Path) {
    for entry in fs::read_dir(all).into_iter().flatten().flatten() {
        let is_named_so = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_named_so || !is_folder {
            continue;
        }
        // One without that file is somebody else's, or is just being made.
        let Ok(in_use) = File::open(entry.path().join(IN_USE)) else {
            continue;
        };
        if in_use.try_lock().is_ok() {
            fs::remove_dir_all(entry.path()).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_left_is_swept_away_and_what_is_in_use_or_of_others_is_not() {
        let all = tempfile::tempdir().unwrap();
        let used = PrivateFolder::within(all.path()).unwrap();
        fs::write(used.path().join("copy"), "used").unwrap();
        let left = all.path().join("annals-left");
        fs::create_dir(&left).unwrap();
        fs::write(left.join(IN_USE), "").unwrap();
        fs::write(left.join("copy"), "left").unwrap();
        let of_others = all.path().join("annals-of-others");
        fs::create_dir(&of_others).unwrap();
        sweep(all.path());
        assert!(!left.exists());
        assert!(of_others.exists() && used.path().join("copy").exists());
        let path = used.path().to_owned();
        drop(used);
        assert!(!path.exists());
    }
}
