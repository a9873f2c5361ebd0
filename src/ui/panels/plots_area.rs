//! Events by type: stacked columns over time, with a legend and the future faint.

use egui::{Color32, Mesh, Rect, Response, Shape, Ui, pos2};

use super::plots::{self, Held};
use super::plots_axis::{Plane, value_ticks};
use super::shared::counted;
use crate::history::EventLog;
use crate::projection::{Slicing, Stacked, StackedAsk, events_by_type};
use crate::ui::View;
use crate::ui::theme::{Tokens, format, text, tokens};
use crate::ui::widgets::swatch;

/// Width of a column at least.
const COLUMN: f32 = 8.0;
/// The most types that the legend names.
const LEGEND: usize = 6;
/// The most types that a tooltip names.
const TOOLTIP: usize = 10;

/// The plot, with its last answer.
#[derive(Default)]
pub(super) struct AreaPlot {
    counted: Option<(u64, Stacked)>,
    held: Held,
}

impl AreaPlot {
    /// Counts what is to be shown in `area`, unless that is known already.
    pub(super) fn refresh(&mut self, log: &EventLog, view: &View<'_>, width: f32) {
        let look = view.look();
        let span = look.span();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "pixels"
        )]
        let columns = (width / COLUMN).max(4.0) as usize;
        let ask = StackedAsk {
            axis: look.axis,
            range: (span.from, span.to),
            slicing: Slicing::Columns(columns),
            zone: look.zone,
        };
        let generation = view.workbench.generation;
        if self
            .counted
            .as_ref()
            .is_none_or(|(known, stacked)| *known != generation || stacked.ask != ask)
        {
            self.counted = Some((generation, events_by_type(log, &ask)));
        }
    }

    /// The largest types in view with their colors, for the head of the plot.
    pub(super) fn legend_ui(&self, ui: &mut Ui) {
        let Some((_, stacked)) = &self.counted else {
            return;
        };
        let t = tokens(ui);
        let mut shown: Vec<(usize, u64)> = (0..stacked.groups.len())
            .map(|group| (group, stacked.group_total(group)))
            .filter(|(_, n)| *n > 0)
            .collect();
        // What stands for all the others comes last.
        shown.sort_by_key(|(group, n)| {
            (
                stacked.groups[*group].event_type.is_none(),
                std::cmp::Reverse(*n),
                *group,
            )
        });
        shown.truncate(LEGEND);
        ui.spacing_mut().item_spacing.x = 6.0;
        // The tools of a head stand from the right to the left.
        for (group, _) in shown.into_iter().rev() {
            let name = format::visible(&stacked.groups[group].name).into_owned();
            if text::width(ui.painter(), crate::ui::theme::Face::Small, &name) + 30.0
                > ui.available_width()
            {
                continue;
            }
            ui.label(text::small(name).color(t.text2));
            swatch::swatch(ui, color(t, stacked, group, false));
            ui.add_space(6.0);
        }
    }

    /// Shows the plot in all the space there is.
    pub(super) fn ui(&mut self, ui: &Ui, log: &EventLog, view: &View<'_>) {
        let area = ui.available_rect_before_wrap();
        let rect = Plane::rect_in(area);
        self.refresh(log, view, rect.width());
        let Some((_, stacked)) = &self.counted else {
            return;
        };
        let look = view.look();
        let highest = stacked.highest().map_or(0, |(_, n)| n).max(1) as f64;
        let values = (0.0, nice_top(highest, rect.height()));
        let plane = Plane {
            rect,
            axis: look.axis,
            span: look.span(),
            zone: look.zone,
            values,
            least_step: 1.0,
        };
        let response = plots::register(ui, area, &say(stacked, look.span()));
        ui.painter().rect_filled(area, 0.0, tokens(ui).canvas);
        plane.paint(ui.painter());
        paint_columns(
            ui,
            &plane,
            stacked,
            plots::playhead_x(&plane, log, look.playhead),
        );
        plots::paint_playhead(ui, &plane, view, true);
        plots::navigate(ui, &response, &plane, view, &mut self.held);
        tip(response, &plane, stacked);
    }
}

