//! All that one frame of a stream's timeline is drawn from.

use egui::{Color32, Rect, Ui, pos2};

use super::super::super::event_colors::EventColors;
use super::super::scale::Scale;
use super::super::scroll::ScrollBar;
use super::rows::Rows;
use super::track::Track;
use crate::event::json::JsonPath;
use crate::event::{Position, StreamId, Version};
use crate::fold::FieldLane;
use crate::history::{EventLog, RelatedStream};
use crate::ui::View;
use crate::ui::theme::{Tokens, size, tokens};
use crate::workbench::{FieldLanes, Freshness, Interval, Look, Span, StreamAxis};

/// Space at the right for the scroll bar.
const RIGHT: f32 = 8.0;
/// Why fields have no lanes where events occurred in another order than they were recorded in.
const OUT_OF_ORDER: &str =
    "Fields follow the order in which events were recorded: on Version, Recorded and Sequence";
/// Height of the ruler: versions, and the time between them.
pub(super) const RULER: f32 = 44.0;

/// Where the parts stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Parts {
    /// All of it.
    pub(super) whole: Rect,
    /// The ruler.
    pub(super) ruler: Rect,
    /// What is under it.
    pub(super) body: Rect,
    /// The labels at the left of the ruler.
    pub(super) ruler_label: Rect,
    /// Those at the left of what is under it.
    pub(super) labels: Rect,
}

impl Parts {
    /// Divides a tile.
    pub(super) fn new(whole: Rect) -> Self {
        let split = whole.left() + size::GUTTER_TIME_TRAVEL.min(whole.width() / 2.0);
        let right = (whole.right() - RIGHT).max(split + 1.0);
        let ruler_end = whole.top() + RULER;
        let bottom = whole.bottom().max(ruler_end);
        let part = |left: f32, right: f32, top: f32, bottom: f32| {
            Rect::from_min_max(pos2(left, top), pos2(right, bottom))
        };
        Self {
            whole,
            ruler: part(split, right, whole.top(), ruler_end),
            body: part(split, right, ruler_end, bottom),
            ruler_label: part(whole.left(), split, whole.top(), ruler_end),
            labels: part(whole.left(), split, ruler_end, bottom),
        }
    }
}

/// A field's lane as far as it is known.
pub(super) struct LaneView<'a> {
    pub(super) path: &'a JsonPath,
    /// `None` while it is looked for.
    pub(super) lane: Option<&'a FieldLane>,
    /// Whether it answers what is asked now.
    pub(super) is_fresh: bool,
    pub(super) is_pinned: bool,
}

/// A result of the question bar in this stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// Its number among all results, from 1.
    pub(super) nr: usize,
    pub(super) interval: Interval,
    pub(super) is_current: bool,
}

/// One frame.
pub(super) struct Stage<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) log: &'a EventLog,
    pub(super) look: &'a Look,
    pub(super) tokens: &'static Tokens,
    pub(super) parts: Parts,
    pub(super) track: Track<'a>,
    pub(super) stream: StreamId,
    /// All of the stream on the axis in use.
    pub(super) full: Span,
    /// The event at the playhead.
    pub(super) playhead: Position,
    /// The last event of the stream that is not after it.
    pub(super) now: Option<usize>,
    pub(super) lanes: Vec<LaneView<'a>>,
    /// Why there are no lanes.
    pub(super) no_lanes: Option<&'a str>,
    /// Whether they are being looked for.
    pub(super) lanes_wait: bool,
    /// The results of the question bar; `None` where nothing is asked.
    pub(super) found: Option<Vec<Found>>,
    pub(super) related: &'a [RelatedStream],
    pub(super) rows: Rows,
    pub(super) colors: EventColors,
    pub(super) pixels_per_point: f32,
}

impl<'a> Stage<'a> {
    /// Where its rows are scrolled.
    pub(super) fn scroll_bar(&self) -> ScrollBar {
        ScrollBar {
            labels: self.parts.labels,
            body: self.parts.body,
            right: self.parts.whole.right(),
            height: self.rows.height,
        }
    }

    /// Gathers a frame; `None` where no stream has its own timeline.
    pub(super) fn new(ui: &Ui, view: &'a View<'a>, parts: Parts) -> Option<Self> {
        let stream = view.workbench.travelled()?;
        let (log, look) = (view.log()?, view.look());
        let events = log.events_of(stream);
        if events.is_empty() {
            return None;
        }
        let whole = view.workbench.full_stream_span();
        let (axis, full) = match whole {
            Some(full) => (look.stream_axis, full),
            // A stream without times has no axis of time.
            None => (
                StreamAxis::Version,
                Span {
                    from: 0,
                    to: i64::try_from(events.len()).unwrap_or(i64::MAX),
                },
            ),
        };
        let scale = Scale {
            span: look.stream_span.filter(|_| whole.is_some()).unwrap_or(full),
            left: parts.body.left(),
            width: parts.body.width(),
        };
        let playhead = look.playhead.min(log.last().unwrap_or_default());
        let (lanes, no_lanes) = lanes(view, stream);
        let mut stage = Self {
            view,
            log,
            look,
            tokens: tokens(ui),
            parts,
            track: Track {
                log,
                events,
                axis,
                clock: look.clock,
                scale,
                order: None,
            }
            .ordered(),
            stream,
            full,
            playhead,
            now: log.rank_at(stream, playhead).map(|rank| rank as usize),
            lanes,
            no_lanes,
            lanes_wait: view.workbench.lanes_key().is_some_and(|key| {
                let answer = &view.workbench.answers.travel.lanes;
                !answer.for_key(&key).is_fresh()
            }),
            found: found(view, stream),
            related: view.workbench.related_here(),
            rows: Rows::default(),
            colors: EventColors::of(view),
            pixels_per_point: ui.ctx().pixels_per_point(),
        };
        if stage.track.order.is_some() {
            (stage.lanes, stage.no_lanes) = (Vec::new(), Some(OUT_OF_ORDER));
        }
        stage.rows = super::rows::of(&stage);
        Some(stage)
    }

