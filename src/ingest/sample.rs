//! The sample history that comes with the program: a store made in memory, read like any other.

use std::fmt::Write as _;
use std::sync::Arc;

use super::open::open;
use crate::event::json::scan;
use crate::history::History;
use crate::source::{Error, OpenOptions, Progress, Source};

/// The name of the sample history.
pub const SAMPLE_NAME: &str = "Sample history";

#[expect(
    clippy::large_include_file,
    reason = "the sample travels with the program"
)]
const EVENTS: &[u8] = include_bytes!("../../assets/demo/events.jsonl");
const SNAPSHOTS: &[u8] = include_bytes!("../../assets/demo/snapshots.jsonl");

/// The sample's own rules, as TOML, with the name of their file.
pub const SAMPLE_RULES: (&str, &str) = ("rules.toml", include_str!("../../assets/demo/rules.toml"));

/// A projection that shows what the sample history can be asked: its name and its text.
pub const SAMPLE_PROJECTION: (&str, &str) = (
    "revenue-by-day.js",
    include_str!("../../assets/demo/revenue-by-day.js"),
);

/// Places of the sample history that tell its story: where, as one writes it to go there, and what is
/// to be seen.
pub const SAMPLE_BOOKMARKS: [(&str, &str); 8] = [
    ("order-1220 v1", "A coupon takes 50.00 off an order"),
    ("customer-0311 v3", "A command is tried again by mistake"),
    (
        "order-1220 v7",
        "The coupon a second time: the balance is below zero",
    ),
    ("order-1220 v9", "Support pays the money back"),
    ("upload-0042 v0", "A video passes through four services"),
    (
        "inventory-2208 v29",
        "The stored snapshot and a replay disagree",
    ),
    ("#2291", "A clock runs ahead of the others"),
    ("#3283", "Nothing is stored for eleven hours after this"),
];

/// Opens the sample history.
pub fn open_sample(progress: &Arc<Progress>) -> Result<Arc<History>, Error> {
    open(&sample_source(), &OpenOptions::default(), progress)
}

/// The sample history as a store.
pub fn sample_source() -> Source {
    Source::Script {
        name: SAMPLE_NAME.to_owned(),
        sql: script(),
    }
}

/// The statements that make the store: plain tables, such as many programs keep.
fn script() -> String {
    let mut sql = String::with_capacity(EVENTS.len() * 2);
    sql.push_str(
        "BEGIN;\n\
         CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, \
         type TEXT NOT NULL, id TEXT NOT NULL, time TEXT NOT NULL, data TEXT NOT NULL, metadata TEXT, \
         schema_version INTEGER, UNIQUE (stream, version));\n\
         CREATE TABLE snapshots (stream TEXT NOT NULL, version INTEGER NOT NULL, time TEXT, state TEXT, \
         PRIMARY KEY (stream, version));\n",
    );
    let names = [
        "stream",
        "version",
        "type",
        "id",
        "time",
        "data",
        "metadata",
        "schema_version",
    ];
    rows(EVENTS, "events", &names, &mut sql);
    rows(
        SNAPSHOTS,
        "snapshots",
        &["stream", "version", "time", "state"],
        &mut sql,
    );
    sql.push_str("COMMIT;");
    sql
}

fn rows(lines: &[u8], table: &str, names: &[&str], sql: &mut String) {
    for line in lines
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        write!(sql, "INSERT INTO {table}({}) VALUES (", names.join(",")).ok();
        for (n, name) in names.iter().enumerate() {
            if n > 0 {
                sql.push(',');
            }
            literal(scan::find(line, &[name]), sql);
        }
        sql.push_str(");\n");
    }
}

/// A JSON value as a literal of SQL: numbers as they are, the rest as text.
fn literal(raw: Option<&[u8]>, sql: &mut String) {
    let raw = raw.unwrap_or(b"null");
    let text = match scan::string_text(raw) {
        Some(text) => text.into_owned(),
        None => String::from_utf8_lossy(raw).into_owned(),
    };
    let is_number = raw
        .first()
        .is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-');
    match raw {
        b"null" => sql.push_str("NULL"),
        _ if is_number => sql.push_str(&text),
        _ => {
            write!(sql, "'{}'", text.replace('\'', "''")).ok();
        }
    }
}
