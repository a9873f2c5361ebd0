//! An invented story of small accounts, from which tables of any layout are made.

use std::fmt::Write as _;

use annals::source::{OpenOptions, Role, Source, Survey, SurveyTable, TableRole, survey};

/// One event of the story.
pub struct Told {
    /// From 1, over all events.
    pub n: i64,
    /// Which stream, from 1.
    pub stream: i64,
    /// From 1 in each stream.
    pub version: i64,
    pub event_type: &'static str,
    pub data: String,
    /// Unix milliseconds.
    pub millis: i64,
    pub user: &'static str,
}

impl Told {
    pub fn id(&self) -> String {
        uuid("e7", self.n)
    }

    pub fn stream_id(&self) -> String {
        uuid("a1", self.stream)
    }

    pub fn correlation(&self) -> String {
        uuid("c0", self.n / 3)
    }

    /// The id of the event before; none for the first of an undertaking.
    pub fn causation(&self) -> Option<String> {
        (self.n % 3 != 0 && self.n > 1).then(|| uuid("e7", self.n - 1))
    }

    pub fn kind(&self) -> &'static str {
        if self.stream % 3 == 0 {
            "Wallet"
        } else {
            "Account"
        }
    }

    /// As SQLite writes times.
    pub fn time(&self) -> String {
        let secs = self.millis / 1000;
        let (day, rest) = (secs / 86_400 - 19_783, secs % 86_400);
        let (month, day) = if day < 31 {
            (3, day + 1)
        } else {
            (4, day - 30)
        };
        let (hour, minute) = (rest / 3600, rest / 60 % 60);
        format!(
            "2024-{month:02}-{day:02} {hour:02}:{minute:02}:{:02}",
            rest % 60
        )
    }

    pub fn meta(&self) -> String {
        format!(
            "{{\"correlation_id\":\"{}\",\"user\":\"{}\"}}",
            self.correlation(),
            self.user
        )
    }
}

fn uuid(kind: &str, number: i64) -> String {
    // Numbers are scattered, so that nothing rises by chance.
    let scattered = number
        .wrapping_mul(0x9e37_79b9_7f4a_7c15_u64.cast_signed())
        .cast_unsigned();
    let hex = format!(
        "{scattered:016x}{:012x}",
        scattered.rotate_left(29) & 0xffff_ffff_ffff
    );
    format!(
        "{}{kind}-{}-4{}-8{}-{}",
        &hex[..6],
        &hex[6..10],
        &hex[10..13],
        &hex[13..16],
        &hex[16..28]
    )
}

/// Ninety events of eleven streams, interleaved.
pub fn story() -> Vec<Told> {
    let mut versions = [0_i64; 12];
    let mut seed = 7_u64;
    let mut next = |below: u64| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((seed >> 33) % below).unwrap()
    };
    (1..=90)
        .map(|n| {
            let stream = next(11) + 1;
            let version = &mut versions[usize::try_from(stream).unwrap()];
            *version += 1;
            let amount = next(500);
            let (event_type, data) = match (*version, next(4)) {
                (1, _) => (
                    "AccountOpened",
                    format!("{{\"owner\":\"o{amount}\",\"currency\":\"EUR\"}}"),
                ),
                (_, 0) => (
                    "MoneyWithdrawn",
                    format!("{{\"amount\":{amount},\"fee\":1}}"),
                ),
                (_, 1) => ("OwnerRenamed", format!("{{\"name\":\"n{amount}\"}}")),
                _ => ("MoneyDeposited", format!("{{\"amount\":{amount}}}")),
            };
            Told {
                n,
                stream,
                version: *version,
                event_type,
                data,
                millis: 1_709_280_000_000 + n * 7_431_007,
                user: ["bob", "alice", "carol"][usize::try_from(next(3)).unwrap()],
            }
        })
        .collect()
}

/// A text as SQL.
pub fn text(text: impl AsRef<str>) -> String {
    format!("'{}'", text.as_ref().replace('\'', "''"))
}

/// A text or nothing as SQL.
pub fn maybe(value: Option<String>) -> String {
    value.map_or_else(|| "NULL".to_owned(), text)
}

/// Statements that make a table and fill it from the story, `columns` being those that are given.
pub fn table(ddl: &str, into: &str, row: impl Fn(&Told) -> Vec<String>) -> String {
    let mut sql = format!("{ddl};\n");
    for told in story() {
        writeln!(sql, "INSERT INTO {into} VALUES ({});", row(&told).join(",")).unwrap();
    }
    sql
}

/// A store made by a script.
pub fn store(sql: &str) -> Source {
    Source::Script {
        name: "store.db".to_owned(),
        sql: sql.to_owned(),
    }
}

#[track_caller]
pub fn surveyed(sql: &str) -> Survey {
    survey(
        &store(sql),
        &OpenOptions::default(),
        &std::sync::Arc::default(),
    )
    .unwrap()
}

/// What is guessed for the table that is chosen, as `role=field` in one line.
pub fn guessed(table: &SurveyTable) -> String {
    let said: Vec<String> = table
        .guesses
        .iter()
        .map(|guess| format!("{}={}", guess.role.name(), guess.field))
        .collect();
    said.join(" ")
}

#[track_caller]
pub fn assert_guessed(sql: &str, expected: &str) {
    let survey = surveyed(sql);
    let table = survey.chosen_table().unwrap();
    assert_eq!(table.role, TableRole::Events, "{table:#?}");
    assert_eq!(guessed(table), expected, "{:#?}", table.guesses);
}

#[track_caller]
pub fn assert_opens(sql: &str, n_streams: usize) {
    let history = annals::ingest::open(
        &store(sql),
        &OpenOptions::default(),
        &std::sync::Arc::default(),
    );
    let history = history.unwrap();
    assert_eq!(history.log.len(), 90, "{:?}", history.about.mapping);
    assert_eq!(
        history.log.streams().len(),
        n_streams,
        "{:?}",
        history.about.mapping
    );
    assert_eq!(history.problems.records_lost(), 0);
}

#[track_caller]
pub fn refused(sql: &str) -> annals::source::Error {
    let opened = annals::ingest::open(
        &store(sql),
        &OpenOptions::default(),
        &std::sync::Arc::default(),
    );
    match opened {
        Ok(history) => panic!("taken for events: {:?}", history.about.guess),
        Err(error) => error,
    }
}

/// The field guessed for a role in the chosen table.
pub fn field(survey: &Survey, role: Role) -> Option<String> {
    Some(survey.chosen_table()?.guess(role)?.field.clone())
}
