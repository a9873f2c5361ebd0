//! Finds out what a table or a log of an unknown store means: names, types and sampled values are
//! weighed for each role, and the reasons are kept. What has no plausible stream and type is refused.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::Cell;
use super::field::Field;
use super::format::{ContainerKind, Decode, Fields, Role, StoreFormat};
use super::synonyms::{normalized, sureness};
use crate::event::TimeUnit;
use crate::event::json::scan;

/// A sampled value, owned and cut to its first bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sampled {
    Null,
    Int(i64),
    Real(f64),
    Text(Vec<u8>),
    Blob(Vec<u8>),
    Json(Vec<u8>),
}

/// How much of a sampled value is looked at.
const MAX_SAMPLED: usize = 1 << 16;
/// Below this a role is left open.
const LEAST_SCORE: f64 = 0.2;

impl Sampled {
    pub(super) fn of(cell: Cell<'_>) -> Self {
        let cut = |bytes: &[u8]| bytes.get(..MAX_SAMPLED).unwrap_or(bytes).to_vec();
        match cell {
            Cell::Null | Cell::Json(b"null") => Self::Null,
            Cell::Int(number) => Self::Int(number),
            Cell::Real(number) => Self::Real(number),
            Cell::Text(bytes) => Self::Text(cut(bytes)),
            Cell::Blob(bytes) => Self::Blob(cut(bytes)),
            Cell::Json(bytes) => Self::Json(cut(bytes)),
        }
    }

    pub(super) fn cell(&self) -> Cell<'_> {
        match self {
            Self::Null => Cell::Null,
            Self::Int(number) => Cell::Int(*number),
            Self::Real(number) => Cell::Real(*number),
            Self::Text(bytes) => Cell::Text(bytes),
            Self::Blob(bytes) => Cell::Blob(bytes),
            Self::Json(bytes) => Cell::Json(bytes),
        }
    }

    fn is_structured(&self) -> bool {
        let first = self
            .cell()
            .bytes()
            .map(<[u8]>::trim_ascii_start)
            .and_then(<[u8]>::first);
        !matches!(self, Self::Null) && matches!(first, Some(b'{' | b'['))
    }

    /// A JSON text that holds a JSON object or array.
    fn is_json_in_text(&self) -> bool {
        let Self::Json(raw) = self else { return false };
        scan::string_text(raw).is_some_and(|text| {
            text.trim_start().starts_with(['{', '[']) && scan::is_json(text.as_bytes())
        })
    }
}

/// A column or key with what was seen in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Column {
    pub(super) name: String,
    /// Whether the table itself says that each value stands once.
    pub(super) is_unique: bool,
    pub(super) samples: Vec<Sampled>,
}

impl Column {
    fn present(&self) -> impl Iterator<Item = &Sampled> {
        self.samples
            .iter()
            .filter(|sample| **sample != Sampled::Null)
    }

    fn n_present(&self) -> usize {
        self.present().count()
    }

    /// The part of the values there that pass a test; 1 where there is none to go by.
    fn part(&self, test: impl Fn(&Sampled) -> bool) -> f64 {
        match self.n_present() {
            0 => 1.0,
            total => self.present().filter(|sample| test(sample)).count() as f64 / total as f64,
        }
    }

    fn n_distinct(&self) -> usize {
        let texts: BTreeSet<String> = self
            .present()
            .filter_map(|sample| sample.cell().text())
            .collect();
        texts.len()
    }

    fn integers(&self) -> Vec<i64> {
        let version = |sample: &Sampled| sample.cell().version().ok().flatten().map(|v| v.0);
        self.present().filter_map(version).collect()
    }

    /// Whether values only rise, as global numbers do and versions do not.
    fn rises(&self) -> bool {
        let numbers = self.integers();
        numbers.len() == self.n_present()
            && numbers
                .iter()
                .zip(numbers.iter().skip(1))
                .all(|(a, b)| a < b)
    }
}

/// A table or a log to be weighed.
#[derive(Clone, Debug, Default)]
pub(super) struct Candidate {
    /// The table's name; empty for a log.
    pub(super) table: String,
    pub(super) columns: Vec<Column>,
}

/// What was found out about a candidate.
#[derive(Clone, Debug)]
pub(super) struct Guess {
    pub(super) format: StoreFormat,
    pub(super) reasons: Vec<String>,
    /// From 0 to 1.
    pub(super) confidence: f64,
    /// What an event store must have and this has not; empty where it is plausible.
    pub(super) missing: Vec<&'static str>,
}

