//! The table of all events, in the order of the history, with the playhead's row selected.
//!
//! Everything but the data comes from the log in memory, so the table is there at once however long
//! the history is; data are read off the frame for the rows on screen and a page around them.

use egui::{Color32, Key, Modifiers, Ui};

use super::event_colors::EventColors;
use super::events_filter::FilterField;
use super::events_menu::{self, Place};
use super::events_preview::{self, Colors};
use super::events_rows::Rows;
use super::shared::{day, export_ui, moment_of, pressed, shown_digits, version, walked, whole};
use super::timeline::choosing;
use crate::event::{Position, StreamId, Zone};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::carried::{self, Carried};
use crate::ui::theme::{Face, Tokens, format, icons, size, text, tokens};
use crate::ui::widgets::columns::{Cells, Column, Table};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{RowList, RowState};
use crate::ui::widgets::skeleton;
use crate::ui::widgets::{button, menu};
use crate::workbench::{Action, Among, Export, InspectorTab, Mark, PreviewKey};

/// Previews are asked for in steps of so many rows, so that scrolling does not ask for each.
const STEP: u64 = 64;
/// The most characters of a payload that a row lays out.
const MOST_CHARS: usize = 240;

/// Where the file stands among the columns, if it does; the data follow.
const FILE: usize = 6;

/// The events table.
#[derive(Default)]
pub struct EventsPanel {
    table: Table,
    /// The playhead and the history of the last frame: when either changes, its row comes into view.
    seen: Option<(u64, Position)>,
    filter: FilterField,
}

/// What is the same for all rows of a frame.
struct Scene<'a, 'b> {
    log: &'a EventLog,
    rows: Rows<'a>,
    view: &'a View<'b>,
    playhead: Position,
    stream: Option<StreamId>,
    zone: Zone,
    digits: u8,
    colors: EventColors,
}

impl EventsPanel {
    /// Gives the filter the keyboard.
    pub fn ask_filter(&mut self) {
        self.filter.ask();
    }

    /// Shows the filter, for the right end of the tab bar.
    pub fn tools_ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        export_ui(ui, view, Export::Events);
        events_menu::chosen_ui(ui, view);
        let has_files = view.log().is_some_and(EventLog::has_several_files);
        let columns = columns("Time", 0, has_files);
        let choose = button::icon_button(icons::COLUMNS, "Columns", "").small();
        menu::menu_button(ui, choose, |ui| self.table.columns_ui(ui, &columns));
        self.filter.ui(ui, view);
    }

    /// Shows the panel in all the space there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let Some(log) = view.log().filter(|log| !log.is_empty()) else {
            nothing_ui(ui, view);
            return;
        };
        let look = view.look();
        let playhead = look.playhead.min(log.last().unwrap_or_default());
        let seen = (view.workbench.generation, playhead);
        let rows = Rows::new(log, view.workbench.rows_shown());
        if self.seen.is_none_or(|(_, before)| before != playhead) {
            self.table.rows.scroll_to_middle(rows.row_near(playhead));
        }
        self.seen = Some(seen);
        self.filter.problem_ui(ui, view);
        if rows.is_empty() {
            FilterField::nothing_ui(ui, view);
            return;
        }
        let scene = Scene {
            log,
            rows,
            view,
            playhead,
            stream: look.selection.stream,
            zone: look.zone,
            digits: shown_digits(log),
            colors: EventColors::of(view),
        };
        self.table_ui(ui, &scene);
    }

    fn table_ui(&mut self, ui: &mut Ui, scene: &Scene<'_, '_>) {
        let n_rows = scene.rows.len();
        let at = scene.rows.row_of(scene.playhead);
        let label = |row: u64, state: RowState| scene.say(row, state);
        let is_future = |row: u64| scene.rows.position(row) > scene.playhead;
        let bench = scene.view.workbench;
        let is_selected = |row: u64| at == Some(row) || bench.is_chosen(scene.rows.position(row));
        let list = RowList::new("Events", n_rows)
            .selected_where(&is_selected)
            .focused(at)
            .drags()
            .future(&is_future)
            .label(&label);
        let time_title = format!("Time, {}", scene.zone_label());
        let columns = columns(&time_title, scene.digits, scene.log.has_several_files());
        let output = self
            .table
            .show(ui, &list, &columns, None, |cells| {
                scene.row(cells);
                scene.menu(cells);
            })
            .rows;
        let page = output
            .visible
            .end
            .saturating_sub(output.visible.start)
            .max(1);
        let generation = scene.view.workbench.generation;
        scene
            .view
            .wants_previews(preview_key(generation, &output.visible, page, &scene.rows));
        let to = |row: u64| scene.rows.position(row);
        if let Some(row) = output.drag_started {
            carried::take(ui.ctx(), Carried::Event(to(row)));
        }
        if let Some(click) = output.clicked {
            self.clicked(scene, to(click.row), click.modifiers);
        }
        if let Some(row) = output.double_clicked {
            scene
                .view
                .send(Action::SelectStream(Some(scene.log.stream(to(row)))));
            scene.view.send(Action::ShowInspector(InspectorTab::State));
        }
        if output.response.has_focus() {
            let here = at.or_else(|| Some(scene.rows.row_near(scene.playhead)));
            if let Some(row) = walked(ui, here, n_rows, self.table.rows.page()) {
                self.table.rows.scroll_to(row);
                self.seen = Some((scene.view.workbench.generation, to(row)));
                scene.view.send(Action::MovePlayhead(to(row)));
            }
            if pressed(ui, Key::Enter) {
                scene.view.send(Action::ShowInspector(InspectorTab::Event));
            }
        }
    }
}

