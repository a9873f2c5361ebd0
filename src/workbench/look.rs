//! Where we look: all that undo brings back. Small values only, so that keeping many costs little.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::event::json::JsonPath;
use crate::event::{CategoryId, Position, StreamId, TypeId, Zone};
use crate::fold::Branch;
use crate::history::{Axis, Clock, Grouping};

use super::action::{InspectorTab, ViewKind};
use super::chosen::Chosen;
use super::colors::Colors;
use super::notes::{Accepted, Note};
use super::question::Question;
use super::travel::{Bookmark, CausesTab, FieldLanes, SidebarTab, StreamAxis, TimelineMode};

/// How many places can be bookmarked.
pub const MAX_BOOKMARKS: usize = 500;

/// A stretch of an axis: nanoseconds since 1970 on [`Axis::Time`], positions on [`Axis::Sequence`].
///
/// `from` is below `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub struct Span {
    /// The left edge.
    pub from: i64,
    /// The right edge.
    pub to: i64,
}

#[expect(clippy::len_without_is_empty, reason = "a stretch is never empty")]
impl Span {
    /// How long it is; at least 1.
    pub fn len(self) -> i64 {
        self.to.saturating_sub(self.from).max(1)
    }

    /// Whether `at` lies in it.
    pub fn contains(self, at: i64) -> bool {
        self.from <= at && at <= self.to
    }

    /// The place of `at` between the edges: 0 at the left one, 1 at the right one.
    pub fn fraction(self, at: i64) -> f64 {
        (i128::from(at) - i128::from(self.from)) as f64 / self.len() as f64
    }

    /// The same moved and cut to lie in `full`, and no shorter than `least`.
    #[must_use]
    pub fn within(self, full: Self, least: i64) -> Self {
        let length = self.len().clamp(least.min(full.len()), full.len());
        let from = self
            .from
            .clamp(full.from, full.to.saturating_sub(length).max(full.from));
        Self {
            from,
            to: from.saturating_add(length),
        }
    }

    /// The value at a fraction between the edges.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "saturates, which is what is wanted"
    )]
    pub fn at(self, fraction: f64) -> i64 {
        self.from
            .saturating_add((self.len() as f64 * fraction) as i64)
    }
}

/// What is selected beside the playhead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Selection {
    /// The stream whose state is shown; `None` means the stream of the event at the playhead.
    pub stream: Option<StreamId>,
    /// A type that is brought out.
    pub event_type: Option<TypeId>,
    /// The finding chosen in the audit, by index.
    pub finding: Option<usize>,
    /// The field chosen in the state shown.
    pub field: Option<JsonPath>,
    /// Several events chosen at once; `None` where only the one at the playhead is.
    pub chosen: Option<Chosen>,
}

/// A marked moment or period: positions, both included. A moment has `from` equal to `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub struct Mark {
    /// Its first event.
    pub from: Position,
    /// Its last event; not before `from`.
    pub to: Position,
}

impl Mark {
    /// The moment after one event.
    pub fn moment(at: Position) -> Self {
        Self { from: at, to: at }
    }

    /// The same with its ends in order and not beyond the last event.
    #[must_use]
    pub fn within(self, last: Position) -> Self {
        let from = self.from.min(self.to).min(last);
        let to = self.from.max(self.to).min(last);
        Self { from, to }
    }

    /// Whether it is one moment and no period.
    pub fn is_moment(self) -> bool {
        self.from == self.to
    }
}

/// With what the state at the playhead is compared.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize,
)]
pub enum Compare {
    /// The state one event of the stream before.
    #[default]
    Previous,
    /// The state at marker A.
    A,
    /// The state after the stream's first event.
    First,
    /// The state that the store saved at this very place, where it did.
    Saved,
    /// The state of the history as recorded, while a branch is shown.
    Base,
    /// Nothing.
    Off,
}

/// The field of a state that is plotted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldChoice {
    /// Of which stream.
    pub stream: StreamId,
    /// Where in its state.
    pub path: JsonPath,
}

/// How density columns are drawn.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize,
)]
pub enum Height {
    /// In proportion to the count.
    #[default]
    Linear,
    /// By its logarithm, so that single events stand out.
    Log,
}

/// The least and greatest height of lanes, in percent of what it is at first.
pub const LANE_HEIGHTS: [u16; 2] = [50, 400];

