//! The report as Markdown.

use super::report::Report;

/// The report as Markdown, without plots.
pub fn markdown(_report: &Report) -> String {
    String::new()
}
