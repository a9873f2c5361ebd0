//! The Projections view: scripts and their runs, plots of what they gave, events by type, and a number
//! of a state, over the time that all panes show.
//!
//! `side` is the list at the left, `script` the editor with what runs it, `lower` what stands under it
//! (`steps` its third tab); `head` says what is plotted, `plot` draws it, `points` lists it, `periods` makes the labels
//! under it ones that can be marked, `overlay` lays two of them over each other; `parts` is the table
//! of partitions, `causes` what made a step, `versions` where two versions part ways, `counted` the table
//! of a projection without code.

mod as_of_bar;
mod causes;
mod counted;
mod head;
mod lower;
mod overlay;
mod parts;
mod periods;
mod plot;
mod points;
mod script;
mod side;
mod steps;
mod versions;

use egui::{Align, Rect, Sense, Ui, pos2, vec2};

use super::json_rows::{members, n_members};
use super::plots_area::AreaPlot;
use super::plots_steps::StepPlot;
use super::shared::{pressed, walked};
use super::tile;
use crate::event::StreamId;
use crate::event::json::{Json, JsonPath};
use crate::history::{Axis, EventLog};
use crate::projection::BuiltInAsk;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{RowList, RowState, VirtualRows};
use crate::ui::widgets::section::section;
use crate::ui::widgets::tag::{Tone, tag};
use crate::ui::widgets::{button, menu, skeleton};
use crate::workbench::{Action, FieldChoice, Freshness, Plot, StateKey};

/// The most numbers of a state that are offered.
const MOST_FIELDS: usize = 200;
/// The most rows of the menu of fields; the column has all.
const MOST_ITEMS: usize = 20;
/// How faint a series is that is not the one asked for.
const FAINT: f32 = 0.5;

