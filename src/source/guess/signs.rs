//! Whether all signs together say that a table or a log holds events.

use super::choose::Chosen;
use super::known::Known;
use super::names::table_sureness;
use super::spine::Spine;
use super::weigh::Scale;
use crate::source::format::{ContainerKind, Role};

/// Below this likeness a table, and a log, is no store of events: calendars, audit tables and
/// application logs have some of the signs as well.
const LEAST_LIKE_TABLE: f64 = 0.6;
const LEAST_LIKE_LOG: f64 = 0.5;

/// How much it looks like stored events, from 0 to 1: each sign leaves less of the doubt.
pub(super) fn likeness(table: &str, known: &[Known], chosen: &Chosen, spine: &Spine) -> f64 {
    let place = |role| known.get(chosen.get(&role)?.0);
    let named = |role| place(role).map_or(0.0, |known| known.named(role));
    let scale = Scale { known, spine };
    let type_values = place(Role::Type).map_or(0.0, |known| scale.values(Role::Type, known));
    let only_edits = place(Role::Type).map_or(0.0, |known| known.facts.crud);
    let counts = if spine.version.is_some() {
        spine.counting.strength()
    } else {
        0.0
    };
    let stream = named(Role::Stream);
    let holds_json = place(Role::Data).is_some_and(|known| known.facts.object >= 0.5);
    let signs = [
        0.9 * counts,
        if stream >= 0.8 {
            0.5 * stream
        } else {
            0.25 * stream
        },
        0.5 * type_values,
        0.2 * named(Role::Type),
        table_sureness(table),
        0.2 * named(Role::Version),
        0.15 * named(Role::Category),
        if holds_json { 0.1 } else { 0.0 },
    ];
    let doubt: f64 = signs.iter().map(|sign| 1.0 - sign).product();
    // What only says that rows were inserted, updated and deleted is an audit table, unless it counts.
    let edits = if only_edits > 0.9 {
        0.5 + 0.5 * counts
    } else {
        1.0
    };
    (1.0 - doubt) * edits
}

/// What an event store must have and is not there.
pub(super) fn missing(kind: ContainerKind, chosen: &Chosen, likeness: f64) -> Vec<&'static str> {
    let mut missing = Vec::new();
    if !chosen.contains_key(&Role::Stream) {
        missing.push("the stream");
    }
    if !chosen.contains_key(&Role::Type) {
        missing.push("the event type");
    }
    if ![Role::Data, Role::Version, Role::Time]
        .iter()
        .any(|role| chosen.contains_key(role))
    {
        missing.push("a payload, version or time");
    }
    let least = if kind == ContainerKind::Sqlite {
        LEAST_LIKE_TABLE
    } else {
        LEAST_LIKE_LOG
    };
    if missing.is_empty() && likeness < least {
        missing.push("a version that counts up in each stream");
    }
    missing
}
