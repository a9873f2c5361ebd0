//! All events of the undertaking to which the event at the playhead belongs, in their order.

use egui::{Align, Rect, Ui, pos2};

use super::causes_state::{index_or_why, no_column, quiet};
use super::event_colors::EventColors;
use super::shared;
use crate::event::Position;
use crate::history::{EventLog, Undertaking};
use crate::ui::View;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::rows::{Kind, Row, RowList, RowState, VirtualRows};
use crate::ui::widgets::swatch;
use crate::workbench::Action;

/// Widths of position, time and the time since the event before.
const POSITION: f32 = 84.0;
const TIME: f32 = 188.0;
const SINCE: f32 = 88.0;
/// Share of the rest that types have.
const TYPES: f32 = 0.5;

/// The events of an undertaking.
#[derive(Default)]
pub struct CorrelationPanel {
    rows: VirtualRows,
    /// The event that was brought into view.
    shown: Option<Position>,
}

impl CorrelationPanel {
    /// Shows the list in all the space there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let Some(index) = index_or_why(ui, view) else {
            return;
        };
        if !index.has_correlations() {
            no_column(ui, view, "Correlation needs a correlation column");
            return;
        }
        let bench = view.workbench;
        let Some(key) = bench.undertaking_key() else {
            let is_known = bench.chain_here().is_some();
            quiet(
                ui,
                if is_known {
                    "This event names no undertaking"
                } else {
                    "Looking for the undertaking…"
                },
            );
            return;
        };
        match bench.answers.travel.undertaking.for_key(&key).value() {
            None => quiet(ui, "Looking for its events…"),
            Some(Err(why)) => quiet(ui, why),
            Some(Ok(undertaking)) => self.list_ui(ui, view, undertaking),
        }
    }

    fn list_ui(&mut self, ui: &mut Ui, view: &View<'_>, undertaking: &Undertaking) {
        let Some(log) = view.log() else { return };
        let playhead = view.look().playhead;
        let events = &undertaking.events;
        let n_rows = u64::try_from(events.len()).unwrap_or(u64::MAX);
        let here = events.partition_point(|at| *at <= playhead);
        let at = here.checked_sub(1).and_then(|row| u64::try_from(row).ok());
        if self.shown != Some(playhead) {
            self.shown = Some(playhead);
            if let Some(row) = at {
                self.rows.scroll_to(row);
            }
        }
        let event = |row: u64| events.get(usize::try_from(row).ok()?).copied();
        let selected = at.filter(|row| event(*row) == Some(playhead));
        let is_future = |row: u64| event(row).is_some_and(|at| at > playhead);
        let label = |row: u64, _: RowState| event(row).map_or_else(String::new, |at| say(log, at));
        let list = RowList::new("Correlation", n_rows)
            .kind(Kind::List)
            .selected(selected)
            .focused(at)
            .future(&is_future)
            .label(&label);
        let output = self.rows.show(ui, &list, |row| {
            if let Some(position) = event(row.nr) {
                let before = row.nr.checked_sub(1).and_then(event);
                paint(row, view, log, (position, before));
            }
        });
        let page = self.rows.page();
        let walked = if output.response.has_focus() {
            shared::walked(ui, at, n_rows, page)
        } else {
            None
        };
        let chosen = output.clicked.map(|click| click.row).or(walked);
        if let Some(position) = chosen.and_then(event) {
            self.shown = Some(position);
            view.send(Action::SelectEvent(position));
        }
    }
}

fn say(log: &EventLog, position: Position) -> String {
    let event_type = format::visible(log.type_name(log.event_type(position)));
    let stream = format::visible(log.stream_name(log.stream(position)));
    let version = shared::version(log.version(position));
    format!("{event_type}, {stream} {version}, {position}")
}

fn paint(
    row: &Row<'_>,
    view: &View<'_>,
    log: &EventLog,
    (position, before): (Position, Option<Position>),
) {
    let t = tokens(&*row.ui);
    let painter = row.ui.painter();
    let (strong, weak) = if row.state.future {
        (t.text3, t.text3)
    } else {
        (t.text, t.text2)
    };
    let mut left = row.rect.left();
    let mut cell = |width: f32| {
        let cell = Rect::from_x_y_ranges(left..=left + width, row.rect.y_range());
        left += width;
        cell.shrink2(egui::vec2(size::CELL, 0.0))
    };
    let place = format::count(u64::from(position.0));
    text::line(painter, cell(POSITION), Align::Max, Face::Data, place, weak);
    let time = shared::moment_of(log, position, view.look().zone);
    text::line(painter, cell(TIME), Align::Min, Face::Data, time, weak);
    let since = before.and_then(|before| {
        let (from, to) = (log.time(before)?, log.time(position)?);
        Some(format::duration(to.0.saturating_sub(from.0)))
    });
    let since = since.unwrap_or_default();
    text::line(painter, cell(SINCE), Align::Max, Face::Data, since, t.text3);
    let rest = row.rect.right() - row.rect.left() - POSITION - TIME - SINCE;
    let types = cell(rest * TYPES);
    let color = EventColors::of(view).event(t, log, position, row.state.future);
    swatch::paint(painter, pos2(types.left() + 5.0, types.center().y), color);
    let name = format::visible(log.type_name(log.event_type(position)));
    let words = types.with_min_x(types.left() + 16.0);
    text::line(painter, words, Align::Min, Face::Row, name, strong);
    let streams = cell(rest * (1.0 - TYPES));
    let version = shared::version(log.version(position));
    let taken = text::line(painter, streams, Align::Max, Face::Data, version, weak);
    let words = streams.with_max_x(taken.left() - 4.0);
    let name = format::visible(log.stream_name(log.stream(position)));
    let name = text::shortened(painter, Face::Data, &name, words.width());
    text::line(painter, words, Align::Min, Face::Data, name, weak);
}
