//! The program without a window: reads arguments, answers through the same code, prints.
//!
//! The grammar of all subcommands stands here; each is answered in a file of its own. Answers go to
//! `out`, messages to `err`, and only `main` ends the process.

mod audit;
mod capsule;
mod compare;
mod completions;
mod drift;
mod events;
mod export;
mod filter;
mod inspect;
mod open;
mod output;
mod project;
mod project_compare;
mod project_series;
mod reconcile;
mod report;
mod roll_forward;
mod sheet;
mod state;
mod stop;
mod streams;
mod table;
mod when;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

use clap::{Args, CommandFactory as _, Parser, Subcommand};

pub use open::CommonArgs;
pub use state::read_rules;
pub use stop::{Stopping, may_be_ended, stop};

/// See what happened, and what was true at any moment.
#[derive(Debug, Parser)]
#[command(name = "annals", version, args_conflicts_with_subcommands = true)]
struct Annals {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    window: WindowArgs,
}

/// What the window is opened on, or drawn without a display.
#[derive(Clone, Debug, Default, Args)]
pub struct WindowArgs {
    /// Event stores or exported logs, - is standard input; without one, the start screen
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Open the embedded sample history
    #[arg(long)]
    pub demo: bool,
    /// Rules that say how states follow from events
    #[arg(long, value_name = "FILE")]
    pub rules: Option<PathBuf>,
    /// The format, such as emmett/sqlite; detection is left out
    #[arg(long, value_name = "ID")]
    pub format: Option<String>,
    /// A mapping of your own, as TOML
    #[arg(long, value_name = "FILE.toml")]
    pub mapping: Option<PathBuf>,
    /// Streams of the same name in several files are one stream
    #[arg(long)]
    pub join_streams: bool,
    /// Draw the window into a picture, without a display, and end
    #[arg(long, value_name = "OUT.png")]
    pub screenshot: Option<PathBuf>,
    /// Size of the picture's window, in points
    #[arg(long, value_name = "WxH", requires = "screenshot")]
    pub size: Option<String>,
    /// Pixels of the picture for each point
    #[arg(long, value_name = "N", requires = "screenshot")]
    pub scale: Option<f32>,
    /// dark or light
    #[arg(long, value_name = "THEME", requires = "screenshot", value_parser = ["dark", "light"])]
    pub theme: Option<String>,
    /// explore, projections, audit, graph or report
    #[arg(long, value_name = "VIEW", requires = "screenshot")]
    pub view: Option<String>,
    /// The stream whose timeline is shown in the picture
    #[arg(long, value_name = "S", requires = "screenshot")]
    pub stream: Option<String>,
    /// Where the playhead stands in the picture: #861204, order-1220@7, a time, or words
    #[arg(long, value_name = "POINT", requires = "screenshot")]
    pub as_of: Option<String>,
}

impl WindowArgs {
    /// How the file is to be opened.
    pub fn options(&self) -> anyhow::Result<crate::source::OpenOptions> {
        let options = open::options(self.format.as_deref(), self.mapping.as_ref())?;
        Ok(crate::source::OpenOptions {
            joins_streams: self.join_streams,
            ..options
        })
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// What a file is: format, counts, times, problems
    Inspect(CommonArgs),
    /// All streams, sorted by name
    Streams(CommonArgs),
    /// Events in order, one JSON object a line with --json
    Events(EventsArgs),
    /// The state of a stream at a point, and what differs from another
    State(state::StateArgs),
    /// The states of all streams of a category at a point
    Table(table::TableArgs),
    /// All stretches during which a condition on a state held, one JSON object a line with --json
    When(when::WhenArgs),
    /// Runs a projection: a script in the projection language, or one built into the server
    Project(project::ProjectArgs),
    /// What a number of the states was at one point, what moved it, and what it was at another
    Rollforward(roll_forward::RollForwardArgs),
    /// Writes events into a file of another form
    Export(export::ExportArgs),
    /// Writes a stream with all that it depends on, and the state that it must lead to, as a small store
    Capsule(capsule::CapsuleArgs),
    /// Holds all checks against a file; exit code 1 if a finding is an error
    Audit(audit::AuditArgs),
    /// Holds two files against each other, event by event; exit code 1 if they differ
    Compare(compare::CompareArgs),
    /// Holds the states of a category against a table, by key; exit code 1 if they differ
    Reconcile(reconcile::ReconcileArgs),
    /// What the fields of each type of event were over time, and where they became others
    Drift(drift::DriftArgs),
    /// Writes evidence, checks, findings and plots as one page
    Report(report::ReportArgs),
    /// Prints what a shell needs to complete arguments
    Completions(completions::CompletionsArgs),
}

/// Which events are listed, and how.
#[derive(Debug, Args)]
struct EventsArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// Only this stream
    #[arg(long, value_name = "S")]
    stream: Option<String>,
    /// Only events that this filter lets through: "type:Order* data.total>100"
    #[arg(long = "where", value_name = "FILTER")]
    filter: Option<String>,
    /// Rules that make the states of a filter; without them payloads are merged
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// At most so many
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Last first
    #[arg(long)]
    reverse: bool,
    /// The stored bytes instead of the presented payload
    #[arg(long)]
    raw: bool,
    /// Go on with what another program writes to the file, until stopped
    #[arg(long, requires = "json", conflicts_with_all = ["filter", "limit", "reverse", "as_of"])]
    follow: bool,
}

