//! How payloads are packed, told by their first bytes, and the steps that unpack them.

use std::io::Read as _;

use super::facts::Facts;
use crate::source::format::Decode;
use crate::source::guess::sample::Sampled;
use crate::source::payload::looks_deflated;
use crate::source::survey::ReadAs;

/// How much of a packed sample is unpacked.
const MAX_UNPACKED: u64 = 1 << 16;

/// The first bytes of what is packed inside; `None` where it is not packed in a way known here.
pub(super) fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let read = match packing(bytes)? {
        ReadAs::Zlib => flate2::read::ZlibDecoder::new(bytes)
            .take(MAX_UNPACKED)
            .read_to_end(&mut out),
        ReadAs::Gzip => flate2::read::GzDecoder::new(bytes)
            .take(MAX_UNPACKED)
            .read_to_end(&mut out),
        ReadAs::Zstd => zstd::stream::read::Decoder::new(bytes)
            .ok()?
            .take(MAX_UNPACKED)
            .read_to_end(&mut out),
        _ => return None,
    };
    // A sample that was cut ends early; what came until then is enough to go by.
    (read.is_ok() || !out.is_empty()).then_some(out)
}

/// What the first bytes of a value say that it is packed by.
fn packing(bytes: &[u8]) -> Option<ReadAs> {
    match bytes {
        [0x1f, 0x8b, ..] => Some(ReadAs::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(ReadAs::Zstd),
        _ if looks_deflated(bytes) => Some(ReadAs::Zlib),
        _ => None,
    }
}

/// How a column of payloads is to be read.
pub(super) fn read_as(samples: &[Sampled], facts: &Facts) -> ReadAs {
    if facts.n_present == 0 || facts.object + facts.array >= 0.5 {
        let packed = samples
            .iter()
            .filter_map(|sample| packing(sample.cell().bytes()?));
        let mut kinds: Vec<ReadAs> = packed.collect();
        kinds.dedup();
        return match kinds.as_slice() {
            [] => ReadAs::Json,
            [only] => *only,
            _ => ReadAs::Auto,
        };
    }
    if facts.binary > 0.0 {
        ReadAs::Auto
    } else {
        ReadAs::Text
    }
}

/// The steps that make JSON of a column's values.
pub(super) fn steps(samples: &[Sampled], facts: &Facts) -> Vec<Decode> {
    let mut steps = vec![Decode::Zlib];
    let n_inside = samples.iter().filter(|s| s.is_json_in_text()).count();
    if facts.n_present > 0 && n_inside as f64 >= 0.9 * facts.n_present as f64 {
        steps.push(Decode::JsonText);
    }
    steps
}
