//! Where a record holds the seal of its event: hash, predecessor, signature and what they cover.

use serde::Deserialize;

use super::bound::Bound;
use super::cell::Cell;
use super::field::{Field, Piece};
use super::format::Fields;
use crate::event::{Seal, SealRule};

/// Where each part of a seal is read. Its fields are single places in columns that roles read too.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealPlan {
    /// By which rule the store seals.
    pub rule: SealRule,
    /// The event's own hash.
    pub hash: Field,
    /// The hash of the event before it.
    pub previous: Field,
    /// The signature: the first place that holds one.
    pub signature: Fields,
    /// What the hash covers before the payload, in the order of the rule.
    pub covers: Vec<Field>,
}

impl SealPlan {
    /// The seal that a record's columns give.
    pub(super) fn seal<'a>(&self, bound: &Bound, get: &impl Fn(usize) -> Cell<'a>) -> Seal {
        let text = |field: &Field| text_at(field, bound, get);
        Seal {
            rule: self.rule,
            hash: text(&self.hash),
            previous: text(&self.previous),
            signature: self.signature.0.iter().find_map(text),
            covered: self.covers.iter().map(text).collect(),
        }
    }
}

/// The text at a single place; `None` where the record has none there.
fn text_at<'a>(field: &Field, bound: &Bound, get: &impl Fn(usize) -> Cell<'a>) -> Option<String> {
    let [Piece::Column { column, path, .. }] = field.pieces.as_slice() else {
        return None;
    };
    let at = bound.columns.iter().position(|name| name == column)?;
    get(at).at(path).text()
}
