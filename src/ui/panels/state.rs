//! The inspector's State tab: the state of a stream after its last event at the playhead, as a tree
//! that shows what this event changed.

use egui::{Key, Rect, Ui, pos2, vec2};
use std::time::Duration;

use super::event_detail::loading_ui;
use super::json_rows::{Flat, Folds};
use super::shared::{moment_of, place, pressed, walked};
use super::state_head;
use super::state_rows::{is_number, rows, say};
use super::tile;
use crate::event::json::JsonPath;
use crate::event::{Position, StreamId};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::json_tree::{Form, JsonTree};
use crate::ui::widgets::rows::{RowList, RowState};
use crate::workbench::{Action, Freshness, StateAnswer, StateKey, ViewKind};

/// A state that is not the one asked for is drawn faint after so long; sooner it would only flicker.
const PATIENCE: Duration = Duration::from_millis(80);
/// How faint.
const FAINT: f32 = 0.5;

/// What the tab keeps from frame to frame.
#[derive(Default)]
pub(super) struct StateView {
    tree: JsonTree,
    folds: Folds,
    flat: Flat,
    flat_of: Option<(StateKey, Folds)>,
    chosen: Option<JsonPath>,
    stale_since: Option<Duration>,
}

impl StateView {
    /// Shows the tab in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let (Some(log), Some(stream)) = (view.log(), view.workbench.stream_shown()) else {
            return;
        };
        let Some(key) = view.workbench.state_key() else {
            not_begun_ui(ui, view, log, stream);
            return;
        };
        ui.spacing_mut().item_spacing.y = 0.0;
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
            Ok(answer) => {
                state_head::head_ui(ui, view, log, answer);
                tile::hairline(ui);
                self.tree_ui(ui, view, answer);
            }
        }
    }

    fn tree_ui(&mut self, ui: &mut Ui, view: &View<'_>, answer: &StateAnswer) {
        let state = &answer.state;
        let key = StateKey {
            generation: view.workbench.generation,
            stream: state.stream,
            rank: state.rank,
        };
        if self
            .flat_of
            .as_ref()
            .is_none_or(|(known, folds)| *known != key || *folds != self.folds)
        {
            self.flat = rows(&state.value, &answer.changes, &self.folds);
            self.flat_of = Some((key, self.folds.clone()));
        }
        if self.flat.rows.is_empty() {
            Empty::new("The state is empty")
                .why("No event so far has set a field.")
                .show(ui);
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
        let chosen = self.chosen_row();
        let flat = &self.flat;
        let at = |row: u64| {
            let row = usize::try_from(row).ok()?;
            flat.rows.get(row)
        };
        let label = |row: u64, _: RowState| at(row).map_or_else(String::new, say);
        let list = RowList::new("State", 0).selected(chosen).label(&label);
        let output = self
            .tree
            .show(&mut inside, list, &flat.rows, Form::State(None));
        let path = |row: u64| {
            usize::try_from(row)
                .ok()
                .and_then(|row| flat.paths.get(row))
                .cloned()
        };
        let clicked = output.rows.clicked.and_then(|click| path(click.row));
        let opened = output.rows.double_clicked.and_then(path);
        let toggled = output.toggled;
        let has_keyboard = output.rows.response.has_focus();
        if let Some(row) = toggled {
            self.toggle(row);
        } else if let Some(path) = clicked {
            self.chosen = Some(path);
        }
        if let Some(path) = opened {
            plot(view, answer, &path);
        }
        if has_keyboard {
            self.keys(ui, view, answer, chosen);
        }
        ui.advance_cursor_after_rect(list_area);
        if foot > 0.0 {
            let place = Rect::from_min_max(pos2(area.left(), list_area.bottom()), area.max);
            self.foot_ui(ui, view, answer, place);
        }
    }

    fn chosen_row(&self) -> Option<u64> {
        let chosen = self.chosen.as_ref()?;
        let row = self.flat.paths.iter().position(|path| path == chosen)?;
        u64::try_from(row).ok()
    }

    fn toggle(&mut self, row: u64) {
        let Ok(row) = usize::try_from(row) else {
            return;
        };
        let item = self.flat.rows.get(row).and_then(|row| row.folded);
        if let (Some(folded), Some(path)) = (item, self.flat.paths.get(row)) {
            self.folds.set(path.clone(), !folded);
        }
    }

    fn keys(&mut self, ui: &Ui, view: &View<'_>, answer: &StateAnswer, at: Option<u64>) {
        let n_rows = u64::try_from(self.flat.rows.len()).unwrap_or(0);
        if let Some(to) = walked(ui, at, n_rows, self.tree.table.rows.page()) {
            self.chosen = usize::try_from(to)
                .ok()
                .and_then(|row| self.flat.paths.get(row))
                .cloned();
            self.tree.table.rows.scroll_to(to);
        }
        let Some(row) = at else { return };
        let folded = usize::try_from(row)
            .ok()
            .and_then(|row| self.flat.rows.get(row))
            .and_then(|row| row.folded);
        if pressed(ui, Key::H) {
            match folded {
                Some(false) => self.toggle(row),
                _ => self.go_to_parent(),
            }
        }
        if pressed(ui, Key::L) && folded == Some(true) {
            self.toggle(row);
        }
        if pressed(ui, Key::Enter) {
            match folded {
                Some(_) => self.toggle(row),
                None => {
                    if let Some(path) = self.chosen.clone() {
                        plot(view, answer, &path);
                    }
                }
            }
        }
        if pressed(ui, Key::Escape) {
            self.chosen = None;
        }
    }

    fn go_to_parent(&mut self) {
        let parent = self
            .chosen
            .as_ref()
            .and_then(|path| path.0.split_last())
            .map(|(_, parent)| parent);
        if let Some(parent) = parent.filter(|parent| !parent.is_empty()) {
            self.chosen = Some(JsonPath(parent.to_vec()));
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
        if tools
            .add(button::icon_button(icons::COPY, "Copy value", "").small())
            .clicked()
            && let Some(value) = value
        {
            let copied = value
                .as_text()
                .map_or_else(|| value.to_string(), str::to_owned);
            view.send(Action::CopyText(copied));
        }
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
