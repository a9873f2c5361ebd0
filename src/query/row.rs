//! A condition held against one state: for tables and lists of states.

use super::context::Context;
use super::error::QueryError;
use super::operand::{Operand, Reach};
use super::parse::{self, Mode};
use super::path::{At, Path};
use super::syntax::{Expr, Filter, Key};
use super::text::Finder;
use crate::event::json::Json;

/// A condition on the state of a stream, such as `status=Shipped total>100`.
///
/// Paths need no root; `stream:` and `category:` are the stream's; free text stands anywhere in the
/// stream's name or its state.
#[derive(Debug)]
pub struct RowFilter {
    node: Option<Node>,
}

#[derive(Debug)]
enum Node {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Stream(Operand),
    Category(Operand),
    Path(Path, Option<Operand>),
    Text(Finder),
}

impl RowFilter {
    /// Reads a condition; times count from `context`.
    pub fn parse(text: &str, context: &Context) -> Result<Self, QueryError> {
        let Filter { expr } = parse::filter(text, Mode::States)?;
        let node = expr.map(|expr| node(&expr, context)).transpose()?;
        Ok(Self { node })
    }

    /// Whether a stream of this name and category passes in this state.
    pub fn holds(&self, stream: &str, category: &str, state: &Json) -> bool {
        self.node
            .as_ref()
            .is_none_or(|node| node.holds(stream, category, state))
    }

    /// Whether all fields that it compares are there, so that what it says of the state is known.
    pub fn is_judged(&self, state: &Json) -> bool {
        self.node.as_ref().is_none_or(|node| node.is_judged(state))
    }
}

fn node(expr: &Expr, context: &Context) -> Result<Node, QueryError> {
    let nodes = |parts: &[Expr]| -> Result<Vec<Node>, QueryError> {
        parts.iter().map(|part| node(part, context)).collect()
    };
    match expr {
        Expr::And(parts) => nodes(parts).map(Node::And),
        Expr::Or(parts) => nodes(parts).map(Node::Or),
        Expr::Not(inner) => Ok(Node::Not(Box::new(node(inner, context)?))),
        Expr::Has(path, _) => Ok(Node::Path(path.clone(), None)),
        Expr::Text(literal) => Finder::new(literal).map(Node::Text),
        Expr::Is(_, span) => {
            let sentence = "is: speaks of events, and here are states";
            Err(QueryError::new(span.clone(), sentence))
        }
        Expr::Clause(clause) => {
            let operand = |reach| Operand::reaching(clause.op, &clause.values, context, reach);
            match &clause.key {
                Key::Stream => operand(Reach::Beginning).map(Node::Stream),
                Key::Category => operand(Reach::Whole).map(Node::Category),
                Key::Path(path) => Ok(Node::Path(path.clone(), Some(operand(Reach::Whole)?))),
                other => {
                    let sentence = format!("{other} speaks of events, and here are states");
                    Err(QueryError::new(clause.key_span.clone(), sentence))
                }
            }
        }
    }
}

impl Node {
    fn is_judged(&self, state: &Json) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().all(|part| part.is_judged(state)),
            Self::Not(inner) => inner.is_judged(state),
            Self::Path(path, Some(_)) => path.first(state).is_some(),
            Self::Path(_, None) | Self::Stream(_) | Self::Category(_) | Self::Text(_) => true,
        }
    }

    fn holds(&self, stream: &str, category: &str, state: &Json) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.holds(stream, category, state)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(stream, category, state)),
            Self::Not(inner) => !inner.holds(stream, category, state),
            Self::Stream(operand) => operand.holds_text(stream),
            Self::Category(operand) => operand.holds_text(category),
            Self::Path(path, operand) => path.any(state, &mut |at: At<'_>| {
                operand.as_ref().is_none_or(|operand| operand.holds(&at))
            }),
            Self::Text(finder) => finder.is_in(stream) || finder.is_in_value(state),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_held_against_conditions_without_roots() {
        let state = br#"{"status":"Shipped","total":"100.50","lines":[{"sku":"A"},{"sku":"B"}],
            "id":7,"note":null}"#;
        let state = crate::event::json::parse(state).unwrap();
        let holds = |text: &str| {
            RowFilter::parse(text, &Context::default()).unwrap().holds(
                "order-1220",
                "order",
                &state,
            )
        };
        assert!(holds("") && holds("status=Shipped total>100") && holds("status:ship*"));
        assert!(holds("lines[*].sku=B lines.length=2 has:note id:7"));
        assert!(holds("stream:order-12 category:order") && holds("shipped") && !holds("\"sku C\""));
        assert!(!holds("total>100.50") && holds("total>=100.5") && holds("status!=Placed,Paid"));
        assert!(!holds("missing!=1") && holds("-has:missing") && holds("(total<1 or id=7)"));
        assert!(RowFilter::parse("is:first", &Context::default()).is_err());
    }
}
