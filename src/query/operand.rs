//! One side of a comparison, made ready: texts, numbers and times compared exactly.

use std::borrow::Cow;
use std::cmp::Ordering;

use regex::{Regex, RegexBuilder};

use super::context::Context;
use super::error::{QueryError, Span};
use super::glob::Glob;
use super::number::Number;
use super::path::At;
use super::syntax::{Literal, Op, Value};
use crate::event::Timestamp;
use crate::event::json::Json;

/// The values of a comparison, ready to be held against others.
#[derive(Clone, Debug)]
pub struct Operand {
    op: Op,
    tests: Vec<Test>,
}

#[derive(Clone, Debug)]
enum Test {
    One(Box<One>),
    Range(Option<End>, Option<End>),
    Regex(Regex),
}

/// A single value in all the forms that it can be compared in.
#[derive(Clone, Debug)]
struct One {
    text: String,
    quoted: bool,
    glob: Glob,
    number: Option<Number>,
    time: Option<(i64, i64)>,
}

/// An end of a range.
#[derive(Clone, Debug)]
enum End {
    Number(Number),
    /// The first and the last nanosecond.
    Time(i64, i64),
}

/// How a text is compared with `:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// As a whole.
    Whole,
    /// From its beginning on.
    Beginning,
}

/// How large a regular expression may become, in bytes.
const REGEX_BYTES: usize = 1 << 20;

impl Operand {
    /// Makes values ready to be compared; times count from `context`.
    pub fn new(op: Op, values: &[Value], context: &Context) -> Result<Self, QueryError> {
        Self::reaching(op, values, context, Reach::Whole)
    }

    pub(super) fn reaching(
        op: Op,
        values: &[Value],
        context: &Context,
        reach: Reach,
    ) -> Result<Self, QueryError> {
        let tests = values.iter().map(|value| match value {
            Value::One(literal) if op == Op::Matches => regex(literal).map(Test::Regex),
            Value::One(literal) => Ok(Test::One(Box::new(one(literal, context, reach)))),
            Value::Range(from, to) => {
                let end = |end: &Option<Literal>| {
                    end.as_ref().map(|end| range_end(end, context)).transpose()
                };
                Ok(Test::Range(end(from)?, end(to)?))
            }
        });
        let tests = tests.collect::<Result<_, _>>()?;
        Ok(Self { op, tests })
    }

    /// Whether a value stands so to these values.
    pub fn holds(&self, at: &At<'_>) -> bool {
        let any = self.tests.iter().any(|test| self.one_holds(test, at));
        any != (self.op == Op::NotEqual)
    }

    /// Whether a text stands so to these values.
    pub(super) fn holds_text(&self, text: &str) -> bool {
        let any = self.tests.iter().any(|test| match test {
            Test::One(one) if self.op == Op::Is => one.glob.matches(text),
            Test::One(one) => one.text == text,
            Test::Regex(regex) => regex.is_match(text),
            Test::Range(..) => false,
        });
        any != (self.op == Op::NotEqual)
    }

    fn one_holds(&self, test: &Test, at: &At<'_>) -> bool {
        match test {
            Test::One(one) if self.op.is_order() => one.order(self.op, at),
            Test::One(one) if self.op == Op::Is => one.is_like(at),
            Test::One(one) => one.equals(at),
            Test::Range(from, to) => in_range(from.as_ref(), to.as_ref(), at),
            Test::Regex(regex) => written(at).is_some_and(|text| regex.is_match(&text)),
        }
    }
}

fn one(literal: &Literal, context: &Context, reach: Reach) -> One {
    let is_open = reach == Reach::Beginning;
    let glob = match (literal.quoted, is_open) {
        (true, _) => Glob::literal(&literal.text, is_open),
        (false, true) => Glob::beginning(&literal.text),
        (false, false) => Glob::whole(&literal.text),
    };
    One {
        glob,
        quoted: literal.quoted,
        number: Number::parse(&literal.text).filter(|_| !literal.quoted),
        time: context.stretch(&literal.text),
        text: literal.text.clone(),
    }
}

fn range_end(literal: &Literal, context: &Context) -> Result<End, QueryError> {
    let number = Number::parse(&literal.text).filter(|_| !literal.quoted);
    let time = || {
        let (from, to) = context.stretch(&literal.text)?;
        Some(End::Time(from, to))
    };
    number.map(End::Number).or_else(time).ok_or_else(|| {
        let sentence = format!(
            "A range goes between numbers or times, {} is text",
            literal.text
        );
        QueryError::new(literal.span.clone(), sentence)
    })
}

