//! The steps from stored bytes to readable ones, in the order that a format names them.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::DecodePaddingMode::Indifferent;
use base64::engine::GeneralPurposeConfig;
use base64::engine::general_purpose::GeneralPurpose;

use super::sniff::{Found, sniff};
use super::{cbor, jsonb, msgpack, number, unpack, xml, yaml};
use crate::event::json::scan;
use crate::source::cell::Cell;
use crate::source::format::Decode;

/// What is known of decoded bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Nothing.
    Bytes,
    /// They were given as characters.
    Chars,
    /// They are exactly one JSON value.
    Json,
    /// They are no text, whatever they look like.
    Opaque,
}

/// Bytes after some steps.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    pub(super) form: Form,
}

const CONFIG: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, CONFIG);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::URL_SAFE, CONFIG);

/// Takes all steps that fit; `None` for what is not made of bytes.
pub(super) fn decode<'a>(cell: Cell<'a>, steps: &[Decode]) -> Option<Decoded<'a>> {
    let form = match cell {
        Cell::Blob(_) => Form::Bytes,
        _ => Form::Chars,
    };
    let mut decoded = Decoded {
        bytes: Cow::Borrowed(cell.bytes()?),
        form,
    };
    for step in steps {
        if let Some((bytes, form)) = apply(*step, &decoded) {
            decoded.form = form;
            if let Some(bytes) = bytes {
                decoded.bytes = Cow::Owned(bytes);
            }
        }
    }
    Some(decoded)
}

/// The bytes of a payload that only a schema can read: what is packed is unpacked, and what is encoded as
/// text decoded. `None` where there are none, or where they are JSON already.
pub(in crate::source) fn wire_bytes<'a>(cell: Cell<'a>, steps: &[Decode]) -> Option<Cow<'a, [u8]>> {
    let is_packing = |step: &&Decode| {
        matches!(
            step,
            Decode::Base64
                | Decode::Hex
                | Decode::Binary
                | Decode::Zlib
                | Decode::Gzip
                | Decode::Zstd
        )
    };
    let steps: Vec<Decode> = steps.iter().filter(is_packing).copied().collect();
    let decoded = decode(cell, &steps)?.bytes;
    if matches!(cell, Cell::Json(_))
        && let Some(text) = text_of(&decoded)
    {
        let text = text.into_owned();
        return (!scan::is_json(text.as_bytes())).then(|| Cow::Owned(text.into_bytes()));
    }
    (!scan::is_json(&decoded)).then_some(decoded)
}

/// Whether the bytes may be such that a step would make something else of them; looks only at how
/// they begin. For places inside JSON: JSON that stands as it is needs no step.
pub(super) fn may_decode(bytes: &[u8], steps: &[Decode]) -> bool {
    let begins = bytes.first().copied().unwrap_or(b'{');
    steps.iter().any(|step| match step {
        Decode::Zlib => unpack::looks_deflated(bytes),
        Decode::Gzip => unpack::looks_gzipped(bytes),
        Decode::Zstd => unpack::looks_like_zstd(bytes),
        Decode::Text | Decode::JsonText => begins == b'"',
        Decode::Unguarded => begins == b'\'',
        Decode::Xml => matches!(begins, b'<' | b'"' | 0xef) || begins.is_ascii_whitespace(),
        Decode::Binary => bytes.starts_with(b"{\"$binary\""),
        Decode::Uuid | Decode::Guid | Decode::Lower | Decode::Plain => false,
        _ => !matches!(begins, b'{' | b'[') || bytes.len() <= 8,
    })
}

type Step = (Option<Vec<u8>>, Form);

