//! The report as Markdown: the same model in few tables, without plots.

use std::fmt::Write as _;

use super::escape::md;
use super::report::Report;
use super::text::moment;
use crate::audit::{count, counted, grouped};
use crate::event::Severity;

/// How many causes are listed.
const MAX_GROUPS: usize = 200;

/// The report as Markdown.
pub fn markdown(report: &Report) -> String {
    let ask = &report.ask;
    let mut out = format!("# {}\n\n{}.\n\n", md(report.title()), md(&report.verdict()));
    let made = moment(ask.made_at, ask.zone);
    writeln!(
        out,
        "Prepared on {made} with {}. Times are {}.",
        md(&ask.program),
        md(&report.zone_name())
    )
    .ok();
    write_evidence(&mut out, report);
    write_findings(&mut out, report);
    write_population(&mut out, report);
    write_method(&mut out, report);
    out
}

fn write_evidence(out: &mut String, report: &Report) {
    out.push_str("\n## Evidence\n\n| File | Bytes | SHA-256 |\n| --- | ---: | --- |\n");
    let evidence = &report.audit.evidence;
    for file in &evidence.files {
        writeln!(
            out,
            "| {} | {} | `{}` |",
            md(&file.name),
            count(file.bytes),
            md(&file.sha256)
        )
        .ok();
    }
    let state = if evidence.unchanged {
        "same bytes before and after"
    } else {
        "changed meanwhile"
    };
    writeln!(out, "\nOpened {}; {state}.", md(&evidence.opened)).ok();
}

fn write_findings(out: &mut String, report: &Report) {
    out.push_str("\n## Findings\n\n");
    let groups = grouped(&report.audit.findings);
    if groups.is_empty() {
        out.push_str("No check that ran has a finding.\n");
        return;
    }
    out.push_str("| Severity | Finding | Events | First at |\n| --- | --- | ---: | ---: |\n");
    for group in groups.iter().take(MAX_GROUPS) {
        let severity = match group.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let at = group.findings[0]
            .position
            .map_or_else(String::new, |at| format!("#{at}"));
        writeln!(
            out,
            "| {severity} | {} | {} | {at} |",
            md(group.message),
            count(group.count())
        )
        .ok();
    }
    let more = groups.len().saturating_sub(MAX_GROUPS);
    if more > 0 {
        writeln!(out, "\nAnd {} more.", count(more as u64)).ok();
    }
}

fn write_population(out: &mut String, report: &Report) {
    let population = &report.population;
    let [events, records, lost] = [
        population.events,
        population.records,
        population.records_lost,
    ]
    .map(count);
    let streams = counted(population.streams, "stream");
    writeln!(
        out,
        "\n## Population\n\n{events} events in {streams}; {records} records, {lost} skipped.\n"
    )
    .ok();
    out.push_str("| Category | Streams | Events |\n| --- | ---: | ---: |\n");
    for row in &report.categories {
        writeln!(
            out,
            "| {} | {} | {} |",
            md(&row.category),
            count(row.streams),
            count(row.events)
        )
        .ok();
    }
    out.push_str("\n| Type | Events |\n| --- | ---: |\n");
    for (name, n) in &population.types {
        writeln!(out, "| {} | {} |", md(name), count(*n)).ok();
    }
}

fn write_method(out: &mut String, report: &Report) {
    out.push_str("\n## Method\n\n| Part of an event | Read from |\n| --- | --- |\n");
    for (role, column) in &report.method.mapping {
        writeln!(out, "| {} | {} |", md(role), md(column)).ok();
    }
    out.push_str("\n| Check | Ended | Covered, or why not run |\n| --- | --- | --- |\n");
    for check in &report.audit.checks {
        let ended = format!("{:?}", check.status).to_lowercase();
        writeln!(
            out,
            "| {} | {ended} | {} |",
            md(check.title),
            md(&check.why)
        )
        .ok();
    }
    out.push('\n');
    for limit in report.limits() {
        writeln!(out, "- {}", md(&limit)).ok();
    }
    writeln!(out, "\nMade again by: {}", md(&report.ask.command)).ok();
}
