//! A file of rules: TOML to plans, with the line of whatever is wrong; and back to TOML.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::follow::Plan;
use super::sentence::Sentence;
use super::{CategoryRules, Rules, RulesError};
use crate::event::json::{self, Json, Object, quote};

/// What is wrong, and where in the text.
struct Fault(Range<usize>, String);

type Result<T> = std::result::Result<T, Fault>;

pub(super) fn parse(
    name: &str,
    text: &str,
) -> std::result::Result<BTreeMap<Box<str>, CategoryRules>, RulesError> {
    read(text).map_err(|Fault(span, message)| RulesError {
        name: name.to_owned(),
        line: 1 + text
            .bytes()
            .take(span.start)
            .filter(|byte| *byte == b'\n')
            .count(),
        message,
    })
}

fn read(text: &str) -> Result<BTreeMap<Box<str>, CategoryRules>> {
    let document = DeTable::parse(text).map_err(|error| {
        let message = format!("this is no TOML: {}", error.message().replace('\n', ", "));
        Fault(error.span().unwrap_or_default(), message)
    })?;
    let mut categories = BTreeMap::new();
    for (key, value) in document.get_ref() {
        if key.get_ref() != "category" {
            return unknown(
                key,
                "the only tables here are [category.NAME] and [category.NAME.on]",
            );
        }
        for (name, rules) in table(value, "category")? {
            categories.insert(name.get_ref().as_ref().into(), category(rules)?);
        }
    }
    if categories.is_empty() {
        let message = "there are no rules here: write [category.NAME.on] and a list of sentences for each event type";
        return Err(Fault(0..0, message.to_owned()));
    }
    Ok(categories)
}

fn category(rules: &Spanned<DeValue<'_>>) -> Result<CategoryRules> {
    let mut category = CategoryRules {
        start: Json::Object(Object::default()),
        on: BTreeMap::new(),
    };
    for (key, value) in table(rules, "a category")? {
        match key.get_ref().as_ref() {
            "start" => category.start = start(value)?,
            "on" => {
                for (event_type, list) in table(value, "on")? {
                    let plan = Plan::new(sentences(list)?);
                    category
                        .on
                        .insert(event_type.get_ref().as_ref().into(), plan);
                }
            }
            _ => return unknown(key, "a category has start and on"),
        }
    }
    Ok(category)
}

fn start(value: &Spanned<DeValue<'_>>) -> Result<Json> {
    let wrong = |message: String| Err(Fault(value.span(), message));
    let Some(text) = value.get_ref().as_str() else {
        return wrong(
            "start is a text that holds a JSON object, such as '{\"total\": 0}'".to_owned(),
        );
    };
    match json::parse(text.as_bytes()) {
        Ok(start @ Json::Object(_)) => Ok(start),
        Ok(_) => wrong("start holds JSON, but no object".to_owned()),
        Err(error) => wrong(format!("start holds no JSON: {error}")),
    }
}

fn sentences(list: &Spanned<DeValue<'_>>) -> Result<Vec<Sentence>> {
    let Some(elements) = list.get_ref().as_array() else {
        let message = "an event type has a list of sentences, such as ['merge data']";
        return Err(Fault(list.span(), message.to_owned()));
    };
    let sentence = |element: &Spanned<DeValue<'_>>| {
        let text = element.get_ref().as_str();
        let parsed = text.map_or_else(|| Err("a sentence is a text".to_owned()), Sentence::parse);
        parsed.map_err(|message| Fault(element.span(), message))
    };
    elements.iter().map(sentence).collect()
}

fn table<'a, 'i>(value: &'a Spanned<DeValue<'i>>, name: &str) -> Result<&'a DeTable<'i>> {
    value
        .get_ref()
        .as_table()
        .ok_or_else(|| Fault(value.span(), format!("{name} is a table")))
}

fn unknown<T>(key: &Spanned<toml::de::DeString<'_>>, known: &str) -> Result<T> {
    let message = format!("\"{}\" is not known: {known}", key.get_ref());
    Err(Fault(key.span(), message))
}

/// The rules as TOML, sorted; reads back as the same rules.
impl fmt::Display for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (name, category)) in self.categories.iter().enumerate() {
            let gap = if n > 0 { "\n" } else { "" };
            let name = key(name);
            writeln!(f, "{gap}[category.{name}]")?;
            writeln!(f, "start = {}", string(&category.start.to_string()))?;
            writeln!(f, "\n[category.{name}.on]")?;
            for (event_type, plan) in &category.on {
                writeln!(f, "{} = [", key(event_type))?;
                for sentence in &plan.sentences {
                    writeln!(f, "  {},", string(&sentence.to_string()))?;
                }
                writeln!(f, "]")?;
            }
        }
        Ok(())
    }
}

fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !name.is_empty() && name.chars().all(is_bare) {
        return name.to_owned();
    }
    string(name)
}

/// A text as TOML: literal where it can be, else with the escapes that TOML shares with JSON.
fn string(text: &str) -> String {
    if !text.contains(|c: char| c == '\'' || c.is_control()) {
        return format!("'{text}'");
    }
    let mut quoted = String::new();
    quote(text, &mut quoted);
    quoted.replace('\u{7f}', "\\u007f")
}