/// A regular expression that is searched anywhere, without regard to case, in linear time.
pub(super) fn regex(literal: &Literal) -> Result<Regex, QueryError> {
    RegexBuilder::new(&literal.text)
        .case_insensitive(true)
        .size_limit(REGEX_BYTES)
        .dfa_size_limit(REGEX_BYTES)
        .nest_limit(64)
        .build()
        .map_err(|error| {
            let why = match error {
                regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
                other => other
                    .to_string()
                    .lines()
                    .last()
                    .unwrap_or("")
                    .trim_start_matches("error: ")
                    .to_owned(),
            };
            let sentence = format!("This is no regular expression: {why}");
            QueryError::new(literal.span.clone(), sentence)
        })
}

/// A scalar as text.
fn written<'a>(at: &At<'a>) -> Option<Cow<'a, str>> {
    match at {
        At::Value(Json::Text(text) | Json::Number(text)) => Some(Cow::Borrowed(text)),
        At::Value(Json::Bool(value)) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
        At::Value(Json::Null) => Some(Cow::Borrowed("null")),
        At::Value(Json::Array(_) | Json::Object(_)) => None,
        At::Length(length) => Some(Cow::Owned(length.to_string())),
    }
}

fn time(at: &At<'_>) -> Option<i64> {
    match at {
        At::Value(Json::Text(text)) => Timestamp::parse(text).map(|read| read.time.0),
        _ => None,
    }
}

impl One {
    fn is_like(&self, at: &At<'_>) -> bool {
        let is_number = || self.number.is_some() && self.number == at.number();
        let is_time = || {
            let (Some((from, to)), Some(time)) = (self.time, time(at)) else {
                return false;
            };
            from <= time && time <= to
        };
        is_number() || written(at).is_some_and(|text| self.glob.matches(&text)) || is_time()
    }

    fn equals(&self, at: &At<'_>) -> bool {
        if self.quoted {
            return matches!(at, At::Value(Json::Text(text)) if **text == *self.text);
        }
        (self.number.is_some() && self.number == at.number())
            || written(at).is_some_and(|text| *text == *self.text)
    }

    fn order(&self, op: Op, at: &At<'_>) -> bool {
        if let Some(number) = &self.number {
            return at.number().is_some_and(|found| op.holds(found.cmp(number)));
        }
        let (Some((from, to)), Some(time)) = (self.time, time(at)) else {
            return false;
        };
        match op {
            Op::Above => time > to,
            Op::AtLeast => time >= from,
            Op::Below => time < from,
            _ => time <= to,
        }
    }
}

fn in_range(from: Option<&End>, to: Option<&End>, at: &At<'_>) -> bool {
    let (number, time) = (at.number(), time(at));
    let against = |end: &End, is_from: bool| match end {
        End::Number(end) => number.as_ref().map(|number| number.cmp(end)),
        End::Time(first, last) => time.map(|time| time.cmp(if is_from { first } else { last })),
    };
    from.is_none_or(|end| against(end, true).is_some_and(Ordering::is_ge))
        && to.is_none_or(|end| against(end, false).is_some_and(Ordering::is_le))
}

/// Whole numbers that a comparison lets through, as ranges with both ends included.
pub(super) fn whole_ranges(
    name: &str,
    op: Op,
    values: &[Value],
    resolve: &dyn Fn(&Literal) -> Option<(i64, i64)>,
) -> Result<(Vec<(i64, i64)>, bool), QueryError> {
    let read = |literal: &Literal| {
        let plain = literal.text.replace(['_'], "");
        resolve(literal)
            .or_else(|| plain.parse().ok().map(|number| (number, number)))
            .ok_or_else(|| {
                let sentence = format!("{name} holds whole numbers, {} is none", literal.text);
                QueryError::new(literal.span.clone(), sentence)
            })
    };
    ranges(name, op, values, &read)
}

/// Reads the whole numbers that a literal stands for: the first and the last.
pub(super) type ReadRange<'a> = &'a dyn Fn(&Literal) -> Result<(i64, i64), QueryError>;

/// The ranges that a comparison lets through, and whether it is all the others that it does.
pub(super) fn ranges(
    name: &str,
    op: Op,
    values: &[Value],
    read: ReadRange<'_>,
) -> Result<(Vec<(i64, i64)>, bool), QueryError> {
    if op == Op::Matches {
        let sentence = format!("{name} holds no text: ~ does not go with it");
        return Err(QueryError::new(Span::default(), sentence));
    }
    let mut found = Vec::new();
    for value in values {
        found.push(match value {
            Value::One(literal) => {
                let (from, to) = read(literal)?;
                match op {
                    Op::Above => (to.saturating_add(1), i64::MAX),
                    Op::AtLeast => (from, i64::MAX),
                    Op::Below => (i64::MIN, from.saturating_sub(1)),
                    Op::AtMost => (i64::MIN, to),
                    _ => (from, to),
                }
            }
            Value::Range(from, to) => {
                let from = from.as_ref().map(read).transpose()?;
                let to = to.as_ref().map(read).transpose()?;
                (
                    from.map_or(i64::MIN, |(from, _)| from),
                    to.map_or(i64::MAX, |(_, to)| to),
                )
            }
        });
    }
    Ok((found, op == Op::NotEqual))
}
