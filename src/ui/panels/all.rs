//! All panels together, and which of them stands in which place.

use egui::Ui;

use super::{
    AsOfPanel, AuditPanel, BookmarksPanel, CausationPanel, CorrelationPanel, EventsPanel,
    FacetsPanel, GraphPanel, InspectorPanel, ProjectionsPanel, QuestionPanel, ReportPanel,
    RollForwardPanel, StatisticsPanel, StreamTimelinePanel, StreamsPanel, TimelinePanel,
    TypesPanel,
};
use crate::ui::View;
use crate::ui::layout::Pane;
use crate::workbench::InspectorTab;

/// All panels.
#[derive(Default)]
pub struct Panels {
    /// All streams.
    pub streams: StreamsPanel,
    /// The places kept under a name.
    pub bookmarks: BookmarksPanel,
    /// The timeline of one stream.
    pub stream_timeline: StreamTimelinePanel,
    /// What led to the event at the playhead, and what followed.
    pub causation: CausationPanel,
    /// The events of its undertaking.
    pub correlation: CorrelationPanel,
    /// All types.
    pub types: TypesPanel,
    /// The values of a key of the metadata, in their place.
    pub facets: FacetsPanel,
    /// The question bar over the timeline.
    pub question: QuestionPanel,
    /// The timeline.
    pub timeline: TimelinePanel,
    /// How much there is of what.
    pub statistics: StatisticsPanel,
    /// The events table.
    pub events: EventsPanel,
    /// The states of a category at the playhead.
    pub as_of: AsOfPanel,
    /// What moved a number of theirs between two points.
    pub roll_forward: RollForwardPanel,
    /// State and event at the playhead.
    pub inspector: InspectorPanel,
    /// The plots.
    pub projections: ProjectionsPanel,
    /// The audit.
    pub audit: AuditPanel,
    /// One undertaking as a graph.
    pub graph: GraphPanel,
    /// The report that is composed.
    pub report: ReportPanel,
}

impl Panels {
    /// Shows one of them.
    pub fn ui(&mut self, pane: Pane, ui: &mut Ui, view: &View<'_>) {
        match pane {
            Pane::Streams => self.streams.ui(ui, view),
            Pane::Bookmarks => self.bookmarks.ui(ui, view),
            Pane::StreamTimeline => {
                self.question.ui(ui, view);
                self.stream_timeline.ui(ui, view);
            }
            Pane::Causation => self.causation.ui(ui, view),
            Pane::Correlation => self.correlation.ui(ui, view),
            Pane::Types => {
                if !self.facets.ui(ui, view) {
                    self.types.ui(ui, view);
                }
            }
            Pane::Timeline => {
                // Beside the timeline of a stream the question stands over that one.
                if view.workbench.travelled().is_none() {
                    self.question.ui(ui, view);
                }
                self.timeline.ui(ui, view);
            }
            Pane::Statistics => self.statistics.ui(ui, view),
            Pane::Events => self.events.ui(ui, view),
            Pane::AsOf => self.as_of.ui(ui, view),
            Pane::RollForward => self.roll_forward.ui(ui, view),
            Pane::State => self.inspector.content_ui(ui, view, InspectorTab::State),
            Pane::Event => self.inspector.content_ui(ui, view, InspectorTab::Event),
            Pane::Diff => self.inspector.content_ui(ui, view, InspectorTab::Diff),
            Pane::FieldHistory => self.inspector.content_ui(ui, view, InspectorTab::History),
            Pane::Projections => self.projections.ui(ui, view),
            Pane::Audit => self.audit.ui(ui, view),
            Pane::Graph => self.graph.ui(ui, view),
            Pane::Report => self.report.ui(ui, view),
        }
    }
}
