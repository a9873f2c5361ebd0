//! One partition step by step: its events, and what each made of the state, before and after.

use std::sync::Arc;

use egui::{Align, Rect, Ui, pos2, vec2};

use super::super::event_changes::change_ui;
use super::super::shared::walked;
use super::super::tile;
use crate::event::Position;
use crate::event::json::Json;
use crate::fold::{Change, diff_by_element, diff_from_nothing};
use crate::history::EventLog;
use crate::projection::{PartitionId, Results};
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{RowList, RowState, VirtualRows};
use crate::workbench::{Action, RunAnswer, ScriptId};

/// The most changes of a step that are drawn.
const MOST_CHANGES: usize = 200;

/// The steps of one partition.
#[derive(Default)]
pub(super) struct Steps {
    rows: VirtualRows,
    /// The step shown: of which results and partition, which of its events, what it changed.
    shown: Option<(u64, PartitionId, usize, Vec<Change>)>,
}

impl Steps {
    /// Shows the partition that is chosen, or that of the stream shown.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        (_, answer): (ScriptId, &RunAnswer),
    ) {
        let found = answer.results.as_ref().and_then(|results| {
            let partition = chosen(view, log, results)?;
            Some((results, partition))
        });
        let Some((results, partition)) = found else {
            Empty::new("No partition to step through")
                .why("Run the script, then choose a partition at the right or a stream.")
                .show(ui);
            return;
        };
        let events = results.events_of(partition);
        let playhead = view.look().playhead;
        let by_now = events.partition_point(|at| *at <= playhead.0);
        let at = by_now.saturating_sub(1).min(events.len().saturating_sub(1));
        self.refresh(results, (answer.number, partition), at, events);
        let area = ui.available_rect_before_wrap();
        let half = (area.left() + area.width() * 0.46).round();
        let left = Rect::from_min_max(area.min, pos2(half, area.bottom()));
        let right = Rect::from_min_max(pos2(half + 1.0, area.top()), area.max);
        let mut list = tile::part(ui, left, "steps");
        self.list_ui(&mut list, view, log, (events, at));
        let line = egui::Stroke::new(size::STROKE, tokens(ui).line);
        ui.painter().vline(half + 0.5, area.y_range(), line);
        let mut after = tile::part(ui, right, "changes");
        let name = results.partition_name(partition);
        self.changes_ui(&mut after, view, (name, at, events));
        ui.advance_cursor_after_rect(area);
    }

    /// What the step changed, found once for each step.
    fn refresh(
        &mut self,
        results: &Arc<Results>,
        (number, partition): (u64, PartitionId),
        at: usize,
        events: &[u32],
    ) {
        let is_known = matches!(
            &self.shown,
            Some((known, of, nth, _)) if *known == number && *of == partition && *nth == at
        );
        let Some(here) = events.get(at).filter(|_| !is_known) else {
            return;
        };
        let state = |position: u32| results.state_at(partition, Position(position));
        let after = state(*here).unwrap_or(Json::Null);
        let before = at.checked_sub(1).and_then(|at| state(*events.get(at)?));
        let changes = match before {
            Some(before) => diff_by_element(&before, &after),
            None => diff_from_nothing(&after),
        };
        self.shown = Some((number, partition, at, changes));
    }

    fn list_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        (events, at): (&[u32], usize),
    ) {
        let find = |row: u64| {
            let row = usize::try_from(row).ok()?;
            let position = Position(*events.get(row)?);
            (position.index() < log.len()).then_some(position)
        };
        let label = |row: u64, _: RowState| {
            find(row).map_or_else(String::new, |position| {
                let name = log.type_name(log.event_type(position));
                format!("Step {}, {name}", row + 1)
            })
        };
        let n_rows = u64::try_from(events.len()).unwrap_or(0);
        let selected = u64::try_from(at).ok();
        let list = RowList::new("Steps", n_rows)
            .selected(selected)
            .label(&label);
        let output = self.rows.show(ui, &list, |row| {
            let Some(position) = find(row.nr) else { return };
            let t = tokens(&*row.ui);
            let inside = row.rect.shrink2(vec2(size::SIDE, 0.0));
            let painter = row.ui.painter();
            let place = format::position(u64::from(position.0));
            let taken = text::line(painter, inside, Align::Max, Face::DataSmall, place, t.text3);
            let room = Rect::from_min_max(inside.min, pos2(taken.left() - 8.0, inside.bottom()));
            let name = format::visible(log.type_name(log.event_type(position))).into_owned();
            text::line(painter, room, Align::Min, Face::Row, name, t.text);
        });
        let mut to = output.clicked.map(|click| click.row);
        if output.response.has_focus() {
            let page = self.rows.page();
            to = to.or_else(|| walked(ui, selected, n_rows, page));
        }
        if let Some(position) = to.and_then(find) {
            view.send(Action::MovePlayhead(position));
        }
        let is_out = selected.is_some_and(|at| !output.visible.contains(&at));
        if let Some(at) = selected.filter(|_| is_out && output.clicked.is_none()) {
            self.rows.scroll_to(at);
        }
    }

    fn changes_ui(&self, ui: &mut Ui, view: &View<'_>, (name, at, events): (&str, usize, &[u32])) {
        let t = tokens(ui);
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.horizontal(|ui| {
            ui.set_min_height(size::SECTION);
            ui.add_space(size::SIDE);
            let step = |nth: Option<usize>| nth.and_then(|nth| events.get(nth)).copied();
            let moves = [
                (icons::PREVIOUS, "Previous step", step(at.checked_sub(1))),
                (icons::NEXT, "Next step", step(Some(at + 1))),
            ];
            for (icon, name, to) in moves {
                let button = button::icon_button(icon, name, "").small();
                let button = button.icon_size(size::ICON_TEXT);
                let clicked = ui
                    .add(button.enabled(to.is_some(), "There is none"))
                    .clicked();
                if let Some(to) = to.filter(|_| clicked) {
                    view.send(Action::MovePlayhead(Position(to)));
                }
            }
            let name = if name.is_empty() { "state" } else { name };
            let name = format::visible(name).into_owned();
            let words = format!("{name}, step {} of {}", at + 1, events.len());
            ui.add(egui::Label::new(text::small(words).color(t.text3)).truncate());
        });
        let Some((_, _, _, changes)) = &self.shown else {
            return;
        };
        egui::ScrollArea::vertical()
            .id_salt("changes")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for change in changes.iter().take(MOST_CHANGES) {
                    change_ui(ui, change);
                }
                if changes.is_empty() {
                    super::super::event_facts::line_ui(ui, "Nothing changed", t.text3);
                }
            });
    }
}

/// The partition that is stepped through: the one chosen, that of the stream shown, or the first.
fn chosen(view: &View<'_>, log: &EventLog, results: &Results) -> Option<PartitionId> {
    let named = view.workbench.projecting.plotting.partition.as_deref();
    let by_name = named.and_then(|name| results.find_partition(name));
    let by_stream = || {
        let stream = view.workbench.stream_shown()?;
        results.find_partition(log.stream_name(stream))
    };
    by_name
        .or_else(by_stream)
        .or_else(|| results.partitions().next())
}