/// What the transport steps by.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize,
)]
pub enum StepKind {
    /// Every event.
    #[default]
    Event,
    /// Events of the selected stream.
    Stream,
    /// Events of the type at the playhead.
    Type,
    /// Events of the selected stream after which the chosen field is another one.
    Field,
}

/// How fast playing goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Speed {
    /// So many events a second.
    Events(u32),
    /// So many seconds of the history a second; times without events are passed over.
    Time(u32),
}

impl Speed {
    /// The speeds that can be chosen, by events and then by time.
    pub const ALL: [Self; 14] = [
        Self::Events(1),
        Self::Events(2),
        Self::Events(5),
        Self::Events(10),
        Self::Events(25),
        Self::Events(100),
        Self::Events(500),
        Self::Events(2000),
        Self::Time(1),
        Self::Time(60),
        Self::Time(600),
        Self::Time(3_600),
        Self::Time(86_400),
        Self::Time(604_800),
    ];

    /// The next speed of the same kind, up or down.
    #[must_use]
    pub fn next(self, by: isize) -> Self {
        let is_same = |other: &Self| {
            matches!(
                (self, other),
                (Self::Events(_), Self::Events(_)) | (Self::Time(_), Self::Time(_))
            )
        };
        let of_kind: Vec<Self> = Self::ALL.into_iter().filter(is_same).collect();
        let at = of_kind.iter().position(|speed| speed.rate() >= self.rate());
        let last = of_kind.len().saturating_sub(1);
        let next = at.unwrap_or(last).saturating_add_signed(by).min(last);
        of_kind.get(next).copied().unwrap_or(self)
    }

    /// Its number.
    pub const fn rate(self) -> u32 {
        match self {
            Self::Events(rate) | Self::Time(rate) => rate,
        }
    }
}

/// Everything about where the user looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The one moment that every pane shows.
    pub playhead: Position,
    /// What is selected.
    pub selection: Selection,
    /// What runs from left to right.
    pub axis: Axis,
    /// Which of an event's two times is the axis of time.
    pub clock: Clock,
    /// What makes a lane.
    pub grouping: Grouping,
    /// How density is drawn.
    pub height: Height,
    /// How high lanes are, in percent of what they are at first: from 50 to 400.
    pub lane_height: u16,
    /// The lanes that the user put in an order of their own, by category and by type; the others follow,
    /// largest first.
    pub lane_order: [Arc<[u32]>; 2],
    /// Whether the streams nearest to the playhead are lanes, and not their categories.
    pub stream_lanes: bool,
    /// Which colors things wear.
    pub colors: Arc<Colors>,
    /// The visible stretch of time.
    pub time_span: Span,
    /// The visible stretch of positions.
    pub sequence_span: Span,
    /// Categories whose streams are shown as lanes of their own.
    pub open_categories: BTreeSet<CategoryId>,
    /// What the transport steps by.
    pub step: StepKind,
    /// The zone in which times are shown.
    pub zone: Zone,
    /// Which view is shown.
    pub view: ViewKind,
    /// Which tab of the inspector.
    pub inspector: InspectorTab,
    /// The field plotted in Projections.
    pub field: Option<FieldChoice>,
    /// Which timeline is shown.
    pub timeline: TimelineMode,
    /// What runs from left to right in the timeline of a stream.
    pub stream_axis: StreamAxis,
    /// The visible stretch of that axis: ranks of the stream's events, nanoseconds or positions;
    /// `None` shows the whole stream.
    pub stream_span: Option<Span>,
    /// The fields that run under the streams of a category as lanes, in their order.
    pub pinned: BTreeMap<CategoryId, Vec<JsonPath>>,
    /// Which fields do.
    pub field_lanes: FieldLanes,
    /// What the tile under the timeline shows, where it is open.
    pub causes: Option<CausesTab>,
    /// The event whose undertaking the graph shows; that at the playhead where none was chosen.
    pub graph: Option<Position>,
    /// What the upper half of the sidebar shows.
    pub sidebar: SidebarTab,
    /// The places that are kept under a name, by position.
    pub bookmarks: Vec<Bookmark>,
    /// Notes on events, by position, at most one on each.
    pub notes: Vec<Note>,
    /// The findings that are accepted.
    pub accepted: Vec<Accepted>,
    /// The marked moment or period A.
    pub marker_a: Option<Mark>,
    /// The marked moment or period B.
    pub marker_b: Option<Mark>,
    /// The streams that were looked at when A and B were set.
    pub marker_streams: [Option<StreamId>; 2],
    /// The two events whose data the Diff tab tells apart; states without.
    pub compared_events: Option<(Position, Position)>,
    /// With what the state shown is compared.
    pub compare: Compare,
    /// Whether only those fields of the state are shown that the comparison tells apart.
    pub changed_only: bool,
    /// Whether the event that set each field stands beside it.
    pub blame: bool,
    /// The question bar, while it is open.
    pub question: Option<Question>,
    /// The filter of events in force, as written: the last one that could be read.
    pub filter: String,
    /// The key of the metadata whose values stand in place of the types.
    pub facet: Option<String>,
    /// Whether the events table shows only the results of the question.
    pub only_results: bool,
    /// Events left out and changed beside the history; one that changes none is `None`.
    pub branch: Option<Arc<Branch>>,
    /// The branches that are kept beside that one.
    pub other_branches: Vec<Arc<Branch>>,
    /// Whether the history as recorded is shown, though there is a branch.
    pub shows_base: bool,
    /// Whether what makes states stands under the state.
    pub shows_reducer: bool,
}

