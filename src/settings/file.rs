//! Reads and writes the settings: a bad file is told and replaced, never a crash.

use std::io::Write as _;
use std::path::Path;

use super::settings::Settings;

/// Why settings could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is there but is no settings file.
    #[error("the settings could not be read and are back to their defaults: {0}")]
    Unreadable(String),
    /// The file is there, is no settings file, and was kept under this name.
    #[error(
        "the settings could not be read and are back to their defaults; what was there is kept as {1}: {0}"
    )]
    Damaged(String, String),
    /// The file could not be written.
    #[error("the settings could not be saved: {0}")]
    Unwritable(#[from] std::io::Error),
}

/// Reads settings; a file that is not there gives the defaults.
pub fn load(path: &Path) -> Result<Settings, Error> {
    match std::fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(error) => Err(Error::Unreadable(error.to_string())),
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| keep_damaged(path, &error)),
    }
}

/// Keeps settings that cannot be read, for they are the user's and the next ones are written over them.
fn keep_damaged(path: &Path, error: &serde_json::Error) -> Error {
    let kept = path.with_extension("damaged.json");
    // The first ones that were damaged are worth most.
    let is_kept = kept.exists() || std::fs::copy(path, &kept).is_ok();
    let name = kept.file_name().filter(|_| is_kept);
    match name {
        Some(name) => Error::Damaged(error.to_string(), name.to_string_lossy().into_owned()),
        None => Error::Unreadable(error.to_string()),
    }
}

/// How the names of settings begin that are being written.
const BEGUN: &str = ".settings-";
/// So long no writing takes.
const LONG_AGO: std::time::Duration = std::time::Duration::from_mins(1);

/// Removes what a program that was killed had begun to write; what was begun within the last minute may
/// be that of another window.
fn clear_begun(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let is_begun = entry.file_name().to_string_lossy().starts_with(BEGUN);
        let age = entry.metadata().and_then(|about| about.modified());
        // A time to come says that the clock was set back.
        let is_old = age.is_ok_and(|at| at.elapsed().map_or(true, |age| age > LONG_AGO));
        if is_begun && is_old {
            std::fs::remove_file(entry.path()).ok();
        }
    }
}

/// Writes settings: to a new file beside, then renamed, so that a crash leaves the old ones. They are on
/// the disk when it returns.
pub fn save(path: &Path, settings: &Settings) -> Result<(), Error> {
    let text = serde_json::to_vec_pretty(settings).map_err(std::io::Error::from)?;
    Ok(write_whole(path, &text)?)
}

/// Writes a file: to a new one beside, then renamed. Its folder is made where it is not there.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(folder)?;
    clear_begun(folder);
    let mut file = tempfile::Builder::new().prefix(BEGUN).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::RecentFile;

    #[test]
    fn settings_come_back_and_a_bad_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/settings.json");
        assert_eq!(load(&path).unwrap(), Settings::default());
        let mut settings = Settings::default();
        settings.remember(RecentFile {
            path: "a.db".into(),
            ..RecentFile::default()
        });
        save(&path, &settings).unwrap();
        assert_eq!(load(&path).unwrap(), settings);
        std::fs::write(&path, "{").unwrap();
        assert!(load(&path).is_err());
        std::fs::write(&path, "{}").unwrap();
        assert_eq!(load(&path).unwrap(), Settings::default());
    }
}