/// What a step makes of the bytes; `None` where it does not fit them.
fn apply(step: Decode, from: &Decoded<'_>) -> Option<Step> {
    let bytes = from.bytes.as_ref();
    let raw = || (from.form == Form::Bytes).then_some(bytes);
    let json = |written: super::writer::Written| (written.text.into_bytes(), Form::Json);
    let (bytes, form) = match step {
        Decode::Auto => {
            let Found { bytes, form } = sniff(bytes, from.form);
            return Some((bytes, form));
        }
        Decode::Zlib => (unpack::zlib(bytes)?, Form::Bytes),
        Decode::Gzip => (unpack::gzip(bytes)?, Form::Bytes),
        Decode::Zstd => (unpack::zstd(bytes)?, Form::Bytes),
        Decode::Base64 => (base64(&encoded(bytes)?)?, Form::Bytes),
        Decode::Hex => (hex(&encoded(bytes)?)?, Form::Bytes),
        Decode::Text => (text_of(bytes)?.into_owned().into_bytes(), Form::Chars),
        Decode::Plain => return None,
        Decode::Unguarded => (bytes.strip_prefix(b"'")?.to_vec(), from.form),
        Decode::Binary => {
            let inner = scan::find(bytes, &["$binary"])?;
            (base64(&text_of(inner)?)?, Form::Bytes)
        }
        Decode::Lower => {
            let text = encoded(bytes)?;
            (text.to_ascii_lowercase().into_bytes(), Form::Chars)
        }
        Decode::JsonText => {
            let text = text_of(bytes)?;
            scan::is_json(text.as_bytes()).then(|| (text.into_owned().into_bytes(), Form::Json))?
        }
        Decode::Jsonb => json(jsonb::decode(raw()?)?),
        Decode::Msgpack => json(msgpack::decode(raw()?)?),
        Decode::Cbor => json(cbor::decode(raw()?)?),
        Decode::Yaml if scan::is_json(bytes) => return None,
        Decode::Yaml => json(yaml::decode(std::str::from_utf8(bytes).ok()?)?),
        Decode::Xml => json(xml::decode(&encoded(bytes)?)?),
        Decode::Uuid => (dashed(raw()?.try_into().ok()?).into_bytes(), Form::Chars),
        Decode::Guid => {
            let guid = big_endian(raw()?.try_into().ok()?);
            (dashed(guid).into_bytes(), Form::Chars)
        }
    };
    Some((Some(bytes), form))
}

fn text_of(bytes: &[u8]) -> Option<Cow<'_, str>> {
    scan::string_text(bytes)
}

/// The text in which bytes are encoded: inside a JSON text, or plain. What is JSON otherwise is none.
fn encoded(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let Some(text) = text_of(bytes) {
        return Some(text);
    }
    let text = std::str::from_utf8(bytes).ok()?.trim();
    (!text.is_empty() && !scan::is_json(bytes)).then_some(Cow::Borrowed(text))
}

/// The bytes of base64, by either alphabet, padded or not, in one line or in many.
fn base64(text: &str) -> Option<Vec<u8>> {
    let one_line: Cow<'_, str> = if text.contains(['\r', '\n']) {
        Cow::Owned(text.replace(['\r', '\n'], ""))
    } else {
        Cow::Borrowed(text)
    };
    let engine = if one_line.contains(['-', '_']) {
        URL_SAFE
    } else {
        STANDARD
    };
    engine.decode(one_line.as_bytes()).ok()
}

/// The bytes of hexadecimal digits, which may begin with `\x` or `0x`.
fn hex(text: &str) -> Option<Vec<u8>> {
    let prefix = ["\\x", "0x"]
        .iter()
        .find(|prefix| text.starts_with(**prefix));
    let digits = text.get(prefix.map_or(0, |prefix| prefix.len())..)?;
    let is_whole = !digits.is_empty() && digits.len().is_multiple_of(2);
    is_whole.then(|| number::bytes_of_hex(digits)).flatten()
}

/// A UUID as text.
pub(in crate::source) fn dashed(uuid: [u8; 16]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(36);
    for (n, byte) in uuid.iter().enumerate() {
        if matches!(n, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        write!(text, "{byte:02x}").unwrap_or_default();
    }
    text
}

/// The bytes of a GUID as .NET keeps them, in the order of their text.
fn big_endian(mut guid: [u8; 16]) -> [u8; 16] {
    for part in [0..4, 4..6, 6..8] {
        guid[part].reverse();
    }
    guid
}
