//! The sections Evidence and Result: what was examined, and how each check ended.

use std::fmt::Write as _;

use super::super::escape::esc;
use super::super::report::Report;
use super::super::text::moment;
use super::page::Page;
use crate::audit::{EvidenceFile, Status, count, counted};
use crate::event::Zone;

/// The section Evidence.
pub(super) fn write(page: &mut Page, report: &Report) {
    page.section("evidence", "Evidence", None);
    let evidence = &report.audit.evidence;
    for file in &evidence.files {
        page.facts(&file_facts(file, report.ask.zone));
    }
    let after = if evidence.unchanged {
        "Same bytes before and after".to_owned()
    } else {
        "<span class=\"bad\">The bytes are no longer those that were read</span>".to_owned()
    };
    let population = &report.population;
    let or_none =
        |time: &Option<String>| time.as_deref().map_or_else(|| "\u{2014}".to_owned(), code);
    let mut facts = vec![
        ("Format", esc(&report.method.format_name)),
        ("Opened", esc(&evidence.opened)),
        ("Events", code(&count(population.events))),
        ("After the audit", after),
        ("First event", or_none(&population.first_time)),
        ("Last event", or_none(&population.last_time)),
    ];
    if let Some(root) = &evidence.log_root {
        facts.push((
            "Tree root",
            format!("<span class=\"wide\">{}</span>", code(root)),
        ));
    }
    page.facts(&facts);
}

fn file_facts(file: &EvidenceFile, zone: Zone) -> Vec<(&'static str, String)> {
    let written = file
        .modified
        .map_or_else(|| "not known".to_owned(), |at| moment(at, zone));
    vec![
        (
            "File",
            format!("<span class=\"wide\">{}</span>", esc(&file.name)),
        ),
        (
            "SHA-256",
            format!("<span class=\"wide\">{}</span>", code(&file.sha256)),
        ),
        ("Size", code(&format!("{} bytes", count(file.bytes)))),
        ("Last write", code(&written)),
    ]
}

/// Text in the fixed-width font.
pub(super) fn code(text: &str) -> String {
    format!("<code>{}</code>", esc(text))
}

/// The section Result: a bar with a piece for each check, and their names.
pub(super) fn write_result(page: &mut Page, report: &Report) {
    page.section("result", "Result", None);
    let mut bar = String::from("<div class=\"bar\" aria-hidden=\"true\">");
    let mut list = String::from("<ul class=\"checks\">\n");
    for check in &report.audit.checks {
        write!(bar, "<i class=\"{}\"></i>", word(check.status)).ok();
        writeln!(list, "<li>{}{}</li>", mark(check.status), esc(check.title)).ok();
    }
    bar.push_str("</div>");
    page.markup(&bar);
    list.push_str("</ul>");
    page.markup(&list);
    let findings: u64 = report.audit.checks.iter().map(|check| check.findings).sum();
    let skipped = report.n_checks(Status::Skipped);
    page.note(&format!(
        "{}, {skipped} of {} checks not run; what each covered stands under Method",
        counted(findings, "finding"),
        report.audit.checks.len()
    ));
}

/// The word for a status, also its class.
pub(super) fn word(status: Status) -> &'static str {
    match status {
        Status::Passed => "passed",
        Status::Info => "info",
        Status::Warning => "warning",
        Status::Failed => "failed",
        Status::Skipped => "skipped",
    }
}

/// A small round mark with its word for those who do not see it.
pub(super) fn mark(status: Status) -> String {
    let word = word(status);
    let sign = match status {
        Status::Passed => "\u{2713}",
        Status::Info => "i",
        Status::Warning => "!",
        Status::Failed => "\u{d7}",
        Status::Skipped => "\u{2013}",
    };
    format!("<span class=\"mark {word}\" role=\"img\" aria-label=\"{word}\">{sign}</span>")
}
