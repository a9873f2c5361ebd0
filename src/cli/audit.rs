//! `annals audit`: holds all checks against a file; exit code 1 if a finding is an error.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Args;

use super::NO;
use super::open::CommonArgs;
use super::output::Table;
use super::state::{read_rules, reducer};
use crate::audit::invariants::{Invariants, InvariantsHeld, hold_invariants};
use crate::audit::{
    Audit, AuditOptions, CompareOptions, Receipt, Sample, ScreeningOptions, VerifyKey, Watch,
    audit_json_with, audit_table, checks, compare, sample,
};
use crate::event::Decimal;
use crate::export::findings_sheet;
use crate::fold::Folder;
use crate::history::History;
use crate::job::{audit_with, snapshots_held, write_beside};

/// What is audited.
#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// The Ed25519 public key with which signatures are verified
    #[arg(long, value_name = "PEM")]
    key: Option<PathBuf>,
    /// A receipt of the file as it was, to hold it against
    #[arg(long, value_name = "RECEIPT.json")]
    receipt: Option<PathBuf>,
    /// Write a receipt of the file as it is now
    #[arg(long, value_name = "RECEIPT.json")]
    write_receipt: Option<PathBuf>,
    /// Rules of your own that the history must keep, as TOML
    #[arg(long, value_name = "FILE.toml")]
    invariants: Option<PathBuf>,
    /// Rules that say what events mean: saved states are held against what they make
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// Another copy of the same history, or the store that it was exported from
    #[arg(long, value_name = "OTHER")]
    against: Option<PathBuf>,
    /// Look for what is often harmless too: pace, business hours, duplicates, amounts, personal data
    #[arg(long)]
    screening: bool,
    /// The hours of business for the screening, Monday to Friday, by the clock of --tz
    #[arg(long, value_name = "FROM-TO", value_parser = ScreeningOptions::read_hours, requires = "screening")]
    hours: Option<(u8, u8)>,
    /// A limit just under which amounts may have been kept
    #[arg(long, value_name = "AMOUNT", requires = "screening")]
    limit: Option<String>,
    /// Draw so many events at random, to be looked at by hand
    #[arg(long, value_name = "N")]
    sample: Option<u32>,
    /// The number from which chance is made: the same one draws the same events
    #[arg(long, value_name = "S", default_value_t = 1, requires = "sample")]
    seed: u64,
    /// A check to run that does not run unless it is asked for; may be given more than once
    #[arg(long, value_name = "CHECK")]
    also: Vec<String>,
    /// A check to leave out; may be given more than once
    #[arg(long, value_name = "CHECK")]
    without: Vec<String>,
    #[command(flatten)]
    sheet: super::sheet::SheetArgs,
}

/// How a run without a window is stopped.
const WATCH: Watch<'static> = Watch {
    cancel: &super::stop::is_stopped,
    records_read: &|_| (),
};

pub(super) fn run(args: &AuditArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    // What cannot be used is told before a large file is read.
    let mut options = options(args)?;
    let invariants = args.invariants.as_deref().map(read_invariants);
    let invariants = invariants.transpose()?;
    let rules = reducer(args.rules.as_ref(), args.common.is_sample())?;
    let history = args.common.open()?;
    let folder = Folder::new(Arc::clone(&history), rules);
    options.snapshots = snapshots_held(&folder, &super::stop::progress())?;
    if let Some((path, invariants)) = &invariants {
        options.invariants = Some(held(&history, invariants, path)?);
    }
    if let Some(path) = &args.against {
        let other = args.common.open_one(path)?;
        let found = compare(&history, &other, &CompareOptions::default(), &WATCH);
        let found = found.ok_or(crate::source::Error::Cancelled)?;
        options.against = Some((other.about.name().to_owned(), found));
    }
    let audit = audit_with(&history, &options, &super::stop::progress())
        .map_err(anyhow::Error::msg)?
        .ok_or(crate::source::Error::Cancelled)?;
    if let Some(path) = &args.write_receipt {
        write_receipt(args, &audit, path)?;
    }
    let drawn = args.sample.map(|n| sample(&history, n, args.seed));
    let sheet = || findings_sheet(&audit);
    if args.sheet.take(sheet, &args.common, &history, out)? {
    } else if args.common.json {
        writeln!(out, "{}", audit_json_with(&audit, drawn.as_ref()))?;
    } else {
        write!(out, "{}", audit_table(&audit))?;
        if let Some(drawn) = &drawn {
            print_sample(drawn, out)?;
        }
    }
    Ok(if audit.has_errors() { NO } else { 0 })
}

