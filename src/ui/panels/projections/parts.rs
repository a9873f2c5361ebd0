//! What stands under the plots: the table of partitions, the whole state of one, what made a step, and
//! where two versions part ways.

use egui::{Color32, Rect, Ui, pos2};

use super::super::event_detail::loading_ui;
use super::super::json_rows::{Flat, Folds, kind, shown};
use super::super::shared::{moment_of, spoken, walked};
use super::super::tile;
use super::{causes, versions};
use crate::event::json::{Json, JsonPath, Step};
use crate::history::EventLog;
use crate::projection::{Column as By, Of, PartitionRow, Results};
use crate::ui::View;
use crate::ui::theme::{Face, format, text, tokens};
use crate::ui::widgets::columns::{Cells, Column, Sort, Table};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::json_tree::{Form, JsonTree, ValueKind};
use crate::ui::widgets::rows::{RowList, RowState};
use crate::workbench::{Action, Freshness, KnownResults, PartitionsAsk, Plot, PlotEdit, ScriptId};

/// Width of a moment to the second.
const TO_THE_SECOND: f32 = 138.0;
/// So many fields have a column.
const MOST_COLUMNS: usize = 5;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    Partitions,
    State,
    Step,
    Versions,
}

/// The part under the plots.
#[derive(Default)]
pub(super) struct Parts {
    tab: Tab,
    table: Table,
    causes: causes::Causes,
    versions: versions::Versions,
    /// The version that was held against the plot last: a new one is shown.
    versus: Option<ScriptId>,
    tree: JsonTree,
    folds: Folds,
    filter: String,
    /// The step that was explained last: a new one is shown.
    explained: Option<(String, i64, i64)>,
}

