//! Holds a history against its user's rules.

use std::sync::Arc;

use super::super::gather::MAX_KEPT;
use super::super::run::Watch;
use super::file::Invariants;
use super::{sequence, states};
use crate::event::{Position, Severity};
use crate::fold::{Folder, Merge, Reducer};
use crate::history::History;

/// A place at which a rule is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The name of the rule.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// The event after which, or by which, it is broken.
    pub position: Position,
    /// The event after which it is kept again; `None` where it is not, or where it is about one event.
    pub until: Option<Position>,
    /// During how many events of the stream it is broken.
    pub n_events: u64,
    /// What is so, in one sentence without a final period.
    pub said: String,
}

/// What holding a history against rules has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvariantsHeld {
    /// How many rules were held against it.
    pub n_rules: u64,
    /// The places found, at most [`super::super::MAX_KEPT`], in the order of the rules and streams.
    pub broken: Vec<Broken>,
    /// How many more there are, and how much the worst of them matters.
    pub n_more: u64,
    /// The worst of those that are not kept.
    pub worst_of_more: Option<Severity>,
    /// Streams that could not be judged, each with the rule and why; at most 100.
    pub unjudged: Vec<String>,
}

impl InvariantsHeld {
    pub(super) fn note(&mut self, broken: Broken) {
        if self.broken.len() < MAX_KEPT {
            self.broken.push(broken);
        } else {
            self.n_more += 1;
            self.worst_of_more = self.worst_of_more.max(Some(broken.severity));
        }
    }

    pub(super) fn fail(&mut self, rule: &str, stream: &str, why: &str) {
        if self.unjudged.len() < 100 {
            self.unjudged
                .push(format!("{rule}: {stream} could not be judged: {why}"));
        }
    }
}

/// Gives the reducer that a `rules` file holds, or says in a sentence why it cannot be used.
pub type ReducerOf<'a> = dyn Fn(&str) -> Result<Arc<dyn Reducer>, String> + 'a;

/// Holds all rules against a history; `Ok(None)` where it was stopped, a sentence where a rule cannot
/// be used. `reducer` gives what a `rules` file holds.
///
/// Each rule over states replays all streams that it is for; those over sequences look at types, and
/// read only events whose fields they compare.
pub fn hold_invariants(
    history: &Arc<History>,
    invariants: &Invariants,
    reducer: &ReducerOf<'_>,
    watch: &Watch<'_>,
) -> Result<Option<InvariantsHeld>, String> {
    let mut held = InvariantsHeld {
        n_rules: invariants.n_rules() as u64,
        ..InvariantsHeld::default()
    };
    for rule in &invariants.states {
        let reducer = match &rule.rules {
            None => Arc::new(Merge),
            Some(name) => reducer(name)?,
        };
        // Every stream is walked once from its beginning: nothing is to be kept for later.
        let folder = Folder::new(Arc::clone(history), reducer).with_checkpoint_budget(0);
        let whole = states::hold(rule, &folder, watch, &mut held)
            .map_err(|error| format!("\"{}\": {error}", rule.name))?;
        if !whole {
            return Ok(None);
        }
    }
    for rule in &invariants.sequences {
        if !sequence::hold(rule, history, watch, &mut held) {
            return Ok(None);
        }
    }
    Ok(Some(held))
}
