//! A table: a head with columns that can be resized, over a virtual list.
//!
//! One column may grow; it takes what the others leave. An edge of the head moves the column
//! beside it that does not grow. Cells are clipped with `…`, never wrapped.
//!
//! Reading order: `widths` (columns and how wide they are), `order` (by which rows are sorted), this file (the head, and one frame of
//! the table), `cells` (filling a row), `pointed` (the cell under the pointer).

mod cells;
mod order;
mod pointed;
mod widths;

use std::collections::BTreeSet;

use egui::{
    Align, CursorIcon, Modifiers, Rangef, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo,
    pos2, vec2,
};

pub use cells::Cells;
use cells::padded;
pub use order::{Order, Sort};
pub use pointed::{note, pointed};
pub use widths::{Column, Widths};

use super::menu::choice_item;
use super::rows::{Kind, RowList, RowsOutput, VirtualRows};
use crate::ui::theme::{Face, icons, size, text, tokens};

/// Width of the number of a column among those that rows are sorted by.
const RANK: f32 = 9.0;

/// The state of a table. The caller keeps it from frame to frame.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Where the list stands.
    pub rows: VirtualRows,
    /// How wide the columns are.
    pub widths: Widths,
    /// The columns that are not shown, by their names.
    hidden: BTreeSet<String>,
}

/// What happened to a table in this frame.
#[derive(Debug)]
pub struct TableOutput {
    /// What happened to the rows.
    pub rows: RowsOutput,
    /// A head was clicked, with the keys held at the same time.
    pub head_clicked: Option<(usize, Modifiers)>,
    /// The head as a whole, for a menu to choose columns.
    pub head: Response,
}

impl Table {
    /// Shows head and rows in all the space there is; `paint` fills the cells of a row.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        list: &RowList<'_>,
        columns: &[Column<'_>],
        sort: impl IntoIterator<Item = Sort>,
        mut paint: impl FnMut(&mut Cells<'_, '_>),
    ) -> TableOutput {
        let spacing = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
        let chosen: Vec<Column<'_>> = columns.iter().map(|column| self.chosen(column)).collect();
        let columns = chosen.as_slice();
        let sort: Vec<Sort> = sort.into_iter().collect();
        let (head, clicked, ranges) = self.head(ui, list.name(), columns, &sort);
        head.context_menu(|ui| self.columns_ui(ui, columns));
        let list = if list.is_list() {
            list.kind(Kind::Table)
        } else {
            *list
        };
        let rows = self.rows.show(ui, &list, |row| {
            paint(&mut Cells {
                row,
                columns,
                ranges: &ranges,
            });
        });
        ui.spacing_mut().item_spacing.y = spacing;
        TableOutput {
            rows,
            head_clicked: clicked,
            head,
        }
    }

