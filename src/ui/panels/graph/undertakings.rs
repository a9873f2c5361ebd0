//! The table of all undertakings: what began each, how many events it has, how long it took, and its
//! shape in time. A row shows its graph.

use std::sync::Arc;

use egui::{Key, Ui, pos2};

use crate::event::Position;
use crate::history::{CauseGraph, CauseIndex, EventLog, UndertakingLine, Undertakings};
use crate::query::clause;
use crate::ui::View;
use crate::ui::panels::shared;
use crate::ui::theme::{Face, format, icons, tokens};
use crate::ui::widgets::columns::{Cells, Column, Order, Sort, Table};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::menu;
use crate::ui::widgets::rows::{RowList, RowState};
use crate::workbench::{Action, AuditEdit, Freshness};

use super::super::causes_state::quiet;
use super::sieve::Sieve;

/// Width of the filter.
const FILTER: f32 = 300.0;
/// How many dots a shape has at most.
const DOTS: usize = 60;

/// The table, how it is sorted, and what of it is shown.
#[derive(Default)]
pub(super) struct UndertakingsTable {
    table: Table,
    filter: String,
    order: Order,
    shown: Vec<u32>,
    shown_of: Option<(u64, usize, String, Order)>,
    at: Option<u64>,
}

const EVENTS: usize = 3;
const LASTS: usize = 4;
const SHAPE: usize = 5;

fn columns(zone: &str) -> [Column<'_>; 7] {
    [
        Column::new("Correlation", 150.0).sorts(),
        Column::new("First event", 150.0).sorts(),
        Column::new("Main stream", 150.0).sorts(),
        Column::new("Events", 70.0).right().sorts(),
        Column::new("Lasts", 90.0).right().sorts(),
        Column::new("Shape", 200.0).grows(),
        Column::new(zone, 150.0).right().sorts(),
    ]
}

impl UndertakingsTable {
    /// How many there are, as the tab says it.
    pub(super) fn count(view: &View<'_>) -> String {
        let known = known(view);
        known.map_or_else(String::new, |known| format::count(known.n_all))
    }

    /// The field that leaves some out.
    pub(super) fn filter_ui(&mut self, ui: &mut Ui) {
        let width = FILTER.min(ui.available_width() - 8.0);
        if width < 120.0 {
            return;
        }
        let wants_filter = shared::typed_slash(ui.ctx());
        let field = Field::new("Filter undertakings")
            .hint("Filter, such as")
            .example("events>20 span>1h")
            .icon(icons::FILTER)
            .key_cap("/")
            .small()
            .width(width)
            .show(ui, &mut self.filter);
        if wants_filter {
            field.response.request_focus();
        }
    }

