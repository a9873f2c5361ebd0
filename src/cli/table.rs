//! `annals table`: the state of every stream of a category at a point.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use clap::Args;

use super::open::{CommonArgs, known_folder};
use super::output::{Table, preview};
use super::state::reducer;
use crate::event::json::{Json, JsonPath, Object, Step, parse};
use crate::event::{CategoryId, Decimal, Position, StreamId};
use crate::export::{name_of, states_sheet};
use crate::fold::{Folder, StateTable, TableQuestion, TableRow};
use crate::history::{EventLog, History};
use crate::query::RowFilter;

/// How many characters a value has in the table for people.
const MAX_CELL: usize = 40;

/// Which table is asked for.
#[derive(Debug, Args)]
pub(super) struct TableArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// Fields of the state, such as balance,shipment.carrier; all at its top without
    #[arg(long, value_name = "PATH,PATH")]
    columns: Option<String>,
    /// Rules that say what events mean; without them payloads are merged
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// Only streams whose state holds this: status=Shipped total>100
    #[arg(long = "where", value_name = "EXPR")]
    filter: Option<String>,
    #[command(flatten)]
    sheet: super::sheet::SheetArgs,
}

pub(super) fn run(args: &TableArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let reducer = reducer(args.rules.as_ref(), args.common.is_sample())?;
    let columns = args.columns.as_deref().map(paths).transpose()?;
    let history = args.common.open()?;
    let log = &history.log;
    let category = category(args, log)?;
    let known = args.common.known(&history)?;
    let until = known.map(|known| known.position).or_else(|| log.last());
    let question = TableQuestion {
        category,
        columns,
        until,
    };
    let folder = known_folder(Folder::new(Arc::clone(&history), reducer), known);
    let table = StateTable::of(&folder, &question, &super::stop::is_stopped, &|_| {})?;
    let mut rows = table.as_of(log, until.unwrap_or(Position(0)));
    if let Some(text) = &args.filter {
        let wanted = streams_that_hold(text, args, &folder, &question)?;
        rows.retain(|row| wanted.contains(&row.stream));
    }
    if let Some(file) = &args.common.file {
        rows.retain(|row| log.file_of(row.stream) == Some(file.as_str()));
    }
    let sheet = || states_sheet(log, table.columns(), &rows);
    if args.sheet.take(sheet, &args.common, &history, out)? {
        return Ok(0);
    }
    if args.common.json {
        print_json(&history, &table, &rows, out)?;
    } else {
        print_table(&folder, &table, &rows, out)?;
    }
    Ok(0)
}

/// The streams whose whole state at the point holds a condition.
fn streams_that_hold(
    text: &str,
    args: &TableArgs,
    folder: &Folder,
    question: &TableQuestion,
) -> anyhow::Result<BTreeSet<StreamId>> {
    let history = folder.history();
    let context = super::filter::context(&args.common, history)?;
    let filter = RowFilter::parse(text, &context)
        .map_err(|error| super::filter::explained("--where", text, &error))?;
    let whole = TableQuestion {
        columns: None,
        ..question.clone()
    };
    let table = StateTable::of(folder, &whole, &super::stop::is_stopped, &|_| {})?;
    let log = &history.log;
    let at = question.until.unwrap_or(Position(0));
    let rows = table.as_of(log, at).into_iter();
    let holds = |row: &TableRow<'_>| {
        let state = state_of(&table, row);
        filter.holds(
            log.stream_name(row.stream),
            log.category_of(row.stream),
            &state,
        )
    };
    Ok(rows.filter(holds).map(|row| row.stream).collect())
}

/// The state that a row of all members at the top stands for.
fn state_of(table: &StateTable, row: &TableRow<'_>) -> Json {
    let mut state = Object::default();
    for (column, cell) in table.columns().iter().zip(&row.cells) {
        let value = cell.and_then(|cell| parse(cell.as_bytes()).ok());
        if let (Some(Step::Key(key)), Some(value)) = (column.0.first(), value) {
            state.push(key.clone(), value);
        }
    }
    Json::Object(state)
}

