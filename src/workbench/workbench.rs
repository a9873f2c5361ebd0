//! The workbench: the history that is open, where we look, and the answers so far.
//!
//! It changes only through its methods; it starts no work. `app` compares the keys of its answers
//! with what is shown and asks for what is stale.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::audit::Audit;
use crate::event::json::JsonPath;
use crate::event::{EventDetail, Position, StreamId, Zone};
use crate::fold::{Change, Folder, Reducer, SavedState, State, Unknown};
use crate::history::{Axis, History};
use crate::projection::Series;
use crate::query::Facet;

use super::answer::Answer;
use super::as_of::{GatheredTable, TableAnswer, TableAsk};
use super::branch::BesideBase;
use super::causes::TravelAnswers;
use super::compare::{DiffAnswer, DiffKey, FieldAnswer, FieldKey, LeavesAnswer, LeavesKey};
use super::look::{FieldChoice, Look, Span, Speed};
use super::mapping::Mapping;
use super::question::{FilterAnswer, FilterKey, FilterProblem, WhenAnswer, WhenKey};
use super::reducing::{Reducing, RuleFactsAnswer};
use super::undo::Trail;

/// A file that is being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Its name, for people.
    pub name: String,
    /// Where it lies; `None` for the sample history.
    pub path: Option<PathBuf>,
}

/// A message at the bottom right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its own number, by which it is closed.
    pub id: u64,
    /// What is so, in a sentence or two.
    pub text: String,
    /// Whether it stays until it is closed.
    pub is_error: bool,
    /// When it came.
    pub since: Duration,
    /// What may be done about it: name and action.
    pub offer: Option<(String, super::Action)>,
}

/// Which state is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StateKey {
    /// Of which history and branch: [`Workbench::states`].
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
    /// Of which history and branch: [`Workbench::states`].
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
    /// What the chosen field was.
    pub field: Answer<FieldKey, FieldAnswer>,
    /// The states of a category at the playhead.
    pub table: Answer<TableAsk, Result<TableAnswer, String>>,
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
    /// What rules for the category of the stream shown can be about.
    pub rule_facts: RuleFactsAnswer,
}

/// What is open and where we look.
pub struct Workbench {
    /// The history, whole or as far as it has been read.
    pub history: Option<Arc<History>>,
    /// Grows with every history taken in, partial ones included: part of every answer's key.
    pub generation: u64,
    /// The file being read.
    pub opening: Option<Opening>,
    /// Makes states of the history's events, or of those of the branch that is shown.
    pub folder: Option<Arc<Folder>>,
    /// The reducer in force.
    pub reducer: Arc<dyn Reducer>,
    /// The same as it is chosen and written.
    pub reducing: Reducing,
    /// The answers so far.
    pub answers: Answers,
    /// The states gathered for the table, for every point at once.
    pub table: GatheredTable,
    /// The mapping that is worked on.
    pub mapping: Option<Mapping>,
    /// Messages, oldest first.
    pub messages: Vec<Message>,
    /// Whether the playhead runs by itself.
    pub is_playing: bool,
    /// The two events between which playing passes over a time without events.
    pub idle_skipped: Option<(Position, Position)>,
    /// How fast it does.
    pub speed: Speed,
    /// The generation of a large history whose causes were asked for.
    pub wants_causes: Option<u64>,
    look: Look,
    moves: Trail<Look>,
    places: Trail<Look>,
    next_message: u64,
    /// The number that keys of states carry: the generation, or that of the branch shown.
    pub(super) states: u64,
    last_number: u64,
}

impl Workbench {
    /// A workbench with nothing open.
    pub fn new(reducer: Arc<dyn Reducer>) -> Self {
        Self {
            history: None,
            generation: 0,
            opening: None,
            folder: None,
            reducer,
            reducing: Reducing::default(),
            answers: Answers::default(),
            table: None,
            mapping: None,
            messages: Vec::new(),
            is_playing: false,
            speed: Speed::Events(10),
            wants_causes: None,
            idle_skipped: None,
            look: Look::default(),
            moves: Trail::new(Look::default()),
            places: Trail::new(Look::default()),
            next_message: 0,
            states: 0,
            last_number: 0,
        }
    }

