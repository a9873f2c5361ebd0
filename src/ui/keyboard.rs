//! The keyboard of the window: which tile has it, how it goes from one to the next, and what it asks.

use egui::{Context, Id, Key, Modifiers};

use super::layout::Pane;
use super::panels::typed_slash;
use super::shell::keymap::Keymap;
use super::shell::keys::{self, Obstacles};
use super::shell::{status_bar, top_bar};
use super::tiles;
use super::window::{Over, Window};
use crate::workbench::{Action, CausesTab, InspectorTab, Look, SidebarTab, Workbench};

impl Window {
    /// The actions that the keys of this frame ask for.
    pub fn keys(&mut self, ctx: &Context, workbench: &Workbench, keymap: &Keymap) -> Vec<Action> {
        self.note_tab(ctx);
        let text = ctx.text_edit_focused();
        let control = self.by_tab && ctx.memory(|memory| memory.focused().is_some());
        let dialog = self.over.is_some() || workbench.mapping.is_some();
        if !dialog && workbench.history.is_some() {
            if !text && self.keyboard_pane(ctx) == Some(Pane::Events) && typed_slash(ctx) {
                self.ask_filter();
            }
            if !text && self.keyboard_pane(ctx).is_some() {
                self.note_shift_enter(ctx);
            }
            self.walk_panes(ctx);
            if let Some(action) = self.next_tab(ctx, workbench.look()) {
                return vec![action];
            }
        }
        if self.has_overlay && !dialog && !text && ctx.input(|input| input.key_pressed(Key::Escape))
        {
            self.has_overlay = false;
        }
        if !dialog
            && !text
            && workbench.look().selection.chosen.is_some()
            && ctx.input(|input| input.key_pressed(Key::Escape))
        {
            return vec![Action::ClearChosen];
        }
        if let Some(Over::Settings(settings)) = &self.over
            && settings.awaits_key()
        {
            return Vec::new();
        }
        keys::actions(
            ctx,
            keymap,
            Obstacles {
                dialog,
                text,
                control,
            },
        )
    }

    fn note_tab(&mut self, ctx: &Context) {
        ctx.input(|input| {
            if input.key_pressed(Key::Tab) {
                self.by_tab = true;
            }
            if input.pointer.any_pressed() || input.key_pressed(Key::F6) {
                self.by_tab = false;
            }
        });
    }

    /// F6 gives the keyboard to the next pane, with Shift to the one before.
    fn walk_panes(&self, ctx: &Context) {
        let by = ctx.input(
            |input| match (input.key_pressed(Key::F6), input.modifiers.shift) {
                (false, _) => 0,
                (true, false) => 1,
                (true, true) => -1,
            },
        );
        if by == 0 {
            return;
        }
        let stops: Vec<Id> = std::iter::once(top_bar::focus())
            .chain(self.places.iter().map(|(pane, _)| tiles::pane_focus(*pane)))
            .chain([status_bar::focus()])
            .collect();
        let here = self.keyboard_stop(ctx, &stops);
        let n_stops = stops.len();
        let next = match here {
            None if by > 0 => 0,
            None => n_stops - 1,
            Some(at) => at.checked_add_signed(by).unwrap_or(n_stops - 1) % n_stops,
        };
        if let Some(stop) = stops.get(next) {
            ctx.memory_mut(|memory| memory.request_focus(*stop));
        }
    }

    fn keyboard_stop(&self, ctx: &Context, stops: &[Id]) -> Option<usize> {
        let focused = ctx.memory(|memory| memory.focused())?;
        let direct = stops.iter().position(|stop| *stop == focused);
        direct.or_else(|| {
            let pane = self.keyboard_pane(ctx)?;
            stops
                .iter()
                .position(|stop| *stop == tiles::pane_focus(pane))
        })
    }

    /// The pane in which something has the keyboard.
    pub(super) fn keyboard_pane(&self, ctx: &Context) -> Option<Pane> {
        let focused = ctx.memory(|memory| memory.focused())?;
        let place = ctx.read_response(focused)?.rect.center();
        self.places
            .iter()
            .find(|(_, rect)| rect.contains(place))
            .map(|(pane, _)| *pane)
    }

    /// Ctrl+Tab shows the next tab of the tile that has the keyboard, of the inspector where none has.
    fn next_tab(&mut self, ctx: &Context, look: &Look) -> Option<Action> {
        if !ctx.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Tab)) {
            return None;
        }
        match self.keyboard_pane(ctx) {
            Some(Pane::Streams) => Some(Action::ShowSidebar(SidebarTab::Bookmarks)),
            Some(Pane::Bookmarks) => Some(Action::ShowSidebar(SidebarTab::Streams)),
            Some(Pane::Causation) => Some(Action::SetCauses(Some(CausesTab::Correlation))),
            Some(Pane::Correlation) => Some(Action::SetCauses(Some(CausesTab::Chain))),
            Some(Pane::StreamTimeline) => Some(Action::ShowAllLanes),
            Some(Pane::Timeline) => Some(Action::ShowStatistics),
            Some(Pane::Statistics) => {
                let stream = look.selection.stream;
                Some(stream.map_or(Action::ShowAllLanes, Action::OpenStream))
            }
            Some(Pane::Events | Pane::AsOf | Pane::RollForward) => {
                self.layout.next_of_events();
                None
            }
            _ => Some(Action::ShowInspector(match look.inspector {
                InspectorTab::State => InspectorTab::Event,
                InspectorTab::Event => InspectorTab::Diff,
                InspectorTab::Diff => InspectorTab::History,
                InspectorTab::History => InspectorTab::State,
            })),
        }
    }
}
