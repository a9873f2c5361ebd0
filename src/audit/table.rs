//! An audit as a plain table, for a terminal or a text file.

use std::fmt::Write as _;

use super::evidence::EvidenceFile;
use super::finding::{CheckResult, Status};
use super::groups::{FindingGroup, grouped};
use super::run::Audit;
use crate::event::{Severity, visible};

/// How many findings of a group are listed.
const SHOWN_OF_GROUP: usize = 10;

/// The audit for people: evidence, checks, findings; nothing from the file can steer a terminal.
pub fn audit_table(audit: &Audit) -> String {
    let mut out = String::from("Evidence\n");
    for file in &audit.evidence.files {
        write_file(&mut out, file);
    }
    let state = if audit.evidence.unchanged {
        "unchanged"
    } else {
        "CHANGED meanwhile"
    };
    let opened = visible(&audit.evidence.opened);
    writeln!(
        out,
        "  {} events, opened {opened}, {state}",
        audit.evidence.events
    )
    .ok();
    out.push_str("\nChecks\n");
    for check in &audit.checks {
        write_check(&mut out, check);
    }
    if !audit.findings.is_empty() {
        out.push_str("\nFindings\n");
    }
    for group in grouped(&audit.findings) {
        write_group(&mut out, &group);
    }
    out
}

fn write_file(out: &mut String, file: &EvidenceFile) {
    let written = file
        .modified
        .map_or_else(String::new, |time| format!(", written {}", time.rfc3339(0)));
    writeln!(
        out,
        "  {}  {} bytes{written}",
        visible(&file.name),
        file.bytes
    )
    .ok();
    writeln!(out, "  SHA-256 {}", visible(&file.sha256)).ok();
}

fn write_check(out: &mut String, check: &CheckResult) {
    let status = match check.status {
        Status::Passed => "passed",
        Status::Info => "info",
        Status::Warning => "warning",
        Status::Failed => "FAILED",
        Status::Skipped => "skipped",
    };
    let findings = match check.findings {
        0 => String::new(),
        1 => "1 finding; ".to_owned(),
        n => format!("{n} findings; "),
    };
    let why = visible(&check.why);
    writeln!(out, "  {status:<8} {:<38} {findings}{why}", check.title).ok();
}

fn write_group(out: &mut String, group: &FindingGroup<'_>) {
    let severity = match group.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let at = group.findings[0]
        .position
        .map_or_else(String::new, |at| format!("  #{at}"));
    let place = if group.is_group { "" } else { &at };
    writeln!(out, "  {severity:<8} {}{place}", visible(group.message)).ok();
    if !group.is_group {
        return;
    }
    for found in group.findings.iter().take(SHOWN_OF_GROUP) {
        let at = found
            .position
            .map_or_else(String::new, |at| format!("  #{at}"));
        writeln!(out, "             {}{at}", visible(&found.message)).ok();
    }
    let more = group.findings.len().saturating_sub(SHOWN_OF_GROUP);
    if more > 0 {
        writeln!(out, "             and {more} more").ok();
    }
}
