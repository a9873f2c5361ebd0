//! Time travel: opening a stream's own timeline, pinning fields, bookmarks, and the chain of causes.

use crate::event::StreamId;
use crate::event::json::JsonPath;
use crate::workbench::{CausesTab, InspectorTab, SidebarTab, ViewKind};

use super::app::App;

impl App {
    /// Shows the timeline of a stream, with its state.
    pub(super) fn open_stream(&mut self, stream: StreamId) {
        self.workbench.open_stream(stream, self.now);
        self.workbench
            .change("open", self.now, |look| look.view = ViewKind::Explore);
        self.show_inspector(InspectorTab::State);
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
            Some(stream) => self
                .workbench
                .travel_to(bookmark.position, stream, self.now),
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
}
