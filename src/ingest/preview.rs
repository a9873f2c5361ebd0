//! What a mapping would give: some rows of an input as the events that they would be, and what is
//! wrong with them.
//!
//! Reads through the same code as opening and never more than [`MOST_ROWS`] rows, so that it can be
//! done again whenever a choice changes.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::take::Taker;
use crate::event::{EventReader, Payload, Place, Position, Problems, Timestamp, Version, Want};
use crate::history::EventLog;
use crate::source::{Error, OpenOptions, Progress, Role, Source};

/// So many rows are looked at.
const MOST_ROWS: usize = 100_000;
/// After so many bytes of payload no more are read: a second or so.
const MOST_BYTES: u64 = 64 << 20;
/// So many rows without a time or version are asked whether something unreadable stands there.
const MOST_ASKED: usize = 1000;
/// How many payloads are read between two looks at the wish to stop.
const CHUNK: usize = 512;

/// What a mapping would give.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// The first rows.
    pub first: Vec<PreviewRow>,
    /// Rows taken at random from those looked at, in their order; the same ones each time.
    pub random: Vec<PreviewRow>,
    /// The first rows with something that cannot be read.
    pub problems: Vec<PreviewRow>,
    /// How many events there were in what was looked at.
    pub n_looked_at: u64,
    /// Whether that was the whole input.
    pub is_whole: bool,
    /// How many events have something that cannot be read.
    pub n_problems: u64,
    /// What is to be known before opening.
    pub notes: Vec<PreviewNote>,
}

/// A row as the event that it would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewRow {
    /// Its position in the history.
    pub position: Position,
    /// Its stream; empty where the row names none.
    pub stream: String,
    /// Its version.
    pub version: Option<Version>,
    /// What stands where the version should and is none.
    pub version_text: Option<String>,
    /// Its type.
    pub event_type: String,
    /// Its time, with as many fraction digits as the source has.
    pub time: Option<(Timestamp, u8)>,
    /// What stands where the time should and is none.
    pub time_text: Option<String>,
    /// Its payload, or why it cannot be read.
    pub data: Result<Payload, String>,
}

/// Something to know about what a mapping gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewNote {
    /// Whether something will be missing or marked; else it is only good to know.
    pub is_warning: bool,
    /// What is so, in a sentence or two.
    pub text: String,
}

/// Looks at the beginning of an input as a mapping would open it.
///
/// `n_shown` is how many rows of each kind are wanted. Blocks for up to a second or two on a large
/// input; [`Progress::cancel`] ends it early with [`Error::Cancelled`].
pub fn preview(
    source: &Source,
    options: &OpenOptions,
    n_shown: usize,
    progress: &Arc<Progress>,
) -> Result<Preview, Error> {
    let mut container = crate::source::open(source, options, progress)?;
    let reader = container.reader()?;
    let opened = container.about();
    let problems = std::mem::take(&mut opened.problems);
    let reads = |role| {
        let mut parts = opened.parts.iter();
        parts.any(|part| !part.format.fields(role).is_empty())
    };
    let has = Has {
        time: reads(Role::Time),
        version: reads(Role::Version),
        data: reads(Role::Data),
    };
    let mut taker = Taker::new(opened.parts.clone(), &[], options.joins_streams, problems);
    let mut is_whole = true;
    let scanned = container.scan(progress, &mut |item| {
        if taker.len() >= MOST_ROWS {
            is_whole = false;
            return ControlFlow::Break(());
        }
        taker.take(item)
    });
    if progress.is_cancelled() {
        return Err(Error::Cancelled);
    }
    if is_whole {
        scanned?;
    }
    let (log, problems) = taker.finish();
    let looked = LookedAt {
        log: &log,
        reader: reader.as_ref(),
        has,
        progress,
    };
    looked.preview(&problems, is_whole, n_shown)
}

/// Which roles are read at all.
#[derive(Clone, Copy)]
pub(super) struct Has {
    time: bool,
    pub(super) version: bool,
    pub(super) data: bool,
}

/// What was looked at.
pub(super) struct LookedAt<'a> {
    pub(super) log: &'a EventLog,
    reader: &'a dyn EventReader,
    pub(super) has: Has,
    progress: &'a Progress,
}

/// What is known of all payloads looked at.
#[derive(Default)]
pub(super) struct Payloads {
    /// Positions of those that cannot be read, rising.
    pub(super) broken: Vec<u32>,
    pub(super) n_text: u64,
    pub(super) n_read: u64,
    n_bytes: u64,
}

