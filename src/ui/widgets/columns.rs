//! A table: a head with columns that can be resized, over a virtual list.
//!
//! One column may grow; it takes what the others leave. An edge of the head moves the column
//! beside it that does not grow. Cells are clipped with `…`, never wrapped.

use egui::text::LayoutJob;
use egui::{
    Align, Color32, CursorIcon, Modifiers, Rangef, Rect, Response, Role, Sense, Stroke, Ui,
    WidgetInfo, pos2, vec2,
};

use super::rows::{Kind, Row, RowList, RowsOutput, VirtualRows};
use super::swatch;
use crate::ui::theme::{Face, icons, size, text, tokens};

/// Narrowest column, unless it says otherwise.
const LEAST: f32 = 40.0;

/// One column of a table.
#[derive(Clone, Debug)]
pub struct Column<'a> {
    title: &'a str,
    width: f32,
    least: f32,
    align: Align,
    grows: bool,
    can_sort: bool,
}

impl<'a> Column<'a> {
    /// A column of words, so wide at first.
    #[must_use]
    pub const fn new(title: &'a str, width: f32) -> Self {
        Self {
            title,
            width,
            least: LEAST,
            align: Align::Min,
            grows: false,
            can_sort: false,
        }
    }

    /// Aligned to the right: for numbers.
    #[must_use]
    pub const fn right(self) -> Self {
        Self {
            align: Align::Max,
            ..self
        }
    }

    /// Takes what the other columns leave, and never less than its width.
    #[must_use]
    pub const fn grows(self) -> Self {
        Self {
            grows: true,
            least: self.width,
            ..self
        }
    }

    /// A click on the head sorts.
    #[must_use]
    pub const fn sorts(self) -> Self {
        Self {
            can_sort: true,
            ..self
        }
    }
}

/// The widths a person gave the columns. The caller keeps them from run to run.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(transparent)]
pub struct Widths(Vec<f32>);

