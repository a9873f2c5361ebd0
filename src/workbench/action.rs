//! Everything that a user can ask. Name, help, key and menu of each are in `action_table`.

use std::path::PathBuf;
use std::sync::Arc;

use crate::event::json::JsonPath;
use crate::event::{CategoryId, Position, StreamId, TypeId, Version, Zone};
use crate::fold::Edit;
use crate::history::{Axis, Clock, Grouping};

use super::auditing::AuditEdit;
use super::chosen::Among;
use super::colors::{ColorBy, ColorOf};
use super::exporting::Export;
use super::look::{Compare, FieldChoice, Height, Mark, Span, Speed, StepKind};
use super::mapping::MapEdit;
use super::plotting::PlotEdit;
use super::projecting::ProjectEdit;
use super::question::Scope;
use super::reducing::ReducerEdit;
use super::reporting::ReportEdit;
use super::setting::Setting;
use super::travel::{CausesTab, FieldLanes, SidebarTab, StreamAxis};

/// The views: saved layouts over one shared state.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize,
)]
pub enum ViewKind {
    /// Timeline, events, state.
    #[default]
    Explore,
    /// Plots over time.
    Projections,
    /// Evidence, checks and findings.
    Audit,
    /// Who caused whom in one undertaking.
    Graph,
    /// The report that is composed.
    Report,
}

/// The tabs of the inspector.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize,
)]
pub enum InspectorTab {
    /// The state of the selected stream at the playhead.
    State,
    /// The event at the playhead.
    #[default]
    Event,
    /// What differs between markers A and B.
    Diff,
    /// What the chosen field was after each event.
    History,
}

