//! Rules without code: how a state follows from events, in sentences of a TOML file.
//!
//! ```toml
//! [category.order]
//! start = '{"discounts": []}'
//! [category.order.on]
//! DiscountApplied = ['append data to discounts', 'subtract data.amount from balance']
//! ```
//!
//! A [`Sentence`] is read once; `follow` finds its value and `edit` changes the state so that a
//! failure halfway leaves nothing behind.
//! A category `"*"` holds for categories without rules of their own, a type `"*"` for types without.

mod edit;
mod file;
mod follow;
mod sentence;

use std::collections::BTreeMap;

use self::follow::Plan;
pub use self::sentence::{Sentence, Source, Verb, Word};
use super::reducer::{Applied, FoldEvent, Reducer};
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
        let categories = file::parse(name, text)?;
        let mut plans = categories.values().flat_map(|rules| rules.on.values());
        let wants = if plans.any(|plan| plan.wants() == Want::Presented) {
            Want::Presented
        } else {
            Want::Data
        };
        Ok(Self {
            name: name.to_owned(),
            categories,
            wants,
        })
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

    /// Sums, lists and merges build on what is there, and so does what only changes a part of it; not
    /// where the same event sets the value beforehand.
    fn builds_on(&self, category: &str, event_type: &str, path: &JsonPath) -> bool {
        self.plan(category, event_type)
            .is_some_and(|plan| plan.builds_on(path))
    }
}
