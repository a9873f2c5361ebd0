//! `annals events`: events in order; with `--json` in the exchange format.

use std::io::Write;
use std::sync::Arc;

use super::EventsArgs;
use super::open::{CommonArgs, source_of};
use super::output::{Table, preview};
use crate::event::{EventDetail, Payload, Place, Position, ReadError, Want};
use crate::fold::Branch;
use crate::history::{EventLog, History};
use crate::ingest::{Shown, write_exchange_line};
use crate::job;

/// How many events are read at once.
const PAGE: usize = 1024;

pub(super) fn run(args: &EventsArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let history = args.common.open()?;
    let mut positions = chosen(&args.common, args.stream.as_deref(), &history)?;
    if let Some(filter) = &args.filter {
        let rules = super::state::reducer(args.rules.as_ref(), args.common.is_sample())?;
        let found = super::filter::matching(filter, &args.common, &history, Some(rules))?;
        positions.retain(|at| found.binary_search(at).is_ok());
    }
    if args.reverse {
        positions.reverse();
    }
    positions.truncate(args.limit.unwrap_or(usize::MAX));
    if args.common.json {
        print_json(args, &history, &positions, out)?;
    } else {
        print_table(&history, &positions, out)?;
    }
    if args.follow {
        follow(args, &history, out)?;
    }
    Ok(0)
}

/// Prints what comes, until the file cannot be followed any longer.
fn follow(args: &EventsArgs, history: &Arc<History>, out: &mut dyn Write) -> anyhow::Result<()> {
    out.flush()?;
    let (source, options) = (source_of(&args.common.files), args.common.options()?);
    let mut printed = Ok(());
    let is_asked = |log: &EventLog, at: &u32| {
        let stream = log.stream(Position(*at));
        let category = args.common.category.as_deref();
        args.stream
            .as_deref()
            .is_none_or(|name| log.stream_name(stream) == name)
            && category.is_none_or(|name| log.category_of(stream) == name)
    };
    let mut print = |history: &History, n_before: usize| {
        let new = (0..).take(history.log.len()).skip(n_before);
        let new: Vec<u32> = new.filter(|at| is_asked(&history.log, at)).collect();
        printed = print_json(args, history, &new, out).and_then(|()| Ok(out.flush()?));
        printed.is_ok()
    };
    let ended = job::follow(
        history,
        &source,
        &options,
        &super::stop::progress(),
        &mut print,
    );
    printed?;
    let file = args.common.files.first();
    let file = file.map_or_else(String::new, |file| file.display().to_string());
    ended.map_err(|error| anyhow::anyhow!("{error}\nFile: {file}"))
}

/// The positions that the options ask for, rising.
pub(super) fn chosen(
    common: &CommonArgs,
    stream: Option<&str>,
    history: &History,
) -> anyhow::Result<Vec<u32>> {
    let log = &history.log;
    let which = common.which();
    let known = common.known(history)?;
    let end = known
        .map(|known| known.position)
        .or_else(|| log.last())
        .map_or(0, |last| last.0 + 1);
    let mut positions: Vec<u32> = if let Some(name) = stream {
        let events = log.events_of(log.find_stream(name, which)?);
        events.iter().copied().take_while(|at| *at < end).collect()
    } else {
        let is_asked = |at: &u32| {
            let position = Position(*at);
            let own_category = || log.category_of(log.stream(position));
            which.category.is_none_or(|asked| own_category() == asked)
                && which
                    .file
                    .is_none_or(|asked| log.file_of_event(position) == Some(asked))
        };
        (0..end).filter(is_asked).collect()
    };
    if let Some(time) = known.and_then(|known| known.occurred) {
        let by_then = Branch::known_of(time);
        positions.retain(|at| !by_then.leaves_out(log, Position(*at)));
    }
    Ok(positions)
}

/// Reads events page by page and hands them over in order.
fn each_event(
    history: &History,
    positions: &[u32],
    want: Want,
    mut each: impl FnMut(Position, Result<EventDetail, ReadError>) -> std::io::Result<()>,
) -> std::io::Result<()> {
    for page in positions.chunks(PAGE) {
        let places: Vec<Place> = page
            .iter()
            .map(|at| history.log.place(Position(*at)))
            .collect();
        let mut done = Ok(());
        history.reader.read(&places, want, &mut |n, event| {
            done = each(Position(page.get(n).copied().unwrap_or_default()), event);
            done.is_ok()
        });
        done?;
    }
    Ok(())
}

fn print_json(
    args: &EventsArgs,
    history: &History,
    positions: &[u32],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let (want, shown) = if args.raw {
        (Want::All, Shown::Stored)
    } else {
        (Want::Presented, Shown::Presented)
    };
    let mut line = String::new();
    each_event(history, positions, want, |position, event| {
        line.clear();
        write_exchange_line(&history.log, position, &event, shown, &mut line);
        out.write_all(line.as_bytes())
    })?;
    Ok(())
}

fn print_table(history: &History, positions: &[u32], out: &mut dyn Write) -> anyhow::Result<()> {
    let log = &history.log;
    let mut table = Table::new(&[">POSITION", "TIME", "STREAM", ">VERSION", "TYPE", "DATA"]);
    each_event(history, positions, Want::Presented, |position, event| {
        let version = log.version(position);
        let (time, data) = match event {
            Ok(event) => (event.time, payload_text(&event.data)),
            Err(error) => (None, error.0),
        };
        table.row(&[
            position.0.to_string(),
            time.map_or_else(String::new, |(time, digits)| time.rfc3339(digits)),
            preview(log.stream_name(log.stream(position)), 48),
            version.map_or_else(String::new, |version| version.0.to_string()),
            preview(log.type_name(log.event_type(position)), 48),
            preview(&data, 80),
        ]);
        Ok(())
    })?;
    table.print(out)?;
    Ok(())
}

fn payload_text(payload: &Payload) -> String {
    match payload {
        Payload::Missing => String::new(),
        Payload::Json(text) | Payload::Text(text) => text.to_string(),
        Payload::Bytes(bytes) => format!("({} bytes)", bytes.len()),
    }
}
