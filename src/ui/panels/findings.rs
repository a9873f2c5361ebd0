//! The table of findings: what is so, where it is first so, and when. A row leads to its event.

use egui::{Align, Key, Rect, Ui, pos2};

use super::audit_checks::icon_of;
use super::findings_sieve::Sieve;
use super::shared::{counted, day, place, pressed, walked};
use crate::audit::{Audit, Finding, Status};
use crate::event::{Position, Severity};
use crate::history::EventLog;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::columns::{Cells, Column, Table};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{RowList, RowState};
use crate::ui::widgets::{button, menu};
use crate::workbench::{Action, InspectorTab, ViewKind};

/// From this width on the table has a column of dates.
const ROOM_FOR_DATE: f32 = 640.0;

/// The table, and what of the findings stands in it.
#[derive(Default)]
pub(super) struct FindingsTable {
    table: Table,
    sieve: Sieve,
    seen: Option<usize>,
}

impl FindingsTable {
    /// Shows the table in all the space there is; `check` limits it to what one check found.
    /// Returns whether all checks shall be shown again.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        (audit, check): (&Audit, Option<&'static str>),
    ) -> bool {
        self.sieve.head_ui(ui, view, audit);
        self.sieve.refresh(view, log, audit, check);
        if audit.findings.is_empty() {
            Empty::new("Nothing found")
                .why("Every check that ran has passed.")
                .icon(icons::PASSED)
                .show(ui);
            return false;
        }
        if self.sieve.shown.is_empty() {
            let all = button::normal("Show all").small();
            let wants_all = Empty::new("No finding fits")
                .why("Other words, checks or severities have some.")
                .button(all)
                .show(ui)
                == Some(0);
            if wants_all {
                self.sieve.clear();
            }
            return wants_all;
        }
        self.table_ui(ui, view, log, audit);
        false
    }

    fn table_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, audit: &Audit) {
        let selected = view.look().selection.finding;
        let row_of = |nr: usize| {
            let row = self.sieve.shown.iter().position(|shown| *shown == nr)?;
            u64::try_from(row).ok()
        };
        let chosen = selected.and_then(row_of);
        if self.seen != selected {
            self.seen = selected;
            if let Some(row) = chosen {
                self.table.rows.scroll_to_middle(row);
            }
        }
        let shown = &self.sieve.shown;
        let find = |row: u64| {
            let nr = *shown.get(usize::try_from(row).ok()?)?;
            Some((nr, audit.findings.get(nr)?))
        };
        let label = |row: u64, _: RowState| {
            find(row).map_or_else(String::new, |(_, found)| say(found, view))
        };
        let n_rows = u64::try_from(shown.len()).unwrap_or(0);
        let list = RowList::new("Findings", n_rows)
            .row_height(size::LIST_ROW)
            .selected(chosen)
            .label(&label);
        let zone = view.look().zone;
        let date = format!(
            "Date, {}",
            log.time_range()
                .map_or_else(|| "UTC".to_owned(), |(first, _)| zone.label(first))
        );
        // Where there is little room the date gives way to the words; it stands beside, with the finding.
        let has_date = ui.available_width() >= ROOM_FOR_DATE;
        let columns = [
            Column::new("Finding", 200.0).grows(),
            Column::new("Category", 96.0),
            Column::new("Events", 72.0).right(),
            Column::new("First at", 92.0).right(),
            Column::new(&date, 104.0).right(),
        ];
        let n_columns = columns.len() - usize::from(!has_date);
        let columns = &columns[..n_columns];
        let output = self.table.show(ui, &list, columns, None, |cells| {
            if let Some((nr, found)) = find(cells.row.nr) {
                paint(cells, found, log, view);
                if has_date {
                    paint_date(cells, found, view);
                }
                let row = cells.row.response;
                row.context_menu(|ui| menu_ui(ui, view, (nr, found)));
            }
        });
        let mut wanted = output.rows.clicked.map(|click| click.row);
        let mut opened = output.rows.double_clicked;
        if output.rows.response.has_focus() {
            if let Some(to) = walked(ui, chosen, n_rows, self.table.rows.page()) {
                wanted = Some(to);
                self.table.rows.scroll_to(to);
            }
            if pressed(ui, Key::Enter) {
                opened = chosen;
            }
        }
        if let Some((nr, _)) = wanted.and_then(find) {
            self.seen = Some(nr);
            view.send(Action::GoToFinding(nr));
        }
        if let Some((nr, _)) = opened.and_then(find) {
            view.send(Action::GoToFinding(nr));
            view.send(Action::ShowView(ViewKind::Explore));
            view.send(Action::ShowInspector(InspectorTab::Event));
        }
    }
}

