//! All that can be asked of the threads: a closed list.

use super::ask::{FilterTask, WhenTask};
use super::export::ExportTask;
use super::follow::FollowTask;
use super::inquire::Inquiry;
use super::kind::Kind;
use super::map::MapTask;
use super::outcome::Outcome;
use super::report::{ReportTask, SaveTask};
use super::workspace::{LoadWorkspace, LoadedWorkspace, SaveWorkspace};
use crate::event::{CategoryId, StreamId, Timestamp};
use crate::fold::{Folder, StateTable};
use crate::history::{CauseIndex, History, IdIndex};
use crate::projection::{BuiltInAsk, Limits, PathInfo, Results};
use crate::source::OpenOptions;
use crate::workbench::{
    AuditFile, DiffKey, EventKey, EventsKey, ExplainKey, Export, FieldKey, GraphKey, IdKey,
    LanesKey, LeavesKey, LinesKey, OverlayKey, PartitionsAsk, PreviewKey, ReducerProblem,
    ReducerText, RelatedKey, ReportKey, RollKey, RuleFactsKey, RunAnswer, RunKey, RunProblem,
    RunState, ScriptId, SeriesKey, StateKey, TableAsk, UndertakingKey, VersionsKey,
};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// The mappings kept for the user, as TOML, by the fingerprint of the tables that they are for.
pub type KeptMappings = Arc<BTreeMap<String, String>>;

/// What is opened.
#[derive(Clone, Debug)]
pub enum OpenWhat {
    /// A file, with what the user wants otherwise than what is found, and with the mappings kept from
    /// other files, one of which holds where the tables are the same and nothing else is wanted.
    File(PathBuf, OpenOptions, KeptMappings),
    /// Several files as one history, with what the user wants otherwise than what is found.
    Files(Vec<PathBuf>, OpenOptions),
    /// The sample history.
    Sample,
}

/// What is audited, and where the receipts of what was audited before are kept.
#[derive(Clone)]
pub struct AuditTask {
    /// The generation of the history.
    pub generation: u64,
    /// The history.
    pub history: Arc<History>,
    /// Makes its states, so that those which the store saved are held against them.
    pub folder: Option<Arc<Folder>>,
    /// The folder of receipts among the user's data; nowhere where nothing is kept.
    pub receipts: Option<PathBuf>,
    /// A file of rules that the history must keep, where the user named one.
    pub invariants: Option<PathBuf>,
    /// The moment of the audit, for the receipt.
    pub now: Timestamp,
}

/// A projection to be run.
#[derive(Clone)]
pub struct ProjectTask {
    /// What it is made of.
    pub key: RunKey,
    /// What the script is called.
    pub name: String,
    /// The number of its results.
    pub number: u64,
    /// Over which history.
    pub history: Arc<History>,
    /// How much memory its results may take.
    pub limits: Limits,
}

/// The states of a category over time, and the fields that can be plotted.
pub type GatheredStates = (Arc<Results>, Arc<[PathInfo]>);

