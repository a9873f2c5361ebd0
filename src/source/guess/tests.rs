//! Laws of the guess, over tables made here.

use super::*;

fn texts(name: &str, values: &[&str]) -> Column {
    let samples = values.iter().map(|v| Sampled::Text(v.as_bytes().to_vec()));
    Column {
        name: name.to_owned(),
        is_unique: false,
        samples: samples.collect(),
    }
}

fn numbers(name: &str, values: &[i64]) -> Column {
    Column {
        name: name.to_owned(),
        is_unique: false,
        samples: values.iter().map(|v| Sampled::Int(*v)).collect(),
    }
}

fn guessed(table: &str, columns: Vec<Column>) -> Guess {
    let table = table.to_owned();
    guess(ContainerKind::Sqlite, &Candidate { table, columns })
}

#[track_caller]
fn assert_place(guess: &Guess, role: Role, expected: Option<&str>) {
    let found = guess.roles.iter().find(|found| found.role == role);
    let field = found.map(|found| found.field.as_str());
    assert_eq!(field, expected, "{role:?} of {:#?}", guess.roles);
}

#[test]
fn a_number_that_rises_over_all_rows_is_the_position_and_not_the_version() {
    let found = guessed(
        "t",
        vec![
            numbers("sequence", &[1, 2, 3, 4, 5, 6, 7]),
            texts("aggregate_id", &["a", "b", "a", "b", "a", "b", "c"]),
            numbers("aggregate_version", &[1, 1, 2, 2, 3, 3, 1]),
            texts("event_name", &["X", "Y", "X", "Y", "X", "Y", "X"]),
        ],
    );
    assert_place(&found, Role::Position, Some("sequence"));
    assert_place(&found, Role::Version, Some("aggregate_version"));
    assert_place(&found, Role::Stream, Some("aggregate_id"));
    assert_place(&found, Role::Type, Some("event_name"));
}

#[test]
fn a_table_without_stream_and_type_is_refused() {
    let columns = vec![
        texts("title", &["Concert"]),
        texts("created_at", &["2026-02-01 15:00:00"]),
    ];
    assert_eq!(
        guessed("events", columns).missing,
        ["the stream", "the event type"]
    );
}
