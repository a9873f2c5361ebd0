//! Where the user was, to and from a workspace: playhead, selection, range, view and filter.
//!
//! Streams, types and categories are kept by name, since their numbers may be others another day.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::event::json::JsonPath;
use crate::event::{CategoryId, Position, TypeId};
use crate::history::{Axis, Clock, EventLog, Grouping};
use crate::workbench::{
    CausesTab, ColorBy, ColorOf, Colors, Compare, FieldChoice, FieldLanes, Height, InspectorTab,
    LANE_HEIGHTS, Look, Mark, SidebarTab, Span, StepKind, StreamAxis, TimelineMode, ViewKind,
};

use super::kept_marks::{category_name, category_named, stream_kept, stream_to_keep};

/// A look as it is kept.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(default)]
struct KeptLook {
    /// Where the playhead stood; at the end of the history where there is none.
    playhead: Option<u32>,
    stream: Option<(String, String)>,
    event_type: Option<String>,
    field: Option<String>,
    axis: Axis,
    clock: Clock,
    grouping: Grouping,
    height: Height,
    /// How high lanes are; 0 as they are at first.
    lane_height: u16,
    /// Categories and types in the order of the user.
    lane_order: [Vec<String>; 2],
    stream_lanes: bool,
    color_by: ColorBy,
    /// The colors that were chosen, by the name of the category or type.
    colors: [BTreeMap<String, u8>; 2],
    /// The visible stretches; all there is where they are missing.
    time_span: Option<Span>,
    sequence_span: Option<Span>,
    stream_span: Option<Span>,
    open_categories: Vec<String>,
    step: StepKind,
    view: ViewKind,
    inspector: InspectorTab,
    timeline: TimelineMode,
    stream_axis: StreamAxis,
    field_lanes: FieldLanes,
    causes: Option<CausesTab>,
    graph: Option<u32>,
    sidebar: SidebarTab,
    marker_a: Option<Mark>,
    marker_b: Option<Mark>,
    marker_streams: [Option<(String, String)>; 2],
    compare: Compare,
    changed_only: bool,
    hides_blame: bool,
    filter: String,
    facet: Option<String>,
    plotted: Option<((String, String), String)>,
    shows_base: bool,
    shows_reducer: bool,
}

/// Everything there is on both axes, by which it is told whether all of it is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole {
    /// All times; nothing where there are none.
    pub(super) time: Option<Span>,
    /// All positions.
    pub(super) sequence: Option<Span>,
}

/// A look as it is kept.
pub(super) fn keep_look(look: &Look, log: &EventLog, whole: Whole) -> Value {
    let stream = |stream| stream_to_keep(log, stream);
    let kept = KeptLook {
        playhead: Some(look.playhead.0).filter(|_| log.last() != Some(look.playhead)),
        stream: look.selection.stream.map(stream),
        event_type: look
            .selection
            .event_type
            .map(|of| log.type_name(of).to_owned()),
        field: look.selection.field.as_ref().map(ToString::to_string),
        axis: look.axis,
        clock: look.clock,
        grouping: look.grouping,
        height: look.height,
        lane_height: look.lane_height,
        lane_order: lane_order_to_keep(look, log),
        stream_lanes: look.stream_lanes,
        color_by: look.colors.by,
        colors: colors_to_keep(look, log),
        time_span: Some(look.time_span).filter(|span| whole.time != Some(*span)),
        sequence_span: Some(look.sequence_span).filter(|span| whole.sequence != Some(*span)),
        stream_span: look.stream_span,
        open_categories: look
            .open_categories
            .iter()
            .filter_map(|category| category_name(log, *category))
            .collect(),
        step: look.step,
        view: look.view,
        inspector: look.inspector,
        timeline: look.timeline,
        stream_axis: look.stream_axis,
        field_lanes: look.field_lanes,
        causes: look.causes,
        graph: look.graph.map(|at| at.0),
        sidebar: look.sidebar,
        marker_a: look.marker_a,
        marker_b: look.marker_b,
        marker_streams: look.marker_streams.map(|of| of.map(stream)),
        compare: look.compare,
        changed_only: look.changed_only,
        hides_blame: !look.blame,
        filter: look.filter.clone(),
        facet: look.facet.clone(),
        plotted: look
            .field
            .as_ref()
            .map(|field| (stream(field.stream), field.path.to_string())),
        shows_base: look.shows_base,
        shows_reducer: look.shows_reducer,
    };
    serde_json::to_value(kept).unwrap_or_default()
}