/// The paths of `balance,shipment.carrier`; a comma in double quotes belongs to a name.
pub(super) fn paths(text: &str) -> anyhow::Result<Vec<JsonPath>> {
    let mut parts = vec![String::new()];
    let (mut is_quoted, mut is_escaped) = (false, false);
    for c in text.chars() {
        match c {
            ',' if !is_quoted => {
                parts.push(String::new());
                continue;
            }
            '"' if !is_escaped => is_quoted = !is_quoted,
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    let read = |part: &String| {
        let path = JsonPath::parse(part.trim()).filter(|path| !path.0.is_empty());
        path.ok_or_else(|| anyhow::anyhow!("{part:?} is no field, such as shipment.lines[0].sku"))
    };
    parts.iter().map(read).collect()
}

fn category(args: &TableArgs, log: &EventLog) -> anyhow::Result<CategoryId> {
    match &args.common.category {
        Some(wanted) => category_named(wanted, log),
        None => bail!("name a category with --category; there are {}", some(log)),
    }
}

/// The category of that name.
pub(super) fn category_named(wanted: &str, log: &EventLog) -> anyhow::Result<CategoryId> {
    let mut names = log.category_names().iter();
    let found = names.position(|name| **name == *wanted);
    match found.and_then(|nr| u32::try_from(nr).ok()) {
        Some(nr) => Ok(CategoryId(nr)),
        None => bail!(
            "no stream is of category {wanted:?}; there are {}",
            some(log)
        ),
    }
}

/// Some names of categories.
fn some(log: &EventLog) -> String {
    let names = log.category_names().iter();
    let known: Vec<&str> = names.map(|name| &**name).take(12).collect();
    known.join(", ")
}

fn print_json(
    history: &History,
    table: &StateTable,
    rows: &[TableRow<'_>],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let text = |text: &str| Json::Text(text.into());
    write!(out, "[")?;
    for (nr, row) in rows.iter().enumerate() {
        let comma = if nr > 0 { "," } else { "" };
        let stream = text(history.log.stream_name(row.stream));
        let version = row
            .version
            .map_or_else(|| "null".to_owned(), |version| version.0.to_string());
        write!(
            out,
            "{comma}\n{{\"stream\":{stream},\"version\":{version},\"position\":{},\"columns\":{{",
            row.position.0
        )?;
        let cells = table.columns().iter().zip(&row.cells);
        let present = cells.filter_map(|(column, cell)| Some((column, (*cell)?)));
        for (nr, (column, value)) in present.enumerate() {
            let comma = if nr > 0 { "," } else { "" };
            write!(out, "{comma}{}:{value}", text(&name_of(column)))?;
        }
        write!(out, "}}")?;
        if let Some(file) = history.log.file_of(row.stream) {
            write!(out, ",\"file\":{}", text(file))?;
        }
        write!(out, "}}")?;
    }
    writeln!(out, "\n]")?;
    Ok(())
}

/// A value for people: texts without quotes, all else as JSON.
fn plain(value: &str) -> String {
    match parse(value.as_bytes()) {
        Ok(Json::Text(text)) => text.into(),
        _ => value.to_owned(),
    }
}

fn print_table(
    folder: &Folder,
    table: &StateTable,
    rows: &[TableRow<'_>],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let log = &folder.history().log;
    writeln!(out, "{}", folder.reducer().label())?;
    let sums: Vec<Option<Decimal>> = (0..table.columns().len())
        .map(|column| sum(rows, column))
        .collect();
    let mut heads = vec!["STREAM".to_owned(), ">VERSION".into(), ">POSITION".into()];
    for (column, sum) in table.columns().iter().zip(&sums) {
        let align = if sum.is_some() { ">" } else { "" };
        heads.push(format!("{align}{}", name_of(column)));
    }
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut shown = Table::new(&heads);
    for row in rows {
        let version = row.version.map(|version| version.0.to_string());
        let mut cells = vec![
            log.stream_name(row.stream).to_owned(),
            version.unwrap_or_default(),
            row.position.0.to_string(),
        ];
        let values = row.cells.iter();
        cells.extend(
            values.map(|cell| cell.map_or_else(String::new, |v| preview(&plain(v), MAX_CELL))),
        );
        shown.row(&cells);
    }
    if sums.iter().any(Option::is_some) {
        let mut total = vec![
            format!("total of {}", rows.len()),
            String::new(),
            String::new(),
        ];
        total.extend(
            sums.iter()
                .map(|sum| sum.map_or_else(String::new, |sum| sum.to_string())),
        );
        shown.row(&total);
    }
    shown.print(out)?;
    Ok(())
}

/// The exact sum of a column whose values are all numbers; `None` where one is not, where there is
/// none, and where the sum has over 38 digits.
fn sum(rows: &[TableRow<'_>], column: usize) -> Option<Decimal> {
    let mut values = rows
        .iter()
        .filter_map(|row| *row.cells.get(column)?)
        .peekable();
    values.peek()?;
    values.try_fold(Decimal::ZERO, |sum, value| {
        let is_number = value.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        sum.checked_add(Decimal::parse(value).filter(|_| is_number)?)
    })
}
