//! What a column or a key can mean.

use serde::Deserialize;

/// What a column or key can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The stream's name.
    Stream,
    /// The stream's category.
    Category,
    /// The place in the stream.
    Version,
    /// The event's type.
    Type,
    /// The event's id.
    Id,
    /// When it was recorded.
    Time,
    /// When it happened, beside that.
    Occurred,
    /// The payload.
    Data,
    /// What is known about the recording.
    Metadata,
    /// The store's own number, by which events are ordered.
    Position,
    /// The undertaking.
    Correlation,
    /// The direct cause.
    Causation,
    /// The shape of the payload.
    SchemaVersion,
    /// Who did it.
    User,
}

impl Role {
    /// All roles, in the order in which they are shown.
    pub const ALL: [Self; 14] = [
        Self::Stream,
        Self::Category,
        Self::Version,
        Self::Type,
        Self::Id,
        Self::Time,
        Self::Occurred,
        Self::Data,
        Self::Metadata,
        Self::Position,
        Self::Correlation,
        Self::Causation,
        Self::SchemaVersion,
        Self::User,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stream => "stream",
            Self::Category => "category",
            Self::Version => "version",
            Self::Type => "type",
            Self::Id => "id",
            Self::Time => "time",
            Self::Occurred => "occurred",
            Self::Data => "data",
            Self::Metadata => "metadata",
            Self::Position => "position",
            Self::Correlation => "correlation",
            Self::Causation => "causation",
            Self::SchemaVersion => "schema_version",
            Self::User => "user",
        }
    }
}
