//! Reading a sentence, word by word.
//!
//! A path ends at the first white space outside quotes, a JSON value where it is complete, so no word
//! of the grammar can be mistaken inside either.

use super::condition::{COMPARISONS, Condition, Test};
use super::sentence::{Sentence, Source, VERBS, Verb, WORDS};
use super::target::{MAX_STEPS, Target};
use crate::event::json::{Json, JsonPath, MAX_DEPTH, Step, parse, scan};

/// How many conditions a sentence may have.
const MAX_CONDITIONS: usize = 16;

/// What of a sentence is still to be read.
pub(super) struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text.trim() }
    }

    pub(super) fn sentence(&mut self) -> Result<Sentence, String> {
        let mut word = self.word();
        let mut conditions = Vec::new();
        if word == "when" {
            conditions = self.conditions()?;
            word = self.word();
        }
        let Some((verb, _, joint)) = VERBS.into_iter().find(|(_, name, _)| *name == word) else {
            let known = VERBS.map(|(_, name, _)| name).join(", ");
            return Err(format!(
                "\"{word}\" is no verb that is known here; there are {known}"
            ));
        };
        let (source, target) = self.after_verb(verb, joint)?;
        if !self.rest.trim().is_empty() {
            return Err(format!(
                "\"{}\" stands behind the end of the sentence",
                self.rest.trim()
            ));
        }
        Ok(Sentence {
            conditions,
            verb,
            target,
            source,
        })
    }

    /// What stands between `when` and `then`.
    fn conditions(&mut self) -> Result<Vec<Condition>, String> {
        let mut conditions = Vec::new();
        loop {
            let left = self.source()?;
            let word = self.word();
            let test = match word {
                "exists" => Test::Exists,
                "is" => {
                    self.joint("missing")?;
                    Test::Missing
                }
                _ => match COMPARISONS.into_iter().find(|(_, sign)| *sign == word) {
                    Some((comparison, _)) => Test::Compare(comparison, self.source()?),
                    None => {
                        return Err(format!(
                            "\"{word}\" stands where one of = != < <= > >=, exists or is missing should"
                        ));
                    }
                },
            };
            conditions.push(Condition { left, test });
            match self.word() {
                "and" if conditions.len() < MAX_CONDITIONS => {}
                "and" => {
                    return Err(format!(
                        "a sentence has at most {MAX_CONDITIONS} conditions"
                    ));
                }
                "then" => return Ok(conditions),
                "" => {
                    return Err(
                        "the sentence ends where \"and\" or \"then\" should stand".to_owned()
                    );
                }
                other => {
                    return Err(format!(
                        "\"{other}\" stands where \"and\" or \"then\" should"
                    ));
                }
            }
        }
    }

    fn after_verb(&mut self, verb: Verb, joint: &str) -> Result<(Option<Source>, Target), String> {
        Ok(match verb {
            Verb::Delete => (None, self.target()?),
            Verb::Set => {
                let target = self.target()?;
                self.joint(joint)?;
                (Some(self.source()?), target)
            }
            Verb::Merge => {
                let source = self.source()?;
                if self.rest.trim().is_empty() {
                    (Some(source), Target::default())
                } else {
                    self.joint(joint)?;
                    (Some(source), self.target()?)
                }
            }
            Verb::Add | Verb::Subtract | Verb::Append | Verb::Remove | Verb::Count => {
                let source = self.source()?;
                self.joint(joint)?;
                (Some(source), self.target()?)
            }
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

    fn target(&mut self) -> Result<Target, String> {
        let word = self.word();
        if word.is_empty() {
            return Err("the sentence ends where a path should stand".to_owned());
        }
        Target::parse(word)
    }

    fn source(&mut self) -> Result<Source, String> {
        self.rest = self.rest.trim_start();
        let starts_json = self.rest.starts_with(['{', '[', '"', '-'])
            || self.rest.starts_with(|c: char| c.is_ascii_digit());
        if starts_json {
            return self.literal();
        }
        let word = self.word();
        if word.is_empty() {
            return Err("the sentence ends where a value should stand".to_owned());
        }
        word_source(word).ok_or_else(|| {
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

/// A source that is one word without white space outside quotes, other than an object or an array.
pub(super) fn word_source(word: &str) -> Option<Source> {
    match word {
        "true" => return Some(Source::Literal(Json::Bool(true))),
        "false" => return Some(Source::Literal(Json::Bool(false))),
        "null" => return Some(Source::Literal(Json::Null)),
        _ => {}
    }
    let known = WORDS.into_iter().find(|(_, name)| *name == word);
    known
        .map(|(word, _)| Source::Word(word))
        .or_else(|| rooted(word))
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
        "metadata" | "meta" => Some(Source::Metadata(path)),
        "state" => Some(Source::State(path)),
        _ => None,
    }
}