/// The status that a finding of that severity gives a check.
pub(super) fn status_of(severity: Severity) -> Status {
    match severity {
        Severity::Info => Status::Info,
        Severity::Warning => Status::Warning,
        Severity::Error => Status::Failed,
    }
}

/// The category of the stream that a finding is about; `all` where it is about none.
pub(super) fn category_of<'a>(log: &'a EventLog, found: &Finding) -> &'a str {
    found.stream_id.map_or("all", |stream| {
        super::shared::category_name(log, log.stream_info(stream).category)
    })
}

fn paint(cells: &Cells<'_, '_>, found: &Finding, log: &EventLog, view: &View<'_>) {
    let t = tokens(&*cells.row.ui);
    let painter = cells.row.ui.painter();
    let rect = cells.rect(0);
    let is_accepted = view.workbench.accepted(found).is_some();
    let (icon, color) = icon_of(t, status_of(found.severity));
    let color = if is_accepted { t.text3 } else { color };
    let (first, second) = if is_accepted {
        (t.text3, t.text3)
    } else {
        (t.text, t.text2)
    };
    icons::paint_left(painter, rect, icon, size::ICON, color);
    let words = Rect::from_min_max(pos2(rect.left() + 24.0, rect.top()), rect.max);
    text::line(
        painter,
        words,
        Align::Min,
        Face::Row,
        format::visible(&found.message),
        first,
    );
    cells.text(
        1,
        Face::Row,
        format::visible(category_of(log, found)),
        second,
    );
    cells.text(2, Face::Data, format::count(found.count), second);
    let at = found.position.map_or_else(
        || format::NOT_APPLICABLE.to_owned(),
        |at| place(Position(at)),
    );
    let color = if found.position.is_some() {
        t.accent
    } else {
        t.text3
    };
    cells.text(3, Face::Data, at, color);
}

fn paint_date(cells: &Cells<'_, '_>, found: &Finding, view: &View<'_>) {
    let t = tokens(&*cells.row.ui);
    let date = found.time.map_or_else(
        || format::NOT_APPLICABLE.to_owned(),
        |time| day(time, view.look().zone),
    );
    let is_accepted = view.workbench.accepted(found).is_some();
    let color = if is_accepted { t.text3 } else { t.text2 };
    cells.text(4, Face::Data, date, color);
}

/// What can be done with a finding.
fn menu_ui(ui: &mut Ui, view: &View<'_>, (nr, found): (usize, &Finding)) {
    if menu::item(ui, Some(icons::FORWARD), "Go to it", "Enter").clicked() {
        view.send(Action::GoToFinding(nr));
        view.send(Action::ShowView(ViewKind::Explore));
        view.send(Action::ShowInspector(InspectorTab::Event));
    }
    menu::separator(ui);
    let is_accepted = view.workbench.accepted(found).is_some();
    let accept = if is_accepted {
        "Change the reason\u{2026}"
    } else {
        "Accept\u{2026}"
    };
    if menu::item(ui, Some(icons::CHECK), accept, "").clicked() {
        view.send(Action::AskAccept(nr));
    }
    if is_accepted && menu::item(ui, None, "Take acceptance back", "").clicked() {
        view.send(Action::ReopenFinding(nr));
    }
    if menu::item(ui, Some(icons::COPY), "Copy text", "").clicked() {
        view.send(Action::CopyText(found.message.clone()));
    }
}

/// What is read out for a finding.
fn say(found: &Finding, view: &View<'_>) -> String {
    let severity = match found.severity {
        Severity::Info => "Note",
        Severity::Warning => "Warning",
        Severity::Error => "Error",
    };
    let at = found.position.map_or_else(String::new, |at| {
        format!(", first at {}", place(Position(at)))
    });
    let accepted = view.workbench.accepted(found);
    let accepted = accepted.map_or_else(String::new, |accepted| {
        format!(", accepted: {}", accepted.reason)
    });
    format!(
        "{severity}, {}, {}{at}{accepted}",
        found.message,
        counted(found.count, "event", "events")
    )
}
