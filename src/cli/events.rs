//! `annals events`: events in order; with `--json` in the exchange format.

use std::io::Write;

use super::EventsArgs;
use super::output::{Table, preview};
use crate::event::{EventDetail, Payload, Place, Position, ReadError, Want};
use crate::history::History;
use crate::ingest::{Shown, write_exchange};

/// How many events are read at once.
const PAGE: usize = 1024;

pub(super) fn run(args: &EventsArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let history = args.common.open()?;
    let positions = chosen(args, &history)?;
    if args.common.json {
        print_json(args, &history, &positions, out)?;
    } else {
        print_table(&history, &positions, out)?;
    }
    Ok(0)
}

/// The positions asked for, in the order in which they are printed.
fn chosen(args: &EventsArgs, history: &History) -> anyhow::Result<Vec<u32>> {
    let log = &history.log;
    let category = args.common.category.as_deref();
    let end = args.common.until(history)?.or_else(|| log.last()).map_or(0, |last| last.0 + 1);
    let mut positions: Vec<u32> = match &args.stream {
        Some(name) => {
            let events = log.events_of(log.find_stream(name, category)?);
            events.iter().copied().take_while(|at| *at < end).collect()
        }
        None => {
            let is_asked = |at: &u32| {
                category.is_none_or(|asked| log.category_of(log.stream(Position(*at))) == asked)
            };
            (0..end).filter(is_asked).collect()
        }
    };
    if args.reverse {
        positions.reverse();
    }
    positions.truncate(args.limit.unwrap_or(usize::MAX));
    Ok(positions)
}

/// Reads events page by page and hands them over in order.
fn each_event(
    history: &History,
    positions: &[u32],
    want: Want,
    mut each: impl FnMut(Position, &EventDetail) -> std::io::Result<()>,
) -> anyhow::Result<()> {
    for page in positions.chunks(PAGE) {
        let places: Vec<Place> = page.iter().map(|at| history.log.place(Position(*at))).collect();
        let mut failure: Option<anyhow::Error> = None;
        history.reader.read(&places, want, &mut |n, event: Result<EventDetail, ReadError>| {
            let position = Position(page.get(n).copied().unwrap_or_default());
            let done = event.map_err(anyhow::Error::from).and_then(|event| each(position, &event).map_err(Into::into));
            failure = done.err();
            failure.is_none()
        });
        if let Some(error) = failure {
            return Err(error);
        }
    }
    Ok(())
}

fn print_json(args: &EventsArgs, history: &History, positions: &[u32], out: &mut dyn Write) -> anyhow::Result<()> {
    let (want, shown) = if args.raw { (Want::All, Shown::Stored) } else { (Want::Presented, Shown::Presented) };
    let mut line = String::new();
    each_event(history, positions, want, |position, event| {
        line.clear();
        write_exchange(&history.log, position, event, shown, &mut line);
        line.push('\n');
        out.write_all(line.as_bytes())
    })
}

fn print_table(history: &History, positions: &[u32], out: &mut dyn Write) -> anyhow::Result<()> {
    let log = &history.log;
    let mut table = Table::new(&[">POSITION", "TIME", "STREAM", ">VERSION", "TYPE", "DATA"]);
    each_event(history, positions, Want::Presented, |position, event| {
        table.row(&[
            position.0.to_string(),
            event.time.map_or_else(String::new, |(time, digits)| time.rfc3339(digits)),
            preview(log.stream_name(log.stream(position)), 48),
            log.version(position).map_or_else(String::new, |version| version.0.to_string()),
            preview(log.type_name(log.event_type(position)), 48),
            preview(&payload_text(&event.data), 80),
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
