//! A file of rules: TOML to plans, with the line of whatever is wrong; and back to TOML.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::follow::Plan;
use super::sentence::Sentence;
use super::target::MAX_STEPS;
use super::upcast::Shape;
use super::{CategoryRules, Rules, RulesError};
use crate::event::json::{self, Json, JsonPath, Object, quote};

/// What is wrong, and where in the text.
struct Fault(Range<usize>, String);

type Result<T> = std::result::Result<T, Fault>;

/// What a file of rules holds.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) categories: BTreeMap<Box<str>, CategoryRules>,
    pub(super) upcasts: BTreeMap<Box<str>, Vec<Shape>>,
}

pub(super) fn parse(name: &str, text: &str) -> std::result::Result<Tables, RulesError> {
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

fn read(text: &str) -> Result<Tables> {
    let document = DeTable::parse(text).map_err(|error| {
        let message = format!("this is no TOML: {}", error.message().replace('\n', ", "));
        Fault(error.span().unwrap_or_default(), message)
    })?;
    let mut tables = Tables::default();
    for (key, value) in document.get_ref() {
        match key.get_ref().as_ref() {
            "category" => {
                for (name, rules) in table(value, "category")? {
                    let name = name.get_ref().as_ref().into();
                    tables.categories.insert(name, category(rules)?);
                }
            }
            "upcast" => {
                for (event_type, list) in table(value, "upcast")? {
                    let event_type = event_type.get_ref().as_ref().into();
                    tables.upcasts.insert(event_type, shapes(list)?);
                }
            }
            _ => {
                return unknown(
                    key,
                    "the only tables here are [category.NAME], [category.NAME.on] and [[upcast.TYPE]]",
                );
            }
        }
    }
    if tables.categories.is_empty() {
        let message = "there are no rules here: write [category.NAME.on] and a list of sentences for each event type";
        return Err(Fault(0..0, message.to_owned()));
    }
    Ok(tables)
}

fn shapes(list: &Spanned<DeValue<'_>>) -> Result<Vec<Shape>> {
    let Some(list) = list.get_ref().as_array() else {
        let message = "write [[upcast.TYPE]] with two brackets: there may be several for a type";
        return Err(Fault(list.span(), message.to_owned()));
    };
    list.iter().map(shape).collect()
}

fn shape(value: &Spanned<DeValue<'_>>) -> Result<Shape> {
    let mut shape = Shape::default();
    for (key, value) in table(value, "an upcast")? {
        match key.get_ref().as_ref() {
            "below" => shape.below = Some(below(value)?),
            "type" => shape.event_type = Some(words(value, "type")?.into()),
            "rename" => {
                for (from, to) in table(value, "rename")? {
                    let to = path(words(to, "a path")?, to.span())?;
                    shape.renames.push((path(from.get_ref(), from.span())?, to));
                }
            }
            "default" => {
                for (at, value) in table(value, "default")? {
                    let text = words(value, "a default, which holds JSON,")?;
                    let value = json::parse(text.as_bytes()).map_err(|error| {
                        Fault(value.span(), format!("this is no JSON: {error}"))
                    })?;
                    shape.defaults.push((path(at.get_ref(), at.span())?, value));
                }
            }
            _ => return unknown(key, "an upcast has below, type, rename and default"),
        }
    }
    Ok(shape)
}

/// A schema version: a whole number, or a text.
fn below(value: &Spanned<DeValue<'_>>) -> Result<Box<str>> {
    match value.get_ref() {
        DeValue::Integer(number) => Ok(number.to_string().into()),
        _ => words(value, "below, a number or else").map(Into::into),
    }
}

fn words<'a>(value: &'a Spanned<DeValue<'_>>, name: &str) -> Result<&'a str> {
    let text = value.get_ref().as_str();
    text.ok_or_else(|| Fault(value.span(), format!("{name} is a text")))
}

fn path(text: &str, at: Range<usize>) -> Result<JsonPath> {
    let path = JsonPath::parse(text).filter(|path| !path.0.is_empty() && path.0.len() <= MAX_STEPS);
    path.ok_or_else(|| {
        Fault(
            at,
            format!("\"{text}\" is no path: write names with dots between"),
        )
    })
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
        for (event_type, shapes) in &self.upcasts {
            for shape in shapes {
                writeln!(f, "\n[[upcast.{}]]\n{shape}", key(event_type))?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(below) = &self.below {
            writeln!(f, "below = {}", string(below))?;
        }
        if let Some(event_type) = &self.event_type {
            writeln!(f, "type = {}", string(event_type))?;
        }
        let list = |members: Vec<(String, String)>| {
            let members = members
                .iter()
                .map(|(at, value)| format!("{} = {}", key(at), string(value)));
            members.collect::<Vec<_>>().join(", ")
        };
        let renames = self
            .renames
            .iter()
            .map(|(from, to)| (from.to_string(), to.to_string()));
        let defaults = self
            .defaults
            .iter()
            .map(|(at, value)| (at.to_string(), value.to_string()));
        if !self.renames.is_empty() {
            writeln!(f, "rename = {{ {} }}", list(renames.collect()))?;
        }
        if !self.defaults.is_empty() {
            writeln!(f, "default = {{ {} }}", list(defaults.collect()))?;
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
