//! Conditions on the order of a stream's events.

use super::super::run::Watch;
use super::file::{FieldOfType, SequenceRule};
use super::hold::{Broken, InvariantsHeld};
use crate::event::json::scan;
use crate::event::{EventDetail, Payload, Position, StreamId, Want};
use crate::history::{EventLog, History};

/// Holds one rule against all streams that it is for; `false` where it was stopped.
pub(super) fn hold(
    rule: &SequenceRule,
    history: &History,
    watch: &Watch<'_>,
    held: &mut InvariantsHeld,
) -> bool {
    let types = Types::new(rule, &history.log);
    for stream in history.log.streams() {
        if watch.is_cancelled() {
            return false;
        }
        let category = history.log.category_of(stream);
        if rule
            .category
            .as_deref()
            .is_none_or(|named| named == category)
        {
            types.look_at(rule, history, stream, held);
        }
    }
    true
}

/// Which types of the log a rule means, by their ids.
struct Types {
    first: Vec<bool>,
    second: Vec<bool>,
}

impl Types {
    fn new(rule: &SequenceRule, log: &EventLog) -> Self {
        let ids = |patterns: &[&str]| -> Vec<bool> {
            let names = log.type_names().iter();
            names
                .map(|name| patterns.iter().any(|pattern| fits(pattern, name)))
                .collect()
        };
        let named =
            |name: &Option<String>| -> Vec<bool> { ids(&[name.as_deref().unwrap_or_default()]) };
        if rule.after.is_some() {
            let never: Vec<&str> = rule.never.iter().map(String::as_str).collect();
            let second = if never.is_empty() {
                ids(&["*"])
            } else {
                ids(&never)
            };
            return Self {
                first: named(&rule.after),
                second,
            };
        }
        let before = match &rule.differs_from {
            Some(other) => ids(&[&other.event_type]),
            None => named(&rule.only_after),
        };
        Self {
            first: before,
            second: named(&rule.event_type),
        }
    }

    fn look_at(
        &self,
        rule: &SequenceRule,
        history: &History,
        stream: StreamId,
        held: &mut InvariantsHeld,
    ) {
        let log = &history.log;
        let is = |ids: &[bool], at: Position| {
            ids.get(log.event_type(at).index())
                .copied()
                .unwrap_or(false)
        };
        let mut before: Vec<Position> = Vec::new();
        for position in log.events_of(stream).iter().copied().map(Position) {
            if is(&self.second, position) {
                let said = said(rule, history, position, &before);
                held_note(rule, position, said, held);
            }
            if is(&self.first, position) {
                keep(rule, position, &mut before);
            }
        }
    }
}

/// How many earlier events of the other type are compared with.
const MAX_COMPARED: usize = 100;

/// Keeps what later events are held against: the first is enough where only the order counts.
fn keep(rule: &SequenceRule, position: Position, before: &mut Vec<Position>) {
    let most = if rule.differs_from.is_some() {
        MAX_COMPARED
    } else {
        1
    };
    if before.len() < most {
        before.push(position);
    }
}

fn held_note(
    rule: &SequenceRule,
    position: Position,
    said: Option<String>,
    held: &mut InvariantsHeld,
) {
    if let Some(said) = said {
        held.note(Broken {
            rule: rule.name.clone(),
            severity: rule.severity.into(),
            position,
            until: None,
            n_events: 1,
            said,
        });
    }
}

/// What breaks the rule at an event, held against those before it; `None` where nothing does.
fn said(
    rule: &SequenceRule,
    history: &History,
    at: Position,
    before: &[Position],
) -> Option<String> {
    let log = &history.log;
    let name = |at: Position| log.type_name(log.event_type(at));
    let stream = log.stream_name(log.stream(at));
    let own = name(at);
    if let (Some(field), Some(other)) = (&rule.field, &rule.differs_from) {
        let same = same_value(history, (at, field), (before, other))?;
        return Some(format!(
            "{own} in {stream} has the {field} of {} at {same}",
            name(same)
        ));
    }
    match (&rule.after, before.first()) {
        (Some(_), Some(first)) => Some(format!("{own} follows {} in {stream}", name(*first))),
        (None, None) => {
            let needed = rule.only_after.as_deref().unwrap_or_default();
            Some(format!(
                "{own} stands in {stream} without {needed} before it"
            ))
        }
        _ => None,
    }
}

/// The first of the other events whose field holds the same.
fn same_value(
    history: &History,
    (at, field): (Position, &str),
    (before, other): (&[Position], &FieldOfType),
) -> Option<Position> {
    if before.is_empty() {
        return None;
    }
    let read = |at: Position, field: &str| {
        let place = history.log.place(at);
        let detail = history.reader.read_one(place, Want::Presented).ok()?;
        value(&detail, field)
    };
    let own = read(at, field)?;
    before
        .iter()
        .copied()
        .find(|one| read(*one, &other.field).as_ref() == Some(&own))
}

/// What an event holds under `data.…`, `meta.…` or `user`; nothing and `null` are no values.
fn value(detail: &EventDetail, field: &str) -> Option<String> {
    if field == "user" {
        return detail.user.clone();
    }
    let (root, path) = field.split_once('.').unwrap_or(("data", field));
    let payload = match root {
        "meta" | "metadata" => &detail.metadata,
        _ => &detail.data,
    };
    let path: Vec<&str> = match root {
        "data" | "meta" | "metadata" => path.split('.').collect(),
        _ => field.split('.').collect(),
    };
    let Payload::Json(text) = payload else {
        return None;
    };
    let raw = scan::find(text.as_bytes(), &path)?;
    let text = scan::string_text(raw).map_or_else(
        || String::from_utf8_lossy(raw).into_owned(),
        |text| text.into_owned(),
    );
    (!text.is_empty() && raw != b"null").then_some(text)
}

/// Whether a name fits a pattern in which `*` stands for any text.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    if first.len() == pattern.len() {
        return rest.is_empty();
    }
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, name) in [
            ("*", "A"),
            ("A*", "Ab"),
            ("*b", "Ab"),
            ("A*c*", "Abcd"),
            ("A", "A"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("A", "Ab"), ("*c", "Ab"), ("A*c", "Ab"), ("", "A")] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }
}