impl Parts {
    /// Shows it in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, plot: &Plot) {
        let plotting = &view.workbench.projecting.plotting;
        if self.explained != plotting.explains {
            self.explained.clone_from(&plotting.explains);
            if self.explained.is_some() {
                self.tab = Tab::Step;
            } else if self.tab == Tab::Step {
                self.tab = Tab::Partitions;
            }
        }
        if self.versus != plotting.versus {
            self.versus = plotting.versus;
            if self.versus.is_some() {
                self.tab = Tab::Versions;
            } else if self.tab == Tab::Versions {
                self.tab = Tab::Partitions;
            }
        }
        let known = view.workbench.results_of(plot.source);
        let n = known.as_ref().and_then(|known| {
            let results = known.results.as_ref().ok()?;
            Some(format::count(results.n_partitions() as u64))
        });
        let partitions = n.map_or_else(|| "Partitions".to_owned(), |n| format!("Partitions\t{n}"));
        let mut tabs = vec![Tab::Partitions, Tab::State];
        let mut titles = vec![partitions.as_str(), "Final state"];
        if plotting.explains.is_some() {
            tabs.push(Tab::Step);
            titles.push("What made it");
        }
        if view.workbench.scripts_compared().is_some() {
            tabs.push(Tab::Versions);
            titles.push("Versions");
        }
        let shown = tabs.iter().position(|tab| *tab == self.tab).unwrap_or(0);
        let problem = self.problem(view);
        let (clicked, ()) = tile::tabs_with(ui, &titles, shown, false, |ui| {
            if self.tab == Tab::Partitions {
                self.filter_ui(ui, view, problem.is_some());
            }
        });
        if let Some(tab) = clicked.and_then(|nr| tabs.get(nr)) {
            self.tab = *tab;
        }
        let Some(known) = known else {
            Empty::new("Nothing has been run yet").show(ui);
            return;
        };
        let tab = tabs.get(shown).copied().unwrap_or_default();
        match (&known.results, tab) {
            (Err(why), _) => {
                Empty::new("There are no states to show")
                    .why(why)
                    .failed()
                    .show(ui);
            }
            (Ok(results), Tab::Partitions) => {
                self.table_ui(ui, view, log, (plot, &known, results));
            }
            (Ok(results), Tab::State) => self.state_ui(ui, view, (plot, results)),
            (Ok(results), Tab::Step) => self.causes.ui(ui, view, log, results),
            (Ok(_), Tab::Versions) => self.versions.ui(ui, view, log),
        }
    }

    /// What is wrong with the filter.
    fn problem(&self, view: &View<'_>) -> Option<String> {
        let (ask, _) = view.workbench.partitions_ask()?;
        let answer = view.workbench.projecting.plotting.partitions.for_key(&ask);
        match answer.fresh()? {
            Err(why) if !self.filter.trim().is_empty() => Some(why.clone()),
            _ => None,
        }
    }

    fn filter_ui(&mut self, ui: &mut Ui, view: &View<'_>, is_wrong: bool) {
        let width = (ui.available_width()).clamp(80.0, 216.0);
        let output = Field::filter("Filter partitions")
            .hint("Filter, such as")
            .example("balance<0")
            .small()
            .wrong(is_wrong)
            .width(width)
            .show(ui, &mut self.filter);
        if output.changed {
            let mut ask = view.workbench.projecting.plotting.partitions_look.clone();
            ask.filter = self.filter.trim().to_owned();
            ask_for(view, ask);
        }
    }

    fn table_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        (plot, known, results): (&Plot, &KnownResults, &Results),
    ) {
        let Some((ask, _)) = view.workbench.partitions_ask() else {
            return;
        };
        let answers = &view.workbench.projecting.plotting.partitions;
        // Rows name partitions by number: those of other results mean others.
        let fits = answers
            .known()
            .is_some_and(|(of, _)| of.results == ask.results);
        let table = match answers.for_key(&ask) {
            Freshness::Fresh(Ok(table)) => table,
            Freshness::Stale(Ok(table)) if fits => table,
            Freshness::Fresh(Err(why)) => {
                Empty::new("The filter cannot be read")
                    .why(why)
                    .failed()
                    .show(ui);
                return;
            }
            _ => {
                loading_ui(ui, &["Partitions"]);
                return;
            }
        };
        if table.rows.is_empty() {
            let why = if ask.filter.is_empty() {
                "No event was handled by then."
            } else {
                "No partition fits the filter."
            };
            Empty::new("No partitions").why(why).show(ui);
            return;
        }
        let fields = fields_shown(known);
        self.rows_ui(ui, view, log, (plot, results, &ask, &fields), &table.rows);
    }

    fn rows_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        (plot, results, ask, fields): (&Plot, &Results, &PartitionsAsk, &[(JsonPath, bool)]),
        rows: &[PartitionRow],
    ) {
        let at = ask.question.position;
        let of = plot.of;
        let find = |row: u64| rows.get(usize::try_from(row).ok()?);
        let value =
            |row: &PartitionRow, path: &JsonPath| results.field_at(of, path, row.partition, at);
        let label = |row: u64, _: RowState| {
            find(row).map_or_else(String::new, |row| {
                let mut said = name_of(results, row).to_owned();
                for (path, _) in fields {
                    if let Some(value) = value(row, path) {
                        said = format!("{said}, {path} {}", spoken(&plain(&value)));
                    }
                }
                said
            })
        };
        let chosen = view.workbench.projecting.plotting.partition.as_deref();
        let selected = rows
            .iter()
            .position(|row| Some(results.partition_name(row.partition)) == chosen)
            .and_then(|row| u64::try_from(row).ok());
        let n_rows = u64::try_from(rows.len()).unwrap_or(0);
        let list = RowList::new("Partitions", n_rows)
            .selected(selected)
            .label(&label);
        let names: Vec<String> = fields.iter().map(|(path, _)| path.to_string()).collect();
        let columns = columns(&names, fields, view.look().zone == crate::event::Zone::Utc);
        let sort = Sort {
            column: column_of(&ask.question.sort, fields),
            descending: ask.question.is_descending,
        };
        let output = self.table.show(ui, &list, &columns, Some(sort), |cells| {
            let Some(row) = find(cells.row.nr) else {
                return;
            };
            cells.data(0, format::visible(name_of(results, row)).into_owned());
            for (nr, (path, _)) in fields.iter().enumerate() {
                if let Some(value) = value(row, path) {
                    value_cell(cells, nr + 1, &value);
                }
            }
            cells.data2(fields.len() + 1, format::count(u64::from(row.events)));
            let last = row.last.min(log.last().unwrap_or_default());
            let when = moment_of(log, last, view.look().zone);
            // To the second where that fits, else to the minute.
            let column = fields.len() + 2;
            let n = if cells.rect(column).width() < TO_THE_SECOND {
                16
            } else {
                19
            };
            cells.data2(column, when.get(..n).unwrap_or(&when).to_owned());
        });
        if let Some((column, _)) = output.head_clicked {
            let mut look = view.workbench.projecting.plotting.partitions_look.clone();
            let by = by_of(column, fields);
            look.question.is_descending = by == look.question.sort && !look.question.is_descending;
            look.question.sort = by;
            ask_for(view, look);
        }
        let mut to = output.rows.clicked.map(|click| click.row);
        if output.rows.response.has_focus() {
            let page = self.table.rows.page();
            let walks = walked(ui, selected, n_rows, page);
            if let Some(row) = walks {
                self.table.rows.scroll_to(row);
            }
            to = to.or(walks);
        }
        if let Some(row) = to.and_then(find) {
            let name = results.partition_name(row.partition).to_owned();
            view.send(Action::Plot(Box::new(PlotEdit::Partition(Some(name)))));
        }
        if let Some(row) = output.rows.double_clicked.and_then(find) {
            let streams = log.streams_named(results.partition_name(row.partition));
            if let Some(stream) = streams.first() {
                view.send(Action::ShowView(crate::workbench::ViewKind::Explore));
                view.send(Action::OpenStream(*stream));
            }
        }
    }

    fn state_ui(&mut self, ui: &mut Ui, view: &View<'_>, (plot, results): (&Plot, &Results)) {
        let named = view.workbench.projecting.plotting.partition.as_deref();
        let partition = named.and_then(|name| results.find_partition(name));
        let only = (results.n_partitions() == 1).then(|| results.partitions().next());
        let Some(partition) = partition.or_else(|| only.flatten()) else {
            Empty::new("No partition is chosen")
                .why("Choose one under Partitions.")
                .show(ui);
            return;
        };
        let at = view.workbench.as_of().unwrap_or_default();
        let Some(state) = results.value_at(plot.of, partition, at) else {
            Empty::new("It has no state yet")
                .why("No event was handled by then.")
                .show(ui);
            return;
        };
        let area = ui.available_rect_before_wrap();
        let mut inside = tile::part(ui, area, "state");
        let flat = Flat::document(&state, &self.folds);
        let label = |row: u64, _: RowState| {
            let row = usize::try_from(row).ok().and_then(|row| flat.rows.get(row));
            row.map_or_else(String::new, |row| format!("{}: {}", row.key, row.value))
        };
        let list = RowList::new("Final state", 0).label(&label);
        let output = self.tree.show(&mut inside, list, &flat.rows, Form::Plain);
        let toggled = output.toggled.and_then(|row| usize::try_from(row).ok());
        if let Some(row) = toggled
            && let (Some(path), Some(item)) = (flat.paths.get(row), flat.rows.get(row))
        {
            self.folds.set(path.clone(), item.folded != Some(true));
        }
        ui.advance_cursor_after_rect(area);
    }
}

