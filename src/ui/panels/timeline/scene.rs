//! All that one frame of the timeline is drawn from.

use std::sync::Arc;

use egui::Ui;

use super::super::event_colors::EventColors;
use super::density::{Density, DensityKey};
use super::lanes::{LaneOf, Plan, Rows};
use super::layout::Layout;
use super::scale::{Places, Scale};
use super::scroll::ScrollBar;
use crate::event::{Position, StreamId, Timestamp};
use crate::history::{Axis, EventLog, Grouping};
use crate::ui::View;
use crate::ui::theme::{Tokens, size, tokens};
use crate::workbench::{Look, Span};

/// What is kept from frame to frame so long as its key stays the same.
#[derive(Debug)]
pub(super) struct Kept<K, V>(Option<(K, Arc<V>)>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self(None)
    }
}

impl<K: PartialEq, V> Kept<K, V> {
    /// The value for `key`, made anew where the key is another one.
    pub(super) fn get(&mut self, key: K, make: impl FnOnce(&K) -> V) -> Arc<V> {
        match &self.0 {
            Some((known, value)) if *known == key => Arc::clone(value),
            _ => {
                let value = Arc::new(make(&key));
                self.0 = Some((key, Arc::clone(&value)));
                value
            }
        }
    }
}

/// The counts and lanes that are kept from frame to frame.
#[derive(Debug, Default)]
pub(super) struct Store {
    plan: Kept<u64, Plan>,
    /// The streams that are lanes of their own, and of which history.
    near: (u64, Vec<StreamId>),
    density: Kept<DensityKey, Density>,
    overview: Kept<DensityKey, Density>,
}

/// One frame.
pub(super) struct Scene<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) log: &'a EventLog,
    pub(super) look: &'a Look,
    pub(super) tokens: &'static Tokens,
    pub(super) layout: Layout,
    /// The axis in use: positions where there are no times.
    pub(super) axis: Axis,
    /// The visible stretch over the lanes.
    pub(super) scale: Scale,
    /// The whole history over the minimap.
    pub(super) full: Scale,
    pub(super) plan: Arc<Plan>,
    /// The groups of the lanes from top to bottom.
    pub(super) order: Vec<usize>,
    pub(super) rows: Rows,
    pub(super) density: Arc<Density>,
    pub(super) overview: Arc<Density>,
    pub(super) colors: EventColors,
    pub(super) pixels_per_point: f32,
}

/// The streams that were lanes in the last frame; none of another history.
fn near_of<'s>(near: &'s mut (u64, Vec<StreamId>), view: &View<'_>) -> &'s mut Vec<StreamId> {
    let generation = view.workbench.generation;
    if near.0 != generation || !view.look().stream_lanes {
        *near = (generation, Vec::new());
    }
    &mut near.1
}

impl<'a> Scene<'a> {
    /// Where its lanes are scrolled.
    pub(super) fn scroll_bar(&self) -> ScrollBar {
        ScrollBar {
            labels: self.layout.labels,
            body: self.layout.lanes,
            right: self.layout.whole.right(),
            height: self.rows.height,
        }
    }

    /// Gathers a frame; `None` where there is no event to show.
    pub(super) fn new(
        ui: &Ui,
        view: &'a View<'a>,
        layout: Layout,
        store: &mut Store,
    ) -> Option<Self> {
        let history = view.history().filter(|history| !history.log.is_empty())?;
        let (log, look) = (&history.log, view.look());
        let time = view.workbench.full_time_span();
        let (axis, whole) = match (look.axis, time) {
            (Axis::Time, Some(span)) => (Axis::Time, span),
            _ => (Axis::Sequence, view.workbench.full_sequence_span()?),
        };
        let span = match axis {
            Axis::Time => look.time_span,
            Axis::Sequence => look.sequence_span,
        };
        let over = |span: Span, part: egui::Rect| Scale {
            span,
            left: part.left(),
            width: part.width(),
        };
        let (scale, full) = (over(span, layout.lanes), over(whole, layout.minimap));
        let pixels_per_point = ui.ctx().pixels_per_point();
        let key = |scale| DensityKey {
            generation: view.workbench.generation,
            axis,
            clock: look.clock,
            grouping: look.grouping,
            scale,
            column: size::DENSITY_COLUMN_PX as f32 / pixels_per_point,
            slice: view.workbench.slice_shown().cloned(),
        };
        let count = |key: &DensityKey| Density::count(log, key);
        let plan = store
            .plan
            .get(view.workbench.generation, |_| Plan::new(history));
        let order = plan.order(look);
        Some(Self {
            view,
            log,
            look,
            tokens: tokens(ui),
            layout,
            axis,
            scale,
            full,
            rows: plan.rows(log, (look, &order), near_of(&mut store.near, view)),
            order,
            plan,
            density: store.density.get(key(scale), count),
            overview: store.overview.get(key(full), count),
            colors: EventColors::across(view),
            pixels_per_point,
        })
    }

    /// The events over the lanes.
    pub(super) fn places(&self) -> Places<'a> {
        Places {
            log: self.log,
            axis: self.axis,
            clock: self.look.clock,
            scale: self.scale,
        }
    }

    /// The events over the minimap.
    pub(super) fn full_places(&self) -> Places<'a> {
        Places {
            scale: self.full,
            ..self.places()
        }
    }

    /// The event at the playhead.
    pub(super) fn playhead(&self) -> Position {
        self.look.playhead.min(self.log.last().unwrap_or_default())
    }

    /// The playhead's moment, or its position.
    pub(super) fn playhead_at(&self) -> i64 {
        self.places().at_event(self.playhead())
    }

    /// Where the playhead stands on the screen.
    pub(super) fn playhead_x(&self) -> f32 {
        self.places().x(self.playhead())
    }

    /// Whether the playhead is in view.
    pub(super) fn shows_playhead(&self) -> bool {
        let x = self.playhead_x();
        self.layout.lanes.left() - 0.5 <= x && x <= self.layout.lanes.right() + 0.5
    }

    /// The shortest stretch that may be shown.
    pub(super) fn least(&self) -> i64 {
        match self.axis {
            Axis::Time => 1_000,
            Axis::Sequence => 8,
        }
    }

    /// The time of an event on the axis of time, where it has one.
    pub(super) fn time(&self, position: Position) -> Option<Timestamp> {
        self.log.by(self.look.clock).time(position)
    }

    /// The number of the color of a group's lane.
    pub(super) fn color_nr(&self, group: usize) -> usize {
        let lanes = self.plan.lanes(self.look.grouping);
        match lanes.get(group).map(|lane| lane.of) {
            Some(LaneOf::Category(category)) => self.colors.category(self.log, category),
            Some(LaneOf::Type(of)) => self.colors.lane_of_type(self.log, of),
            Some(LaneOf::Others) | None => group,
        }
    }

    /// The number of the color of an event on the lane of a group.
    pub(super) fn event_color_nr(&self, group: usize, position: Position) -> usize {
        if self.look.grouping == Grouping::Category && self.colors.differ_in_lanes() {
            self.colors.nr(self.log, position)
        } else {
            self.color_nr(group)
        }
    }

    /// Whether the filter leaves an event out.
    pub(super) fn leaves_out(&self, position: Position) -> bool {
        let slice = self.view.workbench.slice_shown();
        slice.is_some_and(|slice| !slice.contains(position))
    }

    /// `x` on the grid of pixels.
    pub(super) fn snap(&self, x: f32) -> f32 {
        (x * self.pixels_per_point).round() / self.pixels_per_point
    }
}
