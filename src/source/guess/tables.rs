//! Several tables: which looks most like events, and which of them together are one history.

use super::{Candidate, Guess, guess, is_beside_events};
use crate::source::format::{ContainerKind, Role};

/// Weighs all candidates, best first: the surest, of equal ones that with most roles, then by name.
pub(in crate::source) fn guess_tables(kind: ContainerKind, candidates: &[Candidate]) -> Vec<Guess> {
    let mut guesses: Vec<Guess> = candidates
        .iter()
        .map(|candidate| {
            let mut guess = guess(kind, candidate);
            if is_beside_events(&candidate.table) {
                guess.confidence *= 0.5;
                guess.likeness *= 0.5;
            }
            guess
        })
        .collect();
    guesses.sort_by(|a, b| {
        let more_roles = b.format.roles.len().cmp(&a.format.roles.len());
        b.confidence
            .total_cmp(&a.confidence)
            .then(a.missing.len().cmp(&b.missing.len()))
            .then(more_roles)
            .then(b.likeness.total_cmp(&a.likeness))
            .then(a.format.table.cmp(&b.format.table))
    });
    guesses
}

/// The tables that form one history with the best guess, without it: plausible ones of its shape, that
/// is, with the same columns for all roles but the stream.
///
/// Where the rows say their category themselves, tables are not kept apart by it, and stay alone.
pub(in crate::source) fn group(best: &Guess, others: &[Guess]) -> Vec<String> {
    let has_shape = |other: &&Guess| {
        let is_same = |role: &Role| {
            *role == Role::Stream || other.format.fields(*role) == best.format.fields(*role)
        };
        other.missing.is_empty()
            && !is_beside_events(&other.format.table)
            && Role::ALL.iter().all(is_same)
    };
    if !best.missing.is_empty() || !best.format.fields(Role::Category).is_empty() {
        return Vec::new();
    }
    let alike = others.iter().filter(has_shape);
    alike.map(|guess| guess.format.table.clone()).collect()
}
