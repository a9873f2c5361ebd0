//! Roll-forward: what a number of a category's states was at A, what moved it, and what it was at B.

use std::collections::BTreeMap;

use egui::{Align, Layout, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::as_of::leaves_shown;
use super::event_detail::loading_ui;
use super::shared::{category_name, export_ui, place};
use super::tile;
use crate::event::json::JsonPath;
use crate::event::{CategoryId, Decimal, TypeId};
use crate::history::EventLog;
use crate::projection::{RollForward, Rolled};
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::columns::{Cells, Column, Table};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{RowList, RowState};
use crate::ui::widgets::{button, menu};
use crate::workbench::{Action, Export, Freshness, ReportEdit, RollKey};

/// So many fields can be chosen from.
const CHOICES: usize = 40;

/// The roll-forward of a number.
#[derive(Default)]
pub struct RollForwardPanel {
    table: Table,
    fields: BTreeMap<CategoryId, JsonPath>,
}

impl RollForwardPanel {
    /// Shows the panel in all the space there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let found = view.log().zip(view.workbench.stream_shown());
        let Some((log, stream)) = found else {
            Empty::new("No states")
                .why("There is no event yet.")
                .show(ui);
            return;
        };
        ui.spacing_mut().item_spacing.y = 0.0;
        let category = log.stream_info(stream).category;
        let numbers = numbers(view);
        let known = self.fields.get(&category).cloned();
        let Some(field) = known.or_else(|| numbers.first().cloned()) else {
            let why = "The state shown has no number.";
            Empty::new("No roll-forward").why(why).show(ui);
            return;
        };
        let key = view.workbench.roll_key(category, field);
        let answer = &view.workbench.answers.rolled;
        if answer.is_wanted(&key) {
            view.send(Action::AskRollForward(Box::new(key.clone())));
        }
        self.tools_ui(ui, view, log, (category, &key, &numbers));
        match answer.for_key(&key) {
            Freshness::Fresh(Ok(rolled)) => self.answer_ui(ui, view, log, rolled),
            Freshness::Fresh(Err(why)) => {
                Empty::new("There is no roll-forward here")
                    .why(why)
                    .failed()
                    .show(ui);
            }
            _ => {
                ui.add_space(8.0);
                loading_ui(ui, &["States"]);
            }
        }
    }

    /// Of what, between which points; the field and the export.
    fn tools_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        (category, key, numbers): (CategoryId, &RollKey, &[JsonPath]),
    ) {
        let width = ui.available_width();
        let (rect, _) = ui.allocate_exact_size(vec2(width, size::TOOL_ROWS[1]), Sense::hover());
        let inside = rect.shrink2(vec2(size::SIDE, 0.0));
        let layout = Layout::right_to_left(Align::Center);
        let mut tools = ui.new_child(UiBuilder::new().max_rect(inside).layout(layout));
        tools.spacing_mut().item_spacing.x = size::ICON_GAP;
        export_ui(&mut tools, view, Export::RollForward);
        let to_report = button::icon_button(icons::REPORT, "Add to the report", "").small();
        if tools.add(to_report).clicked() {
            let (of, field) = (category_name(log, category), key.ask.path.to_string());
            let rolled = ReportEdit::Rolled(of.to_owned(), field, true);
            view.send(Action::EditReport(Box::new(rolled)));
        }
        let button = button::normal("Field").small().icon(icons::COLUMNS).caret();
        menu::menu_button(&mut tools, button, |ui| {
            for path in numbers.iter().take(CHOICES) {
                let name = format::visible(&path.to_string()).into_owned();
                if menu::choice_item(ui, *path == key.ask.path, &name).clicked() {
                    self.fields.insert(category, path.clone());
                }
            }
        });
        let left = tools.min_rect().left() - 8.0;
        let from = key
            .ask
            .from
            .map_or_else(|| "the beginning".to_owned(), place);
        let to = key.ask.to.map_or_else(|| "the end".to_owned(), place);
        let name = format::visible(category_name(log, category)).into_owned();
        let field = format::visible(&key.ask.path.to_string()).into_owned();
        let words = format!("{field} of {name} from {from} to {to}");
        let line = Rect::from_min_max(inside.min, pos2(left, inside.bottom()));
        let response = ui.interact(line, ui.make_persistent_id("rolled"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.as_str()));
        let color = tokens(ui).text2;
        text::line(
            ui.painter(),
            line,
            Align::Min,
            Face::Row,
            words.clone(),
            color,
        );
    }

    fn answer_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, rolled: &RollForward) {
        if rolled.streams.is_empty() {
            let why = match rolled.left_out.as_slice() {
                [] => "No stream of this category has this number by then.".to_owned(),
                [(_, why), ..] => format!("No stream can be counted: {why}."),
            };
            Empty::new("No streams").why(&why).show(ui);
            return;
        }
        let area = ui.available_rect_before_wrap();
        let foot = size::ROW + 1.0;
        let list = Rect::from_min_max(area.min, pos2(area.right(), area.bottom() - foot));
        let mut inside = tile::part(ui, list, "rolled");
        let places = self.list_ui(&mut inside, view, log, rolled);
        let place = Rect::from_min_max(pos2(area.left(), list.bottom()), area.max);
        total_ui(ui, place, rolled, &places);
        ui.advance_cursor_after_rect(area);
    }

    /// The rows; returns where the cells of a row lie.
    fn list_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        rolled: &RollForward,
    ) -> Vec<Rect> {
        let at = |row: u64| rolled.streams.get(usize::try_from(row).ok()?);
        let chosen = view.workbench.stream_shown();
        let selected = rolled
            .streams
            .iter()
            .position(|row| Some(row.stream) == chosen);
        let selected = selected.and_then(|row| u64::try_from(row).ok());
        let label = |row: u64, _: RowState| {
            let said = |row: &crate::projection::RolledStream| {
                let name = log.stream_name(row.stream);
                let [opening, closing] = [row.rolled.opening, row.rolled.closing].map(written);
                format!("{name}, opening {opening}, closing {closing}")
            };
            at(row).map_or_else(String::new, said)
        };
        let n_rows = u64::try_from(rolled.streams.len()).unwrap_or(0);
        let list = RowList::new("Roll-forward", n_rows)
            .selected(selected)
            .label(&label);
        let names: Vec<String> = rolled
            .types
            .iter()
            .map(|kind| format::visible(log.type_name(*kind)).into_owned())
            .collect();
        let mut columns = vec![
            Column::new("Stream", 136.0).least(92.0),
            Column::new("Opening", 96.0).right().least(60.0),
        ];
        columns.extend(
            names
                .iter()
                .map(|name| Column::new(name, 112.0).right().least(60.0)),
        );
        columns.push(Column::new("Closing", 96.0).right().least(60.0));
        let mut places = Vec::new();
        let output = self.table.show(ui, &list, &columns, None, |cells| {
            if places.is_empty() {
                places = (0..columns.len())
                    .map(|column| cells.rect(column))
                    .collect();
            }
            if let Some(row) = at(cells.row.nr) {
                let name = log.stream_name(row.stream);
                cells.data(0, format::visible(name).into_owned());
                for (nr, number) in numbers_of(&row.rolled, &rolled.types)
                    .into_iter()
                    .enumerate()
                {
                    number_ui(cells, nr + 1, number);
                }
            }
        });
        if let Some(row) = output.rows.clicked.and_then(|click| at(click.row)) {
            view.send(Action::SelectStream(Some(row.stream)));
        }
        if let Some(row) = output.rows.double_clicked.and_then(at) {
            view.send(Action::OpenStream(row.stream));
        }
        places
    }
}

