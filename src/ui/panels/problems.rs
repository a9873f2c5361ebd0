//! Everything that was wrong while reading: each kept problem with its place and how the record in
//! question begins, the kinds with their counts, and all of it as text.
//!
//! Of each kind only the first problems are kept, while all are counted; both numbers are shown.

use egui::{Align, Key, Rect, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::audit_checks::icon_of;
use super::findings::status_of;
use super::problem_text::{self, kept_of, severity_word};
use super::shared::{counted, pressed, walked};
use super::tile;
use crate::event::{Problem, Problems, Severity};
use crate::history::History;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::columns::{Cells, Column, Table};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{Row, RowList, RowState, VirtualRows};
use crate::workbench::Action;

/// Width of the list of kinds.
const KINDS: f32 = 248.0;
/// Height of the line above the table, and of the problem that is chosen.
const CAPTION: f32 = 32.0;
const CHOSEN: f32 = 116.0;

/// The problems of the history that is open.
#[derive(Default)]
pub struct ProblemsPanel {
    kinds: VirtualRows,
    table: Table,
    /// Only problems of this kind; all where it is `None`.
    kind: Option<String>,
    /// The problems shown, by their place among those kept.
    shown: Vec<usize>,
    shown_of: Option<(u64, Option<String>)>,
    /// Which of those shown is looked at.
    row: u64,
    has_begun: bool,
}

impl ProblemsPanel {
    /// Shows the panel in all the space there is.
    pub fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let Some(history) = view.history() else {
            return;
        };
        let problems = &history.problems;
        if problems.total() == 0 {
            let why = if history.is_complete {
                "Every record of the file became an event."
            } else {
                "What has been read so far became events."
            };
            Empty::new("No problems while reading")
                .why(why)
                .icon(icons::PASSED)
                .show(ui);
            return;
        }
        self.refresh(view.workbench.generation, problems);
        ui.spacing_mut().item_spacing.y = 0.0;
        let all = ui.available_rect_before_wrap();
        let left = Rect::from_min_max(all.min, pos2(all.left() + KINDS, all.bottom()));
        let right = Rect::from_min_max(pos2(left.right() + size::TILE_GAP, all.top()), all.max);
        let line = Stroke::new(size::TILE_GAP, tokens(ui).line);
        ui.painter().vline(left.right() + 0.5, all.y_range(), line);
        self.kinds_ui(&mut tile::part(ui, left, "kinds"), problems);
        self.list_ui(&mut tile::part(ui, right, "problems"), view, history);
        ui.advance_cursor_after_rect(all);
    }

    fn refresh(&mut self, generation: u64, problems: &Problems) {
        let is_there = |kind: &String| problems.kinds().iter().any(|(name, _)| name == kind);
        self.kind = self.kind.take().filter(is_there);
        let key = (generation, self.kind.clone());
        if self.shown_of.as_ref() == Some(&key) {
            return;
        }
        let fits = |problem: &Problem| self.kind.as_ref().is_none_or(|kind| problem.kind == *kind);
        let items = problems.items().iter().enumerate();
        self.shown = items
            .filter(|(_, problem)| fits(problem))
            .map(|(nr, _)| nr)
            .collect();
        self.shown_of = Some(key);
        self.row = 0;
        self.table.rows.scroll_to_top(0);
    }

    /// The kinds, with all of them first; a click shows only that kind.
    fn kinds_ui(&mut self, ui: &mut Ui, problems: &Problems) {
        let kinds = problems.kinds();
        let find = |row: u64| {
            let nr = usize::try_from(row).ok()?.checked_sub(1)?;
            kinds.get(nr)
        };
        let n_rows = len(kinds) + 1;
        let label = |row: u64, _: RowState| match find(row) {
            None => format!(
                "All kinds, {}",
                counted(problems.total(), "problem", "problems")
            ),
            Some((kind, n_met)) => {
                let n_kept = kept_of(problems, kind);
                let met = counted(*n_met, "problem", "problems");
                format!("{kind}, {met}, {} kept", format::count(n_kept))
            }
        };
        let is_chosen = |(kind, _): &(String, u64)| self.kind.as_ref() == Some(kind);
        let chosen = kinds.iter().position(is_chosen).map_or(0, |nr| nr + 1);
        let chosen = u64::try_from(chosen).unwrap_or(0);
        let list = RowList::new("Kinds", n_rows)
            .selected(Some(chosen))
            .label(&label);
        ui.add_space(4.0);
        let output = self
            .kinds
            .show(ui, &list, |row| paint_kind(row, problems, find(row.nr)));
        let walked_to = output
            .response
            .has_focus()
            .then(|| walked(ui, Some(chosen), n_rows, self.kinds.page()))
            .flatten();
        if let Some(to) = walked_to {
            self.kinds.scroll_to(to);
        }
        if let Some(to) = walked_to.or_else(|| output.clicked.map(|click| click.row)) {
            self.kind = find(to).map(|(kind, _)| kind.clone());
        }
    }

    fn list_ui(&mut self, ui: &mut Ui, view: &View<'_>, history: &History) {
        let problems = &history.problems;
        caption_ui(ui, view, history, self.caption(problems));
        let all = ui.available_rect_before_wrap();
        let middle = (all.bottom() - CHOSEN).max(all.top() + 3.0 * size::ROW);
        let above = Rect::from_min_max(all.min, pos2(all.right(), middle));
        let below = Rect::from_min_max(pos2(all.left(), middle), all.max);
        self.table_ui(&mut tile::part(ui, above, "table"), problems);
        let chosen = usize::try_from(self.row).ok();
        let chosen = chosen.and_then(|row| problems.items().get(*self.shown.get(row)?));
        if let Some(problem) = chosen {
            chosen_ui(&mut tile::part(ui, below, "chosen"), view, problem);
        }
        ui.advance_cursor_after_rect(all);
    }

    /// How many of how many are shown.
    fn caption(&self, problems: &Problems) -> String {
        let n_shown = len(&self.shown);
        let (n_met, of) = match &self.kind {
            None => (problems.total(), ""),
            Some(kind) => (problem_text::met_of(problems, kind), " of this kind"),
        };
        if n_shown == n_met {
            return format!("All {} shown{of}", format::count(n_met));
        }
        let [shown, met] = [n_shown, n_met].map(format::count);
        format!("{shown} of {met} shown{of}")
    }

    fn table_ui(&mut self, ui: &mut Ui, problems: &Problems) {
        let shown = &self.shown;
        let find = |row: u64| {
            let nr = *shown.get(usize::try_from(row).ok()?)?;
            problems.items().get(nr)
        };
        let n_rows = len(shown);
        let label =
            |row: u64, _: RowState| find(row).map_or_else(String::new, problem_text::spoken);
        let list = RowList::new("Problems", n_rows)
            .selected(Some(self.row))
            .label(&label);
        let columns = [
            Column::new("Kind", 152.0),
            Column::new("Place", 152.0),
            Column::new("Problem", 200.0).grows(),
            Column::new("Begins with", 264.0),
        ];
        let output = self.table.show(ui, &list, &columns, None, |cells| {
            if let Some(problem) = find(cells.row.nr) {
                paint(cells, problem);
            }
        });
        if !self.has_begun {
            self.has_begun = true;
            output.rows.response.request_focus();
        }
        let mut wanted = output.rows.clicked.map(|click| click.row);
        if output.rows.response.has_focus() {
            let page = self.table.rows.page();
            wanted = walked(ui, Some(self.row), n_rows, page).or(wanted);
            if pressed(ui, Key::Home) {
                wanted = Some(0);
            }
            if pressed(ui, Key::End) {
                wanted = n_rows.checked_sub(1);
            }
        }
        if let Some(to) = wanted {
            self.row = to;
            self.table.rows.scroll_to(to);
        }
    }
}