/// Looks as it was looked; `false` where that cannot be read. What is noted is not touched.
pub(super) fn take_look(look: &mut Look, kept: &Value, log: &EventLog) -> bool {
    let Ok(kept) = serde_json::from_value::<KeptLook>(kept.clone()) else {
        return false;
    };
    let stream = |of: &Option<(String, String)>| stream_kept(log, of.as_ref()?);
    if let Some(playhead) = kept.playhead {
        look.playhead = Position(playhead);
    }
    look.selection.stream = stream(&kept.stream);
    look.selection.event_type = kept.event_type.and_then(|name| type_named(log, &name));
    look.selection.field = kept.field.and_then(|path| JsonPath::parse(&path));
    if log.time_range().is_some() {
        look.axis = kept.axis;
    }
    if log.has_occurred() {
        look.clock = kept.clock;
    }
    look.time_span = kept.time_span.unwrap_or(look.time_span);
    look.sequence_span = kept.sequence_span.unwrap_or(look.sequence_span);
    look.grouping = kept.grouping;
    look.height = kept.height;
    take_lanes(look, (kept.lane_height, &kept.lane_order), log);
    look.stream_lanes = kept.stream_lanes;
    look.colors = Arc::new(colors_kept(kept.color_by, &kept.colors, log));
    let categories = kept.open_categories.iter();
    look.open_categories = categories
        .filter_map(|name| category_named(log, name))
        .collect();
    look.step = kept.step;
    look.view = kept.view;
    look.inspector = kept.inspector;
    look.timeline = kept.timeline;
    look.stream_axis = kept.stream_axis;
    look.stream_span = kept.stream_span;
    look.field_lanes = kept.field_lanes;
    look.causes = kept.causes;
    look.graph = kept.graph.map(Position).filter(|at| at.index() < log.len());
    look.sidebar = kept.sidebar;
    look.marker_a = kept.marker_a;
    look.marker_b = kept.marker_b;
    look.marker_streams = [
        stream(&kept.marker_streams[0]),
        stream(&kept.marker_streams[1]),
    ];
    look.compare = kept.compare;
    look.changed_only = kept.changed_only;
    look.blame = !kept.hides_blame;
    look.filter = kept.filter;
    look.facet = kept.facet;
    look.field = kept.plotted.and_then(|(of, path)| {
        Some(FieldChoice {
            stream: stream_kept(log, &of)?,
            path: JsonPath::parse(&path)?,
        })
    });
    look.shows_base = kept.shows_base;
    look.shows_reducer = kept.shows_reducer;
    true
}

/// The lanes that the user put in order, by name.
fn lane_order_to_keep(look: &Look, log: &EventLog) -> [Vec<String>; 2] {
    let categories = look.lane_order(Grouping::Category).iter();
    let types = look.lane_order(Grouping::Type).iter();
    [
        categories
            .filter_map(|id| category_name(log, CategoryId(*id)))
            .collect(),
        types
            .map(|id| log.type_name(TypeId(*id)).to_owned())
            .collect(),
    ]
}

/// Height and order of lanes as they were kept.
fn take_lanes(look: &mut Look, (height, order): (u16, &[Vec<String>; 2]), log: &EventLog) {
    if height > 0 {
        look.lane_height = height.clamp(LANE_HEIGHTS[0], LANE_HEIGHTS[1]);
    }
    let [categories, types] = order;
    let categories = categories.iter();
    let categories = categories.filter_map(|name| category_named(log, name));
    look.order_lanes(Grouping::Category, categories.map(|id| id.0).collect());
    let types = types.iter().filter_map(|name| type_named(log, name));
    look.order_lanes(Grouping::Type, types.map(|id| id.0).collect());
}

/// The colors that were chosen, by name.
fn colors_to_keep(look: &Look, log: &EventLog) -> [BTreeMap<String, u8>; 2] {
    let mut kept = [BTreeMap::new(), BTreeMap::new()];
    let [categories, types] = &mut kept;
    for (of, nr) in look.colors.all() {
        match of {
            ColorOf::Category(category) => {
                categories.extend(category_name(log, category).map(|name| (name, nr)));
            }
            ColorOf::Type(of) => {
                types.insert(log.type_name(of).to_owned(), nr);
            }
        }
    }
    kept
}

/// The colors as they were kept; those of what is not there any more are left out.
fn colors_kept(by: ColorBy, kept: &[BTreeMap<String, u8>; 2], log: &EventLog) -> Colors {
    let mut colors = Colors::default();
    colors.by = by;
    let [categories, types] = kept;
    for (name, nr) in categories {
        if let Some(category) = category_named(log, name) {
            colors.choose(ColorOf::Category(category), Some(*nr));
        }
    }
    for (name, nr) in types {
        if let Some(of) = type_named(log, name) {
            colors.choose(ColorOf::Type(of), Some(*nr));
        }
    }
    colors
}

fn type_named(log: &EventLog, name: &str) -> Option<TypeId> {
    let mut names = log.type_names().iter();
    let found = names.position(|known| **known == *name)?;
    Some(TypeId(u32::try_from(found).ok()?))
}
