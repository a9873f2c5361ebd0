//! What an event carries: as stored, and as presented.

/// A payload as its format presents it: decompressed, decoded and unwrapped.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Payload {
    /// The store holds nothing here (NULL, or no such column).
    #[default]
    Missing,
    /// JSON text, valid and exactly as written.
    Json(Box<str>),
    /// Text that is not JSON.
    Text(Box<str>),
    /// Bytes that are neither.
    Bytes(Box<[u8]>),
}

impl Payload {
    /// The JSON text, where it is JSON.
    pub fn json(&self) -> Option<&str> {
        match self {
            Self::Json(text) => Some(text),
            Self::Missing | Self::Text(_) | Self::Bytes(_) => None,
        }
    }

    /// Its size in bytes as presented.
    pub fn len(&self) -> usize {
        match self {
            Self::Missing => 0,
            Self::Json(text) | Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A payload's bytes exactly as stored: what hashes and receipts are made of.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RawPayload {
    /// The stored bytes; `None` for NULL or an absent field.
    pub bytes: Option<Box<[u8]>>,
}
