//! All that can come back from the threads: a closed list.

use super::inquire::Inquired;
use super::job::{GatheredStates, OpenWhat};
use super::kind::Kind;
use super::workspace::LoadedWorkspace;
use crate::audit::{Audit, CheckTime};
use crate::event::CategoryId;
use crate::fold::{FieldStep, Reducer, StateTable};
use crate::history::{CauseIndex, Chain, History, IdFound, IdIndex, RelatedStream, Undertaking};
use crate::projection::{
    Answered, BuiltInAsk, Explained, FieldChoice, Overlay, PartitionsAt, Plotted, VersionsCompared,
};
use crate::query::{Facet, QueryError};
use crate::settings::Workspace;
use crate::workbench::{
    CategoryFields, Composed, DiffAnswer, DiffKey, EventAnswer, EventKey, EventsAnswer, EventsKey,
    ExplainKey, Export, FieldAnswer, FieldKey, FilterAnswer, FilterKey, FollowNews, GraphAnswer,
    GraphKey, IdKey, LanesAnswer, LanesKey, LeavesAnswer, LeavesKey, LinesKey, MapKey, MapPreview,
    MapSurvey, OverlayKey, PartitionsAsk, PreviewKey, Previews, ReducerProblem, ReducerText,
    RelatedKey, ReportKey, RollAnswer, RollKey, RuleFacts, RuleFactsKey, RunAnswer, RunKey,
    RunProblem, ScriptId, SeriesAnswer, SeriesKey, StateAnswer, StateKey, TableAnswer, TableAsk,
    UndertakingKey, VersionsKey, WhenAnswer, WhenKey,
};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// What has come of it.
pub enum Outcome {
    /// What has been read so far.
    Partial(Arc<History>, Option<Arc<dyn Reducer>>),
    /// The whole history.
    Opened(OpenWhat, Arc<History>, Option<Arc<dyn Reducer>>),
    /// It could not be opened; the sentence says why.
    OpenFailed(OpenWhat, String),
    /// Nothing in it looks like events, or a mapping does not fit it; the sentence says what.
    NotRecognized(OpenWhat, String),
    /// What a file can be mapped from, or why that cannot be said.
    Surveyed(u64, Result<Box<MapSurvey>, String>),
    /// What comes of a mapping, or why nothing does.
    Mapped(Box<MapKey>, Result<Box<MapPreview>, String>),
    /// A state, or why there is none.
    State(StateKey, Result<StateAnswer, String>),
    /// An event.
    Event(EventKey, EventAnswer),
    /// Rows.
    Previews(PreviewKey, Previews),
    /// When something was so, as far as it has been searched, or why that cannot be said.
    When(WhenKey, Result<WhenAnswer, String>),
    /// The events that a filter lets through, as far as they have been searched, or what is wrong with
    /// it.
    Filter(FilterKey, Result<FilterAnswer, QueryError>),
    /// What metadata say alike.
    Facets(u64, Vec<Facet>),
    /// A series.
    Series(SeriesKey, SeriesAnswer),
    /// Who set the fields of a stream.
    Leaves(LeavesKey, LeavesAnswer),
    /// What differs between two states, or why that cannot be said.
    Diff(DiffKey, Result<DiffAnswer, String>),
    /// What differs between the data of two events.
    Events(EventsKey, EventsAnswer),
    /// What a field was.
    Field(FieldKey, FieldAnswer),
    /// What a field was in a branch, and in the history as recorded.
    FieldBeside(FieldKey, Vec<FieldStep>, Vec<FieldStep>),
    /// Rows of the as-of table, with the states gathered for it.
    Table(
        Box<TableAsk>,
        Result<(Arc<StateTable>, TableAnswer), String>,
    ),
    /// A number rolled forward, or why it is not.
    RolledForward(Box<RollKey>, RollAnswer),
    /// A field worth a plot, if there is one.
    Suggested(u64, Option<FieldChoice>),
    /// A reducer made of this text, or why there is none.
    Reducer(Box<ReducerText>, Result<Arc<dyn Reducer>, ReducerProblem>),
    /// What rules can be about.
    RuleFacts(RuleFactsKey, Result<RuleFacts, String>),
    /// An audit with how long each check took, or why there is none.
    Audit(u64, Result<(Audit, Vec<CheckTime>), String>),
    /// Fields over a stream.
    Lanes(LanesKey, LanesAnswer),
    /// The chosen field over its stream.
    Steps(LanesKey, LanesAnswer),
    /// What finds events by their ids, or why there is none.
    Causes(u64, Result<Arc<CauseIndex>, String>),
    /// An event found by its id, and what finds others.
    FoundId(IdKey, Result<(Arc<IdIndex>, IdFound), String>),
    /// What led to an event and what followed.
    Chain(EventKey, Result<Chain, String>),
    /// The events of an undertaking.
    Undertaking(UndertakingKey, Result<Undertaking, String>),
    /// Related streams.
    Related(RelatedKey, Result<Vec<RelatedStream>, String>),
    /// An undertaking as a graph.
    Graph(GraphKey, GraphAnswer),
    /// What a run gave so far.
    Projected(Box<RunKey>, Box<RunAnswer>),
    /// The states of a category over time, or why there are none.
    Gathered((u64, CategoryId, u64), Result<GatheredStates, String>),
    /// The lines of a plot.
    Lines(Box<LinesKey>, Result<Plotted, String>),
    /// The lines of the piece of time that holds the playhead.
    ByThen(Box<LinesKey>, Result<Plotted, String>),
    /// How long partitions stay in each value of a field.
    Stays(Box<LinesKey>, Result<Answered, String>),
    /// Where two versions of a projection part ways.
    Versions(VersionsKey, Result<VersionsCompared, String>),
    /// What is wrong with a script that reads so.
    ScriptChecked(ScriptId, String, Vec<RunProblem>),
    /// Two periods of them.
    Overlay(Box<OverlayKey>, Result<Vec<Overlay>, String>),
    /// Partitions, or what is wrong with the filter.
    Partitions(Box<PartitionsAsk>, Result<PartitionsAt, String>),
    /// The events that made a step.
    Explained(Box<ExplainKey>, Result<Explained, String>),
    /// The fields of the states of all categories.
    Fields(u64, Vec<CategoryFields>),
    /// What a projection without code says.
    BuiltIn(u64, BuiltInAsk, Result<Answered, String>),
    /// Scripts, or why one could not be read.
    Scripts(Vec<(PathBuf, Result<String, String>)>),
    /// The user chose these scripts, or none.
    ChosenScripts(Vec<PathBuf>),
    /// A report to be looked at, or why there is none.
    Composed(Box<ReportKey>, Result<Arc<Composed>, String>),
    /// A report has been written, or could not be.
    Saved(PathBuf, Result<(), String>),
    /// An answer to a question of the Audit view.
    Inquired(Box<Inquired>),
    /// The user chose these files to open, or none.
    ChosenToOpen(Vec<PathBuf>),
    /// The user chose where a report goes, or did not.
    ChosenToSave(Option<PathBuf>),
    /// The user chose where an export goes, or did not.
    ChosenToExport(Export, Option<PathBuf>),
    /// So many events as JSON Lines, or why they are not there.
    CopiedEvents(usize, Result<String, String>),
    /// A file was written, with what it holds, or could not be.
    Exported(PathBuf, Result<String, String>),
    /// These files are gone.
    Gone(BTreeSet<PathBuf>),
    /// The workspace of the history of this opening.
    Workspace(u64, Box<LoadedWorkspace>),
    /// A workspace that the user opens, or why it cannot be.
    GivenWorkspace(PathBuf, Result<Box<Workspace>, String>),
    /// A workspace was written, because the user asked for it or not, or could not be.
    SavedWorkspace(PathBuf, bool, Result<(), String>),
    /// The user chose where a workspace goes, or did not.
    ChosenWorkspace(Option<PathBuf>),
    /// What has come at the end of the file that is followed under this number, or why it cannot be.
    Followed(u64, Result<FollowNews, String>),
    /// Work of this kind broke; the text says what the program said of it.
    Fault(Kind, String),
    /// The work was stopped and has no answer.
    Stopped,
}