fn ask_for(view: &View<'_>, ask: PartitionsAsk) {
    view.send(Action::Plot(Box::new(PlotEdit::Partitions(Box::new(ask)))));
}

fn name_of<'a>(results: &'a Results, row: &PartitionRow) -> &'a str {
    let name = results.partition_name(row.partition);
    if name.is_empty() { "all events" } else { name }
}

/// The fields with columns, and whether each holds numbers.
fn fields_shown(known: &KnownResults) -> Vec<(JsonPath, bool)> {
    let in_list = |path: &JsonPath| path.0.iter().any(|step| matches!(step, Step::Index(_)));
    let paths = known.paths.iter().filter(|info| !in_list(&info.path));
    let mut fields: Vec<(JsonPath, bool)> = paths
        .map(|info| (info.path.clone(), info.is_number))
        .collect();
    // Numbers tell most; of the rest what changes tells more than what names.
    fields.sort_by_key(|(_, is_number)| !is_number);
    let n_numbers = fields.iter().filter(|(_, is_number)| *is_number).count();
    if n_numbers >= MOST_COLUMNS {
        let others = fields.split_off(n_numbers);
        fields.truncate(MOST_COLUMNS - 1);
        fields.extend(others.into_iter().take(1));
    }
    fields.truncate(MOST_COLUMNS);
    fields
}

