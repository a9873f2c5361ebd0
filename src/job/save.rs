//! Writes a file: to a temporary one beside, then renamed, so that a crash leaves no half of one.

use std::path::Path;

use crate::export::write_whole;

/// Writes a file: to a temporary one beside, then renamed, so that a crash leaves no half of one.
pub fn write_beside(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    write_whole(path, bytes)
}