    fn chosen<'a>(&self, column: &Column<'a>) -> Column<'a> {
        Column {
            is_hidden: self.hidden.contains(column.word()),
            ..column.clone()
        }
    }

    /// The rows of a menu that shows and hides columns; the last one stays.
    pub fn columns_ui(&mut self, ui: &mut Ui, columns: &[Column<'_>]) {
        for column in columns {
            let word = column.word();
            let is_shown = !self.hidden.contains(word);
            let n_shown = columns.len().saturating_sub(self.hidden.len());
            if !choice_item(ui, is_shown, word).clicked() {
                continue;
            }
            if !is_shown {
                self.hidden.remove(word);
            } else if n_shown > 1 {
                self.hidden.insert(word.to_owned());
            }
        }
    }

    fn head(
        &mut self,
        ui: &mut Ui,
        name: &str,
        columns: &[Column<'_>],
        sort: &[Sort],
    ) -> (Response, Option<(usize, Modifiers)>, Vec<Rangef>) {
        let size = vec2(ui.available_width(), size::ROW);
        let (rect, mut response) = ui.allocate_exact_size(size, Sense::CLICK);
        let id = ui.make_persistent_id((name, "head"));
        let ranges = self.widths.layout(columns, rect.x_range());
        let mut clicked = None;
        for (i, (column, range)) in columns.iter().zip(&ranges).enumerate() {
            if column.is_hidden {
                continue;
            }
            let cell = Rect::from_x_y_ranges(*range, rect.y_range()).intersect(rect);
            let sorted = sorted(sort, i);
            let cell = head_cell(ui, id.with(i), cell, (i, column), sorted);
            if column.can_sort && cell.clicked() {
                clicked = Some((i, ui.input(|input| input.modifiers)));
            }
            // A menu of the head opens wherever in it the click was.
            response = response.union(cell);
        }
        for (i, range) in ranges
            .iter()
            .enumerate()
            .take(columns.len().saturating_sub(1))
            .filter(|(_, range)| **range != Rangef::NOTHING)
        {
            self.edge(ui, id.with((i, "edge")), rect, (range.max, i), columns);
        }
        let line = Stroke::new(size::STROKE, tokens(ui).line);
        let y = rect.bottom() - size::STROKE / 2.0;
        ui.painter().hline(rect.x_range(), y, line);
        // Once more, so that an edge dragged in this frame is where the pointer is.
        let ranges = self.widths.layout(columns, rect.x_range());
        (response, clicked, ranges)
    }

    fn edge(
        &mut self,
        ui: &Ui,
        id: egui::Id,
        head: Rect,
        (x, i): (f32, usize),
        columns: &[Column<'_>],
    ) {
        let grab = Rect::from_x_y_ranges(x - 4.0..=x + 4.0, head.y_range());
        let response = ui
            .interact(grab, id, Sense::CLICK | Sense::DRAG)
            .on_hover_and_drag_cursor(CursorIcon::ResizeColumn);
        let title = columns.get(i).map_or("", |column| column.title);
        response
            .widget_info(|| WidgetInfo::labeled(Role::Splitter, true, format!("Edge of {title}")));
        if response.dragged() {
            self.widths.drag(columns, i, response.drag_delta().x);
        }
        if response.double_clicked() {
            self.widths.reset(columns, i);
        }
        let t = tokens(ui);
        let stroke = match (response.dragged(), response.hovered()) {
            (true, _) => Stroke::new(2.0, t.accent),
            (false, true) => Stroke::new(2.0, t.accent_mid),
            (false, false) => return,
        };
        ui.painter().vline(x, head.y_range(), stroke);
    }
}

/// How rows are sorted by a column, if they are, with its place where there are several.
fn sorted(sort: &[Sort], column: usize) -> Option<(Sort, Option<usize>)> {
    let nr = sort.iter().position(|sort| sort.column == column)?;
    Some((*sort.get(nr)?, (sort.len() > 1).then_some(nr + 1)))
}

fn head_cell(
    ui: &Ui,
    id: egui::Id,
    cell: Rect,
    (i, column): (usize, &Column<'_>),
    sort: Option<(Sort, Option<usize>)>,
) -> Response {
    let t = tokens(ui);
    let response = ui.interact(cell, id, Sense::CLICK);
    response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, column.title));
    let color = if column.can_sort && response.hovered() {
        t.text
    } else {
        t.text3
    };
    let mut inside = padded(cell, i == 0);
    if let Some((_, rank)) = sort {
        let rank = if rank.is_some() { RANK } else { 0.0 };
        inside.max.x -= size::ICON_TEXT + 2.0 + rank;
    }
    let words = text::line(
        ui.painter(),
        inside,
        column.align,
        Face::SmallMedium,
        column.title,
        color,
    );
    if let Some((sort, rank)) = sort {
        let icon = if sort.descending {
            icons::UNFOLDED
        } else {
            icons::UP
        };
        let at = pos2(words.right() + 2.0 + size::ICON_TEXT / 2.0, cell.center().y);
        icons::paint(ui.painter(), at, icon, size::ICON_TEXT, color);
        if let Some(rank) = rank {
            let right = at.x + size::ICON_TEXT / 2.0;
            let place = cell.with_min_x(right).with_max_x(right + RANK);
            let words = rank.to_string();
            text::line(
                ui.painter(),
                place,
                Align::Min,
                Face::DataSmall,
                words,
                color,
            );
        }
    }
    response
}
