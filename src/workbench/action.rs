//! Everything that a user can ask, and the one table that gives it name, help, key and menu.
//!
//! Menus, the palette, the shortcut list, tooltips and the manual read [`ACTIONS`].

use std::path::PathBuf;

use crate::event::json::JsonPath;
use crate::event::{CategoryId, Position, StreamId, TypeId, Version};
use crate::fold::Edit;
use crate::history::{Axis, Grouping};

use super::look::{Compare, FieldChoice, Height, Mark, Span, Speed, StepKind};
use super::mapping::MapEdit;
use super::question::Scope;
use super::reducing::ReducerEdit;
use super::travel::{CausesTab, FieldLanes, SidebarTab, StreamAxis};

/// The views: saved layouts over one shared state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ViewKind {
    /// Timeline, events, state.
    #[default]
    Explore,
    /// Plots over time.
    Projections,
    /// Evidence, checks and findings.
    Audit,
}

/// The tabs of the inspector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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
    /// Show the other axis.
    ToggleAxis,
    /// Make lanes of this.
    SetGrouping(Grouping),
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
    /// UTC or local time.
    ToggleZone,
    /// Show a view.
    ShowView(ViewKind),
    /// Show a tab of the inspector.
    ShowInspector(InspectorTab),
    /// Show or hide the inspector.
    ToggleInspector,
    /// Plot this field.
    PlotField(FieldChoice),
    /// Plot a field of the selected stream's state.
    PlotPath(JsonPath),
    /// Choose a field of the state shown, or none.
    SelectField(Option<JsonPath>),
    /// Marker A at the playhead.
    SetMarkerA,
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
    /// Show only the results of the question in the events table, or all that the filter lets through.
    ToggleResults,
    /// Run the checks.
    RunAudit,
    /// Choose a finding and go to its first event.
    GoToFinding(usize),
    /// To the next finding.
    NextFinding,
    /// To the finding before.
    PreviousFinding,
    /// Run the checks, ask for a name and save the report.
    SaveReport,
    /// Save the report under this name.
    SaveReportAs(PathBuf),
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
}

/// Under which menu an action stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    /// Files.
    File,
    /// Moving in time.
    Move,
    /// What is shown.
    View,
    /// Checks and reports.
    Audit,
    /// Undo, copy.
    Edit,
    /// Keys and help.
    Help,
}

/// One action in the table.
#[derive(Debug)]
pub struct ActionRow {
    /// What is sent.
    pub action: Action,
    /// Its name: a noun or verb, at most three words, sentence case.
    pub name: &'static str,
    /// What it does, without a final period.
    pub help: &'static str,
    /// Its keys, the first of them shown: `Ctrl+O`, `Shift+Left`, `[`.
    pub keys: &'static [&'static str],
    /// Where it stands in menus and in the shortcut list.
    pub menu: Menu,
}

const fn row(
    action: Action,
    name: &'static str,
    help: &'static str,
    keys: &'static [&'static str],
    menu: Menu,
) -> ActionRow {
    ActionRow {
        action,
        name,
        help,
        keys,
        menu,
    }
}

