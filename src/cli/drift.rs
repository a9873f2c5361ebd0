//! `annals drift`: what the fields of each type of event were over time.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::open::CommonArgs;
use super::state::read_rules;
use crate::audit::{Watch, drift_json, drift_of, drift_table, unhandled_types};
use crate::fold::Folder;

/// Whose fields are asked for.
#[derive(Debug, Args)]
pub(super) struct DriftArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// Rules that say what events mean: types that none of them handles are said to be so
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
}

pub(super) fn run(args: &DriftArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let rules = args.rules.as_deref().map(read_rules).transpose()?;
    let history = args.common.open()?;
    let watch = Watch {
        cancel: &super::stop::is_stopped,
        records_read: &|_| (),
    };
    let drift = drift_of(&history, &watch).ok_or(crate::source::Error::Cancelled)?;
    let unhandled = match rules {
        None => None,
        Some(rules) => {
            let folder = Folder::new(Arc::clone(&history), rules);
            Some(unhandled_types(&folder, &drift, &super::stop::is_stopped)?)
        }
    };
    let unhandled = unhandled.as_deref();
    if args.common.json {
        writeln!(out, "{}", drift_json(&drift, unhandled, &history.log))?;
    } else {
        write!(out, "{}", drift_table(&drift, unhandled, &history.log))?;
    }
    Ok(0)
}
