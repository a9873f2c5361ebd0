//! `annals audit`: holds all checks against a file; exit code 1 if a finding is an error.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use super::open::CommonArgs;
use crate::audit::{AuditOptions, VerifyKey, audit_json, audit_table};
use crate::job::{Progress, audit_with};

/// What is audited.
#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// The Ed25519 public key with which signatures are verified
    #[arg(long, value_name = "PEM")]
    key: Option<PathBuf>,
}

/// Done, and the answer is "no".
const NO: u8 = 1;

pub(super) fn run(args: &AuditArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let options = AuditOptions {
        key: args.key.as_deref().map(read_key).transpose()?,
        ..AuditOptions::default()
    };
    let history = args.common.open()?;
    let audit = audit_with(&history, &options, &Progress::default())
        .map_err(anyhow::Error::msg)?
        .ok_or(crate::source::Error::Cancelled)?;
    if args.common.json {
        writeln!(out, "{}", audit_json(&audit))?;
    } else {
        write!(out, "{}", audit_table(&audit))?;
    }
    Ok(if audit.has_errors() { NO } else { 0 })
}

fn read_key(path: &Path) -> anyhow::Result<VerifyKey> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the key {} cannot be read", path.display()))?;
    VerifyKey::from_pem(&text)
        .map_err(|why| anyhow::anyhow!("the key {} cannot be used: {why}", path.display()))
}
