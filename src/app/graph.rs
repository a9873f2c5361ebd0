//! The graph of an undertaking: asking for it, and going along its steps.

use std::sync::Arc;

use crate::history::{CauseIndex, History};
use crate::job::Job;

use super::app::App;
use super::travel::Toward;

impl App {
    /// Asks for the graph that is shown, where it is not known.
    pub(super) fn request_graph(&mut self, history: Arc<History>, index: Arc<CauseIndex>) {
        let Some(key) = self.workbench.graph_key() else {
            return;
        };
        let graph = &mut self.workbench.answers.travel.graph;
        if graph.is_wanted(&key) {
            graph.ask(key);
            self.request(Job::Graph(key, history, index), "another graph is shown");
        }
    }

    /// Goes to the cause of the event at the playhead, or to its first effect, in the graph shown.
    pub(super) fn go_along_graph(&mut self, toward: Toward) {
        let Some(graph) = self.workbench.graph_here() else {
            self.say("The graph is not known yet");
            return;
        };
        let Some(node) = graph.node_of(self.workbench.look().playhead) else {
            self.say("The event at the playhead is not in this graph: C shows its own");
            return;
        };
        let (next, none) = match toward {
            Toward::Cause => (
                graph.cause(node),
                "No event is known to have caused this one",
            ),
            Toward::Effect => (
                graph.effects(node).first().copied(),
                "No event is known to have been caused by this one",
            ),
        };
        let position = next.and_then(|next| graph.node(next)?.position());
        match position {
            Some(position) => self.go_to_event(position),
            None => self.say(none),
        }
    }

    /// Shows all of the graph.
    pub(super) fn fit_graph(&mut self) {
        self.window.fit_graph();
    }
}