    /// Shows the table in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, graph: &Arc<CauseGraph>) {
        let (Some(log), Some(index)) = (view.log(), view.workbench.cause_index()) else {
            return;
        };
        if !index.has_correlations() {
            Empty::new("No undertakings")
                .why("No event names a correlation.")
                .show(ui);
            return;
        }
        let Some(known) = known(view) else {
            quiet(ui, "Gathering undertakings…");
            return;
        };
        let sieve = match Sieve::read(&self.filter) {
            Ok(sieve) => sieve,
            Err(why) => {
                Empty::new("The filter cannot be read")
                    .why(&why)
                    .failed()
                    .show(ui);
                return;
            }
        };
        self.refresh(view, log, &known, &sieve);
        if self.shown.is_empty() {
            let all = crate::ui::widgets::button::normal("Show all").small();
            let shown = Empty::new("No undertaking fits").why("The filter lets none through.");
            if shown.button(all).show(ui) == Some(0) {
                self.filter.clear();
            }
            return;
        }
        self.table_ui(ui, view, (log, index), (&known, graph));
    }

    fn refresh(&mut self, view: &View<'_>, log: &EventLog, known: &Undertakings, sieve: &Sieve) {
        let key = (
            view.workbench.generation,
            known.lines.len(),
            self.filter.clone(),
            self.order.clone(),
        );
        if self.shown_of.as_ref() == Some(&key) {
            return;
        }
        let lines = known.lines.iter();
        let fits = lines.enumerate().filter(|(_, line)| sieve.fits(log, line));
        let mut shown: Vec<u32> = fits.filter_map(|(nr, _)| u32::try_from(nr).ok()).collect();
        // Each keeps the order of equals: the first decides in the end.
        let sorts: Vec<Sort> = self.order.columns().collect();
        for sort in sorts.into_iter().rev() {
            sort_by(&mut shown, log, &known.lines, sort);
        }
        self.shown = shown;
        self.shown_of = Some(key);
        self.at = None;
    }

    fn table_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        (log, index): (&EventLog, &CauseIndex),
        (known, graph): (&Undertakings, &CauseGraph),
    ) {
        let shown = &self.shown;
        let find = |row: u64| {
            let nr = *shown.get(usize::try_from(row).ok()?)?;
            known.lines.get(nr as usize)
        };
        let is_here = |row: u64| {
            let line = find(row);
            line.is_some_and(|line| Some(&*line.correlation) == graph.correlation.as_deref())
        };
        let label =
            |row: u64, _: RowState| find(row).map_or_else(String::new, |line| say(log, line));
        let n_rows = shown.len() as u64;
        let list = RowList::new("Undertakings", n_rows)
            .selected_where(&is_here)
            .focused(self.at)
            .label(&label);
        let zone = view.look().zone;
        let starts = log.time_range().map_or_else(
            || "Starts".to_owned(),
            |(first, _)| format!("Starts, {}", zone.label(first)),
        );
        let columns = columns(&starts);
        let output = self
            .table
            .show(ui, &list, &columns, self.order.columns(), |cells| {
                if let Some(line) = find(cells.row.nr) {
                    paint(cells, view, log, (index, line));
                    row_menu(cells, view, line);
                }
            });
        if let Some((column, modifiers)) = output.head_clicked {
            let first = Sort {
                column,
                descending: column == EVENTS || column == LASTS,
            };
            self.order.clicked(first, modifiers);
        }
        let mut wanted = output.rows.clicked.map(|click| click.row);
        if output.rows.response.has_focus() {
            if let Some(to) = shared::walked(ui, self.at, n_rows, self.table.rows.page()) {
                self.at = Some(to);
                self.table.rows.scroll_to(to);
            }
            if shared::pressed(ui, Key::Enter) {
                wanted = wanted.or(self.at);
            }
        }
        if let Some(row) = wanted {
            self.at = Some(row);
            if let Some(line) = find(row).filter(|_| !is_here(row)) {
                view.send(Action::ShowGraphOf(line.first));
            }
        }
    }
}

/// The undertakings, where they are known.
pub(super) fn known(view: &View<'_>) -> Option<Arc<Undertakings>> {
    let bench = view.workbench;
    match bench.auditing.undertakings.for_key(&bench.generation) {
        Freshness::Fresh(Ok(known)) => Some(Arc::clone(known)),
        _ => None,
    }
}

fn sort_by(shown: &mut [u32], log: &EventLog, lines: &[UndertakingLine], sort: Sort) {
    let line = |nr: &u32| lines.get(*nr as usize);
    if sort.descending {
        shown.reverse();
    }
    match sort.column {
        0 => shown.sort_by_key(|nr| line(nr).map(|line| &*line.correlation)),
        1 => shown.sort_by_key(|nr| line(nr).map(|line| log.type_name(log.event_type(line.first)))),
        2 => shown.sort_by_key(|nr| line(nr).map(|line| log.stream_name(line.main))),
        EVENTS => shown.sort_by_key(|nr| line(nr).map(|line| line.n_events)),
        LASTS => shown.sort_by_key(|nr| line(nr).and_then(UndertakingLine::lasts)),
        _ => shown.sort_by_key(|nr| line(nr).map(|line| line.first)),
    }
    if sort.descending {
        shown.reverse();
    }
}

