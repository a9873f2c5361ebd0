//! What made a step of a plot: the events, the largest change first.

use egui::Ui;

use super::super::event_detail::loading_ui;
use super::super::shared::{counted, moment_of, spoken};
use crate::event::{Decimal, Position};
use crate::history::EventLog;
use crate::projection::{Explained, Results};
use crate::ui::View;
use crate::ui::theme::{Face, format, text, tokens};
use crate::ui::widgets::columns::{Column, Table};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{RowList, RowState};
use crate::workbench::{Action, Freshness};

/// The events that made a step.
#[derive(Default)]
pub(super) struct Causes {
    table: Table,
}

impl Causes {
    /// Shows it in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, results: &Results) {
        let plotting = &view.workbench.projecting.plotting;
        let key = view.workbench.explain_key().map(|(key, _)| key);
        let answer = key.as_ref().map(|key| plotting.explained.for_key(key));
        match answer.and_then(Freshness::fresh) {
            Some(Err(why)) => {
                Empty::new("This cannot be said").why(why).failed().show(ui);
            }
            Some(Ok(explained)) if explained.causes.is_empty() => {
                Empty::new("No event changed it here").show(ui);
            }
            Some(Ok(explained)) => self.causes_ui(ui, view, log, (results, explained)),
            None => loading_ui(ui, &["Events"]),
        }
    }

    /// The events that made a step, the largest first.
    fn causes_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        (results, explained): (&Results, &Explained),
    ) {
        let causes = &explained.causes;
        let n = (causes.len() + explained.n_more) as u64;
        let sum = explained
            .sum
            .map_or_else(String::new, |sum| format!(", {} together", signed(sum)));
        let words = format!("{}{sum}, the largest first", counted(n, "event", "events"));
        super::super::event_facts::line_ui(ui, &words, tokens(ui).text3);
        let find = |row: u64| causes.get(usize::try_from(row).ok()?);
        let name = |position: Position| {
            let position = position.min(log.last().unwrap_or_default());
            format::visible(log.type_name(log.event_type(position))).into_owned()
        };
        let label = |row: u64, _: RowState| {
            find(row).map_or_else(String::new, |cause| {
                let place = format::position(u64::from(cause.position.0));
                format!(
                    "{}, {place}, {}",
                    name(cause.position),
                    spoken(&signed(cause.by))
                )
            })
        };
        let n_rows = u64::try_from(causes.len()).unwrap_or(0);
        let list = RowList::new("Events that made it", n_rows).label(&label);
        let columns = [
            Column::new("Changed by", 110.0).right(),
            Column::new("Event", 170.0),
            Column::new("Partition", 150.0),
            Column::new("Position", 90.0).right(),
            Column::new("Time", 160.0).grows(),
        ];
        let output = self.table.show(ui, &list, &columns, None, |cells| {
            let Some(cause) = find(cells.row.nr) else {
                return;
            };
            let t = tokens(&*cells.row.ui);
            let color = if cause.by.is_negative() {
                t.err
            } else {
                t.text
            };
            cells.job(0, text::job(&signed(cause.by), Face::Data, color));
            cells.words(1, name(cause.position));
            let partition = results.partition_name(cause.partition);
            cells.data2(2, format::visible(partition).into_owned());
            cells.data2(3, format::count(u64::from(cause.position.0)));
            let position = cause.position.min(log.last().unwrap_or_default());
            cells.data2(4, moment_of(log, position, view.look().zone));
        });
        if let Some(cause) = output.rows.clicked.and_then(|click| find(click.row)) {
            view.send(Action::SelectEvent(cause.position));
        }
    }
}

/// A number with its sign: `+12.50`.
fn signed(value: Decimal) -> String {
    let amount = format::amount(&value.to_string()).into_owned();
    if value.is_negative() {
        amount
    } else {
        format!("+{amount}")
    }
}
