//! What is open and where we look: no drawing, no threads, no files.
//!
//! [`Action`] is everything a user can ask, [`ACTIONS`] its one table of names, keys and menus;
//! [`Look`] is what undo walks through; [`Answer`] is a result with the question it answers;
//! [`Workbench`] holds them together and changes only through its own methods.

mod action;
mod action_table;
mod answer;
mod answers;
mod as_of;
mod auditing;
mod branch;
mod causes;
mod chosen;
mod colors;
mod compare;
mod dropping;
mod event_field;
mod exporting;
mod follow;
mod go_to;
mod graph;
mod live;
mod look;
mod map_preview;
mod mapping;
mod moves;
mod notes;
mod plot_keys;
mod plotting;
mod projecting;
mod question;
mod reducing;
mod reporting;
mod rolling;
mod setting;
mod travel;
mod undo;
#[expect(
    clippy::module_inception,
    reason = "one file for the folder's main noun"
)]
mod workbench;

pub use action::{Action, InspectorTab, ViewKind};
pub use action_table::{ACTIONS, ActionRow, Menu, row_of};
pub use answer::{Answer, Freshness};
pub use answers::{
    Answers, CategoryFields, EventAnswer, EventKey, PreviewKey, Previews, SeriesAnswer, SeriesKey,
    StateAnswer, StateField, StateKey,
};
pub use as_of::{GatheredTable, TableAnswer, TableAsk, TableKey, TableLine, TableSort};
pub use auditing::{
    AuditEdit, AuditFile, Auditing, BesideKey, CopyAnswer, CopyFile, ReceiptAnswer, ReconcileAsk,
    ReconcileKey, SampleKey, ScreenKey, TableOffered, TablePlace,
};
pub use branch::BesideBase;
pub use causes::{
    IdKey, LanesAnswer, LanesKey, LanesOf, RelatedKey, TravelAnswers, UndertakingKey,
};
pub use chosen::{Among, Chosen, MAX_CHOSEN};
pub use colors::{ColorBy, ColorOf, Colors};
pub use compare::{
    DiffAnswer, DiffKey, EventsAnswer, EventsKey, FieldAnswer, FieldKey, LeavesAnswer, LeavesKey,
    NotKnown,
};
pub use dropping::Dropped;
pub use event_field::{EventField, Need};
pub use exporting::Export;
pub use go_to::{Target, capital};
pub use graph::{GraphAnswer, GraphKey};
pub use live::{FollowNews, Live};
pub use look::{
    Compare, FieldChoice, Height, LANE_HEIGHTS, Look, MAX_BOOKMARKS, Mark, Selection, Span, Speed,
    StepKind,
};
pub use map_preview::{MapNote, MapPreview, MapRow, Sampling};
pub use mapping::{
    DraftField, Judgment, MapColumn, MapDraft, MapEdit, MapKey, MapSurvey, MapTable, Mapping,
    ReadChoice, SchemaFit, TableTag, TriedSchema,
};
pub use notes::{Accepted, MAX_NOTE, MAX_NOTES, Note};
pub use plot_keys::{first_number, first_path, period_of, series_ask};
pub use plotting::{
    Against, AsOf, ExplainKey, KnownResults, LinesKey, OverlayKey, PartitionsAsk, Plot, PlotEdit,
    PlotSource, PlotStyle, Plotting, VersionsKey,
};
pub use projecting::{
    EmittedStream, HandlerCalls, OnError, ProjectEdit, Projecting, RunAnswer, RunKey, RunNote,
    RunProblem, RunState, ScriptId, ScriptText,
};
pub use question::{
    FilterAnswer, FilterKey, FilterProblem, Interval, Question, Scope, WhenAnswer, WhenKey,
    WhenScope,
};
pub use reducing::{
    ReducerEdit, ReducerKind, ReducerProblem, ReducerText, Reducing, RuleFacts, RuleFactsAnswer,
    RuleFactsKey, SeenField,
};
pub use reporting::{Composed, ReportEdit, ReportKey, Reporting};
pub use rolling::{RollAnswer, RollKey};
pub use setting::{Setting, TEXT_SIZES, next_size};
pub use travel::{
    Bookmark, CausesTab, FieldLanes, MAX_PINNED, SidebarTab, StreamAxis, TimelineMode,
};
pub use undo::{Gesture, Trail};
pub use workbench::{Message, Opening, Workbench};
