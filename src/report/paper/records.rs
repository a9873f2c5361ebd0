//! The appendix of raw records.

use super::{Block, Figure, Paper};
use crate::audit::{Status, counted};
use crate::report::report::Report;

/// The section Records.
pub(super) fn records(paper: &mut Paper, report: &Report) -> Vec<Block> {
    if report.exhibits.is_empty() {
        return Vec::new();
    }
    for one in &report.exhibits {
        for (what, stored) in [("data", &one.data), ("metadata", &one.metadata)] {
            if let Some(digest) = &stored.sha256 {
                paper.digests.push(Figure {
                    id: format!("record.{}.{what}", one.position),
                    label: format!("SHA-256 of the {what} of {}", paper.reference(one.position)),
                    value: digest.clone(),
                });
            }
        }
    }
    let mut said = "As stored, byte for byte; hidden characters are written as \\u202e".to_owned();
    if report.more_exhibits > 0 {
        said = format!(
            "{said}. {} more are named above without a record here",
            counted(report.more_exhibits, "event")
        );
    }
    vec![Block::Note(said), Block::Records(report.exhibits.clone())]
}

/// The word for a status.
pub fn word(status: Status) -> &'static str {
    match status {
        Status::Passed => "passed",
        Status::Info => "info",
        Status::Warning => "warning",
        Status::Failed => "failed",
        Status::Skipped => "skipped",
    }
}
