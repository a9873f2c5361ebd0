//! The event log: immutable, ordered, shared by `Arc`; knows no file, no screen and no clock.
//!
//! [`EventLog`] holds what every frame needs, in columns; [`LogBuilder`] makes one;
//! [`timeline`](EventLog::count_columns) answers exact counts for any range without walking events;
//! [`Point`] is how people name a place in it; [`History`] is a log with its reader and its problems;
//! [`CauseIndex`] finds events by their ids, [`Causes`] reads what led to one and what followed;
//! [`CauseGraph`] is one undertaking as a graph.

mod builder;
mod by_time;
mod causes;
mod chain;
mod event_log;
mod graph;
mod groups;
#[expect(
    clippy::module_inception,
    reason = "one file for the folder's main noun"
)]
mod history;
mod interner;
mod marks;
mod places;
mod point;
mod reorder;
mod stream_table;
mod timeline;
mod versions;

pub use builder::{LogBuilder, NewEvent, TooManyEvents};
pub use causes::{CauseIndex, NoCauses};
pub use chain::{Causes, Chain, ChainStep, Link, RelatedStream, Undertaking};
pub use event_log::{EventLog, StreamInfo, StreamSpan};
pub use graph::{
    CauseGraph, EdgeMark, GraphEdge, GraphEvent, GraphLane, GraphLayout, GraphNode, GraphSpacing,
    MAX_GRAPH_EVENTS, Stretch,
};
pub use history::{FileAbout, History, HistoryAbout, SnapshotMark};
pub use point::{Point, PointError, Which};
pub use reorder::{PartOrder, PartRules};
pub use timeline::{Axis, ColumnCounts, Grouping, OTHER_GROUP};
