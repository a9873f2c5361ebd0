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

/// Thirty rows of four streams, under the names given for stream, version, type, time and payload.
fn accounts(names: [&str; 5]) -> Vec<Column> {
    let [stream, version, event_type, time, data] = names;
    let mut versions = [0; 4];
    let (mut streams, mut numbered, mut types) = (Vec::new(), Vec::new(), Vec::new());
    let (mut times, mut bodies) = (Vec::new(), Vec::new());
    for row in 0..30_usize {
        let of = row * row % 4 + usize::from(row % 7 == 3);
        versions[of] += 1;
        streams.push(format!("acc-{of}"));
        numbered.push(versions[of]);
        let is_first = versions[of] == 1;
        types.push(match (is_first, row % 3) {
            (true, _) => "Opened",
            (false, 0) => "Renamed",
            _ => "Deposited",
        });
        bodies.push(match (is_first, row % 3) {
            (true, _) => format!("{{\"owner\":\"o{row}\"}}"),
            (false, 0) => format!("{{\"name\":\"n{row}\"}}"),
            _ => format!("{{\"amount\":{row}}}"),
        });
        times.push(1_709_280_000 + i64::try_from(row).expect("a small number") * 977);
    }
    let text = |name: &str, values: &[String]| {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        texts(name, &values)
    };
    vec![
        text(stream, &streams),
        numbers(version, &numbered),
        texts(event_type, &types),
        numbers(time, &times),
        text(data, &bodies),
    ]
}

const MAIN_ROLES: [Role; 5] = [
    Role::Stream,
    Role::Version,
    Role::Type,
    Role::Time,
    Role::Data,
];

#[test]
fn taking_names_away_never_moves_a_role_to_another_column() {
    let usual = ["stream", "version", "type", "time", "data"];
    let with_names = guessed("events", accounts(usual));
    for (role, name) in MAIN_ROLES.into_iter().zip(usual) {
        assert_place(&with_names, role, Some(name));
    }
    for hidden in 0..32_u32 {
        let name = |at: usize| {
            if hidden & (1 << at) == 0 {
                usual[at]
            } else {
                ["c1", "c2", "c3", "c4", "c5"][at]
            }
        };
        let names = [name(0), name(1), name(2), name(3), name(4)];
        let found = guessed("events", accounts(names));
        for (at, role) in MAIN_ROLES.into_iter().enumerate() {
            assert_place(&found, role, Some(names[at]));
        }
    }
}

#[test]
fn names_that_mislead_give_way_to_versions_that_count() {
    let found = guessed("t", accounts(["type", "id", "stream", "version", "meta"]));
    assert_place(&found, Role::Stream, Some("type"));
    assert_place(&found, Role::Version, Some("id"));
}

#[test]
fn payloads_say_how_they_are_packed() {
    use std::io::Write as _;
    let json = br#"{"amount":5,"note":"a note that is long enough to be packed"}"#;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(json).expect("packs");
    let gzip = gzip.finish().expect("packs");
    let zstd = zstd::encode_all(json.as_slice(), 1).expect("packs");
    let msgpack = b"\x82\xa1a\x01\xa1b\xa3two".to_vec();
    for (bytes, expected) in [
        (json.to_vec(), ReadAs::Json),
        (gzip, ReadAs::Gzip),
        (zstd, ReadAs::Zstd),
        (msgpack, ReadAs::MessagePack),
        (vec![0xff, 0, 0x13, 7, 0x80], ReadAs::Auto),
    ] {
        let column = Column {
            name: "payload".to_owned(),
            is_unique: false,
            samples: vec![Sampled::Blob(bytes); 4],
        };
        let facts = facts::Facts::of(&column);
        assert_eq!(payload::read_as(&column.samples, &facts), expected);
    }
}