impl Look {
    /// The lanes of a grouping that the user put in order: numbers of categories or of types.
    pub fn lane_order(&self, grouping: Grouping) -> &[u32] {
        let [categories, types] = &self.lane_order;
        match grouping {
            Grouping::Category => categories,
            Grouping::Type => types,
        }
    }

    /// Puts the lanes of a grouping in this order.
    pub fn order_lanes(&mut self, grouping: Grouping, order: Arc<[u32]>) {
        let [categories, types] = &mut self.lane_order;
        match grouping {
            Grouping::Category => *categories = order,
            Grouping::Type => *types = order,
        }
    }

    /// The visible stretch of the axis in use.
    pub fn span(&self) -> Span {
        match self.axis {
            Axis::Time => self.time_span,
            Axis::Sequence => self.sequence_span,
        }
    }

    /// The visible stretch of the axis in use, to be changed.
    pub fn span_mut(&mut self) -> &mut Span {
        match self.axis {
            Axis::Time => &mut self.time_span,
            Axis::Sequence => &mut self.sequence_span,
        }
    }
}

impl Look {
    /// Adds a bookmark where it stands by position, unless there are too many.
    pub fn put_bookmark(&mut self, bookmark: Bookmark) {
        if self.bookmarks.len() < MAX_BOOKMARKS {
            let is_before = |known: &Bookmark| known.position <= bookmark.position;
            let place = self.bookmarks.partition_point(is_before);
            self.bookmarks.insert(place, bookmark);
        }
    }

    /// Sets marker A, in the stream that is looked at, or takes it away.
    pub fn mark_a(&mut self, mark: Option<Mark>) {
        self.marker_a = mark;
        self.marker_streams[0] = self.selection.stream.filter(|_| mark.is_some());
        self.compared_events = None;
    }

    /// Sets marker B, in the stream that is looked at, or takes it away.
    pub fn mark_b(&mut self, mark: Option<Mark>) {
        self.marker_b = mark;
        self.marker_streams[1] = self.selection.stream.filter(|_| mark.is_some());
        self.compared_events = None;
    }
}

impl Default for Look {
    fn default() -> Self {
        Self {
            playhead: Position(0),
            selection: Selection::default(),
            axis: Axis::Time,
            clock: Clock::Recorded,
            grouping: Grouping::Category,
            height: Height::Linear,
            lane_height: 100,
            lane_order: Default::default(),
            stream_lanes: false,
            colors: Arc::default(),
            time_span: Span { from: 0, to: 1 },
            sequence_span: Span { from: 0, to: 1 },
            open_categories: BTreeSet::new(),
            step: StepKind::Event,
            zone: Zone::Utc,
            view: ViewKind::Explore,
            inspector: InspectorTab::Event,
            field: None,
            timeline: TimelineMode::default(),
            stream_axis: StreamAxis::default(),
            stream_span: None,
            pinned: BTreeMap::new(),
            field_lanes: FieldLanes::default(),
            causes: None,
            graph: None,
            sidebar: SidebarTab::default(),
            bookmarks: Vec::new(),
            notes: Vec::new(),
            accepted: Vec::new(),
            marker_a: None,
            marker_b: None,
            marker_streams: [None, None],
            compared_events: None,
            compare: Compare::Previous,
            changed_only: false,
            blame: true,
            question: None,
            filter: String::new(),
            facet: None,
            only_results: false,
            branch: None,
            other_branches: Vec::new(),
            shows_base: false,
            shows_reducer: false,
        }
    }
}
