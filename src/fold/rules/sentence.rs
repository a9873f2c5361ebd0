//! One sentence of a rule: read from text, printed back exactly.
//!
//! A path ends at the first white space outside quotes, a JSON value where it is complete, so no word
//! of the grammar can be mistaken inside either.

use std::fmt;

use crate::event::json::{Json, JsonPath, MAX_DEPTH, Step, parse, scan};

/// How many steps a path of a sentence may have.
const MAX_STEPS: usize = 32;

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
}

/// All verbs with the word for each and the word between source and path.
const VERBS: [(Verb, &str, &str); 7] = [
    (Verb::Set, "set", "to"),
    (Verb::Merge, "merge", "into"),
    (Verb::Add, "add", "to"),
    (Verb::Subtract, "subtract", "from"),
    (Verb::Append, "append", "to"),
    (Verb::Remove, "remove", "from"),
    (Verb::Delete, "delete", ""),
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

const WORDS: [(Word, &str); 5] = [
    (Word::Stream, "stream"),
    (Word::Type, "type"),
    (Word::Version, "version"),
    (Word::Time, "time"),
    (Word::Position, "position"),
];

/// One sentence, such as `subtract data.amount from balance`.
///
/// ```
/// use annals::fold::rules::Sentence;
/// let sentence = Sentence::parse("set  shipment.signedBy to data.signedBy").unwrap();
/// assert_eq!(sentence.to_string(), "set shipment.signedBy to data.signedBy");
/// assert!(Sentence::parse("set status = 1").is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    pub(super) verb: Verb,
    /// Where in the state; empty for `merge EXPR`.
    pub(super) target: JsonPath,
    /// `None` for `delete PATH`.
    pub(super) source: Option<Source>,
}

impl Sentence {
    /// Reads a sentence; the error is one sentence for whoever wrote it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text.trim() };
        let word = reader.word();
        let Some((verb, _, joint)) = VERBS.into_iter().find(|(_, name, _)| *name == word) else {
            let known = VERBS.map(|(_, name, _)| name).join(", ");
            return Err(format!(
                "\"{word}\" is no verb that is known here; there are {known}"
            ));
        };
        let sentence = reader.after_verb(verb, joint)?;
        if !reader.rest.trim().is_empty() {
            return Err(format!(
                "\"{}\" stands behind the end of the sentence",
                reader.rest.trim()
            ));
        }
        Ok(sentence)
    }

    /// Whether its source is a path into the state.
    pub(super) fn reads_state(&self) -> bool {
        matches!(self.source, Some(Source::State(_)))
    }

    /// Whether it can find something in the state that it cannot work with.
    pub(super) fn may_fail(&self) -> bool {
        match self.verb {
            // The state is an object: one of its own members can always be set.
            Verb::Set => !matches!(*self.target.0, [Step::Key(_)]) || self.reads_state(),
            Verb::Delete => false,
            Verb::Merge | Verb::Add | Verb::Subtract | Verb::Append | Verb::Remove => true,
        }
    }
}

