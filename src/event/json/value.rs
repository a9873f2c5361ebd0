//! The JSON tree: [`Json`] and its [`Object`], which keeps order and duplicates.

use std::collections::HashMap;
use std::fmt;

use crate::event::Decimal;

/// A JSON value; numbers keep the digits with which they were written.
#[derive(Clone, Debug, Default)]
pub enum Json {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as written.
    Number(Box<str>),
    /// A text, without escapes.
    Text(Box<str>),
    /// An array.
    Array(Vec<Self>),
    /// An object.
    Object(Object),
}

impl Json {
    /// The object, where it is one.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The text, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The exact value of a number, or of a text that holds one.
    pub fn as_decimal(&self) -> Option<Decimal> {
        match self {
            Self::Number(text) | Self::Text(text) => Decimal::parse(text),
            _ => None,
        }
    }

    /// Whether it is a scalar or an empty container: what a path to a leaf ends in.
    pub fn is_leaf(&self) -> bool {
        match self {
            Self::Array(elements) => elements.is_empty(),
            Self::Object(object) => object.is_empty(),
            _ => true,
        }
    }

    fn number_eq(a: &str, b: &str) -> bool {
        // Beyond what a decimal holds, only the same digits are equal.
        a == b || matches!((Decimal::parse(a), Decimal::parse(b)), (Some(a), Some(b)) if a == b)
    }
}

/// Equal in meaning: numbers by value (`1.10` is `1.1`), members in any order.
impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => Self::number_eq(a, b),
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Array(a), Self::Array(b)) => a == b,
            (Self::Object(a), Self::Object(b)) => a == b,
            _ => false,
        }
    }
}

/// From how many members on an object finds its keys by hash.
const INDEXED_FROM: usize = 24;

/// The members of an object in the order in which they were written.
///
/// [`Object::push`] keeps duplicates, as a payload may have them; [`Object::insert`] replaces, as a
/// state needs it. [`Object::get`] answers with the last of duplicates. Finding a key costs a scan
/// of a few members, or one hash from two dozen members on.
#[derive(Clone, Debug, Default)]
pub struct Object {
    members: Vec<(Box<str>, Json)>,
    /// Key to the last member of that name; `None` while the object is small.
    index: Option<HashMap<Box<str>, usize>>,
}

impl Object {
    /// Adds a member at the end, a duplicate key included.
    pub fn push(&mut self, key: Box<str>, value: Json) {
        if let Some(index) = &mut self.index {
            index.insert(key.clone(), self.members.len());
        }
        self.members.push((key, value));
        if self.index.is_none() && self.members.len() > INDEXED_FROM {
            self.reindex();
        }
    }

    /// Sets a member in its place, or adds it at the end.
    pub fn insert(&mut self, key: &str, value: Json) {
        match self.find(key) {
            Some(at) => self.members[at].1 = value,
            None => self.push(key.into(), value),
        }
    }

    /// Puts a member back in at an index, before the one that stands there.
    pub fn insert_at(&mut self, index: usize, key: Box<str>, value: Json) {
        self.members
            .insert(index.min(self.members.len()), (key, value));
        if self.index.is_some() {
            self.reindex();
        }
    }

    /// Where the member of that name stands; the last one where there are several.
    pub fn index_of(&self, key: &str) -> Option<usize> {
        self.find(key)
    }

    /// Takes all members of that name out; the order of the others stays.
    pub fn remove(&mut self, key: &str) -> Option<Json> {
        let at = self.find(key)?;
        let (_, value) = self.members.remove(at);
        self.members.retain(|(name, _)| **name != *key);
        if self.index.is_some() {
            self.reindex();
        }
        Some(value)
    }

    fn reindex(&mut self) {
        let keys = self.members.iter().enumerate();
        self.index = Some(keys.map(|(at, (key, _))| (key.clone(), at)).collect());
    }

    fn find(&self, key: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(key).copied(),
            None => self.members.iter().rposition(|(name, _)| **name == *key),
        }
    }

    /// The value of a key; the last one where it stands more than once.
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.find(key).map(|at| &self.members[at].1)
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Json> {
        self.find(key).map(|at| &mut self.members[at].1)
    }

    /// All members in order, duplicates included.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Json)> {
        self.members.iter().map(|(key, value)| (&**key, value))
    }

    /// How many members there are, duplicates included.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

impl IntoIterator for Object {
    type Item = (Box<str>, Json);
    type IntoIter = std::vec::IntoIter<(Box<str>, Json)>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

/// Equal in meaning: the same keys with equal values, the last of duplicates counting.
impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        let within = |a: &Self, b: &Self| a.iter().all(|(key, _)| b.get(key) == a.get(key));
        within(self, other)
            && (self.len() == other.len() && !self.has_duplicates() || within(other, self))
    }
}

impl Object {
    /// Whether a key stands more than once.
    pub fn has_duplicates(&self) -> bool {
        self.iter()
            .enumerate()
            .any(|(at, (key, _))| self.find(key) != Some(at))
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        super::write::write(self, &mut text);
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_keeps_order_and_finds_its_keys_small_or_large() {
        let mut object = Object::default();
        for n in 0..100 {
            object.insert(&format!("k{n}"), Json::Number(n.to_string().into()));
        }
        object.insert("k7", Json::Null);
        assert!(object.remove("k3").is_some() && object.get("k3").is_none());
        assert_eq!(object.get("k99"), Some(&Json::Number("99".into())));
        assert_eq!(object.get("k7"), Some(&Json::Null));
        let keys: Vec<&str> = object.iter().map(|(key, _)| key).take(4).collect();
        assert_eq!(keys, ["k0", "k1", "k2", "k4"]);
    }

    #[test]
    fn values_are_equal_by_meaning() {
        let read = |text: &str| crate::event::json::parse(text.as_bytes()).unwrap();
        assert_eq!(read(r#"{"a":1.10,"b":[]}"#), read(r#"{"b":[],"a":1.1}"#));
        assert_eq!(read(r#"{"a":1,"a":2}"#), read(r#"{"a":2}"#));
        assert_ne!(read("9007199254740993"), read("9007199254740992"));
        assert_ne!(read("1"), read("\"1\""));
    }
}
