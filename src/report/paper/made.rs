//! The sections of what was made of events: projections, tables of states, differences; and what was
//! noted by hand.

use super::plots::{line, shown_number};
use super::{Block, Cell, Column, Paper, Sheet, Tone};
use crate::audit::{count, counted};
use crate::report::as_of::AsOfTable;
use crate::report::differences::Explained;
use crate::report::report::Report;
use crate::report::runs::Ran;
use crate::report::text::moment;

/// So many of the events responsible for a change are named.
const MAX_BY: usize = 12;

/// The section Projections.
pub(super) fn projections(paper: &mut Paper, report: &Report) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (nr, ran) in (1..).zip(&report.ran) {
        blocks.push(Block::Heading(ran.name.clone()));
        let id = format!("projection.{nr}");
        if let Some(fault) = &ran.fault {
            let mut sheet = Sheet::new(vec![Column::text("")]);
            sheet.row(vec![Cell::text(fault).toned(Tone::Bad)]);
            blocks.push(Block::Table(sheet));
        }
        if let Some(plot) = &ran.plot {
            blocks.extend(line(paper, plot, &id, report.ask.zone));
        }
        partitions(paper, ran, &id, &mut blocks);
        let handled = counted(ran.processed, "event");
        let mut said = format!(
            "{handled} handled, as of #{}; script {}.",
            count(u64::from(ran.at)),
            ran.name
        );
        for note in &ran.notes {
            said.push(' ');
            said.push_str(note);
            said.push('.');
        }
        blocks.push(Block::Note(said));
    }
    blocks
}

fn partitions(paper: &Paper, ran: &Ran, id: &str, blocks: &mut Vec<Block>) {
    if ran.rows.is_empty() {
        return;
    }
    let mut columns = vec![Column::text("Partition")];
    let values = ran.rows.iter().map(|row| &row.cells);
    columns.extend(value_columns(&ran.columns, &values));
    columns.extend([Column::number("Events"), Column::number("Last")]);
    let mut sheet = Sheet::new(columns);
    for row in &ran.rows {
        let name = if row.name.is_empty() {
            "all events"
        } else {
            &row.name
        };
        let mut cells = vec![Cell::text(name)];
        let values = ran.columns.iter().zip(&row.cells);
        cells.extend(values.map(|(column, value)| {
            shown(value.as_deref()).figure(
                format!("{id}.{}.{column}", row.name),
                format!("{column} of {name} by {}", ran.name),
            )
        }));
        cells.push(Cell::count(row.events));
        cells.push(row.last.map_or_else(Cell::default, |at| paper.event(at)));
        sheet.row(cells);
    }
    blocks.push(Block::Table(sheet));
    more(ran.more_rows, "partition", blocks);
}

/// The heads of columns of values: those that hold only numbers stand to the right.
fn value_columns<'a>(
    names: &[String],
    rows: &(impl Iterator<Item = &'a Vec<Option<String>>> + Clone),
) -> Vec<Column> {
    let column = |(nr, name): (usize, &String)| {
        let mut values = rows
            .clone()
            .filter_map(|row| row.get(nr)?.as_deref())
            .peekable();
        let is_number = values.peek().is_some()
            && values.all(|text| crate::event::Decimal::parse(text).is_some());
        if is_number {
            Column::number(name)
        } else {
            Column::text(name)
        }
    };
    names.iter().enumerate().map(column).collect()
}

pub(super) fn shown(value: Option<&str>) -> Cell {
    match value {
        None => Cell::default(),
        Some(text) if crate::event::Decimal::parse(text).is_some() => shown_number(text),
        Some(text) => Cell::text(text),
    }
}

pub(super) fn more(n: u64, noun: &str, blocks: &mut Vec<Block>) {
    if n > 0 {
        blocks.push(Block::Note(format!("and {} more", counted(n, noun))));
    }
}

/// The section As of.
pub(super) fn tables(paper: &Paper, report: &Report) -> Vec<Block> {
    let mut blocks = Vec::new();
    for table in &report.tables {
        let at = count(u64::from(table.at));
        blocks.push(Block::Heading(format!("{} as of #{at}", table.category)));
        match &table.problem {
            Some(why) => blocks.push(Block::Note(format!("There is no table: {why}"))),
            None => add_table(paper, table, &mut blocks),
        }
    }
    blocks
}

