//! A format bound to the columns that are really read, and the event in full that they give.

use super::cell::{Cell, Unreadable};
use super::format::{Decode, Role, StoreFormat};
use super::payload::{decoded, present, stored};
use crate::event::json::scan;
use crate::event::{EventDetail, Payload, ReadTime, TimeUnit, Timestamp, Want};

/// One place of a role, with the index of its column among those read.
#[derive(Clone, Debug)]
struct BoundField {
    column: usize,
    path: Vec<String>,
    decode: Vec<Decode>,
}

/// Some roles of a format and the columns that must be read for them.
#[derive(Clone, Debug, Default)]
pub(super) struct Bound {
    /// The columns or keys to be read, each once.
    pub(super) columns: Vec<String>,
    roles: [Vec<BoundField>; Role::ALL.len()],
}

/// The roles that the event log needs.
pub(super) const LOG_ROLES: [Role; 5] = [
    Role::Stream,
    Role::Category,
    Role::Version,
    Role::Type,
    Role::Time,
];

impl Bound {
    /// Binds the given roles, their columns in the order of the roles.
    pub(super) fn new(format: &StoreFormat, roles: &[Role]) -> Self {
        let mut bound = Self::default();
        for role in roles {
            for field in format.fields(*role) {
                let column = bound.column(&field.column);
                let decode = format
                    .decode
                    .get(&field.column)
                    .cloned()
                    .unwrap_or_default();
                let path = field.path.clone();
                bound.roles[*role as usize].push(BoundField {
                    column,
                    path,
                    decode,
                });
            }
        }
        bound
    }

    fn column(&mut self, name: &str) -> usize {
        if let Some(at) = self.columns.iter().position(|known| known == name) {
            return at;
        }
        self.columns.push(name.to_owned());
        self.columns.len() - 1
    }

    /// The column that alone, and as it stands, gives a role; `None` where it takes more than that.
    pub(super) fn plain_column(&self, role: Role) -> Option<usize> {
        match self.roles[role as usize].as_slice() {
            [only] if only.path.is_empty() && only.decode.is_empty() => Some(only.column),
            _ => None,
        }
    }

    /// Whether the role is read at all.
    pub(super) fn has(&self, role: Role) -> bool {
        !self.roles[role as usize].is_empty()
    }

    /// What a role reads: the first of its places that holds something. `unpacked` keeps the bytes
    /// that had to be decoded on the way.
    pub(super) fn read<'r, 'a: 'r>(
        &self,
        role: Role,
        get: impl Fn(usize) -> Cell<'a>,
        unpacked: &'r mut Vec<u8>,
    ) -> Cell<'r> {
        // Several places inside one column cost one decoding.
        let mut last = None;
        for field in &self.roles[role as usize] {
            let cell = get(field.column);
            let bytes = match last.take() {
                Some((column, bytes)) if column == field.column => Some(bytes),
                _ => decoded(cell, &field.decode, !field.path.is_empty()),
            };
            let Some(bytes) = bytes else {
                let found = cell.at(&field.path);
                if !found.is_null() {
                    return found;
                }
                continue;
            };
            if !of_bytes(&bytes).at(&field.path).is_null() {
                *unpacked = bytes;
                return of_bytes(unpacked).at(&field.path);
            }
            last = Some((field.column, bytes));
        }
        Cell::Null
    }

    fn payload<'a>(
        &self,
        role: Role,
        get: &impl Fn(usize) -> Cell<'a>,
        format: &StoreFormat,
    ) -> (Cell<'a>, Payload) {
        let rules = if role == Role::Data {
            format.present.as_slice()
        } else {
            &[]
        };
        for field in &self.roles[role as usize] {
            let whole = get(field.column);
            let found = whole.at(&field.path);
            if !found.is_null() {
                return (found, present(found, &field.decode, rules));
            }
            // The place is inside what the column is packed from.
            let is_inside = !field.path.is_empty();
            let unpacked = is_inside.then(|| decoded(whole, &field.decode, true));
            if let Some(bytes) = unpacked.flatten() {
                let found = of_bytes(&bytes).at(&field.path);
                if !found.is_null() {
                    return (whole, present(found, &[], rules));
                }
            }
        }
        (Cell::Null, Payload::Missing)
    }
}

/// Decoded bytes: text where they are that.
fn of_bytes(bytes: &[u8]) -> Cell<'_> {
    match std::str::from_utf8(bytes) {
        Ok(_) => Cell::Text(bytes),
        Err(_) => Cell::Blob(bytes),
    }
}

/// The roles to be read for what is wanted.
pub(super) fn roles_for(want: Want) -> &'static [Role] {
    match want {
        Want::Data => &[Role::Data],
        Want::Presented | Want::All => &Role::ALL,
    }
}

/// The event that a record's columns give.
pub(super) fn detail<'a>(
    format: &StoreFormat,
    bound: &Bound,
    get: impl Fn(usize) -> Cell<'a>,
    want: Want,
) -> EventDetail {
    let (raw_data, data) = bound.payload(Role::Data, &get, format);
    if want == Want::Data {
        return EventDetail {
            data,
            ..EventDetail::default()
        };
    }
    let (raw_metadata, metadata) = bound.payload(Role::Metadata, &get, format);
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
        ..EventDetail::default()
    };
    add_from_metadata(&mut event);
    if want == Want::All {
        event.raw_data = stored(raw_data);
        event.raw_metadata = stored(raw_metadata);
    }
    event
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
