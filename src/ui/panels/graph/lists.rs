//! The tables under the graph: its events, its slowest steps, and the causes that are no earlier event
//! of it. A click on a row leads there.

use std::sync::Arc;

use egui::Ui;

use super::names::{name_of, place_of};
use super::undertakings::UndertakingsTable;
use crate::event::Position;
use crate::history::{CauseGraph, EdgeMark, EventLog, GraphEdge, GraphNode, Link};
use crate::ui::View;
use crate::ui::panels::{shared, tile};
use crate::ui::theme::{Face, format, icons, size, tokens};
use crate::ui::widgets::columns::{Cells, Column, Table};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{RowList, RowState};
use crate::workbench::Action;

/// What is said of a cause that is no earlier event of the undertaking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Other {
    Circle,
    EffectFirst,
    ClockGoesBack,
    Missing,
    Elsewhere,
    Command,
}

impl Other {
    const fn words(self) -> &'static str {
        match self {
            Self::Circle => "Causes run in a circle",
            Self::EffectFirst => "Stands after its effect",
            Self::ClockGoesBack => "Its time is later than its effect's",
            Self::Missing => "Not in this file",
            Self::Elsewhere => "An event of another undertaking",
            Self::Command => "A command: no event of this file carries the id",
        }
    }

    fn of(graph: &CauseGraph, edge: &GraphEdge) -> Option<Self> {
        match edge.mark {
            EdgeMark::Circle => return Some(Self::Circle),
            EdgeMark::EffectFirst => return Some(Self::EffectFirst),
            EdgeMark::ClockGoesBack => return Some(Self::ClockGoesBack),
            EdgeMark::Sound => {}
        }
        let cause = graph.node(edge.cause).filter(|cause| !cause.is_member)?;
        Some(match cause.link {
            Link::Event(_) => Self::Elsewhere,
            Link::Command(_) => Self::Command,
            Link::Missing(_) => Self::Missing,
        })
    }

    const fn is_lost(self) -> bool {
        !matches!(self, Self::Elsewhere | Self::Command)
    }
}

/// What the tables hold, made once for each graph.
struct Rows {
    graph: Arc<CauseGraph>,
    slow: Vec<GraphEdge>,
    others: Vec<(Other, GraphEdge)>,
}

impl Rows {
    fn new(graph: &Arc<CauseGraph>) -> Self {
        let edges = graph.edges.iter();
        let mut others: Vec<(Other, GraphEdge)> = edges
            .filter_map(|edge| Some((Other::of(graph, edge)?, *edge)))
            .collect();
        others.sort_by_key(|(other, edge)| (*other, edge.effect));
        Self {
            graph: Arc::clone(graph),
            slow: graph.slowest(),
            others,
        }
    }

    /// The event to which a row of a table leads.
    fn event(&self, tab: usize, row: u64) -> Option<Position> {
        let row = usize::try_from(row).ok()?;
        let node = match tab {
            0 => u32::try_from(row).ok()?,
            1 => self.slow.get(row)?.effect,
            _ => self.others.get(row)?.1.effect,
        };
        self.graph.node(node).and_then(GraphNode::position)
    }

    fn len(&self, tab: usize) -> usize {
        match tab {
            0 => self.graph.n_members,
            1 => self.slow.len(),
            _ => self.others.len(),
        }
    }
}

/// The tables, with the one that is shown.
#[derive(Default)]
pub(super) struct Lists {
    /// The tab that was chosen; before that it is the one that says most.
    tab: Option<usize>,
    undertakings: UndertakingsTable,
    tables: [Table; 3],
    rows: Option<Rows>,
    /// The row that has the keyboard in each table.
    at: [Option<u64>; 3],
    seen: Option<Position>,
}

/// The number of the tab of all undertakings; those of the graph shown come before it, though not on screen.
const UNDERTAKINGS: usize = 3;
/// In which order the tabs stand.
const ORDER: [usize; 4] = [UNDERTAKINGS, 0, 1, 2];

/// What the tables are called for those who do not see them.
const NAMES: [&str; 3] = ["Graph events", "Slowest steps", "Other causes"];

