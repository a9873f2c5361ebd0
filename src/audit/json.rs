//! An audit as the command line's JSON: the fields of the contract, in its order.

use serde::Serialize;

use super::evidence::Evidence;
use super::finding::{CheckResult, Finding};
use super::run::Audit;

#[derive(Serialize)]
struct AuditDocument<'a> {
    evidence: &'a Evidence,
    checks: &'a [CheckResult],
    findings: &'a [Finding],
}

/// The JSON document that `annals audit --json` prints, in one line without an end of line.
pub fn audit_json(audit: &Audit) -> String {
    let document = AuditDocument {
        evidence: &audit.evidence,
        checks: &audit.checks,
        findings: &audit.findings,
    };
    // Plain data with text keys: there is nothing that could not be written.
    serde_json::to_string(&document).unwrap_or_default()
}
