//! Following a file that another program goes on writing: how that stands, and a history that has grown.

use std::sync::Arc;

use super::look::Span;
use super::workbench::Workbench;
use crate::fold::Folder;
use crate::history::History;

/// What a look at a file that is followed has brought.
#[derive(Clone, Debug, Default)]
pub struct FollowNews {
    /// How many events have come that the history does not have.
    pub n_waiting: usize,
    /// The history with all that has come, where it was to be taken.
    pub history: Option<Arc<History>>,
    /// Whether somebody writes without a pause in which it could be read.
    pub is_busy: bool,
}

/// Whether the file is followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Live {
    /// It is not.
    #[default]
    Off,
    /// It is: what comes is shown as it comes while the playhead stands at the end; else so many events
    /// wait, and the view stays where it is.
    On {
        /// How many events wait.
        n_waiting: usize,
        /// Whether somebody writes without a pause.
        is_busy: bool,
    },
    /// It was, and cannot be any longer; the sentence says why.
    Ended(String),
}

impl Live {
    /// Whether the file is followed.
    pub fn is_on(&self) -> bool {
        matches!(self, Self::On { .. })
    }
}

impl Workbench {
    /// Whether the playhead stands at the last event, so that what comes is shown as it comes.
    pub fn is_at_end(&self) -> bool {
        let last = self.history.as_ref().and_then(|history| history.log.last());
        last.is_none_or(|last| self.look().playhead >= last)
    }

    /// Takes in the history with events that have come at its end. The playhead moves along where it
    /// stood at the end, and so does the view where it showed the end; states that are known stay known.
    pub fn grow_history(&mut self, history: Arc<History>) {
        let Some(before) = self.history.clone() else {
            return;
        };
        let was_at_end = self.is_at_end();
        let spans = (self.full_time_span(), self.full_sequence_span());
        self.generation = self.next_number();
        self.states = self.generation;
        let folder = match self.base_folder() {
            Some(folder) => folder.grown(Arc::clone(&history)),
            None => Folder::new(Arc::clone(&history), Arc::clone(&self.reducer)),
        };
        self.folder = Some(Arc::new(folder));
        debug_assert!(before.log.len() <= history.log.len(), "it only grows");
        let last = history.log.last().unwrap_or_default();
        self.history = Some(history);
        if was_at_end {
            let now = (self.full_time_span(), self.full_sequence_span());
            let look = self.look_mut();
            look.playhead = last;
            if let (Some(before), Some(now)) = (spans.0, now.0) {
                look.time_span = moved(look.time_span, before, now);
            }
            if let (Some(before), Some(now)) = (spans.1, now.1) {
                look.sequence_span = moved(look.sequence_span, before, now);
            }
        }
        self.follow_branch();
    }
}

/// A span that showed the end shows it still: all where it showed all, else as much as before.
fn moved(span: Span, before: Span, now: Span) -> Span {
    if span == before {
        return now;
    }
    if span.to < before.to {
        return span;
    }
    let by = now.to.saturating_sub(before.to);
    Span {
        from: span.from.saturating_add(by),
        to: span.to.saturating_add(by),
    }
}
