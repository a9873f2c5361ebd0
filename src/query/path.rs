//! A path with wildcards: into data, metadata, or a state.

use std::fmt;

use super::number::Number;
use crate::event::json::{Json, JsonPath, Step};

/// Into what a path leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// The event's data.
    Data,
    /// Its metadata.
    Meta,
    /// The state of its stream after it.
    State,
    /// The state of its stream before it.
    Prev,
}

impl Root {
    /// The words that are roots.
    pub const WORDS: [(&'static str, Self); 4] = [
        ("data", Self::Data),
        ("meta", Self::Meta),
        ("state", Self::State),
        ("prev", Self::Prev),
    ];
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// Into a member of an object; `length` also measures an array or a text.
    Name(String),
    /// Into an element of an array.
    Index(usize),
    /// Into each element of an array.
    Each,
}

/// A path to values; with `[*]` to several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Into what; `None` where it is a path of the state by itself, without the word before it.
    pub root: Option<Root>,
    /// The steps from there.
    pub steps: Vec<PathStep>,
}

/// What stands at a path.
#[derive(Clone, Debug)]
pub enum At<'a> {
    /// A value.
    Value(&'a Json),
    /// The length of an array or a text.
    Length(usize),
}

impl At<'_> {
    /// The value by itself.
    pub(super) fn to_json(&self) -> Json {
        match self {
            At::Value(value) => (*value).clone(),
            At::Length(length) => Json::Number(length.to_string().into()),
        }
    }

    /// The number, where it is one or a text that holds one.
    pub(super) fn number(&self) -> Option<Number> {
        match self {
            At::Value(Json::Number(text) | Json::Text(text)) => Number::parse(text),
            At::Value(_) => None,
            At::Length(length) => Number::parse(&length.to_string()),
        }
    }
}

impl Path {
    /// The path as far as it names one place: up to the first `[*]`, or the length of something.
    pub(super) fn leading(&self) -> JsonPath {
        let step = |step: &PathStep| match step {
            PathStep::Name(name) => Some(Step::Key(name.as_str().into())),
            // Leaves are told apart by keys alone, elements of arrays by their numbers.
            PathStep::Index(index) => Some(Step::Key(index.to_string().into())),
            PathStep::Each => None,
        };
        let mut steps: Vec<Step> = self.steps.iter().map_while(step).collect();
        if matches!(self.steps.last(), Some(PathStep::Name(name)) if name == "length") {
            steps.pop();
        }
        JsonPath(steps)
    }

    /// A path of a state, from one that was clicked.
    pub fn of_state(path: &JsonPath) -> Self {
        let steps = path.0.iter().map(|step| match step {
            Step::Key(name) => PathStep::Name(name.to_string()),
            Step::Index(index) => PathStep::Index(*index),
        });
        Self {
            root: None,
            steps: steps.collect(),
        }
    }

    /// The name of its first step, where it leads into an object.
    pub fn first_name(&self) -> Option<&str> {
        match self.steps.first()? {
            PathStep::Name(name) => Some(name),
            PathStep::Index(_) | PathStep::Each => None,
        }
    }

    /// Whether something that stands there satisfies `test`; ends with the first that does.
    pub fn any(&self, value: &Json, test: &mut dyn FnMut(At<'_>) -> bool) -> bool {
        any(&self.steps, value, test)
    }

    /// As [`Self::any`], inside what stands after the first `n` steps.
    pub(super) fn any_within(
        &self,
        n: usize,
        value: &Json,
        test: &mut dyn FnMut(At<'_>) -> bool,
    ) -> bool {
        any(self.steps.get(n..).unwrap_or_default(), value, test)
    }

    /// As [`Self::first`], inside what stands after the first `n` steps.
    pub(super) fn first_within<'a>(&self, n: usize, value: &'a Json) -> Option<At<'a>> {
        first(self.steps.get(n..).unwrap_or_default(), value)
    }

    /// The first thing that stands there.
    pub fn first<'a>(&self, value: &'a Json) -> Option<At<'a>> {
        first(&self.steps, value)
    }
}

fn any(steps: &[PathStep], value: &Json, test: &mut dyn FnMut(At<'_>) -> bool) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        return test(At::Value(value));
    };
    match (step, value) {
        (PathStep::Name(name), Json::Object(object)) => object
            .get(name)
            .is_some_and(|member| any(rest, member, test)),
        (PathStep::Name(name), other) if rest.is_empty() && name == "length" => {
            length(other).is_some_and(|length| test(At::Length(length)))
        }
        (PathStep::Index(index), Json::Array(elements)) => elements
            .get(*index)
            .is_some_and(|element| any(rest, element, test)),
        (PathStep::Each, Json::Array(elements)) => {
            elements.iter().any(|element| any(rest, element, test))
        }
        _ => false,
    }
}

fn first<'a>(steps: &[PathStep], value: &'a Json) -> Option<At<'a>> {
    let Some((step, rest)) = steps.split_first() else {
        return Some(At::Value(value));
    };
    match (step, value) {
        (PathStep::Name(name), Json::Object(object)) => first(rest, object.get(name)?),
        (PathStep::Name(name), other) if rest.is_empty() && name == "length" => {
            length(other).map(At::Length)
        }
        (PathStep::Index(index), Json::Array(elements)) => first(rest, elements.get(*index)?),
        (PathStep::Each, Json::Array(elements)) => {
            elements.iter().find_map(|element| first(rest, element))
        }
        _ => None,
    }
}

fn length(value: &Json) -> Option<usize> {
    match value {
        Json::Array(elements) => Some(elements.len()),
        Json::Text(text) => Some(text.chars().count()),
        _ => None,
    }
}

/// Whether a name can stand in a path without quotes.
pub(super) fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|c| {
            !c.is_whitespace()
                && !c.is_control()
                && !matches!(
                    c,
                    '.' | '['
                        | ']'
                        | '"'
                        | '\\'
                        | '('
                        | ')'
                        | ','
                        | ':'
                        | '='
                        | '!'
                        | '<'
                        | '>'
                        | '~'
                )
        })
        && !name.starts_with('-')
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = Root::WORDS
            .iter()
            .find(|(_, root)| Some(*root) == self.root);
        if let Some((word, _)) = root {
            f.write_str(word)?;
        }
        for (n, step) in self.steps.iter().enumerate() {
            match step {
                PathStep::Index(index) => write!(f, "[{index}]")?,
                PathStep::Each => f.write_str("[*]")?,
                PathStep::Name(name) => {
                    f.write_str(if n > 0 || root.is_some() { "." } else { "" })?;
                    write_name(f, name)?;
                }
            }
        }
        Ok(())
    }
}

fn write_name(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    if is_plain(name) {
        return f.write_str(name);
    }
    f.write_str("\"")?;
    for c in name.chars() {
        if matches!(c, '"' | '\\') {
            f.write_str("\\")?;
        }
        write!(f, "{c}")?;
    }
    f.write_str("\"")
}
