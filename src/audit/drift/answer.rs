//! Schema drift for programs and for people.

use std::fmt::Write as _;

use serde::Serialize;

use super::super::words::{count, counted};
use super::columns::DriftUnit;
use super::model::{Drift, DriftChange, FieldDrift, KindSeen, TypeDrift};
use crate::event::{Position, Timestamp, TypeId, visible};
use crate::history::EventLog;

/// How many fields of a type are listed for people.
const SHOWN_FIELDS: usize = 200;

#[derive(Serialize)]
struct Document<'a> {
    payloads: u64,
    without_json: u64,
    columns: Columns,
    types: Vec<Type<'a>>,
    changes: Vec<Change<'a>>,
    partial: &'a [String],
}

#[derive(Serialize)]
struct Columns {
    unit: String,
    starts: Vec<String>,
}

#[derive(Serialize)]
struct Event {
    position: u32,
    time: Option<String>,
}

#[derive(Serialize)]
struct Type<'a> {
    #[serde(rename = "type")]
    name: &'a str,
    events: u64,
    first: Event,
    last: Event,
    /// Whether a rule handles it; null where there are no rules.
    handled: Option<bool>,
    by_column: &'a [u32],
    schema_versions: Vec<Version<'a>>,
    fields: Vec<Field<'a>>,
}

#[derive(Serialize)]
struct Version<'a> {
    #[serde(rename = "version")]
    name: &'a str,
    events: u64,
    first: Event,
    last: Event,
}

#[derive(Serialize)]
struct Field<'a> {
    path: &'a str,
    events: u64,
    by_column: &'a [u32],
    kinds: Vec<Kind<'a>>,
}

#[derive(Serialize)]
struct Kind<'a> {
    #[serde(rename = "kind")]
    name: &'static str,
    events: u64,
    first: Event,
    last: Event,
    example: &'a str,
    by_column: &'a [u32],
}

#[derive(Serialize)]
struct Change<'a> {
    #[serde(rename = "type")]
    name: &'a str,
    path: &'a str,
    #[serde(rename = "change")]
    what: &'static str,
    old: Option<&'static str>,
    new: Option<&'static str>,
    position: u32,
    time: Option<String>,
    stream: &'a str,
    version: Option<i64>,
    before: u64,
    after: u64,
    #[serde(rename = "final")]
    is_final: bool,
    schema_version: Option<&'a str>,
    message: String,
}

/// The JSON document that `annals drift --json` prints, in one line without an end of line;
/// `unhandled` are the types that no rule handles, where there are rules.
pub fn drift_json(drift: &Drift, unhandled: Option<&[TypeId]>, log: &EventLog) -> String {
    let digits = log.time_digits();
    let event = |position: Position| Event {
        position: position.0,
        time: log.time(position).map(|time| time.rfc3339(digits)),
    };
    let kind = |seen: &'_ KindSeen| -> (Event, Event) { (event(seen.first), event(seen.last)) };
    let field =
        |field: &'_ FieldDrift| -> Vec<(Event, Event)> { field.kinds.iter().map(kind).collect() };
    let document = Document {
        payloads: drift.n_payloads,
        without_json: drift.n_other,
        columns: Columns {
            unit: unit(drift.columns.unit),
            starts: drift
                .columns
                .starts
                .iter()
                .map(|at| at.rfc3339(0))
                .collect(),
        },
        types: drift
            .types
            .iter()
            .map(|shape| Type {
                name: &shape.name,
                events: shape.n,
                first: event(shape.first),
                last: event(shape.last),
                handled: unhandled.map(|unhandled| !unhandled.contains(&shape.event_type)),
                by_column: &shape.by_column,
                schema_versions: versions(shape, &event),
                fields: shape
                    .fields
                    .iter()
                    .map(|of| Field {
                        path: &of.path,
                        events: of.n,
                        by_column: &of.by_column,
                        kinds: kinds(of, field(of)),
                    })
                    .collect(),
            })
            .collect(),
        changes: drift
            .changes
            .iter()
            .map(|change| change_of(change, log, digits))
            .collect(),
        partial: &drift.partial,
    };
    // Plain data with text keys: there is nothing that could not be written.
    serde_json::to_string(&document).unwrap_or_default()
}

fn versions<'a>(shape: &'a TypeDrift, event: &dyn Fn(Position) -> Event) -> Vec<Version<'a>> {
    let one = |seen: &'a super::model::SchemaVersionSeen| Version {
        name: &seen.version,
        events: seen.n,
        first: event(seen.first),
        last: event(seen.last),
    };
    shape.versions.iter().map(one).collect()
}