/// The accessible description: `Events by type, 18 months by week, 4,313 events`.
fn say(stacked: &Stacked, span: crate::workbench::Span) -> String {
    let total: u64 = stacked.counts.iter().map(|count| u64::from(*count)).sum();
    let by = stacked
        .bucket
        .map_or_else(String::new, |bucket| format!(" by {}", bucket.label()));
    let length = plots::length(stacked.ask.axis, span);
    format!(
        "Events by type, {length}{by}, {}",
        counted(total, "event", "events")
    )
}

/// A round value not below the highest column.
fn nice_top(highest: f64, height: f32) -> f64 {
    let ticks = value_ticks((0.0, highest), height, 1.0);
    let step = ticks.get(1).copied().unwrap_or(highest);
    (highest / step).ceil() * step
}

fn color(t: &Tokens, stacked: &Stacked, group: usize, is_future: bool) -> Color32 {
    let has_own = stacked
        .groups
        .get(group)
        .is_some_and(|group| group.event_type.is_some());
    t.density(if has_own { group } else { usize::MAX }, is_future)
}

/// All columns as one mesh; a column in which the playhead stands is cut there.
fn paint_columns(ui: &Ui, plane: &Plane, stacked: &Stacked, playhead: Option<f32>) {
    let t = tokens(ui);
    let mut mesh = Mesh::default();
    let cut = playhead.unwrap_or(f32::INFINITY).round();
    for (nr, edges) in stacked.edges.windows(2).enumerate() {
        let left = plane.x(edges[0]).round().max(plane.rect.left());
        let right = plane.x(edges[1]).round().min(plane.rect.right());
        let gap = if right - left >= 5.0 { 1.0 } else { 0.0 };
        if right <= left {
            continue;
        }
        let mut below = 0_u64;
        for (group, count) in stacked
            .column(nr)
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
        {
            let top = below + u64::from(*count);
            let (low, high) = (plane.y(below as f64).round(), plane.y(top as f64).round());
            below = top;
            let mut bar = |from: f32, to: f32, is_future| {
                if to > from && low > high {
                    let rect = Rect::from_min_max(pos2(from, high), pos2(to, low));
                    mesh.add_colored_rect(rect, color(t, stacked, group, is_future));
                }
            };
            let end = (right - gap).max(left + 1.0);
            bar(left, end.min(cut), false);
            bar(left.max(cut), end, true);
        }
    }
    ui.painter()
        .with_clip_rect(plane.rect.intersect(ui.clip_rect()))
        .add(Shape::mesh(mesh));
}

/// What stands under the pointer: the column, its types and counts.
fn tip(response: Response, plane: &Plane, stacked: &Stacked) {
    let Some(pointer) = response
        .hover_pos()
        .filter(|pointer| plane.rect.contains(*pointer))
    else {
        return;
    };
    if response.dragged() {
        return;
    }
    let at = plane.at(pointer.x);
    let after = stacked.edges.partition_point(|edge| *edge <= at);
    let Some(column) = after
        .checked_sub(1)
        .filter(|column| *column < stacked.n_columns())
    else {
        return;
    };
    response.on_hover_ui_at_pointer(|ui| {
        let t = tokens(ui);
        let unit = stacked
            .bucket
            .map_or_else(String::new, |bucket| format!(", {}", bucket.label()));
        ui.label(text::row(format!("{}{unit}", stacked.edge_text(column))).color(t.text3));
        let total = stacked.column_total(column);
        ui.label(text::row(counted(total, "event", "events")).color(t.text));
        let mut groups: Vec<(usize, u32)> = stacked
            .column(column)
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, n)| *n > 0)
            .collect();
        groups.sort_by_key(|(group, n)| (std::cmp::Reverse(*n), *group));
        for (group, n) in groups.into_iter().take(TOOLTIP) {
            ui.horizontal(|ui| {
                swatch::swatch(ui, color(t, stacked, group, false));
                ui.label(text::row(format::visible(&stacked.groups[group].name)).color(t.text2));
                ui.label(text::data(format::count(u64::from(n))).color(t.text));
            });
        }
    });
}
