//! The points of a plot as a table, for those who read them: Enter on the plot shows it.

use egui::{Key, Ui};

use super::super::shared::{counted, moment, pressed};
use super::super::tile;
use crate::event::{Decimal, Timestamp};
use crate::history::Axis;
use crate::projection::{Line, Plotted};
use crate::ui::View;
use crate::ui::theme::format;
use crate::ui::widgets::button;
use crate::ui::widgets::columns::{Column, Table};
use crate::ui::widgets::rows::{RowList, RowState};

/// So many lines have a column.
const MOST_LINES: usize = 8;

/// The table of the points.
#[derive(Default)]
pub(super) struct Points {
    /// Whether it is shown instead of the plot.
    pub is_shown: bool,
    table: Table,
}

impl Points {
    /// Shows it in all the space there is; of several lines those points at which the first has one.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, lines: &Plotted) {
        let shown: Vec<&Line> = lines.lines.iter().take(MOST_LINES).collect();
        let Some(first) = shown.first() else { return };
        let n = first.points.len() as u64;
        let count = counted(n, "point", "points");
        let closes = tile::head(ui, "Points", &count, true, |ui| {
            ui.add(button::quiet("Plot").small().key_cap("Esc"))
                .clicked()
        });
        if closes || pressed(ui, Key::Escape) {
            self.is_shown = false;
        }
        let is_time = !lines.edges.is_empty() || view.look().axis == Axis::Time;
        let when = |x: i64| {
            if is_time {
                moment(Timestamp(x), view.look().zone, 0)
            } else {
                format::position(u64::try_from(x).unwrap_or(0))
            }
        };
        let value = |line: &Line, x: i64| {
            let at = line.points.partition_point(|step| step.x <= x);
            let step = at.checked_sub(1).and_then(|at| line.points.get(at));
            amount(step.and_then(|step| step.value))
        };
        let point = |row: u64| first.points.get(usize::try_from(row).ok()?);
        let label = |row: u64, _: RowState| {
            point(row).map_or_else(String::new, |step| {
                let values: Vec<String> = shown.iter().map(|line| value(line, step.x)).collect();
                format!("{}, {}", when(step.x), values.join(", "))
            })
        };
        let list = RowList::new("Points", n).label(&label);
        let names: Vec<String> = shown
            .iter()
            .map(|line| format::visible(&line.name).into_owned())
            .collect();
        let mut columns = vec![Column::new("From", 150.0)];
        for name in &names {
            let name = if name.is_empty() { "Value" } else { name };
            columns.push(Column::new(name, 110.0).right());
        }
        self.table.show(ui, &list, &columns, None, |cells| {
            let Some(step) = point(cells.row.nr) else {
                return;
            };
            cells.data2(0, when(step.x));
            for (nr, line) in shown.iter().enumerate() {
                cells.data(nr + 1, value(line, step.x));
            }
        });
    }
}

fn amount(value: Option<Decimal>) -> String {
    value.map_or_else(
        || format::NOT_APPLICABLE.to_owned(),
        |value| format::amount(&value.to_string()).into_owned(),
    )
}
