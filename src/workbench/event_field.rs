//! The parts of an event that columns can give: their names, how much they are needed, what they cost
//! where they are missing.

/// A part of an event that a column can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventField {
    /// The store's own number, by which events are ordered.
    Position,
    /// The stream's name.
    Stream,
    /// The place in the stream.
    Version,
    /// The event's type.
    Type,
    /// When it was recorded.
    Time,
    /// The payload.
    Data,
    /// The stream's category.
    Category,
    /// What is known about the recording.
    Metadata,
    /// The undertaking.
    Correlation,
    /// The direct cause.
    Causation,
    /// The event's own id.
    Id,
    /// When it happened, beside when it was recorded.
    Occurred,
    /// The shape of the payload.
    SchemaVersion,
    /// Who did it.
    Actor,
}

/// How much an event needs a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// There is no event without it.
    Required,
    /// One of those marked so must be there.
    OneOfThese,
    /// Without it a part of the program stays empty.
    Optional,
}

impl EventField {
    /// All fields, in the order in which they are shown.
    pub const ALL: [Self; 14] = [
        Self::Position,
        Self::Stream,
        Self::Version,
        Self::Type,
        Self::Time,
        Self::Data,
        Self::Category,
        Self::Metadata,
        Self::Correlation,
        Self::Causation,
        Self::Id,
        Self::Occurred,
        Self::SchemaVersion,
        Self::Actor,
    ];

    /// Its name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Position => "Position",
            Self::Stream => "Stream",
            Self::Version => "Version",
            Self::Type => "Type",
            Self::Time => "Time",
            Self::Data => "Data",
            Self::Category => "Category",
            Self::Metadata => "Metadata",
            Self::Correlation => "Correlation",
            Self::Causation => "Causation",
            Self::Id => "Event id",
            Self::Occurred => "Occurred",
            Self::SchemaVersion => "Schema version",
            Self::Actor => "Actor",
        }
    }

    /// The word for it in a mapping file.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Position => "position",
            Self::Stream => "stream",
            Self::Version => "version",
            Self::Type => "type",
            Self::Time => "time",
            Self::Data => "data",
            Self::Category => "category",
            Self::Metadata => "metadata",
            Self::Correlation => "correlation",
            Self::Causation => "causation",
            Self::Id => "id",
            Self::Occurred => "occurred",
            Self::SchemaVersion => "schema_version",
            Self::Actor => "user",
        }
    }

    /// How much an event needs it.
    pub const fn need(self) -> Need {
        match self {
            Self::Stream | Self::Type => Need::Required,
            Self::Version | Self::Time | Self::Data => Need::OneOfThese,
            _ => Need::Optional,
        }
    }

    /// What it costs that no column gives it, as one or two short sentences.
    pub const fn cost(self) -> &'static str {
        match self {
            Self::Position => "No column fits. Events keep the order of the rows.",
            Self::Stream => "No column fits. Without a stream no event can be opened.",
            Self::Version => "No column fits. Annals numbers the events itself.",
            Self::Type => "No column fits. Without a type no event can be opened.",
            Self::Time => "No column fits. The timeline runs by position only.",
            Self::Data => "No column fits. States and event data stay empty.",
            Self::Category => "No column fits. Categories follow from stream names.",
            Self::Metadata => "No column fits. User and headers are not shown.",
            Self::Correlation => "No column fits. Related events are not brought together.",
            Self::Causation => "No column fits. The causation chain and graph stay empty.",
            Self::Id => "No column fits. Duplicate ids cannot be found.",
            Self::Occurred => "No column fits. Only the time of recording is shown.",
            Self::SchemaVersion => "No column fits. Changes of payload shape are not told apart.",
            Self::Actor => "No column fits. Who did it is not shown.",
        }
    }

    /// Its place in [`Self::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_stands_at_its_index() {
        for (at, field) in EventField::ALL.into_iter().enumerate() {
            assert_eq!(field.index(), at, "{field:?}");
        }
    }
}
