//! `annals streams`: all streams, sorted by name.

use std::io::Write;

use serde_json::json;

use super::open::CommonArgs;
use super::output::Table;
use crate::event::{Position, StreamId, Timestamp, Version};
use crate::history::{History, StreamSpan};

pub(super) fn run(args: &CommonArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let history = args.open()?;
    let until = args.until(&history)?;
    let log = &history.log;
    let is_asked = |stream: &StreamId| args.which().fits(log, *stream);
    let mut streams: Vec<StreamId> = log.streams().filter(is_asked).collect();
    streams.sort_by_key(|stream| (log.stream_name(*stream), log.category_of(*stream)));
    let spans = streams
        .into_iter()
        .map(|stream| (stream, span(&history, stream, until)));
    let spans: Vec<(StreamId, StreamSpan)> = spans.filter(|(_, span)| span.events > 0).collect();
    if args.json {
        print_json(&history, &spans, out)?;
    } else {
        print_table(&history, &spans, out)?;
    }
    Ok(0)
}

/// What is known of a stream up to a position.
fn span(history: &History, stream: StreamId, until: Option<Position>) -> StreamSpan {
    let log = &history.log;
    let Some(until) = until else {
        return log.stream_span(stream);
    };
    let events = history.events_until(stream, until);
    let n_events = u32::try_from(events.len()).unwrap_or(u32::MAX);
    let times = events.iter().filter_map(|at| log.time(Position(*at)));
    StreamSpan {
        events: n_events,
        first_version: (0..n_events).find_map(|rank| log.version_at_rank(stream, rank)),
        last_version: (0..n_events)
            .rev()
            .find_map(|rank| log.version_at_rank(stream, rank)),
        first_time: times.clone().min(),
        last_time: times.max(),
    }
}

fn time(history: &History, time: Option<Timestamp>) -> Option<String> {
    time.map(|time| time.rfc3339(history.log.time_digits()))
}

fn number(version: Option<Version>) -> Option<i64> {
    version.map(|version| version.0)
}

fn print_json(
    history: &History,
    spans: &[(StreamId, StreamSpan)],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    write!(out, "[")?;
    for (n, (stream, span)) in spans.iter().enumerate() {
        let mut line = json!({
            "stream": history.log.stream_name(*stream),
            "category": history.log.category_of(*stream),
            "events": span.events,
            "first_version": number(span.first_version),
            "last_version": number(span.last_version),
            "first_time": time(history, span.first_time),
            "last_time": time(history, span.last_time),
        });
        if let Some(file) = history.log.file_of(*stream) {
            line["file"] = file.into();
        }
        write!(out, "{}\n{line}", if n > 0 { "," } else { "" })?;
    }
    writeln!(out, "\n]")?;
    Ok(())
}

fn print_table(
    history: &History,
    spans: &[(StreamId, StreamSpan)],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let mut heads = vec![
        "STREAM",
        "CATEGORY",
        ">EVENTS",
        ">FIRST",
        ">LAST",
        "FIRST TIME",
        "LAST TIME",
    ];
    let has_files = spans
        .iter()
        .any(|(stream, _)| history.log.file_of(*stream).is_some());
    heads.extend(has_files.then_some("FILE"));
    let mut table = Table::new(&heads);
    let shown = |version| number(version).map_or_else(String::new, |n| n.to_string());
    for (stream, span) in spans {
        let mut row = vec![
            history.log.stream_name(*stream).to_owned(),
            history.log.category_of(*stream).to_owned(),
            span.events.to_string(),
            shown(span.first_version),
            shown(span.last_version),
            time(history, span.first_time).unwrap_or_default(),
            time(history, span.last_time).unwrap_or_default(),
        ];
        row.extend(history.log.file_of(*stream).map(str::to_owned));
        table.row(&row);
    }
    table.print(out)?;
    Ok(())
}
