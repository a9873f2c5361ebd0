//! File information: which files are open and how they are read, and who reads the store along.

use std::fmt::Write as _;

use egui::{Align, Context, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use crate::event::Consumer;
use crate::history::{FileAbout, History};
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::columns::{Cells, Column, Table};
use crate::ui::widgets::kv::{kv, kv_text};
use crate::ui::widgets::rows::{RowList, RowState};
use crate::ui::widgets::section::section;
use crate::workbench::Action;

use super::dialog;

/// Width of the dialog, and how far below the upper edge it opens.
const WIDTH: f32 = 920.0;
const TOP: f32 = 72.0;
/// How much of the window's height is kept free of the contents.
const FREE: f32 = 176.0;
/// The most rows of a list before it scrolls by itself.
const MOST_ROWS: usize = 8;

/// The dialog while it is open.
#[derive(Default)]
pub struct FileInfo {
    files: Table,
    consumers: Table,
}

impl FileInfo {
    /// Shows the dialog; returns whether it is to be closed.
    pub fn show(&mut self, ctx: &Context, view: &View<'_>) -> bool {
        let Some(history) = view.history() else {
            return true;
        };
        let (closes, is_closed) = dialog::show(ctx, "file information", (WIDTH, TOP), |ui| {
            let is_closed = dialog::head_ui(ui, "File information", "Close file information");
            let room = ui.ctx().content_rect().height() - FREE;
            ScrollArea::vertical()
                .max_height(room.max(240.0))
                .min_scrolled_height(room.max(240.0))
                .auto_shrink([false, true])
                .show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    self.files_ui(ui, view, history);
                    read_ui(ui, view, history);
                    self.consumers_ui(ui, history);
                    mapping_ui(ui, history);
                    guess_ui(ui, history);
                    ui.add_space(16.0);
                });
            is_closed
        });
        closes || is_closed
    }

    fn files_ui(&mut self, ui: &mut Ui, view: &View<'_>, history: &History) {
        let files = &history.about.files;
        section(ui, if files.len() == 1 { "File" } else { "Files" });
        let zone = view.look().zone;
        let written = |file: &FileAbout| {
            file.modified.map_or_else(
                || format::NOT_APPLICABLE.to_owned(),
                |time| zone.wall(time).date_time(' ', 0),
            )
        };
        let find = |row: u64| files.get(usize::try_from(row).ok()?);
        let label = |row: u64, _: RowState| {
            find(row).map_or_else(String::new, |file| {
                let size = format::bytes_exact(file.bytes);
                format!("{}, {size}, written {}", file.name, written(file))
            })
        };
        let label_of = |file: &FileAbout| file.modified.map(|time| zone.label(time));
        let label_of = files.iter().find_map(label_of).unwrap_or_default();
        let last_write = format!("Last write, {label_of}");
        let columns = [
            Column::new("Name", 240.0),
            Column::new("Size", 136.0).right(),
            Column::new(&last_write, 176.0),
            Column::new("Folder", 160.0).grows(),
        ];
        let list = RowList::new("Files", len(files)).label(&label);
        table_ui(ui, &mut self.files, &list, &columns, |cells| {
            let Some(file) = find(cells.row.nr) else {
                return;
            };
            let t = tokens(&*cells.row.ui);
            cells.text(0, Face::Data, format::visible(&file.name), t.text);
            cells.text(1, Face::Data, format::bytes_exact(file.bytes), t.text2);
            cells.text(2, Face::Data, written(file), t.text2);
            let folder = file.path.as_deref().and_then(std::path::Path::parent);
            let folder = folder.map_or_else(
                || "built in".to_owned(),
                |folder| folder.display().to_string(),
            );
            cells.text(3, Face::Data, format::visible(&folder), t.text3);
        });
    }

    /// Those who read the store along, as far as it notes them.
    fn consumers_ui(&mut self, ui: &mut Ui, history: &History) {
        let consumers = &history.consumers;
        section(ui, "Read along by");
        if consumers.is_empty() {
            let words = if history.is_complete {
                "Nobody, as far as this file notes it"
            } else {
                "Known when the file is read to its end"
            };
            line_ui(ui, words);
            return;
        }
        let find = |row: u64| consumers.get(usize::try_from(row).ok()?);
        let label = |row: u64, _: RowState| find(row).map_or_else(String::new, spoken);
        let columns = [
            Column::new("Name", 200.0).grows(),
            Column::new("Position", 120.0).right(),
            Column::new("Lag", 160.0),
            Column::new("Status", 96.0),
            Column::new("Updated", 168.0),
            Column::new("Table", 152.0),
        ];
        let list = RowList::new("Read along by", len(consumers)).label(&label);
        table_ui(ui, &mut self.consumers, &list, &columns, |cells| {
            if let Some(consumer) = find(cells.row.nr) {
                paint_consumer(cells, consumer);
            }
        });
    }
}

fn len<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}

