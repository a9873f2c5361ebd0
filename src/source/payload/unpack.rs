//! Compressed payloads: zlib, gzip and Zstandard, each bounded and only as a whole.

use std::io::Read as _;

use flate2::{Decompress, FlushDecompress, Status};

/// The most bytes that one payload may inflate to.
pub(super) const MAX_INFLATED: u64 = 64 << 20;
/// The largest window that a Zstandard frame may ask for, as a power of two: 128 MiB.
const MAX_ZSTD_WINDOW: u32 = 27;

/// Whether bytes begin as a zlib stream does.
pub(super) fn looks_deflated(bytes: &[u8]) -> bool {
    matches!(bytes, [0x78, second, ..] if (0x7800 + u32::from(*second)).is_multiple_of(31))
}

/// Whether bytes begin as a gzip file does.
pub(super) fn looks_gzipped(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b, 8])
}

/// Whether bytes begin as a Zstandard frame does.
pub(super) fn looks_like_zstd(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
}

/// What any of the three is packed from.
pub(super) fn any(bytes: &[u8]) -> Option<Vec<u8>> {
    zlib(bytes).or_else(|| gzip(bytes)).or_else(|| zstd(bytes))
}

/// The inflated bytes; `None` where they are not exactly one zlib stream, or too many.
///
/// A stream that is cut off, or followed by something else, is not shown in part.
pub(super) fn zlib(bytes: &[u8]) -> Option<Vec<u8>> {
    if !looks_deflated(bytes) {
        return None;
    }
    let mut stream = Decompress::new(true);
    let mut out = Vec::new();
    loop {
        if out.len() == out.capacity() {
            let more = out.len().max(bytes.len().saturating_mul(2)).max(256);
            out.try_reserve(more).ok()?;
        }
        let (taken, made) = (stream.total_in(), stream.total_out());
        let rest = bytes.get(usize::try_from(taken).ok()?..)?;
        let status = stream.decompress_vec(rest, &mut out, FlushDecompress::None);
        if stream.total_out() > MAX_INFLATED {
            return None;
        }
        if status.ok()? == Status::StreamEnd {
            return (stream.total_in() == bytes.len() as u64).then_some(out);
        }
        let goes_on = stream.total_in() > taken || stream.total_out() > made;
        if !goes_on && out.len() < out.capacity() {
            return None;
        }
    }
}

/// The bytes of a whole gzip file of one or more members; `None` where it is none, or too large.
pub(super) fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    if !looks_gzipped(bytes) {
        return None;
    }
    limited(flate2::read::MultiGzDecoder::new(bytes))
}

/// The bytes of whole Zstandard frames; `None` where they are none, or too large.
pub(super) fn zstd(bytes: &[u8]) -> Option<Vec<u8>> {
    if !looks_like_zstd(bytes) {
        return None;
    }
    let mut decoder = ::zstd::stream::read::Decoder::with_buffer(bytes).ok()?;
    decoder.window_log_max(MAX_ZSTD_WINDOW).ok()?;
    limited(decoder)
}

fn limited(decoder: impl std::io::Read) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    decoder.take(MAX_INFLATED + 1).read_to_end(&mut out).ok()?;
    (out.len() as u64 <= MAX_INFLATED).then_some(out)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn packed(bytes: &[u8]) -> [Vec<u8>; 3] {
        let level = flate2::Compression::default();
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), level);
        zlib.write_all(bytes).unwrap();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), level);
        gzip.write_all(bytes).unwrap();
        let zstd = ::zstd::stream::encode_all(bytes, 3).unwrap();
        [zlib.finish().unwrap(), gzip.finish().unwrap(), zstd]
    }

    #[test]
    fn all_three_are_unpacked_and_only_as_a_whole() {
        let text = "{\"item\":\"sku-1\"}".repeat(100).into_bytes();
        for bytes in packed(&text) {
            assert_eq!(any(&bytes).as_ref(), Some(&text));
            for end in 0..bytes.len() {
                assert_eq!(any(&bytes[..end]), None, "cut off at {end}: {bytes:02x?}");
            }
            let longer = [bytes.as_slice(), b"more"].concat();
            assert_eq!(any(&longer), None, "with something after: {bytes:02x?}");
        }
        assert!(packed(b"").iter().all(|bytes| any(bytes) == Some(vec![])));
    }

    #[test]
    fn what_inflates_beyond_the_limit_stays_packed() {
        let zeros = vec![0; usize::try_from(MAX_INFLATED).unwrap() + 1];
        for bytes in packed(&zeros) {
            assert_eq!(any(&bytes), None, "{} bytes", bytes.len());
        }
    }
}
