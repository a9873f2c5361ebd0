//! The as-of table: the state of every stream of a category at the playhead, in columns that are chosen
//! from the state; sorted, filtered, with totals.

use std::collections::BTreeMap;

use egui::{Align, Layout, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::event_detail::loading_ui;
use super::json_rows::{kind, shown};
use super::shared::{category_name, counted, export_ui, moment_of, version, walked};
use super::tile;
use crate::event::CategoryId;
use crate::event::json::{Json, JsonPath, parse};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::columns::{Cells, Column, Order, Sort, Table};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::json_tree::ValueKind;
use crate::ui::widgets::rows::{RowList, RowState};
use crate::ui::widgets::{button, menu};
use crate::workbench::{
    Action, Export, Freshness, TableAnswer, TableAsk, TableKey, TableLine, TableSort,
};

/// So many columns are chosen at first.
const AT_FIRST: usize = 6;
/// So many fields can be chosen from.
const CHOICES: usize = 40;

fn to_ask(sort: Sort) -> TableSort {
    TableSort {
        column: sort.column,
        descending: sort.descending,
    }
}

/// The as-of table.
pub struct AsOfPanel {
    table: Table,
    columns: BTreeMap<CategoryId, Vec<JsonPath>>,
    order: Order,
    filter: String,
}

impl Default for AsOfPanel {
    fn default() -> Self {
        Self {
            table: Table::default(),
            columns: BTreeMap::new(),
            // By name, as the states come.
            order: Order::by([Sort::default()]),
            filter: String::new(),
        }
    }
}

impl AsOfPanel {
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
        let Some(columns) = self.columns_of(view, log, category) else {
            ui.add_space(8.0);
            loading_ui(ui, &["States"]);
            return;
        };
        let ask = TableAsk {
            key: TableKey {
                generation: view.workbench.states(),
                category,
                columns,
            },
            position: view.look().playhead.min(log.last().unwrap_or_default()),
            sort: self.order.columns().map(to_ask).collect(),
            filter: self.filter.trim().to_owned(),
        };
        let answers = &view.workbench.answers.table;
        if answers.is_wanted(&ask) {
            view.send(Action::AskTable(Box::new(ask.clone())));
        }
        let fits = answers
            .known()
            .is_some_and(|(known, _)| known.key == ask.key);
        let n_shown = match answers.for_key(&ask).value() {
            Some(Ok(answer)) if fits => Some((answer.lines.len(), answer.n_streams)),
            _ => None,
        };
        self.tools_ui(ui, view, log, (category, n_shown));
        match answers.for_key(&ask) {
            Freshness::Fresh(Ok(answer)) => self.answer_ui(ui, view, log, (&ask, answer)),
            Freshness::Stale(Ok(answer)) if fits => self.answer_ui(ui, view, log, (&ask, answer)),
            Freshness::Fresh(Err(why)) => {
                Empty::new("There is no table here")
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

    /// The columns chosen for a category; at first those of the state shown. `None` while that is not
    /// known.
    fn columns_of(
        &mut self,
        view: &View<'_>,
        log: &EventLog,
        category: CategoryId,
    ) -> Option<Vec<JsonPath>> {
        let known = self.columns.get(&category);
        if let Some(columns) = known.filter(|columns| !columns.is_empty()) {
            return Some(columns.clone());
        }
        let state = view.workbench.answers.state.latest()?.as_ref().ok()?;
        if log.stream_info(state.state.stream).category != category {
            return None;
        }
        let leaves = leaves_shown(view).into_iter();
        let top = leaves.filter(|path| path.0.len() == 1);
        let first: Vec<JsonPath> = top.take(AT_FIRST).collect();
        self.columns.insert(category, first.clone());
        Some(first)
    }

    /// Of what, as of when; the filter and the columns.
    fn tools_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        (category, n_shown): (CategoryId, Option<(usize, usize)>),
    ) {
        let t = tokens(ui);
        let width = ui.available_width();
        let (rect, _) = ui.allocate_exact_size(vec2(width, size::TOOL_ROWS[1]), Sense::hover());
        let inside = rect.shrink2(vec2(size::SIDE, 0.0));
        let layout = Layout::right_to_left(Align::Center);
        let mut tools = ui.new_child(UiBuilder::new().max_rect(inside).layout(layout));
        tools.spacing_mut().item_spacing.x = size::ICON_GAP;
        export_ui(&mut tools, view, Export::States);
        self.columns_ui(&mut tools, view, category);
        let room = (tools.available_width() - 330.0).clamp(90.0, 220.0);
        Field::filter("Filter states")
            .hint("Filter")
            .small()
            .width(room)
            .show(&mut tools, &mut self.filter);
        let left = tools.min_rect().left() - 8.0;
        let name = format::visible(category_name(log, category)).into_owned();
        let playhead = view.look().playhead.min(log.last().unwrap_or_default());
        let when = moment_of(log, playhead, view.look().zone);
        let n = n_shown.map_or_else(String::new, |(n, of)| {
            let all = u64::try_from(of).unwrap_or(0);
            if n == of {
                format!(", {}", counted(all, "stream", "streams"))
            } else {
                format!(", {n} of {}", counted(all, "stream", "streams"))
            }
        });
        let words = format!("{name} as of {when}{n}");
        let place = Rect::from_min_max(inside.min, pos2(left, inside.bottom()));
        let response = ui.interact(place, ui.make_persistent_id("as of"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.as_str()));
        text::line(
            ui.painter(),
            place,
            Align::Min,
            Face::Row,
            words.clone(),
            t.text2,
        );
    }

    fn columns_ui(&mut self, ui: &mut Ui, view: &View<'_>, category: CategoryId) {
        let button = button::normal("Columns")
            .small()
            .icon(icons::COLUMNS)
            .caret();
        let chosen = self.columns.entry(category).or_default();
        let mut choices = chosen.clone();
        choices.extend(
            leaves_shown(view)
                .into_iter()
                .filter(|path| !chosen.contains(path)),
        );
        choices.truncate(CHOICES.max(chosen.len()));
        menu::menu_button(ui, button, |ui| {
            egui::ScrollArea::vertical()
                .max_height(420.0)
                .show(ui, |ui| {
                    for path in &choices {
                        let at = chosen.iter().position(|known| known == path);
                        let name = format::visible(&path.to_string()).into_owned();
                        if menu::choice_item(ui, at.is_some(), &name).clicked() {
                            match at {
                                Some(at) => {
                                    chosen.remove(at);
                                }
                                None => chosen.push(path.clone()),
                            }
                        }
                    }
                });
        });
    }

    fn answer_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        (ask, answer): (&TableAsk, &TableAnswer),
    ) {
        if answer.lines.is_empty() {
            let why = if ask.filter.is_empty() {
                "No stream of this category has an event by then."
            } else {
                "No state holds this text."
            };
            Empty::new("No streams").why(why).show(ui);
            return;
        }
        let area = ui.available_rect_before_wrap();
        let has_totals = answer.totals.iter().any(Option::is_some);
        let foot = if has_totals { size::ROW + 1.0 } else { 0.0 };
        let list = Rect::from_min_max(area.min, pos2(area.right(), area.bottom() - foot));
        let mut inside = tile::part(ui, list, "states");
        let places = self.list_ui(&mut inside, view, log, (ask, answer));
        if has_totals {
            let place = Rect::from_min_max(pos2(area.left(), list.bottom()), area.max);
            totals_ui(ui, place, answer, &places);
        }
        ui.advance_cursor_after_rect(area);
    }

    /// The rows; returns where the cells of a row lie.
    fn list_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        (ask, answer): (&TableAsk, &TableAnswer),
    ) -> Vec<Rect> {
        let lines = &answer.lines;
        let at = |row: u64| lines.get(usize::try_from(row).ok()?);
        let chosen = view.workbench.stream_shown();
        let selected = lines.iter().position(|line| Some(line.stream) == chosen);
        let selected = selected.and_then(|row| u64::try_from(row).ok());
        let label =
            |row: u64, _: RowState| at(row).map_or_else(String::new, |line| say(log, ask, line));
        let n_rows = u64::try_from(lines.len()).unwrap_or(0);
        let list = RowList::new("States", n_rows)
            .selected(selected)
            .label(&label);
        let names: Vec<String> = ask.key.columns.iter().map(ToString::to_string).collect();
        let columns = columns(&names, answer);
        let order = self.order.clone();
        let mut places = Vec::new();
        let output = self
            .table
            .show(ui, &list, &columns, order.columns(), |cells| {
                if places.is_empty() {
                    places = (0..columns.len())
                        .map(|column| cells.rect(column))
                        .collect();
                }
                if let Some(line) = at(cells.row.nr) {
                    row_ui(cells, log, line);
                }
            });
        if let Some((column, modifiers)) = output.head_clicked {
            let first = Sort {
                column,
                descending: false,
            };
            self.order.clicked(first, modifiers);
        }
        let clicked = output.rows.clicked.map(|click| click.row);
        let mut to = clicked;
        if output.rows.response.has_focus() {
            let page = self.table.rows.page();
            to = to.or_else(|| walked(ui, selected, n_rows, page));
            if let (None, Some(row)) = (clicked, to) {
                self.table.rows.scroll_to(row);
            }
        }
        if let Some(line) = to.and_then(at) {
            view.send(Action::SelectStream(Some(line.stream)));
        }
        if let Some(line) = output.rows.double_clicked.and_then(at) {
            view.send(Action::OpenStream(line.stream));
        }
        places
    }
}

