//! A store that tests make: a shop in which something is wrong.
//!
//! Include it with `#[path = "support/shop.rs"] mod shop;`.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::Connection;
use serde_json::Value;

/// An event of the sample, its payload as it is written.
struct Line {
    stream: String,
    version: i64,
    event_type: String,
    id: String,
    time: String,
    data: String,
    metadata: String,
}

fn lines() -> Vec<Line> {
    let text = std::fs::read_to_string("assets/demo/events.jsonl").unwrap();
    let line = |text: &str| {
        let event: Value = serde_json::from_str(text).unwrap();
        let word = |key: &str| event[key].as_str().unwrap().to_owned();
        let (before, _) = text.rsplit_once(",\"metadata\":").unwrap();
        let (_, data) = before.split_once(",\"data\":").unwrap();
        Line {
            stream: word("stream"),
            version: event["version"].as_i64().unwrap(),
            event_type: word("type"),
            id: word("id"),
            time: word("time").trim_end_matches('Z').to_owned(),
            data: data.to_owned(),
            metadata: event["metadata"]
                .to_string()
                .replace("\"correlationId\"", "\"$correlationId\"")
                .replace("\"causationId\"", "\"$causationId\""),
        }
    };
    text.lines().map(line).collect()
}

/// The shop of the sample as a store of its own, in which something is wrong of most kinds: events
/// that are missing, cut off, no JSON and older than those before them, and fields that changed.
pub fn damaged(folder: &Path) -> PathBuf {
    let mut lines = lines();
    changed_fields(&mut lines);
    older_than_before(&mut lines);
    let nth = |lines: &[Line], of: &str, version: i64, from: &str| {
        let is_meant = |line: &Line| {
            line.stream.starts_with(of) && line.version == version && line.time.as_str() > from
        };
        lines.iter().position(is_meant).unwrap()
    };
    let cut = nth(&lines, "shipment-", 1, "2023-10-27");
    let half = lines[cut].data.len() / 2;
    lines[cut].data.truncate(half);
    let broken = nth(&lines, "cart-", 1, "2023-04-02");
    lines[broken].data = "not written by the shop".to_owned();
    // One that others of its stream follow.
    let last = nth(&lines, "payment-", 2, "2023-08-19");
    let payment = lines[last].stream.clone();
    let gone = nth(&lines, &payment, 1, "");
    write_shop(folder, &lines, gone)
}

/// From April 2024 on a total is a text, from December 2023 on a price says its currency.
fn changed_fields(lines: &mut [Line]) {
    for line in lines {
        if line.event_type != "OrderPlaced" {
            continue;
        }
        if line.time.as_str() >= "2024-04" {
            line.data = quoted(&line.data, "\"total\":");
        }
        if line.time.as_str() >= "2023-12" {
            line.data = line.data.replace("\"price\":", "\"listPrice\":");
        }
    }
}

/// The number after a key as a text.
fn quoted(data: &str, key: &str) -> String {
    let (before, after) = data.split_once(key).unwrap();
    let end = after.find([',', '}']).unwrap();
    format!("{before}{key}\"{}\"{}", &after[..end], &after[end..])
}

/// In seventeen pairs of neighbours within a minute, the second is the older one.
fn older_than_before(lines: &mut [Line]) {
    let mut n_left = 17;
    for nr in (2800..lines.len()).step_by(2) {
        let (one, two) = (lines[nr - 1].time.clone(), lines[nr].time.clone());
        if n_left > 0 && one != two && one[..16] == two[..16] {
            (lines[nr - 1].time, lines[nr].time) = (two, one);
            n_left -= 1;
        }
    }
}

/// As Eventuous keeps events, without the one that is gone and with numbers left out in two places.
fn write_shop(folder: &Path, lines: &[Line], gone: usize) -> PathBuf {
    let path = folder.join("shop-events.db");
    let mut connection = Connection::open(&path).unwrap();
    let all = connection.transaction().unwrap();
    all.execute_batch(
        "CREATE TABLE eventuous_streams (stream_id INTEGER PRIMARY KEY AUTOINCREMENT,
            stream_name TEXT NOT NULL UNIQUE, version INTEGER NOT NULL DEFAULT(-1));
         CREATE TABLE eventuous_messages (global_position INTEGER PRIMARY KEY AUTOINCREMENT,
            message_id TEXT NOT NULL, message_type TEXT NOT NULL,
            stream_id INTEGER NOT NULL REFERENCES eventuous_streams(stream_id),
            stream_position INTEGER NOT NULL, json_data TEXT NOT NULL, json_metadata TEXT,
            created TEXT NOT NULL, UNIQUE(stream_id, stream_position),
            UNIQUE(stream_id, message_id), CHECK(stream_position >= 0));
         CREATE TABLE eventuous_checkpoints (id TEXT PRIMARY KEY, position INTEGER NULL);",
    )
    .unwrap();
    let mut number = 0;
    for (nr, line) in lines.iter().enumerate() {
        number += match nr {
            1200 => 42,
            2400 => 3,
            _ => 1,
        };
        if nr == gone {
            continue;
        }
        all.execute(
            "INSERT INTO eventuous_streams(stream_name, version) VALUES (?1, ?2)
             ON CONFLICT(stream_name) DO UPDATE SET version = ?2",
            (&line.stream, line.version),
        )
        .unwrap();
        all.execute(
            "INSERT INTO eventuous_messages SELECT ?1, ?2, ?3, stream_id, ?4, ?5, ?6, ?7
             FROM eventuous_streams WHERE stream_name = ?8",
            (
                number,
                &line.id,
                &line.event_type,
                line.version,
                &line.data,
                &line.metadata,
                &line.time,
                &line.stream,
            ),
        )
        .unwrap();
    }
    all.commit().unwrap();
    drop(connection);
    // The evidence says when a file was written last.
    let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_719_791_998);
    let file = std::fs::File::options().append(true).open(&path).unwrap();
    file.set_modified(written).unwrap();
    path
}
