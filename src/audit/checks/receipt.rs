//! The receipt holds: the events that it covers are what they were when it was made.

use super::super::check::{Check, Scene};
use super::super::gather::Gather;
use super::super::integrity::Since;
use super::super::words::{count, counted};
use crate::event::{Position, Severity};

/// Holds the tree over all events against that of the receipt.
pub(super) struct HeldReceipt;

impl Check for HeldReceipt {
    fn id(&self) -> &'static str {
        "receipt"
    }

    fn title(&self) -> &'static str {
        "The events are those of the receipt"
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        let without = scene.options.receipt.is_none();
        without.then(|| "no receipt was given".to_owned())
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let Some(receipt) = &scene.options.receipt else {
            return;
        };
        let Some(tree) = scene.tree else {
            found.skip("events could not be read, so that nothing can be proved");
            return;
        };
        let covered = counted(receipt.n_events(), "event");
        let verdict = match tree.since(receipt) {
            Since::Unchanged => "unchanged".to_owned(),
            Since::Appended(n) => format!("appended {n}"),
            Since::Rewritten { from, to } => {
                rewritten(scene, (from, to), found);
                format!("rewritten from #{from}")
            }
            Since::Truncated { left, unproved } => {
                truncated(scene, left, receipt.n_events() - left, found);
                let after = match left.checked_sub(1) {
                    Some(last) => format!("truncated after #{last}"),
                    None => "truncated: nothing is left".to_owned(),
                };
                match unproved {
                    0 => after,
                    n => format!(
                        "{after}; the last {n} of what is left could not be held against it"
                    ),
                }
            }
        };
        if !receipt.made.is_empty() {
            found.parameter("made", receipt.made.clone());
        }
        found.parameter("receipt", receipt.root());
        found.covered(format!("{verdict}; the receipt covers {covered}"));
    }
}

fn rewritten(scene: &Scene<'_>, (from, to): (u64, u64), found: &mut Gather) {
    let said = if from == to {
        format!(
            "Rewritten from #{from}: this is not the event that stood here when the receipt was made"
        )
    } else {
        format!("Rewritten from #{from}: the first event that differs is one of #{from} to #{to}")
    };
    let position = u32::try_from(from).ok().map(Position);
    let position = position.filter(|at| at.index() < scene.history.log.len());
    found.add(Severity::Error, |finding| {
        let finding = match position {
            Some(position) => finding.at(scene, position),
            None => finding,
        };
        finding.says(said)
    });
}

fn truncated(scene: &Scene<'_>, left: u64, n_gone: u64, found: &mut Gather) {
    let last = scene.history.log.last();
    found.add(Severity::Error, |finding| {
        let finding = match last {
            Some(last) => finding.at(scene, last),
            None => finding,
        };
        let after = match left.checked_sub(1) {
            Some(last) => format!("Truncated after #{last}"),
            None => "Truncated".to_owned(),
        };
        finding
            .says(format!(
                "{after}: {} of the receipt are gone",
                match n_gone {
                    1 => "1 event".to_owned(),
                    n => format!("{} events", count(n)),
                }
            ))
            .counts(n_gone)
    });
}
