//! Reads a question: "when did … become …".

use std::fmt;

use super::error::{QueryError, Span};
use super::parse::{Mode, check_length, path, quoted_name, values};
use super::path::Path;
use super::read::Reader;
use super::syntax::{Literal, Op, Value};

/// A question about a field of the state. It prints as text that reads back as the same question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The field.
    pub path: Path,
    /// What is asked of it.
    pub verb: Verb,
    /// Over which streams, where the question says so.
    pub within: Option<(Where, Span)>,
}

/// What a question asks of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    /// It stands so to one of these values (to none of them for [`Op::NotEqual`]).
    Becomes(Op, Vec<Value>),
    /// It has another value than before; appearing and disappearing are no changes.
    Changes,
    /// It is there and was not.
    Appears,
    /// It was there and is not.
    Disappears,
    /// It has the greatest value (or the least) over all streams asked about.
    Reaches(Extreme),
    /// It differs so from the value before.
    ChangesBy(Op, Literal),
}

/// An end of a scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extreme {
    /// The greatest value.
    Max,
    /// The least one.
    Min,
}

/// The streams that a question names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// All.
    Everything,
    /// A stream of this name, or else a category.
    Named(String),
}

impl Question {
    /// Reads a question. Knows no history: which streams it names is found out when it is asked.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        check_length(text)?;
        let mut reader = Reader::new(text);
        reader.skip_space();
        let (range, word) = if reader.peek() == Some('"') {
            quoted_name(&mut reader)?
        } else {
            reader.name()?
        };
        if word.is_empty() {
            let span = Span::new(range.start, text.len());
            return Err(QueryError::new(
                span,
                "A question begins with a field: balance < 0",
            ));
        }
        let path = path(word, range.start, Mode::States)?;
        let verb = verb(&mut reader, word)?;
        let within = within(&mut reader)?;
        reader.skip_space();
        if reader.peek().is_some() {
            let span = Span::new(reader.at, text.len());
            let sentence = format!("{} is not read here", &text[reader.at..]);
            return Err(QueryError::new(span, sentence));
        }
        Ok(Self { path, verb, within })
    }
}

const VERBS: [&str; 8] = [
    "become",
    "becomes",
    "is",
    "changes",
    "appears",
    "disappears",
    "reaches",
    "in",
];

fn verb(reader: &mut Reader<'_>, name: &str) -> Result<Verb, QueryError> {
    if let Some((op, sign)) = reader.sign() {
        return becomes(reader, op, &sign, name);
    }
    let (range, word) = next_word(reader)?;
    let span = Span(range);
    match word.to_ascii_lowercase().as_str() {
        "become" | "becomes" | "is" => match reader.sign() {
            Some((op, sign)) => becomes(reader, op, &sign, name),
            // `status becomes Shipped` can mean only one thing.
            None => becomes(reader, Op::Equal, &span, word),
        },
        "changes" => changes(reader),
        "appears" => Ok(Verb::Appears),
        "disappears" => Ok(Verb::Disappears),
        "reaches" => reaches(reader, span),
        "" => {
            let sentence =
                format!("What of {name}? Write < 0, changes, appears, disappears or reaches max");
            Err(QueryError::new(reader.end(), sentence))
        }
        _ => Err(QueryError::no_word(span, word, VERBS)),
    }
}

fn becomes(reader: &mut Reader<'_>, op: Op, sign: &Span, name: &str) -> Result<Verb, QueryError> {
    values(reader, op, sign, name).map(|values| Verb::Becomes(op, values))
}

fn changes(reader: &mut Reader<'_>) -> Result<Verb, QueryError> {
    let before = reader.at;
    let (range, word) = next_word(reader)?;
    if !word.eq_ignore_ascii_case("by") {
        reader.at = before;
        return Ok(Verb::Changes);
    }
    let Some((op, sign)) = reader.sign() else {
        let sentence = "changes by needs a comparison: changes by > 40";
        return Err(QueryError::new(Span(range), sentence));
    };
    let mut given = values(reader, op, &sign, "changes by ")?;
    let end = reader.at;
    match (given.pop(), given.is_empty()) {
        (Some(Value::One(number)), true)
            if crate::event::Decimal::parse(&number.text).is_some() && op != Op::Matches =>
        {
            Ok(Verb::ChangesBy(op, number))
        }
        _ => {
            let span = Span::new(sign.0.end, end);
            let sentence = "changes by compares with one number";
            Err(QueryError::new(span, sentence))
        }
    }
}

fn reaches(reader: &mut Reader<'_>, verb: Span) -> Result<Verb, QueryError> {
    let (range, word) = next_word(reader)?;
    match word.to_ascii_lowercase().as_str() {
        "max" => Ok(Verb::Reaches(Extreme::Max)),
        "min" => Ok(Verb::Reaches(Extreme::Min)),
        "" => Err(QueryError::new(verb, "reaches needs max or min after it")),
        _ => Err(QueryError::no_word(Span(range), word, ["max", "min"])),
    }
}

fn within(reader: &mut Reader<'_>) -> Result<Option<(Where, Span)>, QueryError> {
    let before = reader.at;
    let (range, word) = next_word(reader)?;
    if !word.eq_ignore_ascii_case("in") {
        reader.at = before;
        return Ok(None);
    }
    reader.skip_space();
    let start = reader.at;
    let Some(Value::One(named)) = reader.value(false)? else {
        let sentence = "in needs a stream, a category or everything after it";
        return Err(QueryError::new(Span(range), sentence));
    };
    let span = Span::new(start, reader.at);
    let is_all = !named.quoted && named.text.eq_ignore_ascii_case("everything");
    let within = if is_all {
        Where::Everything
    } else {
        Where::Named(named.text)
    };
    Ok(Some((within, span)))
}

fn next_word<'a>(reader: &mut Reader<'a>) -> Result<(std::ops::Range<usize>, &'a str), QueryError> {
    reader.skip_space();
    reader.name()
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.path)?;
        match &self.verb {
            Verb::Becomes(op, values) => {
                write!(f, "{} ", op.sign())?;
                for (n, value) in values.iter().enumerate() {
                    f.write_str(if n > 0 { "," } else { "" })?;
                    value.fmt(f)?;
                }
            }
            Verb::Changes => f.write_str("changes")?,
            Verb::Appears => f.write_str("appears")?,
            Verb::Disappears => f.write_str("disappears")?,
            Verb::Reaches(Extreme::Max) => f.write_str("reaches max")?,
            Verb::Reaches(Extreme::Min) => f.write_str("reaches min")?,
            Verb::ChangesBy(op, number) => write!(f, "changes by {} {number}", op.sign())?,
        }
        match &self.within {
            None => Ok(()),
            Some((Where::Everything, _)) => f.write_str(" in everything"),
            Some((Where::Named(name), span)) => {
                let literal = Literal {
                    text: name.clone(),
                    quoted: true,
                    span: span.clone(),
                };
                write!(f, " in {literal}")
            }
        }
    }
}