/// What the arguments asked for.
#[derive(Debug)]
pub enum Outcome {
    /// It is done; the process ends with this code.
    Exit(u8),
    /// The window is to be opened.
    Window(Box<WindowArgs>),
}

/// The user stopped it.
const STOPPED: u8 = 130;
/// It could not be done.
const FAILED: u8 = 2;
/// Done, and the answer is "no".
const NO: u8 = 1;

/// Answers what the arguments ask; the first argument is the program's name.
pub fn run(
    args: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Outcome {
    let annals = match Annals::try_parse_from(args) {
        Ok(annals) => annals,
        Err(error) => return Outcome::Exit(explain(&error, out, err)),
    };
    let Some(command) = annals.command else {
        return Outcome::Window(Box::new(annals.window));
    };
    stop::begin();
    let out: &mut dyn Write = &mut stop::Printing(out);
    let answered = match command {
        Command::Inspect(args) => inspect::run(&args, out),
        Command::Streams(args) => streams::run(&args, out),
        Command::Events(args) => events::run(&args, out),
        Command::State(args) => state::run(&args, out),
        Command::Table(args) => table::run(&args, out),
        Command::When(args) => when::run(&args, out),
        Command::Project(args) => project::run(&args, out),
        Command::Rollforward(args) => roll_forward::run(&args, out),
        Command::Export(args) => export::run(&args, out),
        Command::Capsule(args) => capsule::run(&args, out),
        Command::Audit(args) => audit::run(&args, out),
        Command::Compare(args) => compare::run(&args, out),
        Command::Drift(args) => drift::run(&args, out),
        Command::Reconcile(args) => reconcile::run(&args, out),
        Command::Report(args) => report::run(&args, out),
        Command::Completions(args) => completions::run(&args, &mut Annals::command(), out),
    };
    let code = match answered.and_then(|code| out.flush().map(|()| code).map_err(Into::into)) {
        Ok(code) => code,
        Err(error) => code_of(&error, err),
    };
    Outcome::Exit(code)
}

/// Help and version are answers; everything else is a message.
fn explain(error: &clap::Error, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    if error.use_stderr() {
        let text = error.render().to_string();
        let text = text.strip_prefix("error: ").unwrap_or(&text);
        write!(err, "annals: {text}").ok();
        return FAILED;
    }
    write!(out, "{}", error.render()).ok();
    0
}

/// Prints why it could not be done, once, and says with which code to end.
fn code_of(error: &anyhow::Error, err: &mut dyn Write) -> u8 {
    let is_closed_pipe = |cause: &(dyn std::error::Error + 'static)| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(is_closed_pipe) {
        // Whoever read the answer has seen enough.
        return 0;
    }
    let is_stopped =
        stop::is_stopped() || matches!(error.downcast_ref(), Some(crate::source::Error::Cancelled));
    if is_stopped {
        writeln!(err, "annals: stopped").ok();
        return STOPPED;
    }
    writeln!(
        err,
        "annals: {}",
        output::visible_lines(&format!("{error:#}"))
    )
    .ok();
    FAILED
}