    /// Where the playhead stands on the screen.
    pub(super) fn playhead_x(&self) -> f32 {
        self.track.x_of(self.playhead)
    }

    /// Whether the playhead is in view.
    pub(super) fn shows_playhead(&self) -> bool {
        let x = self.playhead_x();
        self.parts.body.left() - 0.5 <= x && x <= self.parts.body.right() + 0.5
    }

    /// The shortest stretch that may be shown.
    pub(super) fn least(&self) -> i64 {
        match self.track.axis {
            StreamAxis::Time => 1_000,
            StreamAxis::Version => 2,
            StreamAxis::Sequence => 8,
        }
    }

    /// `x` on the grid of pixels.
    pub(super) fn snap(&self, x: f32) -> f32 {
        (x * self.pixels_per_point).round() / self.pixels_per_point
    }

    /// The version of an event of the stream, or a dash.
    pub(super) fn version(&self, rank: usize) -> String {
        let rank = u32::try_from(rank).unwrap_or(u32::MAX);
        let version: Option<Version> = self.log.version_at_rank(self.stream, rank);
        super::super::super::shared::version(version)
    }

    /// Whether the filter leaves an event of the stream out.
    pub(super) fn leaves_out(&self, rank: usize) -> bool {
        let slice = self.view.workbench.slice_shown();
        let at = self.track.events.get(rank).copied().map(Position);
        slice.zip(at).is_some_and(|(slice, at)| !slice.contains(at))
    }

    /// The color of an event of the stream.
    pub(super) fn color(&self, rank: usize, is_future: bool) -> Color32 {
        let position = Position(self.track.events.get(rank).copied().unwrap_or_default());
        self.colors
            .event(self.tokens, self.log, position, is_future)
    }

    /// A place of the row in which `row` stands, `scroll` points further up.
    pub(super) fn row_rect(&self, row: &super::rows::Row, scroll: f32) -> Rect {
        let top = self.parts.labels.top() + row.top - scroll;
        Rect::from_min_max(
            pos2(self.parts.whole.left(), top),
            pos2(self.parts.body.right(), top + row.height),
        )
    }

    /// The rows that are on the screen, with their rectangles.
    pub(super) fn visible_rows(&self, scroll: f32) -> Vec<(super::rows::RowOf, Rect)> {
        let part = self.parts.labels.y_range();
        let rows = self.rows.list.iter();
        rows.map(|row| (row.of, self.row_rect(row, scroll)))
            .filter(|(_, rect)| part.min < rect.bottom() && rect.top() < part.max)
            .collect()
    }
}

/// The lanes that are shown, and why there are none.
fn lanes<'a>(view: &'a View<'a>, stream: StreamId) -> (Vec<LaneView<'a>>, Option<&'a str>) {
    let bench = view.workbench;
    let Some(key) = bench.lanes_key() else {
        return (Vec::new(), None);
    };
    let answer = &bench.answers.travel.lanes;
    let is_fresh = matches!(answer.for_key(&key), Freshness::Fresh(_));
    let known = answer
        .known()
        .filter(|(known, _)| known.stream == stream && known.generation == key.generation)
        .map(|(_, answer)| answer);
    let (known, why) = match known {
        Some(Ok(lanes)) => (lanes.as_slice(), None),
        Some(Err(why)) => (&[] as &[FieldLane], Some(why.as_str())),
        None => (&[] as &[FieldLane], None),
    };
    let pinned = bench.pinned_here();
    let lanes = match bench.lanes_shown() {
        FieldLanes::Off => Vec::new(),
        FieldLanes::Pinned => pinned
            .iter()
            .map(|path| LaneView {
                path,
                lane: known.iter().find(|lane| lane.path == *path),
                is_fresh,
                is_pinned: true,
            })
            .collect(),
        FieldLanes::Changed => known
            .iter()
            .map(|lane| LaneView {
                path: &lane.path,
                lane: Some(lane),
                is_fresh,
                is_pinned: pinned.contains(&lane.path),
            })
            .collect(),
    };
    (lanes, why)
}

/// The results of the question bar that lie in this stream.
fn found(view: &View<'_>, stream: StreamId) -> Option<Vec<Found>> {
    let bench = view.workbench;
    let question = bench.look().question.as_ref()?;
    if question.text.is_empty() {
        return None;
    }
    let current = bench.current_result();
    let all = bench
        .when_answer()
        .map_or(&[] as &[Interval], |answer| answer.intervals.as_slice());
    let here = all.iter().enumerate();
    let here = here.filter(|(_, interval)| interval.stream == stream);
    Some(
        here.map(|(index, interval)| Found {
            nr: index + 1,
            interval: *interval,
            is_current: current == Some(index),
        })
        .collect(),
    )
}
