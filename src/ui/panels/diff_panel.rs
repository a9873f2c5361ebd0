//! The Diff tab: what differs between markers A and B, with the events responsible; without markers
//! from the version before.

use egui::{Align, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::event_colors::EventColors;
use super::event_detail::loading_ui;
use super::json_rows::{Flat, row, shown};
use super::shared::{moment_of, place, version};
use super::state_compared::note_of;
use super::state_rows::{counts, say, sign};
use super::tile;
use crate::event::{Position, StreamId};
use crate::fold::{ExplainedChange, State};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, size, text, tokens};
use crate::ui::widgets::columns::{Column, Table};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::json_tree::{Form, JsonTree, TreeRow};
use crate::ui::widgets::rows::{RowList, RowState};
use crate::ui::widgets::segments::segments;
use crate::ui::widgets::tag::{self, Sign, Tone};
use crate::workbench::{Action, DiffAnswer, DiffKey};

/// How the changes are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form2 {
    /// The old value before the new one.
    #[default]
    Unified,
    /// One beside the other.
    SideBySide,
}

/// The Diff tab.
#[derive(Default)]
pub(super) struct DiffView {
    form: Form2,
    tree: JsonTree,
    table: Table,
    flat: Flat,
    flat_of: Option<(DiffKey, bool, Option<StreamId>)>,
    chosen: Option<u64>,
}

impl DiffView {
    /// Shows the tab in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let Some(key) = view.workbench.diff_key() else {
            Empty::new("There is nothing to compare")
                .why("The stream has no event at either point.")
                .show(ui);
            return;
        };
        match view.workbench.answers.diff.for_key(&key).fresh() {
            None => {
                ui.add_space(8.0);
                loading_ui(ui, &["Differences"]);
            }
            Some(Err(why)) => {
                Empty::new("These points cannot be compared")
                    .why(why)
                    .failed()
                    .show(ui);
            }
            Some(Ok(answer)) => self.answer_ui(ui, view, log, (&key, answer)),
        }
    }

    fn answer_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        (key, answer): (&DiffKey, &DiffAnswer),
    ) {
        let for_what = (*key, ui.visuals().dark_mode, view.workbench.travelled());
        if self.flat_of != Some(for_what) {
            self.flat = flat(ui, view, (log, key.stream), answer);
            self.flat_of = Some(for_what);
            self.chosen = None;
        }
        head_ui(ui, view, log, (key, answer));
        self.tools_ui(ui, view);
        if answer.changes.is_empty() {
            Empty::new("Both states are the same").show(ui);
            return;
        }
        let area = ui.available_rect_before_wrap();
        let mut inside = tile::part(ui, area, "changes");
        match self.form {
            Form2::Unified => self.unified_ui(&mut inside, view, answer),
            Form2::SideBySide => self.side_by_side_ui(&mut inside, view, (log, answer)),
        }
        ui.advance_cursor_after_rect(area);
    }

    fn tools_ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        ui.horizontal(|ui| {
            ui.add_space(size::SIDE);
            let forms = [
                (Form2::Unified, "Unified"),
                (Form2::SideBySide, "Side by side"),
            ];
            segments(ui, "Layout", &mut self.form, &forms);
            let look = view.look();
            let has_marks = look.marker_a.is_some() || look.marker_b.is_some();
            let clear = crate::ui::widgets::button::quiet("Clear markers").small();
            if has_marks && ui.add(clear).clicked() {
                view.send(Action::ClearMarkers);
            }
        });
        ui.add_space(8.0);
    }

    fn unified_ui(&mut self, ui: &mut Ui, view: &View<'_>, answer: &DiffAnswer) {
        let rows = &self.flat.rows;
        let at = |row: u64| rows.get(usize::try_from(row).ok()?);
        let label = |row: u64, _: RowState| at(row).map_or_else(String::new, say);
        let list = RowList::new("Differences", 0)
            .selected(self.chosen)
            .label(&label);
        let output = self.tree.show(ui, list, rows, Form::State(Some("By")));
        if let Some(by) = output.note_clicked.and_then(|row| last_by(answer, row)) {
            view.send(Action::MovePlayhead(by));
        } else if let Some(click) = output.rows.clicked {
            self.chosen = Some(click.row);
            view.send(Action::SelectField(self.path(click.row)));
        }
    }

    fn side_by_side_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        (log, answer): (&EventLog, &DiffAnswer),
    ) {
        let rows = &self.flat.rows;
        let at = |row: u64| rows.get(usize::try_from(row).ok()?);
        let t = tokens(ui);
        let label = |row: u64, _: RowState| at(row).map_or_else(String::new, say);
        let tint = |row: u64| Some(at(row)?.sign.tone().colors(t).1);
        let n_rows = u64::try_from(rows.len()).unwrap_or(0);
        let list = RowList::new("Differences", n_rows)
            .selected(self.chosen)
            .tint(&tint)
            .label(&label);
        let before = answer
            .old
            .as_ref()
            .map_or_else(|| "Before".to_owned(), |old| version(old.version));
        let after = version(answer.new.version);
        let columns = [
            Column::new("Field", 132.0).least(80.0),
            Column::new(&before, 110.0).least(60.0),
            Column::new(&after, 110.0).grows(),
        ];
        let output = self.table.show(ui, &list, &columns, None, |cells| {
            let nr = cells.row.nr;
            let Some((row, change)) = at(nr).zip(change(answer, nr)) else {
                return;
            };
            let key = format!("{} {}", row.sign.glyph(), format::visible(&row.key));
            cells.data(0, key);
            let value = |value: &Option<crate::event::json::Json>| {
                let words = value.as_ref().map_or_else(String::new, shown);
                format::visible(&text::fitting(&words, 2_000.0)).into_owned()
            };
            cells.data2(1, value(&change.change.old));
            cells.data(2, value(&change.change.new));
        });
        if let Some(click) = output.rows.clicked {
            self.chosen = Some(click.row);
            view.send(Action::SelectField(self.path(click.row)));
        }
        if let Some(by) = output
            .rows
            .double_clicked
            .and_then(|row| last_by(answer, row))
        {
            view.send(Action::MovePlayhead(by.min(log.last().unwrap_or_default())));
        }
    }

    fn path(&self, row: u64) -> Option<crate::event::json::JsonPath> {
        self.flat.paths.get(usize::try_from(row).ok()?).cloned()
    }
}

