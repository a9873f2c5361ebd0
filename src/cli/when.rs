//! `annals when`: all stretches during which a condition on a state held.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use clap::Args;

use super::filter::{context, explained};
use super::open::{CommonArgs, known_folder};
use super::output::{Table, preview};
use super::state::reducer;
use crate::event::json::{Json, Object};
use crate::event::{CategoryId, Position};
use crate::fold::Folder;
use crate::history::EventLog;
use crate::query::{Found, Over, Question, Stretch, Watch, ask_when};

/// What is asked, and over which streams.
#[derive(Debug, Args)]
pub(super) struct WhenArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// Over this stream; without it over --category, or over everything
    #[arg(long, value_name = "S")]
    stream: Option<String>,
    /// What is asked: "balance < 0", "status = Shipped", "total changes by > 40"
    #[arg(long, value_name = "EXPR")]
    that: String,
    /// Rules that say what events mean; without them payloads are merged
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
}

pub(super) fn run(args: &WhenArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let wrong = |error| explained("--that", &args.that, &error);
    // A question that cannot be read is told before a large file is.
    let question = Question::parse(&args.that).map_err(wrong)?;
    let reducer = reducer(args.rules.as_ref(), args.common.is_sample())?;
    let history = args.common.open()?;
    let context = context(&args.common, &history)?;
    let named = question.named(&history.log).map_err(wrong)?;
    let over = match named {
        Some(over) if args.stream.is_none() && args.common.category.is_none() => over,
        Some(_) => {
            bail!("the question says itself over which streams: leave --stream and --category out")
        }
        None => over(args, &history.log)?,
    };
    let known = args.common.known(&history)?;
    let folder = known_folder(Folder::new(Arc::clone(&history), reducer), known);
    let mut watch = Watch {
        cancel: &super::stop::is_stopped,
        partly: &mut |_, _| {},
    };
    let mut found = ask_when(&question, &folder, over, &context, &mut watch).map_err(wrong)??;
    if let Some(until) = context.marks.playhead {
        found = found.until(until);
    }
    if args.common.json {
        for stretch in &found.stretches {
            writeln!(out, "{}", json(&folder, stretch))?;
        }
    } else {
        print_table(&folder, &found, out)?;
    }
    if found.n_more > 0 {
        bail!("there are {} more; ask over fewer streams", found.n_more);
    }
    Ok(0)
}

/// The streams that the options name.
fn over(args: &WhenArgs, log: &EventLog) -> anyhow::Result<Over> {
    if let Some(name) = &args.stream {
        return Ok(Over::Stream(log.find_stream(name, args.common.which())?));
    }
    let Some(name) = &args.common.category else {
        return Ok(Over::Everything);
    };
    let at = log
        .category_names()
        .iter()
        .position(|known| **known == **name);
    match at.and_then(|at| u32::try_from(at).ok()) {
        Some(id) => Ok(Over::Category(CategoryId(id))),
        None => bail!("no category is named {name}"),
    }
}

fn json(folder: &Folder, stretch: &Stretch) -> Json {
    let log = &folder.history().log;
    let mut line = Object::default();
    let name = log.stream_name(stretch.stream);
    line.push("stream".into(), Json::Text(name.into()));
    line.push("from".into(), event(folder, stretch.from));
    let to = stretch.to.map_or(Json::Null, |to| event(folder, to));
    line.push("to".into(), to);
    if let Some(file) = log.file_of_event(stretch.from) {
        line.push("file".into(), Json::Text(file.into()));
    }
    Json::Object(line)
}

fn event(folder: &Folder, position: Position) -> Json {
    let number = |text: String| Json::Number(text.into());
    let version = folder.history().log.version(position);
    let mut event = Object::default();
    let version = version.map_or(Json::Null, |version| number(version.0.to_string()));
    event.push("version".into(), version);
    event.push("position".into(), number(position.0.to_string()));
    let time = time(folder, position).map_or(Json::Null, |time| Json::Text(time.into()));
    event.push("time".into(), time);
    Json::Object(event)
}

fn time(folder: &Folder, position: Position) -> Option<String> {
    let (time, digits) = folder.exact_time(position)?;
    Some(time.rfc3339(digits))
}

fn print_table(folder: &Folder, found: &Found, out: &mut dyn Write) -> anyhow::Result<()> {
    let log = &folder.history().log;
    let version = |position| {
        let version = log.version(position);
        version.map_or_else(|| position.to_string(), |version| version.to_string())
    };
    let mut table = Table::new(&["STREAM", ">FROM", "SINCE", ">TO", "UNTIL", "AFTER"]);
    for stretch in &found.stretches {
        let (to, until) = match stretch.to {
            Some(to) => (version(to), time(folder, to).unwrap_or_default()),
            None => (String::new(), "holds still".to_owned()),
        };
        table.row(&[
            preview(log.stream_name(stretch.stream), 48),
            version(stretch.from),
            time(folder, stretch.from).unwrap_or_default(),
            to,
            until,
            preview(log.type_name(log.event_type(stretch.from)), 48),
        ]);
    }
    table.print(out)?;
    Ok(())
}
