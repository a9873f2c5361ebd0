//! An audit as a plain table, for a terminal or a text file.

use super::run::Audit;

/// The audit for people: evidence, checks, findings; nothing from the file can steer a terminal.
pub fn audit_table(_audit: &Audit) -> String {
    String::new()
}
