//! A state and what its last event changed, as the rows of a tree.

use std::collections::BTreeMap;

use super::json_rows::{Flat, Folds, key_of, members, n_members, row, shown, sized};
use super::shared::spoken;
use crate::event::json::{Json, JsonPath, Step};
use crate::fold::{Change, ChangeKind};
use crate::ui::widgets::json_tree::TreeRow;
use crate::ui::widgets::tag::Sign;

/// How many changes of each kind there are: changed, added, removed.
pub(super) fn counts(changes: &[Change]) -> [u64; 3] {
    let mut counts = [0; 3];
    for change in changes {
        let nr = match change.kind {
            ChangeKind::Changed => 0,
            ChangeKind::Added => 1,
            ChangeKind::Removed => 2,
        };
        counts[nr] += 1;
    }
    counts
}

/// The sign of a kind of change.
pub(super) fn sign(kind: ChangeKind) -> Sign {
    match kind {
        ChangeKind::Added => Sign::Added,
        ChangeKind::Removed => Sign::Removed,
        ChangeKind::Changed => Sign::Changed,
    }
}

/// What a row says aloud: `balance, changed from 0.00 to minus 50.00`.
pub(super) fn say(row: &TreeRow) -> String {
    let value = spoken(&row.value);
    match (row.sign, &row.old) {
        (Sign::Changed, Some(old)) => {
            format!("{}, changed from {} to {value}", row.key, spoken(old))
        }
        (Sign::Changed, None) => format!("{}, changed inside, {value}", row.key),
        (Sign::Added, _) => format!("{}, added, {value}", row.key),
        (Sign::Removed, _) => format!("{}, removed, it was {value}", row.key),
        (Sign::None, _) => format!("{}, {value}", row.key),
    }
}

/// The rows of a state. What changed is unfolded, and counts as changed all the way up.
pub(super) fn rows(state: &Json, changes: &[Change], folds: &Folds) -> Flat {
    let mut tree = Tree {
        by_path: BTreeMap::new(),
        inside: BTreeMap::new(),
        removed: BTreeMap::new(),
        folds,
    };
    for change in changes {
        tree.note(change);
    }
    let mut flat = Flat::default();
    tree.add(&mut flat, state, &JsonPath::default(), 0, Sign::None);
    flat
}

struct Tree<'a> {
    by_path: BTreeMap<&'a JsonPath, &'a Change>,
    /// For each container with a change somewhere inside, by how many members it grew.
    inside: BTreeMap<JsonPath, i64>,
    /// What was taken out of each container.
    removed: BTreeMap<JsonPath, Vec<(Step, &'a Json)>>,
    folds: &'a Folds,
}

impl<'a> Tree<'a> {
    fn note(&mut self, change: &'a Change) {
        self.by_path.insert(&change.path, change);
        let steps = &change.path.0;
        for length in 0..steps.len() {
            self.inside
                .entry(JsonPath(steps[..length].to_vec()))
                .or_insert(0);
        }
        let Some((last, parent)) = steps.split_last() else {
            return;
        };
        let parent = JsonPath(parent.to_vec());
        let grew = match change.kind {
            ChangeKind::Added => 1,
            ChangeKind::Removed => -1,
            ChangeKind::Changed => 0,
        };
        *self.inside.entry(parent.clone()).or_insert(0) += grew;
        if let (ChangeKind::Removed, Some(old)) = (change.kind, &change.old) {
            self.removed
                .entry(parent)
                .or_default()
                .push((last.clone(), old));
        }
    }

    fn add(
        &self,
        flat: &mut Flat,
        value: &Json,
        path: &JsonPath,
        depth: u16,
        around: Sign,
    ) -> bool {
        for (step, member) in members(value) {
            let path = path.child(step.clone());
            if !self.add_member(flat, (key_of(&step), member), &path, depth, around) {
                return false;
            }
        }
        let gone = self
            .removed
            .get(path)
            .map(Vec::as_slice)
            .unwrap_or_default();
        for (step, old) in gone {
            let removed = TreeRow {
                sign: Sign::Removed,
                ..row(depth, key_of(step), old, None)
            };
            if !flat.push(removed, path.child(step.clone())) {
                return false;
            }
        }
        true
    }

    fn add_member(
        &self,
        flat: &mut Flat,
        (key, value): (String, &Json),
        path: &JsonPath,
        depth: u16,
        around: Sign,
    ) -> bool {
        let change = self.by_path.get(path);
        let grew = self.inside.get(path);
        let sign = match (change, grew) {
            _ if around != Sign::None => around,
            (Some(change), _) => sign(change.kind),
            (None, Some(_)) => Sign::Changed,
            (None, None) => Sign::None,
        };
        let old = match (change, grew) {
            (Some(change), _) if sign == Sign::Changed => change.old.as_ref().map(shown),
            (None, Some(grew)) if *grew != 0 => size_before(value, *grew),
            _ => None,
        };
        let folded = (!value.is_leaf()).then(|| {
            let has_changes = grew.is_some() && n_members(value) <= 1_000;
            self.folds
                .set_by_hand(path)
                .unwrap_or_else(|| !has_changes && self.folds.is_folded(path, value))
        });
        let item = TreeRow {
            sign,
            old,
            ..row(depth, key, value, folded)
        };
        if !flat.push(item, path.clone()) {
            return false;
        }
        let inside = if sign == Sign::Added {
            Sign::Added
        } else {
            Sign::None
        };
        folded != Some(false) || self.add(flat, value, path, depth + 1, inside)
    }
}

/// How large a container was before it grew.
fn size_before(value: &Json, grew: i64) -> Option<String> {
    let before = usize::try_from(i64::try_from(n_members(value)).ok()?.checked_sub(grew)?).ok()?;
    match value {
        Json::Array(_) => Some(sized('[', before, ']')),
        Json::Object(_) => Some(sized('{', before, '}')),
        _ => None,
    }
}

/// Whether a value can be plotted.
pub(super) fn is_number(value: &Json) -> bool {
    matches!(value, Json::Number(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::json::parse;

    fn change(path: &str, old: Option<&str>, new: Option<&str>) -> Change {
        let value = |text: &str| parse(text.as_bytes()).unwrap();
        let kind = match (old, new) {
            (None, _) => ChangeKind::Added,
            (_, None) => ChangeKind::Removed,
            _ => ChangeKind::Changed,
        };
        Change {
            path: JsonPath::parse(path).unwrap(),
            kind,
            old: old.map(value),
            new: new.map(value),
        }
    }

    #[test]
    fn changes_are_signed_and_containers_count_what_is_inside() {
        let state =
            parse(br#"{"id":"o-1","discounts":[{"code":"A"},{"code":"B"}],"balance":-50.00}"#)
                .unwrap();
        let changes = [
            change("discounts[1]", None, Some(r#"{"code":"B"}"#)),
            change("balance", Some("0.00"), Some("-50.00")),
            change("coupon", Some("\"B\""), None),
        ];
        let flat = rows(&state, &changes, &Folds::default());
        let said: Vec<String> = flat
            .rows
            .iter()
            .map(|row| format!("{}{}", " ".repeat(row.depth.into()), say(row)))
            .collect();
        assert_eq!(
            said,
            [
                "id, \"o-1\"",
                "discounts, changed from [ 1 ] to [ 2 ]",
                " 0, { 1 }",
                "  code, \"A\"",
                " 1, added, { 1 }",
                "  code, added, \"B\"",
                "balance, changed from 0.00 to minus 50.00",
                "coupon, removed, it was \"B\"",
            ]
        );
        assert_eq!(counts(&changes), [1, 1, 1]);
    }
}
