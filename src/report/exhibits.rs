//! The raw records of the events that a report names: exact bytes, as far as there is room for them.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use super::mask::Mask;
use crate::audit::integrity::hex;
use crate::event::{EventDetail, Payload, Place, Position, RawPayload, Timestamp, Want, readable};
use crate::history::{EventLog, History};

/// So many records are shown.
pub(super) const MAX_RECORDS: usize = 400;
/// So many bytes of each payload.
const MAX_BYTES: usize = 16 << 10;

/// A record as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Exhibit {
    /// The event.
    pub position: u32,
    /// Its stream.
    pub stream: String,
    /// Its version.
    pub version: Option<i64>,
    /// Its type.
    pub event_type: String,
    /// Its recorded time; in JSON it stands with the event.
    #[serde(skip)]
    pub time: Option<Timestamp>,
    /// Its id.
    pub id: Option<String>,
    /// Who did it, where metadata says so.
    pub user: Option<String>,
    /// Where the record stands, such as `events.ndjson:12`.
    pub place: String,
    /// What happened.
    pub data: Stored,
    /// What is known about the recording.
    pub metadata: Stored,
    /// Why it could not be read; nothing else is known of its contents then.
    pub unreadable: Option<String>,
}

/// A payload as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Stored {
    /// Its beginning, bad bytes as `\xff`; `None` where nothing is stored.
    pub text: Option<String>,
    /// How many bytes there are.
    pub bytes: u64,
    /// How many of them are not shown.
    pub left_out: u64,
    /// SHA-256 of all of them; `None` where values are masked, which it would give away.
    pub sha256: Option<String>,
    /// Whether it is shown as presented, because what is stored is packed or no text.
    pub is_presented: bool,
    /// Whether values in it are masked.
    pub is_masked: bool,
}

/// Reads the records at these positions, in their order; `None` where `cancel` said so. Costs a read of
/// each.
pub(super) fn exhibits(
    history: &History,
    positions: &BTreeSet<u32>,
    mask: &mut Mask,
    cancel: &dyn Fn() -> bool,
) -> Option<Vec<Exhibit>> {
    let log = &history.log;
    let within: Vec<u32> = positions
        .iter()
        .copied()
        .filter(|at| (*at as usize) < log.len())
        .collect();
    let places: Vec<Place> = within.iter().map(|at| log.place(Position(*at))).collect();
    let mut found = Vec::with_capacity(places.len());
    history.reader.read(&places, Want::All, &mut |nr, read| {
        if let Some(at) = within.get(nr) {
            let mut exhibit = known(log, Position(*at));
            match read {
                Ok(detail) => fill(&mut exhibit, &detail, mask),
                Err(error) => exhibit.unreadable = Some(error.0),
            }
            found.push(exhibit);
        }
        !cancel()
    });
    (!cancel()).then_some(found)
}

/// What the log knows of an event.
fn known(log: &EventLog, position: Position) -> Exhibit {
    Exhibit {
        position: position.0,
        stream: log.stream_name(log.stream(position)).to_owned(),
        version: log.version(position).map(|version| version.0),
        event_type: log.type_name(log.event_type(position)).to_owned(),
        time: log.time(position),
        ..Exhibit::default()
    }
}

fn fill(exhibit: &mut Exhibit, detail: &EventDetail, mask: &mut Mask) {
    exhibit.id.clone_from(&detail.id);
    exhibit.user = detail.user.as_ref().map(|user| mask.text("user", user));
    exhibit.place.clone_from(&detail.source);
    exhibit.data = stored("data", &detail.raw_data, &detail.data, mask);
    exhibit.metadata = stored("metadata", &detail.raw_metadata, &detail.metadata, mask);
}

fn stored(root: &str, raw: &RawPayload, presented: &Payload, mask: &mut Mask) -> Stored {
    let Some(bytes) = raw.bytes.as_deref() else {
        return Stored::default();
    };
    let raw_text = std::str::from_utf8(bytes).ok();
    let is_presented =
        raw_text.is_none() && matches!(presented, Payload::Json(_) | Payload::Text(_));
    let shown = match presented {
        Payload::Json(text) | Payload::Text(text) if is_presented => text.to_string(),
        _ => raw_text.map_or_else(|| readable(beginning(bytes)), str::to_owned),
    };
    let (shown, is_masked) = match (mask.is_on(), presented) {
        (false, _) => (shown, false),
        (true, Payload::Json(_)) => mask.json(root, &shown),
        (true, _) => (
            "[not shown: it is no JSON, and values are masked]".to_owned(),
            true,
        ),
    };
    let text = cut(&shown);
    Stored {
        left_out: if is_presented || is_masked {
            (shown.len() - text.len()) as u64
        } else {
            (bytes.len() - text.len().min(bytes.len())) as u64
        },
        text: Some(text.to_owned()),
        bytes: bytes.len() as u64,
        sha256: (!is_masked).then(|| hex(&Sha256::digest(bytes))),
        is_presented,
        is_masked,
    }
}

/// As many bytes as are shown at most, if each became four characters.
fn beginning(bytes: &[u8]) -> &[u8] {
    bytes.get(..MAX_BYTES / 4).unwrap_or(bytes)
}

fn cut(text: &str) -> &str {
    let mut end = MAX_BYTES.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
