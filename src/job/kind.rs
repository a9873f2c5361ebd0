//! The kinds of work: each has a slot, a thread and a name for people.

use std::time::Duration;

/// A kind of work: each has its own slot and its own thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Opening a history.
    Open,
    /// States.
    State,
    /// Events in full.
    Event,
    /// Rows of the events table.
    Previews,
    /// Questions.
    When,
    /// Filters.
    Filter,
    /// Counts of metadata.
    Facets,
    /// Series and the choice of a field.
    Series,
    /// Who set what.
    Leaves,
    /// Differences.
    Diff,
    /// Histories of fields.
    Field,
    /// The as-of table.
    Table,
    /// Roll-forwards.
    RollForward,
    /// Making reducers.
    Reducer,
    /// What rules can be about.
    RuleFacts,
    /// Audits.
    Audit,
    /// Reports.
    Report,
    /// Reports to be looked at.
    Compose,
    /// Exports.
    Export,
    /// Events for the clipboard.
    Clip,
    /// Dialogs.
    Dialog,
    /// What the mapping dialog asks for.
    Mapping,
    /// Looking whether files are there.
    LookAt,
    /// Fields over a stream.
    Lanes,
    /// The chosen field over its stream.
    Steps,
    /// Finding events by their ids.
    Causes,
    /// Events by their ids.
    FindId,
    /// Chains of causes.
    Chain,
    /// Events of an undertaking.
    Undertaking,
    /// Related streams.
    Related,
    /// Undertakings as graphs.
    Graph,
    /// Runs of projections.
    Project,
    /// States over time.
    Gather,
    /// Lines of plots.
    Lines,
    /// Periods laid over each other.
    Overlay,
    /// Tables of partitions.
    Partitions,
    /// What made a step.
    Explain,
    /// Pieces of time up to the playhead.
    Partial,
    /// How long partitions stay in a state.
    Stays,
    /// Versions of projections.
    Versions,
    /// Scripts that are being written.
    CheckScript,
    /// Reading scripts.
    Scripts,
    /// Fields of states.
    Fields,
    /// Reading workspaces.
    Workspace,
    /// Writing workspaces.
    KeepWorkspace,
    /// Following a file.
    Follow,
    /// Holding the history against a copy.
    Copy,
    /// Receipts.
    Receipt,
    /// Types that no rule handles.
    Unhandled,
    /// Lists of undertakings.
    Undertakings,
    /// Screenings and samples.
    Screening,
    /// Holding states against tables.
    Reconcile,
}

impl Kind {
    /// All kinds, in the order in which their answers are taken in.
    pub const ALL: &[Self] = &[
        Self::Open,
        Self::State,
        Self::Event,
        Self::Previews,
        Self::When,
        Self::Filter,
        Self::Facets,
        Self::Series,
        Self::Leaves,
        Self::Diff,
        Self::Field,
        Self::Table,
        Self::RollForward,
        Self::Reducer,
        Self::RuleFacts,
        Self::Audit,
        Self::Report,
        Self::Compose,
        Self::Export,
        Self::Clip,
        Self::Dialog,
        Self::Mapping,
        Self::LookAt,
        Self::Lanes,
        Self::Steps,
        Self::Causes,
        Self::FindId,
        Self::Chain,
        Self::Undertaking,
        Self::Related,
        Self::Graph,
        Self::Project,
        Self::Gather,
        Self::Lines,
        Self::Overlay,
        Self::Partitions,
        Self::Explain,
        Self::Partial,
        Self::Stays,
        Self::Versions,
        Self::CheckScript,
        Self::Scripts,
        Self::Fields,
        Self::Workspace,
        Self::KeepWorkspace,
        Self::Follow,
        Self::Copy,
        Self::Receipt,
        Self::Unhandled,
        Self::Undertakings,
        Self::Screening,
        Self::Reconcile,
    ];

