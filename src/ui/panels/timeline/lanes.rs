//! What is shown from top to bottom: a lane for each category or type, and the streams of open ones.

use std::sync::Arc;

use super::nearest::nearest;
use super::rows;
use crate::event::{CategoryId, StreamId, TypeId, Version};
use crate::history::{EventLog, Grouping, History, OTHER_GROUP};
use crate::ui::theme::{format, size};
use crate::workbench::Look;

/// How many streams an open category shows.
const STREAMS: usize = 4;
/// How many streams are lanes where streams are.
const LANES: usize = 40;

/// What a lane stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LaneOf {
    /// The streams of a category.
    Category(CategoryId),
    /// An event type.
    Type(TypeId),
    /// All that is too small for a lane of its own.
    Others,
}

impl LaneOf {
    /// The number of its category or type; `None` for what is shared.
    fn id(self) -> Option<u32> {
        match self {
            Self::Category(category) => Some(category.0),
            Self::Type(of) => Some(of.0),
            Self::Others => None,
        }
    }
}

/// A lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lane {
    /// What it stands for.
    pub(super) of: LaneOf,
    /// Its name as shown.
    pub(super) name: String,
    /// How many events it has.
    pub(super) count: u64,
}

/// What does not change while one history is looked at: lanes, and who belongs to whom.
#[derive(Debug)]
pub(super) struct Plan {
    /// The lanes by category, largest first; the index is the group.
    categories: Vec<Lane>,
    /// The lanes by type.
    types: Vec<Lane>,
    /// The streams of each category, in the order of their first event.
    streams: Vec<Vec<StreamId>>,
    /// All streams in that order.
    all: Vec<StreamId>,
    /// Saved states, by stream and version.
    snapshots: Vec<(StreamId, Version)>,
}

impl Plan {
    /// Costs a walk over categories, types and streams; made once for a history.
    pub(super) fn new(history: &History) -> Self {
        let log = &history.log;
        let mut streams = vec![Vec::new(); log.category_names().len()];
        for stream in log.streams() {
            streams[log.stream_info(stream).category.index()].push(stream);
        }
        let mut snapshots: Vec<_> = history
            .snapshots
            .iter()
            .map(|mark| (mark.stream, mark.version))
            .collect();
        snapshots.sort_unstable();
        let category = |id| LaneOf::Category(CategoryId(id));
        let of_type = |id| LaneOf::Type(TypeId(id));
        Self {
            categories: lanes(
                log.groups(Grouping::Category),
                (log.category_names(), log.category_counts()),
                category,
            ),
            types: lanes(
                log.groups(Grouping::Type),
                (log.type_names(), log.type_counts()),
                of_type,
            ),
            streams,
            all: log.streams().collect(),
            snapshots,
        }
    }

    /// The lanes, largest first.
    pub(super) fn lanes(&self, grouping: Grouping) -> &[Lane] {
        match grouping {
            Grouping::Category => &self.categories,
            Grouping::Type => &self.types,
        }
    }

    /// How many streams a lane stands for; `None` where it stands for something else.
    pub(super) fn n_streams(&self, of: LaneOf) -> Option<u64> {
        match of {
            LaneOf::Category(category) => {
                let streams = self.streams.get(category.index())?;
                u64::try_from(streams.len()).ok()
            }
            LaneOf::Type(_) | LaneOf::Others => None,
        }
    }

    /// The versions at which states of a stream were saved.
    pub(super) fn snapshots(&self, stream: StreamId) -> impl Iterator<Item = Version> {
        let from = self.snapshots.partition_point(|(of, _)| *of < stream);
        let rest = self.snapshots[from..].iter();
        rest.take_while(move |(of, _)| *of == stream)
            .map(|(_, version)| *version)
    }

    /// Whether a lane can be put elsewhere: what is shared by many has no place of its own.
    pub(super) fn can_move(&self, grouping: Grouping, group: usize) -> bool {
        let lane = self.lanes(grouping).get(group);
        lane.is_some_and(|lane| lane.of.id().is_some())
    }

    /// The groups from top to bottom: in the order of the user, then largest first; what is shared by
    /// many stands last. Costs a search among the ordered for each lane.
    pub(super) fn order(&self, look: &Look) -> Vec<usize> {
        let wanted = look.lane_order(look.grouping);
        let lanes = self.lanes(look.grouping);
        let mut order: Vec<usize> = (0..lanes.len()).collect();
        let place = |lane: &Lane| {
            let id = lane.of.id()?;
            wanted.iter().position(|known| *known == id)
        };
        // A stable sort: what has no place of its own stays as it is, after the others.
        order.sort_by_cached_key(|group| {
            let lane = lanes.get(*group);
            lane.and_then(place).unwrap_or(usize::MAX)
        });
        order
    }

    /// The order of the user after a lane has been moved before the one that stands `to` lanes from the
    /// top; `None` where nothing changes.
    pub(super) fn moved(&self, look: &Look, group: usize, to: usize) -> Option<Arc<[u32]>> {
        let mut order = self.order(look);
        order.retain(|group| self.can_move(look.grouping, *group));
        let from = order.iter().position(|known| *known == group)?;
        let to = to.min(order.len());
        if to == from || to == from + 1 {
            return None;
        }
        order.remove(from);
        order.insert(if to > from { to - 1 } else { to }, group);
        let lanes = self.lanes(look.grouping);
        let ids = order.iter().filter_map(|group| lanes.get(*group)?.of.id());
        Some(ids.collect())
    }