fn len<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}

/// The line above the table: how much of it is shown, what was lost, and a way to take it along.
fn caption_ui(ui: &mut Ui, view: &View<'_>, history: &History, shown: String) {
    let t = tokens(ui);
    let size = vec2(ui.available_width(), CAPTION);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let copy = button::normal("Copy all")
        .small()
        .icon(icons::COPY)
        .name("Copy all problems as text");
    let wide = copy.size(ui);
    let right = rect.right() - size::TOOL_SIDE;
    let place = Rect::from_center_size(pos2(right - wide.x / 2.0, rect.center().y), wide);
    if ui.place(place, copy).clicked() {
        view.send(Action::CopyText(problem_text::all(history)));
    }
    let lost = match history.problems.records_lost() {
        0 => "no record was lost".to_owned(),
        n_lost => format!("{} gave no event", counted(n_lost, "record", "records")),
    };
    let said = format!("{shown}, {lost}");
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, said.as_str()));
    let inside = Rect::from_min_max(
        pos2(rect.left() + size::SIDE, rect.top()),
        pos2(place.left() - 8.0, rect.bottom()),
    );
    let taken = text::line(ui.painter(), inside, Align::Min, Face::Row, shown, t.text2);
    let rest = Rect::from_min_max(pos2(taken.right() + 12.0, rect.top()), inside.max);
    text::line(ui.painter(), rest, Align::Min, Face::Row, lost, t.text3);
    tile::hairline(ui);
}