/// How well the values of a column suit a role, of 1.
fn suits(role: Role, column: &Column) -> f64 {
    let n_present = column.n_present();
    let is_text = |sample: &Sampled| {
        matches!(
            sample,
            Sampled::Text(_) | Sampled::Json(_) | Sampled::Blob(_)
        )
    };
    match role {
        Role::Stream if column.is_unique => 0.0,
        Role::Stream => {
            let plain = column
                .part(|sample| !sample.is_structured() && !matches!(sample, Sampled::Real(_)));
            let repeats = n_present < 20 || column.n_distinct() < n_present;
            plain * if repeats { 1.0 } else { 0.5 }
        }
        Role::Category => column.part(|sample| is_text(sample) && !sample.is_structured()),
        Role::Type => {
            let short =
                |sample: &Sampled| sample.cell().bytes().is_none_or(|bytes| bytes.len() < 256);
            let named =
                column.part(|sample| is_text(sample) && !sample.is_structured() && short(sample));
            named * if column.is_unique { 0.0 } else { 1.0 }
        }
        Role::Version => {
            let whole = column.part(|sample| sample.cell().version().is_ok());
            let counts_all = n_present > 5 && column.rises();
            whole
                * if column.is_unique || counts_all {
                    0.4
                } else {
                    1.0
                }
        }
        Role::Position => {
            let whole = column.part(|sample| sample.cell().version().is_ok());
            whole
                * if n_present < 2 || column.rises() {
                    1.0
                } else {
                    0.3
                }
        }
        Role::Time | Role::Occurred => {
            let read = column.part(|sample| sample.cell().time(TimeUnit::Auto).is_ok());
            let late = |sample: &Sampled| !matches!(sample.cell(), Cell::Int(number) if number < 100_000_000);
            read.max(if read > 0.25 { 0.5 } else { 0.0 }) * column.part(late)
        }
        Role::Data | Role::Metadata => {
            let held =
                column.part(|sample| sample.is_structured() || matches!(sample, Sampled::Blob(_)));
            held.max(0.5)
        }
        Role::Id => {
            let distinct = n_present == 0 || column.n_distinct() == n_present;
            // Numbers that only rise are rather the store's own count.
            let counts = n_present > 0 && column.rises();
            match (distinct, counts) {
                (false, _) => 0.3,
                (true, true) => 0.4,
                (true, false) => 1.0,
            }
        }
        Role::Correlation | Role::Causation | Role::SchemaVersion | Role::User => {
            column.part(|sample| !sample.is_structured())
        }
    }
}

/// Weighs a table or a log.
pub(super) fn guess(kind: ContainerKind, candidate: &Candidate) -> Guess {
    let mut pairs = Vec::new();
    for (at, column) in candidate.columns.iter().enumerate() {
        let name = normalized(&column.name);
        for role in Role::ALL {
            let (named, suited) = (sureness(role, &name), suits(role, column));
            if named * suited >= LEAST_SCORE {
                pairs.push((named * suited, role, at));
            }
        }
    }
    // Best pair first; of equal ones the role and column that come first.
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut chosen: BTreeMap<Role, (f64, &Column)> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (score, role, at) in pairs {
        if !chosen.contains_key(&role)
            && !taken.contains(&at)
            && let Some(column) = candidate.columns.get(at)
        {
            chosen.insert(role, (score, column));
            taken.insert(at);
        }
    }
    // A business time alone is the time.
    if let (None, Some(only)) = (
        chosen.get(&Role::Time),
        chosen.get(&Role::Occurred).copied(),
    ) {
        chosen.remove(&Role::Occurred);
        chosen.insert(Role::Time, only);
    }
    make_guess(kind, candidate, &chosen)
}

fn make_guess(
    kind: ContainerKind,
    candidate: &Candidate,
    chosen: &BTreeMap<Role, (f64, &Column)>,
) -> Guess {
    let word = if kind == ContainerKind::Sqlite {
        "sqlite"
    } else {
        "json"
    };
    let mut format = StoreFormat {
        id: format!("guessed/{word}"),
        name: "Guessed from names and values".to_owned(),
        container: kind,
        table: candidate.table.clone(),
        ..StoreFormat::default()
    };
    for (role, (_, column)) in chosen {
        format
            .roles
            .insert(*role, Fields(vec![Field::column(&column.name)]));
        if matches!(role, Role::Data | Role::Metadata) {
            format.decode.insert(column.name.clone(), decode_of(column));
        }
    }
    format.order_by_position = chosen.get(&Role::Position).is_some_and(|(_, column)| {
        kind == ContainerKind::Sqlite && column.part(|s| matches!(s, Sampled::Int(_))) >= 1.0
    });
    format.keyed_by_category = shares_names(chosen);
    let missing = missing(chosen);
    let total: f64 = chosen.values().map(|(score, _)| score).sum();
    Guess {
        reasons: chosen
            .iter()
            .map(|(role, (score, column))| reason(*role, *score, column))
            .collect(),
        confidence: if missing.is_empty() {
            (total / 7.0).min(1.0)
        } else {
            0.0
        },
        missing,
        format,
    }
}

