//! Tables in Arrow: the file that is also Feather's second version, and the stream.
//!
//! Both are messages one after another, so both are read so: a file that is cut off keeps what came
//! before. Lengths and unpacked sizes are checked before the library takes memory for them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::{ArrayRef, RecordBatch};
use arrow_buffer::Buffer;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::{RecordBatchDecoder, read_dictionary};
use arrow_ipc::{Message, MessageHeader, MetadataVersion, root_as_message};
use arrow_schema::{ArrowError, SchemaRef};

use super::guard::{self, caught};
use super::{BatchSink, Block, Table};
use crate::source::bytes::Bytes;
use crate::source::error::Error;
use crate::source::progress::Progress;

/// How the file form begins; the messages follow at the next multiple of eight.
pub(super) const MAGIC: &[u8] = b"ARROW1\0\0";
/// How a message begins.
const MARK: [u8; 4] = [0xff; 4];
/// The most messages.
const MAX_MESSAGES: usize = 1 << 20;
/// How many rows are handed over at once.
const BATCH: usize = 1024;

/// Whether a file begins as the stream form: a message that is a schema.
pub(super) fn is_stream(head: &[u8]) -> bool {
    let Some((len, rest)) = head
        .strip_prefix(&MARK)
        .and_then(|rest| rest.split_first_chunk::<4>())
    else {
        return false;
    };
    let len = u64::from(u32::from_le_bytes(*len));
    let whole = usize::try_from(len).ok().and_then(|len| rest.get(..len));
    match whole {
        Some(text) => {
            root_as_message(text).is_ok_and(|one| one.header_type() == MessageHeader::Schema)
        }
        None => (rest.len() as u64) < len && len <= guard::MAX_HEAD,
    }
}

/// A message with a body.
#[derive(Clone, Copy)]
struct Part {
    /// Where its head begins, behind the mark and the length.
    start: u64,
    n_head: u64,
    n_body: u64,
}

impl Part {
    fn end(&self) -> u64 {
        self.start + self.n_head + self.n_body
    }
}

/// A table in Arrow.
pub(super) struct Arrow {
    bytes: Bytes,
    schema: SchemaRef,
    version: MetadataVersion,
    /// The batches of rows, each with how many dictionaries stand before it.
    batches: Vec<(Part, usize)>,
    /// How many rows each batch has.
    runs: Vec<u64>,
    blocks: Vec<Block>,
    dictionaries: Vec<Part>,
    /// Whether a batch takes all dictionaries, wherever they stand.
    takes_all: bool,
    known: Mutex<Arc<Dictionaries>>,
    /// What was wrong with the end of the file.
    fault: Option<String>,
}

/// The dictionaries as they are after so many messages.
#[derive(Clone, Default)]
struct Dictionaries {
    n_read: usize,
    by_id: HashMap<i64, ArrayRef>,
}

fn refused(what: impl std::fmt::Display) -> Error {
    Error::Unsupported(format!("this Arrow file cannot be read: {what}"))
}

/// Where the first message of the file form begins: writers fill up to a multiple of eight, or of sixty-four.
fn first_message(bytes: &Bytes) -> Result<u64, Error> {
    let head = bytes.head(72).map_err(Error::io("read the file"))?;
    let mut steps = (MAGIC.len()..head.len()).step_by(8);
    let found = steps.find(|at| head.get(*at..).is_some_and(|rest| rest.starts_with(&MARK)));
    Ok(found.unwrap_or(MAGIC.len()) as u64)
}

/// What the walk over the messages comes upon.
enum Next {
    End,
    Broken(String),
    Message(Vec<u8>, Part),
}

impl Arrow {
    /// Walks over the messages; their bodies are not read.
    pub(super) fn open(bytes: Bytes, progress: &Progress) -> Result<Self, Error> {
        let head = bytes.head(8).map_err(Error::io("read the file"))?;
        let is_file = head == MAGIC;
        let mut at = if is_file { first_message(&bytes)? } else { 0 };
        let (schema, version) = match next(&bytes, at)? {
            Next::Message(head, part) => {
                at = part.end();
                schema_of(&head).map_err(refused)?
            }
            Next::End => return Err(refused("it holds no schema")),
            Next::Broken(why) => return Err(refused(why)),
        };
        let mut table = Self {
            bytes,
            schema,
            version,
            batches: Vec::new(),
            runs: Vec::new(),
            blocks: Vec::new(),
            dictionaries: Vec::new(),
            takes_all: is_file,
            known: Mutex::default(),
            fault: None,
        };
        let mut n_rows = 0;
        loop {
            if progress.is_cancelled() {
                return Err(Error::Cancelled);
            }
            match next(&table.bytes, at)? {
                Next::End => {
                    let len = table.bytes.len().map_err(Error::io("look at the file"))?;
                    // The form of a file has more behind its messages.
                    if is_file && at >= len {
                        table.fault = Some("the file is cut off".to_owned());
                    }
                    break;
                }
                Next::Broken(why) => {
                    table.fault = Some(why);
                    break;
                }
                Next::Message(head, part) => {
                    if let Err(why) = table.note(&head, part, &mut n_rows) {
                        table.fault = Some(why);
                        break;
                    }
                    at = part.end();
                }
            }
        }
        Ok(table)
    }

