//! The section of a sample: what was drawn, and what was found in it.

use super::{Block, Cell, Column, Paper, Sheet};
use crate::audit::{count, counted};
use crate::report::report::Report;

/// So much of a digest is shown.
const DIGEST: usize = 16;

/// The events drawn, what was looked at and what was said of them.
pub(super) fn sampled(paper: &Paper, report: &Report) -> Vec<Block> {
    let settings = &report.ask.settings.sample;
    let (Some(sample), Some(kept)) = (&report.sample, settings) else {
        return Vec::new();
    };
    let mut sheet = Sheet::new(vec![
        Column::text("Event"),
        Column::number("At"),
        Column::narrow("SHA-256"),
        Column::narrow("Looked at"),
        Column::text("Remark"),
    ]);
    for event in &sample.events {
        let at = event.position;
        let version = event.version.map_or_else(String::new, |v| format!(" v{v}"));
        let name = format!("{} of {}{version}", event.event_type, event.stream);
        let digest = event.digest.as_deref();
        let digest = digest.map_or("cannot be read", |digest| {
            digest.get(..DIGEST).unwrap_or(digest)
        });
        let looked = if kept.looked_at.contains(&at) {
            "yes"
        } else {
            "no"
        };
        let remark = kept.remarks.get(&at).map_or("", String::as_str);
        sheet.row(vec![
            Cell::text(name),
            paper.event(at),
            Cell::code(digest).figure(format!("sample.{at}"), format!("sampled event #{at}")),
            Cell::text(looked),
            Cell::text(remark),
        ]);
    }
    let drawn = sample.events.len() as u64;
    let ticked = sample
        .events
        .iter()
        .filter(|event| kept.looked_at.contains(&event.position));
    let said = format!(
        "{} drawn from {} with seed {}, each equally likely; {} looked at. The same seed draws the same \
         events: annals audit --sample {} --seed {}",
        counted(drawn, "event"),
        count(sample.of),
        sample.seed,
        count(ticked.count() as u64),
        kept.n,
        kept.seed
    );
    vec![Block::Table(sheet), Block::Note(said)]
}
