//! The event in full that a record's columns give.

use super::bound::Bound;
use super::cell::{Cell, Unreadable};
use super::format::{Role, StoreFormat};
use crate::event::json::scan;
use crate::event::{EventDetail, Payload, ReadTime, TimeUnit, Timestamp, Want};

/// The roles to be read for what is wanted.
pub(super) fn roles_for(want: Want) -> &'static [Role] {
    match want {
        Want::Ids => &[
            Role::Version,
            Role::Id,
            Role::Time,
            Role::Occurred,
            Role::Position,
            Role::Correlation,
            Role::Causation,
            Role::SchemaVersion,
            Role::User,
        ],
        Want::Data => &[Role::Data],
        Want::Payloads => &[Role::Data, Role::Metadata],
        // The log has the names already.
        Want::Presented | Want::All => &[
            Role::Version,
            Role::Id,
            Role::Time,
            Role::Occurred,
            Role::Data,
            Role::Metadata,
            Role::Position,
            Role::Correlation,
            Role::Causation,
            Role::SchemaVersion,
            Role::User,
        ],
    }
}

/// The event that a record's columns give.
pub(super) fn detail<'a>(
    format: &StoreFormat,
    bound: &Bound,
    get: impl Fn(usize) -> Cell<'a>,
    want: Want,
) -> EventDetail {
    let (raw_data, mut data) = bound.payload(Role::Data, &get, format);
    if let Some(schemas) = &format.schemas
        && let Some(by_schema) = bound.by_schema(schemas, &get)
    {
        data = by_schema;
    }
    let marked_json = bound.marked_json(&get);
    if marked_json == Some(true) {
        data = as_marked(data, || bound.has_null_data(&get));
    }
    if want == Want::Data {
        return EventDetail {
            data,
            marked_json,
            ..EventDetail::default()
        };
    }
    let (raw_metadata, metadata) = bound.payload(Role::Metadata, &get, format);
    if want == Want::Payloads {
        return EventDetail {
            data,
            metadata,
            marked_json,
            ..EventDetail::default()
        };
    }
    let text = |role| {
        let mut inflated = Vec::new();
        bound.read(role, &get, &mut inflated).text()
    };
    let (time, time_text) = time_of(bound, Role::Time, &get, format.time_unit.0);
    let (occurred, _) = time_of(bound, Role::Occurred, &get, format.time_unit.0);
    let mut event = EventDetail {
        id: text(Role::Id),
        store_position: text(Role::Position),
        time,
        time_text,
        version_text: version_text(bound, &get),
        occurred,
        schema_version: text(Role::SchemaVersion),
        correlation: text(Role::Correlation),
        causation: text(Role::Causation),
        user: text(Role::User),
        data,
        metadata,
        marked_json,
        extra: bound.extra(&get),
        ..EventDetail::default()
    };
    add_from_metadata(&mut event);
    if want == Want::All {
        event.raw_data = raw_data;
        event.raw_metadata = raw_metadata;
        event.seal = format
            .seal
            .as_ref()
            .map(|plan| Box::new(plan.seal(bound, &get)));
    }
    event
}

/// A payload that is marked as JSON: text that is JSON is that, and so is null where it stands there.
fn as_marked(data: Payload, is_null: impl Fn() -> bool) -> Payload {
    match data {
        Payload::Text(text) if scan::is_json(text.as_bytes()) => Payload::Json(text),
        Payload::Missing if is_null() => Payload::Json("null".into()),
        other => other,
    }
}

type TimeAndText = (Option<(Timestamp, u8)>, Option<String>);

fn time_of<'a>(
    bound: &Bound,
    role: Role,
    get: &impl Fn(usize) -> Cell<'a>,
    unit: TimeUnit,
) -> TimeAndText {
    let mut inflated = Vec::new();
    let cell = bound.read(role, get, &mut inflated);
    match cell.time(unit) {
        Ok(read) => (
            read.map(|ReadTime { time, digits, .. }| (time, digits)),
            None,
        ),
        Err(Unreadable) => (None, cell.text()),
    }
}

fn version_text<'a>(bound: &Bound, get: &impl Fn(usize) -> Cell<'a>) -> Option<String> {
    let mut inflated = Vec::new();
    let cell = bound.read(Role::Version, get, &mut inflated);
    cell.version().is_err().then(|| cell.text()).flatten()
}

const CORRELATION_KEYS: &[&str] = &[
    "correlation_id",
    "correlationId",
    "$correlationId",
    "correlation",
    "CorrelationId",
    "correlationID",
];
const CAUSATION_KEYS: &[&str] = &[
    "causation_id",
    "causationId",
    "$causationId",
    "causation",
    "CausationId",
    "causationID",
];
const USER_KEYS: &[&str] = &[
    "user",
    "user_id",
    "userId",
    "actor",
    "actor_id",
    "actorId",
    "username",
    "initiator",
    "by",
];

