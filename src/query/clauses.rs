//! Clauses of a filter as the window adds them and takes them out: a filter is amended, not replaced.
//!
//! A clause is looked for among the terms that all must hold: where a filter is a choice, or a clause
//! stands behind a `not`, taking it out would say something else. What cannot be read is left as it is.

use std::borrow::Cow;
use std::ops::Range;

use super::parse;
use super::syntax::{Clause, Expr, Filter, Key, Op, Value};

/// A value as it is written in quotes.
pub(super) fn quoted(value: &str) -> String {
    let inside = value.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{inside}\"")
}

/// The clause that only events pass where this is exactly so: `type=OrderPlaced`, the value in quotes
/// where it must be.
pub fn clause(key: &str, value: &str) -> String {
    let is_word = !value.is_empty()
        && !value.contains("..")
        && !value.starts_with(['-', '.'])
        && value
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if is_word {
        format!("{key}={value}")
    } else {
        format!("{key}={}", quoted(value))
    }
}

/// Whether all that a filter leaves has to fulfil this clause, because the clause is one of its terms.
pub fn has_clause(filter: &str, clause: &str) -> bool {
    find(filter, clause).is_some()
}

/// A filter and a clause, both of which must hold. What says the opposite of the clause is taken out.
pub fn with_clause(filter: &str, clause: &str) -> String {
    if has_clause(filter, clause) {
        return filter.to_owned();
    }
    let filter = match one(clause) {
        Some(Expr::Not(inner)) => without(filter, &|term| *term == *inner),
        Some(clause) => without(filter, &|term| is_not(term, &clause)),
        None => filter.to_owned(),
    };
    match filter.trim() {
        "" => clause.to_owned(),
        filter => format!("{} {}", whole(filter), whole(clause)),
    }
}

/// A filter as one of several terms: in parentheses where it is a choice.
fn whole(filter: &str) -> Cow<'_, str> {
    let is_choice = parse::outline(filter).is_some_and(|outline| outline.is_choice);
    if is_choice {
        format!("({filter})").into()
    } else {
        filter.into()
    }
}

/// A filter without one of its terms.
pub fn without_clause(filter: &str, clause: &str) -> String {
    match one(clause) {
        Some(clause) => without(filter, &|term| *term == clause),
        None => filter.to_owned(),
    }
}

/// A filter with a clause in the place of those that ask for another value of the same: of lanes one
/// after the other is shown, and not what two have in common.
pub fn only_clause(filter: &str, clause: &str) -> String {
    let Some(Expr::Clause(wanted)) = one(clause) else {
        return with_clause(filter, clause);
    };
    let is_other = |term: &Expr| matches!(term, Expr::Clause(other) if asks_alike(other, &wanted));
    with_clause(&without(filter, &is_other), clause)
}

/// Whether two clauses each ask for values of the same thing.
fn asks_alike(one: &Clause, other: &Clause) -> bool {
    let asks = |clause: &Clause| matches!(clause.op, Op::Is | Op::Equal);
    one.key == other.key && asks(one) && asks(other)
}

fn is_not(term: &Expr, clause: &Expr) -> bool {
    matches!(term, Expr::Not(inner) if **inner == *clause)
}

/// What a text says. Where a value is compared as it is, it means the same in quotes and without.
fn one(text: &str) -> Option<Expr> {
    Filter::parse(text).ok()?.expr.map(unquoted)
}

fn unquoted(expr: Expr) -> Expr {
    match expr {
        Expr::Not(inner) => Expr::Not(Box::new(unquoted(*inner))),
        Expr::Clause(mut clause) if is_name(&clause.key) && clause.op == Op::Equal => {
            for value in &mut clause.values {
                if let Value::One(literal) = value {
                    literal.quoted = false;
                }
            }
            Expr::Clause(clause)
        }
        other => other,
    }
}

fn is_name(key: &Key) -> bool {
    matches!(
        key,
        Key::Type | Key::Stream | Key::Category | Key::Corr | Key::Cause | Key::Id | Key::User
    )
}