    /// Whether it shows what is at the playhead, so that it is waited for at each step of a scrub.
    pub const fn follows_playhead(self) -> bool {
        matches!(
            self,
            Self::State
                | Self::Event
                | Self::Previews
                | Self::Diff
                | Self::Table
                | Self::Lanes
                | Self::Partitions
                | Self::Partial
                | Self::Stays
                | Self::Chain
        )
    }

    /// How long a job may run before a newer one stops it. What follows the playhead is let come to
    /// its end, so that scrubbing shows something; the rest is stopped at once.
    pub const fn grace(self) -> Duration {
        if self.follows_playhead() {
            Duration::from_millis(250)
        } else {
            Duration::ZERO
        }
    }

    /// The name of its thread, of at most 15 letters.
    pub const fn thread_name(self) -> &'static str {
        self.words().0
    }

    /// What could not be done when it breaks.
    pub const fn noun(self) -> &'static str {
        self.words().1
    }

    /// Its thread, and what it does.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Open => ("annals-open", "opening the file"),
            Self::State => ("annals-state", "the state"),
            Self::Event => ("annals-event", "reading the event"),
            Self::Previews => ("annals-previews", "reading the rows"),
            Self::When => ("annals-when", "the question"),
            Self::Filter => ("annals-filter", "the filter"),
            Self::Facets => ("annals-facets", "the facets"),
            Self::Series => ("annals-series", "the plot"),
            Self::Leaves => ("annals-leaves", "finding who set each field"),
            Self::Diff => ("annals-diff", "the comparison"),
            Self::Field => ("annals-field", "the history of the field"),
            Self::Table => ("annals-table", "the table of states"),
            Self::RollForward => ("annals-roll-forward", "the roll-forward"),
            Self::Reducer => ("annals-reducer", "making the reducer"),
            Self::RuleFacts => ("annals-rules", "finding types and fields"),
            Self::Audit => ("annals-audit", "the audit"),
            Self::Report => ("annals-report", "the report"),
            Self::Compose => ("annals-compose", "the report"),
            Self::Export => ("annals-export", "the export"),
            Self::Clip => ("annals-clip", "copying the events"),
            Self::Dialog => ("annals-dialog", "the dialog"),
            Self::Mapping => ("annals-mapping", "the mapping"),
            Self::LookAt => ("annals-look", "looking for recent files"),
            Self::Lanes => ("annals-lanes", "following the fields"),
            Self::Steps => ("annals-steps", "following the field"),
            Self::Causes => ("annals-causes", "finding causes"),
            Self::FindId => ("annals-ids", "finding an event by its id"),
            Self::Chain => ("annals-chain", "the causation chain"),
            Self::Undertaking => ("annals-together", "the correlation"),
            Self::Related => ("annals-related", "related streams"),
            Self::Graph => ("annals-graph", "the graph"),
            Self::Project => ("annals-project", "the projection"),
            Self::Gather => ("annals-gather", "gathering states over time"),
            Self::Lines => ("annals-lines", "the plot"),
            Self::Overlay => ("annals-overlay", "the comparison of periods"),
            Self::Partitions => ("annals-parts", "the table of partitions"),
            Self::Explain => ("annals-explain", "finding what made the step"),
            Self::Partial => ("annals-partial", "the plot at the playhead"),
            Self::Stays => ("annals-stays", "the time in each state"),
            Self::Versions => ("annals-versions", "the comparison of versions"),
            Self::CheckScript => ("annals-check", "the check of the script"),
            Self::Scripts => ("annals-scripts", "reading the script"),
            Self::Fields => ("annals-fields", "finding fields"),
            Self::Workspace => ("annals-place", "reading the workspace"),
            Self::KeepWorkspace => ("annals-keep", "saving the workspace"),
            Self::Follow => ("annals-follow", "following the file"),
            Self::Copy => ("annals-copy", "the comparison with the copy"),
            Self::Receipt => ("annals-receipt", "the receipt"),
            Self::Unhandled => ("annals-types", "finding types without rules"),
            Self::Undertakings => ("annals-list", "the list of undertakings"),
            Self::Screening => ("annals-screen", "the screening"),
            Self::Reconcile => ("annals-tables", "the reconciliation"),
        }
    }
}
