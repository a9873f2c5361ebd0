//! The letters of a filter or a question: words, strings, signs; and which color each deserves.

use std::ops::Range;

use super::error::{QueryError, Span};
use super::syntax::{Literal, Op, Value};

/// Walks over a text.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

/// Whether a character ends a word wherever it stands.
fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '(' | ')' | ',')
}

/// Whether a character begins a sign of comparison.
fn is_sign(c: char) -> bool {
    matches!(c, ':' | '=' | '!' | '<' | '>' | '~')
}

impl<'a> Reader<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    pub(super) fn eat(&mut self, wanted: char) -> bool {
        let is_there = self.peek() == Some(wanted);
        self.at += if is_there { wanted.len_utf8() } else { 0 };
        is_there
    }

    /// The place where the text ends, for what is missing there.
    pub(super) fn end(&self) -> Span {
        Span::new(self.text.len(), self.text.len())
    }

    /// A name or a path, up to a sign: `data.lines[*]."a b"`. Empty where there is none.
    pub(super) fn name(&mut self) -> Result<(Range<usize>, &'a str), QueryError> {
        let start = self.at;
        while let Some(c) = self.peek() {
            let follows_step = self.at > start && self.text[..self.at].ends_with('.');
            if c == '"' && follows_step {
                self.string()?;
            } else if ends_word(c) || is_sign(c) {
                break;
            } else {
                self.at += c.len_utf8();
            }
        }
        Ok((start..self.at, &self.text[start..self.at]))
    }

    /// A sign of comparison, where one stands here after white space or not.
    pub(super) fn sign(&mut self) -> Option<(Op, Span)> {
        let before = self.at;
        self.skip_space();
        let start = self.at;
        for (sign, op) in Op::ALL {
            if self.rest().starts_with(sign) {
                self.at += sign.len();
                return Some((op, Span::new(start, self.at)));
            }
        }
        self.at = before;
        None
    }

    /// A text in quotes, which begins here.
    pub(super) fn string(&mut self) -> Result<Literal, QueryError> {
        let start = self.at;
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((offset, c)) = chars.next() {
            match c {
                '"' => {
                    self.at = start + offset + 1;
                    return Ok(Literal {
                        text,
                        quoted: true,
                        span: Span::new(start, self.at),
                    });
                }
                '\\' => match chars.next() {
                    Some((_, escaped @ ('"' | '\\'))) => text.push(escaped),
                    Some((_, other)) => text.extend(['\\', other]),
                    None => break,
                },
                c => text.push(c),
            }
        }
        let span = Span::new(start, self.text.len());
        Err(QueryError::new(span, "A closing quote is missing"))
    }

    /// A word of a value: everything up to space, quotes, parentheses or a comma.
    fn value_word(&mut self) -> (usize, &'a str) {
        let start = self.at;
        let rest = self.rest();
        let length = rest.find(ends_word).unwrap_or(rest.len());
        self.at += length;
        (start, &rest[..length])
    }

    /// A value after a sign; ranges only where `has_ranges`.
    pub(super) fn value(&mut self, has_ranges: bool) -> Result<Option<Value>, QueryError> {
        if self.peek() == Some('"') {
            let first = self.string()?;
            if has_ranges && self.rest().starts_with("..") {
                self.at += 2;
                let to = self.range_end()?;
                return Ok(Some(Value::Range(Some(first), to)));
            }
            return Ok(Some(Value::One(first)));
        }
        let (start, word) = self.value_word();
        let literal = |from: usize, text: &str| Literal {
            text: text.to_owned(),
            quoted: false,
            span: Span::new(from, from + text.len()),
        };
        if word.is_empty() {
            return Ok(None);
        }
        let Some((low, high)) = word.split_once("..").filter(|_| has_ranges) else {
            return Ok(Some(Value::One(literal(start, word))));
        };
        let from = (!low.is_empty()).then(|| literal(start, low));
        let to = if high.is_empty() && self.peek() == Some('"') {
            Some(self.string()?)
        } else {
            (!high.is_empty()).then(|| literal(start + low.len() + 2, high))
        };
        if from.is_none() && to.is_none() {
            let span = Span::new(start, self.at);
            return Err(QueryError::new(span, "A range needs at least one end"));
        }
        Ok(Some(Value::Range(from, to)))
    }

    fn range_end(&mut self) -> Result<Option<Literal>, QueryError> {
        if self.peek() == Some('"') {
            return self.string().map(Some);
        }
        let (start, word) = self.value_word();
        Ok((!word.is_empty()).then(|| Literal {
            text: word.to_owned(),
            quoted: false,
            span: Span::new(start, start + word.len()),
        }))
    }
}

/// What a part of a text is, to be told by its color.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// A key or a path.
    Name,
    /// A sign of comparison.
    Sign,
    /// A number.
    Number,
    /// A text in quotes, or a word that is a value.
    Value,
    /// A word of the language: `and`, `become`.
    Keyword,
    /// Everything else.
    Plain,
}

/// A part of a text with what it is.
pub type Colored = (Range<usize>, Word);

/// Cuts a filter or a question into parts that cover it whole, also where it cannot be read.
///
/// `is_question` says that words before a sign may stand apart from it.
pub fn words(text: &str, is_question: bool) -> Vec<Colored> {
    const OF_FILTERS: [&str; 3] = ["and", "or", "not"];
    const OF_QUESTIONS: [&str; 12] = [
        "become",
        "becomes",
        "is",
        "changes",
        "by",
        "appears",
        "disappears",
        "reaches",
        "max",
        "min",
        "in",
        "everything",
    ];
    let mut parts: Vec<Colored> = Vec::new();
    let mut reader = Reader::new(text);
    let mut after_sign = false;
    while let Some(c) = reader.peek() {
        let start = reader.at;
        let word = if c.is_whitespace() {
            reader.skip_space();
            Word::Plain
        } else if reader.sign().is_some() {
            after_sign = true;
            Word::Sign
        } else if c == '"' {
            after_sign = false;
            if reader.string().is_err() {
                reader.at = text.len();
            }
            Word::Value
        } else if matches!(c, '(' | ')' | ',') || is_sign(c) {
            after_sign = c == ',';
            reader.at += c.len_utf8();
            Word::Plain
        } else if std::mem::take(&mut after_sign) {
            let (_, value) = reader.value_word();
            let is_number = super::number::Number::parse(value).is_some();
            if is_number { Word::Number } else { Word::Value }
        } else {
            let name = reader.name().map_or("", |(_, name)| name);
            if name.is_empty() {
                reader.at = text.len();
            }
            let known: &[&str] = if is_question {
                &OF_QUESTIONS
            } else {
                &OF_FILTERS
            };
            let is_known = known.iter().any(|word| word.eq_ignore_ascii_case(name));
            if is_known && start > 0 {
                Word::Keyword
            } else if (is_question && start == 0) || starts_with_sign(reader.rest()) {
                Word::Name
            } else {
                Word::Plain
            }
        };
        parts.push((start..reader.at, word));
    }
    parts
}

fn starts_with_sign(text: &str) -> bool {
    text.trim_start().starts_with(is_sign)
}
