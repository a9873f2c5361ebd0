//! What binds an event to the one before it: a hash over its content and its predecessor's hash, and
//! perhaps a signature over that.

use serde::Deserialize;

/// By which rule a store makes its hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SealRule {
    /// `EventSourcingDB`: SHA-256 in version 1 or 2, each event naming the hash of the event before it
    /// in the whole store; signed with Ed25519.
    ///
    /// Covers, in this order: `specversion`, `id`, `predecessorhash`, `time`, `source`, `subject`,
    /// `type`, `datacontenttype`, `traceparent`, `tracestate`; then the stored bytes of the payload.
    EventSourcingDb,
}

/// The seal of one event, exactly as its record has it; nothing of it has been verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// By which rule it was made.
    pub rule: SealRule,
    /// The event's own hash as text, its version in front where it has one.
    pub hash: Option<String>,
    /// The hash of the event before it, as this event states it.
    pub previous: Option<String>,
    /// The signature as text; `None` where the event is not signed.
    pub signature: Option<String>,
    /// The texts that the hash covers before the payload, in the order of the rule; `None` for what
    /// the record does not have.
    pub covered: Vec<Option<String>>,
}
