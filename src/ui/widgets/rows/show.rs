//! One frame of a virtual list: move, paint the rows in view, tell what was clicked.

use egui::{EventFilter, Id, Rect, Response, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::bar::Bar;
use super::place::Place;
use super::{Row, RowClick, RowList, RowState, RowsOutput, VirtualRows, Wanted};
use crate::ui::theme::{size, tokens};
use crate::ui::widgets::focus_ring;

impl VirtualRows {
    /// Shows the list in all the space there is; `paint` is called for each row in view.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        list: &RowList<'_>,
        mut paint: impl FnMut(&mut Row<'_>),
    ) -> RowsOutput {
        let rect = finite(ui, ui.available_rect_before_wrap());
        let id = ui.make_persistent_id(list.name);
        let mut inside = list_ui(ui, list, id, rect);
        self.fits = f64::from(rect.height() / list.row_height.max(1.0)).max(0.0);
        let bar = Bar {
            id: id.with("scroll bar"),
            area: rect,
            n_rows: list.n_rows,
            fits: self.fits,
        };
        self.advance(&inside, list, &bar);

        let response = keep_keyboard(&inside, id, rect);
        let has_keyboard = list.has_keyboard.unwrap_or_else(|| response.has_focus());
        let mut output = RowsOutput {
            response,
            clicked: None,
            double_clicked: None,
            drag_started: None,
            secondary_clicked: None,
            hovered: None,
            visible: self.place.first..self.place.first,
        };
        let frame = Frame {
            list,
            id,
            has_keyboard,
            pointer_is_free: !bar.is_held(&inside),
        };
        for (row, rect) in self.in_view(&inside, list, rect) {
            output.visible.end = row + 1;
            let state = frame.row(&mut inside, row, rect, &mut paint, &mut output);
            if state.focused && focus_ring::is_shown(&output.response) {
                focus_ring::inside(&inside, rect);
            }
        }
        if bar.is_needed() {
            bar.show(&inside, self.place, list.name);
        }
        ui.advance_cursor_after_rect(rect);
        output
    }

    /// Moves the list: what was asked for, the scroll bar, the wheel.
    fn advance(&mut self, ui: &Ui, list: &RowList<'_>, bar: &Bar) {
        let fits = self.fits;
        if let Some(place) = bar.dragged(ui, self.place, &mut self.grab) {
            self.place = place;
        }
        self.place = match self.wanted.take() {
            Some(Wanted::Near(row)) => self.place.showing(row, fits),
            Some(Wanted::Middle(row)) if !self.place.shows(row, fits) => Place::around(row, fits),
            Some(Wanted::Top(row)) => Place {
                first: row,
                frac: 0.0,
            },
            Some(Wanted::Middle(_)) | None => self.place,
        }
        .clamped(list.n_rows, fits);
        let wheel = ui.input(|input| input.smooth_scroll_delta().y);
        if wheel != 0.0 && ui.is_enabled() && ui.rect_contains_pointer(bar.area) {
            let rows = f64::from(-wheel / list.row_height);
            let moved = self.place.moved(rows, list.n_rows, fits);
            if moved != self.place {
                self.place = moved;
                // Taken: a scroll area around this list must not move too.
                ui.input_mut(|input| input.smooth_scroll_delta.y = 0.0);
            }
        }
    }

    /// The rows in view with their rectangles, on whole pixels.
    fn in_view(
        &self,
        ui: &Ui,
        list: &RowList<'_>,
        area: Rect,
    ) -> impl Iterator<Item = (u64, Rect)> + use<> {
        let height = list.row_height.max(1.0);
        let ppp = ui.pixels_per_point();
        let scrolled = (self.place.frac * height * ppp).round() / ppp;
        let size = vec2(area.width(), height);
        let corner = area.left_top() - vec2(0.0, scrolled);
        let rects = (0_u16..).map(move |i| {
            let top = corner.y + f32::from(i) * height;
            Rect::from_min_size(pos2(corner.x, top), size)
        });
        (self.place.first..list.n_rows)
            .zip(rects)
            .take_while(move |(_, rect)| rect.top() < area.bottom())
    }
}

/// What is the same for all rows of a frame.
struct Frame<'a> {
    list: &'a RowList<'a>,
    id: Id,
    has_keyboard: bool,
    pointer_is_free: bool,
}

