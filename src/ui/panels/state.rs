//! The inspector's State tab: the state of a stream after its last event at the playhead, as a tree
//! that shows what this event changed.

use egui::{Key, Rect, Ui, pos2, vec2};
use std::time::Duration;

use super::event_detail::loading_ui;
use super::field_menu::{self, menu_id};
use super::json_rows::Folds;
use super::lower_half::LowerHalf;
use super::shared::{moment_of, place, pressed, walked};
use super::spoken::Spoken;
use super::state_compared::{Shown, mark_rows};
use super::state_find::FindBar;
use super::state_rows::{is_number, say};
use super::tile;
use super::{state_head, state_tools};
use crate::event::json::JsonPath;
use crate::event::{Position, StreamId};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::carried::{self, Carried};
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::json_tree::{Form, JsonTree};
use crate::ui::widgets::rows::{RowList, RowState};
use crate::workbench::{Action, Freshness, StateAnswer, ViewKind};

/// A state that is not the one asked for is drawn faint after so long; sooner it would only flicker.
const PATIENCE: Duration = Duration::from_millis(80);
/// For so many frames a field that was found is kept in view.
const REVEALS: u8 = 4;
/// How faint.
const FAINT: f32 = 0.5;

/// What the tab keeps from frame to frame.
#[derive(Default)]
pub(super) struct StateView {
    tree: JsonTree,
    folds: Folds,
    shown: Shown,
    chosen: Option<JsonPath>,
    hovered_note: Option<u64>,
    stale_since: Option<Duration>,
    spoken: Spoken,
    lower: LowerHalf,
    find: FindBar,
    /// A field that is to be scrolled to once its row is there.
    reveal: Option<(JsonPath, u8)>,
}

impl StateView {
    /// Opens the search.
    pub(super) fn find(&mut self) {
        self.find.open();
    }