/// Every action that needs nothing more to be said.
pub static ACTIONS: &[ActionRow] = &[
    row(
        Action::OpenDialog,
        "Open file",
        "Open a store or a log, read-only",
        &["Ctrl+O"],
        Menu::File,
    ),
    row(
        Action::OpenSample,
        "Open sample history",
        "A small shop, to try everything on",
        &[],
        Menu::File,
    ),
    row(
        Action::CloseHistory,
        "Close",
        "Close the file and go to the start screen",
        &["Ctrl+W"],
        Menu::File,
    ),
    row(
        Action::ReadDifferently,
        "Read this file differently",
        "Say which column means what",
        &[],
        Menu::File,
    ),
    row(
        Action::CancelOpening,
        "Stop opening",
        "Stop reading and keep what has been read",
        &[],
        Menu::File,
    ),
    row(
        Action::ShowProblems,
        "Problems",
        "List what was wrong while reading",
        &[],
        Menu::File,
    ),
    row(
        Action::ShowFileInfo,
        "File information",
        "Files, format, and who reads them along",
        &[],
        Menu::File,
    ),
    row(
        Action::StopWork,
        "Stop",
        "Stop what is running",
        &["Ctrl+."],
        Menu::File,
    ),
    row(
        Action::Quit,
        "Quit",
        "End the program",
        &["Ctrl+Q"],
        Menu::File,
    ),
    row(
        Action::Undo,
        "Undo",
        "Take the last move back",
        &["Ctrl+Z"],
        Menu::Edit,
    ),
    row(
        Action::Redo,
        "Redo",
        "Make it again",
        &["Ctrl+Y", "Ctrl+Shift+Z"],
        Menu::Edit,
    ),
    row(
        Action::Back,
        "Back",
        "To the place visited before",
        &["Alt+Left"],
        Menu::Edit,
    ),
    row(
        Action::Forward,
        "Forward",
        "To the place visited after",
        &["Alt+Right"],
        Menu::Edit,
    ),
    row(
        Action::CopyEvent,
        "Copy event",
        "Copy the event at the playhead as JSON",
        &["Ctrl+C"],
        Menu::Edit,
    ),
    row(
        Action::CopyReference,
        "Copy reference",
        "Copy the file's name and the position",
        &["Ctrl+Shift+C"],
        Menu::Edit,
    ),
    row(
        Action::StepEvents(-1),
        "Previous event",
        "Go one event back",
        &["Left"],
        Menu::Move,
    ),
    row(
        Action::StepEvents(1),
        "Next event",
        "Go one event on",
        &["Right"],
        Menu::Move,
    ),
    row(
        Action::StepEvents(-10),
        "Ten events back",
        "Go ten events back",
        &["Shift+Left"],
        Menu::Move,
    ),
    row(
        Action::StepEvents(10),
        "Ten events on",
        "Go ten events on",
        &["Shift+Right"],
        Menu::Move,
    ),
    row(
        Action::StepInStream(-1),
        "Previous in stream",
        "To the previous event of the selected stream",
        &["[", "Alt+,"],
        Menu::Move,
    ),
    row(
        Action::StepInStream(1),
        "Next in stream",
        "To the next event of the selected stream",
        &["]", "Alt+."],
        Menu::Move,
    ),
    row(
        Action::StepInType(-1),
        "Previous of type",
        "To the previous event of the same type",
        &["{"],
        Menu::Move,
    ),
    row(
        Action::StepInType(1),
        "Next of type",
        "To the next event of the same type",
        &["}"],
        Menu::Move,
    ),
    row(
        Action::First,
        "First event",
        "To the first event",
        &["Home"],
        Menu::Move,
    ),
    row(
        Action::Last,
        "Last event",
        "To the last event",
        &["End"],
        Menu::Move,
    ),
    row(
        Action::TogglePlay,
        "Play",
        "Play or pause",
        &["Space"],
        Menu::Move,
    ),
    row(Action::Slower, "Slower", "Play slower", &["<"], Menu::Move),
    row(Action::Faster, "Faster", "Play faster", &[">"], Menu::Move),
    row(
        Action::CycleStep,
        "Step by",
        "Step by event, stream or type",
        &["S"],
        Menu::Move,
    ),
    row(
        Action::AskGoTo,
        "Go to",
        "Go to a stream, a position, a version or a time",
        &["G"],
        Menu::Move,
    ),
    row(
        Action::SetMarkerA,
        "Set A",
        "Marker A at the playhead",
        &["A"],
        Menu::Move,
    ),
    row(
        Action::SetMarkerB,
        "Set B",
        "Marker B at the playhead",
        &["B"],
        Menu::Move,
    ),
    row(
        Action::GoToMarkerA,
        "Go to A",
        "The playhead to marker A",
        &["Alt+A"],
        Menu::Move,
    ),
    row(
        Action::GoToMarkerB,
        "Go to B",
        "The playhead to marker B",
        &["Alt+B"],
        Menu::Move,
    ),
    row(
        Action::ClearMarkers,
        "Clear markers",
        "Take markers A and B away",
        &["Shift+A"],
        Menu::Move,
    ),
    row(
        Action::AskQuestion,
        "When did",
        "Ask when a field became so",
        &["W"],
        Menu::Move,
    ),
    row(
        Action::NextResult,
        "Next result",
        "To the next result of the question",
        &["R"],
        Menu::Move,
    ),
    row(
        Action::PreviousResult,
        "Previous result",
        "To the result of the question before",
        &["Shift+R"],
        Menu::Move,
    ),
    row(
        Action::CloseQuestion,
        "Close question",
        "Close the question and forget its results",
        &[],
        Menu::View,
    ),
    row(
        Action::AskFilter,
        "Filter events",
        "Show only events that match",
        &[],
        Menu::View,
    ),
    row(
        Action::ToggleAxis,
        "Other axis",
        "Time or sequence from left to right",
        &["X"],
        Menu::View,
    ),
    row(
        Action::Fit,
        "Fit",
        "Show the whole history",
        &["F"],
        Menu::View,
    ),
    row(
        Action::FitSelection,
        "Fit selection",
        "Show the selected stream whole",
        &["Shift+F"],
        Menu::View,
    ),
    row(
        Action::ZoomIn,
        "Zoom in",
        "Zoom in at the playhead",
        &["+", "="],
        Menu::View,
    ),
    row(
        Action::ZoomOut,
        "Zoom out",
        "Zoom out at the playhead",
        &["-"],
        Menu::View,
    ),
    row(
        Action::SetGrouping(Grouping::Category),
        "Lanes by category",
        "A lane for each category",
        &[],
        Menu::View,
    ),
    row(
        Action::SetGrouping(Grouping::Type),
        "Lanes by type",
        "A lane for each event type",
        &[],
        Menu::View,
    ),
    row(
        Action::SetHeight(Height::Linear),
        "Linear height",
        "Columns in proportion to their count",
        &[],
        Menu::View,
    ),
    row(
        Action::SetHeight(Height::Log),
        "Log height",
        "Columns by the logarithm of their count",
        &[],
        Menu::View,
    ),
    row(
        Action::ToggleZone,
        "UTC or local",
        "Show times in UTC or in local time",
        &["U"],
        Menu::View,
    ),
    row(
        Action::ShowView(ViewKind::Explore),
        "Explore",
        "Timeline, events and state",
        &["Ctrl+1"],
        Menu::View,
    ),
    row(
        Action::ShowView(ViewKind::Projections),
        "Projections",
        "Plots over time",
        &["Ctrl+2"],
        Menu::View,
    ),
    row(
        Action::ShowView(ViewKind::Audit),
        "Audit",
        "Evidence, checks and findings",
        &["Ctrl+3"],
        Menu::View,
    ),
    row(
        Action::ShowInspector(InspectorTab::State),
        "State tab",
        "The state at the playhead",
        &["1"],
        Menu::View,
    ),
    row(
        Action::ShowInspector(InspectorTab::Event),
        "Event tab",
        "The event at the playhead",
        &["2"],
        Menu::View,
    ),
    row(
        Action::ShowDiff,
        "Diff A\u{2013}B",
        "What differs between A and B, or from the version before",
        &["D", "3"],
        Menu::View,
    ),
    row(
        Action::ShowFieldHistory,
        "Field history",
        "What the chosen field was after each event",
        &["Shift+H", "4"],
        Menu::View,
    ),
    row(
        Action::ShowReducer(true),
        "Reducer",
        "Choose or write the rules that make states",
        &[],
        Menu::View,
    ),
    row(
        Action::ToggleBlame,
        "Blame",
        "Show or hide who set each field",
        &[],
        Menu::View,
    ),
    row(
        Action::ToggleChangedOnly,
        "Changed only",
        "Show all fields, or only those that differ",
        &[],
        Menu::View,
    ),
    row(
        Action::ToggleInspector,
        "Inspector",
        "Show or hide the inspector",
        &["I"],
        Menu::View,
    ),
    row(
        Action::CycleTheme,
        "Theme",
        "Dark, light, or as the system",
        &["Ctrl+Shift+T"],
        Menu::View,
    ),
    row(
        Action::OpenSelected,
        "Time travel",
        "The timeline of the selected stream",
        &["T"],
        Menu::View,
    ),
    row(
        Action::ShowAllLanes,
        "All lanes",
        "The timeline of the whole history",
        &[],
        Menu::View,
    ),
    row(
        Action::SetFieldLanes(FieldLanes::Pinned),
        "Pinned lanes",
        "Pinned fields under the stream",
        &[],
        Menu::View,
    ),
    row(
        Action::SetFieldLanes(FieldLanes::Changed),
        "Changed lanes",
        "Lately changed fields under the stream",
        &[],
        Menu::View,
    ),
    row(
        Action::SetFieldLanes(FieldLanes::Off),
        "No lanes",
        "No fields under the stream",
        &[],
        Menu::View,
    ),
    row(
        Action::ShowCauses,
        "Causation chain",
        "What led to this event, and what followed",
        &["C"],
        Menu::View,
    ),
    row(
        Action::FindCauses,
        "Find causes",
        "Read all events for causes and undertakings",
        &[],
        Menu::View,
    ),
    row(
        Action::PinSelected,
        "Pin field",
        "Pin the chosen field as a lane",
        &["P"],
        Menu::View,
    ),
    row(
        Action::GoToCause,
        "Cause",
        "To the event that caused this one",
        &["("],
        Menu::Move,
    ),
    row(
        Action::GoToEffect,
        "First effect",
        "To the first event that this one caused",
        &[")"],
        Menu::Move,
    ),
    row(
        Action::AskBookmark,
        "Bookmark",
        "Keep this place under a name",
        &["M"],
        Menu::Move,
    ),
    row(
        Action::NextBookmark,
        "Next bookmark",
        "To the next bookmark",
        &["'"],
        Menu::Move,
    ),
    row(
        Action::PreviousBookmark,
        "Previous bookmark",
        "To the bookmark before",
        &["\""],
        Menu::Move,
    ),
    row(
        Action::ListBookmarks,
        "Bookmarks",
        "List the bookmarks",
        &["Shift+M"],
        Menu::Move,
    ),
    row(
        Action::SkipHere,
        "Skip in branch",
        "What if this event had not been",
        &[],
        Menu::Edit,
    ),
    row(
        Action::AskEdit,
        "Edit in branch",
        "What if this event had said something else",
        &[],
        Menu::Edit,
    ),
    row(
        Action::ToggleBase,
        "Base or branch",
        "Show the history as recorded, or the branch",
        &[],
        Menu::Edit,
    ),
    row(
        Action::DiscardBranch,
        "Discard branch",
        "Forget what the branch leaves out and edits",
        &[],
        Menu::Edit,
    ),
    row(
        Action::RunAudit,
        "Run audit",
        "Run all checks",
        &[],
        Menu::Audit,
    ),
    row(
        Action::NextFinding,
        "Next finding",
        "To the next finding",
        &["N"],
        Menu::Audit,
    ),
    row(
        Action::PreviousFinding,
        "Previous finding",
        "To the finding before",
        &["Shift+N"],
        Menu::Audit,
    ),
    row(
        Action::SaveReport,
        "Save report",
        "Audit and save a report",
        &["Ctrl+E"],
        Menu::Audit,
    ),
    row(
        Action::TogglePalette,
        "Search",
        "Find anything or run a command",
        &["Ctrl+K", "Ctrl+P"],
        Menu::Help,
    ),
    row(
        Action::ToggleShortcuts,
        "Shortcuts",
        "List all keys",
        &["?"],
        Menu::Help,
    ),
];

/// The row of an action, where it has one.
pub fn row_of(action: &Action) -> Option<&'static ActionRow> {
    ACTIONS.iter().find(|row| row.action == *action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_keys_are_unique_and_help_ends_without_a_period() {
        let mut seen = std::collections::HashSet::new();
        for row in ACTIONS {
            assert!(seen.insert(row.name), "{} stands twice", row.name);
            assert!(
                !row.help.ends_with('.') && !row.help.is_empty(),
                "{}",
                row.name
            );
            for key in row.keys {
                assert!(seen.insert(key), "{key} stands twice");
            }
        }
    }
}
