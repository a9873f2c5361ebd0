//! What a filter names and the history does not have: told before anything is searched.

use super::context::Context;
use super::error::{QueryError, Span, nearest};
use super::glob::Glob;
use super::number::Number;
use super::path::{Path, Root};
use super::syntax::{Clause, Expr, Filter, Key, Literal, Op, Value};
use super::text;
use crate::event::json::Json;
use crate::event::{EventDetail, Place, Position, Want};
use crate::history::History;

/// So many events are looked at to learn what a field holds.
const SAMPLE: usize = 256;

/// Whether a history has what a filter names: its types, streams and categories; and whether what is
/// compared by size has one. Reads some events where a field is compared with a text.
pub fn check_names(
    filter: &Filter,
    history: &History,
    context: &Context,
) -> Result<(), QueryError> {
    match &filter.expr {
        Some(expr) => check(expr, history, context),
        None => Ok(()),
    }
}

fn check(expr: &Expr, history: &History, context: &Context) -> Result<(), QueryError> {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts
            .iter()
            .try_for_each(|part| check(part, history, context)),
        Expr::Not(inner) => check(inner, history, context),
        Expr::Clause(clause) => check_clause(clause, history, context),
        Expr::Has(..) | Expr::Is(..) | Expr::Text(_) => Ok(()),
    }
}

fn check_clause(clause: &Clause, history: &History, context: &Context) -> Result<(), QueryError> {
    for value in &clause.values {
        let Value::One(literal) = value else {
            continue;
        };
        match &clause.key {
            Key::Path(path) if clause.op.is_order() => {
                check_order(path, clause.op, literal, history, context)?;
            }
            Key::Type | Key::Stream | Key::Category
                if clause.op != Op::Matches && !clause.op.is_order() =>
            {
                check_name(&clause.key, clause.op, literal, history)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_name(key: &Key, op: Op, literal: &Literal, history: &History) -> Result<(), QueryError> {
    let log = &history.log;
    let fits: Box<dyn Fn(&str) -> bool> = if op == Op::Is {
        let is_open = *key == Key::Stream;
        let glob = match (literal.quoted, is_open) {
            (true, _) => Glob::literal(&literal.text, is_open),
            (false, true) => Glob::beginning(&literal.text),
            (false, false) => Glob::whole(&literal.text),
        };
        Box::new(move |name| glob.matches(name))
    } else {
        Box::new(|name| name == literal.text)
    };
    let shown = &literal.text;
    let wrong = |sentence: String, meant: Option<&str>| {
        Err(QueryError {
            span: literal.span.clone(),
            sentence,
            meant: meant.map(str::to_owned),
        })
    };
    let names: &[Box<str>] = match key {
        Key::Stream => {
            if log.streams().any(|stream| fits(log.stream_name(stream))) {
                return Ok(());
            }
            let verb = if op == Op::Is {
                "starts with"
            } else {
                "is named"
            };
            return wrong(format!("No stream {verb} {shown}"), None);
        }
        Key::Category => log.category_names(),
        _ => log.type_names(),
    };
    if names.iter().any(|name| fits(name)) {
        return Ok(());
    }
    let meant = nearest(shown, names.iter().map(AsRef::as_ref));
    wrong(format!("No {key} is named {shown}"), meant)
}

/// What is compared by size must be a number or a time.
fn check_order(
    path: &Path,
    op: Op,
    literal: &Literal,
    history: &History,
    context: &Context,
) -> Result<(), QueryError> {
    let is_number = !literal.quoted && Number::parse(&literal.text).is_some();
    if is_number || context.stretch(&literal.text).is_some() {
        return Ok(());
    }
    let sentence = match field(path) {
        Some(name) if holds_numbers(path, history) => {
            format!("{name} holds numbers here, {} is text", literal.text)
        }
        _ => format!(
            "{} compares numbers and times, {} is text",
            op.sign(),
            literal.text
        ),
    };
    Err(QueryError::new(Span(literal.span.0.clone()), sentence))
}

fn field(path: &Path) -> Option<&str> {
    path.steps.iter().rev().find_map(|step| match step {
        super::path::PathStep::Name(name) => Some(name.as_str()),
        _ => None,
    })
}

/// Whether some events, taken from all over the history, have a number there.
fn holds_numbers(path: &Path, history: &History) -> bool {
    let n_events = history.log.len();
    let step = n_events.div_ceil(SAMPLE).max(1);
    let places: Vec<Place> = (0..n_events)
        .step_by(step)
        .filter_map(|at| u32::try_from(at).ok())
        .map(|at| history.log.place(Position(at)))
        .collect();
    let mut found = false;
    history
        .reader
        .read(&places, Want::Presented, &mut |_, event| {
            found = event.is_ok_and(|event| has_number(path, &event));
            !found
        });
    found
}

fn has_number(path: &Path, event: &EventDetail) -> bool {
    let payload = match path.root {
        Some(Root::Meta) => &event.metadata,
        _ => &event.data,
    };
    let (Some(text), Some(name)) = (payload.json(), path.first_name()) else {
        return false;
    };
    let is_number = |value: &Json| path.any_within(1, value, &mut |at| at.number().is_some());
    text::member(text, name).is_some_and(|value| is_number(&value))
}
