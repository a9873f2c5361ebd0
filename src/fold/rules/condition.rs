//! On which condition a sentence does something.

use std::cmp::Ordering;
use std::fmt;

use super::sentence::Source;
use crate::event::json::Json;
use crate::fold::merge::kind;

/// One condition, such as `data.amount > 0`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    pub(super) left: Source,
    pub(super) test: Test,
}

/// What is asked of a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    /// `exists`: there is one, null included.
    Exists,
    /// `is missing`: there is none.
    Missing,
    /// How it compares with another one; where one of the two is missing this does not hold.
    Compare(Comparison, Source),
}

/// How two values compare: numbers by their exact value, texts by their characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// All comparisons with the sign for each.
pub(super) const COMPARISONS: [(Comparison, &str); 6] = [
    (Comparison::Equal, "="),
    (Comparison::NotEqual, "!="),
    (Comparison::Less, "<"),
    (Comparison::AtMost, "<="),
    (Comparison::More, ">"),
    (Comparison::AtLeast, ">="),
];

impl Condition {
    /// Every source that it mentions.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Source> {
        let right = match &self.test {
            Test::Compare(_, right) => Some(right),
            Test::Exists | Test::Missing => None,
        };
        std::iter::once(&self.left).chain(right)
    }
}

impl Comparison {
    /// Whether it holds; an error where these two cannot be put in order.
    pub(super) fn holds(self, left: &Json, right: &Json) -> Result<bool, String> {
        match self {
            Self::Equal => return Ok(left == right),
            Self::NotEqual => return Ok(left != right),
            Self::Less | Self::AtMost | Self::More | Self::AtLeast => {}
        }
        let order = match (left.as_decimal(), right.as_decimal(), left, right) {
            (Some(left), Some(right), ..) => left.cmp(&right),
            (_, _, Json::Text(left), Json::Text(right)) => left.cmp(right),
            _ => {
                let (left, right) = (kind(left), kind(right));
                return Err(format!("{left} cannot be compared with {right}"));
            }
        };
        Ok(match self {
            Self::Less => order == Ordering::Less,
            Self::AtMost => order != Ordering::Greater,
            Self::More => order == Ordering::Greater,
            Self::AtLeast => order != Ordering::Less,
            Self::Equal | Self::NotEqual => order == Ordering::Equal,
        })
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = &self.left;
        match &self.test {
            Test::Exists => write!(f, "{left} exists"),
            Test::Missing => write!(f, "{left} is missing"),
            Test::Compare(comparison, right) => {
                let named = COMPARISONS
                    .into_iter()
                    .find(|(known, _)| known == comparison);
                write!(f, "{left} {} {right}", named.map_or("", |(_, sign)| sign))
            }
        }
    }
}