    /// Notes where a message lies.
    fn note(&mut self, head: &[u8], part: Part, n_rows: &mut u64) -> Result<(), String> {
        if self.batches.len() + self.dictionaries.len() >= MAX_MESSAGES {
            return Err(format!("it has more than {MAX_MESSAGES} messages"));
        }
        let message = message_of(head)?;
        match message.header_type() {
            MessageHeader::DictionaryBatch => self.dictionaries.push(part),
            MessageHeader::RecordBatch => {
                let batch = message.header_as_record_batch().ok_or("a batch is none")?;
                let count = u64::try_from(batch.length())
                    .ok()
                    .ok_or("a batch has no length")?;
                let read = part.end();
                if !guard::may_hold(read, n_rows.saturating_add(count)) {
                    return Err(format!("a batch says to have {count} rows"));
                }
                self.batches.push((part, self.dictionaries.len()));
                self.runs.push(count);
                self.blocks.push(Block {
                    first: *n_rows,
                    n_rows: count,
                });
                *n_rows += count;
            }
            _ => {}
        }
        Ok(())
    }

    /// The dictionaries as they are for a batch.
    fn dictionaries(&self, n_before: usize) -> Result<Arc<Dictionaries>, String> {
        let wanted = if self.takes_all {
            self.dictionaries.len()
        } else {
            n_before
        };
        let known = Arc::clone(&self.known.lock().unwrap_or_else(PoisonError::into_inner));
        if known.n_read == wanted {
            return Ok(known);
        }
        let mut own = if known.n_read < wanted {
            Dictionaries::clone(&known)
        } else {
            Dictionaries::default()
        };
        for part in self
            .dictionaries
            .get(own.n_read..wanted)
            .unwrap_or_default()
        {
            let (head, body) = self.load(*part)?;
            caught(|| {
                let message = message_of(&head).map_err(ArrowError::IpcError)?;
                let batch = message
                    .header_as_dictionary_batch()
                    .ok_or_else(|| ArrowError::IpcError("a dictionary is none".to_owned()))?;
                check_unpacked(batch.data(), &body).map_err(ArrowError::IpcError)?;
                let version = message.version();
                read_dictionary(&body, batch, &self.schema, &mut own.by_id, &version)
            })?;
        }
        own.n_read = wanted;
        let own = Arc::new(own);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&own);
        Ok(own)
    }

    /// A message's head and body.
    fn load(&self, part: Part) -> Result<(Vec<u8>, Buffer), String> {
        let head = read(&self.bytes, part.start, part.n_head)?;
        let body = read(&self.bytes, part.start + part.n_head, part.n_body)?;
        Ok((head, Buffer::from_vec(body)))
    }

    fn batch(&self, number: usize, columns: Option<&[usize]>) -> Result<RecordBatch, String> {
        let (part, n_before) = *self.batches.get(number).ok_or("there is no such batch")?;
        let dictionaries = self.dictionaries(n_before)?;
        let (head, body) = self.load(part)?;
        caught(|| {
            let message = message_of(&head).map_err(ArrowError::IpcError)?;
            let batch = message
                .header_as_record_batch()
                .ok_or_else(|| ArrowError::IpcError("a batch is none".to_owned()))?;
            check_unpacked(Some(batch), &body).map_err(ArrowError::IpcError)?;
            let schema = Arc::clone(&self.schema);
            RecordBatchDecoder::try_new(&body, batch, schema, &dictionaries.by_id, &self.version)?
                .with_projection(columns)
                .read_record_batch()
        })
    }

    /// Hands over a batch from one of its rows on, in pieces.
    fn hand_over(
        &self,
        number: usize,
        from: u64,
        columns: Option<&[usize]>,
        each: &mut BatchSink<'_>,
    ) -> Result<(), String> {
        let batch = self.batch(number, columns)?;
        let expected = self.blocks.get(number).map_or(0, |block| block.n_rows);
        if batch.num_rows() as u64 != expected {
            return Err("a batch has another number of rows than it says".to_owned());
        }
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        for start in (from..batch.num_rows()).step_by(BATCH) {
            let piece = batch.slice(start, BATCH.min(batch.num_rows() - start));
            if each(&piece).is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl Table for Arrow {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn runs(&self) -> &[u64] {
        &self.runs
    }

    fn scan(
        &self,
        run: usize,
        from: u64,
        columns: &[usize],
        each: &mut BatchSink<'_>,
    ) -> Result<(), String> {
        self.hand_over(run, from, Some(columns), each)
    }

    fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    fn read_block(&self, number: usize, each: &mut BatchSink<'_>) -> Result<(), String> {
        self.hand_over(number, 0, None, each)
    }

    fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }
}

fn schema_of(head: &[u8]) -> Result<(SchemaRef, MetadataVersion), String> {
    let message = message_of(head)?;
    let schema = message
        .header_as_schema()
        .ok_or("its first message is no schema")?;
    if !schema.endianness().equals_to_target_endianness() {
        return Err("its numbers are written the other way round".to_owned());
    }
    let schema = caught(|| try_fb_to_schema(schema))?;
    Ok((Arc::new(schema), message.version()))
}

fn message_of(head: &[u8]) -> Result<Message<'_>, String> {
    root_as_message(head).map_err(|error| format!("the head of a message is damaged ({error})"))
}