/// The leaves of the state shown that lie in no list.
pub(super) fn leaves_shown(view: &View<'_>) -> Vec<JsonPath> {
    let Some(Ok(answer)) = view.workbench.answers.state.latest() else {
        return Vec::new();
    };
    let leaves = answer.state.value.leaves().into_iter().take(2_000);
    let in_list = |path: &JsonPath| {
        let is_index = |step: &_| matches!(step, crate::event::json::Step::Index(_));
        path.0.iter().any(is_index) || path.0.is_empty()
    };
    leaves
        .map(|(path, _)| path)
        .filter(|path| !in_list(path))
        .collect()
}

fn columns<'a>(names: &'a [String], answer: &TableAnswer) -> Vec<Column<'a>> {
    let mut columns = vec![
        Column::new("Stream", 136.0).least(92.0).sorts(),
        Column::new("Version", 66.0).right().least(62.0).sorts(),
    ];
    for (nr, name) in names.iter().enumerate() {
        let column = Column::new(name, 112.0).least(60.0).sorts();
        let is_number = answer.totals.get(nr).copied().flatten().is_some();
        columns.push(if is_number { column.right() } else { column });
    }
    columns
}

fn row_ui(cells: &Cells<'_, '_>, log: &EventLog, line: &TableLine) {
    let t = tokens(&*cells.row.ui);
    cells.data(
        0,
        format::visible(log.stream_name(line.stream)).into_owned(),
    );
    cells.data2(1, version(line.version));
    for (nr, cell) in line.cells.iter().enumerate() {
        let Some(value) = cell.as_deref().and_then(|cell| parse(cell.as_bytes()).ok()) else {
            continue;
        };
        let color = match kind(&value) {
            ValueKind::Text => t.text,
            ValueKind::Number | ValueKind::Bool | ValueKind::Null => t.code_number,
            ValueKind::Container => t.text2,
            ValueKind::Broken => t.err,
        };
        let words = plain(&value);
        cells.job(nr + 2, text::job(&words, Face::Data, color));
    }
}

