//! Where in the state a sentence does something: a path whose steps may depend on the event.

use std::fmt;

use super::read::word_source;
use super::sentence::Source;
use crate::event::json::{Json, JsonPath, Step, parse};

/// How many steps a path of a sentence may have.
pub(super) const MAX_STEPS: usize = 32;

/// A path into the state, such as `shipment.signedBy`, `lines[0]`, `lines[sku=data.sku].qty` or
/// `stock[data.sku]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Target(Vec<Part>);

/// A step of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// Known beforehand.
    Step(Step),
    /// `[KEY=EXPR]`: the first element of an array whose field has that value.
    Where(JsonPath, Source),
    /// `[EXPR]`: the member of an object with that name.
    Named(Source),
}

/// How a path lies to a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// It is the target or lies in it, for certain or for some events.
    In {
        /// Whether that is so for all events.
        is_certain: bool,
        /// Whether it is the target itself.
        is_same: bool,
    },
    /// The target lies in it.
    Around,
    /// It lies in an element of the array of which the target is an element.
    Beside,
    /// Neither.
    Apart,
}

impl Target {
    /// Reads the form in which it is printed.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let no_path = || {
            format!(
                "\"{text}\" is no path: write names with dots between, [0] for an element, [sku=data.sku] for the one with that sku, and [data.sku] for the member of that name"
            )
        };
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(inner) = bracket(rest) {
                parts.push(dependent(inner).ok_or_else(no_path)?);
                rest = &rest[inner.len() + 2..];
                continue;
            }
            let end = plain_end(rest);
            let (plain, after) = rest.split_at(end);
            let plain = match plain.strip_prefix('.') {
                Some(name) if !parts.is_empty() => name,
                // A name stands at the start, or after a dot.
                _ if !parts.is_empty() && !plain.starts_with('[') => return Err(no_path()),
                _ => plain,
            };
            let path = JsonPath::parse(plain).filter(|path| !path.0.is_empty());
            let steps = path.ok_or_else(no_path)?.0;
            parts.extend(steps.into_iter().map(Part::Step));
            rest = after;
        }
        if parts.len() > MAX_STEPS {
            return Err(format!("\"{text}\" has more than {MAX_STEPS} steps"));
        }
        Ok(Self(parts))
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.0
    }

    /// Whether it is the whole state.
    pub(super) fn is_whole(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is a member of the state itself, of a name known beforehand.
    pub(super) fn is_member(&self) -> bool {
        matches!(*self.0, [Part::Step(Step::Key(_))])
    }

    /// The path, where it is the same for every event.
    pub(super) fn plain(&self) -> Option<JsonPath> {
        let step = |part: &Part| match part {
            Part::Step(step) => Some(step.clone()),
            Part::Where(..) | Part::Named(_) => None,
        };
        self.0.iter().map(step).collect::<Option<_>>().map(JsonPath)
    }

    /// Every source that it mentions.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Source> {
        self.0.iter().filter_map(|part| match part {
            Part::Where(_, source) | Part::Named(source) => Some(source),
            Part::Step(_) => None,
        })
    }

    /// How a path lies to it.
    pub(super) fn relation(&self, path: &JsonPath) -> Relation {
        let common = self
            .0
            .iter()
            .zip(&path.0)
            .take_while(|(part, step)| part.may_be(step))
            .count();
        let is_certain = self.0.iter().all(|part| matches!(part, Part::Step(_)));
        if common == self.0.len() {
            let is_same = path.0.len() == common;
            return Relation::In {
                is_certain,
                is_same,
            };
        }
        if common == path.0.len() {
            return Relation::Around;
        }
        let is_last = common + 1 == self.0.len();
        let is_element = matches!(self.0[common], Part::Where(..) | Part::Step(Step::Index(_)));
        if is_last && is_element && matches!(path.0[common], Step::Index(_)) {
            return Relation::Beside;
        }
        Relation::Apart
    }
}

