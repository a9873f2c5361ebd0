//! `annals project`: what a projection makes of a history, up to a point.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;

use super::FAILED;
use super::open::CommonArgs;
use super::output::{Table, preview};
use super::project_compare;
use crate::event::visible;
use crate::projection::{Ask, Ended, OnError, Run, check, run as run_projection};

/// Which projection is run, and how.
#[derive(Debug, Args)]
pub(super) struct ProjectArgs {
    /// The script in the projection language stands last: FILE… SCRIPT.js
    #[command(flatten)]
    common: CommonArgs,
    /// The projection's name, which is part of the names of its streams; the script's name otherwise
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// To emit is an error
    #[arg(long)]
    no_emit: bool,
    /// How long the script may take for each event
    #[arg(long, value_name = "N", default_value_t = 250)]
    call_timeout_ms: u64,
    /// How long the script may take to be read
    #[arg(long, value_name = "N", default_value_t = 500)]
    compile_timeout_ms: u64,
    /// Events that are marked as JSON and are none are handed to the script, too
    #[arg(long)]
    no_content_type_validation: bool,
    /// A projection that is built into the server, instead of a script: `$by_category` and so on
    #[arg(long, value_name = "KIND")]
    system: Option<String>,
    /// Its source text
    #[arg(long, value_name = "TEXT", requires = "system")]
    system_config: Option<String>,
    /// An event that the script fails on is passed by, and the answer says so
    #[arg(long)]
    skip_errors: bool,
    /// Another version of the script: where do their results part ways? Exit code 1 if they do. Tells
    /// the first event after which they differ, and each partition that does, with both values
    #[arg(long, value_name = "OTHER.js", conflicts_with_all = ["series", "system"])]
    compare: Option<PathBuf>,
    #[command(flatten)]
    series: super::project_series::SeriesArgs,
}

pub(super) fn run(args: &ProjectArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let (common, mut ask) = ask(args)?;
    if args.series.wants_sheet() && !args.series.is_wanted() {
        bail!("--csv and -o write a series; say which with --series total");
    }
    // A projection that cannot be used is told before a large file is read.
    if let Err(refused) = check(&ask) {
        return answer(&common, &refused, out);
    }
    let mut other = match &args.compare {
        Some(script) => Some(project_compare::other(&ask, script)?),
        None => None,
    };
    if let Some(Err(refused)) = other.as_ref().map(check) {
        return answer(&common, &refused, out);
    }
    let history = common.open()?;
    ask.until = common.until(&history)?;
    if let Some(other) = &mut other {
        other.until = ask.until;
        return project_compare::print(&common, [&ask, other], &history, out);
    }
    if args.series.is_wanted() {
        args.series.print(&ask, &history, &common, out)?;
        return Ok(0);
    }
    let run = run_projection(
        &ask,
        &history.log,
        &*history.reader,
        &mut super::stop::Looking,
    );
    answer(&common, &run, out)
}

/// What is asked for, and the files without the script.
fn ask(args: &ProjectArgs) -> anyhow::Result<(CommonArgs, Ask)> {
    let mut common = args.common.clone();
    let mut ask = if let Some(kind) = &args.system {
        Ask::system(kind, args.system_config.as_deref())
    } else if let Some(script) = common.files.pop() {
        script_ask(&script)?
    } else {
        bail!("name a script after the files, or a built-in projection with --system");
    };
    if let Some(name) = &args.name {
        ask.name.clone_from(name);
    }
    ask.emits = !args.no_emit;
    ask.limits.call = Duration::from_millis(args.call_timeout_ms);
    ask.limits.compile = Duration::from_millis(args.compile_timeout_ms);
    ask.checks_content = !args.no_content_type_validation;
    if args.skip_errors {
        ask.on_error = OnError::Skip;
    }
    Ok((common, ask))
}

pub(super) fn script_ask(path: &Path) -> anyhow::Result<Ask> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the script {} cannot be read", path.display()))?;
    let part =
        |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
    let file = part(path.file_name()).unwrap_or_default();
    let mut ask = Ask::script(&file, &text);
    ask.name = part(path.file_stem()).unwrap_or_default();
    Ok(ask)
}

fn answer(common: &CommonArgs, run: &Run, out: &mut dyn Write) -> anyhow::Result<u8> {
    if common.json {
        writeln!(out, "{}", run.to_json())?;
    } else {
        print(run, out)?;
    }
    Ok(if run.ended == Ended::Faulted {
        FAILED
    } else {
        0
    })
}

/// The answer for people: what stopped it, then partitions, then what was written.
fn print(run: &Run, out: &mut dyn Write) -> anyhow::Result<()> {
    if let Some(fault) = &run.fault {
        let at = fault
            .position
            .map_or_else(String::new, |at| format!(" at {at}"));
        let line = fault
            .line
            .map_or_else(String::new, |line| format!(", line {line}"));
        writeln!(out, "faulted{at}{line}: {}", visible(&fault.message))?;
    }
    writeln!(out, "{} events handled", run.processed)?;
    if run.n_skipped > 0 {
        writeln!(
            out,
            "{} events skipped, as the script failed on them",
            run.n_skipped
        )?;
        for skipped in run.skipped.iter().take(10) {
            writeln!(out, "  {}: {}", skipped.position, visible(&skipped.message))?;
        }
    }
    for said in &run.unrepeatable {
        writeln!(out, "note: {}", visible(said))?;
    }
    print_partitions(run, out)?;
    print_written(run, out)?;
    for line in &run.log {
        writeln!(out, "log: {}", visible(line))?;
    }
    Ok(())
}

fn print_partitions(run: &Run, out: &mut dyn Write) -> anyhow::Result<()> {
    let differs = run
        .partitions
        .iter()
        .any(|one| one.result() != one.state.as_deref());
    let headings: &[&str] = if differs {
        &["PARTITION", ">EVENTS", "STATE", "RESULT"]
    } else {
        &["PARTITION", ">EVENTS", "STATE"]
    };
    let mut partitions: Vec<_> = run.partitions.iter().collect();
    partitions.sort_by(|a, b| a.name.cmp(&b.name));
    let mut table = Table::new(headings);
    for one in partitions {
        let shown = |text: Option<&str>| text.map_or_else(String::new, |text| preview(text, 160));
        let mut row = vec![
            preview(&one.name, 48),
            one.n_events.to_string(),
            shown(one.state.as_deref()),
        ];
        if differs {
            row.push(shown(one.result()));
        }
        table.row(&row);
    }
    if !run.partitions.is_empty() {
        writeln!(out)?;
        table.print(out)?;
    }
    Ok(())
}

fn print_written(run: &Run, out: &mut dyn Write) -> anyhow::Result<()> {
    if !run.emitted.is_empty() {
        writeln!(out)?;
        let mut table = Table::new(&["EMITTED INTO", ">#", "TYPE", "DATA", ">BY"]);
        for emitted in &run.emitted {
            table.row(&[
                preview(&emitted.stream, 48),
                emitted.number.to_string(),
                preview(&emitted.event_type, 48),
                preview(&emitted.data, 100),
                emitted.at.to_string(),
            ]);
        }
        table.print(out)?;
    }
    if run.n_more_emitted > 0 {
        writeln!(out, "{} more were emitted", run.n_more_emitted)?;
    }
    if !run.results.is_empty() {
        writeln!(
            out,
            "\n{} changes of results; --json lists them",
            run.results.len()
        )?;
    }
    Ok(())
}
