//! Histories from values, with an in-memory reader: `records` in, a `History` out.
//!
//! Include it with `#[path = "support/history.rs"] mod history;`.

use std::sync::Arc;

use annals::event::{
    EventDetail, EventReader, Payload, Place, Problems, ReadError, Timestamp, Version, Want,
};
use annals::history::{History, HistoryAbout, LogBuilder, NewEvent, PartRules};

/// One event as a test writes it; what is left out is `..Record::default()`.
#[derive(Clone, Debug)]
pub struct Record {
    /// The stream's name; the category is what stands before its first dash.
    pub stream: String,
    /// The type's name.
    pub event_type: String,
    /// RFC 3339; empty for none.
    pub time: String,
    /// The version; counted from 0 where no record of the history has one.
    pub version: Option<i64>,
    /// JSON text; empty for none, anything else that is no JSON is text.
    pub data: String,
    /// JSON text; empty for none.
    pub metadata: String,
    /// Whether the reader fails on it.
    pub is_unreadable: bool,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            stream: "order-1".to_owned(),
            event_type: "Changed".to_owned(),
            time: String::new(),
            version: None,
            data: String::new(),
            metadata: String::new(),
            is_unreadable: false,
        }
    }
}

/// The history of these records, in this order.
pub fn history(records: &[Record]) -> Arc<History> {
    let is_versioned = records.iter().any(|record| record.version.is_some());
    let mut builder = LogBuilder::of(PartRules {
        without_versions: !is_versioned,
        counts_missing: false,
        ..PartRules::default()
    });
    for (place, record) in (0..).zip(records) {
        let time = Timestamp::parse(&record.time);
        builder.note_digits(time.map_or(0, |read| read.digits));
        let event = NewEvent {
            stream: record.stream.as_bytes(),
            category: None,
            version: record.version.map(Version),
            event_type: record.event_type.as_bytes(),
            time: time.map(|read| read.time),
            place: Place::at(place),
        };
        builder.push(&event).unwrap();
    }
    Arc::new(History {
        log: builder.finish(),
        reader: Arc::new(MemoryReader(records.to_vec())),
        problems: Problems::default(),
        about: HistoryAbout::default(),
        n_snapshots: 0,
        consumers: Vec::new(),
        snapshots: Vec::new(),
        is_complete: true,
    })
}

/// Reads what tests wrote, and no more than was asked for.
struct MemoryReader(Vec<Record>);

impl EventReader for MemoryReader {
    fn read(
        &self,
        places: &[Place],
        want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        for (index, place) in places.iter().enumerate() {
            let record = &self.0[usize::try_from(place.at).unwrap()];
            if !each(index, detail(record, want)) {
                return;
            }
        }
    }
}

fn detail(record: &Record, want: Want) -> Result<EventDetail, ReadError> {
    if record.is_unreadable {
        return Err(ReadError("row 7 cannot be read".to_owned()));
    }
    let mut detail = EventDetail {
        data: payload(&record.data),
        ..EventDetail::default()
    };
    if want != Want::Data {
        detail.metadata = payload(&record.metadata);
        detail.time = Timestamp::parse(&record.time).map(|read| (read.time, read.digits));
    }
    Ok(detail)
}

fn payload(text: &str) -> Payload {
    match text {
        "" => Payload::Missing,
        _ if annals::event::json::scan::is_json(text.as_bytes()) => Payload::Json(text.into()),
        _ => Payload::Text(text.into()),
    }
}
