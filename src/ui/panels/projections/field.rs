//! A number of the state shown: the list of those there are, and its line over time.

use egui::{Align, Ui, vec2};

use super::super::event_facts::line_ui;
use super::super::json_rows::{members, n_members};
use super::super::plots_steps::StepPlot;
use super::super::shared::{pressed, walked};
use super::super::tile;
use super::{has_axis, untimed_ui, waiting_ui};
use crate::event::StreamId;
use crate::event::json::{Json, JsonPath};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{RowList, RowState, VirtualRows};
use crate::ui::widgets::section::section;
use crate::ui::widgets::tag::{Tone, tag};
use crate::ui::widgets::{button, menu};
use crate::workbench::{Action, FieldChoice, Freshness, StateKey};

/// The most numbers of a state that are offered.
const MOST_FIELDS: usize = 200;
/// The most rows of the menu of fields; the column has all.
const MOST_ITEMS: usize = 20;
/// How faint a series is that is not the one asked for.
const FAINT: f32 = 0.5;

/// The numbers of the state shown, and the line of the one that is chosen.
#[derive(Default)]
pub(super) struct FieldPart {
    steps: StepPlot,
    fields: Option<(StateKey, Vec<JsonPath>)>,
    rows: VirtualRows,
    at: Option<u64>,
}

impl FieldPart {
    /// The numbers of the state shown, found once for each state.
    pub(super) fn refresh(&mut self, view: &View<'_>) {
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

    /// The list of them, in the space there is.
    pub(super) fn list_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
        let field = view.look().field.as_ref();
        let Some((key, fields)) = &self.fields else {
            return;
        };
        let name = format::visible(log.stream_name(key.stream));
        section(ui, &format!("Numbers of {name}"));
        if fields.is_empty() {
            line_ui(ui, "Its state holds none", tokens(ui).text3);
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

    /// The line of the one chosen, in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
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
