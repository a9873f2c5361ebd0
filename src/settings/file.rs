//! Reads and writes the settings: a bad file is told and replaced, never a crash.

use std::io::Write as _;
use std::path::Path;

use super::settings::Settings;

/// Why settings could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is there but is no settings file.
    #[error("the settings could not be read, are set aside and back to their defaults: {0}")]
    Unreadable(String),
    /// The file could not be written.
    #[error("the settings could not be saved: {0}")]
    Unwritable(#[from] std::io::Error),
}

/// Reads settings; a file that is not there gives the defaults.
pub fn load(path: &Path) -> Result<Settings, Error> {
    match std::fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(error) => Err(Error::Unreadable(error.to_string())),
        Ok(bytes) => {
            serde_json::from_slice(&bytes).map_err(|error| Error::Unreadable(error.to_string()))
        }
    }
}

/// Writes settings: to a new file beside, then renamed, so that a crash leaves the old ones.
pub fn save(path: &Path, settings: &Settings) -> Result<(), Error> {
    let text = serde_json::to_vec_pretty(settings).map_err(std::io::Error::from)?;
    Ok(write_whole(path, &text)?)
}

/// Writes a file: to a new one beside, then renamed. Its folder is made where it is not there.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
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