    /// The rows from top to bottom, lanes in this order. `near` are the streams that are lanes of their own:
    /// they stay the same so long as the playhead is on one of them, so that no click moves what was clicked.
    pub(super) fn rows(
        &self,
        log: &EventLog,
        (look, order): (&Look, &[usize]),
        near: &mut Vec<StreamId>,
    ) -> Rows {
        let mut rows = Rows::default();
        let [lane_height, stream_height] =
            [size::CATEGORY_LANE, size::STREAM_LANE].map(|height| rows::scaled(look, height));
        if look.stream_lanes && look.grouping == Grouping::Category {
            self.push_streams((log, look), near, &mut rows, stream_height);
            return rows;
        }
        for group in order.iter().copied() {
            let Some(lane) = self.lanes(look.grouping).get(group) else {
                continue;
            };
            rows.push(RowOf::Lane(group), lane_height);
            let LaneOf::Category(category) = lane.of else {
                continue;
            };
            if !look.open_categories.contains(&category) {
                continue;
            }
            let all = &self.streams[category.index()];
            let also = look
                .selection
                .stream
                .filter(|stream| log.stream_info(*stream).category == category);
            let near = nearest(log, (all, Some(category)), look.playhead, (also, STREAMS));
            for stream in &near {
                rows.push(RowOf::Stream(group, *stream), stream_height);
            }
            if all.len() > near.len() {
                rows.push(RowOf::More(all.len() - near.len()), stream_height);
            }
        }
        rows
    }
}

impl Plan {
    /// The streams nearest to the playhead, whatever their category.
    fn push_streams(
        &self,
        (log, look): (&EventLog, &Look),
        near: &mut Vec<StreamId>,
        rows: &mut Rows,
        height: f32,
    ) {
        let Some(last) = log.last() else { return };
        let here = log.stream(look.playhead.min(last));
        let also = look.selection.stream;
        if !near.contains(&here) || also.is_some_and(|also| !near.contains(&also)) {
            let among = (self.all.as_slice(), None);
            *near = nearest(log, among, look.playhead, (also, LANES));
        }
        let groups = log.groups(Grouping::Category);
        for stream in near.iter() {
            let category = log.stream_info(*stream).category;
            let group = groups.get(category.index()).copied().unwrap_or_default();
            rows.push(RowOf::Stream(usize::from(group), *stream), height);
        }
        if self.all.len() > near.len() {
            rows.push(RowOf::More(self.all.len() - near.len()), height);
        }
    }
}

fn lanes(
    groups: &[u8],
    (names, counts): (&[Box<str>], &[u64]),
    of: impl Fn(u32) -> LaneOf,
) -> Vec<Lane> {
    let n_groups = groups.iter().max().map_or(0, |last| usize::from(*last) + 1);
    let mut members = vec![Vec::new(); n_groups];
    for (id, group) in (0_u32..).zip(groups) {
        members[usize::from(*group)].push(id);
    }
    let lane = |(group, ids): (usize, Vec<u32>)| {
        let count = ids.iter().map(|id| counts[*id as usize]).sum();
        let (of, name) = if let [id] = ids.as_slice() {
            (of(*id), shown_name(&names[*id as usize]))
        } else {
            debug_assert_eq!(group, OTHER_GROUP, "only the last lane is shared");
            (LaneOf::Others, format!("{} others", ids.len()))
        };
        Lane { of, name, count }
    };
    members.into_iter().enumerate().map(lane).collect()
}

/// A name as the screen shows it; streams whose names tell no category have one without a name.
fn shown_name(name: &str) -> String {
    if name.is_empty() {
        "no category".to_owned()
    } else {
        format::visible(name).into_owned()
    }
}

/// What a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowOf {
    /// The lane of a group.
    Lane(usize),
    /// A stream, in the color of its group.
    Stream(usize, StreamId),
    /// So many streams more.
    More(usize),
}

/// A row of the timeline.
pub(super) type Row = rows::Row<RowOf>;
/// All of them.
pub(super) type Rows = rows::Rows<RowOf>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{EventDetail, EventReader, Place, Problems, ReadError, Want};
    use crate::history::{HistoryAbout, LogBuilder, NewEvent};

    /// Reads nothing: lanes need no payload.
    struct Nothing;

    impl EventReader for Nothing {
        fn read(
            &self,
            _: &[Place],
            _: Want,
            _: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
        ) {
        }
    }

    #[test]
    fn what_many_share_stands_last_and_is_not_moved() {
        let mut builder = LogBuilder::default();
        for nr in 0..70 {
            let stream = format!("c{nr}-1");
            builder
                .push(&NewEvent {
                    stream: stream.as_bytes(),
                    category: None,
                    version: None,
                    event_type: b"Placed",
                    time: None,
                    place: Place::at(0),
                })
                .unwrap();
        }
        let history = History {
            log: builder.finish(),
            reader: Arc::new(Nothing),
            problems: Problems::default(),
            about: HistoryAbout::default(),
            snapshots: Vec::new(),
            n_snapshots: 0,
            consumers: Vec::new(),
            is_complete: true,
        };
        let plan = Plan::new(&history);
        let mut look = Look::default();
        assert!(!plan.can_move(look.grouping, OTHER_GROUP));
        assert_eq!(plan.order(&look).last(), Some(&OTHER_GROUP));
        assert_eq!(plan.moved(&look, OTHER_GROUP, 0), None);
        // The last of those that can be moved has no place further down.
        let last = OTHER_GROUP - 1;
        assert_eq!(plan.moved(&look, last, last + 2), None);
        let order = plan.moved(&look, last, 0).unwrap();
        look.order_lanes(look.grouping, order);
        assert_eq!(plan.order(&look)[0], last);
        assert_eq!(plan.order(&look).last(), Some(&OTHER_GROUP));
    }
}
