//! A JSON value as the rows of a tree: what is folded is not walked, so that size does not matter.

use std::collections::BTreeMap;

use crate::event::json::{Json, JsonPath, Step, quote};
use crate::ui::theme::format;
use crate::ui::widgets::json_tree::{TreeRow, ValueKind};

/// A container with more members than this starts folded.
const MANY: usize = 24;
/// No tree shows more rows: beyond that, fold something.
const MOST_ROWS: usize = 100_000;
/// The most bytes of a text that a row holds.
const MOST_TEXT: usize = 4_096;

/// Which containers a person folded or unfolded, against how they start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Folds(BTreeMap<JsonPath, bool>);

impl Folds {
    /// Whether the container at `path` is folded.
    pub(super) fn is_folded(&self, path: &JsonPath, value: &Json) -> bool {
        self.0
            .get(path)
            .copied()
            .unwrap_or_else(|| n_members(value) > MANY || path.0.len() > 6)
    }

    /// What a person chose for the container at `path`.
    pub(super) fn set_by_hand(&self, path: &JsonPath) -> Option<bool> {
        self.0.get(path).copied()
    }

    /// Folds or unfolds.
    pub(super) fn set(&mut self, path: JsonPath, is_folded: bool) {
        self.0.insert(path, is_folded);
    }
}

/// The rows of a tree, each with its path.
#[derive(Clone, Debug, Default)]
pub(super) struct Flat {
    /// What is shown.
    pub(super) rows: Vec<TreeRow>,
    /// Where each row stands; by index as `rows`.
    pub(super) paths: Vec<JsonPath>,
}

impl Flat {
    /// Adds a row; `false` when there is no room for more.
    pub(super) fn push(&mut self, row: TreeRow, path: JsonPath) -> bool {
        self.rows.push(row);
        self.paths.push(path);
        self.rows.len() < MOST_ROWS
    }

    /// A document: all members of `value`, unfolded as `folds` says.
    pub(super) fn document(value: &Json, folds: &Folds) -> Self {
        let mut flat = Self::default();
        if n_members(value) == 0 {
            flat.push(row(0, String::new(), value, None), JsonPath::default());
        }
        flat.add_members(value, &JsonPath::default(), 0, folds);
        flat
    }

    fn add_members(&mut self, value: &Json, path: &JsonPath, depth: u16, folds: &Folds) -> bool {
        for (step, member) in members(value) {
            let path = path.child(step.clone());
            let folded = (!member.is_leaf()).then(|| folds.is_folded(&path, member));
            if !self.push(row(depth, key_of(&step), member, folded), path.clone()) {
                return false;
            }
            if folded == Some(false) && !self.add_members(member, &path, depth + 1, folds) {
                return false;
            }
        }
        true
    }
}

/// A row without sign.
pub(super) fn row(depth: u16, key: String, value: &Json, folded: Option<bool>) -> TreeRow {
    TreeRow {
        depth,
        key,
        value: shown(value),
        kind: kind(value),
        folded,
        ..TreeRow::default()
    }
}

/// The members of an object or the elements of an array, duplicates included.
pub(super) fn members(value: &Json) -> Vec<(Step, &Json)> {
    match value {
        Json::Object(object) => object
            .iter()
            .map(|(key, value)| (Step::Key(key.into()), value))
            .collect(),
        Json::Array(elements) => elements
            .iter()
            .enumerate()
            .map(|(nr, value)| (Step::Index(nr), value))
            .collect(),
        _ => Vec::new(),
    }
}

/// How many members or elements a value has.
pub(super) fn n_members(value: &Json) -> usize {
    match value {
        Json::Object(object) => object.len(),
        Json::Array(elements) => elements.len(),
        _ => 0,
    }
}

/// The last step of a path as a row's key.
pub(super) fn key_of(step: &Step) -> String {
    match step {
        Step::Key(key) => key.to_string(),
        Step::Index(nr) => nr.to_string(),
    }
}

/// A value on one line: numbers as written, texts in quotes, containers by their size.
pub(super) fn shown(value: &Json) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::Bool(yes) => yes.to_string(),
        Json::Number(digits) => format::amount(digits).into_owned(),
        Json::Text(text) => {
            let cut = text.floor_char_boundary(MOST_TEXT);
            let mut quoted = String::with_capacity(cut + 2);
            quote(&text[..cut], &mut quoted);
            quoted
        }
        Json::Array(elements) => sized('[', elements.len(), ']'),
        Json::Object(object) => sized('{', object.len(), '}'),
    }
}

/// A container by its size: `[ 2 ]`.
pub(super) fn sized(open: char, n: usize, close: char) -> String {
    if n == 0 {
        format!("{open} {close}")
    } else {
        format!("{open} {n} {close}")
    }
}

/// What decides the color of a value; what is below zero stands out as what is broken does.
pub(super) fn kind(value: &Json) -> ValueKind {
    match value {
        Json::Null => ValueKind::Null,
        Json::Bool(_) => ValueKind::Bool,
        Json::Number(digits) if is_negative(digits) => ValueKind::Broken,
        Json::Number(_) => ValueKind::Number,
        Json::Text(_) => ValueKind::Text,
        Json::Array(_) | Json::Object(_) => ValueKind::Container,
    }
}

fn is_negative(digits: &str) -> bool {
    digits.starts_with('-') && digits.bytes().any(|digit| matches!(digit, b'1'..=b'9'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::json::parse;

    fn lines(text: &str) -> Vec<String> {
        let flat = Flat::document(&parse(text.as_bytes()).unwrap(), &Folds::default());
        flat.rows
            .iter()
            .map(|row| format!("{}{} {}", "  ".repeat(row.depth.into()), row.key, row.value))
            .collect()
    }

    #[test]
    fn numbers_stay_as_written_and_duplicate_keys_are_both_shown() {
        assert_eq!(
            lines(r#"{"a":1.50,"a":-2e3,"list":[true,null],"none":{}}"#),
            [
                "a 1.50",
                "a \u{2212}2e3",
                "list [ 2 ]",
                "  0 true",
                "  1 null",
                "none { }"
            ]
        );
    }

    #[test]
    fn a_value_that_holds_nothing_is_one_row() {
        assert_eq!(lines("[]"), [" [ ]"]);
        assert_eq!(lines("\"x\""), [" \"x\""]);
    }

    #[test]
    fn a_long_list_starts_folded() {
        let list: Vec<String> = (0..100).map(|nr| nr.to_string()).collect();
        assert_eq!(
            lines(&format!("{{\"list\":[{}]}}", list.join(","))),
            ["list [ 100 ]"]
        );
    }
}