impl Widths {
    /// Where each column stands in `area`.
    fn layout(&mut self, columns: &[Column<'_>], area: Rangef) -> Vec<Rangef> {
        if self.0.len() != columns.len() {
            self.0 = columns.iter().map(|column| column.width).collect();
        }
        let keep = self.share_kept(columns, area.span());
        let shown = |column: &Column<'_>, width: f32| column.least + (width - column.least) * keep;
        let pairs = || columns.iter().zip(&self.0);
        let fixed = pairs().filter(|(column, _)| !column.grows);
        let rest = area.span()
            - fixed
                .map(|(column, width)| shown(column, *width))
                .sum::<f32>();
        let mut left = area.min;
        let place = |(column, width): (&Column<'_>, &f32)| {
            let width = if column.grows {
                rest.max(column.least)
            } else {
                shown(column, *width)
            };
            let right = left + width;
            let range = Rangef::new(left.min(area.max), right.min(area.max));
            left = right;
            range
        };
        pairs().map(place).collect()
    }

    /// When there is too little room, the columns give up this much of what they have beyond
    /// their least width: 1 is nothing, 0 is all of it.
    fn share_kept(&self, columns: &[Column<'_>], room: f32) -> f32 {
        let least: f32 = columns.iter().map(|column| column.least).sum();
        let fixed = columns
            .iter()
            .zip(&self.0)
            .filter(|(column, _)| !column.grows);
        let beyond = fixed.map(|(column, width)| (width - column.least).max(0.0));
        let beyond: f32 = beyond.sum();
        if beyond > 0.0 {
            ((room - least) / beyond).clamp(0.0, 1.0)
        } else {
            1.0
        }
    }

    /// Moves the edge right of column `i`: what resizes is the neighbor that does not grow.
    fn drag(&mut self, columns: &[Column<'_>], i: usize, by: f32) {
        let growing = columns.iter().position(|column| column.grows);
        let (which, by) = match growing {
            Some(growing) if i >= growing => (i + 1, -by),
            _ => (i, by),
        };
        if let (Some(width), Some(column)) = (self.0.get_mut(which), columns.get(which)) {
            *width = (*width + by).max(column.least);
        }
    }

    /// Gives the column that the edge right of `i` resizes its first width again.
    fn reset(&mut self, columns: &[Column<'_>], i: usize) {
        let growing = columns.iter().position(|column| column.grows);
        let which = match growing {
            Some(growing) if i >= growing => i + 1,
            _ => i,
        };
        if let (Some(width), Some(column)) = (self.0.get_mut(which), columns.get(which)) {
            *width = column.width;
        }
    }
}

/// The state of a table. The caller keeps it from frame to frame.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Where the list stands.
    pub rows: VirtualRows,
    /// How wide the columns are.
    pub widths: Widths,
}

/// The column rows are sorted by, and the direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// Which column.
    pub column: usize,
    /// Largest first.
    pub descending: bool,
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
        sort: Option<Sort>,
        mut paint: impl FnMut(&mut Cells<'_, '_>),
    ) -> TableOutput {
        let spacing = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
        let (head, clicked, ranges) = self.head(ui, list.name(), columns, sort);
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

    fn head(
        &mut self,
        ui: &mut Ui,
        name: &str,
        columns: &[Column<'_>],
        sort: Option<Sort>,
    ) -> (Response, Option<(usize, Modifiers)>, Vec<Rangef>) {
        let size = vec2(ui.available_width(), size::ROW);
        let (rect, mut response) = ui.allocate_exact_size(size, Sense::CLICK);
        let id = ui.make_persistent_id((name, "head"));
        let ranges = self.widths.layout(columns, rect.x_range());
        let mut clicked = None;
        for (i, (column, range)) in columns.iter().zip(&ranges).enumerate() {
            let cell = Rect::from_x_y_ranges(*range, rect.y_range()).intersect(rect);
            let sorted = sort.filter(|sort| sort.column == i);
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

fn head_cell(
    ui: &Ui,
    id: egui::Id,
    cell: Rect,
    (i, column): (usize, &Column<'_>),
    sort: Option<Sort>,
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
    if sort.is_some() {
        inside.max.x -= size::ICON_TEXT + 2.0;
    }
    let words = text::line(
        ui.painter(),
        inside,
        column.align,
        Face::SmallMedium,
        column.title,
        color,
    );
    if let Some(sort) = sort {
        let icon = if sort.descending {
            icons::UNFOLDED
        } else {
            icons::UP
        };
        let at = pos2(words.right() + 2.0 + size::ICON_TEXT / 2.0, cell.center().y);
        icons::paint(ui.painter(), at, icon, size::ICON_TEXT, color);
    }
    response
}

/// The part of a cell that text may use; the first column keeps clear of the tile's edge.
fn padded(cell: Rect, is_first: bool) -> Rect {
    let left = if is_first { size::SIDE } else { size::CELL };
    Rect::from_min_max(
        pos2(cell.left() + left, cell.top()),
        pos2(
            (cell.right() - size::CELL).max(cell.left() + left),
            cell.bottom(),
        ),
    )
}

/// A row whose cells want to be painted.
pub struct Cells<'a, 'b> {
    /// The row itself: its number, state, response and ui.
    pub row: &'a mut Row<'b>,
    columns: &'a [Column<'a>],
    ranges: &'a [Rangef],
}

impl Cells<'_, '_> {
    /// Color of what matters: faint after the playhead.
    #[must_use]
    pub fn color(&self) -> Color32 {
        let t = tokens(&*self.row.ui);
        if self.row.state.future {
            t.text3
        } else {
            t.text
        }
    }

    /// Color of what accompanies: faint after the playhead.
    #[must_use]
    pub fn color2(&self) -> Color32 {
        let t = tokens(&*self.row.ui);
        if self.row.state.future {
            t.text3
        } else {
            t.text2
        }
    }

    /// The part of a cell that text may use.
    #[must_use]
    pub fn rect(&self, column: usize) -> Rect {
        let range = self.ranges.get(column).copied().unwrap_or(Rangef::NOTHING);
        let cell = Rect::from_x_y_ranges(range, self.row.rect.y_range());
        if range == Rangef::NOTHING {
            return Rect::from_min_size(self.row.rect.min, egui::Vec2::ZERO);
        }
        padded(cell, column == 0)
    }

    /// Paints a text, aligned as the column is; returns the space it takes.
    pub fn text(
        &self,
        column: usize,
        face: Face,
        words: impl Into<String>,
        color: Color32,
    ) -> Rect {
        let rect = self.rect(column);
        text::line(
            self.row.ui.painter(),
            rect,
            self.align(column),
            face,
            words,
            color,
        )
    }

    /// Paints data: mono, in the main color.
    pub fn data(&self, column: usize, words: impl Into<String>) -> Rect {
        self.text(column, Face::Data, words, self.color())
    }

    /// Paints data that accompanies: mono, in the second color.
    pub fn data2(&self, column: usize, words: impl Into<String>) -> Rect {
        self.text(column, Face::Data, words, self.color2())
    }

    /// Paints words, in the main color.
    pub fn words(&self, column: usize, words: impl Into<String>) -> Rect {
        self.text(column, Face::Row, words, self.color())
    }

    /// Paints a text of several colors.
    pub fn job(&self, column: usize, job: LayoutJob) -> Rect {
        let rect = self.rect(column);
        text::line_job(self.row.ui.painter(), rect, self.align(column), job)
    }

    /// Paints a swatch and words after it.
    pub fn swatch(&self, column: usize, color: Color32, words: impl Into<String>) -> Rect {
        let rect = self.rect(column);
        let painter = self
            .row
            .ui
            .painter()
            .with_clip_rect(rect.intersect(self.row.ui.clip_rect()));
        let center = rect.left_center() + vec2(size::SWATCH / 2.0, 0.0);
        swatch::paint(&painter, center, color);
        let rest = Rect::from_min_max(
            pos2(rect.left() + size::SWATCH + size::ICON_GAP, rect.top()),
            rect.right_bottom(),
        );
        text::line(&painter, rest, Align::Min, Face::Row, words, self.color())
    }

    fn align(&self, column: usize) -> Align {
        self.columns
            .get(column)
            .map_or(Align::Min, |column| column.align)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> [Column<'static>; 4] {
        [
            Column::new("Position", 90.0).right(),
            Column::new("Type", 120.0),
            Column::new("Data", 60.0).grows(),
            Column::new("Size", 50.0),
        ]
    }

    fn spans(widths: &mut Widths, width: f32) -> Vec<f32> {
        let ranges = widths.layout(&columns(), Rangef::new(10.0, 10.0 + width));
        ranges.iter().map(|range| range.span()).collect()
    }

    #[test]
    fn the_growing_column_takes_the_rest() {
        let mut widths = Widths::default();
        assert_eq!(spans(&mut widths, 500.0), [90.0, 120.0, 240.0, 50.0]);
        assert_eq!(spans(&mut widths, 320.0), [90.0, 120.0, 60.0, 50.0]);
    }

    #[test]
    fn columns_get_narrower_before_they_are_cut() {
        let mut widths = Widths::default();
        assert_eq!(spans(&mut widths, 250.0), [65.0, 80.0, 60.0, 45.0]);
        assert_eq!(spans(&mut widths, 180.0), [40.0, 40.0, 60.0, 40.0]);
        assert_eq!(spans(&mut widths, 100.0), [40.0, 40.0, 20.0, 0.0]);
        assert_eq!(spans(&mut widths, 500.0), [90.0, 120.0, 240.0, 50.0]);
    }

    #[test]
    fn an_edge_moves_the_neighbor_that_does_not_grow() {
        let mut widths = Widths::default();
        spans(&mut widths, 500.0);
        widths.drag(&columns(), 0, 25.0);
        widths.drag(&columns(), 2, 8.0);
        assert_eq!(spans(&mut widths, 500.0), [115.0, 120.0, 223.0, 42.0]);
        widths.drag(&columns(), 1, -500.0);
        assert_eq!(spans(&mut widths, 500.0)[1], LEAST);
        widths.reset(&columns(), 1);
        assert_eq!(spans(&mut widths, 500.0)[1], 120.0);
    }
}