impl Part {
    /// Whether it may stand for this step.
    fn may_be(&self, other: &Step) -> bool {
        match self {
            Self::Step(step) => step == other,
            Self::Where(..) => matches!(other, Step::Index(_)),
            Self::Named(_) => matches!(other, Step::Key(_)),
        }
    }
}

/// What stands in the bracket at the start of a text, where it is no plain index.
fn bracket(text: &str) -> Option<&str> {
    let inner = text
        .strip_prefix('[')
        .filter(|inner| !inner.starts_with(|c: char| c.is_ascii_digit()))?;
    let mut depth = 1_usize;
    let end = outside_quotes(inner).find(|(_, c)| {
        depth = match c {
            '[' => depth + 1,
            ']' => depth - 1,
            _ => depth,
        };
        depth == 0
    });
    end.map(|(at, _)| &inner[..at])
}

/// Where the plain part at the start of a text ends: before a bracket that is no plain index.
fn plain_end(text: &str) -> usize {
    let end = outside_quotes(text)
        .find(|(at, c)| *at > 0 && *c == '[' && bracket(&text[*at..]).is_some());
    end.map_or(text.len(), |(at, _)| at)
}

/// The characters of a text that do not stand in double quotes.
fn outside_quotes(text: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut in_quotes, mut escaped) = (false, false);
    text.char_indices().filter(move |(_, c)| {
        let was_in = in_quotes;
        in_quotes ^= *c == '"' && !escaped;
        escaped = in_quotes && *c == '\\' && !escaped;
        !was_in && !in_quotes
    })
}

/// `KEY=EXPR` or `EXPR`.
fn dependent(inner: &str) -> Option<Part> {
    let equals = outside_quotes(inner).find(|(_, c)| *c == '=');
    let Some((at, _)) = equals else {
        return word_source(inner)
            .filter(|source| !matches!(source, Source::Literal(_)))
            .map(Part::Named);
    };
    let key = JsonPath::parse(&inner[..at]).filter(|key| !key.0.is_empty())?;
    let is_plain = key.0.iter().all(|step| matches!(step, Step::Key(_)));
    let text = &inner[at + 1..];
    let source = word_source(text).or_else(|| match parse(text.as_bytes()) {
        Ok(value @ (Json::Text(_) | Json::Number(_))) if text.trim() == text => {
            Some(Source::Literal(value))
        }
        _ => None,
    })?;
    (is_plain && key.0.len() <= MAX_STEPS).then_some(Part::Where(key, source))
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, part) in self.0.iter().enumerate() {
            match part {
                Part::Step(step) => {
                    let dot = if n > 0 && matches!(step, Step::Key(_)) {
                        "."
                    } else {
                        ""
                    };
                    write!(f, "{dot}{}", JsonPath(vec![step.clone()]))?;
                }
                // A name with a sign of equality in it is not mistaken for one that ends there.
                Part::Where(key, source) => write!(f, "[{}={}]", Quoted(key), InBracket(source))?,
                Part::Named(source) => write!(f, "[{}]", InBracket(source))?,
            }
        }
        Ok(())
    }
}

/// A source that stands in a bracket.
struct InBracket<'a>(&'a Source);

impl fmt::Display for InBracket<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.rooted() {
            Some(path) => Quoted(&path).fmt(f),
            None => self.0.fmt(f),
        }
    }
}

/// A path of names, each in quotes where `=` or `]` stands in it.
struct Quoted<'a>(&'a JsonPath);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, step) in self.0.0.iter().enumerate() {
            let is_key = matches!(step, Step::Key(_));
            let dot = if n > 0 && is_key { "." } else { "" };
            match step {
                Step::Key(key) if key.contains(['=', ']']) => {
                    write!(f, "{dot}{}", Json::Text(key.clone()))?;
                }
                step => write!(f, "{dot}{}", JsonPath(vec![step.clone()]))?,
            }
        }
        Ok(())
    }
}
