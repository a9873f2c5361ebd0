//! The scalars of a payload, each with the keys that lead to it.

use super::super::drift::{FieldKind, Visit, walk};
use crate::event::json::scan;

/// Where a scalar stands.
#[derive(Debug, Default)]
pub(super) struct Leaf {
    /// The key of each object that is open, as written; empty inside lists.
    keys: Vec<Box<[u8]>>,
}

impl Leaf {
    /// The innermost key, in lower case and without `_` and `-`.
    pub(super) fn name(&self) -> String {
        let key = self.keys.iter().rev().find(|key| !key.is_empty());
        let key = key.map_or(&[][..], |key| key);
        let text = String::from_utf8_lossy(key.get(..key.len().min(64)).unwrap_or(key));
        let plain = text.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
        plain.flat_map(char::to_lowercase).collect()
    }

    /// The path for people, such as `payment.iban`; what stands in lists has the path of the list.
    pub(super) fn path(&self) -> String {
        let keys = self.keys.iter().filter(|key| !key.is_empty());
        let keys = keys.map(|key| {
            scan::key_text(key).map_or_else(
                || String::from_utf8_lossy(key).into_owned(),
                |text| text.into_owned(),
            )
        });
        keys.collect::<Vec<String>>().join(".")
    }
}

struct Leaves<F> {
    leaf: Leaf,
    each: F,
}

impl<F: FnMut(&Leaf, FieldKind, &[u8])> Visit for Leaves<F> {
    fn key(&mut self, key: &[u8]) {
        if let Some(last) = self.leaf.keys.last_mut() {
            *last = key.into();
        }
    }

    fn value(&mut self, kind: FieldKind, text: &[u8]) {
        if !matches!(kind, FieldKind::Object | FieldKind::List) {
            (self.each)(&self.leaf, kind, text);
        }
    }

    fn enter(&mut self, _is_list: bool) {
        self.leaf.keys.push(Box::default());
    }

    fn leave(&mut self) {
        self.leaf.keys.pop();
    }
}

/// Hands over each scalar of a JSON text as it is written.
pub(super) fn each_leaf(text: &str, each: impl FnMut(&Leaf, FieldKind, &[u8])) {
    let leaf = Leaf::default();
    walk(text.as_bytes(), &mut Leaves { leaf, each });
}

/// What a JSON text says, without its quotes and escapes; a number as it is written.
pub(super) fn plain(written: &[u8]) -> Option<std::borrow::Cow<'_, str>> {
    if written.first() == Some(&b'"') {
        return scan::string_text(written);
    }
    std::str::from_utf8(written).ok().map(Into::into)
}
