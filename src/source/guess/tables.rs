//! Several tables: which looks most like events, and which of them together are one history.

use std::collections::BTreeMap;

use super::{Candidate, Guess, category_of_table, guess, is_beside_events};
use crate::source::format::{ContainerKind, Role};

/// Tables of one shape, one for each kind of stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::source) struct Group {
    /// The category that each table gives its streams, by table.
    pub(in crate::source) categories: BTreeMap<String, String>,
}

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

/// The tables that form one history with the best guess, and the best itself: plausible ones of its
/// shape, that is, with the same columns for all roles but the stream. Empty where it stands alone.
pub(in crate::source) fn group(best: &Guess, others: &[Guess]) -> Group {
    let has_shape = |other: &&Guess| {
        let is_same = |role: &Role| {
            *role == Role::Stream || other.format.fields(*role) == best.format.fields(*role)
        };
        other.missing.is_empty()
            && !is_beside_events(&other.format.table)
            && other.format.decode.keys().eq(best.format.decode.keys())
            && Role::ALL.iter().all(is_same)
    };
    let alike: Vec<&Guess> = others.iter().filter(has_shape).collect();
    // Where the rows say their category themselves, the table's name is none.
    if alike.is_empty()
        || !best.missing.is_empty()
        || !best.format.fields(Role::Category).is_empty()
    {
        return Group::default();
    }
    let named = |guess: &Guess| {
        let table = guess.format.table.clone();
        let category = category_of_table(&table).to_owned();
        (table, category)
    };
    Group {
        categories: alike.into_iter().chain([best]).map(named).collect(),
    }
}
