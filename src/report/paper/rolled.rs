//! The section Roll-forward.

use super::made::{more, shown};
use super::{Block, Cell, Column, Sheet};
use crate::audit::counted;
use crate::report::report::Report;
use crate::report::rolled::{RolledRow, RolledTable};

/// A table for each number, with the sum of all streams at its end.
pub(super) fn rolled(report: &Report) -> Vec<Block> {
    let mut blocks = Vec::new();
    for table in &report.rolled {
        let (field, category) = (&table.field, &table.category);
        blocks.push(Block::Heading(format!("{field} of {category}")));
        match &table.problem {
            Some(why) => blocks.push(Block::Note(format!("There is no table: {why}"))),
            None => add_table(table, &mut blocks),
        }
    }
    blocks
}

fn add_table(table: &RolledTable, blocks: &mut Vec<Block>) {
    let mut columns = vec![Column::text("Stream"), Column::number("Opening")];
    columns.extend(table.types.iter().map(|name| Column::number(name)));
    columns.push(Column::number("Closing"));
    let mut sheet = Sheet::new(columns);
    for row in table.rows.iter().chain(&table.total) {
        sheet.row(cells(table, row));
    }
    blocks.push(Block::Table(sheet));
    more(table.more_rows, "stream", blocks);
    if table.left_out > 0 {
        blocks.push(Block::Note(format!(
            "{} in no sum: what stood there was no number",
            counted(table.left_out, "stream")
        )));
    }
    blocks.push(Block::Note(format!(
        "From before the first event of the period to after its last; states by {}",
        table.rules
    )));
}

fn cells(table: &RolledTable, row: &RolledRow) -> Vec<Cell> {
    let figure = |value: &Option<String>, what: &str| {
        shown(value.as_deref()).figure(
            format!(
                "roll-forward.{}.{}.{}.{what}",
                table.category, table.field, row.name
            ),
            format!("{what} of {} of {}", table.field, row.name),
        )
    };
    let mut cells = vec![Cell::text(&row.name), figure(&row.opening, "opening")];
    let moved = table.types.iter().zip(&row.moved);
    cells.extend(moved.map(|(name, value)| figure(value, name)));
    cells.push(figure(&row.closing, "closing"));
    cells
}