fn change(answer: &DiffAnswer, row: u64) -> Option<&ExplainedChange> {
    answer.changes.get(usize::try_from(row).ok()?)
}

fn last_by(answer: &DiffAnswer, row: u64) -> Option<Position> {
    change(answer, row)?.by.last().copied()
}

/// One row for each change.
fn flat(
    ui: &Ui,
    view: &View<'_>,
    (log, stream): (&EventLog, StreamId),
    answer: &DiffAnswer,
) -> Flat {
    let (t, colors) = (tokens(ui), EventColors::of(view));
    let mut flat = Flat::default();
    for one in &answer.changes {
        let change = &one.change;
        let name = change.path.to_string();
        let Some(value) = change.new.as_ref().or(change.old.as_ref()) else {
            continue;
        };
        let sign = sign(change.kind);
        let note = one
            .by
            .last()
            .and_then(|at| log.rank_at(stream, *at))
            .map(|rank| {
                let mut note = note_of(t, &colors, log, (stream, rank));
                if one.by.len() > 1 {
                    note.text = format!("{} and {} before", note.text, one.by.len() - 1);
                }
                note
            });
        let item = TreeRow {
            sign,
            old: change
                .old
                .as_ref()
                .filter(|_| sign == Sign::Changed)
                .map(shown),
            note,
            ..row(0, name, value, None)
        };
        if !flat.push(item, change.path.clone()) {
            break;
        }
    }
    flat
}

/// Between which points, and how much differs.
fn head_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, (key, answer): (&DiffKey, &DiffAnswer)) {
    let t = tokens(ui);
    let changes: Vec<_> = answer
        .changes
        .iter()
        .map(|one| one.change.clone())
        .collect();
    let [changed, added, removed] = counts(&changes);
    let from = answer
        .old
        .as_ref()
        .map_or_else(|| "nothing".to_owned(), |old| version(old.version));
    let title = format!("{from} \u{2192} {}", version(answer.new.version));
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 42.0), Sense::hover());
    let said = format!("Differences {title}, {changed} changed, {added} added, {removed} removed");
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, said.as_str()));
    let line = Rect::from_min_max(
        pos2(rect.left() + size::SIDE, rect.top() + 12.0),
        pos2(rect.right() - size::SIDE, rect.top() + 36.0),
    );
    let painter = ui.painter();
    let mut x = text::line(painter, line, Align::Min, Face::Heading, title, t.text).right() + 10.0;
    for (n, word, tone) in [
        (changed, "changed", Tone::Warn),
        (added, "added", Tone::Ok),
        (removed, "removed", Tone::Err),
    ] {
        let label = format!("{} {word}", format::count(n));
        if n > 0 && x + tag::width(painter, &label) < line.right() {
            x = tag::paint(painter, pos2(x, line.center().y), tone, &label).right() + 6.0;
        }
    }
    let name = format::visible(log.stream_name(key.stream)).into_owned();
    ui.horizontal(|ui| {
        ui.add_space(size::SIDE);
        ui.label(text::data(name).color(t.text2));
    });
    let look = view.look();
    let from = look.marker_a.map_or("From", |_| "A");
    let to = look.marker_b.map_or("To", |_| "B");
    if let Some(old) = &answer.old {
        point_ui(ui, view, log, (from, old));
    }
    point_ui(ui, view, log, (to, &answer.new));
    ui.add_space(6.0);
}

/// One of both points: its event, and when that was.
fn point_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, (name, state): (&str, &State)) {
    let t = tokens(ui);
    let at = state.position.min(log.last().unwrap_or_default());
    let event = format::visible(log.type_name(log.event_type(at))).into_owned();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = size::ICON_GAP;
        ui.add_space(size::SIDE);
        tag::tag(ui, Tone::Neutral, name);
        let label = format!("{} {event}", version(state.version));
        let link = crate::ui::widgets::button::link(&label);
        if ui.add(link).clicked() {
            view.send(Action::MovePlayhead(at));
        }
        let when = moment_of(log, at, view.look().zone);
        let words = format!("{when}, {}", place(at));
        ui.add(egui::Label::new(text::small(words).color(t.text3)).truncate());
    });
}
