//! What a script read of an event that was not there: looked for after the fault, in the line where it
//! happened.

use super::links::text;
use crate::event::json::scan;
use crate::event::{EventReader, Position, Want, grouped};
use crate::history::EventLog;

/// The most events that are looked at to tell how many lack a member.
const MAX_COUNTED: usize = 100_000;

/// How many of them are read at once.
const BATCH: usize = 1 << 10;

/// A path of members as a script writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Path<'t> {
    /// All of it, such as `e.data.refund`.
    written: &'t str,
    /// The members inside of the payload.
    members: Vec<&'t str>,
}

/// Says which member the script read that this event does not have, and how many events of its type
/// lack it; `None` where that is not clear.
///
/// Reads up to 100,000 events of the type.
pub(super) fn explain(
    line: &str,
    message: &str,
    at: Position,
    log: &EventLog,
    reader: &dyn EventReader,
    cancel: &dyn Fn() -> bool,
) -> Option<String> {
    let event = reader.read_one(log.place(at), Want::Data).ok()?;
    let lacks = |path: &Path<'_>| lacks(text(&event.data).as_bytes(), &path.members);
    let asked = property(message);
    let mut found = paths(line, asked).into_iter().filter(lacks);
    let path = found.next()?;
    // Without the name of what was asked of nothing, several missing members leave it open.
    if asked.is_none() && found.any(|other| other != path) {
        return None;
    }
    let (n_missing, n_events) = count(&path.members, at, log, reader, cancel)?;
    let event_type = log.type_name(log.event_type(at));
    let first = if n_events == MAX_COUNTED {
        "the first "
    } else {
        ""
    };
    Some(format!(
        "`{}` is missing in {} of {first}{} {event_type} events",
        path.written,
        grouped(n_missing as u64),
        grouped(n_events as u64),
    ))
}

/// The property that was read of nothing, as the engine names it.
fn property(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("cannot read property '")?;
    let (name, rest) = rest.split_once('\'')?;
    (rest.starts_with(" of undefined") || rest.starts_with(" of null")).then_some(name)
}

/// Whether a payload has no such member, or null there.
fn lacks(payload: &[u8], members: &[&str]) -> bool {
    scan::find(payload, members).is_none_or(|value| value == b"null")
}

fn count(
    members: &[&str],
    at: Position,
    log: &EventLog,
    reader: &dyn EventReader,
    cancel: &dyn Fn() -> bool,
) -> Option<(usize, usize)> {
    let event_type = log.event_type(at);
    let all = 0..=log.last()?.0;
    let of_type = all.filter(|at| log.event_type(Position(*at)) == event_type);
    let places: Vec<_> = of_type
        .take(MAX_COUNTED)
        .map(|at| log.place(Position(at)))
        .collect();
    let mut n_missing = 0;
    for part in places.chunks(BATCH) {
        if cancel() {
            return None;
        }
        reader.read(part, Want::Data, &mut |_, read| {
            let is_missing = read.is_ok_and(|event| lacks(text(&event.data).as_bytes(), members));
            n_missing += usize::from(is_missing);
            true
        });
    }
    Some((n_missing, places.len()))
}

/// The paths in a line of a script that may lead into a payload; where it is known what was read of
/// nothing, those that it was read of.
fn paths<'t>(line: &'t str, asked: Option<&str>) -> Vec<Path<'t>> {
    let bytes = line.as_bytes();
    let is_part =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 128;
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !is_part(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        let mut ends = Vec::new();
        // Words joined by points: where each of them ends.
        loop {
            while at < bytes.len() && is_part(bytes[at]) {
                at += 1;
            }
            ends.push(at);
            let goes_on = bytes.get(at) == Some(&b'.')
                && bytes.get(at + 1).is_some_and(|next| is_part(*next));
            if !goes_on {
                break;
            }
            at += 1;
        }
        let words: Vec<&str> = line.get(start..at).unwrap_or("").split('.').collect();
        let body = words
            .iter()
            .position(|word| matches!(*word, "data" | "body"));
        let first = body.map_or(1, |body| body + 1);
        for n in first..words.len() {
            let is_asked = asked.is_none_or(|asked| words.get(n + 1) == Some(&asked));
            let written = ends.get(n).and_then(|end| line.get(start..*end));
            if let Some(written) = written.filter(|_| is_asked) {
                found.push(Path {
                    written,
                    members: words[first..=n].to_vec(),
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_of_nothing_is_found_in_the_line() {
        let line = "  Refunded: (s, e) => { s.total -= e.data.refund.amount * d.rate; },";
        let message = "cannot read property 'amount' of undefined";
        assert_eq!(property(message), Some("amount"));
        let found = paths(line, Some("amount"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].written, "e.data.refund");
        assert_eq!(found[0].members, ["refund"]);
        assert_eq!(property("not a function"), None);
        let all = paths("s.n += e.body.a.b", None);
        let written: Vec<&str> = all.iter().map(|path| path.written).collect();
        assert_eq!(written, ["s.n", "e.body.a", "e.body.a.b"]);
    }
}
