//! What a field was after each event of its stream: a sentence, a plot where it is a number, and a
//! table of all its values.

use egui::{Rect, Role, Ui, WidgetInfo, pos2, vec2};

use super::event_colors::EventColors;
use super::event_detail::loading_ui;
use super::field_plot;
use super::json_rows::{kind, shown};
use super::shared::{counted, pressed, spoken, version, walked};
use super::state_compared::note_of;
use super::tile;
use crate::event::json::Json;
use crate::event::{Decimal, StreamId};
use crate::fold::{FieldStep, FieldValue};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::columns::{Cells, Column, Table};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::json_tree::ValueKind;
use crate::ui::widgets::rows::{RowList, RowState};
use crate::workbench::{Action, FieldKey};

/// Height of the plot: the share of what there is, at least and at most.
const PLOT: (f32, f32, f32) = (0.5, 110.0, 260.0);
/// Below this height there is a plot or a table, not both.
const BOTH_FROM: f32 = 240.0;

/// The history of the chosen field.
#[derive(Default)]
pub(super) struct FieldHistoryView {
    table: Table,
    scrolled_to: Option<(FieldKey, u32)>,
}

impl FieldHistoryView {
    /// Shows it in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
        let Some(key) = view.workbench.field_key() else {
            Empty::new("No field is chosen")
                .why("Choose a field of the state to see all it was.")
                .show(ui);
            return;
        };
        let answer = view.workbench.answers.field.for_key(&key);
        match answer.fresh() {
            None => loading_ui(ui, &["Values"]),
            Some(Err(why)) => {
                Empty::new("There is no history here")
                    .why(why)
                    .failed()
                    .show(ui);
            }
            Some(Ok(steps)) if steps.is_empty() => {
                let name = format::visible(&key.path.to_string()).into_owned();
                let why = format!("No event of this stream sets {name}.");
                Empty::new("The field was never there").why(&why).show(ui);
            }
            Some(Ok(steps)) => self.steps_ui(ui, view, (log, &key), steps),
        }
    }

    /// Shows it as a tab of its own, with the field's name above.
    pub(super) fn tab_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
        if let Some(path) = &view.look().selection.field {
            ui.add_space(10.0);
            ui.horizontal(|ui| {
                ui.add_space(size::SIDE);
                let name = format::visible(&path.to_string()).into_owned();
                let words = text::rich(name, Face::Heading).color(tokens(ui).text);
                ui.add(egui::Label::new(words).truncate());
            });
        }
        self.ui(ui, view, log);
    }

    fn steps_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        (log, key): (&EventLog, &FieldKey),
        steps: &[FieldStep],
    ) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let now = view.workbench.state_key().map(|key| key.rank);
        summary_ui(ui, &summary(log, key, steps, now));
        let area = ui.available_rect_before_wrap();
        let is_number = steps.iter().any(|step| number(step).is_some());
        let has_both = area.height() >= BOTH_FROM;
        let plot = match (is_number, has_both) {
            (false, _) => 0.0,
            (true, false) => area.height(),
            (true, true) => (area.height() * PLOT.0).clamp(PLOT.1, PLOT.2).round(),
        };
        if plot > 0.0 {
            let place = Rect::from_min_size(area.min, vec2(area.width(), plot));
            let inside = tile::part(ui, place, "plot");
            let base = view.workbench.answers.base_field.for_key(key).fresh();
            let base = base.map_or(&[][..], Vec::as_slice);
            field_plot::ui(&inside, view, (log, key), (steps, base, now));
        }
        if plot < area.height() {
            let place = Rect::from_min_max(pos2(area.left(), area.top() + plot), area.max);
            let mut inside = tile::part(ui, place, "values");
            self.table_ui(&mut inside, view, (log, key), (steps, now));
        }
        ui.advance_cursor_after_rect(area);
    }

    fn table_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        (log, key): (&EventLog, &FieldKey),
        (steps, now): (&[FieldStep], Option<u32>),
    ) {
        let current = now.and_then(|rank| current(steps, rank));
        let wanted = current.map(|row| (key.clone(), row));
        if let Some((_, row)) = wanted.as_ref().filter(|_| self.scrolled_to != wanted) {
            self.table.rows.scroll_to(u64::from(*row));
            self.scrolled_to = wanted;
        }
        let at = |row: u64| steps.get(usize::try_from(row).ok()?);
        let label =
            |row: u64, _: RowState| at(row).map_or_else(String::new, |step| say(log, key, step));
        let is_future =
            |row: u64| at(row).is_some_and(|step| now.is_none_or(|now| step.rank > now));
        let n_rows = u64::try_from(steps.len()).unwrap_or(0);
        let list = RowList::new("Values", n_rows)
            .selected(current.map(u64::from))
            .future(&is_future)
            .label(&label);
        let mut columns = vec![
            Column::new("Version", 64.0).right(),
            Column::new("Value", 120.0).grows(),
            Column::new("Event", 150.0).least(80.0),
        ];
        let base = view.workbench.answers.base_field.for_key(key).fresh();
        if base.is_some() {
            columns.push(Column::new("As recorded", 100.0).least(60.0));
        }
        let colors = EventColors::of(view);
        let output = self.table.show(ui, &list, &columns, None, |cells| {
            if let Some(step) = at(cells.row.nr) {
                row_ui(cells, log, (key.stream, &colors), step);
                if let Some(base) = base {
                    cells.data2(3, recorded(base, step));
                }
            }
        });
        let clicked = output.rows.clicked.map(|click| click.row);
        let mut to = clicked;
        if output.rows.response.has_focus() {
            let page = self.table.rows.page();
            to = to.or_else(|| walked(ui, current.map(u64::from), n_rows, page));
            if pressed(ui, egui::Key::Escape) {
                view.send(Action::SelectField(None));
            }
        }
        if let Some(step) = to.and_then(at) {
            view.send(Action::MovePlayhead(step.position));
        }
    }
}

