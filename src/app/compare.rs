//! Markers, comparing and blame: what their actions do.

use std::sync::Arc;

use crate::event::json::JsonPath;
use crate::event::{Position, StreamId};
use crate::fold::{FieldStep, StateTable};
use crate::job::Job;
use crate::workbench::{
    Action, EventsAnswer, EventsKey, FieldAnswer, FieldKey, InspectorTab, Look, Mark, NotKnown,
    RollKey, TableAnswer, TableAsk, ViewKind,
};

use super::app::App;

impl App {
    /// The actions that mark, compare and ask who set a field.
    pub(super) fn apply_compare(&mut self, action: Action) {
        match action {
            Action::SelectField(field) => {
                self.look_so("field", |look| look.selection.field = field);
            }
            Action::SetMarkerA => {
                self.look_so("marker", |look| {
                    look.mark_a(Some(Mark::moment(look.playhead)));
                });
            }
            Action::SetMarkerB => {
                self.look_so("marker", |look| {
                    look.mark_b(Some(Mark::moment(look.playhead)));
                });
            }
            Action::MarkA(mark) => self.look_so("marker", |look| look.mark_a(mark)),
            Action::MarkB(mark) => self.look_so("marker", |look| look.mark_b(mark)),
            Action::ClearMarkers => self.look_so("marker", |look| {
                look.mark_a(None);
                look.mark_b(None);
            }),
            Action::CompareWith(stream) => self.compare_with(stream),
            Action::AskCompare => self.window.ask_compare(),
            Action::CompareEvents => self.compare_events(),
            Action::CompareEvent(old, new) => self.show_events(old, new),
            Action::GoToMarkerA => self.go_to_mark("A", self.workbench.look().marker_a),
            Action::GoToMarkerB => self.go_to_mark("B", self.workbench.look().marker_b),
            Action::SetCompare(with) => self.look_so("compare", |look| look.compare = with),
            Action::ToggleBlame => self.look_so("compare", |look| look.blame = !look.blame),
            Action::ToggleChangedOnly => {
                self.look_so("compare", |look| look.changed_only = !look.changed_only);
            }
            Action::AskTable(ask) => self.ask_table(*ask),
            Action::AskRollForward(key) => self.ask_roll_forward(*key),
            Action::ShowDiff => self.show_diff(),
            Action::ShowReducer(is_shown) => self.show_reducer(is_shown),
            Action::EditReducer(edit) => self.edit_reducer(*edit),
            Action::ShowFieldHistory => self.show_field_history(),
            Action::GoToSetter(path) => self.go_to_setter(&path, false),
            Action::GoToSetterBefore(path) => self.go_to_setter(&path, true),
            other => self.apply_branch(other),
        }
    }

    fn look_so(&mut self, about: &'static str, change: impl FnOnce(&mut Look)) {
        self.workbench.change(about, self.now, change);
    }

    /// To the end of a marked period, which is where its state stands.
    fn go_to_mark(&mut self, name: &str, mark: Option<Mark>) {
        match mark {
            Some(mark) => self.workbench.move_to(mark.to, self.now),
            None => self.say(format!("There is no marker {name}; {name} sets it")),
        }
    }

    /// Marks the state shown as A and that of another stream as B: at the playhead, or where that stream
    /// ends if it has not begun by then.
    fn compare_with(&mut self, other: StreamId) {
        let (Some(stream), Some(history)) =
            (self.workbench.stream_shown(), &self.workbench.history)
        else {
            return;
        };
        let log = &history.log;
        let events = log.events_of(other);
        let playhead = self.workbench.look().playhead;
        let has_begun = events.first().is_some_and(|first| *first <= playhead.0);
        let last = events.last().copied().map_or(playhead, Position);
        let there = if has_begun { playhead } else { last };
        if stream == other {
            return self.say("That is the stream shown: choose another one");
        }
        self.look_so("marker", |look| {
            look.marker_a = Some(Mark::moment(playhead));
            look.marker_b = Some(Mark::moment(there));
            look.marker_streams = [Some(stream), Some(other)];
            look.compared_events = None;
        });
        self.show_inspector(InspectorTab::Diff);
    }

    /// Tells the event at the playhead apart from the one at marker A.
    fn compare_events(&mut self) {
        let look = self.workbench.look();
        match look.marker_a {
            Some(mark) => self.show_events(mark.to, look.playhead),
            None => self.say("No event is marked: A marks the one at the playhead"),
        }
    }

    fn show_events(&mut self, old: Position, new: Position) {
        self.look_so("compare", |look| look.compared_events = Some((old, new)));
        self.show_inspector(InspectorTab::Diff);
    }

    fn show_diff(&mut self) {
        if self.toggle_overlay() {
            return;
        }
        self.look_so("compare", |look| look.compared_events = None);
        self.show_inspector(InspectorTab::Diff);
    }

    fn show_field_history(&mut self) {
        self.show_inspector(InspectorTab::History);
    }

