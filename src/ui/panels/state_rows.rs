//! A state and what its last event changed, as the rows of a tree.

use std::collections::BTreeMap;

use super::json_rows::{Flat, Folds, key_of, members, n_members, row, shown, sized};
use super::shared::spoken;
use crate::event::json::{Json, JsonPath, Step};
use crate::fold::{Change, ChangeKind, Unknown};
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
    if let Some(reason) = &row.unknown {
        return format!("{}, unknown: {reason}", row.key);
    }
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

/// What the rows of a state are made of.
pub(super) struct Ask<'a> {
    /// The state.
    pub(super) state: &'a Json,
    /// What the comparison tells apart.
    pub(super) changes: &'a [Change],
    /// What is unfolded.
    pub(super) folds: &'a Folds,
    /// Whether only rows with a change are wanted.
    pub(super) changed_only: bool,
    /// The fields that run as lanes.
    pub(super) pinned: &'a [JsonPath],
    /// What is not known.
    pub(super) unknown: &'a [Unknown],
}

/// The rows of a state. What changed is unfolded, and counts as changed all the way up.
pub(super) fn rows(ask: &Ask<'_>) -> Flat {
    let mut tree = Tree {
        by_path: BTreeMap::new(),
        inside: BTreeMap::new(),
        removed: BTreeMap::new(),
        ask,
    };
    for change in ask.changes {
        tree.note(change);
    }
    let mut flat = Flat::default();
    tree.add(&mut flat, ask.state, &JsonPath::default(), 0, Sign::None);
    for unknown in ask.unknown {
        tree.add_absent(&mut flat, unknown);
    }
    flat
}

struct Tree<'a> {
    by_path: BTreeMap<&'a JsonPath, &'a Change>,
    /// For each container with a change somewhere inside, by how many members it grew.
    inside: BTreeMap<JsonPath, i64>,
    /// What was taken out of each container.
    removed: BTreeMap<JsonPath, Vec<(Step, &'a Json)>>,
    ask: &'a Ask<'a>,
}

impl<'a> Tree<'a> {
    fn note(&mut self, change: &'a Change) {
        if change.kind != ChangeKind::Removed {
            // What went from a list may have stood where another element stands now.
            self.by_path.insert(&change.path, change);
        }
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

    /// A field that may be there and is not known to be.
    fn add_absent(&self, flat: &mut Flat, unknown: &Unknown) {
        if unknown.path.0.len() != 1 || unknown.path.get(self.ask.state).is_some() {
            return;
        }
        let absent = TreeRow {
            key: unknown.path.0.last().map(key_of).unwrap_or_default(),
            unknown: Some(unknown.reason.clone()),
            ..TreeRow::default()
        };
        flat.push(absent, unknown.path.clone());
    }

    /// Why the value at a path is not known.
    fn why_unknown(&self, path: &JsonPath) -> Option<String> {
        if self.ask.unknown.is_empty() {
            return None;
        }
        // Places of a list are numbers here and names there.
        let names = |path: &JsonPath| path.0.iter().map(key_of).collect::<Vec<_>>();
        let own = names(path);
        let is_within = |unknown: &&Unknown| own.starts_with(&names(&unknown.path));
        let found = self.ask.unknown.iter().find(is_within);
        found.map(|unknown| unknown.reason.clone())
    }

    fn add(
        &self,
        flat: &mut Flat,
        value: &Json,
        path: &JsonPath,
        depth: u16,
        around: Sign,
    ) -> bool {
        let gone = self.removed.get(path);
        let mut gone = gone.map_or(&[][..], Vec::as_slice);
        for (step, member) in members(value) {
            // What went from a list stands where it stood.
            while let (Step::Index(at), Some(((Step::Index(was), old), rest))) =
                (&step, gone.split_first())
                && was <= at
            {
                if !add_removed(flat, (&Step::Index(*was), old), path, depth) {
                    return false;
                }
                gone = rest;
            }
            let path = path.child(step.clone());
            if !self.add_member(flat, (key_of(&step), member), &path, depth, around) {
                return false;
            }
        }
        gone.iter()
            .all(|(step, old)| add_removed(flat, (step, old), path, depth))
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
        if self.ask.changed_only && sign == Sign::None {
            return true;
        }
        let old = match (change, grew) {
            (Some(change), _) if sign == Sign::Changed => change.old.as_ref().map(shown),
            (None, Some(grew)) if *grew != 0 => size_before(value, *grew),
            _ => None,
        };
        let folds = self.ask.folds;
        let folded = (!value.is_leaf()).then(|| {
            let has_changes = grew.is_some() && n_members(value) <= 1_000;
            folds
                .set_by_hand(path)
                .unwrap_or_else(|| !has_changes && folds.is_folded(path, value))
        });
        let item = TreeRow {
            sign,
            old,
            pinned: self.ask.pinned.contains(path),
            unknown: self.why_unknown(path),
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

/// Adds a row of what was taken out.
fn add_removed(
    flat: &mut Flat,
    (step, old): (&Step, &Json),
    around: &JsonPath,
    depth: u16,
) -> bool {
    let path = around.child(step.clone());
    let removed = TreeRow {
        sign: Sign::Removed,
        ..row(depth, key_of(step), old, None)
    };
    flat.push(removed, path)
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
        let ask = Ask {
            state: &state,
            changes: &changes,
            folds: &Folds::default(),
            changed_only: false,
            pinned: &[],
            unknown: &[],
        };
        let flat = rows(&ask);
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
        let only = rows(&Ask {
            changed_only: true,
            ..ask
        });
        let keys: Vec<&str> = only.rows.iter().map(|row| row.key.as_str()).collect();
        assert_eq!(keys, ["discounts", "1", "code", "balance", "coupon"]);
    }

    #[test]
    fn what_went_from_a_list_stands_where_it_stood() {
        let state = parse(br#"{"lines":[{"sku":"A"},{"sku":"C"}]}"#).unwrap();
        let ask = Ask {
            state: &state,
            changes: &[change("lines[1]", Some(r#"{"sku":"B"}"#), None)],
            folds: &Folds::default(),
            changed_only: false,
            pinned: &[],
            unknown: &[],
        };
        let said: Vec<String> = rows(&ask).rows.iter().map(say).collect();
        assert_eq!(
            said,
            [
                "lines, changed from [ 3 ] to [ 2 ]",
                "0, { 1 }",
                "sku, \"A\"",
                "1, removed, it was { 1 }",
                "1, { 1 }",
                "sku, \"C\""
            ]
        );
    }
}
