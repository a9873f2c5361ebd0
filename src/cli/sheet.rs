//! `--csv` and `-o` of subcommands whose answer is a table.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;

use super::open::CommonArgs;
use crate::export::{Form, Sheet, refuse_evidence, write_sheet};
use crate::history::History;

/// How a table leaves, other than for people.
#[derive(Debug, Args)]
pub(super) struct SheetArgs {
    /// Print comma-separated values
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Write the table into this file: .csv, .parquet with typed columns, or .jsonl
    #[arg(short = 'o', long, value_name = "OUT", conflicts_with_all = ["json", "csv"])]
    output: Option<PathBuf>,
}

impl SheetArgs {
    /// Whether a sheet is asked for.
    pub(super) fn is_wanted(&self) -> bool {
        self.csv || self.output.is_some()
    }

    /// Prints or writes the sheet that is asked for; `false` where none is.
    pub(super) fn take(
        &self,
        sheet: impl FnOnce() -> Sheet,
        common: &CommonArgs,
        history: &History,
        out: &mut dyn Write,
    ) -> anyhow::Result<bool> {
        if let Some(path) = &self.output {
            write(sheet(), path, common, history)?;
            writeln!(out, "{}", path.display())?;
            return Ok(true);
        }
        if self.csv {
            let mut text = Vec::new();
            sheet().write(Form::Csv, common.tz, &mut text)?;
            out.write_all(&text)?;
        }
        Ok(self.csv)
    }
}

fn write(sheet: Sheet, path: &Path, common: &CommonArgs, history: &History) -> anyhow::Result<()> {
    if !matches!(
        Form::of(path),
        Some(Form::Csv | Form::Parquet | Form::JsonLines)
    ) {
        bail!(
            "a table is written as .csv, .parquet or .jsonl; end the name with one of these\nFile: {}",
            path.display()
        );
    }
    let could = || format!("{} could not be written", path.display());
    let files = history
        .about
        .files
        .iter()
        .filter_map(|file| file.path.as_deref());
    let inputs = common.files.iter().map(PathBuf::as_path);
    refuse_evidence(path, files.chain(inputs)).with_context(could)?;
    write_sheet(sheet, common.tz, path).with_context(could)
}
