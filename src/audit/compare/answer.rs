//! A comparison for programs and for people.

use std::fmt::Write as _;

use super::differences::{Comparison, Difference};
use crate::event::visible;

/// How many differences are listed for people.
const SHOWN: usize = 50;

/// The JSON document that `annals compare --json` prints, in one line without an end of line.
pub fn comparison_json(comparison: &Comparison) -> String {
    // Plain data with text keys: there is nothing that could not be written.
    serde_json::to_string(comparison).unwrap_or_default()
}

/// The comparison for people; nothing from the files can steer a terminal.
pub fn comparison_table(comparison: &Comparison) -> String {
    let mut out = String::new();
    for (n, what) in [
        (comparison.same, "the same"),
        (comparison.only_a, "only in the first"),
        (comparison.only_b, "only in the second"),
        (comparison.different, "different"),
        (comparison.reordered, "in another place"),
    ] {
        writeln!(out, "{n:>12}  {what}").ok();
    }
    writeln!(out, "compared: {}", comparison.compared.join(", ")).ok();
    if comparison.unread > 0 {
        writeln!(out, "{} events could not be read", comparison.unread).ok();
    }
    if let Some(first) = &comparison.first_divergence {
        writeln!(out, "\nFirst difference\n  {}", line(first)).ok();
    }
    if !comparison.items.is_empty() {
        out.push_str("\nDifferences\n");
    }
    for item in comparison.items.iter().take(SHOWN) {
        writeln!(out, "  {}", line(item)).ok();
    }
    let n_more = comparison.n_differences().saturating_sub(SHOWN as u64);
    if n_more > 0 && !comparison.items.is_empty() {
        writeln!(out, "  and {n_more} more").ok();
    }
    out
}

fn line(item: &Difference) -> String {
    let at = item.position_a.or(item.position_b);
    let at = at.map_or_else(String::new, |at| format!("#{at}"));
    format!("{at:<9} {}", visible(&item.sentence()))
}