impl LookedAt<'_> {
    fn preview(
        &self,
        problems: &Problems,
        is_whole: bool,
        n_shown: usize,
    ) -> Result<Preview, Error> {
        let payloads = self.payloads()?;
        let unclear = self.unclear()?;
        let mut bad: Vec<u32> = payloads.broken.iter().chain(&unclear).copied().collect();
        bad.sort_unstable();
        bad.dedup();
        let n_events = u32::try_from(self.log.len()).unwrap_or(u32::MAX);
        let first: Vec<u32> = (0..n_events).take(n_shown).collect();
        let random = at_random(n_events, n_shown);
        let shown_bad: Vec<u32> = bad.iter().copied().take(n_shown).collect();
        let preview = Preview {
            first: self.rows(&first)?,
            random: self.rows(&random)?,
            problems: self.rows(&shown_bad)?,
            n_looked_at: u64::from(n_events),
            is_whole,
            n_problems: bad.len() as u64,
            notes: self.notes(problems, &payloads, is_whole),
        };
        Ok(preview)
    }

    /// Reads all payloads that may be read, and notes which cannot be.
    fn payloads(&self) -> Result<Payloads, Error> {
        let mut found = Payloads::default();
        if !self.has.data {
            return Ok(found);
        }
        let n_events = u32::try_from(self.log.len()).unwrap_or(u32::MAX);
        let all: Vec<u32> = (0..n_events).collect();
        for chunk in all.chunks(CHUNK) {
            if found.n_bytes > MOST_BYTES {
                break;
            }
            self.read(chunk, Want::Data, &mut |position, detail| {
                found.n_read += 1;
                match detail.map(|detail| detail.data) {
                    Ok(Payload::Bytes(_)) | Err(_) => found.broken.push(position),
                    Ok(data) => {
                        found.n_bytes += data.len() as u64;
                        found.n_text += u64::from(matches!(data, Payload::Text(_)));
                    }
                }
            })?;
        }
        Ok(found)
    }

    /// Positions at which something stands for a time or version and is none.
    fn unclear(&self) -> Result<Vec<u32>, Error> {
        let n_events = u32::try_from(self.log.len()).unwrap_or(u32::MAX);
        let is_open = |position: &u32| {
            let position = Position(*position);
            self.has.time && self.log.time(position).is_none()
                || self.has.version && self.log.version(position).is_none()
        };
        let open: Vec<u32> = (0..n_events).filter(is_open).take(MOST_ASKED).collect();
        let mut unclear = Vec::new();
        for chunk in open.chunks(CHUNK) {
            self.read(chunk, Want::Presented, &mut |position, detail| {
                let stands = |detail: crate::event::EventDetail| {
                    detail.time_text.is_some() || detail.version_text.is_some()
                };
                if detail.is_ok_and(stands) {
                    unclear.push(position);
                }
            })?;
        }
        Ok(unclear)
    }

    fn read(
        &self,
        positions: &[u32],
        want: Want,
        each: &mut dyn FnMut(u32, Result<crate::event::EventDetail, String>),
    ) -> Result<(), Error> {
        if self.progress.is_cancelled() {
            return Err(Error::Cancelled);
        }
        let places: Vec<Place> = positions
            .iter()
            .map(|position| self.log.place(Position(*position)))
            .collect();
        self.reader.read(&places, want, &mut |nr, detail| {
            if let Some(position) = positions.get(nr) {
                each(*position, detail.map_err(|error| error.to_string()));
            }
            !self.progress.is_cancelled()
        });
        Ok(())
    }

    fn rows(&self, positions: &[u32]) -> Result<Vec<PreviewRow>, Error> {
        let mut rows = Vec::with_capacity(positions.len());
        self.read(positions, Want::Presented, &mut |position, detail| {
            let position = Position(position);
            let (time, time_text, version_text, data) = match detail {
                Ok(detail) => (
                    detail.time,
                    detail.time_text,
                    detail.version_text,
                    readable(detail.data),
                ),
                Err(why) => (None, None, None, Err(why)),
            };
            let stream = self.log.stream(position);
            rows.push(PreviewRow {
                position,
                stream: self.log.stream_name(stream).to_owned(),
                version: self.log.version(position),
                version_text,
                event_type: self.log.type_name(self.log.event_type(position)).to_owned(),
                time,
                time_text,
                data,
            });
        })?;
        Ok(rows)
    }
}

