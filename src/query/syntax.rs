//! What a filter says: clauses, joined by and, or and not; and how it is written.

use std::fmt::{self, Display as _};

use super::error::{QueryError, Span};
use super::parse;
use super::path::Path;

/// A filter as read. It prints as text that reads back as the same filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// What must hold; `None` where everything passes.
    pub expr: Option<Expr>,
}

/// A condition on one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// All of these hold; at least two.
    And(Vec<Self>),
    /// One of these holds; at least two.
    Or(Vec<Self>),
    /// This does not hold.
    Not(Box<Self>),
    /// A comparison.
    Clause(Clause),
    /// There is something at this path.
    Has(Path, Span),
    /// The event is of a kind.
    Is(Flag, Span),
    /// This text stands somewhere in it.
    Text(Literal),
}

/// A comparison of something of an event with values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// What is compared.
    pub key: Key,
    /// Where the key stands.
    pub key_span: Span,
    /// How.
    pub op: Op,
    /// With what: one of these, or for [`Op::NotEqual`] none of them. At least one.
    pub values: Vec<Value>,
}

/// What of an event is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// Its type.
    Type,
    /// Its stream's name.
    Stream,
    /// Its stream's category.
    Category,
    /// Its correlation id.
    Corr,
    /// Its causation id.
    Cause,
    /// Its own id.
    Id,
    /// Who did it.
    User,
    /// Its position.
    Pos,
    /// Its version.
    V,
    /// Its time.
    At,
    /// Its time, from a moment on.
    After,
    /// Its time, before a moment.
    Before,
    /// The size of its data in bytes.
    Size,
    /// A value inside its data, metadata, or a state.
    Path(Path),
}

/// How it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `:`, equal without regard to case, with wildcards.
    Is,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `~`
    Matches,
}

/// A value, or all between two, both included; an open end has no limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// One.
    One(Literal),
    /// From the first to the second.
    Range(Option<Literal>, Option<Literal>),
}

/// A value as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// What it says, without quotes and escapes.
    pub text: String,
    /// Whether it stood in quotes.
    pub quoted: bool,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// A kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// At or before the playhead.
    Past,
    /// After the playhead.
    Future,
    /// With a bookmark.
    Bookmarked,
    /// With a finding.
    Finding,
    /// That cannot be read, or whose data are there and no JSON.
    Unreadable,
    /// The first of its stream.
    First,
    /// The last of its stream.
    Last,
    /// Without a cause.
    Root,
    /// With a cause that is no event of the history.
    Orphan,
    /// After which the store saved the state of its stream.
    Snapshot,
}

impl Filter {
    /// Reads a filter; an empty text passes everything. Knows no history: see
    /// [`check_names`](super::check_names).
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        parse::filter(text, parse::Mode::Events)
    }
}

/// On what the answer of a filter depends beside the history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// On the playhead.
    pub playhead: bool,
    /// On the markers A and B.
    pub markers: bool,
    /// On the bookmarks.
    pub bookmarks: bool,
    /// On the findings of the audit.
    pub findings: bool,
}

impl Filter {
    /// On what its answer depends beside the history, the day and the zone.
    pub fn needs(&self) -> Needs {
        let mut needs = Needs::default();
        if let Some(expr) = &self.expr {
            gather_needs(expr, &mut needs);
        }
        needs
    }
}

fn gather_needs(expr: &Expr, needs: &mut Needs) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => {
            for part in parts {
                gather_needs(part, needs);
            }
        }
        Expr::Not(inner) => gather_needs(inner, needs),
        Expr::Is(flag, _) => match flag {
            Flag::Past | Flag::Future => needs.playhead = true,
            Flag::Bookmarked => needs.bookmarks = true,
            Flag::Finding => needs.findings = true,
            _ => {}
        },
        Expr::Clause(clause) => {
            let literals = clause.values.iter().flat_map(|value| match value {
                Value::One(literal) => [Some(literal), None],
                Value::Range(from, to) => [from.as_ref(), to.as_ref()],
            });
            for literal in literals.flatten() {
                match literal.text.as_str() {
                    "A" | "B" => needs.markers = true,
                    // `-2h` counts from the playhead.
                    text => needs.playhead |= text == "playhead" || text.starts_with(['-', '+']),
                }
            }
        }
        Expr::Has(..) | Expr::Text(_) => {}
    }
}

impl Key {
    /// The words that are keys, with what they mean; paths beside them.
    pub const WORDS: [(&'static str, Self); 13] = [
        ("type", Self::Type),
        ("stream", Self::Stream),
        ("category", Self::Category),
        ("corr", Self::Corr),
        ("cause", Self::Cause),
        ("id", Self::Id),
        ("user", Self::User),
        ("pos", Self::Pos),
        ("v", Self::V),
        ("at", Self::At),
        ("after", Self::After),
        ("before", Self::Before),
        ("size", Self::Size),
    ];

    /// The key of a word, in any case.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(word))
            .map(|(_, key)| key.clone())
    }
}