fn paint(
    cells: &Cells<'_, '_>,
    view: &View<'_>,
    log: &EventLog,
    (index, line): (&CauseIndex, &UndertakingLine),
) {
    let t = tokens(&*cells.row.ui);
    let id = format::id(&line.correlation).into_owned();
    cells.text(0, Face::Data, id, t.accent);
    let first = log.type_name(log.event_type(line.first));
    cells.words(1, format::visible(first));
    cells.data(2, format::visible(log.stream_name(line.main)));
    cells.data(EVENTS, format::count(u64::from(line.n_events)));
    let lasts = line
        .lasts()
        .map_or_else(|| format::NOT_APPLICABLE.to_owned(), format::duration);
    cells.data2(LASTS, lasts);
    paint_shape(cells, (view, log), (index, line));
    let zone = view.look().zone;
    let starts = line.times.map_or_else(
        || format::NOT_APPLICABLE.to_owned(),
        |(first, _)| shared::moment(first, zone, 0),
    );
    let starts = starts.get(..16).unwrap_or(&starts);
    cells.data2(6, starts);
}

/// Its events as dots along its time, in the colors of their categories.
fn paint_shape(
    cells: &Cells<'_, '_>,
    (view, log): (&View<'_>, &EventLog),
    (index, line): (&CauseIndex, &UndertakingLine),
) {
    let t = tokens(&*cells.row.ui);
    let rect = cells.rect(SHAPE);
    let rect = rect.with_max_x(rect.left() + rect.width().min(260.0));
    let painter = cells.row.ui.painter();
    let Some((first, last)) = line.times else {
        return;
    };
    let y = rect.center().y;
    painter.hline(rect.x_range(), y, egui::Stroke::new(1.0, t.line));
    let span = (last.0.saturating_sub(first.0)).max(1) as f64;
    let events = index.events_of(line);
    let every = events.len().div_ceil(DOTS).max(1);
    let room = f64::from(rect.width() - 6.0).max(1.0);
    for position in events.step_by(every) {
        let Some(time) = log.time(position) else {
            continue;
        };
        let share = time.0.saturating_sub(first.0) as f64 / span;
        #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
        let x = rect.left() + 3.0 + (share * room) as f32;
        painter.circle_filled(
            pos2(x, y),
            2.5,
            shared::event_color(t, (view, log), position, false),
        );
    }
}

/// What can be done with an undertaking.
fn row_menu(cells: &Cells<'_, '_>, view: &View<'_>, line: &UndertakingLine) {
    cells.row.response.context_menu(|ui| {
        if menu::item(ui, Some(icons::GRAPH), "Show its graph", "").clicked() {
            view.send(Action::ShowGraphOf(line.first));
        }
        if menu::item(ui, Some(icons::FILTER), "Show its events", "").clicked() {
            let clause = clause("corr", &line.correlation);
            view.send(Action::SetFilter(clause));
            view.send(Action::ShowView(crate::workbench::ViewKind::Explore));
        }
        if menu::item(ui, Some(icons::COPY), "Copy its correlation", "").clicked() {
            view.send(Action::CopyText(line.correlation.to_string()));
        }
        menu::separator(ui);
        if menu::item(ui, Some(icons::EXPORT), "Save its graph as SVG…", "").clicked() {
            view.send(Action::ShowGraphOf(line.first));
            view.send(Action::Audit(Box::new(AuditEdit::AskGraphPlace)));
        }
    });
}

/// What is read out for an undertaking.
pub(super) fn say(log: &EventLog, line: &UndertakingLine) -> String {
    let first = format::visible(log.type_name(log.event_type(line.first))).into_owned();
    let events = shared::counted(u64::from(line.n_events), "event", "events");
    let lasts = line.lasts().map_or_else(String::new, |lasts| {
        format!(", lasts {}", format::duration(lasts))
    });
    format!(
        "{}, began with {first}, {events}{lasts}, {}",
        format::visible(&line.correlation),
        shared::place(Position(line.first.0))
    )
}
