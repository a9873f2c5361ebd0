//! The Projections view: scripts and their runs, plots of what they gave, events by type, and a number
//! of a state, over the time that all panes show.
//!
//! `side` is the list at the left, `script` the editor with what runs it (or `reference`), `lower` what stands under it
//! (`steps` its third tab). `results` is the plot of what was given: `head` says what is plotted, `plot` draws it
//! with `plot_paint` and `plot_tip`, `points` lists it, `periods` makes the labels under it ones that can be marked,
//! `overlay` lays two of them over each other, `notes` names bookmarks in it. `parts` is the table of partitions, `causes` what made a step,
//! `versions` where two versions part ways, `counted` the table of a projection without code, `field` a number of
//! a state.

mod as_of_bar;
mod causes;
mod counted;
mod field;
mod head;
mod kept;
mod lower;
mod notes;
mod overlay;
mod parts;
mod periods;
mod plot;
mod plot_paint;
mod plot_tip;
mod points;
mod reference;
mod results;
mod script;
mod side;
mod steps;
mod versions;

use egui::{Rect, Sense, Ui, pos2, vec2};

use super::plots_area::AreaPlot;
use super::tile;
use crate::history::{Axis, EventLog};
use crate::ui::View;
use crate::ui::theme::{size, tokens};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::skeleton;

/// The Projections view.
#[derive(Default)]
pub struct ProjectionsPanel {
    area: AreaPlot,
    field: field::FieldPart,
    script: script::ScriptPart,
    lower: lower::Lower,
    results: results::ResultsPart,
    parts: parts::Parts,
    counted: counted::Counted,
    /// What the list at the left is filtered by.
    filter: String,
}

impl ProjectionsPanel {
    /// Shows the view in all the space there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let Some(log) = view.log().filter(|log| !log.is_empty()) else {
            Empty::new("Nothing to plot")
                .why("There is no event yet.")
                .show(ui);
            return;
        };
        self.field.refresh(view);
        ui.spacing_mut().item_spacing.y = 0.0;
        let all = ui.available_rect_before_wrap();
        let (side, script, rest) = columns(all, view);
        let line = egui::Stroke::new(size::TILE_GAP, tokens(ui).line);
        ui.painter().vline(side.right() + 0.5, all.y_range(), line);
        self.side_ui(&mut tile::part(ui, side, "side"), view, log);
        if let Some(script) = script {
            ui.painter()
                .vline(script.right() + 0.5, all.y_range(), line);
            self.script_ui(&mut tile::part(ui, script, "script"), view, log);
        }
        self.plots_ui(&mut tile::part(ui, rest, "plots"), view, log);
        ui.advance_cursor_after_rect(all);
    }

    /// The script over what stands under it.
    fn script_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
        let area = ui.available_rect_before_wrap();
        let low = (area.height() * 0.24).clamp(120.0, 240.0);
        let cut = (area.bottom() - low).round();
        let upper = Rect::from_min_max(area.min, pos2(area.right(), cut));
        let lower = Rect::from_min_max(pos2(area.left(), cut), area.max);
        self.script
            .ui(&mut tile::part(ui, upper, "editor"), view, log);
        let mut below = tile::part(ui, lower, "below");
        below.spacing_mut().item_spacing.y = 0.0;
        if let Some((line, column)) = self.lower.ui(&mut below, view, log) {
            self.script.go_to(line, column);
        }
        ui.advance_cursor_after_rect(area);
    }

    /// The plots, and the partitions of what is plotted.
    fn plots_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let plot = view.workbench.projecting.plotting.plot();
        if plot.is_some() {
            as_of_bar::as_of_ui(ui, view, log);
        }
        let area = ui.available_rect_before_wrap();
        let cut = |share: f32| (area.top() + area.height() * share).round();
        let rows = |from: f32, to: f32| {
            Rect::from_min_max(pos2(area.left(), from), pos2(area.right(), to))
        };
        let Some(plot) = plot else {
            let half = cut(0.5);
            let upper = rows(area.top(), half);
            self.area_ui(&mut tile::part(ui, upper, "events by type"), view, log);
            let lower = rows(half, area.bottom());
            self.field
                .ui(&mut tile::part(ui, lower, "field over time"), view, log);
            return;
        };
        let (first, second) = (cut(0.36), cut(0.61));
        let upper = rows(area.top(), first);
        self.results
            .ui(&mut tile::part(ui, upper, "results"), view, log, plot);
        let middle = rows(first, second);
        self.area_ui(&mut tile::part(ui, middle, "events by type"), view, log);
        let mut lower = tile::part(ui, rows(second, area.bottom()), "partitions");
        lower.spacing_mut().item_spacing.y = 0.0;
        match view.workbench.built_in_key() {
            Some(key) => self.counted.ui(&mut lower, view, &key),
            None if plot.stays => self.counted.stays_ui(&mut lower, view),
            None => self.parts.ui(&mut lower, view, log, plot),
        }
        ui.advance_cursor_after_rect(area);
    }

    fn side_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
        side::head_ui(ui, view);
        let is_writing = view.workbench.projecting.shown.is_some();
        let room = ui.available_height();
        let note = kept::height(ui, view);
        let height = if is_writing { room - note } else { room * 0.55 };
        let found = side::filter_ui(ui, &mut self.filter);
        side::list_ui(ui, view, log, (height - found, self.filter.trim()));
        if is_writing {
            kept::note_ui(ui, view, note);
            return;
        }
        tile::hairline(ui);
        self.field.list_ui(ui, view, log);
    }

    fn area_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
        let width = ui.available_width();
        self.area.refresh(
            log,
            view,
            super::plots_axis::Plane::rect_in(Rect::from_min_size(
                pos2(0.0, 0.0),
                vec2(width, 100.0),
            ))
            .width(),
        );
        tile::head(ui, "Events by type", "", false, |ui| {
            self.area.legend_ui(ui);
        });
        if !has_axis(view, log) {
            untimed_ui(ui);
            return;
        }
        self.area.ui(ui, log, view);
    }
}