impl EventsPanel {
    /// A click puts the playhead on an event; with Ctrl the event is added to those chosen, with Shift all
    /// from the one chosen last.
    fn clicked(&mut self, scene: &Scene<'_, '_>, event: Position, modifiers: Modifiers) {
        let view = scene.view;
        if let Some(action) = choosing(event, Among::Shown, modifiers) {
            view.send(action);
            return;
        }
        if view.look().selection.chosen.is_some() {
            view.send(Action::ClearChosen);
        }
        self.seen = Some((view.workbench.generation, event));
        view.send(Action::MovePlayhead(event));
    }
}

/// The columns; the file only where there are several.
fn columns(time_title: &str, digits: u8, has_files: bool) -> Vec<Column<'_>> {
    let n_chars = 19.0 + f32::from(digits) + if digits > 0 { 1.0 } else { 0.0 };
    let time = (7.2 * n_chars + 2.0 * size::CELL).ceil() + 1.0;
    let mut columns = vec![
        Column::new("Position", 88.0).right().least(66.0),
        Column::new(time_title, time).least(time),
        Column::new("Δt", 84.0).right().least(78.0),
        Column::new("Stream", 136.0).least(92.0),
        Column::new("Version", 62.0).right().least(62.0),
        Column::new("Type", 164.0).least(124.0),
        Column::new("Data", 96.0).grows().least(40.0),
    ];
    if has_files {
        columns.insert(FILE, Column::new("File", 120.0).least(72.0));
    }
    columns
}

/// Which events to read: those on screen and a page on either side, rounded outwards.
fn preview_key(
    generation: u64,
    visible: &std::ops::Range<u64>,
    page: u64,
    rows: &Rows<'_>,
) -> PreviewKey {
    let first = visible.start.saturating_sub(page) / STEP * STEP;
    let end = (visible.end.saturating_add(page).div_ceil(STEP) * STEP).min(rows.len());
    PreviewKey {
        generation,
        positions: (first..end).map(|row| rows.position(row).0).collect(),
    }
}

fn nothing_ui(ui: &mut Ui, view: &View<'_>) {
    match &view.workbench.opening {
        Some(opening) => {
            let what = format!("Reading {}", opening.name);
            Empty::new(&what)
                .why("Events appear as soon as the first of them are read.")
                .show(ui);
        }
        None if view.log().is_some() => {
            Empty::new("No events")
                .why("The file holds no record that is an event.")
                .show(ui);
        }
        None => {
            Empty::new("No history is open").show(ui);
        }
    }
}

impl Scene<'_, '_> {
    /// The zone's name at the playhead, as the head of the column shows it.
    fn zone_label(&self) -> String {
        self.log
            .time(self.playhead)
            .map_or_else(|| "UTC".to_owned(), |time| self.zone.label(time))
    }

    fn row(&self, cells: &Cells<'_, '_>) {
        let position = self.rows.position(cells.row.nr);
        let t = tokens(&*cells.row.ui);
        cells.data(0, format::count(u64::from(position.0)));
        self.time(cells, position, t);
        self.stream(cells, position, t);
        let version = self.log.version(position);
        cells.data2(
            4,
            version.map_or_else(
                || format::NOT_APPLICABLE.to_owned(),
                |version| whole(version.0),
            ),
        );
        let color = self
            .colors
            .event(t, self.log, position, cells.row.state.future);
        let name = format::visible(self.log.type_name(self.log.event_type(position)));
        let room = cells.rect(5).width() - size::SWATCH - size::ICON_GAP;
        let painter = cells.row.ui.painter();
        let name = text::shortened(painter, Face::Row, &name, room).into_owned();
        cells.swatch(5, color, name);
        if let Some(file) = self.log.file_of_event(position) {
            let room = cells.rect(FILE).width();
            let file = format::visible(file);
            let file = text::shortened(painter, Face::Row, &file, room).into_owned();
            cells.text(FILE, Face::Row, file, t.text3);
        }
        self.data(cells, position, t);
        self.note_value(cells, position);
    }

    /// Says what the cell under the pointer holds, in full. Position and data stand for the event, which
    /// is copied whole.
    fn note_value(&self, cells: &Cells<'_, '_>, position: Position) {
        let places = [
            (0, Place::Position),
            (1, Place::Time),
            (3, Place::Stream),
            (4, Place::Version),
            (5, Place::Type),
            (self.data_column(), Place::Data),
        ];
        for (column, place) in places {
            cells.note(column, || match place {
                Place::Position | Place::Data => String::new(),
                place => events_menu::Value::of(self.log, position, (place, self.zone)).text(),
            });
        }
    }