/// A value without the quotes of a text.
fn plain(value: &Json) -> String {
    let words = match value {
        Json::Text(text) => text::fitting(text, 2_000.0).into_owned(),
        other => shown(other),
    };
    format::visible(&words).into_owned()
}

/// `order-1220, v7, balance minus 50.00`.
fn say(log: &EventLog, ask: &TableAsk, line: &TableLine) -> String {
    let mut said = format!(
        "{}, {}",
        log.stream_name(line.stream),
        version(line.version)
    );
    for (path, cell) in ask.key.columns.iter().zip(&line.cells) {
        if let Some(value) = cell.as_deref().and_then(|cell| parse(cell.as_bytes()).ok()) {
            said = format!("{said}, {path} {}", super::shared::spoken(&plain(&value)));
        }
    }
    said
}

/// The sums of the columns of numbers, under their columns.
fn totals_ui(ui: &Ui, place: Rect, answer: &TableAnswer, places: &[Rect]) {
    let t = tokens(ui);
    ui.painter().rect_filled(place, 0.0, t.raised);
    let edge = Rect::from_min_size(place.min, vec2(place.width(), 1.0));
    ui.painter().rect_filled(edge, 0.0, t.line);
    let within = |column: usize| {
        let cell = places.get(column)?;
        Some(Rect::from_x_y_ranges(cell.x_range(), place.y_range()))
    };
    if let Some(cell) = within(0) {
        let words = format!("Total of {}", format::count(answer.lines.len() as u64));
        text::line(ui.painter(), cell, Align::Min, Face::Row, words, t.text2);
    }
    for (nr, total) in answer.totals.iter().enumerate() {
        if let (Some(total), Some(cell)) = (total, within(nr + 2)) {
            let words = format::amount(&total.to_string()).into_owned();
            let color = if total.is_negative() { t.err } else { t.text };
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
