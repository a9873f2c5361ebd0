//! Whether a seal fits its event: the hash made again, the signature verified.

use std::borrow::Cow;

use sha2::{Digest as _, Sha256};

use super::hex::{from_hex, hex};
use super::key::VerifyKey;
use crate::event::{Seal, SealRule};

/// What stands before a hash of version 2.
const HASH_V2: &str = "esdb:hash:v2:";
/// What stands before a signature.
const SIGNATURE_V1: &str = "esdb:signature:v1:";
/// How many texts version 1 covers, and how many version 2.
const COVERED_V1: usize = 8;
const COVERED_V2: usize = 10;

/// What making the hash again says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SealVerdict {
    /// It is the hash of what the event says.
    Holds,
    /// It is not: the event was changed, or its hash.
    Differs,
    /// It was made in a way that is not known here; this text says which.
    UnknownVersion(String),
    /// The event has none.
    Missing,
}

/// What a key says of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureVerdict {
    /// The key's owner signed this hash.
    Holds,
    /// The key's owner did not.
    Invalid,
    /// It was made in a way that is not known here; this text says which.
    UnknownVersion(String),
    /// The event is not signed.
    Unsigned,
}

/// Makes an event's hash again and compares; `data` is its payload exactly as stored.
pub fn judge_seal(seal: &Seal, data: &[u8]) -> SealVerdict {
    let SealRule::EventSourcingDb = seal.rule;
    let Some(stated) = seal.hash.as_deref() else {
        return SealVerdict::Missing;
    };
    let made = if stated.starts_with(HASH_V2) {
        v2(seal, data)
    } else if is_sha256(stated) {
        v1(seal, data)
    } else {
        return SealVerdict::UnknownVersion(version_of(stated));
    };
    if made == stated {
        SealVerdict::Holds
    } else {
        SealVerdict::Differs
    }
}

/// Verifies the signature over an event's hash as stated; whether that hash fits is another question.
pub fn judge_signature(seal: &Seal, key: &VerifyKey) -> SignatureVerdict {
    let SealRule::EventSourcingDb = seal.rule;
    let Some(stated) = seal.signature.as_deref() else {
        return SignatureVerdict::Unsigned;
    };
    let Some(digits) = stated.strip_prefix(SIGNATURE_V1) else {
        return SignatureVerdict::UnknownVersion(version_of(stated));
    };
    let bytes = from_hex(digits).and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
    // The text of the hash is signed, not its bytes.
    let message = seal.hash.as_deref().unwrap_or_default();
    match bytes {
        Some(bytes) if key.verifies(message.as_bytes(), &bytes) => SignatureVerdict::Holds,
        _ => SignatureVerdict::Invalid,
    }
}

/// Whether a stated predecessor is that of the first event of all.
pub(in crate::audit) fn is_first_of_all(previous: &str) -> bool {
    let digits = previous.strip_prefix(HASH_V2).unwrap_or(previous);
    digits.len() == 64 && digits.bytes().all(|byte| byte == b'0')
}

/// The texts covered, in order; what is absent is empty.
fn texts<'s>(seal: &'s Seal, n_covered: usize, absent: &'s str) -> impl Iterator<Item = &'s str> {
    let known = seal.covered.iter().map(Option::as_deref);
    let all = known.chain(std::iter::repeat(None)).take(n_covered);
    all.map(move |text| text.unwrap_or(absent))
}

fn v1(seal: &Seal, data: &[u8]) -> String {
    let texts: Vec<&str> = texts(seal, COVERED_V1, "").collect();
    let inner = [texts.join("|").as_bytes(), data].map(|part| hex(&Sha256::digest(part)));
    hex(&Sha256::digest(inner.concat()))
}

fn v2(seal: &Seal, data: &[u8]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(HASH_V2);
    for (n, text) in texts(seal, COVERED_V2, "-").enumerate() {
        hasher.update("\n");
        // Only the two that trace a request may be absent.
        let is_optional = n >= COVERED_V1;
        hasher.update(if text == "-" && !is_optional {
            ""
        } else {
            text
        });
    }
    hasher.update("\n");
    hasher.update(data);
    format!("{HASH_V2}{}", hex(&hasher.finalize()))
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What stands before the last colon, or the text's beginning.
fn version_of(stated: &str) -> String {
    let version: Cow<'_, str> = match stated.rsplit_once(':') {
        Some((version, _)) => version.into(),
        None => "no version".into(),
    };
    version.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(hash: &str) -> Seal {
        let covered = ["1.0", "0", "00", "t", "s", "/a", "x", "application/json"];
        let covered = covered.map(|text| Some(text.to_owned()));
        Seal {
            rule: SealRule::EventSourcingDb,
            hash: Some(hash.to_owned()),
            previous: Some("00".to_owned()),
            signature: None,
            covered: covered.into_iter().chain([None, None]).collect(),
        }
    }

    #[test]
    fn version_two_covers_the_trace_and_version_one_does_not() {
        let data = br#"{"a":1}"#;
        let one = v1(&seal(""), data);
        let two = v2(&seal(""), data);
        assert_eq!(judge_seal(&seal(&one), data), SealVerdict::Holds);
        assert_eq!(judge_seal(&seal(&two), data), SealVerdict::Holds);
        let traced = |hash: &str| {
            let mut seal = seal(hash);
            seal.covered[8] = Some("00-5338".to_owned());
            judge_seal(&seal, data)
        };
        assert_eq!(traced(&one), SealVerdict::Holds);
        assert_eq!(traced(&two), SealVerdict::Differs);
        assert_eq!(
            judge_seal(&seal(&two), br#"{"a": 1}"#),
            SealVerdict::Differs
        );
    }

    #[test]
    fn the_text_of_version_two_is_as_its_maker_writes_it() {
        let expected = "esdb:hash:v2:\n1.0\n0\n00\nt\ns\n/a\nx\napplication/json\n-\n-\n{}";
        let expected = format!("{HASH_V2}{}", hex(&Sha256::digest(expected)));
        // The prefix stands in a line of its own, its colon included.
        assert_eq!(v2(&seal(""), b"{}"), expected);
    }

    #[test]
    fn a_version_that_is_not_known_is_said_and_not_judged() {
        let verdict = judge_seal(&seal("esdb:hash:v9:abcd"), b"{}");
        assert_eq!(
            verdict,
            SealVerdict::UnknownVersion("esdb:hash:v9".to_owned())
        );
        let mut without = seal("");
        without.hash = None;
        assert_eq!(judge_seal(&without, b"{}"), SealVerdict::Missing);
    }

    #[test]
    fn the_first_event_of_all_names_zeros() {
        assert!(is_first_of_all(&"0".repeat(64)));
        assert!(is_first_of_all(&format!("{HASH_V2}{}", "0".repeat(64))));
        assert!(!is_first_of_all("0") && !is_first_of_all(&"1".repeat(64)));
    }
}
