//! `annals audit`: holds all checks against a file; exit code 1 if a finding is an error.

use std::io::Write;

use clap::Args;

use super::open::CommonArgs;
use crate::audit::{audit_json, audit_table};
use crate::job::{Progress, audit_history};

/// What is audited.
#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    #[command(flatten)]
    common: CommonArgs,
}

/// Done, and the answer is "no".
const NO: u8 = 1;

pub(super) fn run(args: &AuditArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let history = args.common.open()?;
    let audit = audit_history(&history, &Progress::default())
        .map_err(anyhow::Error::msg)?
        .ok_or(crate::source::Error::Cancelled)?;
    if args.common.json {
        writeln!(out, "{}", audit_json(&audit))?;
    } else {
        write!(out, "{}", audit_table(&audit))?;
    }
    Ok(if audit.has_errors() { NO } else { 0 })
}
