//! `annals reconcile`: the states of a category held against a table; exit code 1 if they differ.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Args;

use super::open::{CommonArgs, known_folder};
use super::state::reducer;
use crate::audit::{
    Outside, ReconcileError, ReconcileQuestion, reconcile, reconciliation_json,
    reconciliation_table,
};
use crate::event::json::JsonPath;
use crate::event::{CategoryId, Position};
use crate::fold::Folder;
use crate::source::{OutsideTable, Progress, read_outside};

/// What is held against what.
#[derive(Debug, Args)]
pub(super) struct ReconcileArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// A table of the store, or a file of rows with a line of names
    #[arg(long, value_name = "TABLE|FILE.csv")]
    against: String,
    /// The column of it that names the stream: its whole name, or what stands behind its category
    #[arg(long, value_name = "COLUMN")]
    key: String,
    /// Fields of the state with their columns: balance,shipment.carrier=carrier; all that have one name
    /// without
    #[arg(long, value_name = "FIELD=COLUMN,…")]
    columns: Option<String>,
    /// Rules that say what events mean; without them payloads are merged
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
}

/// Done, and the answer is "no".
const NO: u8 = 1;

pub(super) fn run(args: &ReconcileArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let reducer = reducer(args.rules.as_ref(), args.common.is_sample())?;
    let columns = args.columns.as_deref().map(columns).transpose()?;
    let outside = outside(args)?;
    let history = args.common.open()?;
    let log = &history.log;
    let known = args.common.known(&history)?;
    let until = known.map(|known| known.position).or_else(|| log.last());
    let question = ReconcileQuestion {
        category: category(args, log.category_names())?,
        position: until.unwrap_or(Position(0)),
        key: args.key.clone(),
        columns: columns.unwrap_or_default(),
    };
    let folder = known_folder(Folder::new(Arc::clone(&history), reducer), known);
    let outside = Outside {
        name: &outside.name,
        columns: &outside.columns,
        rows: &outside.rows,
    };
    let found = reconcile(
        &folder,
        &question,
        outside,
        &super::stop::is_stopped,
        &|_| (),
    );
    let found = match found {
        Err(ReconcileError::Cancelled) => Err(crate::source::Error::Cancelled)?,
        found => found?,
    };
    if args.common.json {
        writeln!(out, "{}", reconciliation_json(&found))?;
    } else {
        write!(out, "{}", reconciliation_table(&found))?;
    }
    Ok(if found.is_same() { 0 } else { NO })
}

/// The table that the states are held against.
fn outside(args: &ReconcileArgs) -> anyhow::Result<OutsideTable> {
    let progress = Arc::new(Progress::default());
    let file = Path::new(&args.against);
    if file.is_file() {
        return read_outside(file, None, &progress)
            .with_context(|| format!("the table {} cannot be read", args.against));
    }
    let [store] = args.common.files.as_slice() else {
        bail!(
            "there is no file {}, and a table needs one store to stand in",
            args.against
        );
    };
    Ok(read_outside(store, Some(&args.against), &progress)?)
}

/// `balance,shipment.carrier=carrier`
fn columns(text: &str) -> anyhow::Result<Vec<(JsonPath, String)>> {
    let one = |text: &str| {
        let (field, column) = text.split_once('=').unwrap_or((text, text));
        let path = JsonPath::parse(field.trim());
        let path = path.with_context(|| format!("{field} is no path of a state"))?;
        Ok((path, column.trim().to_owned()))
    };
    text.split(',').map(one).collect()
}

fn category(args: &ReconcileArgs, names: &[Box<str>]) -> anyhow::Result<CategoryId> {
    let said = || {
        let names: Vec<&str> = names.iter().map(|name| &**name).collect();
        names.join(", ")
    };
    let Some(wanted) = &args.common.category else {
        if names.len() == 1 {
            return Ok(CategoryId(0));
        }
        bail!("name a category with --category; there are {}", said());
    };
    let at = names.iter().position(|name| **name == **wanted);
    let at = at.and_then(|at| u32::try_from(at).ok());
    at.map(CategoryId)
        .with_context(|| format!("there is no category {wanted}; there are {}", said()))
}
