//! One sentence of a rule: read from text, printed back exactly.
//!
//! How it is read is in `read`, where in the state it does something in `target`, and on which
//! condition in `condition`.

use std::fmt;

use super::condition::Condition;
use super::read::Reader;
use super::target::Target;
use crate::event::json::{Json, JsonPath, Step};

/// What a sentence does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `set PATH to EXPR`: puts a value where there was another one or none.
    Set,
    /// `merge EXPR` or `merge EXPR into PATH`: puts each member of an object.
    Merge,
    /// `add EXPR to PATH`: an exact sum, from 0 where there is nothing.
    Add,
    /// `subtract EXPR from PATH`: an exact difference, from 0 where there is nothing.
    Subtract,
    /// `append EXPR to PATH`: one element more at the end of an array.
    Append,
    /// `remove EXPR from PATH`: takes equal elements out of an array.
    Remove,
    /// `delete PATH`: takes a field out.
    Delete,
    /// `count EXPR into PATH`: how many elements or members there are.
    Count,
}

/// All verbs with the word for each and the word between source and path.
pub(super) const VERBS: [(Verb, &str, &str); 8] = [
    (Verb::Set, "set", "to"),
    (Verb::Merge, "merge", "into"),
    (Verb::Add, "add", "to"),
    (Verb::Subtract, "subtract", "from"),
    (Verb::Append, "append", "to"),
    (Verb::Remove, "remove", "from"),
    (Verb::Delete, "delete", ""),
    (Verb::Count, "count", "into"),
];

/// Where the value of a sentence comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// `data` or a path into it.
    Data(JsonPath),
    /// `metadata` or a path into it.
    Metadata(JsonPath),
    /// `state` or a path into it.
    State(JsonPath),
    /// A word about the event.
    Word(Word),
    /// A JSON value.
    Literal(Json),
}

/// What is known of an event beside its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// The stream's name.
    Stream,
    /// The type's name.
    Type,
    /// The version.
    Version,
    /// The recorded time, RFC 3339 with the digits of its source.
    Time,
    /// The position.
    Position,
}

pub(super) const WORDS: [(Word, &str); 5] = [
    (Word::Stream, "stream"),
    (Word::Type, "type"),
    (Word::Version, "version"),
    (Word::Time, "time"),
    (Word::Position, "position"),
];

/// One sentence, such as `when data.amount > 0 then subtract data.amount from balance`.
///
/// ```
/// use annals::fold::rules::Sentence;
/// let sentence = Sentence::parse("set  shipment.signedBy to data.signedBy").unwrap();
/// assert_eq!(sentence.to_string(), "set shipment.signedBy to data.signedBy");
/// assert!(Sentence::parse("set status = 1").is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    /// All must hold, or nothing is done.
    pub(super) conditions: Vec<Condition>,
    pub(super) verb: Verb,
    /// Where in the state; empty for `merge EXPR`.
    pub(super) target: Target,
    /// `None` for `delete PATH`.
    pub(super) source: Option<Source>,
}

impl Sentence {
    /// Reads a sentence; the error is one sentence for whoever wrote it.
    pub fn parse(text: &str) -> Result<Self, String> {
        Reader::new(text).sentence()
    }

    /// Every source that it mentions.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Source> {
        let conditions = self.conditions.iter().flat_map(Condition::sources);
        self.source
            .iter()
            .chain(conditions)
            .chain(self.target.sources())
    }

    /// Whether it can find something in the state that it cannot work with.
    pub(super) fn may_fail(&self) -> bool {
        let reads_state = || {
            self.sources()
                .any(|source| matches!(source, Source::State(_)))
        };
        let is_plain = self.target.plain().is_some();
        match self.verb {
            _ if !self.conditions.is_empty() || !is_plain => true,
            // The state is an object: one of its own members can always be set.
            Verb::Set => !self.target.is_member() || reads_state(),
            Verb::Delete => false,
            Verb::Merge
            | Verb::Add
            | Verb::Subtract
            | Verb::Append
            | Verb::Remove
            | Verb::Count => true,
        }
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = VERBS.into_iter().find(|(verb, ..)| *verb == self.verb);
        let (_, verb, joint) = named.unwrap_or(VERBS[0]);
        for (n, condition) in self.conditions.iter().enumerate() {
            let joint = if n == 0 { "when" } else { "and" };
            write!(f, "{joint} {condition} ")?;
        }
        if !self.conditions.is_empty() {
            f.write_str("then ")?;
        }
        let target = &self.target;
        match &self.source {
            None => write!(f, "{verb} {target}"),
            Some(source) if self.verb == Verb::Set => write!(f, "{verb} {target} {joint} {source}"),
            Some(source) if target.is_whole() => write!(f, "{verb} {source}"),
            Some(source) => write!(f, "{verb} {source} {joint} {target}"),
        }
    }
}

impl Source {
    /// The path that begins with `data`, `metadata` or `state`, where it is one.
    pub(super) fn rooted(&self) -> Option<JsonPath> {
        let (root, path) = match self {
            Self::Data(path) => ("data", path),
            Self::Metadata(path) => ("metadata", path),
            Self::State(path) => ("state", path),
            Self::Literal(_) | Self::Word(_) => return None,
        };
        let mut steps = vec![Step::Key(root.into())];
        steps.extend(path.0.iter().cloned());
        Some(JsonPath(steps))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(value) => write!(f, "{value}"),
            Self::Word(word) => {
                let named = WORDS.into_iter().find(|(known, _)| known == word);
                f.write_str(named.map_or("", |(_, name)| name))
            }
            rooted => rooted.rooted().map_or(Ok(()), |path| path.fmt(f)),
        }
    }
}