/// The places of the list, of the script where one is shown, and of the rest.
fn columns(all: Rect, view: &View<'_>) -> (Rect, Option<Rect>, Rect) {
    let cut =
        |from: f32, to: f32| Rect::from_min_max(pos2(from, all.top()), pos2(to, all.bottom()));
    let side = all.left() + size::SIDEBAR_WORK.min(all.width() * 0.3);
    if view.workbench.projecting.script_shown().is_none() {
        let rest = cut(side + size::TILE_GAP, all.right());
        return (cut(all.left(), side), None, rest);
    }
    let width = ((all.width() - size::SIDEBAR_WORK) * 0.405)
        .max(280.0)
        .round();
    let middle = (side + size::TILE_GAP + width).min(all.right());
    (
        cut(all.left(), side),
        Some(cut(side + size::TILE_GAP, middle)),
        cut(middle + size::TILE_GAP, all.right()),
    )
}

/// Whether anything stands on the axis in use: where no event has a time, nothing does on that of time.
fn has_axis(view: &View<'_>, log: &EventLog) -> bool {
    view.look().axis == Axis::Sequence || log.time_range().is_some()
}

fn untimed_ui(ui: &mut Ui) {
    Empty::new("These events have no times")
        .why("Choose the Sequence axis to plot them by position.")
        .show(ui);
}

/// The place of a plot that is still being folded.
fn waiting_ui(ui: &mut Ui) {
    let area = ui.available_rect_before_wrap();
    ui.painter().rect_filled(area, 0.0, tokens(ui).canvas);
    let rect = super::plots_axis::Plane::rect_in(area);
    for nr in 1..4_u8 {
        let y = rect.top() + rect.height() * f32::from(nr) / 4.0;
        let row = Rect::from_min_max(pos2(rect.left(), y - 8.0), pos2(rect.right(), y + 8.0));
        skeleton::paint(ui.painter(), row, 0.9 - 0.2 * f32::from(nr));
    }
    let (_, response) = ui.allocate_exact_size(area.size(), Sense::hover());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Label, true, "The line is being made")
    });
}
