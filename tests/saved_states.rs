//! States that a store saved itself, read on demand and held against the replayed ones.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::sync::Arc;

use annals::event::json::Json;
use annals::fold::{Folder, Merge, SavedState};
use annals::ingest::open;
use annals::source::{OpenOptions, Progress, Source};

fn saved(sql: &str, stream: &str) -> Option<SavedState> {
    let source = Source::Script {
        name: "store.db".to_owned(),
        sql: sql.to_owned(),
    };
    let progress = Arc::new(Progress::default());
    let history = open(&source, &OpenOptions::default(), &progress).unwrap();
    let stream = history.log.find_stream(stream, None).unwrap();
    let folder = Folder::new(history, Arc::new(Merge));
    let state = folder.state_at_end(stream, &|| false).unwrap();
    folder.saved_state(&state, &|| false).unwrap()
}

const TABLES: &str = r#"
CREATE TABLE "stored_events" ("id" integer primary key autoincrement not null, "aggregate_uuid" varchar, "aggregate_version" integer, "event_version" integer not null default '1', "event_class" varchar not null, "event_properties" text not null, "meta_data" text not null, "created_at" datetime not null);
CREATE TABLE "snapshots" ("id" integer primary key autoincrement not null, "aggregate_uuid" varchar not null, "aggregate_version" integer not null, "state" text not null, "created_at" datetime, "updated_at" datetime);
INSERT INTO stored_events VALUES (1, 'a', 1, 1, 'Opened', '{"owner":"Ada","balance":1}', '{}', '2024-01-01 00:00:00'),
 (2, 'a', 2, 1, 'Paid', '{"balance":5}', '{}', '2024-01-01 00:00:01');
"#;

#[test]
fn a_saved_state_that_is_the_replayed_one_differs_nowhere() {
    let sql = format!(
        "{TABLES} INSERT INTO snapshots VALUES (1, 'a', 2, '{{\"balance\":5.0,\"owner\":\"Ada\"}}', NULL, NULL);"
    );
    let saved = saved(&sql, "a").unwrap();
    assert!(matches!(saved.stored, Ok(Json::Object(_))));
    assert_eq!(saved.first_difference(), None);
}

#[test]
fn the_first_path_that_differs_is_named() {
    let sql = format!(
        "{TABLES} INSERT INTO snapshots VALUES (1, 'a', 1, '{{}}', NULL, NULL), (2, 'a', 2, '{{\"owner\":\"Ada\",\"balance\":6}}', NULL, NULL);"
    );
    let saved = saved(&sql, "a").unwrap();
    assert_eq!(saved.first_difference().unwrap().pointer(), "/balance");
}

#[test]
fn where_no_state_was_saved_there_is_none() {
    let sql = format!("{TABLES} INSERT INTO snapshots VALUES (1, 'a', 1, '{{}}', NULL, NULL);");
    assert!(saved(&sql, "a").is_none());
}
