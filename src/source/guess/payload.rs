//! How payloads are packed and written, told by their bytes, and the steps that make JSON of them.

use std::io::Read as _;

use super::facts::Facts;
use crate::source::cell::Cell;
use crate::source::format::Decode;
use crate::source::guess::sample::{Sampled, begins_structured};
use crate::source::payload::decoded;
use crate::source::survey::ReadAs;

/// How much of a packed sample is unpacked.
const MAX_UNPACKED: u64 = 1 << 16;

/// The JSON that is made of bytes by a look at their content; cut where it is long, `None` where they
/// are JSON already or none comes of them.
pub(super) fn decoded_json(cell: Cell<'_>) -> Option<Vec<u8>> {
    let bytes = cell.bytes()?;
    let unpacked = unpacked(bytes);
    let look = unpacked.as_deref().map_or(cell, Cell::Blob);
    let inner = look.bytes().unwrap_or_default();
    if begins_structured(Some(inner)) {
        return unpacked;
    }
    // What is packed twice could be of any size.
    if packing(inner).is_some() {
        return None;
    }
    decoded(look, &[Decode::Auto], false).filter(|json| begins_structured(Some(json)))
}

/// The first bytes of what is packed inside; `None` where it is not packed in a way known here.
fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let read = match packing(bytes)? {
        ReadAs::Zlib => flate2::read::ZlibDecoder::new(bytes)
            .take(MAX_UNPACKED)
            .read_to_end(&mut out),
        ReadAs::Gzip => flate2::read::GzDecoder::new(bytes)
            .take(MAX_UNPACKED)
            .read_to_end(&mut out),
        _ => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(bytes).ok()?;
            // A frame may ask for a window of gigabytes; samples do without such.
            decoder.window_log_max(23).ok()?;
            decoder.take(MAX_UNPACKED).read_to_end(&mut out)
        }
    };
    // A sample that was cut ends early; what came until then is enough to go by.
    (read.is_ok() || !out.is_empty()).then_some(out)
}

/// What the first bytes of a value say that it is packed by.
fn packing(bytes: &[u8]) -> Option<ReadAs> {
    match bytes {
        [0x1f, 0x8b, 8, ..] => Some(ReadAs::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(ReadAs::Zstd),
        [0x78, second, ..] if (0x7800 + u32::from(*second)).is_multiple_of(31) => {
            Some(ReadAs::Zlib)
        }
        _ => None,
    }
}

/// How a value is written that is JSON in another dress; `None` where it is JSON or nothing known.
fn dress(cell: Cell<'_>) -> Option<ReadAs> {
    let bytes = cell.bytes()?;
    if let Some(packing) = packing(bytes) {
        return Some(packing);
    }
    let json = decoded(cell, &[Decode::Auto], false)?;
    [
        (Decode::Jsonb, ReadAs::Jsonb),
        (Decode::Msgpack, ReadAs::MessagePack),
        (Decode::Cbor, ReadAs::Cbor),
        (Decode::Yaml, ReadAs::Yaml),
    ]
    .into_iter()
    .find(|(step, _)| decoded(cell, &[*step], false).as_ref() == Some(&json))
    .map(|(_, read_as)| read_as)
}

/// How a column of payloads is to be read.
pub(super) fn read_as(samples: &[Sampled], facts: &Facts) -> ReadAs {
    if facts.n_present > 0 && facts.object + facts.array < 0.5 {
        return if facts.binary > 0.0 {
            ReadAs::Auto
        } else {
            ReadAs::Text
        };
    }
    let mut dresses: Vec<Option<ReadAs>> = Vec::new();
    for sample in samples.iter().filter(|s| **s != Sampled::Null).take(50) {
        let dress = dress(sample.cell());
        if !dresses.contains(&dress) {
            dresses.push(dress);
        }
    }
    match dresses.as_slice() {
        [] | [None] => ReadAs::Json,
        [Some(only)] => *only,
        _ => ReadAs::Auto,
    }
}

/// The steps that make JSON of a column's values.
pub(super) fn steps(samples: &[Sampled], facts: &Facts) -> Vec<Decode> {
    let n_inside = samples.iter().filter(|s| s.is_json_in_text()).count();
    if facts.n_present > 0 && n_inside as f64 >= 0.9 * facts.n_present as f64 {
        return vec![Decode::JsonText];
    }
    // Whatever the samples show, another row may be written otherwise; JSON costs no more that way.
    vec![Decode::Auto]
}