    /// The number of what states are made of: the generation, or another one while a branch is shown.
    /// Part of the key of every answer that depends on states.
    pub fn states(&self) -> u64 {
        self.states
    }

    /// A number that no history and no branch had before.
    pub(super) fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// Where we look.
    pub fn look(&self) -> &Look {
        &self.look
    }

    /// Takes in a history, whole or as far as it has been read.
    ///
    /// The first part of a file shows everything with the playhead at its end; later parts keep the
    /// place, and what showed everything goes on showing everything.
    pub fn take_history(&mut self, history: Arc<History>, reducer: Arc<dyn Reducer>) {
        let is_new = self.history.is_none();
        let showed_all = self.shows_everything();
        let was_at_end = self
            .history
            .as_ref()
            .is_some_and(|old| old.log.last() == Some(self.look.playhead));
        self.generation = self.next_number();
        self.states = self.generation;
        self.folder = Some(Arc::new(Folder::new(
            Arc::clone(&history),
            Arc::clone(&reducer),
        )));
        self.reducer = reducer;
        let last = history.log.last().unwrap_or_default();
        self.history = Some(history);
        if is_new {
            self.answers = Answers::default();
            self.look = Look {
                zone: self.look.zone,
                ..Look::default()
            };
            if self.full_time_span().is_none() {
                self.look.axis = Axis::Sequence;
            }
        }
        if is_new || was_at_end {
            self.look.playhead = last;
        }
        if is_new || showed_all {
            self.show_everything();
        }
        if is_new {
            self.moves = Trail::new(self.look.clone());
            self.places = Trail::new(self.look.clone());
        }
        self.follow_branch();
    }

    /// Closes what is open.
    pub fn close(&mut self) {
        self.history = None;
        self.opening = None;
        self.folder = None;
        self.table = None;
        self.is_playing = false;
        self.generation = self.next_number();
        self.states = self.generation;
        self.answers = Answers::default();
        self.look = Look {
            zone: self.look.zone,
            ..Look::default()
        };
    }

    /// Changes where we look, as one step that undo takes back; steps about one thing in quick
    /// succession run together.
    pub fn change(&mut self, about: &'static str, now: Duration, change: impl FnOnce(&mut Look)) {
        let mut look = self.look.clone();
        change(&mut look);
        if look.selection.stream != self.look.selection.stream
            || look.stream_axis != self.look.stream_axis
        {
            // What was visible of another stream says nothing of this one.
            look.stream_span = None;
        }
        self.follow(&mut look);
        self.keep_within(&mut look);
        let is_a_visit =
            look.view != self.look.view || look.selection.stream != self.look.selection.stream;
        self.moves.step(look.clone(), about, now);
        if is_a_visit || about == "jump" {
            self.places.step(look.clone(), about, now);
        }
        self.look = look;
        self.follow_branch();
    }

    /// Changes where we look without a step, before the user has taken any.
    pub(super) fn change_unnoticed(&mut self, change: impl FnOnce(&mut Look)) {
        change(&mut self.look);
        self.moves = Trail::new(self.look.clone());
        self.places = Trail::new(self.look.clone());
    }

    /// Takes the last step back.
    pub fn undo(&mut self) {
        if let Some(look) = self.moves.back() {
            self.look = look.clone();
            self.follow_branch();
        }
    }

    /// Makes it again.
    pub fn redo(&mut self) {
        if let Some(look) = self.moves.forward() {
            self.look = look.clone();
            self.follow_branch();
        }
    }

    /// To the place visited before.
    pub fn back(&mut self) {
        if let Some(look) = self.places.back().cloned() {
            self.visit(look);
        }
    }

    /// To the place visited after.
    pub fn forward(&mut self) {
        if let Some(look) = self.places.forward().cloned() {
            self.visit(look);
        }
    }

    /// Looks as it was looked at another place: going somewhere takes no change of a branch back.
    fn visit(&mut self, look: Look) {
        self.look = Look {
            branch: self.look.branch.take(),
            shows_base: self.look.shows_base,
            ..look
        };
    }

