//! An audit as the command line's JSON: the fields of the contract, in its order.

use serde::Serialize;

use super::evidence::Evidence;
use super::finding::{CheckResult, Finding};
use super::run::Audit;
use super::screening::Sample;

#[derive(Serialize)]
struct AuditDocument<'a> {
    evidence: &'a Evidence,
    checks: &'a [CheckResult],
    findings: &'a [Finding],
    #[serde(skip_serializing_if = "Option::is_none")]
    sample: Option<&'a Sample>,
}

/// The JSON document that `annals audit --json` prints, in one line without an end of line.
pub fn audit_json(audit: &Audit) -> String {
    audit_json_with(audit, None)
}

/// The same with events drawn at random.
pub fn audit_json_with(audit: &Audit, sample: Option<&Sample>) -> String {
    let document = AuditDocument {
        evidence: &audit.evidence,
        checks: &audit.checks,
        findings: &audit.findings,
        sample,
    };
    // Plain data with text keys: there is nothing that could not be written.
    serde_json::to_string(&document).unwrap_or_default()
}
