//! Unpacks the records of a batch, by any of Kafka's codecs, up to a limit.

use std::io::Read;

/// The most that a batch may be unpacked to.
const MAX_UNPACKED: u64 = 128 << 20;
/// The largest window of zstd, as a power of two.
const MAX_WINDOW: u32 = 27;

/// The records unpacked; `None` where they cannot be, or are too large.
pub(super) fn unpack(codec: u8, packed: &[u8]) -> Option<Vec<u8>> {
    match codec {
        1 => limited(flate2::read::MultiGzDecoder::new(packed)),
        2 => snappy(packed),
        3 => limited(lz4_flex::frame::FrameDecoder::new(packed)),
        4 => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(packed).ok()?;
            decoder.window_log_max(MAX_WINDOW).ok()?;
            limited(decoder)
        }
        _ => None,
    }
}

fn limited(reader: impl Read) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    reader.take(MAX_UNPACKED + 1).read_to_end(&mut out).ok()?;
    (out.len() as u64 <= MAX_UNPACKED).then_some(out)
}

/// Snappy, plain or in the frames of Xerial's library, which Java's clients write.
fn snappy(packed: &[u8]) -> Option<Vec<u8>> {
    let Some(mut rest) = packed.strip_prefix(b"\x82SNAPPY\0") else {
        return block(packed, 0);
    };
    rest = rest.get(8..)?;
    let mut out = Vec::new();
    while !rest.is_empty() {
        let (size, tail) = rest.split_at_checked(4)?;
        let size = u32::from_be_bytes(size.try_into().ok()?);
        let (packed, tail) = tail.split_at_checked(usize::try_from(size).ok()?)?;
        out.append(&mut block(packed, out.len())?);
        rest = tail;
    }
    Some(out)
}

/// One block, `before` bytes being there already.
fn block(packed: &[u8], before: usize) -> Option<Vec<u8>> {
    let len = snap::raw::decompress_len(packed).ok()?;
    // A byte of Snappy makes at most some twenty; a length that claims more is a lie.
    let is_likely = len / 64 <= packed.len() + 1;
    if !is_likely || (before + len) as u64 > MAX_UNPACKED {
        return None;
    }
    snap::raw::Decoder::new().decompress_vec(packed).ok()
}
