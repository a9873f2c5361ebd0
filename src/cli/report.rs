//! `annals report`: writes what the audit found, the population and the plots as one page.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Args;

use super::open::CommonArgs;
use super::state::reducer;
use crate::fold::Folder;
use crate::job::{SaveTask, audit_history, save_report};

/// What is reported, and where to.
#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// The report; its ending says in which form: .html, .md or .json
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// The title; the file's name by default
    #[arg(long, value_name = "T")]
    title: Option<String>,
    /// Rules that say what events mean: a file (TOML or JavaScript), or merge, merge-patch or
    /// last-payload; without them payloads are merged
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
}

pub(super) fn run(args: &ReportArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let ending = args.output.extension().and_then(|ending| ending.to_str());
    if !matches!(ending, Some("html" | "md" | "json")) {
        bail!(
            "the report's name must end in .html, .md or .json\nFile: {}",
            args.output.display()
        );
    }
    let reducer = reducer(args.rules.as_ref(), args.common.is_sample())?;
    let history = args.common.open()?;
    let as_of = args.common.until(&history)?;
    let audit = audit_history(&history, &super::stop::progress())
        .map_err(anyhow::Error::msg)?
        .ok_or(crate::source::Error::Cancelled)?;
    let task = SaveTask {
        path: args.output.clone(),
        folder: Arc::new(Folder::new(Arc::clone(&history), reducer)),
        history,
        audit: Arc::new(audit),
        field: None,
        zone: args.common.tz,
        title: args.title.clone().unwrap_or_default(),
        as_of,
        made_at: args.common.now(),
    };
    save_report(&task, &super::stop::is_stopped)
        .map_err(anyhow::Error::msg)
        .context("the report could not be written")?;
    if args.common.json {
        writeln!(out, "{}", serde_json::json!({"report": args.output}))?;
    } else {
        writeln!(out, "{}", args.output.display())?;
    }
    Ok(0)
}
