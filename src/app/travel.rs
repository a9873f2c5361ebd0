//! Time travel: opening a stream's own timeline, pinning fields, bookmarks, and the chain of causes.

use std::sync::Arc;

use crate::event::json::JsonPath;
use crate::event::{Position, StreamId};
use crate::history::{Chain, IdFound, IdIndex};
use crate::job::{Job, Outcome};
use crate::workbench::{CausesTab, EventKey, IdKey, SidebarTab, TimelineMode, ViewKind};

use super::app::App;

/// Along a chain of causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Toward {
    /// To what brought an event about.
    Cause,
    /// To what it brought about.
    Effect,
}

impl App {
    /// Shows the timeline of a stream, with its state.
    pub(super) fn open_stream(&mut self, stream: StreamId) {
        self.workbench.open_stream(stream, self.now);
        self.window.open_inspector();
    }

    /// Shows the timeline of the stream whose state is shown.
    pub(super) fn open_selected(&mut self) {
        if let Some(stream) = self.workbench.stream_shown() {
            self.open_stream(stream);
        }
    }

    /// Pins a field, or says why not.
    pub(super) fn pin_field(&mut self, path: JsonPath) {
        if let Err(why) = self.workbench.pin(path, self.now) {
            self.say(why);
        }
    }

    /// Asks for the name of a bookmark at the playhead.
    pub(super) fn ask_bookmark(&mut self) {
        let here = self.workbench.bookmark_here();
        let known = here.map(|bookmark| bookmark.name.clone());
        if let Some(name) = known.or_else(|| self.workbench.proposed_name()) {
            self.window.ask_bookmark(name);
        }
    }

    /// Goes to a bookmark, and to the stream that was looked at there.
    pub(super) fn go_to_bookmark(&mut self, index: usize) {
        let Some(bookmark) = self.workbench.look().bookmarks.get(index).cloned() else {
            return;
        };
        match bookmark.stream {
            Some(stream) => {
                self.workbench
                    .travel_to((bookmark.position, stream), false, self.now);
            }
            None => self.workbench.jump_to(bookmark.position, None, self.now),
        }
    }

    /// To the next bookmark, or the one before; round the end.
    pub(super) fn step_bookmark(&mut self, by: isize) {
        match self.workbench.next_bookmark(by) {
            Some(index) => self.go_to_bookmark(index),
            None => self.say("There are no bookmarks: M makes one"),
        }
    }

    /// Shows streams or bookmarks.
    pub(super) fn show_sidebar(&mut self, tab: SidebarTab) {
        self.workbench.change("sidebar", self.now, |look| {
            look.sidebar = tab;
            look.view = ViewKind::Explore;
        });
    }

    /// Shows what led to the event at the playhead, or closes the tile that does.
    pub(super) fn set_causes(&mut self, tab: Option<CausesTab>) {
        self.workbench.change("causes", self.now, |look| {
            look.causes = tab;
            look.view = ViewKind::Explore;
        });
    }

    /// Pins the chosen field, or takes its pin off.
    pub(super) fn pin_selected(&mut self) {
        let Some(path) = self.workbench.look().selection.field.clone() else {
            self.say("No field is chosen: click one in the state");
            return;
        };
        if self.workbench.pinned_here().contains(&path) {
            self.workbench.unpin(&path, self.now);
        } else {
            self.pin_field(path);
        }
    }

    /// Goes along the chain of causes; waits for it where it is not known yet.
    pub(super) fn go_to_cause(&mut self, toward: Toward) {
        let Some(key) = self.workbench.event_key() else {
            return;
        };
        self.awaited = None;
        if self.workbench.shows_graph() {
            self.go_along_graph(toward);
        } else if let Some(chain) = self.workbench.chain_here().cloned() {
            self.follow_chain(&chain, toward);
        } else {
            self.set_causes(Some(self.workbench.look().causes.unwrap_or_default()));
            self.awaited = Some((key, toward));
        }
    }

    fn follow_chain(&mut self, chain: &Chain, toward: Toward) {
        let (found, none) = match toward {
            Toward::Cause => (chain.cause(), "No event is known to have caused this one"),
            Toward::Effect => (
                chain.first_effect(),
                "No event is known to have been caused by this one",
            ),
        };
        match found {
            Some(position) => self.go_to_event(position),
            None => self.say(none),
        }
    }

    /// Goes to an event and to its stream as one step, in the timeline of its own where one is shown.
    pub(super) fn go_to_event(&mut self, position: Position) {
        let Some(history) = &self.workbench.history else {
            return;
        };
        let Some(last) = history.log.last() else {
            return;
        };
        let position = position.min(last);
        let stream = history.log.stream(position);
        if self.workbench.shows_graph() {
            self.workbench.jump_to(position, Some(stream), self.now);
            return;
        }
        match self.workbench.look().timeline {
            TimelineMode::Stream => self
                .workbench
                .travel_to((position, stream), false, self.now),
            TimelineMode::AllLanes | TimelineMode::Statistics => {
                self.workbench.jump_to(position, Some(stream), self.now);
            }
        }
    }

