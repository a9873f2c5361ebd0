//! `annals report`: writes what the audit found, the population and the plots as one page, and holds
//! such a page against its files.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Args;

use super::NO;
use super::open::CommonArgs;
use super::output::visible_lines;
use super::state::reducer;
use crate::event::visible;
use crate::fold::Folder;
use crate::history::History;
use crate::job::{
    ReportTask, SaveTask, audit_history, digest_holds, reducer_of, report_commands, report_program,
    save_report, verify_again,
};
use crate::report::{
    Broken, Form, Manifest, Opening, ReportAsk, ReportSection, ReportSettings, SampleWanted,
    ScriptText, StreamNamed, TableWanted, Verified,
};
use crate::source::MappingOverride;

/// What is reported, and where to.
#[derive(Debug, Args)]
#[command(
    after_help = "A report carries the digests of its files, all settings and every number. \
    --verify makes it again from the files, names each number that no longer holds, and then ends with 1. \
    Beside OUT lies OUT.sha256, which sha256sum -c reads.\n\n\
    Sections: result, findings, activity, drift, projections, state, as-of, bookmarks, differences, population, \
    records, sources. Evidence and method are always there."
)]
pub(super) struct ReportArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// The report; its ending says in which form: .html, .md or .json
    #[arg(short, long, value_name = "OUT", required_unless_present = "verify")]
    output: Option<PathBuf>,
    /// Make this report again from the files and say which of its numbers still hold
    #[arg(long, value_name = "OUT", conflicts_with = "output")]
    verify: Option<PathBuf>,
    /// The title; the file's name by default
    #[arg(long, value_name = "T")]
    title: Option<String>,
    /// Who prepares it
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    /// The number or name of the case
    #[arg(long, value_name = "CASE")]
    case: Option<String>,
    /// A note at its head
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// The first point of the period, which numbers, plots and findings are of
    #[arg(long, value_name = "POINT")]
    from: Option<String>,
    /// The last point of the period, at which states stand; the same as --as-of
    #[arg(long, value_name = "POINT", conflicts_with = "as_of")]
    to: Option<String>,
    /// Only these sections, such as result,findings
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    sections: Option<Vec<String>>,
    /// Mask the values of fields of this name, such as email, *name* or data.customer.phone; may be
    /// given more than once
    #[arg(long, value_name = "FIELD")]
    mask: Vec<String>,
    /// The states of a category at the end of the period: order or order:status,balance; may be given
    /// more than once
    #[arg(long, value_name = "CATEGORY:COLUMNS")]
    table: Vec<String>,
    /// What moved a number of a category's states in the period: account:balance; may be given more
    /// than once
    #[arg(long, value_name = "CATEGORY:FIELD")]
    rollforward: Vec<String>,
    /// Draw so many events at random; the same seed draws the same ones
    #[arg(long, value_name = "N")]
    sample: Option<u32>,
    /// The number that chance is made from
    #[arg(long, value_name = "S", default_value_t = 1, requires = "sample")]
    seed: u64,
    /// Explain what changed in this stream over the period; may be given more than once
    #[arg(long, value_name = "STREAM")]
    explain: Vec<String>,
    /// Run this projection over the period; may be given more than once
    #[arg(long, value_name = "SCRIPT.js")]
    projection: Vec<PathBuf>,
    /// Settings, notes and bookmarks as in this report; other options go before them
    #[arg(long, value_name = "REPORT")]
    like: Option<PathBuf>,
    /// Rules that say what events mean: a file (TOML or JavaScript), or merge, merge-patch or
    /// last-payload; without them payloads are merged
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
}

pub(super) fn run(args: &ReportArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    match (&args.verify, &args.output) {
        (Some(report), _) => verify(args, report, out),
        (None, Some(output)) => write(args, output, out),
        (None, None) => bail!("name the report to be written with -o"),
    }
}

