//! What is open now, so that it can be opened again after a crash.
//!
//! Each running window has a file of its own that it keeps locked and takes away when it ends. A file
//! that nobody holds any more is of a window that did not end well.

use std::fs::File;
use std::io::{Read, Seek as _, Write as _};
use std::path::{Path, PathBuf};

/// How the files are called.
const PREFIX: &str = "open-";
/// No more than so many files are looked at.
const MOST: usize = 200;

/// What a window had open.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
pub struct LeftOpen {
    /// The files.
    pub inputs: Vec<PathBuf>,
    /// Whether they had been read to the end: what did not live through that is not opened again by
    /// itself.
    pub is_whole: bool,
}

/// The note of a running window.
#[derive(Debug)]
pub struct Session {
    file: File,
    path: PathBuf,
    noted: LeftOpen,
}

impl Session {
    /// Begins a note in a folder, which is made where it is not there.
    pub fn begin(folder: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let file = tempfile::Builder::new()
            .prefix(PREFIX)
            .suffix(".json")
            .tempfile_in(folder)?;
        // Whoever looks for left notes takes one without a lock away.
        file.as_file().lock()?;
        let (file, path) = file.keep().map_err(|error| error.error)?;
        Ok(Self {
            file,
            path,
            noted: LeftOpen::default(),
        })
    }

    /// Notes what is open; costs nothing where it is the same as before.
    pub fn note(&mut self, open: LeftOpen) -> std::io::Result<()> {
        if open == self.noted {
            return Ok(());
        }
        let text = serde_json::to_vec(&open).map_err(std::io::Error::from)?;
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(&text)?;
        self.noted = open;
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        std::fs::remove_file(&self.path).ok();
    }
}

/// What windows had open that did not end well; their notes are taken away.
pub fn left_open(folder: &Path) -> Vec<LeftOpen> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in entries.flatten().take(MOST) {
        let name = entry.file_name();
        if !name.to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let path = entry.path();
        let Ok(mut file) = File::options().read(true).write(true).open(&path) else {
            continue;
        };
        if file.try_lock().is_err() {
            continue;
        }
        let mut text = Vec::new();
        let is_read = Read::take(&mut file, 1 << 20)
            .read_to_end(&mut text)
            .is_ok();
        std::fs::remove_file(&path).ok();
        let left: Option<LeftOpen> = serde_json::from_slice(&text).ok().filter(|_| is_read);
        found.extend(left.filter(|left| !left.inputs.is_empty()));
    }
    found.sort_by(|a, b| a.inputs.cmp(&b.inputs));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_left_by_a_window_that_is_gone_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let open = |name: &str| LeftOpen {
            inputs: vec![name.into()],
            is_whole: true,
        };
        assert_eq!(left_open(&folder.path().join("none")), []);
        let mut lives = Session::begin(folder.path()).unwrap();
        lives.note(open("lives.db")).unwrap();
        let mut ended = Session::begin(folder.path()).unwrap();
        ended.note(open("ended.db")).unwrap();
        drop(ended);
        // As a crash leaves it: the file, and nobody who holds it.
        let crashed = serde_json::to_vec(&open("crashed.db")).unwrap();
        std::fs::write(folder.path().join("open-x.json"), crashed).unwrap();
        std::fs::write(folder.path().join("open-y.json"), "{").unwrap();
        assert_eq!(left_open(folder.path()), [open("crashed.db")]);
        assert_eq!(left_open(folder.path()), []);
        drop(lives);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
