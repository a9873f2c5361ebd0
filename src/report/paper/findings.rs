//! The section Findings: by cause, worst first, each with its place.

use std::fmt::Write as _;

use super::{Block, Cell, Column, Paper, Sheet};
use crate::audit::{Finding, FindingGroup, Status, count, grouped};
use crate::event::{Severity, Zone};
use crate::report::report::{MAX_GROUPS, MAX_OF_GROUP, Report};
use crate::report::text::moment;

/// The section Findings.
pub(super) fn findings(paper: &Paper, report: &Report) -> Vec<Block> {
    let total: u64 = report.audit.checks.iter().map(|check| check.findings).sum();
    if report.audit.findings.is_empty() {
        return vec![Block::Note("No check that ran has a finding".to_owned())];
    }
    let listed = report.audit.findings.iter();
    let listed: Vec<Finding> = listed
        .filter(|found| report.lists(found.position))
        .cloned()
        .collect();
    let groups = grouped(&listed);
    let mut sheet = Sheet::new(vec![
        Column::text("Finding"),
        Column::number("Events"),
        Column::number("First at"),
        Column::number("Time"),
    ]);
    let mut shown = 0;
    for (nr, group) in (1..).zip(groups.iter().take(MAX_GROUPS)) {
        shown += add_group(&mut sheet, (paper, report), nr, group);
    }
    let outside = report.audit.findings.len() - listed.len();
    let mut said = format!("{} of {} shown.", count(shown), count(total));
    if outside > 0 {
        write!(said, " {outside} outside the period are not listed.").ok();
    }
    if shown < total {
        said.push_str(" The JSON report lists all that were kept.");
    }
    vec![Block::Table(sheet), Block::Note(said)]
}

fn add_group(
    sheet: &mut Sheet,
    (paper, report): (&Paper, &Report),
    nr: usize,
    group: &FindingGroup<'_>,
) -> u64 {
    let zone = report.ask.zone;
    let first = group.findings[0];
    let said = Cell::text(group.message)
        .marked(status(group.severity))
        .figure(
            format!("finding.{nr}"),
            format!("finding {nr} by {}", first.check),
        );
    let said = if group.is_group {
        said
    } else {
        said.sub(under(report, first))
    };
    let n = Cell::count(group.count()).figure(
        format!("finding.{nr}.events"),
        format!("events of finding {nr}"),
    );
    let [at, time] = at(paper, first, zone);
    let at = at.figure(format!("finding.{nr}.at"), format!("place of finding {nr}"));
    sheet.row(vec![said, n, at, time]);
    if !group.is_group {
        return 1;
    }
    for found in group.findings.iter().take(MAX_OF_GROUP) {
        let [at, time] = self::at(paper, found, zone);
        let said = Cell::text(&found.message).sub(under(report, found));
        sheet.member(vec![said, Cell::count(found.count), at, time]);
    }
    let more = group.findings.len().saturating_sub(MAX_OF_GROUP);
    if more > 0 {
        let said = Cell::text(format!("and {} more", count(more as u64)));
        sheet.member(vec![
            said,
            Cell::default(),
            Cell::default(),
            Cell::default(),
        ]);
    }
    group.findings.len().min(MAX_OF_GROUP) as u64
}

fn status(severity: Severity) -> Status {
    match severity {
        Severity::Error => Status::Failed,
        Severity::Warning => Status::Warning,
        Severity::Info => Status::Info,
    }
}

/// The event that a finding is about, and its time.
fn at(paper: &Paper, found: &Finding, zone: Zone) -> [Cell; 2] {
    let at = found
        .position
        .map_or_else(Cell::default, |at| paper.event(at));
    let time = found.time.map(|time| moment(time, zone));
    [at, Cell::code(time.unwrap_or_default())]
}

/// What stands below a finding: its place, and who accepted it.
fn under(report: &Report, found: &Finding) -> String {
    let mut accepted = report.ask.settings.accepted.iter();
    let place = place(found);
    match accepted.find(|one| one.is_of(found)) {
        None => place,
        Some(one) => {
            let by = if one.by.is_empty() {
                String::new()
            } else {
                format!(" by {}", one.by)
            };
            let apart = if place.is_empty() { "" } else { " \u{b7} " };
            format!("{place}{apart}Accepted{by}: {}", one.reason)
        }
    }
}

/// Stream, version, id and record of the event that a finding is about.
fn place(found: &Finding) -> String {
    let version = found.version.map(|version| format!("v{version}"));
    let stream = found.stream.clone();
    let event: Vec<String> = [stream, version].into_iter().flatten().collect();
    let id = found.event_id.as_deref().map(|id| format!("id {id}"));
    let parts = [Some(event.join(" ")), id, found.place.clone()];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" \u{b7} ")
}
