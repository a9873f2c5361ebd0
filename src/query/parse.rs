//! Reads a filter: the grammar of the language, without any history.

use std::ops::Range;

use super::error::{QueryError, Span};
use super::path::{Path, PathStep, Root};
use super::read::Reader;
use super::syntax::{Clause, Expr, Filter, Flag, Key, Op, Value};

/// The longest text that is read, in bytes.
pub const MAX_LENGTH: usize = 8192;
/// How deep parentheses may stand in each other.
const MAX_DEPTH: usize = 64;
/// The most steps of a path.
const MAX_STEPS: usize = 64;
/// The most comparisons of a filter.
pub(super) const MAX_CLAUSES: usize = 64;

/// About what a filter speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// About events: paths have a root.
    Events,
    /// About states: a path without a root is one of the state.
    States,
}

/// Where the terms of a filter stand that are in no parentheses.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// Each with its `not`, in order.
    pub(super) terms: Vec<Range<usize>>,
    /// Whether an `or` stands between some of them.
    pub(super) is_choice: bool,
}

/// Reads a filter.
pub(super) fn filter(text: &str, mode: Mode) -> Result<Filter, QueryError> {
    let (expr, _) = read(text, mode)?;
    Ok(Filter { expr })
}

/// The outline of a filter on events; `None` where it cannot be read.
pub(super) fn outline(text: &str) -> Option<Outline> {
    let (_, outline) = read(text, Mode::Events).ok()?;
    Some(outline)
}

fn read(text: &str, mode: Mode) -> Result<(Option<Expr>, Outline), QueryError> {
    check_length(text)?;
    let mut parser = Parser {
        reader: Reader::new(text),
        mode,
        depth: 0,
        n_clauses: 0,
        outline: Outline::default(),
    };
    let expr = parser.query()?;
    if parser.reader.peek().is_some() {
        let at = parser.reader.at;
        let sentence = "This closing parenthesis has no opening one";
        return Err(QueryError::new(Span::new(at, at + 1), sentence));
    }
    Ok((expr, parser.outline))
}

pub(super) fn check_length(text: &str) -> Result<(), QueryError> {
    if text.len() <= MAX_LENGTH {
        return Ok(());
    }
    let sentence = format!("This is too long: at most {MAX_LENGTH} bytes are read");
    Err(QueryError::new(Span::new(0, text.len()), sentence))
}

struct Parser<'a> {
    reader: Reader<'a>,
    mode: Mode,
    depth: usize,
    n_clauses: usize,
    outline: Outline,
}

