//! The answers so far, each with its question.

use std::time::Duration;

use crate::audit::Audit;
use crate::event::json::JsonPath;
use crate::event::{CategoryId, EventDetail, Position, StreamId};
use crate::fold::{Change, FieldStep, SavedState, State, Unknown};
use crate::history::Axis;
use crate::projection::Series;
use crate::query::Facet;

use super::answer::Answer;
use super::as_of::{TableAnswer, TableAsk};
use super::branch::BesideBase;
use super::causes::TravelAnswers;
use super::compare::{
    DiffAnswer, DiffKey, EventsAnswer, EventsKey, FieldAnswer, FieldKey, LeavesAnswer, LeavesKey,
};
use super::question::{FilterAnswer, FilterKey, FilterProblem, WhenAnswer, WhenKey};
use super::reducing::RuleFactsAnswer;
use super::rolling::{RollAnswer, RollKey};

/// Which state is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StateKey {
    /// Of which history and branch: [`Workbench::states`](super::Workbench::states).
    pub generation: u64,
    /// Of which stream.
    pub stream: StreamId,
    /// After how many of its events, less one.
    pub rank: u32,
}

/// A state, what its last event changed, and how long it took.
#[derive(Clone, Debug)]
pub struct StateAnswer {
    /// The state after the event.
    pub state: State,
    /// What the event changed, against the state before it; arrays by element.
    pub changes: Vec<Change>,
    /// The state that the store saved after this very event, where it saved one.
    pub saved: Option<SavedState>,
    /// What is not known of the state.
    pub unknown: Vec<Unknown>,
    /// How it stands to the history as recorded, where it is that of a branch.
    pub base: Option<BesideBase>,
    /// How long the fold took.
    pub took: Duration,
}

/// Which event is asked for in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventKey {
    /// Of which history.
    pub generation: u64,
    /// Where it stands.
    pub position: Position,
}

/// An event in full, or the sentence that says why it could not be read.
pub type EventAnswer = Result<EventDetail, String>;

/// Which rows of the events table are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PreviewKey {
    /// Of which history.
    pub generation: u64,
    /// The positions of the events, rising: some hundred at most.
    pub positions: Vec<u32>,
}

/// The data of some rows as one short line each.
#[derive(Clone, Debug, Default)]
pub struct Previews {
    /// The positions of the events, rising.
    pub positions: Vec<u32>,
    /// One line for each of them; what cannot be read says so.
    pub lines: Vec<Result<String, String>>,
}

impl Previews {
    /// The line of the event at `position`, where it is among them.
    pub fn line(&self, position: Position) -> Option<&Result<String, String>> {
        let at = self.positions.binary_search(&position.0).ok()?;
        self.lines.get(at)
    }
}

/// Which series is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SeriesKey {
    /// Of which history and branch: [`Workbench::states`](super::Workbench::states).
    pub generation: u64,
    /// Of which stream.
    pub stream: StreamId,
    /// Of which field of its state.
    pub path: JsonPath,
    /// Along which axis.
    pub axis: Axis,
}

/// A field over time, or the sentence that says why there is none.
pub type SeriesAnswer = Result<Series, String>;

/// A field of the states of a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateField {
    /// Where in the state.
    pub path: JsonPath,
    /// Whether it held a number.
    pub is_number: bool,
}

/// The fields of the states of a category, as a few of its streams have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryFields {
    /// The category.
    pub category: CategoryId,
    /// How many events it has.
    pub n_events: u64,
    /// The fields, in the order of a state.
    pub fields: Vec<StateField>,
    /// The fields of the payloads of its events.
    pub of_payloads: Vec<StateField>,
}

/// The answers so far, each with its question.
#[derive(Debug, Default)]
pub struct Answers {
    /// The state of the stream shown, at the playhead.
    pub state: Answer<StateKey, Result<StateAnswer, String>>,
    /// The event at the playhead.
    pub event: Answer<EventKey, EventAnswer>,
    /// The rows that the events table shows.
    pub previews: Answer<PreviewKey, Previews>,
    /// The field that Projections plots.
    pub series: Answer<SeriesKey, SeriesAnswer>,
    /// Who set the fields of the stream shown.
    pub leaves: Answer<LeavesKey, LeavesAnswer>,
    /// What differs between the two points that are compared.
    pub diff: Answer<DiffKey, Result<DiffAnswer, String>>,
    /// What differs between the data of two events.
    pub events: Answer<EventsKey, EventsAnswer>,
    /// What the chosen field was.
    pub field: Answer<FieldKey, FieldAnswer>,
    /// What it was in the history as recorded, where it is that of a branch and was something else.
    pub base_field: Answer<FieldKey, Vec<FieldStep>>,
    /// The states of a category at the playhead.
    pub table: Answer<TableAsk, Result<TableAnswer, String>>,
    /// A number rolled forward.
    pub rolled: Answer<RollKey, RollAnswer>,
    /// The audit of the whole history, by generation.
    pub audit: Answer<u64, Result<Audit, String>>,
    /// What time travel asks.
    pub travel: TravelAnswers,
    /// What the question bar asks, over one stream or many; grows while it is searched.
    pub when: Answer<WhenKey, Result<WhenAnswer, String>>,
    /// The events that the filter lets through; grows while it is searched.
    pub filter: Answer<FilterKey, FilterAnswer>,
    /// What the metadata of the history say alike, by generation.
    pub facets: Answer<u64, Vec<Facet>>,
    /// Why the filter asked last has no answer, where it has none.
    pub filter_problem: Option<FilterProblem>,
    /// The fields of the states of all categories, by [`Workbench::states`](super::Workbench::states).
    pub fields: Answer<u64, Vec<CategoryFields>>,
    /// What rules for the category of the stream shown can be about.
    pub rule_facts: RuleFactsAnswer,
}
