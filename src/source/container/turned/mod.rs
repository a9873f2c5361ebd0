//! Inputs that are neither tables nor a record a line, turned into lines of JSON as they are read: a
//! line a record, with the names that the input itself uses. What those names mean is data
//! (`assets/formats`), as with every other log.
//!
//! Each kind is a [`Turner`] in a file of its own. It checks lengths and counts before it takes
//! memory for them, and says what it leaves out.

mod avro;
mod bson;
mod chunk;
mod kafka;
mod lines;
mod ocel_xml;
mod shapes;
mod units;
mod xes;
mod xml;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(super) use lines::Lines;
pub use shapes::Shape;
pub(super) use shapes::mongo::uuid;

use crate::source::bytes::Bytes;
use crate::source::container::input::Input;
use crate::source::error::Error;
use crate::source::spool::{Feed, Note, Spool};

/// The most that is written in all.
const MAX_TOTAL: u64 = 32 << 30;
/// From here on the ratio counts.
const RATIO_FROM: u64 = 64 << 20;
/// The most that may come of one byte that is read.
const MAX_RATIO: u64 = 200;
/// How much is written at once, about.
const BLOCK: usize = 1 << 18;

/// What an input is turned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turning {
    /// JSON whose records do not lie a record an object.
    Json(Shape),
    /// A file of Avro.
    Avro,
    /// Documents of MongoDB, back to back.
    Bson,
    /// A chunk of EventStoreDB.
    Chunk,
    /// A segment of Kafka.
    KafkaSegment,
    /// What Kafka's console consumer prints.
    KafkaConsole,
    /// What Kafka's dump of a log prints.
    KafkaDump,
    /// What kcat prints by a pattern.
    KafkaPattern,
    /// Traces of events in XML.
    Xes,
    /// Object-centric events in XML.
    OcelXml,
}

impl Turning {
    /// What a text or anything else that begins so is turned from, `len` being how long it is; an error
    /// is for what is known and not read.
    pub(in crate::source) fn of(head: &[u8], len: u64) -> Option<Result<Self, &'static str>> {
        let binary = chunk::recognize(head)
            .map(|known| known.map(|()| Self::Chunk))
            .or_else(|| {
                kafka::segment::recognize(head, len).map(|known| known.map(|()| Self::KafkaSegment))
            });
        if binary.is_some() {
            return binary;
        }
        let kinds = [
            (Self::Avro, avro::is_avro(head)),
            (Self::Bson, bson::is_bson(head, len)),
            (Self::KafkaDump, kafka::dump_log::is_dump(head)),
            (Self::KafkaConsole, kafka::console::is_console(head)),
            (
                Self::KafkaPattern,
                kafka::pattern::Pattern::of(head).is_some(),
            ),
        ];
        kinds
            .into_iter()
            .find_map(|(kind, fits)| fits.then_some(Ok(kind)))
    }

    /// What an XML document is turned from; `None` where it is no log, an error where it is refused.
    pub(in crate::source) fn of_xml(text: &[u8]) -> Option<Result<Self, &'static str>> {
        if memchr::memmem::find(text, b"<!DOCTYPE").is_some() {
            return Some(Err(
                "an XML document that declares a document type, which logs do not need and which could hold anything; remove the declaration",
            ));
        }
        if let Some(known) = ocel_xml::recognize(text) {
            return Some(known.map(|()| Self::OcelXml));
        }
        xes::is_xes(text).then_some(Ok(Self::Xes))
    }

    /// The word for the container.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Json(shape) => shape.word(),
            Self::Avro => "avro",
            Self::Bson => "bson",
            Self::Chunk => "eventstoredb-chunk",
            Self::KafkaSegment => "kafka-segment",
            Self::KafkaConsole => "kafka-console",
            Self::KafkaDump => "kafka-dump-log",
            Self::KafkaPattern => "kcat-pattern",
            Self::Xes => "xes",
            Self::OcelXml => "ocel-xml",
        }
    }
}

/// Writes records as lines.
trait Turner: Send {
    /// Writes some of the next records; `false` at the end. What is wrong with the input is noted in
    /// `lines`; an error is one of reading it.
    fn turn(&mut self, lines: &mut Lines) -> io::Result<bool>;
}

/// The input as lines of JSON, made as they are asked for.
pub(super) fn turned(
    turning: Turning,
    bytes: Bytes,
    path: Option<&Path>,
) -> Result<Arc<Spool>, Error> {
    let len = bytes.len().map_err(Error::io("look at the file"))?;
    let input = Input::new(bytes.clone());
    let place = input.place();
    let turner: Box<dyn Turner> = match turning {
        Turning::Json(shape) => shape.turner(input),
        Turning::Avro => Box::new(avro::Avro::new(input)),
        Turning::Bson => Box::new(bson::Bson::new(input)),
        Turning::Chunk => Box::new(chunk::Chunk::new(input)),
        Turning::KafkaSegment => Box::new(kafka::segment::Segment::new(input, bytes, path)),
        Turning::KafkaConsole => Box::new(kafka::console::Console::new(input)),
        Turning::KafkaDump => Box::new(kafka::dump_log::DumpLog::new(input)),
        Turning::KafkaPattern => Box::new(kafka::pattern::Patterned::new(input)),
        Turning::Xes => Box::new(xes::Xes::new(input)),
        Turning::OcelXml => Box::new(ocel_xml::OcelXml::new(input)),
    };
    Ok(Arc::new(Spool::new(TurningFeed {
        turner,
        lines: Lines::default(),
        len,
        place,
        total: 0,
    })))
}

/// A turner on its way.
struct TurningFeed {
    turner: Box<dyn Turner>,
    lines: Lines,
    len: u64,
    place: Arc<AtomicU64>,
    total: u64,
}

impl Feed for TurningFeed {
    fn next(&mut self, block: &mut Vec<u8>) -> io::Result<bool> {
        let mut goes_on = true;
        while goes_on && self.lines.len() < BLOCK {
            goes_on = self.turner.turn(&mut self.lines)?;
        }
        self.lines.move_to(block);
        self.total += block.len() as u64;
        let read = self.place.load(Ordering::Relaxed).max(1);
        let too_dense = self.total > RATIO_FROM && self.total / MAX_RATIO > read;
        if goes_on && (self.total > MAX_TOTAL || too_dense) {
            self.lines.broken(
                "reading-stopped",
                "the whole input",
                format!(
                    "reading was stopped after {read} bytes, for they give more than is reasonable; \
                     what came before is read"
                ),
            );
            return Ok(false);
        }
        Ok(goes_on)
    }

    fn take_notes(&mut self) -> Vec<Note> {
        self.lines.take_notes()
    }

    fn expected(&self, n_kept: u64) -> u64 {
        let read = u128::from(self.place.load(Ordering::Relaxed).max(1));
        let expected = u128::from(n_kept) * u128::from(self.len) / read;
        u64::try_from(expected).unwrap_or(u64::MAX)
    }
}
