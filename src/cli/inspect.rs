//! `annals inspect`: what a file is, and what was wrong with it.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Map, Value, json};

use super::open::CommonArgs;
use crate::event::{Consumer, Timestamp, visible};
use crate::history::{FileAbout, History};

/// How many problems are listed.
const MAX_LISTED: usize = 100;

pub(super) fn run(args: &CommonArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let history = args.open()?;
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &answer(&history))?;
        writeln!(out)?;
    } else {
        print(&history, out)?;
    }
    Ok(0)
}

fn answer(history: &History) -> Value {
    let about = &history.about;
    let mapping: Map<String, Value> = about
        .mapping
        .iter()
        .map(|(role, column)| (role.clone(), json!(column)))
        .collect();
    let is_asked_for = |file: &FileAbout| {
        file.path
            .as_ref()
            .is_none_or(|path| about.inputs.contains(path))
    };
    let sides: Vec<&str> = about
        .files
        .iter()
        .skip(1)
        .filter(|file| !is_asked_for(file))
        .map(|file| file.name.as_str())
        .collect();
    let items: Vec<_> = history.problems.items().iter().take(MAX_LISTED).collect();
    json!({
        "format": about.format,
        "format_name": about.format_name,
        "container": about.container,
        "events": history.log.len(),
        "streams": history.log.streams().len(),
        "categories": streams_by_category(history),
        "types": events_by_type(history),
        "first_time": shown_time(history, history.log.time_range().map(|range| range.0)),
        "last_time": shown_time(history, history.log.time_range().map(|range| range.1)),
        "snapshots": history.n_snapshots,
        "files": history.about.files.iter().map(|file| &file.name).collect::<Vec<_>>(),
        "consumers": history.consumers.iter().map(consumer).collect::<Vec<_>>(),
        "version_base": history.log.version_base().map(|version| version.0),
        "records": about.n_records,
        "mapping": mapping,
        "guessed": about.guess,
        "opened": {
            "mode": about.opened,
            "bytes": about.files.first().map_or(0, |file| file.bytes),
            "side_files": sides,
        },
        "problems": { "total": history.problems.total(), "items": items },
    })
}

fn consumer(consumer: &Consumer) -> Value {
    json!({
        "table": consumer.table,
        "name": consumer.name,
        "position": consumer.position,
        "behind": consumer.behind,
        "status": consumer.status,
        "updated": consumer.updated,
    })
}

fn streams_by_category(history: &History) -> BTreeMap<&str, u64> {
    let mut counts = BTreeMap::new();
    for stream in history.log.streams() {
        *counts.entry(history.log.category_of(stream)).or_default() += 1;
    }
    counts
}

fn events_by_type(history: &History) -> BTreeMap<&str, u64> {
    let names = history.log.type_names().iter().map(|name| &**name);
    names
        .zip(history.log.type_counts().iter().copied())
        .collect()
}

fn shown_time(history: &History, time: Option<Timestamp>) -> Option<String> {
    time.map(|time| time.rfc3339(history.log.time_digits()))
}

fn print(history: &History, out: &mut dyn Write) -> std::io::Result<()> {
    let about = &history.about;
    let file_bytes = about.files.first().map_or(0, |file| file.bytes);
    writeln!(
        out,
        "{}  {} bytes, {}",
        visible(about.name()),
        file_bytes,
        about.opened
    )?;
    writeln!(
        out,
        "Format      {} ({}, {})",
        about.format_name, about.format, about.container
    )?;
    for file in about.files.iter().skip(1) {
        writeln!(
            out,
            "File        {}  {} bytes",
            visible(&file.name),
            file.bytes
        )?;
    }
    writeln!(out, "Events      {}", history.log.len())?;
    writeln!(out, "Streams     {}", history.log.streams().len())?;
    writeln!(out, "Snapshots   {}", history.n_snapshots)?;
    if let Some((first, last)) = history.log.time_range() {
        let shown = |time| shown_time(history, Some(time)).unwrap_or_default();
        writeln!(out, "Times       {} to {}", shown(first), shown(last))?;
    }
    list(out, "Categories", &streams_by_category(history))?;
    list(out, "Types", &events_by_type(history))?;
    writeln!(out, "Mapping")?;
    for (role, column) in &about.mapping {
        writeln!(out, "  {role:<15} {}", visible(column))?;
    }
    for reason in about.guess.iter().flatten() {
        writeln!(out, "  {}", visible(reason))?;
    }
    for consumer in &history.consumers {
        let behind = match consumer.behind {
            Some(0) => "up to date".to_owned(),
            Some(behind) => format!("{behind} events behind"),
            None => "no telling how far behind".to_owned(),
        };
        writeln!(
            out,
            "Consumer    {} at {} ({}): {behind}",
            visible(&consumer.name),
            visible(&consumer.position),
            visible(&consumer.table)
        )?;
    }
    writeln!(out, "Problems    {}", history.problems.total())?;
    for problem in history.problems.items().iter().take(MAX_LISTED) {
        writeln!(
            out,
            "  {} at {}: {}",
            problem.kind,
            visible(&problem.place),
            visible(&problem.message)
        )?;
        if let Some(excerpt) = &problem.excerpt {
            writeln!(out, "    {excerpt}")?;
        }
    }
    Ok(())
}

fn list(out: &mut dyn Write, title: &str, counts: &BTreeMap<&str, u64>) -> std::io::Result<()> {
    writeln!(out, "{title}")?;
    for (name, count) in counts {
        let name = if name.is_empty() { "(none)" } else { name };
        writeln!(out, "  {count:>10}  {}", visible(name))?;
    }
    Ok(())
}
