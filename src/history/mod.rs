//! The event log: immutable, ordered, shared by `Arc`; knows no file, no screen and no clock.
//!
//! [`EventLog`] holds what every frame needs, in columns; [`LogBuilder`] makes one;
//! [`Timed`] is the log along one of an event's two times;
//! [`timeline`](EventLog::count_columns) answers exact counts for any range without walking events;
//! [`Point`] is how people name a place in it; [`History`] is a log with its reader and its problems;
//! [`IdIndex`] finds events by their ids, [`CauseIndex`] by their causes, [`Causes`] reads what led to
//! one and what followed; [`CauseGraph`] is one undertaking as a graph.

mod append;
mod as_of;
mod builder;
mod by_time;
mod causes;
mod chain;
mod clock;
mod column;
mod columns;
mod counts_by;
mod depends;
mod event_log;
mod graph;
mod groups;
mod grow;
#[expect(
    clippy::module_inception,
    reason = "one file for the folder's main noun"
)]
mod history;
mod ids;
mod interner;
mod lists;
mod marks;
mod places;
mod point;
mod reorder;
mod slice;
mod stream_table;
mod timeline;
mod versions;

pub use as_of::{AsOf, moment_in_words};
pub use builder::{LogBuilder, NewEvent, TooManyEvents};
pub use causes::{CauseIndex, NoCauses};
pub use chain::{Causes, Chain, ChainStep, Link, RelatedStream, Undertaking};
pub use clock::{Clock, Period, Timed};
pub use columns::StreamInfo;
pub use depends::{NoDependencies, depends_on};
pub use event_log::{EventLog, StreamSpan};
pub use graph::{
    CauseGraph, EdgeMark, GraphEdge, GraphEvent, GraphLane, GraphLayout, GraphNode, GraphSpacing,
    MAX_GRAPH_EVENTS, Stretch, UndertakingLine, Undertakings,
};
pub use history::{FileAbout, History, HistoryAbout, SnapshotMark};
pub use ids::{IdFound, IdIndex, MIN_ID};
pub use point::{Point, PointError, Which};
pub use reorder::{PartOrder, PartRules};
pub use slice::LogSlice;
pub use timeline::{Axis, ColumnCounts, Grouping, OTHER_GROUP};
