//! `annals state`: the state of a stream at a point, and what differs from another point.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Args;

use super::open::CommonArgs;
use super::output::Table;
use crate::event::{Position, StreamId, Timestamp, Version, visible};
use crate::fold::{
    Against, AgainstAnswer, At, Blame, Branch, Edit, Folder, LastPayload, Merge, MergePatch,
    Reducer, Rules, StateAnswer, StateQuestion,
};
use crate::history::{History, Point};
use crate::ingest::SAMPLE_RULES;
use crate::script::ScriptRules;

/// Which state is asked for.
#[derive(Debug, Args)]
pub(super) struct StateArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// Of this stream; may be left out where --as-of names one
    #[arg(long, value_name = "S")]
    stream: Option<String>,
    /// After the last event that carries this version
    #[arg(
        long,
        value_name = "V",
        conflicts_with = "as_of",
        allow_negative_numbers = true
    )]
    version: Option<i64>,
    /// What differs from the state at this point; a point of another stream is of its own state
    #[arg(long, value_name = "POINT")]
    diff: Option<String>,
    /// Which event set each field
    #[arg(long)]
    blame: bool,
    /// Rules that say what events mean: a file (TOML or JavaScript), or merge, merge-patch or
    /// last-payload; without them payloads are merged
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// What if the event at this point had not been; may be given more than once
    #[arg(long, value_name = "POINT")]
    skip: Vec<String>,
    /// What if the event at this point had said this, such as '#18={"amount":5}'; may be given more
    /// than once
    #[arg(long, value_name = "POINT=JSON")]
    edit: Vec<String>,
}

/// The reducer that a rules file holds; without one the sample history has its own, and all others
/// are merged.
pub(super) fn reducer(
    rules: Option<&PathBuf>,
    is_sample: bool,
) -> anyhow::Result<Arc<dyn Reducer>> {
    let Some(path) = rules else {
        let (name, text) = SAMPLE_RULES;
        return Ok(if is_sample {
            Arc::new(Rules::parse(name, text)?)
        } else {
            Arc::new(Merge)
        });
    };
    read_rules(path)
}

/// Reads rules: a file of sentences (TOML) or of the projection language (`.js`). `merge`,
/// `merge-patch` and `last-payload` name what needs no file, unless there is a file of that name.
pub fn read_rules(path: &Path) -> anyhow::Result<Arc<dyn Reducer>> {
    if !path.exists() {
        match path.to_str() {
            Some("merge") => return Ok(Arc::new(Merge)),
            Some("merge-patch") => return Ok(Arc::new(MergePatch)),
            Some("last-payload") => return Ok(Arc::new(LastPayload)),
            _ => {}
        }
    }
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the rules {} cannot be read", path.display()))?;
    let name = path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    if path.extension().is_some_and(|end| end == "js") {
        return Ok(Arc::new(ScriptRules::parse(&name, &text)?));
    }
    Ok(Arc::new(Rules::parse(&name, &text)?))
}

pub(super) fn run(args: &StateArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    // Rules that cannot be used are told before a large file is read.
    let reducer = reducer(args.rules.as_ref(), args.common.is_sample())?;
    let history = args.common.open()?;
    let stream = stream(args, &history)?;
    let known = args.common.known(&history)?;
    let at = match args.version {
        Some(version) => At::Version(Version(version)),
        None => known.map_or(At::End, |known| At::AsOf(known.position)),
    };
    let base = Arc::new(Folder::new(Arc::clone(&history), reducer));
    let edits = branch(args, &history)?;
    let folder = folder_of(&base, &edits, known.and_then(|known| known.occurred));
    let mut question = StateQuestion {
        stream,
        at,
        diff: None,
        blame: args.blame,
    };
    let answer = match args.diff.as_deref() {
        None => question.ask(&folder, &super::stop::is_stopped)?,
        Some(point) => {
            let other = other_point(args, point, stream, &history)?;
            let other_folder = folder_of(&base, &edits, other.occurred);
            if other.stream == stream && other_folder.branch() == folder.branch() {
                question.diff = Some(other.at);
                question.ask(&folder, &super::stop::is_stopped)?
            } else {
                let against = Against {
                    folder: &other_folder,
                    stream: other.stream,
                    at: other.at,
                };
                question.ask_against(&folder, against, &super::stop::is_stopped)?
            }
        }
    };
    if args.common.json {
        writeln!(out, "{}", answer.to_json())?;
    } else {
        print_table(&answer, &folder, out)?;
    }
    Ok(0)
}

/// What folds the history with what was left out and changed, and only what had occurred by a moment.
fn folder_of(base: &Arc<Folder>, edits: &Branch, occurred: Option<Timestamp>) -> Arc<Folder> {
    let branch = match occurred {
        None => edits.clone(),
        Some(time) if edits.is_empty() => Branch::known_of(time),
        Some(time) => {
            let name = format!("{}, {}", edits.name(), Branch::known_of(time).name());
            edits.clone().known_by(time).named(name)
        }
    };
    if branch.is_empty() {
        return Arc::clone(base);
    }
    Arc::new(Folder::for_branch(base, Arc::new(branch)))
}

/// What `--skip` and `--edit` leave out and change.
fn branch(args: &StateArgs, history: &History) -> anyhow::Result<Branch> {
    let mut branch = Branch::new("what-if");
    let position = |point: &str| -> anyhow::Result<Position> {
        let parsed = Point::parse(point.trim(), args.common.now(), args.common.tz)?;
        Ok(parsed.resolve(&history.log, args.common.which())?)
    };
    for point in &args.skip {
        branch.put(position(point)?, Some(Edit::Skip))?;
    }
    for edit in &args.edit {
        let Some((point, data)) = edit.split_once('=') else {
            bail!("write --edit as POINT=JSON, such as '#18={{\"amount\":5}}'");
        };
        let put = branch.put(position(point)?, Some(Edit::Data(data.into())));
        put.with_context(|| format!("--edit {point}"))?;
    }
    Ok(branch)
}