/// Reads so many bytes, all of which must be there.
fn read(bytes: &Bytes, at: u64, count: u64) -> Result<Vec<u8>, String> {
    if count > guard::MAX_UNPACKED {
        return Err(format!("a message says to be {count} bytes long"));
    }
    let count = usize::try_from(count).map_err(|error| error.to_string())?;
    let mut buffer = Vec::new();
    buffer
        .try_reserve_exact(count)
        .map_err(|error| error.to_string())?;
    buffer.resize(count, 0);
    let there = bytes
        .read_at(&mut buffer, at)
        .map_err(|error| error.to_string())?;
    if there < count {
        return Err("the file ends before a message does".to_owned());
    }
    Ok(buffer)
}

/// The message at a place of the file.
fn next(bytes: &Bytes, at: u64) -> Result<Next, Error> {
    let mut front = [0; 8];
    let count = bytes
        .read_at(&mut front, at)
        .map_err(Error::io("read the file"))?;
    let [a, b, c, d, lens @ ..] = front;
    let n_head = u64::from(u32::from_le_bytes(lens));
    if count < 8 {
        return Ok(match count {
            0 => Next::End,
            _ => Next::Broken("the file ends within a message".to_owned()),
        });
    }
    if [a, b, c, d] != MARK {
        return Ok(Next::Broken("what follows is no message".to_owned()));
    }
    if n_head == 0 {
        return Ok(Next::End);
    }
    if n_head > guard::MAX_HEAD {
        return Ok(Next::Broken(format!(
            "the head of a message says to be {n_head} bytes long"
        )));
    }
    let start = at + 8;
    let head = match read(bytes, start, n_head) {
        Ok(head) => head,
        Err(why) => return Ok(Next::Broken(why)),
    };
    let n_body = match message_of(&head) {
        Ok(message) => u64::try_from(message.bodyLength()).unwrap_or(u64::MAX),
        Err(why) => return Ok(Next::Broken(why)),
    };
    let part = Part {
        start,
        n_head,
        n_body,
    };
    if n_body > guard::MAX_UNPACKED {
        return Ok(Next::Broken(format!(
            "a message says to be {n_body} bytes long; up to 1 GiB are read at once"
        )));
    }
    // The last byte must be there.
    let is_whole = n_body == 0
        || bytes
            .read_at(&mut [0], part.end() - 1)
            .map_err(Error::io("read the file"))?
            == 1;
    if !is_whole {
        return Ok(Next::Broken("the file ends within a message".to_owned()));
    }
    Ok(Next::Message(head, part))
}

/// Whether the buffers of a batch unpack to what may be held at once.
fn check_unpacked(batch: Option<arrow_ipc::RecordBatch<'_>>, body: &[u8]) -> Result<(), String> {
    let Some(batch) = batch.filter(|batch| batch.compression().is_some()) else {
        return Ok(());
    };
    let mut total = 0_u64;
    for buffer in batch.buffers().into_iter().flatten() {
        let said = usize::try_from(buffer.offset())
            .ok()
            .and_then(|at| body.get(at..)?.first_chunk::<8>())
            .map(|bytes| i64::from_le_bytes(*bytes))
            .filter(|_| buffer.length() >= 8);
        total = total.saturating_add(said.and_then(|said| u64::try_from(said).ok()).unwrap_or(0));
    }
    if total > guard::MAX_UNPACKED {
        return Err(format!("a message says to unpack to {total} bytes"));
    }
    Ok(())
}
