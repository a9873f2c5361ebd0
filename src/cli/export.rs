//! `annals export`: events in another form, in a file of their own or a folder of parts.

use std::cell::Cell;
use std::io::{IsTerminal as _, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};

use super::filter::matching;
use super::open::CommonArgs;
use super::state::reducer;
use super::stop::{Writing, is_stopped};
use crate::event::EventDetail;
use crate::export::{Error, EventsAsk, Form, PartitionBy, Watch, export_events, refuse_evidence};
use crate::history::History;
use crate::report::EventMask;

/// What is exported, how and where to.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// The form: jsonl is the exchange format, one event a line; csv, parquet and sqlite have a column
    /// for each of its keys. Without it the ending of OUT says which
    #[arg(long, value_name = "FORM", value_parser = ["jsonl", "csv", "parquet", "sqlite"])]
    to: Option<String>,
    /// The file that is written, or the folder with --partition
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// Only this stream
    #[arg(long, value_name = "S")]
    stream: Option<String>,
    /// Only events that this filter lets through
    #[arg(long = "where", value_name = "FILTER")]
    filter: Option<String>,
    /// Rules that make the states of a filter; without them payloads are merged
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// A folder with a file for each month (on the clock of --tz) or category, named as
    /// month=2024-03/events.parquet
    #[arg(long, value_name = "BY")]
    partition: Option<By>,
    /// Makes fields unreadable whose names fit (* for any characters), the same value the same way.
    /// May be given more than once
    #[arg(long, value_name = "FIELD")]
    mask: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    Month,
    Category,
}

pub(super) fn run(args: &ExportArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let form = form(args)?;
    let inputs = args.common.files.iter().map(PathBuf::as_path);
    refuse_evidence(&args.output, inputs).with_context(|| named(args))?;
    let history = args.common.open()?;
    let mut positions = super::events::chosen(&args.common, args.stream.as_deref(), &history)?;
    if let Some(filter) = &args.filter {
        let rules = reducer(args.rules.as_ref(), args.common.is_sample())?;
        let found = matching(filter, &args.common, &history, Some(rules))?;
        positions.retain(|at| found.binary_search(at).is_ok());
    }
    let mut about = about(args, &history, form);
    let mask = EventMask::new(&args.mask);
    about.extend(mask.as_ref().map(EventMask::said));
    let hide = mask.as_ref().map(EventMask::hides);
    let ask = EventsAsk {
        positions: &positions,
        form,
        zone: args.common.tz,
        partition: args.partition.map(|by| match by {
            By::Month => PartitionBy::Month,
            By::Category => PartitionBy::Category,
        }),
        mask: hide.as_ref().map(|hide| hide as &dyn Fn(&mut EventDetail)),
        about: &about,
    };
    let shown = Shown::new(positions.len() as u64);
    let watch = Watch {
        cancel: &is_stopped,
        done: &|n| shown.show(n),
    };
    let writing = Writing::begin();
    let written = export_events(&history, &ask, &args.output, watch);
    drop(writing);
    shown.clear();
    let written = written.map_err(|error| match error {
        Error::Stopped => crate::source::Error::Cancelled.into(),
        error => anyhow::Error::new(error).context(named(args)),
    })?;
    if args.common.json {
        writeln!(
            out,
            "{}",
            serde_json::json!({"exported": args.output, "events": written})
        )?;
    } else {
        writeln!(out, "{} ({written} events)", args.output.display())?;
    }
    Ok(0)
}

fn named(args: &ExportArgs) -> String {
    format!("{} could not be written", args.output.display())
}

/// The form that is asked for, or that the ending says.
fn form(args: &ExportArgs) -> anyhow::Result<Form> {
    let asked = args.to.as_deref().and_then(Form::named);
    match asked.or_else(|| Form::of(&args.output)) {
        Some(form) => Ok(form),
        None => bail!(
            "say the form with --to jsonl, csv, parquet or sqlite, or end the name with it\nFile: {}",
            args.output.display()
        ),
    }
}

/// The format as which Annals reads the file.
fn format_id(form: Form) -> &'static str {
    match form {
        Form::JsonLines => "annals/exchange",
        Form::Csv | Form::Parquet => "annals/table",
        Form::Sqlite => "annals/sqlite",
    }
}

/// What the file says of itself. No time of making: the same events give the same bytes.
fn about(args: &ExportArgs, history: &History, form: Form) -> Vec<(String, String)> {
    let files: Vec<&str> = history
        .about
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    let mut about = vec![
        ("annals.format", format_id(form).to_owned()),
        (
            "annals.program",
            format!("Annals {}", env!("CARGO_PKG_VERSION")),
        ),
        ("annals.source", files.join(", ")),
        ("annals.source_format", history.about.format.clone()),
    ];
    let asked = [
        ("annals.stream", args.stream.as_ref()),
        ("annals.filter", args.filter.as_ref()),
        ("annals.as_of", args.common.as_of.as_ref()),
        ("annals.category", args.common.category.as_ref()),
    ];
    about.extend(
        asked
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?.clone()))),
    );
    about
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

/// Progress on a terminal.
struct Shown {
    total: u64,
    last: Cell<Option<Instant>>,
    is_terminal: bool,
}

impl Shown {
    fn new(total: u64) -> Self {
        Self {
            total,
            last: Cell::new(None),
            is_terminal: std::io::stderr().is_terminal(),
        }
    }

    fn show(&self, n_done: u64) {
        let is_due = |last: Instant| last.elapsed() > Duration::from_millis(200);
        if self.is_terminal && self.last.get().is_none_or(is_due) {
            self.last.set(Some(Instant::now()));
            write!(std::io::stderr(), "\r{n_done} of {} events", self.total).ok();
        }
    }

    fn clear(&self) {
        if self.last.get().is_some() {
            write!(std::io::stderr(), "\r\u{1b}[K").ok();
        }
    }
}
