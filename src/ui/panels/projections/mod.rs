//! The Projections view: events by type, and a number of a state, over the time that all panes show.

use egui::{Align, Rect, Sense, Ui, pos2, vec2};

use super::json_rows::{members, n_members};
use super::plots_area::AreaPlot;
use super::plots_steps::StepPlot;
use super::shared::{pressed, walked};
use super::tile;
use crate::event::StreamId;
use crate::event::json::{Json, JsonPath};
use crate::history::{Axis, EventLog};
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{RowList, RowState, VirtualRows};
use crate::ui::widgets::section::section;
use crate::ui::widgets::tag::{Tone, tag};
use crate::ui::widgets::{button, menu, skeleton};
use crate::workbench::{Action, FieldChoice, Freshness, StateKey};

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
        let middle = all.left() + size::SIDEBAR_WORK.min(all.width() * 0.3);
        let side = Rect::from_min_max(all.min, pos2(middle, all.bottom()));
        let rest = Rect::from_min_max(pos2(middle + size::TILE_GAP, all.top()), all.max);
        ui.painter().vline(
            middle + 0.5,
            all.y_range(),
            egui::Stroke::new(size::TILE_GAP, tokens(ui).line),
        );
        self.side_ui(&mut tile::part(ui, side, "side"), view, log);
        let half = (rest.height() / 2.0).round();
        let upper = Rect::from_min_max(rest.min, pos2(rest.right(), rest.top() + half));
        let lower = Rect::from_min_max(pos2(rest.left(), upper.bottom()), rest.max);
        self.area_ui(&mut tile::part(ui, upper, "events by type"), view, log);
        self.field_ui(&mut tile::part(ui, lower, "field over time"), view, log);
        ui.advance_cursor_after_rect(all);
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
        tile::head(ui, "Plots", "2", false, |_| ());
        ui.add_space(4.0);
        plot_row(
            ui,
            icons::BAR_PLOT,
            "Events by type",
            &format::count(u64::try_from(log.type_names().len()).unwrap_or(0)),
        );
        let field = view.look().field.as_ref();
        plot_row(
            ui,
            icons::STEP_PLOT,
            "Field over time",
            &field.map_or_else(String::new, |field| field.path.to_string()),
        );
        ui.add_space(8.0);
        tile::hairline(ui);
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

fn plot_row(ui: &mut Ui, icon: icons::Icon, name: &str, what: &str) {
    let t = tokens(ui);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{name} {what}"))
    });
    let inside = rect.shrink2(vec2(size::SIDE, 0.0));
    let painter = ui.painter();
    icons::paint_left(painter, inside, icon, size::ICON_SMALL, t.text3);
    let words = Rect::from_min_max(pos2(inside.left() + 20.0, inside.top()), inside.max);
    let taken = text::line(painter, words, Align::Min, Face::Row, name, t.text);
    let rest = Rect::from_min_max(pos2(taken.right() + 8.0, inside.top()), inside.max);
    text::line(
        painter,
        rest,
        Align::Max,
        Face::DataSmall,
        format::visible(what),
        t.text3,
    );
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
