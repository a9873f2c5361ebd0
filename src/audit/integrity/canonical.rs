//! An event as the bytes that receipts are made of.
//!
//! Eight fields follow one another: stream, category, version, type, id, time, data, metadata. Each is
//! one byte, 1 where the record has it and 0 where not, then the length of its bytes as eight bytes, the
//! greatest first, then these. The version is decimal digits and absent where the source has none; the
//! time is decimal nanoseconds since 1970; data and metadata are the stored bytes, exactly. Where a store
//! seals its events, the texts of the seal follow in the same way: hash, predecessor, signature, and
//! what the hash covers. The place in the history is not among them: it is that of the leaf in the tree.

use crate::event::{EventDetail, Position};
use crate::history::EventLog;

/// Writes an event that was read with [`crate::event::Want::All`] over what `out` held.
pub fn canonical_bytes(
    log: &EventLog,
    position: Position,
    detail: &EventDetail,
    out: &mut Vec<u8>,
) {
    out.clear();
    let stream = log.stream(position);
    field(out, Some(log.stream_name(stream).as_bytes()));
    field(out, Some(log.category_of(stream).as_bytes()));
    let version = log.has_versions().then(|| log.version(position)).flatten();
    let version = version.map(|version| version.0.to_string());
    field(out, version.as_deref().map(str::as_bytes));
    field(
        out,
        Some(log.type_name(log.event_type(position)).as_bytes()),
    );
    field(out, detail.id.as_deref().map(str::as_bytes));
    let time = log.time(position).map(|time| time.0.to_string());
    field(out, time.as_deref().map(str::as_bytes));
    field(out, detail.raw_data.bytes.as_deref());
    field(out, detail.raw_metadata.bytes.as_deref());
    if let Some(seal) = &detail.seal {
        let texts = [&seal.hash, &seal.previous, &seal.signature];
        for text in texts.into_iter().chain(&seal.covered) {
            field(out, text.as_deref().map(str::as_bytes));
        }
    }
}

fn field(out: &mut Vec<u8>, bytes: Option<&[u8]>) {
    let content = bytes.unwrap_or_default();
    out.push(u8::from(bytes.is_some()));
    out.extend_from_slice(&(content.len() as u64).to_be_bytes());
    out.extend_from_slice(content);
}
