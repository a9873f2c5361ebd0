//! The section Schema drift: fields that became other ones, each with the event at which it did.

use super::{Block, Cell, Column, Paper, Sheet};
use crate::audit::{DriftChange, count, counted};
use crate::report::report::Report;
use crate::report::text::moment;

/// So many changes are listed.
const MAX_CHANGES: usize = 100;

/// The section Schema drift; nothing where no field became another one.
pub(super) fn drift(paper: &Paper, report: &Report) -> Vec<Block> {
    let Some(drift) = &report.audit.drift else {
        return Vec::new();
    };
    let listed = drift.changes.iter();
    let listed: Vec<&DriftChange> = listed
        .filter(|change| report.lists(Some(change.position.0)))
        .collect();
    if listed.is_empty() {
        return Vec::new();
    }
    let mut sheet = Sheet::new(vec![
        Column::text("Type"),
        Column::text("Field"),
        Column::text("Became"),
        Column::number("Before"),
        Column::number("Since"),
        Column::number("At"),
        Column::number("Time"),
    ]);
    for change in listed.iter().take(MAX_CHANGES) {
        let time = change.time.map(|time| moment(time, report.ask.zone));
        let id = format!(
            "drift.{}.{}.{}",
            change.type_name, change.path, change.position.0
        );
        let what = format!("{} of {}", change.path, change.type_name);
        sheet.row(vec![
            Cell::text(&change.type_name),
            Cell::code(&change.path),
            Cell::text(change.short()).figure(id, what),
            Cell::count(change.n_before),
            Cell::count(change.n_after),
            paper.event(change.position.0),
            Cell::code(time.unwrap_or_default()),
        ]);
    }
    let mut blocks = vec![Block::Table(sheet)];
    let more = listed.len().saturating_sub(MAX_CHANGES) as u64;
    if more > 0 {
        blocks.push(Block::Note(format!("and {} more", counted(more, "change"))));
    }
    blocks.push(Block::Note(format!(
        "{} payloads were looked at. A field is named where it became another one and stayed so for some events.",
        count(drift.n_payloads)
    )));
    blocks.extend(drift.partial.iter().cloned().map(Block::Note));
    blocks
}
