//! Which of a few forms the events of each type have, and which events have another than nearly all.

use super::super::check::Scene;
use crate::event::{Position, TypeId};

/// How many events of a form are kept by place.
const KEPT: usize = 100;
/// From how many events of a type on, and up to which share of others, those are exceptions.
const ENOUGH: u64 = 20;
const SHARE_OF_OTHERS: u64 = 20;

/// Counts `N` forms for each type.
pub(super) struct ByType<const N: usize> {
    types: Vec<[Tally; N]>,
}

/// How often one form occurs, and where first.
#[derive(Clone, Debug, Default)]
struct Tally {
    n: u64,
    first: Vec<Position>,
}

/// Events of a type that have another form than at least 19 of 20 of it.
pub(super) struct Exception {
    /// The type.
    pub(super) event_type: TypeId,
    /// The form that nearly all have.
    pub(super) usual: usize,
    /// The form of these.
    pub(super) form: usize,
    /// How many they are, and how many events the type has.
    pub(super) n: u64,
    pub(super) n_of_type: u64,
    /// The first of them.
    pub(super) first: Vec<Position>,
}

impl<const N: usize> Default for ByType<N> {
    fn default() -> Self {
        Self { types: Vec::new() }
    }
}

impl<const N: usize> ByType<N> {
    /// Notes that an event has a form.
    pub(super) fn note(&mut self, scene: &Scene<'_>, position: Position, form: usize) {
        let at = scene.history.log.event_type(position).index();
        if self.types.len() <= at {
            self.types
                .resize_with(at + 1, || std::array::from_fn(|_| Tally::default()));
        }
        let tally = self.types.get_mut(at).and_then(|forms| forms.get_mut(form));
        if let Some(tally) = tally {
            tally.n += 1;
            if tally.first.len() < KEPT {
                tally.first.push(position);
            }
        }
    }

    /// How many events were noted.
    pub(super) fn n_noted(&self) -> u64 {
        self.types.iter().flatten().map(|tally| tally.n).sum()
    }

    /// The exceptions, by type.
    pub(super) fn exceptions(self) -> Vec<Exception> {
        let mut found = Vec::new();
        for (event_type, forms) in (0_u32..).map(TypeId).zip(self.types) {
            let n_of_type: u64 = forms.iter().map(|tally| tally.n).sum();
            let usual = (0..N).max_by_key(|form| forms.get(*form).map_or(0, |tally| tally.n));
            let Some(usual) = usual.filter(|_| n_of_type >= ENOUGH) else {
                continue;
            };
            let n_others = n_of_type - forms.get(usual).map_or(0, |tally| tally.n);
            if n_others * SHARE_OF_OTHERS > n_of_type {
                continue;
            }
            for (form, tally) in forms.into_iter().enumerate() {
                if form != usual && tally.n > 0 {
                    let Tally { n, first } = tally;
                    found.push(Exception {
                        event_type,
                        usual,
                        form,
                        n,
                        n_of_type,
                        first,
                    });
                }
            }
        }
        found
    }
}
