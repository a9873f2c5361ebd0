//! Reads and writes workspaces. One that cannot be read is set aside and never written over.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::file::write_whole;
use super::workspace::{WORKSPACE_VERSION, Workspace};

/// A workspace is at most so large: 64 MB.
const LARGEST: u64 = 64 << 20;
/// So many set-aside files are kept of one workspace.
const ASIDE: u32 = 1000;

/// Why a workspace could not be read.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// There is none.
    #[error("there is no such file")]
    Missing,
    /// It was written by a newer program.
    #[error("it was written by a newer version of Annals (workspace {0})")]
    Newer(u64),
    /// It is no workspace.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// The system did not give it.
    #[error("it could not be read: {0}")]
    Unreadable(std::io::Error),
}

/// Reads a workspace; a file of more than 64 MB is none.
pub fn read_workspace(path: &Path) -> Result<Workspace, WorkspaceError> {
    let file = std::fs::File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => WorkspaceError::Missing,
        _ => WorkspaceError::Unreadable(error),
    })?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(WorkspaceError::Unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(WorkspaceError::Damaged("it is too large".to_owned()));
    }
    parse_workspace(&bytes)
}

/// Reads the text of a workspace.
pub fn parse_workspace(bytes: &[u8]) -> Result<Workspace, WorkspaceError> {
    #[derive(serde::Deserialize)]
    struct Head {
        annals_workspace: u64,
    }
    let damaged = |error: serde_json::Error| WorkspaceError::Damaged(error.to_string());
    let head: Head = serde_json::from_slice(bytes).map_err(damaged)?;
    if head.annals_workspace > u64::from(WORKSPACE_VERSION) {
        return Err(WorkspaceError::Newer(head.annals_workspace));
    }
    serde_json::from_slice(bytes).map_err(damaged)
}

/// Writes a workspace: to a new file beside, then renamed, so that a crash leaves the old one.
pub fn write_workspace(path: &Path, workspace: &Workspace) -> std::io::Result<()> {
    let text = serde_json::to_vec_pretty(workspace).map_err(std::io::Error::from)?;
    write_whole(path, &text)
}

/// Renames a file that cannot be read, so that it is not written over; returns its new name.
///
/// `NAME.json` becomes `NAME.aside-1.json`, or the next number that is free.
pub fn set_aside(path: &Path) -> std::io::Result<PathBuf> {
    let free = (1..=ASIDE)
        .map(|nr| {
            let ending = path.extension().map_or_else(
                || format!("aside-{nr}"),
                |ending| format!("aside-{nr}.{}", ending.to_string_lossy()),
            );
            path.with_extension(ending)
        })
        .find(|aside| !aside.exists())
        .ok_or_else(|| std::io::Error::other("too many files were set aside"))?;
    std::fs::rename(path, &free)?;
    Ok(free)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_comes_back_with_what_this_program_does_not_know() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/a.json");
        assert!(matches!(
            read_workspace(&path),
            Err(WorkspaceError::Missing)
        ));
        let text = br#"{"annals_workspace": 1, "moods": [1, 2], "bookmarks": [{"position": 7}]}"#;
        let workspace = parse_workspace(text).unwrap();
        assert_eq!(workspace.bookmarks[0].position, 7);
        write_workspace(&path, &workspace).unwrap();
        assert_eq!(read_workspace(&path).unwrap(), workspace);
        assert!(std::fs::read_to_string(&path).unwrap().contains("moods"));
    }

    #[test]
    fn what_is_newer_or_damaged_is_said_and_can_be_set_aside() {
        let newer = parse_workspace(br#"{"annals_workspace": 2}"#);
        assert!(matches!(newer, Err(WorkspaceError::Newer(2))));
        for text in [
            "",
            "{",
            "[]",
            "{}",
            r#"{"annals_workspace": 1, "bookmarks": 3}"#,
        ] {
            let read = parse_workspace(text.as_bytes());
            assert!(matches!(read, Err(WorkspaceError::Damaged(_))), "{text}");
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        for nr in 1..=2 {
            std::fs::write(&path, "{").unwrap();
            let aside = set_aside(&path).unwrap();
            assert_eq!(aside, folder.path().join(format!("a.aside-{nr}.json")));
        }
        assert!(!path.exists());
    }
}
