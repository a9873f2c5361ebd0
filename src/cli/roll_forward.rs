//! `annals rollforward`: what a number was at one point, what moved it, and what it was at another.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::open::CommonArgs;
use super::output::Table;
use super::sheet::SheetArgs;
use super::state::reducer;
use super::table::{category_named, paths};
use crate::event::json::{Json, JsonPath, Object};
use crate::event::{Decimal, Position};
use crate::export::{RolledBy, roll_forward_sheet};
use crate::fold::Folder;
use crate::history::EventLog;
use crate::projection::{RollForward, RollForwardAsk, Rolled};

/// Which number is rolled forward, and between which points.
#[derive(Debug, Args)]
pub(super) struct RollForwardArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// The number: a field of the state, such as balance or totals.net
    #[arg(long, value_name = "PATH")]
    field: String,
    /// The opening value is the one after this point: #861204, a time, or the end of a day; before all
    /// events without it
    #[arg(long, value_name = "POINT")]
    from: Option<String>,
    /// The closing value is the one after this point; the last without it
    #[arg(long, value_name = "POINT")]
    to: Option<String>,
    /// Rules that say what events mean; without them payloads are merged
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// What the rows of --csv and -o are
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "stream",
        hide_default_value = true
    )]
    per: Per,
    #[command(flatten)]
    sheet: SheetArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Per {
    Stream,
    Category,
}

pub(super) fn run(args: &RollForwardArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let reducer = reducer(args.rules.as_ref(), args.common.is_sample())?;
    let path = path(&args.field)?;
    let history = args.common.open()?;
    let log = &history.log;
    let point = |text: &Option<String>| {
        let text = text.as_deref();
        text.map(|text| args.common.position(text, &history))
            .transpose()
    };
    let named = args.common.category.as_deref();
    let ask = RollForwardAsk {
        path,
        from: point(&args.from)?,
        to: point(&args.to)?,
        category: named.map(|name| category_named(name, log)).transpose()?,
    };
    if let (Some(from), Some(to)) = (ask.from, ask.to)
        && from > to
    {
        bail!("--from is {from} and lies behind --to, which is {to}");
    }
    let folder = Folder::new(Arc::clone(&history), reducer);
    let rolled = RollForward::of(&folder, &ask, &super::stop::is_stopped, &|_| {})?;
    let by = match args.per {
        Per::Stream => RolledBy::Stream,
        Per::Category => RolledBy::Category,
    };
    let sheet = || roll_forward_sheet(log, &rolled, by);
    if args.sheet.take(sheet, &args.common, &history, out)? {
        return Ok(0);
    }
    if args.common.json {
        writeln!(out, "{}", json(&folder, &ask, &rolled))?;
    } else {
        print(log, &folder, &rolled, out)?;
    }
    Ok(0)
}

/// One field.
fn path(text: &str) -> anyhow::Result<JsonPath> {
    let mut paths = paths(text)?;
    match (paths.pop(), paths.is_empty()) {
        (Some(path), true) => Ok(path),
        _ => bail!("--field names one field, such as balance"),
    }
}

fn text(text: &str) -> Json {
    Json::Text(text.into())
}

fn number(number: Option<Decimal>) -> Json {
    number.map_or(Json::Null, |number| Json::Number(number.to_string().into()))
}

fn count(count: usize) -> Json {
    Json::Number(count.to_string().into())
}