impl Parser<'_> {
    /// Terms up to a closing parenthesis or the end; `None` where there is none.
    fn query(&mut self) -> Result<Option<Expr>, QueryError> {
        let (mut alternatives, mut terms) = (Vec::new(), Vec::new());
        // A word that joins, and waits for what comes after it.
        let mut joint: Option<(Span, &'static str)> = None;
        loop {
            self.reader.skip_space();
            if matches!(self.reader.peek(), None | Some(')')) {
                break;
            }
            if let Some((span, word)) = self.joining_word() {
                if terms.is_empty() || joint.is_some() {
                    return Err(lonely(span, word));
                }
                if word == "or" {
                    self.outline.is_choice |= self.depth == 0;
                    alternatives.extend(Expr::and(std::mem::take(&mut terms)));
                }
                joint = Some((span, word));
                continue;
            }
            joint = None;
            let start = self.reader.at;
            terms.push(self.term()?);
            if self.depth == 0 {
                self.outline.terms.push(start..self.reader.at);
            }
        }
        if let Some((span, word)) = joint {
            return Err(lonely(span, word));
        }
        alternatives.extend(Expr::and(terms));
        Ok(Expr::or(alternatives))
    }

    fn joining_word(&mut self) -> Option<(Span, &'static str)> {
        let known = |word: &str| {
            ["and", "or"]
                .into_iter()
                .find(|known| known.eq_ignore_ascii_case(word))
        };
        self.keyword(known)
    }

    /// A word by itself, without a sign after it.
    fn keyword(
        &mut self,
        known: impl Fn(&str) -> Option<&'static str>,
    ) -> Option<(Span, &'static str)> {
        let before = self.reader.at;
        let name = self
            .reader
            .name()
            .ok()
            .map(|(range, word)| (range, known(word)));
        if let Some((range, Some(word))) = name {
            let end = self.reader.at;
            let has_sign = self.reader.sign().is_some();
            self.reader.at = end;
            if !has_sign {
                return Some((Span(range), word));
            }
        }
        self.reader.at = before;
        None
    }

    fn term(&mut self) -> Result<Expr, QueryError> {
        let start = self.reader.at;
        let is_not = |word: &str| word.eq_ignore_ascii_case("not").then_some("not");
        let negated = if let Some((span, word)) = self.keyword(is_not) {
            self.reader.skip_space();
            if matches!(self.reader.peek(), None | Some(')')) {
                return Err(QueryError::new(
                    span,
                    format!("{word} needs something after it"),
                ));
            }
            true
        } else {
            self.reader.peek() == Some('-')
                && self
                    .reader
                    .rest()
                    .chars()
                    .nth(1)
                    .is_some_and(|c| !c.is_whitespace() && c != ')')
                && self.reader.eat('-')
        };
        let atom = self.atom(start)?;
        Ok(if negated {
            Expr::Not(Box::new(atom))
        } else {
            atom
        })
    }

    fn atom(&mut self, start: usize) -> Result<Expr, QueryError> {
        match self.reader.peek() {
            Some('(') => return self.parenthesis(),
            Some(',') => {
                let span = Span::new(self.reader.at, self.reader.at + 1);
                let sentence = "A comma stands only between values";
                return Err(QueryError::new(span, sentence));
            }
            _ => {}
        }
        self.n_clauses += 1;
        if self.n_clauses > MAX_CLAUSES {
            let span = Span::new(start, self.reader.text.len());
            let sentence = format!("This is too much: at most {MAX_CLAUSES} conditions are read");
            return Err(QueryError::new(span, sentence));
        }
        if self.reader.peek() == Some('"') && !self.is_quoted_path() {
            return self.reader.string().map(Expr::Text);
        }
        let (range, word) = self.reader.name()?;
        let Some((op, sign)) = self.reader.sign() else {
            return self.text(range, word);
        };
        let key_span = Span(range);
        if word.is_empty() {
            let sentence = format!("{} needs a name before it", op.sign());
            return Err(QueryError::new(sign, sentence));
        }
        if op == Op::Is && word.eq_ignore_ascii_case("has") {
            return self.has(&key_span);
        }
        if op == Op::Is && word.eq_ignore_ascii_case("is") {
            return self.flag(&key_span);
        }
        let key = self.key(word, &key_span)?;
        let values = values(&mut self.reader, op, &sign, word)?;
        Ok(Expr::Clause(Clause {
            key,
            key_span,
            op,
            values,
        }))
    }

    /// A name of the state in quotes, with a sign after it.
    fn is_quoted_path(&self) -> bool {
        if self.mode != Mode::States {
            return false;
        }
        let mut ahead = Reader::new(self.reader.text);
        ahead.at = self.reader.at;
        ahead.string().is_ok() && (ahead.rest().starts_with(['.', '[']) || ahead.sign().is_some())
    }

    fn parenthesis(&mut self) -> Result<Expr, QueryError> {
        let open = Span::new(self.reader.at, self.reader.at + 1);
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let sentence = format!("Parentheses stand at most {MAX_DEPTH} deep");
            return Err(QueryError::new(open, sentence));
        }
        self.reader.eat('(');
        let inner = self.query()?;
        if !self.reader.eat(')') {
            return Err(QueryError::new(open, "A closing parenthesis is missing"));
        }
        self.depth -= 1;
        let span = Span::new(open.0.start, self.reader.at);
        inner.ok_or_else(|| QueryError::new(span, "There is nothing between the parentheses"))
    }

    fn text(&self, range: Range<usize>, word: &str) -> Result<Expr, QueryError> {
        if word.is_empty() {
            let at = range.start;
            let length = self.reader.peek().map_or(0, char::len_utf8);
            let span = Span::new(at, at + length);
            let sign = &self.reader.text[at..at + length];
            let sentence = format!("{sign} is not read here: put it in quotes");
            return Err(QueryError::new(span, sentence));
        }
        let span = Span(range);
        let is_path = self.mode == Mode::Events
            && Root::WORDS.iter().any(|(root, _)| {
                word.strip_prefix(root)
                    .is_some_and(|rest| rest.starts_with(['.', '[']))
            });
        if is_path {
            let sentence = format!(
                "{word} needs a comparison: write {word}=…, has:{word}, or put it in quotes"
            );
            return Err(QueryError::new(span, sentence));
        }
        Ok(Expr::Text(super::syntax::Literal {
            text: word.to_owned(),
            quoted: false,
            span,
        }))
    }

    fn has(&mut self, key: &Span) -> Result<Expr, QueryError> {
        self.reader.skip_space();
        let (range, word) = if self.is_quoted_name() {
            quoted_name(&mut self.reader)?
        } else {
            self.reader.name()?
        };
        if word.is_empty() {
            return Err(QueryError::new(key.clone(), "has: needs a path after it"));
        }
        let path = path(word, range.start, self.mode)?;
        Ok(Expr::Has(path, Span::new(key.0.start, self.reader.at)))
    }

    fn is_quoted_name(&self) -> bool {
        self.mode == Mode::States && self.reader.peek() == Some('"')
    }

    fn flag(&mut self, key: &Span) -> Result<Expr, QueryError> {
        self.reader.skip_space();
        let (range, word) = self.reader.name()?;
        if word.is_empty() {
            return Err(QueryError::new(key.clone(), "is: needs a word after it"));
        }
        let known = Flag::WORDS.iter().map(|(word, _)| *word);
        let span = Span(range);
        let flag =
            Flag::of_word(word).ok_or_else(|| QueryError::no_word(span.clone(), word, known))?;
        Ok(Expr::Is(flag, span))
    }

    fn key(&self, word: &str, span: &Span) -> Result<Key, QueryError> {
        let is_path = |root: &str| {
            let rest = word.strip_prefix(root);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        if self.mode == Mode::States {
            return match Key::of_word(word) {
                Some(key @ (Key::Stream | Key::Category)) => Ok(key),
                _ => path(word, span.0.start, self.mode).map(Key::Path),
            };
        }
        if Root::WORDS.iter().any(|(root, _)| is_path(root)) {
            return path(word, span.0.start, self.mode).map(Key::Path);
        }
        let known = Key::WORDS
            .iter()
            .map(|(word, _)| *word)
            .chain(["has", "is"])
            .chain(Root::WORDS.iter().map(|(word, _)| *word));
        Key::of_word(word).ok_or_else(|| QueryError::no_word(span.clone(), word, known))
    }
}