/// Fills what no column gave from the metadata, under the names in use.
fn add_from_metadata(event: &mut EventDetail) {
    if event.correlation.is_some() && event.causation.is_some() && event.user.is_some() {
        return;
    }
    let Payload::Json(metadata) = &event.metadata else {
        return;
    };
    let (mut correlation, mut causation, mut user) = (None, None, None);
    let walked = scan::members(metadata.as_bytes(), |key, value| {
        let is_one_of = |names: &[&str]| names.iter().any(|name| scan::same_key(key, name));
        // An object under such a name is no id.
        if value.starts_with(b"{") || value.starts_with(b"[") {
            return;
        }
        if is_one_of(CORRELATION_KEYS) {
            correlation = Cell::Json(value).text();
        } else if is_one_of(CAUSATION_KEYS) {
            causation = Cell::Json(value).text();
        } else if is_one_of(USER_KEYS) {
            user = Cell::Json(value).text();
        }
    });
    if walked.is_ok() {
        event.correlation = event.correlation.take().or(correlation);
        event.causation = event.causation.take().or(causation);
        event.user = event.user.take().or(user);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(roles: &str, decode: &str) -> StoreFormat {
        let text = format!(
            "id = \"t\"\nname = \"T\"\ncontainer = \"sqlite\"\ntable = \"t\"\n[roles]\n{roles}\n[decode]\n{decode}"
        );
        toml::from_str(&text).unwrap()
    }

    fn read(format: &StoreFormat, cells: &[Cell<'_>]) -> EventDetail {
        let bound = Bound::new(format, &Role::ALL);
        detail(format, &bound, |column| cells[column], Want::All)
    }

    #[test]
    fn ids_kept_as_bytes_are_read_as_the_text_that_their_format_names() {
        let roles = "id = \"a\"\ncorrelation = \"b\"\ncausation = \"c\"";
        let format = format(roles, "a = [\"guid\"]\nb = [\"uuid\"]");
        let bytes: Vec<u8> = (0..16).collect();
        let event = read(&format, &[Cell::Blob(&bytes); 3]);
        let id = event.id.as_deref();
        assert_eq!(id, Some("03020100-0504-0706-0809-0a0b0c0d0e0f"));
        let correlation = event.correlation.as_deref();
        assert_eq!(correlation, Some("00010203-0405-0607-0809-0a0b0c0d0e0f"));
        let causation = event.causation.as_deref();
        assert_eq!(causation, Some("000102030405060708090a0b0c0d0e0f"));
        let bound = Bound::new(&format, &[Role::Id]);
        assert_eq!(bound.plain_column(Role::Id), None);
    }

    #[test]
    fn a_payload_that_is_put_together_is_there_as_text() {
        let format = format("data = \"a || ' ' || b\"", "");
        let event = read(&format, &[Cell::Text(b"cash"), Cell::Text(b"in")]);
        assert_eq!(event.data, Payload::Text("cash in".into()));
        assert_eq!(event.raw_data.bytes.as_deref(), Some(b"cash in".as_slice()));
        let event = read(&format, &[Cell::Text(b"cash"), Cell::Null]);
        assert_eq!(event.data, Payload::Missing);
    }

    #[test]
    fn places_inside_a_packed_envelope_are_found() {
        let roles = "id = [\"e/no\", \"e/id\"]\ntype = \"e/type\"\ndata = \"e/body\"";
        let format = format(roles, "e = [\"auto\"]");
        let plain = br#"{"id": "e-1", "type": "Paid", "body": {"amount": 1.10}}"#;
        let packed = zstd::encode_all(plain.as_slice(), 0).unwrap();
        for cell in [Cell::Text(plain), Cell::Blob(plain), Cell::Blob(&packed)] {
            let event = read(&format, &[cell]);
            assert_eq!(event.id.as_deref(), Some("e-1"));
            assert_eq!(event.data, Payload::Json(r#"{"amount": 1.10}"#.into()));
            let mut unpacked = Vec::new();
            let bound = Bound::new(&format, &[Role::Type]);
            let name = bound.read(Role::Type, |_| cell, &mut unpacked);
            assert_eq!(name.text().as_deref(), Some("Paid"));
        }
        let event = read(&format, &[Cell::Blob(&packed)]);
        assert_eq!(event.raw_data.bytes.as_deref(), Some(packed.as_slice()));
    }
}