/// A table as high as its rows, up to a limit.
fn table_ui(
    ui: &mut Ui,
    table: &mut Table,
    list: &RowList<'_>,
    columns: &[Column<'_>],
    paint: impl FnMut(&mut Cells<'_, '_>),
) {
    let n_rows = usize::try_from(list.n_rows()).map_or(MOST_ROWS, |n| n.min(MOST_ROWS));
    let height = size::ROW * (n_rows + 1) as f32;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let mut inside = ui.new_child(egui::UiBuilder::new().max_rect(rect).id_salt(list.name()));
    inside.shrink_clip_rect(rect);
    table.show(&mut inside, list, columns, None, paint);
    ui.add_space(4.0);
}

/// How the files were read.
fn read_ui(ui: &mut Ui, view: &View<'_>, history: &History) {
    let t = tokens(ui);
    let about = &history.about;
    section(ui, "Read as");
    let mut fact = |key: &str, value: &str| {
        kv_text(ui, key, Face::Data, &format::visible(value), t.text);
    };
    fact(
        "Format",
        &format!("{} ({})", about.format_name, about.format),
    );
    fact("Container", &about.container);
    fact("Opened", &about.opened);
    fact("Records", &format::count(about.n_records));
    fact("Events", &format::count(history.log.len() as u64));
    fact("Saved states", &format::count(history.n_snapshots));
    let n_problems = history.problems.total();
    if n_problems == 0 {
        fact("Problems", "none");
        return;
    }
    kv(ui, "Problems", |ui| {
        let words = format!("{} while reading", format::count(n_problems));
        if ui.add(button::link(&words).name("List problems")).clicked() {
            view.send(Action::ShowProblems);
        }
    });
}

/// Which column or key plays which part.
fn mapping_ui(ui: &mut Ui, history: &History) {
    let mapping = &history.about.mapping;
    if mapping.is_empty() {
        return;
    }
    section(ui, "Part of an event, read from");
    let color = tokens(ui).text;
    for (role, column) in mapping {
        let role = role.replace('_', " ");
        kv_text(ui, &role, Face::Data, &format::visible(column), color);
    }
}

/// Why the columns were taken to be what they are, where that was guessed.
fn guess_ui(ui: &mut Ui, history: &History) {
    let Some(reasons) = &history.about.guess else {
        return;
    };
    section(ui, "Guessed, because");
    for reason in reasons {
        line_ui(ui, &format::visible(reason));
    }
}

/// How far somebody is behind the end of the history, in words.
fn lag(consumer: &Consumer) -> String {
    match consumer.behind {
        Some(0) => "up to date".to_owned(),
        Some(1) => "1 event behind".to_owned(),
        Some(behind) => format!("{} events behind", format::count(behind)),
        None => "position is opaque".to_owned(),
    }
}

fn spoken(consumer: &Consumer) -> String {
    let mut said = format!(
        "{}, at {}, {}",
        consumer.name,
        consumer.position,
        lag(consumer)
    );
    for (word, value) in [("status", &consumer.status), ("updated", &consumer.updated)] {
        if let Some(value) = value {
            write!(said, ", {word} {value}").ok();
        }
    }
    write!(said, ", table {}", consumer.table).ok();
    said
}

fn paint_consumer(cells: &Cells<'_, '_>, consumer: &Consumer) {
    let t = tokens(&*cells.row.ui);
    let or_none = |value: &Option<String>| {
        let value = value.as_deref().unwrap_or(format::NOT_APPLICABLE);
        format::visible(value).into_owned()
    };
    let name = if consumer.name.is_empty() {
        "(no name)"
    } else {
        &consumer.name
    };
    cells.text(0, Face::Data, format::visible(name), t.text);
    cells.text(1, Face::Data, format::visible(&consumer.position), t.text2);
    let rect = cells.rect(2);
    let (icon, color) = match consumer.behind {
        Some(0) => (icons::PASSED, t.ok),
        Some(_) => (icons::NOTE, t.text3),
        None => (icons::SKIPPED, t.text3),
    };
    let painter = cells.row.ui.painter();
    icons::paint_left(painter, rect, icon, size::ICON_SMALL, color);
    let words = rect.with_min_x(rect.left() + size::ICON_SMALL + size::ICON_GAP);
    text::line(painter, words, Align::Min, Face::Row, lag(consumer), t.text);
    cells.text(3, Face::Row, or_none(&consumer.status), t.text2);
    cells.text(4, Face::Data, or_none(&consumer.updated), t.text2);
    cells.text(5, Face::Data, format::visible(&consumer.table), t.text3);
}

/// One line of words in a section.
fn line_ui(ui: &mut Ui, words: &str) {
    let size = vec2(ui.available_width(), size::ROW);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    let inside = rect.shrink2(vec2(size::SIDE, 0.0));
    let color = tokens(ui).text3;
    text::line(ui.painter(), inside, Align::Min, Face::Row, words, color);
}
