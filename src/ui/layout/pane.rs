//! The panels that stand somewhere.

/// A panel's place in a tree.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, serde::Serialize,
)]
pub enum Pane {
    /// All streams.
    Streams,
    /// All types.
    Types,
    /// The places kept under a name.
    Bookmarks,
    /// The timeline with its transport.
    Timeline,
    /// The timeline of one stream, with its transport.
    StreamTimeline,
    /// How much there is of what.
    Statistics,
    /// What led to the event at the playhead, and what followed from it.
    Causation,
    /// The events of its undertaking.
    Correlation,
    /// The events table.
    Events,
    /// The states of a category at the playhead.
    AsOf,
    /// What moved a number of theirs between two points.
    RollForward,
    /// The state at the playhead.
    State,
    /// The event at the playhead.
    Event,
    /// What differs between two points.
    Diff,
    /// What a field was.
    FieldHistory,
    /// The plots.
    Projections,
    /// Evidence, checks and findings.
    Audit,
    /// Who caused whom in one undertaking.
    Graph,
    /// The report that is composed.
    Report,
}

impl Pane {
    /// The title on its tab, and what it is called for those who do not see it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Streams => "Streams",
            Self::Types => "Types",
            Self::Bookmarks => "Bookmarks",
            Self::Timeline => "Timeline",
            Self::StreamTimeline => "Stream timeline",
            Self::Statistics => "Statistics",
            Self::Causation => "Causation chain",
            Self::Correlation => "Correlation",
            Self::Events => "Events",
            Self::AsOf => "As of",
            Self::RollForward => "Roll-forward",
            Self::State => "State",
            Self::Event => "Event",
            Self::Diff => "Diff A\u{2013}B",
            Self::FieldHistory => "Field history",
            Self::Projections => "Projections",
            Self::Audit => "Audit",
            Self::Graph => "Graph",
            Self::Report => "Report",
        }
    }

    /// Whether it fills its view and has heads of its own instead of a tab.
    pub const fn is_whole_view(self) -> bool {
        matches!(
            self,
            Self::Projections | Self::Audit | Self::Graph | Self::Report
        )
    }
}
