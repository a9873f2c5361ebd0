//! A reconciliation for programs and for people.

use std::fmt::Write as _;

use super::super::words::{count, counted};
use super::hold::{MatchKind, ReconcileItem, Reconciliation};
use crate::event::visible;

/// How many rows are listed for people.
const SHOWN: usize = 50;

/// The JSON document that `annals reconcile --json` prints, in one line without an end of line.
pub fn reconciliation_json(found: &Reconciliation) -> String {
    // Plain data with text keys: there is nothing that could not be written.
    serde_json::to_string(found).unwrap_or_default()
}

/// The reconciliation for people; nothing from the files can steer a terminal.
pub fn reconciliation_table(found: &Reconciliation) -> String {
    let mut out = format!(
        "{} of {} as of #{} against {}, by {}\n",
        visible(&found.rules),
        visible(&found.category),
        found.position,
        visible(&found.table),
        visible(&found.key)
    );
    for (n, what) in [
        (found.equal, "equal"),
        (found.different, "different"),
        (found.only_history, "only in the history"),
        (found.only_table, "only in the table"),
        (found.several, "again with a key of another row"),
    ] {
        writeln!(out, "{:>12}  {what}", count(n)).ok();
    }
    out.push_str("\nColumns\n");
    for column in &found.columns {
        writeln!(
            out,
            "  {:<24} against {:<24} {} equal, {} different",
            visible(&column.field),
            visible(&column.column),
            count(column.equal),
            count(column.different)
        )
        .ok();
    }
    if !found.items.is_empty() {
        out.push_str("\nDifferences\n");
    }
    for item in found.items.iter().take(SHOWN) {
        writeln!(out, "  {}", visible(&item.sentence())).ok();
    }
    let n_more = found.n_differences().saturating_sub(SHOWN as u64);
    if n_more > 0 {
        writeln!(out, "  and {n_more} more").ok();
    }
    out
}

impl ReconcileItem {
    /// What differs, in one sentence without a final period.
    pub fn sentence(&self) -> String {
        let key = &self.key;
        match self.kind {
            MatchKind::OnlyHistory => format!("{key} is only in the history"),
            MatchKind::OnlyTable => format!("{key} is only in the table"),
            MatchKind::Several => format!("{key} stands in several rows of the table"),
            MatchKind::Different => {
                let value =
                    |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
                let said = self.columns.iter().map(|column| {
                    let (here, there) = (value(&column.history), value(&column.table));
                    format!("{} {here} against {there}", column.field)
                });
                let said: Vec<String> = said.collect();
                let n = said.len() as u64;
                match n {
                    0..4 => format!("{key}: {}", said.join(", ")),
                    _ => format!("{key}: {}", counted(n, "column")),
                }
            }
        }
    }
}
