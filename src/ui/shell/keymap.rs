//! The keys in force: those of the table of actions, with the user's own in their place.

use std::collections::BTreeMap;

use super::keys::{Chord, chord};
use crate::workbench::{ACTIONS, Action, ActionRow};

/// So many keys an action can have.
pub const MAX_KEYS: usize = 4;

/// Which keys lead to which action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keymap {
    /// By the name of the action, where they are not those of the table.
    own: BTreeMap<&'static str, Vec<String>>,
}

impl Keymap {
    /// The keys of the table.
    pub const TABLE: Self = Self {
        own: BTreeMap::new(),
    };

    /// The keys with the user's own, by the names of actions. What no program of this version can
    /// read, and keys that another action has already, are left out.
    pub fn of(own: &BTreeMap<String, Vec<String>>) -> Self {
        let mut map = Self::default();
        for row in ACTIONS {
            let Some(keys) = own.get(row.name) else {
                continue;
            };
            let readable = keys.iter().filter(|key| chord(key).is_some());
            map.own
                .insert(row.name, readable.take(MAX_KEYS).cloned().collect());
        }
        map
    }

    /// The user's own keys, to be kept.
    pub fn own(&self) -> BTreeMap<String, Vec<String>> {
        let own = self.own.iter();
        own.map(|(name, keys)| ((*name).to_owned(), keys.clone()))
            .collect()
    }

    /// The keys of an action, the first of them shown.
    pub fn keys<'a>(&'a self, row: &'a ActionRow) -> Vec<&'a str> {
        match self.own.get(row.name) {
            Some(own) => own.iter().map(String::as_str).collect(),
            None => row.keys.to_vec(),
        }
    }

    /// Whether an action has keys of the user's own.
    pub fn is_own(&self, row: &ActionRow) -> bool {
        self.own.contains_key(row.name)
    }

    /// The key of an action as it is shown; empty where it has none.
    pub fn key_of(&self, action: &Action) -> &str {
        let row = crate::workbench::row_of(action);
        let key = row.and_then(|row| self.keys(row).first().copied());
        key.unwrap_or("")
    }

    /// The action of a key.
    pub(super) fn action(&self, pressed: &Chord) -> Option<&'static ActionRow> {
        let is_it = |key: &str| chord(key).as_ref() == Some(pressed);
        // The user's own first: where a key was taken from another action, it is theirs.
        let own = ACTIONS.iter().filter(|row| self.is_own(row));
        let others = ACTIONS.iter().filter(|row| !self.is_own(row));
        own.chain(others)
            .find(|row| self.keys(row).iter().any(|key| is_it(key)))
    }

    /// The action that has a key already, other than this one.
    pub fn taken_by(&self, key: &str, other_than: &ActionRow) -> Option<&'static ActionRow> {
        let wanted = chord(key)?;
        let found = self.action(&wanted)?;
        (found.name != other_than.name).then_some(found)
    }

    /// Gives an action one key, in the place of those it has, and takes it from all others.
    pub fn set(&mut self, row: &'static ActionRow, key: &str) {
        while let Some(other) = self.taken_by(key, row) {
            let wanted = chord(key);
            let rest = self.keys(other).into_iter();
            let rest = rest.filter(|known| chord(known) != wanted);
            let rest: Vec<String> = rest.map(str::to_owned).collect();
            self.own.insert(other.name, rest);
        }
        self.own.insert(row.name, vec![key.to_owned()]);
    }

    /// Gives an action the keys of the table again.
    pub fn reset(&mut self, row: &ActionRow) {
        self.own.remove(row.name);
    }

    /// Gives all actions the keys of the table again.
    pub fn reset_all(&mut self) {
        self.own.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::row_of;

    #[test]
    fn a_key_that_is_taken_leaves_the_other_action_and_comes_back() {
        let (undo, fit) = (
            row_of(&Action::Undo).unwrap(),
            row_of(&Action::Fit).unwrap(),
        );
        let mut map = Keymap::default();
        assert_eq!(map.key_of(&Action::Fit), "F");
        assert_eq!(map.taken_by("Ctrl+Z", fit).unwrap().name, undo.name);
        map.set(fit, "Ctrl+Z");
        assert_eq!(map.keys(undo), [] as [&str; 0]);
        assert_eq!(map.keys(fit), ["Ctrl+Z"]);
        let pressed = chord("Ctrl+Z").unwrap();
        assert_eq!(map.action(&pressed).unwrap().name, fit.name);
        assert_eq!(Keymap::of(&map.own()), map);
        map.reset(fit);
        map.reset(undo);
        assert_eq!(map, Keymap::default());
    }

    #[test]
    fn keys_that_cannot_be_read_are_left_out() {
        let own = [
            ("Fit", vec!["Hyper+F".to_owned(), "Ctrl+9".to_owned()]),
            ("No such action", vec!["Q".to_owned()]),
        ];
        let own = own.map(|(name, keys)| (name.to_owned(), keys));
        let map = Keymap::of(&BTreeMap::from(own));
        assert_eq!(map.key_of(&Action::Fit), "Ctrl+9");
        assert_eq!(map.own().len(), 1);
    }
}
