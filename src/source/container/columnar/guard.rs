//! What stands between a hostile file and the libraries that read columns: limits, and a net for what
//! stops all the same.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// The largest footer, and the largest head of a message.
pub(super) const MAX_HEAD: u64 = 64 << 20;
/// The most elements that a schema may have.
pub(super) const MAX_ELEMENTS: u64 = 1 << 16;
/// The deepest nesting of columns.
pub(super) const MAX_DEPTH: usize = 64;
/// The most that a message may unpack to.
pub(super) const MAX_UNPACKED: u64 = 1 << 30;
/// The longest header of a page.
pub(super) const MAX_PAGE_HEAD: u64 = 4 << 20;
/// The most that a page may unpack to: most writers make pages of a million bytes, fastparquet of up to
/// 500 MiB.
pub(super) const MAX_PAGE: u64 = 512 << 20;
/// The most that the pages that are read for a number of rows may unpack to.
pub(super) const MAX_PAGES: u64 = 3 << 29;
/// The most that texts of a number of rows grow to beyond their pages.
pub(super) const MAX_GROWN: u64 = 512 << 20;
/// The most elements of lists that are read for a number of rows.
pub(super) const MAX_ITEMS: u64 = 1 << 24;
/// How many rows there may be for each byte of the file, and how many in any.
const MAX_ROWS_A_BYTE: u64 = 1000;
const ROWS_IN_ANY: u64 = 1 << 20;

/// Whether a file of this length may hold so many rows.
pub(super) fn may_hold(len: u64, n_rows: u64) -> bool {
    n_rows
        <= len
            .saturating_mul(MAX_ROWS_A_BYTE)
            .saturating_add(ROWS_IN_ANY)
}

/// What a library gives; where it stops by itself, a sentence.
pub(super) fn caught<T, E: std::fmt::Display>(
    read: impl FnOnce() -> Result<T, E>,
) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(read) => read.map_err(|error| error.to_string()),
        Err(_) => Err("it is damaged".to_owned()),
    }
}