fn options(args: &AuditArgs) -> anyhow::Result<AuditOptions> {
    for id in args.also.iter().chain(&args.without) {
        let known: Vec<&str> = checks().iter().map(|check| check.id()).collect();
        if !known.contains(&id.as_str()) {
            bail!("no check is named {id}; there are {}", known.join(", "));
        }
    }
    Ok(AuditOptions {
        key: args.key.as_deref().map(read_key).transpose()?,
        receipt: args.receipt.as_deref().map(read_receipt).transpose()?,
        also: args.also.clone(),
        without: args.without.clone(),
        screening: args.screening.then(|| screening(args)).transpose()?,
        ..AuditOptions::default()
    })
}

/// What the screening takes for usual.
fn screening(args: &AuditArgs) -> anyhow::Result<ScreeningOptions> {
    let usual = ScreeningOptions::default();
    let limit = args
        .limit
        .as_deref()
        .map(|text| Decimal::parse(text).with_context(|| format!("the limit {text} is no number")));
    Ok(ScreeningOptions {
        hours: args.hours.unwrap_or(usual.hours),
        zone: args.common.tz,
        limit: limit.transpose()?,
    })
}

/// The events drawn, to be ticked off.
fn print_sample(drawn: &Sample, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(
        out,
        "\nSample of {} from {} events, seed {}",
        drawn.events.len(),
        drawn.of,
        drawn.seed
    )?;
    let mut shown = Table::new(&[
        "",
        ">POSITION",
        "TIME",
        "STREAM",
        ">VERSION",
        "TYPE",
        "RECORD",
    ]);
    for event in &drawn.events {
        let version = event.version.map(|version| version.to_string());
        shown.row(&[
            "[ ]".to_owned(),
            event.position.to_string(),
            event.time.clone().unwrap_or_default(),
            event.stream.clone(),
            version.unwrap_or_default(),
            event.event_type.clone(),
            event.place.clone(),
        ]);
    }
    shown.print(out)
}

fn read_key(path: &Path) -> anyhow::Result<VerifyKey> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the key {} cannot be read", path.display()))?;
    VerifyKey::from_pem(&text)
        .map_err(|why| anyhow::anyhow!("the key {} cannot be used: {why}", path.display()))
}

fn read_receipt(path: &Path) -> anyhow::Result<Receipt> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the receipt {} cannot be read", path.display()))?;
    Receipt::parse(&text)
        .map_err(|why| anyhow::anyhow!("the receipt {} cannot be used: {why}", path.display()))
}

/// The rules in a file, and where it lies.
fn read_invariants(path: &Path) -> anyhow::Result<(PathBuf, Invariants)> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the invariants {} cannot be read", path.display()))?;
    let read = Invariants::parse(&text).map_err(|why| {
        anyhow::anyhow!("the invariants {} cannot be used: {why}", path.display())
    })?;
    Ok((path.to_owned(), read))
}

/// Holds the history against rules; files that these name lie beside theirs.
fn held(
    history: &Arc<History>,
    invariants: &Invariants,
    path: &Path,
) -> anyhow::Result<InvariantsHeld> {
    let beside = path.parent().unwrap_or_else(|| Path::new("."));
    let reducer = |name: &str| {
        let path = beside.join(name);
        let path = if path.exists() {
            path
        } else {
            PathBuf::from(name)
        };
        read_rules(&path).map_err(|error| format!("{error:#}"))
    };
    let held = hold_invariants(history, invariants, &reducer, &WATCH);
    let held =
        held.map_err(|why| anyhow::anyhow!("the invariants cannot be held against this: {why}"))?;
    Ok(held.ok_or(crate::source::Error::Cancelled)?)
}

/// Writes what the file is now, saying when.
fn write_receipt(args: &AuditArgs, audit: &Audit, path: &Path) -> anyhow::Result<()> {
    let whole = |path: &Path| std::fs::canonicalize(path).ok();
    let same = |input: &PathBuf| whole(input).is_some() && whole(input) == whole(path);
    if args.common.files.iter().any(same) {
        bail!(
            "the receipt would overwrite what is audited; choose another name\nFile: {}",
            path.display()
        );
    }
    let Some(receipt) = &audit.receipt else {
        bail!("no receipt can be written: events could not be read");
    };
    let mut receipt = receipt.clone();
    receipt.made = args.common.now().rfc3339(0);
    write_beside(path, receipt.to_json().as_bytes())
        .with_context(|| format!("{} could not be written", path.display()))
}
