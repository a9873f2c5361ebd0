//! Which events are responsible for what changed, told as people tell it: arrays by element.

use std::collections::HashMap;

use super::diff::{Change, diff_from_nothing};
use super::elements::diff_by_element;
use super::responsible::ExplainedChange;
use super::state::State;
use crate::event::Position;
use crate::event::json::{JsonPath, Step};

/// The changes from `old` to `new` with arrays by element, each with the events that the changes by index,
/// which [`super::Folder::explain`] gives, name.
pub fn explain_by_element(
    old: Option<&State>,
    new: &State,
    explained: Vec<ExplainedChange>,
) -> Vec<ExplainedChange> {
    let changes = match old {
        Some(old) => diff_by_element(&old.value, &new.value),
        None => diff_from_nothing(&new.value),
    };
    let mut by_path: HashMap<JsonPath, Vec<Position>> = HashMap::new();
    let mut by_list: HashMap<JsonPath, Vec<Position>> = HashMap::new();
    for one in explained {
        if let Some(list) = list_of(&one.change.path) {
            by_list.entry(list).or_default().extend(&one.by);
        }
        by_path.insert(one.change.path, one.by);
    }
    let explain = |change: Change| {
        let own = by_path.get(&change.path).cloned();
        let around = || {
            let list = list_of(&change.path)?;
            by_list.get(&list).cloned()
        };
        let mut by = own.or_else(around).unwrap_or_default();
        by.sort_unstable();
        by.dedup();
        ExplainedChange {
            change,
            by,
            old_by: Vec::new(),
        }
    };
    changes.into_iter().map(explain).collect()
}

/// The outermost list that a path leads into.
fn list_of(path: &JsonPath) -> Option<JsonPath> {
    let at = path
        .0
        .iter()
        .position(|step| matches!(step, Step::Index(_)))?;
    Some(JsonPath(path.0[..at].to_vec()))
}
