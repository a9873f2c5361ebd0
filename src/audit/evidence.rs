//! What was examined: the files with their hashes, as the caller found them.

use serde::{Serialize, Serializer};

use crate::event::Timestamp;

/// What an audit was made from; computed by whoever opened the files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The files read: the store or log first, then what lay beside it.
    pub files: Vec<EvidenceFile>,
    /// The RFC 6962 tree root over all events, in hexadecimal, where it was computed.
    pub log_root: Option<String>,
    /// How many events the history has.
    pub events: u64,
    /// How the files were opened, such as `read-only, immutable`.
    pub opened: String,
    /// Whether the files had the same bytes before and after.
    pub unchanged: bool,
}

/// One file of the evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EvidenceFile {
    /// Its name without folders.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes, 64 hexadecimal digits in lower case.
    pub sha256: String,
    /// When it was last written, where known.
    #[serde(serialize_with = "rfc3339_or_null")]
    pub modified: Option<Timestamp>,
}

impl Evidence {
    /// The latest moment at which any of the files was written; unknown if it is of one of them.
    pub fn last_write(&self) -> Option<Timestamp> {
        let times: Option<Vec<Timestamp>> = self.files.iter().map(|file| file.modified).collect();
        times?.into_iter().max()
    }
}

#[expect(clippy::ref_option, reason = "serde hands fields over by reference")]
fn rfc3339_or_null<S: Serializer>(time: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.rfc3339(fraction_digits(time)))
        .serialize(to)
}

/// How many digits a time needs after its seconds.
fn fraction_digits(time: Timestamp) -> u8 {
    match time.0.rem_euclid(1_000_000_000) {
        0 => 0,
        nanos if nanos % 1_000_000 == 0 => 3,
        nanos if nanos % 1_000 == 0 => 6,
        _ => 9,
    }
}
