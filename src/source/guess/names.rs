//! What names say: of columns, with the table's name at hand, and of tables.

use crate::source::format::Role;
use crate::source::synonyms::{normalized, sureness as listed};

/// What tables of events are called, as the end of a name, longest first.
const ENDINGS: &[&str] = &[
    "eventstore",
    "eventstream",
    "eventlog",
    "eventrecords",
    "eventrecord",
    "events",
    "event",
    "journal",
    "history",
    "stream",
    "log",
];

/// How surely a column of that (normalized) name plays a role in a table, of 1.
pub(super) fn sureness(role: Role, name: &str, table: &str) -> f64 {
    let listed = listed(role, name);
    match role {
        Role::Stream => listed.max(by_table(name, table)),
        _ => listed,
    }
}

/// `roomId` in `roomEvents` is its stream; any other name that ends in `id` may be one.
fn by_table(name: &str, table: &str) -> f64 {
    let Some(subject) = [
        "aggregateid",
        "uuid",
        "guid",
        "id",
        "key",
        "no",
        "number",
        "code",
    ]
    .iter()
    .find_map(|end| name.strip_suffix(end))
    .filter(|subject| !subject.is_empty()) else {
        // A column named like the subject itself: `account` in `account_events`.
        return if !name.is_empty() && is_subject(name, &stem(table)) {
            0.6
        } else {
            0.0
        };
    };
    if is_subject(subject, &stem(table)) {
        return 0.85;
    }
    let is_taken = Role::ALL.into_iter().any(|role| listed(role, name) >= 0.5);
    if name.ends_with("id") && !is_taken && !NO_SUBJECTS.contains(&subject) {
        0.3
    } else {
        0.0
    }
}

/// What an id in a table of events may be of without being the stream's.
const NO_SUBJECTS: &[&str] = &[
    "tenant",
    "user",
    "session",
    "request",
    "trace",
    "span",
    "row",
    "parent",
    "device",
    "transaction",
    "tx",
    "batch",
    "commit",
    "command",
    "message",
    "event",
    "node",
    "partition",
    "host",
];

fn is_subject(name: &str, stem: &str) -> bool {
    !stem.is_empty() && (name == stem || singular(name) == singular(stem))
}

fn singular(name: &str) -> String {
    match name.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => name.strip_suffix('s').unwrap_or(name).to_owned(),
    }
}

/// What a table of events is about, by its normalized name: `room` of `roomEvents`.
pub(super) fn stem(table: &str) -> String {
    let name = normalized(table);
    let name = name.strip_prefix("tbl").unwrap_or(&name);
    let ended = ENDINGS.iter().find_map(|end| name.strip_suffix(end));
    ended.unwrap_or("").to_owned()
}

/// How much a table's name says that it holds events, of 1.
pub(in crate::source) fn table_sureness(table: &str) -> f64 {
    let name = normalized(table);
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&[
        "eventstore",
        "storedevent",
        "domainevent",
        "aggregateevent",
        "eventjournal",
        "eventstream",
    ]) {
        0.5
    } else if has(&["event"]) {
        0.35
    } else if has(&["journal", "commits", "ledger"]) {
        0.3
    } else if has(&["history", "message", "fact", "changes", "log", "stream"]) {
        0.1
    } else {
        0.0
    }
}

/// Whether a table's name says that it holds states, deliveries or bookkeeping about events.
pub(in crate::source) fn is_beside_events(table: &str) -> bool {
    let name = normalized(table);
    [
        "snapshot",
        "checkpoint",
        "subscription",
        "deadletter",
        "outbox",
        "inbox",
        "migration",
    ]
    .iter()
    .any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_what_the_table_is_about_is_its_stream() {
        let sure = |name, table| sureness(Role::Stream, name, table);
        assert!(sure("roomid", "roomEvents") > 0.8);
        assert!(sure("accountnumber", "account_events") > 0.8);
        assert!(sure("companyid", "companies_history") > 0.8);
        assert!(sure("guestid", "roomEvents") < 0.5);
        assert!(sure("tenantid", "events") < 0.1);
    }
}
