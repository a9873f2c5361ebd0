//! The Diff tab: what differs between markers A and B, with the events responsible; without markers
//! from the version before.

use egui::Ui;

use super::diff_head;
use super::event_colors::EventColors;
use super::event_detail::loading_ui;
use super::json_rows::{Flat, row, shown};
use super::shared::{place, version};
use super::state_compared::note_of;
use super::state_rows::{say, sign};
use super::tile;
use crate::event::{Position, StreamId};
use crate::fold::{ExplainedChange, State};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{format, size, text, tokens};
use crate::ui::widgets::columns::{Column, Table};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::json_tree::{Form, JsonTree, TreeRow};
use crate::ui::widgets::rows::{RowList, RowState};
use crate::ui::widgets::segments::segments;
use crate::ui::widgets::tag::Sign;
use crate::workbench::{Action, DiffAnswer, DiffKey, EventsKey};

/// How the changes are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form2 {
    /// The old value before the new one.
    #[default]
    Unified,
    /// One beside the other.
    SideBySide,
}

/// What is told apart: two states, or the data of two events.
pub(super) struct Sides<'a> {
    pub(super) changes: &'a [ExplainedChange],
    /// What the older and the newer side are called at the head of their columns.
    pub(super) names: [String; 2],
    /// Whether each side names its own setters, for neither follows from the other.
    pub(super) has_two_setters: bool,
}

/// For what the rows were made.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    States(DiffKey),
    Events(EventsKey),
}

/// The Diff tab.
#[derive(Default)]
pub(super) struct DiffView {
    form: Form2,
    tree: JsonTree,
    table: Table,
    flat: Flat,
    flat_of: Option<(Of, bool, Option<StreamId>)>,
    chosen: Option<u64>,
}

impl DiffView {
    /// Shows the tab in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
        ui.spacing_mut().item_spacing.y = 0.0;
        if let Some(key) = view.workbench.events_key() {
            return self.events_ui(ui, view, log, key);
        }
        let Some(key) = view.workbench.diff_key() else {
            Empty::new("There is nothing to compare")
                .why("The stream has no event at either point.")
                .show(ui);
            return;
        };
        match view.workbench.answers.diff.for_key(&key).fresh() {
            None => waiting_ui(ui),
            Some(Err(why)) => failed_ui(ui, "These points cannot be compared", why),
            Some(Ok(answer)) => {
                let sides = states(&key, answer);
                diff_head::states_ui(ui, view, log, (&key, answer));
                self.sides_ui(ui, view, log, (Of::States(key), &sides));
            }
        }
    }

    /// What two events say otherwise.
    fn events_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, key: EventsKey) {
        match view.workbench.answers.events.for_key(&key).fresh() {
            None => waiting_ui(ui),
            Some(Err(why)) => failed_ui(ui, "These events cannot be compared", why),
            Some(Ok(changes)) => {
                let sides = Sides {
                    changes,
                    names: [key.old, key.new].map(place),
                    has_two_setters: false,
                };
                diff_head::events_ui(ui, view, log, (key, changes));
                self.sides_ui(ui, view, log, (Of::Events(key), &sides));
            }
        }
    }

    fn sides_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        (of, sides): (Of, &Sides<'_>),
    ) {
        let for_what = (of, ui.visuals().dark_mode, view.workbench.travelled());
        if self.flat_of != Some(for_what) {
            self.flat = flat(ui, view, log, sides);
            self.flat_of = Some(for_what);
            self.chosen = None;
        }
        self.tools_ui(ui, view);
        if sides.changes.is_empty() {
            let what = match of {
                Of::States(_) => "Both states are the same",
                Of::Events(_) => "Both events say the same",
            };
            Empty::new(what).show(ui);
            return;
        }
        let area = ui.available_rect_before_wrap();
        let mut inside = tile::part(ui, area, "changes");
        match self.form {
            Form2::Unified => self.unified_ui(&mut inside, view, sides),
            Form2::SideBySide => self.side_by_side_ui(&mut inside, view, (log, sides)),
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
            let states = crate::ui::widgets::button::quiet("Compare states").small();
            if look.compared_events.is_some() && ui.add(states).clicked() {
                view.send(Action::ShowDiff);
            }
        });
        ui.add_space(8.0);
    }

    fn unified_ui(&mut self, ui: &mut Ui, view: &View<'_>, answer: &Sides<'_>) {
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
        (log, answer): (&EventLog, &Sides<'_>),
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
        let [before, after] = &answer.names;
        let mut columns = vec![
            Column::new("Field", 132.0).least(80.0),
            Column::new(before, 110.0).least(60.0),
            Column::new(after, 110.0).grows(),
        ];
        let by = ["Set in A", "Set in B"];
        if answer.has_two_setters {
            columns.extend(by.iter().map(|name| Column::new(name, 104.0).least(60.0)));
        }
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
            if answer.has_two_setters {
                for (column, by) in [(3, &change.old_by), (4, &change.by)] {
                    cells.data2(
                        column,
                        by.last().map_or_else(String::new, |at| set_by(log, *at)),
                    );
                }
            }
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

fn change<'a>(answer: &Sides<'a>, row: u64) -> Option<&'a ExplainedChange> {
    answer.changes.get(usize::try_from(row).ok()?)
}

fn last_by(answer: &Sides<'_>, row: u64) -> Option<Position> {
    let change = change(answer, row)?;
    change.by.last().or_else(|| change.old_by.last()).copied()
}

/// One row for each change.
fn flat(ui: &Ui, view: &View<'_>, log: &EventLog, answer: &Sides<'_>) -> Flat {
    let (t, colors) = (tokens(ui), EventColors::of(view));
    let mut flat = Flat::default();
    for one in answer.changes {
        let change = &one.change;
        let name = change.path.to_string();
        let Some(value) = change.new.as_ref().or(change.old.as_ref()) else {
            continue;
        };
        let sign = sign(change.kind);
        let setter = one.by.last().or_else(|| one.old_by.last());
        let note = setter.and_then(|at| {
            let of = log.stream(*at);
            let mut note = note_of(t, &colors, log, (of, log.rank_at(of, *at)?));
            if one.by.len() > 1 {
                note.text = format!("{} and {} before", note.text, one.by.len() - 1);
            } else if answer.has_two_setters && one.by.is_empty() {
                note.text = format!("{} in A", note.text);
            }
            Some(note)
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

/// Two states: of one stream by their versions, of two by their markers too.
fn states<'a>(key: &DiffKey, answer: &'a DiffAnswer) -> Sides<'a> {
    let name = |state: &State| version(state.version);
    let before = answer.old.as_ref();
    let before = before.map_or_else(|| "Before".to_owned(), name);
    let after = name(&answer.new);
    let is_of_two = key.is_of_two();
    Sides {
        changes: &answer.changes,
        // What stands at the markers is named above.
        names: if is_of_two {
            [format!("A {before}"), format!("B {after}")]
        } else {
            [before, after]
        },
        has_two_setters: is_of_two,
    }
}

/// The event that set a value: its version and type.
fn set_by(log: &EventLog, position: Position) -> String {
    let event_type = format::visible(log.type_name(log.event_type(position))).into_owned();
    format!("{} {event_type}", version(log.version(position)))
}

fn waiting_ui(ui: &mut Ui) {
    ui.add_space(8.0);
    loading_ui(ui, &["Differences"]);
}

fn failed_ui(ui: &mut Ui, what: &str, why: &str) {
    Empty::new(what).why(why).failed().show(ui);
}