/// What a user asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Ask for a file and open it.
    OpenDialog,
    /// Open a file.
    OpenPath(PathBuf),
    /// Open several files as one history; one alone is opened as [`Self::OpenPath`] does.
    OpenPaths(Vec<PathBuf>),
    /// Open files in a window of their own; an empty one where there are none.
    OpenBeside(Vec<PathBuf>),
    /// Open a file, run all checks over it and show the report that would be saved.
    OpenForReport(PathBuf),
    /// Open the sample history.
    OpenSample,
    /// Close what is open.
    CloseHistory,
    /// Stop reading the file.
    CancelOpening,
    /// List what was wrong while reading.
    ShowProblems,
    /// Say which files are open, how they are read, and who reads them along.
    ShowFileInfo,
    /// Say for the open file which column means what.
    ReadDifferently,
    /// Change the mapping that is worked on.
    EditMapping(MapEdit),
    /// Take a file off the recent ones.
    ForgetRecent(PathBuf),
    /// Stop what is running.
    StopWork,
    /// Open a file with the program that the system has for it.
    OpenOutside(PathBuf),
    /// End the program.
    Quit,
    /// Put the playhead on an event.
    MovePlayhead(Position),
    /// Go so many events on (or back), by the current kind of step.
    Step(i64),
    /// Go so many events on (or back), whatever the kind of step.
    StepEvents(i64),
    /// Go on in the selected stream.
    StepInStream(i64),
    /// Go on among events of the same type.
    StepInType(i64),
    /// To the first event.
    First,
    /// To the last event.
    Last,
    /// Play or pause.
    TogglePlay,
    /// Play slower.
    Slower,
    /// Play faster.
    Faster,
    /// Play at this speed.
    SetSpeed(Speed),
    /// Step by this.
    SetStep(StepKind),
    /// Step by the next kind.
    CycleStep,
    /// Ask where to go.
    AskGoTo,
    /// Go to a point as written (`#861204`, `order-1220@7`, a time, a stream's name, `v7`).
    GoTo(String),
    /// Choose a stream, or none.
    SelectStream(Option<StreamId>),
    /// Put the playhead on an event and choose its stream, as one step.
    SelectEvent(Position),
    /// Choose a stream and put the playhead on one of its versions.
    GoToVersion(StreamId, Version),
    /// Bring out a type, or none.
    SelectType(Option<TypeId>),
    /// Show or hide the streams of a category.
    ToggleCategory(CategoryId),
    /// Show this axis.
    SetAxis(Axis),
    /// Show time as one of an event's two: recorded or occurred.
    SetClock(Clock),
    /// Show the other axis.
    ToggleAxis,
    /// Make lanes of this.
    SetGrouping(Grouping),
    /// Make lanes of the streams nearest to the playhead, or of categories again.
    SetStreamLanes(bool),
    /// Give events their color by this.
    SetColorBy(ColorBy),
    /// Give something this color of the theme, by its number, or with `None` the one it has by itself.
    ChooseColor(ColorOf, Option<u8>),
    /// Ask for the color of the selected type, or of the category of the selected stream.
    AskColor,
    /// Draw density so.
    SetHeight(Height),
    /// Show this stretch of the axis.
    SetSpan(Span),
    /// Show everything.
    Fit,
    /// Show the selected stream whole.
    FitSelection,
    /// Zoom in at the playhead.
    ZoomIn,
    /// Zoom out at the playhead.
    ZoomOut,
    /// UTC, local time, or the zone named in the settings: the next of them.
    ToggleZone,
    /// Show times in this zone.
    SetZone(Zone),
    /// Follow the file that is open while another program writes it; go to its end; or leave off.
    ToggleLive,
    /// Show a view.
    ShowView(ViewKind),
    /// Show a tab of the inspector.
    ShowInspector(InspectorTab),
    /// Show or hide the inspector.
    ToggleInspector,
    /// Put all tiles where they stand at first.
    ResetLayout,
    /// Plot this field.
    PlotField(FieldChoice),
    /// Plot a field of the selected stream's state.
    PlotPath(JsonPath),
    /// Plot a field of the states of all streams of a category.
    PlotStates(CategoryId, JsonPath),
    /// Plot a field of the payloads of a category.
    PlotPayloads(CategoryId, JsonPath),
    /// Write a new projection.
    NewProjection,
    /// Ask for a script and take it in.
    OpenProjection,
    /// Run the projection shown.
    RunProjection,
    /// Change projections or their runs.
    Project(Box<ProjectEdit>),
    /// Change what is plotted.
    Plot(Box<PlotEdit>),
    /// Choose a field of the state shown, or none.
    SelectField(Option<JsonPath>),
    /// Marker A at the playhead.
    SetMarkerA,
    /// Tell the state shown apart from that of another stream at the same time.
    CompareWith(StreamId),
    /// Count what the metadata of a large history say alike.
    CountFacets,
    /// Look for the event with this id, or the only one whose id begins so.
    FindId(String),
    /// Ask with which stream the state shown is to be compared.
    AskCompare,
    /// Tell the data of the event at the playhead apart from those of the event at marker A.
    CompareEvents,
    /// Tell the data of an event apart from those of another one.
    CompareEvent(Position, Position),
    /// Marker B at the playhead.
    SetMarkerB,
    /// Marker A at this moment or period, or nowhere.
    MarkA(Option<Mark>),
    /// Marker B at this moment or period, or nowhere.
    MarkB(Option<Mark>),
    /// The playhead to marker A.
    GoToMarkerA,
    /// The playhead to marker B.
    GoToMarkerB,
    /// Take both markers away.
    ClearMarkers,
    /// Compare the state shown with this.
    SetCompare(Compare),
    /// Show or hide who set each field.
    ToggleBlame,
    /// Show all fields, or only those that differ.
    ToggleChangedOnly,
    /// Answer a question of the as-of table.
    AskTable(Box<super::as_of::TableAsk>),
    /// Roll a number forward.
    AskRollForward(Box<super::rolling::RollKey>),
    /// What differs between A and B; without markers, from the previous version.
    ShowDiff,
    /// What the chosen field was after each event.
    ShowFieldHistory,
    /// Show or hide what makes states, under the state.
    ShowReducer(bool),
    /// Choose or write what makes states.
    EditReducer(Box<ReducerEdit>),
    /// To the event that set this field of the state shown.
    GoToSetter(JsonPath),
    /// To the event that set this field before the one that did last.
    GoToSetterBefore(JsonPath),
    /// Open the question bar, with the selected field filled in.
    AskQuestion,
    /// Open the question bar with this text, to be completed.
    AskQuestionAbout(String),
    /// Ask when this was so, over the scope chosen.
    Ask(String),
    /// Ask over these streams.
    SetScope(Scope),
    /// Close the question bar.
    CloseQuestion,
    /// To the next result of the question.
    NextResult,
    /// To the result before.
    PreviousResult,
    /// To a result, by its index.
    GoToResult(usize),
    /// Give the keyboard to the filter of the events table.
    AskFilter,
    /// Show only events that this filter lets through; an empty one lets all through.
    SetFilter(String),
    /// Show the values of a key of the metadata in place of the types, or the types.
    ShowFacet(Option<String>),
    /// Add a clause to the filter, or take it out.
    ToggleClause(String),
    /// Add a clause to the filter in the place of those that ask for another value of the same, or take
    /// it out.
    ShowOnly(String),
    /// Show only the results of the question in the events table, or all that the filter lets through.
    ToggleResults,
    /// Do something in the Audit view.
    Audit(Box<AuditEdit>),
    /// Run the checks.
    RunAudit,
    /// Choose a finding and go to its first event.
    GoToFinding(usize),
    /// To the next finding.
    NextFinding,
    /// To the finding before.
    PreviousFinding,
    /// Run the checks and show the report with a proposed name, to be saved.
    SaveReport,
    /// Save the report under its name.
    WriteReport,
    /// Ask where the report goes.
    AskReportPlace,
    /// Change what the report says.
    EditReport(Box<ReportEdit>),
    /// Save the report under this name.
    SaveReportAs(PathBuf),
    /// Ask for a name and write what is shown into a file.
    Export(Export),
    /// Write what is shown into this file; its ending says in which form.
    ExportAs(Export, PathBuf),
    /// Put a picture of the plot on the clipboard.
    CopyPlot,
    /// Save the workspace in its file, or ask where.
    SaveWorkspace,
    /// Save the workspace under this name.
    SaveWorkspaceAs(PathBuf),
    /// Ask for a note on the event at the playhead.
    AskNote,
    /// Write a note on an event; an empty one takes it away.
    WriteNote(Position, String),
    /// Ask why a finding is accepted.
    AskAccept(usize),
    /// Accept a finding, for this reason.
    AcceptFinding(usize, String),
    /// Take back that a finding is accepted.
    ReopenFinding(usize),
    /// Show or hide the settings.
    ToggleSettings,
    /// Say what this program is and what it is made of.
    ShowAbout,
    /// Use all of the screen, or a window.
    ToggleFullScreen,
    /// Change the settings.
    Set(Setting),
    /// Take the last change of place back.
    Undo,
    /// Make it again.
    Redo,
    /// To the place visited before.
    Back,
    /// To the place visited after.
    Forward,
    /// Find anything.
    TogglePalette,
    /// List all keys.
    ToggleShortcuts,
    /// Dark, light, as the system.
    CycleTheme,
    /// Put a text on the clipboard.
    CopyText(String),
    /// Copy the event at the playhead as JSON.
    CopyEvent,
    /// Copy a reference such as `shop-events.db#861204`.
    CopyReference,
    /// Close a message.
    DismissMessage(u64),
    /// Show the timeline of a stream.
    OpenStream(StreamId),
    /// Show the timeline of the stream whose state is shown.
    OpenSelected,
    /// Show the timeline of the whole history.
    ShowAllLanes,
    /// Show how much there is of what.
    ShowStatistics,
    /// Show the timeline of a stream along this axis.
    SetStreamAxis(StreamAxis),
    /// Pin a field of the stream shown as a lane.
    PinField(JsonPath),
    /// Take its pin off.
    UnpinField(JsonPath),
    /// Show these fields as lanes.
    SetFieldLanes(FieldLanes),
    /// Ask for the name of a bookmark at the playhead.
    AskBookmark,
    /// Bookmark the place of the playhead, under this name or the proposed one.
    AddBookmark(Option<String>),
    /// Give the bookmark at this place of the list another name.
    RenameBookmark(usize, String),
    /// Take the bookmark at this place of the list away.
    RemoveBookmark(usize),
    /// Go to the bookmark at this place of the list.
    GoToBookmark(usize),
    /// To the next bookmark.
    NextBookmark,
    /// To the bookmark before.
    PreviousBookmark,
    /// List the bookmarks.
    ListBookmarks,
    /// Show this in the upper half of the sidebar.
    ShowSidebar(SidebarTab),
    /// Show the graph of the undertaking to which the event at the playhead belongs.
    ShowGraph,
    /// Show the graph of the undertaking to which an event belongs, with the playhead there.
    ShowGraphOf(Position),
    /// Show what led to the event at the playhead and what followed from it.
    ShowCauses,
    /// Show this in the tile under the timeline, or close it.
    SetCauses(Option<CausesTab>),
    /// Read all events of a large history for their causes.
    FindCauses,
    /// To the event that directly brought the one at the playhead about.
    GoToCause,
    /// To the first event that it brought about.
    GoToEffect,
    /// Pin the chosen field as a lane, or take its pin off.
    PinSelected,
    /// Leave an event out of the branch, let it say something else there, or take that back.
    EditEvent(Position, Option<Edit>),
    /// Leave the event at the playhead out of the branch, or take it in again.
    SkipHere,
    /// Ask what the event at the playhead says in the branch.
    AskEdit,
    /// Show the history as recorded, or the branch again.
    ToggleBase,
    /// Forget the branch.
    DiscardBranch,
    /// Ask for the name of another branch.
    AskNewBranch,
    /// Begin another branch under this name, beside the one there is.
    NewBranch(String),
    /// Ask for another name of the branch.
    AskBranchName,
    /// Give the branch this name.
    RenameBranch(String),
    /// Show the branch of this name.
    SwitchBranch(String),
    /// Show the next branch by name.
    NextBranch,
    /// Add an event to those chosen, or take it out.
    ChooseAlso(Position),
    /// Add all events of a kind from the one chosen last to this one.
    ChooseUntil(Position, Among),
    /// Choose nothing but the event at the playhead.
    ClearChosen,
    /// Add an event to the report as an exhibit, with a bookmark.
    Exhibit(Position),
    /// Find a field or a value in the state shown.
    FindInState,
    /// Show only the events from marker A to marker B.
    FilterMarked,
    /// Make a report on the period from marker A to marker B.
    ReportMarked,
    /// Make lanes higher by so many percent of what they are at first, or lower.
    ScaleLanes(i16),
    /// Put a pinned field before the one that stands so many places from the top.
    MovePin(JsonPath, usize),
    /// Put the lanes of a grouping in this order: the numbers of its categories or types.
    OrderLanes(Grouping, Arc<[u32]>),
}