/// Where a clause stands among the terms that all must hold.
fn find(filter: &str, clause: &str) -> Option<Range<usize>> {
    let clause = one(clause)?;
    let outline = parse::outline(filter).filter(|outline| !outline.is_choice)?;
    let mut terms = outline.terms.into_iter();
    terms.find(|range| is_one(filter, range, &|term| *term == clause))
}

fn is_one(filter: &str, range: &Range<usize>, is_meant: &dyn Fn(&Expr) -> bool) -> bool {
    let term = filter.get(range.clone()).and_then(one);
    term.is_some_and(|term| is_meant(&term))
}

/// A filter without those of its terms that are meant, and what joins them; a choice stays as it is.
fn without(filter: &str, is_meant: &dyn Fn(&Expr) -> bool) -> String {
    let outline = parse::outline(filter).filter(|outline| !outline.is_choice);
    let Some(terms) = outline.map(|outline| outline.terms) else {
        return filter.to_owned();
    };
    let mut left = String::new();
    let mut end = 0;
    for range in &terms {
        if !is_one(filter, range, is_meant) {
            // The first one that stays is not joined to anything.
            let from = if left.is_empty() { range.start } else { end };
            left.push_str(filter.get(from..range.end).unwrap_or_default());
        }
        end = range.end;
    }
    bare(&left).to_owned()
}

/// What stands between parentheses that enclose all of a filter.
fn bare(filter: &str) -> &str {
    let outline = parse::outline(filter);
    let is_alone = outline.is_some_and(|outline| outline.terms.len() == 1);
    let inside = filter
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    inside.filter(|_| is_alone).map_or(filter, str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_narrows_a_filter_that_is_a_choice() {
        let filter = with_clause("type=A or type=B", "at:A..B");
        assert_eq!(filter, "(type=A or type=B) at:A..B");
        assert_eq!(without_clause(&filter, "at:A..B"), "type=A or type=B");
        assert_eq!(with_clause("  ", "type=A"), "type=A");
        assert_eq!(without_clause("type=A", "type=A"), "");
        assert_eq!(
            without_clause("type=A or type=B", "type=A"),
            "type=A or type=B"
        );
    }

    #[test]
    fn a_clause_behind_a_not_is_another_one_and_joining_words_go_with_their_clause() {
        assert!(!has_clause("not type=\"A\"", "type=A"));
        assert_eq!(
            with_clause("is:first not type=A", "type=A"),
            "is:first type=A"
        );
        assert_eq!(
            with_clause("type=A is:first", "-type=A"),
            "is:first -type=A"
        );
        let three = "type=\"A\" and v:1  and size:2";
        assert_eq!(without_clause(three, "type=A"), "v:1  and size:2");
        assert_eq!(without_clause(three, "v:1"), "type=\"A\"  and size:2");
        assert_eq!(without_clause(three, "size:2"), "type=\"A\" and v:1");
        assert!(has_clause("not type=A", "-type=\"A\""));
    }

    #[test]
    fn only_one_value_of_a_thing_is_asked_for_at_a_time() {
        assert_eq!(
            only_clause("category=a is:first", "category=b"),
            "is:first category=b"
        );
        assert_eq!(only_clause("type=A", "category=b"), "type=A category=b");
        assert_eq!(only_clause("category=b", "category=b"), "category=b");
        assert_eq!(
            only_clause("type=A or v:1", "type=B"),
            "(type=A or v:1) type=B"
        );
        assert_eq!(
            only_clause("pos>7 pos<9 -type=A", "pos=8"),
            "pos>7 pos<9 -type=A pos=8"
        );
    }

    #[test]
    fn what_cannot_be_read_is_only_added_to() {
        assert_eq!(with_clause("type=", "v:1"), "type= v:1");
        assert_eq!(without_clause("(v:1", "v:1"), "(v:1");
    }
}