impl Lists {
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, graph: &Arc<CauseGraph>) {
        let Some(log) = view.log() else { return };
        if !self
            .rows
            .as_ref()
            .is_some_and(|rows| Arc::ptr_eq(&rows.graph, graph))
        {
            self.rows = Some(Rows::new(graph));
            self.at = [None; 3];
            self.seen = None;
        }
        let Some(rows) = &self.rows else { return };
        let count = |tab: usize| format::count(rows.len(tab) as u64);
        let has_correlation = rows.graph.correlation.is_some();
        let shown = self
            .tab
            .unwrap_or(if has_correlation { UNDERTAKINGS } else { 0 });
        let titles = [
            format!("Correlations\t{}", UndertakingsTable::count(view)),
            format!("Events\t{}", count(0)),
            format!("Slowest steps\t{}", count(1)),
            format!("Other causes\t{}", count(2)),
        ];
        let titles: Vec<&str> = titles.iter().map(|title| title.trim_end()).collect();
        let nr = ORDER.iter().position(|tab| *tab == shown).unwrap_or(0);
        let (clicked, ()) = tile::tabs_with(ui, &titles, nr, false, |ui| {
            if shown == UNDERTAKINGS {
                self.undertakings.filter_ui(ui);
            }
        });
        let clicked = clicked.and_then(|nr| ORDER.get(nr)).copied();
        self.tab = clicked.or(self.tab);
        let shown = clicked.unwrap_or(shown);
        if shown == UNDERTAKINGS {
            self.undertakings.ui(ui, view, graph);
            return;
        }
        if rows.len(shown) == 0 {
            nothing_ui(ui, shown);
            return;
        }
        self.table_ui(ui, view, log, shown);
    }

    fn table_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, tab: usize) {
        let (Some(rows), Some(table), Some(at)) =
            (&self.rows, self.tables.get_mut(tab), self.at.get_mut(tab))
        else {
            return;
        };
        let playhead = view.look().playhead;
        let n_rows = rows.len(tab) as u64;
        let here = rows.graph.node_of(playhead).map(u64::from);
        if tab == 0 && self.seen != Some(playhead) {
            self.seen = Some(playhead);
            *at = here;
            if let Some(row) = here {
                table.rows.scroll_to(row);
            }
        }
        let is_future = |row: u64| rows.event(tab, row).is_some_and(|at| at > playhead);
        let is_selected = |row: u64| rows.event(tab, row) == Some(playhead);
        let label = |row: u64, _: RowState| said(log, rows, tab, row);
        let list = RowList::new(NAMES[tab.min(2)], n_rows)
            .selected_where(&is_selected)
            .focused(*at)
            .future(&is_future)
            .label(&label);
        let zone = view.look().zone;
        let zone = log.time(playhead).map(|time| zone.label(time));
        let time = format!("Time, {}", zone.as_deref().unwrap_or("UTC"));
        let output = table.show(ui, &list, &columns(tab, &time), None, |cells| {
            paint(cells, view, log, (rows, tab));
        });
        let page = table.rows.page();
        let walked = if output.rows.response.has_focus() {
            shared::walked(ui, *at, n_rows, page)
        } else {
            None
        };
        if let Some(row) = walked {
            table.rows.scroll_to(row);
        }
        let wanted = output.rows.clicked.map(|click| click.row).or(walked);
        if let Some(row) = wanted {
            *at = Some(row);
            if let Some(position) = rows.event(tab, row).filter(|to| *to != playhead) {
                self.seen = Some(position);
                view.send(Action::SelectEvent(position));
            }
        }
    }
}

fn nothing_ui(ui: &mut Ui, tab: usize) {
    let (what, why) = match tab {
        0 => ("There is no event", ""),
        1 => (
            "No step has a known time",
            "A step's time is known where its cause and its effect both have one.",
        ),
        _ => (
            "No other causes",
            "Every cause that is named is an earlier event of this undertaking.",
        ),
    };
    Empty::new(what).why(why).show(ui);
}

/// The columns of a table; `time` heads the times, with their zone.
fn columns(tab: usize, time: &str) -> Vec<Column<'_>> {
    const SLOW: [Column<'static>; 5] = [
        Column::new("Took", 92.0).right(),
        Column::new("Cause", 210.0),
        Column::new("Effect", 210.0).grows(),
        Column::new("Stream of the effect", 200.0),
        Column::new("Longest chain", 110.0),
    ];
    const OTHERS: [Column<'static>; 4] = [
        Column::new("Cause", 250.0),
        Column::new("What is so", 290.0),
        Column::new("Effect", 200.0).grows(),
        Column::new("Stream of the effect", 200.0),
    ];
    match tab {
        0 => vec![
            Column::new("Position", 84.0).right(),
            Column::new(time, 190.0),
            Column::new("Since cause", 92.0).right(),
            Column::new("Stream", 150.0),
            Column::new("Version", 64.0).right(),
            Column::new("Type", 150.0).grows(),
            Column::new("Cause", 170.0),
        ],
        1 => SLOW.to_vec(),
        _ => OTHERS.to_vec(),
    }
}