    /// What can be done with an event and with the value under the pointer, on a right click.
    fn menu(&self, cells: &Cells<'_, '_>) {
        let position = self.rows.position(cells.row.nr);
        let (view, look) = (self.view, self.view.look());
        let column = events_menu::column_clicked(cells, self.data_column());
        cells.row.response.context_menu(|ui| {
            let value = events_menu::Value::of(self.log, position, (column, self.zone));
            events_menu::value_ui(ui, view, &value);
            events_menu::note_items_ui(ui, view, position);
            menu::separator(ui);
            if menu::item(ui, None, "Mark to compare", "").clicked() {
                view.send(Action::MarkA(Some(Mark::moment(position))));
            }
            let marked = look.marker_a.map(|mark| mark.to);
            let other = marked.filter(|marked| *marked != position);
            let compare = |ui: &mut Ui| menu::item(ui, None, "Compare with marked event", "");
            let is_asked = ui.add_enabled_ui(other.is_some(), compare).inner.clicked();
            if let Some(other) = other.filter(|_| is_asked) {
                view.send(Action::CompareEvent(other, position));
            }
        });
    }

    fn time(&self, cells: &Cells<'_, '_>, position: Position, t: &Tokens) {
        let Some(time) = self.log.time(position) else {
            cells.data2(1, format::NOT_APPLICABLE);
            return;
        };
        let row_before = cells.row.nr.checked_sub(1);
        let before = row_before.and_then(|row| self.log.time(self.rows.position(row)));
        let shown = self.zone.wall(time).date_time(' ', self.digits);
        let date = day(time, self.zone);
        let is_same_day = before.is_some_and(|before| day(before, self.zone) == date);
        let date_color = if is_same_day { t.text3 } else { cells.color2() };
        let (head, tail) = shown.split_at(date.len().min(shown.len()));
        let mut job = text::job(head, Face::Data, date_color);
        job.append(tail, 0.0, text::format(Face::Data, cells.color()));
        cells.job(1, job);
        if let Some(before) = before {
            let since = time.0.saturating_sub(before.0);
            let color = if since < 0 { t.warn } else { t.text3 };
            cells.text(2, Face::Data, format::duration(since), color);
        }
    }

    /// The stream; the selected one stands out.
    fn stream(&self, cells: &Cells<'_, '_>, position: Position, t: &Tokens) {
        let stream = self.log.stream(position);
        let name = format::visible(self.log.stream_name(stream));
        let room = cells.rect(3).width();
        let name = text::shortened(cells.row.ui.painter(), Face::Data, &name, room).into_owned();
        if self.stream == Some(stream) {
            cells.text(3, Face::DataMedium, name, t.accent);
        } else {
            cells.data(3, name);
        }
    }

    fn data_column(&self) -> usize {
        FILE + usize::from(self.log.has_several_files())
    }

    fn data(&self, cells: &Cells<'_, '_>, position: Position, t: &Tokens) {
        let previews = self.view.workbench.answers.previews.latest();
        let line = previews.and_then(|previews| previews.line(position));
        match line {
            Some(Ok(line)) => {
                let value = if cells.row.state.future {
                    t.text3
                } else {
                    t.text2
                };
                cells.job(
                    self.data_column(),
                    events_preview::line(
                        line,
                        Colors {
                            key: t.text3,
                            value,
                        },
                        MOST_CHARS,
                    ),
                );
            }
            Some(Err(why)) => broken(cells, self.data_column(), why, t.err),
            None => {
                // Lengths differ from row to row, and stay the same from frame to frame.
                let share =
                    0.35 + 0.5 * (position.0.wrapping_mul(2_654_435_761) >> 24) as f32 / 255.0;
                let place = cells.rect(self.data_column());
                if !cells.is_shown(self.data_column()) {
                    return;
                }
                skeleton::paint(cells.row.ui.painter(), place, share);
            }
        }
    }

    /// What is read out for a row.
    fn say(&self, row: u64, state: RowState) -> String {
        let position = self.rows.position(row);
        let log = self.log;
        let mut said = format!(
            "Row {}, {}, {} {}, {}",
            format::count(u64::from(position.0)),
            log.type_name(log.event_type(position)),
            log.stream_name(log.stream(position)),
            version(log.version(position)),
            moment_of(log, position, self.zone),
        );
        if let Some(file) = log.file_of_event(position) {
            said.push_str(", in ");
            said.push_str(file);
        }
        if state.selected {
            said.push_str(", selected");
        }
        if state.future {
            said.push_str(", in the future");
        }
        said
    }
}

/// A reason in place of a value.
fn broken(cells: &Cells<'_, '_>, column: usize, why: &str, color: Color32) {
    if !cells.is_shown(column) {
        return;
    }
    let rect = cells.rect(column);
    let painter = cells.row.ui.painter();
    icons::paint_left(painter, rect, icons::FAILED, size::ICON_TEXT, color);
    let mut words = rect;
    words.min.x += size::ICON_TEXT + size::ICON_GAP;
    text::line(
        painter,
        words,
        egui::Align::Min,
        Face::Row,
        format::visible(why),
        color,
    );
}
