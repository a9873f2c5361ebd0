//! The timeline: the whole history in a minimap, the visible stretch as lanes, and the playhead.
//!
//! Reading order: `lanes` and `density` say what is shown (exact counts by column, never a walk over
//! all events), `rows`, `scale` and `layout` where, `scene` holds one frame of all that. `bars`, `dots`,
//! `minimap`, `ruler` with `units` and `paint_ruler`, `marks`, `paint` and `hover` draw; `gestures`,
//! `moving` and `access` listen.
//! `statistics` counts the same lanes in a table, `swatches` is where their colors are chosen.
//! `stream` is the timeline of one stream, over the same scale, marks and gestures.
//! The panel keeps only how far it is scrolled, a drag in progress or just done, what the last frame laid
//! out, and what costs to make anew.

mod access;
mod bars;
mod density;
mod dots;
mod gestures;
mod hover;
mod lanes;
mod layout;
mod markers;
mod marks;
mod minimap;
mod moving;
mod nearest;
mod paint;
mod paint_ruler;
mod periods;
mod rows;
mod ruler;
mod scale;
mod scene;
mod scroll;
mod statistics;
mod statistics_numbers;
mod stream;
mod swatches;
mod tools;
mod units;
pub(super) mod when;

pub(super) use self::gestures::{choosing, scale_lanes};
pub(super) use self::scroll::ScrollBar;
pub use self::statistics::StatisticsPanel;
pub use self::stream::StreamTimelinePanel;

use egui::{Rect, Ui, UiBuilder};

use self::bars::Bars;
use self::gestures::Drag;
use self::layout::Layout;
use self::marks::Marks;
use self::periods::Label;
use self::scene::{Scene, Store};
use super::transport::transport_ui;
use crate::event::Position;
use crate::ui::View;
use crate::ui::part::{Part, note};
use crate::ui::theme::{size, tokens};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::focus_ring;

/// The timeline's own small state.
#[derive(Debug, Default)]
pub struct TimelinePanel {
    scroll: f32,
    drag: Option<Drag>,
    /// What of the wheel has not yet changed the height of lanes.
    scaled: f32,
    /// The ends of a stretch that was dragged out, so long as it is A to B.
    ranged: Option<[Position; 2]>,
    /// The labels of the ruler as of the last frame.
    labels: Vec<Label>,
    marks: Marks,
    bars: Bars,
    store: Store,
}

impl TimelinePanel {
    /// Shows minimap, ruler, lanes and the transport bar in all the space there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let whole = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(whole);
        // Beside the timeline of a stream the transport stands under that one.
        let has_bar = view.workbench.travelled().is_none();
        let height = if has_bar { size::TRANSPORT } else { 0.0 };
        let bar_top = (whole.bottom() - height).max(whole.top());
        let (upper, bar) = whole.split_top_bottom_at_y(bar_top);
        note(ui.ctx(), Part::Timeline, upper);
        let mut lanes = child(ui, upper, "timeline");
        self.lanes_ui(&mut lanes, view);
        if has_bar {
            transport_ui(&mut child(ui, bar, "transport"), view);
        }
    }

    /// Shows the tools of the timeline, for the right end of its tab bar; in less `room`, in points,
    /// fewer of them.
    pub fn tools_ui(ui: &mut Ui, view: &View<'_>, room: f32) {
        tools::ui(ui, view, room);
    }

    /// Minimap, ruler and lanes, without the transport bar.
    fn lanes_ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let layout = Layout::new(ui.max_rect(), self.marks.refresh(view));
        let Some(scene) = Scene::new(ui, view, layout, &mut self.store) else {
            empty(ui, view);
            return;
        };
        if !ui.input(|input| input.pointer.any_down() || input.pointer.any_released()) {
            self.drag = None;
        }
        let id = ui.scope_id();
        gestures::scale_lanes(ui, view, layout.whole, &mut self.scaled);
        gestures::minimap(ui, &scene, id, &mut self.drag);
        self.scroll = gestures::scroll(ui, &scene, id, (&mut self.drag, self.scroll));
        let over = gestures::lanes(ui, &scene, id, (&mut self.drag, self.scroll));
        let is_dragged = matches!(self.drag, Some(Drag::Range(_)));
        self.ranged = gestures::ranged(ui, view, &over, (is_dragged, self.ranged));
        let ruler = access::playhead(ui, &scene, id);
        gestures::ruler(ui, &scene, &ruler, &self.labels);
        access::range(ui, &scene, id, minimap::brush(&scene));

        let painter = ui.painter();
        let ticks = paint_ruler::marks(&scene);
        let head = paint_ruler::head(painter, &scene);
        minimap::paint(painter, &scene, &mut self.bars);
        paint::paint_lanes(painter, &scene, (&mut self.bars, &ticks, self.scroll));
        self.labels = paint_ruler::paint(painter, &scene, &ticks, head);
        periods::labels(ui, &scene, id, &self.labels);
        self.marks.show(ui, &scene, id);
        markers::show(ui, &scene, id);
        let painter = ui.painter();
        paint_ruler::paint_playhead(painter, &scene, head);
        let ring = ruler.with_new_rect(head.unwrap_or_else(|| layout.ruler.shrink(4.0)));
        focus_ring::around(ui, &ring, size::CORNER_TAG);
        hover::show(painter, &scene, over, self.scroll);
        let hovered = access::labels(ui, &scene, id, (&mut self.drag, self.scroll));
        paint::paint_labels(ui.painter(), &scene, (self.scroll, hovered));
        swatches::show(ui, &scene, id, self.scroll);
        moving::paint_dropping(ui, &scene, (self.drag, self.scroll));
        paint::paint_gutter_edge(ui.painter(), &scene);
        scene.scroll_bar().paint(ui, self.scroll);
        let is_at_rest = !ui.input(|input| input.pointer.any_down()) || self.drag.is_none();
        if let Some(ends) = self.ranged.filter(|_| is_at_rest)
            && periods::buttons(
                ui,
                view,
                (layout.lanes, ends.map(|at| scene.places().x(at))),
            )
        {
            self.ranged = None;
        }
    }
}

fn child(ui: &mut Ui, rect: Rect, salt: &str) -> Ui {
    let mut child = ui.new_child(UiBuilder::new().id_salt(salt).max_rect(rect));
    child.shrink_clip_rect(rect);
    child
}

fn empty(ui: &mut Ui, view: &View<'_>) {
    let ground = tokens(ui).canvas;
    ui.painter().rect_filled(ui.max_rect(), 0.0, ground);
    let (what, why) = match view.history() {
        None if view.workbench.opening.is_some() => (
            "No events yet",
            "The first ones show as soon as they are read",
        ),
        None => (
            "No history is open",
            "Open a store or a log to see its events over time",
        ),
        Some(history) if history.is_complete => {
            ("No events", "Nothing in the file could be read as an event")
        }
        Some(_) => ("No events yet", "The file is still being read"),
    };
    Empty::new(what).why(why).show(ui);
}