fn write(args: &ReportArgs, output: &Path, out: &mut dyn Write) -> anyhow::Result<u8> {
    let ending = output.extension().and_then(|ending| ending.to_str());
    if ending.and_then(Form::of_ending).is_none() {
        bail!(
            "the report's name must end in .html, .md or .json\nFile: {}",
            output.display()
        );
    }
    // What cannot be used is told before a large file is read.
    let like = args.like.as_deref().map(read_report).transpose()?;
    let like = like.map(|(_, manifest)| manifest);
    let reducer = match &like {
        Some(like) if args.rules.is_none() => reducer_of(&like.rules)
            .map_err(|why| anyhow::anyhow!("the rules of --like cannot be used: {why}"))?,
        _ => reducer(args.rules.as_ref(), args.common.is_sample())?,
    };
    let mut settings = settings(args, like.as_ref())?;
    let history = args.common.open()?;
    period(args, &history, &mut settings)?;
    for stream in &settings.explained {
        let found = history
            .log
            .find_stream(&stream.name, stream.category.as_deref());
        found.with_context(|| format!("--explain {}", stream.name))?;
    }
    let opening = opening(args)?;
    let rules = args.rules.as_deref();
    let command = report_commands(&history, &opening, &settings, rules, output);
    let folder = Arc::new(Folder::new(history, reducer));
    let audit = audit_history(&folder, &super::stop::progress())
        .map_err(anyhow::Error::msg)?
        .ok_or(crate::source::Error::Cancelled)?;
    let task = ReportTask {
        folder,
        audit: Arc::new(audit),
        ask: ReportAsk {
            settings,
            zone: args.common.tz,
            command,
            program: report_program(),
            made_at: args.common.now(),
            made_by: args.author.clone(),
            opening,
        },
    };
    let task = SaveTask {
        task,
        known: None,
        path: output.to_owned(),
    };
    save_report(&task, &super::stop::is_stopped)
        .map_err(anyhow::Error::msg)
        .context("the report could not be written")?;
    if args.common.json {
        writeln!(out, "{}", serde_json::json!({"report": output}))?;
    } else {
        writeln!(out, "{}", output.display())?;
    }
    Ok(0)
}

/// What the options say, over what another report says.
fn settings(args: &ReportArgs, like: Option<&Manifest>) -> anyhow::Result<ReportSettings> {
    let mut settings = like.map_or_else(ReportSettings::default, |like| like.settings.clone());
    let texts = [
        (&args.title, &mut settings.title),
        (&args.case, &mut settings.case),
        (&args.note, &mut settings.note),
    ];
    for (given, text) in texts {
        if let Some(given) = given {
            text.clone_from(given);
        }
    }
    if let Some(words) = &args.sections {
        settings.without = without(words)?;
    }
    if !args.mask.is_empty() {
        settings.mask.clone_from(&args.mask);
    }
    if !args.table.is_empty() {
        settings.tables = each(&args.table, table)?;
    }
    if !args.rollforward.is_empty() {
        settings.rolled = each(&args.rollforward, rolled)?;
    }
    if let Some(n) = args.sample {
        settings.sample = Some(SampleWanted {
            n,
            seed: args.seed,
            ..SampleWanted::default()
        });
    }
    if !args.explain.is_empty() {
        let named = |name: &String| StreamNamed {
            name: name.clone(),
            category: args.common.category.clone(),
        };
        settings.explained = args.explain.iter().map(named).collect();
    }
    if !args.projection.is_empty() {
        let scripts = args.projection.iter().map(|path| script(path));
        settings.projections = scripts.collect::<Result<_, _>>()?;
    }
    Ok(settings)
}

fn each<T>(texts: &[String], read: fn(&str) -> anyhow::Result<T>) -> anyhow::Result<Vec<T>> {
    texts.iter().map(|text| read(text)).collect()
}

fn rolled(text: &str) -> anyhow::Result<TableWanted> {
    let wanted = table(text)?;
    if wanted.columns.is_empty() {
        bail!("--rollforward names a category and a field, such as account:balance, not {text}");
    }
    Ok(wanted)
}

/// All sections that can be left out and are not named.
fn without(words: &[String]) -> anyhow::Result<BTreeSet<ReportSection>> {
    let mut kept = BTreeSet::new();
    for word in words {
        let word = word.trim();
        let known: Vec<&str> = ReportSection::ALL
            .into_iter()
            .map(ReportSection::id)
            .collect();
        let Some(section) = ReportSection::of_id(word) else {
            bail!(
                "no section is called {word}; there are {}",
                known.join(", ")
            );
        };
        kept.insert(section);
    }
    let all = ReportSection::ALL.into_iter();
    Ok(all
        .filter(|section| !section.is_fixed() && !kept.contains(section))
        .collect())
}

/// `order` or `order:status,balance`
fn table(text: &str) -> anyhow::Result<TableWanted> {
    let (category, columns) = text.split_once(':').unwrap_or((text, ""));
    let columns = if columns.is_empty() {
        Vec::new()
    } else {
        super::table::paths(columns)?
    };
    Ok(TableWanted {
        category: category.to_owned(),
        columns: columns.iter().map(|path| path.to_string()).collect(),
    })
}

fn script(path: &Path) -> anyhow::Result<ScriptText> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the script {} cannot be read", path.display()))?;
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let script = ScriptText {
        name: name.unwrap_or_default(),
        text,
        ..ScriptText::default()
    };
    let ask = crate::projection::Ask::script(&script.name, &script.text);
    if let Err(refused) = crate::projection::check(&ask) {
        let why = refused.fault.map(|fault| fault.message).unwrap_or_default();
        bail!("the script {} cannot be used: {why}", path.display());
    }
    Ok(script)
}