/// The stream that is named, or that the point in `--as-of` names.
fn stream(args: &StateArgs, history: &History) -> anyhow::Result<StreamId> {
    let named = match (&args.stream, &args.common.as_of) {
        (Some(name), _) => Some(name.clone()),
        (None, Some(point)) => {
            let point = Point::parse(point, args.common.now(), args.common.tz)?;
            point.stream_name().map(str::to_owned)
        }
        (None, None) => None,
    };
    let Some(name) = named else {
        bail!("name a stream with --stream");
    };
    Ok(history.log.find_stream(&name, args.common.which())?)
}

/// The point to compare with.
struct Other {
    /// The stream that it names, or the one whose state is asked for.
    stream: StreamId,
    at: At,
    occurred: Option<Timestamp>,
}

/// The point to compare with: a version of the same stream stays one, all others are positions.
fn other_point(
    args: &StateArgs,
    point: &str,
    stream: StreamId,
    history: &History,
) -> anyhow::Result<Other> {
    let (log, which) = (&history.log, args.common.which());
    let parsed = Point::parse(point, args.common.now(), args.common.tz)?;
    if let Point::Version(name, version) = &parsed
        && name == log.stream_name(stream)
    {
        return Ok(Other {
            stream,
            at: At::Version(*version),
            occurred: None,
        });
    }
    let known = parsed.resolve_as_of(log, which)?;
    let named = match parsed.stream_name() {
        Some(name) if name != log.stream_name(stream) => log.find_stream(name, which)?,
        _ => stream,
    };
    Ok(Other {
        stream: named,
        at: At::AsOf(known.position),
        occurred: known.occurred,
    })
}

fn print_table(answer: &StateAnswer, folder: &Folder, out: &mut dyn Write) -> anyhow::Result<()> {
    let state = &answer.state;
    let version = state
        .version
        .map_or_else(String::new, |version| format!(" {version}"));
    let time = answer.time.map_or_else(String::new, |(time, digits)| {
        format!(", {}", time.rfc3339(digits))
    });
    writeln!(
        out,
        "{}{version} at {}{time}",
        visible(&answer.stream),
        state.position
    )?;
    let label = folder.reducer().label();
    let not_applied = if state.not_applied > 0 {
        format!(", {} not applied", state.not_applied)
    } else {
        String::new()
    };
    writeln!(
        out,
        "{} of {} events{not_applied}",
        visible(label),
        state.events_applied
    )?;
    print_fields(answer, out)?;
    let Some(changes) = &answer.diff else {
        return Ok(());
    };
    writeln!(out)?;
    if let Some(against) = &answer.against {
        writeln!(out, "{}", against_line(against))?;
    }
    let mut heads = vec!["CHANGE", "FIELD", "OLD", "NEW", "BY"];
    if answer.against.is_some() {
        heads.push("OLD BY");
    }
    let mut table = Table::new(&heads);
    for change in changes {
        let shown = |value: &Option<crate::event::json::Json>| {
            value.as_ref().map_or_else(String::new, ToString::to_string)
        };
        let listed = |by: &[Position]| {
            let by: Vec<String> = by.iter().map(ToString::to_string).collect();
            by.join(" ")
        };
        let mut cells = vec![
            change.change.kind.name().to_owned(),
            change.change.path.to_string(),
            shown(&change.change.old),
            shown(&change.change.new),
            listed(&change.by),
        ];
        if answer.against.is_some() {
            cells.push(listed(&change.old_by));
        }
        table.row(&cells);
    }
    table.print(out)?;
    Ok(())
}

/// From which state of what the changes are.
fn against_line(against: &AgainstAnswer) -> String {
    let version = against
        .state
        .version
        .map_or_else(String::new, |version| format!(" {version}"));
    let branch = against
        .branch
        .as_ref()
        .map_or_else(String::new, |branch| format!(", {branch}"));
    let (stream, position) = (visible(&against.stream), against.state.position);
    format!("from {stream}{version} at {position}{branch}")
}

/// The leaves of the state, with who set each where that was asked.
fn print_fields(answer: &StateAnswer, out: &mut dyn Write) -> std::io::Result<()> {
    let headings: &[&str] = match answer.blame {
        None => &["FIELD", "VALUE"],
        Some(_) => &["FIELD", "VALUE", "LAST SET BY"],
    };
    let setters: HashMap<&str, &Blame> = answer
        .blame
        .iter()
        .flatten()
        .map(|(pointer, setter)| (pointer.as_str(), setter))
        .collect();
    let mut table = Table::new(headings);
    for (path, value) in answer.state.value.leaves() {
        let mut cells = vec![path.to_string(), value.to_string()];
        if answer.blame.is_some() {
            let setter = setters.get(path.pointer().as_str());
            cells.push(setter.map_or_else(String::new, ToString::to_string));
        }
        table.row(&cells);
    }
    for unknown in &answer.unknown {
        let mut cells = vec![
            unknown.path.to_string(),
            format!("unknown: {}", unknown.reason),
        ];
        if answer.blame.is_some() {
            cells.push(format!("maybe {}", unknown.since));
        }
        table.row(&cells);
    }
    table.print(out)
}
