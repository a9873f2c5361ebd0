//! The section Population: what there is in numbers.

use super::sources::{Source, within};
use super::{Block, Cell, Column, Fact, Paper, Sheet, Tone};
use crate::audit::{count, counted};
use crate::query::clause;
use crate::report::report::{CategoryRow, Report};

/// How many types, categories and problems are listed.
const MAX_ROWS: usize = 200;

/// The section Population.
pub(super) fn population(paper: &mut Paper, report: &Report) -> Vec<Block> {
    let population = &report.population;
    let n_events = Cell::count(population.events).figure("population.events", "events");
    let n_events = paper.of_all(report, "Events of the period", n_events);
    let streams = format!(
        "{} in {}",
        count(population.streams),
        counted(population.categories, "category")
    );
    let streams = Cell::code(streams).figure("population.streams", "streams");
    let streams = paper.of_all(report, "Events of the period", streams);
    let n =
        |n: u64, id: &str, label: &str| Cell::count(n).figure(format!("population.{id}"), label);
    let facts = vec![
        Fact::new("Events", n_events),
        Fact::new("Streams", streams),
        Fact::new("Types", n(population.types.len() as u64, "types", "types")),
        Fact::new(
            "Stored snapshots",
            n(population.snapshots, "snapshots", "stored snapshots"),
        ),
        Fact::new("Records", n(population.records, "records", "records")),
        Fact::new(
            "Records skipped",
            n(population.records_lost, "skipped", "records skipped"),
        ),
        Fact::new(
            "Without a time",
            n(population.without_time, "untimed", "events without a time"),
        ),
        Fact::new("Reconciliation", reconciliation(report)),
    ];
    let mut blocks = vec![Block::Facts(facts)];
    categories(paper, report, &mut blocks);
    types(paper, report, &mut blocks);
    problems(report, &mut blocks);
    blocks
}

/// Events and skipped records are all records: always of the whole file.
fn reconciliation(report: &Report) -> Cell {
    let population = &report.population;
    let events = report.audit.evidence.events;
    let sum = events + population.records_lost;
    let equation = format!(
        "{} + {} = {}",
        count(events),
        count(population.records_lost),
        count(sum)
    );
    let cell = if sum == population.records {
        Cell::code(equation)
    } else {
        let said = format!("{equation}, the file counts {}", count(population.records));
        Cell::text(said).toned(Tone::Bad)
    };
    cell.figure("population.reconciled", "reconciliation of records")
}

fn categories(paper: &mut Paper, report: &Report, blocks: &mut Vec<Block>) {
    if report.categories.is_empty() {
        return;
    }
    let heading = match report.ask.settings.until {
        Some(position) => format!("Categories as of #{}", count(u64::from(position))),
        None => "Categories".to_owned(),
    };
    blocks.push(Block::Heading(heading));
    let mut sheet = Sheet::new(vec![
        Column::text("Category"),
        Column::number("Streams"),
        Column::number("Events"),
        Column::number("First"),
        Column::number("Last"),
    ]);
    for row in report.categories.iter().take(MAX_ROWS) {
        let name = if row.name.is_empty() {
            "no category"
        } else {
            &row.name
        };
        let streams = Cell::count(row.streams).figure(
            format!("category.{}.streams", row.name),
            format!("streams of {name}"),
        );
        let cells = counted_cells(paper, report, "category", row);
        let mut all = vec![Cell::text(name), streams];
        all.extend(cells);
        sheet.row(all);
    }
    blocks.push(Block::Table(sheet));
    more(report.categories.len(), "category", blocks);
}

fn types(paper: &mut Paper, report: &Report, blocks: &mut Vec<Block>) {
    let types = &report.population.types;
    if types.is_empty() {
        return;
    }
    blocks.push(Block::Heading("Types".to_owned()));
    let mut sheet = Sheet::new(vec![
        Column::text("Type"),
        Column::number("Events"),
        Column::number("First"),
        Column::number("Last"),
    ]);
    for row in types.iter().take(MAX_ROWS) {
        let mut cells = vec![Cell::text(&row.name)];
        cells.extend(counted_cells(paper, report, "type", row));
        sheet.row(cells);
    }
    blocks.push(Block::Table(sheet));
    more(types.len(), "type", blocks);
}

fn more(n: usize, noun: &str, blocks: &mut Vec<Block>) {
    let more = n.saturating_sub(MAX_ROWS) as u64;
    if more > 0 {
        blocks.push(Block::Note(format!("and {} more", counted(more, noun))));
    }
}

/// How many events there are of a category or type, and the first and last of them.
fn counted_cells(paper: &mut Paper, report: &Report, key: &str, row: &CategoryRow) -> [Cell; 3] {
    let source = Source {
        what: format!("Events of {key} {}", row.name),
        filter: within(&clause(key, &row.name), report.period),
        events: row.events,
        first: row.first,
        last: row.last,
    };
    let link = paper.source(source);
    let id = format!("{key}.{}", row.name);
    let n = Cell::count(row.events)
        .linked(link)
        .figure(id, format!("events of {key} {}", row.name));
    [n, paper.event(row.first), paper.event(row.last)]
}

/// What was wrong with the input: how often, why, and where first.
fn problems(report: &Report, blocks: &mut Vec<Block>) {
    let population = &report.population;
    blocks.push(Block::Heading("Problems with the input".to_owned()));
    if population.problems.is_empty() {
        let said = "Every record could be read as it should be";
        blocks.push(Block::Note(said.to_owned()));
        return;
    }
    let mut sheet = Sheet::new(vec![
        Column::text("Kind"),
        Column::narrow("First at"),
        Column::number("Records"),
    ]);
    for (kind, n) in &population.problems {
        let mut items = population.problem_items.iter();
        let first = items.find(|item| item.kind == *kind);
        let (message, place) = first.map_or_else(Default::default, |item| {
            (item.message.clone(), item.place.clone())
        });
        let n = Cell::count(*n).figure(format!("problem.{kind}"), format!("problems: {kind}"));
        sheet.row(vec![Cell::text(kind).sub(message), Cell::text(place), n]);
    }
    blocks.push(Block::Table(sheet));
}
