//! Findings by cause: those of one group stand together, under one sentence.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::finding::Finding;
use crate::event::Severity;

/// Findings that share a cause, or one that stands alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingGroup<'a> {
    /// The cause, or the finding's own message where it stands alone.
    pub message: &'a str,
    /// The worst of its findings' severities.
    pub severity: Severity,
    /// Its findings, by position; never empty.
    pub findings: Vec<&'a Finding>,
    /// Whether it names a cause of several findings.
    pub is_group: bool,
}

impl FindingGroup<'_> {
    /// How many events, or missing events, its findings stand for.
    pub fn count(&self) -> u64 {
        self.findings.iter().map(|found| found.count).sum()
    }
}

/// The findings by cause, worst first, then in the order of the checks and of positions.
pub fn grouped(findings: &[Finding]) -> Vec<FindingGroup<'_>> {
    let mut groups: Vec<FindingGroup<'_>> = Vec::new();
    let mut by_name: HashMap<(&str, &str), usize> = HashMap::new();
    for found in findings {
        let key = found.group.as_deref().map(|group| (found.check, group));
        let known = key.and_then(|key| by_name.get(&key).copied());
        if let Some(known) = known {
            groups[known].severity = groups[known].severity.max(found.severity);
            groups[known].findings.push(found);
            continue;
        }
        by_name.extend(key.map(|key| (key, groups.len())));
        groups.push(FindingGroup {
            message: found.group.as_deref().unwrap_or(&found.message),
            severity: found.severity,
            findings: vec![found],
            is_group: found.group.is_some(),
        });
    }
    groups.sort_by_key(|group| Reverse(group.severity));
    groups
}