impl Op {
    /// How it is written; those that begin with another one stand before it.
    pub const ALL: [(&'static str, Self); 8] = [
        ("!=", Self::NotEqual),
        (">=", Self::AtLeast),
        ("<=", Self::AtMost),
        (":", Self::Is),
        ("=", Self::Equal),
        (">", Self::Above),
        ("<", Self::Below),
        ("~", Self::Matches),
    ];

    /// How it is written.
    pub fn sign(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, op)| *op == self)
            .map_or(":", |(sign, _)| *sign)
    }

    /// Whether it asks for an order of values.
    pub const fn is_order(self) -> bool {
        matches!(
            self,
            Self::Above | Self::AtLeast | Self::Below | Self::AtMost
        )
    }

    /// Whether it holds for something that stands so to the value.
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Is | Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Above => order.is_gt(),
            Self::AtLeast => order.is_ge(),
            Self::Below => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Matches => false,
        }
    }
}

impl Flag {
    /// The words that are flags.
    pub const WORDS: [(&'static str, Self); 10] = [
        ("past", Self::Past),
        ("future", Self::Future),
        ("bookmarked", Self::Bookmarked),
        ("finding", Self::Finding),
        ("unreadable", Self::Unreadable),
        ("first", Self::First),
        ("last", Self::Last),
        ("root", Self::Root),
        ("orphan", Self::Orphan),
        ("snapshot", Self::Snapshot),
    ];

    /// The flag of a word, in any case.
    pub fn of_word(word: &str) -> Option<Self> {
        let known = |(name, _): &&(&str, Self)| name.eq_ignore_ascii_case(word);
        Self::WORDS.iter().find(known).map(|(_, flag)| *flag)
    }

    fn word(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(_, flag)| *flag == self)
            .map_or("", |(word, _)| *word)
    }
}

impl Expr {
    /// All of these, without an and inside an and.
    pub(super) fn and(parts: Vec<Self>) -> Option<Self> {
        let flat = parts.into_iter().flat_map(|part| match part {
            Self::And(inner) => inner,
            other => vec![other],
        });
        one_or(flat.collect(), Self::And)
    }

    /// One of these, without an or inside an or.
    pub(super) fn or(parts: Vec<Self>) -> Option<Self> {
        let flat = parts.into_iter().flat_map(|part| match part {
            Self::Or(inner) => inner,
            other => vec![other],
        });
        one_or(flat.collect(), Self::Or)
    }
}

fn one_or(mut parts: Vec<Expr>, join: impl Fn(Vec<Expr>) -> Expr) -> Option<Expr> {
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(join(parts)),
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.expr {
            Some(expr) => expr.fmt(f),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(parts) => joined(f, parts, " ", |part| matches!(part, Self::Or(_))),
            Self::Or(parts) => joined(f, parts, " or ", |_| false),
            Self::Not(inner) if matches!(**inner, Self::And(_) | Self::Or(_) | Self::Not(_)) => {
                write!(f, "-({inner})")
            }
            Self::Not(inner) => write!(f, "-{inner}"),
            Self::Clause(clause) => clause.fmt(f),
            Self::Has(path, _) => write!(f, "has:{path}"),
            Self::Is(flag, _) => write!(f, "is:{}", flag.word()),
            Self::Text(literal) => literal.fmt(f),
        }
    }
}

fn joined(
    f: &mut fmt::Formatter<'_>,
    parts: &[Expr],
    between: &str,
    needs_parentheses: impl Fn(&Expr) -> bool,
) -> fmt::Result {
    for (n, part) in parts.iter().enumerate() {
        f.write_str(if n > 0 { between } else { "" })?;
        if needs_parentheses(part) {
            write!(f, "({part})")?;
        } else {
            part.fmt(f)?;
        }
    }
    Ok(())
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.key, self.op.sign())?;
        for (n, value) in self.values.iter().enumerate() {
            f.write_str(if n > 0 { "," } else { "" })?;
            value.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.fmt(f),
            word => {
                let found = Self::WORDS.iter().find(|(_, key)| key == word);
                f.write_str(found.map_or("", |(word, _)| *word))
            }
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(literal) => literal.fmt(f),
            Self::Range(from, to) => {
                from.iter().try_for_each(|from| from.fmt(f))?;
                f.write_str("..")?;
                to.iter().try_for_each(|to| to.fmt(f))
            }
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.quoted {
            return f.write_str(&self.text);
        }
        f.write_str("\"")?;
        for c in self.text.chars() {
            if matches!(c, '"' | '\\') {
                f.write_str("\\")?;
            }
            write!(f, "{c}")?;
        }
        f.write_str("\"")
    }
}