/// The positions of the period.
fn period(
    args: &ReportArgs,
    history: &History,
    settings: &mut ReportSettings,
) -> anyhow::Result<()> {
    let until = args.to.as_ref().or(args.common.as_of.as_ref());
    for (text, at) in [
        (args.from.as_ref(), &mut settings.from),
        (until, &mut settings.until),
    ] {
        if let Some(text) = text {
            *at = Some(args.common.position(text, history)?.0);
        }
    }
    match (settings.from, settings.until) {
        (Some(from), Some(until)) if from > until => {
            bail!("the period ends at #{until}, before it begins at #{from}")
        }
        _ => Ok(()),
    }
}

fn opening(args: &ReportArgs) -> anyhow::Result<Opening> {
    let common = &args.common;
    let mapping = common.mapping.as_deref().map(|path| {
        std::fs::read_to_string(path)
            .with_context(|| format!("the mapping {} cannot be read", path.display()))
    });
    Ok(Opening {
        format: common.format.clone(),
        mapping: mapping.transpose()?,
        joins_streams: common.join_streams,
        is_sample: common.is_sample(),
    })
}

/// A report and the manifest that it carries.
fn read_report(path: &Path) -> anyhow::Result<(String, Manifest)> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the report {} cannot be read", path.display()))?;
    let manifest =
        Manifest::find(&text).map_err(|why| anyhow::anyhow!("{why}\nFile: {}", path.display()))?;
    Ok((text, manifest))
}

/// The files opened as the report says that they were.
fn open_as(args: &ReportArgs, manifest: &Manifest) -> anyhow::Result<Arc<History>> {
    let mut common = args.common.clone();
    let opening = &manifest.opening;
    common.format = common.format.or_else(|| opening.format.clone());
    common.join_streams |= opening.joins_streams;
    common.demo |= opening.is_sample && common.files.is_empty();
    let mut options = common.options()?;
    if let (None, Some(text)) = (&options.mapping, &opening.mapping) {
        let mapping = MappingOverride::parse(text);
        options.mapping = Some(mapping.map_err(|why| {
            anyhow::anyhow!("the mapping in the report cannot be used: {}", why.trim())
        })?);
    }
    common.open_with(&options)
}

fn verify(args: &ReportArgs, path: &Path, out: &mut dyn Write) -> anyhow::Result<u8> {
    let (text, manifest) = read_report(path)?;
    let history = open_as(args, &manifest)?;
    let verified = verify_again(&text, &manifest, history, &super::stop::progress())
        .map_err(anyhow::Error::msg)?
        .ok_or(crate::source::Error::Cancelled)?;
    let digest = digest_holds(path, text.as_bytes());
    let holds = verified.holds() && digest != Some(false);
    if args.common.json {
        let answer = serde_json::json!({
            "report": path,
            "holds": holds,
            "held": verified.held,
            "broken": verified.broken,
            "text": verified.text,
            "sha256": digest,
            "notes": verified.notes,
        });
        writeln!(out, "{answer}")?;
    } else {
        print(&verified, digest, out)?;
    }
    Ok(if holds { 0 } else { NO })
}

/// So many numbers that do not hold are named; the others are counted.
const MAX_NAMED: usize = 200;

fn print(verified: &Verified, digest: Option<bool>, out: &mut dyn Write) -> anyhow::Result<()> {
    for note in &verified.notes {
        writeln!(out, "note: {}", visible_lines(note))?;
    }
    for broken in verified.broken.iter().take(MAX_NAMED) {
        writeln!(out, "{}", visible(&broken_line(broken)))?;
    }
    let more = verified.broken.len().saturating_sub(MAX_NAMED);
    if more > 0 {
        writeln!(out, "and {more} more")?;
    }
    if let Some((line, text)) = &verified.text {
        writeln!(
            out,
            "the text of the report was changed, first in line {line}: {}",
            visible(text)
        )?;
    }
    match digest {
        None => writeln!(out, "no .sha256 lies beside the report")?,
        Some(true) => {}
        Some(false) => writeln!(out, "the .sha256 beside the report is of other bytes")?,
    }
    let n_broken = verified.broken.len();
    if verified.holds() && digest != Some(false) {
        writeln!(
            out,
            "All {} numbers hold, and the text is the same",
            verified.held
        )?;
    } else {
        writeln!(
            out,
            "{} numbers hold, {n_broken} no longer do",
            verified.held
        )?;
    }
    Ok(())
}

fn broken_line(broken: &Broken) -> String {
    let short = |value: &Option<String>| match value {
        Some(value) if value.chars().count() > 120 => {
            let begin: String = value.chars().take(119).collect();
            format!("{begin}\u{2026}")
        }
        Some(value) => value.clone(),
        None => "not there".to_owned(),
    };
    format!(
        "no longer holds: {} ({}): was {}, is {}",
        broken.label,
        broken.id,
        short(&broken.was),
        short(&broken.is)
    )
}
