//! Checks by what they are about: how they are listed for people.

/// What a check is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Whether all of it was read, from a sound file.
    File,
    /// Versions, positions, ids.
    Numbering,
    /// Times.
    Time,
    /// What events say.
    Content,
    /// What events have to do with one another and with saved states.
    Links,
    /// What proves that nothing was altered.
    Proof,
    /// What is often harmless, and looked at only when it is asked for.
    Screening,
}

impl Section {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 7] = [
        Self::File,
        Self::Numbering,
        Self::Time,
        Self::Content,
        Self::Links,
        Self::Proof,
        Self::Screening,
    ];

    /// That of the check of this id.
    pub fn of(id: &str) -> Self {
        match id {
            "completeness" | "file-integrity" => Self::File,
            "time-in-stream" | "time-order" | "future-time" | "implausible-time" => Self::Time,
            "payload-form" | "encoding" | "schema-drift" | "redaction" | "removals" => {
                Self::Content
            }
            "cause-cycle"
            | "effect-before-cause"
            | "missing-cause"
            | "cause-latency"
            | "snapshot-ahead"
            | "snapshot-replay"
            | "invariants" => Self::Links,
            "hash-chain" | "signatures" | "receipt" | "other-copy" => Self::Proof,
            _ if id.starts_with("screening-") => Self::Screening,
            _ => Self::Numbering,
        }
    }

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Numbering => "Order and numbering",
            Self::Time => "Time",
            Self::Content => "Content",
            Self::Links => "Links, state and rules",
            Self::Proof => "Proof",
            Self::Screening => "Screening",
        }
    }
}
