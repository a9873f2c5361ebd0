//! What the user holds the history against: rules of their own, and another copy of it. Both were found
//! out before the audit began.

use super::super::check::{Check, Scene};
use super::super::compare::DifferenceKind;
use super::super::gather::Gather;
use super::super::words::{count, counted};
use crate::event::{Position, Severity};

/// The user's own rules are kept.
pub(super) struct OwnInvariants;

impl Check for OwnInvariants {
    fn id(&self) -> &'static str {
        "invariants"
    }

    fn title(&self) -> &'static str {
        "Your own rules are kept"
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        let without = scene.options.invariants.is_none();
        without.then(|| "no rules were given".to_owned())
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let Some(held) = &scene.options.invariants else {
            return;
        };
        for broken in &held.broken {
            found.add(broken.severity, |finding| {
                let finding = finding.at(scene, broken.position).says(broken.said.clone());
                finding.counts(broken.n_events).grouped(broken.rule.clone())
            });
        }
        if let Some(worst) = held.worst_of_more {
            found.add_uncounted(worst, held.n_more);
        }
        for why in &held.unjudged {
            found.add(Severity::Warning, |finding| finding.says(why.clone()));
        }
        found.covered(format!(
            "{} over {}",
            counted(held.n_rules, "rule"),
            counted(scene.history.log.streams().len() as u64, "stream")
        ));
    }
}

/// The events are those of another copy.
pub(super) struct OtherCopy;

impl Check for OtherCopy {
    fn id(&self) -> &'static str {
        "other-copy"
    }

    fn title(&self) -> &'static str {
        "The events are those of the other copy"
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        let without = scene.options.against.is_none();
        without.then(|| "no other copy was given".to_owned())
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let Some((name, comparison)) = &scene.options.against else {
            return;
        };
        let (mut n_kept, n_events) = ([0_u64; 4], scene.history.log.len());
        for item in &comparison.items {
            let at = match item.kind {
                DifferenceKind::OnlyA => 0,
                DifferenceKind::OnlyB => 1,
                DifferenceKind::Different => 2,
                DifferenceKind::Reordered => 3,
            };
            if let Some(n) = n_kept.get_mut(at) {
                *n += 1;
            }
            let position = item.position_a.map(Position);
            let position = position.filter(|position| position.index() < n_events);
            let said = item
                .sentence()
                .replace("the first", "this file")
                .replace("the second", name);
            found.add(Severity::Error, |finding| {
                let finding = match position {
                    Some(position) => finding.at(scene, position),
                    None => finding,
                };
                finding.says(said).grouped(match item.kind {
                    DifferenceKind::OnlyA => {
                        format!("{} are not in {name}", counted(comparison.only_a, "event"))
                    }
                    DifferenceKind::OnlyB => format!(
                        "{} of {name} are not here",
                        counted(comparison.only_b, "event")
                    ),
                    DifferenceKind::Different => format!(
                        "{} differ from those of {name}",
                        counted(comparison.different, "event")
                    ),
                    DifferenceKind::Reordered => format!(
                        "{} stand elsewhere in {name}",
                        counted(comparison.reordered, "event")
                    ),
                })
            });
        }
        let kept: u64 = n_kept.iter().sum();
        found.add_uncounted(
            Severity::Error,
            comparison.n_differences().saturating_sub(kept),
        );
        found.covered(format!(
            "{} the same as in {name}, by {}",
            count(comparison.same),
            comparison.compared.join(", ")
        ));
    }
}
