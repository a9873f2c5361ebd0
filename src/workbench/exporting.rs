//! What can leave the window as a file.

/// Something on screen that can be written into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Export {
    /// The events that the applied filter lets through.
    Events,
    /// The events that are selected, where several are.
    Chosen,
    /// The table of states at the playhead.
    States,
    /// The roll-forward that is shown.
    RollForward,
    /// The state that is shown.
    State,
    /// The values of the plot that is shown, or its picture.
    Plot,
    /// The table of a projection without code.
    Table,
    /// A picture of the timeline.
    Timeline,
    /// The findings of the audit.
    Findings,
    /// What the metadata of events say alike.
    Facets,
}

impl Export {
    /// How the names of its files may end, the usual one first.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Events | Self::Chosen => &["csv", "parquet", "sqlite", "jsonl"],
            Self::States | Self::RollForward | Self::Table | Self::Findings | Self::Facets => {
                &["csv", "parquet", "jsonl"]
            }
            Self::State => &["json"],
            Self::Plot => &["csv", "parquet", "jsonl", "png", "svg"],
            Self::Timeline => &["png", "svg"],
        }
    }

    /// What it is, as in a file's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Chosen => "selected-events",
            Self::States => "states",
            Self::RollForward => "roll-forward",
            Self::State => "state",
            Self::Plot => "plot",
            Self::Table => "table",
            Self::Timeline => "timeline",
            Self::Findings => "findings",
            Self::Facets => "facets",
        }
    }
}
