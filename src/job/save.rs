//! Writes a file: to a temporary one beside, then renamed, so that a crash leaves no half of one.

use std::io::Write as _;
use std::path::Path;

/// A report is read by whom the user lets read their files, while temporary files are private.
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

/// A temporary file beside `path`, to be renamed to it when it is whole; dropped, it is gone.
pub(super) fn begin_beside(path: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    like_others(&mut tempfile::Builder::new()).tempfile_in(folder.unwrap_or_else(|| Path::new(".")))
}

/// Writes a file: to a temporary one beside, then renamed, so that a crash leaves no half of one.
pub fn write_beside(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = begin_beside(path)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