    /// Takes in what was found for time travel; answers of another generation are dropped.
    pub(super) fn take_travel(&mut self, outcome: Outcome) {
        let (generation, states) = (self.workbench.generation, self.workbench.states());
        let travel = &mut self.workbench.answers.travel;
        match outcome {
            Outcome::Lanes(key, lanes) if key.generation == states => {
                travel.lanes.set(key, lanes);
            }
            Outcome::Steps(key, lanes) if key.generation == states => {
                travel.steps.set(key, lanes);
            }
            Outcome::Causes(of, index) if of == generation => travel.index.set(of, index),
            Outcome::FoundId(key, found) if key.generation == generation => {
                self.take_id(key, found);
            }
            Outcome::Chain(key, chain) if key.generation == generation => {
                self.take_chain(key, chain);
            }
            Outcome::Undertaking(key, events) if key.generation == generation => {
                travel.undertaking.set(key, events);
            }
            Outcome::Graph(key, graph) if key.generation == generation => {
                travel.graph.set(key, graph);
            }
            Outcome::Related(key, related) if key.generation == generation => {
                travel.related.set(key, related);
            }
            _ => {}
        }
    }

    /// Takes a chain in; goes along it where that was waited for.
    fn take_chain(&mut self, key: EventKey, chain: Result<Chain, String>) {
        if let Some((awaited, toward)) = self.awaited
            && awaited == key
        {
            self.awaited = None;
            if let Ok(chain) = &chain {
                self.follow_chain(chain, toward);
            }
        }
        self.workbench.answers.travel.chain.set(key, chain);
    }

    /// Asks for the event whose id is looked for. While ids are read nothing else is asked, or every
    /// letter typed would begin that again.
    pub(super) fn request_id(&mut self) {
        let bench = &mut self.workbench;
        let (Some(text), Some(history)) = (&bench.wants_id, bench.history.clone()) else {
            return;
        };
        let Some(key) = bench.id_key(text) else {
            return;
        };
        let generation = bench.generation;
        let travel = &mut bench.answers.travel;
        let index = travel.id_index.as_ref();
        let index = index.filter(|(of, _)| *of == generation);
        let index = index.map(|(_, index)| Arc::clone(index));
        if !travel.id.is_wanted(&key) || index.is_none() && travel.id.is_asked() {
            return;
        }
        travel.id.ask(key.clone());
        self.request(Job::FindId(key, history, index), "an id is looked for");
    }

    fn take_id(&mut self, key: IdKey, found: Result<(Arc<IdIndex>, IdFound), String>) {
        let travel = &mut self.workbench.answers.travel;
        let found = found.map(|(index, found)| {
            travel.id_index = Some((key.generation, index));
            found
        });
        let text = key.text.clone();
        travel.id.set(key, found);
        if self.id_awaited.as_ref() == Some(&text) {
            self.id_awaited = None;
            self.go_to(&text);
        }
    }

    /// Asks for all that the panels of time travel show and that is not known.
    pub(super) fn request_travel(&mut self) {
        match self.workbench.look().view {
            ViewKind::Explore => self.request_lanes(),
            ViewKind::Graph => {}
            ViewKind::Projections | ViewKind::Audit | ViewKind::Report => return,
        }
        if self.workbench.shows_causes() && self.workbench.finds_causes() {
            self.request_causes();
        }
    }

    fn request_lanes(&mut self) {
        let bench = &mut self.workbench;
        let Some(folder) = bench.folder.clone() else {
            return;
        };
        let keys = (bench.lanes_key(), bench.steps_key());
        let travel = &mut bench.answers.travel;
        let mut jobs = Vec::new();
        if let Some(key) = keys.0.filter(|key| travel.lanes.is_wanted(key)) {
            travel.lanes.ask(key.clone());
            jobs.push(Job::Lanes(key, Arc::clone(&folder)));
        }
        if let Some(key) = keys.1.filter(|key| travel.steps.is_wanted(key)) {
            travel.steps.ask(key.clone());
            jobs.push(Job::Steps(key, folder));
        }
        for job in jobs {
            self.request(job, "other fields are followed");
        }
    }

    fn request_causes(&mut self) {
        let bench = &mut self.workbench;
        let Some(history) = bench.history.clone() else {
            return;
        };
        let Some(index) = bench.cause_index().cloned() else {
            let generation = bench.generation;
            if bench.answers.travel.index.is_wanted(&generation) {
                bench.answers.travel.index.ask(generation);
                self.request(Job::Causes(generation, history), "causes are shown");
            }
            return;
        };
        if bench.shows_graph() {
            self.request_graph(history, index);
            return;
        }
        let (chain, undertaking) = if bench.look().causes.is_some() {
            (bench.event_key(), bench.undertaking_key())
        } else {
            (None, None)
        };
        let related = bench.related_key();
        let travel = &mut bench.answers.travel;
        let mut jobs = Vec::new();
        if let Some(key) = chain.filter(|key| travel.chain.is_wanted(key)) {
            travel.chain.ask(key);
            jobs.push(Job::Chain(key, Arc::clone(&history), Arc::clone(&index)));
        }
        if let Some(key) = undertaking.filter(|key| travel.undertaking.is_wanted(key)) {
            travel.undertaking.ask(key.clone());
            jobs.push(Job::Undertaking(
                key,
                Arc::clone(&history),
                Arc::clone(&index),
            ));
        }
        if let Some(key) = related.filter(|key| travel.related.is_wanted(key)) {
            travel.related.ask(key);
            jobs.push(Job::Related(key, history, index));
        }
        for job in jobs {
            self.request(job, "the playhead stands elsewhere");
        }
    }
}