/// The Projections view.
#[derive(Default)]
pub struct ProjectionsPanel {
    area: AreaPlot,
    steps: StepPlot,
    fields: Option<(StateKey, Vec<JsonPath>)>,
    rows: VirtualRows,
    at: Option<u64>,
    script: script::ScriptPart,
    lower: lower::Lower,
    lines: plot::LinesPlot,
    points: points::Points,
    overlay: overlay::OverlayPlot,
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
        self.refresh(view);
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
            self.field_ui(&mut tile::part(ui, lower, "field over time"), view, log);
            return;
        };
        let (first, second) = (cut(0.36), cut(0.61));
        let upper = rows(area.top(), first);
        self.results_ui(&mut tile::part(ui, upper, "results"), view, log, plot);
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

    /// The plot of results that is shown.
    fn results_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, plot: &Plot) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let plotting = &view.workbench.projecting.plotting;
        let key = view.workbench.lines_key().map(|(key, _)| key);
        let answer = || key.as_ref().map(|key| plotting.lines.for_key(key));
        let lines = answer().and_then(Freshness::value);
        let lines = lines.and_then(|lines| lines.as_ref().ok());
        let counted = view.workbench.built_in_key();
        let counted = counted.and_then(|key| plotting.built_in.for_key(&key).value());
        let counted = counted.and_then(|answer| Some(&answer.as_ref().ok()?.plotted));
        head::tabs_ui(ui, view, log, lines.or(counted));
        if let Some(key) = view.workbench.built_in_key() {
            self.built_in_ui(ui, view, log, (plot, &key));
            return;
        }
        let known = view.workbench.results_of(plot.source);
        head::tools_ui(ui, view, plot, known.as_ref());
        if self.overlay_ui(ui, view, log, plot) {
            return;
        }
        let why = known.and_then(|known| known.results.err());
        let title = side::title(view, log, plot);
        match (why, answer()) {
            (Some(why), _) => {
                Empty::new("There is nothing to plot")
                    .why(&why)
                    .failed()
                    .show(ui);
            }
            (None, Some(Freshness::Fresh(Err(why)))) => {
                Empty::new("There is no line to draw")
                    .why(why)
                    .failed()
                    .show(ui);
            }
            (None, Some(Freshness::Fresh(Ok(lines)))) if lines.lines.is_empty() => {
                Empty::new("No state has this field")
                    .why("Choose another one under Value.")
                    .show(ui);
            }
            (None, Some(Freshness::Fresh(Ok(lines)) | Freshness::Stale(Ok(lines)))) => {
                let partial = view.workbench.partial_key();
                let partial = partial.map(|(key, _)| plotting.partial.for_key(&key));
                let partial = partial.and_then(Freshness::fresh);
                let drawn = plot::Drawn {
                    plot,
                    title: &title,
                    lines,
                    answer: (false, plotting.lines.n_taken()),
                    partial: partial.and_then(|partial| partial.as_ref().ok()),
                };
                self.drawn_ui(ui, view, log, &drawn);
            }
            _ => waiting_ui(ui),
        }
    }

    /// The lines, or their points as a table.
    fn drawn_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, drawn: &plot::Drawn<'_>) {
        if self.points.is_shown {
            self.points.ui(ui, view, drawn.lines);
        } else if self.lines.ui(ui, view, log, drawn) {
            self.points.is_shown = true;
        }
    }

    /// A projection without code.
    fn built_in_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        (plot, key): (&Plot, &(u64, BuiltInAsk)),
    ) {
        head::tools_ui(ui, view, plot, None);
        let answer = view.workbench.projecting.plotting.built_in.for_key(key);
        let title = side::title(view, log, plot);
        match answer.value() {
            Some(Err(why)) => {
                Empty::new("This cannot be counted")
                    .why(why)
                    .failed()
                    .show(ui);
            }
            Some(Ok(answered)) if answered.plotted.lines.is_empty() => {
                let notes = answered.plotted.notes.join(". ");
                Empty::new("There is no line over time")
                    .why(&notes)
                    .show(ui);
            }
            Some(Ok(answered)) => {
                let drawn = plot::Drawn {
                    plot,
                    title: &title,
                    lines: &answered.plotted,
                    answer: (true, view.workbench.projecting.plotting.built_in.n_taken()),
                    partial: None,
                };
                self.drawn_ui(ui, view, log, &drawn);
            }
            None => waiting_ui(ui),
        }
    }

    /// Two periods over each other, where that is wanted and known.
    fn overlay_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, plot: &Plot) -> bool {
        let Some((key, _)) = view.workbench.overlay_key() else {
            return false;
        };
        let overlays = &view.workbench.projecting.plotting.overlay;
        let answer = overlays.for_key(&key);
        let Some(Ok(overlays)) = answer.value() else {
            waiting_ui(ui);
            return true;
        };
        let Some((overlay, bucket)) = overlays.first().zip(plot.by) else {
            Empty::new("Neither period has a value").show(ui);
            return true;
        };
        let [a, b] = key.periods.map(|period| period_name(period, view));
        let names = overlay::Names {
            a,
            b,
            bucket,
            title: side::title(view, log, plot),
        };
        self.overlay.ui(ui, view, overlay, &names);
        true
    }

    /// The numbers of the state shown, found once for each state.
    fn refresh(&mut self, view: &View<'_>) {
        let Some(key) = view.workbench.state_key() else {
            return;
        };
        if self.fields.as_ref().is_some_and(|(known, _)| *known == key) {
            return;
        }
        if let Freshness::Fresh(Ok(answer)) = view.workbench.answers.state.for_key(&key) {
            self.fields = Some((key, numbers(&answer.state.value)));
        }
    }

    fn side_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
        side::head_ui(ui, view);
        let is_writing = view.workbench.projecting.shown.is_some();
        let room = ui.available_height();
        let height = if is_writing { room } else { room * 0.55 };
        let found = side::filter_ui(ui, &mut self.filter);
        side::list_ui(ui, view, log, (height - found, self.filter.trim()));
        if is_writing {
            return;
        }
        tile::hairline(ui);
        let field = view.look().field.as_ref();
        let Some((key, fields)) = &self.fields else {
            return;
        };
        let name = format::visible(log.stream_name(key.stream));
        section(ui, &format!("Numbers of {name}"));
        if fields.is_empty() {
            super::event_facts::line_ui(ui, "Its state holds none", tokens(ui).text3);
            return;
        }
        let chosen = field
            .filter(|field| field.stream == key.stream)
            .and_then(|field| fields.iter().position(|path| *path == field.path));
        let chosen = chosen.and_then(|row| u64::try_from(row).ok());
        let at = self.at.or(chosen);
        let n_rows = u64::try_from(fields.len()).unwrap_or(0);
        let find = |row: u64| {
            let row = usize::try_from(row).ok()?;
            fields.get(row)
        };
        let label = |row: u64, _: RowState| find(row).map_or_else(String::new, JsonPath::to_string);
        let is_selected = |row: u64| Some(row) == chosen;
        let list = RowList::new("Numbers", n_rows)
            .selected_where(&is_selected)
            .focused(at)
            .label(&label);
        let output = self.rows.show(ui, &list, |row| {
            if let Some(path) = find(row.nr) {
                let t = tokens(&*row.ui);
                let name = format::visible(&path.to_string()).into_owned();
                text::line(
                    row.ui.painter(),
                    row.rect.shrink2(vec2(size::SIDE, 0.0)),
                    Align::Min,
                    Face::Data,
                    name,
                    t.text2,
                );
            }
        });
        let page = self.rows.page();
        let mut wanted = output.clicked.map(|click| click.row);
        if output.response.has_focus() {
            if let Some(to) = walked(ui, at, n_rows, page) {
                self.rows.scroll_to(to);
                self.at = Some(to);
            }
            if pressed(ui, egui::Key::Enter) {
                wanted = at;
            }
        }
        if let Some(path) = wanted.and_then(find) {
            self.at = wanted;
            view.send(plot(key.stream, path));
        }
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

    fn field_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
        let key = view.workbench.series_key();
        let title = key.as_ref().map_or_else(
            || "Field over time".to_owned(),
            |key| format::visible(&key.path.to_string()).into_owned(),
        );
        let stream = key.as_ref().map_or("", |key| log.stream_name(key.stream));
        tile::head(ui, &title, &format::visible(stream), false, |ui| {
            self.menu_ui(ui, view);
            if key.is_some() {
                let tone = if view.workbench.reducer.is_application_state() {
                    Tone::Neutral
                } else {
                    Tone::Warn
                };
                tag(ui, tone, view.workbench.reducer.label());
            }
        });
        let Some(key) = key else {
            Empty::new("No field is chosen")
                .why("Choose a number of the state at the left, or Plot over time in the State inspector.")
                .icon(icons::STEP_PLOT)
                .show(ui);
            return;
        };
        let answer = view.workbench.answers.series.for_key(&key);
        let is_fresh = matches!(answer, Freshness::Fresh(_));
        match answer.value() {
            Some(Err(why)) if is_fresh => {
                Empty::new("There is no line to draw")
                    .why(why)
                    .failed()
                    .show(ui);
            }
            None | Some(Err(_)) => waiting_ui(ui),
            Some(Ok(series))
                if series.points.iter().all(|step| step.value.is_none()) && is_fresh =>
            {
                Empty::new("This field never holds a number")
                    .why("Choose another one at the left.")
                    .show(ui);
            }
            Some(Ok(_)) if !has_axis(view, log) => untimed_ui(ui),
            Some(Ok(series)) => {
                if !is_fresh {
                    ui.set_opacity(FAINT);
                }
                self.steps.ui(ui, view, log, &key, series);
            }
        }
    }

    /// The menu of the numbers of the state shown.
    fn menu_ui(&self, ui: &mut Ui, view: &View<'_>) {
        let Some((key, fields)) = self
            .fields
            .as_ref()
            .filter(|(_, fields)| !fields.is_empty())
        else {
            return;
        };
        let button = button::normal("Field")
            .small()
            .caret()
            .name("Field to plot");
        menu::menu_button(ui, button, |ui| {
            for path in fields.iter().take(MOST_ITEMS) {
                let is_chosen = view
                    .look()
                    .field
                    .as_ref()
                    .is_some_and(|field| field.stream == key.stream && field.path == *path);
                if menu::choice_item(ui, is_chosen, &path.to_string()).clicked() {
                    view.send(plot(key.stream, path));
                }
            }
        });
    }
}