impl Frame<'_> {
    fn row(
        &self,
        ui: &mut Ui,
        row: u64,
        rect: Rect,
        paint: &mut impl FnMut(&mut Row<'_>),
        output: &mut RowsOutput,
    ) -> RowState {
        let sense = if self.list.drags {
            Sense::CLICK | Sense::DRAG
        } else {
            Sense::CLICK
        };
        let response = ui.interact(rect, self.id.with(row), sense);
        let state = RowState {
            selected: self.list.is_selected(row),
            focused: self.has_keyboard && self.list.focused == Some(row),
            hovered: self.pointer_is_free && (response.hovered() || response.context_menu_opened()),
            future: self.list.future.is_some_and(|is_future| is_future(row)),
        };
        self.ground(ui, rect, row, state);
        self.describe(ui, row, state, &response);
        self.note_clicks(ui, row, &response, output);
        paint(&mut Row {
            ui,
            rect,
            nr: row,
            state,
            response: &response,
        });
        state
    }

    /// Tint, hover and selection.
    fn ground(&self, ui: &Ui, rect: Rect, row: u64, state: RowState) {
        let t = tokens(ui);
        let tint = self.list.tint.and_then(|tint| tint(row));
        let fill = match (state.selected, state.hovered) {
            (true, _) if self.has_keyboard => Some(t.accent_soft),
            (true, _) => Some(t.sel_idle),
            (false, true) => tint.or(Some(t.raised)),
            (false, false) => tint,
        };
        if let Some(fill) = fill {
            ui.painter().rect_filled(rect, 0.0, fill);
        }
        if state.selected && self.has_keyboard {
            let bar = Rect::from_min_size(rect.min, vec2(size::STROKE_PLAYHEAD, rect.height()));
            ui.painter().rect_filled(bar, 0.0, t.accent);
        }
    }

    /// What an assistive technology is told.
    fn describe(&self, ui: &Ui, row: u64, state: RowState, response: &Response) {
        let label = || match self.list.label {
            Some(label) => label(row, state),
            None => format!("Row {row}"),
        };
        let role = self.list.kind.row_role();
        response.widget_info(|| WidgetInfo::labeled(role, ui.is_enabled(), label()));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_selected(state.selected);
            if let Ok(row) = usize::try_from(row) {
                node.set_row_index(row);
            }
        });
    }

    fn note_clicks(&self, ui: &Ui, row: u64, response: &Response, output: &mut RowsOutput) {
        if response.hovered() {
            output.hovered = Some(row);
        }
        if response.clicked() || response.secondary_clicked() {
            ui.memory_mut(|memory| memory.request_focus(self.id));
        }
        if response.clicked() {
            output.clicked = Some(RowClick {
                row,
                modifiers: ui.input(|input| input.modifiers),
                at: response.interact_pointer_pos(),
            });
        }
        if response.drag_started() {
            output.drag_started = Some(row);
        }
        if response.double_clicked() {
            output.double_clicked = Some(row);
        }
        if response.secondary_clicked() {
            output.secondary_clicked = Some(row);
        }
    }
}

/// A list cannot be endless; where there is no limit, what can be seen is one.
fn finite(ui: &Ui, rect: Rect) -> Rect {
    if rect.is_finite() {
        rect
    } else {
        rect.intersect(ui.clip_rect())
    }
}

/// The list as one node and one clipped place to paint in.
fn list_ui(ui: &mut Ui, list: &RowList<'_>, id: Id, rect: Rect) -> Ui {
    let builder = UiBuilder::new()
        .scope_id(id.with("rows"))
        .max_rect(rect)
        .accessibility_role(list.kind.role())
        .accessibility_label(list.name);
    let mut inside = ui.new_child(builder);
    inside.shrink_clip_rect(rect);
    let n_rows = usize::try_from(list.n_rows);
    ui.ctx().accesskit_node_builder(inside.unique_id(), |node| {
        node.set_bounds(egui::accesskit::Rect {
            x0: rect.min.x.into(),
            y0: rect.min.y.into(),
            x1: rect.max.x.into(),
            y1: rect.max.y.into(),
        });
        if let Ok(n_rows) = n_rows {
            node.set_row_count(n_rows);
        }
    });
    inside
}

/// One stop for the keyboard, under the rows; inside it the arrow keys are the caller's.
/// A click beside the rows brings the keyboard here too.
fn keep_keyboard(ui: &Ui, id: Id, rect: Rect) -> Response {
    let response = ui.interact(rect, id, Sense::click());
    if response.clicked() || response.secondary_clicked() {
        response.request_focus();
    }
    let ours = EventFilter {
        tab: false,
        horizontal_arrows: true,
        vertical_arrows: true,
        escape: true,
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, ours));
    response
}
