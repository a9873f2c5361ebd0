//! `annals capsule`: a stream with all that it depends on, and its state, as a small store.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Args;

use super::open::CommonArgs;
use super::state::reducer;
use super::stop::{Writing, is_stopped};
use crate::event::{EventDetail, visible};
use crate::fold::Folder;
use crate::job::{CapsuleTask, check_capsule, write_capsule};
use crate::report::EventMask;

/// What goes into a capsule, or which one is held against itself.
#[derive(Debug, Args)]
pub(super) struct CapsuleArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// The stream whose state is to be shown again, as of --as-of
    #[arg(long, value_name = "S", required_unless_present = "check")]
    stream: Option<String>,
    /// The store that is written
    #[arg(short, long, value_name = "OUT.db", required_unless_present = "check")]
    output: Option<PathBuf>,
    /// Rules that say what events mean; without them payloads are merged
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// Makes fields unreadable whose names fit (* for any characters), the same value the same way;
    /// the state is then that of the masked events. May be given more than once
    #[arg(long, value_name = "FIELD")]
    mask: Vec<String>,
    /// FILE is a capsule: fold its events again, and say whether they lead to the state in it
    #[arg(long, conflicts_with_all = ["stream", "output"])]
    check: bool,
}

/// Done, and the answer is "no".
const NO: u8 = 1;

pub(super) fn run(args: &CapsuleArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    if args.check {
        return check(args, out);
    }
    let (Some(stream), Some(path)) = (&args.stream, &args.output) else {
        bail!("name a stream with --stream and a file with -o");
    };
    let reducer = reducer(args.rules.as_ref(), args.common.is_sample())?;
    let history = args.common.open()?;
    let stream = history.log.find_stream(stream, args.common.which())?;
    let as_of = args.common.until(&history)?;
    let mask = EventMask::new(&args.mask);
    let hide = mask.as_ref().map(EventMask::hides);
    let mut about = [
        ("annals.format", "annals/sqlite".to_owned()),
        (
            "annals.program",
            format!("Annals {}", env!("CARGO_PKG_VERSION")),
        ),
        ("annals.source", history.about.name().to_owned()),
        ("annals.source_format", history.about.format.clone()),
        ("annals.stream", history.log.stream_name(stream).to_owned()),
        ("annals.rules", reducer.name().to_owned()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .to_vec();
    about.extend(mask.as_ref().map(EventMask::said));
    let folder = Arc::new(Folder::new(history, reducer));
    let task = CapsuleTask {
        folder: &folder,
        stream,
        as_of,
        mask: hide.as_ref().map(|hide| hide as &dyn Fn(&mut EventDetail)),
        about: &about,
    };
    let writing = Writing::begin();
    let written = write_capsule(&task, path, &is_stopped);
    drop(writing);
    let capsule = written
        .map_err(anyhow::Error::msg)
        .with_context(|| format!("{} could not be written", path.display()))?;
    if args.common.json {
        let answer = serde_json::json!({
            "capsule": path,
            "events": capsule.n_events,
            "streams": capsule.n_streams,
            "stream": capsule.expected.stream,
            "version": capsule.expected.version,
            "position": capsule.expected.position,
            "rules": capsule.expected.rules,
        });
        let text = answer.to_string();
        // The state keeps its digits, which a tree of floating-point numbers would not.
        let open = text.strip_suffix('}').unwrap_or(&text);
        writeln!(out, "{open},\"state\":{}}}", capsule.expected.state)?;
    } else {
        let (events, streams) = (capsule.n_events, capsule.n_streams);
        writeln!(
            out,
            "{} ({events} events of {streams} streams)",
            path.display()
        )?;
    }
    Ok(0)
}

fn check(args: &CapsuleArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let [path] = args.common.files.as_slice() else {
        bail!("name one capsule to check");
    };
    let reducer = reducer(args.rules.as_ref(), false)?;
    let held = check_capsule(path, &reducer, &is_stopped)
        .map_err(anyhow::Error::msg)
        .with_context(|| format!("{} could not be checked", path.display()))?;
    if held.is_empty() {
        bail!("no state goes with these events; write capsules with annals capsule");
    }
    for (expected, other) in &held {
        let stream = visible(&expected.stream);
        match other {
            None => writeln!(out, "{stream}: the state is as expected")?,
            Some(other) => writeln!(
                out,
                "{stream}: the state is another one under {}\nexpected {}\nis       {}",
                visible(reducer.label()),
                visible(&expected.state),
                visible(other)
            )?,
        }
    }
    Ok(if held.iter().any(|(_, other)| other.is_some()) {
        NO
    } else {
        0
    })
}
