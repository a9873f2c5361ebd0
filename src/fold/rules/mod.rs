//! Rules without code: how a state follows from events, in sentences of a TOML file.
//!
//! ```toml
//! [category.order]
//! start = '{"discounts": []}'
//! [category.order.on]
//! DiscountApplied = ['append data to discounts', 'subtract data.amount from balance']
//! ```
//!
//! | sentence | what it does |
//! |---|---|
//! | `set PATH to EXPR` | puts a value where there was another one or none |
//! | `merge EXPR`, `merge EXPR into PATH` | puts each member of an object |
//! | `add EXPR to PATH`, `subtract EXPR from PATH` | an exact sum, from 0 where there is nothing |
//! | `append EXPR to PATH`, `remove EXPR from PATH` | one element more, or all equal ones less |
//! | `count EXPR into PATH` | how many elements or members there are |
//! | `delete PATH` | takes a field or an element out |
//! | `when EXPR > EXPR and EXPR exists then …` | one of these, where all conditions hold |
//!
//! PATH is a path into the state: `shipment.signedBy`, `lines[0]`, `lines[sku=data.sku].qty` for the
//! element whose `sku` has that value (made at the end where there is none, but not to be taken out),
//! `stock[data.sku]` for the member of that name. EXPR is `data`, `metadata` (or `meta`), `state` or a
//! path into one of these, one of `stream`, `type`, `version`, `time`, `position`, or JSON.
//! Conditions compare by `=`, `!=`, `<`, `<=`, `>`, `>=`: numbers by exact value, texts by characters;
//! or they ask whether a value `exists` or `is missing`. Nothing that is missing compares with anything.
//!
//! Old payloads are brought into today's shape before the sentences see them, by type and in the order
//! of the file: `below` keeps to schema versions below one, `type` names the type, `rename` moves
//! values unless there is one already, `default` fills in what is missing.
//!
//! ```toml
//! [[upcast.OrderPlaced]]
//! below = 2
//! rename = { customer = 'customer.name' }
//! default = { currency = '"EUR"' }
//! ```
//!
//! A [`Sentence`] is read once; `follow` finds its value and `edit` changes the state so that a
//! failure halfway leaves nothing behind.
//! A category `"*"` holds for categories without rules of their own, a type `"*"` for types without.

mod change;
mod condition;
mod edit;
mod file;
mod follow;
mod read;
mod sentence;
mod target;
mod upcast;

use std::collections::BTreeMap;

use self::follow::Plan;
pub use self::sentence::{Sentence, Source, Verb, Word};
use self::upcast::Shape;
use super::reducer::{Applied, FoldEvent, Reducer, Upcast, Written};
use crate::event::Want;
use crate::event::json::{Json, JsonPath, Object};

/// What holds where nothing of its own does.
const ANY: &str = "*";

/// Rules without code, compiled; printed they read back as the same rules.
///
/// An event is applied as a whole or not at all. A sentence whose source is missing does nothing; one
/// that finds no number, no array or no object where it needs one, or a sum of over 38 digits, keeps
/// the event from being applied. Numbers that are not computed stay as they are written.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    name: String,
    categories: BTreeMap<Box<str>, CategoryRules>,
    upcasts: BTreeMap<Box<str>, Vec<Shape>>,
    wants: Want,
}

/// The rules of one category.
#[derive(Clone, Debug, PartialEq)]
struct CategoryRules {
    start: Json,
    on: BTreeMap<Box<str>, Plan>,
}

/// What is wrong with a file of rules: one sentence, and the line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}, line {line}: {message}")]
pub struct RulesError {
    /// The file's name.
    pub name: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

impl Rules {
    /// Reads the text of a file of rules; `name` is the file's name.
    ///
    /// ```
    /// use annals::fold::Rules;
    /// let text = "[category.order.on]\nPaid = ['set status to paid']";
    /// let error = Rules::parse("shop.toml", text).unwrap_err();
    /// assert_eq!(error.line, 2);
    /// ```
    pub fn parse(name: &str, text: &str) -> Result<Self, RulesError> {
        let file::Tables {
            categories,
            upcasts,
        } = file::parse(name, text)?;
        let mut rules = Self::none(name);
        rules.categories = categories;
        rules.upcasts = upcasts;
        rules.wants = rules.found_wants();
        Ok(rules)
    }

    /// How much of each event they look at.
    fn found_wants(&self) -> Want {
        let mut plans = self.categories.values().flat_map(|rules| rules.on.values());
        let mut shapes = self.upcasts.values().flatten();
        if plans.any(|plan| plan.wants() == Want::Presented)
            || shapes.any(|shape| shape.below.is_some())
        {
            Want::Presented
        } else {
            Want::Data
        }
    }

    fn category(&self, name: &str) -> Option<&CategoryRules> {
        let own = self.categories.get(name);
        own.or_else(|| self.categories.get(ANY))
    }

    fn plan(&self, category: &str, event_type: &str) -> Option<&Plan> {
        let on = &self.category(category)?.on;
        on.get(event_type).or_else(|| on.get(ANY))
    }
}

impl Reducer for Rules {
    fn name(&self) -> &str {
        &self.name
    }

    fn is_application_state(&self) -> bool {
        true
    }

    fn wants(&self) -> Want {
        self.wants
    }

    fn upcast(&self, event: &FoldEvent<'_>) -> Result<Option<Upcast>, Applied> {
        match self.upcasts.get(event.event_type) {
            Some(shapes) => upcast::upcast(shapes, event).map_err(Applied::NotApplied),
            None => Ok(None),
        }
    }

    fn start(&self, category: &str) -> Json {
        self.category(category).map_or_else(
            || Json::Object(Object::default()),
            |rules| rules.start.clone(),
        )
    }

    fn apply(&self, state: &mut Json, event: &FoldEvent<'_>) -> Applied {
        self.plan(event.category, event.event_type)
            .map_or(Applied::NoRule, |plan| plan.follow(state, event))
    }

    fn applies_alone(&self) -> bool {
        true
    }

    fn written(&self) -> Option<Written> {
        Some(Written::Rules(self.to_string()))
    }

    /// Sums, lists and merges build on what is there, and so does what only changes a part of it; not
    /// where the same event sets the value beforehand.
    fn builds_on(&self, category: &str, event_type: &str, path: &JsonPath) -> bool {
        self.plan(category, event_type)
            .is_some_and(|plan| plan.builds_on(path))
    }
}