/// Whether one stream's name stands under two categories: then a stream is the pair.
fn shares_names(chosen: &BTreeMap<Role, (f64, &Column)>) -> bool {
    let (Some((_, streams)), Some((_, categories))) =
        (chosen.get(&Role::Stream), chosen.get(&Role::Category))
    else {
        return false;
    };
    let mut category_of = BTreeMap::new();
    let pairs = streams.samples.iter().zip(&categories.samples);
    pairs
        .filter_map(|(stream, category)| Some((stream.cell().text()?, category.cell().text()?)))
        .any(|(stream, category)| {
            let known = category_of
                .entry(stream)
                .or_insert_with(|| category.clone());
            *known != category
        })
}

fn decode_of(column: &Column) -> Vec<Decode> {
    let mut steps = vec![Decode::Zlib];
    if column.n_present() > 0 && column.part(Sampled::is_json_in_text) >= 0.9 {
        steps.push(Decode::JsonText);
    }
    steps
}

fn missing(chosen: &BTreeMap<Role, (f64, &Column)>) -> Vec<&'static str> {
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
    missing
}

fn reason(role: Role, score: f64, column: &Column) -> String {
    let seen = match role {
        Role::Stream | Role::Category | Role::Type => {
            format!(
                "{} different values in {} rows",
                column.n_distinct(),
                column.n_present()
            )
        }
        Role::Position if column.rises() => "it only rises".to_owned(),
        Role::Id => "no value stands twice".to_owned(),
        Role::Data | Role::Metadata => {
            format!(
                "{:.0} % hold JSON",
                column.part(Sampled::is_structured) * 100.0
            )
        }
        _ => format!("{:.0} % of its values fit", suits(role, column) * 100.0),
    };
    format!(
        "{} is \"{}\": by its name, and {seen} ({:.0} %)",
        role.name(),
        column.name,
        score * 100.0
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(name: &str, values: &[&str]) -> Column {
        let samples = values
            .iter()
            .map(|v| Sampled::Text(v.as_bytes().to_vec()))
            .collect();
        Column {
            name: name.to_owned(),
            is_unique: false,
            samples,
        }
    }

    fn numbers(name: &str, values: &[i64]) -> Column {
        let samples = values.iter().map(|v| Sampled::Int(*v)).collect();
        Column {
            name: name.to_owned(),
            is_unique: false,
            samples,
        }
    }

    fn roles(columns: Vec<Column>) -> Vec<(String, String)> {
        let guess = guess(
            ContainerKind::Sqlite,
            &Candidate {
                table: "t".to_owned(),
                columns,
            },
        );
        guess.format.mapping()
    }

    #[test]
    fn a_number_that_rises_over_all_rows_is_the_position_and_not_the_version() {
        let found = roles(vec![
            numbers("sequence", &[1, 2, 3, 4, 5, 6, 7]),
            texts("aggregate_id", &["a", "b", "a", "b", "a", "b", "c"]),
            numbers("aggregate_version", &[1, 1, 2, 2, 3, 3, 1]),
            texts("event_name", &["X", "Y", "X", "Y", "X", "Y", "X"]),
        ]);
        let role = |name: &str| {
            found
                .iter()
                .find(|(role, _)| role == name)
                .map(|(_, column)| column.as_str())
        };
        assert_eq!(role("position"), Some("sequence"));
        assert_eq!(role("version"), Some("aggregate_version"));
        assert_eq!(
            (role("stream"), role("type")),
            (Some("aggregate_id"), Some("event_name"))
        );
    }

    #[test]
    fn a_table_without_stream_and_type_is_refused() {
        let columns = vec![
            texts("title", &["Concert"]),
            texts("created_at", &["2026-02-01 15:00:00"]),
        ];
        let guess = guess(
            ContainerKind::Sqlite,
            &Candidate {
                table: "events".to_owned(),
                columns,
            },
        );
        assert_eq!(guess.missing, ["the stream", "the event type"]);
    }
}
