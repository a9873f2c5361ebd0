//! Statistics: how much there is of what, in all, in view and between the markers.
//!
//! All counts are exact and come from the same prefix counts as the lanes: a zoom costs two look-ups.

use egui::{Align, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::super::color_choice::Choice;
use super::super::event_colors::EventColors;
use super::super::shared::counted;
use super::lanes::{LaneOf, Plan};
use super::scene::Kept;
use super::statistics_numbers::{Figure, Key, Line, a_day, a_stream, figures, lines, sort, tenths};
use crate::event::Zone;
use crate::history::{Axis, EventLog, Grouping};
use crate::query::clause;
use crate::ui::View;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::columns::{Cells, Column, Order, Sort, Table};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::menu;
use crate::ui::widgets::rows::{RowList, RowState};
use crate::ui::widgets::segments::segments;
use crate::workbench::{Action, ColorOf};

/// Height of the figures over the table, and the least width of one.
const FIGURES: f32 = 50.0;
const FIGURE: f32 = 124.0;
/// Where the swatch of a row stands, and where its name begins.
const SWATCH: f32 = 16.0;
const NAME: f32 = 30.0;

/// The columns by which rows are sorted at first.
const EVENTS: usize = 1;

/// The statistics of a history.
pub struct StatisticsPanel {
    grouping: Grouping,
    table: Table,
    order: Order,
    plan: Kept<u64, Plan>,
    figures: Kept<(u64, Zone), Vec<Figure>>,
    lines: Kept<(Key, Order), Vec<Line>>,
}

impl Default for StatisticsPanel {
    fn default() -> Self {
        let largest = Sort {
            column: EVENTS,
            descending: true,
        };
        Self {
            grouping: Grouping::Category,
            table: Table::default(),
            order: Order::by([largest]),
            plan: Kept::default(),
            figures: Kept::default(),
            lines: Kept::default(),
        }
    }
}

impl StatisticsPanel {
    /// Shows what rows stand for, for the right end of the tab bar.
    pub fn tools_ui(&mut self, ui: &mut Ui) {
        let choices = [(Grouping::Category, "Category"), (Grouping::Type, "Type")];
        segments(ui, "Rows", &mut self.grouping, &choices);
    }

    /// Shows the panel in all the space there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let Some(history) = view.history().filter(|history| !history.log.is_empty()) else {
            Empty::new("No statistics")
                .why("There is no event yet.")
                .show(ui);
            return;
        };
        let (log, generation) = (&history.log, view.workbench.generation);
        let zone = view.look().zone;
        let figures = self.figures.get((generation, zone), |_| figures(log, zone));
        figures_ui(ui, &figures);
        let plan = self.plan.get(generation, |_| Plan::new(history));
        let key = (self.key(view), self.order.clone());
        let lines = self.lines.get(key, |(key, order)| {
            let mut lines = lines(log, &plan, key);
            sort(&mut lines, order);
            lines
        });
        self.table_ui(ui, view, log, &lines);
    }

    fn key(&self, view: &View<'_>) -> Key {
        let (look, bench) = (view.look(), view.workbench);
        let axis = match (look.axis, bench.full_time_span()) {
            (Axis::Time, Some(_)) => (Axis::Time, look.clock, look.time_span),
            _ => (Axis::Sequence, look.clock, look.sequence_span),
        };
        Key {
            generation: bench.generation,
            grouping: self.grouping,
            axis,
            marked: bench.report_period(),
        }
    }

    fn table_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, lines: &[Line]) {
        let colors = EventColors::across(view);
        let at = |row: u64| lines.get(usize::try_from(row).ok()?);
        let label = |row: u64, _: RowState| at(row).map_or_else(String::new, |line| say(log, line));
        let chosen = view.look().selection.event_type.map(LaneOf::Type);
        let is_selected = |row: u64| at(row).is_some_and(|line| Some(line.lane.of) == chosen);
        let list = RowList::new("Statistics", lines.len() as u64)
            .selected_where(&is_selected)
            .label(&label);
        let columns = columns(self.grouping);
        let order = self.order.clone();
        let output = self
            .table
            .show(ui, &list, &columns, order.columns(), |cells| {
                if let Some(line) = at(cells.row.nr) {
                    row_ui(cells, log, line);
                    name_ui(cells, view, (log, &colors), line);
                }
            });
        if let Some((column, modifiers)) = output.head_clicked {
            let first = Sort {
                column,
                descending: column > 0,
            };
            self.order.clicked(first, modifiers);
        }
        let clicked = output.rows.clicked.and_then(|click| at(click.row));
        if let Some(LaneOf::Type(of)) = clicked.map(|line| line.lane.of) {
            let is_chosen = Some(LaneOf::Type(of)) == chosen;
            view.send(Action::SelectType((!is_chosen).then_some(of)));
        }
    }
}