    /// To the event that set a field; once it is known who that is.
    fn go_to_setter(&mut self, path: &JsonPath, before: bool) {
        match self.workbench.setter(path, before) {
            Err(NotKnown) => self.setter_wanted = Some((path.clone(), before)),
            Ok(Some(position)) => self.workbench.move_to(position, self.now),
            Ok(None) if before => self.say(format!("No event set {path} before that one")),
            Ok(None) => self.say(format!("No event set {path}")),
        }
    }

    /// Goes where the user wanted to be as soon as that was known.
    pub(super) fn go_to_wanted_setter(&mut self) {
        let Some((path, before)) = self.setter_wanted.take() else {
            return;
        };
        if self.workbench.leaves().is_some() {
            self.go_to_setter(&path, before);
        } else {
            self.say(format!("Who set {path} is not known"));
        }
    }

    /// Asks for rows of the as-of table. While its states are being gathered nothing else is asked, or
    /// moving the playhead would begin that again and again.
    fn ask_table(&mut self, ask: TableAsk) {
        let Some(folder) = self.workbench.folder.clone() else {
            return;
        };
        let gathered = self.workbench.gathered(&ask.key);
        if gathered.is_none() && self.gathering.as_ref() == Some(&ask.key) {
            return;
        }
        self.gathering = gathered.is_none().then(|| ask.key.clone());
        self.workbench.answers.table.ask(ask.clone());
        let job = Job::Table(Box::new(ask), folder, gathered);
        self.request(job, "the table stands at another point");
    }

    /// Rolls a number forward.
    fn ask_roll_forward(&mut self, key: RollKey) {
        let Some(folder) = self.workbench.folder.clone() else {
            return;
        };
        self.workbench.answers.rolled.ask(key.clone());
        let job = Job::RollForward(Box::new(key), folder);
        self.request(job, "a number is rolled forward");
    }

    /// Takes rows of the as-of table in.
    pub(super) fn take_table(
        &mut self,
        ask: TableAsk,
        table: Result<(Arc<StateTable>, TableAnswer), String>,
    ) {
        if self.gathering.as_ref() == Some(&ask.key) {
            self.gathering = None;
        }
        if ask.key.generation != self.workbench.states() {
            return;
        }
        let rows = table.map(|(states, rows)| {
            self.workbench.table = Some((ask.key.clone(), states));
            rows
        });
        self.workbench.answers.table.set(ask, rows);
    }

    /// Takes in what a field was in a branch, and in the history as recorded.
    pub(super) fn take_beside(&mut self, key: FieldKey, own: Vec<FieldStep>, base: Vec<FieldStep>) {
        if key.generation == self.workbench.states() {
            let answers = &mut self.workbench.answers;
            answers.base_field.set(key.clone(), base);
            answers.field.set(key, Ok(own));
        }
    }

    /// Takes in what a field was.
    pub(super) fn take_field(&mut self, key: FieldKey, field: FieldAnswer) {
        if key.generation == self.workbench.states() {
            self.workbench.answers.field.set(key, field);
        }
    }

    /// Takes in what two events say otherwise.
    pub(super) fn take_events(&mut self, key: EventsKey, events: EventsAnswer) {
        if key.generation == self.workbench.generation {
            self.workbench.answers.events.set(key, events);
        }
    }

    /// Asks for who set what, what differs and what a field was, where that is shown.
    pub(super) fn request_compared(&mut self) {
        let Some(folder) = self.workbench.folder.clone() else {
            return;
        };
        let look = self.workbench.look();
        let is_shown = matches!(look.view, ViewKind::Explore | ViewKind::Graph);
        let wants_leaves = is_shown && look.blame && self.workbench.inspects(InspectorTab::State);
        if let Some(key) = self.workbench.leaves_key()
            && (wants_leaves || self.setter_wanted.is_some())
            && self.workbench.answers.leaves.is_wanted(&key)
        {
            self.workbench.answers.leaves.ask(key);
            self.request(
                Job::Leaves(key, Arc::clone(&folder)),
                "another stream is shown",
            );
        }
        if let Some(key) = self.workbench.diff_key().filter(|_| is_shown)
            && self.workbench.answers.diff.is_wanted(&key)
        {
            self.workbench.answers.diff.ask(key);
            self.request(
                Job::Diff(key, Arc::clone(&folder)),
                "other points are compared",
            );
        }
        let events = self.workbench.events_key();
        if let Some(key) = events.filter(|_| is_shown)
            && self.workbench.answers.events.is_wanted(&key)
        {
            self.workbench.answers.events.ask(key);
            let job = Job::Events(key, Arc::clone(folder.history()));
            self.request(job, "two events are compared");
        }
        if let Some(key) = self.workbench.field_key().filter(|_| is_shown)
            && self.workbench.answers.field.is_wanted(&key)
        {
            self.workbench.answers.field.ask(key.clone());
            self.request(Job::Field(key, folder), "another field is chosen");
        }
    }
}
