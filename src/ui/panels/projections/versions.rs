//! Two versions of a projection: the first event after which they differ, and where they do.

use egui::{Sense, Ui, vec2};

use super::super::event_detail::loading_ui;
use super::super::json_rows::shown;
use super::super::shared::{counted, walked};
use super::super::tile;
use crate::event::Position;
use crate::event::json::Json;
use crate::history::EventLog;
use crate::projection::{Differs, VersionsCompared};
use crate::ui::View;
use crate::ui::theme::{format, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::columns::{Column, Table};
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::rows::{RowList, RowState};
use crate::workbench::{Action, Freshness, PlotEdit};

/// Where two versions part ways.
#[derive(Default)]
pub(super) struct Versions {
    table: Table,
    chosen: Option<u64>,
}

impl Versions {
    /// Shows it in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog) {
        let projecting = &view.workbench.projecting;
        let Some(both) = view.workbench.scripts_compared() else {
            return;
        };
        let names = both.map(|id| {
            let script = projecting.script(id);
            script.map_or_else(String::new, |script| {
                format::visible(&script.name).into_owned()
            })
        });
        let Some((key, _)) = view.workbench.versions_key() else {
            if projecting.is_running(both[1]) {
                loading_ui(ui, &["Versions"]);
            } else {
                let why = format!("{} gave no results to compare.", names[1]);
                Empty::new("Nothing to compare with").why(&why).show(ui);
            }
            return;
        };
        match projecting.plotting.versions.for_key(&key) {
            Freshness::Fresh(Err(why)) => {
                Empty::new("The versions cannot be compared")
                    .why(why)
                    .failed()
                    .show(ui);
            }
            Freshness::Fresh(Ok(found)) if found.differing.is_empty() => {
                let same = counted(found.n_same as u64, "partition", "partitions");
                let why = format!("The same after every event, in {same}.");
                Empty::new("No difference").why(&why).show(ui);
            }
            Freshness::Fresh(Ok(found)) | Freshness::Stale(Ok(found)) => {
                first_ui(ui, view, log, found);
                self.table_ui(ui, view, log, (found, &names));
            }
            _ => loading_ui(ui, &["Versions"]),
        }
    }

    fn table_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        (found, names): (&VersionsCompared, &[String; 2]),
    ) {
        let find = |row: u64| found.differing.get(usize::try_from(row).ok()?);
        let label = |row: u64, _: RowState| {
            find(row).map_or_else(String::new, |one| {
                format!(
                    "{}, {} {} and {}, since {}",
                    partition(one),
                    one.path,
                    value(one.a.as_ref()),
                    value(one.b.as_ref()),
                    format::position(u64::from(one.position.0)),
                )
            })
        };
        let n_rows = found.differing.len() as u64;
        let list = RowList::new("Differing partitions", n_rows)
            .selected(self.chosen)
            .label(&label);
        let columns = [
            Column::new("Partition", 130.0).least(80.0),
            Column::new("Field", 100.0).least(60.0),
            Column::new(&names[0], 110.0).least(60.0).right(),
            Column::new(&names[1], 110.0).least(60.0).right(),
            Column::new("Since", 90.0).least(60.0).right(),
            Column::new("Event", 150.0).least(80.0).grows(),
        ];
        let output = self.table.show(ui, &list, &columns, None, |cells| {
            let Some(one) = find(cells.row.nr) else {
                return;
            };
            cells.data(0, partition(one));
            cells.data2(1, format::visible(&one.path.to_string()).into_owned());
            cells.data(2, value(one.a.as_ref()));
            cells.data(3, value(one.b.as_ref()));
            cells.data2(4, format::count(u64::from(one.position.0)));
            cells.words(5, event_name(log, one.position));
        });
        let mut to = output.rows.clicked.map(|click| click.row);
        if output.rows.response.has_focus() {
            let page = self.table.rows.page();
            let walks = walked(ui, self.chosen, n_rows, page);
            if let Some(row) = walks {
                self.table.rows.scroll_to(row);
            }
            to = to.or(walks);
        }
        if let Some((row, one)) = to.and_then(|row| Some((row, find(row)?))) {
            self.chosen = Some(row);
            view.send(Action::Plot(Box::new(PlotEdit::Partition(Some(
                one.partition.clone(),
            )))));
            view.send(Action::SelectEvent(one.position));
        }
    }
}

/// The first event after which they differ, and in how many partitions.
fn first_ui(ui: &mut Ui, view: &View<'_>, log: &EventLog, found: &VersionsCompared) {
    let Some(first) = found.first() else {
        return;
    };
    let t = tokens(ui);
    let frame = egui::Frame::new().inner_margin(egui::Margin::symmetric(12, 4));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        ui.horizontal(|ui| {
            let differ = counted(found.differing.len() as u64, "partition", "partitions");
            let words = format!("{differ} of {} differ", format::count(all(found)));
            ui.label(text::row(words).color(t.text));
            ui.label(text::row("first after").color(t.text3));
            let place = format::position(u64::from(first.position.0));
            let label = format!("{place} {}", event_name(log, first.position));
            let name = format!("Go to {place}");
            let go = button::link(&label).name(&name);
            if ui.add(go).clicked() {
                view.send(Action::SelectEvent(first.position));
            }
        });
        for note in &found.notes {
            ui.add(egui::Label::new(text::small(note).color(t.text3)).wrap());
        }
    });
    tile::hairline(ui);
    ui.allocate_exact_size(vec2(0.0, size::STROKE), Sense::hover());
}

fn all(found: &VersionsCompared) -> u64 {
    (found.n_same + found.differing.len()) as u64
}

fn partition(one: &Differs) -> String {
    if one.partition.is_empty() {
        return "all events".to_owned();
    }
    format::visible(&one.partition).into_owned()
}

fn value(value: Option<&Json>) -> String {
    match value {
        None => format::NOT_APPLICABLE.to_owned(),
        Some(Json::Number(digits)) => format::amount(digits).into_owned(),
        Some(value) => format::visible(&shown(value)).into_owned(),
    }
}

fn event_name(log: &EventLog, position: Position) -> String {
    let position = position.min(log.last().unwrap_or_default());
    format::visible(log.type_name(log.event_type(position))).into_owned()
}