fn said(log: &EventLog, rows: &Rows, tab: usize, row: u64) -> String {
    let graph = &rows.graph;
    let name = |node: u32| {
        format!(
            "{} {}",
            name_of(log, graph, node),
            place_of(log, graph, node)
        )
    };
    let index = usize::try_from(row).unwrap_or(usize::MAX);
    match tab {
        0 => u32::try_from(row).map_or_else(|_| String::new(), name),
        1 => rows.slow.get(index).map_or_else(String::new, |edge| {
            let took = format::duration(edge.latency.unwrap_or(0));
            format!("{took}, from {} to {}", name(edge.cause), name(edge.effect))
        }),
        _ => rows
            .others
            .get(index)
            .map_or_else(String::new, |(other, edge)| {
                format!(
                    "{}, {}, effect {}",
                    name(edge.cause),
                    other.words(),
                    name(edge.effect)
                )
            }),
    }
}

fn paint(cells: &Cells<'_, '_>, view: &View<'_>, log: &EventLog, (rows, tab): (&Rows, usize)) {
    let row = usize::try_from(cells.row.nr).unwrap_or(usize::MAX);
    match tab {
        0 => {
            if let Ok(node) = u32::try_from(row) {
                paint_event(cells, view, log, (&rows.graph, node));
            }
        }
        1 => {
            if let Some(edge) = rows.slow.get(row) {
                paint_slow(cells, (view, log), &rows.graph, edge);
            }
        }
        _ => {
            if let Some((other, edge)) = rows.others.get(row) {
                paint_other(cells, (view, log), &rows.graph, (*other, edge));
            }
        }
    }
}

fn paint_event(
    cells: &Cells<'_, '_>,
    view: &View<'_>,
    log: &EventLog,
    (graph, node): (&CauseGraph, u32),
) {
    let Some(position) = graph.node(node).and_then(GraphNode::position) else {
        return;
    };
    cells.data2(0, format::count(u64::from(position.0)));
    cells.data2(1, shared::moment_of(log, position, view.look().zone));
    let edge = graph.edge_into(node);
    if let Some(latency) = edge.and_then(|edge| edge.latency) {
        cells.data2(2, format::duration(latency));
    }
    cells.data(3, format::visible(log.stream_name(log.stream(position))));
    let version = log.version(position);
    let version = version.map_or_else(
        || format::NOT_APPLICABLE.to_owned(),
        |at| shared::whole(at.0),
    );
    cells.data2(4, version);
    type_cell(cells, (view, log), (graph, node), 5);
    if let Some(edge) = edge {
        cells.text(
            6,
            Face::Row,
            name_of(log, graph, edge.cause),
            cells.color2(),
        );
    }
}

/// The type of a node with its color, or what is named as a cause.
fn type_cell(
    cells: &Cells<'_, '_>,
    (view, log): (&View<'_>, &EventLog),
    (graph, node): (&CauseGraph, u32),
    column: usize,
) {
    let t = tokens(&*cells.row.ui);
    let name = name_of(log, graph, node);
    match graph.node(node).and_then(GraphNode::position) {
        Some(position) => {
            let color = shared::event_color(t, (view, log), position, cells.row.state.future);
            cells.swatch(column, color, name);
        }
        None => {
            cells.data(column, name);
        }
    }
}

fn paint_slow(
    cells: &Cells<'_, '_>,
    (view, log): (&View<'_>, &EventLog),
    graph: &CauseGraph,
    edge: &GraphEdge,
) {
    cells.data(0, edge.latency.map_or_else(String::new, format::duration));
    type_cell(cells, (view, log), (graph, edge.cause), 1);
    type_cell(cells, (view, log), (graph, edge.effect), 2);
    cells.data2(3, place_of(log, graph, edge.effect));
    let is_on = |node: u32| graph.critical.binary_search(&node).is_ok();
    if is_on(edge.cause) && is_on(edge.effect) {
        cells.words(4, "on it");
    }
}

fn paint_other(
    cells: &Cells<'_, '_>,
    (view, log): (&View<'_>, &EventLog),
    graph: &CauseGraph,
    (other, edge): (Other, &GraphEdge),
) {
    let t = tokens(&*cells.row.ui);
    type_cell(cells, (view, log), (graph, edge.cause), 0);
    if other.is_lost() {
        let place = cells.rect(1);
        let painter = cells.row.ui.painter();
        let at = icons::paint_left(painter, place, icons::WARNING, size::ICON_TEXT, t.warn);
        let rest = place.with_min_x(at.right() + 6.0);
        crate::ui::theme::text::line(
            painter,
            rest,
            egui::Align::Min,
            Face::Row,
            other.words(),
            t.text,
        );
    } else {
        cells.text(1, Face::Row, other.words(), cells.color2());
    }
    type_cell(cells, (view, log), (graph, edge.effect), 2);
    cells.data2(3, place_of(log, graph, edge.effect));
}