fn paint_kind(row: &Row<'_>, problems: &Problems, kind: Option<&(String, u64)>) {
    let t = tokens(&*row.ui);
    let painter = row.ui.painter();
    let inside = row.rect.shrink2(vec2(size::SIDE, 0.0));
    let (name, n_met, n_kept) = match kind {
        None => ("All kinds", problems.total(), len(problems.items())),
        Some((kind, n_met)) => (kind.as_str(), *n_met, kept_of(problems, kind)),
    };
    let worst = problems
        .items()
        .iter()
        .filter(|problem| kind.is_none_or(|(kind, _)| problem.kind == *kind))
        .map(|problem| problem.severity)
        .max();
    let (icon, color) = icon_of(t, status_of(worst.unwrap_or(Severity::Info)));
    icons::paint_left(painter, inside, icon, size::ICON, color);
    let count = if n_kept == n_met {
        format::count(n_met)
    } else {
        format!("{} of {}", format::count(n_kept), format::count(n_met))
    };
    let taken = text::line(painter, inside, Align::Max, Face::DataSmall, count, t.text3);
    let words = Rect::from_min_max(
        pos2(inside.left() + 24.0, inside.top()),
        pos2(taken.left() - 8.0, inside.bottom()),
    );
    let face = if kind.is_some() {
        Face::Data
    } else {
        Face::Row
    };
    text::line(
        painter,
        words,
        Align::Min,
        face,
        format::visible(name),
        t.text,
    );
}

fn paint(cells: &Cells<'_, '_>, problem: &Problem) {
    let t = tokens(&*cells.row.ui);
    let painter = cells.row.ui.painter();
    let rect = cells.rect(0);
    let (icon, color) = icon_of(t, status_of(problem.severity));
    icons::paint_left(painter, rect, icon, size::ICON, color);
    let words = Rect::from_min_max(pos2(rect.left() + 24.0, rect.top()), rect.max);
    let kind = format::visible(&problem.kind);
    text::line(painter, words, Align::Min, Face::Data, kind, t.text2);
    cells.text(1, Face::Data, format::visible(&problem.place), t.text2);
    cells.text(2, Face::Row, format::visible(&problem.message), t.text);
    match &problem.excerpt {
        Some(excerpt) => cells.text(3, Face::Data, excerpt, t.text3),
        None => cells.text(3, Face::Data, format::NOT_APPLICABLE, t.text3),
    };
}

/// The chosen problem in full.
fn chosen_ui(ui: &mut Ui, view: &View<'_>, problem: &Problem) {
    let t = tokens(ui);
    tile::hairline(ui);
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            ui.add_space(size::SIDE);
            ui.spacing_mut().item_spacing.x = size::ICON_GAP;
            let (icon, color) = icon_of(t, status_of(problem.severity));
            ui.label(icons::icon(icon, size::ICON_SMALL, color));
            let head = format!("{} at {}", severity_word(problem.severity), problem.place);
            ui.label(text::rich(format::visible(&head), Face::BodyMedium).color(t.text));
            let copy = button::icon_button(icons::COPY, "Copy this problem", "").small();
            if ui.add(copy).clicked() {
                view.send(Action::CopyText(problem_text::line(problem)));
            }
        });
        let mut wrapped = |words: &str, face: Face, color| {
            ui.horizontal(|ui| {
                ui.add_space(size::SIDE);
                ui.vertical(|ui| {
                    ui.set_max_width(ui.available_width() - size::SIDE);
                    let words = text::rich(words, face).color(color);
                    ui.add(egui::Label::new(words).wrap().selectable(true));
                });
            });
            ui.add_space(4.0);
        };
        wrapped(&format::visible(&problem.message), Face::Row, t.text2);
        if let Some(excerpt) = &problem.excerpt {
            wrapped(excerpt, Face::Data, t.text3);
        }
        ui.add_space(4.0);
    });
}