/// A path that begins with a name in quotes.
pub(super) fn quoted_name<'a>(
    reader: &mut Reader<'a>,
) -> Result<(Range<usize>, &'a str), QueryError> {
    let start = reader.at;
    reader.string()?;
    reader.name()?;
    Ok((start..reader.at, &reader.text[start..reader.at]))
}

fn lonely(span: Span, word: &str) -> QueryError {
    let sentence =
        format!("{word} needs something on both sides; to search for it, put it in quotes");
    QueryError::new(span, sentence)
}

/// The values after a sign, with commas between them.
pub(super) fn values(
    reader: &mut Reader<'_>,
    op: Op,
    sign: &Span,
    name: &str,
) -> Result<Vec<Value>, QueryError> {
    const MAX_VALUES: usize = 1000;
    let mut values = Vec::new();
    loop {
        reader.skip_space();
        let start = reader.at;
        let value = reader.value(op != Op::Matches)?;
        let Some(value) = value.filter(|_| values.len() < MAX_VALUES) else {
            let sentence = format!("{name}{} needs a value after it", op.sign());
            return Err(QueryError::new(sign.clone(), sentence));
        };
        let span = Span::new(start, reader.at);
        if let Value::One(literal) = &value
            && !literal.quoted
            && literal.text.starts_with([':', '=', '!', '<', '>', '~'])
        {
            let sentence = format!("{}{} is no comparison", op.sign(), &literal.text[..1]);
            let both = Span::new(sign.0.start, start + 1);
            return Err(QueryError::new(both, sentence));
        }
        if op.is_order() && matches!(value, Value::Range(..)) {
            let sentence = format!("A range goes with : and not with {}", op.sign());
            return Err(QueryError::new(span, sentence));
        }
        values.push(value);
        let before = reader.at;
        reader.skip_space();
        if !reader.eat(',') {
            reader.at = before;
            return Ok(values);
        }
    }
}

/// Reads a path; `start` is where its text stands.
pub(super) fn path(word: &str, start: usize, mode: Mode) -> Result<Path, QueryError> {
    let wrong = |at: usize, sentence: &str| {
        QueryError::new(Span::new(start + at, start + word.len()), sentence)
    };
    let mut reader = Reader::new(word);
    let root = Root::WORDS.into_iter().find_map(|(name, root)| {
        let rest = word.strip_prefix(name)?;
        let is_root = mode == Mode::Events || root == Root::State;
        let is_whole = rest.is_empty() && mode == Mode::Events;
        (is_root && (is_whole || rest.starts_with(['.', '[']))).then_some((name.len(), root))
    });
    if let Some((length, _)) = root {
        reader.at = length;
    }
    let mut steps = Vec::new();
    while reader.peek().is_some() {
        if steps.len() == MAX_STEPS {
            return Err(wrong(reader.at, "This path has too many steps"));
        }
        let at = reader.at;
        if reader.eat('[') {
            let inside = reader.rest().split(']').next().unwrap_or("");
            let step = match inside {
                "*" => Some(PathStep::Each),
                digits => digits.parse().ok().map(PathStep::Index),
            };
            reader.at += inside.len();
            match step {
                Some(step) if reader.eat(']') => steps.push(step),
                _ => return Err(wrong(at, "Between [ and ] stands a number or *")),
            }
            continue;
        }
        let is_first = steps.is_empty() && root.is_none();
        if !is_first && !reader.eat('.') {
            return Err(wrong(at, "The steps of a path stand apart by points"));
        }
        steps.push(PathStep::Name(
            step_name(&mut reader).ok_or_else(|| wrong(at, "A step of this path has no name"))?,
        ));
    }
    // In a question `state.balance` and `balance` are the same.
    let root = root.map(|(_, root)| root).filter(|_| mode == Mode::Events);
    Ok(Path { root, steps })
}

fn step_name(reader: &mut Reader<'_>) -> Option<String> {
    if reader.peek() == Some('"') {
        return reader.string().ok().map(|literal| literal.text);
    }
    let rest = reader.rest();
    let end = rest.find(['.', '[', ']', '"']).unwrap_or(rest.len());
    reader.at += end;
    (end > 0).then(|| rest[..end].to_owned())
}
