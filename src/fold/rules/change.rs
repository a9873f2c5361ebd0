//! Rules that are being written: what they say of a category, and other sentences in their place.

use std::collections::BTreeMap;

use super::follow::Plan;
use super::{ANY, CategoryRules, Rules, Sentence};
use crate::event::Want;
use crate::event::json::{Json, Object};

impl Rules {
    /// The name that stands for all categories, or types, without rules of their own.
    pub const ANY: &str = ANY;

    /// Rules that say nothing yet; `name` is what they are called.
    pub fn none(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            categories: BTreeMap::new(),
            upcasts: BTreeMap::new(),
            wants: Want::Data,
        }
    }

    /// The types that have sentences in a category, by name, with these; those of `*` where it has no
    /// rules of its own. A type `*` stands for all others.
    pub fn sentences_of(&self, category: &str) -> Vec<(&str, &[Sentence])> {
        let rules = self.category(category);
        let on = rules.into_iter().flat_map(|rules| &rules.on);
        on.map(|(name, plan)| (&**name, plan.sentences.as_slice()))
            .collect()
    }

    /// The same, with these sentences for a type of a category; without any the type has no rule.
    ///
    /// A category that had no rules of its own begins with those of `*`.
    ///
    /// ```
    /// use annals::fold::{Rules, rules::Sentence};
    /// let sentence = Sentence::parse("merge data").unwrap();
    /// let rules = Rules::none("shop.toml").with("order", "Paid", vec![sentence]);
    /// assert_eq!(Rules::parse("shop.toml", &rules.to_string()).unwrap(), rules);
    /// ```
    #[must_use]
    pub fn with(mut self, category: &str, event_type: &str, sentences: Vec<Sentence>) -> Self {
        let begun = self.category(category).cloned();
        let rules = self.categories.entry(category.into()).or_insert_with(|| {
            begun.unwrap_or_else(|| CategoryRules {
                start: Json::Object(Object::default()),
                on: BTreeMap::new(),
            })
        });
        if sentences.is_empty() {
            rules.on.remove(event_type);
        } else {
            rules.on.insert(event_type.into(), Plan::new(sentences));
        }
        self.wants = self.found_wants();
        self
    }
}
