//! The one table that gives actions their name, help, key and menu.
//!
//! Menus, the palette, the shortcut list, tooltips and the manual read [`ACTIONS`].

use super::action::{Action, InspectorTab, ViewKind};
use super::exporting::Export;
use super::look::Height;
use super::setting::Setting;
use super::travel::FieldLanes;
use crate::history::{Clock, Grouping};

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
        Action::NewProjection,
        "New projection",
        "Write a projection, from the types in the file",
        &[],
        Menu::File,
    ),
    row(
        Action::OpenProjection,
        "Open projection",
        "Take in a script in JavaScript",
        &[],
        Menu::File,
    ),
    row(
        Action::RunProjection,
        "Run projection",
        "Run the script that is shown",
        &["Ctrl+Enter"],
        Menu::File,
    ),
    row(
        Action::SaveWorkspace,
        "Save workspace",
        "Bookmarks, notes, layout and more, as a file",
        &["Ctrl+S"],
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
        Action::AskCompare,
        "Compare with",
        "Tell this state apart from that of another stream",
        &[],
        Menu::Move,
    ),
    row(
        Action::CompareEvents,
        "Compare with event",
        "What this event says otherwise than the one at marker A",
        &[],
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
        "Show A to B, or the selected stream, whole",
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
        Action::ToggleLive,
        "Follow live",
        "Show events as another program writes them to the file",
        &["Shift+L"],
        Menu::Move,
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
        Action::ShowView(ViewKind::Graph),
        "Graph",
        "One undertaking over time, who caused whom",
        &["Ctrl+4"],
        Menu::View,
    ),
    row(
        Action::ShowView(ViewKind::Report),
        "Report",
        "What was found, as it is handed on",
        &["Ctrl+5"],
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
        Action::Set(Setting::Larger(true)),
        "Larger",
        "Make everything larger",
        &["Ctrl+=", "Ctrl++"],
        Menu::View,
    ),
    row(
        Action::Set(Setting::Larger(false)),
        "Smaller",
        "Make everything smaller",
        &["Ctrl+-"],
        Menu::View,
    ),
    row(
        Action::Set(Setting::TextSize(100)),
        "Normal size",
        "Make everything as large as it comes",
        &["Ctrl+0"],
        Menu::View,
    ),
    row(
        Action::ToggleFullScreen,
        "Full screen",
        "Use all of the screen, or a window",
        &["F11"],
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
        Action::ShowGraph,
        "Causation graph",
        "The undertaking of this event as a graph",
        &["C"],
        Menu::View,
    ),
    row(
        Action::ShowCauses,
        "Causation chain",
        "What led to this event, and what followed",
        &[],
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
        Action::AskNote,
        "Note",
        "Write a note on this event",
        &[],
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
        Action::AskNewBranch,
        "New branch",
        "Try something else beside the branch there is",
        &[],
        Menu::Edit,
    ),
    row(
        Action::NextBranch,
        "Next branch",
        "Show another branch of this store",
        &[],
        Menu::Edit,
    ),
    row(
        Action::AskBranchName,
        "Rename branch",
        "Give the branch another name",
        &[],
        Menu::Edit,
    ),
    row(
        Action::SetClock(Clock::Recorded),
        "Recorded time axis",
        "Time is when events were recorded",
        &[],
        Menu::View,
    ),
    row(
        Action::SetClock(Clock::Occurred),
        "Occurred time axis",
        "Time is when events occurred, where they say so",
        &[],
        Menu::View,
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
        Action::AskReportPlace,
        "Save report as",
        "Ask where the report goes",
        &[],
        Menu::Audit,
    ),
    row(
        Action::Export(Export::Events),
        "Export events",
        "Write the filtered events as CSV, Parquet, SQLite or JSON Lines",
        &[],
        Menu::File,
    ),
    row(
        Action::Export(Export::States),
        "Export states",
        "Write the as-of table as CSV, Parquet or JSON Lines",
        &[],
        Menu::File,
    ),
    row(
        Action::Export(Export::RollForward),
        "Export roll-forward",
        "Write the roll-forward as CSV, Parquet or JSON Lines",
        &[],
        Menu::File,
    ),
    row(
        Action::Export(Export::State),
        "Export state",
        "Write the state that is shown as JSON",
        &[],
        Menu::File,
    ),
    row(
        Action::Export(Export::Plot),
        "Export plot",
        "Write the plot as CSV, Parquet, PNG or SVG",
        &[],
        Menu::File,
    ),
    row(
        Action::Export(Export::Table),
        "Export table",
        "Write the table beside the plot as CSV, Parquet or JSON Lines",
        &[],
        Menu::File,
    ),
    row(
        Action::Export(Export::Timeline),
        "Export timeline",
        "Write a picture of the timeline as PNG or SVG",
        &[],
        Menu::File,
    ),
    row(
        Action::Export(Export::Findings),
        "Export findings",
        "Write the findings of the audit as CSV, Parquet or JSON Lines",
        &[],
        Menu::Audit,
    ),
    row(
        Action::Export(Export::Facets),
        "Export facets",
        "Write the counts of metadata as CSV, Parquet or JSON Lines",
        &[],
        Menu::File,
    ),
    row(
        Action::CopyPlot,
        "Copy plot",
        "Put a picture of the plot on the clipboard",
        &[],
        Menu::Edit,
    ),
    row(
        Action::TogglePalette,
        "Search",
        "Find anything or run a command",
        &["Ctrl+K", "Ctrl+P"],
        Menu::Help,
    ),
    row(
        Action::ToggleSettings,
        "Settings",
        "Theme, size, zone and keys",
        &["Ctrl+,"],
        Menu::Help,
    ),
    row(
        Action::ShowAbout,
        "About Annals",
        "Version, licences, and what it is made of",
        &[],
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
