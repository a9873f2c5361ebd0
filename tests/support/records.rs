//! Histories for audits and reports: records with ids, store positions and problems, in memory.
//!
//! Include it with `#[path = "support/records.rs"] mod records;`.

use std::sync::Arc;

use annals::audit::{Audit, AuditOptions, Evidence, EvidenceFile, Watch, run};
use annals::event::{
    EventDetail, EventReader, Payload, Place, Problems, RawPayload, ReadError, Timestamp, Version,
    Want,
};
use annals::history::{FileAbout, History, HistoryAbout, LogBuilder, NewEvent, PartRules};

/// One event as a test writes it.
#[derive(Clone, Debug)]
pub struct Record {
    pub stream: String,
    pub version: Option<i64>,
    pub event_type: String,
    pub time: String,
    pub id: Option<String>,
    pub store_position: Option<String>,
    pub data: String,
}

/// An event of a stream with its version; everything else is as an undamaged store would have it.
pub fn event(stream: &str, version: i64) -> Record {
    Record {
        stream: stream.to_owned(),
        version: Some(version),
        event_type: "Changed".to_owned(),
        time: String::new(),
        id: None,
        store_position: None,
        data: "{}".to_owned(),
    }
}

impl Record {
    pub fn named(mut self, event_type: &str) -> Self {
        self.event_type = event_type.to_owned();
        self
    }

    pub fn at(mut self, time: &str) -> Self {
        self.time = time.to_owned();
        self
    }

    pub fn id(mut self, id: &str) -> Self {
        self.id = Some(id.to_owned());
        self
    }

    pub fn stored_at(mut self, store_position: &str) -> Self {
        self.store_position = Some(store_position.to_owned());
        self
    }

    pub fn says(mut self, data: &str) -> Self {
        self.data = data.to_owned();
        self
    }
}

/// Reads what the test wrote.
struct Memory(Vec<Record>);

impl EventReader for Memory {
    fn read(
        &self,
        places: &[Place],
        _want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        for (index, place) in places.iter().enumerate() {
            let line = usize::try_from(place.at).unwrap();
            let record = &self.0[line];
            let detail = EventDetail {
                id: record.id.clone(),
                store_position: record.store_position.clone(),
                data: Payload::Json(record.data.as_str().into()),
                raw_data: RawPayload {
                    bytes: Some(record.data.as_bytes().into()),
                },
                source: format!("events.ndjson:{}", line + 1),
                ..EventDetail::default()
            };
            if !each(index, Ok(detail)) {
                return;
            }
        }
    }
}

/// The history of these records and of what was wrong with others.
pub fn history_with(records: &[Record], problems: Problems) -> History {
    let is_versioned = records.iter().any(|record| record.version.is_some());
    let mut builder = LogBuilder::of(PartRules {
        without_versions: !is_versioned,
        counts_missing: false,
        ..PartRules::default()
    });
    for (line, record) in records.iter().enumerate() {
        let time = Timestamp::parse(&record.time);
        builder.note_digits(time.map_or(0, |read| read.digits));
        let event = NewEvent {
            stream: record.stream.as_bytes(),
            category: None,
            version: record.version.map(Version),
            event_type: record.event_type.as_bytes(),
            time: time.map(|read| read.time),
            place: Place::at(i64::try_from(line).unwrap()),
        };
        builder.push(&event).unwrap();
    }
    let n_records = records.len() as u64 + problems.records_lost();
    History {
        log: builder.finish(),
        reader: Arc::new(Memory(records.to_vec())),
        problems,
        about: about(n_records),
        n_snapshots: 0,
        consumers: Vec::new(),
        snapshots: Vec::new(),
        is_complete: true,
    }
}

fn about(n_records: u64) -> HistoryAbout {
    let mapping = [
        ("stream", "stream_id"),
        ("type", "kind"),
        ("data", "payload"),
    ];
    HistoryAbout {
        format: "generic/ndjson".to_owned(),
        format_name: "JSON Lines".to_owned(),
        container: "ndjson".to_owned(),
        guess: Some(vec!["stream_id names streams".to_owned()]),
        mapping: mapping.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec(),
        is_mapped: false,
        opened: "read-only".to_owned(),
        files: vec![FileAbout {
            name: "events.ndjson".to_owned(),
            ..FileAbout::default()
        }],
        n_records,
        ..HistoryAbout::default()
    }
}

/// The history of these records.
pub fn history(records: &[Record]) -> History {
    history_with(records, Problems::default())
}

/// Evidence of one file, last written at the end of 2024.
pub fn evidence(history: &History) -> Evidence {
    Evidence {
        files: vec![EvidenceFile {
            name: "events.ndjson".to_owned(),
            bytes: 1234,
            sha256: "9f2c61ab04d7e3b81c5590d2ae77b640f3a18c02e9d64b577d10c4aa5e92f03b".to_owned(),
            sha256_after: None,
            modified: Timestamp::parse("2024-12-31T23:59:59Z").map(|read| read.time),
        }],
        log_root: None,
        events: history.log.len() as u64,
        opened: "read-only".to_owned(),
        unchanged: true,
        ..Evidence::default()
    }
}

/// The audit of a history with all checks.
pub fn audit(history: &History) -> Audit {
    audit_with(history, &AuditOptions::default())
}

/// The audit of a history with other options.
pub fn audit_with(history: &History, options: &AuditOptions) -> Audit {
    let watch = Watch {
        cancel: &|| false,
        records_read: &|_| (),
    };
    run(history, evidence(history), options, &watch).unwrap()
}
