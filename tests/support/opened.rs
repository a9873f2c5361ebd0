//! Looking into a history that was opened.
//!
//! Include it with `#[path = "support/opened.rs"] mod opened;`.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use annals::event::{EventDetail, Position, Want};
use annals::history::History;

/// The kinds of the problems noted, each with its place.
pub fn kinds(history: &History) -> Vec<(&str, &str)> {
    let items = history.problems.items().iter();
    items
        .map(|problem| (problem.kind.as_str(), problem.place.as_str()))
        .collect()
}

/// An event in full.
pub fn event(history: &History, position: u32) -> EventDetail {
    let place = history.log.place(Position(position));
    history.reader.read_one(place, Want::All).unwrap()
}