fn add_table(paper: &Paper, table: &AsOfTable, blocks: &mut Vec<Block>) {
    let mut columns = vec![Column::text("Stream")];
    let rows = table.rows.iter().map(|row| &row.cells);
    columns.extend(value_columns(&table.columns, &rows));
    columns.push(Column::number("Last event"));
    let mut sheet = Sheet::new(columns);
    for row in &table.rows {
        let mut cells = vec![Cell::text(&row.stream)];
        let values = table.columns.iter().zip(&row.cells);
        cells.extend(values.map(|(column, value)| {
            shown(value.as_deref()).figure(
                format!("as-of.{}.{}.{column}", table.category, row.stream),
                format!("{column} of {}", row.stream),
            )
        }));
        cells.push(paper.event(row.position));
        sheet.row(cells);
    }
    blocks.push(Block::Table(sheet));
    more(table.more_rows, "stream", blocks);
    more(table.more_columns, "column", blocks);
    blocks.push(Block::Note(format!("States by {}", table.rules)));
}

/// The section Bookmarks and notes: what somebody said, apart from what was found.
pub(super) fn bookmarks(paper: &Paper, report: &Report) -> Vec<Block> {
    let noted = &report.ask.settings.bookmarks;
    if noted.is_empty() {
        return Vec::new();
    }
    let mut sheet = Sheet::new(vec![
        Column::text("Place"),
        Column::text("Event"),
        Column::number("At"),
        Column::number("Time"),
    ]);
    for one in noted {
        let exhibit = report
            .exhibits
            .iter()
            .find(|exhibit| exhibit.position == one.position);
        let (event, time) = exhibit.map_or_else(Default::default, |exhibit| {
            let version = exhibit
                .version
                .map_or_else(String::new, |v| format!(" v{v}"));
            let time = exhibit.time.map(|time| moment(time, report.ask.zone));
            (
                format!("{} of {}{version}", exhibit.event_type, exhibit.stream),
                time.unwrap_or_default(),
            )
        });
        sheet.row(vec![
            Cell::text(&one.name).sub(&one.note),
            Cell::text(event),
            paper.event(one.position),
            Cell::code(time),
        ]);
    }
    let said = "Kept by hand: these are remarks and no findings";
    vec![Block::Table(sheet), Block::Note(said.to_owned())]
}

/// The section Explained differences.
pub(super) fn differences(paper: &Paper, report: &Report) -> Vec<Block> {
    let mut blocks = Vec::new();
    for one in &report.explained {
        let version = |version: Option<i64>| version.map(|version| format!("v{version}"));
        let new = version(one.new_version).unwrap_or_else(|| "the end".to_owned());
        let old = version(one.old_version).unwrap_or_else(|| "the beginning".to_owned());
        blocks.push(Block::Heading(format!(
            "{} from {old} to {new}",
            one.stream
        )));
        if let Some(why) = &one.problem {
            blocks.push(Block::Note(format!("It cannot be explained: {why}")));
            continue;
        }
        if one.changes.is_empty() {
            blocks.push(Block::Note("Nothing is otherwise".to_owned()));
            continue;
        }
        blocks.push(Block::Table(changes(one)));
        more(one.more_changes, "change", &mut blocks);
        blocks.push(Block::Table(steps(paper, one)));
        more(one.more_steps, "event", &mut blocks);
        blocks.push(Block::Note(format!("States by {}", one.rules)));
    }
    blocks
}

fn changes(one: &Explained) -> Sheet {
    let mut sheet = Sheet::new(vec![
        Column::text("Field"),
        Column::text("Before"),
        Column::text("After"),
        Column::text("By"),
    ]);
    for line in &one.changes {
        let named: Vec<String> = line
            .by
            .iter()
            .take(MAX_BY)
            .map(|at| format!("#{at}"))
            .collect();
        let more = line.by.len().saturating_sub(MAX_BY);
        let mut by = named.join(", ");
        if more > 0 {
            by = format!("{by} and {more} more");
        }
        let id = format!("difference.{}.{}", one.stream, line.path);
        let what = format!("{} of {}", line.path, one.stream);
        sheet.row(vec![
            Cell::code(&line.path),
            shown(line.old.as_deref()).figure(format!("{id}.old"), format!("{what} before")),
            shown(line.new.as_deref()).figure(format!("{id}.new"), format!("{what} after")),
            Cell::code(by),
        ]);
    }
    sheet
}

fn steps(paper: &Paper, one: &Explained) -> Sheet {
    let mut sheet = Sheet::new(vec![Column::text("What happened"), Column::number("At")]);
    for told in &one.steps {
        sheet.row(vec![Cell::text(&told.sentence), paper.event(told.position)]);
    }
    sheet
}
