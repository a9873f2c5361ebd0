//! The section Findings: by cause, worst first, each with its place.

use std::fmt::Write as _;

use super::super::escape::esc;
use super::super::report::Report;
use super::super::text::moment;
use super::evidence::mark;
use super::page::Page;
use crate::audit::{Finding, FindingGroup, Status, count, grouped};
use crate::event::{Severity, Zone};

/// How many causes, and how many findings of each, are listed.
pub(in crate::report) const MAX_GROUPS: usize = 500;
pub(in crate::report) const MAX_OF_GROUP: usize = 20;

/// The section Findings.
pub(super) fn write(page: &mut Page, report: &Report) {
    let total: u64 = report.audit.checks.iter().map(|check| check.findings).sum();
    page.section("findings", "Findings", Some(total));
    if report.audit.findings.is_empty() {
        page.note("No check that ran has a finding");
        return;
    }
    let groups = grouped(&report.audit.findings);
    let mut table = String::from(
        "<table>\n<thead><tr><th class=\"w\"></th><th scope=\"col\">Finding</th>\
         <th scope=\"col\" class=\"r\">Events</th><th scope=\"col\" class=\"r\">First at</th>\
         <th scope=\"col\" class=\"r\">Time</th></tr></thead>\n<tbody>\n",
    );
    let mut shown = 0;
    for group in groups.iter().take(MAX_GROUPS) {
        shown += write_group(&mut table, group, report.ask.zone);
    }
    table.push_str("</tbody>\n</table>");
    page.markup(&table);
    page.note(&format!(
        "{} of {} findings are shown; the JSON report lists up to {} of each check",
        count(shown),
        count(total),
        count(crate::audit::MAX_KEPT as u64)
    ));
}

fn write_group(out: &mut String, group: &FindingGroup<'_>, zone: Zone) -> u64 {
    let first = group.findings[0];
    let sub = if group.is_group {
        String::new()
    } else {
        place(first)
    };
    let said = format!("{}{sub}", esc(group.message));
    let sign = mark(match group.severity {
        Severity::Error => Status::Failed,
        Severity::Warning => Status::Warning,
        Severity::Info => Status::Info,
    });
    row(out, "", &[&sign, &said, &count(group.count())], first, zone);
    if !group.is_group {
        return 1;
    }
    for found in group.findings.iter().take(MAX_OF_GROUP) {
        let said = format!("{}{}", esc(&found.message), place(found));
        row(
            out,
            " class=\"member\"",
            &["", &said, &count(found.count)],
            found,
            zone,
        );
    }
    let more = group.findings.len().saturating_sub(MAX_OF_GROUP);
    if more > 0 {
        writeln!(
            out,
            "<tr class=\"member\"><td></td><td colspan=\"4\">and {} more</td></tr>",
            count(more as u64)
        )
        .ok();
    }
    group.findings.len().min(MAX_OF_GROUP) as u64
}

fn row(out: &mut String, class: &str, cells: &[&str; 3], found: &Finding, zone: Zone) {
    let at = found
        .position
        .map_or_else(String::new, |at| format!("#{}", count(u64::from(at))));
    let time = found
        .time
        .map_or_else(String::new, |time| moment(time, zone));
    let [sign, said, n] = cells;
    writeln!(
        out,
        "<tr{class}><td class=\"w\">{sign}</td><td>{said}</td><td class=\"r m\">{n}</td>\
         <td class=\"r m\">{at}</td><td class=\"r m\">{time}</td></tr>"
    )
    .ok();
}

/// Stream, version, id and record of the event that a finding is about.
fn place(found: &Finding) -> String {
    let stream = found.stream.as_deref().map(esc);
    let version = found.version.map(|version| format!("v{version}"));
    let event = [stream, version]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let id = found
        .event_id
        .as_deref()
        .map(|id| format!("id {}", esc(id)));
    let parts = [Some(event), id, found.place.as_deref().map(esc)];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    if parts.is_empty() {
        return String::new();
    }
    format!("<span class=\"sub\">{}</span>", parts.join(" \u{b7} "))
}