    /// Shows the tab in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let (Some(log), Some(stream)) = (view.log(), view.workbench.stream_shown()) else {
            return;
        };
        ui.spacing_mut().item_spacing.y = 0.0;
        self.chosen.clone_from(&view.look().selection.field);
        let area = ui.available_rect_before_wrap();
        let upper = self.lower.upper(area, view);
        let mut inside = tile::part(ui, upper, "upper");
        self.upper_ui(&mut inside, view, (log, stream));
        self.lower.ui(ui, view, log, area);
        ui.advance_cursor_after_rect(area);
    }

    /// The state, or why there is none.
    fn upper_ui(&mut self, ui: &mut Ui, view: &View<'_>, (log, stream): (&EventLog, StreamId)) {
        let Some(key) = view.workbench.state_key() else {
            not_begun_ui(ui, view, log, stream);
            return;
        };
        match view.workbench.answers.state.for_key(&key) {
            Freshness::Fresh(answer) => {
                self.stale_since = None;
                self.answer_ui(ui, view, log, answer);
            }
            Freshness::Stale(answer) => {
                let since = *self.stale_since.get_or_insert(view.now);
                let waited = view.now.saturating_sub(since);
                if waited < PATIENCE {
                    ui.ctx()
                        .request_repaint_after(PATIENCE.saturating_sub(waited));
                } else {
                    ui.set_opacity(FAINT);
                }
                self.answer_ui(ui, view, log, answer);
            }
            Freshness::Missing => {
                ui.add_space(8.0);
                loading_ui(ui, &["State", "Fields"]);
            }
        }
    }

    fn answer_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        answer: &Result<StateAnswer, String>,
    ) {
        match answer {
            Err(why) => {
                Empty::new("There is no state here")
                    .why(why)
                    .failed()
                    .show(ui);
            }
            Ok(answer) => self.state_ui(ui, view, log, answer),
        }
    }

    fn state_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, answer: &StateAnswer) {
        self.shown.refresh(ui, view, log, answer, &self.folds);
        self.spoken.ui(ui, &self.shown.sentence, view.now);
        state_head::head_ui(ui, view, log, (answer, &self.shown));
        tile::hairline(ui);
        state_tools::tools_ui(ui, view);
        let key = view.workbench.state_key();
        let found = key.and_then(|key| self.find.ui(ui, (key, &answer.state.value)));
        if let Some(path) = found {
            self.reveal(view, path);
        }
        self.tree_ui(ui, view, answer);
    }

    fn tree_ui(&mut self, ui: &mut Ui, view: &View<'_>, answer: &StateAnswer) {
        if self.shown.flat.rows.is_empty() {
            nothing_ui(ui, view);
            return;
        }
        let area = ui.available_rect_before_wrap();
        let foot = if self.chosen_row().is_some() {
            size::TOOL_ROWS[2]
        } else {
            0.0
        };
        let list_area = Rect::from_min_max(area.min, pos2(area.right(), area.bottom() - foot));
        let mut inside = tile::part(ui, list_area, "state");
        self.list_ui(&mut inside, view, answer);
        ui.advance_cursor_after_rect(list_area);
        if foot > 0.0 {
            let place = Rect::from_min_max(pos2(area.left(), list_area.bottom()), area.max);
            self.foot_ui(ui, view, answer, place);
        }
    }

    /// The rows, and what is done with them.
    fn list_ui(&mut self, ui: &mut Ui, view: &View<'_>, answer: &StateAnswer) {
        let chosen = self.chosen_row();
        if let Some(row) = chosen
            && let Some((path, n_frames)) = self.reveal.take()
        {
            self.tree.table.rows.scroll_to_middle(row);
            // What is chosen may open a part below, which takes its room from the tree.
            let goes_on = n_frames > 0 && self.chosen.as_ref() == Some(&path);
            self.reveal = goes_on.then(|| (path, n_frames.saturating_sub(1)));
            if goes_on {
                ui.ctx().request_repaint();
            }
        }
        if let Some(log) = view.log() {
            // What is on screen as of the last frame, and a page around it.
            let rows = &self.tree.table.rows;
            let (first, page) = (rows.first_row(), rows.page().max(40));
            let near = first.saturating_sub(page)..first.saturating_add(3 * page);
            self.shown.note_rows(ui, view, (log, answer), near);
        }
        let flat = &self.shown.flat;
        let at = |row: u64| flat.rows.get(usize::try_from(row).ok()?);
        let label = |row: u64, _: RowState| at(row).map_or_else(String::new, say);
        let list = RowList::new("State", 0)
            .selected(chosen)
            .drags()
            .label(&label);
        let title = view.look().blame.then_some("Last set by");
        let output = self.tree.show(ui, list, &flat.rows, Form::State(title));
        let path = |row: u64| flat.paths.get(usize::try_from(row).ok()?).cloned();
        if let Some(path) = output.rows.drag_started.and_then(path) {
            carried::take(ui.ctx(), Carried::Field(path));
        }
        let clicked = output.rows.clicked.and_then(|click| path(click.row));
        let opened = output.rows.double_clicked.and_then(path);
        let asked = output.rows.secondary_clicked.and_then(path);
        let set_by = output.note_clicked.and_then(path);
        if view.log().is_some() && self.shown.lacks_notes(&output.rows.visible) {
            ui.ctx().request_repaint();
        }
        if let Some(path) = set_by {
            let before = ui.input(|input| input.modifiers.alt);
            view.send(if before {
                Action::GoToSetterBefore(path)
            } else {
                Action::GoToSetter(path)
            });
        } else if let Some(row) = output.toggled {
            self.toggle(row);
        } else if let Some(path) = clicked.or_else(|| asked.clone()) {
            self.choose(view, Some(path));
        }
        if asked.is_some() {
            egui::Popup::open_id(ui.ctx(), menu_id());
        }
        if opened.is_some() {
            view.send(Action::ShowFieldHistory);
        }
        if output.note_hovered != self.hovered_note {
            self.hovered_note = output.note_hovered;
            mark_rows(&mut self.shown.flat, self.hovered_note);
            ui.ctx().request_repaint();
        }
        if output.rows.response.has_focus() {
            self.keys(ui, view, answer, chosen);
        }
    }

    /// Chooses a field, unfolds what it lies in, and brings its row into view.
    fn reveal(&mut self, view: &View<'_>, path: JsonPath) {
        for n_steps in 1..path.0.len() {
            let around = JsonPath(path.0.iter().take(n_steps).cloned().collect());
            self.folds.set(around, false);
        }
        self.reveal = Some((path.clone(), REVEALS));
        self.choose(view, Some(path));
    }

    fn choose(&mut self, view: &View<'_>, path: Option<JsonPath>) {
        if self.chosen != path {
            view.send(Action::SelectField(path.clone()));
            self.chosen = path;
        }
    }

    fn chosen_row(&self) -> Option<u64> {
        let chosen = self.chosen.as_ref()?;
        let row = self
            .shown
            .flat
            .paths
            .iter()
            .position(|path| path == chosen)?;
        u64::try_from(row).ok()
    }

    fn toggle(&mut self, row: u64) {
        let Ok(row) = usize::try_from(row) else {
            return;
        };
        let item = self.shown.flat.rows.get(row).and_then(|row| row.folded);
        if let (Some(folded), Some(path)) = (item, self.shown.flat.paths.get(row)) {
            self.folds.set(path.clone(), !folded);
        }
    }

    fn keys(&mut self, ui: &Ui, view: &View<'_>, answer: &StateAnswer, at: Option<u64>) {
        let n_rows = u64::try_from(self.shown.flat.rows.len()).unwrap_or(0);
        if let Some(to) = walked(ui, at, n_rows, self.tree.table.rows.page()) {
            let path = usize::try_from(to)
                .ok()
                .and_then(|row| self.shown.flat.paths.get(row))
                .cloned();
            self.choose(view, path);
            self.tree.table.rows.scroll_to(to);
        }
        let Some(row) = at else { return };
        let folded = usize::try_from(row)
            .ok()
            .and_then(|row| self.shown.flat.rows.get(row))
            .and_then(|row| row.folded);
        if pressed(ui, Key::H) {
            match folded {
                Some(false) => self.toggle(row),
                _ => self.go_to_parent(view),
            }
        }
        if pressed(ui, Key::L) && folded == Some(true) {
            self.toggle(row);
        }
        if pressed(ui, Key::Enter) {
            match (folded, self.chosen.clone()) {
                (Some(_), _) => self.toggle(row),
                (None, Some(path)) if path.get(&answer.state.value).is_some() => {
                    view.send(Action::GoToSetter(path));
                }
                (None, _) => {}
            }
        }
        if pressed(ui, Key::Escape) {
            self.choose(view, None);
        }
    }

    fn go_to_parent(&mut self, view: &View<'_>) {
        let parent = self
            .chosen
            .as_ref()
            .and_then(|path| path.0.split_last())
            .map(|(_, parent)| parent);
        if let Some(parent) = parent.filter(|parent| !parent.is_empty()) {
            let parent = JsonPath(parent.to_vec());
            self.choose(view, Some(parent));
            if let Some(row) = self.chosen_row() {
                self.tree.table.rows.scroll_to(row);
            }
        }
    }

    /// What can be done with the chosen field.
    fn foot_ui(&self, ui: &mut Ui, view: &View<'_>, answer: &StateAnswer, place: Rect) {
        let Some(path) = &self.chosen else { return };
        let t = tokens(ui);
        ui.painter().rect_filled(place, 0.0, t.raised);
        ui.painter().rect_filled(
            Rect::from_min_size(place.min, vec2(place.width(), 1.0)),
            0.0,
            t.line,
        );
        let value = path.get(&answer.state.value);
        let inside = place.shrink2(vec2(size::SIDE, 0.0));
        let layout = egui::Layout::right_to_left(egui::Align::Center);
        let mut tools = ui.new_child(egui::UiBuilder::new().max_rect(inside).layout(layout));
        if value.is_some_and(is_number)
            && tools
                .add(
                    button::normal("Plot over time")
                        .small()
                        .icon(icons::STEP_PLOT),
                )
                .clicked()
        {
            plot(view, answer, path);
        }
        field_menu::menu_ui(&mut tools, view, path, value);
        let left = Rect::from_min_max(
            inside.min,
            pos2(tools.min_rect().left() - 8.0, inside.bottom()),
        );
        let name = format::visible(&path.to_string()).into_owned();
        text::line(
            ui.painter(),
            left,
            egui::Align::Min,
            Face::Data,
            name,
            t.text2,
        );
    }
}

