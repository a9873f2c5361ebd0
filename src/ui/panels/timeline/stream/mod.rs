//! The timeline of one stream: its versions, its events, its fields as lanes, the streams beside it.
//!
//! Reading order: `track` says where events stand, `stage` holds one frame, `rows` says what is shown
//! from top to bottom. `ruler`, `events`, `fields` and `paint` draw, `hover` explains, `listen` hears
//! pointer and keys. Scale, ruler marks and gestures are those of the timeline of all lanes. The panel
//! keeps only how far it is scrolled, a drag in progress or just done, and what the last frame laid out;
//! what is drawn is bounded by pixels, however long the stream is.

mod beside;
mod events;
mod fields;
mod hover;
mod listen;
mod paint;
mod rows;
mod ruler;
mod stage;
mod tools;
mod track;

use egui::Ui;

use self::listen::Drag;
use self::stage::{Parts, Stage};
use super::child;
use super::gestures::{ranged, scale_lanes};
use super::periods::{self, Label};
use crate::event::Position;
use crate::ui::View;
use crate::ui::panels::transport::transport_ui;
use crate::ui::part::{Part, note};
use crate::ui::theme::{size, tokens};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::focus_ring;

/// The small state of a stream's timeline.
#[derive(Debug, Default)]
pub struct StreamTimelinePanel {
    scroll: f32,
    drag: Option<Drag>,
    /// What of the wheel has not yet changed the height of lanes.
    scaled: f32,
    /// The ends of a stretch that was dragged out, so long as it is A to B.
    ranged: Option<[Position; 2]>,
    /// The labels of the ruler as of the last frame.
    labels: Vec<Label>,
}

impl StreamTimelinePanel {
    /// Shows ruler, rows and the transport bar in all the space there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let whole = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(whole);
        let bar_top = (whole.bottom() - size::TRANSPORT).max(whole.top());
        let (upper, bar) = whole.split_top_bottom_at_y(bar_top);
        note(ui.ctx(), Part::Timeline, upper);
        self.rows_ui(&mut child(ui, upper, "stream timeline"), view);
        transport_ui(&mut child(ui, bar, "stream transport"), view);
    }

    /// Shows the tools, for the right end of the tab bar; in less `room`, in points, without names.
    pub fn tools_ui(ui: &mut Ui, view: &View<'_>, room: f32) {
        tools::ui(ui, view, room);
    }

    fn rows_ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let Some(stage) = Stage::new(ui, view, Parts::new(ui.max_rect())) else {
            ui.painter()
                .rect_filled(ui.max_rect(), 0.0, tokens(ui).canvas);
            Empty::new("No stream is chosen")
                .why("Choose one in the list of streams")
                .show(ui);
            return;
        };
        if !ui.input(|input| input.pointer.any_down() || input.pointer.any_released()) {
            self.drag = None;
        }
        let id = ui.scope_id();
        scale_lanes(ui, view, stage.parts.whole, &mut self.scaled);
        self.scroll = listen::scroll(ui, &stage, id, (&mut self.drag, self.scroll));
        let over = listen::rows(ui, &stage, id, (&mut self.drag, self.scroll));
        let is_dragged = matches!(self.drag, Some(Drag::Range(_)));
        self.ranged = ranged(ui, view, &over, (is_dragged, self.ranged));
        let slider = listen::ruler(ui, &stage, id, &self.labels);

        let painter = ui.painter();
        let head = ruler::head(painter, &stage);
        let (lines, labels) = ruler::paint(painter, &stage, head);
        self.labels = labels;
        paint::ground(painter, &stage, &lines);
        paint::rows(painter, &stage, self.scroll);
        ruler::listen(ui, &stage, id, &self.labels);
        let hovered = listen::labels(ui, &stage, id, (&mut self.drag, self.scroll));
        let painter = ui.painter();
        paint::labels(painter, &stage, self.scroll, hovered);
        paint::over(painter, &stage, head, self.scroll);
        let ring = slider.with_new_rect(head.unwrap_or_else(|| stage.parts.ruler.shrink(4.0)));
        focus_ring::around(ui, &ring, size::CORNER_TAG);
        stage.scroll_bar().paint(ui, self.scroll);
        hover::show(ui.painter(), &stage, over, self.scroll);
        let is_at_rest = !ui.input(|input| input.pointer.any_down()) || self.drag.is_none();
        if let Some(ends) = self.ranged.filter(|_| is_at_rest) {
            let ends = ends.map(|at| stage.track.x_of(at));
            if periods::buttons(ui, view, (stage.parts.body, ends)) {
                self.ranged = None;
            }
        }
    }
}
