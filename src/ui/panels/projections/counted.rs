//! The table of a projection without code.

use egui::Ui;

use super::super::event_detail::loading_ui;
use super::super::shared::moment;
use super::super::tile;
use crate::event::Zone;
use crate::projection::{BuiltIn, BuiltInAsk, Table as Rows, TableCell};
use crate::ui::View;
use crate::ui::theme::format;
use crate::ui::widgets::columns::{Column, Table};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{RowList, RowState};

/// The table.
#[derive(Default)]
pub(super) struct Counted {
    table: Table,
}

impl Counted {
    /// Shows it in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, key: &(u64, BuiltInAsk)) {
        let name = key.1.what.name();
        let answer = view.workbench.projecting.plotting.built_in.for_key(key);
        let Some(Ok(answered)) = answer.value() else {
            tile::head(ui, name, "", false, |_| ());
            loading_ui(ui, &["Rows"]);
            return;
        };
        self.table_ui(ui, view, name, &answered.table);
    }

    /// How long partitions stay in each value of the field plotted.
    pub(super) fn stays_ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let name = BuiltIn::TimeInState.name();
        let key = view.workbench.stays_key().map(|(key, _)| key);
        let stays = &view.workbench.projecting.plotting.stays;
        let answer = key.as_ref().and_then(|key| stays.for_key(key).value());
        let Some(Ok(answered)) = answer else {
            tile::head(ui, name, "", false, |_| ());
            loading_ui(ui, &["Rows"]);
            return;
        };
        self.table_ui(ui, view, name, &answered.table);
    }

    fn table_ui(&mut self, ui: &mut Ui, view: &View<'_>, name: &str, shown: &Rows) {
        let rows = &shown.rows;
        let n = format::count(rows.len() as u64);
        tile::head(ui, name, &n, false, |_| ());
        if rows.is_empty() {
            Empty::new("There is nothing to count").show(ui);
            return;
        }
        let zone = view.look().zone;
        let find = |row: u64| rows.get(usize::try_from(row).ok()?);
        let label = |row: u64, _: RowState| {
            let cells = find(row).into_iter().flatten();
            let said: Vec<String> = cells.map(|cell| words(cell, zone)).collect();
            said.join(", ")
        };
        let n_rows = u64::try_from(rows.len()).unwrap_or(0);
        let list = RowList::new(name, n_rows).label(&label);
        let titles = shown.columns.iter().enumerate();
        let columns: Vec<Column<'_>> = titles
            .map(|(nr, title)| {
                let is_text = rows
                    .first()
                    .and_then(|row| row.get(nr))
                    .is_none_or(|cell| matches!(cell, TableCell::Text(_)));
                if is_text {
                    Column::new(title, 180.0).least(90.0)
                } else {
                    Column::new(title, 116.0).least(70.0).right()
                }
            })
            .collect();
        self.table.show(ui, &list, &columns, None, |cells| {
            let row = find(cells.row.nr).into_iter().flatten();
            for (nr, cell) in row.enumerate() {
                match cell {
                    TableCell::Text(text) => {
                        cells.words(nr, format::visible(text).into_owned());
                    }
                    other => {
                        cells.data(nr, words(other, zone));
                    }
                }
            }
        });
    }
}

fn words(cell: &TableCell, zone: Zone) -> String {
    match cell {
        TableCell::Text(text) => format::visible(text).into_owned(),
        TableCell::Count(n) => format::count(*n),
        TableCell::Bytes(n) => format::bytes(*n),
        TableCell::Percent(share) => format!("{:.1}%", share.to_f64()),
        TableCell::Nanos(nanos) => format::duration(*nanos),
        TableCell::Moment(time) => moment(*time, zone, 0),
        TableCell::Missing => format::NOT_APPLICABLE.to_owned(),
    }
}
