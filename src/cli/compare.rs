//! `annals compare`: two histories held against each other; exit code 1 if they differ.

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use super::open::CommonArgs;
use crate::audit::{CompareOptions, Watch, compare, comparison_json, comparison_table};

/// What is compared.
#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// A type of the first with its name in the second; may be given more than once
    #[arg(long, value_name = "A=B", value_parser = pair)]
    types: Vec<(String, String)>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let named = text
        .split_once('=')
        .filter(|(a, b)| !a.is_empty() && !b.is_empty());
    let (a, b) = named.ok_or("write it as OrderPlaced=order_placed")?;
    Ok((a.to_owned(), b.to_owned()))
}

/// Done, and the answer is "no".
const NO: u8 = 1;

pub(super) fn run(args: &CompareArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let [a, b]: &[PathBuf; 2] = match args.common.files.as_slice().try_into() {
        Ok(files) => files,
        Err(_) => bail!("name two files to compare"),
    };
    let (a, b) = (args.common.open_one(a)?, args.common.open_one(b)?);
    let options = CompareOptions {
        types: args.types.clone(),
    };
    let watch = Watch {
        cancel: &super::stop::is_stopped,
        records_read: &|_| (),
    };
    let comparison = compare(&a, &b, &options, &watch).ok_or(crate::source::Error::Cancelled)?;
    if args.common.json {
        writeln!(out, "{}", comparison_json(&comparison))?;
    } else {
        write!(out, "{}", comparison_table(&comparison))?;
    }
    Ok(if comparison.is_same() { 0 } else { NO })
}