fn json(folder: &Folder, ask: &RollForwardAsk, rolled: &RollForward) -> Json {
    let log = &folder.history().log;
    let mut answer = Object::default();
    answer.push("field".into(), text(&ask.path.to_string()));
    answer.push("from".into(), point(folder, ask.from));
    answer.push("to".into(), point(folder, ask.to.or_else(|| log.last())));
    answer.push("rules".into(), text(folder.reducer().name()));
    let streams = rolled.streams.iter().map(|row| {
        let mut one = Object::default();
        one.push("stream".into(), text(log.stream_name(row.stream)));
        one.push("category".into(), text(log.category_of(row.stream)));
        if let Some(file) = log.file_of(row.stream) {
            one.push("file".into(), text(file));
        }
        add(log, Some(&row.rolled), rolled, &mut one);
        Json::Object(one)
    });
    answer.push("streams".into(), Json::Array(streams.collect()));
    let categories = rolled.categories.iter().map(|group| {
        let mut one = Object::default();
        let name = group
            .category
            .and_then(|id| log.category_names().get(id.index()));
        one.push("category".into(), text(name.map_or("", |name| name)));
        one.push("streams".into(), count(group.n_streams));
        add(log, group.rolled.as_ref(), rolled, &mut one);
        Json::Object(one)
    });
    answer.push("categories".into(), Json::Array(categories.collect()));
    let total = rolled.total.as_ref().map_or(Json::Null, |group| {
        let mut one = Object::default();
        one.push("streams".into(), count(group.n_streams));
        add(log, group.rolled.as_ref(), rolled, &mut one);
        Json::Object(one)
    });
    answer.push("total".into(), total);
    let left_out = rolled.left_out.iter().map(|(stream, why)| {
        let mut one = Object::default();
        one.push("stream".into(), text(log.stream_name(*stream)));
        one.push("why".into(), text(why));
        Json::Object(one)
    });
    answer.push("left_out".into(), Json::Array(left_out.collect()));
    Json::Object(answer)
}

/// A point: its position and time; null before all events.
fn point(folder: &Folder, at: Option<Position>) -> Json {
    let Some(at) = at else {
        return Json::Null;
    };
    let mut point = Object::default();
    point.push("position".into(), Json::Number(at.0.to_string().into()));
    let time = folder.exact_time(at);
    let time = time.map_or(Json::Null, |(time, digits)| text(&time.rfc3339(digits)));
    point.push("time".into(), time);
    Json::Object(point)
}

fn add(log: &EventLog, row: Option<&Rolled>, rolled: &RollForward, one: &mut Object) {
    one.push("opening".into(), number(row.and_then(|row| row.opening)));
    let mut movements = Object::default();
    for kind in &rolled.types {
        if let Some(moved) = row.and_then(|row| row.movements.get(kind)) {
            movements.push(log.type_name(*kind).into(), number(Some(*moved)));
        }
    }
    one.push("movements".into(), Json::Object(movements));
    one.push("closing".into(), number(row.and_then(|row| row.closing)));
    if row.is_none() {
        one.push("error".into(), text("a sum has over 38 digits"));
    }
}

fn print(
    log: &EventLog,
    folder: &Folder,
    rolled: &RollForward,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    writeln!(out, "{}", folder.reducer().label())?;
    let mut heads = vec!["STREAM".to_owned(), ">OPENING".into()];
    heads.extend(
        rolled
            .types
            .iter()
            .map(|kind| format!(">{}", log.type_name(*kind))),
    );
    heads.push(">CLOSING".into());
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = Table::new(&heads);
    for row in &rolled.streams {
        let name = log.stream_name(row.stream).to_owned();
        table.row(&cells(name, Some(&row.rolled), rolled));
    }
    for group in &rolled.categories {
        let name = group
            .category
            .and_then(|id| log.category_names().get(id.index()));
        let name = format!("{} of {}", group.n_streams, name.map_or("", |name| name));
        table.row(&cells(name, group.rolled.as_ref(), rolled));
    }
    if let Some(group) = &rolled.total {
        let name = format!("total of {}", group.n_streams);
        table.row(&cells(name, group.rolled.as_ref(), rolled));
    }
    table.print(out)?;
    for (stream, why) in &rolled.left_out {
        let name = crate::event::visible(log.stream_name(*stream));
        writeln!(out, "left out: {name}: {}", crate::event::visible(why))?;
    }
    Ok(())
}

fn cells(name: String, row: Option<&Rolled>, rolled: &RollForward) -> Vec<String> {
    let number = |number: Option<Decimal>| number.map_or_else(String::new, |one| one.to_string());
    let mut cells = vec![name, number(row.and_then(|row| row.opening))];
    let types = rolled.types.iter();
    cells.extend(types.map(|kind| number(row.and_then(|row| row.movements.get(kind).copied()))));
    cells.push(number(row.and_then(|row| row.closing)));
    cells
}
