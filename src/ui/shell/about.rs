//! About: which version this is, under which licences it stands, and what it is made of.

use egui::{Align, Context, Role, Ui, WidgetInfo};

use super::dialog;
use crate::ui::View;
use crate::ui::theme::{Face, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::rows::{Kind, RowList, RowState, VirtualRows};
use crate::workbench::Action;

/// Width of the dialog, and how far below the upper edge it opens.
const WIDTH: f32 = 640.0;
const TOP: f32 = 80.0;
/// Height of the list.
const LIST: f32 = 360.0;
/// The crates with their versions and licences, a line each.
const CRATES: &str = include_str!("../../../assets/licenses.tsv");

/// The dialog while it is open.
#[derive(Default)]
pub struct About {
    rows: VirtualRows,
}

impl About {
    /// Shows the dialog; returns whether it is to be closed.
    pub fn show(&mut self, ctx: &Context, view: &View<'_>) -> bool {
        let (closes, is_closed) = dialog::show(ctx, "about", (WIDTH, TOP), |ui| {
            let is_closed = dialog::head_ui(ui, "About Annals", "Close about");
            let margin = egui::Margin::symmetric(16, 12);
            egui::Frame::new().inner_margin(margin).show(ui, |ui| {
                words_ui(ui, view);
                self.list_ui(ui);
            });
            is_closed
        });
        closes || is_closed
    }

    fn list_ui(&mut self, ui: &mut Ui) {
        let t = tokens(ui);
        let crates: Vec<&str> = CRATES.lines().collect();
        let n_crates = crates.len() as u64;
        ui.add_space(8.0);
        let title = format!("Made of {n_crates} crates");
        let label = ui.label(text::rich(title.as_str(), Face::BodyStrong).color(t.text));
        label.widget_info(|| WidgetInfo::labeled(Role::Heading, true, title.as_str()));
        let of = |row: u64| {
            let line = usize::try_from(row).ok().and_then(|row| crates.get(row));
            let mut cells = line.copied().unwrap_or_default().split('\t');
            [(); 3].map(|()| cells.next().unwrap_or_default())
        };
        let label = |row: u64, _: RowState| of(row).join(", ");
        let list = RowList::new("Crates and licences", n_crates)
            .kind(Kind::List)
            .row_height(size::ROW)
            .label(&label);
        let room = egui::vec2(ui.available_width(), LIST);
        ui.allocate_ui(room, |ui| {
            ui.set_min_size(room);
            self.rows.show(ui, &list, |row| {
                let [name, version, licence] = of(row.nr);
                let painter = row.ui.painter();
                let left = row.rect;
                text::line(painter, left, Align::Min, Face::Row, name, t.text);
                let middle = left.with_min_x(left.left() + 240.0);
                text::line(painter, middle, Align::Min, Face::Data, version, t.text3);
                let right = left.with_min_x(left.left() + 340.0);
                text::line(painter, right, Align::Min, Face::Row, licence, t.text2);
            });
        });
    }
}

fn words_ui(ui: &mut Ui, view: &View<'_>) {
    let t = tokens(ui);
    let version = concat!("Annals ", env!("CARGO_PKG_VERSION"));
    let lines = [
        "See what happened, and what was true at any moment.",
        "Licensed under MIT or Apache-2.0, at your choice. The fonts Inter and JetBrains Mono stand under the SIL Open Font License 1.1, the Phosphor icons under MIT.",
        "It opens files read-only, and nothing leaves this computer.",
    ];
    ui.horizontal(|ui| {
        ui.label(text::rich(version, Face::Heading).color(t.text));
        if ui.add(button::quiet("Copy version").small()).clicked() {
            view.send(Action::CopyText(version.to_owned()));
        }
    });
    for line in lines {
        ui.add(egui::Label::new(text::rich(line, Face::Row).color(t.text2)).wrap());
    }
}
