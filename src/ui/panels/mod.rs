//! The panels: each shows one thing of the workbench, and asks for changes by sending actions.
//!
//! A panel is a struct with at most a little state of its own (where a list stands, what is folded,
//! a half-typed filter) and `ui(&mut self, ui, view)`. Reading order: `shared` (what several of them
//! say alike) with `period_label`, the sidebar (`streams` with `related`, `bookmarks`, `types`), the `timeline` with its `transport`, what led to an event (`causation`,
//! `correlation`), the table (`events`), the inspector (`inspector`
//! with `event_detail` and `state`, both over `json_rows`), and the whole views: `projections`
//! with its `plots`, `audit` with its `findings`, the `graph` and the `report`. `problems` stands in a dialog of the shell. `all` is all of them, by their place.

mod all;
mod as_of;
mod audit;
mod audit_checks;
mod audit_copy;
mod audit_drift;
mod audit_drift_paint;
mod audit_evidence;
mod audit_gaps;
mod audit_receipt;
mod audit_reconcile;
mod audit_sample;
mod audit_screening;
mod bookmarks;
mod branch;
mod causation;
mod causes_state;
mod color_choice;
mod correlation;
mod diff_head;
mod diff_panel;
mod event_changes;
mod event_colors;
mod event_detail;
mod event_facts;
mod event_note;
mod events;
mod events_filter;
mod events_menu;
pub(in crate::ui) mod events_preview;
mod events_rows;
mod facets;
mod field_history;
mod field_menu;
mod field_plot;
mod findings;
mod findings_detail;
mod findings_sieve;
mod graph;
mod inspector;
mod json_rows;
mod lower_half;
mod period_label;
mod plots;
mod plots_area;
mod plots_axis;
mod plots_steps;
mod problem_text;
mod problems;
mod projections;
mod query_text;
mod question;
mod reducer;
mod related;
mod report;
mod roll_forward;
mod rule_lines;
mod rule_words;
mod script_offers;
mod script_words;
mod shared;
mod side_tabs;
mod spoken;
mod state;
mod state_compared;
mod state_find;
mod state_head;
mod state_rows;
mod state_tools;
mod streams;
mod streams_index;
mod streams_row;
mod streams_shown;
mod tile;
pub mod timeline;
pub mod transport;
mod types;

pub use all::Panels;
pub use as_of::AsOfPanel;
pub use audit::AuditPanel;
pub use bookmarks::BookmarksPanel;
pub use causation::CausationPanel;
pub(in crate::ui) use color_choice::colors_ui;
pub use correlation::CorrelationPanel;
pub use events::EventsPanel;
pub use facets::FacetsPanel;
pub use graph::GraphPanel;
pub use inspector::InspectorPanel;
pub use problems::ProblemsPanel;
pub use projections::ProjectionsPanel;
pub use question::QuestionPanel;
pub use report::ReportPanel;
pub use roll_forward::RollForwardPanel;
pub(in crate::ui) use shared::typed_slash;
pub use streams::StreamsPanel;
pub use timeline::{StatisticsPanel, StreamTimelinePanel, TimelinePanel};
pub(in crate::ui) use transport::select_all;
pub use transport::transport_ui;
pub use types::TypesPanel;