/// Plots a field, if it is a number.
fn plot(view: &View<'_>, answer: &StateAnswer, path: &JsonPath) {
    if path.get(&answer.state.value).is_some_and(is_number) {
        view.send(Action::PlotPath(path.clone()));
        view.send(Action::ShowView(ViewKind::Projections));
    }
}

/// There is no row to be shown.
fn nothing_ui(ui: &mut Ui, view: &View<'_>) {
    if view.look().changed_only {
        let all = button::normal("Show all fields").small();
        let empty = Empty::new("Nothing differs").why("Only fields that differ are shown.");
        if empty.button(all).show(ui) == Some(0) {
            view.send(Action::ToggleChangedOnly);
        }
        return;
    }
    Empty::new("The state is empty")
        .why("No event so far has set a field.")
        .show(ui);
}

/// The stream has no event at the playhead yet.
fn not_begun_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, stream: StreamId) {
    let name = format::visible(log.stream_name(stream));
    let what = format!("{name} has no event yet");
    let Some(first) = log.events_of(stream).first().map(|at| Position(*at)) else {
        return;
    };
    let why = format!(
        "Its first is {} at {}.",
        place(first),
        moment_of(log, first, view.look().zone)
    );
    let go = button::normal("Go to its first event").small();
    if Empty::new(&what).why(&why).button(go).show(ui) == Some(0) {
        view.send(Action::MovePlayhead(first));
    }
}