fn columns<'a>(names: &'a [String], fields: &[(JsonPath, bool)], is_utc: bool) -> Vec<Column<'a>> {
    let mut columns = vec![Column::new("Partition", 112.0).least(96.0).sorts()];
    for (name, (_, is_number)) in names.iter().zip(fields) {
        let column = Column::new(name, 86.0).least(52.0).sorts();
        columns.push(if *is_number { column.right() } else { column });
    }
    columns.push(Column::new("Events", 62.0).right().least(60.0).sorts());
    let last = if is_utc {
        "Last event, UTC"
    } else {
        "Last event"
    };
    columns.push(Column::new(last, 150.0).least(124.0).grows().sorts());
    columns
}

fn by_of(column: usize, fields: &[(JsonPath, bool)]) -> By {
    match column.checked_sub(1) {
        None => By::Name,
        Some(nr) => match fields.get(nr) {
            Some((path, _)) => By::Field(path.clone()),
            None if nr == fields.len() => By::Events,
            None => By::Last,
        },
    }
}

fn column_of(by: &By, fields: &[(JsonPath, bool)]) -> usize {
    match by {
        By::Name => 0,
        By::Events => fields.len() + 1,
        By::Last => fields.len() + 2,
        By::Field(path) => {
            let at = fields.iter().position(|(known, _)| known == path);
            at.map_or(0, |at| at + 1)
        }
    }
}

fn value_cell(cells: &Cells<'_, '_>, column: usize, value: &Json) {
    let t = tokens(&*cells.row.ui);
    let number = value
        .as_decimal()
        .filter(|_| matches!(value, Json::Number(_)));
    let words = plain(value);
    let color: Color32 = match (number, kind(value)) {
        (Some(number), _) if number.is_negative() => t.err,
        (_, ValueKind::Broken) => t.err,
        (_, ValueKind::Container | ValueKind::Null) => t.text3,
        _ => t.text,
    };
    cells.job(column, text::job(&words, Face::Data, color));
}

/// A value without the quotes of a text; numbers as amounts.
fn plain(value: &Json) -> String {
    match value {
        Json::Text(words) => format::visible(&text::fitting(words, 2_000.0)).into_owned(),
        Json::Number(digits) => format::amount(digits).into_owned(),
        other => format::visible(&shown(other)).into_owned(),
    }
}

/// Whether a plot shows results where states have been transformed.
pub(super) fn has_results(known: &KnownResults) -> bool {
    known
        .results
        .as_ref()
        .is_ok_and(|results| results.has_results())
}

/// The half of a part at the right, for what stands beside something else.
pub(super) fn right_half(area: Rect, width: f32) -> (Rect, Rect) {
    let middle = (area.right() - width).max(area.left());
    (
        Rect::from_min_max(area.min, pos2(middle, area.bottom())),
        Rect::from_min_max(pos2(middle, area.top()), area.max),
    )
}

/// Of what a plot is asked: results where there are any.
pub(super) const fn of_results(is_result: bool) -> Of {
    if is_result { Of::Result } else { Of::State }
}