fn plot(stream: StreamId, path: &JsonPath) -> Action {
    Action::PlotField(FieldChoice {
        stream,
        path: path.clone(),
    })
}

/// The numbers of a state in order; texts that hold one are left out, as they may be names.
fn numbers(state: &Json) -> Vec<JsonPath> {
    fn walk(value: &Json, path: &JsonPath, found: &mut Vec<JsonPath>) {
        if matches!(value, Json::Number(_)) {
            found.push(path.clone());
        }
        if n_members(value) > 4 * MOST_FIELDS {
            return;
        }
        for (step, member) in members(value) {
            if found.len() >= MOST_FIELDS {
                return;
            }
            walk(member, &path.child(step), found);
        }
    }
    let mut found = Vec::new();
    walk(state, &JsonPath::default(), &mut found);
    found
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

/// What a period is called: `February 2024`, or from when to when it is.
fn period_name((from, to): (i64, i64), view: &View<'_>) -> String {
    use crate::projection::Bucket;
    let zone = view.look().zone;
    let start = crate::event::Timestamp(from);
    let units = [Bucket::Year, Bucket::Quarter, Bucket::Month, Bucket::Day];
    let is_it = |unit: &Bucket| {
        let edges = unit.edges((start, start), zone, 1);
        let ends = edges.first().zip(edges.get(1));
        ends.is_some_and(|(a, b)| a.0 == from && b.0.saturating_sub(1) == to)
    };
    let wall = |at: i64| zone.wall(crate::event::Timestamp(at)).date_time(' ', 0);
    let text = wall(from);
    match units.iter().find(|unit| is_it(unit)) {
        Some(Bucket::Year) => text.get(..4).unwrap_or_default().to_owned(),
        Some(Bucket::Month | Bucket::Quarter) => periods::short_name(zone.wall(start)),
        Some(_) => text.get(..10).unwrap_or_default().to_owned(),
        None => {
            let to = wall(to);
            let day = |text: &str| text.get(..10).unwrap_or_default().to_owned();
            format!("{} to {}", day(&text), day(&to))
        }
    }
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