/// Work to be done.
#[derive(Clone)]
pub enum Job {
    /// Open a history.
    Open(OpenWhat),
    /// Fold a stream to a state, and say what its last event changed.
    State(StateKey, Arc<Folder>),
    /// Read one event in full.
    Event(EventKey, Arc<History>),
    /// Read the data of some rows, as one line each.
    Previews(PreviewKey, Arc<History>),
    /// Ask when something was so.
    When(Box<WhenTask>),
    /// Find the events that a filter lets through.
    Filter(Box<FilterTask>),
    /// Count what the metadata of the history of this generation say alike.
    Facets(u64, Arc<History>),
    /// Follow a field over time.
    Series(SeriesKey, Arc<Folder>),
    /// Find out who set the fields of a stream.
    Leaves(LeavesKey, Arc<Folder>),
    /// Tell two states apart.
    Diff(DiffKey, Arc<Folder>),
    /// Tell the data of two events apart.
    Events(EventsKey, Arc<History>),
    /// Follow a field of any kind over a stream.
    Field(FieldKey, Arc<Folder>),
    /// Answer a question of the as-of table, by the states gathered for it where they are known.
    Table(Box<TableAsk>, Arc<Folder>, Option<Arc<StateTable>>),
    /// Roll a number forward between two points.
    RollForward(Box<RollKey>, Arc<Folder>),
    /// Find a field worth a plot, for the history of this generation.
    SuggestField(u64, Arc<Folder>),
    /// Make a reducer of what the user chose or wrote.
    Reducer(Box<ReducerText>),
    /// Find out what rules for a category can be about.
    RuleFacts(RuleFactsKey, Arc<History>),
    /// Run all checks on the history of this generation.
    Audit(AuditTask),
    /// Follow fields over a stream.
    Lanes(LanesKey, Arc<Folder>),
    /// Find the events after which the chosen field was another one.
    Steps(LanesKey, Arc<Folder>),
    /// Make it possible to find events by their ids, for the history of this generation.
    Causes(u64, Arc<History>),
    /// Find an event by its id, with what finds them where that is known.
    FindId(IdKey, Arc<History>, Option<Arc<IdIndex>>),
    /// Find out what led to an event and what followed.
    Chain(EventKey, Arc<History>, Arc<CauseIndex>),
    /// Find the events of an undertaking.
    Undertaking(UndertakingKey, Arc<History>, Arc<CauseIndex>),
    /// Find the streams that are related to one.
    Related(RelatedKey, Arc<History>, Arc<CauseIndex>),
    /// Make a graph of an undertaking.
    Graph(GraphKey, Arc<History>, Arc<CauseIndex>),
    /// Run a projection.
    Project(Box<ProjectTask>),
    /// Gather the states of a category over time: what states are made of, which category, and the
    /// number of the results.
    Gather((u64, CategoryId, u64), Arc<Folder>, Limits),
    /// Make the lines of a plot, those of another version beside them where it is given.
    Lines(
        Box<LinesKey>,
        Arc<Results>,
        Option<Arc<Results>>,
        Arc<History>,
    ),
    /// Make the lines of the piece of time that holds the playhead, up to there.
    Partial(Box<LinesKey>, Arc<Results>, Arc<History>),
    /// Find how long partitions stay in each value of a field.
    Stays(Box<LinesKey>, Arc<Results>, Arc<History>),
    /// Find where two versions of a projection part ways.
    Versions(VersionsKey, [Arc<Results>; 2]),
    /// Read a script without running it, as it is written.
    CheckScript(ScriptId, String, String),
    /// Lay two periods over each other.
    Overlay(Box<OverlayKey>, Arc<Results>, Arc<History>),
    /// Make the table of partitions; words such as `yesterday` count from the moment.
    Partitions(Box<PartitionsAsk>, Arc<Results>, Timestamp),
    /// Find the events that made a step.
    Explain(Box<ExplainKey>, Arc<Results>, Arc<History>),
    /// Find the fields of the states of all categories.
    Fields(u64, Arc<Folder>),
    /// Answer a projection without code, of the history of this generation.
    BuiltIn(u64, BuiltInAsk, Arc<History>),
    /// Ask the user for scripts.
    AskScript,
    /// Read scripts.
    ReadScripts(Vec<PathBuf>),
    /// Make a report to be looked at.
    Compose(Box<(ReportKey, ReportTask)>),
    /// Write a report.
    Report(Box<SaveTask>),
    /// Write what is shown into a file.
    Export(Box<ExportTask>),
    /// Write events as JSON Lines, for the clipboard.
    CopyEvents(Arc<History>, Arc<[u32]>),
    /// Ask the user where an export goes; the name is proposed.
    AskExport(Export, String),
    /// Answer a question of the Audit view.
    Inquire(Inquiry),
    /// Ask the user for a file of the Audit view.
    AskForAudit(AuditFile),
    /// Ask the user for a file to open.
    AskOpen,
    /// Ask the user where a report goes; the name is proposed.
    AskSave(String),
    /// Find out what a file can be mapped from: for the dialog of this number, with the options in force.
    Survey(u64, PathBuf, OpenOptions),
    /// Try a mapping on some rows.
    Map(Box<MapTask>),
    /// Find out which of these files are gone.
    LookAt(Vec<PathBuf>),
    /// Find what was done with a history another day.
    LoadWorkspace(Box<LoadWorkspace>),
    /// Read a workspace that the user opens.
    ReadWorkspace(PathBuf),
    /// Write a workspace.
    SaveWorkspace(Box<SaveWorkspace>),
    /// Ask the user where a workspace goes; the name is proposed.
    AskWorkspace(String),
    /// Look for what has come at the end of a file.
    Follow(Box<FollowTask>),
}