/// A payload that can be shown, or why it cannot.
fn readable(data: Payload) -> Result<Payload, String> {
    let Payload::Bytes(bytes) = data else {
        return Ok(data);
    };
    let head: Vec<String> = bytes
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02X}"))
        .collect();
    Err(format!(
        "neither JSON nor text, starts with {}",
        head.join(" ")
    ))
}

/// So many of the positions below `n_events`, each as likely as any other, rising; always the same.
fn at_random(n_events: u32, n_wanted: usize) -> Vec<u32> {
    let mut kept: Vec<u32> = (0..n_events).take(n_wanted).collect();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for position in (0..n_events).skip(n_wanted) {
        // Reservoir sampling: the n-th comes in with the chance of wanted to n.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let at = (state >> 33) % (u64::from(position) + 1);
        if let Some(place) = usize::try_from(at).ok().and_then(|at| kept.get_mut(at)) {
            *place = position;
        }
    }
    kept.sort_unstable();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MappingOverride;

    fn previewed(sql: &str, mapping: &str) -> Preview {
        let source = Source::Script {
            name: "s.db".to_owned(),
            sql: sql.to_owned(),
        };
        let options = OpenOptions {
            mapping: Some(MappingOverride::parse(mapping).unwrap()),
            ..OpenOptions::default()
        };
        preview(&source, &options, 2, &Arc::default()).unwrap()
    }

    const MAPPING: &str = "table = \"l\"\n[roles]\nstream = \"a\"\ntype = \"t\"\nversion = \"v\"\ntime = \"w\"\ndata = \"d\"\n";

    #[test]
    fn rows_are_events_and_what_cannot_be_read_is_counted_and_shown() {
        let found = previewed(
            "CREATE TABLE l(a TEXT, t TEXT, v INTEGER, w TEXT, d BLOB);
             INSERT INTO l VALUES ('x-1','Opened',1,'2024-01-01T00:00:00Z','{\"a\":1}'),
              ('x-1','Done',2,'yesterday','{}'), ('x-2','Opened',1,'2024-01-02T00:00:00Z',x'00ff01fe'),
              ('x-3','Opened',1,'2024-01-02T00:00:00Z','{}');",
            MAPPING,
        );
        assert_eq!(found.n_looked_at, 4);
        assert!(found.is_whole);
        assert_eq!(found.first.len(), 2);
        assert_eq!(found.first[0].stream, "x-1");
        assert_eq!(found.first[0].data, Ok(Payload::Json("{\"a\":1}".into())));
        assert_eq!(found.n_problems, 2);
        let places: Vec<u32> = found.problems.iter().map(|row| row.position.0).collect();
        assert_eq!(places, [1, 2]);
        assert_eq!(found.problems[0].time_text.as_deref(), Some("yesterday"));
        assert_eq!(
            found.problems[1].data,
            Err("neither JSON nor text, starts with 00 FF 01 FE".to_owned())
        );
        let said: Vec<&str> = found.notes.iter().map(|note| &*note.text).collect();
        assert_eq!(
            said,
            [
                "1 row has a payload that cannot be read. It will open as an event with an error mark.",
                "1 row has a time that cannot be read. It will open as an event with an error mark.",
                "Versions start at 1. State @ v1 is the state after the first event.",
            ]
        );
    }

    #[test]
    fn only_the_beginning_of_a_large_table_is_looked_at() {
        let found = previewed(
            "CREATE TABLE l(a TEXT, t TEXT, v INTEGER, w TEXT, d TEXT);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 100500)
             INSERT INTO l SELECT 'x','T',i,NULL,'{}' FROM n;",
            MAPPING,
        );
        assert_eq!(found.n_looked_at, 100_000);
        assert!(!found.is_whole);
        assert_eq!(found.random.len(), 2);
        assert!(found.random[0].position < found.random[1].position);
    }

    #[test]
    fn a_sample_is_spread_over_all_rows() {
        let sample = at_random(100_000, 100);
        assert_eq!(sample.len(), 100);
        assert!(sample.windows(2).all(|pair| pair[0] < pair[1]));
        let below = sample.iter().filter(|at| **at < 50_000).count();
        assert!((25..75).contains(&below), "{below}");
    }
}