    /// Whether there is a place to go back to, and one to go forward to.
    pub fn can_go(&self) -> (bool, bool) {
        (self.places.can_go_back(), self.places.can_go_forward())
    }

    /// The stretch of all times, a little wider than they are; `None` where there is no time.
    pub fn full_time_span(&self) -> Option<Span> {
        let (first, last) = self.history.as_ref()?.log.time_range()?;
        let margin = (last.0.saturating_sub(first.0) / 100).max(1_000_000);
        Some(Span {
            from: first.0.saturating_sub(margin),
            to: last.0.saturating_add(margin),
        })
    }

    /// The stretch of all positions.
    pub fn full_sequence_span(&self) -> Option<Span> {
        let n_events = i64::try_from(self.history.as_ref()?.log.len()).ok()?;
        Some(Span {
            from: 0,
            to: n_events.max(8),
        })
    }

    fn shows_everything(&self) -> bool {
        self.full_time_span()
            .is_none_or(|span| span == self.look.time_span)
            && self
                .full_sequence_span()
                .is_none_or(|span| span == self.look.sequence_span)
    }

    fn show_everything(&mut self) {
        if let Some(span) = self.full_time_span() {
            self.look.time_span = span;
        }
        if let Some(span) = self.full_sequence_span() {
            self.look.sequence_span = span;
        }
    }

    /// Keeps playhead and spans inside the history.
    fn keep_within(&self, look: &mut Look) {
        let Some(history) = &self.history else { return };
        let last = history.log.last().unwrap_or_default();
        look.playhead = look.playhead.min(last);
        for mark in [&mut look.marker_a, &mut look.marker_b] {
            *mark = mark.map(|mark| mark.within(last));
        }
        if let Some(full) = self.full_time_span() {
            look.time_span = look.time_span.within(full, 1000);
        }
        if let Some(full) = self.full_sequence_span() {
            look.sequence_span = look.sequence_span.within(full, 8);
        }
        look.bookmarks
            .retain(|bookmark| bookmark.position.index() < history.log.len());
    }

    /// The stream whose state is shown: the selected one, else that of the event at the playhead.
    pub fn stream_shown(&self) -> Option<StreamId> {
        let history = self
            .history
            .as_ref()
            .filter(|history| !history.log.is_empty())?;
        Some(
            self.look
                .selection
                .stream
                .unwrap_or_else(|| history.log.stream(self.look.playhead)),
        )
    }

    /// The key of the state shown; `None` where its stream has no event by then.
    pub fn state_key(&self) -> Option<StateKey> {
        let stream = self.stream_shown()?;
        let rank = self
            .history
            .as_ref()?
            .log
            .rank_at(stream, self.look.playhead)?;
        Some(StateKey {
            generation: self.states,
            stream,
            rank,
        })
    }

    /// The key of the event at the playhead.
    pub fn event_key(&self) -> Option<EventKey> {
        let history = self
            .history
            .as_ref()
            .filter(|history| !history.log.is_empty())?;
        let position = self.look.playhead.min(history.log.last()?);
        Some(EventKey {
            generation: self.generation,
            position,
        })
    }

    /// The key of the series plotted.
    pub fn series_key(&self) -> Option<SeriesKey> {
        let field = self.look.field.clone()?;
        Some(SeriesKey {
            generation: self.states,
            stream: field.stream,
            path: field.path,
            axis: self.look.axis,
        })
    }

    /// Chooses a field to be plotted where the user has chosen none: no step that undo takes back.
    pub fn suggest_field(&mut self, choice: FieldChoice) {
        self.look.field.get_or_insert(choice);
    }

    /// Shows times in this zone from the start: no step that undo takes back.
    pub fn start_in(&mut self, zone: Zone) {
        self.look.zone = zone;
    }

    /// Shows a message.
    pub fn say(
        &mut self,
        text: impl Into<String>,
        is_error: bool,
        now: Duration,
        offer: Option<(String, super::Action)>,
    ) {
        self.next_message += 1;
        self.messages.push(Message {
            id: self.next_message,
            text: text.into(),
            is_error,
            since: now,
            offer,
        });
    }
}
