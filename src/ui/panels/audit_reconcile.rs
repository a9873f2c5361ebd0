//! States at the playhead held against a table: of the store itself, or a file of rows.

use egui::{Align, Key, Label, Rect, Ui, pos2, vec2};

use super::audit_copy::ask;
use super::shared::{category_name, place, pressed, walked};
use super::tile;
use crate::audit::{MatchKind, ReconcileItem, Reconciliation};
use crate::event::{CategoryId, Position};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{RowList, RowState, VirtualRows};
use crate::ui::widgets::{button, menu};
use crate::workbench::{
    Action, AuditEdit, Freshness, InspectorTab, ReconcileAsk, TableOffered, ViewKind,
};

/// Names of columns that are keys, the likeliest first.
const KEYS: [&str; 6] = ["id", "stream", "streamid", "key", "aggregateid", "name"];

/// The list, and what is chosen.
#[derive(Default)]
pub(super) struct ReconcilePanel {
    rows: VirtualRows,
    chosen: Option<u64>,
    category: usize,
    table: usize,
    key: usize,
    /// For which tables and history these were chosen.
    chosen_of: Option<(u64, usize, usize)>,
}

impl ReconcilePanel {
    /// Shows the tab in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
        let auditing = &view.workbench.auditing;
        let generation = view.workbench.generation;
        let own = auditing.tables.for_key(&generation).fresh();
        let mut offered: Vec<&TableOffered> = Vec::new();
        let file = auditing.table_key(generation);
        let file = file.and_then(|key| auditing.table.for_key(&key).fresh());
        offered.extend(file.and_then(|file| file.as_ref().ok()));
        offered.extend(own.into_iter().flatten());
        self.choose(generation, log, &offered);
        self.tools_ui(ui, view, log, &offered);
        tile::hairline(ui);
        if let Some(Err(why)) = file {
            let what = "The file cannot be held against states";
            Empty::new(what).why(why).failed().show(ui);
            return;
        }
        let Some(key) = &auditing.reconcile else {
            Empty::new("Nothing is reconciled yet")
                .why("The states at the playhead are held against a table, row by row: equal, different, only here, only there.")
                .show(ui);
            return;
        };
        match auditing.reconciled.for_key(key) {
            Freshness::Fresh(Ok(found)) => self.found_ui(ui, view, found),
            Freshness::Fresh(Err(why)) => {
                Empty::new("They could not be held against each other")
                    .why(why)
                    .failed()
                    .show(ui);
            }
            Freshness::Stale(_) | Freshness::Missing => {
                super::causes_state::quiet(ui, "Gathering states\u{2026}");
            }
        }
    }

    /// Chooses what is likely meant, for other tables anew.
    fn choose(&mut self, generation: u64, log: &EventLog, offered: &[&TableOffered]) {
        let of = (generation, offered.len(), 0);
        if self.chosen_of == Some(of) {
            return;
        }
        self.chosen_of = Some(of);
        let counts = log.category_counts().iter().enumerate();
        let most = counts.max_by_key(|(_, count)| **count);
        self.category = most.map_or(0, |(nr, _)| nr);
        self.table = 0;
        self.key = offered.first().map_or(0, |table| likely_key(table));
    }

    fn tools_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        offered: &[&TableOffered],
    ) {
        let t = tokens(ui);
        ui.horizontal(|ui| {
            ui.set_height(36.0);
            ui.spacing_mut().item_spacing.x = 8.0;
            ui.add_space(size::SIDE);
            ui.label(text::row("States of").color(t.text3));
            let n_categories = u32::try_from(log.category_names().len()).unwrap_or(0);
            let names: Vec<&str> = (0..n_categories)
                .map(|nr| category_name(log, CategoryId(nr)))
                .collect();
            choice_ui(ui, "Category", &names, &mut self.category);
            ui.label(text::row("against").color(t.text3));
            let names: Vec<&str> = offered.iter().map(|table| table.name.as_str()).collect();
            if choice_ui(ui, "Table", &names, &mut self.table) {
                self.key = offered.get(self.table).map_or(0, |table| likely_key(table));
            }
            let file = button::quiet("File\u{2026}").small().icon(icons::OPEN);
            if ui.add(file.name("Choose a file of rows")).clicked() {
                ask(view, AuditEdit::AskTable);
            }
            let table = offered.get(self.table);
            ui.label(text::row("by").color(t.text3));
            let columns: Vec<&str> = table.map_or_else(Vec::new, |table| {
                table.columns.iter().map(String::as_str).collect()
            });
            choice_ui(ui, "Key", &columns, &mut self.key);
            let key = columns.get(self.key);
            let go = button::normal("Reconcile").small();
            let go = go.enabled(key.is_some(), "Choose a table first.");
            if ui.add(go).clicked()
                && let (Some(table), Some(key)) = (table, key)
            {
                let category = CategoryId(u32::try_from(self.category).unwrap_or(0));
                ask(
                    view,
                    AuditEdit::Reconcile(ReconcileAsk {
                        category,
                        place: table.place.clone(),
                        key: (*key).to_owned(),
                    }),
                );
                self.chosen = None;
            }
            let at = format!("as of {}", place(view.look().playhead));
            ui.add(Label::new(text::small(at).color(t.text3)).truncate());
        });
    }

    fn found_ui(&mut self, ui: &mut Ui, view: &View<'_>, found: &Reconciliation) {
        let t = tokens(ui);
        ui.horizontal(|ui| {
            ui.set_height(28.0);
            ui.spacing_mut().item_spacing.x = 14.0;
            ui.add_space(size::SIDE);
            for (n, words) in [
                (found.equal, "equal"),
                (found.different, "different"),
                (found.only_history, "only in the history"),
                (found.only_table, "only in the table"),
                (found.several, "again"),
            ] {
                let color = match (words, n) {
                    ("equal", _) => t.ok,
                    (_, 0) => t.text3,
                    _ => t.err,
                };
                let said = format!("{} {words}", format::count(n));
                ui.label(text::rich(said, Face::Button).color(color));
            }
            let by = format!(
                "as of #{}, by {}",
                format::count(u64::from(found.position)),
                found.rules
            );
            ui.add(Label::new(text::small(by).color(t.text3)).truncate());
        });
        tile::hairline(ui);
        if found.items.is_empty() {
            Empty::new("Both say the same")
                .why("Every stream has its row, and every column says what the state says.")
                .icon(icons::PASSED)
                .show(ui);
            return;
        }
        self.rows_ui(ui, view, found);
    }

    fn rows_ui(&mut self, ui: &mut Ui, view: &View<'_>, found: &Reconciliation) {
        let find = |row: u64| found.items.get(usize::try_from(row).ok()?);
        let label =
            |row: u64, _: RowState| find(row).map_or_else(String::new, ReconcileItem::sentence);
        let n_rows = found.items.len() as u64;
        let list = RowList::new("Reconciliation", n_rows)
            .selected(self.chosen)
            .label(&label);
        let output = self.rows.show(ui, &list, |row| {
            let Some(item) = find(row.nr) else { return };
            let t = tokens(&*row.ui);
            let painter = row.ui.painter();
            let inside = row.rect.shrink2(vec2(size::SIDE, 0.0));
            let (icon, color) = match item.kind {
                MatchKind::Different => (icons::FAILED, t.err),
                _ => (icons::WARNING, t.warn),
            };
            icons::paint_left(painter, inside, icon, size::ICON, color);
            let at = item.position.map_or_else(
                || format::NOT_APPLICABLE.to_owned(),
                |at| place(Position(at)),
            );
            let taken = text::line(painter, inside, Align::Max, Face::Data, at, t.accent);
            let words = Rect::from_min_max(
                pos2(inside.left() + 24.0, inside.top()),
                pos2(taken.left() - 8.0, inside.bottom()),
            );
            let said = format::visible(&item.sentence()).into_owned();
            text::line(painter, words, Align::Min, Face::Row, said, t.text);
        });
        let mut wanted = output.clicked.map(|click| click.row);
        let mut opened = output.double_clicked;
        if output.response.has_focus() {
            if let Some(to) = walked(ui, self.chosen, n_rows, self.rows.page()) {
                wanted = Some(to);
                self.rows.scroll_to(to);
            }
            if pressed(ui, Key::Enter) {
                opened = self.chosen;
            }
        }
        let there = |row: u64| Some(Position(find(row)?.position?));
        if let Some(row) = wanted {
            self.chosen = Some(row);
        }
        if let Some(at) = opened.and_then(there) {
            view.send(Action::SelectEvent(at));
            view.send(Action::ShowView(ViewKind::Explore));
            view.send(Action::ShowInspector(InspectorTab::State));
        }
    }
}

/// The column that is most likely the key.
fn likely_key(table: &TableOffered) -> usize {
    let plain = |name: &String| -> String {
        let kept = name.chars().filter(|c| c.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect()
    };
    let columns: Vec<String> = table.columns.iter().map(plain).collect();
    let known = KEYS
        .iter()
        .find_map(|key| columns.iter().position(|column| column == key));
    let ending = || columns.iter().position(|column| column.ends_with("id"));
    known.or_else(ending).unwrap_or(0)
}

/// One of several names, in a menu; whether another one was chosen.
fn choice_ui(ui: &mut Ui, name: &str, names: &[&str], chosen: &mut usize) -> bool {
    let names = names.iter().take(200).map(|name| format::visible(name));
    let names: Vec<_> = names.collect();
    let choices: Vec<(usize, &str)> = names
        .iter()
        .enumerate()
        .map(|(nr, name)| (nr, &**name))
        .collect();
    menu::dropdown(ui, name, chosen, &choices)
}