/// The fields of the state shown that are numbers.
fn numbers(view: &View<'_>) -> Vec<JsonPath> {
    let Some(Ok(answer)) = view.workbench.answers.state.latest() else {
        return Vec::new();
    };
    let is_number = |path: &JsonPath| {
        let value = path.get(&answer.state.value);
        matches!(value, Some(crate::event::json::Json::Number(_)))
    };
    leaves_shown(view).into_iter().filter(is_number).collect()
}

/// Opening, a number for each type, closing.
fn numbers_of(rolled: &Rolled, types: &[TypeId]) -> Vec<Option<Decimal>> {
    let mut numbers = vec![rolled.opening];
    numbers.extend(types.iter().map(|kind| rolled.movements.get(kind).copied()));
    numbers.push(rolled.closing);
    numbers
}

fn written(number: Option<Decimal>) -> String {
    number.map_or_else(
        || format::NOT_APPLICABLE.to_owned(),
        |number| format::amount(&number.to_string()).into_owned(),
    )
}

fn number_ui(cells: &Cells<'_, '_>, column: usize, number: Option<Decimal>) {
    let Some(number) = number else {
        return;
    };
    let t = tokens(&*cells.row.ui);
    let color = if number.is_negative() { t.err } else { t.text };
    cells.job(column, text::job(&written(Some(number)), Face::Data, color));
}

/// The sums, under their columns.
fn total_ui(ui: &Ui, place: Rect, rolled: &RollForward, places: &[Rect]) {
    let t = tokens(ui);
    ui.painter().rect_filled(place, 0.0, t.raised);
    let edge = Rect::from_min_size(place.min, vec2(place.width(), 1.0));
    ui.painter().rect_filled(edge, 0.0, t.line);
    let within = |column: usize| {
        let cell = places.get(column)?;
        Some(Rect::from_x_y_ranges(cell.x_range(), place.y_range()))
    };
    let Some(total) = &rolled.total else {
        return;
    };
    if let Some(cell) = within(0) {
        let left_out = match rolled.left_out.len() {
            0 => String::new(),
            n => format!(", {n} left out"),
        };
        let words = format!(
            "Total of {}{left_out}",
            format::count(total.n_streams as u64)
        );
        text::line(ui.painter(), cell, Align::Min, Face::Row, words, t.text2);
    }
    let numbers = total
        .rolled
        .as_ref()
        .map(|sums| numbers_of(sums, &rolled.types));
    for (nr, number) in numbers.into_iter().flatten().enumerate() {
        if let (Some(number), Some(cell)) = (number, within(nr + 1)) {
            let color = if number.is_negative() { t.err } else { t.text };
            let words = written(Some(number));
            text::line(
                ui.painter(),
                cell,
                Align::Max,
                Face::DataMedium,
                words,
                color,
            );
        }
    }
}