impl Job {
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Open(_) => Kind::Open,
            Self::State(..) => Kind::State,
            Self::Event(..) => Kind::Event,
            Self::Previews(..) => Kind::Previews,
            Self::When(_) => Kind::When,
            Self::Filter(_) => Kind::Filter,
            Self::Facets(..) => Kind::Facets,
            Self::Series(..) | Self::SuggestField(..) => Kind::Series,
            Self::Leaves(..) => Kind::Leaves,
            Self::Diff(..) | Self::Events(..) => Kind::Diff,
            Self::Field(..) => Kind::Field,
            Self::Table(..) => Kind::Table,
            Self::RollForward(..) => Kind::RollForward,
            Self::Reducer(_) => Kind::Reducer,
            Self::RuleFacts(..) => Kind::RuleFacts,
            Self::Audit(..) => Kind::Audit,
            Self::Compose(_) => Kind::Compose,
            Self::Report(_) => Kind::Report,
            Self::Export(_) => Kind::Export,
            Self::CopyEvents(..) => Kind::Clip,
            Self::Project(_) => Kind::Project,
            Self::Gather(..) => Kind::Gather,
            Self::Lines(..) | Self::BuiltIn(..) => Kind::Lines,
            Self::Overlay(..) => Kind::Overlay,
            Self::Partitions(..) => Kind::Partitions,
            Self::Explain(..) => Kind::Explain,
            Self::Partial(..) => Kind::Partial,
            Self::Stays(..) => Kind::Stays,
            Self::Versions(..) => Kind::Versions,
            Self::CheckScript(..) => Kind::CheckScript,
            Self::ReadScripts(_) => Kind::Scripts,
            Self::Fields(..) => Kind::Fields,
            Self::AskOpen
            | Self::AskSave(_)
            | Self::AskExport(..)
            | Self::AskScript
            | Self::AskForAudit(_)
            | Self::AskWorkspace(_) => Kind::Dialog,
            Self::Inquire(inquiry) => inquiry.kind(),
            Self::LoadWorkspace(_) | Self::ReadWorkspace(_) => Kind::Workspace,
            Self::SaveWorkspace(_) => Kind::KeepWorkspace,
            Self::Survey(..) | Self::Map(_) => Kind::Mapping,
            Self::LookAt(_) => Kind::LookAt,
            Self::Lanes(..) => Kind::Lanes,
            Self::Steps(..) => Kind::Steps,
            Self::Causes(..) => Kind::Causes,
            Self::FindId(..) => Kind::FindId,
            Self::Chain(..) => Kind::Chain,
            Self::Undertaking(..) => Kind::Undertaking,
            Self::Related(..) => Kind::Related,
            Self::Graph(..) => Kind::Graph,
            Self::Follow(_) => Kind::Follow,
        }
    }

    /// What the status bar says while it runs; empty for what is over at once.
    pub fn title(&self) -> String {
        match self {
            Self::Open(OpenWhat::File(path, ..)) => format!("Reading {}", file_name(path)),
            Self::Open(OpenWhat::Files(paths, _)) => format!("Reading {} files", paths.len()),
            Self::Open(OpenWhat::Sample) => "Reading the sample history".to_owned(),
            Self::Table(_, _, None) | Self::RollForward(..) => "Gathering states".to_owned(),
            Self::Audit(..) => "Running the audit".to_owned(),
            Self::Compose(_) => "Making the report".to_owned(),
            Self::Report(_) => "Writing the report".to_owned(),
            Self::Export(_) => "Exporting".to_owned(),
            Self::CopyEvents(..) => "Copying events".to_owned(),
            Self::Causes(..) => "Finding causes".to_owned(),
            Self::FindId(_, _, None) => "Reading ids".to_owned(),
            Self::When(_) => "Searching states".to_owned(),
            Self::Filter(_) => "Filtering events".to_owned(),
            Self::Facets(..) => "Counting metadata".to_owned(),
            Self::Series(..) | Self::SuggestField(..) => "Plotting".to_owned(),
            Self::Project(task) => format!("Running {}", task.name),
            Self::Inquire(inquiry) => inquiry.title(),
            Self::Gather(..) => "Gathering states over time".to_owned(),
            Self::BuiltIn(_, ask, _) => format!("Counting {}", ask.what.name().to_lowercase()),
            Self::State(..)
            | Self::Table(..)
            | Self::Leaves(..)
            | Self::Diff(..)
            | Self::Events(..)
            | Self::Field(..)
            | Self::Event(..)
            | Self::Previews(..)
            | Self::Reducer(_)
            | Self::RuleFacts(..)
            | Self::Lines(..)
            | Self::Overlay(..)
            | Self::Partitions(..)
            | Self::Explain(..)
            | Self::Partial(..)
            | Self::Stays(..)
            | Self::Versions(..)
            | Self::CheckScript(..)
            | Self::ReadScripts(_)
            | Self::Fields(..)
            | Self::AskScript
            | Self::AskOpen
            | Self::AskForAudit(_)
            | Self::AskSave(_)
            | Self::AskExport(..)
            | Self::AskWorkspace(_)
            | Self::LoadWorkspace(_)
            | Self::ReadWorkspace(_)
            | Self::SaveWorkspace(_)
            | Self::Survey(..)
            | Self::Map(_)
            | Self::LookAt(_)
            | Self::Lanes(..)
            | Self::Steps(..)
            | Self::FindId(..)
            | Self::Chain(..)
            | Self::Undertaking(..)
            | Self::Related(..)
            | Self::Follow(_)
            | Self::Graph(..) => String::new(),
        }
    }

    /// The answer to a job that broke, where it has a place of its own to be shown in.
    pub fn broken(&self, what: String) -> Outcome {
        match self {
            Self::Open(wanted) => Outcome::OpenFailed(wanted.clone(), what),
            Self::State(key, _) => Outcome::State(*key, Err(what)),
            Self::Event(key, _) => Outcome::Event(*key, Err(what)),
            Self::When(task) => Outcome::When(task.key.clone(), Err(what)),
            Self::Series(key, _) => Outcome::Series(key.clone(), Err(what)),
            Self::Leaves(key, _) => Outcome::Leaves(*key, Err(what)),
            Self::Diff(key, _) => Outcome::Diff(*key, Err(what)),
            Self::Events(key, _) => Outcome::Events(*key, Err(what)),
            Self::Field(key, _) => Outcome::Field(key.clone(), Err(what)),
            Self::Table(ask, ..) => Outcome::Table(ask.clone(), Err(what)),
            Self::RollForward(key, _) => Outcome::RolledForward(key.clone(), Err(what)),
            Self::Reducer(text) => Outcome::Reducer(
                text.clone(),
                Err(ReducerProblem {
                    line: None,
                    message: what,
                }),
            ),
            Self::RuleFacts(key, _) => Outcome::RuleFacts(*key, Err(what)),
            Self::Audit(task) => Outcome::Audit(task.generation, Err(what)),
            Self::Lanes(key, _) => Outcome::Lanes(key.clone(), Err(what)),
            Self::Steps(key, _) => Outcome::Steps(key.clone(), Err(what)),
            Self::Causes(generation, _) => Outcome::Causes(*generation, Err(what)),
            Self::FindId(key, ..) => Outcome::FoundId(key.clone(), Err(what)),
            Self::Chain(key, ..) => Outcome::Chain(*key, Err(what)),
            Self::Undertaking(key, ..) => Outcome::Undertaking(key.clone(), Err(what)),
            Self::Related(key, ..) => Outcome::Related(*key, Err(what)),
            Self::Graph(key, ..) => Outcome::Graph(*key, Err(what)),
            Self::Project(task) => {
                Outcome::Projected(Box::new(task.key.clone()), Box::new(broken_run(what)))
            }
            Self::Gather(key, ..) => Outcome::Gathered(*key, Err(what)),
            Self::Lines(key, ..) => Outcome::Lines(key.clone(), Err(what)),
            Self::BuiltIn(generation, ask, _) => {
                Outcome::BuiltIn(*generation, ask.clone(), Err(what))
            }
            Self::Overlay(key, ..) => Outcome::Overlay(key.clone(), Err(what)),
            Self::Partitions(ask, ..) => Outcome::Partitions(ask.clone(), Err(what)),
            Self::Explain(key, ..) => Outcome::Explained(key.clone(), Err(what)),
            Self::Compose(asked) => Outcome::Composed(Box::new(asked.0.clone()), Err(what)),
            Self::Partial(key, ..) => Outcome::ByThen(key.clone(), Err(what)),
            Self::Stays(key, ..) => Outcome::Stays(key.clone(), Err(what)),
            Self::Versions(key, _) => Outcome::Versions(*key, Err(what)),
            Self::Report(task) => Outcome::Saved(task.path.clone(), Err(what)),
            Self::Export(task) => Outcome::Exported(task.path.clone(), Err(what)),
            Self::Inquire(inquiry) => Outcome::Inquired(Box::new(inquiry.broken(what))),
            Self::Survey(session, ..) => Outcome::Surveyed(*session, Err(what)),
            Self::Map(task) => Outcome::Mapped(Box::new(task.key.clone()), Err(what)),
            Self::LoadWorkspace(task) => {
                let loaded = LoadedWorkspace {
                    said: vec![what],
                    ..LoadedWorkspace::default()
                };
                Outcome::Workspace(task.ticket, Box::new(loaded))
            }
            Self::ReadWorkspace(path) => Outcome::GivenWorkspace(path.clone(), Err(what)),
            Self::SaveWorkspace(task) => {
                Outcome::SavedWorkspace(task.place.clone(), task.is_wished, Err(what))
            }
            Self::Follow(task) => Outcome::Followed(task.number, Err(what)),
            Self::Previews(..)
            | Self::Filter(_)
            | Self::Facets(..)
            | Self::SuggestField(..)
            | Self::AskOpen
            | Self::AskScript
            | Self::AskForAudit(_)
            | Self::ReadScripts(_)
            | Self::CheckScript(..)
            | Self::Fields(..)
            | Self::AskSave(_)
            | Self::AskExport(..)
            | Self::AskWorkspace(_)
            | Self::CopyEvents(..)
            | Self::LookAt(_) => Outcome::Fault(self.kind(), what),
        }
    }
}

/// What a run gives that broke.
fn broken_run(what: String) -> RunAnswer {
    RunAnswer {
        state: RunState::Failed,
        problems: vec![RunProblem {
            is_fatal: true,
            what,
            more: String::new(),
            line: None,
            columns: None,
            position: None,
            missing_handler: None,
        }],
        ..RunAnswer::default()
    }
}

/// The stream that a state is of, for the log.
pub(super) fn about(job: &Job) -> Option<StreamId> {
    match job {
        Job::State(key, _) => Some(key.stream),
        Job::Series(key, _) => Some(key.stream),
        _ => None,
    }
}

/// A path's last part, for people.
pub(super) fn file_name(path: &std::path::Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}
