//! The workbench: the history that is open, where we look, and the answers so far.
//!
//! It changes only through its methods; it starts no work. `app` compares the keys of its answers
//! with what is shown and asks for what is stale.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::event::{Position, StreamId, Timestamp, Zone};
use crate::fold::{Folder, Reducer};
use crate::history::{Axis, Clock, History};

use super::action::InspectorTab;
use super::answers::{Answers, EventKey, SeriesKey, StateKey};
use super::as_of::GatheredTable;
use super::auditing::Auditing;
use super::live::Live;
use super::look::{FieldChoice, Look, Span, Speed};
use super::mapping::Mapping;
use super::projecting::Projecting;
use super::reducing::Reducing;
use super::reporting::Reporting;
use super::undo::{Gesture, Trail};

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
    /// Projections and what is plotted.
    pub projecting: Projecting,
    /// The report that is composed.
    pub reporting: Reporting,
    /// Whether the file is followed.
    pub live: Live,
    /// What the Audit view works on.
    pub auditing: Auditing,
    /// Messages, oldest first.
    pub messages: Vec<Message>,
    /// Whether the playhead runs by itself.
    pub is_playing: bool,
    /// The two events between which playing passes over a time without events.
    pub idle_skipped: Option<(Position, Position)>,
    /// How fast it does.
    pub speed: Speed,
    /// The generation of a large history whose metadata are to be counted.
    pub wants_facets: Option<u64>,
    /// The event id that is looked for, or its beginning.
    pub wants_id: Option<String>,
    /// The generation of a large history whose causes were asked for.
    pub wants_causes: Option<u64>,
    look: Look,
    moves: Trail<Look>,
    places: Trail<Look>,
    /// The tabs of the inspector that are on screen; several where some have tiles of their own.
    pub apart: Vec<InspectorTab>,
    /// Which press of the pointer changes belong to.
    pub gesture: Gesture,
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
            projecting: Projecting::default(),
            reporting: Reporting::default(),
            live: Live::Off,
            auditing: Auditing::default(),
            messages: Vec::new(),
            is_playing: false,
            speed: Speed::Events(10),
            wants_causes: None,
            wants_facets: None,
            wants_id: None,
            idle_skipped: None,
            look: Look::default(),
            moves: Trail::new(Look::default()),
            places: Trail::new(Look::default()),
            apart: Vec::new(),
            gesture: Gesture::default(),
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

    /// Where we look, to be moved along with a history that grows.
    pub(super) fn look_mut(&mut self) -> &mut Look {
        &mut self.look
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
            self.forget_report();
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
        self.live = Live::Off;
        self.is_playing = false;
        self.generation = self.next_number();
        self.states = self.generation;
        self.answers = Answers::default();
        self.projecting = Projecting::default();
        self.forget_report();
        self.auditing = Auditing::default();
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
            || look.clock != self.look.clock
        {
            // What was visible of another stream says nothing of this one.
            look.stream_span = None;
        }
        self.follow(&mut look);
        self.keep_within(&mut look);
        let is_a_visit =
            look.view != self.look.view || look.selection.stream != self.look.selection.stream;
        self.moves.step(look.clone(), about, now, self.gesture);
        if is_a_visit || about == "jump" {
            self.places.step(look.clone(), about, now, self.gesture);
        }
        self.look = look;
        self.follow_branch();
    }

    /// Looks as it was looked another day: no step that undo takes back.
    pub fn restore(&mut self, change: impl FnOnce(&mut Look)) {
        let mut look = self.look.clone();
        change(&mut look);
        // The clock is that of the history and says nothing of what was visible.
        self.look.clock = look.clock;
        self.keep_within(&mut look);
        self.look = look;
        self.moves = Trail::new(self.look.clone());
        self.places = Trail::new(self.look.clone());
        self.follow_branch();
    }

    /// Whether the user has moved or changed anything since the history was opened.
    pub fn has_moved(&self) -> bool {
        self.moves.can_go_back()
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
    pub fn back(&mut self, now: Duration) {
        if let Some(look) = self.places.back().cloned() {
            self.visit(look, now);
        }
    }

    /// To the place visited after.
    pub fn forward(&mut self, now: Duration) {
        if let Some(look) = self.places.forward().cloned() {
            self.visit(look, now);
        }
    }

    /// Goes to a place as it was looked at: what was noted, filtered, marked or tried out since stays.
    /// Going there is a move that undo takes back.
    fn visit(&mut self, place: Look, now: Duration) {
        self.look = Look {
            playhead: place.playhead,
            selection: place.selection,
            axis: place.axis,
            clock: place.clock,
            time_span: place.time_span,
            sequence_span: place.sequence_span,
            open_categories: place.open_categories,
            view: place.view,
            inspector: place.inspector,
            timeline: place.timeline,
            stream_axis: place.stream_axis,
            stream_span: place.stream_span,
            causes: place.causes,
            graph: place.graph,
            ..self.look.clone()
        };
        self.moves
            .step(self.look.clone(), "visit", now, self.gesture);
    }

    /// Whether there is a place to go back to, and one to go forward to.
    pub fn can_go(&self) -> (bool, bool) {
        (self.places.can_go_back(), self.places.can_go_forward())
    }

    /// The stretch of all times, a little wider than they are; `None` where there is no time.
    pub fn full_time_span(&self) -> Option<Span> {
        let log = &self.history.as_ref()?.log;
        let (first, last) = log.by(self.look.clock).range()?;
        Some(with_margin(first, last))
    }

    /// Whether events say when they occurred, beside when they were recorded.
    pub fn has_occurred(&self) -> bool {
        let history = self.history.as_ref();
        history.is_some_and(|history| history.log.has_occurred())
    }

    /// Lets time mean one of an event's two times, and shows all of it.
    pub fn show_clock(&mut self, clock: Clock, now: Duration) {
        let range = self.history.as_ref();
        let range = range.and_then(|history| history.log.by(clock).range());
        let span = range.map(|(first, last)| with_margin(first, last));
        self.change("axis", now, |look| {
            if look.clock != clock {
                look.clock = clock;
                look.time_span = span.unwrap_or(look.time_span);
            }
        });
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
        if let Some(full) = self
            .full_time_span()
            .filter(|_| look.clock == self.look.clock)
        {
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
        let text = text.into();
        // What is said once more takes the place of what was said before.
        self.messages.retain(|message| message.text != text);
        self.next_message += 1;
        self.messages.push(Message {
            id: self.next_message,
            text,
            is_error,
            since: now,
            offer,
        });
    }
}

/// A stretch of time, a little wider than it is.
fn with_margin(first: Timestamp, last: Timestamp) -> Span {
    let margin = (last.0.saturating_sub(first.0) / 100).max(1_000_000);
    Span {
        from: first.0.saturating_sub(margin),
        to: last.0.saturating_add(margin),
    }
}