/// What of a sentence is still to be read.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn after_verb(&mut self, verb: Verb, joint: &str) -> Result<Sentence, String> {
        let (source, target) = match verb {
            Verb::Delete => (None, self.path()?),
            Verb::Set => {
                let target = self.path()?;
                self.joint(joint)?;
                (Some(self.source()?), target)
            }
            Verb::Merge => {
                let source = self.source()?;
                if self.rest.trim().is_empty() {
                    (Some(source), JsonPath::default())
                } else {
                    self.joint(joint)?;
                    (Some(source), self.path()?)
                }
            }
            Verb::Add | Verb::Subtract | Verb::Append | Verb::Remove => {
                let source = self.source()?;
                self.joint(joint)?;
                (Some(source), self.path()?)
            }
        };
        Ok(Sentence {
            verb,
            target,
            source,
        })
    }

    /// The text up to the next white space outside quotes.
    fn word(&mut self) -> &'a str {
        self.rest = self.rest.trim_start();
        let (mut in_quotes, mut escaped) = (false, false);
        let end = self.rest.find(|c: char| {
            let ends = !in_quotes && c.is_whitespace();
            in_quotes ^= c == '"' && !escaped;
            escaped = in_quotes && c == '\\' && !escaped;
            ends
        });
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        word
    }

    fn joint(&mut self, joint: &str) -> Result<(), String> {
        match self.word() {
            word if word == joint => Ok(()),
            "" => Err(format!("the sentence ends where \"{joint}\" should stand")),
            word => Err(format!("\"{word}\" stands where \"{joint}\" should")),
        }
    }

    fn path(&mut self) -> Result<JsonPath, String> {
        let word = self.word();
        match JsonPath::parse(word) {
            _ if word.is_empty() => Err("the sentence ends where a path should stand".to_owned()),
            Some(path) if path.0.len() <= MAX_STEPS => Ok(path),
            Some(_) => Err(format!("\"{word}\" has more than {MAX_STEPS} steps")),
            None => Err(format!(
                "\"{word}\" is no path: write names with dots between, and [0] for an element"
            )),
        }
    }

    fn source(&mut self) -> Result<Source, String> {
        self.rest = self.rest.trim_start();
        let starts_json = self.rest.starts_with(['{', '[', '"', '-'])
            || self.rest.starts_with(|c: char| c.is_ascii_digit());
        if starts_json {
            return self.literal();
        }
        let word = self.word();
        match word {
            "" => return Err("the sentence ends where a value should stand".to_owned()),
            "true" => return Ok(Source::Literal(Json::Bool(true))),
            "false" => return Ok(Source::Literal(Json::Bool(false))),
            "null" => return Ok(Source::Literal(Json::Null)),
            _ => {}
        }
        if let Some((known, _)) = WORDS.into_iter().find(|(_, name)| *name == word) {
            return Ok(Source::Word(known));
        }
        rooted(word).ok_or_else(|| {
            format!("\"{word}\" is no value: write data.x, metadata.x, state.x, stream, type, version, time, position or JSON")
        })
    }

    fn literal(&mut self) -> Result<Source, String> {
        let end = scan::value_end(self.rest.as_bytes(), 0)
            .map_err(|error| format!("\"{}\" is no JSON: {error}", self.rest))?;
        let (text, rest) = self.rest.split_at(end);
        if !(rest.is_empty() || rest.starts_with(char::is_whitespace)) {
            return Err(format!("\"{}\" is no JSON", self.rest));
        }
        self.rest = rest;
        let value = parse(text.as_bytes())
            .map_err(|_too_deep| format!("the value is nested deeper than {MAX_DEPTH}"))?;
        Ok(Source::Literal(value))
    }
}

/// A path that begins with `data`, `metadata` or `state`.
fn rooted(word: &str) -> Option<Source> {
    let mut path = JsonPath::parse(word).filter(|path| path.0.len() <= MAX_STEPS)?;
    if path.0.is_empty() || word.starts_with('"') {
        return None;
    }
    let Step::Key(root) = path.0.remove(0) else {
        return None;
    };
    match &*root {
        "data" => Some(Source::Data(path)),
        "metadata" => Some(Source::Metadata(path)),
        "state" => Some(Source::State(path)),
        _ => None,
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = VERBS.into_iter().find(|(verb, ..)| *verb == self.verb);
        let (_, verb, joint) = named.unwrap_or(VERBS[0]);
        let target = &self.target;
        match &self.source {
            None => write!(f, "{verb} {target}"),
            Some(source) if self.verb == Verb::Set => write!(f, "{verb} {target} {joint} {source}"),
            Some(source) if target.0.is_empty() => write!(f, "{verb} {source}"),
            Some(source) => write!(f, "{verb} {source} {joint} {target}"),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (root, path) = match self {
            Self::Data(path) => ("data", path),
            Self::Metadata(path) => ("metadata", path),
            Self::State(path) => ("state", path),
            Self::Literal(value) => return write!(f, "{value}"),
            Self::Word(word) => {
                let named = WORDS.into_iter().find(|(known, _)| known == word);
                return f.write_str(named.map_or("", |(_, name)| name));
            }
        };
        let mut steps = vec![Step::Key(root.into())];
        steps.extend(path.0.iter().cloned());
        write!(f, "{}", JsonPath(steps))
    }
}