fn kinds(field: &FieldDrift, events: Vec<(Event, Event)>) -> Vec<Kind<'_>> {
    let with = field.kinds.iter().zip(events);
    with.map(|(seen, (first, last))| Kind {
        name: seen.kind.name(),
        events: seen.n,
        first,
        last,
        example: &seen.example,
        by_column: &seen.by_column,
    })
    .collect()
}

fn change_of<'a>(change: &'a DriftChange, log: &'a EventLog, digits: u8) -> Change<'a> {
    use super::model::DriftChangeKind as Kind;
    Change {
        name: &change.type_name,
        path: &change.path,
        what: match change.what {
            Kind::Kind => "kind",
            Kind::Nullable => "nullable",
            Kind::Appears => "appears",
            Kind::Vanishes => "vanishes",
        },
        old: change.old.map(|kind| kind.name()),
        new: change.new.map(|kind| kind.name()),
        position: change.position.0,
        time: change.time.map(|time: Timestamp| time.rfc3339(digits)),
        stream: log.stream_name(log.stream(change.position)),
        version: log.version(change.position).map(|version| version.0),
        before: change.n_before,
        after: change.n_after,
        is_final: change.is_final,
        schema_version: change.version.as_deref(),
        message: change.sentence(),
    }
}

/// A length of columns in words: `1 month`, `7 days`.
pub(super) fn unit(unit: DriftUnit) -> String {
    const SECOND: i64 = 1_000_000_000;
    let (n, noun) = match unit {
        DriftUnit::Months(months) if months % 12 == 0 => (months / 12, "year"),
        DriftUnit::Months(months) => (months, "month"),
        DriftUnit::Nanos(nanos) => match nanos / SECOND {
            0 => (nanos / 1_000_000, "millisecond"),
            secs if secs % 86_400 == 0 => (secs / 86_400, "day"),
            secs if secs % 3600 == 0 => (secs / 3600, "hour"),
            secs if secs % 60 == 0 => (secs / 60, "minute"),
            secs => (secs, "second"),
        },
    };
    counted(n.unsigned_abs(), noun)
}

/// The drift for people: changes first, then each type with its fields; nothing from the file can
/// steer a terminal.
pub fn drift_table(drift: &Drift, unhandled: Option<&[TypeId]>, log: &EventLog) -> String {
    let mut out = format!("{} of JSON", counted(drift.n_payloads, "payload"));
    if drift.n_other > 0 {
        write!(out, ", {} without", counted(drift.n_other, "event")).ok();
    }
    out.push('\n');
    for said in &drift.partial {
        writeln!(out, "partial: {said}").ok();
    }
    if !drift.changes.is_empty() {
        out.push_str("\nChanges\n");
    }
    let day = |position: Position| {
        log.time(position)
            .map_or_else(String::new, |time| time.rfc3339(0))
    };
    for change in &drift.changes {
        let place = format!("#{}", change.position.0);
        let said = change.sentence();
        writeln!(
            out,
            "  {place:<9} {:<21} {}: {} before, {} after",
            day(change.position),
            visible(&said),
            count(change.n_before),
            count(change.n_after)
        )
        .ok();
    }
    for shape in &drift.types {
        let is_unhandled = unhandled.is_some_and(|types| types.contains(&shape.event_type));
        let said = if is_unhandled {
            ", no rule handles it"
        } else {
            ""
        };
        let n = counted(shape.n, "event");
        writeln!(out, "\n{}  {n}{said}", visible(&shape.name)).ok();
        for field in shape.fields.iter().take(SHOWN_FIELDS) {
            write_field(&mut out, shape, field);
        }
        let n_more = shape.fields.len().saturating_sub(SHOWN_FIELDS);
        if n_more > 0 {
            writeln!(out, "  and {n_more} more fields").ok();
        }
    }
    out
}

fn write_field(out: &mut String, shape: &TypeDrift, field: &FieldDrift) {
    let kinds: Vec<String> = field
        .kinds
        .iter()
        .map(|seen| {
            let example = if seen.example.is_empty() || seen.example == seen.kind.name() {
                String::new()
            } else {
                format!(" {}", seen.example)
            };
            format!(
                "{} {} from #{}{example}",
                count(seen.n),
                seen.kind.name(),
                seen.first.0
            )
        })
        .collect();
    let missing = shape.n - field.n.min(shape.n);
    let missing = match missing {
        0 => String::new(),
        n => format!(", missing in {}", count(n)),
    };
    writeln!(
        out,
        "  {:<32} {}{missing}",
        visible(&field.path),
        visible(&kinds.join(", "))
    )
    .ok();
}
