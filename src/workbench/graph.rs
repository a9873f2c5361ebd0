//! The undertaking that is shown as a graph, and where in it the playhead stands.

use std::sync::Arc;
use std::time::Duration;

use crate::event::Position;
use crate::history::CauseGraph;

use super::action::ViewKind;
use super::workbench::Workbench;

/// Of which event the undertaking is asked for as a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GraphKey {
    /// Of which history.
    pub generation: u64,
    /// Where the event stands.
    pub position: Position,
}

/// An undertaking as a graph, or the sentence that says why not.
pub type GraphAnswer = Result<Arc<CauseGraph>, String>;

impl Workbench {
    /// Whether the graph is the view that is shown.
    pub fn shows_graph(&self) -> bool {
        self.look().view == ViewKind::Graph
    }

    /// The key of the graph; `None` where there is no event.
    pub fn graph_key(&self) -> Option<GraphKey> {
        let last = self.history.as_ref()?.log.last()?;
        Some(GraphKey {
            generation: self.generation,
            position: self.shown_of().min(last),
        })
    }

    /// The event whose undertaking is shown.
    fn shown_of(&self) -> Position {
        let look = self.look();
        look.graph.unwrap_or(look.playhead)
    }

    /// The graph, where it is known.
    pub fn graph_here(&self) -> Option<&Arc<CauseGraph>> {
        let answer = self.answers.travel.graph.for_key(&self.graph_key()?);
        answer.fresh()?.as_ref().ok()
    }

    /// Shows the undertaking of the event at a position as a graph, with the playhead on it. The graph
    /// that is known stays where it holds the event.
    pub fn show_graph_of(&mut self, position: Position, now: Duration) {
        let Some(history) = &self.history else { return };
        let Some(last) = history.log.last() else {
            return;
        };
        let position = position.min(last);
        let stream = history.log.stream(position);
        let known = self.graph_here().and_then(|graph| graph.node_of(position));
        let keeps = known.is_some();
        self.change("jump", now, |look| {
            if !keeps || look.graph.is_none() {
                look.graph = Some(position);
            }
            if look.playhead != position {
                look.playhead = position;
                look.selection.stream = Some(stream);
            }
            look.view = ViewKind::Graph;
        });
    }

    /// Shows a view; the graph is that of the event at the playhead where none was shown before.
    pub fn show_view(&mut self, view: ViewKind, now: Duration) {
        self.change("view", now, |look| {
            look.view = view;
            if view == ViewKind::Graph {
                look.graph.get_or_insert(look.playhead);
            }
        });
    }
}