fn columns(grouping: Grouping) -> Vec<Column<'static>> {
    let name = match grouping {
        Grouping::Category => "Category",
        Grouping::Type => "Type",
    };
    let number = |title, width| Column::new(title, width).right().least(56.0).sorts();
    let mut columns = vec![
        Column::new(name, 120.0).grows().sorts(),
        number("Events", 92.0),
        number("Share", 72.0),
        number("A day", 80.0),
        number("In view", 92.0),
        number("A to B", 92.0),
    ];
    if grouping == Grouping::Category {
        columns.extend([number("Streams", 92.0), number("A stream", 84.0)]);
    }
    columns
}

fn row_ui(cells: &Cells<'_, '_>, log: &EventLog, line: &Line) {
    let none = || format::NOT_APPLICABLE.to_owned();
    let count = line.lane.count;
    cells.data(1, format::count(count));
    cells.data2(2, format::share(count, log.len() as u64));
    cells.data2(3, a_day(log, count).unwrap_or_else(none));
    cells.data(4, format::count(line.in_view));
    cells.data(5, line.marked.map_or_else(none, format::count));
    if let Some(n_streams) = line.n_streams {
        cells.data(6, format::count(n_streams));
        cells.data2(7, a_stream(line).map_or_else(none, tenths));
    }
}

/// The swatch with the name, and what can be done with the row.
fn name_ui(
    cells: &Cells<'_, '_>,
    view: &View<'_>,
    (log, colors): (&EventLog, &EventColors),
    line: &Line,
) {
    let painter = cells.row.ui.painter();
    let cell = cells.rect(0);
    let place = cell.with_min_x(cells.row.rect.left() + NAME);
    let name = text::shortened(painter, Face::Row, &line.lane.name, place.width());
    text::line(painter, place, Align::Min, Face::Row, name, cells.color());
    let (of, name, key, nr) = match line.lane.of {
        LaneOf::Category(category) => {
            let name = log.category_names().get(category.index());
            let nr = colors.category(log, category);
            let name = name.map_or("", |name| name);
            (ColorOf::Category(category), name, "category", nr)
        }
        LaneOf::Type(of) => {
            let nr = colors.lane_of_type(log, of);
            (ColorOf::Type(of), log.type_name(of), "type", nr)
        }
        LaneOf::Others => return,
    };
    let choice = Choice {
        id: cells.row.response.id.with(line.group),
        of,
        name,
        nr,
        only: clause(key, name),
    };
    let center = pos2(cells.row.rect.left() + SWATCH, cells.row.rect.center().y);
    choice.swatch_ui(cells.row.ui, view, center);
    cells.row.response.context_menu(|ui| {
        if menu::item(ui, None, "Show only this", "").clicked() {
            view.send(Action::ToggleClause(choice.only.clone()));
        }
    });
}

fn say(log: &EventLog, line: &Line) -> String {
    let mut said = format!(
        "{}, {}, {} in view",
        line.lane.name,
        counted(line.lane.count, "event", "events"),
        format::count(line.in_view)
    );
    if let Some(marked) = line.marked {
        said = format!("{said}, {} from A to B", format::count(marked));
    }
    if let Some(n_streams) = line.n_streams {
        said = format!("{said}, {}", counted(n_streams, "stream", "streams"));
    }
    match a_day(log, line.lane.count) {
        Some(rate) => format!("{said}, {rate} a day"),
        None => said,
    }
}

fn figures_ui(ui: &mut Ui, figures: &[Figure]) {
    let t = tokens(ui);
    let gap = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), FIGURES), Sense::hover());
    ui.spacing_mut().item_spacing.y = gap;
    let mut left = rect.left() + size::SIDE;
    for (nr, (name, number)) in figures.iter().enumerate() {
        let painter = ui.painter();
        let words = text::width(painter, Face::Data, number).max(FIGURE - 24.0);
        if left + words > rect.right() - size::SIDE {
            break;
        }
        let place = Rect::from_min_size(pos2(left, rect.top() + 6.0), vec2(words, 18.0));
        text::line(painter, place, Align::Min, Face::Small, *name, t.text3);
        let under = place.translate(vec2(0.0, 18.0));
        text::line(
            painter,
            under,
            Align::Min,
            Face::Data,
            number.as_str(),
            t.text,
        );
        let response = ui.interact(
            place.union(under),
            ui.scope_id().with(("figure", nr)),
            Sense::hover(),
        );
        let said = format!("{name}: {number}");
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
        left += words + 24.0;
    }
    let line = Stroke::new(size::STROKE, t.line);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
}
