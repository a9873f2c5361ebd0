//! `annals export`: events in another form, in a file of their own.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;

use super::filter::matching;
use super::open::CommonArgs;
use super::state::reducer;
use crate::job::{Progress, export_lines};

/// What is exported, how and where to.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// The form: jsonl, the exchange format, one event a line
    #[arg(long, value_name = "FORM", value_parser = ["jsonl"])]
    to: String,
    /// The file that is written
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
}

pub(super) fn run(args: &ExportArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let history = args.common.open()?;
    let same = |path: &PathBuf| {
        let whole = |path: &PathBuf| std::fs::canonicalize(path).ok();
        whole(path).is_some() && whole(path) == whole(&args.output)
    };
    let mut inputs = history
        .about
        .files
        .iter()
        .filter_map(|file| file.path.as_ref());
    if args.common.files.iter().any(same) || inputs.any(same) {
        bail!(
            "the export would overwrite what is exported; choose another name\nFile: {}",
            args.output.display()
        );
    }
    let mut positions = super::events::chosen(&args.common, args.stream.as_deref(), &history)?;
    if let Some(filter) = &args.filter {
        let rules = reducer(args.rules.as_ref(), args.common.is_sample())?;
        let found = matching(filter, &args.common, &history, Some(rules))?;
        positions.retain(|at| found.binary_search(at).is_ok());
    }
    let written = export_lines(&history, &positions, &args.output, &Progress::default())
        .map_err(anyhow::Error::msg)
        .with_context(|| format!("{} could not be written", args.output.display()))?;
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