/// The step in force after the event at `rank`.
fn current(steps: &[FieldStep], rank: u32) -> Option<u32> {
    let after = steps.partition_point(|step| step.rank <= rank);
    u32::try_from(after.checked_sub(1)?).ok()
}

/// The number that a step became.
pub(super) fn number(step: &FieldStep) -> Option<Decimal> {
    match step.value.as_ref()?.json()? {
        value @ Json::Number(_) => value.as_decimal(),
        _ => None,
    }
}

fn summary_ui(ui: &mut Ui, words: &str) {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(
        vec2(ui.available_width(), size::ROW + 8.0),
        egui::Sense::hover(),
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    let inside = rect.shrink2(vec2(size::SIDE, 0.0));
    text::line(
        ui.painter(),
        inside,
        egui::Align::Min,
        Face::Row,
        words,
        t.text2,
    );
}

/// `4 changes since v0, lowest −50.00 at v7`; up to the playhead.
fn summary(log: &EventLog, key: &FieldKey, steps: &[FieldStep], now: Option<u32>) -> String {
    let until = now.map_or(steps.len(), |rank| {
        steps.partition_point(|step| step.rank <= rank)
    });
    let past = &steps[..until];
    let Some(first) = past.first() else {
        return "not set yet at the playhead".to_owned();
    };
    let at = |step: &FieldStep| version(log.version_at_rank(key.stream, step.rank));
    let n = u64::try_from(past.len()).unwrap_or(0);
    let mut words = format!("{} since {}", counted(n, "change", "changes"), at(first));
    let valued = || past.iter().filter_map(|step| Some((number(step)?, step)));
    let least = valued().min_by_key(|(value, _)| *value);
    let greatest = valued().rev().max_by_key(|(value, _)| *value);
    if let (Some((least, low)), Some((greatest, high))) = (least, greatest)
        && least != greatest
    {
        let shown = |value: Decimal| format::amount(&value.to_string()).into_owned();
        words = format!("{words}, lowest {} at {}", shown(least), at(low));
        words = format!("{words}, highest {} at {}", shown(greatest), at(high));
    }
    words
}

/// A value on one line.
fn value_of(step: &FieldStep) -> String {
    match &step.value {
        None => "removed".to_owned(),
        Some(FieldValue::Whole(value)) if value.is_leaf() => shown(value),
        Some(FieldValue::Whole(value)) => value.to_string(),
        Some(FieldValue::Large(what, n)) => format!("{what} of {}", format::count(*n as u64)),
    }
}

/// What the field was as recorded after the same event.
fn recorded(base: &[FieldStep], step: &FieldStep) -> String {
    let row = current(base, step.rank);
    let found = row.and_then(|row| base.get(row as usize));
    let words = found.map_or_else(|| "not set".to_owned(), value_of);
    format::visible(&text::fitting(&words, 1_000.0)).into_owned()
}

fn say(log: &EventLog, key: &FieldKey, step: &FieldStep) -> String {
    let event = log.type_name(log.event_type(step.position));
    let at = version(log.version_at_rank(key.stream, step.rank));
    format!("{at}, {}, {event}", spoken(&value_of(step)))
}

fn row_ui(
    cells: &Cells<'_, '_>,
    log: &EventLog,
    (stream, colors): (StreamId, &EventColors),
    step: &FieldStep,
) {
    let t = tokens(&*cells.row.ui);
    let at = version(log.version_at_rank(stream, step.rank));
    cells.data2(0, at);
    let words = text::fitting(&value_of(step), 2_000.0).into_owned();
    let words = format::visible(&words).into_owned();
    let color = match step.value.as_ref().and_then(FieldValue::json).map(kind) {
        _ if cells.row.state.future => t.text3,
        Some(ValueKind::Text) => t.code_text,
        Some(ValueKind::Number | ValueKind::Bool | ValueKind::Null) => t.code_number,
        Some(ValueKind::Broken) => t.err,
        Some(ValueKind::Container) => t.text2,
        None => t.text3,
    };
    cells.job(1, text::job(&words, Face::Data, color));
    let note = note_of(t, colors, log, (stream, step.rank));
    cells.swatch(2, note.color, format::visible(&note.text).into_owned());
}
